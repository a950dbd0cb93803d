/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/metric.h"

#include <math.h>
#include <stdlib.h>

#include "models/sample.h"

void rig_metrics_count_wait(rig_metric_counts *counts, double wait_s, bool is_answered,
                            bool is_abandoned, const rig_queue *queue)
{
    const bool is_in_time = wait_s <= queue->service_level_s;
    if (is_answered) {
        counts->n_answered++;
        counts->n_in_time += is_in_time;
    } else if (is_abandoned) {
        counts->n_abandoned++;
        counts->n_abandoned_in_time += is_in_time;
        counts->n_abandoned_short += wait_s <= queue->short_abandon_s;
    }
}

void rig_metrics_count_announced(rig_metric_counts *counts, double announced_s, bool is_balked)
{
    counts->n_announced += announced_s > 0.0;
    counts->n_balked += is_balked;
    counts->announced_s += announced_s;
}

void rig_metrics_count_announced_answer(rig_metric_counts *counts, double announced_s,
                                        double wait_s)
{
    rig_metrics_count_announced(counts, announced_s, false);
    if (!(announced_s > 0.0))
        return;
    counts->n_announced_answered++;
    counts->announcement_error_s += fabs(announced_s - wait_s);
}

static uint64_t minus(uint64_t a, uint64_t b)
{
    return a > b ? a - b : 0;
}

/* Shares of the tally alone. */
static bool fraction_of_tally(rig_metric metric, const rig_tally *tally, uint64_t *numerator,
                              uint64_t *denominator)
{
    const uint64_t *n = tally->n_outcome;
    if (metric < RIG_METRIC_P_LOST_PER_OFFERED) {
        const rig_stage stage = (rig_stage)(metric - RIG_METRIC_P_LOST_PER_ENTRANT);
        *numerator = rig_tally_lost(tally, stage);
        *denominator = rig_tally_entered(tally, stage);
        return true;
    }
    if (metric < RIG_METRIC_N_ENTERED) {
        *numerator = rig_tally_lost(tally, (rig_stage)(metric - RIG_METRIC_P_LOST_PER_OFFERED));
        *denominator = tally->n_offered;
        return true;
    }
    if (metric == RIG_METRIC_CONNECT_RATE) {
        *numerator = n[RIG_OUTCOME_SERVED] + n[RIG_OUTCOME_SELF_SERVED];
        *denominator = tally->n_offered;
        return true;
    }
    if (metric == RIG_METRIC_AGENT_CONNECT_RATE || metric == RIG_METRIC_DEFLECTION_RATE) {
        *numerator =
            n[metric == RIG_METRIC_DEFLECTION_RATE ? RIG_OUTCOME_DEFLECTED : RIG_OUTCOME_SERVED];
        *denominator = rig_tally_entered(tally, RIG_STAGE_QUEUE);
        return true;
    }
    return false;
}

/* Shares that need the counts, too. */
static bool fraction_of_counts(rig_metric metric, const rig_tally *tally,
                               const rig_metric_counts *c, uint64_t *numerator,
                               uint64_t *denominator)
{
    const uint64_t n_queued = rig_tally_entered(tally, RIG_STAGE_QUEUE);
    const struct {
        rig_metric metric;
        uint64_t numerator, denominator;
    } rows[] = {
        {RIG_METRIC_DROP_RATE, c->n_cut, c->n_answered},
        {RIG_METRIC_FAILURE_RATE, c->n_failed, tally->n_offered},
        {RIG_METRIC_BALK_RATE, c->n_balked, c->n_announced},
        {RIG_METRIC_EMERGENCY_TALK_RATE, c->n_emergency, c->n_answered},
        {RIG_METRIC_ABANDON_RATE, c->n_abandoned, n_queued},
        {RIG_METRIC_SERVICE_LEVEL, c->n_in_time, n_queued},
        {RIG_METRIC_SERVICE_LEVEL_EXCLUDED, c->n_in_time, c->n_answered},
        {RIG_METRIC_SERVICE_LEVEL_SHORT_EXCLUDED, c->n_in_time,
         minus(n_queued, c->n_abandoned_short)},
        {RIG_METRIC_SERVICE_LEVEL_AS_ANSWERED, c->n_in_time + c->n_abandoned_in_time, n_queued},
        {RIG_METRIC_ASR_OFFERED, c->n_centre_answered, tally->n_offered},
        {RIG_METRIC_ASR_SEIZED, c->n_centre_answered,
         minus(tally->n_offered, rig_tally_lost(tally, RIG_STAGE_TRUNK))},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].metric != metric)
            continue;
        *numerator = rows[i].numerator;
        *denominator = rows[i].denominator;
        return true;
    }
    return false;
}

bool rig_metrics_fraction(rig_metric metric, const rig_tally *tally,
                          const rig_metric_counts *counts, uint64_t *numerator,
                          uint64_t *denominator)
{
    uint64_t part = 0, whole = 0;
    if (!fraction_of_tally(metric, tally, &part, &whole) &&
        (counts == NULL || !fraction_of_counts(metric, tally, counts, &part, &whole)))
        return false;
    *numerator = part;
    *denominator = whole;
    return whole > 0;
}

bool rig_metrics_is_loss(rig_metric metric, rig_metric *hits, rig_metric *trials)
{
    if (metric >= RIG_METRIC_N_ENTERED)
        return false;
    const int stage = (int)metric % RIG_N_STAGES;
    const bool is_per_entrant = metric < RIG_METRIC_P_LOST_PER_OFFERED;
    *hits = (rig_metric)(RIG_METRIC_N_LOST + stage);
    *trials = is_per_entrant ? (rig_metric)(RIG_METRIC_N_ENTERED + stage) : RIG_METRIC_N_OFFERED;
    return true;
}

/* Of nothing a loss is none, and nobody was connected; of other shares nothing is known. */
static double share_of_nothing(rig_metric metric)
{
    return metric < RIG_METRIC_N_ENTERED || metric == RIG_METRIC_CONNECT_RATE ? 0.0 : (double)NAN;
}

void rig_metrics_of_counts(const rig_tally *tally, const rig_metric_counts *counts,
                           double metrics[RIG_N_METRICS])
{
    for (int m = 0; m < RIG_N_METRICS; m++) {
        uint64_t part, whole;
        metrics[m] = (double)NAN;
        if (!rig_metric_is_share((rig_metric)m))
            continue;
        metrics[m] = rig_metrics_fraction((rig_metric)m, tally, counts, &part, &whole)
                         ? (double)part / (double)whole
                         : share_of_nothing((rig_metric)m);
    }
    for (int s = 0; s < RIG_N_STAGES; s++) {
        metrics[RIG_METRIC_N_ENTERED + s] = (double)rig_tally_entered(tally, (rig_stage)s);
        metrics[RIG_METRIC_N_LOST + s] = (double)rig_tally_lost(tally, (rig_stage)s);
    }
    metrics[RIG_METRIC_N_LOST_IN_ALL] = 0.0;
    for (int s = 0; s < RIG_N_STAGES; s++)
        metrics[RIG_METRIC_N_LOST_IN_ALL] += metrics[RIG_METRIC_N_LOST + s];
    metrics[RIG_METRIC_N_OFFERED] = (double)tally->n_offered;
    metrics[RIG_METRIC_N_SERVED] = (double)tally->n_outcome[RIG_OUTCOME_SERVED];
    metrics[RIG_METRIC_N_SELF_SERVED] = (double)tally->n_outcome[RIG_OUTCOME_SELF_SERVED];
    metrics[RIG_METRIC_N_DEFLECTED] = (double)tally->n_outcome[RIG_OUTCOME_DEFLECTED];
    metrics[RIG_METRIC_N_DROPPED] = (double)tally->n_outcome[RIG_OUTCOME_DROPPED];
    if (counts == NULL)
        return;
    metrics[RIG_METRIC_N_FAILED] = (double)counts->n_failed;
    if (counts->n_talks > 0)
        metrics[RIG_METRIC_TALK_MEAN_S] = counts->talks_s / (double)counts->n_talks;
    if (counts->n_announced > 0)
        metrics[RIG_METRIC_ANNOUNCED_WAIT_MEAN_S] =
            counts->announced_s / (double)counts->n_announced;
    if (counts->n_announced_answered > 0)
        metrics[RIG_METRIC_ANNOUNCEMENT_ERROR_S] =
            counts->announcement_error_s / (double)counts->n_announced_answered;
}

void rig_metrics_of_circuits(double n_mean, uint32_t n_most, double metrics[RIG_N_METRICS])
{
    metrics[RIG_METRIC_UTILISATION] =
        n_mean > 0.0 ? metrics[RIG_METRIC_MEAN_CIRCUITS] / n_mean : (double)NAN;
    metrics[RIG_METRIC_PEAK_UTILISATION] = metrics[RIG_METRIC_PEAK_CIRCUITS] / (double)n_most;
}

/* ---- times ---- */

static int by_time(const void *a, const void *b)
{
    const rig_wait *x = a, *y = b;
    if (x->s != y->s)
        return x->s < y->s ? -1 : 1;
    return (int)y->is_answered - (int)x->is_answered; /* answers first */
}

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Of those answered, in order; `n_answered` > 0. */
static void fill_answered(const rig_wait *waits, size_t n, size_t n_answered, double *metrics)
{
    const size_t median = rig_sample_nearest(n_answered, 0.5),
                 p95 = rig_sample_nearest(n_answered, 0.95);
    double sum_s = 0.0;
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (!waits[i].is_answered)
            continue;
        sum_s += (double)waits[i].s;
        if (k == median)
            metrics[RIG_METRIC_ANSWERED_WAIT_P50_S] = (double)waits[i].s;
        if (k == p95)
            metrics[RIG_METRIC_ANSWERED_WAIT_P95_S] = (double)waits[i].s;
        metrics[RIG_METRIC_ANSWERED_WAIT_MAX_S] = (double)waits[i].s;
        k++;
    }
    metrics[RIG_METRIC_ANSWERED_WAIT_MEAN_S] = sum_s / (double)n_answered;
}

/* Kaplan and Meier's estimate over the sorted waits. */
static void fill_all(const rig_wait *waits, size_t n, double *metrics)
{
    double waiting = 1.0, area_s = 0.0, from_s = 0.0; /* share not answered yet */
    metrics[RIG_METRIC_WAIT_P50_S] = metrics[RIG_METRIC_WAIT_P95_S] = INFINITY;
    for (size_t i = 0; i < n; i++) {
        area_s += waiting * ((double)waits[i].s - from_s);
        from_s = (double)waits[i].s;
        if (!waits[i].is_answered)
            continue;
        waiting *= 1.0 - 1.0 / (double)(n - i);
        if (waiting <= 0.5 + 1e-12)
            metrics[RIG_METRIC_WAIT_P50_S] = fmin(metrics[RIG_METRIC_WAIT_P50_S], from_s);
        if (waiting <= 0.05 + 1e-12)
            metrics[RIG_METRIC_WAIT_P95_S] = fmin(metrics[RIG_METRIC_WAIT_P95_S], from_s);
    }
    metrics[RIG_METRIC_WAIT_MEAN_S] = area_s;
    metrics[RIG_METRIC_WAIT_MAX_S] = from_s;
}

void rig_metrics_of_waits(rig_wait *waits, size_t n, double metrics[RIG_N_METRICS])
{
    static const rig_metric all[] = {
        RIG_METRIC_WAIT_MEAN_S,          RIG_METRIC_WAIT_P50_S,
        RIG_METRIC_WAIT_P95_S,           RIG_METRIC_WAIT_MAX_S,
        RIG_METRIC_ANSWERED_WAIT_MEAN_S, RIG_METRIC_ANSWERED_WAIT_P50_S,
        RIG_METRIC_ANSWERED_WAIT_P95_S,  RIG_METRIC_ANSWERED_WAIT_MAX_S};
    size_t n_answered = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        metrics[all[i]] = (double)NAN;
    if (n == 0)
        return;
    qsort(waits, n, sizeof *waits, by_time);
    for (size_t i = 0; i < n; i++)
        n_answered += waits[i].is_answered;
    fill_all(waits, n, metrics);
    if (n_answered > 0)
        fill_answered(waits, n, n_answered, metrics);
    if (n_answered == n) { /* nobody is censored: the estimate is the sample, to the last digit */
        metrics[RIG_METRIC_WAIT_MEAN_S] = metrics[RIG_METRIC_ANSWERED_WAIT_MEAN_S];
        metrics[RIG_METRIC_WAIT_P50_S] = metrics[RIG_METRIC_ANSWERED_WAIT_P50_S];
        metrics[RIG_METRIC_WAIT_P95_S] = metrics[RIG_METRIC_ANSWERED_WAIT_P95_S];
    }
}

void rig_metrics_of_setups(float *setup_s, size_t n, double metrics[RIG_N_METRICS])
{
    if (n > 0)
        qsort(setup_s, n, sizeof *setup_s, ascending);
    metrics[RIG_METRIC_SETUP_P95_S] =
        n > 0 ? (double)setup_s[rig_sample_nearest(n, 0.95)] : (double)NAN;
}
