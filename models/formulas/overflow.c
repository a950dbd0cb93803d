/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/overflow.h"

#include <math.h>

#include "models/domain.h"
#include "models/erlang_b.h"
#include "models/formulas/root.h"

#define FORMULA "overflow"

rig_status rig_overflow_of(const rig_first_group *group, rig_two_moments *overflow, rig_error *err)
{
    double a = group->offered_erl, n = group->n_circuits, p_block;
    rig_status status = rig_erlang_b_continuous(a, n, &p_block, err);
    if (status != RIG_OK)
        return status;
    double mean_erl = a * p_block, carried_erl = a - mean_erl;
    if (a > 0.0 && n >= 1.0 && p_block > 0.0) /* without cancellation: N B(N) / B(N-1) */
        carried_erl = n * p_block * rig_erlang_b_reciprocal(a, n - 1.0);
    double peakedness = 1.0 - mean_erl + a / (n + 1.0 - carried_erl);
    if (n == 0.0)
        peakedness = 1.0;
    *overflow =
        (rig_two_moments){.mean_erl = mean_erl, .variance_erl = mean_erl * fmax(peakedness, 0.0)};
    return RIG_OK;
}

rig_status rig_overflow_sum(const rig_first_group *groups, size_t n_groups,
                            rig_two_moments *overflow, rig_error *err)
{
    rig_two_moments sum = {0};
    for (size_t i = 0; i < n_groups; i++) {
        rig_two_moments one;
        rig_status status = rig_overflow_of(&groups[i], &one, err);
        if (status != RIG_OK)
            return status;
        sum.mean_erl += one.mean_erl;
        sum.variance_erl += one.variance_erl;
    }
    *overflow = sum;
    return RIG_OK;
}

static rig_status check(const rig_two_moments *traffic, rig_error *err)
{
    rig_status status = rig_domain_positive(FORMULA, "mean_erl", traffic->mean_erl, err);
    if (status != RIG_OK)
        return status;
    if (!isfinite(traffic->variance_erl) || traffic->variance_erl < traffic->mean_erl)
        return rig_fail(err, RIG_EDOM,
                        "%s: variance_erl %g with mean_erl %g; expected a variance >= the mean "
                        "(Hayward's formula takes smoother traffic)",
                        FORMULA, traffic->variance_erl, traffic->mean_erl);
    return RIG_OK;
}

rig_status rig_overflow_rapp(const rig_two_moments *traffic, rig_first_group *equivalent,
                             rig_error *err)
{
    rig_status status = check(traffic, err);
    if (status != RIG_OK)
        return status;
    double m = traffic->mean_erl, z = traffic->variance_erl / m;
    double a = traffic->variance_erl + 3.0 * z * (z - 1.0);
    /* (m + z) / (m + z - 1) = 1 + 1 / (m + z - 1) */
    double n = a - m + a / (m + (z - 1.0)) - 1.0;
    *equivalent = (rig_first_group){.offered_erl = a, .n_circuits = fmax(0.0, n)};
    return RIG_OK;
}

/* Circuits that give the wanted peakedness to the overflow with the wanted mean. */
static double circuits_of(const rig_two_moments *t, double offered_erl)
{
    double m = t->mean_erl, z = t->variance_erl / m;
    return fmax(0.0, offered_erl - m + offered_erl / (m + (z - 1.0)) - 1.0);
}

static double excess_mean(double offered_erl, void *ctx)
{
    const rig_two_moments *t = ctx;
    double inverse = rig_erlang_b_reciprocal(offered_erl, circuits_of(t, offered_erl));
    return offered_erl / inverse / t->mean_erl - 1.0;
}

rig_status rig_overflow_equivalent(const rig_two_moments *traffic, rig_first_group *equivalent,
                                   rig_error *err)
{
    rig_first_group start;
    rig_status status = rig_overflow_rapp(traffic, &start, err);
    if (status != RIG_OK)
        return status;
    rig_two_moments t = *traffic;
    double m = t.mean_erl, z = t.variance_erl / m;
    /* With so little traffic no circuit fits, and all of it overflows: more than the mean. */
    double low = (m + 1.0) * (m + z - 1.0) / (m + z), high = fmax(start.offered_erl, low);
    if (z - 1.0 < 1e-12 || excess_mean(low, &t) <= 0.0) { /* Poisson, but for rounding */
        *equivalent = (rig_first_group){.offered_erl = m, .n_circuits = 0.0};
        return RIG_OK;
    }
    while (circuits_of(&t, high) <= RIG_MAX_SERVERS && excess_mean(high, &t) > 0.0)
        high *= 1.5;
    if (circuits_of(&t, high) > RIG_MAX_SERVERS)
        return rig_fail(err, RIG_EDOM,
                        "%s: mean_erl %g, variance_erl %g: the equivalent group has more than %u "
                        "circuits; expected less",
                        FORMULA, m, t.variance_erl, RIG_MAX_SERVERS);
    double offered_erl;
    status = rig_root_find(excess_mean, &t, low, high, &offered_erl);
    if (status != RIG_OK)
        return rig_fail(err, status,
                        "%s: no equivalent group found for mean_erl %g, variance_erl %g", FORMULA,
                        m, t.variance_erl);
    *equivalent =
        (rig_first_group){.offered_erl = offered_erl, .n_circuits = circuits_of(&t, offered_erl)};
    return RIG_OK;
}

rig_status rig_overflow_loss(const rig_two_moments *traffic, uint32_t n_circuits, double *p_lost,
                             rig_error *err)
{
    rig_first_group group;
    rig_status status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 0, err);
    if (status == RIG_OK)
        status = rig_overflow_equivalent(traffic, &group, err);
    double p_block;
    if (status == RIG_OK)
        status = rig_erlang_b_continuous(group.offered_erl, group.n_circuits + n_circuits, &p_block,
                                         err);
    if (status == RIG_OK)
        *p_lost = fmin(1.0, group.offered_erl * p_block / traffic->mean_erl);
    return status;
}

rig_status rig_overflow_circuits(const rig_two_moments *traffic, double p_lost,
                                 uint32_t *n_circuits, rig_error *err)
{
    rig_first_group group;
    rig_status status = rig_domain_open_share(FORMULA, "p_lost", p_lost, err);
    if (status == RIG_OK)
        status = rig_overflow_equivalent(traffic, &group, err);
    if (status != RIG_OK)
        return status;
    double inverse = rig_erlang_b_reciprocal(group.offered_erl, group.n_circuits);
    uint32_t n = 0;
    while (group.offered_erl > inverse * p_lost * traffic->mean_erl) {
        if (n == RIG_MAX_SERVERS)
            return rig_domain_count(FORMULA, "n_circuits", UINT32_MAX, 0, err);
        n++;
        inverse = 1.0 + (group.n_circuits + n) / group.offered_erl * inverse;
    }
    *n_circuits = n;
    return RIG_OK;
}
