/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many durations in fixed memory: count, mean, largest, and quantiles to 1.6 %.
 *
 * A histogram whose bins grow with the value: 32 in each octave, so that a quantile is off by half
 * a bin, 1/64 of its value, at the most. As in HdrHistogram (G. Tene), with exact maximum. */
#ifndef RIG_ANALYZER_TIMES_H
#define RIG_ANALYZER_TIMES_H

#include <stdint.h>

/** Bins of the histogram: 32 for each doubling of the time. */
#define RIG_TIMES_N_BINS (60 * 32)

/** All zero: no duration. */
typedef struct rig_times {
    uint64_t n;
    double sum_s;
    int64_t max_ns;
    uint64_t bin[RIG_TIMES_N_BINS];
} rig_times;

/** Add a duration; a negative one (messages captured in disorder) counts as 0. */
void rig_times_add(rig_times *times, int64_t duration_ns);

/** The p-quantile, s: of n durations in order, the one at ceil(p n). @param p In (0, 1]. NAN: none.
 */
double rig_times_quantile_s(const rig_times *times, double p);

/** The mean, s; NAN: none. */
double rig_times_mean_s(const rig_times *times);

/** The longest, s; NAN: none. */
double rig_times_max_s(const rig_times *times);

#endif
