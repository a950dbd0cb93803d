/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the report that shows how calls ended, and what became of their callers. Internal to
 * reports/. */
#ifndef RIG_REPORTS_HTML_ENDS_H
#define RIG_REPORTS_HTML_ENDS_H

#include <jansson.h>

#include "reports/html/page.h"

/** As the printers of facts.h. */
void rig_html_ends(const rig_page *page, const json_t *result);

#endif
