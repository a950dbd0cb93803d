/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/reserves.h"

#include <stdlib.h>

#include "callcentre/centre/centre.h"
#include "core/clock.h"
#include "core/random.h"

static rig_callcentre_staff *staff_of(const rig_callcentre_tier *tier)
{
    return rig_callcentre_resources_staff(tier->centre->resources);
}

static void on_arrival(void *arg)
{
    const rig_callcentre_way *way = arg;
    rig_callcentre_staff_bring(staff_of(way->tier), way->agent);
}

/* The draw that docs/wire-contract.md names. */
static double way_s(const rig_callcentre_tier *tier, uint32_t agent)
{
    return rig_dist_quantile_s(&tier->said->arrive_after,
                               rig_random_uniform(tier->centre->scenario->seed, RIG_CAUSE_RESERVE,
                                                  agent, 0, tier->n_calls));
}

/* Who is still there stays; the others set out. */
static void call_them(rig_callcentre_tier *tier)
{
    rig_callcentre_centre *centre = tier->centre;
    rig_callcentre_staff *staff = staff_of(tier);
    tier->is_called = true;
    tier->n_calls++;
    rig_callcentre_staff_keep(staff, tier->pool, rig_callcentre_staff_on_duty(staff, tier->pool));
    for (uint32_t i = 0; i < tier->said->n_agents; i++) {
        rig_callcentre_way *way = &tier->ways[i];
        if (!rig_callcentre_staff_is_on_duty(staff, way->agent))
            rig_callcentre_timers_set(
                &centre->timers, &way->timer,
                rig_callcentre_centre_after_ns(centre, way_s(tier, way->agent)));
    }
}

/* Those on their way turn back; those who are there leave as at the end of a shift. */
static void send_home(rig_callcentre_tier *tier)
{
    tier->is_called = false;
    for (uint32_t i = 0; i < tier->said->n_agents; i++)
        rig_callcentre_timers_cancel(&tier->centre->timers, &tier->ways[i].timer);
    rig_callcentre_staff_keep(staff_of(tier), tier->pool, 0);
}

static bool are_too_few(const rig_callcentre_tier *tier)
{
    return rig_callcentre_staff_on_duty(staff_of(tier), tier->said->group) <
           tier->said->agents_below;
}

/* To be called, or to go, as things are now. */
static bool is_due(const rig_callcentre_tier *tier, uint32_t n_waiting)
{
    const rig_reserve *said = tier->said;
    const bool is_bad = tier->is_rate_low || are_too_few(tier);
    return tier->is_called ? !is_bad && n_waiting <= said->queue_below
                           : is_bad || (!said->ignores_queue && n_waiting > said->queue_above);
}

static uint32_t n_waiting_now(const rig_callcentre_centre *centre)
{
    return rig_callcentre_resources_usage(centre->resources)->n_waiting;
}

/* What fell due just before, such as the end of a window, may have ended the reason. Of those who
 * wait some may be matched yet: they keep nobody here. */
static void on_time(void *arg)
{
    rig_callcentre_tier *tier = arg;
    if (!is_due(tier, tier->is_called ? 0 : n_waiting_now(tier->centre)))
        return;
    if (tier->is_called)
        send_home(tier);
    else if (rig_callcentre_centre_has_no_reserves(tier->centre, tier->said))
        tier->is_forgotten = true;
    else
        call_them(tier);
}

static void look(rig_callcentre_tier *tier, uint32_t n_waiting)
{
    const rig_reserve *said = tier->said;
    const bool is_wanted = is_due(tier, n_waiting);
    if (!is_wanted)
        rig_callcentre_timers_cancel(&tier->centre->timers, &tier->timer);
    tier->is_forgotten &= is_wanted;
    if (is_wanted && tier->timer.slot == 0 && !tier->is_forgotten)
        rig_callcentre_timers_set(
            &tier->centre->timers, &tier->timer,
            rig_callcentre_centre_after_ns(tier->centre,
                                           tier->is_called ? said->leave_after_s : said->for_s));
}

void rig_callcentre_reserves_look(rig_callcentre_centre *centre)
{
    const uint32_t n_waiting = n_waiting_now(centre);
    if (centre->first_invite_ns == RIG_NO_TIME)
        return; /* it is no time of the scenario yet */
    for (size_t i = 0; i < centre->scenario->n_reserves; i++)
        look(&centre->tiers[i], n_waiting);
}

/* Callers who wanted an agent and wait no more: so many in all. */
static uint64_t n_left(const rig_callcentre_counts *counts)
{
    return counts->n_queue_full + counts->n_queue_timeout + counts->n_abandoned_in_queue +
           counts->n_abandoned_ringing;
}

static double window_end_s(const rig_callcentre_tier *tier)
{
    return (double)(tier->n_windows + 1) * tier->said->window_s;
}

static void await_window(rig_callcentre_tier *tier)
{
    rig_callcentre_timers_set(&tier->centre->timers, &tier->window,
                              rig_callcentre_centre_instant_ns(tier->centre, window_end_s(tier)));
}

static void on_window(void *arg)
{
    rig_callcentre_tier *tier = arg;
    const rig_callcentre_counts *counts = &tier->centre->counts;
    const double n_answered = (double)(counts->n_talks - tier->n_answered);
    const double n = n_answered + (double)(n_left(counts) - tier->n_left);
    const bool goes_on = window_end_s(tier) < tier->centre->scenario->traffic.duration_s;
    tier->is_rate_low = goes_on && n > 0.0 && n_answered < tier->said->connect_rate_below * n;
    tier->n_answered = counts->n_talks;
    tier->n_left = n_left(counts);
    tier->n_windows++;
    if (goes_on)
        await_window(tier);
}

void rig_callcentre_reserves_start(rig_callcentre_centre *centre)
{
    for (size_t i = 0; i < centre->scenario->n_reserves; i++) {
        rig_callcentre_tier *tier = &centre->tiers[i];
        if (are_too_few(tier)) /* from the first instant on */
            rig_callcentre_timers_set(&centre->timers, &tier->timer,
                                      rig_callcentre_centre_instant_ns(centre, tier->said->for_s));
        if (!(tier->said->connect_rate_below > 0.0))
            continue;
        tier->n_windows = (uint32_t)(centre->first_call_s / tier->said->window_s);
        await_window(tier);
    }
}

/* @param first  Number of the tier's first agent. */
static bool make_ways(rig_callcentre_tier *tier, uint32_t first)
{
    rig_callcentre_timers *timers = &tier->centre->timers;
    tier->ways = calloc(tier->said->n_agents, sizeof *tier->ways);
    for (uint32_t i = 0; tier->ways != NULL && i < tier->said->n_agents; i++) {
        rig_callcentre_way *way = &tier->ways[i];
        *way = (rig_callcentre_way){
            .tier = tier, .agent = first + i, .timer = {.fire = on_arrival, .arg = way}};
        if (!rig_callcentre_timers_reserve(timers))
            return false;
    }
    return tier->ways != NULL && rig_callcentre_timers_reserve(timers) &&
           rig_callcentre_timers_reserve(timers);
}

size_t rig_callcentre_reserves_pools(const rig_callcentre_centre *centre,
                                     rig_callcentre_pool pools[RIG_MAX_KINDS])
{
    const rig_scenario *scenario = centre->scenario;
    for (size_t i = 0; i < scenario->n_reserves; i++)
        pools[i] = (rig_callcentre_pool){.group = scenario->reserves[i].group,
                                         .n_agents = scenario->reserves[i].n_agents};
    return scenario->n_reserves;
}

void rig_callcentre_reserves_forget(rig_callcentre_centre *centre)
{
    for (size_t i = 0; i < centre->scenario->n_reserves; i++) {
        rig_callcentre_timers_cancel(&centre->timers, &centre->tiers[i].timer);
        centre->tiers[i].is_rate_low = false;
        if (centre->tiers[i].is_called)
            send_home(&centre->tiers[i]);
    }
}

rig_status rig_callcentre_reserves_make(rig_callcentre_centre *centre, rig_error *err)
{
    const rig_scenario *scenario = centre->scenario;
    if (scenario->n_reserves > RIG_MAX_KINDS)
        return rig_fail(err, RIG_EDOM, "%zu reserves; expected at most %d", scenario->n_reserves,
                        RIG_MAX_KINDS);
    centre->tiers = calloc(scenario->n_reserves + 1, sizeof *centre->tiers);
    if (!centre->tiers)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = 0; i < scenario->n_reserves; i++) {
        rig_callcentre_tier *tier = &centre->tiers[i];
        *tier = (rig_callcentre_tier){.centre = centre,
                                      .said = &scenario->reserves[i],
                                      .pool = scenario->n_agents + i,
                                      .timer = {.fire = on_time, .arg = tier},
                                      .window = {.fire = on_window, .arg = tier}};
        if (!make_ways(tier, rig_scenario_first_reserve(scenario, i)))
            return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    return RIG_OK;
}

void rig_callcentre_reserves_clear(rig_callcentre_centre *centre)
{
    for (size_t i = 0; i < centre->scenario->n_reserves && centre->tiers != NULL; i++)
        free(centre->tiers[i].ways);
    free(centre->tiers);
    centre->tiers = NULL;
}
