/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page a week: losses by stage over the weeks, what changed since the week before, which runs did
 * not pass, and why; a part for each scenario. */
#ifndef RIG_REPORTS_WEEK_HTML_H
#define RIG_REPORTS_WEEK_HTML_H

#include <stdio.h>

#include "core/language.h"
#include "core/status.h"
#include "history/run.h"

/** Weeks that the page looks back over, its own included. */
#define RIG_REPORT_N_WEEKS 12

/**
 * Print the page: one file of HTML, without script and without requests. Its week is the one that
 * the last run lies in (ISO 8601, UTC); runs of RIG_REPORT_N_WEEKS weeks are shown. Each scenario
 * that was run in its week has a part.
 *
 * What changed: the last run of the week against the last of the latest week before it in which the
 * scenario was run, INVALID ones apart, as rig_history_compare has it.
 *
 * @param runs  Earliest first, one at least; with calls, so that the same calls are compared call
 * by call. Borrowed.
 * @param language  What the page is written in.
 * @return RIG_OK, also without gnuplot: then there are no pictures, and the page says so;
 *         RIG_ENOMEM.
 */
rig_status rig_report_week_html(const rig_history_runs *runs, const rig_language *language,
                                FILE *out, rig_error *err);

#endif
