/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talks and patience that are a class's, a menu choice's or a group of agents' own, and how long a
 * refusal asks to wait. */
#ifndef RIG_SCENARIOS_OWN_DURATIONS_H
#define RIG_SCENARIOS_OWN_DURATIONS_H

#include "scenarios/scenario.h"

/** How long such a caller talks: as his class says, else his choice, else callers.talk.
 * @param choice  Index of ivr.choices. */
const rig_dist *rig_scenario_talk_of(const rig_scenario *scenario, uint32_t caller_class,
                                     uint32_t choice);

/** No group of agents has answered yet. */
#define RIG_NO_GROUP UINT32_MAX

/** How long he talks with agents of a group that has a talk of its own: as his class says, else the
 * group. @param group  Of agents, or RIG_NO_GROUP.
 * @return NULL: the group says nothing of it, rig_scenario_talk_of says it. */
const rig_dist *rig_scenario_talk_at(const rig_scenario *scenario, uint32_t caller_class,
                                     uint32_t group);

/** Whether agents of some group have talks of their own. */
bool rig_scenario_has_group_talks(const rig_scenario *scenario);

/** How long such a caller waits in the queue. */
const rig_dist *rig_scenario_patience_of(const rig_scenario *scenario, uint32_t caller_class);

/** Whether callers differ in how long they talk, or agents do. */
bool rig_scenario_has_own_talks(const rig_scenario *scenario);

/** Whether callers differ in how long they wait in the queue. */
bool rig_scenario_has_own_patience(const rig_scenario *scenario);

/** What the target's refusals say in Retry-After: whole seconds on the wire (RFC 3261, 20.33); 0 =
 * nothing. */
uint32_t rig_scenario_retry_after_wire_s(const rig_scenario *scenario);

/** From the refusal to the caller's next attempt at the earliest, scenario time; 0 where he does
 * not heed it, or there is none. */
double rig_scenario_retry_floor_s(const rig_scenario *scenario);

/** All skills, for the next function. */
#define RIG_ANY_SKILL UINT32_MAX

/** The mean talk of those who ask for a skill, by the shares of classes and choices.
 * @param group  Of the agents who answer; RIG_NO_GROUP: without the talks that are groups'. */
double rig_scenario_mean_talk_s(const rig_scenario *scenario, uint32_t skill, uint32_t group);

/** The mean patience in the queue, by the shares of the classes. */
double rig_scenario_mean_patience_s(const rig_scenario *scenario);

#endif
