/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/over_time.h"

static void add_excursion(rig_json_builder *b, const rig_excursion *x)
{
    rig_json_add_real(b, "from_s", x->from_s);
    rig_json_add_real(b, "to_s", x->to_s);
    rig_json_add_real(b, "observed", x->observed);
    rig_json_add_real(b, "predicted", x->mean);
    rig_json_add_real(b, "low", x->low);
    rig_json_add_real(b, "high", x->high);
    rig_json_add_truth(b, "beyond_margin", x->is_beyond_margin);
}

static void add_excursions(rig_json_builder *b, const rig_over_time *over_time)
{
    rig_json_open_list(b, "left");
    for (size_t i = 0; i < over_time->n_left && i < RIG_MAX_EXCURSIONS; i++) {
        rig_json_open_object(b, NULL);
        add_excursion(b, &over_time->excursions[i]);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_mean(rig_json_builder *b, const rig_envelope *e)
{
    rig_json_open_list(b, "mean");
    for (size_t i = 0; i < e->n_bins; i++)
        rig_json_add_real(b, NULL, e->mean[i]);
    rig_json_close(b);
}

static void add_band(rig_json_builder *b, const rig_result *result, rig_stage stage)
{
    const size_t n = result->prediction->envelopes[stage].n_bins;
    double low, high;
    rig_json_open_list(b, "low");
    for (size_t i = 0; i < n; i++) {
        rig_over_time_band(result->prediction, result->observed->intervals, stage, i, &low, &high);
        rig_json_add_real(b, NULL, low);
    }
    rig_json_close(b);
    rig_json_open_list(b, "high");
    for (size_t i = 0; i < n; i++) {
        rig_over_time_band(result->prediction, result->observed->intervals, stage, i, &low, &high);
        rig_json_add_real(b, NULL, high);
    }
    rig_json_close(b);
}

/* What was made of all periods, and the worst one; null where the stage conforms. */
static void add_finding(rig_json_builder *b, const rig_over_time *over_time)
{
    static const char *const names[] = {"conforms", "open", "certain"};
    rig_json_add_text(b, "finding", names[over_time->finding]);
    if (over_time->finding == RIG_OVER_TIME_CONFORMS) {
        rig_json_add_null(b, "worst");
        return;
    }
    rig_json_open_object(b, "worst");
    add_excursion(b, &over_time->worst);
    rig_json_close(b);
}

void rig_json_add_over_time(rig_json_builder *b, const rig_result *result,
                            const rig_stage_verdict *stage)
{
    const rig_over_time *over_time = &stage->over_time;
    const rig_envelope *e = &result->prediction->envelopes[stage->stage];
    rig_json_open_object(b, "over_time");
    rig_json_add_real(b, "bin_s", (double)e->n_together * result->prediction->interval_s);
    add_mean(b, e);
    add_band(b, result, stage->stage);
    rig_json_open_list(b, "observed");
    for (size_t i = 0; i < e->n_bins; i++)
        rig_json_add_real(
            b, NULL,
            rig_over_time_lost(result->prediction, result->observed->intervals, stage->stage, i));
    rig_json_close(b);
    rig_json_add_count(b, "left_bins", over_time->n_left);
    rig_json_add_count(b, "beyond_margin_bins", over_time->n_beyond_margin);
    add_excursions(b, over_time);
    add_finding(b, over_time);
    rig_json_close(b);
}
