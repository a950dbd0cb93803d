/* The diagnosis as JSON: a part of result.json. */
#ifndef RIG_REPORTS_DIAGNOSIS_JSON_H
#define RIG_REPORTS_DIAGNOSIS_JSON_H

#include <jansson.h>

#include "analyzer/diagnosis/diagnosis.h"

/** A list of findings, the weightiest first; empty without a diagnosis. @return NULL: no memory. */
json_t *rig_diagnosis_json(const rig_diagnosis *diagnosis);

#endif
