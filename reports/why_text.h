/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why calls ended as they did, as text (analyzer/why.h). */
#ifndef RIG_REPORTS_WHY_TEXT_H
#define RIG_REPORTS_WHY_TEXT_H

#include <stdbool.h>
#include <stdio.h>

#include "analyzer/why.h"
#include "core/language.h"

/** Print one explanation, its sentences in the language; names of outcomes, rules and reasons of
 * the wire are what they are. Errors of the stream are kept by it. */
void rig_report_why(FILE *out, const rig_language *language, const rig_why *why);

#endif
