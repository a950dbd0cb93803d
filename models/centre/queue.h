/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue: a line for each skill and priority; kept places, announcements. */
#ifndef RIG_MODELS_CENTRE_QUEUE_H
#define RIG_MODELS_CENTRE_QUEUE_H

#include "models/centre/state.h"

/** Before a run. */
void rig_queue_begin(rig_centre *c);

/** The menu of a call is over. */
void rig_queue_enter(rig_centre *c, uint32_t id);

/** The rung agent did not answer in time. */
void rig_queue_return(rig_centre *c, uint32_t id);

/** The rung agent, who is one too many on duty, has gone. */
void rig_queue_desert(rig_centre *c, uint32_t id);

/** A waiting call's patience or time is over, or another group may take it now. */
void rig_queue_wake(rig_centre *c, uint32_t id);

/** An agent of a group is idle: those who wait look for him, each at his own instant. */
void rig_queue_look_out(rig_centre *c, uint32_t group);

/** Draw how long a call that has entered will wait. */
void rig_queue_draw_patience(rig_centre *c, rig_slot *s);

/** Take a waiting call or a kept place out of its line. */
void rig_queue_remove(rig_centre *c, uint32_t id);

/**
 * The call, or kept place, that a free agent of a group is to take next, out of its line.
 * @return RIG_NONE when there is none.
 */
uint32_t rig_queue_take(rig_centre *c, uint32_t group);

/** Give the first of all whom idle agents, of whatever group, may take to one of them. @return
 * whether there was one. */
bool rig_queue_give(rig_centre *c);

/** Let an agent, who counts as busy already, serve what rig_queue_take returned. */
void rig_queue_serve(rig_centre *c, uint32_t id, uint32_t agent);

#endif
