/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reserves: tiers of agents who are called when the queue is long. */
#ifndef RIG_MODELS_CENTRE_RESERVES_H
#define RIG_MODELS_CENTRE_RESERVES_H

#include "models/centre/state.h"

/** Before a run: all are at home. */
void rig_reserves_begin(rig_centre *c);

/** The number of calls that wait has changed. */
void rig_reserves_look(rig_centre *c);

/** It has been long, or short, for a tier's time. */
void rig_reserves_wake(rig_centre *c, uint32_t tier);

#endif
