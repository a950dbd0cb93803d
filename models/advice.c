/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/advice.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"
#include "models/erlang_a.h"
#include "models/erlang_b.h"
#include "models/margin.h"
#include "models/time_varying.h"
#include "scenarios/own_durations.h"

/* Who listens. */
typedef struct listener {
    rig_advice_take *take;
    void *ctx;
} listener;

static void say(const listener *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(const listener *l, const char *format, ...)
{
    char text[900];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    l->take(l->ctx, text);
}

/* ---- rules ---- */

static uint32_t most_agents(const rig_scenario *s)
{
    uint64_t n = 0;
    for (size_t i = 0; i < s->n_agents; i++)
        n += s->agents[i].n_agents; /* of shifts the largest (scenarios/scenario/keys_agents.c) */
    for (size_t i = 0; i < s->n_reserves; i++)
        n += s->reserves[i].n_agents;
    return n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
}

static rig_advice_planning rules_of(const rig_scenario *s)
{
    rig_advice_planning p = {.n_circuits = rig_scenario_n_circuits(s),
                             .n_ports = s->ivr.n_ports,
                             .n_agents = most_agents(s),
                             .is_port_held = s->ivr.hold_while_queued};
    p.has_ports = p.is_port_held && (uint64_t)p.n_ports + p.n_agents >= p.n_circuits;
    p.has_circuits = p.n_agents <= p.n_circuits;
    return p;
}

/* What the centre does otherwise than the plain one. */
static void say_otherwise(const listener *l, const rig_scenario *s)
{
    const rig_queue *q = &s->queue;
    if (q->poll_s > 0.0)
        say(l,
            "otherwise than the plain centre: each waiting caller looks for a free agent every "
            "%g s, and %g s after a ringing in vain (queue.poll_s, queue.retry_s)",
            q->poll_s, q->retry_s);
    if (q->look_every_s > 0.0)
        say(l,
            "otherwise than the plain centre: the queue is looked at every %g s "
            "(queue.look_every_s)",
            q->look_every_s);
    if (q->one_at_a_time)
        say(l, "otherwise than the plain centre: one caller at a time is given to an agent "
               "(queue.one_at_a_time)");
    if (q->routing == RIG_ROUTING_RING_ALL)
        say(l, "otherwise than the plain centre: all idle agents' phones ring for one caller "
               "(queue.routing)");
    if (q->counts_ringing && q->capacity > 0)
        say(l,
            "otherwise than the plain centre: of the %u places in the queue callers for whom a "
            "phone rings take some (queue.counts_ringing)",
            q->capacity);
    if (q->timeout_cuts_ringing && q->timeout_s > 0.0)
        say(l,
            "otherwise than the plain centre: the queue's time-out of %g s also ends calls for "
            "which a phone rings (queue.timeout_cuts_ringing)",
            q->timeout_s);
}

void rig_advice_rules(const rig_scenario *scenario, rig_advice_take *take, void *ctx)
{
    const listener l = {take, ctx};
    const rig_advice_planning p = rules_of(scenario);
    const uint32_t circuits = p.n_circuits, agents = p.n_agents;
    const uint64_t both = (uint64_t)p.n_ports + agents;
    if (!p.is_port_held)
        say(&l, "rule ports + agents = circuits: does not hold here, as a port is given back when "
                "its call enters the queue (hold_while_queued = false)");
    else if (!p.has_ports)
        say(&l,
            "rule ports + agents = circuits: %u + %u = %llu, %llu fewer than the %u circuits; when "
            "they are all in use, so many callers hear ringing, and some give up (lost_ivr)",
            p.n_ports, agents, (unsigned long long)both, (unsigned long long)(circuits - both),
            circuits);
    else
        say(&l,
            "rule ports + agents = circuits: %u + %u = %llu against %u circuits; every call with a "
            "circuit finds a port%s",
            p.n_ports, agents, (unsigned long long)both, circuits,
            both > circuits ? N_(", and what is more than the circuits is never in use at once")
                            : "");
    if (!p.has_circuits)
        say(&l,
            "rule agents <= circuits: %u agents, %u circuits; at least %u of them never talk at "
            "the same time as the others (they can wrap up)",
            agents, circuits, agents - circuits);
    else
        say(&l, "rule agents <= circuits: %u agents, %u circuits; holds", agents, circuits);
    say_otherwise(&l, scenario);
}

/* ---- settling ---- */

/* Mean time that a call which seized a circuit held it; NAN: nobody did. */
static double holding_s(const rig_scenario *s, const rig_prediction *p)
{
    const double n = p->metrics[RIG_METRIC_N_ENTERED + RIG_STAGE_IVR].mean;
    const double mean = p->metrics[RIG_METRIC_MEAN_CIRCUITS].mean;
    return n > 0.0 ? mean * rig_scenario_counted_s(s) / n : (double)NAN;
}

/* The last instant at which the rate changes. */
static double last_change_s(const rig_traffic *t)
{
    double last_s = 0.0;
    for (size_t i = 0; i < t->n_rate; i++) {
        if (t->rate[i].at_s < t->duration_s)
            last_s = fmax(last_s, t->rate[i].at_s);
    }
    for (size_t i = 0; i < t->n_adverts; i++) {
        if (t->adverts[i].at_s < t->duration_s)
            last_s = fmax(last_s, t->adverts[i].at_s);
    }
    return last_s;
}

rig_advice_planning rig_advice_plan(const rig_scenario *scenario, const rig_prediction *prediction)
{
    const rig_traffic *traffic = &scenario->traffic;
    rig_advice_planning p = rules_of(scenario);
    p.hold_s = holding_s(scenario, prediction);
    p.settled_s = last_change_s(traffic) + RIG_ADVICE_WARM_UP * p.hold_s;
    p.is_settled = !(p.settled_s > traffic->duration_s);
    return p;
}

void rig_advice_settling(const rig_scenario *scenario, const rig_prediction *prediction,
                         rig_advice_take *take, void *ctx)
{
    const listener l = {take, ctx};
    const rig_advice_planning p = rig_advice_plan(scenario, prediction);
    const double need_s = RIG_ADVICE_WARM_UP * p.hold_s;
    const double from_s = last_change_s(&scenario->traffic);
    if (p.is_settled)
        return;
    say(&l,
        "too short to settle: circuits are held for %.0f s on average, so that a load needs about "
        "%.0f s (three times that) after the last change of the rate, at %.0f s; the scenario goes "
        "on for %.0f s. What is said here holds for these minutes, which begin with an empty "
        "centre; for a steady load set traffic.duration_s to %.0f or more and traffic.warm_up_s to "
        "%.0f",
        p.hold_s, need_s, from_s, scenario->traffic.duration_s - from_s,
        ceil(from_s + 10.0 * need_s), ceil(p.settled_s));
}

/* ---- formulas ---- */

#define MAX_BINS 600u

/* E[min(S, x)] of an exponential time. */
static double capped_exponential(double x_s, void *ctx)
{
    const double mean_s = *(const double *)ctx;
    return isinf(x_s) ? mean_s : mean_s * (1.0 - exp(-x_s / mean_s));
}

/* The mean loss of the calls, when each instant has a load of its own.
 * @param from_s  Of those that come then or later. */
static rig_status blocking(rig_time_method method, const rig_rate_profile *profile, double mean_s,
                           uint32_t n_circuits, double from_s, double *p_lost)
{
    double *at_s = calloc(profile->n, sizeof *at_s), *load = NULL, lost = 0.0, all = 0.0;
    if (at_s == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < profile->n; i++)
        at_s[i] = ((double)i + 0.5) * profile->interval_s;
    load = calloc(profile->n, sizeof *load);
    rig_status status = load == NULL ? RIG_ENOMEM
                                     : rig_time_varying_load(method, profile, capped_exponential,
                                                             &mean_s, at_s, profile->n, load, NULL);
    for (size_t i = 0; i < profile->n && status == RIG_OK; i++) {
        double p = 0.0;
        if (at_s[i] < from_s)
            continue;
        status = rig_erlang_b(load[i], n_circuits, &p, NULL);
        lost += p * profile->rate_per_s[i];
        all += profile->rate_per_s[i];
    }
    free(at_s);
    free(load);
    if (status == RIG_OK)
        *p_lost = all > 0.0 ? lost / all : 0.0;
    return status;
}

static rig_status say_erlang_b(const listener *l, const rig_scenario *s, const rig_prediction *p,
                               double mean_s)
{
    const uint32_t n_circuits = rig_scenario_n_circuits(s);
    const double duration_s = s->traffic.duration_s;
    const double from_s = rig_scenario_counted_from_s(s);
    const double n_offered = p->metrics[RIG_METRIC_N_OFFERED].mean;
    double rates[MAX_BINS], steady = 0.0, psa = 0.0, mol = 0.0;
    rig_rate_profile profile = {.rate_per_s = rates, .n = MAX_BINS};
    profile.interval_s = duration_s / MAX_BINS;
    const double expected = rig_traffic_expected_calls(&s->traffic, duration_s) -
                            rig_traffic_expected_calls(&s->traffic, from_s);
    for (size_t i = 0; i < MAX_BINS; i++)
        rates[i] = (rig_traffic_expected_calls(&s->traffic, (double)(i + 1) * profile.interval_s) -
                    rig_traffic_expected_calls(&s->traffic, (double)i * profile.interval_s)) /
                   profile.interval_s * (expected > 0.0 ? n_offered / expected : 1.0);
    rig_status status = rig_erlang_b(n_offered / rig_scenario_counted_s(s) * mean_s, n_circuits,
                                     &steady, NULL);
    if (status == RIG_OK)
        status = blocking(RIG_TIME_PSA, &profile, mean_s, n_circuits, from_s, &psa);
    if (status == RIG_OK)
        status = blocking(RIG_TIME_MOL, &profile, mean_s, n_circuits, from_s, &mol);
    if (status == RIG_OK)
        say(l,
            "formula Erlang B, %u circuits held for %.1f s: lost_trunk %.2f %% (mean load), %.2f "
            "%% "
            "(PSA), %.2f %% (MOL); simulated %.2f %%",
            n_circuits, mean_s, 100.0 * steady, 100.0 * psa, 100.0 * mol,
            100.0 * p->metrics[RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_TRUNK].mean);
    return status;
}

static double mean_handling_s(const rig_scenario *s)
{
    double sum_s = 0.0, n = 0.0;
    for (size_t i = 0; i < s->n_agents; i++) {
        const double weight = (double)s->agents[i].n_agents + 1e-9;
        sum_s += weight * (s->agents[i].ring.mean_s +
                           rig_scenario_mean_talk_s(s, RIG_ANY_SKILL, (uint32_t)i) +
                           s->agents[i].wrap_up.mean_s);
        n += weight;
    }
    return sum_s / n;
}

static rig_status say_erlang_a(const listener *l, const rig_scenario *s, const rig_prediction *p)
{
    const rig_summary *m = p->metrics;
    const double aht_s = mean_handling_s(s);
    const double rate = m[RIG_METRIC_N_ENTERED + RIG_STAGE_QUEUE].mean / rig_scenario_counted_s(s);
    double on_duty = 0.0;
    for (size_t i = 0; i < p->n_groups; i++)
        on_duty += p->groups[i * RIG_N_GROUP_METRICS + RIG_GROUP_MEAN_ON_DUTY].mean;
    const rig_erlang_a_input input = {.offered_erl = rate * aht_s,
                                      .n_agents = (uint32_t)lround(on_duty),
                                      .aht_s = aht_s,
                                      .patience_s = rig_scenario_mean_patience_s(s),
                                      .within_s = s->queue.service_level_s};
    rig_erlang_a_figures f;
    rig_status status = rig_erlang_a(&input, &f, NULL);
    if (status == RIG_EDOM)
        return RIG_OK; /* no agents, no handling time: it says nothing here */
    if (status == RIG_OK)
        say(l,
            "formula Erlang A, %u agents busy for %.1f s a call, %.1f erl, patience %.0f s: "
            "abandoned %.2f %%, service level %.1f %%, occupancy %.1f %%; simulated %.2f %%, %.1f "
            "%%, %.1f %% (the formula's wait ends when the phone begins to ring)",
            input.n_agents, aht_s, input.offered_erl, input.patience_s, 100.0 * f.p_abandon,
            100.0 * f.p_served_within, 100.0 * f.p_busy, 100.0 * m[RIG_METRIC_ABANDON_RATE].mean,
            100.0 * m[RIG_METRIC_SERVICE_LEVEL].mean, 100.0 * m[RIG_METRIC_OCCUPANCY].mean);
    return status;
}

static bool is_exponential(const rig_dist *dist)
{
    return dist->kind == RIG_DIST_EXPONENTIAL;
}

static bool has_shifts(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_agents; i++) {
        if (s->agents[i].n_shifts > 1)
            return true;
    }
    return s->n_reserves > 0;
}

static bool has_steps(const rig_scenario *s)
{
    for (size_t i = 0; i < s->n_trunks; i++) {
        if (s->trunks[i].n_steps > 0)
            return true;
    }
    return s->ivr.n_steps > 0;
}

static void say_broken(const listener *l, const rig_scenario *s, bool is_settled)
{
    const rig_traffic *t = &s->traffic;
    const struct {
        bool is_broken;
        const char *text;
    } rows[] = {
        {t->n_rate > 1 || t->n_adverts > 0 || t->arrivals == RIG_ARRIVALS_RECORDED,
         N_("the rate changes (PSA and MOL follow it)")},
        {t->arrivals != RIG_ARRIVALS_POISSON, N_("arrivals are not Poisson")},
        {t->day_cv > 0.0, N_("days differ")},
        {!is_settled, N_("the centre begins empty")},
        {s->callers.redial.p_redial > 0.0, N_("callers dial again")},
        {!is_exponential(&s->callers.talk), N_("talks are not exponential (Erlang A)")},
        {!is_exponential(&s->callers.patience_queue), N_("patience is not exponential (Erlang A)")},
        {s->ivr.n_ports < rig_scenario_n_circuits(s),
         N_("IVR ports limit the calls before the queue")},
        {true, N_("what stands behind the circuits sends some callers away")},
        {s->queue.capacity > 0 || s->queue.timeout_s > 0.0 ||
             (s->queue.deflection.p_accept > 0.0 && !rig_scenario_calls_back(s)),
         N_("the queue sends calls away")},
        {rig_scenario_calls_back(s), N_("callers are called back")},
        {s->n_trunks > 1, N_("circuits are in several groups")},
        {has_steps(s), N_("circuits or ports come and go")},
        {s->n_agents > 1 || s->n_skills > 1, N_("agents are not all alike")},
        {rig_scenario_has_own_talks(s) || rig_scenario_has_own_patience(s),
         N_("callers differ in talk or patience")},
        {s->callers.n_classes > 1, N_("classes of callers have priorities")},
        {has_shifts(s), N_("the number of agents changes")},
        {s->n_faults > 0, N_("there are faults")},
        {s->emergency.talk_factor > 0.0 && s->emergency.talk_factor < 1.0,
         N_("talks get shorter in an emergency")},
    };
    char text[800] = "";
    size_t used = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows && used < sizeof text; i++) {
        if (rows[i].is_broken)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used > 0 ? "; " : "",
                                     rows[i].text);
    }
    say(l, "the formulas leave out: %s. The simulation does not", text);
}

rig_status rig_advice_formulas(const rig_scenario *scenario, const rig_prediction *prediction,
                               rig_advice_take *take, void *ctx)
{
    const listener l = {take, ctx};
    const double mean_s = holding_s(scenario, prediction);
    if (!(mean_s > 0.0))
        return RIG_OK; /* nobody held a circuit */
    rig_status status = say_erlang_b(&l, scenario, prediction, mean_s);
    if (status == RIG_OK)
        status = say_erlang_a(&l, scenario, prediction);
    if (status == RIG_OK)
        say_broken(&l, scenario,
                   rig_scenario_counted_from_s(scenario) >= RIG_ADVICE_WARM_UP * mean_s);
    return status;
}

/* ---- power ---- */

/* As rig_margin_of, of a normal distribution. */
static double margin_of(const rig_margin *margin, const rig_summary *s, double n_entered)
{
    const double z =
        gsl_cdf_ugaussian_Qinv(0.05) + gsl_cdf_ugaussian_Qinv(RIG_MARGIN_NOT_PASSED / 2.0);
    const double wanted = rig_scenario_margin(margin, s->mean);
    return margin->margin_widens ? fmax(wanted, z * fmax(0.0, s->sd) + 1.0 / fmax(1.0, n_entered))
                                 : wanted;
}

void rig_advice_power(const rig_scenario *scenario, const rig_prediction *prediction, double alpha,
                      rig_advice_take *take, void *ctx)
{
    const listener l = {take, ctx};
    const double z_fail = gsl_cdf_ugaussian_Qinv(alpha / 2.0 / RIG_N_STAGES);
    const double z_pass = gsl_cdf_ugaussian_Qinv(0.05), z_power = gsl_cdf_ugaussian_Qinv(0.2);
    for (int k = 0; k < RIG_N_STAGES; k++) {
        const rig_summary *s = &prediction->metrics[RIG_METRIC_P_LOST_PER_ENTRANT + k];
        const rig_margin *margin = &scenario->gate.margin[k];
        const double delta =
            margin_of(margin, s, prediction->metrics[RIG_METRIC_N_ENTERED + k].mean);
        const bool is_wider = delta > rig_scenario_margin(margin, s->mean);
        const double sd = s->sd > 0.0 ? s->sd : 0.0;
        const double found = delta + (z_fail + z_power) * sd;
        const double room = sd > 0.0 ? (delta - z_pass * sd) / sd : INFINITY;
        const double p_pass = room > 0.0 ? 2.0 * gsl_cdf_ugaussian_P(room) - 1.0 : 0.0;
        say(&l,
            "%-5s  predicted %.2f %%, margin %.2f points%s, scatter of one run %.2f: a centre that "
            "is "
            "%.2f points off fails in 4 of 5 runs, a conforming one passes in %.0f %%%s",
            rig_stage_name((rig_stage)k), 100.0 * s->mean, 100.0 * delta,
            is_wider ? N_(" (what this run can resolve)") : "", 100.0 * sd, 100.0 * found,
            floor(100.0 * p_pass),
            p_pass < 0.5 ? N_(" (the run is too short for this margin)") : "");
    }
}
