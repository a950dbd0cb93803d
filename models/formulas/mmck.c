/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/mmck.h"

#include <math.h>
#include <stddef.h>

#include "models/domain.h"
#include "models/erlang_b.h"
#include "models/formulas/poisson.h"

#define FORMULA "mmck"

/* The state with k waiting, 0 <= k <= m = K - c, has the weight rho^k; in overload rho^(k - m), so
 * that no power overflows. */
typedef struct room {
    double rho;
    double m;
    double below;   /* weight of the states with an agent free */
    double waiting; /* of those in which a caller would wait: k < m */
    double full;    /* of the one in which he is lost: k = m */
} room;

static double weight(const room *r, double k)
{
    return r->rho <= 1.0 ? pow(r->rho, k) : pow(1.0 / r->rho, r->m - k);
}

static double all(const room *r)
{
    return r->below + r->waiting + r->full;
}

/* Sum over k = 0..m-1 of q^k and of k q^k, 0 <= q <= 1, until nothing is added. */
static void power_sums(double q, double m, double *sum, double *moment)
{
    double term = 1.0;
    *sum = 0.0;
    *moment = 0.0;
    for (double k = 0.0; k < m && term > 0.0; k++) {
        *sum += term;
        *moment += k * term;
        if (k * term < 1e-18 * *moment && term < 1e-18 * *sum)
            break;
        term *= q;
    }
}

static rig_status check(const rig_mmck_input *input, rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", input->offered_erl, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_agents", input->n_agents, 1, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_places", input->n_places, 1, err);
    if (status == RIG_OK)
        status = rig_domain_positive(FORMULA, "aht_s", input->aht_s, err);
    if (status == RIG_OK)
        status = rig_domain_not_negative(FORMULA, "within_s", input->within_s, err);
    if (status == RIG_OK && input->n_places < input->n_agents)
        status = rig_fail(err, RIG_EDOM, "%s: n_places %u; expected at least the %u agents",
                          FORMULA, input->n_places, input->n_agents);
    return status;
}

static room room_of(const rig_mmck_input *input, double *mean_queue)
{
    double n = input->n_agents, rho = input->offered_erl / n;
    room r = {.rho = rho, .m = (double)input->n_places - n};
    double sum, moment, queued;
    if (rho <= 1.0) {
        power_sums(rho, r.m, &sum, &moment);
        r.waiting = sum;
        r.full = weight(&r, r.m);
        queued = moment + r.m * r.full;
    } else {
        power_sums(1.0 / rho, r.m, &sum, &moment);
        r.waiting = sum / rho;
        r.full = 1.0;
        queued = r.m + ((r.m - 1.0) * sum - moment) / rho;
    }
    /* 1/B(c) - 1 = (c / A) / B(c - 1) */
    double at_zero = weight(&r, 0.0);
    r.below =
        at_zero > 0.0 ? at_zero * rig_erlang_b_reciprocal(input->offered_erl, n - 1.0) / rho : 0.0;
    *mean_queue = queued / all(&r);
    return r;
}

/* Share of the offered that is accepted and waits longer than t: who finds k before him in the
 * queue waits for k + 1 departures, of rate c / aht, so longer than t when at most k happen in t.
 */
static double p_wait_over(const rig_mmck_input *input, const room *r)
{
    rig_poisson departures;
    rig_poisson_start(&departures, input->n_agents * input->within_s / input->aht_s);
    double sum = 0.0;
    for (double k = departures.first; k < r->m; k++) {
        double state = weight(r, k);
        sum += state * rig_poisson_next_cdf(&departures);
        if (r->rho < 1.0 && state < 1e-18 * sum)
            break;
    }
    return sum / all(r);
}

rig_status rig_mmck(const rig_mmck_input *input, rig_mmck_figures *figures, rig_error *err)
{
    rig_status status = check(input, err);
    if (status != RIG_OK)
        return status;
    if (input->offered_erl == 0.0) {
        *figures = (rig_mmck_figures){.p_served_within = 1.0};
        return RIG_OK;
    }
    rig_mmck_figures f;
    room r = room_of(input, &f.mean_queue);
    double p_accepted = isfinite(r.below) ? (r.below + r.waiting) / all(&r) : 1.0;
    f.p_block = r.full / all(&r);
    f.p_wait = r.waiting / all(&r);
    f.p_wait_accepted = f.p_wait / p_accepted;
    f.p_wait_over = input->within_s == 0.0 ? f.p_wait : p_wait_over(input, &r);
    f.p_served_within = fmax(0.0, p_accepted - f.p_wait_over);
    f.mean_wait_s = f.mean_queue / (input->offered_erl * p_accepted) * input->aht_s;
    f.p_busy = r.rho * p_accepted;
    f.mean_in_system = f.mean_queue + input->offered_erl * p_accepted;
    *figures = f;
    return RIG_OK;
}

rig_status rig_mmck_places(const rig_mmck_input *input, double p_block, uint32_t *n_places,
                           rig_error *err)
{
    rig_mmck_input valid = *input;
    valid.n_places = input->n_agents;
    valid.aht_s = 1.0;
    valid.within_s = 0.0;
    rig_status status = check(&valid, err);
    if (status == RIG_OK)
        status = rig_domain_open_share(FORMULA, "p_block", p_block, err);
    if (status != RIG_OK)
        return status;
    if (input->offered_erl == 0.0) {
        *n_places = input->n_agents;
        return RIG_OK;
    }
    /* 1/p_(K+1) = 1 + (c / A) / p_K: Erlang B's recursion with no more agents coming */
    double per_step = input->n_agents / input->offered_erl;
    double inverse = rig_erlang_b_reciprocal(input->offered_erl, input->n_agents);
    uint32_t n = input->n_agents;
    while (inverse * p_block < 1.0) {
        double next = 1.0 + per_step * inverse;
        if (next <= inverse || n == RIG_MAX_SERVERS)
            return rig_fail(err, RIG_EDOM,
                            "%s: %u agents cannot serve so much of %g erl that only %g is lost, "
                            "with up to %u places; expected p_block > %g",
                            FORMULA, input->n_agents, input->offered_erl, p_block, n,
                            fmax(0.0, 1.0 - per_step));
        inverse = next;
        n++;
    }
    *n_places = n;
    return RIG_OK;
}

static double margin(const rig_mmck_input *input, const rig_goal *goal)
{
    rig_mmck_figures f;
    (void)rig_mmck(input, &f, NULL); /* checked by the caller */
    return rig_goal_margin(goal, &(rig_goal_figures){.p_lost = f.p_block,
                                                     .p_wait = f.p_wait,
                                                     .mean_wait_s = f.mean_wait_s,
                                                     .p_served_within = f.p_served_within});
}

rig_status rig_mmck_agents(const rig_mmck_input *input, const rig_goal *goal, uint32_t *n_agents,
                           rig_error *err)
{
    rig_mmck_input trial = *input;
    trial.n_agents = 1;
    trial.within_s = goal->kind == RIG_GOAL_SERVICE_LEVEL ? goal->within_s : 0.0;
    rig_status status = rig_goal_check(goal, FORMULA, err);
    if (status == RIG_OK)
        status = check(&trial, err);
    if (status != RIG_OK)
        return status;
    trial.n_agents = input->n_places;
    if (margin(&trial, goal) < 0.0)
        return rig_fail(err, RIG_EDOM,
                        "%s: with %u places no number of agents meets the goal; expected more "
                        "places or a weaker goal",
                        FORMULA, input->n_places);
    uint32_t low = 0, high = input->n_places; /* low does not meet the goal, high does */
    while (high - low > 1) {
        trial.n_agents = low + (high - low) / 2;
        if (margin(&trial, goal) >= 0.0)
            high = trial.n_agents;
        else
            low = trial.n_agents;
    }
    *n_agents = high;
    return RIG_OK;
}
