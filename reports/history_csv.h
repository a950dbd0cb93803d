/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of a history as a table. */
#ifndef RIG_REPORTS_HISTORY_CSV_H
#define RIG_REPORTS_HISTORY_CSV_H

#include <stdio.h>

#include "history/run.h"

/**
 * Print a row a run: `id`, `start` (UTC), `scenario`, `judgement`, `exit_code`, `stage`, `status`,
 * `seed`, `planned`, `offered`, `lost_trunk` .. `lost_agent` (per call that entered the stage;
 * empty where none did), `connect_rate`, `wait_mean_s` (of calls that an agent answered), `labels`
 * (`a=1; b=2`), `baseline`, `baseline_judgement`, `folder`, `summary`.
 */
void rig_report_history_csv(FILE *out, const rig_history_runs *runs);

/** The labels of a run in one text, "a=1; b=2". @return heap, the caller frees; NULL: out of
 * memory.
 */
char *rig_report_history_labels(const rig_history_run *run);

#endif
