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
    return c->input->rules;
}

void rig_dealing_begin(rig_centre *c)
{
    if (rules_of(c) != NULL)
        memset(c->rung_beside, 0, (c->n_agents + (size_t)1) * sizeof *c->rung_beside);
}

/* Calls for which a phone rings, without one of them. */
static uint32_t n_ringing(const rig_centre *c, uint32_t but_id)
{
    uint32_t n = 0;
    for (uint32_t id = 0; id < c->n_used_slots; id++)
        n += c->slots[id].state == RIG_SLOT_RINGS && id != but_id;
    return n;
}

bool rig_dealing_turn_away(const rig_centre *c)
{
    const uint32_t capacity = c->scenario->queue.capacity;
    return rules_of(c) != NULL && rules_of(c)->ringing_takes_places && capacity > 0 &&
           c->n_waiting + n_ringing(c, RIG_NONE) >= capacity;
}

bool rig_dealing_may_ring(const rig_centre *c, uint32_t id)
{
    return rules_of(c) == NULL || !rules_of(c)->one_at_a_time || n_ringing(c, id) == 0;
}

void rig_dealing_ring_others(rig_centre *c, uint32_t id)
{
    const uint32_t skill = c->slots[id].skill;
    if (rules_of(c) == NULL || !rules_of(c)->ring_all)
        return;
    for (uint32_t agent; (agent = rig_agents_pick(c, skill, 0)) != RIG_NONE;)
        c->rung_beside[agent] = id + 1;
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
            rig_agents_rest(c, agent, c->scenario->agents[rig_agents_group(c, agent)].rest_s);
        else
            rig_agents_release(c, agent);
    }
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
    return rules_of(c) != NULL && rules_of(c)->one_at_a_time && c->n_waiting > 0 &&
           !rig_looks_are_on(c) && c->idle_groups != 0 && rig_dealing_may_ring(c, RIG_NONE);
}

void rig_dealing_settle(rig_centre *c)
{
    while (has_to_settle(c)) {
        const uint32_t group = (uint32_t)__builtin_ctzll(c->idle_groups);
        const uint32_t id = rig_queue_take(c, group);
        if (id == RIG_NONE)
            return;
        rig_queue_serve(c, id, rig_agents_pick_among(c, (uint64_t)1 << group, c->slots[id].skill));
    }
}
