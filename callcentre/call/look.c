/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers who look for a free agent by themselves: docs/scenario.md, "Looks". */
#include "callcentre/call/call_impl.h"
#include "core/clock.h"

static double every_s(const rig_callcentre_centre *centre)
{
    const rig_callcentre_defect *poll = rig_callcentre_centre_defect(centre, RIG_DEFECT_POLL);
    return poll ? poll->value : centre->scenario->queue.poll_s;
}

bool rig_callcentre_call_is_awaited(const rig_callcentre_call *call)
{
    const rig_callcentre_centre *centre = call->centre;
    return rig_callcentre_queue_is_awaited(centre->resources, &call->waiter) &&
           (!rig_callcentre_centre_is_polled(centre) ||
            rig_callcentre_centre_is_next_turn(centre));
}

/* Without room for the timer he looks no more: as one whose thread is stuck. */
static void look_at(rig_callcentre_call *call, int64_t at_ns)
{
    rig_callcentre_timers *timers = &call->centre->timers;
    if (!call->has_looking && !(call->has_looking = rig_callcentre_timers_reserve(timers)))
        return;
    rig_callcentre_timers_set(timers, &call->looking, at_ns);
}

void rig_callcentre_call_begin_looking(rig_callcentre_call *call, rig_callcentre_first_look first)
{
    const rig_callcentre_centre *centre = call->centre;
    double after_s = 0.0;
    if (!rig_callcentre_centre_is_polled(centre))
        return;
    if (first == RIG_CALLCENTRE_LOOK_NEXT)
        after_s = every_s(centre);
    else if (first == RIG_CALLCENTRE_LOOK_RETRY)
        after_s = centre->scenario->queue.retry_s;
    look_at(call, rig_callcentre_centre_after_ns(centre, after_s));
}

void rig_callcentre_call_on_look(void *arg)
{
    rig_callcentre_call *call = arg;
    const rig_callcentre_centre *centre = call->centre;
    uint32_t agent = 0;
    if (call->state != CALL_QUEUED)
        return;
    if (rig_callcentre_centre_is_next_turn(centre) &&
        rig_callcentre_queue_is_turn(centre->resources, &call->waiter) &&
        rig_callcentre_agent_seize(centre->resources, &call->waiter, &agent)) {
        rig_callcentre_queue_leave(centre->resources, &call->waiter);
        rig_callcentre_call_ring_agent(call, agent);
        return;
    }
    /* from the instant at which it was due: looks do not drift */
    look_at(call, call->looking.at_ns +
                      rig_clock_ns_of_s(every_s(centre) / centre->scenario->time_scale));
}
