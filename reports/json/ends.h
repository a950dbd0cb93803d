/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends of calls and of their callers, as JSON: a part of result.json. */
#ifndef RIG_REPORTS_JSON_ENDS_H
#define RIG_REPORTS_JSON_ENDS_H

#include "reports/json_builder.h"
#include "reports/result.h"

/** The member `ends`: `calls` and `callers`, a list of ends each (verdict/ends.h), the latter empty
 * where a caller has one call. */
void rig_json_add_ends(rig_json_builder *builder, const rig_result *result);

#endif
