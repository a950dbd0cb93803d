/* SPDX-License-Identifier: GPL-3.0-or-later */
/* callers.csv: a row a person, where callers dial again. */
#ifndef RIG_REPORTS_CALLERS_CSV_H
#define RIG_REPORTS_CALLERS_CSV_H

#include "reports/result.h"

/**
 * Write the callers, in the order of the plan. Columns: `caller`, the planned_index of his first
 * call; `number`; `attempts`, his calls on the wire; `last_planned_index`, of the last of them;
 * `fate`, its outcome (`not_placed` without any); `served` (1: an agent talked with him to the end,
 * or the menu satisfied him); `t_first_s` and `t_end_s`, the first INVITE and the end of the last
 * call, scenario time, empty where not seen; `replayed_attempts` and `replayed_fate`, the same in
 * the replay that result.json's `agreement` is of.
 *
 * @param path  Written atomically.
 * @return RIG_OK, also where nobody redials by the plan: then nothing is written; RIG_EIO naming
 *         the path; RIG_ENOMEM.
 */
rig_status rig_report_callers_csv(const rig_result *result, const char *path, rig_error *err);

#endif
