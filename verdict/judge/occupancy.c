/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/occupancy.h"

#include <math.h>

#include "scenarios/registration.h"

double rig_occupancy_on_duty(const rig_scenario *scenario, const rig_agent_group *only)
{
    double n = 0.0;
    for (size_t i = 0; i < scenario->n_agents; i++) {
        const rig_agent_group *group = &scenario->agents[i];
        if (only != NULL && group != only)
            continue;
        if (group->n_shifts > 1)
            return (double)NAN;
        n += (double)(group->n_shifts == 1 ? group->shifts[0].n_agents : group->n_agents);
    }
    return scenario->n_reserves > 0 || n <= 0.0 ? (double)NAN : n;
}

/* When the last phone that rang for a call was free again, but for the wrap-up. */
static double freed_s(const rig_call *call, const rig_agent_group *group, double rang_s,
                      double over_s)
{
    if (rig_call_stage(call) == RIG_STAGE_AGENT)
        return over_s;
    return fmin(over_s, rang_s + group->ring_timeout_s); /* back in the queue */
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
    if (is_answered && is_over && call->outcome != RIG_OUTCOME_DROPPED)
        to_s += group->wrap_up.mean_s;
    if (call->n_phones_at_once > 1) {
        spans[0] = (rig_busy_span){from_s, to_s, 1.0};
        spans[1] =
            (rig_busy_span){from_s, fmax(from_s, rang_to_s), (double)(call->n_phones_at_once - 1)};
        return 2;
    }
    const double n_vain = call->n_legs > 2 ? (double)(call->n_legs - 2) : 0.0;
    spans[0] = (rig_busy_span){from_s - n_vain * group->ring_timeout_s, to_s, 1.0};
    return 1;
}

double rig_busy_s(const rig_call *call, const rig_scenario *scenario, int64_t start_epoch_ns)
{
    const double duration_s = scenario->traffic.duration_s;
    rig_busy_span spans[RIG_MAX_BUSY_SPANS];
    const size_t n = rig_busy_spans(call, scenario, start_epoch_ns, duration_s, spans);
    double sum_s = 0.0;
    for (size_t k = 0; k < n; k++)
        sum_s += spans[k].n_agents *
                 fmax(0.0, fmin(spans[k].to_s, duration_s) - fmax(spans[k].from_s, 0.0));
    return sum_s;
}

double rig_occupancy(const rig_join *join, const rig_scenario *scenario, int64_t start_epoch_ns,
                     const rig_agent_group *only)
{
    double sum_s = 0.0;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call == NULL || (only != NULL && rig_scenario_group_of_call(scenario, call) != only))
            continue;
        sum_s += rig_busy_s(call, scenario, start_epoch_ns);
    }
    return sum_s / (rig_occupancy_on_duty(scenario, only) * scenario->traffic.duration_s);
}
