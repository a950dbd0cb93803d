/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "models/domain.h"
#include "models/erlang_a.h"
#include "models/erlang_c.h"
#include "models/formulas/root.h"

#define FORMULA "erlang a"

/* A search over a checked input; the first failure ends it. */
typedef struct search {
    rig_erlang_a_input input;
    const rig_goal *goal;
    double p; /* of the percentile */
    rig_status status;
    rig_error *err;
} search;

static double margin(search *s)
{
    rig_erlang_a_figures f;
    if (s->status == RIG_OK)
        s->status = rig_erlang_a(&s->input, &f, s->err);
    if (s->status != RIG_OK)
        return -1.0;
    return rig_goal_margin(s->goal, &(rig_goal_figures){.p_lost = f.p_abandon,
                                                        .p_wait = f.p_wait,
                                                        .mean_wait_s = f.mean_wait_s,
                                                        .p_served_within = f.p_served_within});
}

static double margin_at_load(double offered_erl, void *ctx)
{
    search *s = ctx;
    s->input.offered_erl = offered_erl;
    return margin(s);
}

static double excess_at_log_wait(double log_wait_s, void *ctx)
{
    search *s = ctx;
    rig_erlang_a_figures f;
    s->input.within_s = exp(log_wait_s);
    if (s->status == RIG_OK)
        s->status = rig_erlang_a(&s->input, &f, s->err);
    return s->status == RIG_OK ? f.p_wait_over - (1.0 - s->p) : 0.0;
}

rig_status rig_erlang_a_wait_percentile(const rig_erlang_a_input *input, double p, double *wait_s,
                                        rig_error *err)
{
    search s = {.input = *input, .p = p, .err = err};
    rig_erlang_a_figures f;
    if (!(p >= 0.0 && p < 1.0))
        return rig_fail(err, RIG_EDOM, "%s: p %g; expected a share >= 0 and < 1", FORMULA, p);
    s.input.within_s = 0.0;
    s.status = rig_erlang_a(&s.input, &f, err);
    if (s.status != RIG_OK)
        return s.status;
    if (f.p_wait_over <= 1.0 - p) {
        *wait_s = 0.0;
        return RIG_OK;
    }
    if (isinf(input->patience_s)) {
        const rig_erlang_c_input patient = {
            .offered_erl = input->offered_erl, .n_agents = input->n_agents, .aht_s = input->aht_s};
        return rig_erlang_c_wait_percentile(&patient, p, wait_s, err);
    }
    /* Nobody waits longer than he is patient. The search is for 1 + ln(t / low) > 0. */
    double high = -input->patience_s * log1p(-p), low = high;
    do {
        low /= 16.0;
    } while (low > 1e-290 && excess_at_log_wait(log(low), &s) < 0.0);
    double log_low = log(low), log_high = log(high);
    for (int i = 0; i < 200 && log_high - log_low > 1e-15 * fabs(log_high) && s.status == RIG_OK;
         i++) {
        double middle = 0.5 * (log_low + log_high);
        if (excess_at_log_wait(middle, &s) > 0.0)
            log_low = middle;
        else
            log_high = middle;
    }
    if (s.status == RIG_OK)
        *wait_s = exp(log_high);
    return s.status;
}

static rig_status check(search *s, uint32_t n_agents)
{
    rig_erlang_a_figures f;
    s->input.within_s = s->goal->kind == RIG_GOAL_SERVICE_LEVEL ? s->goal->within_s : 0.0;
    s->status = rig_goal_check(s->goal, FORMULA, s->err);
    rig_erlang_a_input empty = s->input;
    empty.offered_erl = 0.0;
    empty.n_agents = n_agents;
    if (s->status == RIG_OK)
        s->status = rig_erlang_a(&empty, &f, s->err);
    return s->status;
}

rig_status rig_erlang_a_agents(const rig_erlang_a_input *input, const rig_goal *goal,
                               uint32_t *n_agents, rig_error *err)
{
    search s = {.input = *input, .goal = goal, .err = err};
    if (check(&s, 1) != RIG_OK)
        return s.status;
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", input->offered_erl, err);
    if (status != RIG_OK)
        return status;
    if (isinf(input->patience_s)) {
        const rig_erlang_c_input patient = {.offered_erl = input->offered_erl,
                                            .aht_s = input->aht_s};
        if (goal->kind != RIG_GOAL_P_LOST)
            return rig_erlang_c_agents(&patient, goal, n_agents, err);
        if (input->offered_erl < RIG_MAX_SERVERS) { /* as soon as the queue is stable */
            *n_agents = (uint32_t)floor(input->offered_erl) + 1;
            return RIG_OK;
        }
        return rig_domain_count(FORMULA, "n_agents", UINT32_MAX, 0, err);
    }
    uint32_t low = 0, high = 1; /* low does not meet the goal, high does */
    s.input.n_agents = 0;
    if (margin(&s) >= 0.0) {
        *n_agents = 0;
        return RIG_OK;
    }
    for (s.input.n_agents = high; s.status == RIG_OK && margin(&s) < 0.0; s.input.n_agents = high) {
        if (high == RIG_MAX_SERVERS)
            return rig_fail(err, RIG_EDOM,
                            "%s: offered_erl %g with this goal needs more than %u agents; expected "
                            "less traffic or a weaker goal",
                            FORMULA, input->offered_erl, RIG_MAX_SERVERS);
        low = high;
        high = high > RIG_MAX_SERVERS / 2 ? RIG_MAX_SERVERS : 2 * high;
    }
    while (s.status == RIG_OK && high - low > 1) {
        s.input.n_agents = low + (high - low) / 2;
        if (margin(&s) >= 0.0)
            high = s.input.n_agents;
        else
            low = s.input.n_agents;
    }
    if (s.status == RIG_OK)
        *n_agents = high;
    return s.status;
}

rig_status rig_erlang_a_load(const rig_erlang_a_input *input, const rig_goal *goal,
                             double *offered_erl, rig_error *err)
{
    search s = {.input = *input, .goal = goal, .err = err};
    rig_status status = rig_domain_count(FORMULA, "n_agents", input->n_agents, 1, err);
    if (status != RIG_OK || check(&s, input->n_agents) != RIG_OK)
        return status != RIG_OK ? status : s.status;
    if (isinf(input->patience_s)) {
        const rig_erlang_c_input patient = {.n_agents = input->n_agents, .aht_s = input->aht_s};
        return rig_erlang_c_load(&patient, goal, offered_erl, err);
    }
    double low = input->n_agents, high = low;
    while (s.status == RIG_OK && low > 1e-300 && margin_at_load(low, &s) < 0.0)
        low /= 4.0;
    while (s.status == RIG_OK && high < 1e15 && margin_at_load(high, &s) >= 0.0)
        high *= 4.0;
    if (s.status == RIG_OK && (low <= 1e-300 || high >= 1e15))
        return rig_fail(
            err, RIG_EDOM,
            "%s: %s traffic makes %u agents meet the goal only just; expected a %s goal", FORMULA,
            low <= 1e-300 ? "no" : "no finite", input->n_agents,
            low <= 1e-300 ? "weaker" : "stronger");
    double found = 0.0;
    if (s.status == RIG_OK)
        status = rig_root_find(margin_at_load, &s, low, high, &found);
    if (s.status != RIG_OK)
        return s.status;
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: no load found for %u agents", FORMULA, input->n_agents);
    *offered_erl = found;
    return RIG_OK;
}
