/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/erlang_c.h"

#include <math.h>

#include "models/domain.h"
#include "models/erlang_b.h"
#include "models/formulas/root.h"

#define FORMULA "erlang c"

/* The figures once 1/B(n, A) is known; 0 <= A < n. */
static void fill(const rig_erlang_c_input *input, double inverse_b, rig_erlang_c_figures *f)
{
    double n = input->n_agents, spare = n - input->offered_erl;
    double b = 1.0 / inverse_b, rho = input->offered_erl / n;
    double p_wait = b / (spare / n + rho * b);
    f->p_wait = p_wait;
    f->p_served_within = 1.0 - p_wait * exp(-spare * input->within_s / input->aht_s);
    f->mean_wait_queued_s = input->aht_s / spare;
    f->mean_wait_s = p_wait * f->mean_wait_queued_s;
    f->mean_queue = p_wait * (input->offered_erl / spare);
    f->p_busy = rho;
}

static rig_goal_figures goal_figures(const rig_erlang_c_figures *f)
{
    return (rig_goal_figures){
        .p_wait = f->p_wait, .mean_wait_s = f->mean_wait_s, .p_served_within = f->p_served_within};
}

static rig_status check_times(const rig_erlang_c_input *input, rig_error *err)
{
    rig_status status = rig_domain_positive(FORMULA, "aht_s", input->aht_s, err);
    if (status == RIG_OK)
        status = rig_domain_not_negative(FORMULA, "within_s", input->within_s, err);
    return status;
}

static rig_status check(const rig_erlang_c_input *input, rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", input->offered_erl, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_agents", input->n_agents, 1, err);
    if (status == RIG_OK)
        status = check_times(input, err);
    if (status == RIG_OK && input->offered_erl >= input->n_agents)
        status = rig_fail(err, RIG_EDOM,
                          "%s: offered %g erl on %u agents: the queue grows without end; expected "
                          "offered < agents (Erlang A handles overload)",
                          FORMULA, input->offered_erl, input->n_agents);
    return status;
}

static rig_status check_goal(const rig_goal *goal, rig_error *err)
{
    rig_status status = rig_goal_check(goal, FORMULA, err);
    if (status == RIG_OK && goal->kind == RIG_GOAL_P_LOST)
        status = rig_fail(err, RIG_EDOM,
                          "%s: a goal for the share lost; expected a goal for the wait or the "
                          "service level (nobody is lost here)",
                          FORMULA);
    return status;
}

static double inverse_b_of(const rig_erlang_c_input *input)
{
    if (input->offered_erl == 0.0)
        return INFINITY;
    return rig_erlang_b_reciprocal(input->offered_erl, input->n_agents);
}

rig_status rig_erlang_c(const rig_erlang_c_input *input, rig_erlang_c_figures *figures,
                        rig_error *err)
{
    rig_status status = check(input, err);
    if (status == RIG_OK)
        fill(input, inverse_b_of(input), figures);
    return status;
}

rig_status rig_erlang_c_wait_over(const rig_erlang_c_input *input, double t_s, double *p_over,
                                  rig_error *err)
{
    rig_erlang_c_input at_once = *input;
    rig_erlang_c_figures f;
    at_once.within_s = 0.0;
    rig_status status = rig_domain_not_negative(FORMULA, "t_s", t_s, err);
    if (status == RIG_OK)
        status = rig_erlang_c(&at_once, &f, err);
    if (status == RIG_OK)
        *p_over = f.p_wait * exp(-(input->n_agents - input->offered_erl) * t_s / input->aht_s);
    return status;
}

rig_status rig_erlang_c_wait_percentile(const rig_erlang_c_input *input, double p, double *wait_s,
                                        rig_error *err)
{
    rig_erlang_c_input at_once = *input;
    rig_erlang_c_figures f;
    at_once.within_s = 0.0;
    if (!(p >= 0.0 && p < 1.0))
        return rig_fail(err, RIG_EDOM, "%s: p %g; expected a share >= 0 and < 1", FORMULA, p);
    rig_status status = rig_erlang_c(&at_once, &f, err);
    if (status == RIG_OK)
        *wait_s = f.p_wait <= 1.0 - p ? 0.0 : log(f.p_wait / (1.0 - p)) * f.mean_wait_queued_s;
    return status;
}

rig_status rig_erlang_c_agents(const rig_erlang_c_input *input, const rig_goal *goal,
                               uint32_t *n_agents, rig_error *err)
{
    rig_erlang_c_input trial = *input;
    trial.within_s = goal->within_s;
    rig_status status = check_goal(goal, err);
    if (status == RIG_OK)
        status = rig_domain_not_negative(FORMULA, "offered_erl", trial.offered_erl, err);
    if (goal->kind != RIG_GOAL_SERVICE_LEVEL)
        trial.within_s = 0.0;
    if (status == RIG_OK)
        status = check_times(&trial, err);
    if (status != RIG_OK)
        return status;
    if (trial.offered_erl < RIG_MAX_SERVERS) {
        trial.n_agents = (uint32_t)floor(trial.offered_erl) + 1;
        double inverse = inverse_b_of(&trial);
        for (; trial.n_agents <= RIG_MAX_SERVERS; trial.n_agents++) {
            rig_erlang_c_figures f;
            fill(&trial, inverse, &f);
            rig_goal_figures reached = goal_figures(&f);
            if (rig_goal_margin(goal, &reached) >= 0.0) {
                *n_agents = trial.n_agents;
                return RIG_OK;
            }
            inverse = 1.0 + (trial.n_agents + 1.0) / trial.offered_erl * inverse;
        }
    }
    return rig_fail(err, RIG_EDOM,
                    "%s: offered_erl %g with this goal needs more than %u agents; expected less "
                    "traffic or a weaker goal",
                    FORMULA, trial.offered_erl, RIG_MAX_SERVERS);
}

typedef struct search {
    rig_erlang_c_input input;
    const rig_goal *goal;
} search;

static double margin_at_load(double offered_erl, void *ctx)
{
    search *s = ctx;
    rig_erlang_c_figures f;
    s->input.offered_erl = offered_erl;
    fill(&s->input, inverse_b_of(&s->input), &f);
    rig_goal_figures reached = goal_figures(&f);
    return rig_goal_margin(s->goal, &reached);
}

rig_status rig_erlang_c_load(const rig_erlang_c_input *input, const rig_goal *goal,
                             double *offered_erl, rig_error *err)
{
    search s = {.input = *input, .goal = goal};
    s.input.within_s = goal->kind == RIG_GOAL_SERVICE_LEVEL ? goal->within_s : 0.0;
    rig_status status = check_goal(goal, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_agents", input->n_agents, 1, err);
    if (status == RIG_OK)
        status = check_times(&s.input, err);
    if (status != RIG_OK)
        return status;
    double high = input->n_agents * (1.0 - 1e-15), low = high;
    do {
        low /= 4.0;
        if (low < 1e-300)
            return rig_fail(err, RIG_EDOM,
                            "%s: no traffic is so little that %u agents meet the "
                            "goal; expected a weaker goal",
                            FORMULA, input->n_agents);
    } while (margin_at_load(low, &s) < 0.0);
    if (margin_at_load(high, &s) >= 0.0) { /* met up to the very limit of stability */
        *offered_erl = high;
        return RIG_OK;
    }
    status = rig_root_find(margin_at_load, &s, low, high, offered_erl);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: no load found for %u agents", FORMULA, input->n_agents);
    return RIG_OK;
}
