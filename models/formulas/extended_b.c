/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/extended_b.h"

#include <math.h>
#include <stddef.h>

#include "models/domain.h"
#include "models/erlang_b.h"
#include "models/formulas/root.h"

#define FORMULA "extended b"

typedef struct group {
    double fresh_erl, n_circuits, p_redial;
} group;

/* What is left to explain of the fresh traffic, when so much is offered in all; grows with it. */
static double surplus(double offered_erl, void *ctx)
{
    const group *g = ctx;
    double inverse = rig_erlang_b_reciprocal(offered_erl, g->n_circuits);
    double carried_erl = offered_erl;
    if (g->n_circuits == 0.0)
        carried_erl = 0.0;
    else if (isfinite(inverse)) /* A (1 - B(N)) = N B(N) / B(N-1) */
        carried_erl =
            g->n_circuits * rig_erlang_b_reciprocal(offered_erl, g->n_circuits - 1.0) / inverse;
    double p_once = 1.0 - g->p_redial;
    return g->p_redial * carried_erl + p_once * offered_erl - g->fresh_erl;
}

static rig_status check(double fresh_erl, uint32_t n_circuits, double p_redial, rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "fresh_erl", fresh_erl, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 0, err);
    if (status == RIG_OK)
        status = rig_domain_share(FORMULA, "p_redial", p_redial, err);
    if (status == RIG_OK && p_redial == 1.0 && fresh_erl >= n_circuits)
        status = rig_fail(err, RIG_EDOM,
                          "%s: %g fresh erl on %u circuits, all of it redialled for ever: the "
                          "attempts grow without end; expected fresh_erl < n_circuits, or "
                          "p_redial < 1",
                          FORMULA, fresh_erl, n_circuits);
    return status;
}

rig_status rig_extended_b(double fresh_erl, uint32_t n_circuits, double p_redial,
                          rig_extended_b_figures *figures, rig_error *err)
{
    rig_status status = check(fresh_erl, n_circuits, p_redial, err);
    if (status != RIG_OK)
        return status;
    group g = {.fresh_erl = fresh_erl, .n_circuits = n_circuits, .p_redial = p_redial};
    double offered_erl = fresh_erl;
    if (fresh_erl > 0.0 && p_redial > 0.0 && surplus(fresh_erl, &g) < 0.0) {
        double high = 2.0 * fresh_erl;
        while (high < 1e300 && surplus(high, &g) < 0.0)
            high *= 2.0;
        status = rig_root_find(surplus, &g, fresh_erl, high, &offered_erl);
        if (status != RIG_OK)
            return rig_fail(err, status,
                            "%s: %g fresh erl on %u circuits, redial share %g: the attempts are "
                            "beyond measure; expected less",
                            FORMULA, fresh_erl, n_circuits, p_redial);
    }
    double p_block = 0.0;
    status = rig_erlang_b(offered_erl, n_circuits, &p_block, err);
    if (status != RIG_OK)
        return status;
    double carried_erl = 0.0;
    status = rig_erlang_b_carried(offered_erl, n_circuits, &carried_erl, err);
    if (status != RIG_OK)
        return status;
    double attempts = fresh_erl > 0.0 ? offered_erl / fresh_erl : 1.0 / (1.0 - p_redial * p_block);
    *figures = (rig_extended_b_figures){.p_block = p_block,
                                        .offered_erl = offered_erl,
                                        .carried_erl = carried_erl,
                                        .attempts_per_caller = attempts,
                                        .p_lost_per_caller = attempts * p_block * (1.0 - p_redial)};
    return RIG_OK;
}

rig_status rig_extended_b_circuits(double fresh_erl, double p_block, double p_redial,
                                   uint32_t *n_circuits, rig_error *err)
{
    rig_status status = rig_domain_share(FORMULA, "p_redial", p_redial, err);
    if (status == RIG_OK)
        status = rig_domain_open_share(FORMULA, "p_block", p_block, err);
    if (status == RIG_OK)
        status = rig_domain_not_negative(FORMULA, "fresh_erl", fresh_erl, err);
    if (status != RIG_OK)
        return status;
    /* With p_block exactly, A = A0 / (1 - r p): so many circuits Erlang B wants for it. */
    return rig_erlang_b_circuits(fresh_erl / (1.0 - p_redial * p_block), p_block, n_circuits, err);
}

rig_status rig_extended_b_load(uint32_t n_circuits, double p_block, double p_redial,
                               double *fresh_erl, rig_error *err)
{
    double offered_erl;
    rig_status status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 1, err);
    if (status == RIG_OK)
        status = rig_domain_share(FORMULA, "p_redial", p_redial, err);
    if (status == RIG_OK)
        status = rig_erlang_b_load(n_circuits, p_block, &offered_erl, err);
    if (status == RIG_OK)
        *fresh_erl = offered_erl * (1.0 - p_redial * p_block);
    return status;
}
