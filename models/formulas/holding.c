/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/holding.h"

#include <math.h>

#include <gsl/gsl_sf_gamma.h>

static double normal_cdf(double x)
{
    return 0.5 * erfc(-x * M_SQRT1_2);
}

/* P(gamma of this shape and scale 1 <= x). GSL reports an underflow as an error: not asked there.
 */
static double gamma_cdf(double shape, double x)
{
    if (x <= 0.0)
        return 0.0;
    if (shape * (log(x / shape) + 1.0) - x < -600.0)
        return x < shape ? 0.0 : 1.0;
    return gsl_sf_gamma_inc_P(shape, x);
}

static double capped_lognormal(const rig_dist *dist, double x_s)
{
    double variance = log1p(dist->cv * dist->cv), sigma = sqrt(variance);
    double z = (log(x_s / dist->mean_s) + 0.5 * variance) / sigma; /* (ln x - mu) / sigma */
    return dist->mean_s * normal_cdf(z - sigma) + x_s * normal_cdf(-z);
}

static double capped_gamma(const rig_dist *dist, double x_s)
{
    double shape = 1.0 / (dist->cv * dist->cv), x = x_s / dist->mean_s * shape;
    return dist->mean_s * gamma_cdf(shape + 1.0, x) + x_s * (1.0 - gamma_cdf(shape, x));
}

static double capped_uniform(const rig_dist *dist, double x_s)
{
    double half = sqrt(3.0) * dist->cv * dist->mean_s, low = dist->mean_s - half;
    if (x_s <= low)
        return x_s;
    if (half == 0.0 || x_s >= dist->mean_s + half)
        return dist->mean_s;
    double within = x_s - low;
    return x_s - within * within / (4.0 * half);
}

static double capped_empirical(const rig_dist *dist, double x_s)
{
    double sum = 0.0;
    for (size_t i = 0; i < dist->n_sample; i++)
        sum += fmin(dist->sample_s[i], x_s);
    return sum / (double)dist->n_sample;
}

double rig_holding_capped_mean_s(const rig_dist *dist, double x_s)
{
    if (x_s <= 0.0)
        return 0.0;
    if (isinf(x_s))
        return dist->mean_s;
    switch (dist->kind) {
    case RIG_DIST_CONSTANT:
        return fmin(x_s, dist->mean_s);
    case RIG_DIST_UNIFORM:
        return capped_uniform(dist, x_s);
    case RIG_DIST_EXPONENTIAL:
        return -dist->mean_s * expm1(-x_s / dist->mean_s);
    case RIG_DIST_LOGNORMAL:
        return capped_lognormal(dist, x_s);
    case RIG_DIST_GAMMA:
        return capped_gamma(dist, x_s);
    case RIG_DIST_EMPIRICAL:
        return capped_empirical(dist, x_s);
    case RIG_N_DIST_KINDS:
        break;
    }
    return 0.0;
}
