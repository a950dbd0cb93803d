/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/orbit.h"

#include <math.h>
#include <stdlib.h>

#include "models/centre/call_back.h"
#include "models/centre/calls.h"

rig_status rig_orbit_new(rig_centre *c)
{
    const rig_scenario *s = c->scenario;
    rig_orbit *o = &c->outside;
    bool is_used = s->callers.redial.p_redial > 0.0 || s->queue.deflection.p_accept > 0.0 ||
                   s->queue.keep_place.p_accept > 0.0;
    o->max = is_used ? s->limits.max_outside : 0;
    o->all = calloc(o->max + (size_t)1, sizeof *o->all);
    o->free = calloc(o->max + (size_t)1, sizeof *o->free);
    if (o->all == NULL || o->free == NULL)
        return RIG_ENOMEM;
    return rig_event_heap_new(o->max, &o->heap);
}

void rig_orbit_free(rig_centre *c)
{
    free(c->outside.all);
    free(c->outside.free);
    rig_event_heap_free(c->outside.heap);
}

void rig_orbit_begin(rig_centre *c)
{
    rig_orbit *o = &c->outside;
    o->n_free = o->n_used = 0;
    o->skills = 0;
    o->next_order = 0;
    rig_event_heap_clear(o->heap);
}

/* Room for one more; RIG_NONE, and the run fails, when there is none. */
static uint32_t add(rig_centre *c)
{
    rig_orbit *o = &c->outside;
    if (o->n_free > 0)
        return o->free[--o->n_free];
    if (o->n_used < o->max)
        return o->n_used++;
    if (c->status == RIG_OK)
        c->status = rig_fail(c->err, RIG_EINPUT,
                             "%s: more callers wait to redial or to be called back at one time "
                             "than limits.max_outside = %u; expected a greater limit, fewer calls "
                             "or a smaller share who redial",
                             c->scenario->path, o->max);
    return RIG_NONE;
}

static void drop(rig_centre *c, uint32_t i)
{
    c->outside.free[c->outside.n_free++] = i;
}

static void set_timer(rig_centre *c)
{
    double next_s = rig_event_heap_next_s(c->outside.heap);
    if (isfinite(next_s))
        rig_calendar_set(c->calendar, c->outside_actor, next_s);
    else
        rig_calendar_unset(c->calendar, c->outside_actor);
}

static void wait_until(rig_centre *c, uint32_t i, double at_s)
{
    rig_event_heap_set(c->outside.heap, i, at_s);
    set_timer(c);
}

void rig_orbit_redial(rig_centre *c, uint32_t caller, uint32_t attempt, double least_s)
{
    double delay_s = 0.0;
    if (!rig_callers_redials(&c->callers, caller, attempt, &delay_s))
        return;
    uint32_t i = add(c);
    if (i == RIG_NONE)
        return;
    c->outside.all[i] = (rig_outsider){.caller = caller, .attempt = attempt + 1, .is_redial = true};
    const uint32_t row = rig_callers_row(&c->callers, caller, attempt + 1);
    delay_s = rig_later_s(delay_s, least_s);
    wait_until(c, i, rig_later_s(c->now_s, c->now_s + delay_s + rig_centre_redial_late_s(c, row)));
}

/* He joins the end of his skill's line. */
static void join(rig_centre *c, uint32_t i)
{
    rig_orbit *o = &c->outside;
    rig_outsider *who = &o->all[i];
    const uint32_t bit = 1u << who->skill;
    who->next = RIG_NONE;
    who->order = o->next_order++;
    if (o->skills & bit)
        o->all[o->tail[who->skill]].next = i;
    else
        o->head[who->skill] = i;
    o->tail[who->skill] = i;
    o->skills |= bit;
}

static uint32_t add_promised(rig_centre *c, const rig_slot *slot, uint32_t n_dials)
{
    uint32_t i = add(c);
    if (i != RIG_NONE)
        c->outside.all[i] = (rig_outsider){.promised_s = c->now_s,
                                           .caller = slot->caller,
                                           .attempt = slot->attempt,
                                           .skill = slot->skill,
                                           .is_again = slot->is_again,
                                           .n_dials = n_dials};
    return i;
}

void rig_orbit_promise(rig_centre *c, const rig_slot *slot, uint32_t n_dials)
{
    uint32_t i = add_promised(c, slot, n_dials);
    if (i != RIG_NONE)
        join(c, i);
}

void rig_orbit_promise_later(rig_centre *c, const rig_slot *slot, uint32_t n_dials, double delay_s)
{
    uint32_t i = add_promised(c, slot, n_dials);
    if (i != RIG_NONE)
        wait_until(c, i, c->now_s + delay_s);
}

void rig_orbit_wake(rig_centre *c)
{
    uint32_t i = rig_event_heap_pop(c->outside.heap);
    const rig_outsider who = c->outside.all[i];
    if (who.is_redial) {
        drop(c, i);
        rig_centre_call_arrive(c, who.caller, who.attempt);
    } else {
        join(c, i);
        rig_callback_look(c);
    }
    set_timer(c);
}

uint32_t rig_orbit_first(const rig_centre *c, uint32_t skills)
{
    const rig_orbit *o = &c->outside;
    uint32_t best = RIG_NONE;
    for (skills &= o->skills; skills != 0; skills &= skills - 1) {
        uint32_t i = o->head[__builtin_ctz(skills)];
        if (best == RIG_NONE || o->all[i].order < o->all[best].order)
            best = i;
    }
    return best;
}

rig_outsider rig_orbit_take(rig_centre *c, uint32_t skill)
{
    rig_orbit *o = &c->outside;
    const uint32_t i = o->head[skill];
    const rig_outsider who = o->all[i];
    o->head[skill] = who.next;
    if (who.next == RIG_NONE)
        o->skills &= ~(1u << skill);
    drop(c, i);
    return who;
}

uint64_t rig_orbit_give_up(rig_centre *c)
{
    uint64_t n = 0;
    while (c->outside.skills != 0) {
        const rig_outsider who = rig_orbit_take(c, (uint32_t)__builtin_ctz(c->outside.skills));
        n += !who.is_again;
    }
    return n;
}
