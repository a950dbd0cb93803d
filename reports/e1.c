/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/e1.h"

#include <stddef.h>

#include "models/erlang_b.h"

uint32_t rig_e1_of_circuits(uint32_t n_circuits)
{
    return n_circuits / RIG_E1_CIRCUITS + (n_circuits % RIG_E1_CIRCUITS != 0);
}

uint32_t rig_e1_for_loss(double offered_erl, double p_lost)
{
    uint32_t n_circuits = 0;
    if (!(offered_erl > 0) ||
        rig_erlang_b_circuits(offered_erl, p_lost, &n_circuits, NULL) != RIG_OK)
        return 0;
    return rig_e1_of_circuits(n_circuits);
}
