/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/positions.h"

#include <math.h>

#include "models/centre/agents.h"
#include "models/centre/looks.h"

uint32_t rig_positions_in_front(const rig_centre *c, const rig_slot *s)
{
    uint32_t n = 0;
    for (uint32_t rank = 0; rank <= s->rank; rank++)
        n += rig_positions_line(c, rank, s->skill)->calls.n +
             rig_positions_line(c, rank, s->skill)->places.n;
    return n;
}

uint32_t rig_positions_before(const rig_centre *c, uint32_t id)
{
    const rig_slot *s = &c->slots[id];
    const rig_line *own = rig_positions_line(c, s->rank, s->skill);
    uint32_t n = 0;
    for (uint32_t rank = 0; rank < s->rank; rank++)
        n += rig_positions_line(c, rank, s->skill)->calls.n +
             rig_positions_line(c, rank, s->skill)->places.n;
    for (uint32_t i = own->calls.head; i != id; i = c->slots[i].next)
        n++;
    for (uint32_t i = own->places.head; i != RIG_NONE && c->slots[i].order < s->order;
         i = c->slots[i].next)
        n++;
    return n;
}

/* No more of them are counted. */
bool rig_positions_is_turn(const rig_centre *c, uint32_t id, uint64_t groups)
{
    const rig_slot *s = &c->slots[id];
    const uint32_t n_idle = rig_looks_n_idle(c, groups);
    uint32_t n = 0;
    for (uint32_t rank = 0; rank < s->rank && n < n_idle; rank++)
        n += rig_positions_line(c, rank, s->skill)->calls.n;
    for (uint32_t i = rig_positions_line(c, s->rank, s->skill)->calls.head; i != id && n < n_idle;
         i = c->slots[i].next)
        n++;
    return n < n_idle;
}

double rig_positions_wait_behind_s(const rig_centre *c, uint32_t skill, uint32_t n)
{
    double n_on_duty = (double)rig_agents_on_duty(c, c->skill_groups[skill]);
    if (n_on_duty <= 0.0)
        return INFINITY;
    return (double)(n + 1) * c->skill_handling_s[skill] / n_on_duty;
}

double rig_positions_expected_wait_s(const rig_centre *c, const rig_slot *s)
{
    return rig_positions_wait_behind_s(c, s->skill, rig_positions_in_front(c, s));
}
