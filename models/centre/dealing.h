/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules by which callers are given to agents otherwise than at the plain centre: of the scenario's
 * queue, or asked about (rig_centre_rules). Without any of them nothing here does anything. */
#ifndef RIG_MODELS_CENTRE_DEALING_H
#define RIG_MODELS_CENTRE_DEALING_H

#include "models/centre/state.h"

/** Before a run. */
void rig_dealing_begin(rig_centre *c);

/** A call comes to the queue: one that nobody is before is looked at, and the next look is so much
 * later. Where the queue is full for it, somebody else may lose his place. */
void rig_dealing_note_entry(rig_centre *c, uint32_t id);

/** When the queue is looked at next; INFINITY: it is not looked at now and then, or nobody waits.
 */
double rig_dealing_next_look_s(const rig_centre *c);

/** Whether a call that enters the queue is turned away, whatever agents are idle. */
bool rig_dealing_turn_away(const rig_centre *c);

/** Whether a caller may be given an agent now. @param id  Of him who would be; what rings for
 * himself does not count. RIG_NONE: of nobody. */
bool rig_dealing_may_ring(const rig_centre *c, uint32_t id);

/**
 * A phone begins to ring for a call: so do others, perhaps.
 * @param k       Number of this ringing among those of the call; the others' are the next ones.
 * @param ring_s  For how long it rings until it is answered.
 * @return for how long it rings until the first of them is answered.
 */
double rig_dealing_ring_others(rig_centre *c, uint32_t id, uint32_t k, double ring_s);

/** Why the phones that ring beside one stop. */
typedef enum rig_dealing_stop {
    RIG_DEALING_STOP_CALL, /**< answered, or given up: their agents are free */
    RIG_DEALING_STOP_TIME  /**< none was answered in time: their agents rest */
} rig_dealing_stop;

/** A phone stops ringing for a call: so do those that rang beside it, one after the other; the
 * first agent who is free takes the next caller, and is rung alone. */
void rig_dealing_stop_others(rig_centre *c, uint32_t id, rig_dealing_stop why);

/** An agent goes. @return whether his phone rang beside one for the same caller: it does no more. */
bool rig_dealing_leave(rig_centre *c, uint32_t agent);

/** The agent of a ringing goes. @return whether one who rang beside him takes his place. */
bool rig_dealing_take_over(rig_centre *c, uint32_t id);

/** The instant at which the queue's time-out ends a call although a phone rings for it; INFINITY.
 */
double rig_dealing_cut_ringing_s(const rig_centre *c, const rig_slot *s);

/** After an event: who waits although an agent is idle, for another's ringing or for the next look,
 * is given one. */
void rig_dealing_settle(rig_centre *c);

#endif
