/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/ivr.h"

#include <math.h>

#include "core/random.h"
#include "models/centre/calls.h"
#include "models/centre/races.h"
#include "models/centre/statistics.h"

static void await_step(rig_centre *c)
{
    const rig_ivr *given = &c->scenario->ivr;
    if (c->n_port_step < given->n_steps)
        rig_calendar_set(c->calendar, c->first_step + c->n_trunks,
                         given->steps[c->n_port_step].at_s);
}

void rig_ivr_begin(rig_centre *c)
{
    const rig_ivr *given = &c->scenario->ivr;
    c->n_ports = given->n_steps > 0 ? given->steps[0].n : given->n_ports;
    c->n_free_ports = c->n_ports;
    c->n_port_step = given->n_steps > 0;
    await_step(c);
    c->port_waiters = (rig_slot_list){RIG_NONE, RIG_NONE, 0};
}

/* A caller who hears ringing only. */
static double gives_up_at_s(const rig_centre *c, const rig_slot *s)
{
    return s->arrival_s +
           rig_callers_patience_answer_s(&c->callers, s->caller, s->attempt,
                                         rig_slot_traits(c, s)) +
           rig_centre_call_delay_s(c, RIG_DELAY_PATIENCE_ANSWER, s, 0);
}

/* A port that answers late, after the caller has given up: he holds it until then. */
static bool is_left_first(rig_centre *c, uint32_t id, double answer_s)
{
    rig_slot *s = &c->slots[id];
    if (!(answer_s > c->now_s))
        return false;
    const double gives_up_s = gives_up_at_s(c, s);
    s->is_unanswered = gives_up_s < answer_s;
    if (s->is_unanswered)
        rig_centre_call_wait_for(c, id, INFINITY, RIG_WAKE_MENU_ENDS, gives_up_s);
    return s->is_unanswered;
}

static void give_port(rig_centre *c, uint32_t id, rig_delay_kind reaction)
{
    rig_slot *s = &c->slots[id];
    const rig_dist *menu = &c->scenario->ivr.menu;
    double self_service_s =
        rig_callers_self_service_s(&c->callers, s->caller, s->attempt, rig_slot_traits(c, s));
    const rig_call_delays *own = rig_centre_call_own(c, s);
    const double answer_s =
        rig_centre_call_acts_s(c, reaction, s, 0, own != NULL ? own->port_s : (double)NAN);
    double menu_s = menu->mean_s;
    c->n_free_ports--;
    s->has_port = true;
    s->state = RIG_SLOT_IN_MENU;
    s->hangs_up_s = INFINITY;
    if (is_left_first(c, id, answer_s))
        return;
    rig_statistics_answer(c, s, answer_s - s->arrival_s);
    rig_statistics_note(c, s->caller, s->attempt, RIG_MILESTONE_PORT, answer_s);
    if (self_service_s >= 0.0)
        s->hangs_up_s =
            rig_later_s(answer_s, answer_s + self_service_s +
                                      rig_centre_call_delay_s(c, RIG_DELAY_SELF_SERVICE, s, 0));
    if (menu->kind != RIG_DIST_CONSTANT)
        menu_s = rig_dist_quantile_s(
            menu, rig_callers_uniform(&c->callers, RIG_CAUSE_MENU, s->caller, s->attempt));
    menu_s = rig_later_s(0.0, menu_s + rig_centre_call_delay_s(c, RIG_DELAY_CENTRE_MENU, s, 0));
    if (self_service_s >= 0.0 && c->scenario->ivr.has_dialogue)
        menu_s = INFINITY; /* he is not in the menu, and leaves when he is done */
    s->hangs_up_s = rig_races_self_service_s(c, s, s->hangs_up_s, answer_s + menu_s);
    rig_centre_call_wait_for(c, id, answer_s + menu_s, RIG_WAKE_MENU_ENDS, s->hangs_up_s);
}

void rig_ivr_enter(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    if (rig_ivr_has_port(c)) {
        give_port(c, id, RIG_DELAY_CENTRE_ANSWERS);
        return;
    }
    double gives_up_s = gives_up_at_s(c, s);
    const rig_call_delays *own = rig_centre_call_own(c, s);
    if (own != NULL)
        gives_up_s = rig_races_stay_until_s(c, s, gives_up_s, own->port_s);
    s->state = RIG_SLOT_WAITS_FOR_PORT;
    s->wake = RIG_WAKE_GIVES_UP;
    rig_slot_list_add(c, &c->port_waiters, id, RIG_SLOT_AT_TAIL);
    rig_calendar_set(c->calendar, id, rig_later_s(c->now_s, gives_up_s));
}

static void answer_waiters(rig_centre *c)
{
    while (rig_ivr_has_port(c) && c->port_waiters.n > 0) {
        uint32_t id = rig_races_first(c, c->port_waiters.head);
        if (id == RIG_NONE)
            return;
        rig_slot_list_remove(c, &c->port_waiters, id);
        give_port(c, id, RIG_DELAY_CENTRE_NEXT_CALLER);
    }
}

void rig_ivr_release(rig_centre *c, uint32_t id)
{
    if (!c->slots[id].has_port)
        return;
    c->slots[id].has_port = false;
    c->n_free_ports++;
    answer_waiters(c);
}

void rig_ivr_step(rig_centre *c)
{
    const uint32_t n = c->scenario->ivr.steps[c->n_port_step++].n;
    c->n_free_ports += (int64_t)n - (int64_t)c->n_ports;
    c->n_ports = n;
    await_step(c);
    answer_waiters(c);
}

void rig_ivr_repaired(rig_centre *c)
{
    answer_waiters(c);
}
