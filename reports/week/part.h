/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a weekly page that is of one scenario. Internal to reports/. */
#ifndef RIG_REPORTS_WEEK_PART_H
#define RIG_REPORTS_WEEK_PART_H

#include "core/status.h"
#include "history/run.h"
#include "reports/html/page.h"

/** The runs of one scenario. */
typedef struct rig_week_part {
    const char *scenario;
    int64_t week_ms;       /**< when the page's week begins */
    rig_history_runs runs; /**< earliest first; the items are borrowed */
    size_t n_earlier;      /**< of them, those before the week */
} rig_week_part;

/** Print it. @param number  From 0: of its pictures' ids. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_week_part_print(const rig_week_part *part, size_t number, const rig_page *page);

/** What changed since the week before: a table, or why there is none. @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_week_changes_print(const rig_week_part *part, const rig_page *page);

/** The runs of the week that did not pass, and why. */
void rig_week_failures_print(const rig_week_part *part, const rig_page *page);

#endif
