/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/staff.h"

#include <stdlib.h>

static const uint32_t NOBODY = UINT32_MAX;

/* One agent, and while idle his place in his group's line, the longest idle first. */
typedef struct member {
    uint64_t since; /* counts who became idle: the least has been idle longest */
    uint32_t prev, next;
    uint8_t group;
    uint16_t pool;
    bool is_on_duty;
    bool is_taken; /* until he is released; also when he is off duty meanwhile */
    bool is_idle;  /* on duty, and not taken */
} member;

/* Who comes and leaves together: the own agents of a group, or reserves. */
typedef struct pool {
    uint32_t first, end; /* numbers */
    uint32_t n_wanted, n_on_duty;
} pool;

struct rig_callcentre_staff {
    member *agents;
    uint32_t n_agents;
    size_t n_groups;
    uint32_t first[RIG_MAX_GROUPS], last[RIG_MAX_GROUPS], n_idle[RIG_MAX_GROUPS];
    pool *pools; /* the groups' own agents, then the crew's */
    rig_callcentre_groups idle;
    rig_routing routing;
    uint64_t n_released;
    uint32_t next_number; /* round robin: behind the one who was rung last */
};

static void stand(rig_callcentre_staff *s, uint32_t agent)
{
    member *m = &s->agents[agent];
    const uint32_t last = s->last[m->group];
    m->since = s->n_released++;
    m->is_idle = true;
    s->n_idle[m->group]++;
    m->prev = last;
    m->next = NOBODY;
    *(last == NOBODY ? &s->first[m->group] : &s->agents[last].next) = agent;
    s->last[m->group] = agent;
    s->idle |= (rig_callcentre_groups)1 << m->group;
}

static void leave(rig_callcentre_staff *s, uint32_t agent)
{
    member *m = &s->agents[agent];
    *(m->prev == NOBODY ? &s->first[m->group] : &s->agents[m->prev].next) = m->next;
    *(m->next == NOBODY ? &s->last[m->group] : &s->agents[m->next].prev) = m->prev;
    m->is_idle = false;
    s->n_idle[m->group]--;
    if (s->first[m->group] == NOBODY)
        s->idle &= ~((rig_callcentre_groups)1 << m->group);
}

static void go_off_duty(rig_callcentre_staff *s, uint32_t agent)
{
    member *m = &s->agents[agent];
    if (m->is_idle)
        leave(s, agent);
    m->is_on_duty = false;
    s->pools[m->pool].n_on_duty--;
}

/* The next numbers are a pool's. */
static void add_pool(rig_callcentre_staff *s, size_t group, size_t index, uint32_t n_agents,
                     uint32_t n_on_duty)
{
    s->pools[index].first = s->n_agents;
    for (uint32_t i = 0; i < n_agents; i++) {
        s->agents[s->n_agents].group = (uint8_t)group;
        s->agents[s->n_agents++].pool = (uint16_t)index;
    }
    s->pools[index].end = s->n_agents;
    rig_callcentre_staff_keep(s, index, n_on_duty);
}

static void add_group(rig_callcentre_staff *s, const rig_callcentre_crew *crew, size_t group)
{
    const uint32_t n = crew->n_agents[group];
    s->first[group] = s->last[group] = NOBODY;
    add_pool(s, group, group, n, crew->n_on_duty != NULL ? crew->n_on_duty[group] : n);
    for (size_t i = 0; i < crew->n_pools; i++)
        if (crew->pools[i].group == group)
            add_pool(s, group, crew->n_groups + i, crew->pools[i].n_agents,
                     crew->pools[i].n_on_duty);
}

rig_status rig_callcentre_staff_new(const rig_callcentre_crew *crew, rig_callcentre_staff **staff,
                                    rig_error *err)
{
    uint64_t n = 0;
    for (size_t g = 0; g < crew->n_groups && g < RIG_MAX_GROUPS; g++)
        n += crew->n_agents[g];
    const bool is_empty = n == 0;
    for (size_t i = 0; i < crew->n_pools && !is_empty; i++)
        n += crew->pools[i].n_agents;
    if (is_empty || n >= NOBODY || crew->n_groups > RIG_MAX_GROUPS || crew->n_pools > UINT8_MAX)
        return rig_fail(err, RIG_EDOM, "%zu groups with %llu agents; expected an agent",
                        crew->n_groups, (unsigned long long)n);
    rig_callcentre_staff *s = calloc(1, sizeof *s);
    if (s == NULL || (s->agents = calloc(n, sizeof *s->agents)) == NULL ||
        (s->pools = calloc(crew->n_groups + crew->n_pools, sizeof *s->pools)) == NULL) {
        rig_callcentre_staff_free(s);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    s->n_groups = crew->n_groups;
    s->routing = crew->routing;
    for (size_t g = 0; g < crew->n_groups; g++)
        add_group(s, crew, g);
    *staff = s;
    return RIG_OK;
}

void rig_callcentre_staff_free(rig_callcentre_staff *staff)
{
    if (staff == NULL)
        return;
    free(staff->agents);
    free(staff->pools);
    free(staff);
}

uint32_t rig_callcentre_staff_n_idle(const rig_callcentre_staff *staff, size_t group)
{
    return staff->n_idle[group];
}

rig_callcentre_groups rig_callcentre_staff_idle(const rig_callcentre_staff *staff)
{
    return staff->idle;
}

static bool has(rig_callcentre_groups groups, size_t group)
{
    return (groups >> group & 1u) != 0;
}

/* Of these groups, those with the highest level. */
static rig_callcentre_groups best_of(const rig_callcentre_staff *s, rig_callcentre_groups groups,
                                     const uint8_t *level)
{
    rig_callcentre_groups best = 0;
    uint8_t highest = 0;
    for (size_t g = 0; g < s->n_groups; g++) {
        if (!has(groups, g) || level[g] < highest)
            continue;
        if (level[g] > highest)
            best = 0;
        highest = level[g];
        best |= (rig_callcentre_groups)1 << g;
    }
    return best;
}

static uint32_t longest_idle(const rig_callcentre_staff *s, rig_callcentre_groups groups)
{
    uint32_t found = NOBODY;
    for (size_t g = 0; g < s->n_groups; g++)
        if (has(groups, g) &&
            (found == NOBODY || s->agents[s->first[g]].since < s->agents[found].since))
            found = s->first[g];
    return found;
}

static uint32_t next_in_turn(const rig_callcentre_staff *s, rig_callcentre_groups groups)
{
    uint32_t agent = s->next_number;
    while (!s->agents[agent].is_idle || !has(groups, s->agents[agent].group))
        agent = (agent + 1) % s->n_agents;
    return agent;
}

bool rig_callcentre_staff_seize(rig_callcentre_staff *staff, rig_callcentre_groups groups,
                                const uint8_t *level, uint32_t *agent)
{
    groups &= staff->idle;
    if (groups == 0)
        return false;
    if (staff->routing == RIG_ROUTING_MOST_SKILLED && level != NULL)
        groups = best_of(staff, groups, level);
    const uint32_t found = staff->routing == RIG_ROUTING_ROUND_ROBIN ? next_in_turn(staff, groups)
                                                                     : longest_idle(staff, groups);
    leave(staff, found);
    staff->agents[found].is_taken = true;
    staff->next_number = (found + 1) % staff->n_agents;
    *agent = found;
    return true;
}

void rig_callcentre_staff_release(rig_callcentre_staff *staff, uint32_t agent)
{
    member *m = &staff->agents[agent];
    m->is_taken = false;
    if (!m->is_on_duty)
        return;
    if (staff->pools[m->pool].n_on_duty > staff->pools[m->pool].n_wanted)
        go_off_duty(staff, agent);
    else
        stand(staff, agent);
}

/* Of the idle agents of a pool, who leaves first; NOBODY when none is idle. */
static uint32_t first_to_leave(const rig_callcentre_staff *s, size_t index)
{
    const pool *p = &s->pools[index];
    uint32_t found = NOBODY;
    for (uint32_t i = p->first; i < p->end; i++) {
        if (!s->agents[i].is_idle)
            continue;
        if (s->routing == RIG_ROUTING_ROUND_ROBIN)
            return i;
        if (found == NOBODY || s->agents[i].since < s->agents[found].since)
            found = i;
    }
    return found;
}

static void come_on_duty(rig_callcentre_staff *s, uint32_t agent)
{
    member *m = &s->agents[agent];
    m->is_on_duty = true;
    s->pools[m->pool].n_on_duty++;
    if (!m->is_taken)
        stand(s, agent);
}

/* Who is off duty comes, the lowest number first; those who are still held by a call that they were
 * sent away from come last. */
static void come(rig_callcentre_staff *s, pool *p, bool is_taken)
{
    for (uint32_t i = p->first; i < p->end && p->n_on_duty < p->n_wanted; i++) {
        const member *m = &s->agents[i];
        if (!m->is_on_duty && m->is_taken == is_taken)
            come_on_duty(s, i);
    }
}

void rig_callcentre_staff_keep(rig_callcentre_staff *staff, size_t pool_index, uint32_t n)
{
    pool *p = &staff->pools[pool_index];
    uint32_t agent;
    p->n_wanted = n;
    while (p->n_on_duty > n && (agent = first_to_leave(staff, pool_index)) != NOBODY)
        go_off_duty(staff, agent);
    come(staff, p, false);
    come(staff, p, true);
}

uint32_t rig_callcentre_staff_on_duty(const rig_callcentre_staff *staff, size_t pool_index)
{
    return staff->pools[pool_index].n_on_duty;
}

void rig_callcentre_staff_bring(rig_callcentre_staff *staff, uint32_t agent)
{
    if (staff->agents[agent].is_on_duty)
        return;
    staff->pools[staff->agents[agent].pool].n_wanted++;
    come_on_duty(staff, agent);
}

bool rig_callcentre_staff_is_on_duty(const rig_callcentre_staff *staff, uint32_t agent)
{
    return staff->agents[agent].is_on_duty;
}

bool rig_callcentre_staff_send_away(rig_callcentre_staff *staff, size_t pool_index, uint32_t *agent,
                                    bool *is_taken)
{
    const pool *p = &staff->pools[pool_index];
    for (uint32_t i = p->first; i < p->end; i++) {
        if (!staff->agents[i].is_on_duty)
            continue;
        *agent = i;
        *is_taken = staff->agents[i].is_taken;
        go_off_duty(staff, i);
        return true;
    }
    return false;
}
