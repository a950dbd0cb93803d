/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/erlang_b.h"

#include <float.h>
#include <math.h>

#include <gsl/gsl_sf_gamma.h>

#include "models/domain.h"

#define FORMULA "erlang b"

/* Below this load the continued fraction converges slowly; the incomplete gamma function of GSL
 * serves for the fractional start. */
#define SMALL_ERL 2.0

#define TINY 1e-100 /* stands for 0 in a denominator (Lentz) */

/* 1/B for N <= A: A / (A-N + 1 N / (A-N+2 + 2 (N-1) / (A-N+4 + ...))), by Lentz's method. */
static double reciprocal_by_fraction(double offered_erl, double n_circuits)
{
    const int most_terms = 1000000; /* about 20 sqrt(A) are used */
    double spare = offered_erl - n_circuits;
    double value = spare > 0.0 ? spare : TINY;
    double c = value, d = 0.0;
    for (int i = 1; i <= most_terms; i++) {
        double above = i * (n_circuits + 1.0 - i);
        if (above == 0.0)
            break; /* a whole number of circuits: the fraction is finite */
        double below = spare + 2.0 * i;
        d = below + above * d;
        c = below + above / c;
        d = 1.0 / (d != 0.0 ? d : TINY);
        if (c == 0.0)
            c = TINY;
        double factor = c * d;
        value *= factor;
        if (fabs(factor - 1.0) < DBL_EPSILON)
            break;
    }
    return offered_erl / value;
}

/* 1/B for less than one circuit and a small load: e^A A^-N Gamma(N+1, A). */
static double reciprocal_small(double offered_erl, double n_circuits)
{
    double upper = tgamma(n_circuits + 1.0);
    if (offered_erl > 1e-20) /* below, Q is 1 and GSL reports an underflow */
        upper *= gsl_sf_gamma_inc_Q(n_circuits + 1.0, offered_erl);
    return exp(offered_erl) * pow(offered_erl, -n_circuits) * upper;
}

double rig_erlang_b_reciprocal(double offered_erl, double n_circuits)
{
    double n_start = n_circuits;
    if (offered_erl < SMALL_ERL)
        n_start = n_circuits - floor(n_circuits);
    else if (n_circuits > offered_erl)
        n_start = n_circuits - ceil(n_circuits - offered_erl);
    double inverse = 1.0;
    if (n_start > 0.0)
        inverse = offered_erl < SMALL_ERL ? reciprocal_small(offered_erl, n_start)
                                          : reciprocal_by_fraction(offered_erl, n_start);
    double n_steps = round(n_circuits - n_start);
    for (double step = 1.0; step <= n_steps && isfinite(inverse); step++)
        inverse = 1.0 + (n_start + step) / offered_erl * inverse;
    return inverse;
}

static rig_status check(double offered_erl, uint32_t n_circuits, uint32_t least, rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", offered_erl, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_circuits", n_circuits, least, err);
    return status;
}

rig_status rig_erlang_b(double offered_erl, uint32_t n_circuits, double *p_block, rig_error *err)
{
    rig_status status = check(offered_erl, n_circuits, 0, err);
    if (status != RIG_OK)
        return status;
    if (offered_erl == 0.0) {
        *p_block = n_circuits == 0 ? 1.0 : 0.0;
        return RIG_OK;
    }
    /* 1/B(n) = 1 + (n / A) / B(n - 1); it can only grow past the range of a double when B is 0 */
    double inverse = 1.0;
    for (uint32_t n = 1; n <= n_circuits && isfinite(inverse); n++)
        inverse = 1.0 + (double)n / offered_erl * inverse;
    *p_block = 1.0 / inverse;
    return RIG_OK;
}

rig_status rig_erlang_b_continuous(double offered_erl, double n_circuits, double *p_block,
                                   rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", offered_erl, err);
    if (status != RIG_OK)
        return status;
    if (!(n_circuits >= 0.0 && n_circuits <= RIG_MAX_SERVERS))
        return rig_fail(err, RIG_EDOM, "%s: n_circuits %g; expected a number from 0 to %u", FORMULA,
                        n_circuits, RIG_MAX_SERVERS);
    if (offered_erl == 0.0)
        *p_block = n_circuits == 0.0 ? 1.0 : 0.0;
    else
        *p_block = 1.0 / rig_erlang_b_reciprocal(offered_erl, n_circuits);
    return RIG_OK;
}

rig_status rig_erlang_b_carried(double offered_erl, uint32_t n_circuits, double *carried_erl,
                                rig_error *err)
{
    rig_status status = check(offered_erl, n_circuits, 0, err);
    if (status != RIG_OK)
        return status;
    /* A (1 - B(N)) = N B(N) / B(N-1) */
    double before = 1.0, inverse = 1.0;
    uint32_t n = 0;
    while (offered_erl > 0.0 && n < n_circuits && isfinite(inverse)) {
        before = inverse;
        inverse = 1.0 + (double)++n / offered_erl * before;
    }
    if (n_circuits == 0 || offered_erl == 0.0)
        *carried_erl = 0.0;
    else
        *carried_erl = isfinite(inverse) ? (double)n_circuits * before / inverse : offered_erl;
    return RIG_OK;
}

rig_status rig_erlang_b_last_circuit(double offered_erl, uint32_t n_circuits, double *carried_erl,
                                     rig_error *err)
{
    rig_status status = check(offered_erl, n_circuits, 1, err);
    if (status != RIG_OK)
        return status;
    if (offered_erl == 0.0) {
        *carried_erl = 0.0;
        return RIG_OK;
    }
    /* growth(n) = 1/B(n) - 1/B(n-1) = ((n-1) growth(n-1) + 1/B(n-1)) / A: positive terms only */
    double before = 1.0, growth = 1.0 / offered_erl, inverse = 1.0 + growth;
    for (uint32_t n = 2; n <= n_circuits && isfinite(inverse); n++) {
        before = inverse;
        growth = ((double)(n - 1) * growth + before) / offered_erl;
        inverse = before + growth;
    }
    *carried_erl = isfinite(inverse) ? offered_erl * (growth / inverse) / before : 0.0;
    return RIG_OK;
}
