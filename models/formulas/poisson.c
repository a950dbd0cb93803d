/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/formulas/poisson.h"

#include <math.h>

#include "models/formulas/convex.h"

/* Stirling's error ln(k!) - ln(sqrt(2 pi k) (k/e)^k), k >= 10 */
static double stirling_error(double k)
{
    double s = 1.0 / (k * k);
    return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - s / 1680.0) * s) * s) / k;
}

void rig_poisson_start(rig_poisson *walk, double mean)
{
    walk->mean = mean;
    walk->first = mean > 700.0 ? floor(mean - 25.0 * sqrt(mean)) : 0.0;
    walk->k = walk->first;
    if (walk->first < 10.0) {
        walk->first = walk->k = 0.0;
        walk->p_equal = exp(-mean);
    } else {
        /* exp(-mean) mean^k / k!, with x - ln(1 + x) free of cancellation */
        double k = walk->first;
        walk->p_equal =
            exp(-k * rig_x_minus_log1p((mean - k) / k) - stirling_error(k)) / sqrt(2.0 * M_PI * k);
    }
    walk->p_at_most = 0.0;
}

double rig_poisson_next_cdf(rig_poisson *walk)
{
    walk->p_at_most = fmin(1.0, walk->p_at_most + walk->p_equal);
    walk->k++;
    walk->p_equal *= walk->mean / walk->k;
    return walk->p_at_most;
}
