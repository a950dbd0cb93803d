/* SPDX-License-Identifier: GPL-3.0-or-later */
/* differences.csv: every planned call that ended otherwise than in the replay. */
#ifndef RIG_REPORTS_DIFFERENCES_CSV_H
#define RIG_REPORTS_DIFFERENCES_CSV_H

#include "reports/result.h"

/**
 * Write the calls, in the order of the plan; a file without rows when there is none. Columns:
 * `planned_index`; `t_s`, the planned arrival in scenario time
 * (of a redial the actual one); `replayed` and `observed`, outcomes
 * (the replay that result.json's `agreement` is of; `not_placed` where the call was not on the
 * wire); `stage_replayed` and `stage_observed`, the stage of each where it was lost there, else
 * empty; `late_ms`, the INVITE minus its plan, wire time (empty of redials); `reason` and `call_id`
 * of calls.csv, empty where not on the wire.
 *
 * @param path  Written atomically.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_report_differences_csv(const rig_result *result, const char *path, rig_error *err);

#endif
