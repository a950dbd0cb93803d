/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trunk: was this call refused while circuits were free, did nobody answer it at all, how late
 * did the first response come? */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/findings.h"
#include "verdict/judge/gate.h"

/* So many INVITEs in a row without any response are no chance. */
#define SILENT_RUN 5

/* A response within this time, wire time, is to the first INVITE: the next is sent after T1 = 0.5 s
 * (RFC 3261, section 17.1.1.2). */
#define PROMPT_WIRE_S 0.4

/* A first response later than this, wire time, is slow: SIP servers answer within some ms. */
#define SLOW_RESPONSE_WIRE_S 0.1

static bool is_refused(const rig_timed_call *t)
{
    return t->call->outcome == RIG_OUTCOME_LOST_TRUNK && t->call->final_code >= 300;
}

static bool is_silent(const rig_timed_call *t)
{
    return t->call->outcome == RIG_OUTCOME_LOST_TRUNK && t->call->final_code == 0;
}

static bool holds_circuit(const rig_timed_call *t)
{
    return t->call->outcome != RIG_OUTCOME_LOST_TRUNK &&
           (t->call->outcome != RIG_OUTCOME_UNCLASSIFIED || t->call->final_code < 300);
}

static void look_at_circuits(const rig_scenario *scenario, const rig_timeline *timeline,
                             rig_findings *findings)
{
    static const rig_capacity_words words = {RIG_FINDING_CIRCUITS,
                                             RIG_FINDING_CIRCUITS_WINDOW,
                                             RIG_FINDING_CIRCUITS_LEAK,
                                             RIG_STAGE_TRUNK,
                                             "circuits",
                                             "refusals began",
                                             true,
                                             true};
    const uint32_t expected = rig_scenario_n_circuits(scenario);
    rig_holdings circuits = {0};
    rig_capacity_fit fit = {0};
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    rig_status status = probes == NULL ? RIG_ENOMEM : rig_holdings_make(timeline->n, &circuits);
    size_t n = 0;
    if (status != RIG_OK)
        goto out;
    for (size_t i = 0; i < timeline->n; i++) {
        if (holds_circuit(&timeline->calls[i]))
            rig_holdings_add(&circuits, timeline->calls[i].seen_s, timeline->calls[i].end_s);
    }
    rig_holdings_sort(&circuits);
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        bool is_blocked = is_refused(t);
        if (!is_blocked && !holds_circuit(t))
            continue;
        probes[n] = (rig_probe){.t_s = t->seen_s, .is_blocked = is_blocked};
        rig_holdings_at(&circuits, t->seen_s, timeline->grain_s, &probes[n].least, &probes[n].most);
        n++;
    }
    status = rig_capacity_fit_make(probes, n, expected, RIG_CAPACITY_LOST, &fit);
    if (status == RIG_OK)
        rig_findings_add_capacity(findings, &fit, expected, scenario->time_scale, &words);
out:
    if (status != RIG_OK)
        findings->status = status;
    rig_capacity_fit_clear(&fit);
    rig_holdings_clear(&circuits);
    free(probes);
}

/* Answered by the first INVITE sent, not by a later one. */
static bool is_prompt(const rig_timed_call *t, double time_scale)
{
    return t->response_s - t->invite_s < PROMPT_WIRE_S * time_scale; /* false for a NAN */
}

/* Nothing at all was answered from the first call's INVITE to the last one's: what was answered
 * later was sent again after it. A centre that is merely slow answers earlier calls meanwhile. */
static bool is_dead(const rig_timeline *timeline, size_t from, size_t to, double time_scale)
{
    const double last_s = timeline->calls[to - 1].invite_s;
    size_t n_silent = 0;
    for (size_t i = from; i < to; i++) {
        if (timeline->calls[i].response_s < last_s)
            return false;
        n_silent += is_silent(&timeline->calls[i]);
    }
    return n_silent >= SILENT_RUN ||
           (to - from >= SILENT_RUN && last_s - timeline->calls[from].invite_s >=
                                           RIG_FINDING_SHORTEST_WINDOW_WIRE_S * time_scale);
}

static void add_silence(const rig_timeline *timeline, size_t from, size_t to,
                        rig_findings *findings)
{
    double from_s = timeline->calls[from].invite_s, to_s = timeline->calls[to - 1].invite_s;
    double before_s = from > 0 ? timeline->calls[from - 1].invite_s : from_s;
    double after_s = to < timeline->n ? timeline->calls[to].invite_s : INFINITY;
    rig_finding f = {.kind = RIG_FINDING_SILENCE,
                     .stage = RIG_STAGE_TRUNK,
                     .expected = 0.0,
                     .estimate = to_s - from_s,
                     .low = fmax(0.0, to_s - from_s - timeline->grain_s),
                     .high = after_s - before_s + timeline->grain_s,
                     .unit = "s",
                     .from_s = from_s,
                     .to_s = to_s,
                     .n_calls = to - from,
                     .n_explained = to - from};
    rig_findings_add(
        findings, &f,
        "from %.1f s to %.1f s none of %zu INVITEs got any response: the centre was dead", from_s,
        to_s, to - from);
}

static void add_unanswered(const rig_timeline *timeline, size_t n_silent, size_t n_others,
                           rig_findings *findings)
{
    const size_t n_all = n_silent + n_others;
    rig_interval_estimate share = rig_gate_binomial(n_silent, n_all);
    rig_finding f = {.kind = RIG_FINDING_UNANSWERED,
                     .stage = RIG_STAGE_TRUNK,
                     .expected = 0.0,
                     .estimate = share.value,
                     .low = share.low95,
                     .high = share.high95,
                     .unit = "1",
                     .from_s = 0.0,
                     .to_s = timeline->last_s,
                     .n_calls = n_silent,
                     .n_explained = n_silent};
    rig_findings_add(findings, &f, "%zu of %zu INVITEs got no response at all: one in %.0f",
                     n_silent, n_all, 1.0 / share.value);
}

static void look_at_silence(const rig_scenario *scenario, const rig_timeline *timeline,
                            rig_findings *findings)
{
    size_t n_single = 0, n_others = 0;
    for (size_t i = 0; i < timeline->n;) {
        size_t end = i;
        while (end < timeline->n && !is_prompt(&timeline->calls[end], scenario->time_scale))
            end++;
        if (end > i && is_dead(timeline, i, end, scenario->time_scale)) {
            add_silence(timeline, i, end, findings);
        } else {
            for (size_t k = i; k < end; k++) {
                n_single += is_silent(&timeline->calls[k]);
                n_others += !is_silent(&timeline->calls[k]);
            }
        }
        n_others += end < timeline->n;
        i = end + 1;
    }
    if (n_single > 0)
        add_unanswered(timeline, n_single, n_others, findings);
}

/* The median of the first responses' delays, and its 95 % interval by order statistics (Hahn &
 * Meeker, Statistical Intervals, 1991, section 5.2); the lower end makes room for the centre's own
 * reaction. */
static void look_at_responses(const rig_scenario *scenario, const rig_timeline *timeline,
                              rig_findings *findings)
{
    double *delay_s = malloc((timeline->n + 1) * sizeof *delay_s);
    size_t n = 0;
    if (delay_s == NULL) {
        findings->status = RIG_ENOMEM;
        return;
    }
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!isnan(t->response_s) && !is_silent(t))
            delay_s[n++] = t->response_s - t->invite_s;
    }
    if (n >= 20) {
        gsl_sort(delay_s, 1, n);
        double median_s = gsl_stats_median_from_sorted_data(delay_s, 1, n);
        size_t half = (size_t)ceil(0.98 * sqrt((double)n)), middle = n / 2;
        rig_finding f = {
            .kind = RIG_FINDING_RESPONSE_DELAY,
            .stage = RIG_STAGE_TRUNK,
            .expected = 0.0,
            .estimate = median_s,
            .low = fmax(0.0, delay_s[middle > half ? middle - half : 0] - timeline->grain_s),
            .high = delay_s[middle + half < n ? middle + half : n - 1],
            .unit = "s",
            .to_s = timeline->last_s,
            .n_calls = n / 2,
            .n_explained = n / 2};
        /* all are late, not only those that waited for something */
        if (delay_s[n / 20] > SLOW_RESPONSE_WIRE_S * scenario->time_scale)
            rig_findings_add(findings, &f,
                             "the first response to an INVITE takes %.2f s (median; %.0f ms on the "
                             "wire)",
                             median_s, 1000.0 * median_s / scenario->time_scale);
    }
    free(delay_s);
}

void rig_diagnose_trunk(const rig_diagnosis_input *input, const rig_timeline *timeline,
                        rig_findings *findings)
{
    look_at_circuits(input->scenario, timeline, findings);
    look_at_silence(input->scenario, timeline, findings);
    look_at_responses(input->scenario, timeline, findings);
}
