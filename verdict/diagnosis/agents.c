/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agents: did this call wait while an agent was free, how long do phones ring, who cuts talks?
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "core/language.h"
#include "verdict/diagnosis/busy.h"
#include "verdict/diagnosis/findings.h"
#include "verdict/judge/gate.h"

/* A phone that rings so much longer than the time-out allows, wire time, is not timed out. */
#define SLACK_WIRE_S 0.25

/* Batches of the mean's interval (Law, Simulation Modeling and Analysis, section 9.5.3). */
#define N_BATCHES 10

/* Wrap-ups that scatter hide how many agents are busy at one instant, not how many are on average:
 * while somebody waits, all are. */
static void look_at_mean(const rig_probe *probes, size_t n, uint32_t expected,
                         rig_findings *findings)
{
    double batch[N_BATCHES] = {0};
    size_t n_waiting = 0, n_seen = 0;
    for (size_t i = 0; i < n; i++)
        n_waiting += probes[i].is_blocked;
    if (n_waiting < 20 * N_BATCHES)
        return;
    const size_t size = n_waiting / N_BATCHES;
    double from_s = NAN, to_s = NAN;
    for (size_t i = 0; i < n && n_seen < size * N_BATCHES; i++) {
        if (!probes[i].is_blocked)
            continue;
        from_s = isnan(from_s) ? probes[i].t_s : from_s;
        to_s = probes[i].t_s;
        double mean = ((double)probes[i].least + (double)probes[i].most) / 2.0;
        batch[n_seen++ / size] += mean / (double)size;
    }
    double mean = gsl_stats_mean(batch, 1, N_BATCHES);
    double half = gsl_cdf_tdist_Pinv(0.9995, N_BATCHES - 1) *
                  gsl_stats_sd_m(batch, 1, N_BATCHES, mean) / sqrt(N_BATCHES);
    half = fmax(half, 0.5);
    if (fabs(mean - (double)expected) <= fmax(half, 0.01 * (double)expected))
        return;
    rig_finding f = {.kind = RIG_FINDING_AGENTS,
                     .stage = RIG_STAGE_AGENT,
                     .expected = (double)expected,
                     .estimate = mean,
                     .low = mean - half,
                     .high = mean + half,
                     .unit = N_("agents"),
                     .from_s = from_s,
                     .to_s = to_s,
                     .n_calls = n_waiting,
                     .n_explained = n_waiting};
    rig_findings_add(findings, &f,
                     "calls waited while %.1f agents were busy (%.1f..%.1f), %u were expected",
                     mean, f.low, f.high, expected);
}

static void look_at_count(const rig_scenario *scenario, const rig_timeline *timeline,
                          rig_findings *findings)
{
    static const rig_capacity_words words = {RIG_FINDING_AGENTS,
                                             RIG_FINDING_AGENTS_WINDOW,
                                             RIG_FINDING_AGENTS_LEAK,
                                             RIG_STAGE_AGENT,
                                             N_("agents"),
                                             N_("calls waited"),
                                             true,
                                             false};
    const rig_agent_group *group = &scenario->agents[0];
    const uint32_t expected = group->n_agents;
    const rig_busy_rule rule = rig_busy_expected(group);
    rig_capacity_fit fit = {0};
    size_t n = 0;
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    rig_status status =
        probes == NULL ? RIG_ENOMEM : rig_busy_probe(group, timeline, &rule, probes, &n);
    if (status == RIG_OK && !rig_busy_is_known(group)) {
        look_at_mean(probes, n, expected, findings);
    } else if (status == RIG_OK) {
        status = rig_capacity_fit_make(probes, n, expected, RIG_CAPACITY_WAITS, &fit);
        if (status == RIG_OK && !rig_diagnose_busy_times(group, timeline, &fit, n, findings)) {
            const size_t n_before = findings->n;
            rig_findings_add_capacity(findings, &fit, expected, scenario->time_scale, &words);
            /* neither the expected number nor any other: it goes up and down */
            if (findings->n == n_before && rig_capacity_count_against(probes, n, expected) >=
                                               rig_capacity_tolerated(RIG_CAPACITY_CHANGE_COST, n))
                look_at_mean(probes, n, expected, findings);
        }
    }
    if (status != RIG_OK)
        findings->status = status;
    rig_capacity_fit_clear(&fit);
    free(probes);
}

static void look_at_ringing(const rig_scenario *scenario, const rig_timeline *timeline,
                            rig_findings *findings)
{
    const double slack_s = SLACK_WIRE_S * scenario->time_scale;
    size_t n_over = 0;
    double longest_s = 0.0, timeout_s = 0.0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!rig_busy_was_rung(t) || t->call->outcome == RIG_OUTCOME_LOST_QUEUE)
            continue; /* not rung, or in the queue again */
        double rang_s = (isnan(t->talk_s) ? t->end_s : t->talk_s) - t->ring_s;
        if (rang_s <= t->group->ring_timeout_s + slack_s)
            continue;
        timeout_s = t->group->ring_timeout_s;
        longest_s = fmax(longest_s, rang_s);
        n_over++;
    }
    if (n_over <= RIG_FINDING_FEW)
        return;
    rig_finding f = {.kind = RIG_FINDING_RING_TIMEOUT,
                     .stage = RIG_STAGE_AGENT,
                     .expected = timeout_s,
                     .estimate = longest_s,
                     .low = longest_s,
                     .high = INFINITY,
                     .unit = "s",
                     .to_s = timeline->last_s,
                     .n_calls = n_over,
                     .n_explained = n_over};
    rig_findings_add(findings, &f,
                     "%zu phones rang longer than the ring time-out of %.1f s, up to %.1f s",
                     n_over, timeout_s, longest_s);
}

/* Talks that are still going on where a run was stopped count as not cut: left out, they would make
 * the share of the cut ones, which are over sooner, too great. */
static void look_at_drops(const rig_timeline *timeline, rig_findings *findings)
{
    uint64_t n_dropped = 0, n_whole = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        n_dropped += t->call->outcome == RIG_OUTCOME_DROPPED;
        n_whole += t->call->outcome == RIG_OUTCOME_SERVED ||
                   (t->call->outcome == RIG_OUTCOME_IN_PROGRESS && !isnan(t->talk_s));
    }
    if (n_dropped <= RIG_FINDING_FEW)
        return;
    rig_finding f = rig_findings_of_share(RIG_FINDING_DROPPED, RIG_STAGE_AGENT, n_dropped,
                                          n_dropped + n_whole, timeline->last_s);
    rig_finding *added =
        rig_findings_add(findings, &f, "the centre cut %llu of %llu calls in the middle (%.2f %%)",
                         (unsigned long long)n_dropped, (unsigned long long)(n_dropped + n_whole),
                         100.0 * f.estimate);
    for (size_t i = 0; i < timeline->n; i++) {
        if (timeline->calls[i].call->outcome == RIG_OUTCOME_DROPPED)
            rig_findings_touch(findings, added, timeline->calls[i].call);
    }
}

void rig_diagnose_agents(const rig_diagnosis_input *input, const rig_timeline *timeline,
                         rig_findings *findings)
{
    /* of others a call may wait beside idle agents, or these are off duty */
    if (input->scenario->n_agents == 1 && !rig_scenario_staff_changes(input->scenario) &&
        !input->scenario->queue.one_at_a_time &&
        rig_busy_tells_idle(&input->scenario->agents[0], timeline))
        look_at_count(input->scenario, timeline, findings);
    look_at_ringing(input->scenario, timeline, findings);
    look_at_drops(timeline, findings);
}
