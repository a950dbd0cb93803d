/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When agents are busy, and whether one was free for a call. Internal to diagnosis/. */
#ifndef RIG_VERDICT_DIAGNOSIS_BUSY_H
#define RIG_VERDICT_DIAGNOSIS_BUSY_H

#include "verdict/diagnosis/findings.h"

/** What keeps an agent busy beside ringing and talk, scenario time. */
typedef struct rig_busy_rule {
    double wrap_up_s; /**< after a talk */
    double stuck_s;   /**< after a caller who left while the agent was being rung */
    double slack_s;   /**< how much earlier or later a wrap-up may end that scatters */
} rig_busy_rule;

/** As the scenario says. */
rig_busy_rule rig_busy_expected(const rig_agent_group *group);

/** Whether wrap-ups are known but for some slack: constant, or uniform within a second (as where a
 * centre counts whole seconds). Others hide how many agents are busy at one instant. */
bool rig_busy_is_known(const rig_agent_group *group);

/**
 * Whether agents who are not busy are there to be rung: none can be on a break (agents[].max_no_answer:
 * fewer phones rang in vain than send one on a break), and each refusal is followed by the same rest.
 * Nothing on the wire tells of breaks, nor of what a phone said that did not take a call.
 */
bool rig_busy_tells_idle(const rig_agent_group *group, const rig_timeline *timeline);

/** By how much more than a grain an agent may be free beside one who waits: as such wrap-ups end,
 * and as callers look by themselves. */
double rig_busy_slack_s(const rig_agent_group *group, const rig_timeline *timeline);

/** Whether an agent's phone rang for it. */
bool rig_busy_was_rung(const rig_timed_call *call);

/** Whether it waited for the first phone that rang for it. */
bool rig_busy_has_waited(const rig_timeline *timeline, const rig_timed_call *call);

/** Whether a phone still rang for it when it was over, unanswered: it was not in the queue again.
 */
bool rig_busy_rings_at_end(const rig_agent_group *group, const rig_timed_call *call);

/**
 * How many phones rang at once for it, at most. Where the capture's calls do not say (calls.csv of
 * an earlier version): all of them, if it had more than there was time for one after the other,
 * each as long as the ring time-out; else one. 0: none rang.
 */
uint32_t rig_busy_n_phones(const rig_agent_group *group, const rig_timed_call *call,
                           double grain_s);

/** The busy agents, those who call back among them. @param[out] busy  Clear with rig_holdings_clear. @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_busy_make(const rig_agent_group *group, const rig_timeline *timeline,
                         const rig_busy_rule *rule, rig_holdings *busy);

/**
 * Entries into the queue: rung at once, or not.
 * @param probes  Room for timeline->n; in the order of the calls' INVITEs.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_busy_probe(const rig_agent_group *group, const rig_timeline *timeline,
                          const rig_busy_rule *rule, rig_probe *probes, size_t *n);

/**
 * Is the expected number of agents contradicted less if they stay busy for another time: stuck, or
 * with another wrap-up? Asked only where the number is contradicted, and behind constant wrap-ups.
 * @param fit       Of another number of agents, to the probes of the expected rule.
 * @param n_probes  Of these.
 * @return whether that explains more than another number does, and is among the findings.
 */
bool rig_diagnose_busy_times(const rig_agent_group *group, const rig_timeline *timeline,
                             const rig_capacity_fit *fit, size_t n_probes, rig_findings *findings);

#endif
