/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erlang C: callers who find every agent busy wait, first come first served, for ever.
 *
 * M/M/n: Poisson arrivals, exponential handling times, nobody abandons. With offered >= agents the
 * queue grows without end: that is RIG_EDOM, not a number (Erlang A has an answer there).
 *
 * Every function returns RIG_OK; RIG_EDOM with a text in `err` (which may be NULL) when an argument
 * is out of its range; RIG_ENOMEM. Outputs are untouched on error.
 * Source: Cooper, Introduction to Queueing Theory, 2nd ed., section 3.5; Kleinrock, Queueing
 * Systems I, section 3.5. */
#ifndef RIG_MODELS_ERLANG_C_H
#define RIG_MODELS_ERLANG_C_H

#include <stdint.h>

#include "core/status.h"
#include "models/goal.h"

/** The callers, the agents and the threshold of the service level. */
typedef struct rig_erlang_c_input {
    double offered_erl; /**< finite, >= 0, < n_agents */
    uint32_t n_agents;  /**< 1 to RIG_MAX_SERVERS */
    double aht_s;       /**< mean handling time, wrap-up included; finite, > 0 */
    double within_s;    /**< for p_served_within; finite, >= 0 */
} rig_erlang_c_input;

/** Means of the steady state. */
typedef struct rig_erlang_c_figures {
    double p_wait;             /**< share that finds no free agent */
    double p_served_within;    /**< service level: wait <= within_s, per offered */
    double mean_wait_s;        /**< of all callers: the average speed of answer (ASA) */
    double mean_wait_queued_s; /**< of those who wait */
    double mean_queue;         /**< callers waiting, time average */
    double p_busy;             /**< occupancy of an agent */
} rig_erlang_c_figures;

/** All figures. Source: C = B / (1 - rho (1 - B)); P(W > t) = C exp(-(n - A) t / aht). */
rig_status rig_erlang_c(const rig_erlang_c_input *input, rig_erlang_c_figures *figures,
                        rig_error *err);

/** Share of all callers that waits longer than t_s (finite, >= 0). input->within_s is not used. */
rig_status rig_erlang_c_wait_over(const rig_erlang_c_input *input, double t_s, double *p_over,
                                  rig_error *err);

/**
 * The wait that a share of all callers does not exceed; 0 when that many do not wait at all.
 * @param p  >= 0 and < 1: 0.9 gives the 90th percentile.
 */
rig_status rig_erlang_c_wait_percentile(const rig_erlang_c_input *input, double p, double *wait_s,
                                        rig_error *err);

/**
 * The fewest agents that meet a goal (any but P_LOST: nobody is lost).
 * @param input  n_agents and within_s are not used.
 */
rig_status rig_erlang_c_agents(const rig_erlang_c_input *input, const rig_goal *goal,
                               uint32_t *n_agents, rig_error *err);

/**
 * The most traffic with which input->n_agents meet a goal.
 * @param input  offered_erl and within_s are not used.
 */
rig_status rig_erlang_c_load(const rig_erlang_c_input *input, const rig_goal *goal,
                             double *offered_erl, rig_error *err);

#endif
