/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a weekly or monthly page that is of one scenario. Internal to reports/. */
#ifndef RIG_REPORTS_PERIOD_PART_H
#define RIG_REPORTS_PERIOD_PART_H

#include "core/status.h"
#include "history/run.h"
#include "history/when.h"
#include "reports/html/page.h"

/** The runs of one scenario. */
typedef struct rig_period_part {
    const char *scenario;
    rig_history_by by;     /**< week or month */
    int64_t start_ms;      /**< when the page's week or month begins */
    rig_history_runs runs; /**< earliest first; the items are borrowed */
    size_t n_earlier;      /**< of them, those before it */
} rig_period_part;

/** Print it. @param number  From 0: of its pictures' ids. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_period_part_print(const rig_period_part *part, size_t number, const rig_page *page);

/** What changed since the week or month before: a table, or why there is none. @return RIG_OK or
 * RIG_ENOMEM.
 */
rig_status rig_period_changes_print(const rig_period_part *part, const rig_page *page);

/** The runs of the week or month that did not pass, and why. */
void rig_period_failures_print(const rig_period_part *part, const rig_page *page);

#endif
