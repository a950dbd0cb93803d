/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trunk: was this call refused while circuits were free, did nobody answer it at all, how late
 * did the first response come? */
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "core/language.h"
#include "verdict/diagnosis/circuits.h"
#include "verdict/diagnosis/findings.h"
#include "verdict/judge/gate.h"

/* So many INVITEs in a row without any response are no chance. */
#define SILENT_RUN 5

/* A response within this time, wire time, is to the first INVITE: the next is sent after T1 = 0.5 s
 * (RFC 3261, section 17.1.1.2). */
#define PROMPT_WIRE_S 0.4

/* A first response later than this, wire time, is slow: SIP servers answer within some ms. */
#define SLOW_RESPONSE_WIRE_S 0.1

static bool is_silent(const rig_timed_call *t)
{
    return t->call->outcome == RIG_OUTCOME_LOST_TRUNK && t->call->final_code == 0;
}

/* The circuits that there were at an instant, as fitted. */
static uint32_t capacity_at(const rig_capacity_fit *fit, double t_s)
{
    size_t i = 0;
    while (i + 1 < fit->n_segments && fit->segments[i + 1].from_s <= t_s)
        i++;
    return fit->n_segments > 0 ? fit->segments[i].capacity : 0;
}

static void add_refusals(const rig_timeline *timeline, const rig_timed_call **odd, size_t n,
                         bool is_other, rig_findings *findings)
{
    const char *how =
        is_other ? N_("for another reason than want of circuits") : N_("while circuits were free");
    rig_finding f = rig_findings_of_share(RIG_FINDING_REFUSED, RIG_STAGE_TRUNK, n, timeline->n,
                                          timeline->last_s);
    f.is_other_reason = is_other;
    const char *reason = odd[0]->call->reason;
    rig_finding *added =
        rig_findings_add(findings, &f, "%zu of %zu calls were refused %s (%s)", n, timeline->n, how,
                         reason[0] != '\0' ? reason : N_("no reason given"));
    for (size_t i = 0; i < n; i++)
        rig_findings_touch(findings, added, odd[i]->call);
}

/* Calls that were refused for a reason that has nothing to do with circuits, and calls that were
 * refused though a circuit was free, whatever their number is fitted to be. */
static void look_at_refusals(const rig_timeline *timeline, const rig_holdings *circuits,
                             const rig_capacity_fit *fit, bool is_leak, rig_findings *findings)
{
    size_t n_other = 0, n_free = 0, n_seen = 0;
    const rig_timed_call **other = malloc((timeline->n + 1) * sizeof *other);
    const rig_timed_call **while_free = malloc((timeline->n + 1) * sizeof *while_free);
    if (other == NULL || while_free == NULL) {
        findings->status = RIG_ENOMEM;
        goto out;
    }
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        uint32_t least, most;
        n_seen += rig_circuits_is_refused(t) || rig_circuits_is_held(t);
        if (!rig_circuits_is_refused(t))
            continue;
        rig_holdings_at(circuits, t->seen_s, timeline->grain_s, &least, &most);
        if (!rig_circuits_can_mean_full(t->call))
            other[n_other++] = t;
        else if (most < capacity_at(fit, t->seen_s))
            while_free[n_free++] = t;
    }
    if (n_other > RIG_FINDING_FEW)
        add_refusals(timeline, other, n_other, true, findings);
    /* a leak is fitted by steps, and runs ahead of them */
    if (!is_leak && n_free > rig_capacity_tolerated(RIG_CAPACITY_CHANGE_COST, n_seen))
        add_refusals(timeline, while_free, n_free, false, findings);
out:
    free(other);
    free(while_free);
}

static bool has_leak(const rig_findings *findings)
{
    for (size_t i = 0; i < findings->n; i++) {
        if (findings->items[i].kind == RIG_FINDING_CIRCUITS_LEAK)
            return true;
    }
    return false;
}

/* Ways to end a call after which a circuit may not be given back. */
static bool ends_by_cancel(const rig_call *call)
{
    return call->cancelled;
}

static bool ends_by_caller(const rig_call *call)
{
    return call->bye == RIG_BYE_CALLER;
}

static bool ends_by_centre(const rig_call *call)
{
    return call->bye == RIG_BYE_CALLEE;
}

static bool ends_unserved(const rig_call *call)
{
    return call->bye == RIG_BYE_CALLER && call->t_agent_answer_ns == RIG_NO_TIME;
}

static const struct ending {
    bool (*is_so)(const rig_call *);
    const char *what;
} endings[] = {{NULL, ""},
               {ends_by_cancel, N_("a CANCEL")},
               {ends_by_caller, N_("the caller's BYE")},
               {ends_by_centre, N_("the centre's BYE")},
               {ends_unserved, N_("the BYE of a caller who was not served")}};

#define N_ENDINGS (sizeof endings / sizeof *endings)

static bool leaks(const struct ending *ending, const rig_timed_call *t)
{
    return ending->is_so != NULL && rig_circuits_is_held(t) && ending->is_so(t->call);
}

/* The circuits in use, and who found them so; after one way to end they are not given back. */
static rig_status probe_circuits(const rig_timeline *timeline, const struct ending *ending,
                                 rig_holdings *circuits, rig_probe *probes, size_t *n_probes)
{
    size_t n = 0;
    rig_status status = rig_circuits_make(timeline, ending->is_so, circuits);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        bool is_blocked = rig_circuits_is_refused(t) && rig_circuits_can_mean_full(t->call);
        if (!is_blocked && !rig_circuits_is_held(t))
            continue;
        probes[n] = (rig_probe){.t_s = t->seen_s, .is_blocked = is_blocked};
        rig_holdings_at(circuits, t->seen_s, timeline->grain_s, &probes[n].least, &probes[n].most);
        n++;
    }
    *n_probes = n;
    return RIG_OK;
}

static void add_leak_by(const rig_timeline *timeline, const struct ending *ending,
                        uint32_t expected, uint64_t n_expected, uint64_t n_against,
                        rig_findings *findings)
{
    double n_gone = 0.0;
    for (size_t i = 0; i < timeline->n; i++)
        n_gone += leaks(ending, &timeline->calls[i]);
    rig_finding f = {.kind = RIG_FINDING_CIRCUITS_LEAK,
                     .stage = RIG_STAGE_TRUNK,
                     .expected = (double)expected,
                     .estimate = fmax(0.0, (double)expected - n_gone),
                     .unit = N_("circuits"),
                     .to_s = timeline->last_s,
                     .n_calls = n_expected,
                     .n_explained = n_expected - n_against};
    f.low = fmax(0.0, f.estimate - (double)rig_capacity_tolerated(0, 0));
    f.high = fmin((double)expected - 1.0, f.estimate + (double)rig_capacity_tolerated(0, 0));
    rig_finding *added = rig_findings_add(
        findings, &f,
        "after %s the circuit is not given back: of %u circuits %.0f are left at the end",
        ending->what, expected, f.estimate);
    for (size_t i = 0; i < timeline->n; i++) {
        if (leaks(ending, &timeline->calls[i]))
            rig_findings_add_span(findings, added, timeline->calls[i].invite_s, INFINITY, -1.0);
    }
}

/* Does it explain more that the circuits of one way to end leak than that there are others?
 * @return whether that is among the findings. */
static bool look_for_leak(const rig_timeline *timeline, const rig_capacity_fit *fit,
                          uint32_t expected, rig_probe *probes, rig_findings *findings)
{
    const rig_capacity_sum sum = rig_capacity_sum_of(fit);
    uint64_t n_least = UINT64_MAX;
    size_t best = 0;
    for (size_t k = 1; k < N_ENDINGS && sum.n_expected > RIG_CAPACITY_CHANGE_COST; k++) {
        rig_holdings circuits = {0};
        size_t n = 0;
        rig_status status = probe_circuits(timeline, &endings[k], &circuits, probes, &n);
        const uint64_t n_against =
            status == RIG_OK ? rig_capacity_count_misplaced(probes, n, expected) : UINT64_MAX;
        rig_holdings_clear(&circuits);
        if (status != RIG_OK)
            findings->status = status;
        if (n_against < n_least) {
            n_least = n_against;
            best = k;
        }
    }
    if (best == 0 || n_least + RIG_CAPACITY_CHANGE_COST > sum.n_fit || n_least >= sum.n_expected)
        return false;
    add_leak_by(timeline, &endings[best], expected, sum.n_expected, n_least, findings);
    return true;
}

static void look_at_circuits(const rig_scenario *scenario, const rig_timeline *timeline,
                             rig_findings *findings)
{
    static const rig_capacity_words words = {RIG_FINDING_CIRCUITS,
                                             RIG_FINDING_CIRCUITS_WINDOW,
                                             RIG_FINDING_CIRCUITS_LEAK,
                                             RIG_STAGE_TRUNK,
                                             N_("circuits"),
                                             N_("refusals began"),
                                             true,
                                             true};
    const uint32_t expected = rig_scenario_n_circuits(scenario);
    rig_holdings circuits = {0};
    rig_capacity_fit fit = {0};
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    size_t n = 0;
    rig_status status =
        probes == NULL ? RIG_ENOMEM : probe_circuits(timeline, &endings[0], &circuits, probes, &n);
    if (status == RIG_OK)
        status = rig_capacity_fit_make(probes, n, expected, RIG_CAPACITY_LOST, &fit);
    if (status == RIG_OK && !look_for_leak(timeline, &fit, expected, probes, findings))
        rig_findings_add_capacity(findings, &fit, expected, scenario->time_scale, &words);
    if (status == RIG_OK)
        look_at_refusals(timeline, &circuits, &fit, has_leak(findings), findings);
    else
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
    rig_finding *added = rig_findings_add(
        findings, &f,
        "from %.1f s to %.1f s none of %zu INVITEs got any response: the centre was dead", from_s,
        to_s, to - from);
    for (size_t i = from; i < to; i++)
        rig_findings_touch(findings, added, timeline->calls[i].call);
}

static void add_unanswered(const rig_timeline *timeline, size_t n_silent, size_t n_others,
                           const size_t *silent, rig_findings *findings)
{
    const size_t n_all = n_silent + n_others;
    rig_finding f = rig_findings_of_share(RIG_FINDING_UNANSWERED, RIG_STAGE_TRUNK, n_silent, n_all,
                                          timeline->last_s);
    rig_finding *added =
        rig_findings_add(findings, &f, "%zu of %zu INVITEs got no response at all: one in %.0f",
                         n_silent, n_all, 1.0 / f.estimate);
    for (size_t i = 0; i < n_silent; i++)
        rig_findings_touch(findings, added, timeline->calls[silent[i]].call);
}

static void look_at_silence(const rig_scenario *scenario, const rig_timeline *timeline,
                            rig_findings *findings)
{
    size_t n_single = 0, n_others = 0;
    size_t *single = malloc((timeline->n + 1) * sizeof *single);
    if (single == NULL) {
        findings->status = RIG_ENOMEM;
        return;
    }
    for (size_t i = 0; i < timeline->n;) {
        size_t end = i;
        while (end < timeline->n && !is_prompt(&timeline->calls[end], scenario->time_scale))
            end++;
        if (end > i && is_dead(timeline, i, end, scenario->time_scale)) {
            add_silence(timeline, i, end, findings);
        } else {
            for (size_t k = i; k < end; k++) {
                if (is_silent(&timeline->calls[k]))
                    single[n_single++] = k;
                else
                    n_others++;
            }
        }
        n_others += end < timeline->n;
        i = end + 1;
    }
    if (n_single > 0)
        add_unanswered(timeline, n_single, n_others, single, findings);
    free(single);
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
    if (!rig_scenario_has_line_steps(input->scenario)) /* else there is no one number */
        look_at_circuits(input->scenario, timeline, findings);
    look_at_silence(input->scenario, timeline, findings);
    look_at_responses(input->scenario, timeline, findings);
}
