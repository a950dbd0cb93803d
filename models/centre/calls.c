/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/calls.h"

#include <math.h>

#include "core/random.h"
#include "models/centre/agents.h"
#include "models/centre/call_back.h"
#include "models/centre/deflection.h"
#include "models/centre/ivr.h"
#include "models/centre/orbit.h"
#include "models/centre/queue.h"
#include "models/centre/races.h"
#include "models/centre/dealing.h"
#include "models/centre/statistics.h"
#include "models/centre/trunks.h"
#include "scenarios/own_durations.h"

uint32_t rig_slot_take(rig_centre *c)
{
    return c->n_free_slots > 0 ? c->free_slots[--c->n_free_slots] : c->n_used_slots++;
}

void rig_slot_give(rig_centre *c, uint32_t id)
{
    c->n_ringing -= c->slots[id].state == RIG_SLOT_RINGS;
    c->slots[id].state = RIG_SLOT_FREE;
    c->free_slots[c->n_free_slots++] = id;
}

void rig_slot_list_add(rig_centre *c, rig_slot_list *list, uint32_t id, rig_slot_place place)
{
    const bool at_head = place == RIG_SLOT_AT_HEAD;
    uint32_t neighbour = at_head ? list->head : list->tail;
    c->slots[id].previous = at_head ? RIG_NONE : neighbour;
    c->slots[id].next = at_head ? neighbour : RIG_NONE;
    if (neighbour == RIG_NONE)
        list->head = list->tail = id;
    else if (at_head)
        list->head = c->slots[neighbour].previous = id;
    else
        list->tail = c->slots[neighbour].next = id;
    list->n++;
}

void rig_slot_list_remove(rig_centre *c, rig_slot_list *list, uint32_t id)
{
    const rig_slot *s = &c->slots[id];
    if (s->previous == RIG_NONE)
        list->head = s->next;
    else
        c->slots[s->previous].next = s->next;
    if (s->next == RIG_NONE)
        list->tail = s->previous;
    else
        c->slots[s->next].previous = s->previous;
    list->n--;
}

void rig_centre_call_wait_for(rig_centre *c, uint32_t id, double goes_on_s, rig_wake goes_on,
                              double gives_up_s)
{
    bool gives_up = gives_up_s < goes_on_s;
    c->slots[id].wake = (uint8_t)(gives_up ? RIG_WAKE_GIVES_UP : goes_on);
    rig_calendar_set(c->calendar, id, rig_later_s(c->now_s, gives_up ? gives_up_s : goes_on_s));
}

static void lose_at_trunk(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t interval)
{
    rig_statistics_outcome(c, caller, attempt, interval, 0, RIG_OUTCOME_LOST_TRUNK,
                           RIG_STAGE_TRUNK);
    rig_orbit_redial(c, caller, attempt, rig_scenario_retry_floor_s(c->scenario));
}

void rig_centre_call_arrive(rig_centre *c, uint32_t caller, uint32_t attempt)
{
    uint32_t interval = rig_statistics_interval(c, attempt);
    if (c->is_conditioned && rig_races_hold(c, caller, attempt, interval))
        return;
    if (c->is_conditioned && rig_races_refuse(c, caller, attempt)) {
        rig_trunks_refuse(c, caller, attempt);
        lose_at_trunk(c, caller, attempt, interval);
        return;
    }
    rig_centre_call_admit(c, caller, attempt, interval, c->now_s);
}

void rig_centre_call_admit(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t interval,
                           double arrival_s)
{
    uint32_t trunk = rig_trunks_seize(c, caller, attempt);
    if (trunk == RIG_NONE) {
        lose_at_trunk(c, caller, attempt, interval);
        return;
    }
    const uint32_t id = rig_slot_take(c), row = rig_callers_row(&c->callers, caller, attempt);
    c->slots[id] = (rig_slot){.caller = caller,
                              .attempt = attempt,
                              .row = row,
                              .interval = interval,
                              .trunk = trunk,
                              .agent = RIG_NONE,
                              .drawn = (uint8_t)rig_centre_draw_ahead(c, id, caller, attempt, row),
                              .arrival_s = arrival_s};
    rig_ivr_enter(c, id);
}

void rig_centre_call_end(rig_centre *c, uint32_t id, rig_outcome outcome, rig_stage stage)
{
    const rig_slot *s = &c->slots[id];
    const uint32_t caller = s->caller, attempt = s->attempt;
    rig_statistics_outcome(c, caller, attempt, s->interval, s->skill, outcome, stage);
    rig_statistics_left(c, s, outcome, stage);
    c->n_left += outcome == RIG_OUTCOME_LOST_QUEUE || outcome == RIG_OUTCOME_LOST_AGENT;
    rig_calendar_unset(c->calendar, id);
    rig_trunks_release(c, s->trunk);
    rig_ivr_release(c, id);
    rig_slot_give(c, id);
    if (outcome == rig_outcome_lost_at(stage) || outcome == RIG_OUTCOME_DROPPED)
        rig_orbit_redial(c, caller, attempt, 0.0);
    rig_races_admit(c);
    rig_callback_look(c);
}

static double rings_at_s(const rig_centre *c, const rig_slot *s, uint32_t k)
{
    const rig_call_delays *own = rig_centre_call_own(c, s);
    const double seen_s = own != NULL && own->ring == k ? own->ring_s : (double)NAN;
    /* what waited is rung late because the wrap-up ended late */
    if (s->state == RIG_SLOT_IN_QUEUE && (own == NULL || !rig_centre_is_at_once(c, seen_s)))
        return c->now_s;
    return rig_centre_call_acts_s(c, RIG_DELAY_CENTRE_RINGS, s, k, seen_s);
}

/* His patience in the queue was over (he waited there, or was back from a ringing in vain), and his
 * hang-up crossed the news that it rings. */
static double crossing_s(const rig_centre *c, const rig_slot *s, double gives_up_s)
{
    const rig_call_delays *own = rig_centre_call_own(c, s);
    const bool was_in_queue = s->state == RIG_SLOT_IN_QUEUE || s->state == RIG_SLOT_RINGS;
    if (own == NULL || !was_in_queue || !rig_centre_is_at_once(c, own->leave_s) ||
        s->leave_queue_s > own->leave_s + rig_centre_most_reaction_s(c))
        return gives_up_s;
    return own->leave_s;
}

void rig_centre_call_ring(rig_centre *c, uint32_t id, uint32_t agent)
{
    rig_slot *s = &c->slots[id];
    const uint32_t group = rig_agents_group(c, agent);
    const double timeout_s = c->scenario->agents[group].ring_timeout_s;
    uint32_t k = s->n_rings++;
    const double rings_s = rig_races_rings_s(c, s, k, rings_at_s(c, s, k));
    double ring_s =
        rig_callers_ring_s(&c->callers, s->caller, s->attempt, group, k, rig_slot_traits(c, s)) +
        rig_centre_call_delay_s(c, RIG_DELAY_RING, s, k);
    ring_s = rig_dealing_ring_others(c, id, k, ring_s);
    ring_s = rig_races_ring_s(c, s, k, rig_later_s(0.0, ring_s), timeout_s);
    double gives_up_s =
        rings_s +
        rig_callers_patience_ringing_s(&c->callers, s->caller, s->attempt, rig_slot_traits(c, s)) +
        rig_centre_call_delay_s(c, RIG_DELAY_PATIENCE_RINGING, s, k);
    gives_up_s = crossing_s(c, s, gives_up_s);
    const rig_refusal refusal = rig_callers_refusal(&c->callers, s->caller, s->attempt, group, k);
    const bool is_silent = refusal != RIG_REFUSAL_NONE && refusal != RIG_REFUSAL_REJECT;
    const bool is_answered = refusal == RIG_REFUSAL_NONE && ring_s < timeout_s;
    if (is_silent)
        ring_s = 0.0;
    if (is_answered)
        gives_up_s = rig_races_ringing_s(c, s, k, gives_up_s, rings_s + ring_s);
    c->n_ringing += s->state != RIG_SLOT_RINGS;
    s->state = RIG_SLOT_RINGS;
    s->refusal = (uint8_t)refusal;
    s->agent = agent;
    s->rings_s = rings_s;
    if (!is_silent)
        rig_statistics_note(c, s->caller, s->attempt, RIG_MILESTONE_RING, rings_s);
    rig_centre_call_wait_for(
        c, id, rings_s + rig_earlier_s(ring_s, timeout_s),
        is_answered ? RIG_WAKE_AGENT_ANSWERS : RIG_WAKE_RING_TIMEOUT,
        rig_earlier_s(rig_earlier_s(gives_up_s, s->hangs_up_s), rig_dealing_cut_ringing_s(c, s)));
}

static void start_talk(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    const double talk_s = rig_callers_talk_s(&c->callers, s->caller, s->attempt,
                                             rig_agents_group(c, s->agent), rig_slot_traits(c, s));
    double short_s = talk_s;
    if (c->is_emergency)
        short_s = rig_scenario_emergency_talk_s(c->scenario, talk_s);
    c->n_ringing -= s->state == RIG_SLOT_RINGS;
    s->state = RIG_SLOT_TALKS;
    s->talks_s = c->now_s;
    rig_dealing_stop_others(c, id, RIG_DEALING_STOP_CALL);
    rig_agents_count_talk(c, s->agent);
    if (!s->is_call_back) {
        c->n_answered++;
        rig_statistics_note(c, s->caller, s->attempt, RIG_MILESTONE_TALK, c->now_s);
        rig_statistics_wait(c, s);
        if (c->input->delays != NULL) {
            const bool by_caller =
                !(short_s < talk_s) && rig_callers_hangs_up(&c->callers, s->caller, s->attempt);
            short_s += rig_centre_call_delay_s(
                c, by_caller ? RIG_DELAY_TALK_CALLER : RIG_DELAY_TALK_AGENT, s, 0);
        }
    }
    short_s = rig_races_talk_s(c, s, short_s);
    rig_centre_call_wait_for(c, id, c->now_s + short_s, RIG_WAKE_TALK_ENDS, s->hangs_up_s);
    rig_ivr_release(c, id);
}

static void end_talk(rig_centre *c, uint32_t id)
{
    const rig_slot *s = &c->slots[id];
    const uint32_t agent = s->agent;
    const rig_dist *dist = &c->scenario->agents[rig_agents_group(c, agent)].wrap_up;
    double wrap_up_s = dist->mean_s;
    if (dist->kind != RIG_DIST_CONSTANT)
        wrap_up_s = rig_dist_quantile_s(
            dist, rig_callers_wrap_up_u(&c->callers, s->caller, s->attempt, rig_slot_traits(c, s)));
    wrap_up_s += rig_centre_call_delay_s(c, RIG_DELAY_CENTRE_WRAP_UP, s, 0);
    rig_agents_wrap_up(c, agent, rig_later_s(0.0, wrap_up_s));
    if (s->is_call_back)
        rig_callback_end_talk(c, id);
    else
        rig_centre_call_end(c, id, RIG_OUTCOME_SERVED, RIG_STAGE_AGENT);
}

/* His patience is over, or by another rule the queue's time-out. */
static void leave_ringing(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    s->is_sent_away = c->now_s >= rig_dealing_cut_ringing_s(c, s);
    if (s->is_sent_away || c->now_s < s->rings_s) /* or the phone does not ring yet */
        rig_centre_call_end(c, id, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
    else
        rig_centre_call_end(c, id, RIG_OUTCOME_LOST_AGENT, RIG_STAGE_AGENT);
}

static void give_up(rig_centre *c, uint32_t id)
{
    const uint32_t agent = c->slots[id].agent;
    switch ((rig_slot_state)c->slots[id].state) {
    case RIG_SLOT_WAITS_FOR_PORT:
        rig_slot_list_remove(c, &c->port_waiters, id);
        rig_centre_call_end(c, id, RIG_OUTCOME_LOST_IVR, RIG_STAGE_IVR);
        break;
    case RIG_SLOT_IN_MENU:
        rig_centre_call_end(
            c, id, c->slots[id].is_unanswered ? RIG_OUTCOME_LOST_IVR : RIG_OUTCOME_SELF_SERVED,
            RIG_STAGE_IVR);
        break;
    case RIG_SLOT_HEARS_PROMISE:
        rig_centre_call_end(c, id, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
        break;
    case RIG_SLOT_RINGS:
        rig_dealing_stop_others(c, id, RIG_DEALING_STOP_CALL);
        leave_ringing(c, id);
        rig_agents_release(c, agent);
        break;
    case RIG_SLOT_TALKS:
        end_talk(c, id);
        break;
    case RIG_SLOT_FREE: /* no such event in the other states */
    case RIG_SLOT_IN_QUEUE:
    case RIG_SLOT_PLACE:
    case RIG_SLOT_IS_DIALLED:
    case RIG_N_SLOT_STATES:
        break;
    }
}

void rig_centre_call_wake(rig_centre *c, uint32_t id)
{
    switch ((rig_wake)c->slots[id].wake) {
    case RIG_WAKE_GIVES_UP:
        give_up(c, id);
        break;
    case RIG_WAKE_MENU_ENDS:
        rig_queue_enter(c, id);
        break;
    case RIG_WAKE_QUEUE:
        rig_queue_wake(c, id);
        break;
    case RIG_WAKE_PROMISE_ENDS:
        rig_deflection_end(c, id);
        break;
    case RIG_WAKE_AGENT_ANSWERS:
    case RIG_WAKE_REACHED:
        start_talk(c, id);
        break;
    case RIG_WAKE_RING_TIMEOUT:
        rig_queue_return(c, id);
        break;
    case RIG_WAKE_NOT_REACHED:
        rig_callback_end_in_vain(c, id);
        break;
    case RIG_WAKE_TALK_ENDS:
        end_talk(c, id);
        break;
    }
}

void rig_centre_call_cut_short(rig_centre *c)
{
    for (uint32_t id = 0; id < c->n_used_slots; id++) {
        const rig_slot *s = &c->slots[id];
        rig_stage stage = RIG_STAGE_IVR;
        if (s->state == RIG_SLOT_FREE || s->state == RIG_SLOT_PLACE || s->is_call_back)
            continue; /* no caller's call, or one that has ended */
        if (s->state == RIG_SLOT_TALKS)
            stage = RIG_STAGE_AGENT;
        else if (s->state != RIG_SLOT_WAITS_FOR_PORT && s->state != RIG_SLOT_IN_MENU)
            stage = RIG_STAGE_QUEUE;
        rig_statistics_outcome(c, s->caller, s->attempt, s->interval, s->skill,
                               RIG_OUTCOME_IN_PROGRESS, stage);
        rig_statistics_left(c, s, RIG_OUTCOME_IN_PROGRESS, stage);
    }
}

void rig_centre_call_cut(rig_centre *c, uint32_t id)
{
    const rig_slot *s = &c->slots[id];
    const uint32_t agent = s->agent;
    switch ((rig_slot_state)s->state) {
    case RIG_SLOT_WAITS_FOR_PORT:
        rig_slot_list_remove(c, &c->port_waiters, id);
        rig_centre_call_end(c, id, RIG_OUTCOME_DROPPED, RIG_STAGE_IVR);
        break;
    case RIG_SLOT_IN_MENU:
        rig_centre_call_end(c, id, RIG_OUTCOME_DROPPED, RIG_STAGE_IVR);
        break;
    case RIG_SLOT_IN_QUEUE:
        rig_queue_remove(c, id);
        rig_centre_call_end(c, id, RIG_OUTCOME_DROPPED, RIG_STAGE_QUEUE);
        break;
    case RIG_SLOT_PLACE:
        rig_queue_remove(c, id);
        rig_calendar_unset(c->calendar, id);
        c->counts.n_never_reached++;
        rig_slot_give(c, id);
        break;
    case RIG_SLOT_HEARS_PROMISE:
        rig_centre_call_end(c, id, RIG_OUTCOME_DROPPED, RIG_STAGE_QUEUE);
        break;
    case RIG_SLOT_IS_DIALLED:
        rig_callback_end_in_vain(c, id);
        break;
    case RIG_SLOT_RINGS:
    case RIG_SLOT_TALKS:
        rig_dealing_stop_others(c, id, RIG_DEALING_STOP_CALL);
        if (s->is_call_back)
            rig_callback_cut_talk(c, id);
        else
            rig_centre_call_end(c, id, RIG_OUTCOME_DROPPED, RIG_STAGE_AGENT);
        rig_agents_release(c, agent);
        break;
    case RIG_SLOT_FREE:
    case RIG_N_SLOT_STATES:
        break;
    }
}
