#include "verdict/over_time.h"

#include <math.h>

/* Its intervals: from `first` to before the returned one. */
static size_t bin_end(const rig_prediction *prediction, const rig_envelope *e, size_t bin,
                      size_t *first)
{
    size_t end = (bin + 1) * e->n_together;
    *first = bin * e->n_together;
    return end < prediction->n_intervals ? end : prediction->n_intervals;
}

double rig_over_time_lost(const rig_prediction *prediction, const rig_interval *observed,
                          rig_stage stage, size_t bin)
{
    size_t i, end = bin_end(prediction, &prediction->envelopes[stage], bin, &i);
    double lost = 0.0;
    for (; i < end; i++)
        lost += observed[i].n_lost[stage];
    return lost;
}

rig_over_time rig_over_time_compare(const rig_prediction *prediction, const rig_interval *observed,
                                    rig_stage stage, double margin)
{
    const rig_envelope *e = &prediction->envelopes[stage];
    rig_over_time made = {.n_bins = e->n_bins,
                          .bin_s = (double)e->n_together * prediction->interval_s};
    for (size_t b = 0; b < e->n_bins; b++) {
        double lost = rig_over_time_lost(prediction, observed, stage, b), entered = 0.0;
        size_t i, end = bin_end(prediction, e, b, &i);
        double to_s = (double)end * prediction->interval_s;
        for (; i < end; i++) {
            entered += observed[i].n_offered;
            for (int s = 0; s < (int)stage; s++)
                entered -= observed[i].n_lost[s];
        }
        rig_excursion x = {.from_s = (double)b * made.bin_s,
                           .to_s = to_s,
                           .observed = lost,
                           .mean = e->mean[b],
                           .low = fmax(0.0, e->mean[b] - e->half[b]),
                           .high = e->mean[b] + e->half[b]};
        double off = fabs(lost - x.mean) - e->half[b];
        if (!(off > 0.0)) /* also where nothing was observed */
            continue;
        x.is_beyond_margin = off > margin * entered;
        made.n_beyond_margin += x.is_beyond_margin;
        if (made.n_left < RIG_MAX_EXCURSIONS)
            made.excursions[made.n_left] = x;
        made.n_left++;
    }
    return made;
}
