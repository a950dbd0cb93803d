/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stage over time as JSON: a part of result.json. */
#ifndef RIG_REPORTS_JSON_OVER_TIME_H
#define RIG_REPORTS_JSON_OVER_TIME_H

#include "reports/json_builder.h"
#include "reports/result.h"

/** The member `over_time`, a stage's bins: the mean replayed loss, the simultaneous band, what was
 * observed, and the bins outside. @param stage  Of result->verdict. */
void rig_json_add_over_time(rig_json_builder *builder, const rig_result *result,
                            const rig_stage_verdict *stage);

#endif
