/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was wrong with the packets of a capture, for the document of `analyze --json`. */
#ifndef RIG_REPORTS_JSON_CAPTURE_H
#define RIG_REPORTS_JSON_CAPTURE_H

#include "analyzer/analyzer.h"
#include "reports/json_builder.h"

/** Add "order", "clocks" and "not_read" to the open object. */
void rig_json_add_packets(rig_json_builder *builder, const rig_capture_counts *counts);

#endif
