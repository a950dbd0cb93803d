/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/formulas/convex.h"

#include <math.h>

#define SMALL 0.5

double rig_expm1_plus(double x)
{
    if (fabs(x) > SMALL)
        return expm1(-x) + x;
    double sum = 0.0, term = 0.5 * x * x;
    for (int k = 3; fabs(term) > 1e-17 * sum; k++) {
        sum += term;
        term *= -x / k;
    }
    return sum;
}

double rig_erlang2_cdf(double x)
{
    if (x > SMALL)
        return 1.0 - exp(-x) * (1.0 + x);
    return exp(-x) * rig_expm1_plus(-x); /* e^-x (e^x - 1 - x) */
}

double rig_x_minus_log1p(double x)
{
    if (fabs(x) > SMALL)
        return x - log1p(x);
    double sum = 0.0, power = x * x;
    for (int k = 2; fabs(power) / k > 1e-17 * sum; k++) {
        sum += power / k;
        power *= -x;
    }
    return sum;
}
