#include "reports/json/over_time.h"

#include <math.h>

static json_t *excursions_json(const rig_over_time *over_time)
{
    json_t *list = json_array();
    for (size_t i = 0; i < over_time->n_left && i < RIG_MAX_EXCURSIONS; i++) {
        const rig_excursion *x = &over_time->excursions[i];
        (void)json_array_append_new(
            list, json_pack("{s:f, s:f, s:f, s:f, s:f, s:f, s:b}", "from_s", x->from_s, "to_s",
                            x->to_s, "observed", x->observed, "predicted", x->mean, "low", x->low,
                            "high", x->high, "beyond_margin", (int)x->is_beyond_margin));
    }
    return list;
}

json_t *rig_json_of_over_time(const rig_result *result, const rig_stage_verdict *stage)
{
    const rig_over_time *over_time = &stage->over_time;
    const rig_envelope *e = &result->prediction->envelopes[stage->stage];
    json_t *mean = json_array(), *low = json_array(), *high = json_array(),
           *observed = json_array();
    for (size_t b = 0; b < e->n_bins; b++) {
        double lost =
            rig_over_time_lost(result->prediction, result->observed->intervals, stage->stage, b);
        (void)json_array_append_new(mean, json_real(e->mean[b]));
        (void)json_array_append_new(low, json_real(fmax(0.0, e->mean[b] - e->half[b])));
        (void)json_array_append_new(high, json_real(e->mean[b] + e->half[b]));
        (void)json_array_append_new(observed, json_real(lost));
    }
    return json_pack("{s:f, s:o, s:o, s:o, s:o, s:I, s:I, s:o}", "bin_s",
                     (double)e->n_together * result->prediction->interval_s, "mean", mean, "low",
                     low, "high", high, "observed", observed, "left_bins",
                     (json_int_t)over_time->n_left, "beyond_margin_bins",
                     (json_int_t)over_time->n_beyond_margin, "left", excursions_json(over_time));
}
