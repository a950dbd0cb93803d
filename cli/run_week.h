/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page of a week, from a history. */
#ifndef RIG_CLI_RUN_WEEK_H
#define RIG_CLI_RUN_WEEK_H

#include "cli/history_choice.h"

/**
 * Write it.
 * @param path  Written atomically; "-": standard output.
 * @return RIG_OK; RIG_EINPUT for a history without such runs; as rig_run_choice_load and
 *         rig_report_week_html; RIG_EIO.
 */
rig_status rig_run_week(const rig_run_choice *choice, const char *path, rig_error *err);

#endif
