/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The explaining part of the report: trunk, lateness, outcomes, agreement, metrics, the rig's
 * delays, inputs. Each function prints the body of one section; a figure that the result lacks is
 * shown as "n/a" or "not available". */
#ifndef RIG_REPORTS_HTML_FACTS_H
#define RIG_REPORTS_HTML_FACTS_H

#include <jansson.h>

#include "reports/html/page.h"

/** Words above the pictures of calls over time. */
void rig_html_over_time(const rig_page *page, const json_t *result);

/** Circuits: of the scenario, in use, and in use when calls were refused. */
void rig_html_trunk(const rig_page *page, const json_t *result);

/** When the calls went on the wire, against the plan. */
void rig_html_lateness(const rig_page *page, const json_t *result);

/** How the calls ended, and why. */
void rig_html_outcomes(const rig_page *page, const json_t *result);

/** Call by call: the replayed fate against the observed one. */
void rig_html_agreement(const rig_page *page, const json_t *result);

/** All figures, observed against predicted. */
void rig_html_metrics(const rig_page *page, const json_t *result);

/** Print the figures of carriers, classes, skills and groups of agents, a table each. */
void rig_html_parts(const rig_page *page, const json_t *result);

/** How late the rig's own timers were. */
void rig_html_delays(const rig_page *page, const json_t *result);

/** Identity of inputs and programs. */
void rig_html_inputs(const rig_page *page, const json_t *result);

#endif
