/* What was wrong with the packets of a capture, for the document of `analyze --json`. */
#ifndef RIG_REPORTS_JSON_CAPTURE_H
#define RIG_REPORTS_JSON_CAPTURE_H

#include <jansson.h>

#include "analyzer/analyzer.h"

/** Add "order", "clocks" and "not_read" to an object. Out of memory it adds less. */
void rig_json_add_packets(json_t *capture, const rig_capture_counts *counts);

#endif
