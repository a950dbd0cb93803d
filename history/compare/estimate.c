/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/compare/estimate.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

#define LEVEL         0.95
#define LEAST_A_BATCH 10

double rig_history_tail(double t, double df)
{
    return df > 0.0 ? gsl_cdf_tdist_Q(t, df) : gsl_cdf_ugaussian_Q(t);
}

static double quantile(double df)
{
    const double p = 1.0 - (1.0 - LEVEL) / 2.0;
    return df > 0.0 ? gsl_cdf_tdist_Pinv(p, df) : gsl_cdf_ugaussian_Pinv(p);
}

/* Two-sided. Without scatter a difference is certain, and none is none. */
static double p_value(double difference, double se, double df)
{
    if (se <= 0.0)
        return difference == 0.0 ? 1.0 : 0.0;
    return fmin(1.0, 2.0 * rig_history_tail(fabs(difference) / se, df));
}

/* ---- shares ---- */

/* Wilson's score interval (JASA 22, 1927) with quantile z. */
static void wilson(double p, double n, double z, double *low, double *high)
{
    const double middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    const double half = z / (1.0 + z * z / n) * sqrt(p * (1.0 - p) / n + z * z / (4.0 * n * n));
    *low = fmax(0.0, middle - half);
    *high = fmin(1.0, middle + half);
}

/* How both sides of the pairs go together: Newcombe's phi, with his continuity correction. */
static double correlation(const rig_history_pairs *t, double n)
{
    const double e = t->n_both, f = t->n_only_a, g = t->n_only_b, h = t->n_neither;
    const double margins = (e + f) * (g + h) * (e + g) * (f + h);
    const double cross = e * h - f * g;
    if (margins <= 0.0)
        return 0.0;
    return (cross > n / 2.0 ? cross - n / 2.0 : cross >= 0.0 ? 0.0 : cross) / sqrt(margins);
}

/* Exact: of the pairs that differ, each side is as likely as the other. */
static double mcnemar(const rig_history_pairs *t)
{
    const unsigned less = (unsigned)fmin(t->n_only_a, t->n_only_b);
    const unsigned all = (unsigned)(t->n_only_a + t->n_only_b);
    return all == 0 ? 1.0 : fmin(1.0, 2.0 * gsl_cdf_binomial_P(less, 0.5, all));
}

void rig_history_estimate_pairs(const rig_history_pairs *t, rig_history_row *row)
{
    const double n = t->n_both + t->n_only_a + t->n_only_b + t->n_neither;
    const double p_a = (t->n_both + t->n_only_a) / n, p_b = (t->n_both + t->n_only_b) / n;
    const double d = p_b - p_a, phi = correlation(t, n);
    double low_a, high_a, low_b, high_b;
    wilson(p_a, n, quantile(0.0), &low_a, &high_a);
    wilson(p_b, n, quantile(0.0), &low_b, &high_b);
    const double down_b = p_b - low_b, up_a = high_a - p_a, up_b = high_b - p_b,
                 down_a = p_a - low_a;
    row->method = RIG_HISTORY_MCNEMAR;
    row->n = n;
    row->n_only_a = t->n_only_a;
    row->n_only_b = t->n_only_b;
    row->difference = d;
    row->low = d - sqrt(fmax(0.0, down_b * down_b - 2.0 * phi * down_b * up_a + up_a * up_a));
    row->high = d + sqrt(fmax(0.0, down_a * down_a - 2.0 * phi * down_a * up_b + up_b * up_b));
    row->se = sqrt(fmax(0.0, t->n_only_a + t->n_only_b - n * d * d)) / n;
    row->df = 0.0;
    row->p_value = mcnemar(t);
}

rig_history_share rig_history_share_of(const double *hits, size_t n)
{
    double batch[RIG_HISTORY_N_BATCHES];
    const size_t size = n / RIG_HISTORY_N_BATCHES;
    rig_history_share s = {.p = gsl_stats_mean(hits, 1, n), .n = (double)n, .ess = (double)n};
    if (size < LEAST_A_BATCH || s.p <= 0.0 || s.p >= 1.0)
        return s;
    for (size_t i = 0; i < RIG_HISTORY_N_BATCHES; i++)
        batch[i] = gsl_stats_mean(hits + i * size, 1, size);
    const double variance =
        gsl_stats_variance(batch, 1, RIG_HISTORY_N_BATCHES) / RIG_HISTORY_N_BATCHES;
    s.has_batches = true;
    if (variance > 0.0)
        s.ess = fmax(1.0, fmin(s.n, s.p * (1.0 - s.p) / variance));
    return s;
}

void rig_history_estimate_shares(const rig_history_share *a, const rig_history_share *b,
                                 rig_history_row *row)
{
    const bool has_batches = a->has_batches || b->has_batches;
    const double df = has_batches ? 2.0 * (RIG_HISTORY_N_BATCHES - 1) : 0.0;
    const double d = b->p - a->p;
    const double pooled = (a->p * a->ess + b->p * b->ess) / (a->ess + b->ess);
    double low_a, high_a, low_b, high_b;
    wilson(a->p, a->ess, quantile(df), &low_a, &high_a);
    wilson(b->p, b->ess, quantile(df), &low_b, &high_b);
    row->n = 0.0;
    row->difference = d;
    row->low = d - hypot(b->p - low_b, high_a - a->p);
    row->high = d + hypot(a->p - low_a, high_b - b->p);
    row->se = sqrt(a->p * (1.0 - a->p) / a->ess + b->p * (1.0 - b->p) / b->ess);
    row->df = df;
    row->p_value = p_value(d, sqrt(pooled * (1.0 - pooled) * (1.0 / a->ess + 1.0 / b->ess)), df);
}

/* ---- means ---- */

rig_history_mean rig_history_mean_of(const double *values, size_t n)
{
    double batch[RIG_HISTORY_N_BATCHES];
    const size_t size = n / RIG_HISTORY_N_BATCHES;
    rig_history_mean m = {.mean = gsl_stats_mean(values, 1, n)};
    if (size < 2) {
        m.se = gsl_stats_sd(values, 1, n) / sqrt((double)n);
        m.df = (double)(n - 1);
        return m;
    }
    for (size_t i = 0; i < RIG_HISTORY_N_BATCHES; i++)
        batch[i] = gsl_stats_mean(values + i * size, 1, size);
    m.se = gsl_stats_sd(batch, 1, RIG_HISTORY_N_BATCHES) / sqrt((double)RIG_HISTORY_N_BATCHES);
    m.df = RIG_HISTORY_N_BATCHES - 1;
    return m;
}

static void finish(double difference, double se, double df, rig_history_row *row)
{
    row->difference = difference;
    row->se = se;
    row->df = df;
    row->low = difference - quantile(df) * se;
    row->high = difference + quantile(df) * se;
    row->p_value = p_value(difference, se, df);
}

void rig_history_estimate_mean(const rig_history_mean *mean, rig_history_row *row)
{
    finish(mean->mean, mean->se, mean->df, row);
}

/* Welch's degrees of freedom (Biometrika 34, 1947); 0 stays the normal's. */
void rig_history_estimate_means(const rig_history_mean *a, const rig_history_mean *b,
                                rig_history_row *row)
{
    const double va = a->se * a->se, vb = b->se * b->se, v = va + vb;
    const double df =
        a->df > 0.0 && b->df > 0.0 && v > 0.0 ? v * v / (va * va / a->df + vb * vb / b->df) : 0.0;
    finish(b->mean - a->mean, sqrt(v), df, row);
}

/* ---- several at once ---- */

void rig_history_holm(double *p, size_t n)
{
    size_t n_left = 0;
    bool is_done[RIG_HISTORY_MAX_ROWS] = {false};
    double last = 0.0;
    for (size_t i = 0; i < n; i++)
        n_left += isnan(p[i]) ? 0 : 1;
    for (; n_left > 0; n_left--) {
        size_t least = n;
        for (size_t i = 0; i < n; i++)
            if (!is_done[i] && !isnan(p[i]) && (least == n || p[i] < p[least]))
                least = i;
        is_done[least] = true;
        last = fmin(1.0, fmax(last, p[least] * (double)n_left));
        p[least] = last;
    }
}
