/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "callcentre/centre/resources.h"

#include <stdlib.h>
#include <string.h>

/* A waiting line is a ring through this anchor: next is the first, prev the last. */
typedef rig_callcentre_waiter line;

struct rig_callcentre_resources {
    rig_callcentre_usage usage;
    uint32_t *n_free; /* circuits of each group */
    bool *is_out;     /* of service, each group */
    size_t n_groups;
    uint32_t n_ports;
    uint32_t n_queue;
    uint32_t n_lines;
    uint32_t n_agents;
    line port_line;
    line *queue;    /* n_lines */
    uint32_t *idle; /* a ring of n_agents places: the idle agents, longest idle first */
    uint32_t idle_first;
    uint32_t n_idle;
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

rig_status rig_callcentre_resources_new(const rig_callcentre_capacity *capacity,
                                        rig_callcentre_resources **resources, rig_error *err)
{
    if (capacity->n_groups == 0 || capacity->n_ports == 0 || capacity->n_agents == 0)
        return rig_fail(err, RIG_EDOM,
                        "a call centre needs a trunk group, an IVR port and an agent");
    for (size_t i = 0; i < capacity->n_groups; i++)
        if (capacity->n_circuits[i] == 0)
            return rig_fail(err, RIG_EDOM, "trunk group %zu has no circuit", i);

    rig_callcentre_resources *r = calloc(1, sizeof *r);
    if (!r)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    r->n_free = malloc(capacity->n_groups * sizeof r->n_free[0]);
    r->is_out = calloc(capacity->n_groups, sizeof r->is_out[0]);
    r->idle = malloc(capacity->n_agents * sizeof r->idle[0]);
    r->n_lines = capacity->n_lines > 0 ? capacity->n_lines : 1;
    r->queue = calloc(r->n_lines, sizeof r->queue[0]);
    if (!r->n_free || !r->is_out || !r->idle || !r->queue) {
        rig_callcentre_resources_free(r);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    memcpy(r->n_free, capacity->n_circuits, capacity->n_groups * sizeof r->n_free[0]);
    r->n_groups = capacity->n_groups;
    r->n_ports = capacity->n_ports;
    r->n_queue = capacity->n_queue;
    r->n_agents = r->n_idle = capacity->n_agents;
    for (uint32_t i = 0; i < r->n_agents; i++)
        r->idle[i] = i;
    line_init(&r->port_line);
    for (uint32_t i = 0; i < r->n_lines; i++)
        line_init(&r->queue[i]);
    *resources = r;
    return RIG_OK;
}

void rig_callcentre_resources_free(rig_callcentre_resources *resources)
{
    if (!resources)
        return;
    free(resources->n_free);
    free(resources->is_out);
    free(resources->queue);
    free(resources->idle);
    free(resources);
}

const rig_callcentre_usage *rig_callcentre_resources_usage(
    const rig_callcentre_resources *resources)
{
    return &resources->usage;
}

bool rig_callcentre_circuit_seize_of(rig_callcentre_resources *resources, size_t group,
                                     uint32_t n_spare)
{
    if (resources->is_out[group] || resources->n_free[group] <= n_spare)
        return false;
    resources->n_free[group]--;
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
    resources->n_free[group]++;
    resources->usage.n_circuits--;
}

static void take_port(rig_callcentre_resources *r)
{
    use_one(&r->usage.n_ports, &r->usage.n_peak_ports);
}

bool rig_callcentre_port_seize(rig_callcentre_resources *resources)
{
    if (resources->usage.n_ports == resources->n_ports || !line_is_empty(&resources->port_line))
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
    if (resources->usage.n_ports == resources->n_ports || line_is_empty(&resources->port_line))
        return NULL;
    rig_callcentre_waiter *first = resources->port_line.next;
    rig_callcentre_port_leave(resources, first);
    take_port(resources);
    return first;
}

void rig_callcentre_port_release(rig_callcentre_resources *resources)
{
    resources->usage.n_ports--;
}

static void stand(rig_callcentre_resources *r, rig_callcentre_waiter *waiter, bool at_head)
{
    line *l = &r->queue[waiter->line];
    if (at_head)
        line_insert(waiter, l, l->next);
    else
        line_insert(waiter, l->prev, l);
    use_one(&r->usage.n_waiting, &r->usage.n_peak_waiting);
}

bool rig_callcentre_queue_join(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter,
                               bool at_head)
{
    if (resources->n_queue && resources->usage.n_waiting >= resources->n_queue)
        return false;
    stand(resources, waiter, at_head);
    return true;
}

void rig_callcentre_queue_rejoin(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter)
{
    stand(resources, waiter, true);
}

rig_callcentre_waiter *rig_callcentre_queue_last(const rig_callcentre_resources *resources)
{
    for (uint32_t i = resources->n_lines; i-- > 0;)
        if (!line_is_empty(&resources->queue[i]))
            return resources->queue[i].prev;
    return NULL;
}

void rig_callcentre_queue_leave(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter)
{
    line_remove(waiter);
    resources->usage.n_waiting--;
}

rig_callcentre_waiter *rig_callcentre_queue_match(rig_callcentre_resources *resources,
                                                  uint32_t *agent)
{
    uint32_t i = 0;
    while (i < resources->n_lines && line_is_empty(&resources->queue[i]))
        i++;
    if (i == resources->n_lines || !rig_callcentre_agent_seize(resources, agent))
        return NULL;
    rig_callcentre_waiter *first = resources->queue[i].next;
    rig_callcentre_queue_leave(resources, first);
    return first;
}

bool rig_callcentre_agent_seize(rig_callcentre_resources *resources, uint32_t *agent)
{
    if (resources->n_idle == 0)
        return false;
    *agent = resources->idle[resources->idle_first];
    resources->idle_first = (resources->idle_first + 1) % resources->n_agents;
    resources->n_idle--;
    use_one(&resources->usage.n_agents, &resources->usage.n_peak_agents);
    return true;
}

void rig_callcentre_agent_release(rig_callcentre_resources *resources, uint32_t agent)
{
    size_t place = ((size_t)resources->idle_first + resources->n_idle) % resources->n_agents;
    resources->idle[place] = agent;
    resources->n_idle++;
    resources->usage.n_agents--;
}
