/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An envelope over time: a band that a whole run stays in, not each instant by itself, over periods
 * of many lengths at once. */
#ifndef RIG_MODELS_ENVELOPE_H
#define RIG_MODELS_ENVELOPE_H

#include <stddef.h>

#include "core/status.h"

/**
 * Simultaneous band of one quantity. A bin is `n_together` intervals; the last may be shorter. A
 * period is 1, 2, 4, .. bins in a row, less than all of them but for a single bin; there is one of
 * each length from each bin on that leaves room for it. So every stretch of time is at least half
 * filled by a period within it.
 */
typedef struct rig_envelope {
    size_t n_bins, n_together;
    size_t n_levels; /**< lengths of periods: 2^level bins */
    double *mean;    /**< [level][first bin], n_levels * n_bins of them; owned. Periods that do not
                        fit are 0; see rig_envelope_n_periods */
    double *half;    /**< the band is mean +- half, in the same order; owned */
    double critical; /**< half = critical * standard deviation of the period */
} rig_envelope;

/**
 * From replications: of each the greatest standardized deviation over all periods (the max
 * statistic); `critical` is its 1 - alpha quantile, so that a share of 1 - alpha of runs lies in
 * the band in all periods at once (Davison & Hinkley, Bootstrap Methods, 1997, section 4.2.4:
 * envelopes). A standard deviation below half a call counts as half a call.
 *
 * @param rows  [interval][replication] of a quantity that can be summed over intervals.
 * @param n_replications  >= 2; with fewer than 1 / alpha the greatest deviation of all is taken.
 * @param n_together      >= 1.
 * @param[out] envelope   Clear with rig_envelope_clear. Untouched on error.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_envelope_make(const double *rows, size_t n_intervals, size_t n_replications,
                             size_t n_together, double alpha, rig_envelope *envelope);

/** Periods of a length: they begin at the bins 0 .. this - 1. @param level  Below n_levels. */
size_t rig_envelope_n_periods(const rig_envelope *envelope, size_t level);

/** Free what it owns. NULL-safe. */
void rig_envelope_clear(rig_envelope *envelope);

#endif
