/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/steps.h"

#include <stdlib.h>

#include "callcentre/centre/centre.h"

static void put(const rig_callcentre_steps *s)
{
    if (s->n_begun == 0)
        return;
    const uint32_t n = s->steps[s->n_begun - 1].n;
    if (s->trunk < s->centre->scenario->n_trunks)
        rig_callcentre_circuit_resize(s->centre->resources, s->trunk, n);
    else
        rig_callcentre_port_resize(s->centre->resources, n);
}

static void await_next(rig_callcentre_steps *s)
{
    if (s->n_begun < s->n_steps)
        rig_callcentre_timers_set(
            &s->centre->timers, &s->timer,
            rig_callcentre_centre_instant_ns(s->centre, s->steps[s->n_begun].at_s));
}

/* Who waits for a port, or to be called back, is looked at when all that is due has been done. */
static void on_step(void *arg)
{
    rig_callcentre_steps *s = arg;
    s->n_begun++;
    put(s);
    await_next(s);
}

rig_status rig_callcentre_steps_make(rig_callcentre_centre *centre, rig_error *err)
{
    const rig_scenario *scenario = centre->scenario;
    centre->steps = calloc(scenario->n_trunks + 1, sizeof *centre->steps);
    if (!centre->steps)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = 0; i <= scenario->n_trunks; i++) {
        rig_callcentre_steps *s = &centre->steps[i];
        const bool is_trunk = i < scenario->n_trunks;
        *s = (rig_callcentre_steps){
            .centre = centre,
            .trunk = i,
            .steps = is_trunk ? scenario->trunks[i].steps : scenario->ivr.steps,
            .n_steps = is_trunk ? scenario->trunks[i].n_steps : scenario->ivr.n_steps,
            .timer = {.fire = on_step, .arg = s}};
        while (s->n_begun < s->n_steps && s->steps[s->n_begun].at_s <= centre->first_call_s)
            s->n_begun++;
        if (!rig_callcentre_timers_reserve(&centre->timers))
            return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    return RIG_OK;
}

void rig_callcentre_steps_start(rig_callcentre_centre *centre)
{
    for (size_t i = 0; i <= centre->scenario->n_trunks; i++)
        await_next(&centre->steps[i]);
}

void rig_callcentre_steps_apply(const rig_callcentre_centre *centre)
{
    for (size_t i = 0; i <= centre->scenario->n_trunks; i++)
        put(&centre->steps[i]);
}

uint32_t rig_callcentre_steps_n_spare(const rig_callcentre_centre *centre, size_t trunk)
{
    const rig_callcentre_steps *s = &centre->steps[trunk];
    rig_trunk_group now = centre->scenario->trunks[trunk];
    if (s->n_begun > 0)
        now.n_circuits = s->steps[s->n_begun - 1].n;
    return rig_scenario_n_spare(&now);
}

void rig_callcentre_steps_clear(rig_callcentre_centre *centre)
{
    free(centre->steps);
    centre->steps = NULL;
}
