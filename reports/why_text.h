/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why calls ended as they did, as text (analyzer/why.h). */
#ifndef RIG_REPORTS_WHY_TEXT_H
#define RIG_REPORTS_WHY_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "analyzer/why.h"

/** Print one explanation. Errors of the stream are kept by it. */
void rig_report_why(FILE *out, const rig_why *why);

#endif
