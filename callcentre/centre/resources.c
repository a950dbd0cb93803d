/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/resources.h"

#include <stdlib.h>
#include <string.h>

/* A waiting line is a ring through this anchor: next is the first, prev the last. */
typedef rig_callcentre_waiter line;

struct rig_callcentre_resources {
    rig_callcentre_usage usage;
    uint32_t *n_circuits, *n_in_use; /* of each group */
    bool *is_out;     /* of service, each group */
    size_t n_groups;
    uint32_t n_ports;
    uint32_t n_queue;
    uint32_t n_lines, n_skills;
    bool are_places_passed, do_callers_look, has_first_alone;
    line port_line;
    line *queue;         /* [n_lines][n_skills] */
    uint32_t *n_in_line; /* the same: how many stand there */
    uint64_t n_entered;
    rig_callcentre_staff *staff;
    size_t n_agent_groups;
    uint8_t *level;                /* [n_skills][n_agent_groups] */
    rig_callcentre_groups *having; /* n_skills: the groups that have the skill */
};

static void line_init(line *l)
{
    l->prev = l->next = l;
}

static bool line_is_empty(const line *l)
{
    return l->next == l;
}

static void line_insert(rig_callcentre_waiter *waiter, rig_callcentre_waiter *prev,
                        rig_callcentre_waiter *next)
{
    waiter->prev = prev;
    waiter->next = next;
    prev->next = waiter;
    next->prev = waiter;
}

static void line_remove(rig_callcentre_waiter *waiter)
{
    waiter->prev->next = waiter->next;
    waiter->next->prev = waiter->prev;
    waiter->prev = waiter->next = NULL;
}

static void use_one(uint32_t *n, uint32_t *n_peak)
{
    if (++*n > *n_peak)
        *n_peak = *n;
}

static rig_status check_capacity(const rig_callcentre_capacity *capacity, rig_error *err)
{
    if (capacity->n_groups == 0 || capacity->n_ports == 0 || capacity->n_agent_groups == 0)
        return rig_fail(err, RIG_EDOM,
                        "a call centre needs a trunk group, an IVR port and an agent");
    for (size_t i = 0; i < capacity->n_groups; i++)
        if (capacity->n_circuits[i] == 0)
            return rig_fail(err, RIG_EDOM, "trunk group %zu has no circuit", i);
    return RIG_OK;
}

static void fill_levels(const rig_callcentre_capacity *capacity, rig_callcentre_resources *r)
{
    for (size_t i = 0; i < r->n_skills * r->n_agent_groups; i++) {
        r->level[i] = capacity->level != NULL ? capacity->level[i] : 1;
        if (r->level[i] > 0)
            r->having[i / r->n_agent_groups] |= (rig_callcentre_groups)1 << i % r->n_agent_groups;
    }
}

rig_status rig_callcentre_resources_new(const rig_callcentre_capacity *capacity,
                                        rig_callcentre_resources **resources, rig_error *err)
{
    rig_status status = check_capacity(capacity, err);
    if (status != RIG_OK)
        return status;
    rig_callcentre_resources *r = calloc(1, sizeof *r);
    if (!r)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    r->n_groups = capacity->n_groups;
    r->n_ports = capacity->n_ports;
    r->n_queue = capacity->n_queue;
    r->n_lines = capacity->n_lines > 0 ? capacity->n_lines : 1;
    r->n_skills = capacity->n_skills > 0 ? capacity->n_skills : 1;
    r->n_agent_groups = capacity->n_agent_groups;
    r->do_callers_look = capacity->do_callers_look;
    r->has_first_alone = capacity->has_first_alone;
    r->n_circuits = malloc(r->n_groups * sizeof r->n_circuits[0]);
    r->n_in_use = calloc(r->n_groups, sizeof r->n_in_use[0]);
    r->is_out = calloc(r->n_groups, sizeof r->is_out[0]);
    r->queue = calloc((size_t)r->n_lines * r->n_skills, sizeof r->queue[0]);
    r->n_in_line = calloc((size_t)r->n_lines * r->n_skills, sizeof r->n_in_line[0]);
    r->level = calloc(r->n_skills * r->n_agent_groups, sizeof r->level[0]);
    r->having = calloc(r->n_skills, sizeof r->having[0]);
    if (!r->n_circuits || !r->n_in_use || !r->is_out || !r->queue || !r->n_in_line || !r->level || !r->having)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK)
        status =
            rig_callcentre_staff_new(&(rig_callcentre_crew){.n_agents = capacity->n_agents,
                                                            .n_on_duty = capacity->n_on_duty,
                                                            .n_groups = capacity->n_agent_groups,
                                                            .pools = capacity->pools,
                                                            .n_pools = capacity->n_pools,
                                                            .routing = capacity->routing},
                                     &r->staff, err);
    if (status != RIG_OK) {
        rig_callcentre_resources_free(r);
        return status;
    }
    memcpy(r->n_circuits, capacity->n_circuits, r->n_groups * sizeof r->n_circuits[0]);
    fill_levels(capacity, r);
    line_init(&r->port_line);
    for (uint32_t i = 0; i < r->n_lines * r->n_skills; i++)
        line_init(&r->queue[i]);
    *resources = r;
    return RIG_OK;
}

void rig_callcentre_resources_free(rig_callcentre_resources *resources)
{
    if (!resources)
        return;
    rig_callcentre_staff_free(resources->staff);
    free(resources->n_circuits);
    free(resources->n_in_use);
    free(resources->is_out);
    free(resources->queue);
    free(resources->n_in_line);
    free(resources->level);
    free(resources->having);
    free(resources);
}

const rig_callcentre_usage *rig_callcentre_resources_usage(
    const rig_callcentre_resources *resources)
{
    return &resources->usage;
}

bool rig_callcentre_circuit_is_free(const rig_callcentre_resources *resources, size_t group,
                                    uint32_t n_spare)
{
    const uint64_t n_needed = (uint64_t)resources->n_in_use[group] + n_spare;
    return !resources->is_out[group] && resources->n_circuits[group] > n_needed;
}

bool rig_callcentre_circuit_seize_of(rig_callcentre_resources *resources, size_t group,
                                     uint32_t n_spare)
{
    if (!rig_callcentre_circuit_is_free(resources, group, n_spare))
        return false;
    resources->n_in_use[group]++;
    use_one(&resources->usage.n_circuits, &resources->usage.n_peak_circuits);
    return true;
}

bool rig_callcentre_circuit_seize(rig_callcentre_resources *resources, size_t *group)
{
    for (size_t i = 0; i < resources->n_groups; i++) {
        if (!rig_callcentre_circuit_seize_of(resources, i, 0))
            continue;
        *group = i;
        return true;
    }
    return false;
}

void rig_callcentre_circuit_serve(rig_callcentre_resources *resources, size_t group,
                                  bool is_in_service)
{
    resources->is_out[group] = !is_in_service;
}

void rig_callcentre_circuit_release(rig_callcentre_resources *resources, size_t group)
{
    resources->n_in_use[group]--;
    resources->usage.n_circuits--;
}

void rig_callcentre_circuit_resize(rig_callcentre_resources *resources, size_t group, uint32_t n)
{
    resources->n_circuits[group] = n;
}

static void take_port(rig_callcentre_resources *r)
{
    use_one(&r->usage.n_ports, &r->usage.n_peak_ports);
}

bool rig_callcentre_port_seize(rig_callcentre_resources *resources)
{
    if (resources->usage.n_ports >= resources->n_ports || !line_is_empty(&resources->port_line))
        return false;
    take_port(resources);
    return true;
}

void rig_callcentre_port_wait(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter)
{
    line_insert(waiter, resources->port_line.prev, &resources->port_line);
    resources->usage.n_waiting_for_port++;
}

void rig_callcentre_port_leave(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter)
{
    line_remove(waiter);
    resources->usage.n_waiting_for_port--;
}

rig_callcentre_waiter *rig_callcentre_port_grant(rig_callcentre_resources *resources)
{
    if (resources->usage.n_ports >= resources->n_ports || line_is_empty(&resources->port_line))
        return NULL;
    rig_callcentre_waiter *first = resources->port_line.next;
    rig_callcentre_port_leave(resources, first);
    take_port(resources);
    return first;
}

void rig_callcentre_port_resize(rig_callcentre_resources *resources, uint32_t n)
{
    resources->n_ports = n;
}

void rig_callcentre_port_release(rig_callcentre_resources *resources)
{
    resources->usage.n_ports--;
}

static line *line_of(const rig_callcentre_resources *r, uint32_t place, uint32_t skill)
{
    return &r->queue[place * r->n_skills + skill];
}

static void stand(rig_callcentre_resources *r, rig_callcentre_waiter *waiter, bool at_head)
{
    line *l = line_of(r, waiter->line, waiter->skill);
    if (waiter->entered == 0)
        waiter->entered = ++r->n_entered;
    waiter->is_in_front = at_head;
    if (at_head)
        line_insert(waiter, l, l->next);
    else
        line_insert(waiter, l->prev, l);
    r->n_in_line[l - r->queue]++;
    if (waiter->is_place)
        r->usage.n_places++;
    else
        use_one(&r->usage.n_waiting, &r->usage.n_peak_waiting);
}

void rig_callcentre_queue_keep(rig_callcentre_resources *resources, rig_callcentre_waiter *place)
{
    place->is_place = true;
    stand(resources, place, false);
}

void rig_callcentre_queue_pass_places(rig_callcentre_resources *resources, bool are_passed)
{
    resources->are_places_passed = are_passed;
}

void rig_callcentre_queue_rejoin(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter)
{
    stand(resources, waiter, true);
}

rig_callcentre_waiter *rig_callcentre_queue_last(const rig_callcentre_resources *resources)
{
    rig_callcentre_waiter *last = NULL;
    for (uint32_t i = resources->n_lines; i-- > 0 && last == NULL;) {
        for (uint32_t k = 0; k < resources->n_skills; k++) {
            const line *l = line_of(resources, i, k);
            rig_callcentre_waiter *w = l->prev;
            while (w != l && w->is_place)
                w = w->prev;
            if (w != l && (last == NULL || w->entered > last->entered))
                last = w;
        }
    }
    return last;
}

void rig_callcentre_queue_leave(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter)
{
    line_remove(waiter);
    resources->n_in_line[line_of(resources, waiter->line, waiter->skill) - resources->queue]--;
    *(waiter->is_place ? &resources->usage.n_places : &resources->usage.n_waiting) -= 1;
}

static rig_callcentre_groups may_take(const rig_callcentre_resources *r,
                                      const rig_callcentre_waiter *waiter)
{
    return r->having[waiter->skill] | waiter->also;
}

/* The first of a line for whom somebody is idle. Who entered later may be taken by no group that
 * may not take who entered before: only those who stand in front need a look each. */
static rig_callcentre_waiter *first_of(const rig_callcentre_resources *r, line *l,
                                       rig_callcentre_groups idle)
{
    for (rig_callcentre_waiter *w = l->next; w != l; w = w->next) {
        if (w->is_place && r->are_places_passed)
            continue;
        if ((may_take(r, w) & idle) != 0)
            return w;
        if (!w->is_in_front)
            return NULL;
    }
    return NULL;
}

static uint32_t n_idle_of(const rig_callcentre_resources *r, rig_callcentre_groups groups)
{
    uint32_t n = 0;
    for (size_t g = 0; g < r->n_agent_groups; g++)
        if ((groups >> g & 1) != 0)
            n += rig_callcentre_staff_n_idle(r->staff, g);
    return r->has_first_alone && n > 1 ? 1 : n;
}

bool rig_callcentre_queue_is_turn(const rig_callcentre_resources *r,
                                  const rig_callcentre_waiter *waiter)
{
    const uint32_t n_idle = n_idle_of(r, may_take(r, waiter));
    uint32_t n = 0; /* no more of them are counted */
    for (uint32_t i = 0; i <= waiter->line && n < n_idle; i++) {
        const line *l = line_of(r, i, waiter->skill);
        for (const rig_callcentre_waiter *w = l->next; w != l && w != waiter && n < n_idle;
             w = w->next)
            n += !w->is_place;
    }
    return n < n_idle;
}

bool rig_callcentre_queue_wants(const rig_callcentre_resources *r, size_t group)
{
    for (uint32_t i = 0; i < r->n_lines * r->n_skills; i++)
        if (r->n_in_line[i] > 0 && (r->having[i % r->n_skills] >> group & 1) != 0)
            return true;
    return false;
}

bool rig_callcentre_queue_is_awaited(const rig_callcentre_resources *r,
                                     const rig_callcentre_waiter *waiter)
{
    const rig_callcentre_groups idle = rig_callcentre_staff_idle(r->staff) & may_take(r, waiter);
    if (r->do_callers_look)
        return rig_callcentre_queue_n_before(r, waiter) < n_idle_of(r, idle);
    for (uint32_t i = 0; i < r->n_lines * r->n_skills && idle != 0; i++)
        if (first_of(r, &r->queue[i], idle) != NULL)
            return false;
    return idle != 0;
}

uint32_t rig_callcentre_queue_n_before(const rig_callcentre_resources *r,
                                       const rig_callcentre_waiter *waiter)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i <= waiter->line; i++)
        n += r->n_in_line[i * r->n_skills + waiter->skill];
    const line *own = line_of(r, waiter->line, waiter->skill);
    for (const rig_callcentre_waiter *w = waiter; w->next != NULL && w != own; w = w->next)
        n--;
    return n;
}

bool rig_callcentre_queue_join(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter,
                               bool at_head)
{
    if (resources->n_queue && resources->usage.n_waiting >= resources->n_queue &&
        !rig_callcentre_queue_is_awaited(resources, waiter))
        return false;
    stand(resources, waiter, at_head);
    return true;
}

/* Whom one of the idle groups takes next; NULL: nobody. */
static rig_callcentre_waiter *first_for(const rig_callcentre_resources *r,
                                        rig_callcentre_groups idle)
{
    rig_callcentre_waiter *first = NULL;
    for (uint32_t i = 0; i < r->n_lines && first == NULL; i++) {
        for (uint32_t k = 0; k < r->n_skills; k++) {
            rig_callcentre_waiter *w = first_of(r, line_of(r, i, k), idle);
            if (w != NULL && (first == NULL || w->entered < first->entered))
                first = w;
        }
    }
    return first;
}

static bool seize_agent(rig_callcentre_resources *r, rig_callcentre_groups groups, uint32_t skill,
                        uint32_t *agent)
{
    if (!rig_callcentre_staff_seize(r->staff, groups, &r->level[skill * r->n_agent_groups], agent))
        return false;
    use_one(&r->usage.n_agents, &r->usage.n_peak_agents);
    return true;
}

rig_callcentre_waiter *rig_callcentre_queue_match(rig_callcentre_resources *resources,
                                                  uint32_t *agent)
{
    rig_callcentre_groups idle = rig_callcentre_staff_idle(resources->staff);
    const rig_callcentre_usage *usage = &resources->usage;
    if ((resources->do_callers_look ? 0 : usage->n_waiting) + usage->n_places == 0)
        return NULL;
    rig_callcentre_waiter *first = first_for(resources, idle);
    while (resources->do_callers_look && first != NULL && !first->is_place) {
        idle &= ~may_take(resources, first); /* these are his, when he looks */
        first = first_for(resources, idle);
    }
    if (first == NULL ||
        !seize_agent(resources, may_take(resources, first) & idle, first->skill, agent))
        return NULL;
    rig_callcentre_queue_leave(resources, first);
    return first;
}

bool rig_callcentre_agent_seize(rig_callcentre_resources *resources,
                                const rig_callcentre_waiter *waiter, uint32_t *agent)
{
    return seize_agent(resources, may_take(resources, waiter), waiter->skill, agent);
}

rig_callcentre_groups rig_callcentre_skill_groups(const rig_callcentre_resources *resources,
                                                  uint32_t skill)
{
    return resources->having[skill];
}

bool rig_callcentre_agent_seize_of(rig_callcentre_resources *resources,
                                   rig_callcentre_groups groups, uint32_t skill, uint32_t *agent)
{
    return seize_agent(resources, groups & resources->having[skill], skill, agent);
}

void rig_callcentre_agent_release(rig_callcentre_resources *resources, uint32_t agent)
{
    rig_callcentre_staff_release(resources->staff, agent);
    resources->usage.n_agents--;
}

rig_callcentre_staff *rig_callcentre_resources_staff(const rig_callcentre_resources *resources)
{
    return resources->staff;
}
