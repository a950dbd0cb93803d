/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kept places: a caller who would wait long hangs up, and is called when it is his turn
 * (docs/scenario.md, "The queue"). His place is a promise that stands in the queue. */
#ifndef RIG_CALLCENTRE_CENTRE_PLACES_H
#define RIG_CALLCENTRE_CENTRE_PLACES_H

#include <stdbool.h>
#include <stdint.h>

#include "callcentre/centre/promises.h"

/**
 * Whether a caller for whom nobody is idle is offered to keep his place, and does: there is room
 * for one more, he would wait long enough, and he is one of those who accept.
 * @param who     A number that is none of the scenario's does not.
 * @param waiter  Its line and skill are set, and it stands nowhere yet.
 */
bool rig_callcentre_place_is_kept(const struct rig_callcentre_centre *centre,
                                  const rig_callcentre_promised *who,
                                  const rig_callcentre_waiter *waiter);

/** He hangs up; his place stands where he would have stood. */
void rig_callcentre_place_keep(struct rig_callcentre_centre *centre,
                               const rig_callcentre_promised *who,
                               const rig_callcentre_waiter *waiter);

/** Before agents are given away: while nobody may be called, places are passed over. */
void rig_callcentre_places_look(struct rig_callcentre_centre *centre);

/** It is his turn: an agent, who counts as busy already, calls him. */
void rig_callcentre_place_dial(rig_callcentre_promise *place, uint32_t agent);

/** The queue is lost, and the places in it: these promises are broken. */
void rig_callcentre_places_lose(struct rig_callcentre_centre *centre);

#endif
