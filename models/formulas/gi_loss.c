/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/gi_loss.h"

#include <math.h>
#include <stddef.h>

#include "models/domain.h"
#include "models/formulas/root.h"

#define FORMULA "gi loss"

#define BIG 1e250 /* sum and term are divided by it when they reach it */

rig_status rig_gi_loss(rig_gap_ratio ratio, void *ctx, uint32_t n_circuits, double *p_block,
                       rig_error *err)
{
    rig_status status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 0, err);
    if (status != RIG_OK)
        return status;
    double c = n_circuits, term = 1.0, sum = 1.0;
    double n_divided = 0.0;
    for (double j = 1.0; j <= c && term > 0.0; j++) {
        double r = ratio(j, ctx);
        if (!(r >= 0.0))
            return rig_fail(err, RIG_EDOM, "%s: gap ratio %g at %g; expected a number >= 0",
                            FORMULA, r, j);
        if (isinf(r) || n_divided > 2.0) { /* the loss is below 1e-500 */
            sum = INFINITY;
            break;
        }
        term *= (c - j + 1.0) / j * r;
        sum += term;
        if (sum > BIG) {
            sum /= BIG;
            term /= BIG;
            n_divided++;
        }
    }
    double p = 1.0 / sum;
    for (; n_divided > 0.0; n_divided--)
        p /= BIG;
    *p_block = p;
    return RIG_OK;
}

typedef struct gamma_gap {
    double offered_erl, squared_cv;
} gamma_gap;

/* phi(s) = (1 + s cv^2 / A)^(-1 / cv^2); in the limit cv = 0 it is e^(-s / A) */
static double gamma_ratio(double s, void *ctx)
{
    const gamma_gap *gap = ctx;
    double x = s / gap->offered_erl;
    if (gap->squared_cv > 0.0 && isfinite(x))
        x = log1p(x * gap->squared_cv) / gap->squared_cv;
    return expm1(x);
}

rig_status rig_gi_loss_gamma(double offered_erl, double gap_cv, uint32_t n_circuits,
                             double *p_block, rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", offered_erl, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 0, err);
    if (status == RIG_OK && !(gap_cv >= 0.0 && gap_cv <= 100.0))
        status = rig_fail(err, RIG_EDOM, "%s: gap_cv %g; expected a number from 0 to 100", FORMULA,
                          gap_cv);
    if (status != RIG_OK)
        return status;
    if (offered_erl == 0.0) {
        *p_block = n_circuits == 0 ? 1.0 : 0.0;
        return RIG_OK;
    }
    gamma_gap gap = {.offered_erl = offered_erl, .squared_cv = gap_cv * gap_cv};
    return rig_gi_loss(gamma_ratio, &gap, n_circuits, p_block, err);
}

rig_status rig_gi_loss_gamma_circuits(double offered_erl, double gap_cv, double p_block,
                                      uint32_t *n_circuits, rig_error *err)
{
    double p = 1.0;
    rig_status status = rig_domain_open_share(FORMULA, "p_block", p_block, err);
    if (status == RIG_OK)
        status = rig_gi_loss_gamma(offered_erl, gap_cv, 0, &p, err); /* checks the rest */
    if (status != RIG_OK)
        return status;
    uint32_t low = 0, high = 1; /* low blocks more, high does not */
    for (;;) {
        status = rig_gi_loss_gamma(offered_erl, gap_cv, high, &p, err);
        if (status != RIG_OK)
            return status;
        if (p <= p_block)
            break;
        if (high == RIG_MAX_SERVERS || offered_erl * (1.0 - p_block) > RIG_MAX_SERVERS)
            return rig_fail(err, RIG_EDOM,
                            "%s: offered_erl %g at a loss of %g needs more than %u circuits; "
                            "expected less traffic or more loss",
                            FORMULA, offered_erl, p_block, RIG_MAX_SERVERS);
        low = high;
        high = high > RIG_MAX_SERVERS / 2 ? RIG_MAX_SERVERS : 2 * high;
    }
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        status = rig_gi_loss_gamma(offered_erl, gap_cv, middle, &p, err);
        if (status != RIG_OK)
            return status;
        if (p <= p_block)
            high = middle;
        else
            low = middle;
    }
    *n_circuits = high;
    return RIG_OK;
}

typedef struct goal {
    double gap_cv, p_block;
    uint32_t n_circuits;
} goal;

static double excess(double offered_erl, void *ctx)
{
    const goal *g = ctx;
    double p = 0.0;
    (void)rig_gi_loss_gamma(offered_erl, g->gap_cv, g->n_circuits, &p, NULL); /* was checked */
    return p - g->p_block;
}

rig_status rig_gi_loss_gamma_load(uint32_t n_circuits, double gap_cv, double p_block,
                                  double *offered_erl, rig_error *err)
{
    double p;
    rig_status status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 1, err);
    if (status == RIG_OK)
        status = rig_domain_open_share(FORMULA, "p_block", p_block, err);
    if (status == RIG_OK)
        status = rig_gi_loss_gamma(0.0, gap_cv, 0, &p, err);
    if (status != RIG_OK)
        return status;
    goal g = {.gap_cv = gap_cv, .p_block = p_block, .n_circuits = n_circuits};
    double low = n_circuits, high = n_circuits / (1.0 - p_block) * (1.0 + 1e-9);
    while (low > 1e-300 && excess(low, &g) > 0.0)
        low /= 4.0;
    status = rig_root_find(excess, &g, low, high, offered_erl);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: no load found for %u circuits, loss %g", FORMULA,
                        n_circuits, p_block);
    return RIG_OK;
}
