/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents' phones that do not take every call. */
#include <math.h>

#include "scenarios/scenario.h"

bool rig_scenario_refuses(const rig_agent_group *group)
{
    return group->p_busy + group->p_do_not_disturb + group->p_reject > 0.0;
}

bool rig_scenario_has_refusals(const rig_scenario *scenario)
{
    for (size_t g = 0; g < scenario->n_agents; g++)
        if (rig_scenario_refuses(&scenario->agents[g]))
            return true;
    return false;
}

rig_refusal rig_scenario_refusal(const rig_agent_group *group, double u)
{
    const double p_silent = group->p_busy + group->p_do_not_disturb;
    if (u < group->p_busy)
        return RIG_REFUSAL_BUSY;
    if (u < p_silent)
        return RIG_REFUSAL_DO_NOT_DISTURB;
    return u < p_silent + group->p_reject ? RIG_REFUSAL_REJECT : RIG_REFUSAL_NONE;
}

double rig_scenario_vain_s(const rig_agent_group *group)
{
    enum { N_POINTS = 64 };
    const double p_silent = group->p_busy + group->p_do_not_disturb;
    const double p_rings = fmax(0.0, 1.0 - p_silent - group->p_reject);
    double p_too_late = 0.0, rings_s = 0.0;
    if (!rig_scenario_refuses(group))
        return group->ring_timeout_s;
    for (int i = 0; i < N_POINTS; i++) { /* the mean over ring times, by midpoints */
        const double ring_s = rig_dist_quantile_s(&group->ring, (i + 0.5) / N_POINTS);
        rings_s += fmin(ring_s, group->ring_timeout_s) / N_POINTS;
        p_too_late += (ring_s >= group->ring_timeout_s) / (double)N_POINTS;
    }
    return (group->p_reject * rings_s + p_rings * p_too_late * group->ring_timeout_s) /
           (p_silent + group->p_reject + p_rings * p_too_late);
}

double rig_scenario_any_vain_s(const rig_scenario *scenario, const rig_agent_group *group)
{
    double sum_s = 0.0, n = 0.0;
    if (!rig_scenario_has_refusals(scenario))
        return group->ring_timeout_s;
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const double weight = (double)scenario->agents[g].n_agents;
        sum_s += weight * rig_scenario_vain_s(&scenario->agents[g]);
        n += weight;
    }
    return sum_s / n;
}
