/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints what peakrig's formulas give on a grid, for cross_check.m to compare with Octave's
 * queueing package: one line a value, "NAME ARGUMENT... VALUE". */
#include <stdio.h>
#include <stdlib.h>

#include "models/engset.h"
#include "models/erlang_a.h"
#include "models/erlang_b.h"
#include "models/erlang_c.h"
#include "models/mmck.h"

static void expect(rig_status status)
{
    if (status != RIG_OK)
        exit(1);
}

static void loss(double offered_erl, uint32_t n)
{
    double p_block;
    expect(rig_erlang_b(offered_erl, n, &p_block, NULL));
    printf("b %.17g %u 0 0 %.17g\n", offered_erl, n, p_block);
}

static void queue(double offered_erl, uint32_t n)
{
    rig_erlang_c_figures f;
    if (offered_erl >= n)
        return;
    expect(rig_erlang_c(&(rig_erlang_c_input){offered_erl, n, 180, 20}, &f, NULL));
    printf("c %.17g %u 0 0 %.17g\n", offered_erl, n, f.p_wait);
    printf("c_wait %.17g %u 0 0 %.17g\n", offered_erl, n, f.mean_wait_s);
}

static void room(double offered_erl, uint32_t c, uint32_t n_places)
{
    rig_mmck_figures f;
    expect(rig_mmck(&(rig_mmck_input){offered_erl, c, n_places, 180, 20}, &f, NULL));
    printf("mmck %.17g %u %u 0 %.17g\n", offered_erl, c, n_places, f.p_block);
    printf("mmck_wait %.17g %u %u 0 %.17g\n", offered_erl, c, n_places, f.mean_wait_s);
}

static void impatient(double offered_erl, uint32_t n, double patience_s)
{
    rig_erlang_a_figures f;
    expect(rig_erlang_a(&(rig_erlang_a_input){offered_erl, n, 180, patience_s, 20}, &f, NULL));
    printf("a %.17g %u %.17g 0 %.17g\n", offered_erl, n, patience_s, f.p_abandon);
    printf("a_wait %.17g %u %.17g 0 %.17g\n", offered_erl, n, patience_s, f.p_wait);
}

static void sources(uint32_t s, uint32_t n, double idle_erl)
{
    rig_engset_figures f;
    expect(rig_engset(s, n, idle_erl, &f, NULL));
    printf("engset %u %u %.17g 0 %.17g\n", s, n, idle_erl, f.p_call);
    printf("engset_time %u %u %.17g 0 %.17g\n", s, n, idle_erl, f.p_time);
}

int main(void)
{
    static const double loads[] = {0.05, 0.9, 4, 13.7, 40, 95};
    static const uint32_t counts[] = {1, 5, 14, 45, 100};
    for (size_t i = 0; i < sizeof loads / sizeof *loads; i++) {
        for (size_t j = 0; j < sizeof counts / sizeof *counts; j++) {
            loss(loads[i], counts[j]);
            queue(loads[i], counts[j]);
            room(loads[i], counts[j], counts[j]);
            room(loads[i], counts[j], counts[j] + 7);
            room(loads[i], counts[j], 2 * counts[j] + 20);
            impatient(loads[i], counts[j], 30);
            impatient(loads[i], counts[j], 400);
        }
    }
    for (uint32_t s = 2; s < 200; s = 3 * s + 1) {
        for (uint32_t n = 1; n < s; n = 2 * n + 1) {
            sources(s, n, 0.02);
            sources(s, n, 0.4);
        }
    }
    return 0;
}
