/* A stage over time as JSON: a part of result.json. */
#ifndef RIG_REPORTS_JSON_OVER_TIME_H
#define RIG_REPORTS_JSON_OVER_TIME_H

#include <jansson.h>

#include "reports/result.h"

/** A stage's bins: the mean replayed loss, the simultaneous band, what was observed, and the bins
 * outside. @param stage  Of result->verdict. @return NULL: no memory. */
json_t *rig_json_of_over_time(const rig_result *result, const rig_stage_verdict *stage);

#endif
