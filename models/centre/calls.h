/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call's life, from its arrival to its end, and the slots that calls live in. */
#ifndef RIG_MODELS_CENTRE_CALLS_H
#define RIG_MODELS_CENTRE_CALLS_H

#include "models/centre/lateness.h"
#include "models/centre/state.h"

/** Take a slot: the one given back last, or one not used before. There is always one for a call
 * that has seized a circuit. */
uint32_t rig_slot_take(rig_centre *c);

/** Give a slot back. */
void rig_slot_give(rig_centre *c, uint32_t id);

/** The end of a list. */
typedef enum rig_slot_place { RIG_SLOT_AT_TAIL = 0, RIG_SLOT_AT_HEAD } rig_slot_place;

/** Put a slot into a list. */
void rig_slot_list_add(rig_centre *c, rig_slot_list *list, uint32_t id, rig_slot_place place);

/** Take a slot out of its list. */
void rig_slot_list_remove(rig_centre *c, rig_slot_list *list, uint32_t id);

/** Numbers that are drawn already for what its caller does; NULL = none. */
static inline const double *rig_slot_traits(const rig_centre *c, const rig_slot *slot)
{
    return slot->drawn == RIG_DRAWN_TRAITS ? c->drawn[slot - c->slots] : NULL;
}

/** Let a call's next event be the earlier of "goes on" and "gives up". */
void rig_centre_call_wait_for(rig_centre *c, uint32_t id, double goes_on_s, rig_wake goes_on,
                              double gives_up_s);

/** A caller dials. */
void rig_centre_call_arrive(rig_centre *c, uint32_t caller, uint32_t attempt);

/** It gets a circuit, or is lost. @param arrival_s  When it arrived; now, or a moment ago. */
void rig_centre_call_admit(rig_centre *c, uint32_t caller, uint32_t attempt, uint32_t interval,
                           double arrival_s);

/** A call's next event has come. */
void rig_centre_call_wake(rig_centre *c, uint32_t id);

/** Let an agent, who counts as busy already, be rung for a call that is in no list. */
void rig_centre_call_ring(rig_centre *c, uint32_t id, uint32_t agent);

/** Count a call and free circuit, port and slot. The agent, if any, and lists are the caller's
 * business. One who lost his call may redial. */
void rig_centre_call_end(rig_centre *c, uint32_t id, rig_outcome outcome, rig_stage stage);

/** A run is cut: tally the calls in progress. */
void rig_centre_call_cut_short(rig_centre *c);

/** A fault cuts a call or, of a kept place, the wait. */
void rig_centre_call_cut(rig_centre *c, uint32_t id);

#endif
