/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/looks.h"

#include <math.h>

#include "models/centre/lateness.h"

uint32_t rig_looks_n_idle(const rig_centre *c, uint64_t groups)
{
    uint32_t n = 0;
    for (uint64_t g = groups & c->idle_groups; g != 0; g &= g - 1)
        n += c->groups[__builtin_ctzll(g)].n_idle;
    const bool is_first_alone = c->rules != NULL && (c->rules->one_at_a_time || c->rules->ring_all);
    return is_first_alone && n > 1 ? 1 : n;
}

/* The first instant from `from_s` on that is a whole number of polls after (or before) `at_s`. */
static double next_after_s(const rig_centre *c, double at_s, double from_s)
{
    const double poll_s = c->scenario->queue.poll_s;
    return at_s + ceil((from_s - at_s) / poll_s) * poll_s;
}

void rig_looks_begin(rig_centre *c, uint32_t id, double first_s)
{
    rig_slot *s = &c->slots[id];
    const rig_call_delays *own = rig_centre_call_own(c, s);
    s->look_s = first_s;
    /* one of his looks was seen: that at which he was given an agent */
    if (own != NULL && own->ring == s->n_rings && own->ring_s > first_s)
        s->look_s = next_after_s(c, own->ring_s, first_s);
}

double rig_looks_next_s(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    if (!rig_looks_are_on(c) || c->idle_groups == 0)
        return INFINITY;
    if (s->look_s < c->now_s)
        s->look_s = next_after_s(c, s->look_s, c->now_s);
    return s->look_s;
}

bool rig_looks_now(rig_centre *c, uint32_t id)
{
    rig_slot *s = &c->slots[id];
    if (s->look_s > c->now_s)
        return false;
    s->look_s = c->now_s + c->scenario->queue.poll_s;
    return true;
}
