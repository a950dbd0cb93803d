/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many runs a history has by day, week or month, and how they ended: of drills, for example. */
#ifndef RIG_CLI_HISTORY_COUNTS_H
#define RIG_CLI_HISTORY_COUNTS_H

#include "core/status.h"
#include "history/run.h"
#include "history/when.h"

/** How to print. */
typedef enum rig_run_counts_form {
    RIG_RUN_COUNTS_TEXT = 0,
    RIG_RUN_COUNTS_CSV,
    RIG_RUN_COUNTS_JSON
} rig_run_counts_form;

/**
 * Print them on standard output.
 * @param runs  Earliest first.
 * @return RIG_OK, RIG_ENOMEM, or what printing a document returns.
 */
rig_status rig_run_counts_print(const rig_history_runs *runs, rig_history_by by,
                                rig_run_counts_form form, rig_error *err);

#endif
