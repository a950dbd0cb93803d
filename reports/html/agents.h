/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agents, one by one: how evenly the calls were shared out among them, and who stands out. */
#ifndef RIG_REPORTS_HTML_AGENTS_H
#define RIG_REPORTS_HTML_AGENTS_H

#include <jansson.h>

#include "reports/html.h"
#include "reports/html/page.h"

/** So many agents are all shown; of more those who stand out. */
#define RIG_HTML_FEW_AGENTS 24

/** Agents with most and with fewest calls, and with most missed rings, of many: so many of each. */
#define RIG_HTML_EXTREME_AGENTS 5

/** The spread over the agents, and a table of them. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_html_agents(const rig_page *page, const json_t *result, const rig_report_wire *wire);

#endif
