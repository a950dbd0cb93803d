/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/staff.h"

#include <stdlib.h>

static const uint32_t NOBODY = UINT32_MAX;

/* One agent, and while idle his place in his group's line, the longest idle first. */
typedef struct member {
    uint64_t since; /* counts who became idle: the least has been idle longest */
    uint32_t prev, next;
    uint8_t group;
    bool is_idle;
} member;

struct rig_callcentre_staff {
    member *agents;
    uint32_t n_agents;
    size_t n_groups;
    uint32_t first[RIG_MAX_GROUPS], last[RIG_MAX_GROUPS];
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
    if (s->first[m->group] == NOBODY)
        s->idle &= ~((rig_callcentre_groups)1 << m->group);
}

rig_status rig_callcentre_staff_new(const uint32_t *n_agents, size_t n_groups, rig_routing routing,
                                    rig_callcentre_staff **staff, rig_error *err)
{
    uint64_t n = 0;
    for (size_t g = 0; g < n_groups && g < RIG_MAX_GROUPS; g++)
        n += n_agents[g];
    if (n == 0 || n >= NOBODY || n_groups > RIG_MAX_GROUPS)
        return rig_fail(err, RIG_EDOM, "%zu groups with %llu agents; expected an agent", n_groups,
                        (unsigned long long)n);
    rig_callcentre_staff *s = calloc(1, sizeof *s);
    if (s == NULL || (s->agents = calloc(n, sizeof *s->agents)) == NULL) {
        free(s);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    s->n_groups = n_groups;
    s->routing = routing;
    for (size_t g = 0; g < n_groups; g++) {
        s->first[g] = s->last[g] = NOBODY;
        for (uint32_t i = 0; i < n_agents[g]; i++) {
            s->agents[s->n_agents].group = (uint8_t)g;
            stand(s, s->n_agents++);
        }
    }
    *staff = s;
    return RIG_OK;
}

void rig_callcentre_staff_free(rig_callcentre_staff *staff)
{
    if (staff == NULL)
        return;
    free(staff->agents);
    free(staff);
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
    staff->next_number = (found + 1) % staff->n_agents;
    *agent = found;
    return true;
}

void rig_callcentre_staff_release(rig_callcentre_staff *staff, uint32_t agent)
{
    stand(staff, agent);
}
