/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers who look for a free agent by themselves, now and then (queue.poll_s): Asterisk's
 * app_queue, where each caller's thread asks once a second whether it is his turn (wait_our_turn,
 * is_our_turn). An agent who becomes free then stays idle until somebody looks. */
#ifndef RIG_MODELS_CENTRE_LOOKS_H
#define RIG_MODELS_CENTRE_LOOKS_H

#include "models/centre/state.h"

/** Whether callers look by themselves; else an agent who becomes free takes the next at once. */
static inline bool rig_looks_are_on(const rig_centre *c)
{
    return c->scenario->queue.poll_s > 0.0;
}

/** A call begins to wait: it looks at this instant next, and then each poll_s. */
void rig_looks_begin(rig_centre *c, uint32_t id, double first_s);

/** When a waiting call looks next; INFINITY = in vain, as nobody is idle. */
double rig_looks_next_s(rig_centre *c, uint32_t id);

/** Whether a waiting call looks just now (whom an event at another instant woke does not); it looks
 * again poll_s later. */
bool rig_looks_now(rig_centre *c, uint32_t id);

/** Agents who are idle for a call: it is its turn when fewer of its skill wait before it. One at
 * most where callers are served one at a time, or all phones ring for one: the first in line alone
 * has his turn then (num_available_members of Asterisk).
 * @param groups  Bits: who may take it. */
uint32_t rig_looks_n_idle(const rig_centre *c, uint64_t groups);

#endif
