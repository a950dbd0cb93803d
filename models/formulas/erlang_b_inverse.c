/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "models/domain.h"
#include "models/erlang_b.h"
#include "models/formulas/root.h"

#define FORMULA "erlang b"

static rig_status check_goal(double p_block, rig_error *err)
{
    return rig_domain_open_share(FORMULA, "p_block", p_block, err);
}

static rig_status refuse_size(double offered_erl, double p_block, rig_error *err)
{
    return rig_fail(err, RIG_EDOM,
                    "%s: offered_erl %g at a loss of %g needs more than %u circuits; expected less "
                    "traffic or more loss",
                    FORMULA, offered_erl, p_block, RIG_MAX_SERVERS);
}

rig_status rig_erlang_b_circuits(double offered_erl, double p_block, uint32_t *n_circuits,
                                 rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", offered_erl, err);
    if (status == RIG_OK)
        status = check_goal(p_block, err);
    if (status != RIG_OK)
        return status;
    if (offered_erl == 0.0) {
        *n_circuits = 1; /* none would block, if anybody called */
        return RIG_OK;
    }
    if (offered_erl * (1.0 - p_block) > RIG_MAX_SERVERS) /* a circuit carries at most 1 erlang */
        return refuse_size(offered_erl, p_block, err);
    double inverse = 1.0;
    uint32_t n = 0;
    while (inverse * p_block < 1.0) {
        if (n == RIG_MAX_SERVERS)
            return refuse_size(offered_erl, p_block, err);
        inverse = 1.0 + (double)++n / offered_erl * inverse;
    }
    *n_circuits = n;
    return RIG_OK;
}

typedef struct goal {
    double fixed, log_p_block;
} goal;

static double excess_at_circuits(double n_circuits, void *ctx)
{
    const goal *g = ctx;
    return -log(rig_erlang_b_reciprocal(g->fixed, n_circuits)) - g->log_p_block;
}

static double excess_at_load(double offered_erl, void *ctx)
{
    const goal *g = ctx;
    double inverse = rig_erlang_b_reciprocal(offered_erl, g->fixed);
    return fmax(-log(inverse), -1e6) - g->log_p_block; /* finite where the loss underflows */
}

rig_status rig_erlang_b_circuits_continuous(double offered_erl, double p_block, double *n_circuits,
                                            rig_error *err)
{
    rig_status status = rig_domain_positive(FORMULA, "offered_erl", offered_erl, err);
    if (status != RIG_OK)
        return status;
    uint32_t n_above = 0;
    status = rig_erlang_b_circuits(offered_erl, p_block, &n_above, err);
    if (status != RIG_OK)
        return status;
    goal g = {.fixed = offered_erl, .log_p_block = log(p_block)};
    double high = n_above, low = high - 1.0;
    if (low == 0.0) { /* a root needs a positive bracket; at 0 circuits nothing passes */
        low = 1e-18;
        if (excess_at_circuits(low, &g) <= 0.0) {
            *n_circuits = low;
            return RIG_OK;
        }
    }
    /* The two ways of computing may differ by a rounding at the ends. */
    if (excess_at_circuits(low, &g) <= 0.0)
        *n_circuits = low;
    else if (excess_at_circuits(high, &g) >= 0.0)
        *n_circuits = high;
    else
        status = rig_root_find(excess_at_circuits, &g, low, high, n_circuits);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: no number of circuits found for offered_erl %g, loss %g",
                        FORMULA, offered_erl, p_block);
    return RIG_OK;
}

rig_status rig_erlang_b_load(double n_circuits, double p_block, double *offered_erl, rig_error *err)
{
    if (!(n_circuits > 0.0 && n_circuits <= RIG_MAX_SERVERS))
        return rig_fail(err, RIG_EDOM, "%s: n_circuits %g; expected a number > 0 and <= %u",
                        FORMULA, n_circuits, RIG_MAX_SERVERS);
    rig_status status = check_goal(p_block, err);
    if (status != RIG_OK)
        return status;
    goal g = {.fixed = n_circuits, .log_p_block = log(p_block)};
    /* Carried traffic A (1 - B) <= N bounds A from above. */
    double high = n_circuits / (1.0 - p_block), low = high;
    do {
        low /= 4.0;
        if (low < 1e-300)
            return rig_fail(err, RIG_EDOM,
                            "%s: no load found that %g circuits block to %g; expected more",
                            FORMULA, n_circuits, p_block);
    } while (excess_at_load(low, &g) > 0.0);
    if (excess_at_load(high, &g) <= 0.0) { /* rounding, when the loss is almost 1 */
        *offered_erl = high;
        return RIG_OK;
    }
    status = rig_root_find(excess_at_load, &g, low, high, offered_erl);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: no load found for %g circuits, loss %g", FORMULA,
                        n_circuits, p_block);
    return RIG_OK;
}
