/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/series.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "core/clock.h"

/* As few as make a scatter, and as many as leave the parts long. */
enum { N_BATCHES = 32, MIN_BATCHES = 8 };

static void merge(rig_loss_interval *to, const rig_loss_interval *from)
{
    to->n_offered += from->n_offered;
    to->n_served += from->n_served;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        to->n_ended[s] += from->n_ended[s];
        to->n_lost[s] += from->n_lost[s];
    }
}

static void halve(rig_loss_series *series)
{
    for (int k = 0; k < 2; k++) {
        rig_loss_interval *at = series->at[k];
        for (size_t i = 0; i < RIG_SERIES_N; i++) {
            rig_loss_interval moved = at[i];
            at[i] = (rig_loss_interval){0};
            merge(&at[i / 2], &moved);
        }
    }
    series->interval_ns *= 2;
    series->n = (series->n + 1) / 2;
}

static void count(rig_loss_interval *at, const rig_call *call, rig_outcome outcome)
{
    rig_call counted = *call;
    counted.outcome = outcome;
    at->n_offered++;
    at->n_served += outcome == RIG_OUTCOME_SERVED;
    at->n_ended[rig_call_stage(&counted)]++;
    for (int s = 0; s < RIG_N_STAGES; s++)
        at->n_lost[s] += outcome == rig_outcome_lost_at((rig_stage)s);
}

void rig_loss_series_add(rig_loss_series *series, const rig_finished_call *finished)
{
    const rig_call *call = finished->call;
    if (series->interval_ns == 0) {
        series->interval_ns = RIG_NS_PER_S;
        /* Calls come as they are over: earlier ones may follow, some minutes back. */
        series->t_from_ns = call->t_invite_ns - 600 * RIG_NS_PER_S;
    }
    int64_t since_ns = call->t_invite_ns - series->t_from_ns;
    if (since_ns < 0)
        since_ns = 0;
    while (since_ns / series->interval_ns >= RIG_SERIES_N)
        halve(series);
    size_t i = (size_t)(since_ns / series->interval_ns);
    if (i >= series->n)
        series->n = i + 1;
    count(&series->at[0][i], call, call->outcome);
    count(&series->at[1][i], call, finished->outcome_if_marks);
}

static uint64_t entered_of(const rig_loss_interval *at, rig_stage stage)
{
    uint64_t n = 0;
    for (int s = (int)stage; s < RIG_N_STAGES; s++)
        n += at->n_ended[s];
    return n;
}

/* Wilson's interval for n trials; z is the quantile. */
static void set_wilson(rig_loss_estimate *loss, double n, double z)
{
    double p = loss->p_lost;
    double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    loss->low = fmax(0.0, centre - half);
    loss->high = fmin(1.0, centre + half);
}

rig_loss_estimate rig_loss_series_estimate(const rig_loss_series *series, rig_stage stage,
                                           bool has_queue_marks)
{
    const rig_loss_interval *at = series->at[has_queue_marks ? 1 : 0];
    rig_loss_estimate loss = {
        .p_lost = (double)NAN, .n_effective = (double)NAN, .low = (double)NAN, .high = (double)NAN};
    double entered[N_BATCHES] = {0}, lost[N_BATCHES] = {0};
    size_t first = 0;
    while (first < series->n && at[first].n_offered == 0)
        first++;
    for (size_t i = first; i < series->n; i++) {
        size_t batch = (i - first) * N_BATCHES / (series->n - first);
        uint64_t n = entered_of(&at[i], stage);
        loss.n_entered += n;
        loss.n_lost += at[i].n_lost[stage];
        entered[batch] += (double)n;
        lost[batch] += at[i].n_lost[stage];
    }
    if (loss.n_entered == 0)
        return loss;
    double p = (double)loss.n_lost / (double)loss.n_entered;
    double scatter = 0, z = gsl_cdf_ugaussian_Pinv(0.975);
    size_t n_batches = 0;
    for (size_t b = 0; b < N_BATCHES; b++) {
        if (entered[b] <= 0)
            continue;
        double off = lost[b] - p * entered[b];
        scatter += off * off;
        n_batches++;
    }
    loss.p_lost = p;
    loss.n_effective = (double)loss.n_entered;
    if (n_batches >= MIN_BATCHES && scatter > 0) {
        double k = (double)n_batches;
        double variance = k / (k - 1) * scatter / ((double)loss.n_entered * (double)loss.n_entered);
        loss.n_effective = fmax(1.0, fmin(p * (1 - p) / variance, (double)loss.n_entered));
        loss.n_batches = n_batches;
        z = gsl_cdf_tdist_Pinv(0.975, k - 1);
    }
    set_wilson(&loss, loss.n_effective, z);
    return loss;
}
