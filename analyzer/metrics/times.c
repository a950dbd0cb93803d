/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/times.h"

#include <math.h>

#include "core/clock.h"

enum { N_SUB = 32, SUB_BITS = 5 };

/* Values up to N_SUB have a bin each; above, 32 bins in each octave. */
static unsigned bin_of(uint64_t value)
{
    if (value < N_SUB)
        return (unsigned)value;
    unsigned shift = 63u - (unsigned)__builtin_clzll(value) - SUB_BITS;
    return (shift + 1) * N_SUB + (unsigned)((value >> shift) - N_SUB);
}

/* The middle of a bin. */
static double value_of(unsigned bin)
{
    if (bin < N_SUB)
        return bin;
    unsigned shift = bin / N_SUB - 1;
    return ldexp((double)(N_SUB + bin % N_SUB) + 0.5, (int)shift);
}

void rig_times_add(rig_times *times, int64_t duration_ns)
{
    if (duration_ns < 0)
        duration_ns = 0;
    times->n++;
    times->sum_s += rig_clock_s_of_ns(duration_ns);
    if (duration_ns > times->max_ns)
        times->max_ns = duration_ns;
    times->bin[bin_of((uint64_t)duration_ns)]++;
}

double rig_times_quantile_s(const rig_times *times, double p)
{
    if (times->n == 0)
        return (double)NAN;
    double wanted = ceil(p * (double)times->n);
    uint64_t n = 0;
    for (unsigned i = 0; i < RIG_TIMES_N_BINS; i++) {
        n += times->bin[i];
        if ((double)n >= wanted && n > 0)
            return fmin(value_of(i), (double)times->max_ns) * 1e-9;
    }
    return rig_times_max_s(times);
}

double rig_times_mean_s(const rig_times *times)
{
    return times->n == 0 ? (double)NAN : times->sum_s / (double)times->n;
}

double rig_times_max_s(const rig_times *times)
{
    return times->n == 0 ? (double)NAN : rig_clock_s_of_ns(times->max_ns);
}
