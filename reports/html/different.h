/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of the report that shows the first calls that ended otherwise than in the replay, with
 * their messages. Internal to reports/. */
#ifndef RIG_REPORTS_HTML_DIFFERENT_H
#define RIG_REPORTS_HTML_DIFFERENT_H

#include <jansson.h>

#include "reports/html/page.h"
#include "reports/html.h"

/** The list, and below it a ladder for each call that has one. @return RIG_OK. */
rig_status rig_html_different(const rig_page *page, const json_t *result,
                              const rig_report_wire *wire);

#endif
