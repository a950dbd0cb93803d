/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traffic that changes: which steady load stands for each instant.
 *
 * A steady-state formula asks for one load. PSA gives it the load of the present rate; MOL the mean
 * number of calls that would be in progress if circuits never ended, which lags behind the rate by
 * about a holding time and is the better, the longer calls are. The formula (Erlang B, C, A) is
 * then applied to each load by itself.
 *
 * Every function returns RIG_OK; RIG_EDOM with a text in `err` (which may be NULL) when an argument
 * is out of its range; RIG_ENOMEM. Outputs are untouched on error.
 * Sources: Green & Kolesar, The pointwise stationary approximation for queues with nonstationary
 * arrivals, Management Science 37(1), 1991 (PSA; valid when rates change slowly against a holding
 * time). Eick, Massey & Whitt, The physics of the M_t/G/infinity queue, Operations Research 41(4),
 * 1993 (the load). Massey & Whitt, An analysis of the modified offered-load approximation for the
 * nonstationary Erlang loss model, Annals of Applied Probability 4(4), 1994 (MOL). Jennings,
 * Mandelbaum, Massey & Whitt, Server staffing to meet time-varying demand, Management Science
 * 42(10), 1996 (agents from that load). */
#ifndef RIG_MODELS_TIME_VARYING_H
#define RIG_MODELS_TIME_VARYING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/** Call rates, constant in each interval; interval i is [i, i + 1) x interval_s. */
typedef struct rig_rate_profile {
    const double *rate_per_s; /**< n of them, finite, >= 0; borrowed */
    size_t n;                 /**< 1 to 1,000,000 */
    double interval_s;        /**< finite, > 0 */
    bool is_periodic;         /**< repeats for ever in both directions; else nobody calls before 0
                                   and after the last interval */
} rig_rate_profile;

/** The part of a holding time in its first x_s, E[min(S, x)]: such as rig_holding_capped_mean_s.
 * Grows from 0 to the mean, which it gives for INFINITY. */
typedef double (*rig_capped_mean)(double x_s, void *ctx);

/** A rate or a probability as a function of time. */
typedef double (*rig_time_function)(double t_s, void *ctx);

/** How a load is given to an instant. */
typedef enum rig_time_method {
    RIG_TIME_PSA = 0, /**< rate(t) x mean holding time */
    RIG_TIME_MOL      /**< integral of rate(t - s) P(S > s) ds */
} rig_time_method;

/**
 * The load at each of some instants, erlang. Exact for the profile (no step size); the time is
 * n_times x the intervals that the longest call spans.
 *
 * @param capped_mean  Of the holding time; its value at INFINITY is finite and > 0.
 * @param t_s          n_times instants; finite. At a jump of the rate PSA takes the later rate.
 * @param[out] load_erl n_times loads, owned by the caller.
 */
rig_status rig_time_varying_load(rig_time_method method, const rig_rate_profile *profile,
                                 rig_capped_mean capped_mean, void *ctx, const double *t_s,
                                 size_t n_times, double *load_erl, rig_error *err);

/**
 * The MOL load at one instant for any rate function: the integral of rate(t - s) survival(s) from
 * s = 0 to memory_s, by Gauss-Legendre of 32 points on panels of step_s.
 *
 * @param rate      Calls a second at a time; >= 0. Smooth on a scale of step_s.
 * @param survival  P(holding time > s).
 * @param memory_s  No call is longer, or those that are may be left out; finite, > 0.
 * @param step_s    > 0; memory_s / step_s <= 1,000,000.
 * @return RIG_EDOM also when rate or survival gives a negative or no number.
 */
rig_status rig_time_varying_load_at(rig_time_function rate, void *rate_ctx,
                                    rig_time_function survival, void *survival_ctx, double t_s,
                                    double memory_s, double step_s, double *load_erl,
                                    rig_error *err);

#endif
