/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/reserves.h"

#include "models/centre/agents.h"

void rig_reserves_begin(rig_centre *c)
{
    for (uint32_t i = 0; i < c->n_tiers; i++)
        c->tiers[i] = (rig_tier){.pool = c->tiers[i].pool};
}

/* The clock of a tier runs while the queue is long enough to call it, or short enough to send it
 * away. */
static void set_clock(rig_centre *c, uint32_t i)
{
    const rig_reserve *reserve = &c->scenario->reserves[i];
    rig_tier *tier = &c->tiers[i];
    bool wants_change = tier->is_called ? c->n_waiting <= reserve->queue_below
                                        : c->n_waiting > reserve->queue_above;
    if (wants_change == tier->is_armed)
        return;
    tier->is_armed = wants_change;
    if (wants_change)
        rig_calendar_set(c->calendar, c->first_reserve + i,
                         c->now_s + (tier->is_called ? reserve->leave_after_s : reserve->for_s));
    else
        rig_calendar_unset(c->calendar, c->first_reserve + i);
}

void rig_reserves_look(rig_centre *c)
{
    for (uint32_t i = 0; i < c->n_tiers; i++)
        set_clock(c, i);
}

void rig_reserves_wake(rig_centre *c, uint32_t i)
{
    rig_tier *tier = &c->tiers[i];
    tier->is_armed = false;
    tier->is_called = !tier->is_called;
    if (tier->is_called)
        tier->n_calls++;
    rig_agents_want(c, tier->pool, tier->is_called ? c->scenario->reserves[i].n_agents : 0);
    set_clock(c, i);
}
