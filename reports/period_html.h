/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page a week or a month: how many runs there were and how they ended, losses by stage over the
 * weeks or months, what changed since the one before, which runs did not pass, and why; a part for
 * each scenario. */
#ifndef RIG_REPORTS_PERIOD_HTML_H
#define RIG_REPORTS_PERIOD_HTML_H

#include <stdio.h>

#include "core/language.h"
#include "core/status.h"
#include "history/run.h"
#include "history/when.h"

/** Weeks or months that the page looks back over, its own included. */
#define RIG_REPORT_N_PERIODS 12

/**
 * Print the page: one file of HTML, without script and without requests. Its week or
 * month is the one that the last run lies in (weeks by ISO 8601; UTC); runs of
 * RIG_REPORT_N_PERIODS of them are shown. Each scenario that was run in it has a part.
 *
 * What changed: the last run in it against the last of the latest week or month before it in which
 * the scenario was run, INVALID ones apart, as rig_history_compare has it.
 *
 * @param runs  Earliest first, one at least; with calls, so that the same calls are compared call
 * by call. Borrowed.
 * @param by  RIG_HISTORY_BY_WEEK or RIG_HISTORY_BY_MONTH.
 * @param language  What the page is written in.
 * @return RIG_OK, also without gnuplot: then there are no pictures, and the page says so;
 *         RIG_ENOMEM.
 */
rig_status rig_report_period_html(const rig_history_runs *runs, rig_history_by by,
                                  const rig_language *language, FILE *out, rig_error *err);

#endif
