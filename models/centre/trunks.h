/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits of the carriers' groups. */
#ifndef RIG_MODELS_CENTRE_TRUNKS_H
#define RIG_MODELS_CENTRE_TRUNKS_H

#include "models/centre/state.h"

/** Before a run. */
void rig_trunks_begin(rig_centre *c);

/** There are more or fewer circuits of a group from now on. */
void rig_trunks_step(rig_centre *c, uint32_t trunk);

/** Seize a circuit for a call that comes in, by its own group or by overflow. @return its group, or
 * RIG_NONE: the call is lost. */
uint32_t rig_trunks_seize(rig_centre *c, uint32_t caller, uint32_t attempt);

/** Whether a call back finds a circuit: one that is not spare. */
bool rig_trunks_can_dial(const rig_centre *c);

/** Seize it. Only when rig_trunks_can_dial. @return its group. */
uint32_t rig_trunks_seize_to_dial(rig_centre *c);

/** Free a circuit of a group. */
void rig_trunks_release(rig_centre *c, uint32_t trunk);

/** Circuits that are free to a caller's call: of his group, and of those that it overflows to. */
uint32_t rig_trunks_n_free(const rig_centre *c, uint32_t caller, uint32_t attempt);

/** A call is offered and refused. */
void rig_trunks_refuse(rig_centre *c, uint32_t caller, uint32_t attempt);

#endif
