/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A histogram of durations in fixed memory: percentiles whatever the number of values.
 *
 * Log-linear bins (Tene, HdrHistogram): each doubling of the value is divided into 2^bits equal
 * bins, so that a bin is at most 2^-bits of its values wide: 0.05 % with 11 bits, 0.8 % with 7.
 * Below 2^(bits - 13) s (0.25 s with 11 bits) all bins are 2^-14 s = 61 us wide. Mean and greatest
 * value are exact. Values beyond 2^30 s (34 years) are counted in the last bin. */
#ifndef RIG_MODELS_CENTRE_HISTOGRAM_H
#define RIG_MODELS_CENTRE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** Bits of the resolution: of a whole run, and of one interval. */
#define RIG_HISTOGRAM_BITS_FINE   11u
#define RIG_HISTOGRAM_BITS_COARSE 7u

/** A histogram. Read `n`, `sum_s` and `max_s`; the rest is its own. */
typedef struct rig_histogram {
    uint64_t n;
    double sum_s, max_s;
    uint32_t bits;
    uint32_t first, last; /* bins in use lie in [first, last] */
    uint32_t *bins;
} rig_histogram;

/** Bins that a histogram of so many bits needs. */
uint32_t rig_histogram_n_bins(uint32_t bits);

/** Make an empty histogram on bins that are all zero and stay the caller's. */
void rig_histogram_make(uint32_t bits, uint32_t *bins, rig_histogram *histogram);

/** The value that stands for a bin: its middle; of the narrowest, in which 0 must stay 0, its low
 * end. */
double rig_histogram_value_s(uint32_t bits, uint32_t bin);

/** Make it empty again; touches only the bins in use. */
void rig_histogram_clear(rig_histogram *histogram);

/** Count a value. @param s  >= 0. */
void rig_histogram_add(rig_histogram *histogram, double s);

/** sum_s / n; NAN when n is 0. */
double rig_histogram_mean_s(const rig_histogram *histogram);

/**
 * Quantiles: of each p the ceil(p n)-th smallest value (nearest rank). It is the middle of its bin
 * (the lower end of one of 61 us), but the greatest value itself where that is meant. NAN when n is
 * 0.
 * @param p  n_p numbers in (0, 1], ascending.
 */
void rig_histogram_quantiles_s(const rig_histogram *histogram, const double *p, size_t n_p,
                               double *quantile_s);

#endif
