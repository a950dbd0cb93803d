/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/judge/intervals.h"

#include <math.h>
#include <stdlib.h>

#include "analyzer/usage.h"
#include "models/holding.h"
#include "models/sample.h"
#include "verdict/judge/occupancy.h"

/* A wait that an agent ended. */
typedef struct answered_wait {
    uint32_t interval;
    float s;
} answered_wait;

/* What is measured. */
typedef struct measurement {
    const rig_scenario *scenario;
    int64_t start_ns;
    double last_s; /* the last instant of any call, or call back */
    rig_interval *intervals;
    size_t n_intervals;
    double *n_queued, *n_in_time; /* by interval */
    answered_wait *waits;
    size_t n_waits;
    bool is_queue_seen, is_ring_seen; /* of all calls that queued, or that an agent answered */
} measurement;

static double scenario_s(const measurement *m, int64_t t_ns)
{
    return rig_clock_s_of_ns(t_ns - m->start_ns) * m->scenario->time_scale;
}

static double length_s(const measurement *m, size_t i)
{
    return fmin(m->scenario->interval_s,
                m->scenario->traffic.duration_s - (double)i * m->scenario->interval_s);
}

/* Add one who waits to the time average of each interval that he touches. */
static void spread_waiting(const measurement *m, double from_s, double to_s)
{
    const double interval_s = m->scenario->interval_s;
    from_s = fmax(from_s, 0.0);
    for (size_t i = (size_t)(from_s / interval_s); i < m->n_intervals; i++) {
        const double begin_s = (double)i * interval_s, end_s = begin_s + length_s(m, i);
        if (begin_s >= to_s)
            return;
        m->intervals[i].mean_queue +=
            fmax(0.0, fmin(to_s, end_s) - fmax(from_s, begin_s)) / length_s(m, i);
    }
}

/* What is left of a wrap-up and not worth another interval. */
#define LEAST_WRAP_UP 1e-4

static void spread_busy(const measurement *m, const rig_busy_span *span)
{
    const double interval_s = m->scenario->interval_s;
    for (size_t i = (size_t)(fmax(span->from_s, 0.0) / interval_s); i < m->n_intervals; i++) {
        const double begin_s = (double)i * interval_s;
        const rig_dist *rest = span->wrap_up;
        if (begin_s >= span->to_s &&
            (rest == NULL || rest->mean_s - rig_holding_capped_mean_s(rest, begin_s - span->to_s) <=
                                 LEAST_WRAP_UP * rest->mean_s))
            return;
        m->intervals[i].mean_busy +=
            rig_busy_span_within(span, begin_s, begin_s + length_s(m, i)) / length_s(m, i);
    }
}

/* The busy agents, and the waiting around the time in which they rang. */
static void add_levels(const measurement *m, const rig_call *call)
{
    rig_busy_span spans[RIG_MAX_BUSY_SPANS];
    const size_t n = rig_busy_spans(call, m->scenario, m->start_ns, m->last_s, spans);
    for (size_t k = 0; k < n; k++)
        spread_busy(m, &spans[k]);
    if (call->t_queue_ns == RIG_NO_TIME || call->is_backwards)
        return;
    const int64_t over_ns = rig_usage_over_ns(call);
    const double queued_s = scenario_s(m, call->t_queue_ns);
    const double over_s = over_ns != RIG_NO_TIME ? scenario_s(m, over_ns) : m->last_s;
    spread_waiting(m, queued_s, n > 0 ? fmin(spans[0].from_s, over_s) : over_s);
    if (n > 0 && rig_call_stage(call) == RIG_STAGE_QUEUE)
        spread_waiting(m, spans[0].to_s, over_s);
}

/* Agents who call back. */
static void add_backs(const measurement *m, const rig_calls *calls)
{
    const rig_scenario *scenario = m->scenario;
    const rig_occupancy_shares shares =
        rig_occupancy_share_backs(scenario, calls->backs, calls->n_backs);
    for (size_t g = 0; g < scenario->n_agents; g++)
        for (size_t i = 0; i < calls->n_backs; i++) {
            const rig_busy_span span = rig_busy_back_span(
                &calls->backs[i], scenario, &shares, &scenario->agents[g], m->start_ns, m->last_s);
            if (span.n_agents > 0.0)
                spread_busy(m, &span);
        }
}

static void add_arrival(measurement *m, const rig_call *call)
{
    const double arrival_s = scenario_s(m, call->t_invite_ns);
    const double at = arrival_s / m->scenario->interval_s;
    if (!(at >= 0.0) || !(at < (double)m->n_intervals))
        return;
    const uint32_t i = (uint32_t)at;
    m->intervals[i].n_deflected += call->outcome == RIG_OUTCOME_DEFLECTED;
    m->intervals[i].n_dropped += call->outcome == RIG_OUTCOME_DROPPED;
    m->n_queued[i] += call->t_queue_ns != RIG_NO_TIME;
    if (call->t_queue_ns == RIG_NO_TIME || call->t_agent_answer_ns == RIG_NO_TIME ||
        call->is_backwards)
        return;
    const double wait_s =
        fmax(0.0, scenario_s(m, call->t_agent_answer_ns) - scenario_s(m, call->t_queue_ns));
    m->waits[m->n_waits++] = (answered_wait){i, (float)wait_s};
    m->n_in_time[i] += wait_s <= m->scenario->queue.service_level_s;
}

static int compare_waits(const void *a, const void *b)
{
    const answered_wait *x = a, *y = b;
    if (x->interval != y->interval)
        return x->interval < y->interval ? -1 : 1;
    return (x->s > y->s) - (x->s < y->s);
}

/* Of n waits in order; percentiles by nearest rank. */
static void fill_waits(const answered_wait *waits, size_t n, rig_interval *to)
{
    double sum_s = 0.0;
    for (size_t k = 0; k < n; k++)
        sum_s += (double)waits[k].s;
    to->wait_mean_s = sum_s / (double)n;
    to->wait_p50_s = (double)waits[rig_sample_nearest(n, 0.5)].s;
    to->wait_p95_s = (double)waits[rig_sample_nearest(n, 0.95)].s;
    to->wait_max_s = (double)waits[n - 1].s;
}

/* Whether the capture shows queue and phones at all. */
static void look(const rig_calls *calls, measurement *m)
{
    m->is_queue_seen = m->is_ring_seen = true;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        const bool is_rung = call->t_agent_ring_ns != RIG_NO_TIME;
        const bool is_answered = call->t_agent_answer_ns != RIG_NO_TIME;
        m->is_ring_seen = m->is_ring_seen && (is_rung || !is_answered);
        m->is_queue_seen =
            m->is_queue_seen && (call->t_queue_ns != RIG_NO_TIME || !(is_rung || is_answered));
        m->last_s = fmax(m->last_s, scenario_s(m, rig_usage_last_instant(call)));
    }
    for (size_t i = 0; i < calls->n_backs; i++)
        m->last_s = fmax(m->last_s, scenario_s(m, rig_usage_last_instant(&calls->backs[i])));
}

static void fill(const measurement *m)
{
    for (size_t i = 0; i < m->n_intervals; i++) {
        rig_interval *to = &m->intervals[i];
        if (!m->is_ring_seen)
            to->mean_busy = (double)NAN;
        if (!m->is_ring_seen || !m->is_queue_seen)
            to->mean_queue = (double)NAN;
        const double from_s = (double)i * m->scenario->interval_s;
        const double on_duty =
            rig_occupancy_on_duty(m->scenario, NULL, from_s, from_s + length_s(m, i));
        to->occupancy = to->mean_busy / on_duty;
        to->service_level = m->n_queued[i] > 0.0 ? m->n_in_time[i] / m->n_queued[i] : (double)NAN;
        to->wait_mean_s = to->wait_p50_s = to->wait_p95_s = to->wait_max_s = (double)NAN;
    }
    for (size_t from = 0, to; from < m->n_waits; from = to) {
        for (to = from + 1; to < m->n_waits && m->waits[to].interval == m->waits[from].interval;)
            to++;
        fill_waits(m->waits + from, to - from, &m->intervals[m->waits[from].interval]);
    }
}

static void measure(const rig_calls *calls, measurement *m)
{
    for (size_t i = 0; i < m->n_intervals; i++) {
        rig_interval *to = &m->intervals[i];
        to->n_deflected = to->n_dropped = to->mean_queue = to->mean_busy = 0.0;
        to->mean_on_duty = (double)NAN;
    }
    look(calls, m);
    for (size_t i = 0; i < calls->n; i++) {
        add_levels(m, &calls->items[i]);
        add_arrival(m, &calls->items[i]);
    }
    add_backs(m, calls);
    qsort(m->waits, m->n_waits, sizeof *m->waits, compare_waits);
    fill(m);
}

rig_status rig_intervals_measure(const rig_calls *calls, const rig_scenario *scenario,
                                 int64_t start_epoch_ns, rig_interval *intervals,
                                 size_t n_intervals)
{
    measurement m = {.scenario = scenario,
                     .start_ns = start_epoch_ns,
                     .intervals = intervals,
                     .n_intervals = n_intervals,
                     .n_queued = calloc(n_intervals + 1, sizeof *m.n_queued),
                     .n_in_time = calloc(n_intervals + 1, sizeof *m.n_in_time),
                     .waits = calloc(calls->n + 1, sizeof *m.waits)};
    const bool is_made = m.n_queued != NULL && m.n_in_time != NULL && m.waits != NULL;
    if (is_made)
        measure(calls, &m);
    free(m.n_queued);
    free(m.n_in_time);
    free(m.waits);
    return is_made ? RIG_OK : RIG_ENOMEM;
}
