/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the report that shows each stage's losses over time on the band that is judged.
 * Internal to reports/. */
#ifndef RIG_REPORTS_HTML_LOSSES_H
#define RIG_REPORTS_HTML_LOSSES_H

#include <jansson.h>

#include "reports/html/page.h"

/** What the band means, how many bins are outside, and which. As the printers of facts.h. */
void rig_html_losses(const rig_page *page, const json_t *result);

#endif
