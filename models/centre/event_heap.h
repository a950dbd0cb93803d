/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A heap of events: for each of a fixed set of actors at most one. */
#ifndef RIG_MODELS_CENTRE_EVENT_HEAP_H
#define RIG_MODELS_CENTRE_EVENT_HEAP_H

#include <stdint.h>

#include "core/status.h"

/**
 * An indexed 4-ary heap: actor a's next event is at some instant, or there is none. Setting an
 * event anew moves it; nothing stale stays behind, so the memory is that of the actors, however
 * long the simulation runs. Equal instants come in the order of the actors' numbers, so that a run
 * is a function of its inputs. O(log n) each; no allocation after _new; memory of actors that never
 * have an event is not touched.
 */
typedef struct rig_event_heap rig_event_heap;

/** @param n_actors  Actors are 0 .. n_actors - 1. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_event_heap_new(uint32_t n_actors, rig_event_heap **heap);

/** NULL-safe. */
void rig_event_heap_free(rig_event_heap *heap);

/** Forget all events. */
void rig_event_heap_clear(rig_event_heap *heap);

/** Set or move an actor's event. @param t_s  Finite. */
void rig_event_heap_set(rig_event_heap *heap, uint32_t actor, double t_s);

/** Remove an actor's event; nothing happens when it has none. */
void rig_event_heap_unset(rig_event_heap *heap, uint32_t actor);

/** Instant of the earliest event; INFINITY when there is none. */
double rig_event_heap_next_s(const rig_event_heap *heap);

/** Actor of the earliest event. Only when rig_event_heap_next_s is finite. */
uint32_t rig_event_heap_first(const rig_event_heap *heap);

/** Take the earliest event out. Only when rig_event_heap_next_s is finite. @return its actor. */
uint32_t rig_event_heap_pop(rig_event_heap *heap);

#endif
