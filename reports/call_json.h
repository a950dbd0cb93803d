/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call as one line of JSON (JSON Lines, docs/analyze.md): for programs that follow calls as they
 * end. */
#ifndef RIG_REPORTS_CALL_JSON_H
#define RIG_REPORTS_CALL_JSON_H

#include <stdio.h>

#include "analyzer/call_sink.h"

/**
 * Print a call as a line, with its line end. Instants have nine decimals, exactly the nanoseconds
 * of the capture; what is no UTF-8 becomes U+FFFD. Errors of the stream are kept by it.
 */
void rig_report_call_line(FILE *out, const rig_finished_call *call);

#endif
