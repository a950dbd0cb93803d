/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Did the load go on the wire as planned? Instants of the INVITEs against the schedule. */
#ifndef RIG_VERDICT_LATENESS_H
#define RIG_VERDICT_LATENESS_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/**
 * Lateness of a run: actual minus planned instant of each call, in ms. Percentiles by nearest rank
 * (Hyndman & Fan, The American Statistician 50(4), 1996, definition 1).
 */
typedef struct rig_lateness {
    size_t n_planned;          /**< pairs given */
    size_t n_placed;           /**< those with an actual instant; all else is of these */
    double min_ms, max_ms;     /**< signed: negative is early */
    double mean_ms, median_ms; /**< signed */
    double p95_ms, p99_ms;     /**< signed */
    double abs_p50_ms, abs_p95_ms, abs_p99_ms, abs_max_ms; /**< of |lateness| */
    double ks; /**< Kolmogorov-Smirnov distance of planned and actual instants, [0, 1] */
    double planned_dispersion; /**< variance / mean of the counts per second; 1 for Poisson arrivals
                                  of a constant rate, 0 for a fixed grid; NaN under two seconds */
    double actual_dispersion;
    double planned_gap_ms, actual_gap_ms; /**< mean time between arrivals; NaN under two calls */
    double planned_gap_cv, actual_gap_cv; /**< its standard deviation / mean; 1 for Poisson, 0 for a
                                             fixed grid; NaN under three calls */
    size_t n_late;                        /**< calls with |lateness| > RIG_LATE_MS */
    double first_fifth_ms, last_fifth_ms; /**< medians of the first and the last fifth of the placed
                                             calls, in the order of their plan: a trend; NaN under
                                             five calls */
} rig_lateness;

/**
 * Compare planned and actual instants.
 *
 * @param planned_ns  Ascending.
 * @param actual_ns   actual_ns[i] belongs to planned_ns[i]; RIG_NO_TIME = never placed.
 * @param n           Pairs.
 * @param[out] lateness  With n_placed == 0 all numbers are NaN. Untouched on error.
 * @return RIG_OK; RIG_EDOM when planned_ns does not ascend or has RIG_NO_TIME; RIG_ENOMEM.
 */
rig_status rig_lateness_compare(const int64_t *planned_ns, const int64_t *actual_ns, size_t n,
                                rig_lateness *lateness);

/**
 * Largest share of the planned calls within one window of time: by so much the arrival curves may
 * differ (rig_lateness.ks) when no call is off by more than the window. In a short run, or at a
 * high rate, it is much: of 50 calls one that is 0.1 ms late makes a distance of 0.02.
 *
 * @param planned_ns  Ascending.
 * @param window_ns   >= 0; instants that are exactly so far apart are within one window.
 * @return a share of n; 0 when n is 0.
 */
double rig_lateness_window_share(const int64_t *planned_ns, size_t n, int64_t window_ns);

#endif
