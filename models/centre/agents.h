/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents: duty, work and rest. */
#ifndef RIG_MODELS_CENTRE_AGENTS_H
#define RIG_MODELS_CENTRE_AGENTS_H

#include "models/centre/state.h"

/** Allocate. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_agents_new(rig_centre *c);
void rig_agents_free(rig_centre *c);

/** Before a run: the first shifts are on duty. */
void rig_agents_begin(rig_centre *c);

/** A group's next shift begins. */
void rig_agents_shift(rig_centre *c, uint32_t group);

/** How many a shift and the faults that go on leave of a group: those too many leave, others come.
 */
void rig_agents_review(rig_centre *c, uint32_t group);

/** The agents of a group who are too many by now, as a fault takes them, go at once, the lowest
 * numbers first, whatever they do. */
void rig_agents_desert(rig_centre *c, uint32_t group);

/** So many agents of a pool are wanted. Those who are too many leave when they are idle. */
void rig_agents_want(rig_centre *c, uint32_t pool, uint32_t n);

/** An agent's event: he arrives, or his wrap-up or rest is over. */
void rig_agents_wake(rig_centre *c, uint32_t agent);

/** An idle agent for a call of a skill, or of one of these other groups (bits); he is busy from now
 * on. RIG_NONE when there is none. */
uint32_t rig_agents_pick(rig_centre *c, uint32_t skill, uint64_t other_groups);

/** The same among these groups only (bits). */
uint32_t rig_agents_pick_among(rig_centre *c, uint64_t groups, uint32_t skill);

/** Group of an agent. */
static inline uint32_t rig_agents_group(const rig_centre *c, uint32_t agent)
{
    return c->pools[c->agents[agent].pool].group;
}

/** Agents of these groups (bits) on duty. */
uint32_t rig_agents_on_duty(const rig_centre *c, uint64_t groups);

/** A busy agent begins a talk. */
void rig_agents_count_talk(rig_centre *c, uint32_t agent);

/** A busy agent wraps up for so long. */
void rig_agents_wrap_up(rig_centre *c, uint32_t agent, double for_s);

/** A busy agent rests for so long. */
void rig_agents_rest(rig_centre *c, uint32_t agent, double for_s);

/** A busy agent has not taken a call: he rests, or goes on a break (docs/scenario.md,
 * "Rests and breaks"). @param refusal  Of his phone; RIG_REFUSAL_NONE: it rang in vain. */
void rig_agents_miss(rig_centre *c, uint32_t agent, rig_refusal refusal);

/** A busy agent has nothing to do any more: he takes the next call, leaves or is idle. */
void rig_agents_release(rig_centre *c, uint32_t agent);

#endif
