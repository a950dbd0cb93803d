/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erlang A (Palm): as Erlang C, but a caller whose patience ends before his wait hangs up.
 *
 * M/M/n+M: Poisson arrivals, exponential handling times and patience. Steady for any load: overload
 * is a result here. Patience 0 is Erlang B (nobody waits), patience INFINITY is Erlang C.
 *
 * Every function returns RIG_OK; RIG_EDOM with a text in `err` (which may be NULL) when an argument
 * is out of its range; RIG_ENOMEM. Outputs are untouched on error.
 * Source: Palm, Research on telephone traffic carried by full availability groups, Tele 1, 1957;
 * Mandelbaum & Zeltyn, Service engineering in action: the Palm/Erlang-A queue, 2007, sections 3-4.
 */
#ifndef RIG_MODELS_ERLANG_A_H
#define RIG_MODELS_ERLANG_A_H

#include <stdint.h>

#include "core/status.h"
#include "models/goal.h"

/** The callers, the agents and the threshold of the service level. */
typedef struct rig_erlang_a_input {
    double offered_erl; /**< finite, >= 0 */
    uint32_t n_agents;  /**< 0 to RIG_MAX_SERVERS; with 0 everybody abandons */
    double aht_s;       /**< mean handling time, wrap-up included; finite, > 0 */
    double patience_s;  /**< mean patience; >= 0. INFINITY needs offered_erl < n_agents */
    double within_s;    /**< threshold T; finite, >= 0 */
} rig_erlang_a_input;

/**
 * Means of the steady state. The wait of a caller ends when an agent answers or he hangs up. The
 * three shares that speak of T add up to 1: every caller is served within T, abandons within T, or
 * is still waiting at T.
 */
typedef struct rig_erlang_a_figures {
    double p_wait;                /**< share that finds no free agent (with patience 0: is lost) */
    double p_abandon;             /**< abandoned per offered */
    double p_served_within;       /**< served with a wait <= T, per offered: the service level */
    double p_abandoned_within;    /**< abandoned after a wait <= T, per offered */
    double p_wait_over;           /**< wait > T, per offered, whatever comes of it */
    double p_answered_in_time;    /**< served within T per caller who did not abandon within T: the
                                       service level of centres that do not count short abandons */
    double mean_wait_s;           /**< of all callers */
    double mean_wait_served_s;    /**< of those served: the average speed of answer (ASA) */
    double mean_wait_abandoned_s; /**< of those who abandon; 0 when nobody does */
    double mean_queue;            /**< callers waiting, time average */
    double p_busy;                /**< occupancy of an agent */
} rig_erlang_a_figures;

/** All figures, to a relative 1e-11; the time is that of a few thousand exponentials, and one step
 * for each agent in excess of the traffic. */
rig_status rig_erlang_a(const rig_erlang_a_input *input, rig_erlang_a_figures *figures,
                        rig_error *err);

/**
 * The wait that a share of all callers, the abandoning included, does not exceed.
 * @param p      >= 0 and < 1.
 * @param input  within_s is not used.
 */
rig_status rig_erlang_a_wait_percentile(const rig_erlang_a_input *input, double p, double *wait_s,
                                        rig_error *err);

/**
 * The fewest agents that meet a goal. P_LOST is p_abandon, MEAN_WAIT_S the wait of all callers,
 * SERVICE_LEVEL is p_served_within.
 * @param input  n_agents and within_s are not used.
 */
rig_status rig_erlang_a_agents(const rig_erlang_a_input *input, const rig_goal *goal,
                               uint32_t *n_agents, rig_error *err);

/**
 * The most traffic with which input->n_agents (>= 1) meet a goal.
 * @param input  offered_erl and within_s are not used.
 */
rig_status rig_erlang_a_load(const rig_erlang_a_input *input, const rig_goal *goal,
                             double *offered_erl, rig_error *err);

#endif
