/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who of the agents is idle, and who of them is rung next. */
#ifndef RIG_MODELS_CENTRE_IDLE_H
#define RIG_MODELS_CENTRE_IDLE_H

#include "models/centre/state.h"

/** Allocate what the routing needs. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_idle_new(rig_centre *c);
void rig_idle_free(rig_centre *c);

/** Before a run: nobody is idle. */
void rig_idle_begin(rig_centre *c);

/** A pool's first n agents are on duty and idle from the start. */
void rig_idle_start(rig_centre *c, uint32_t pool, uint32_t n);

/** An agent becomes idle. */
void rig_idle_add(rig_centre *c, uint32_t agent);

/**
 * Take the agent whom the routing of the scenario chooses.
 * @param groups  Bits; at least one has an idle agent.
 * @param skill   Of the call.
 */
uint32_t rig_idle_take(rig_centre *c, uint64_t groups, uint32_t skill);

/** Take any idle agent of a pool who is to leave; RIG_NONE when none is idle. */
uint32_t rig_idle_take_of_pool(rig_centre *c, uint32_t pool);

/** Those of a group who are idle from the start are idle as all others from now on. */
void rig_idle_use_fresh(rig_centre *c, uint32_t group);

/** Take a certain idle agent, none of those who are idle from the start. */
void rig_idle_remove(rig_centre *c, uint32_t agent);

#endif
