/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IVR's ports. */
#ifndef RIG_MODELS_CENTRE_IVR_H
#define RIG_MODELS_CENTRE_IVR_H

#include "models/centre/state.h"

/** Before a run. */
void rig_ivr_begin(rig_centre *c);

/** Whether a call that comes now has a port at once. */
static inline bool rig_ivr_has_port(const rig_centre *c)
{
    return c->n_free_ports > 0 && c->n_ivr_down == 0;
}

/** A call that has seized a circuit takes a port, or waits for one. */
void rig_ivr_enter(rig_centre *c, uint32_t id);

/** Free a call's port, if it has one, for the first who waits. */
void rig_ivr_release(rig_centre *c, uint32_t id);

/** There are more or fewer ports from now on. */
void rig_ivr_step(rig_centre *c);

/** After a repair: those who wait take the free ports. */
void rig_ivr_repaired(rig_centre *c);

#endif
