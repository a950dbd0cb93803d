/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How busy the agents were, from the wire. */
#ifndef RIG_VERDICT_JUDGE_OCCUPANCY_H
#define RIG_VERDICT_JUDGE_OCCUPANCY_H

#include "verdict/join.h"

/** Agents who are busy with a call, from one instant to another; scenario time. */
typedef struct rig_busy_span {
    double from_s, to_s, n_agents;
    const rig_dist *wrap_up; /**< that follows, and that nothing on the wire shows; NULL: none */
} rig_busy_span;

/** How long such a span lies between two instants, times its agents. Of the wrap-up it is what is
 * to be expected: the mean of so much of it as lies there. */
double rig_busy_span_within(const rig_busy_span *span, double from_s, double to_s);

/** When it is over with its wrap-up, on the mean. */
double rig_busy_span_end_s(const rig_busy_span *span);

/** Most spans of a call. */
#define RIG_MAX_BUSY_SPANS 2

/**
 * The time of agents that a call takes: of him who answers, or was rung last, of those whose phones
 * rang beside his, and of those who did not answer before. Phones that ring and talks are as
 * captured; each ring in vain lasts as long as the ring time-out and the rings follow each other
 * (the wire's call record keeps the last ring alone); the wrap-up is as the scenario has it, and
 * ring time-out and wrap-up are those of the group of the agent who rang last.
 * @param last_s      Until then lasts what was not over.
 * @param[out] spans  Room for RIG_MAX_BUSY_SPANS; to_s >= from_s.
 * @return how many there are.
 */
size_t rig_busy_spans(const rig_call *call, const rig_scenario *scenario, int64_t start_epoch_ns,
                      double last_s, rig_busy_span *spans);

/** How call backs of which no phone tells who dialled them are spread over the groups: as those of
 * which one does. Whether a caller answers does not depend on who calls him, so that these are a
 * fair sample of all; where there are none, as the agents are. */
typedef struct rig_occupancy_shares {
    double p[RIG_MAX_GROUPS]; /**< by group; together 1 */
} rig_occupancy_shares;

/** @param backs  All calls back of a run. */
rig_occupancy_shares rig_occupancy_share_backs(const rig_scenario *scenario, const rig_call *backs,
                                               size_t n);

/**
 * The time of a group's agents that a call back takes, from the dialling on.
 * @return with n_agents 1 where one of them dialled it, 0 where another group's did, and the
 *         group's share where that is not known.
 */
rig_busy_span rig_busy_back_span(const rig_call *back, const rig_scenario *scenario,
                                 const rig_occupancy_shares *shares, const rig_agent_group *group,
                                 int64_t start_epoch_ns, double last_s);

/** How long these are within the traffic's duration, from the end of the warm-up on, together. */
double rig_busy_s(const rig_call *call, const rig_scenario *scenario, int64_t start_epoch_ns);

/** Agents on duty, as the scenario says, on the mean from one instant to another: by their shifts,
 * without those whom a fault keeps away; NAN where there are reserves, or nobody.
 * @param only  Of this group alone; NULL: of all. */
double rig_occupancy_on_duty(const rig_scenario *scenario, const rig_agent_group *only,
                             double from_s, double to_s);

/** RIG_METRIC_OCCUPANCY as far as the wire shows it: rig_busy_s of all calls, over the time of
 * those on duty within the traffic's duration, both from the end of the warm-up on. These are as
 * many as should be or, where more are busy, as many as these: who leaves finishes his call first.
 * Who calls back is busy from the dialling on; where nobody answers, no phone of an agent tells who
 * that is, and the groups share him (rig_occupancy_share_backs).
 * @param only  Of this group alone, by who rang last for a call; NULL: of all agents. */
double rig_occupancy(const rig_join *join, const rig_scenario *scenario, int64_t start_epoch_ns,
                     const rig_agent_group *only);

#endif
