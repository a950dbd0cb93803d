/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of carriers, classes, skills and groups of agents. Internal to json/. */
#ifndef RIG_REPORTS_JSON_PARTS_H
#define RIG_REPORTS_JSON_PARTS_H

#include "reports/json_builder.h"
#include "reports/result.h"

/** Add the list "parts": each part's figures, predicted, and observed where that is known. */
void rig_json_add_parts(rig_json_builder *builder, const rig_result *result);

#endif
