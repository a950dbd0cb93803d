/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/deflection.h"

#include <math.h>

#include "models/centre/call_back.h"
#include "models/centre/calls.h"
#include "models/centre/orbit.h"
#include "models/centre/positions.h"
#include "models/centre/queue.h"

double rig_deflection_asked_at_s(const rig_centre *c, const rig_slot *s)
{
    const rig_deflection *deflection = &c->scenario->queue.deflection;
    return deflection->p_accept > 0.0 && deflection->after_s > 0.0 && !s->was_asked
               ? s->queued_s + deflection->after_s
               : INFINITY;
}

/* Whether he is one of those who are told not to wait now. @param n_others  Calls that wait beside
 * his, @param n_front  what stands in front of him. */
static bool may_deflect(const rig_centre *c, const rig_slot *s, uint32_t n_others, uint32_t n_front)
{
    const rig_deflection *deflection = &c->scenario->queue.deflection;
    const rig_callers *callers = &c->scenario->callers;
    return n_others >= deflection->queue_from &&
           (deflection->wait_from_s <= 0.0 ||
            rig_positions_wait_behind_s(c, s->skill, n_front) >= deflection->wait_from_s) &&
           !(callers->n_classes > 0 &&
             callers->classes[rig_callers_class(&c->callers, s->caller)].is_never_deflected) &&
           rig_callers_takes_promise(&c->callers, s->caller, s->attempt);
}

static void hear_promise(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    s->state = RIG_SLOT_HEARS_PROMISE;
    rig_centre_call_wait_for(c, id, c->now_s + c->scenario->queue.deflection.announcement_s,
                             RIG_WAKE_PROMISE_ENDS, rig_earlier_s(s->leave_queue_s, s->hangs_up_s));
}

bool rig_deflection_takes(rig_centre *c, uint32_t id)
{
    const rig_deflection *deflection = &c->scenario->queue.deflection;
    rig_slot *s = &c->slots[id];
    if (deflection->p_accept <= 0.0 || deflection->after_s > 0.0 ||
        !may_deflect(c, s, c->n_waiting, rig_positions_in_front(c, s)))
        return false;
    rig_queue_draw_patience(c, s);
    hear_promise(c, id);
    return true;
}

bool rig_deflection_is_due(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    if (rig_deflection_asked_at_s(c, s) > c->now_s)
        return false;
    s->was_asked = true;
    if (!may_deflect(c, s, c->n_waiting - 1, rig_positions_before(c, id)))
        return false;
    rig_queue_remove(c, id);
    hear_promise(c, id);
    return true;
}

void rig_deflection_end(rig_centre *c, uint32_t id)
{
    const rig_slot s = c->slots[id];
    if (c->scenario->call_back.n_attempts > 0) { /* else he is told to call later */
        c->counts.n_promised++;
        if (rig_callback_is_forgotten(c, s.caller))
            c->counts.n_never_reached++;
        else
            rig_orbit_promise(c, &s, 0);
    }
    rig_centre_call_end(c, id, RIG_OUTCOME_DEFLECTED, RIG_STAGE_QUEUE);
}
