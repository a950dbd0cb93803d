/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The load of a run as JSON: was it the planned one, and if not, why? Internal to reports/. */
#ifndef RIG_REPORTS_JSON_LOAD_H
#define RIG_REPORTS_JSON_LOAD_H

#include "reports/json_builder.h"
#include "reports/result.h"

/** The member `load` of a result (docs/result-format.md). */
void rig_json_add_load(rig_json_builder *builder, const rig_result *result);

#endif
