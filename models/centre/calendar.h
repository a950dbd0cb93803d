/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulation's calendar: for each of a fixed set of actors at most one next event. */
#ifndef RIG_MODELS_CENTRE_CALENDAR_H
#define RIG_MODELS_CENTRE_CALENDAR_H

#include <stdint.h>

#include "core/status.h"

/**
 * The same promises as rig_event_heap, in the same order, for many events that are near: O(1) each.
 *
 * Events that come soon stand in the short lists of a wheel, one list a slot of time; the others,
 * and those of a slot that has too many, in a heap. Whichever of the two holds the earliest event
 * gives it: earlier instants first, equal instants in the order of the actors' numbers. So the
 * width of the slots, which follows the events of the run, changes how long things take, and
 * nothing else. Memory is 30 to 60 bytes an actor; no allocation after _new.
 *
 * Source: Brown, "Calendar queues", CACM 31(10), 1988 (slots as wide as events are apart); Varghese
 * & Lauck, "Hashed and hierarchical timing wheels", SOSP 1987 (far timers kept apart).
 */
typedef struct rig_calendar rig_calendar;

/** @param n_actors  Actors are 0 .. n_actors - 1. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_calendar_new(uint32_t n_actors, rig_calendar **calendar);

/** NULL-safe. */
void rig_calendar_free(rig_calendar *calendar);

/** Forget all events; time begins anew. */
void rig_calendar_clear(rig_calendar *calendar);

/** Set or move an actor's event. @param t_s  Finite; may be before an event that was taken. */
void rig_calendar_set(rig_calendar *calendar, uint32_t actor, double t_s);

/** Remove an actor's event; nothing happens when it has none. */
void rig_calendar_unset(rig_calendar *calendar, uint32_t actor);

/** Instant of the earliest event; INFINITY when there is none. */
double rig_calendar_next_s(rig_calendar *calendar);

/**
 * Actors whose events come soon after the earliest, as far as it is cheap to know: what is to be
 * fetched from memory meanwhile. Only after rig_calendar_next_s.
 * @param[out] actors  The nearer first.
 * @return how many; at most 2.
 */
uint32_t rig_calendar_peek(const rig_calendar *calendar, uint32_t actors[2]);

/** Take the earliest event out. Only when rig_calendar_next_s is finite. @return its actor. */
uint32_t rig_calendar_pop(rig_calendar *calendar);

#endif
