/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/rare.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

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
    *low = events > 0.0 ? gsl_cdf_gamma_Pinv(tail, events, share_of_event) : 0.0;
    *high = fmin(1.0, gsl_cdf_gamma_Qinv(tail, events + 1.0, share_of_event));
    return true;
}
