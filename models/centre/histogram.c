/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/histogram.h"

#include <math.h>
#include <string.h>

#define TICKS_PER_S 0x1p14
#define MAX_S       0x1p30
#define MAX_BIT     44u /* of MAX_S in ticks */

uint32_t rig_histogram_n_bins(uint32_t bits)
{
    return (MAX_BIT - bits + 1u) << bits;
}

void rig_histogram_make(uint32_t bits, uint32_t *bins, rig_histogram *histogram)
{
    *histogram = (rig_histogram){.bits = bits, .bins = bins, .first = UINT32_MAX};
}

void rig_histogram_clear(rig_histogram *histogram)
{
    if (histogram->n > 0)
        memset(histogram->bins + histogram->first, 0,
               (histogram->last - histogram->first + 1u) * sizeof *histogram->bins);
    rig_histogram_make(histogram->bits, histogram->bins, histogram);
}

static uint32_t bin_of(uint32_t bits, double s)
{
    if (!(s < MAX_S))
        return rig_histogram_n_bins(bits) - 1u;
    uint64_t ticks = (uint64_t)(s * TICKS_PER_S);
    if (ticks < (uint64_t)1 << bits)
        return (uint32_t)ticks;
    uint32_t shift = 63u - (uint32_t)__builtin_clzll(ticks) - bits;
    return (shift << bits) + (uint32_t)(ticks >> shift); /* the leading bit adds 1 << bits */
}

void rig_histogram_add(rig_histogram *histogram, double s)
{
    uint32_t bin = bin_of(histogram->bits, s);
    histogram->bins[bin]++;
    histogram->n++;
    histogram->sum_s += s;
    if (s > histogram->max_s)
        histogram->max_s = s;
    if (bin < histogram->first)
        histogram->first = bin;
    if (bin > histogram->last)
        histogram->last = bin;
}

double rig_histogram_mean_s(const rig_histogram *histogram)
{
    return histogram->n > 0 ? histogram->sum_s / (double)histogram->n : (double)NAN;
}

double rig_histogram_value_s(uint32_t bits, uint32_t bin)
{
    uint32_t octave = bin >> bits;
    uint32_t shift = octave > 0 ? octave - 1u : 0u;
    double low = ldexp((double)(bin - (shift << bits)), (int)shift);
    return (shift > 0 ? low + ldexp(0.5, (int)shift) : low) / TICKS_PER_S;
}

void rig_histogram_quantiles_s(const rig_histogram *histogram, const double *p, size_t n_p,
                               double *quantile_s)
{
    uint32_t bin = histogram->first;
    uint64_t n_before = 0; /* in the bins before */
    for (size_t i = 0; i < n_p; i++) {
        const uint64_t rank = (uint64_t)ceil(p[i] * (double)histogram->n);
        if (histogram->n == 0) {
            quantile_s[i] = (double)NAN;
        } else if (rank >= histogram->n) {
            quantile_s[i] = histogram->max_s;
        } else {
            while (n_before + histogram->bins[bin] < rank)
                n_before += histogram->bins[bin++];
            quantile_s[i] = fmin(rig_histogram_value_s(histogram->bits, bin), histogram->max_s);
        }
    }
}
