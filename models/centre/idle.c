/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Longest idle and most skilled: a list for each group, the longest idle first, and with reserves
 * one for each pool in the same order, of which the first is sent away; agents who are idle from
 * the start are a range of numbers in front of them, so that a run touches only those who get work.
 * Round robin: a hierarchy of bits, in which the next number is found. */
#include "models/centre/idle.h"

#include <stdlib.h>
#include <string.h>

#define N_LEVELS 4

static bool is_round_robin(const rig_centre *c)
{
    return c->scenario->queue.routing == RIG_ROUTING_ROUND_ROBIN;
}

rig_status rig_idle_new(rig_centre *c)
{
    rig_bits *bits = &c->idle_bits;
    uint32_t n = is_round_robin(c) ? c->n_agents : 0;
    for (int i = 0; i < N_LEVELS; i++) {
        n = (n + 63u) / 64u;
        bits->n_words[i] = n;
        bits->level[i] = calloc(n + 1u, sizeof *bits->level[i]);
        if (bits->level[i] == NULL)
            return RIG_ENOMEM;
    }
    return RIG_OK;
}

void rig_idle_free(rig_centre *c)
{
    for (int i = 0; i < N_LEVELS; i++)
        free(c->idle_bits.level[i]);
}

void rig_idle_begin(rig_centre *c)
{
    rig_bits *bits = &c->idle_bits;
    for (int i = 0; i < N_LEVELS; i++)
        memset(bits->level[i], 0, bits->n_words[i] * sizeof *bits->level[i]);
    for (uint32_t i = 0; i < c->n_groups; i++) {
        rig_group *g = &c->groups[i];
        g->n_idle = 0;
        g->fresh_from = g->fresh_to = 0;
        g->idle_head = g->idle_tail = RIG_NONE;
    }
    for (uint32_t i = 0; i < c->n_pools; i++)
        c->pools[i].idle_head = c->pools[i].idle_tail = RIG_NONE;
    c->idle_groups = 0;
    c->next_idle_since = 1;
    c->last_rung = RIG_NONE;
}

static void set_bit(rig_bits *bits, uint32_t at)
{
    for (int i = 0; i < N_LEVELS; i++) {
        uint64_t *word = &bits->level[i][at / 64u];
        bool was_zero = *word == 0;
        *word |= (uint64_t)1 << at % 64u;
        if (!was_zero)
            return;
        at /= 64u;
    }
}

static void clear_bit(rig_bits *bits, uint32_t at)
{
    for (int i = 0; i < N_LEVELS; i++) {
        uint64_t *word = &bits->level[i][at / 64u];
        *word &= ~((uint64_t)1 << at % 64u);
        if (*word != 0)
            return;
        at /= 64u;
    }
}

/* The first bit from `from` on that is set at a level; RIG_NONE when there is none. */
static uint32_t next_bit(const rig_bits *bits, int level, uint32_t from)
{
    uint32_t at = from / 64u;
    if (at >= bits->n_words[level])
        return RIG_NONE;
    uint64_t word = bits->level[level][at] >> from % 64u;
    if (word != 0)
        return from + (uint32_t)__builtin_ctzll(word);
    if (level + 1 < N_LEVELS) {
        at = next_bit(bits, level + 1, at + 1u);
        return at == RIG_NONE ? RIG_NONE
                              : at * 64u + (uint32_t)__builtin_ctzll(bits->level[level][at]);
    }
    for (at++; at < bits->n_words[level]; at++) {
        if (bits->level[level][at] != 0)
            return at * 64u + (uint32_t)__builtin_ctzll(bits->level[level][at]);
    }
    return RIG_NONE;
}

static void one_more(rig_centre *c, uint32_t group)
{
    c->groups[group].n_idle++;
    c->idle_groups |= (uint64_t)1 << group;
}

static void one_less(rig_centre *c, uint32_t group)
{
    if (--c->groups[group].n_idle == 0)
        c->idle_groups &= ~((uint64_t)1 << group);
}

/* Without reserves a group is one pool, and its list serves. */
static void join_pool(rig_centre *c, uint32_t agent)
{
    rig_pool *p = &c->pools[c->agents[agent].pool];
    c->agents[agent].later = RIG_NONE;
    if (p->idle_head == RIG_NONE)
        p->idle_head = agent;
    else
        c->agents[p->idle_tail].later = agent;
    p->idle_tail = agent;
}

static void leave_pool(rig_centre *c, uint32_t agent)
{
    rig_pool *p = &c->pools[c->agents[agent].pool];
    uint32_t before = RIG_NONE;
    for (uint32_t i = p->idle_head; i != agent; i = c->agents[i].later)
        before = i;
    *(before == RIG_NONE ? &p->idle_head : &c->agents[before].later) = c->agents[agent].later;
    if (p->idle_tail == agent)
        p->idle_tail = before;
}

static void take_from_lists(rig_centre *c, uint32_t agent)
{
    const rig_agent *a = &c->agents[agent];
    rig_group *g = &c->groups[c->pools[a->pool].group];
    if (a->previous == RIG_NONE)
        g->idle_head = a->next;
    else
        c->agents[a->previous].next = a->next;
    if (a->next == RIG_NONE)
        g->idle_tail = a->previous;
    else
        c->agents[a->next].previous = a->previous;
    if (c->n_tiers > 0)
        leave_pool(c, agent);
}

void rig_idle_add(rig_centre *c, uint32_t agent)
{
    rig_agent *a = &c->agents[agent];
    const uint32_t group = c->pools[a->pool].group;
    rig_group *g = &c->groups[group];
    a->state = RIG_AGENT_IDLE;
    a->next = RIG_NONE;
    a->idle_since = c->next_idle_since++;
    one_more(c, group);
    if (is_round_robin(c)) {
        set_bit(&c->idle_bits, agent);
        return;
    }
    a->previous = g->idle_tail;
    if (g->idle_head == RIG_NONE)
        g->idle_head = agent;
    else
        c->agents[g->idle_tail].next = agent;
    g->idle_tail = agent;
    if (c->n_tiers > 0)
        join_pool(c, agent);
}

void rig_idle_start(rig_centre *c, uint32_t pool, uint32_t n)
{
    const rig_pool *p = &c->pools[pool];
    rig_group *g = &c->groups[p->group];
    if (is_round_robin(c)) {
        for (uint32_t i = 0; i < n; i++) {
            c->agents[p->first + i] = rig_agent_of_pool(pool);
            rig_idle_add(c, p->first + i);
        }
        return;
    }
    g->fresh_from = p->first;
    g->fresh_to = p->first + n;
    g->n_idle += n;
    if (n > 0)
        c->idle_groups |= (uint64_t)1 << p->group;
}

static bool has_fresh(const rig_group *g)
{
    return g->fresh_from < g->fresh_to;
}

void rig_idle_use_fresh(rig_centre *c, uint32_t group)
{
    rig_group *g = &c->groups[group];
    rig_pool *p = &c->pools[group];
    while (has_fresh(g)) {
        const uint32_t agent = --g->fresh_to;
        c->agents[agent] = (rig_agent){.pool = group & RIG_POOL_MASK,
                                       .state = RIG_AGENT_IDLE,
                                       .previous = RIG_NONE,
                                       .next = g->idle_head,
                                       .later = p->idle_head};
        *(g->idle_head == RIG_NONE ? &g->idle_tail : &c->agents[g->idle_head].previous) = agent;
        g->idle_head = agent;
        if (c->n_tiers > 0 && p->idle_head == RIG_NONE)
            p->idle_tail = agent;
        p->idle_head = c->n_tiers > 0 ? agent : RIG_NONE;
    }
}

/* The longest idle of a group. */
static uint32_t take_first(rig_centre *c, uint32_t group)
{
    rig_group *g = &c->groups[group];
    uint32_t agent = g->idle_head;
    if (has_fresh(g)) {
        agent = g->fresh_from++;
        c->agents[agent] = rig_agent_of_pool(group); /* a group's own pool has its number */
    } else {
        take_from_lists(c, agent);
    }
    one_less(c, group);
    return agent;
}

static uint64_t most_skilled(const rig_centre *c, uint64_t groups, uint32_t skill)
{
    uint64_t best = 0;
    int best_level = -1;
    for (uint64_t rest = groups; rest != 0; rest &= rest - 1) {
        int i = __builtin_ctzll(rest);
        const uint8_t *level = c->scenario->agents[i].level;
        int has = level != NULL ? level[skill] : 1;
        if (has > best_level) {
            best = 0;
            best_level = has;
        }
        if (has == best_level)
            best |= (uint64_t)1 << i;
    }
    return best;
}

static uint32_t longest_idle(const rig_centre *c, uint64_t groups)
{
    uint32_t best = (uint32_t)__builtin_ctzll(groups);
    uint64_t best_since = UINT64_MAX;
    if ((groups & (groups - 1)) == 0)
        return best;
    for (; groups != 0; groups &= groups - 1) {
        uint32_t i = (uint32_t)__builtin_ctzll(groups);
        const rig_group *g = &c->groups[i];
        uint64_t since = has_fresh(g) ? 0 : c->agents[g->idle_head].idle_since;
        if (since < best_since) {
            best_since = since;
            best = i;
        }
    }
    return best;
}

/* The first idle agent of the groups whose number is in [from, to). */
static uint32_t next_in(const rig_centre *c, uint64_t groups, uint32_t from, uint32_t to)
{
    while (from < to) {
        uint32_t agent = next_bit(&c->idle_bits, 0, from);
        if (agent == RIG_NONE || agent >= to)
            break;
        uint32_t group = c->pools[c->agents[agent].pool].group;
        if (groups >> group & 1u)
            return agent;
        from = c->groups[group].first + c->groups[group].n; /* on to the next group */
    }
    return RIG_NONE;
}

uint32_t rig_idle_take(rig_centre *c, uint64_t groups, uint32_t skill)
{
    groups &= c->idle_groups;
    if (is_round_robin(c)) {
        uint32_t start = c->last_rung == RIG_NONE ? 0 : c->last_rung + 1u;
        uint32_t agent = next_in(c, groups, start, c->n_agents);
        if (agent == RIG_NONE)
            agent = next_in(c, groups, 0, start);
        clear_bit(&c->idle_bits, agent);
        one_less(c, c->pools[c->agents[agent].pool].group);
        return agent;
    }
    if (c->scenario->queue.routing == RIG_ROUTING_MOST_SKILLED)
        groups = most_skilled(c, groups, skill);
    return take_first(c, longest_idle(c, groups));
}

uint32_t rig_idle_take_of_pool(rig_centre *c, uint32_t pool)
{
    const rig_pool *p = &c->pools[pool];
    const rig_group *g = &c->groups[p->group];
    if (is_round_robin(c)) {
        uint32_t agent = next_bit(&c->idle_bits, 0, p->first);
        if (agent == RIG_NONE || agent >= p->first + p->n)
            return RIG_NONE;
        clear_bit(&c->idle_bits, agent);
        one_less(c, p->group);
        return agent;
    }
    if (has_fresh(g) && pool == p->group)
        return take_first(c, p->group);
    const uint32_t agent = c->n_tiers > 0 ? p->idle_head : g->idle_head;
    if (agent != RIG_NONE) {
        take_from_lists(c, agent);
        one_less(c, p->group);
    }
    return agent;
}

void rig_idle_remove(rig_centre *c, uint32_t agent)
{
    const uint32_t group = c->pools[c->agents[agent].pool].group;
    if (is_round_robin(c))
        clear_bit(&c->idle_bits, agent);
    else
        take_from_lists(c, agent);
    one_less(c, group);
}
