/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the report that says what the run's losses, lines and agents cost. Internal to
 * reports/. */
#ifndef RIG_REPORTS_HTML_COSTS_H
#define RIG_REPORTS_HTML_COSTS_H

#include <jansson.h>

#include "reports/html/page.h"
#include "reports/html/text.h"

/** An amount of money, without its currency: "41,220", "12.5". */
rig_html_figure rig_html_amount(double amount);

/** "40,800 to 43,000": the interval of a prediction; "" where it is not known or has no width.
 * @param sides  An object with low and high. */
rig_html_figure rig_html_amount_range(const json_t *sides);

/** As the printers of facts.h. */
void rig_html_costs(const rig_page *page, const json_t *result);

#endif
