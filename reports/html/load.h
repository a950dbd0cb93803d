/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the report that shows the load: planned and actual arrivals. Internal to reports/. */
#ifndef RIG_REPORTS_HTML_LOAD_H
#define RIG_REPORTS_HTML_LOAD_H

#include <jansson.h>

#include "reports/html/page.h"

/** What was placed, what was not and why; SIPp's workers. As the printers of facts.h. */
void rig_html_load(const rig_page *page, const json_t *result);

#endif
