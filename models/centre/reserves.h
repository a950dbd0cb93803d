/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reserves: tiers of agents who are called when the queue is long, too few callers are answered, or
 * too few agents are there. */
#ifndef RIG_MODELS_CENTRE_RESERVES_H
#define RIG_MODELS_CENTRE_RESERVES_H

#include "models/centre/state.h"

/** Before a run: all are at home. */
void rig_reserves_begin(rig_centre *c);

/** The number of calls that wait, or of agents on duty, has changed. */
void rig_reserves_look(rig_centre *c);

/** There has been a reason to call a tier, or none to keep it, for its time. */
void rig_reserves_wake(rig_centre *c, uint32_t tier);

/** A window of a tier's connect rate is over: who wanted an agent, and waits no more, was answered
 * or has left. */
void rig_reserves_end_window(rig_centre *c, uint32_t tier);

#endif
