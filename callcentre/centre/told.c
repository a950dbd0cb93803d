/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/told.h"

#include <math.h>
#include <stdio.h>

#include "callcentre/centre/centre.h"
#include "callcentre/centre/classes.h"
#include "core/random.h"
#include "scenarios/own_durations.h"

/* So long is what is announced where nobody is on duty: longer than anybody waits. */
static const double for_ever_s = 1e9;

/* Agents of the largest shift. */
static double weight_of(const rig_agent_group *group)
{
    uint32_t n = group->n_agents;
    for (size_t i = 0; i < group->n_shifts; i++)
        n = group->shifts[i].n_agents > n ? group->shifts[i].n_agents : n;
    return (double)n;
}

/* Now, busy or not, reserves among them. */
static uint32_t n_on_duty_of(const rig_callcentre_centre *centre, size_t group)
{
    const rig_callcentre_staff *staff = rig_callcentre_resources_staff(centre->resources);
    const rig_scenario *scenario = centre->scenario;
    uint32_t n = rig_callcentre_staff_on_duty(staff, group);
    for (size_t i = 0; i < scenario->n_reserves; i++) /* their pools stand behind the groups' */
        if (scenario->reserves[i].group == group)
            n += rig_callcentre_staff_on_duty(staff, scenario->n_agents + i);
    return n;
}

/* Of the groups that have the skill; others may help, and do not count. */
double rig_callcentre_expected_wait_s(const rig_callcentre_centre *centre,
                                      const rig_callcentre_waiter *waiter)
{
    const rig_scenario *scenario = centre->scenario;
    const uint32_t position =
        rig_callcentre_queue_n_before(centre->resources, waiter) + UINT32_C(1);
    double n_on_duty = 0.0, weight = 0.0, handling_s = 0.0;
    for (size_t g = 0; g < scenario->n_agents; g++) {
        const rig_agent_group *group = &scenario->agents[g];
        if (group->level != NULL && group->level[waiter->skill] == 0)
            continue;
        n_on_duty += (double)n_on_duty_of(centre, g);
        weight += weight_of(group);
        const double talk_s = rig_scenario_mean_talk_s(scenario, waiter->skill, (uint32_t)g);
        handling_s += weight_of(group) * (group->ring.mean_s + talk_s + group->wrap_up.mean_s);
    }
    return n_on_duty > 0.0 ? fmin(for_ever_s, position * handling_s / weight / n_on_duty)
                           : for_ever_s;
}

/* The scenario deflects such a call now, if its caller takes the promise. */
static bool is_to_be_deflected(const rig_callcentre_centre *centre,
                               const rig_callcentre_asked *asked)
{
    const rig_deflection *deflection = &centre->scenario->queue.deflection;
    const rig_callers *callers = &centre->scenario->callers;
    const uint32_t n_waiting = rig_callcentre_resources_usage(centre->resources)->n_waiting;
    const bool waits = asked->waiter->next != NULL;
    return n_waiting - waits >= deflection->queue_from &&
           (!(deflection->wait_from_s > 0.0) ||
            rig_callcentre_expected_wait_s(centre, asked->waiter) >= deflection->wait_from_s) &&
           !(asked->caller_class < callers->n_classes &&
             callers->classes[asked->caller_class].is_never_deflected);
}

bool rig_callcentre_is_deflected(const rig_callcentre_centre *centre,
                                 const rig_callcentre_asked *asked)
{
    const rig_deflection *deflection = &centre->scenario->queue.deflection;
    uint64_t caller;
    if (!(deflection->p_accept > 0.0) ||
        rig_callcentre_centre_defect(centre, RIG_DEFECT_NO_DEFLECTION) != NULL)
        return false;
    if (rig_callcentre_centre_defect(centre, RIG_DEFECT_DEFLECTS_ALL) != NULL)
        return true;
    return is_to_be_deflected(centre, asked) &&
           rig_callcentre_caller_of(centre->scenario, asked->number, &caller) &&
           rig_random_uniform(centre->scenario->seed, RIG_CAUSE_DEFLECTION, caller, 0,
                              asked->attempt) < deflection->p_accept;
}

void rig_callcentre_announcement_of(const rig_callcentre_centre *centre,
                                    const rig_callcentre_waiter *waiter,
                                    char header[RIG_CALLCENTRE_ANNOUNCEMENT_SIZE])
{
    const rig_scenario *scenario = centre->scenario;
    const rig_callcentre_defect *wrong = rig_callcentre_centre_defect(centre, RIG_DEFECT_ANNOUNCES);
    const double factor = wrong != NULL ? wrong->value : 1.0;
    const uint32_t position =
        rig_callcentre_queue_n_before(centre->resources, waiter) + UINT32_C(1);
    header[0] = '\0';
    switch (scenario->queue.announcement) {
    case RIG_ANNOUNCE_NOTHING:
        break;
    case RIG_ANNOUNCE_POSITION:
        (void)snprintf(header, RIG_CALLCENTRE_ANNOUNCEMENT_SIZE, "X-Rig-Position: %.0f",
                       fmax(1.0, round(factor * position)));
        break;
    case RIG_ANNOUNCE_EXPECTED_WAIT:
        (void)snprintf(header, RIG_CALLCENTRE_ANNOUNCEMENT_SIZE, "X-Rig-Wait: %.3f",
                       factor * rig_callcentre_expected_wait_s(centre, waiter) /
                           scenario->time_scale);
        break;
    }
}

void rig_callcentre_emergency_look(rig_callcentre_centre *centre)
{
    const rig_emergency *said = &centre->scenario->emergency;
    const uint32_t n_waiting = rig_callcentre_resources_usage(centre->resources)->n_waiting;
    if (!rig_scenario_has_emergency(centre->scenario))
        return;
    if (n_waiting > said->queue_above)
        centre->is_emergency = true;
    else if (n_waiting <= said->queue_below)
        centre->is_emergency = false;
}

const char *rig_callcentre_emergency_header(const rig_callcentre_centre *centre)
{
    return centre->is_emergency &&
                   rig_callcentre_centre_defect(centre, RIG_DEFECT_NO_EMERGENCY) == NULL
               ? "X-Rig-Stage: emergency"
               : NULL;
}
