/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GI/M/c/c: Erlang's loss system with arrivals that are not Poisson, but independent gaps of any
 * one distribution: a metronome (D/M/c/c), gaps more even or more uneven than exponential ones.
 *
 * Unlike Erlang B this needs exponential holding times. Every function returns RIG_OK, or RIG_EDOM
 * with a text in `err` (which may be NULL); outputs are untouched on error.
 * Source: Palm, 1943; Takacs, Introduction to the Theory of Queues, 1962, chapter 4: with phi the
 * Laplace transform of the gap, in units of the mean holding time,
 * 1/p = sum_{j=0}^c C(c, j) prod_{i=1}^j (1 - phi(i)) / phi(i). All terms are positive, so the sum
 * is stable as it stands. */
#ifndef RIG_MODELS_GI_LOSS_H
#define RIG_MODELS_GI_LOSS_H

#include <stdint.h>

#include "core/status.h"

/**
 * (1 - phi(s)) / phi(s) of the gap between arrivals, the gap measured in mean holding times.
 * For Poisson arrivals it is s / A. Called with s = 1, 2, ...; >= 0, may be INFINITY.
 */
typedef double (*rig_gap_ratio)(double s, void *ctx);

/** Share of the calls that is blocked, for any distribution of the gap; n_circuits as Erlang B. */
rig_status rig_gi_loss(rig_gap_ratio ratio, void *ctx, uint32_t n_circuits, double *p_block,
                       rig_error *err);

/**
 * The same for gaps of a gamma distribution.
 * @param offered_erl Arrival rate x mean holding time; finite, >= 0.
 * @param gap_cv      Standard deviation / mean of the gap; 0 to 100. 0: a metronome; 1: Poisson.
 */
rig_status rig_gi_loss_gamma(double offered_erl, double gap_cv, uint32_t n_circuits,
                             double *p_block, rig_error *err);

/** The fewest circuits that block at most a share (> 0, < 1). */
rig_status rig_gi_loss_gamma_circuits(double offered_erl, double gap_cv, double p_block,
                                      uint32_t *n_circuits, rig_error *err);

/** The offered traffic of which n_circuits (>= 1) block exactly a share (> 0, < 1). */
rig_status rig_gi_loss_gamma_load(uint32_t n_circuits, double gap_cv, double p_block,
                                  double *offered_erl, rig_error *err);

#endif
