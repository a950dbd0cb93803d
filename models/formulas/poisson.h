/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Poisson distribution function, value after value, for means up to 1e12. */
#ifndef RIG_MODELS_FORMULAS_POISSON_H
#define RIG_MODELS_FORMULAS_POISSON_H

/** A walk upwards through P(N <= k); start with rig_poisson_start. */
typedef struct rig_poisson {
    double mean;
    double first; /**< the first k with a value: below it P(N <= k) is under 1e-130 */
    double k, p_equal, p_at_most;
} rig_poisson;

/** Begin at `first`. mean: finite, >= 0. */
void rig_poisson_start(rig_poisson *walk, double mean);

/**
 * P(N <= k), first for k = first, then for each next k.
 * Source: the first probability by Stirling's series (Loader, Fast and accurate computation of
 * binomial probabilities, 2000), the others by p(k + 1) = p(k) mean / (k + 1).
 */
double rig_poisson_next_cdf(rig_poisson *walk);

#endif
