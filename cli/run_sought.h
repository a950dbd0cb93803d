/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run by what people call it: its folder, its id, `last`, `last-passed`. */
#ifndef RIG_CLI_RUN_SOUGHT_H
#define RIG_CLI_RUN_SOUGHT_H

#include "history/calls.h"
#include "history/run.h"

/** One that was found; zeroed: none. */
typedef struct rig_run_found {
    rig_history_run *run;
    rig_history_waits waits; /**< of single calls, where its folder is still there */
} rig_run_found;

/**
 * Find two runs. `last` is the latest one, `last-passed` the latest that passed: of the scenario of
 * the other, and never the other itself.
 * @param history  A file; NULL: that of the working folder. Not opened for folders alone.
 * @param[out] found  To be freed by rig_run_found_clear in every case; zeroed by the caller.
 * @return RIG_OK; RIG_EINPUT for what is no run, or for an id that fits none or several; as
 *         rig_history_open.
 */
rig_status rig_run_sought_pair(const char *history, const char *const names[2],
                               rig_run_found found[2], rig_error *err);

/**
 * The run that another is to be held against.
 * @param name  `last-passed`, or an id.
 * @param scenario  Its name.
 * @param own_id  Of the run that is judged, which is no last-passed of itself; NULL: not known yet.
 * @param[out] found  Without a run where none has passed yet.
 * @return as above.
 */
rig_status rig_run_sought_baseline(const char *history, const char *name, const char *scenario,
                                   const char *own_id, rig_run_found *found, rig_error *err);

/** Free what it holds. */
void rig_run_found_clear(rig_run_found *found);

#endif
