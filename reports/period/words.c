/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/period/words.h"

#include "core/language.h"

static const rig_period_words of_week = {
    .kind = N_("peakrig weekly report"),
    .period = N_("week"),
    .this_period = N_("this week"),
    .over_periods = N_(": losses over the weeks</h2>\n"),
    .runs = N_("Runs, week by week"),
    .means = N_("means of the runs of a week: lost per call that entered the stage"),
    .legend = N_("<p class=\"legend\">Orange: observed, mean and range of a week's runs. Blue, "
                 "dashed: predicted.</p>\n<div class=\"pairs\">\n"),
    .here = N_(". This week: "),
    .none_valid = N_("No run of this week was valid."),
    .none_earlier = N_("There is no valid run of an earlier week to compare with."),
    .all_passed = N_("<p class=\"none\">Every run of this week passed.</p>\n"),
};

static const rig_period_words of_month = {
    .kind = N_("peakrig monthly report"),
    .period = N_("month"),
    .this_period = N_("this month"),
    .over_periods = N_(": losses over the months</h2>\n"),
    .runs = N_("Runs, month by month"),
    .means = N_("means of the runs of a month: lost per call that entered the stage"),
    .legend = N_("<p class=\"legend\">Orange: observed, mean and range of a month's runs. Blue, "
                 "dashed: predicted.</p>\n<div class=\"pairs\">\n"),
    .here = N_(". This month: "),
    .none_valid = N_("No run of this month was valid."),
    .none_earlier = N_("There is no valid run of an earlier month to compare with."),
    .all_passed = N_("<p class=\"none\">Every run of this month passed.</p>\n"),
};

const rig_period_words *rig_period_words_of(rig_history_by by)
{
    return by == RIG_HISTORY_BY_MONTH ? &of_month : &of_week;
}
