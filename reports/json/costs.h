/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run costs, as JSON: a part of result.json. */
#ifndef RIG_REPORTS_JSON_COSTS_H
#define RIG_REPORTS_JSON_COSTS_H

#include "reports/json_builder.h"
#include "reports/result.h"

/** The member `costs`: of each thing with a price how many there were, and what they cost, observed
 * and predicted. null: the scenario names no price. */
void rig_json_add_costs(rig_json_builder *builder, const rig_result *result);

#endif
