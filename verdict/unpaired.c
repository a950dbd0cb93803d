/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/unpaired.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#include "verdict/judge/gate.h"

#define N_BATCHES     20
#define LEAST_A_BATCH 10
#define ALPHA         0.05

/* The losses of a stage's entrants, 0 or 1, in the order of arrival. */
static size_t list_losses(const rig_calls *calls, rig_stage stage, double *lost)
{
    size_t n = 0;
    for (size_t i = 0; i < calls->n; i++) {
        const rig_call *call = &calls->items[i];
        if (call->outcome == RIG_OUTCOME_UNCLASSIFIED || call->outcome == RIG_OUTCOME_IN_PROGRESS ||
            call->outcome == RIG_OUTCOME_CUT_BY_RIG || rig_call_stage(call) < stage)
            continue;
        lost[n++] = call->outcome == rig_outcome_lost_at(stage) ? 1.0 : 0.0;
    }
    return n;
}

static void size_by_batches(const double *lost, size_t n, const rig_unpaired_prediction *predicted,
                            rig_unpaired_stage *s)
{
    const double p = s->p_observed, sd = predicted->sd_of_run;
    double batch[N_BATCHES];
    s->ess = (double)n;
    if (s->n_lost == 0 || s->n_lost == n) {
        /* no scatter to be seen: that of the simulated runs, if they have any */
        double q = predicted->p;
        if (sd > 0.0 && q > 0.0 && q < 1.0)
            s->ess = fmin(s->ess, q * (1.0 - q) / (sd * sd));
        return;
    }
    const size_t size = n / N_BATCHES;
    if (size < LEAST_A_BATCH)
        return;
    for (size_t b = 0; b < N_BATCHES; b++)
        batch[b] = gsl_stats_mean(lost + b * size, 1, size);
    double variance = gsl_stats_variance(batch, 1, N_BATCHES) / N_BATCHES;
    s->n_batches = N_BATCHES;
    if (variance > 0.0)
        s->ess = fmax(1.0, fmin(s->ess, p * (1.0 - p) / variance));
}

/* Wilson's score interval (JASA 22, 1927) with quantile z. */
static void wilson(double p, double n, double z, double *low, double *high)
{
    double middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    double half = z / (1.0 + z * z / n) * sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    *low = fmax(0.0, middle - half);
    *high = fmin(1.0, middle + half);
}

/* Quantiles as of Student's t where the variance is estimated from batches. */
static double quantile(const rig_unpaired_stage *s, double probability)
{
    return s->n_batches > 1 ? gsl_cdf_tdist_Pinv(probability, (double)s->n_batches - 1.0)
                            : gsl_cdf_ugaussian_Pinv(probability);
}

static void estimate(rig_unpaired_stage *s)
{
    const double p = s->p_observed;
    wilson(p, s->ess, quantile(s, 1.0 - ALPHA), &s->low90, &s->high90);
    wilson(p, s->ess, quantile(s, 1.0 - ALPHA / 2.0), &s->low95, &s->high95);
    if (s->n_lost == 0) /* Hanley & Lippman-Hand, JAMA 249, 1983 */
        s->high90 = s->high95 = fmin(1.0, 3.0 / s->ess);
    double beyond = fabs(p - s->p_predicted) - s->margin;
    s->p_value = 1.0;
    if (beyond > 0.0) { /* score test at the edge of the margin */
        double edge = fmin(1.0, fmax(0.0, p > s->p_predicted ? s->p_predicted + s->margin
                                                             : s->p_predicted - s->margin));
        double sd = sqrt(fmax(edge * (1.0 - edge), p * (1.0 - p)) / s->ess);
        double z = sd > 0.0 ? beyond / sd : INFINITY;
        double tail = s->n_batches > 1 ? gsl_cdf_tdist_Q(z, (double)s->n_batches - 1.0)
                                       : gsl_cdf_ugaussian_Q(z);
        s->p_value = fmin(1.0, 2.0 * tail);
    }
    s->p_value_holm = s->p_value;
}

static void correct(rig_unpaired_stage *stages)
{
    rig_gate_test tests[RIG_N_STAGES];
    for (int s = 0; s < RIG_N_STAGES; s++)
        tests[s] = (rig_gate_test){.p_value = stages[s].p_value};
    rig_gate_holm(tests, RIG_N_STAGES);
    for (int s = 0; s < RIG_N_STAGES; s++)
        stages[s].p_value_holm = tests[s].p_value_holm;
}

static void judge(rig_unpaired_stage *s)
{
    const double low = s->p_predicted - s->margin, high = s->p_predicted + s->margin;
    s->growth_to_decide = (double)NAN;
    s->judgement = RIG_JUDGEMENT_INCONCLUSIVE;
    if (isnan(s->p_observed))
        return;
    if ((s->low90 > low || low < 0.0) && s->high90 < high)
        s->judgement = RIG_JUDGEMENT_PASS;
    else if (s->p_value_holm < ALPHA)
        s->judgement = RIG_JUDGEMENT_FAIL;
    else {
        double gap = fabs(fabs(s->p_observed - s->p_predicted) - s->margin);
        double half = fmax(s->p_observed - s->low90, s->high90 - s->p_observed);
        s->growth_to_decide = gap > 0.0 ? fmax(1.0, half * half / (gap * gap)) : INFINITY;
    }
}

rig_status rig_unpaired_compare(const rig_calls *calls, const rig_unpaired_prediction *predicted,
                                rig_unpaired *comparison, rig_error *err)
{
    rig_unpaired made = {.judgement = RIG_JUDGEMENT_PASS};
    if (calls->n == 0)
        return rig_fail(err, RIG_EINPUT, "no call in the capture; expected at least one");
    double *lost = malloc(calls->n * sizeof *lost);
    if (lost == NULL)
        return rig_fail(err, RIG_ENOMEM, "comparison: out of memory");
    made.minutes =
        rig_clock_s_of_ns(calls->items[calls->n - 1].t_invite_ns - calls->items[0].t_invite_ns) /
        60.0;
    for (int i = 0; i < RIG_N_STAGES; i++) {
        rig_unpaired_stage *s = &made.stages[i];
        const rig_margin *margin = &predicted[i].margin;
        size_t n = list_losses(calls, (rig_stage)i, lost);
        *s = (rig_unpaired_stage){.n_entered = n,
                                  .p_observed = n > 0 ? gsl_stats_mean(lost, 1, n) : (double)NAN,
                                  .p_predicted = predicted[i].p,
                                  .margin = rig_scenario_margin(margin, predicted[i].p),
                                  .low90 = 0.0,
                                  .high90 = 1.0,
                                  .low95 = 0.0,
                                  .high95 = 1.0,
                                  .p_value = 1.0,
                                  .p_value_holm = 1.0};
        for (size_t k = 0; k < n; k++)
            s->n_lost += lost[k] > 0.0;
        if (n == 0)
            continue;
        size_by_batches(lost, n, &predicted[i], s);
        estimate(s);
    }
    free(lost);
    correct(made.stages);
    for (int i = 0; i < RIG_N_STAGES; i++) {
        judge(&made.stages[i]);
        rig_judgement j = made.stages[i].judgement;
        if (j == RIG_JUDGEMENT_FAIL ||
            (j == RIG_JUDGEMENT_INCONCLUSIVE && made.judgement == RIG_JUDGEMENT_PASS))
            made.judgement = j;
    }
    *comparison = made;
    return RIG_OK;
}
