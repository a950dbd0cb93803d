/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which agents are on duty and idle, in groups, and which of them is rung next (docs/scenario.md,
 * "Agents"). A pure data structure: no SIP, no clock, no allocation after _new. Agents are numbered
 * from 0 through the groups, in the scenario's order. */
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

/** Agents who come and leave together: a tier of reserves. */
typedef struct rig_callcentre_pool {
    size_t group;       /**< that they are of */
    uint32_t n_agents;  /**< numbered behind the group's own and its earlier pools */
    uint32_t n_on_duty; /**< of them at first, the lowest numbers */
} rig_callcentre_pool;

/** Who there is. */
typedef struct rig_callcentre_crew {
    const uint32_t *n_agents;         /**< of each group; together at least one */
    const uint32_t *n_on_duty;        /**< of each group at first, the lowest numbers; NULL: all */
    size_t n_groups;                  /**< 1 to RIG_MAX_GROUPS */
    const rig_callcentre_pool *pools; /**< beside the groups' own agents */
    size_t n_pools;
    rig_routing routing; /**< which idle agent is taken */
} rig_callcentre_crew;

/**
 * All who are on duty are idle, the first the longest. Pool g is the own agents of group g; those
 * of the crew follow, from n_groups on.
 * @param[out] staff  Owned by the caller: rig_callcentre_staff_free. Untouched on error.
 * @return RIG_OK; RIG_EDOM for no agent or too many groups; RIG_ENOMEM.
 */
rig_status rig_callcentre_staff_new(const rig_callcentre_crew *crew, rig_callcentre_staff **staff,
                                    rig_error *err);

/** Free. NULL-safe. */
void rig_callcentre_staff_free(rig_callcentre_staff *staff);

/** How many of a group are idle. */
uint32_t rig_callcentre_staff_n_idle(const rig_callcentre_staff *staff, size_t group);

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

/** An agent who was taken is idle again: the last of the idle; or he leaves, where too many of his
 * pool are on duty or he was sent away. */
void rig_callcentre_staff_release(rig_callcentre_staff *staff, uint32_t agent);

/** From now on so many of a pool are on duty, at most all of it: idle agents leave, others when
 * they are released; or agents come, as docs/scenario.md says. */
void rig_callcentre_staff_keep(rig_callcentre_staff *staff, size_t pool, uint32_t n);

/** Agents of a pool who are on duty, those included who will leave when they are released. */
uint32_t rig_callcentre_staff_on_duty(const rig_callcentre_staff *staff, size_t pool);

/** An agent of a pool comes on duty, one more than were wanted of it; who is there already stays.
 */
void rig_callcentre_staff_bring(rig_callcentre_staff *staff, uint32_t agent);

/** Whether an agent is on duty, or will be until he is released. */
bool rig_callcentre_staff_is_on_duty(const rig_callcentre_staff *staff, uint32_t agent);

/** Send away at once the agent on duty with the lowest number of a pool, idle or not.
 * @param[out] agent    Untouched when nobody of the pool is on duty.
 * @param[out] is_taken Whether he is busy: he is to be released all the same, and is not there
 * then.
 * @return whether somebody was on duty. */
bool rig_callcentre_staff_send_away(rig_callcentre_staff *staff, size_t pool, uint32_t *agent,
                                    bool *is_taken);

#endif
