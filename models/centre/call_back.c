/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/call_back.h"

#include <math.h>

#include "core/random.h"
#include "models/centre/agents.h"
#include "models/centre/calls.h"
#include "models/centre/looks.h"
#include "models/centre/orbit.h"
#include "models/centre/queue.h"
#include "models/centre/trunks.h"

/* Draws of a centre that follows other rules; sub of RIG_CAUSE_TARGET, beside the embedded
 * centre's. */
enum { DRAW_FORGET = 1010, DRAW_AGAIN };

bool rig_callback_are_first(const rig_centre *c)
{
    return c->input->rules != NULL && c->input->rules->call_backs_first;
}

/* Whether one of a share of the callers. */
static bool is_among(const rig_centre *c, double share, uint32_t caller, uint32_t sub)
{
    return share > 0.0 && rig_callers_uniform(&c->callers, RIG_CAUSE_TARGET, caller, sub) < share;
}

bool rig_callback_is_forgotten(const rig_centre *c, uint32_t caller)
{
    return c->input->rules != NULL &&
           is_among(c, c->input->rules->p_forgotten, caller, DRAW_FORGET);
}

static bool is_called_again(const rig_centre *c, const rig_slot *s)
{
    return c->input->rules != NULL && !s->is_again &&
           is_among(c, c->input->rules->p_called_again, s->caller, DRAW_AGAIN);
}

void rig_callback_dial(rig_centre *c, uint32_t id, uint32_t agent)
{
    const rig_call_back *how = &c->scenario->call_back;
    rig_slot *s = &c->slots[id];
    s->state = RIG_SLOT_IS_DIALLED;
    s->is_call_back = true;
    s->has_port = false;
    s->hangs_up_s = INFINITY;
    s->agent = agent;
    s->trunk = rig_trunks_seize_to_dial(c);
    c->counts.n_call_backs++;
    if (s->n_dials == 0 && !s->is_again) {
        c->call_back_delays_s += c->now_s - s->queued_s;
        c->n_first_dials++;
        c->n_in_promise += c->now_s - s->queued_s <= c->scenario->call_back.promise_s;
    }
    double for_s = rig_callers_answers_back_s(&c->callers, s->caller, s->attempt, s->n_dials);
    const bool is_reached = for_s >= 0.0;
    s->wake = is_reached ? RIG_WAKE_REACHED : RIG_WAKE_NOT_REACHED;
    rig_calendar_set(c->calendar, id, c->now_s + (is_reached ? for_s : how->no_answer_s));
}

/* Places that found no circuit at their turn. */
static void dial_places(rig_centre *c)
{
    for (uint64_t groups = c->idle_groups; groups != 0 && c->n_places > 0; groups &= groups - 1) {
        uint32_t group = (uint32_t)__builtin_ctzll(groups);
        while (c->groups[group].n_idle > 0) {
            uint32_t id = rig_queue_take(c, group);
            if (id == RIG_NONE)
                break;
            uint32_t skill = c->slots[id].skill;
            rig_queue_serve(c, id, rig_agents_pick_among(c, (uint64_t)1 << group, skill));
        }
    }
}

/* Whether somebody looks for an agent of the group by himself: the idle are his. */
static bool is_looked_for(const rig_centre *c, int group)
{
    for (uint32_t rank = 0; rank < c->n_ranks && rig_looks_are_on(c); rank++)
        if ((c->skills_waiting[rank] & c->groups[group].skills) != 0)
            return true;
    return false;
}

/* Groups that have agents to spare. */
static uint64_t spare_groups(const rig_centre *c)
{
    const uint32_t n_spare = rig_callback_are_first(c) ? 1 : c->scenario->call_back.idle_agents;
    uint64_t spare = 0;
    for (uint64_t groups = c->idle_groups; groups != 0; groups &= groups - 1) {
        int i = __builtin_ctzll(groups);
        if (c->groups[i].n_idle >= n_spare && !is_looked_for(c, i))
            spare |= (uint64_t)1 << i;
    }
    return spare;
}

static void dial_promised(rig_centre *c)
{
    while (c->outside.skills != 0 && rig_trunks_can_dial(c)) {
        const uint64_t spare = spare_groups(c);
        uint32_t skills = 0;
        for (uint64_t groups = spare; groups != 0; groups &= groups - 1)
            skills |= c->groups[__builtin_ctzll(groups)].skills;
        uint32_t first = rig_orbit_first(c, skills);
        if (first == RIG_NONE)
            break;
        const uint32_t skill = c->outside.all[first].skill;
        const rig_outsider who = rig_orbit_take(c, skill);
        uint32_t agent = rig_agents_pick_among(c, spare & c->skill_groups[skill], skill);
        uint32_t id = rig_slot_take(c);
        c->slots[id] = (rig_slot){.caller = who.caller,
                                  .attempt = who.attempt,
                                  .queued_s = who.promised_s,
                                  .row = rig_callers_row(&c->callers, who.caller, who.attempt),
                                  .skill = who.skill,
                                  .is_again = who.is_again,
                                  .n_dials = who.n_dials,
                                  .interval = RIG_NONE};
        rig_callback_dial(c, id, agent);
    }
}

void rig_callback_dial_all(rig_centre *c)
{
    if (c->n_centre_down > 0 || c->idle_groups == 0)
        return;
    if (c->n_places > 0)
        dial_places(c);
    if (c->now_s >= c->scenario->call_back.start_s)
        dial_promised(c);
}

static void free_line(rig_centre *c, uint32_t id)
{
    c->call_backs_end_s = c->now_s;
    rig_calendar_unset(c->calendar, id);
    rig_trunks_release(c, c->slots[id].trunk);
    rig_slot_give(c, id);
}

void rig_callback_end_in_vain(rig_centre *c, uint32_t id)
{
    const rig_call_back *how = &c->scenario->call_back;
    const rig_slot s = c->slots[id];
    c->counts.n_vain++;
    free_line(c, id);
    if (s.n_dials + 1 >= how->n_attempts)
        c->counts.n_never_reached += !s.is_again;
    else
        rig_orbit_promise_later(
            c, &s, s.n_dials + 1,
            rig_dist_quantile_s(&how->retry_delay,
                                rig_callers_call_back_u(&c->callers, s.caller, s.attempt, s.n_dials,
                                                        RIG_CALLERS_RETRY)));
    rig_callback_look(c);
    rig_agents_release(c, s.agent);
}

void rig_callback_end_talk(rig_centre *c, uint32_t id)
{
    rig_slot s = c->slots[id];
    if (!s.is_again) {
        c->counts.n_called_back++;
        c->counts.n_served_callers++;
    }
    free_line(c, id);
    if (is_called_again(c, &s)) {
        s.is_again = true;
        rig_orbit_promise(c, &s, s.n_dials);
    }
    rig_callback_look(c);
}

void rig_callback_cut_talk(rig_centre *c, uint32_t id)
{
    c->counts.n_cut_back += !c->slots[id].is_again;
    free_line(c, id); /* he waits to be called again */
    rig_callback_look(c);
}

void rig_callback_give_up(rig_centre *c)
{
    c->counts.n_never_reached += rig_orbit_give_up(c) + c->n_places;
    for (uint32_t id = 0; id < c->n_used_slots && c->n_places > 0; id++) {
        if (c->slots[id].state == RIG_SLOT_PLACE) {
            rig_queue_remove(c, id);
            rig_calendar_unset(c->calendar, id);
            rig_slot_give(c, id);
        }
    }
}
