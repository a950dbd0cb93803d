/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/agents.h"

#include <math.h>
#include <stdlib.h>

#include "core/pages.h"
#include "core/random.h"
#include "models/centre/call_back.h"
#include "models/centre/calls.h"
#include "models/centre/dealing.h"
#include "models/centre/idle.h"
#include "models/centre/looks.h"
#include "models/centre/queue.h"
#include "models/centre/reserves.h"
#include "models/centre/statistics.h"
#include "scenarios/own_durations.h"

static bool has_skill(const rig_agent_group *given, uint32_t skill)
{
    return given->level == NULL || given->level[skill] > 0;
}

/* What does not change from run to run. */
static void set_up(rig_centre *c)
{
    const rig_scenario *scenario = c->scenario;
    uint32_t at = 0, tier_pool = c->n_groups;
    for (uint32_t i = 0; i < c->n_groups; i++) {
        rig_group *g = &c->groups[i];
        *g = (rig_group){.first = at};
        c->pools[i] = (rig_pool){.group = i, .first = at, .n = scenario->agents[i].n_agents};
        at += c->pools[i].n;
        for (uint32_t k = 0; k < c->n_tiers; k++) {
            if (scenario->reserves[k].group != i)
                continue;
            c->tiers[k].pool = tier_pool;
            c->pools[tier_pool] =
                (rig_pool){.group = i, .first = at, .n = scenario->reserves[k].n_agents};
            at += c->pools[tier_pool++].n;
        }
        g->n = at - g->first;
    }
    for (uint32_t skill = 0; skill < c->n_skills; skill++) {
        double handling_s = 0.0, n_agents = 0.0;
        for (uint32_t i = 0; i < c->n_groups; i++) {
            const rig_agent_group *given = &scenario->agents[i];
            double n = (double)given->n_agents;
            if (!has_skill(given, skill))
                continue;
            c->groups[i].skills |= 1u << skill;
            c->skill_groups[skill] |= (uint64_t)1 << i;
            handling_s +=
                n * (given->ring.mean_s + rig_scenario_mean_talk_s(scenario, skill, i) +
                     given->wrap_up.mean_s);
            n_agents += n;
        }
        c->skill_handling_s[skill] = n_agents > 0.0 ? handling_s / n_agents : 0.0;
    }
    for (size_t i = 0; i < scenario->queue.n_overflow; i++) {
        const rig_queue_overflow *overflow = &scenario->queue.overflow[i];
        c->groups[overflow->group].overflow_skills |= 1u << overflow->skill;
    }
}

/* A skill's rules, in the order of their times. */
static void set_up_spread(const rig_queue *queue, uint32_t skill, rig_spread *spread)
{
    uint64_t rest = 0, met = 0;
    for (uint32_t g = 0; g < RIG_MOST_GROUPS; g++)
        spread->after_s[g] = INFINITY;
    for (size_t i = 0; i < queue->n_overflow; i++) {
        const rig_queue_overflow *rule = &queue->overflow[i];
        if (rule->skill != skill)
            continue;
        spread->after_s[rule->group] = rig_earlier_s(spread->after_s[rule->group], rule->after_s);
        rest |= (uint64_t)1 << rule->group;
    }
    for (spread->n_steps = 0; rest != 0; spread->n_steps++) {
        double least_s = INFINITY;
        for (uint64_t g = rest; g != 0; g &= g - 1)
            least_s = rig_earlier_s(least_s, spread->after_s[__builtin_ctzll(g)]);
        for (uint64_t g = rest; g != 0; g &= g - 1) {
            if (spread->after_s[__builtin_ctzll(g)] <= least_s)
                met |= g & -g;
        }
        rest &= ~met;
        spread->step_s[spread->n_steps] = least_s;
        spread->groups[spread->n_steps] = met;
    }
}

static rig_status make_spreads(rig_centre *c)
{
    const rig_queue *queue = &c->scenario->queue;
    if (queue->n_overflow == 0)
        return RIG_OK;
    c->spreads = calloc(c->n_skills, sizeof *c->spreads);
    if (c->spreads == NULL)
        return RIG_ENOMEM;
    for (uint32_t skill = 0; skill < c->n_skills; skill++)
        set_up_spread(queue, skill, &c->spreads[skill]);
    return RIG_OK;
}

rig_status rig_agents_new(rig_centre *c)
{
    c->agents = rig_pages_new(c->n_agents + (size_t)1, sizeof *c->agents);
    c->rung_beside = malloc((c->n_agents + (size_t)1) * sizeof *c->rung_beside);
    c->pools = calloc(c->n_pools, sizeof *c->pools);
    c->groups = calloc(c->n_groups, sizeof *c->groups);
    c->tiers = calloc(c->n_tiers + 1u, sizeof *c->tiers);
    if (c->agents == NULL || c->rung_beside == NULL || c->pools == NULL || c->groups == NULL ||
        c->tiers == NULL)
        return RIG_ENOMEM;
    set_up(c);
    rig_status status = make_spreads(c);
    return status == RIG_OK ? rig_idle_new(c) : status;
}

void rig_agents_free(rig_centre *c)
{
    rig_idle_free(c);
    rig_pages_free(c->agents);
    free(c->rung_beside);
    free(c->pools);
    free(c->groups);
    free(c->tiers);
    free(c->spreads);
}

static void set_duty(rig_centre *c, rig_group *g, int by)
{
    g->n_on_duty += (uint32_t)by;
    rig_gauge_add(c, &g->on_duty, by);
}

static void set_shift_timer(rig_centre *c, uint32_t group)
{
    const rig_agent_group *given = &c->scenario->agents[group];
    uint32_t next = c->groups[group].next_shift;
    if (next < given->n_shifts)
        rig_calendar_set(c->calendar, c->first_shift + group, given->shifts[next].at_s);
}

void rig_agents_begin(rig_centre *c)
{
    for (uint32_t i = 0; i < c->n_pools; i++) {
        rig_pool *p = &c->pools[i];
        p->n_used = p->n_in = p->target = 0;
        p->off = RIG_NONE;
    }
    rig_idle_begin(c);
    for (uint32_t i = 0; i < c->n_groups; i++) {
        const rig_agent_group *given = &c->scenario->agents[i];
        rig_group *g = &c->groups[i];
        rig_pool *p = &c->pools[i];
        g->n_on_duty = 0;
        g->n_talks = 0;
        g->most_talks = 0;
        g->busy = g->on_duty = (rig_gauge){0};
        g->next_shift = 1;
        p->target = p->n_in = p->n_used = rig_scenario_first_agents(given);
        set_duty(c, g, (int)p->n_in);
        rig_idle_start(c, i, p->n_in);
        set_shift_timer(c, i);
    }
}

static void leave(rig_centre *c, uint32_t agent, bool was_on_duty)
{
    rig_agent *a = &c->agents[agent];
    rig_pool *p = &c->pools[a->pool];
    a->state = RIG_AGENT_OFF;
    a->next = p->off;
    p->off = agent;
    p->n_in--;
    if (was_on_duty)
        set_duty(c, &c->groups[p->group], -1);
    if (c->has_least_agents)
        rig_reserves_look(c);
}

/* An agent on duty has nothing to do. */
static void look_for_work(rig_centre *c, uint32_t agent)
{
    const rig_pool *p = &c->pools[c->agents[agent].pool];
    if (p->n_in > p->target) {
        leave(c, agent, true);
        return;
    }
    const bool is_idle = rig_callback_are_first(c);
    if (is_idle) {
        rig_idle_add(c, agent);
        rig_callback_look(c);
        if (c->agents[agent].state != RIG_AGENT_IDLE)
            return;
    }
    uint32_t id = rig_looks_are_on(c) ? RIG_NONE : rig_queue_take(c, p->group);
    if (is_idle && id != RIG_NONE)
        rig_idle_remove(c, agent);
    if (id == RIG_NONE) {
        if (!is_idle)
            rig_idle_add(c, agent);
        if (rig_looks_are_on(c))
            rig_queue_look_out(c, p->group);
        rig_callback_look(c);
        return;
    }
    c->agents[agent].state = RIG_AGENT_BUSY;
    c->last_rung = agent;
    rig_gauge_add(c, &c->groups[p->group].busy, 1.0);
    rig_queue_serve(c, id, agent);
}

/* Of those who have gone the one with the lowest number. */
static uint32_t take_gone(rig_centre *c, rig_pool *p)
{
    uint32_t *at = &p->off, *lowest = at;
    for (; *at != RIG_NONE; at = &c->agents[*at].next)
        if (*at < *lowest)
            lowest = at;
    const uint32_t agent = *lowest;
    if (agent != RIG_NONE)
        *lowest = c->agents[agent].next;
    return agent;
}

static uint32_t take_off_duty(rig_centre *c, uint32_t pool)
{
    rig_pool *p = &c->pools[pool];
    uint32_t agent = pool < c->n_groups ? take_gone(c, p) : p->off; /* of reserves all are taken */
    if (pool >= c->n_groups && agent != RIG_NONE)
        p->off = c->agents[agent].next;
    if (agent == RIG_NONE) {
        agent = p->first + p->n_used++;
        c->agents[agent] = rig_agent_of_pool(pool);
    }
    p->n_in++;
    return agent;
}

static void come_on_duty(rig_centre *c, uint32_t agent)
{
    set_duty(c, &c->groups[rig_agents_group(c, agent)], 1);
    if (c->has_least_agents)
        rig_reserves_look(c);
    look_for_work(c, agent);
}

/* A reserve agent sets out. */
static void set_out(rig_centre *c, uint32_t agent, uint32_t tier)
{
    const rig_reserve *reserve = &c->scenario->reserves[tier];
    const double way_s =
        rig_callers_way_s(&c->callers, &reserve->arrive_after, agent, c->tiers[tier].n_calls);
    c->agents[agent].state = RIG_AGENT_COMES;
    rig_calendar_set(c->calendar, c->first_agent + agent, c->now_s + way_s);
}

static void send_away(rig_centre *c, uint32_t pool)
{
    rig_pool *p = &c->pools[pool];
    const bool is_reserve = pool >= c->n_groups;
    for (uint32_t i = p->first; is_reserve && i < p->first + p->n_used; i++) {
        if (p->n_in > p->target && c->agents[i].state == RIG_AGENT_COMES) {
            rig_calendar_unset(c->calendar, c->first_agent + i);
            leave(c, i, false);
        }
    }
    while (p->n_in > p->target) {
        uint32_t agent = rig_idle_take_of_pool(c, pool);
        if (agent == RIG_NONE)
            break; /* the others are busy and leave later */
        leave(c, agent, true);
    }
}

void rig_agents_want(rig_centre *c, uint32_t pool, uint32_t n)
{
    rig_pool *p = &c->pools[pool];
    uint32_t tier = 0;
    while (tier < c->n_tiers && c->tiers[tier].pool != pool)
        tier++;
    p->target = n;
    send_away(c, pool);
    while (p->n_in < p->target) {
        uint32_t agent = take_off_duty(c, pool);
        if (tier < c->n_tiers)
            set_out(c, agent, tier);
        else
            come_on_duty(c, agent);
    }
}

static void end_work(rig_centre *c, uint32_t agent)
{
    rig_gauge_add(c, &c->groups[rig_agents_group(c, agent)].busy, -1.0);
}

/* Who should be on duty now, and is not gone. */
static uint32_t n_wanted(const rig_centre *c, uint32_t group)
{
    const rig_agent_group *given = &c->scenario->agents[group];
    const uint32_t at = c->groups[group].next_shift;
    const uint32_t n = at <= given->n_shifts ? given->shifts[at - 1].n_agents : given->n_agents;
    uint32_t n_gone = 0;
    for (size_t i = 0; i < c->scenario->n_faults; i++)
        if (c->is_fault_on[i])
            n_gone += rig_scenario_n_gone(&c->scenario->faults[i], group, n);
    return n_gone < n ? n - n_gone : 0;
}

void rig_agents_review(rig_centre *c, uint32_t group)
{
    rig_agents_want(c, group, n_wanted(c, group));
}

/* An agent of a group's own goes, if he has no call. */
static void walk_out(rig_centre *c, uint32_t agent)
{
    rig_agent *a = &c->agents[agent];
    switch ((rig_agent_state)a->state) {
    case RIG_AGENT_IDLE:
        rig_idle_remove(c, agent);
        break;
    case RIG_AGENT_WRAPS_UP:
        end_work(c, agent);
        rig_calendar_unset(c->calendar, c->first_agent + agent);
        break;
    case RIG_AGENT_RESTS:
        rig_calendar_unset(c->calendar, c->first_agent + agent);
        break;
    case RIG_AGENT_BUSY:
    case RIG_AGENT_OFF:
    case RIG_AGENT_COMES:
        return;
    }
    leave(c, agent, true);
}

/* What becomes of the call that an agent who goes is busy with. */
static void leave_call(rig_centre *c, uint32_t agent)
{
    for (uint32_t id = 0; id < c->n_used_slots; id++) {
        const rig_slot *s = &c->slots[id];
        const bool is_dialled = s->state == RIG_SLOT_IS_DIALLED;
        if (s->agent != agent ||
            (s->state != RIG_SLOT_RINGS && s->state != RIG_SLOT_TALKS && !is_dialled))
            continue;
        if (s->state == RIG_SLOT_RINGS)
            rig_queue_desert(c, id);
        else
            rig_centre_call_cut(c, id);
        return;
    }
}

/* The number behind the last of those who go. */
static uint32_t end_of_desertion(const rig_centre *c, const rig_pool *p, uint32_t n)
{
    uint32_t agent = p->first;
    for (; n > 0 && agent < p->first + p->n_used; agent++)
        n -= c->agents[agent].state != RIG_AGENT_OFF;
    return agent;
}

void rig_agents_desert(rig_centre *c, uint32_t group)
{
    rig_pool *p = &c->pools[group];
    rig_idle_use_fresh(c, group);
    p->target = n_wanted(c, group);
    if (p->n_in <= p->target)
        return;
    const uint32_t end = end_of_desertion(c, p, p->n_in - p->target);
    for (uint32_t i = p->first; i < end; i++) /* first, so that no call is given to one of them */
        walk_out(c, i);
    for (uint32_t i = p->first; i < end; i++)
        if (c->agents[i].state == RIG_AGENT_BUSY && !rig_dealing_leave(c, i))
            leave_call(c, i);
}

void rig_agents_shift(rig_centre *c, uint32_t group)
{
    c->groups[group].next_shift++;
    rig_agents_review(c, group);
    set_shift_timer(c, group);
}

void rig_agents_wake(rig_centre *c, uint32_t agent)
{
    switch ((rig_agent_state)c->agents[agent].state) {
    case RIG_AGENT_COMES:
        come_on_duty(c, agent);
        break;
    case RIG_AGENT_RESTS:
        look_for_work(c, agent);
        break;
    case RIG_AGENT_WRAPS_UP:
        rig_agents_release(c, agent);
        break;
    case RIG_AGENT_OFF: /* no such event in the other states */
    case RIG_AGENT_IDLE:
    case RIG_AGENT_BUSY:
        break;
    }
}

uint32_t rig_agents_pick_among(rig_centre *c, uint64_t groups, uint32_t skill)
{
    if ((groups & c->idle_groups) == 0)
        return RIG_NONE;
    uint32_t agent = rig_idle_take(c, groups, skill);
    c->agents[agent].state = RIG_AGENT_BUSY;
    c->last_rung = agent;
    rig_gauge_add(c, &c->groups[rig_agents_group(c, agent)].busy, 1.0);
    return agent;
}

uint32_t rig_agents_pick(rig_centre *c, uint32_t skill, uint64_t other_groups)
{
    return rig_agents_pick_among(c, c->skill_groups[skill] | other_groups, skill);
}

uint32_t rig_agents_on_duty(const rig_centre *c, uint64_t groups)
{
    uint32_t n = 0;
    for (; groups != 0; groups &= groups - 1)
        n += c->groups[__builtin_ctzll(groups)].n_on_duty;
    return n;
}

void rig_agents_count_talk(rig_centre *c, uint32_t agent)
{
    rig_group *g = &c->groups[rig_agents_group(c, agent)];
    uint32_t n = ++c->agents[agent].n_talks;
    c->agents[agent].n_missed = 0;
    g->n_talks++;
    if (n > g->most_talks)
        g->most_talks = n;
}

void rig_agents_wrap_up(rig_centre *c, uint32_t agent, double for_s)
{
    c->agents[agent].state = RIG_AGENT_WRAPS_UP;
    rig_calendar_set(c->calendar, c->first_agent + agent, c->now_s + for_s);
}

void rig_agents_rest(rig_centre *c, uint32_t agent, double for_s)
{
    end_work(c, agent);
    c->agents[agent].state = RIG_AGENT_RESTS;
    rig_calendar_set(c->calendar, c->first_agent + agent, c->now_s + for_s);
}

void rig_agents_miss(rig_centre *c, uint32_t agent, rig_refusal refusal)
{
    const rig_agent_group *group = &c->scenario->agents[rig_agents_group(c, agent)];
    uint32_t *n_missed = &c->agents[agent].n_missed;
    double rest_s = group->rest_s;
    switch (refusal) {
    case RIG_REFUSAL_BUSY: /* he, or his line, said no: the count stays */
        rest_s = group->busy_rest_s;
        break;
    case RIG_REFUSAL_REJECT:
        rest_s = group->reject_rest_s;
        break;
    case RIG_REFUSAL_NONE:
    case RIG_REFUSAL_DO_NOT_DISTURB:
        (*n_missed)++;
        if (group->n_most_missed > 0 && *n_missed >= group->n_most_missed) {
            rest_s = group->break_s;
            *n_missed = 0; /* he begins anew after his break */
        }
        break;
    }
    rig_agents_rest(c, agent, rest_s);
}

void rig_agents_release(rig_centre *c, uint32_t agent)
{
    end_work(c, agent);
    look_for_work(c, agent);
}
