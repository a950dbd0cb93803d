/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who an agent's phone is at the centre: the user by which it is called, and by which it registers
 * where agents[].register says so. */
#ifndef RIG_SCENARIOS_REGISTRATION_H
#define RIG_SCENARIOS_REGISTRATION_H

#include <stddef.h>
#include <stdint.h>

#include "core/call.h"
#include "scenarios/scenario.h"

/** Most digits at the end of a user. */
#define RIG_MAX_USER_DIGITS 15

/** Room for a user, its NUL included. */
#define RIG_USER_SIZE 48

/** Digits at the end of a text. */
size_t rig_scenario_register_digits(const char *text);

/** Bytes of the user of the first phone in front of the digits at its end. @param[out] number  What
 * they say. */
size_t rig_scenario_register_name(const rig_phone_register *registration, uint64_t *number);

/** User of phone i (from 0) of those that register: the number of first_user and i, with at least
 * as many digits: "agent08", "agent09", "agent10". Cut to fit. */
void rig_scenario_register_user(const rig_phone_register *registration, uint32_t i,
                                char user[RIG_USER_SIZE]);

/**
 * User by which the centre calls an agent's phone: of those that register their own, else "agentK".
 * @param agent  From 0, over all groups in their order, each one's reserves behind its own; K is
 * one more.
 */
void rig_scenario_phone_user(const rig_scenario *scenario, uint32_t agent,
                             char user[RIG_USER_SIZE]);

/**
 * The group of the agent whose phone is called by a user: the reverse of rig_scenario_phone_user.
 * @return index; scenario->n_agents: no phone of the scenario.
 */
size_t rig_scenario_group_of_user(const rig_scenario *scenario, const char *user);

/** The group of the agent who answered a call, or whose phone rang last for it; where that is not
 * known, or nobody's, the first. */
const rig_agent_group *rig_scenario_group_of_call(const rig_scenario *scenario,
                                                  const rig_call *call);

/** The first group of agents whose phones register; NULL: none do. */
const rig_agent_group *rig_scenario_registering(const rig_scenario *scenario);

#endif
