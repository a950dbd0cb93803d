/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/hayward.h"

#include <math.h>

#include "models/domain.h"
#include "models/erlang_b.h"

#define FORMULA "hayward"

static rig_status check(double offered_erl, double peakedness, rig_error *err)
{
    rig_status status = rig_domain_not_negative(FORMULA, "offered_erl", offered_erl, err);
    if (status == RIG_OK)
        status = rig_domain_positive(FORMULA, "peakedness", peakedness, err);
    return status;
}

rig_status rig_hayward(double offered_erl, double peakedness, uint32_t n_circuits, double *p_block,
                       rig_error *err)
{
    rig_status status = check(offered_erl, peakedness, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 0, err);
    if (status != RIG_OK)
        return status;
    return rig_erlang_b_continuous(offered_erl / peakedness, n_circuits / peakedness, p_block, err);
}

rig_status rig_hayward_circuits(double offered_erl, double peakedness, double p_block,
                                uint32_t *n_circuits, rig_error *err)
{
    rig_status status = check(offered_erl, peakedness, err);
    if (status == RIG_OK)
        status = rig_domain_open_share(FORMULA, "p_block", p_block, err);
    if (status != RIG_OK)
        return status;
    if (offered_erl == 0.0) {
        *n_circuits = 1;
        return RIG_OK;
    }
    double scaled;
    status = rig_erlang_b_circuits_continuous(offered_erl / peakedness, p_block, &scaled, err);
    if (status != RIG_OK)
        return status;
    double n = ceil(scaled * peakedness * (1.0 - 1e-13)); /* a whole number stays itself */
    if (n > RIG_MAX_SERVERS)
        return rig_domain_count(FORMULA, "n_circuits", UINT32_MAX, 0, err);
    *n_circuits = (uint32_t)n;
    return RIG_OK;
}

rig_status rig_hayward_load(uint32_t n_circuits, double peakedness, double p_block,
                            double *offered_erl, rig_error *err)
{
    double scaled;
    rig_status status = check(0.0, peakedness, err);
    if (status == RIG_OK)
        status = rig_domain_count(FORMULA, "n_circuits", n_circuits, 1, err);
    if (status == RIG_OK)
        status = rig_erlang_b_load(n_circuits / peakedness, p_block, &scaled, err);
    if (status == RIG_OK)
        *offered_erl = scaled * peakedness;
    return status;
}
