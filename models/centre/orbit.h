/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers who are outside: who will redial, or wait to be called back. */
#ifndef RIG_MODELS_CENTRE_ORBIT_H
#define RIG_MODELS_CENTRE_ORBIT_H

#include "models/centre/state.h"

/** Allocate for limits.max_outside; untouched until used. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_orbit_new(rig_centre *c);
void rig_orbit_free(rig_centre *c);

/** Before a run: nobody. */
void rig_orbit_begin(rig_centre *c);

/** After a loss in an attempt: he dials again later, or not.
 * @param least_s  Not before this time is over (Retry-After); else 0. */
void rig_orbit_redial(rig_centre *c, uint32_t caller, uint32_t attempt, double least_s);

/** He has been promised a call back: now, after so many vain attempts. @param slot  His call. */
void rig_orbit_promise(rig_centre *c, const rig_slot *slot, uint32_t n_dials);

/** A vain attempt is followed by another, so much later. */
void rig_orbit_promise_later(rig_centre *c, const rig_slot *slot, uint32_t n_dials, double delay_s);

/** Somebody's instant has come. */
void rig_orbit_wake(rig_centre *c);

/** Of the promised whose skill is among these (bits), the one who came first; RIG_NONE = none. */
uint32_t rig_orbit_first(const rig_centre *c, uint32_t skills);

/** Take the first promised of a skill out. @return a copy of what he is. */
rig_outsider rig_orbit_take(rig_centre *c, uint32_t skill);

/** The promised who wait for no instant, and will wait for ever once nothing happens any more; they
 * are forgotten. @return their number. */
uint64_t rig_orbit_give_up(rig_centre *c);

#endif
