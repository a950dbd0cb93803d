/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that a person reads. */
#ifndef RIG_CLI_PRINT_RESULT_H
#define RIG_CLI_PRINT_RESULT_H

#include "cli/run_dir.h"
#include "models/prediction.h"
#include "reports/result.h"

/** What each stage will lose. */
void rig_print_prediction(const rig_prediction *prediction, const rig_scenario *scenario);

/**
 * A judged run: the stage table, the levels, what failed, the one sentence. No line is wider than a
 * terminal of 80 columns needs, but for Call-IDs and paths.
 * @param run  Where its files are.
 */
void rig_print_result(const rig_result *result, const rig_run_dir *run);

#endif
