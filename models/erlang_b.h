/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erlang B: calls meet a group of circuits; who finds all of them busy is lost and does not return.
 *
 * M/G/N/N with Poisson arrivals. The loss depends on the holding time only through its mean
 * (insensitivity: Sevastyanov, Theory Probab. Appl. 2, 1957): circuits held for a constant, an
 * exponential or any other time block alike.
 *
 * Every function returns RIG_OK, or RIG_EDOM with a text in `err` (which may be NULL) when an
 * argument is out of its range; outputs are untouched on error. A loss below 1e-308 is 0. */
#ifndef RIG_MODELS_ERLANG_B_H
#define RIG_MODELS_ERLANG_B_H

#include <stdint.h>

#include "core/status.h"

/**
 * Share of the calls that is blocked.
 *
 * @param offered_erl  Offered traffic, erlang; finite, >= 0.
 * @param n_circuits   0 to RIG_MAX_SERVERS; with 0 every call is blocked. One step a circuit.
 * @param[out] p_block Blocked per offered, in [0, 1].
 * Source: Jagerman, Some properties of the Erlang loss function, BSTJ 53(3), 1974: recursion on 1/B
 * (no cancellation, no overflow of B).
 */
rig_status rig_erlang_b(double offered_erl, uint32_t n_circuits, double *p_block, rig_error *err);

/**
 * The same for a fractional number of circuits, as equivalent groups need (Hayward, Wilkinson).
 * Equal to rig_erlang_b at whole numbers, to a relative 1e-12.
 *
 * @param n_circuits  0 to RIG_MAX_SERVERS, not necessarily whole.
 * Source: 1/B = A integral_0^inf e^(-A t) (1 + t)^N dt (Fortet; Jagerman 1974, theorem 3) by the
 * continued fraction of the incomplete gamma function (Abramowitz & Stegun 6.5.31), which has only
 * positive terms for N <= A; beyond it Jagerman's recursion upwards.
 */
rig_status rig_erlang_b_continuous(double offered_erl, double n_circuits, double *p_block,
                                   rig_error *err);

/**
 * The fewest circuits that block at most a share.
 * @param p_block     > 0 and < 1.
 * @param[out] n_circuits  RIG_EDOM when more than RIG_MAX_SERVERS are needed.
 */
rig_status rig_erlang_b_circuits(double offered_erl, double p_block, uint32_t *n_circuits,
                                 rig_error *err);

/** The fractional number of circuits that blocks exactly a share (> 0, < 1); offered_erl > 0. */
rig_status rig_erlang_b_circuits_continuous(double offered_erl, double p_block, double *n_circuits,
                                            rig_error *err);

/**
 * The offered traffic that is blocked exactly to a share.
 * @param n_circuits  > 0, not necessarily whole.
 * @param p_block     > 0 and < 1.
 */
rig_status rig_erlang_b_load(double n_circuits, double p_block, double *offered_erl,
                             rig_error *err);

/** Traffic that the whole group carries: A (1 - B), without cancellation. */
rig_status rig_erlang_b_carried(double offered_erl, uint32_t n_circuits, double *carried_erl,
                                rig_error *err);

/**
 * Traffic that the last of n_circuits (>= 1) carries when calls hunt from the first on:
 * A (B(n-1) - B(n)), without cancellation. What one more circuit earns.
 * Source: Iversen, Teletraffic Engineering and Network Planning, 2015, section 4.2 (improvement
 * function); the recursion of the difference follows from Jagerman's.
 */
rig_status rig_erlang_b_last_circuit(double offered_erl, uint32_t n_circuits, double *carried_erl,
                                     rig_error *err);

/** 1 / B for valid arguments (offered_erl > 0), perhaps INFINITY: for the formulas that contain it.
 */
double rig_erlang_b_reciprocal(double offered_erl, double n_circuits);

#endif
