/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/queue.h"

#include <math.h>

#include "core/random.h"
#include "models/centre/agents.h"
#include "models/centre/call_back.h"
#include "models/centre/calls.h"
#include "models/centre/ivr.h"
#include "models/centre/looks.h"
#include "models/centre/deflection.h"
#include "models/centre/positions.h"
#include "models/centre/races.h"
#include "models/centre/reserves.h"
#include "models/centre/dealing.h"
#include "models/centre/statistics.h"
#include "models/centre/trunks.h"

/* Where nobody is on duty. */
#define LONGEST_ANNOUNCED_S 1e9

void rig_queue_begin(rig_centre *c)
{
    const rig_slot_list empty = {RIG_NONE, RIG_NONE, 0};
    for (uint32_t i = 0; i < c->n_ranks * c->n_skills; i++)
        c->lines[i] = (rig_line){empty, empty};
    for (uint32_t rank = 0; rank < c->n_ranks; rank++)
        c->skills_waiting[rank] = 0;
    c->n_waiting = c->n_places = c->n_ringing = 0;
    c->head_order = c->tail_order = 0;
    c->has_emergency = rig_scenario_has_emergency(c->scenario);
    c->is_emergency = false;
}

static void length_changes(rig_centre *c, int by)
{
    const rig_emergency *emergency = &c->scenario->emergency;
    c->n_waiting += (uint32_t)by;
    rig_gauge_add(c, &c->waiting, by);
    if (c->n_waiting > c->peak_queue)
        c->peak_queue = c->n_waiting;
    if (c->has_emergency) {
        if (c->n_waiting > emergency->queue_above)
            c->is_emergency = true;
        else if (c->n_waiting <= emergency->queue_below)
            c->is_emergency = false;
    }
    if (c->n_tiers > 0)
        rig_reserves_look(c);
}

static void add(rig_centre *c, uint32_t id, rig_slot_place place)
{
    rig_slot *s = &c->slots[id];
    rig_line *line = rig_positions_line(c, s->rank, s->skill);
    s->order = place == RIG_SLOT_AT_HEAD ? --c->head_order : ++c->tail_order;
    c->skills_waiting[s->rank] |= 1u << s->skill;
    if (s->state == RIG_SLOT_PLACE) {
        c->n_places++;
        rig_slot_list_add(c, &line->places, id, place);
        return;
    }
    rig_slot_list_add(c, &line->calls, id, place);
    length_changes(c, 1);
}

void rig_queue_remove(rig_centre *c, uint32_t id)
{
    const rig_slot *s = &c->slots[id];
    rig_line *line = rig_positions_line(c, s->rank, s->skill);
    bool is_place = s->state == RIG_SLOT_PLACE;
    rig_slot_list_remove(c, is_place ? &line->places : &line->calls, id);
    if (line->calls.n + line->places.n == 0)
        c->skills_waiting[s->rank] &= ~(1u << s->skill);
    if (is_place)
        c->n_places--;
    else
        length_changes(c, -1);
}

/* From this instant on a group may take calls of a skill that it lacks; INFINITY = never. */
static double overflow_at_s(const rig_centre *c, const rig_slot *s, uint32_t group)
{
    return c->spreads != NULL ? s->queued_s + c->spreads[s->skill].after_s[group] : INFINITY;
}

/* Groups that may take a call by now, though they may lack its skill; and the next such instant. */
static uint64_t overflow_groups(const rig_centre *c, const rig_slot *s, double *next_s)
{
    const rig_spread *spread = c->spreads != NULL ? &c->spreads[s->skill] : NULL;
    uint32_t low = 0, high = spread != NULL ? spread->n_steps : 0;
    while (low < high) { /* steps below low are over; those from high on are not */
        const uint32_t middle = (low + high) / 2;
        if (s->queued_s + spread->step_s[middle] <= c->now_s)
            low = middle + 1;
        else
            high = middle;
    }
    *next_s =
        spread != NULL && low < spread->n_steps ? s->queued_s + spread->step_s[low] : INFINITY;
    return low > 0 ? spread->groups[low - 1] : 0;
}

static double cut_off_s(const rig_centre *c, const rig_slot *s)
{
    const double timeout_s = c->scenario->queue.timeout_s;
    return timeout_s > 0.0 ? s->queued_s + timeout_s : INFINITY;
}

/* The instant at which a waiting call is lost. */
static double lost_at_s(const rig_centre *c, const rig_slot *s)
{
    return rig_earlier_s(cut_off_s(c, s), rig_earlier_s(s->leave_queue_s, s->hangs_up_s));
}

static void set_timer(rig_centre *c, uint32_t id, double next_overflow_s)
{
    double at_s = rig_earlier_s(lost_at_s(c, &c->slots[id]), next_overflow_s);
    at_s = rig_earlier_s(
        at_s, rig_earlier_s(rig_looks_next_s(c, id), rig_deflection_asked_at_s(c, &c->slots[id])));
    c->slots[id].wake = RIG_WAKE_QUEUE;
    rig_calendar_set(c->calendar, id, rig_later_s(c->now_s, at_s));
}

/* He is seen to leave, and that may be because his patience is over. */
static double seen_to_leave_s(const rig_centre *c, const rig_slot *s)
{
    const rig_call_delays *own = rig_centre_call_own(c, s);
    const double from_s = rig_later_s(c->now_s, s->leave_queue_s);
    if (own == NULL || !(own->leave_s >= from_s) ||
        own->leave_s > from_s + c->input->delays->most_lateness_s)
        return s->leave_queue_s;
    return own->leave_s;
}

void rig_queue_draw_patience(rig_centre *c, rig_slot *s)
{
    s->leave_queue_s =
        s->queued_s +
        rig_callers_patience_queue_s(&c->callers, s->caller, s->attempt, rig_slot_traits(c, s)) +
        rig_centre_call_delay_s(c, RIG_DELAY_PATIENCE_QUEUE, s, 0);
    s->leave_queue_s = rig_later_s(s->queued_s, s->leave_queue_s);
    const rig_call_delays *own = rig_centre_call_own(c, s);
    if (own != NULL && own->ring == s->n_rings)
        s->leave_queue_s = rig_races_stay_until_s(c, s, s->leave_queue_s, own->ring_s);
}

/* Others may take a place, too, when it has waited for some time. */
static void await_helpers(rig_centre *c, uint32_t id)
{
    double next_s;
    (void)overflow_groups(c, &c->slots[id], &next_s);
    c->slots[id].wake = RIG_WAKE_QUEUE;
    if (isfinite(next_s))
        rig_calendar_set(c->calendar, id, rig_later_s(c->now_s, next_s));
    else
        rig_calendar_unset(c->calendar, id);
}

/* He hangs up; his slot becomes his place. */
static bool is_place_kept(rig_centre *c, uint32_t id)
{
    const rig_keep_place *keep = &c->scenario->queue.keep_place;
    rig_slot *s = &c->slots[id];
    if (keep->p_accept <= 0.0 || c->n_places >= keep->max_places ||
        rig_positions_expected_wait_s(c, s) < keep->min_wait_s ||
        !rig_callers_keeps_place(&c->callers, s->caller, s->attempt))
        return false;
    if (rig_callback_is_forgotten(c, s->caller)) {
        c->counts.n_promised++;
        c->counts.n_never_reached++;
        rig_centre_call_end(c, id, RIG_OUTCOME_DEFLECTED, RIG_STAGE_QUEUE);
        return true;
    }
    rig_statistics_outcome(c, s->caller, s->attempt, s->interval, s->skill, RIG_OUTCOME_DEFLECTED,
                           RIG_STAGE_QUEUE);
    rig_statistics_left(c, s, RIG_OUTCOME_DEFLECTED, RIG_STAGE_QUEUE);
    c->counts.n_promised++;
    s->state = RIG_SLOT_PLACE;
    add(c, id, RIG_SLOT_AT_TAIL);
    await_helpers(c, id);
    rig_trunks_release(c, s->trunk);
    rig_ivr_release(c, id);
    rig_callback_look(c);
    return true;
}

/* He is told how long he will wait, and leaves when that is too long for him. */
static bool balks(const rig_centre *c, rig_slot *s)
{
    const rig_queue *queue = &c->scenario->queue;
    const rig_centre_rules *rules = c->rules;
    const double factor =
        rules != NULL && rules->announced_factor > 0.0 ? rules->announced_factor : 1.0;
    if (queue->announcement == RIG_ANNOUNCE_POSITION)
        s->announced_s = fmax(1.0, round(factor * (double)(rig_positions_in_front(c, s) + 1))) *
                         queue->seconds_per_place;
    else
        s->announced_s = fmin(LONGEST_ANNOUNCED_S, factor * rig_positions_expected_wait_s(c, s));
    s->is_balking = c->now_s + s->announced_s > s->leave_queue_s;
    return s->is_balking;
}

static void stay(rig_centre *c, uint32_t id, rig_slot_place place)
{
    double next_overflow_s;
    (void)overflow_groups(c, &c->slots[id], &next_overflow_s);
    c->n_ringing -= c->slots[id].state == RIG_SLOT_RINGS;
    c->slots[id].state = RIG_SLOT_IN_QUEUE;
    if (rig_deflection_asked_at_s(c, &c->slots[id]) <= c->now_s) /* his phone rang then */
        c->slots[id].was_asked = true;
    rig_looks_begin(c, id,
                    c->now_s + (place == RIG_SLOT_AT_HEAD ? c->scenario->queue.retry_s
                                                          : c->scenario->queue.poll_s));
    add(c, id, place);
    set_timer(c, id, next_overflow_s);
}

static void turn_away(rig_centre *c, uint32_t id)
{
    c->slots[id].is_sent_away = true;
    rig_centre_call_end(c, id, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
}

static bool is_before(const rig_centre *c, uint32_t a, uint32_t b)
{
    if (a == RIG_NONE || b == RIG_NONE)
        return a != RIG_NONE;
    return c->slots[a].order < c->slots[b].order;
}

/* Of a line of the group's own skill. */
static uint32_t front(const rig_centre *c, const rig_line *line, bool can_dial)
{
    uint32_t place = can_dial ? line->places.head : RIG_NONE;
    uint32_t call = rig_races_first(c, line->calls.head);
    return is_before(c, place, call) ? place : call;
}

/* Of a line that overflows to the group: the first that has waited long enough. Calls that came
 * back from an agent stand first, in any order; the others are in the order of their times. */
static uint32_t front_by_overflow(const rig_centre *c, const rig_line *line, uint32_t group,
                                  bool can_dial)
{
    uint32_t place = can_dial ? line->places.head : RIG_NONE;
    uint32_t id = line->calls.head;
    while (id != RIG_NONE && overflow_at_s(c, &c->slots[id], group) > c->now_s)
        id = c->slots[id].n_rings > 0 ? c->slots[id].next : RIG_NONE;
    if (place != RIG_NONE && overflow_at_s(c, &c->slots[place], group) > c->now_s)
        place = RIG_NONE;
    return is_before(c, place, id) ? place : id;
}

static bool has_waited_longer(const rig_centre *c, uint32_t a, uint32_t b)
{
    const rig_slot *x = &c->slots[a], *y = &c->slots[b];
    return x->queued_s < y->queued_s || (x->queued_s == y->queued_s && x->order < y->order);
}

/* Whether the turn of places may come. */
static bool may_dial(const rig_centre *c)
{
    return c->n_places > 0 && c->n_centre_down == 0 && rig_trunks_can_dial(c);
}

/* Whom an agent of a group takes next; RIG_NONE: nobody. */
static uint32_t first_for(const rig_centre *c, uint32_t group, bool can_dial)
{
    const rig_group *g = &c->groups[group];
    for (uint32_t rank = 0; rank < c->n_ranks; rank++) {
        uint32_t skills = c->skills_waiting[rank] & (g->skills | g->overflow_skills);
        uint32_t best = RIG_NONE;
        for (; skills != 0; skills &= skills - 1) {
            uint32_t skill = (uint32_t)__builtin_ctz(skills);
            const rig_line *line = rig_positions_line(c, rank, skill);
            uint32_t id = g->skills >> skill & 1u ? front(c, line, can_dial)
                                                  : front_by_overflow(c, line, group, can_dial);
            if (id != RIG_NONE && (best == RIG_NONE || has_waited_longer(c, id, best)))
                best = id;
        }
        if (best != RIG_NONE)
            return best;
    }
    return RIG_NONE;
}

/* An agent is idle for one who enters, and nobody waits for that agent: only another's ringing, or
 * the next look, is waited for. */
static bool is_awaited(const rig_centre *c, const rig_slot *s)
{
    uint64_t groups = c->skill_groups[s->skill] & c->idle_groups;
    if (c->rules == NULL || rig_looks_are_on(c) || groups == 0)
        return false;
    for (; groups != 0; groups &= groups - 1)
        if (first_for(c, (uint32_t)__builtin_ctzll(groups), may_dial(c)) != RIG_NONE)
            return false;
    return true;
}

void rig_queue_enter(rig_centre *c, uint32_t id)
{
    const rig_scenario *scenario = c->scenario;
    const rig_queue *queue = &scenario->queue;
    rig_slot *s = &c->slots[id];
    if (scenario->ivr.n_choices > 0)
        s->skill = (uint8_t)scenario->ivr.choices[rig_callers_choice(&c->callers, s->caller)].skill;
    s->rank = (uint8_t)c->class_rank[rig_callers_class(&c->callers, s->caller)];
    s->queued_s = c->now_s;
    s->leave_queue_s = (double)NAN;
    s->was_asked = false;
    s->announced_s = 0.0;
    s->is_balking = false;
    rig_statistics_note(c, s->caller, s->attempt, RIG_MILESTONE_QUEUE, c->now_s);
    rig_dealing_note_entry(c, id);
    if (rig_dealing_turn_away(c)) {
        turn_away(c, id);
        return;
    }
    const bool may_ring =
        rig_dealing_may_ring(c, id) &&
        (!rig_looks_are_on(c) ||
         rig_positions_in_front(c, s) < rig_looks_n_idle(c, c->skill_groups[s->skill]));
    uint32_t agent = may_ring ? rig_agents_pick(c, s->skill, 0) : RIG_NONE;
    if (agent != RIG_NONE) {
        if (!scenario->ivr.hold_while_queued)
            rig_ivr_release(c, id);
        rig_centre_call_ring(c, id, agent);
        return;
    }
    const bool waits_his_turn = is_awaited(c, s);
    if (!waits_his_turn && (rig_deflection_takes(c, id) || is_place_kept(c, id)))
        return;
    if (!waits_his_turn && queue->capacity > 0 && c->n_waiting >= queue->capacity) {
        turn_away(c, id);
        return;
    }
    rig_queue_draw_patience(c, s);
    if (!waits_his_turn && queue->announcement != RIG_ANNOUNCE_NOTHING && balks(c, s)) {
        rig_centre_call_end(c, id, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
        return;
    }
    stay(c, id, RIG_SLOT_AT_TAIL);
    if (!scenario->ivr.hold_while_queued)
        rig_ivr_release(c, id);
}

/* The phone that rang for a call does so no more. */
static void come_back(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    double next_overflow_s;
    if (isnan(s->leave_queue_s))
        rig_queue_draw_patience(c, s);
    s->leave_queue_s = seen_to_leave_s(c, s);
    const rig_call_delays *own = rig_centre_call_own(c, s);
    if (own != NULL && own->ring == s->n_rings)
        s->leave_queue_s =
            rig_races_stay_until_s(c, s, rig_later_s(s->leave_queue_s, c->now_s), own->ring_s);
    /* An agent who is free takes him out of the queue at once, where alone his patience counts. But
     * nobody listens to phones that ring in vain for ever. */
    const bool is_cut = cut_off_s(c, s) <= c->now_s;
    const bool is_over = s->leave_queue_s <= c->now_s;
    uint32_t agent = RIG_NONE;
    if (!is_cut && !(is_over && s->n_rings >= RIG_MOST_RINGS_IN_VAIN) &&
        rig_dealing_may_ring(c, id) && !rig_looks_are_on(c))
        agent = rig_agents_pick(c, s->skill, overflow_groups(c, s, &next_overflow_s));
    if (agent != RIG_NONE) {
        rig_centre_call_ring(c, id, agent);
    } else if (is_cut || is_over) {
        s->is_sent_away = is_cut;
        rig_centre_call_end(c, id, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
    } else {
        stay(c, id, RIG_SLOT_AT_HEAD);
    }
}

void rig_queue_return(rig_centre *c, uint32_t id)
{
    const uint32_t agent = c->slots[id].agent;
    rig_agents_miss(c, agent, (rig_refusal)c->slots[id].refusal);
    rig_dealing_stop_others(c, id, RIG_DEALING_STOP_TIME);
    come_back(c, id);
}

void rig_queue_desert(rig_centre *c, uint32_t id)
{
    const uint32_t agent = c->slots[id].agent;
    const bool rings_on = rig_dealing_take_over(c, id);
    rig_agents_release(c, agent);
    if (!rings_on)
        come_back(c, id);
}

void rig_queue_wake(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    double next_overflow_s;
    if (s->state == RIG_SLOT_PLACE) {
        await_helpers(c, id);
        rig_callback_look(c);
        return;
    }
    if (lost_at_s(c, s) <= c->now_s) {
        s->is_sent_away = cut_off_s(c, s) <= c->now_s;
        rig_queue_remove(c, id);
        rig_centre_call_end(c, id, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
        return;
    }
    if (rig_deflection_is_due(c, id))
        return;
    const uint64_t others = overflow_groups(c, s, &next_overflow_s);
    const bool may_ring = (!rig_looks_are_on(c) ||
                           (rig_looks_now(c, id) &&
                            rig_positions_is_turn(c, id, c->skill_groups[s->skill] | others))) &&
                          rig_dealing_may_ring(c, id);
    uint32_t agent = may_ring ? rig_agents_pick(c, s->skill, others) : RIG_NONE;
    if (agent == RIG_NONE) {
        set_timer(c, id, next_overflow_s);
        return;
    }
    rig_queue_remove(c, id);
    rig_centre_call_ring(c, id, agent);
    if (rig_looks_are_on(c))
        rig_callback_look(c); /* who is called back may have stood behind him */
}

void rig_queue_look_out(rig_centre *c, uint32_t group)
{
    const rig_group *g = &c->groups[group];
    for (uint32_t rank = 0; rank < c->n_ranks; rank++) {
        for (uint32_t skills = c->skills_waiting[rank] & (g->skills | g->overflow_skills);
             skills != 0; skills &= skills - 1) {
            const uint32_t skill = (uint32_t)__builtin_ctz(skills);
            for (uint32_t id = rig_positions_line(c, rank, skill)->calls.head; id != RIG_NONE;
                 id = c->slots[id].next) {
                double next_overflow_s;
                (void)overflow_groups(c, &c->slots[id], &next_overflow_s);
                set_timer(c, id, next_overflow_s);
            }
        }
    }
}

uint32_t rig_queue_take(rig_centre *c, uint32_t group)
{
    if (c->n_waiting + c->n_places == 0 || !rig_dealing_may_ring(c, RIG_NONE))
        return RIG_NONE;
    const uint32_t first = first_for(c, group, may_dial(c));
    /* who looks by himself is not taken; nor is, before his turn, whoever is behind him */
    if (first == RIG_NONE || (rig_looks_are_on(c) && c->slots[first].state != RIG_SLOT_PLACE))
        return RIG_NONE;
    rig_queue_remove(c, first);
    return first;
}

bool rig_queue_give(rig_centre *c)
{
    const bool can_dial = may_dial(c);
    uint32_t first = RIG_NONE;
    double next_overflow_s;
    for (uint64_t groups = c->idle_groups; groups != 0; groups &= groups - 1) {
        const uint32_t id = first_for(c, (uint32_t)__builtin_ctzll(groups), can_dial);
        if (id != RIG_NONE &&
            (first == RIG_NONE || c->slots[id].rank < c->slots[first].rank ||
             (c->slots[id].rank == c->slots[first].rank && has_waited_longer(c, id, first))))
            first = id;
    }
    if (first == RIG_NONE)
        return false;
    const rig_slot *s = &c->slots[first];
    const uint64_t others = overflow_groups(c, s, &next_overflow_s);
    rig_queue_remove(c, first);
    rig_queue_serve(c, first, rig_agents_pick(c, s->skill, others));
    return true;
}

void rig_queue_serve(rig_centre *c, uint32_t id, uint32_t agent)
{
    if (c->slots[id].state == RIG_SLOT_PLACE)
        rig_callback_dial(c, id, agent);
    else
        rig_centre_call_ring(c, id, agent);
}
