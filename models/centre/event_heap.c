/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/centre/event_heap.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define NOWHERE 0u
#define ARITY   4u

typedef struct entry {
    double t_s;
    uint32_t actor;
} entry;

struct rig_event_heap {
    entry *entries;
    uint32_t *place; /* of each actor: 1 + index of its entry; NOWHERE = no event */
    uint32_t n;
};

rig_status rig_event_heap_new(uint32_t n_actors, rig_event_heap **heap)
{
    rig_event_heap *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->entries = malloc((n_actors + (size_t)1) * sizeof *made->entries);
    made->place = calloc(n_actors + (size_t)1, sizeof *made->place); /* zero: NOWHERE */
    if (made->entries == NULL || made->place == NULL) {
        rig_event_heap_free(made);
        return RIG_ENOMEM;
    }
    *heap = made;
    return RIG_OK;
}

void rig_event_heap_free(rig_event_heap *heap)
{
    if (heap == NULL)
        return;
    free(heap->entries);
    free(heap->place);
    free(heap);
}

void rig_event_heap_clear(rig_event_heap *heap)
{
    for (uint32_t i = 0; i < heap->n; i++)
        heap->place[heap->entries[i].actor] = NOWHERE;
    heap->n = 0;
}

static bool is_before(entry a, entry b)
{
    return a.t_s < b.t_s || (a.t_s == b.t_s && a.actor < b.actor);
}

static void put(rig_event_heap *heap, uint32_t at, entry e)
{
    heap->entries[at] = e;
    heap->place[e.actor] = at + 1u;
}

static void rise(rig_event_heap *heap, uint32_t at, entry e)
{
    while (at > 0) {
        uint32_t parent = (at - 1) / ARITY;
        if (!is_before(e, heap->entries[parent]))
            break;
        put(heap, at, heap->entries[parent]);
        at = parent;
    }
    put(heap, at, e);
}

static void sink(rig_event_heap *heap, uint32_t at, entry e)
{
    for (;;) {
        uint32_t first = at * ARITY + 1;
        if (first >= heap->n)
            break;
        uint32_t last = first + ARITY < heap->n ? first + ARITY : heap->n;
        uint32_t best = first;
        for (uint32_t child = first + 1; child < last; child++) {
            if (is_before(heap->entries[child], heap->entries[best]))
                best = child;
        }
        if (!is_before(heap->entries[best], e))
            break;
        put(heap, at, heap->entries[best]);
        at = best;
    }
    put(heap, at, e);
}

static void settle(rig_event_heap *heap, uint32_t at, entry e)
{
    if (at > 0 && is_before(e, heap->entries[(at - 1) / ARITY]))
        rise(heap, at, e);
    else
        sink(heap, at, e);
}

void rig_event_heap_set(rig_event_heap *heap, uint32_t actor, double t_s)
{
    entry e = {t_s, actor};
    uint32_t at = heap->place[actor];
    if (at == NOWHERE)
        rise(heap, heap->n++, e);
    else
        settle(heap, at - 1u, e);
}

void rig_event_heap_unset(rig_event_heap *heap, uint32_t actor)
{
    uint32_t at = heap->place[actor];
    if (at == NOWHERE)
        return;
    heap->place[actor] = NOWHERE;
    heap->n--;
    if (--at < heap->n)
        settle(heap, at, heap->entries[heap->n]);
}

double rig_event_heap_next_s(const rig_event_heap *heap)
{
    return heap->n > 0 ? heap->entries[0].t_s : INFINITY;
}

uint32_t rig_event_heap_first(const rig_event_heap *heap)
{
    return heap->entries[0].actor;
}

uint32_t rig_event_heap_pop(rig_event_heap *heap)
{
    uint32_t actor = heap->entries[0].actor;
    rig_event_heap_unset(heap, actor);
    return actor;
}
