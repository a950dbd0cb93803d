/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/dealing.h"

#include <math.h>
#include <string.h>

#include "models/centre/agents.h"
#include "models/centre/calls.h"
#include "models/centre/looks.h"
#include "models/centre/queue.h"

static const rig_centre_rules *rules_of(const rig_centre *c)
{
    return c->rules;
}

/* The scenario's own rules, and those that are asked about. */
static void merge_rules(rig_centre *c)
{
    const rig_queue *queue = &c->scenario->queue;
    rig_centre_rules *own = &c->own_rules;
    *own = c->input->rules != NULL ? *c->input->rules : (rig_centre_rules){0};
    own->ringing_takes_places |= queue->counts_ringing && queue->capacity > 0;
    own->one_at_a_time |= queue->one_at_a_time;
    own->ring_all |= queue->routing == RIG_ROUTING_RING_ALL;
    own->timeout_cuts_ringing |= queue->timeout_cuts_ringing && queue->timeout_s > 0.0;
    if (own->look_every_s <= 0.0)
        own->look_every_s = queue->look_every_s;
    c->rules = c->input->rules != NULL || own->ringing_takes_places || own->one_at_a_time ||
                       own->ring_all || own->timeout_cuts_ringing || own->look_every_s > 0.0
                   ? own
                   : NULL;
}

void rig_dealing_begin(rig_centre *c)
{
    merge_rules(c);
    c->next_look_s = -INFINITY;
    if (rules_of(c) != NULL)
        memset(c->rung_beside, 0, (c->n_agents + (size_t)1) * sizeof *c->rung_beside);
}

bool rig_dealing_turn_away(const rig_centre *c)
{
    const uint32_t capacity = c->scenario->queue.capacity;
    return rules_of(c) != NULL && rules_of(c)->ringing_takes_places && capacity > 0 &&
           c->n_waiting + c->n_ringing >= capacity;
}

static bool is_looked_at_now_and_then(const rig_centre *c)
{
    return rules_of(c) != NULL && rules_of(c)->look_every_s > 0.0;
}

/* Of those who wait the one who would be taken last, if he has a lesser priority than a caller. */
static uint32_t last_behind(const rig_centre *c, uint32_t id)
{
    const uint32_t own = c->slots[id].rank, skill = c->slots[id].skill;
    for (uint32_t rank = c->n_ranks; rank-- > own + 1;) {
        const uint32_t last = c->lines[rank * c->n_skills + skill].calls.tail;
        if (last != RIG_NONE)
            return last;
    }
    return RIG_NONE;
}

static void push_out(rig_centre *c, uint32_t id)
{
    const uint32_t last = last_behind(c, id);
    if (last == RIG_NONE)
        return;
    c->slots[last].is_sent_away = true;
    rig_queue_remove(c, last);
    rig_centre_call_end(c, last, RIG_OUTCOME_LOST_QUEUE, RIG_STAGE_QUEUE);
}

void rig_dealing_note_entry(rig_centre *c, uint32_t id)
{
    const uint32_t capacity = c->scenario->queue.capacity;
    if (rules_of(c) == NULL)
        return;
    if (c->n_waiting == 0)
        c->next_look_s = c->now_s;
    if (rules_of(c)->pushes_out && capacity > 0 && c->n_waiting >= capacity)
        push_out(c, id);
}

double rig_dealing_next_look_s(const rig_centre *c)
{
    return is_looked_at_now_and_then(c) && c->n_waiting > 0 ? rig_later_s(c->now_s, c->next_look_s)
                                                            : INFINITY;
}

bool rig_dealing_may_ring(const rig_centre *c, uint32_t id)
{
    if (rules_of(c) == NULL)
        return true;
    const bool is_looked_at = id != RIG_NONE || c->n_waiting > 0; /* else a place's turn is asked */
    if (is_looked_at_now_and_then(c) && is_looked_at && c->now_s < c->next_look_s)
        return false;
    const bool rings_himself = id != RIG_NONE && c->slots[id].state == RIG_SLOT_RINGS;
    return !rules_of(c)->one_at_a_time || c->n_ringing <= rings_himself;
}

double rig_dealing_ring_others(rig_centre *c, uint32_t id, uint32_t k, double ring_s)
{
    rig_slot *s = &c->slots[id];
    if (rules_of(c) == NULL || !rules_of(c)->ring_all)
        return ring_s;
    for (uint32_t agent; (agent = rig_agents_pick(c, s->skill, 0)) != RIG_NONE;) {
        c->rung_beside[agent] = id + 1;
        s->n_rings++;
        ring_s = rig_earlier_s(ring_s, rig_callers_ring_s(&c->callers, s->caller, s->attempt,
                                                          rig_agents_group(c, agent), ++k,
                                                          rig_slot_traits(c, s)));
    }
    return ring_s;
}

void rig_dealing_stop_others(rig_centre *c, uint32_t id, rig_dealing_stop why)
{
    if (rules_of(c) == NULL || !rules_of(c)->ring_all)
        return;
    for (uint32_t agent = 0; agent < c->n_agents; agent++) {
        if (c->rung_beside[agent] != id + 1)
            continue;
        c->rung_beside[agent] = 0;
        if (why == RIG_DEALING_STOP_TIME)
            rig_agents_miss(c, agent, RIG_REFUSAL_NONE);
        else
            rig_agents_release(c, agent);
    }
}

bool rig_dealing_leave(rig_centre *c, uint32_t agent)
{
    if (rules_of(c) == NULL || c->rung_beside[agent] == 0)
        return false;
    c->rung_beside[agent] = 0;
    rig_agents_release(c, agent);
    return true;
}

bool rig_dealing_take_over(rig_centre *c, uint32_t id)
{
    for (uint32_t agent = 0; agent < c->n_agents && rules_of(c) != NULL; agent++) {
        if (c->rung_beside[agent] != id + 1)
            continue;
        c->rung_beside[agent] = 0;
        c->slots[id].agent = agent;
        return true;
    }
    return false;
}

double rig_dealing_cut_ringing_s(const rig_centre *c, const rig_slot *s)
{
    const double timeout_s = c->scenario->queue.timeout_s;
    return rules_of(c) != NULL && rules_of(c)->timeout_cuts_ringing && timeout_s > 0.0
               ? s->queued_s + timeout_s
               : INFINITY;
}

static bool has_to_settle(const rig_centre *c)
{
    return (rules_of(c)->one_at_a_time || is_looked_at_now_and_then(c)) && c->n_waiting > 0 &&
           !rig_looks_are_on(c) && c->idle_groups != 0 && rig_dealing_may_ring(c, RIG_NONE);
}

void rig_dealing_settle(rig_centre *c)
{
    while (has_to_settle(c) && rig_queue_give(c)) {
    }
    if (is_looked_at_now_and_then(c) && c->n_waiting > 0 && c->now_s >= c->next_look_s)
        c->next_look_s = c->now_s + rules_of(c)->look_every_s;
}
