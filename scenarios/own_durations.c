/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talks and patience that are a class's, a choice's or a group's own. */
#include "scenarios/own_durations.h"

#include <math.h>

const rig_dist *rig_scenario_talk_of(const rig_scenario *scenario, uint32_t caller_class,
                                     uint32_t choice)
{
    const rig_callers *callers = &scenario->callers;
    const rig_ivr *ivr = &scenario->ivr;
    if (caller_class < callers->n_classes && rig_dist_is_given(&callers->classes[caller_class].talk))
        return &callers->classes[caller_class].talk;
    if (choice < ivr->n_choices && rig_dist_is_given(&ivr->choices[choice].talk))
        return &ivr->choices[choice].talk;
    return &callers->talk;
}

const rig_dist *rig_scenario_talk_at(const rig_scenario *scenario, uint32_t caller_class,
                                     uint32_t group)
{
    const rig_callers *callers = &scenario->callers;
    if (group >= scenario->n_agents || !rig_dist_is_given(&scenario->agents[group].talk))
        return NULL;
    if (caller_class < callers->n_classes && rig_dist_is_given(&callers->classes[caller_class].talk))
        return NULL;
    return &scenario->agents[group].talk;
}

bool rig_scenario_has_group_talks(const rig_scenario *scenario)
{
    for (size_t g = 0; g < scenario->n_agents; g++)
        if (rig_dist_is_given(&scenario->agents[g].talk))
            return true;
    return false;
}

const rig_dist *rig_scenario_patience_of(const rig_scenario *scenario, uint32_t caller_class)
{
    const rig_callers *callers = &scenario->callers;
    if (caller_class < callers->n_classes &&
        rig_dist_is_given(&callers->classes[caller_class].patience_queue))
        return &callers->classes[caller_class].patience_queue;
    return &callers->patience_queue;
}

bool rig_scenario_has_own_talks(const rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->callers.n_classes; i++)
        if (rig_dist_is_given(&scenario->callers.classes[i].talk))
            return true;
    for (size_t i = 0; i < scenario->ivr.n_choices; i++)
        if (rig_dist_is_given(&scenario->ivr.choices[i].talk))
            return true;
    return rig_scenario_has_group_talks(scenario);
}

bool rig_scenario_has_own_patience(const rig_scenario *scenario)
{
    for (size_t i = 0; i < scenario->callers.n_classes; i++)
        if (rig_dist_is_given(&scenario->callers.classes[i].patience_queue))
            return true;
    return false;
}

double rig_scenario_mean_talk_s(const rig_scenario *scenario, uint32_t skill, uint32_t group)
{
    const rig_callers *callers = &scenario->callers;
    const rig_ivr *ivr = &scenario->ivr;
    double sum_s = 0.0, shares = 0.0;
    if (!rig_scenario_has_own_talks(scenario))
        return callers->talk.mean_s;
    for (uint32_t k = 0; k < ivr->n_choices; k++) {
        if (skill != RIG_ANY_SKILL && ivr->choices[k].skill != skill)
            continue;
        for (uint32_t c = 0; c < callers->n_classes; c++) {
            const double share = ivr->choices[k].p_share * callers->classes[c].p_share;
            const rig_dist *at_group = rig_scenario_talk_at(scenario, c, group);
            const rig_dist *talk =
                at_group != NULL ? at_group : rig_scenario_talk_of(scenario, c, k);
            sum_s += share * talk->mean_s;
            shares += share;
        }
    }
    return shares > 0.0 ? sum_s / shares : callers->talk.mean_s;
}

double rig_scenario_mean_patience_s(const rig_scenario *scenario)
{
    const rig_callers *callers = &scenario->callers;
    double sum_s = 0.0;
    if (!rig_scenario_has_own_patience(scenario))
        return callers->patience_queue.mean_s;
    for (uint32_t c = 0; c < callers->n_classes; c++)
        sum_s += callers->classes[c].p_share * rig_scenario_patience_of(scenario, c)->mean_s;
    return sum_s;
}

uint32_t rig_scenario_retry_after_wire_s(const rig_scenario *scenario)
{
    /* 12 s at 3 times the speed are 4, not 5 for a rounding error */
    return (uint32_t)ceil(scenario->target.retry_after_s / scenario->time_scale - 1e-9);
}

double rig_scenario_retry_floor_s(const rig_scenario *scenario)
{
    return scenario->callers.redial.heeds_retry_after
               ? rig_scenario_retry_after_wire_s(scenario) * scenario->time_scale
               : 0.0;
}
