/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sample of one figure, in order: what intervals are read from. */
#ifndef RIG_MODELS_SAMPLE_H
#define RIG_MODELS_SAMPLE_H

#include <stddef.h>

#include "core/status.h"

/** A sorted sample; zeroed: none. */
typedef struct rig_sample {
    double *sorted; /**< owned: rig_sample_clear */
    size_t n;
    double mean; /**< NAN when n is 0 */
} rig_sample;

/**
 * Sort a copy of the values.
 * @param values       n values; NANs are left out.
 * @param[out] sample  Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_sample_make(const double *values, size_t n, rig_sample *sample);

/** Free what the sample owns. NULL-safe. */
void rig_sample_clear(rig_sample *sample);

/**
 * Where a percentile stands in a sample, from 0: the ceil(p n)-th smallest (nearest rank).
 * @param n  >= 1.
 * @param p  In (0, 1].
 */
size_t rig_sample_nearest(size_t n, double p);

/** k = floor(tails / 2 (n + 1)), at least 1. @param n  >= 1. */
size_t rig_sample_rank(size_t n, double tails);

/**
 * The order statistics that hold 1 - tails of one more value: the k-th smallest, k of
 * rig_sample_rank, and the k-th greatest (Hahn & Meeker, Statistical Intervals, section 5.3).
 * @param sample  n >= 1.
 */
void rig_sample_limits(const rig_sample *sample, double tails, double *low, double *high);

#endif
