/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue: who was taken first, who was turned away at its door, whom did the centre cut? */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "verdict/diagnosis/findings.h"
#include "verdict/judge/gate.h"

/* A BYE of the centre this soon after the entry, wire time, turns the call away. */
#define AT_THE_DOOR_WIRE_S 0.1

/* So many odd calls are no chance. */
#define FEW 3

/* By a BYE, or, where nothing was answered yet, by a final response. */
static bool was_cut(const rig_timed_call *t)
{
    const rig_call *call = t->call;
    bool is_refused = !call->answered && !call->cancelled && call->final_code >= 300;
    return call->outcome == RIG_OUTCOME_LOST_QUEUE && !isnan(t->queue_s) &&
           (call->bye == RIG_BYE_CALLEE || is_refused);
}

static double left_queue_s(const rig_timed_call *t)
{
    return isnan(t->ring_s) ? t->end_s : t->ring_s;
}

/* The same of a call that was rung more than once, of which only the last ringing is seen: the
 * others came just before it. While a phone rings the call does not wait. */
static double first_left_queue_s(const rig_scenario *scenario, const rig_timed_call *t)
{
    double left_s = left_queue_s(t);
    if (t->call->n_legs > 2)
        left_s -= (double)(t->call->n_legs - 2) * scenario->agents[0].ring_timeout_s;
    return fmax(left_s, t->queue_s);
}

/* A call that was put back into the queue shows only its last ringing: it is left out. */
static bool is_simple(const rig_timed_call *t)
{
    return !isnan(t->queue_s) && t->call->n_legs <= 2;
}

static int by_entry(const void *a, const void *b)
{
    const rig_timed_call *x = *(const rig_timed_call *const *)a;
    const rig_timed_call *y = *(const rig_timed_call *const *)b;
    return (x->queue_s > y->queue_s) - (x->queue_s < y->queue_s);
}

static void look_at_order(const rig_timeline *timeline, rig_findings *findings)
{
    const double grain_s = timeline->grain_s;
    const rig_timed_call **queued = malloc((timeline->n + 1) * sizeof *queued);
    size_t n = 0, n_chosen = 0, n_oldest = 0, n_newest = 0;
    double longest_s = 0.0;
    if (queued == NULL) {
        findings->status = RIG_ENOMEM;
        return;
    }
    for (size_t i = 0; i < timeline->n; i++) {
        if (is_simple(&timeline->calls[i])) {
            const rig_timed_call *t = &timeline->calls[i];
            queued[n++] = t;
            longest_s = fmax(longest_s, left_queue_s(t) - t->queue_s);
        }
    }
    qsort(queued, n, sizeof *queued, by_entry);
    for (size_t i = 0; i < n; i++) {
        const rig_timed_call *t = queued[i];
        if (isnan(t->ring_s))
            continue;
        bool is_overtaker = false, is_overtaken = false;
        for (size_t k = i; k-- > 0 && queued[k]->queue_s > t->ring_s - longest_s;)
            is_overtaker = is_overtaker || (t->queue_s - queued[k]->queue_s > grain_s &&
                                            left_queue_s(queued[k]) > t->ring_s + grain_s);
        for (size_t k = i + 1; k < n && queued[k]->queue_s < t->ring_s - grain_s; k++)
            is_overtaken = is_overtaken || (queued[k]->queue_s - t->queue_s > grain_s &&
                                            left_queue_s(queued[k]) > t->ring_s + grain_s);
        n_chosen += is_overtaker || is_overtaken;
        n_oldest += is_overtaken && !is_overtaker;
        n_newest += is_overtaker && !is_overtaken;
    }
    free(queued);
    if (n_chosen < 20 || (double)n_oldest > 0.9 * (double)n_chosen)
        return;
    rig_interval_estimate oldest = rig_gate_binomial(n_oldest, n_chosen);
    rig_finding f = {.kind = RIG_FINDING_QUEUE_ORDER,
                     .stage = RIG_STAGE_QUEUE,
                     .expected = 1.0,
                     .estimate = oldest.value,
                     .low = oldest.low95,
                     .high = oldest.high95,
                     .unit = "1",
                     .to_s = timeline->last_s,
                     .n_calls = n_chosen - n_oldest,
                     .n_explained = n_chosen - n_oldest};
    rig_findings_add(
        findings, &f,
        "where more than one call waited, the one that had waited longest was taken in "
        "%.0f %% of the cases%s; first in, first out was expected",
        100.0 * f.estimate, n_newest * 10 > n_chosen * 9 ? ", the newest in the others" : "");
}

static void look_at_limit(const rig_scenario *scenario, const rig_timeline *timeline,
                          rig_findings *findings)
{
    const uint32_t capacity = scenario->queue.capacity;
    const uint32_t expected = capacity > 0 ? capacity : UINT32_MAX - 1;
    const double door_s = AT_THE_DOOR_WIRE_S * scenario->time_scale;
    rig_holdings waiting = {0};
    rig_capacity_fit fit = {0};
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    rig_status status = probes == NULL ? RIG_ENOMEM : rig_holdings_make(timeline->n, &waiting);
    size_t n = 0;
    if (status != RIG_OK)
        goto out;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!isnan(t->queue_s) && !(was_cut(t) && t->end_s - t->queue_s < door_s))
            rig_holdings_add(&waiting, t->queue_s, first_left_queue_s(scenario, t));
    }
    rig_holdings_sort(&waiting);
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (isnan(t->queue_s))
            continue;
        probes[n] = (rig_probe){.t_s = t->queue_s,
                                .is_blocked = was_cut(t) && t->end_s - t->queue_s < door_s};
        rig_holdings_at(&waiting, t->queue_s, timeline->grain_s, &probes[n].least, &probes[n].most);
        n++;
    }
    status = rig_capacity_fit_make(probes, n, expected, RIG_CAPACITY_LOST, &fit);
    if (status != RIG_OK)
        goto out;
    for (size_t i = 0; i < fit.n_segments; i++) {
        const rig_capacity_segment *s = &fit.segments[i];
        if (!rig_capacity_deviates(s, expected))
            continue;
        char words[48] = "no limit was";
        if (capacity > 0)
            (void)snprintf(words, sizeof words, "%u were", capacity);
        rig_finding f = {.kind = RIG_FINDING_QUEUE_LIMIT,
                         .stage = RIG_STAGE_QUEUE,
                         .expected = capacity > 0 ? (double)capacity : INFINITY,
                         .estimate = (double)s->capacity,
                         .low = (double)s->low,
                         .high = (double)s->high,
                         .unit = "calls",
                         .from_s = s->from_s,
                         .to_s = s->to_s,
                         .n_calls = s->n_against_expected,
                         .n_explained = s->n_against_expected - s->n_against};
        rig_findings_add(findings, &f,
                         "from %.0f s to %.0f s calls were turned away when %u waited; %s expected",
                         s->from_s, s->to_s, s->capacity, words);
    }
out:
    if (status != RIG_OK)
        findings->status = status;
    rig_capacity_fit_clear(&fit);
    rig_holdings_clear(&waiting);
    free(probes);
}

/* How many calls were in the queue for longer. */
static size_t count_longer(const rig_timeline *timeline, double limit_s)
{
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++)
        n += is_simple(&timeline->calls[i]) &&
             left_queue_s(&timeline->calls[i]) - timeline->calls[i].queue_s > limit_s;
    return n;
}

static void add_cuts(const rig_timeline *timeline, double *wait_s, size_t n, size_t n_entered,
                     double timeout_s, rig_findings *findings)
{
    gsl_sort(wait_s, 1, n);
    double median_s = gsl_stats_median_from_sorted_data(wait_s, 1, n);
    double low_s = wait_s[n / 20], high_s = wait_s[n - 1 - n / 20];
    rig_interval_estimate share = rig_gate_binomial(n, n_entered);
    rig_finding f = {
        .stage = RIG_STAGE_QUEUE, .to_s = timeline->last_s, .n_calls = n, .n_explained = n};
    if (high_s - low_s < 0.05 * median_s + 2.0 * timeline->grain_s) {
        f.kind = RIG_FINDING_QUEUE_TIMEOUT;
        f.expected = timeout_s > 0.0 ? timeout_s : INFINITY;
        f.estimate = median_s;
        f.low = low_s - timeline->grain_s;
        f.high = high_s + timeline->grain_s;
        f.unit = "s";
        char whom[64] = "";
        size_t n_longer = count_longer(timeline, f.high);
        if (n_longer > n / 10) /* it is no time-out, which spares nobody */
            (void)snprintf(whom, sizeof whom, " on %.0f %% of those who waited so long",
                           100.0 * (double)n / (double)(n + n_longer));
        rig_findings_add(findings, &f, "the centre hangs up after %.1f s in the queue%s, %s",
                         median_s, whom,
                         timeout_s > 0.0 ? "another time-out was expected" : "none was expected");
        return;
    }
    f.kind = RIG_FINDING_QUEUE_CUT;
    f.expected = 0.0;
    f.estimate = share.value;
    f.low = share.low95;
    f.high = share.high95;
    f.unit = "1";
    rig_findings_add(findings, &f,
                     "the centre hangs up on %.1f %% of the waiting calls, after %.1f s to %.1f s",
                     100.0 * share.value, low_s, high_s);
}

static void look_at_cuts(const rig_scenario *scenario, const rig_timeline *timeline,
                         rig_findings *findings)
{
    const double timeout_s = scenario->queue.timeout_s;
    const double door_s = AT_THE_DOOR_WIRE_S * scenario->time_scale;
    double *wait_s = malloc((timeline->n + 1) * sizeof *wait_s);
    size_t n = 0, n_entered = 0, n_over = 0;
    double longest_s = 0.0;
    if (wait_s == NULL) {
        findings->status = RIG_ENOMEM;
        return;
    }
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        double waited_s = left_queue_s(t) - t->queue_s;
        if (isnan(t->queue_s))
            continue;
        n_entered++;
        if (was_cut(t) && waited_s > door_s &&
            !(timeout_s > 0.0 && fabs(waited_s - timeout_s) < 0.01 * timeout_s + door_s))
            wait_s[n++] = waited_s;
        if (timeout_s > 0.0 && is_simple(t) && waited_s > timeout_s * 1.01 + door_s)
            n_over++;
        longest_s = fmax(longest_s, waited_s);
    }
    if (n > FEW)
        add_cuts(timeline, wait_s, n, n_entered, timeout_s, findings);
    else if (n_over > FEW) {
        rig_finding f = {.kind = RIG_FINDING_QUEUE_TIMEOUT,
                         .stage = RIG_STAGE_QUEUE,
                         .expected = timeout_s,
                         .estimate = longest_s,
                         .low = longest_s,
                         .high = INFINITY,
                         .unit = "s",
                         .to_s = timeline->last_s,
                         .n_calls = n_over,
                         .n_explained = n_over};
        rig_findings_add(
            findings, &f,
            "%zu calls waited longer than the queue's time-out of %.1f s, up to %.1f s", n_over,
            timeout_s, longest_s);
    }
    free(wait_s);
}

void rig_diagnose_queue(const rig_diagnosis_input *input, const rig_timeline *timeline,
                        rig_findings *findings)
{
    look_at_order(timeline, findings);
    look_at_limit(input->scenario, timeline, findings);
    look_at_cuts(input->scenario, timeline, findings);
}
