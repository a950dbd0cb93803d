/* The agents: did this call wait while an agent was free, how long do phones ring, who cuts talks?
 */
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "analyzer/diagnosis/findings.h"
#include "analyzer/gate.h"

/* A phone that rings so much longer than the time-out allows, wire time, is not timed out. */
#define SLACK_WIRE_S 0.25
#define FEW          3

/* Batches of the mean's interval (Law, Simulation Modeling and Analysis, section 9.5.3). */
#define N_BATCHES 10

static bool was_rung(const rig_timed_call *t)
{
    return !isnan(t->ring_s);
}

/* An agent is busy from the beginning of the ringing to the end of the wrap-up. Of a call that was
 * rung more than once only the last ringing is seen; the others came just before it. */
static void add_busy(const rig_agent_group *group, const rig_timed_call *t, rig_holdings *busy)
{
    double wrap_up_s = isnan(t->talk_s) ? 0.0 : group->wrap_up.mean_s;
    rig_holdings_add(busy, t->ring_s, t->end_s + wrap_up_s);
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

static void look_at_count(const rig_scenario *scenario, const rig_timeline *timeline,
                          rig_findings *findings)
{
    static const rig_capacity_words words = {RIG_FINDING_AGENTS,
                                             RIG_FINDING_AGENTS_WINDOW,
                                             RIG_FINDING_AGENTS_LEAK,
                                             RIG_STAGE_AGENT,
                                             "agents",
                                             "calls waited",
                                             true};
    const rig_agent_group *group = &scenario->agents[0];
    const uint32_t expected = group->n_agents;
    rig_holdings busy = {0};
    rig_capacity_fit fit = {0};
    rig_probe *probes = malloc((timeline->n + 1) * sizeof *probes);
    rig_status status =
        probes == NULL ? RIG_ENOMEM : rig_holdings_make(room_for_busy(timeline), &busy);
    if (status != RIG_OK)
        goto out;
    for (size_t i = 0; i < timeline->n; i++) {
        if (was_rung(&timeline->calls[i]))
            add_busy(group, &timeline->calls[i], &busy);
    }
    rig_holdings_sort(&busy);
    size_t n = list_probes(timeline, &busy, probes);
    if (group->wrap_up.kind == RIG_DIST_CONSTANT) {
        status = rig_capacity_fit_make(probes, n, expected, &fit);
        if (status == RIG_OK)
            rig_findings_add_capacity(findings, &fit, expected, scenario->time_scale, &words);
    } else {
        look_at_mean(probes, n, expected, findings);
    }
out:
    if (status != RIG_OK)
        findings->status = status;
    rig_capacity_fit_clear(&fit);
    rig_holdings_clear(&busy);
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

static void look_at_drops(const rig_timeline *timeline, rig_findings *findings)
{
    uint64_t n_dropped = 0, n_served = 0;
    for (size_t i = 0; i < timeline->n; i++) {
        n_dropped += timeline->calls[i].call->outcome == RIG_OUTCOME_DROPPED;
        n_served += timeline->calls[i].call->outcome == RIG_OUTCOME_SERVED;
    }
    if (n_dropped <= FEW)
        return;
    rig_interval_estimate share = rig_gate_binomial(n_dropped, n_dropped + n_served);
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
                     (unsigned long long)n_dropped, (unsigned long long)(n_dropped + n_served),
                     100.0 * f.estimate);
}

void rig_diagnose_agents(const rig_diagnosis_input *input, const rig_timeline *timeline,
                         rig_findings *findings)
{
    look_at_count(input->scenario, timeline, findings);
    look_at_ringing(input->scenario, timeline, findings);
    look_at_drops(timeline, findings);
}
