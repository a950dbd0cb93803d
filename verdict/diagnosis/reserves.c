/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reserves: does anybody of a tier come when the queue was long for so long, or too few callers
 * were answered, or too few agents were to be there?
 *
 * When they were to be called is seen: so many calls waited for so long, or a window had so low a
 * connect rate, by one call more than is needed; or the shifts and faults tell it. When they are
 * there at the latest, nearly, follows from the distribution of their ways. If calls go on waiting
 * then, and none of their phones ever rings, they were not called, or did not come. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/language.h"
#include "verdict/diagnosis/findings.h"

/* So many calls must have waited since they should have been there. */
#define LEAST_WAITED 10

/* By then all but so many of a thousand are there. */
#define NEARLY_ALL 0.99

/* One call more or less waits. */
typedef struct change {
    double at_s;
    int by;
} change;

static int by_time(const void *a, const void *b)
{
    const double x = ((const change *)a)->at_s, y = ((const change *)b)->at_s;
    return (x > y) - (x < y);
}

/* @param[out] n  How many. @return the caller's to free; NULL when out of memory. */
static change *list_changes(const rig_timeline *timeline, size_t *n)
{
    change *changes = malloc((2 * timeline->n + 1) * sizeof *changes);
    *n = 0;
    for (size_t i = 0; i < timeline->n && changes != NULL; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (isnan(t->queue_s) || !rig_timed_call_is_simple(t))
            continue;
        changes[(*n)++] = (change){t->queue_s, 1};
        changes[(*n)++] = (change){rig_timed_call_left_queue_s(t), -1};
    }
    if (changes != NULL)
        qsort(changes, *n, sizeof *changes, by_time);
    return changes;
}

/* The first instant from which on so many more (or no more) calls than a number have waited for so
 * long without a break; INFINITY. */
static double held_s(const change *changes, size_t n, double after_s, bool is_above,
                     uint32_t number, double for_s)
{
    double since_s = INFINITY;
    int64_t n_waiting = 0;
    for (size_t i = 0; i < n; i++) {
        if (changes[i].at_s > after_s && changes[i].at_s >= fmax(since_s, after_s) + for_s)
            return fmax(since_s, after_s) + for_s;
        n_waiting += changes[i].by;
        if ((n_waiting > (int64_t)number) != is_above)
            since_s = INFINITY;
        else if (isinf(since_s))
            since_s = changes[i].at_s;
    }
    return INFINITY;
}

/* Whether the phone of one of them rang for a call, or whose phone rang is not known. */
static bool may_be_of(const rig_timed_call *t, uint32_t first, uint32_t n)
{
    if (isnan(t->ring_s))
        return false;
    if (strncmp(t->call->agent, "agent", 5) != 0)
        return true;
    const unsigned long number = strtoul(t->call->agent + 5, NULL, 10);
    return number >= first && number - first < n;
}

/* Calls that waited for longer than at the door, and wait no more within a time. */
static size_t count_waited(const rig_timeline *timeline, double from_s, double to_s, double door_s)
{
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        const double left_s = rig_timed_call_left_queue_s(t);
        n += !isnan(t->queue_s) && rig_timed_call_waited_s(t) > door_s &&
             left_s > from_s + door_s && left_s < to_s;
    }
    return n;
}

/* Callers who wanted an agent and waited no more in a window: were too few answered, even with one
 * call more? */
static bool is_rate_low(const rig_reserve *said, const rig_timeline *timeline, double from_s,
                        double to_s)
{
    double n_answered = 0.0, n_left = 0.0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        const bool is_lost = t->call->outcome == RIG_OUTCOME_LOST_QUEUE ||
                             t->call->outcome == RIG_OUTCOME_LOST_AGENT;
        n_answered += t->talk_s >= from_s && t->talk_s < to_s;
        n_left += is_lost && isnan(t->talk_s) && t->end_s >= from_s && t->end_s < to_s;
    }
    const double n = n_answered + n_left;
    return n > 0.0 && n_answered + 1.0 < said->connect_rate_below * n;
}

/* The first instant from which on the rate of each window had been too low for so long. */
static double rate_is_low_s(const rig_reserve *said, const rig_timeline *timeline)
{
    double since_s = INFINITY;
    for (uint32_t k = 0; said->connect_rate_below > 0.0; k++) {
        const double from_s = (double)k * said->window_s, to_s = from_s + said->window_s;
        if (to_s >= timeline->end_of_traffic_s)
            break;
        if (!is_rate_low(said, timeline, from_s, to_s))
            since_s = INFINITY;
        else if (isinf(since_s))
            since_s = to_s;
        if (since_s + said->for_s < to_s + said->window_s) /* until it, too, has told */
            return since_s + said->for_s;
    }
    return INFINITY;
}

/* The first instant from which on too few agents were to be there for so long. */
static double agents_are_few_s(const rig_scenario *scenario, const rig_reserve *said)
{
    double since_s = INFINITY, next_s = 0.0;
    for (double at_s = 0.0; said->agents_below > 0 && isfinite(at_s); at_s = next_s) {
        next_s = rig_scenario_staff_next_s(scenario, said->group, at_s);
        if (rig_scenario_staff_wanted(scenario, said->group, at_s) >= said->agents_below)
            since_s = INFINITY;
        else if (isinf(since_s))
            since_s = at_s;
        if (since_s + said->for_s < next_s)
            return since_s + said->for_s;
    }
    return INFINITY;
}

/* When the tier was to be called at the latest. */
static double due_s(const rig_scenario *scenario, const rig_timeline *timeline,
                    const rig_reserve *said, const change *changes, size_t n_changes)
{
    const double long_s =
        said->ignores_queue ? INFINITY
                            : held_s(changes, n_changes, 0.0, true, said->queue_above, said->for_s);
    return fmin(long_s, fmin(rate_is_low_s(said, timeline), agents_are_few_s(scenario, said)));
}

static void look_at_tier(const rig_scenario *scenario, const rig_timeline *timeline, size_t tier,
                         const change *changes, size_t n_changes, rig_findings *findings)
{
    const rig_reserve *said = &scenario->reserves[tier];
    const double door_s = RIG_TIMELINE_DOOR_WIRE_S * scenario->time_scale;
    const double called_s = due_s(scenario, timeline, said, changes, n_changes);
    const double there_s = called_s + rig_dist_quantile_s(&said->arrive_after, NEARLY_ALL);
    const uint32_t first = 1 + rig_scenario_first_reserve(scenario, tier);
    if (!(there_s < timeline->last_s))
        return;
    const double to_s =
        fmin(held_s(changes, n_changes, called_s, false, said->queue_below, said->leave_after_s),
             timeline->last_s);
    const size_t n_waited = count_waited(timeline, there_s, to_s, door_s);
    for (size_t i = 0; i < timeline->n; i++)
        if (may_be_of(&timeline->calls[i], first, said->n_agents))
            return;
    if (n_waited < LEAST_WAITED)
        return;
    rig_finding f = {.kind = RIG_FINDING_NO_RESERVES,
                     .stage = RIG_STAGE_QUEUE,
                     .expected = (double)said->n_agents,
                     .unit = N_("agents"),
                     .from_s = there_s,
                     .to_s = to_s,
                     .reserve = 1 + (uint32_t)tier,
                     .n_calls = n_waited,
                     .n_explained = n_waited};
    rig_findings_add(findings, &f,
                     "reserves %s should have been called at %.0f s, and %zu calls waited after "
                     "they should have come: none of their phones rang",
                     said->name, called_s, n_waited);
}

void rig_diagnose_reserves(const rig_diagnosis_input *input, const rig_timeline *timeline,
                           rig_findings *findings)
{
    size_t n = 0;
    if (input->scenario->n_reserves == 0)
        return;
    change *changes = list_changes(timeline, &n);
    if (changes == NULL)
        findings->status = RIG_ENOMEM;
    for (size_t i = 0; i < input->scenario->n_reserves && changes != NULL; i++)
        look_at_tier(input->scenario, timeline, i, changes, n, findings);
    free(changes);
}
