/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The integrals of the Palm/Erlang-A queue, for every load and every patience. Internal to
 * erlang_a.
 *
 * With r = patience / handling time, a = n r and y = A r, the density of the wait that an endlessly
 * patient caller would have is proportional to exp(h(u)), h(u) = y (1 - e^-u) - a u, where u is the
 * wait over the mean patience. h is concave: its greatest value for u >= 0 is taken out, so that
 * nothing overflows. */
#ifndef RIG_MODELS_FORMULAS_PALM_H
#define RIG_MODELS_FORMULAS_PALM_H

#include "core/status.h"

/** One queue. */
typedef struct rig_palm {
    double offered_erl, n_agents; /**< A > 0, n >= 1 */
    double patience_per_aht;      /**< r > 0, finite */
} rig_palm;

/** Integrals over u from `from` on of exp(h(u) - greatest h) times a weight. */
typedef struct rig_palm_tail {
    double all;        /**< weight 1 */
    double stay;       /**< e^-u: those who are patient enough */
    double leave;      /**< 1 - e^-u */
    double wait;       /**< u */
    double wait_stay;  /**< u e^-u */
    double wait_leave; /**< mean of u among those who leave: 1 - e^-u (1 + u) */
} rig_palm_tail;

/** The greatest h(u), u >= 0; 0 unless offered > agents. */
double rig_palm_peak(const rig_palm *queue);

/**
 * The integrals; relative error about 1e-13.
 * @param from  >= 0, finite.
 * @return RIG_OK or RIG_ENOMEM.
 * Source of the method: Gauss-Legendre of 32 points on panels between the points where h has
 * fallen by fixed amounts, and no longer than the scale of e^-u where that matters.
 */
rig_status rig_palm_integrate(const rig_palm *queue, double from, rig_palm_tail *tail);

#endif
