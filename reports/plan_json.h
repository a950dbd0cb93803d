/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.json: a plan for machines. */
#ifndef RIG_REPORTS_PLAN_JSON_H
#define RIG_REPORTS_PLAN_JSON_H

#include <jansson.h>

#include "reports/plan_report.h"

/**
 * The document: format "peakrig plan 1", versions, inputs, question, answer with its evidence, and
 * every combination with all figures. Holds no instant: the same plan gives the same bytes.
 * @param[out] document  Owned by the caller: json_decref.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_json_of_plan(const rig_report_plan *report, json_t **document);

#endif
