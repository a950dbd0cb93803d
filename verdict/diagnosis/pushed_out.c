/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A full queue: does who comes get the place of one who waits, and has a lesser priority? The
 * centre sends that one away in the instant in which the other enters. */
#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/findings.h"

typedef struct places {
    const rig_scenario *scenario;
    const rig_timeline *timeline;
} places;

static bool is_sent_away(const rig_timed_call *t)
{
    return rig_timed_call_was_cut(t) && isnan(t->ring_s);
}

/* At once. The last of those who wait may lose his place soon after that. */
static bool is_turned_away(const places *p, const rig_timed_call *t)
{
    return is_sent_away(t) && t->end_s - t->queue_s < 2.0 * p->timeline->grain_s;
}

/* It waited, and neither a full queue nor the time-out ended that. */
static bool is_cut_waiting(const places *p, const rig_timed_call *t)
{
    return is_sent_away(t) && !is_turned_away(p, t) &&
           !rig_timeline_is_timeout(p->scenario, t->end_s - t->queue_s);
}

static bool is_preferred(const places *p, const rig_timed_call *a, const rig_timed_call *b)
{
    const rig_caller_class *classes = p->scenario->callers.classes;
    return a->caller_class != RIG_NO_CLASS && b->caller_class != RIG_NO_CLASS &&
           classes[a->caller_class].priority > classes[b->caller_class].priority;
}

/* Somebody of a greater priority came in the instant in which it was sent away, and stayed. */
static const rig_timed_call *taker_of(const places *p, const rig_queued *q, const rig_timed_call *t)
{
    const double grain_s = p->timeline->grain_s;
    size_t low = 0, high = q->n;
    while (low < high) { /* the first that entered not long before */
        const size_t middle = low + (high - low) / 2;
        if (q->calls[middle]->queue_s < t->end_s - 2.0 * grain_s)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < q->n && q->calls[low]->queue_s < t->end_s + 2.0 * grain_s; low++)
        if (is_preferred(p, q->calls[low], t) && !is_turned_away(p, q->calls[low]))
            return q->calls[low];
    return NULL;
}

/* Whether the i-th was turned away though one of a lesser priority waited. */
static bool is_turned_away_before(const places *p, const rig_queued *q, size_t i)
{
    const rig_timed_call *t = q->calls[i];
    if (!is_turned_away(p, t))
        return false;
    for (size_t k = i; k-- > 0 && q->calls[k]->queue_s >= t->end_s - q->longest_s;)
        if (q->calls[k]->queue_s < t->queue_s && is_preferred(p, t, q->calls[k]) &&
            rig_timed_call_left_queue_s(q->calls[k]) > t->end_s)
            return true;
    return false;
}

static void add(const places *p, const rig_queued *q, size_t n_pushed, size_t n_turned,
                rig_findings *findings)
{
    const rig_finding f = rig_findings_of_share(RIG_FINDING_PUSHED_OUT, RIG_STAGE_QUEUE, n_pushed,
                                                n_pushed + n_turned, p->timeline->last_s);
    rig_finding *added = rig_findings_add(
        findings, &f,
        "who came to a full queue got the place of one of a lesser priority, who was sent away: "
        "%zu lost their places so, %zu of a greater priority were turned away",
        n_pushed, n_turned);
    for (size_t i = 0; i < q->n; i++) {
        const rig_timed_call *t = q->calls[i];
        const rig_timed_call *taker = is_cut_waiting(p, t) ? taker_of(p, q, t) : NULL;
        if (taker == NULL)
            continue;
        rig_findings_touch(findings, added, t->call);
        rig_findings_touch(findings, added, taker->call);
    }
}

void rig_diagnose_pushed_out(const rig_diagnosis_input *input, const rig_timeline *timeline,
                             rig_findings *findings)
{
    const places p = {input->scenario, timeline};
    size_t n_cut = 0, n_pushed = 0, n_turned = 0;
    rig_queued q;
    if (input->scenario->callers.n_classes < 2 || input->scenario->queue.capacity == 0)
        return;
    if (rig_queued_make(timeline, &q) != RIG_OK) {
        findings->status = RIG_ENOMEM;
        return;
    }
    for (size_t i = 0; i < q.n; i++) {
        const bool is_cut = is_cut_waiting(&p, q.calls[i]);
        n_cut += is_cut;
        n_pushed += is_cut && taker_of(&p, &q, q.calls[i]) != NULL;
        n_turned += is_turned_away_before(&p, &q, i);
    }
    if (n_pushed > RIG_FINDING_FEW && 2 * n_pushed > n_cut) /* others are cut at any time */
        add(&p, &q, n_pushed, n_turned, findings);
    free(q.calls);
}
