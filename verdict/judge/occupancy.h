/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How busy the agents were, from the wire. */
#ifndef RIG_VERDICT_JUDGE_OCCUPANCY_H
#define RIG_VERDICT_JUDGE_OCCUPANCY_H

#include "verdict/join.h"

/**
 * RIG_METRIC_OCCUPANCY as far as the wire shows it: agents' phones that ring and talks, as
 * captured; each ring in vain as long as the ring time-out (the wire's call record keeps the last
 * ring alone); the wrap-up as its mean in the scenario, and the agents on duty as the scenario
 * says.
 * @param only  Of this group alone, by who rang last for a call; NULL: of all agents.
 * @return NAN where the number on duty changes (shifts, reserves) or is 0.
 */
double rig_occupancy(const rig_join *join, const rig_scenario *scenario, int64_t start_epoch_ns,
                     const rig_agent_group *only);

#endif
