/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of a run that ended otherwise than in the replay, for a person. */
#ifndef RIG_CLI_PRINT_CALLS_H
#define RIG_CLI_PRINT_CALLS_H

#include "cli/run_dir.h"
#include "reports/result.h"

/** How many there are, a table of the earliest ten, and how to see their messages. */
void rig_print_different_calls(const rig_result *result, const rig_run_dir *run);

#endif
