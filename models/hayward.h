/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hayward's approximation: peaked or smooth traffic on a group, by one scaled Erlang B.
 *
 * Traffic of peakedness z on N circuits is blocked about as Poisson traffic of A / z on N / z
 * circuits, B continuous in the circuits. An approximation (some per cent of the loss), the better
 * the nearer z is to 1, where it is Erlang B itself. It needs only A and z, so it also serves
 * smoothed traffic (z < 1), which the equivalent random theory cannot.
 *
 * Every function returns RIG_OK, or RIG_EDOM with a text in `err` (which may be NULL) when an
 * argument is out of its range; outputs are untouched on error.
 * Source: Fredericks, Congestion in blocking systems - a simple approximation technique, BSTJ
 * 59(6), 1980. */
#ifndef RIG_MODELS_HAYWARD_H
#define RIG_MODELS_HAYWARD_H

#include <stdint.h>

#include "core/status.h"

/**
 * Share of the calls that is blocked.
 * @param offered_erl  Mean of the traffic; finite, >= 0.
 * @param peakedness   Variance / mean; finite, > 0.
 * @param n_circuits   0 to RIG_MAX_SERVERS; n_circuits / peakedness too.
 */
rig_status rig_hayward(double offered_erl, double peakedness, uint32_t n_circuits, double *p_block,
                       rig_error *err);

/** The fewest circuits that block at most a share (> 0, < 1). */
rig_status rig_hayward_circuits(double offered_erl, double peakedness, double p_block,
                                uint32_t *n_circuits, rig_error *err);

/** The mean traffic that n_circuits (>= 1) block exactly to a share (> 0, < 1). */
rig_status rig_hayward_load(uint32_t n_circuits, double peakedness, double p_block,
                            double *offered_erl, rig_error *err);

#endif
