/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agents: did this call wait while an agent was free, how long do phones ring, who cuts talks?
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/findings.h"
#include "verdict/judge/gate.h"

/* A phone that rings so much longer than the time-out allows, wire time, is not timed out. */
#define SLACK_WIRE_S 0.25
#define FEW          3

/* Times for which an agent may be stuck, tried coarsely from 0 to the run's length, then finely. */
#define N_STUCK_STEPS 64

/* Batches of the mean's interval (Law, Simulation Modeling and Analysis, section 9.5.3). */
#define N_BATCHES 10

static bool was_rung(const rig_timed_call *t)
{
    return !isnan(t->ring_s);
}

/* An agent is busy from the beginning of the ringing to the end of the wrap-up, and stuck_s after a
 * caller who left while he was being rung. Of a call that was rung more than once only the last
 * ringing is seen; the others came just before it. */
static void add_busy(const rig_agent_group *group, const rig_timed_call *t, double stuck_s,
                     rig_holdings *busy)
{
    double after_s = !isnan(t->talk_s)                            ? group->wrap_up.mean_s
                     : t->call->outcome == RIG_OUTCOME_LOST_AGENT ? stuck_s
                                                                  : 0.0;
    rig_holdings_add(busy, t->ring_s, t->end_s + after_s);
    for (uint32_t k = 2; k < t->call->n_legs; k++) {
        double begin_s = t->ring_s - (double)(k - 1) * group->ring_timeout_s;
        if (begin_s >= t->queue_s)
            rig_holdings_add(busy, begin_s, begin_s + group->ring_timeout_s + group->rest_s);
    }
}

static size_t room_for_busy(const rig_timeline *timeline)
{
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++)
        n += was_rung(&timeline->calls[i]) ? timeline->calls[i].call->n_legs : 0;
    return n;
}

/* Entries into the queue: rung at once, or not. */
static size_t list_probes(const rig_timeline *timeline, const rig_holdings *busy, rig_probe *probes)
{
    size_t n = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (isnan(t->queue_s))
            continue;
        double left_s = was_rung(t) ? t->ring_s : t->end_s;
        bool is_blocked = left_s - t->queue_s > 2.0 * timeline->grain_s;
        if ((!is_blocked && !was_rung(t)) || t->call->n_legs > 2)
            continue;
        probes[n] = (rig_probe){.t_s = t->queue_s, .is_blocked = is_blocked};
        rig_holdings_at(busy, t->queue_s, timeline->grain_s, &probes[n].least, &probes[n].most);
        n++;
    }
    return n;
}

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
                     .unit = "agents",
                     .from_s = from_s,
                     .to_s = to_s,
                     .n_calls = n_waiting,
                     .n_explained = n_waiting};
    rig_findings_add(findings, &f,
                     "calls waited while %.1f agents were busy (%.1f..%.1f), %u were expected",
                     mean, f.low, f.high, expected);
}

/* The probes of the agents, if each who was left while he was being rung is stuck for so long. */
static rig_status probe_agents(const rig_agent_group *group, const rig_timeline *timeline,
                               double stuck_s, rig_probe *probes, size_t *n)
{
    rig_holdings busy = {0};
    rig_status status = rig_holdings_make(room_for_busy(timeline), &busy);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < timeline->n; i++) {
        if (was_rung(&timeline->calls[i]))
            add_busy(group, &timeline->calls[i], stuck_s, &busy);
    }
    rig_holdings_sort(&busy);
    *n = list_probes(timeline, &busy, probes);
    rig_holdings_clear(&busy);
    return RIG_OK;
}

/* How many probes contradict the expected agents, if they are stuck so long. */
static uint64_t against_stuck(const rig_agent_group *group, const rig_timeline *timeline,
                              double stuck_s, rig_probe *probes, rig_status *status)
{
    size_t n = 0;
    if (*status == RIG_OK)
        *status = probe_agents(group, timeline, stuck_s, probes, &n);
    return *status == RIG_OK ? rig_capacity_count_against(probes, n, group->n_agents) : 0;
}

/* The least contradicted of the times from + k * step, k = 0..n - 1. */
static double best_stuck_s(const rig_agent_group *group, const rig_timeline *timeline,
                           rig_probe *probes, double from_s, double step_s, size_t n,
                           uint64_t *n_against, rig_status *status)
{
    double best_s = from_s;
    for (size_t k = 0; k < n; k++) {
        double stuck_s = from_s + (double)k * step_s;
        uint64_t against = against_stuck(group, timeline, stuck_s, probes, status);
        if (k == 0 || against < *n_against) {
            *n_against = against;
            best_s = stuck_s;
        }
    }
    return best_s;
}

/* One end of the interval: as far as the times are contradicted hardly more often. */
static double stuck_end_s(const rig_agent_group *group, const rig_timeline *timeline,
                          rig_probe *probes, double best_s, double step_s, uint64_t tolerated,
                          rig_status *status)
{
    double end_s = best_s;
    for (size_t k = 0; k < N_STUCK_STEPS && end_s + step_s > 0.0; k++) {
        end_s += step_s; /* the first that is contradicted belongs to it, as grids are coarse */
        if (against_stuck(group, timeline, end_s, probes, status) > tolerated)
            break;
    }
    return end_s;
}

/* So many probes that contradict are no chance. */
static bool is_much(uint64_t n_against, size_t n)
{
    return n_against >= rig_capacity_tolerated(RIG_CAPACITY_CHANGE_COST, n);
}

/* Are agents missing for a while after each caller who left while one was being rung? Asked only
 * where the number of agents is contradicted. @return whether this explains more than another
 * number does. */
static bool look_at_stuck(const rig_agent_group *group, const rig_timeline *timeline,
                          const rig_capacity_fit *fit, size_t n_probes, rig_findings *findings)
{
    uint64_t n_by_number = 0, n_expected = 0, n_stuck = 0, n_left = 0;
    bool is_found = false;
    rig_status status = RIG_OK;
    for (size_t i = 0; i < fit->n_segments; i++) {
        n_by_number += fit->segments[i].n_against + (i > 0 ? RIG_CAPACITY_CHANGE_COST : 0);
        n_expected += fit->segments[i].n_against_expected;
    }
    for (size_t i = 0; i < timeline->n; i++)
        n_left += timeline->calls[i].call->outcome == RIG_OUTCOME_LOST_AGENT;
    if (n_left <= FEW || !is_much(n_expected, n_probes))
        return false;
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    if (probes == NULL) {
        findings->status = RIG_ENOMEM;
        return false;
    }
    double coarse_s = timeline->end_of_traffic_s / N_STUCK_STEPS;
    double fine_s = 2.0 * coarse_s / N_STUCK_STEPS;
    double best_s =
        best_stuck_s(group, timeline, probes, coarse_s, coarse_s, N_STUCK_STEPS, &n_stuck, &status);
    best_s = best_stuck_s(group, timeline, probes, best_s - coarse_s, fine_s, N_STUCK_STEPS + 1,
                          &n_stuck, &status);
    if (best_s > 0.0 && n_stuck + RIG_CAPACITY_CHANGE_COST <= n_by_number && n_stuck < n_expected) {
        uint64_t tolerated = rig_capacity_tolerated(n_stuck, n_probes);
        rig_finding f = {
            .kind = RIG_FINDING_AGENTS_STUCK,
            .stage = RIG_STAGE_AGENT,
            .expected = 0.0,
            .estimate = best_s,
            .low = fmax(0.0,
                        stuck_end_s(group, timeline, probes, best_s, -fine_s, tolerated, &status)),
            .high = stuck_end_s(group, timeline, probes, best_s, fine_s, tolerated, &status),
            .unit = "s",
            .to_s = timeline->last_s,
            .n_calls = n_expected,
            .n_explained = n_expected - n_stuck};
        is_found = status == RIG_OK;
        if (is_found)
            rig_findings_add(findings, &f,
                             "%llu callers left while an agent was being rung, and each of these "
                             "agents took no call for %.0f s (%.0f..%.0f) more",
                             (unsigned long long)n_left, best_s, f.low, f.high);
    }
    if (status != RIG_OK)
        findings->status = status;
    free(probes);
    return is_found;
}

static void look_at_count(const rig_scenario *scenario, const rig_timeline *timeline,
                          rig_findings *findings)
{
    static const rig_capacity_words words = {RIG_FINDING_AGENTS,
                                             RIG_FINDING_AGENTS_WINDOW,
                                             RIG_FINDING_AGENTS_LEAK,
                                             RIG_STAGE_AGENT,
                                             "agents",
                                             "calls waited",
                                             true,
                                             false};
    const rig_agent_group *group = &scenario->agents[0];
    const uint32_t expected = group->n_agents;
    rig_capacity_fit fit = {0};
    size_t n = 0;
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    rig_status status =
        probes == NULL ? RIG_ENOMEM : probe_agents(group, timeline, 0.0, probes, &n);
    if (status == RIG_OK && group->wrap_up.kind != RIG_DIST_CONSTANT) {
        look_at_mean(probes, n, expected, findings);
    } else if (status == RIG_OK) {
        status = rig_capacity_fit_make(probes, n, expected, RIG_CAPACITY_WAITS, &fit);
        if (status == RIG_OK && !look_at_stuck(group, timeline, &fit, n, findings)) {
            const size_t n_before = findings->n;
            rig_findings_add_capacity(findings, &fit, expected, scenario->time_scale, &words);
            /* neither the expected number nor any other: it goes up and down */
            if (findings->n == n_before &&
                is_much(rig_capacity_count_against(probes, n, expected), n))
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
    const double timeout_s = scenario->agents[0].ring_timeout_s;
    const double slack_s = SLACK_WIRE_S * scenario->time_scale;
    size_t n_over = 0;
    double longest_s = 0.0;
    for (size_t i = 0; i < timeline->n; i++) {
        const rig_timed_call *t = &timeline->calls[i];
        if (!was_rung(t))
            continue;
        double rang_s = (isnan(t->talk_s) ? t->end_s : t->talk_s) - t->ring_s;
        longest_s = fmax(longest_s, rang_s);
        n_over += rang_s > timeout_s + slack_s;
    }
    if (n_over <= FEW)
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
    if (n_dropped <= FEW)
        return;
    rig_interval_estimate share = rig_gate_binomial(n_dropped, n_dropped + n_whole);
    rig_finding f = {.kind = RIG_FINDING_DROPPED,
                     .stage = RIG_STAGE_AGENT,
                     .expected = 0.0,
                     .estimate = share.value,
                     .low = share.low95,
                     .high = share.high95,
                     .unit = "1",
                     .to_s = timeline->last_s,
                     .n_calls = n_dropped,
                     .n_explained = n_dropped};
    rig_findings_add(findings, &f, "the centre cut %llu of %llu calls in the middle (%.2f %%)",
                     (unsigned long long)n_dropped, (unsigned long long)(n_dropped + n_whole),
                     100.0 * f.estimate);
}

void rig_diagnose_agents(const rig_diagnosis_input *input, const rig_timeline *timeline,
                         rig_findings *findings)
{
    look_at_count(input->scenario, timeline, findings);
    look_at_ringing(input->scenario, timeline, findings);
    look_at_drops(timeline, findings);
}
