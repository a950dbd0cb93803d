/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Talks and patience that are a class's or a menu choice's own, and how long a refusal asks to wait.
 */
#ifndef RIG_SCENARIOS_OWN_DURATIONS_H
#define RIG_SCENARIOS_OWN_DURATIONS_H

#include "scenarios/scenario.h"

/** How long such a caller talks: as his class says, else his choice, else callers.talk.
 * @param choice  Index of ivr.choices. */
const rig_dist *rig_scenario_talk_of(const rig_scenario *scenario, uint32_t caller_class,
                                     uint32_t choice);

/** How long such a caller waits in the queue. */
const rig_dist *rig_scenario_patience_of(const rig_scenario *scenario, uint32_t caller_class);

/** Whether callers differ in how long they talk. */
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

/** The mean talk of those who ask for a skill, by the shares of classes and choices. */
double rig_scenario_mean_talk_s(const rig_scenario *scenario, uint32_t skill);

/** The mean patience in the queue, by the shares of the classes. */
double rig_scenario_mean_patience_s(const rig_scenario *scenario);

#endif
