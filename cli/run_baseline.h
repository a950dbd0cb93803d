/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run held against an earlier one: --baseline. */
#ifndef RIG_CLI_RUN_BASELINE_H
#define RIG_CLI_RUN_BASELINE_H

#include <jansson.h>

#include "cli/run_history.h"
#include "cli/run_sought.h"
#include "verdict/verdict.h"

/** The earlier run. Zeroed: none was asked for. */
typedef struct rig_run_baseline {
    bool is_asked;
    double margin;       /**< a share */
    rig_run_found found; /**< without a run: none has passed yet */
} rig_run_baseline;

/**
 * Find it, before a call is placed: in the history that --history names, else in the one beside the
 * folder of the run.
 * @param dir  Of the run that is held against it: where it has been played it is no last-passed of
 *             itself.
 * @param[out] baseline  To be freed by rig_run_baseline_clear in every case; zeroed by the caller.
 * @return RIG_OK; RIG_EINPUT for an id that is none, or a run whose load was not valid; as
 *         rig_history_open.
 */
rig_status rig_run_baseline_find_for(const rig_run_history_options *options, const rig_run_dir *dir,
                                     const char *scenario, rig_run_baseline *baseline,
                                     rig_error *err);

/** The same, of the scenario.cfg that is in the folder. */
rig_status rig_run_baseline_find_beside(const rig_run_history_options *options,
                                        const rig_run_dir *dir, rig_run_baseline *baseline,
                                        rig_error *err);

/**
 * Hold a run that was judged against it. A stage's loss or connect_rate that is certain to be worse
 * by more than the margin (rig_history_regressions) makes a FAIL of PASS and INCONCLUSIVE: of the
 * verdict and of its document. The document gets `baseline` in any case that it was asked for.
 * @param document  Of the result, complete.
 */
rig_status rig_run_baseline_apply(const rig_run_baseline *baseline, const rig_run_dir *dir,
                                  json_t *document, rig_verdict *verdict, rig_error *err);

/** Free what it holds. */
void rig_run_baseline_clear(rig_run_baseline *baseline);

#endif
