/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Extended Erlang B: a share of the blocked calls is dialled again at once, as often as it takes.
 *
 * The redials join the offered traffic as if they were fresh Poisson calls: a fixed point
 * A = A0 + r A B(N, A). Real redials come in bunches after a pause; simulate when that matters.
 *
 * Every function returns RIG_OK, or RIG_EDOM with a text in `err` (which may be NULL) when an
 * argument is out of its range; outputs are untouched on error.
 * Source: Parkinson, Traffic Engineering Techniques in Telecommunications, 2002 (recall factor);
 * the fixed point is unique, because A - r A B(N, A) grows with A (carried traffic does). */
#ifndef RIG_MODELS_EXTENDED_B_H
#define RIG_MODELS_EXTENDED_B_H

#include <stdint.h>

#include "core/status.h"

/** What redialling makes of the fresh traffic. */
typedef struct rig_extended_b_figures {
    double p_block;     /**< blocked per attempt */
    double offered_erl; /**< with the redials */
    double carried_erl;
    double p_lost_per_caller; /**< callers who give up without a circuit */
    double attempts_per_caller;
} rig_extended_b_figures;

/**
 * All figures.
 * @param fresh_erl  Traffic of first attempts; finite, >= 0; < n_circuits when p_redial is 1 (else
 *                   the attempts grow without end).
 * @param n_circuits 0 to RIG_MAX_SERVERS; with 0 p_redial must be < 1.
 * @param p_redial   Share of the blocked attempts that is dialled again; 0 to 1. 0 is Erlang B.
 */
rig_status rig_extended_b(double fresh_erl, uint32_t n_circuits, double p_redial,
                          rig_extended_b_figures *figures, rig_error *err);

/** The fewest circuits that block at most p_block (> 0, < 1) of the attempts. */
rig_status rig_extended_b_circuits(double fresh_erl, double p_block, double p_redial,
                                   uint32_t *n_circuits, rig_error *err);

/** The fresh traffic of which exactly p_block (> 0, < 1) of the attempts are blocked; n >= 1. */
rig_status rig_extended_b_load(uint32_t n_circuits, double p_block, double p_redial,
                               double *fresh_erl, rig_error *err);

#endif
