/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The diagnosis as JSON: a part of result.json. */
#ifndef RIG_REPORTS_JSON_DIAGNOSIS_H
#define RIG_REPORTS_JSON_DIAGNOSIS_H

#include "reports/json_builder.h"
#include "verdict/diagnosis.h"

/** The member `diagnosis`: findings, the weightiest first; empty without a diagnosis. */
void rig_json_add_diagnosis(rig_json_builder *builder, const rig_diagnosis *diagnosis);

#endif
