/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan on the terminal. */
#ifndef RIG_CLI_CMD_PLAN_TABLE_H
#define RIG_CLI_CMD_PLAN_TABLE_H

#include "reports/plan_report.h"

/** Print the table of all combinations that were tried, then the answer and what it rests on. */
void rig_print_plan(const rig_report_plan *report);

#endif
