/* SPDX-License-Identifier: GPL-3.0-or-later */
/* plan.html: a plan for people, in one self-contained file. */
#ifndef RIG_REPORTS_PLAN_HTML_H
#define RIG_REPORTS_PLAN_HTML_H

#include "reports/plan_report.h"

/**
 * Write DIR/plan.html, atomically, with the pictures that are in DIR/plots
 * (rig_report_plan_plots_make). The page needs nothing from outside and no script, and is
 * well-formed XML.
 * @param problem  Why there are no pictures; "" = nothing to say.
 * @return RIG_OK; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_report_plan_html(const rig_report_plan *report, const char *dir, const char *problem,
                                const rig_language *language, rig_error *err);

#endif
