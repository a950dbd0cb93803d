/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call centre has a limited number of: circuits, IVR ports, places in the queue, agents.
 * A pure data structure: no SIP, no clock, no allocation after _new. Who waits longest is served
 * first, everywhere; in the queue the lines go in their order, and in each line that of a skill
 * stands beside those of the others: of their heads the one that entered first. */
#ifndef RIG_CALLCENTRE_CENTRE_RESOURCES_H
#define RIG_CALLCENTRE_CENTRE_RESOURCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "callcentre/centre/staff.h"
#include "core/status.h"

/** How much there is of each. */
typedef struct rig_callcentre_capacity {
    const uint32_t *n_circuits; /**< of each trunk group, in the order in which groups are tried */
    size_t n_groups;            /**< >= 1 */
    uint32_t n_ports;           /**< >= 1 */
    uint32_t n_queue;           /**< calls that can wait, in all lines; 0 = no limit */
    const uint32_t *n_agents;   /**< of each group of agents; together >= 1 */
    size_t n_agent_groups;      /**< >= 1 */
    rig_routing routing;
    const uint32_t *n_on_duty;        /**< of each group of agents at first; NULL: all */
    const rig_callcentre_pool *pools; /**< agents beside these: staff.h */
    size_t n_pools;
    uint32_t n_lines;     /**< of the queue: the first is served first; 0 = 1 */
    uint32_t n_skills;    /**< that calls ask for; 0 = 1 */
    const uint8_t *level; /**< [n_skills][n_agent_groups]: 0 = the group has not the skill; NULL:
                               all groups have all */
    bool do_callers_look; /**< callers who wait look for an agent by themselves (queue.poll_s):
                               nobody but a kept place is given one by rig_callcentre_queue_match,
                               and one who joins is awaited when it is his turn */
    bool has_first_alone; /**< and that is the turn of the first in line only, however many are idle */
} rig_callcentre_capacity;

/** A place in one of the waiting lines, part of its owner's struct; all zero but owner when it is
 * made. */
typedef struct rig_callcentre_waiter {
    struct rig_callcentre_waiter *prev, *next; /**< NULL while it waits nowhere */
    void *owner;
    bool is_place;  /**< of a caller who has hung up: it takes none of n_queue */
    uint32_t line;  /**< of the queue, below n_lines: not to be changed while it waits there, */
    uint32_t skill; /**< nor this one, below n_skills */
    rig_callcentre_groups also; /**< groups that may take it beside those that have the skill: only
                                     added to */
    uint64_t entered;           /**< the queue's: numbers the first entries from 1 */
    bool is_in_front;           /**< the queue's: it stands where it did not enter */
} rig_callcentre_waiter;

/** In use now, and most in use ever. */
typedef struct rig_callcentre_usage {
    uint32_t n_circuits, n_peak_circuits;
    uint32_t n_ports, n_peak_ports;
    uint32_t n_waiting, n_peak_waiting; /**< in the queue for an agent, */
    uint32_t n_places;                  /**< and places there of callers who have hung up */
    uint32_t n_agents, n_peak_agents;   /**< not idle */
    uint32_t n_waiting_for_port;
} rig_callcentre_usage;

/** The resources; opaque. */
typedef struct rig_callcentre_resources rig_callcentre_resources;

/**
 * All circuits and ports free, nobody waiting, all agents idle (agent 0 the longest).
 * @param capacity        Copied.
 * @param[out] resources  Owned by the caller: rig_callcentre_resources_free. Untouched on error.
 * @return RIG_OK; RIG_EDOM for no group, a group without circuits, no port or no agent; RIG_ENOMEM.
 */
rig_status rig_callcentre_resources_new(const rig_callcentre_capacity *capacity,
                                        rig_callcentre_resources **resources, rig_error *err);

/** Free; waiters are their owners'. NULL-safe. */
void rig_callcentre_resources_free(rig_callcentre_resources *resources);

/** What is in use. Borrowed; follows every change. */
const rig_callcentre_usage *rig_callcentre_resources_usage(
    const rig_callcentre_resources *resources);

/**
 * Seize a circuit of the first group that has one free.
 * @param[out] group  Which; untouched when there is none.
 * @return false when every circuit is busy.
 */
bool rig_callcentre_circuit_seize(rig_callcentre_resources *resources, size_t *group);

/**
 * Seize a circuit of one group.
 * @param n_spare  There must be more free than so many.
 */
bool rig_callcentre_circuit_seize_of(rig_callcentre_resources *resources, size_t group,
                                     uint32_t n_spare);

/** Whether that would succeed. */
bool rig_callcentre_circuit_is_free(const rig_callcentre_resources *resources, size_t group,
                                    uint32_t n_spare);

/** A group that is out of service has no circuit to seize; those in use stay so. */
void rig_callcentre_circuit_serve(rig_callcentre_resources *resources, size_t group,
                                  bool is_in_service);

/** A group has so many circuits from now on; those in use stay so, if they are more, too. */
void rig_callcentre_circuit_resize(rig_callcentre_resources *resources, size_t group, uint32_t n);

/** Give back a circuit that is in use. */
void rig_callcentre_circuit_release(rig_callcentre_resources *resources, size_t group);

/** Seize a port. @return false when none is free, or when others wait for one: they are first. */
bool rig_callcentre_port_seize(rig_callcentre_resources *resources);

/** Stand at the end of the line for a port. */
void rig_callcentre_port_wait(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter);

/** Leave the line for a port (the caller gave up). */
void rig_callcentre_port_leave(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter);

/** Seize a port for the call that has waited longest. @return it, no longer in line; NULL when no
 * port is free or nobody waits. */
rig_callcentre_waiter *rig_callcentre_port_grant(rig_callcentre_resources *resources);

/** There are so many ports from now on; those in use stay so, if they are more, too. */
void rig_callcentre_port_resize(rig_callcentre_resources *resources, uint32_t n);

/** Give back a port that is in use. */
void rig_callcentre_port_release(rig_callcentre_resources *resources);

/** Whether somebody is idle for a call that is about to join, and not for another one that waits.
 */
bool rig_callcentre_queue_is_awaited(const rig_callcentre_resources *resources,
                                     const rig_callcentre_waiter *waiter);

/** Calls and kept places in front of one that is about to join, or waits: of its skill, in its line
 * or one that is served before it. */
uint32_t rig_callcentre_queue_n_before(const rig_callcentre_resources *resources,
                                       const rig_callcentre_waiter *waiter);

/** Whether it is the turn of a caller who waits and looks: fewer callers of his skill wait before
 * him than agents are idle for him. */
bool rig_callcentre_queue_is_turn(const rig_callcentre_resources *resources,
                                  const rig_callcentre_waiter *waiter);

/** Whether somebody waits who asks for a skill of a group. */
bool rig_callcentre_queue_wants(const rig_callcentre_resources *resources, size_t group);

/** Stand in a line of the queue for an agent: at its end, or at its head. @return false when the
 * queue is full, and nobody is idle for this call. */
bool rig_callcentre_queue_join(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter,
                               bool at_head);

/** Stand at the head of a line again, full or not: the agent did not answer. */
void rig_callcentre_queue_rejoin(rig_callcentre_resources *resources,
                                 rig_callcentre_waiter *waiter);

/** Stand at the end of a line, full or not: the place of a caller who has hung up. */
void rig_callcentre_queue_keep(rig_callcentre_resources *resources, rig_callcentre_waiter *place);

/** Whether kept places are passed over: nobody can be called. They keep their order. */
void rig_callcentre_queue_pass_places(rig_callcentre_resources *resources, bool are_passed);

/** The last call of the last line with any, of whatever skill; NULL when none waits. */
rig_callcentre_waiter *rig_callcentre_queue_last(const rig_callcentre_resources *resources);

/** Leave the queue without an agent. */
void rig_callcentre_queue_leave(rig_callcentre_resources *resources, rig_callcentre_waiter *waiter);

/**
 * Give an idle agent, chosen by the routing, to the first call of the first line that he may take.
 * @param[out] agent  From 0; untouched when there is no match.
 * @return the call, no longer in the queue; NULL when no idle agent may take one that waits.
 */
rig_callcentre_waiter *rig_callcentre_queue_match(rig_callcentre_resources *resources,
                                                  uint32_t *agent);

/** One more agent for a call that was matched already. @param[out] agent  Untouched when nobody who
 * may take it is idle. @return whether somebody was. */
bool rig_callcentre_agent_seize(rig_callcentre_resources *resources,
                                const rig_callcentre_waiter *waiter, uint32_t *agent);

/** The groups that have a skill. */
rig_callcentre_groups rig_callcentre_skill_groups(const rig_callcentre_resources *resources,
                                                  uint32_t skill);

/** An idle agent of these groups who has a skill, chosen by the routing. @param[out] agent
 * Untouched when there is none. @return whether there is one. */
bool rig_callcentre_agent_seize_of(rig_callcentre_resources *resources,
                                   rig_callcentre_groups groups, uint32_t skill, uint32_t *agent);

/** An agent who was matched is idle again: the last of the idle; or he leaves (staff.h). */
void rig_callcentre_agent_release(rig_callcentre_resources *resources, uint32_t agent);

/** Who is on duty. Borrowed. */
rig_callcentre_staff *rig_callcentre_resources_staff(const rig_callcentre_resources *resources);

#endif
