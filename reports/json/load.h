/* The load of a run as JSON: was it the planned one, and if not, why? Internal to reports/. */
#ifndef RIG_REPORTS_JSON_LOAD_H
#define RIG_REPORTS_JSON_LOAD_H

#include <jansson.h>

#include "reports/result.h"

/**
 * The object `load` of a result (docs/result-format.md).
 * @return owned by the caller; NULL when out of memory.
 */
json_t *rig_json_of_load(const rig_result *result);

#endif
