/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/duty.h"

#include <stdlib.h>
#include <sys/param.h>

#include "callcentre/call/agent_leg.h"
#include "callcentre/centre/centre.h"

uint32_t rig_callcentre_duty_wanted(const rig_callcentre_centre *centre, size_t group)
{
    const rig_agent_group *said = &centre->scenario->agents[group];
    const size_t n_begun = centre->duty[group].n_begun;
    const uint32_t n = n_begun > 0 ? said->shifts[n_begun - 1].n_agents : said->n_agents;
    return n - MIN(n, rig_callcentre_faults_n_gone(centre, group, n));
}

/* Agents of a group leave or come until as many are there as should be. */
static void review(rig_callcentre_centre *centre, size_t group)
{
    rig_callcentre_staff *staff = rig_callcentre_resources_staff(centre->resources);
    uint32_t n = rig_callcentre_duty_wanted(centre, group);
    if (rig_callcentre_centre_has_nobody_coming(centre, group))
        n = MIN(n, rig_callcentre_staff_on_duty(staff, group));
    rig_callcentre_staff_keep(staff, group, n);
}

static void await_next(rig_callcentre_duty *duty)
{
    const rig_agent_group *said = &duty->centre->scenario->agents[duty->group];
    if (duty->n_begun < said->n_shifts)
        rig_callcentre_timers_set(
            &duty->centre->timers, &duty->timer,
            rig_callcentre_centre_instant_ns(duty->centre, said->shifts[duty->n_begun].at_s));
}

static void on_shift(void *arg)
{
    rig_callcentre_duty *duty = arg;
    duty->n_begun++;
    review(duty->centre, duty->group);
    await_next(duty);
}

/* The agent with the lowest number goes at once, whatever he does. */
static bool send_one_away(rig_callcentre_centre *centre, size_t group)
{
    uint32_t agent = 0;
    bool is_taken = false;
    if (!rig_callcentre_staff_send_away(rig_callcentre_resources_staff(centre->resources), group,
                                        &agent, &is_taken))
        return false;
    rig_callcentre_timer *rest = &centre->agents[agent].timer;
    if (is_taken && rest->slot != 0) { /* he wraps up or rests */
        rig_callcentre_timers_cancel(&centre->timers, rest);
        rig_callcentre_agent_release(centre->resources, agent);
    } else if (is_taken) {
        rig_callcentre_agent_leg_desert(centre, agent);
    }
    return true;
}

void rig_callcentre_duty_note_fault(rig_callcentre_centre *centre, const rig_fault *fault,
                                    bool has_begun)
{
    for (size_t g = 0; g < centre->scenario->n_agents; g++) {
        if (fault->has_group && fault->group != g)
            continue;
        const rig_callcentre_staff *staff = rig_callcentre_resources_staff(centre->resources);
        const uint32_t n_wanted = rig_callcentre_duty_wanted(centre, g);
        while (has_begun && fault->cuts_calls &&
               rig_callcentre_staff_on_duty(staff, g) > n_wanted && send_one_away(centre, g))
            ;
        review(centre, g);
    }
}

rig_status rig_callcentre_duty_make(rig_callcentre_centre *centre, rig_error *err)
{
    const rig_scenario *scenario = centre->scenario;
    centre->duty = calloc(scenario->n_agents + 1, sizeof *centre->duty);
    if (!centre->duty)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t g = 0; g < scenario->n_agents; g++) {
        rig_callcentre_duty *duty = &centre->duty[g];
        const rig_agent_group *said = &scenario->agents[g];
        *duty = (rig_callcentre_duty){
            .centre = centre, .group = g, .timer = {.fire = on_shift, .arg = duty}};
        while (duty->n_begun < said->n_shifts &&
               said->shifts[duty->n_begun].at_s <= centre->first_call_s)
            duty->n_begun++;
        if (!rig_callcentre_timers_reserve(&centre->timers))
            return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    return RIG_OK;
}

void rig_callcentre_duty_start(rig_callcentre_centre *centre)
{
    for (size_t g = 0; g < centre->scenario->n_agents; g++)
        await_next(&centre->duty[g]);
}

void rig_callcentre_duty_clear(rig_callcentre_centre *centre)
{
    free(centre->duty);
    centre->duty = NULL;
}
