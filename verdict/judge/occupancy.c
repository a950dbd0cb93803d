/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/occupancy.h"

#include <math.h>
#include <stdlib.h>

#include "models/holding.h"
#include "scenarios/registration.h"

/* Agents of a group who should be there, on the mean from one instant to another. */
static double wanted_mean(const rig_scenario *scenario, size_t group, double from_s, double to_s)
{
    double sum_s = 0.0, at_s = from_s;
    while (at_s < to_s) {
        const double next_s = fmin(rig_scenario_staff_next_s(scenario, group, at_s), to_s);
        sum_s += (double)rig_scenario_staff_wanted(scenario, group, at_s) * (next_s - at_s);
        at_s = next_s;
    }
    return sum_s / (to_s - from_s);
}

double rig_occupancy_on_duty(const rig_scenario *scenario, const rig_agent_group *only,
                             double from_s, double to_s)
{
    double n = 0.0;
    for (size_t g = 0; g < scenario->n_agents; g++)
        if (only == NULL || only == &scenario->agents[g])
            n += wanted_mean(scenario, g, from_s, to_s);
    return scenario->n_reserves > 0 || n <= 0.0 ? (double)NAN : n;
}

/* When the last phone that rang for a call was free again, but for the wrap-up. */
static double freed_s(const rig_call *call, const rig_agent_group *group, double rang_s,
                      double over_s)
{
    if (rig_call_stage(call) == RIG_STAGE_AGENT)
        return over_s;
    return fmin(over_s, rang_s + rig_scenario_vain_s(group)); /* back in the queue */
}

size_t rig_busy_spans(const rig_call *call, const rig_scenario *scenario, int64_t start_epoch_ns,
                      double last_s, rig_busy_span *spans)
{
    const rig_agent_group *group = rig_scenario_group_of_call(scenario, call);
    const bool is_answered = call->t_agent_answer_ns != RIG_NO_TIME;
    const bool is_over = call->t_end_ns != RIG_NO_TIME;
    if (call->t_agent_ring_ns == RIG_NO_TIME)
        return 0;
    const double scale = scenario->time_scale;
    const double from_s = rig_clock_s_of_ns(call->t_agent_ring_ns - start_epoch_ns) * scale;
    const double over_s =
        is_over ? rig_clock_s_of_ns(call->t_end_ns - start_epoch_ns) * scale : last_s;
    double to_s = fmax(from_s, freed_s(call, group, from_s, over_s)), rang_to_s = to_s;
    if (is_answered)
        rang_to_s = rig_clock_s_of_ns(call->t_agent_answer_ns - start_epoch_ns) * scale;
    const rig_dist *wrap_up =
        is_answered && is_over && call->outcome != RIG_OUTCOME_DROPPED ? &group->wrap_up : NULL;
    if (call->n_phones_at_once > 1) {
        spans[0] = (rig_busy_span){from_s, to_s, 1.0, wrap_up};
        spans[1] = (rig_busy_span){from_s, fmax(from_s, rang_to_s),
                                   (double)(call->n_phones_at_once - 1), NULL};
        return 2;
    }
    const double n_vain = call->n_legs > 2 ? (double)(call->n_legs - 2) : 0.0;
    spans[0] = (rig_busy_span){from_s - n_vain * rig_scenario_any_vain_s(scenario, group), to_s,
                               1.0, wrap_up};
    return 1;
}

double rig_busy_span_within(const rig_busy_span *span, double from_s, double to_s)
{
    double s = fmax(0.0, fmin(span->to_s, to_s) - fmax(span->from_s, from_s));
    if (span->wrap_up != NULL)
        s += rig_holding_capped_mean_s(span->wrap_up, fmax(0.0, to_s - span->to_s)) -
             rig_holding_capped_mean_s(span->wrap_up, fmax(0.0, from_s - span->to_s));
    return span->n_agents * s;
}

double rig_busy_span_end_s(const rig_busy_span *span)
{
    return span->to_s + (span->wrap_up != NULL ? span->wrap_up->mean_s : 0.0);
}

double rig_busy_s(const rig_call *call, const rig_scenario *scenario, int64_t start_epoch_ns)
{
    const double duration_s = scenario->traffic.duration_s;
    const double first_s = rig_scenario_counted_from_s(scenario);
    rig_busy_span spans[RIG_MAX_BUSY_SPANS];
    const size_t n = rig_busy_spans(call, scenario, start_epoch_ns, duration_s, spans);
    double sum_s = 0.0;
    for (size_t k = 0; k < n; k++)
        sum_s += rig_busy_span_within(&spans[k], first_s, duration_s);
    return sum_s;
}

/* Whether a phone of his tells who called back. */
static bool is_caller_known(const rig_scenario *scenario, const rig_call *back)
{
    return scenario->n_agents == 1 || back->t_agent_ring_ns != RIG_NO_TIME;
}

rig_occupancy_shares rig_occupancy_share_backs(const rig_scenario *scenario, const rig_call *backs,
                                               size_t n)
{
    rig_occupancy_shares of = {.p = {0.0}};
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        if (is_caller_known(scenario, &backs[i]))
            of.p[rig_scenario_group_of_call(scenario, &backs[i]) - scenario->agents] += 1.0;
    for (size_t g = 0; g < scenario->n_agents; g++)
        sum += of.p[g];
    for (size_t g = 0; g < scenario->n_agents && !(sum > 0.0); g++)
        of.p[g] = (double)scenario->agents[g].n_agents;
    sum = 0.0;
    for (size_t g = 0; g < scenario->n_agents; g++)
        sum += of.p[g];
    for (size_t g = 0; g < scenario->n_agents && sum > 0.0; g++)
        of.p[g] /= sum;
    return of;
}

rig_busy_span rig_busy_back_span(const rig_call *back, const rig_scenario *scenario,
                                 const rig_occupancy_shares *shares, const rig_agent_group *group,
                                 int64_t start_epoch_ns, double last_s)
{
    const double scale = scenario->time_scale;
    const bool is_over = back->t_end_ns != RIG_NO_TIME;
    rig_busy_span span = {
        .from_s = rig_clock_s_of_ns(back->t_invite_ns - start_epoch_ns) * scale,
        .to_s = is_over ? rig_clock_s_of_ns(back->t_end_ns - start_epoch_ns) * scale : last_s};
    span.to_s = fmax(span.from_s, span.to_s);
    if (is_over && back->outcome == RIG_OUTCOME_SERVED)
        span.wrap_up = &group->wrap_up;
    if (!is_caller_known(scenario, back))
        span.n_agents = shares->p[group - scenario->agents];
    else if (rig_scenario_group_of_call(scenario, back) == group)
        span.n_agents = 1.0;
    return span;
}

/* An agent more or less is busy. */
typedef struct change {
    double at_s, by;
} change;

static int by_time(const void *a, const void *b)
{
    const double x = ((const change *)a)->at_s, y = ((const change *)b)->at_s;
    return (x > y) - (x < y);
}

/* From `first_s` on, to the mean end of the wrap-up. @return how many there are now. */
static size_t add_change(const rig_busy_span *span, double first_s, change *changes, size_t n)
{
    changes[n++] = (change){fmax(span->from_s, first_s), span->n_agents};
    changes[n++] = (change){fmax(rig_busy_span_end_s(span), first_s), -span->n_agents};
    return n;
}

/* The changes of a group within what is counted of the traffic's duration, in their order. */
static size_t list_changes(const rig_join *join, const rig_scenario *scenario,
                           const rig_occupancy_shares *shares, int64_t start_epoch_ns,
                           const rig_agent_group *group, change *changes)
{
    const double duration_s = scenario->traffic.duration_s;
    const double first_s = rig_scenario_counted_from_s(scenario);
    size_t n = 0;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        rig_busy_span spans[RIG_MAX_BUSY_SPANS];
        if (call == NULL || rig_scenario_group_of_call(scenario, call) != group)
            continue;
        const size_t n_spans = rig_busy_spans(call, scenario, start_epoch_ns, duration_s, spans);
        for (size_t k = 0; k < n_spans; k++)
            n = add_change(&spans[k], first_s, changes, n);
    }
    for (size_t i = 0; i < join->n_calls_back; i++) {
        const rig_busy_span span = rig_busy_back_span(&join->calls_back[i], scenario, shares, group,
                                                      start_epoch_ns, duration_s);
        if (span.n_agents > 0.0)
            n = add_change(&span, first_s, changes, n);
    }
    qsort(changes, n, sizeof *changes, by_time);
    return n;
}

/* How many more are busy than should be there, times how long. */
static double overtime_s(const rig_scenario *scenario, size_t group, const change *changes,
                         size_t n)
{
    const double duration_s = scenario->traffic.duration_s;
    double at_s = rig_scenario_counted_from_s(scenario), n_busy = 0.0, sum_s = 0.0;
    for (size_t i = 0; at_s < duration_s;) {
        double next_s = fmin(rig_scenario_staff_next_s(scenario, group, at_s), duration_s);
        if (i < n && changes[i].at_s <= next_s)
            next_s = fmin(changes[i].at_s, duration_s);
        const double n_wanted = (double)rig_scenario_staff_wanted(scenario, group, at_s);
        sum_s += fmax(0.0, n_busy - n_wanted) * (next_s - at_s);
        at_s = next_s;
        for (; i < n && changes[i].at_s <= at_s; i++)
            n_busy += changes[i].by;
    }
    return sum_s;
}

/* NAN when out of memory. */
static double overtime_of_all_s(const rig_join *join, const rig_scenario *scenario,
                                const rig_occupancy_shares *shares, int64_t start_epoch_ns,
                                const rig_agent_group *only)
{
    double sum_s = 0.0;
    const size_t most = join->n_planned * (size_t)RIG_MAX_BUSY_SPANS + join->n_calls_back;
    change *changes = malloc((most + 1) * 2 * sizeof *changes);
    if (changes == NULL)
        return (double)NAN;
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const rig_agent_group *group = &scenario->agents[g];
        if (only == NULL || only == group)
            sum_s +=
                overtime_s(scenario, g, changes,
                           list_changes(join, scenario, shares, start_epoch_ns, group, changes));
    }
    free(changes);
    return sum_s;
}

/* Of a group's agents who call back, within what is counted of the traffic's duration. */
static double busy_back_s(const rig_join *join, const rig_scenario *scenario,
                          const rig_occupancy_shares *shares, int64_t start_epoch_ns,
                          const rig_agent_group *group)
{
    const double duration_s = scenario->traffic.duration_s;
    const double first_s = rig_scenario_counted_from_s(scenario);
    double sum_s = 0.0;
    for (size_t i = 0; i < join->n_calls_back; i++) {
        const rig_busy_span span = rig_busy_back_span(&join->calls_back[i], scenario, shares, group,
                                                      start_epoch_ns, duration_s);
        sum_s += rig_busy_span_within(&span, first_s, duration_s);
    }
    return sum_s;
}

double rig_occupancy(const rig_join *join, const rig_scenario *scenario, int64_t start_epoch_ns,
                     const rig_agent_group *only)
{
    const double from_s = rig_scenario_counted_from_s(scenario);
    double on_duty_s = rig_occupancy_on_duty(scenario, only, from_s, scenario->traffic.duration_s) *
                       rig_scenario_counted_s(scenario);
    double sum_s = 0.0;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call == NULL || (only != NULL && rig_scenario_group_of_call(scenario, call) != only))
            continue;
        sum_s += rig_busy_s(call, scenario, start_epoch_ns);
    }
    const rig_occupancy_shares shares =
        rig_occupancy_share_backs(scenario, join->calls_back, join->n_calls_back);
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const rig_agent_group *group = &scenario->agents[g];
        if (only == NULL || only == group)
            sum_s += busy_back_s(join, scenario, &shares, start_epoch_ns, group);
    }
    if (rig_scenario_staff_changes(scenario))
        on_duty_s += overtime_of_all_s(join, scenario, &shares, start_epoch_ns, only);
    return sum_s / on_duty_s;
}
