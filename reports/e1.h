/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits as E1 lines: how many a capture needed. */
#ifndef RIG_REPORTS_E1_H
#define RIG_REPORTS_E1_H

#include <stdint.h>

/** Circuits of an E1 line. Source: ITU-T G.704: 32 time slots, of which 0 is framing and 16
 * signalling. */
#define RIG_E1_CIRCUITS 30

/** The E1 lines that so many circuits take. */
uint32_t rig_e1_of_circuits(uint32_t n_circuits);

/**
 * The E1 lines that lose at most a share of a traffic, were it stationary Poisson traffic: Erlang B
 * (models/erlang_b.h).
 * @param offered_erl  >= 0.
 * @param p_lost       In (0, 1).
 * @return 0 for no traffic, or what is out of range.
 */
uint32_t rig_e1_for_loss(double offered_erl, double p_lost);

#endif
