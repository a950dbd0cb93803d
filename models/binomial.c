/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/binomial.h"

#include <math.h>

#include <gsl/gsl_cdf.h>

#include "models/formulas/root.h"

typedef struct rig_beta {
    double a, b, probability;
} rig_beta;

static double cube_root_normal(double x, double a, double b)
{
    const double low = cbrt(b * x), high = cbrt(a * (1.0 - x));
    return 3.0 * (low * (1.0 - 1.0 / (9.0 * b)) - high * (1.0 - 1.0 / (9.0 * a))) /
           sqrt(low * low / b + high * high / a);
}

static double beta_over(double x, void *ctx)
{
    const rig_beta *beta = ctx;
    const double a = beta->a, b = beta->b;
    if (x <= 0.0 || x >= 1.0)
        return (x <= 0.0 ? 0.0 : 1.0) - beta->probability;
    double p = gsl_cdf_beta_P(x, a, b); /* not a number at some x where a and b are millions */
    return (isnan(p) ? gsl_cdf_ugaussian_P(cube_root_normal(x, a, b)) : p) - beta->probability;
}

double rig_beta_quantile(double probability, double a, double b)
{
    double x = (double)NAN;
    if (!(probability >= 0.0 && probability <= 1.0) || !(a > 0.0) || !(b > 0.0))
        return x;
    rig_beta beta = {a, b, probability};
    return rig_root_find(beta_over, &beta, 0.0, 1.0, &x) == RIG_OK ? x : (double)NAN;
}

double rig_binomial_low(double n_hits, double n, double tail)
{
    return n_hits > 0.0 ? rig_beta_quantile(tail, n_hits, n - n_hits + 1.0) : 0.0;
}

double rig_binomial_high(double n_hits, double n, double tail)
{
    return n_hits < n ? rig_beta_quantile(1.0 - tail, n_hits + 1.0, n - n_hits) : 1.0;
}
