/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The judging part of the report: verdict, stages, service levels, checks. Each function prints the
 * body of one section; a figure that the result lacks is shown as "n/a" or "not available". */
#ifndef RIG_REPORTS_HTML_SECTIONS_H
#define RIG_REPORTS_HTML_SECTIONS_H

#include <jansson.h>

#include "reports/html/page.h"

/** The head of the page: name, badge, the one sentence, what was run. */
void rig_html_verdict(const rig_page *page, const json_t *result);

/** Loss of each stage, predicted and observed, and the judgement (G2). */
void rig_html_stages(const rig_page *page, const json_t *result);

/** Service levels (G3). */
void rig_html_levels(const rig_page *page, const json_t *result);

/** Validity of load and capture (G0, G1). */
void rig_html_checks(const rig_page *page, const json_t *result);

#endif
