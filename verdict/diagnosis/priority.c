/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes of callers: was the greater priority served first? Each time that an agent was given to a
 * caller while others waited, somebody of a class was taken, or had to let one of a lesser priority
 * pass. */
#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/findings.h"
#include "verdict/judge/gate.h"

/* Of the choices of a class, so many go the other way for reasons of the wire. */
#define MOST_STRAY_SHARE 0.05

/* The choices between callers of one class and such of a lesser priority. */
typedef struct choices {
    size_t n;        /* somebody of both waited */
    size_t n_passed; /* and one of the lesser priority was taken .. */
    size_t n_newest; /* .. though he had come after all of the class who waited */
} choices;

/* How surely a call waits. */
typedef struct patience {
    double grain_s;
    double look_s; /* so long it may wait beside an idle agent: where callers look by themselves */
} patience;

/* Where each caller looks by himself, the second in line may look first while two agents are idle
 * (docs/scenario.md, "Looks"): the other one is his who was passed, and who looks soon. */
static patience patience_of(const rig_scenario *scenario, const rig_timeline *timeline)
{
    const rig_queue *queue = &scenario->queue;
    return (patience){.grain_s = timeline->grain_s,
                      .look_s = queue->poll_s > 0.0 ? fmax(queue->poll_s, queue->retry_s) : 0.0};
}

/* Whether a call was surely waiting when another one's phone began to ring, and went on. */
static bool waited(const rig_timed_call *t, double at_s, const patience *p)
{
    return t->queue_s < at_s - p->grain_s &&
           rig_timed_call_left_queue_s(t) > at_s + p->grain_s + p->look_s;
}

/* Whether a call is of a lesser priority than a class. */
static bool is_lesser(const rig_callers *callers, const rig_timed_call *t, uint32_t caller_class)
{
    return t->caller_class != RIG_NO_CLASS &&
           callers->classes[t->caller_class].priority < callers->classes[caller_class].priority;
}

/* The i-th was taken: what of this was a choice between `caller_class` and a lesser priority? */
static void note_taken(const rig_queued *q, size_t i, const rig_callers *callers,
                       uint32_t caller_class, const patience *p, choices *c)
{
    const rig_timed_call *taken = q->calls[i];
    const bool is_own = taken->caller_class == caller_class;
    const bool is_passed = is_lesser(callers, taken, caller_class);
    bool has_other = false, is_newest = true;
    if (!is_own && !is_passed)
        return;
    size_t k = i;
    while (k > 0 && q->calls[k - 1]->queue_s > taken->ring_s - q->longest_s)
        k--;
    for (; k < q->n && q->calls[k]->queue_s < taken->ring_s; k++) {
        const rig_timed_call *t = q->calls[k];
        const bool is_other =
            is_own ? is_lesser(callers, t, caller_class) : t->caller_class == caller_class;
        if (!is_other || !waited(t, taken->ring_s, p))
            continue;
        has_other = true;
        is_newest = is_newest && k < i;
    }
    c->n += has_other;
    c->n_passed += has_other && is_passed;
    c->n_newest += has_other && is_passed && is_newest;
}

/* The same for each class; and of all of them, each choice once. */
static void note_choice(const rig_queued *q, size_t i, const rig_callers *callers,
                        const patience *p, choices *c, choices *all)
{
    choices any = {0};
    for (uint32_t k = 0; k < callers->n_classes; k++) {
        choices one = {0};
        note_taken(q, i, callers, k, p, &one);
        c[k].n += one.n;
        c[k].n_passed += one.n_passed;
        c[k].n_newest += one.n_newest;
        any = (choices){any.n | one.n, any.n_passed | one.n_passed, any.n_newest | one.n_newest};
    }
    all->n += any.n;
    all->n_passed += any.n_passed;
    all->n_newest += any.n_newest;
}

static bool deviates(const choices *c)
{
    return c->n_passed > RIG_FINDING_FEW && (double)c->n_passed > MOST_STRAY_SHARE * (double)c->n;
}

static bool is_reversed(const choices *c)
{
    return (double)c->n_newest > MOST_STRAY_SHARE * (double)c->n;
}

static rig_finding finding_of(const rig_timeline *timeline, const choices *c)
{
    const rig_interval_estimate passed = rig_gate_binomial(c->n_passed, c->n);
    return (rig_finding){.kind = RIG_FINDING_PRIORITY,
                         .stage = RIG_STAGE_QUEUE,
                         .expected = 0.0,
                         .estimate = passed.value,
                         .low = passed.low95,
                         .high = passed.high95,
                         .unit = "1",
                         .to_s = timeline->last_s,
                         .n_calls = c->n_passed,
                         .n_explained = c->n_passed};
}

/* Of one class, or of all. */
static void add(const rig_scenario *scenario, const rig_timeline *timeline, const choices *c,
                const choices *all, size_t n_deviating, size_t n_preferred, rig_findings *findings)
{
    const size_t n_classes = scenario->callers.n_classes;
    rig_finding f = finding_of(timeline, all);
    if (is_reversed(all)) {
        f.is_reversed = true;
        rig_findings_add(findings, &f,
                         "callers of a lesser priority were served first, in %.0f %% of the cases, "
                         "also when they had come later; the greater priority was expected",
                         100.0 * f.estimate);
    } else if (n_deviating == n_preferred) {
        rig_findings_add(findings, &f,
                         "callers were served in the order of entry, whatever their class: in %.0f "
                         "%% of the cases one of a lesser priority was taken first",
                         100.0 * f.estimate);
    }
    for (uint32_t i = 0; i < n_classes && !is_reversed(all) && n_deviating < n_preferred; i++) {
        if (!deviates(&c[i]))
            continue;
        f = finding_of(timeline, &c[i]);
        f.caller_class = 1 + i;
        rig_findings_add(findings, &f,
                         "callers of class %s waited among those of a lesser priority: in %.0f %% "
                         "of the cases one of these was taken first",
                         scenario->callers.classes[i].name, 100.0 * f.estimate);
    }
}

/* Whether some class has a lesser priority. */
static bool is_preferred(const rig_callers *callers, size_t caller_class)
{
    for (size_t i = 0; i < callers->n_classes; i++)
        if (callers->classes[i].priority < callers->classes[caller_class].priority)
            return true;
    return false;
}

void rig_diagnose_priority(const rig_diagnosis_input *input, const rig_timeline *timeline,
                           rig_findings *findings)
{
    const rig_callers *callers = &input->scenario->callers;
    choices c[RIG_MAX_GROUPS] = {{0}}, all = {0};
    const patience p = patience_of(input->scenario, timeline);
    size_t n_deviating = 0, n_preferred = 0;
    rig_queued q;
    if (callers->n_classes < 2 || callers->n_classes > RIG_MAX_GROUPS)
        return;
    if (input->scenario->n_agents >
        1) /* others may have been taken by agents who may not take one */
        return;
    if (rig_queued_make(timeline, &q) != RIG_OK) {
        findings->status = RIG_ENOMEM;
        return;
    }
    for (size_t i = 0; i < q.n; i++)
        if (!isnan(q.calls[i]->ring_s))
            note_choice(&q, i, callers, &p, c, &all);
    for (size_t k = 0; k < callers->n_classes; k++) {
        n_deviating += deviates(&c[k]);
        n_preferred += is_preferred(callers, k);
    }
    free(q.calls);
    if (n_deviating > 0)
        add(input->scenario, timeline, c, &all, n_deviating, n_preferred, findings);
}
