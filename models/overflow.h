/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overflow: what a full group sends on is not Poisson but comes in bursts; how many circuits it
 * then needs.
 *
 * Traffic is told by two moments of the number of calls on an endless group: mean and variance.
 * Their ratio is the peakedness z: 1 for Poisson, > 1 for overflow, < 1 for smoothed traffic.
 *
 * Every function returns RIG_OK; RIG_EDOM with a text in `err` (which may be NULL) when an argument
 * is out of its range; RIG_ENOMEM. Outputs are untouched on error.
 * Source: Wilkinson, Theories for toll traffic engineering in the USA, BSTJ 35(2), 1956 (Riordan's
 * moments in its appendix; the equivalent random theory). */
#ifndef RIG_MODELS_OVERFLOW_H
#define RIG_MODELS_OVERFLOW_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** Traffic by its two moments, erlang. */
typedef struct rig_two_moments {
    double mean_erl, variance_erl;
} rig_two_moments;

/** A group of circuits that a Poisson traffic tries first. */
typedef struct rig_first_group {
    double offered_erl; /**< finite, >= 0 */
    double n_circuits;  /**< 0 to RIG_MAX_SERVERS; whole, but for an equivalent group */
} rig_first_group;

/**
 * What overflows from a group that Poisson traffic is offered to; with 0 circuits the traffic
 * itself.
 * Source: Riordan: m = A B(N, A), v = m (1 - m + A / (N + 1 + m - A)).
 */
rig_status rig_overflow_of(const rig_first_group *group, rig_two_moments *overflow, rig_error *err);

/** What overflows from several groups to one: means and variances add up (independent groups). */
rig_status rig_overflow_sum(const rig_first_group *groups, size_t n_groups,
                            rig_two_moments *overflow, rig_error *err);

/**
 * The equivalent random group: the Poisson traffic and the (fractional) circuits whose overflow has
 * just these moments.
 * @param traffic  mean > 0, variance >= mean (smoother traffic is no overflow: see hayward.h).
 * Source: Wilkinson 1956; start from Rapp, Ericsson Technics 20(2), 1964, then solved exactly.
 */
rig_status rig_overflow_equivalent(const rig_two_moments *traffic, rig_first_group *equivalent,
                                   rig_error *err);

/** Rapp's approximation itself: A* = v + 3 z (z - 1), N* = A* (m + z) / (m + z - 1) - m - 1. */
rig_status rig_overflow_rapp(const rig_two_moments *traffic, rig_first_group *equivalent,
                             rig_error *err);

/** Share of the traffic that n_circuits more lose. Same domain as rig_overflow_equivalent. */
rig_status rig_overflow_loss(const rig_two_moments *traffic, uint32_t n_circuits, double *p_lost,
                             rig_error *err);

/** The fewest circuits that lose at most a share (> 0, < 1) of the traffic. */
rig_status rig_overflow_circuits(const rig_two_moments *traffic, double p_lost,
                                 uint32_t *n_circuits, rig_error *err);

#endif
