/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How punctual a run was, as JSON: parts of result.json. */
#ifndef RIG_REPORTS_JSON_LATENESS_H
#define RIG_REPORTS_JSON_LATENESS_H

#include "reports/json_builder.h"
#include "reports/result.h"

/** The member `lateness`: how late the INVITEs were, with a histogram. */
void rig_json_add_lateness(rig_json_builder *builder, const rig_result *result);

/** The member `rig_delays`: how late the rig's other acts were, and the centre's. */
void rig_json_add_delays(rig_json_builder *builder, const rig_result *result);

#endif
