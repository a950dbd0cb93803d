/* The diagnosis as JSON: a part of result.json. */
#ifndef RIG_REPORTS_JSON_DIAGNOSIS_H
#define RIG_REPORTS_JSON_DIAGNOSIS_H

#include <jansson.h>

#include "verdict/diagnosis.h"

/** A list of findings, the weightiest first; empty without a diagnosis. @return NULL: no memory. */
json_t *rig_json_of_diagnosis(const rig_diagnosis *diagnosis);

#endif
