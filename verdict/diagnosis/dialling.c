/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the queue gives callers to agents: at once, one at a time, to one phone or to many, and what
 * becomes of a ringing call when the queue's time-out comes. */
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdlib.h>

#include "core/language.h"
#include "verdict/diagnosis/busy.h"
#include "verdict/diagnosis/findings.h"
#include "verdict/judge/gate.h"

/* So many ringings beside another's are expected before it says something that there are none, and
 * of the ringings at most so many may be. */
#define EXPECTED_BESIDE   10.0
#define MOST_SHARE_BESIDE 0.02

/* A free agent beside one who waits for longer than this, wire time, is no reaction of a machine.
 */
#define SLOW_WIRE_S 0.1

/* A time between two looks at the queue, wire time, is not longer than this. */
#define LONGEST_LOOK_WIRE_S 6.0

typedef struct look {
    const rig_scenario *scenario;
    const rig_agent_group *group;
    const rig_timeline *timeline;
    rig_findings *findings;
    rig_holdings busy, ringing;
} look;

static double ringing_ended_s(const look *l, const rig_timed_call *t)
{
    const double end_s = isnan(t->talk_s) ? t->end_s : t->talk_s;
    return t->call->outcome == RIG_OUTCOME_LOST_QUEUE
               ? fmin(end_s, t->ring_s + l->group->ring_timeout_s)
               : end_s;
}

static bool is_agent_free(const look *l, double t_s)
{
    uint32_t least, most;
    rig_holdings_at(&l->busy, t_s, l->timeline->grain_s + rig_busy_slack_s(l->group, l->timeline),
                    &least, &most);
    return most < l->group->n_agents;
}

/* --- one caller at a time */

/* Calls that waited, or were sent away at once, while an agent was free and another's phone rang.
 */
static bool waits_for_another(const look *l, const rig_timed_call *t)
{
    const double left_s = rig_timed_call_left_queue_s(t);
    const double middle_s = 0.5 * (t->queue_s + left_s);
    uint32_t least, most;
    const double least_s = rig_busy_was_rung(t) ? 4.0 * l->timeline->grain_s : -INFINITY;
    if (!(left_s - t->queue_s > least_s)) /* false for a NAN, too */
        return false;
    rig_holdings_at(&l->ringing, middle_s, l->timeline->grain_s, &least, &most);
    return most > 0 && is_agent_free(l, middle_s);
}

static void look_for_turns(look *l)
{
    const rig_timeline *timeline = l->timeline;
    size_t n_rung = 0, n_beside = 0, n_waiting = 0;
    double total_s = 0.0, first_s = INFINITY, last_s = 0.0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        uint32_t least, most;
        n_waiting += waits_for_another(l, t);
        if (!rig_busy_was_rung(t))
            continue;
        const double ended_s = ringing_ended_s(l, t);
        rig_holdings_at(&l->ringing, t->ring_s, timeline->grain_s, &least, &most);
        n_beside += least > 0;
        n_rung++;
        total_s += ended_s - t->ring_s;
        first_s = fmin(first_s, t->ring_s);
        last_s = fmax(last_s, ended_s);
    }
    /* were each rung on his own, so many would begin while another's phone rings */
    const double p_ringing = last_s > first_s ? total_s / (last_s - first_s) : 0.0;
    const double expected = (double)n_rung * (1.0 - exp(-p_ringing));
    if (expected < EXPECTED_BESIDE || (double)n_beside > MOST_SHARE_BESIDE * (double)n_rung ||
        n_waiting <= RIG_FINDING_FEW)
        return;
    rig_finding f = {.kind = RIG_FINDING_ONE_AT_A_TIME,
                     .stage = RIG_STAGE_QUEUE,
                     .expected = INFINITY,
                     .estimate = 1.0,
                     .low = 1.0,
                     .high = 1.0,
                     .unit = N_("calls"),
                     .to_s = timeline->last_s,
                     .n_calls = n_waiting,
                     .n_explained = n_waiting};
    rig_finding *added = rig_findings_add(
        l->findings, &f,
        "one caller at a time is given to an agent: of %zu ringings %zu began beside another, "
        "about %.0f were to be expected; %zu calls waited for that with an agent free",
        n_rung, n_beside, expected, n_waiting);
    for (size_t i = 0; i < timeline->n; i++) {
        if (waits_for_another(l, &timeline->calls[i]))
            rig_findings_touch(l->findings, added, timeline->calls[i].call);
    }
}

/* --- several phones at once */

static bool is_rung_at_once(const look *l, const rig_timed_call *t)
{
    return rig_busy_n_phones(l->group, t, l->timeline->grain_s) > 1;
}

/* Rung so himself, or waiting while somebody was. */
static void touch_beside(look *l, const rig_holdings *at_once, rig_finding *added)
{
    for (size_t i = 0; i < l->timeline->n; i++) {
        const rig_timed_call *t = &l->timeline->calls[i];
        const double left_s = rig_timed_call_left_queue_s(t);
        uint32_t least = 0, most = 0;
        if (isnan(t->queue_s))
            continue;
        if (left_s - t->queue_s > 2.0 * l->timeline->grain_s)
            rig_holdings_at(at_once, t->queue_s, l->timeline->grain_s, &least, &most);
        if (is_rung_at_once(l, t) || most > 0)
            rig_findings_touch(l->findings, added, t->call);
    }
}

static void look_for_many_phones(look *l)
{
    const rig_timeline *timeline = l->timeline;
    rig_holdings at_once = {0};
    double *phones = malloc((timeline->n + 1) * sizeof *phones);
    size_t n = 0, n_rung = 0;
    if (phones == NULL || rig_holdings_make(timeline->n, &at_once) != RIG_OK) {
        l->findings->status = RIG_ENOMEM;
        goto out;
    }
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        n_rung += rig_busy_was_rung(t);
        if (!is_rung_at_once(l, t))
            continue;
        phones[n++] = (double)rig_busy_n_phones(l->group, t, timeline->grain_s);
        rig_holdings_add(&at_once, t->ring_s - 1e-3, ringing_ended_s(l, t));
    }
    if (n <= RIG_FINDING_FEW || 10 * n < n_rung)
        goto out;
    rig_holdings_sort(&at_once);
    gsl_sort(phones, 1, n);
    rig_finding f = {.kind = RIG_FINDING_RING_ALL,
                     .stage = RIG_STAGE_AGENT,
                     .expected = 1.0,
                     .estimate = phones[n / 2],
                     .low = phones[n / 20],
                     .high = phones[n - 1 - n / 20],
                     .unit = N_("phones"),
                     .to_s = timeline->last_s,
                     .n_calls = n,
                     .n_explained = n};
    rig_finding *added = rig_findings_add(
        l->findings, &f,
        "%zu of %zu callers were rung for at several phones at once, at %.0f (median); one was "
        "expected",
        n, n_rung, f.estimate);
    touch_beside(l, &at_once, added);
out:
    rig_holdings_clear(&at_once);
    free(phones);
}

/* --- the queue's time-out while a phone rings */

/* The centre ended the call at the time-out, while a phone rang for it. */
static bool is_cut_ringing(const look *l, const rig_timed_call *t)
{
    const rig_call *call = t->call;
    return rig_busy_was_rung(t) && isnan(t->talk_s) && rig_call_is_ended_by_centre(call) &&
           call->outcome != RIG_OUTCOME_IN_PROGRESS &&
           rig_timeline_is_timeout(l->scenario, t->end_s - t->queue_s) &&
           rig_busy_rings_at_end(l->group, t);
}

/* A phone rang when the time-out came, and went on ringing. */
static bool is_spared_ringing(const look *l, const rig_timed_call *t)
{
    const double at_s = t->queue_s + l->scenario->queue.timeout_s;
    return rig_busy_was_rung(t) && t->ring_s < at_s - 2.0 * l->timeline->grain_s &&
           ringing_ended_s(l, t) > at_s + 2.0 * l->timeline->grain_s;
}

static void look_for_cut_ringing(look *l)
{
    const rig_timeline *timeline = l->timeline;
    size_t n = 0, n_spared = 0;
    if (!(l->scenario->queue.timeout_s > 0.0))
        return;
    for (size_t i = 0; i < timeline->n; i++) {
        n += is_cut_ringing(l, &timeline->calls[i]);
        n_spared += is_spared_ringing(l, &timeline->calls[i]);
    }
    if (n <= RIG_FINDING_FEW)
        return;
    rig_finding f = rig_findings_of_share(RIG_FINDING_RINGING_CUT, RIG_STAGE_QUEUE, n, n + n_spared,
                                          timeline->last_s);
    rig_finding *added = rig_findings_add(
        l->findings, &f,
        "the queue's time-out of %.1f s cut %zu calls while an agent's phone rang for them, and "
        "spared %zu",
        l->scenario->queue.timeout_s, n, n_spared);
    for (size_t i = 0; i < timeline->n; i++) {
        if (is_cut_ringing(l, &timeline->calls[i]))
            rig_findings_touch(l->findings, added, timeline->calls[i].call);
    }
}

/* --- a free agent beside one who waits */

/* Since when the agents who were taken had been idle, in the order in which they were taken: the
 * longest idle first. NAN: from the beginning, or more were taken than there are. */
static double *list_idle_since(const look *l)
{
    const rig_holdings *busy = &l->busy;
    const size_t n_agents = l->group->n_agents;
    double *since_s = malloc((busy->n + 1) * sizeof *since_s);
    size_t n_freed = 0;
    for (size_t i = 0; since_s != NULL && i < busy->n; i++) {
        while (n_freed < busy->n && busy->end_s[n_freed] <= busy->begin_s[i])
            n_freed++;
        /* the i-th taken: the first n_agents were idle from the beginning, then those freed */
        since_s[i] =
            i >= n_agents && i - n_agents < n_freed ? busy->end_s[i - n_agents] : (double)NAN;
    }
    return since_s;
}

/* For how long the agent whom a waiting call got had been idle beside it. NAN: he was idle before
 * it came, or agents were left over. */
static double idle_beside_s(const look *l, const double *since_s, const rig_timed_call *t)
{
    const rig_holdings *busy = &l->busy;
    size_t low = 0, high = busy->n;
    uint32_t least, most;
    while (low < high) { /* its own ringing */
        const size_t middle = low + (high - low) / 2;
        if (busy->begin_s[middle] < t->ring_s)
            low = middle + 1;
        else
            high = middle;
    }
    rig_holdings_at(busy, t->ring_s + 2.0 * l->timeline->grain_s, l->timeline->grain_s, &least,
                    &most);
    if (low == busy->n || most < l->group->n_agents || !(since_s[low] > t->queue_s))
        return (double)NAN;
    return t->ring_s - since_s[low];
}

static void add_poll(look *l, const double *gap_s, size_t n, size_t n_waited)
{
    const double scale = l->scenario->time_scale;
    rig_finding f = {.kind = RIG_FINDING_QUEUE_POLL,
                     .stage = RIG_STAGE_QUEUE,
                     .expected = l->timeline->poll_s,
                     .estimate = gap_s[n - 1 - n / 20],
                     .low = gap_s[n - 1 - n / 10],
                     .high = gap_s[n - 1] + l->timeline->grain_s,
                     .unit = "s",
                     .to_s = l->timeline->last_s,
                     .n_calls = n_waited,
                     .n_explained = n};
    rig_finding *added = rig_findings_add(
        l->findings, &f,
        "a free agent is given to a waiting caller only after up to %.2f s (median %.2f s; %.0f "
        "and "
        "%.0f ms on the wire), as where the queue is looked at now and then",
        f.estimate, gap_s[n / 2], 1e3 * f.estimate / scale, 1e3 * gap_s[n / 2] / scale);
    for (size_t i = 0; i < n; i++)
        rig_findings_add_span(l->findings, added, 0.0, 0.0, gap_s[i]);
}

/* Gaps that are spread between nothing and one time, longer than the scenario's own; a wrap-up that
 * is longer gives all the same. */
static bool is_regular(const look *l, const double *gap_s, size_t n)
{
    const double scale = l->scenario->time_scale;
    const double most_s = gap_s[n - 1 - n / 20], median_s = gap_s[n / 2];
    return gap_s[n - 1 - n / 10] > rig_busy_slack_s(l->group, l->timeline) &&
           median_s > SLOW_WIRE_S * scale && most_s < LONGEST_LOOK_WIRE_S * scale &&
           most_s < 4.0 * median_s && gap_s[n / 10] < 0.6 * median_s;
}

static void look_for_polls(look *l)
{
    const rig_timeline *timeline = l->timeline;
    double *gap_s = malloc((timeline->n + 1) * sizeof *gap_s);
    double *since_s = list_idle_since(l);
    size_t n = 0, n_waited = 0;
    if (gap_s == NULL || since_s == NULL) {
        l->findings->status = RIG_ENOMEM;
        goto out;
    }
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!rig_busy_has_waited(timeline, t))
            continue;
        n_waited++;
        const double idle_s = idle_beside_s(l, since_s, t);
        if (!isnan(idle_s))
            gap_s[n++] = idle_s;
    }
    gsl_sort(gap_s, 1, n);
    if (n >= 20 && 2 * n > n_waited && is_regular(l, gap_s, n))
        add_poll(l, gap_s, n, n_waited);
out:
    free(gap_s);
    free(since_s);
}

void rig_diagnose_dialling(const rig_diagnosis_input *input, const rig_timeline *timeline,
                           rig_findings *findings)
{
    /* which of them could take a call, or is on duty, is not looked at */
    if (input->scenario->n_agents > 1 || rig_scenario_staff_changes(input->scenario))
        return;
    look l = {.scenario = input->scenario,
              .group = &input->scenario->agents[0],
              .timeline = timeline,
              .findings = findings};
    const rig_busy_rule rule = rig_busy_expected(l.group);
    rig_status status = rig_holdings_make(timeline->n, &l.ringing);
    if (status == RIG_OK)
        status = rig_busy_make(l.group, timeline, &rule, &l.busy);
    if (status == RIG_OK) {
        for (size_t i = 0; i < timeline->n; i++) {
            const rig_timed_call *t = &timeline->calls[i];
            if (rig_busy_was_rung(t))
                rig_holdings_add(&l.ringing, t->ring_s, ringing_ended_s(&l, t));
        }
        rig_holdings_sort(&l.ringing);
        /* what the scenario says is no deviation */
        if (!l.scenario->queue.one_at_a_time)
            look_for_turns(&l);
        if (l.scenario->queue.routing != RIG_ROUTING_RING_ALL)
            look_for_many_phones(&l);
        if (!l.scenario->queue.timeout_cuts_ringing)
            look_for_cut_ringing(&l);
        const bool is_idle_told = rig_busy_tells_idle(l.group, timeline);
        const bool is_told = is_idle_told && timeline->poll_s <= 0.0 &&
                             rig_diagnose_looks(l.scenario, timeline, &l.busy, findings);
        if (!is_told && is_idle_told && rig_busy_is_known(l.group))
            look_for_polls(&l);
    } else {
        findings->status = status;
    }
    rig_holdings_clear(&l.ringing);
    rig_holdings_clear(&l.busy);
}
