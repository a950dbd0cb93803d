/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/reserves.h"

#include "models/centre/agents.h"

static void await_window(rig_centre *c, uint32_t i)
{
    const double window_s = c->scenario->reserves[i].window_s;
    rig_calendar_set(c->calendar, c->first_window + i,
                     (double)(c->tiers[i].n_windows + 1) * window_s);
}

void rig_reserves_begin(rig_centre *c)
{
    c->has_least_agents = false;
    c->n_answered = c->n_left = 0;
    for (uint32_t i = 0; i < c->n_tiers; i++) {
        const rig_reserve *reserve = &c->scenario->reserves[i];
        c->tiers[i] = (rig_tier){.pool = c->tiers[i].pool};
        c->has_least_agents |= reserve->agents_below > 0;
        if (reserve->connect_rate_below > 0.0)
            await_window(c, i);
    }
    rig_reserves_look(c);
}

/* Why they are called, and should not go. */
static bool is_needed(const rig_centre *c, uint32_t i, bool is_queue_long)
{
    const rig_reserve *reserve = &c->scenario->reserves[i];
    return is_queue_long || c->tiers[i].is_rate_low ||
           c->pools[reserve->group].n_in < reserve->agents_below;
}

/* The clock of a tier runs while there is a reason to call it, or none to keep it. */
static void set_clock(rig_centre *c, uint32_t i)
{
    const rig_reserve *reserve = &c->scenario->reserves[i];
    rig_tier *tier = &c->tiers[i];
    const bool is_long = !reserve->ignores_queue && c->n_waiting > reserve->queue_above;
    const bool wants_change = tier->is_called
                                  ? !is_needed(c, i, c->n_waiting > reserve->queue_below)
                                  : is_needed(c, i, is_long);
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

void rig_reserves_end_window(rig_centre *c, uint32_t i)
{
    const rig_reserve *reserve = &c->scenario->reserves[i];
    rig_tier *tier = &c->tiers[i];
    const double n_answered = (double)(c->n_answered - tier->n_answered);
    const double n = n_answered + (double)(c->n_left - tier->n_left);
    const bool goes_on = c->now_s < c->scenario->traffic.duration_s;
    tier->is_rate_low = goes_on && n > 0.0 && n_answered < reserve->connect_rate_below * n;
    tier->n_answered = c->n_answered;
    tier->n_left = c->n_left;
    tier->n_windows++;
    if (goes_on)
        await_window(c, i);
    set_clock(c, i);
}
