/* SPDX-License-Identifier: GPL-3.0-or-later */
/* M/M/c/K: c agents and room for K callers in all; who finds the room full is lost.
 *
 * Circuits (places) and fewer agents, patient callers: the call centre whose trunks fill before
 * its queue tires anybody. K = c is Erlang B; K without end is Erlang C. Overload is no error: the
 * room is finite. Poisson arrivals, exponential handling times.
 *
 * Every function returns RIG_OK, or RIG_EDOM with a text in `err` (which may be NULL) when an
 * argument is out of its range; outputs are untouched on error.
 * Source: Gross, Shortle, Thompson & Harris, Fundamentals of Queueing Theory, 4th ed., section 2.5.
 */
#ifndef RIG_MODELS_MMCK_H
#define RIG_MODELS_MMCK_H

#include <stdint.h>

#include "core/status.h"
#include "models/goal.h"

/** The callers, the room and the threshold of the service level. */
typedef struct rig_mmck_input {
    double offered_erl; /**< finite, >= 0 */
    uint32_t n_agents;  /**< c; 1 to RIG_MAX_SERVERS */
    uint32_t n_places;  /**< K, those with an agent included; n_agents to RIG_MAX_SERVERS */
    double aht_s;       /**< mean handling time; finite, > 0 */
    double within_s;    /**< for p_served_within; finite, >= 0 */
} rig_mmck_input;

/** Means of the steady state. */
typedef struct rig_mmck_figures {
    double p_block;         /**< p_K: lost per offered */
    double p_wait;          /**< waits, per offered */
    double p_wait_accepted; /**< waits, per accepted */
    double p_served_within; /**< service level: accepted and wait <= within_s, per offered */
    double mean_wait_s;     /**< W_q: of the accepted */
    double mean_queue;      /**< L_q: waiting, time average */
    double mean_in_system;  /**< L: waiting or with an agent, time average */
    double p_busy;          /**< occupancy of an agent */
    double p_wait_over;     /**< accepted and wait > within_s, per offered */
} rig_mmck_figures;

/** All figures; time grows with K - c. The service level is exact to a relative 1e-10. */
rig_status rig_mmck(const rig_mmck_input *input, rig_mmck_figures *figures, rig_error *err);

/**
 * The fewest places (>= n_agents) that lose at most a share (> 0, < 1) of the offered calls.
 * RIG_EDOM when no number of places does: c agents always lose at least 1 - c / A.
 * @param input  n_places, aht_s and within_s are not used.
 */
rig_status rig_mmck_places(const rig_mmck_input *input, double p_block, uint32_t *n_places,
                           rig_error *err);

/**
 * The fewest agents that meet a goal with n_places places; MEAN_WAIT_S is of the accepted, P_WAIT
 * and SERVICE_LEVEL are per offered. RIG_EDOM when even n_places agents do not.
 * @param input  n_agents and within_s are not used.
 */
rig_status rig_mmck_agents(const rig_mmck_input *input, const rig_goal *goal, uint32_t *n_agents,
                           rig_error *err);

#endif
