#include "analyzer/over_time.h"

#include <math.h>

rig_over_time rig_over_time_compare(const rig_prediction *prediction, const rig_interval *observed,
                                    rig_stage stage, double margin)
{
    const rig_envelope *e = &prediction->envelopes[stage];
    rig_over_time made = {.n_bins = e->n_bins,
                          .bin_s = (double)e->n_together * prediction->interval_s};
    for (size_t b = 0; b < e->n_bins; b++) {
        double lost = 0.0, entered = 0.0;
        for (size_t i = b * e->n_together;
             i < (b + 1) * e->n_together && i < prediction->n_intervals; i++) {
            lost += observed[i].n_lost[stage];
            entered += observed[i].n_offered;
            for (int s = 0; s < (int)stage; s++)
                entered -= observed[i].n_lost[s];
        }
        rig_excursion x = {.from_s = (double)b * made.bin_s,
                           .to_s = (double)(b + 1) * made.bin_s,
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
