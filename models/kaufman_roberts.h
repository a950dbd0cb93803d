/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kaufman-Roberts: several kinds of calls on one group, each kind with its own traffic and its own
 * number of circuits a call (video beside voice, transfers that hold two circuits).
 *
 * Complete sharing: a call is blocked only when fewer circuits are free than it needs. Poisson
 * arrivals, blocked calls are lost; insensitive to the holding times beyond their means. One kind
 * of one circuit is Erlang B.
 *
 * Every function returns RIG_OK; RIG_EDOM with a text in `err` (which may be NULL) when an argument
 * is out of its range; RIG_ENOMEM. Outputs are untouched on error.
 * Source: Kaufman, IEEE Trans. Commun. 29(10), 1981; Roberts, 1981: j q(j) = sum_k a_k b_k q(j -
 * b_k).
 */
#ifndef RIG_MODELS_KAUFMAN_ROBERTS_H
#define RIG_MODELS_KAUFMAN_ROBERTS_H

#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** One kind of calls. */
typedef struct rig_call_class {
    double offered_erl;  /**< call rate x mean holding time (calls, not circuits); 0 to 1e12 */
    uint32_t n_circuits; /**< circuits that one call holds; 1 to RIG_MAX_SERVERS */
} rig_call_class;

/**
 * Blocking of each class.
 * @param classes      n_classes (1 to 1000) of them.
 * @param n_circuits   Of the group; 0 to RIG_MAX_SERVERS. Time: n_circuits x n_classes.
 * @param[out] p_block n_classes shares, owned by the caller.
 * @param[out] p_busy  NULL, or n_circuits + 1 probabilities of so many busy circuits (those below
 *                     1e-250 may be given as 0).
 */
rig_status rig_kaufman_roberts(const rig_call_class *classes, size_t n_classes, uint32_t n_circuits,
                               double *p_block, double *p_busy, rig_error *err);

/**
 * The fewest circuits with which no class is blocked more than p_block (> 0, < 1). (With mixed
 * classes a circuit more can block one class more: this is the first number that serves all.)
 */
rig_status rig_kaufman_roberts_circuits(const rig_call_class *classes, size_t n_classes,
                                        double p_block, uint32_t *n_circuits, rig_error *err);

#endif
