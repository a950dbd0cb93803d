/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a weekly and a monthly page say otherwise. Internal to reports/. */
#ifndef RIG_REPORTS_PERIOD_WORDS_H
#define RIG_REPORTS_PERIOD_WORDS_H

#include "history/when.h"

/** The texts of a page, in English, all in the catalogue; static. */
typedef struct rig_period_words {
    const char *kind;         /**< "peakrig weekly report" */
    const char *period;       /**< "week" */
    const char *this_period;  /**< "this week" */
    const char *over_periods; /**< ": losses over the weeks</h2>" */
    const char *runs;         /**< heading of the count of runs */
    const char *means;        /**< caption of the table of means */
    const char *legend;       /**< of the pictures */
    const char *here;         /**< ". This week: " */
    const char *none_valid;   /**< there is nothing to compare */
    const char *none_earlier; /**< there is nothing to compare with */
    const char *all_passed;   /**< nothing failed */
} rig_period_words;

/** Those of RIG_HISTORY_BY_WEEK or RIG_HISTORY_BY_MONTH. */
const rig_period_words *rig_period_words_of(rig_history_by by);

#endif
