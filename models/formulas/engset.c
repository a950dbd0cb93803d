/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/engset.h"

#include <math.h>

#include "models/domain.h"
#include "models/formulas/root.h"

#define FORMULA "engset"

/* 1/E(n) = 1 + n / ((S - n + 1) beta) / E(n - 1), from E(0) = 1; INFINITY once n > S. */
static double next_reciprocal(double n_sources, double n, double idle_erl, double inverse)
{
    if (n > n_sources)
        return INFINITY;
    return 1.0 + n / ((n_sources - n + 1.0) * idle_erl) * inverse;
}

static double reciprocal(double n_sources, uint32_t n_circuits, double idle_erl)
{
    double inverse = 1.0;
    for (uint32_t n = 1; n <= n_circuits && isfinite(inverse); n++)
        inverse = next_reciprocal(n_sources, n, idle_erl, inverse);
    return inverse;
}

static rig_status check(uint32_t n_sources, uint32_t n_circuits, double idle_erl, rig_error *err)
{
    rig_status status = rig_domain_count(FORMULA, "n_sources", n_sources, 1, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 0, err);
    if (status == RIG_OK)
        status = rig_domain_not_negative(FORMULA, "idle_erl", idle_erl, err);
    return status;
}

rig_status rig_engset(uint32_t n_sources, uint32_t n_circuits, double idle_erl,
                      rig_engset_figures *figures, rig_error *err)
{
    rig_status status = check(n_sources, n_circuits, idle_erl, err);
    if (status != RIG_OK)
        return status;
    double s = n_sources, n = n_circuits;
    rig_engset_figures f = {.offered_erl = s * (idle_erl / (1.0 + idle_erl))};
    if (n_circuits == 0) {
        f.p_time = f.p_call = f.p_traffic = 1.0;
    } else if (idle_erl > 0.0) {
        /* an arriving caller sees the group without himself: S - 1 sources */
        f.p_time = 1.0 / reciprocal(s, n_circuits, idle_erl);
        f.p_call = 1.0 / reciprocal(s - 1.0, n_circuits, idle_erl);
        f.p_traffic = s > n ? (s - n) / s * f.p_time : 0.0;
    }
    f.carried_erl = f.offered_erl * (1.0 - f.p_traffic);
    *figures = f;
    return RIG_OK;
}

rig_status rig_engset_idle(uint32_t n_sources, double offered_erl, double *idle_erl, rig_error *err)
{
    rig_status status = check(n_sources, 0, 0.0, err);
    if (status != RIG_OK)
        return status;
    if (!(offered_erl >= 0.0 && offered_erl < n_sources))
        return rig_fail(err, RIG_EDOM,
                        "%s: offered_erl %g of %u sources; expected >= 0 and less than an erlang a "
                        "source",
                        FORMULA, offered_erl, n_sources);
    *idle_erl = offered_erl / (n_sources - offered_erl);
    return RIG_OK;
}

rig_status rig_engset_circuits(uint32_t n_sources, double idle_erl, double p_call,
                               uint32_t *n_circuits, rig_error *err)
{
    rig_status status = check(n_sources, 0, idle_erl, err);
    if (status == RIG_OK)
        status = rig_domain_open_share(FORMULA, "p_call", p_call, err);
    if (status != RIG_OK)
        return status;
    double inverse = 1.0;
    uint32_t n = 0;
    while (inverse * p_call < 1.0) { /* ends: with S circuits the reciprocal is INFINITY */
        n++;
        inverse =
            idle_erl > 0.0 ? next_reciprocal(n_sources - 1.0, n, idle_erl, inverse) : INFINITY;
    }
    *n_circuits = n;
    return RIG_OK;
}

typedef struct group {
    double n_sources, log_p_call;
    uint32_t n_circuits;
} group;

static double excess(double idle_erl, void *ctx)
{
    const group *g = ctx;
    double inverse = reciprocal(g->n_sources - 1.0, g->n_circuits, idle_erl);
    return fmax(-log(inverse), -1e6) - g->log_p_call;
}

rig_status rig_engset_load(uint32_t n_sources, uint32_t n_circuits, double p_call, double *idle_erl,
                           rig_error *err)
{
    rig_status status = check(n_sources, n_circuits, 0.0, err);
    if (status == RIG_OK)
        status = rig_domain_open_share(FORMULA, "p_call", p_call, err);
    if (status != RIG_OK)
        return status;
    if (n_circuits == 0 || n_circuits >= n_sources)
        return rig_fail(err, RIG_EDOM,
                        "%s: n_circuits %u for %u sources block %s; expected from 1 to %u circuits",
                        FORMULA, n_circuits, n_sources, n_circuits == 0 ? "all" : "none",
                        n_sources - 1);
    group g = {.n_sources = n_sources, .n_circuits = n_circuits, .log_p_call = log(p_call)};
    double low = 1.0, high = 1.0;
    while (low > 1e-300 && excess(low, &g) > 0.0)
        low /= 4.0;
    while (high < 1e300 && excess(high, &g) < 0.0)
        high *= 4.0;
    status = rig_root_find(excess, &g, low, high, idle_erl);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: no load found for p_call %g", FORMULA, p_call);
    return RIG_OK;
}
