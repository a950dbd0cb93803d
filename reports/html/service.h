/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waits, queue, agents and service level over time; the faults of the scenario. */
#ifndef RIG_REPORTS_HTML_SERVICE_H
#define RIG_REPORTS_HTML_SERVICE_H

#include <jansson.h>

#include "reports/html/page.h"

/** How often each of them was outside its band, and where furthest. */
void rig_html_service(const rig_page *page, const json_t *result);

/** The faults with the numbers that mark them in the pictures; nothing without faults. */
void rig_html_faults(const rig_page *page, const json_t *result);

#endif
