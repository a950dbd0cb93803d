/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/diagnosis/busy.h"

#include <math.h>

/* Half of the range of a uniform wrap-up: more is not known of an instant. */
#define MOST_SLACK_S 0.5

/* The standard deviation of a uniform time is its half range / sqrt(3). */
static double half_range_s(const rig_dist *dist)
{
    return dist->kind == RIG_DIST_UNIFORM ? dist->mean_s * dist->cv * sqrt(3.0) : 0.0;
}

bool rig_busy_is_known(const rig_agent_group *group)
{
    const rig_dist *dist = &group->wrap_up;
    return dist->kind == RIG_DIST_CONSTANT ||
           (dist->kind == RIG_DIST_UNIFORM && half_range_s(dist) < 1.01 * MOST_SLACK_S);
}

/* Phones that rang for a call in vain, one after the other or together. */
static uint32_t n_in_vain(const rig_timed_call *t)
{
    const rig_call *call = t->call;
    const uint32_t n_last = call->n_phones_at_once > 1 ? call->n_phones_at_once : 1;
    if (!rig_busy_was_rung(t) || call->n_legs < 2)
        return 0;
    if (call->outcome == RIG_OUTCOME_LOST_QUEUE) /* it was in the queue again */
        return call->n_legs - 1;
    return call->n_legs - 1 > n_last ? call->n_legs - 1 - n_last : 0;
}

bool rig_busy_tells_idle(const rig_agent_group *group, const rig_timeline *timeline)
{
    uint64_t n_missed = 0;
    if ((group->p_busy > 0.0 && group->busy_rest_s != group->rest_s) ||
        (group->p_reject > 0.0 && group->reject_rest_s != group->rest_s))
        return false;
    for (size_t i = 0; i < timeline->n && group->n_most_missed > 0; i++)
        n_missed += n_in_vain(&timeline->calls[i]);
    return group->n_most_missed == 0 || n_missed < group->n_most_missed;
}

rig_busy_rule rig_busy_expected(const rig_agent_group *group)
{
    return (rig_busy_rule){.wrap_up_s = group->wrap_up.mean_s,
                           .slack_s =
                               rig_busy_is_known(group) ? half_range_s(&group->wrap_up) : 0.0};
}

double rig_busy_slack_s(const rig_agent_group *group, const rig_timeline *timeline)
{
    return rig_busy_expected(group).slack_s + timeline->poll_s;
}

bool rig_busy_was_rung(const rig_timed_call *t)
{
    return !isnan(t->ring_s);
}

/* Of the ring time-out; shorter by a tenth it has not come. */
#define MOST_OF_TIMEOUT 0.9

bool rig_busy_has_waited(const rig_timeline *timeline, const rig_timed_call *t)
{
    return rig_busy_was_rung(t) && t->call->n_legs <= 2 &&
           t->ring_s - t->queue_s > 2.0 * timeline->grain_s;
}

bool rig_busy_rings_at_end(const rig_agent_group *group, const rig_timed_call *t)
{
    return rig_busy_was_rung(t) && isnan(t->talk_s) &&
           t->end_s - t->ring_s < MOST_OF_TIMEOUT * group->ring_timeout_s;
}

uint32_t rig_busy_n_phones(const rig_agent_group *group, const rig_timed_call *t, double grain_s)
{
    if (!rig_busy_was_rung(t))
        return 0;
    if (t->call->n_phones_at_once > 0)
        return t->call->n_phones_at_once;
    if (isnan(t->queue_s) || t->call->n_legs <= 2 || rig_scenario_refuses(group))
        return 1; /* phones that refuse at once follow each other at once */
    const double n_before = (double)(t->call->n_legs - 2);
    return t->ring_s - t->queue_s + 2.0 * grain_s < 0.5 * n_before * group->ring_timeout_s
               ? t->call->n_legs - 1
               : 1;
}

/* Of a call that was rung one phone after the other the first and the last ringing are seen: those
 * between them came at even distances. Where the first is not seen, they came just before the last.
 */
static double ringing_began_s(const rig_agent_group *group, const rig_timed_call *t, uint32_t k)
{
    const double n_before = (double)(t->call->n_legs - 2);
    const double step_s = isnan(t->first_ring_s) ? rig_scenario_vain_s(group)
                                                 : (t->ring_s - t->first_ring_s) / n_before;
    return t->ring_s - (double)k * step_s;
}

/* An agent is busy from the beginning of the ringing to the end of the wrap-up, and stuck_s after a
 * caller who left while he was being rung. A talk that the centre cut is followed by none
 * (docs/scenario.md). */
static void add_busy(const rig_agent_group *group, const rig_timed_call *t,
                     const rig_busy_rule *rule, double grain_s, rig_holdings *busy)
{
    const uint32_t n_phones = rig_busy_n_phones(group, t, grain_s);
    double after_s = t->call->outcome == RIG_OUTCOME_DROPPED      ? 0.0
                     : !isnan(t->talk_s)                          ? rule->wrap_up_s
                     : t->call->outcome == RIG_OUTCOME_LOST_AGENT ? rule->stuck_s
                                                                  : 0.0;
    if (t->call->outcome == RIG_OUTCOME_LOST_QUEUE) /* it was in the queue again */
        rig_holdings_add(busy, t->ring_s,
                         fmin(t->end_s, t->ring_s + rig_scenario_vain_s(group) + group->rest_s));
    else
        rig_holdings_add(busy, t->ring_s, t->end_s + after_s);
    for (uint32_t k = 1; k < n_phones; k++)
        rig_holdings_add(busy, t->ring_s, isnan(t->talk_s) ? t->end_s : t->talk_s);
    for (uint32_t k = 1; n_phones == 1 && k + 1 < t->call->n_legs; k++) {
        const double begin_s = ringing_began_s(group, t, k);
        if (begin_s >= t->queue_s)
            rig_holdings_add(busy, begin_s, begin_s + rig_scenario_vain_s(group) + group->rest_s);
    }
}

static size_t room_for_busy(const rig_timeline *timeline)
{
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_call *call = timeline->calls[i].call;
        if (rig_busy_was_rung(&timeline->calls[i]))
            n += (size_t)call->n_legs + call->n_phones_at_once + 1;
    }
    return n + timeline->n_backs;
}

/* Entries into the queue: rung at once, or not. Where callers look by themselves, one waits
 * although an agent has been free for less than that. */
static size_t list_probes(const rig_timeline *timeline, const rig_holdings *busy, double slack_s,
                          rig_probe *probes)
{
    const double grain_s = timeline->grain_s + slack_s + timeline->poll_s;
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (isnan(t->queue_s))
            continue;
        double left_s = rig_timed_call_left_queue_s(t);
        bool is_blocked = left_s - t->queue_s > 2.0 * timeline->grain_s;
        if ((!is_blocked && !rig_busy_was_rung(t)) || t->call->n_legs > 2)
            continue;
        probes[n] = (rig_probe){.t_s = t->queue_s, .is_blocked = is_blocked};
        rig_holdings_at(busy, t->queue_s, grain_s, &probes[n].least, &probes[n].most);
        n++;
    }
    return n;
}

rig_status rig_busy_make(const rig_agent_group *group, const rig_timeline *timeline,
                         const rig_busy_rule *rule, rig_holdings *busy)
{
    rig_status status = rig_holdings_make(room_for_busy(timeline), busy);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < timeline->n; i++) {
        if (rig_busy_was_rung(&timeline->calls[i]))
            add_busy(group, &timeline->calls[i], rule, timeline->grain_s, busy);
    }
    rig_holdings_add_backs(busy, timeline, rule->wrap_up_s);
    rig_holdings_sort(busy);
    return RIG_OK;
}

rig_status rig_busy_probe(const rig_agent_group *group, const rig_timeline *timeline,
                          const rig_busy_rule *rule, rig_probe *probes, size_t *n)
{
    rig_holdings busy = {0};
    rig_status status = rig_busy_make(group, timeline, rule, &busy);
    if (status != RIG_OK)
        return status;
    *n = list_probes(timeline, &busy, rule->slack_s, probes);
    rig_holdings_clear(&busy);
    return RIG_OK;
}
