/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/occupancy.h"

#include <math.h>

#include "scenarios/registration.h"

/* Agents of a group, or of all (NULL), on duty; NAN: they change. */
static double n_on_duty(const rig_scenario *scenario, const rig_agent_group *only)
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

static double within_s(double from_s, double to_s, double until_s)
{
    return fmax(0.0, fmin(to_s, until_s) - fmax(from_s, 0.0));
}

/* Agents' busy time with one call, within [0, until_s]: of him who answers, or was rung last, of
 * those whose phones rang beside his, and of those who did not answer before. */
static double busy_s(const rig_call *call, const rig_scenario *scenario, int64_t start_epoch_ns,
                     double until_s)
{
    const rig_agent_group *group = rig_scenario_group_of_call(scenario, call);
    const bool is_answered = call->t_agent_answer_ns != RIG_NO_TIME;
    if (call->t_agent_ring_ns == RIG_NO_TIME)
        return 0.0;
    const double scale = scenario->time_scale;
    const double from_s = rig_clock_s_of_ns(call->t_agent_ring_ns - start_epoch_ns) * scale;
    double to_s = from_s, rang_to_s = from_s;
    if (rig_call_stage(call) == RIG_STAGE_AGENT && call->t_end_ns != RIG_NO_TIME)
        to_s = rang_to_s = rig_clock_s_of_ns(call->t_end_ns - start_epoch_ns) * scale;
    if (is_answered)
        rang_to_s = rig_clock_s_of_ns(call->t_agent_answer_ns - start_epoch_ns) * scale;
    if (is_answered && call->outcome != RIG_OUTCOME_DROPPED)
        to_s += group->wrap_up.mean_s;
    if (call->n_phones_at_once > 1)
        return within_s(from_s, to_s, until_s) +
               (double)(call->n_phones_at_once - 1) * within_s(from_s, rang_to_s, until_s);
    const double n_vain = call->n_legs > 2 ? (double)(call->n_legs - 2) : 0.0;
    return within_s(from_s - n_vain * group->ring_timeout_s, to_s, until_s);
}

double rig_occupancy(const rig_join *join, const rig_scenario *scenario, int64_t start_epoch_ns,
                     const rig_agent_group *only)
{
    const double duration_s = scenario->traffic.duration_s, n = n_on_duty(scenario, only);
    double sum_s = 0.0;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call != NULL && (only == NULL || rig_scenario_group_of_call(scenario, call) == only))
            sum_s += busy_s(call, scenario, start_epoch_ns, duration_s);
    }
    return sum_s / (n * duration_s);
}
