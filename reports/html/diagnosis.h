/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report's words on the cause: what about the call centre is not as the scenario says. */
#ifndef RIG_REPORTS_HTML_DIAGNOSIS_H
#define RIG_REPORTS_HTML_DIAGNOSIS_H

#include <jansson.h>

#include "reports/html/page.h"

/** The findings of the diagnosis, the one that explains the most calls first. */
void rig_html_diagnosis(const rig_page *page, const json_t *result);

/** Losses of each stage call by call, of the result's agreement; nothing when it lacks them. */
void rig_html_stage_agreement(const rig_page *page, const json_t *agreement);

/**
 * Where to look first when a stage fails: what the verdict and the diagnosis say. Nothing when no
 * stage fails.
 */
void rig_html_cause(const rig_page *page, const json_t *result);

#endif
