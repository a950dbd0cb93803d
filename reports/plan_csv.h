/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.csv: a row a combination, all figures. */
#ifndef RIG_REPORTS_PLAN_CSV_H
#define RIG_REPORTS_PLAN_CSV_H

#include <stdio.h>

#include "reports/plan_report.h"

/**
 * Print the table: stamps as "# key: value", a header, then the columns: one an axis, by its key;
 * n_replications; verdict (empty without requirements); for each figure of models/metric.h
 * NAME_mean, NAME_ci_low and _ci_high (of the mean, at the plan's confidence), NAME_low and _high
 * (95 % of single runs). Undefined figures are empty.
 */
void rig_report_plan_csv(const rig_report_plan *report, FILE *out);

/** The same into plan.csv in a folder. @return as rig_atomic_file_commit; RIG_ENOMEM. */
rig_status rig_report_plan_csv_write(const rig_report_plan *report, const char *dir,
                                     rig_error *err);

#endif
