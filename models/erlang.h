/* Loss formulas. */
#ifndef RIG_MODELS_ERLANG_H
#define RIG_MODELS_ERLANG_H

#include <stdint.h>

#include "core/status.h"

/**
 * Erlang-B blocking probability of a loss system with Poisson arrivals (M/G/N/N; insensitive to the
 * distribution of the holding time beyond its mean).
 *
 * @param offered_erl  Offered traffic, erlang; finite, >= 0.
 * @param n_circuits   Circuits; >= 0 (with 0 every call is blocked).
 * @param[out] p_block Blocked per offered, in [0, 1]; untouched on error.
 * @return RIG_OK, or RIG_EDOM when an argument is out of its range.
 * Source: Jagerman, BSTJ 53(3), 1974 (recursion on 1/B: no cancellation, no overflow of B).
 */
rig_status rig_erlang_b(double offered_erl, uint32_t n_circuits, double *p_block);

#endif
