/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/rare.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "models/formulas/root.h"

/* Sums over the runs. */
typedef struct sums {
    double n, hits, squares, trials;
} sums;

static sums sum_up(const double *hits, const double *trials, size_t n)
{
    sums s = {0.0, 0.0, 0.0, 0.0};
    for (size_t i = 0; i < n; i++) {
        if (isnan(hits[i]) || isnan(trials[i]))
            continue;
        s.n += 1.0;
        s.hits += hits[i];
        s.squares += hits[i] * hits[i];
        s.trials += trials[i];
    }
    return s;
}

/* Hits that one independent event brings. */
static double hits_per_event(const sums *s, double tail)
{
    if (s->hits <= 0.0)
        return 1.0;
    const double mean = s->hits / s->n;
    const double variance = fmax(0.0, s->squares - s->n * mean * mean) / (s->n - 1.0);
    const double widening = gsl_cdf_tdist_Qinv(tail, s->n - 1.0) / gsl_cdf_ugaussian_Qinv(tail);
    const double phi = fmax(1.0, variance / mean) * widening * widening;
    return phi * (1.0 + 1.0 / fmax(1.0, s->hits / phi));
}

/* A gamma distribution's shape, and the probability that is looked for. */
typedef struct gamma_at {
    double shape, probability;
} gamma_at;

static double gamma_over(double x, void *ctx)
{
    const gamma_at *at = ctx;
    return gsl_cdf_gamma_P(x, at->shape, 1.0) - at->probability;
}

/* The quantile of a gamma distribution of scale 1. GSL 2.7.1's own inverse does not converge where
 * the shape is below about 0.12. Bracketed: P(x) <= x^shape / gamma(shape + 1) (Abramowitz and
 * Stegun 6.5.29), so that the quantile is not less than where that reaches the probability; where
 * that is tiny, it is the quantile. */
static double gamma_quantile(double probability, double shape)
{
    const gamma_at at = {shape, probability};
    const double low = exp((log(probability) + lgamma(shape + 1.0)) / shape);
    double x = low;
    if (low < 1e-12)
        return low;
    (void)rig_root_find(gamma_over, (void *)&at, low, shape + 40.0 * sqrt(shape) + 800.0, &x);
    return x;
}

bool rig_rare_bounds(const double *hits, const double *trials, size_t n, double tail, double *low,
                     double *high)
{
    const sums s = sum_up(hits, trials, n);
    if (s.n < 2.0 || s.trials <= 0.0 || s.hits > 0.1 * s.trials)
        return false;
    const double phi = hits_per_event(&s, tail), events = s.hits / phi;
    if (events > RIG_RARE_EVENTS)
        return false;
    const double share_of_event = phi / s.trials;
    *low = events > 0.0 ? share_of_event * gamma_quantile(tail, events) : 0.0;
    *high = fmin(1.0, share_of_event * gamma_quantile(1.0 - tail, events + 1.0));
    return true;
}
