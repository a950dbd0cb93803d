/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Skills: is each call given to agents who have what it asks for, or who may help after a time?
 *
 * What a call asks for is its caller's choice, which the schedule holds; who answered is on the
 * wire. A call that is taken by a group that has not its skill, and may not help yet, contradicts
 * the scenario whatever the load. */
#include <math.h>

#include "core/language.h"
#include "verdict/diagnosis/findings.h"
#include "verdict/judge/occupancy.h"

/* A rule of overflow that comes so much sooner, wire time, is in time. */
#define EARLY_WIRE_S 0.05

/* So many calls must have waited beyond a rule that brought nobody, and the helpers must have been
 * busy for less than this share of the time. */
#define LEAST_WAITED     10
#define MOST_BUSY_HELPER 0.9

/* Whether the group of the agent who was rung last may take a call for a skill. */
static bool may_take(const rig_scenario *scenario, const rig_timed_call *t, uint32_t skill)
{
    const rig_queue *queue = &scenario->queue;
    const uint32_t group = (uint32_t)(t->group - scenario->agents);
    const double early_s = EARLY_WIRE_S * scenario->time_scale;
    if (t->group->level == NULL || t->group->level[skill] > 0)
        return true;
    for (size_t i = 0; i < queue->n_overflow; i++)
        if (queue->overflow[i].skill == skill && queue->overflow[i].group == group &&
            queue->overflow[i].after_s <= rig_timed_call_waited_s(t) + early_s)
            return true;
    return false;
}

/* Calls for one skill. */
typedef struct given {
    size_t n, n_wrong;               /* that an agent was rung for; of these, one who may not */
    size_t n_having[RIG_MAX_GROUPS]; /* of the wrong ones: who has this other skill */
} given;

/* Whether an agent, who is known, was rung for a call for a skill. */
static bool is_given(const rig_timed_call *t, uint32_t skill)
{
    return !isnan(t->ring_s) && !isnan(t->queue_s) && t->call->agent[0] != '\0' &&
           t->skill == skill;
}

static void count(const rig_scenario *scenario, const rig_timeline *timeline, uint32_t skill,
                  given *g)
{
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!is_given(t, skill))
            continue;
        g->n++;
        if (may_take(scenario, t, skill))
            continue;
        g->n_wrong++;
        for (uint32_t k = 0; k < scenario->n_skills; k++)
            g->n_having[k] += t->group->level[k] > 0;
    }
}

static void look_at_groups(const rig_scenario *scenario, const rig_timeline *timeline,
                           uint32_t skill, rig_findings *findings)
{
    given g = {0};
    uint32_t other = skill;
    count(scenario, timeline, skill, &g);
    if (g.n_wrong <= RIG_FINDING_FEW)
        return;
    for (uint32_t k = 0; k < scenario->n_skills; k++)
        if (k != skill && (other == skill || g.n_having[k] > g.n_having[other]))
            other = k;
    rig_finding f = rig_findings_of_share(RIG_FINDING_WRONG_SKILL, RIG_STAGE_QUEUE, g.n_wrong, g.n,
                                          timeline->last_s);
    f.skill = 1 + skill;
    f.other_skill = 1 + other;
    rig_finding *added = rig_findings_add(
        findings, &f,
        "calls for skill %s were given to agents who may not take them, but have skill %s: %zu of "
        "%zu",
        scenario->skills[skill], scenario->skills[other], g.n_wrong, g.n);
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (is_given(t, skill) && !may_take(scenario, t, skill))
            rig_findings_touch(findings, added, t->call);
    }
}

/* How much of the time the agents of a group are busy. */
static double busy_share(const rig_diagnosis_input *input, const rig_timeline *timeline,
                         const rig_agent_group *group)
{
    double sum_s = 0.0;
    for (size_t i = 0; i < timeline->n; i++)
        if (timeline->calls[i].group == group)
            sum_s += rig_busy_s(timeline->calls[i].call, input->scenario, input->start_epoch_ns);
    return sum_s / ((double)group->n_agents * rig_scenario_counted_s(input->scenario));
}

/* Whether one rule of overflow never brought anybody. */
static void look_at_rule(const rig_diagnosis_input *input, const rig_timeline *timeline,
                         const rig_queue_overflow *rule, rig_findings *findings)
{
    const rig_scenario *scenario = input->scenario;
    const rig_agent_group *helper = &scenario->agents[rule->group];
    const double slack_s = EARLY_WIRE_S * scenario->time_scale;
    size_t n = 0, n_longer = 0, n_helped = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (isnan(t->queue_s) || t->skill != rule->skill)
            continue;
        n++;
        n_longer += rig_timed_call_waited_s(t) > rule->after_s + slack_s;
        n_helped += !isnan(t->ring_s) && t->group == helper;
    }
    if (n_helped > 0 || n_longer < LEAST_WAITED ||
        busy_share(input, timeline, helper) >= MOST_BUSY_HELPER)
        return;
    rig_finding f = rig_findings_of_share(RIG_FINDING_NO_QUEUE_OVERFLOW, RIG_STAGE_QUEUE, n_longer,
                                          n, timeline->last_s);
    f.skill = 1 + rule->skill;
    rig_findings_add(findings, &f,
                     "%zu calls for skill %s waited for longer than %.1f s, and %s took none of "
                     "them",
                     n_longer, scenario->skills[rule->skill], rule->after_s, helper->name);
}

void rig_diagnose_skills(const rig_diagnosis_input *input, const rig_timeline *timeline,
                         rig_findings *findings)
{
    const rig_scenario *scenario = input->scenario;
    if (scenario->n_agents < 2 || scenario->n_skills > RIG_MAX_GROUPS)
        return;
    for (uint32_t k = 0; k < scenario->n_skills; k++)
        look_at_groups(scenario, timeline, k, findings);
    for (size_t i = 0; i < scenario->queue.n_overflow; i++)
        look_at_rule(input, timeline, &scenario->queue.overflow[i], findings);
}
