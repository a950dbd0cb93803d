/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calling back: an agent and a circuit for a kept place or a promise. */
#ifndef RIG_MODELS_CENTRE_CALL_BACK_H
#define RIG_MODELS_CENTRE_CALL_BACK_H

#include "models/centre/state.h"

/** Dial as many as idle agents and free circuits allow. */
void rig_callback_dial_all(rig_centre *c);

/** Whether an agent who is free calls back before he takes who waits (rig_centre_rules). */
bool rig_callback_are_first(const rig_centre *c);

/** Whether one who was promised a call back is never called (rig_centre_rules). */
bool rig_callback_is_forgotten(const rig_centre *c, uint32_t caller);

/** An agent has become idle, a circuit or the day's time free, or a promise due: does anybody wait
 * for that? */
static inline void rig_callback_look(rig_centre *c)
{
    if (c->n_places > 0 || c->outside.skills != 0)
        rig_callback_dial_all(c);
}

/** An agent, who counts as busy already, dials a kept place. There is a circuit. */
void rig_callback_dial(rig_centre *c, uint32_t id, uint32_t agent);

/** It has rung in vain, or was cut while it rang. */
void rig_callback_end_in_vain(rig_centre *c, uint32_t id);

/** The talk is over; the agent's wrap-up is the caller's business. */
void rig_callback_end_talk(rig_centre *c, uint32_t id);

/** The talk was cut; the agent is the caller's business. */
void rig_callback_cut_talk(rig_centre *c, uint32_t id);

/** Nothing happens any more: who has not been reached never will be. */
void rig_callback_give_up(rig_centre *c);

#endif
