/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls of a run as JSON: parts of result.json. */
#ifndef RIG_REPORTS_JSON_CALLS_H
#define RIG_REPORTS_JSON_CALLS_H

#include "reports/json_builder.h"
#include "reports/result.h"

/** The member `calls`: how many, how they ended, and for what reasons. */
void rig_json_add_calls(rig_json_builder *builder, const rig_result *result);

/** The member `agreement`: replay and wire, call by call. */
void rig_json_add_agreement(rig_json_builder *builder, const rig_result *result);

#endif
