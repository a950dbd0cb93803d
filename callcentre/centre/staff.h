/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which agents are idle, in groups, and which of them is rung next (docs/scenario.md, "Agents"). A
 * pure data structure: no SIP, no clock, no allocation after _new. Agents are numbered from 0
 * through the groups, in the scenario's order. */
#ifndef RIG_CALLCENTRE_CENTRE_STAFF_H
#define RIG_CALLCENTRE_CENTRE_STAFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "scenarios/scenario.h"

/** Groups of agents, one bit each: bit g is group g. */
typedef uint64_t rig_callcentre_groups;

/** The agents; opaque. */
typedef struct rig_callcentre_staff rig_callcentre_staff;

/**
 * All idle, the first the longest.
 * @param n_agents    Of each group; together at least one.
 * @param n_groups    1 to RIG_MAX_GROUPS.
 * @param routing     Which idle agent is taken.
 * @param[out] staff  Owned by the caller: rig_callcentre_staff_free. Untouched on error.
 * @return RIG_OK; RIG_EDOM for no agent or too many groups; RIG_ENOMEM.
 */
rig_status rig_callcentre_staff_new(const uint32_t *n_agents, size_t n_groups, rig_routing routing,
                                    rig_callcentre_staff **staff, rig_error *err);

/** Free. NULL-safe. */
void rig_callcentre_staff_free(rig_callcentre_staff *staff);

/** The groups with somebody idle. */
rig_callcentre_groups rig_callcentre_staff_idle(const rig_callcentre_staff *staff);

/**
 * Take an idle agent.
 * @param groups      Whose agents may be taken.
 * @param level       Of each group for what is asked for, 0 = by overflow; only looked at by
 *                    RIG_ROUTING_MOST_SKILLED; NULL: all are equal.
 * @param[out] agent  Untouched when nobody of these groups is idle.
 * @return whether somebody was.
 */
bool rig_callcentre_staff_seize(rig_callcentre_staff *staff, rig_callcentre_groups groups,
                                const uint8_t *level, uint32_t *agent);

/** An agent who was taken is idle again: the last of the idle. */
void rig_callcentre_staff_release(rig_callcentre_staff *staff, uint32_t agent);

#endif
