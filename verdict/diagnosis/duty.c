/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Duty: are as many agents of a group there as its shifts say?
 *
 * While a call waits that a group may take, all of it are busy. Where its number changes, and calls
 * waited beside fewer, those who are missing were not on duty: a shift that did not come, agents
 * who did not come back. Wrap-ups count with their mean, so it is the mean over the time of waiting
 * that tells. */
#include <math.h>
#include <stdlib.h>

#include "core/language.h"
#include "verdict/diagnosis/busy.h"
#include "verdict/diagnosis/findings.h"
#include "verdict/judge/occupancy.h"

/* So many calls must have waited beside too few, and so many must be missing: a few, and a share of
 * those who should be there. */
#define LEAST_WAITED  10
#define LEAST_MISSING 1.5
#define MISSING_SHARE 0.08

/* A group's agents become busy or free, calls that it may take begin to wait or wait no more. */
typedef struct change {
    double at_s, n_busy, n_waiting;
} change;

typedef struct changes {
    change *items;
    size_t n;
} changes;

/* What was seen while calls waited. */
typedef struct seen {
    double waited_s; /* time in which some call waited */
    double busy_s;   /* agents busy in it, times how long */
    size_t n_waited;
} seen;

static int by_time(const void *a, const void *b)
{
    const double x = ((const change *)a)->at_s, y = ((const change *)b)->at_s;
    return (x > y) - (x < y);
}

static void add_span(const rig_busy_span *span, changes *c)
{
    if (!(span->n_agents > 0.0))
        return;
    c->items[c->n++] = (change){.at_s = span->from_s, .n_busy = span->n_agents};
    c->items[c->n++] = (change){.at_s = rig_busy_span_end_s(span), .n_busy = -span->n_agents};
}

static void add_call(const rig_diagnosis_input *input, const rig_timeline *timeline, size_t group,
                     const rig_timed_call *t, changes *c)
{
    const rig_scenario *scenario = input->scenario;
    const double waits_s = t->queue_s + RIG_TIMELINE_DOOR_WIRE_S * scenario->time_scale;
    rig_busy_span spans[RIG_MAX_BUSY_SPANS];
    if (t->group == &scenario->agents[group]) {
        const size_t n =
            rig_busy_spans(t->call, scenario, input->start_epoch_ns, timeline->last_s, spans);
        for (size_t k = 0; k < n; k++)
            add_span(&spans[k], c);
    }
    if (!(waits_s < rig_timed_call_left_queue_s(t)) || !rig_timed_call_is_simple(t) ||
        !rig_timed_call_is_for(t, scenario, group))
        return;
    c->items[c->n++] = (change){.at_s = waits_s, .n_waiting = 1.0};
    c->items[c->n++] = (change){.at_s = rig_timed_call_left_queue_s(t), .n_waiting = -1.0};
}

static rig_status list_changes(const rig_diagnosis_input *input, const rig_timeline *timeline,
                               size_t group, changes *c)
{
    const rig_calls *calls = input->calls;
    const rig_occupancy_shares shares =
        rig_occupancy_share_backs(input->scenario, calls->backs, calls->n_backs);
    const size_t most = timeline->n * (1 + (size_t)RIG_MAX_BUSY_SPANS) + calls->n_backs;
    c->n = 0;
    c->items = malloc((most + 1) * 2 * sizeof *c->items);
    if (c->items == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < timeline->n; i++)
        add_call(input, timeline, group, &timeline->calls[i], c);
    for (size_t i = 0; i < calls->n_backs; i++) {
        const rig_busy_span span = rig_busy_back_span(&calls->backs[i], input->scenario, &shares,
                                                      &input->scenario->agents[group],
                                                      input->start_epoch_ns, timeline->last_s);
        add_span(&span, c);
    }
    qsort(c->items, c->n, sizeof *c->items, by_time);
    return RIG_OK;
}

/* From one instant to another. */
static seen look_between(const changes *c, double from_s, double to_s)
{
    seen found = {0};
    double n_busy = 0.0, n_waiting = 0.0, at_s = from_s;
    for (size_t i = 0; i <= c->n; i++) {
        const double next_s = i < c->n ? fmin(c->items[i].at_s, to_s) : to_s;
        if (next_s > at_s && n_waiting > 0.5) {
            found.waited_s += next_s - at_s;
            found.busy_s += n_busy * (next_s - at_s);
        }
        at_s = fmax(at_s, next_s);
        if (i == c->n || c->items[i].at_s >= to_s)
            break;
        n_busy += c->items[i].n_busy;
        n_waiting += c->items[i].n_waiting;
        found.n_waited += c->items[i].at_s >= from_s && c->items[i].n_waiting < 0.0;
    }
    return found;
}

/* @param[out] n  Who was there on the mean. @return whether that is too few. */
static bool is_short(const seen *found, uint32_t n_wanted, double *n)
{
    if (found->n_waited < LEAST_WAITED || !(found->waited_s > 0.0))
        return false;
    *n = found->busy_s / found->waited_s;
    return *n < (double)n_wanted - fmax(LEAST_MISSING, MISSING_SHARE * (double)n_wanted);
}

/* The steps of a group in which too few were there. The figures are those of the worst of them. */
static void look_at_steps(const rig_scenario *scenario, size_t group, const changes *c,
                          double end_s, double door_s, rig_finding *f, rig_findings *findings)
{
    double to_s;
    for (double from_s = 0.0; from_s < end_s; from_s = to_s) {
        const uint32_t n_wanted = rig_scenario_staff_wanted(scenario, group, from_s);
        double n = 0.0;
        to_s = fmin(rig_scenario_staff_next_s(scenario, group, from_s), end_s);
        const seen found = look_between(c, from_s + door_s, to_s);
        if (!is_short(&found, n_wanted, &n))
            continue;
        f->n_calls += found.n_waited;
        rig_findings_add_span(findings, f, from_s, to_s, rint(n));
        if (isnan(f->estimate) || f->expected - f->estimate < (double)n_wanted - n) {
            f->expected = (double)n_wanted;
            f->estimate = n;
            f->from_s = from_s;
            f->to_s = to_s;
        }
    }
}

static void look_at_group(const rig_diagnosis_input *input, const rig_timeline *timeline,
                          size_t group, rig_findings *findings)
{
    const rig_scenario *scenario = input->scenario;
    rig_finding f = {.kind = RIG_FINDING_ON_DUTY,
                     .stage = RIG_STAGE_QUEUE,
                     .estimate = NAN,
                     .unit = N_("agents"),
                     .group = 1 + (uint32_t)group};
    changes c;
    if (list_changes(input, timeline, group, &c) != RIG_OK) {
        findings->status = RIG_ENOMEM;
        return;
    }
    look_at_steps(scenario, group, &c, fmin(timeline->last_s, scenario->traffic.duration_s),
                  RIG_TIMELINE_DOOR_WIRE_S * scenario->time_scale, &f, findings);
    free(c.items);
    if (f.n_spans == 0 || findings->status != RIG_OK) {
        free(f.spans);
        return;
    }
    f.low = f.estimate - LEAST_MISSING;
    f.high = f.estimate + LEAST_MISSING;
    f.n_explained = f.n_calls;
    if (rig_findings_add(
            findings, &f,
            "calls waited while %.1f agents of %s were busy, and %.0f should have been on "
            "duty",
            f.estimate, scenario->agents[group].name, f.expected) == NULL)
        free(f.spans);
}

void rig_diagnose_duty(const rig_diagnosis_input *input, const rig_timeline *timeline,
                       rig_findings *findings)
{
    for (size_t g = 0; g < input->scenario->n_agents && findings->status == RIG_OK; g++)
        if (isfinite(rig_scenario_staff_next_s(input->scenario, g, 0.0)) &&
            rig_busy_tells_idle(&input->scenario->agents[g], timeline))
            look_at_group(input, timeline, g, findings);
}
