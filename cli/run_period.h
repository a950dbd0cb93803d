/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a week or a month, from a history. */
#ifndef RIG_CLI_RUN_PERIOD_H
#define RIG_CLI_RUN_PERIOD_H

#include "cli/history_choice.h"
#include "history/when.h"

/**
 * Write it.
 * @param by    RIG_HISTORY_BY_WEEK or RIG_HISTORY_BY_MONTH.
 * @param path  Written atomically; "-": standard output.
 * @return RIG_OK; RIG_EINPUT for a history without such runs; as rig_run_choice_load and
 *         rig_report_period_html; RIG_EIO.
 */
rig_status rig_run_period(const rig_run_choice *choice, rig_history_by by, const char *path,
                          rig_error *err);

#endif
