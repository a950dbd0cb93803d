/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of carriers, classes and skills. */
#include <math.h>
#include <stdlib.h>

#include "models/parts.h"
#include "scenarios/scope.h"
#include "verdict/judge/cut.h"
#include "verdict/measured.h"
#include "verdict/observed.h"

static bool is_in(const rig_parts *parts, uint32_t part)
{
    for (size_t i = 0; i < parts->n; i++) {
        if (parts->part[i] == part)
            return true;
    }
    return false;
}

/* The calls of one part. */
static void measure(const rig_join *join, const rig_schedule *schedule,
                    const rig_scenario *scenario, uint32_t part, rig_measured *m)
{
    rig_measured_reset(m);
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call == NULL)
            continue;
        const rig_stage stage = rig_cut_stage(join, call);
        const rig_parts parts = rig_parts_of(schedule, scenario, i, stage);
        if (!is_in(&parts, part))
            continue;
        rig_tally_add(&m->tally, call->outcome, stage);
        rig_measured_add(call, scenario, m);
    }
}

static void fill(const rig_scenario *scenario, uint32_t part, rig_measured *m,
                 rig_observed_part *to)
{
    rig_measured_fill(m, to->metrics);
    to->tally = m->tally;
    to->counts = m->counts;
    for (int i = 0; i < RIG_N_METRICS; i++) {
        if (!rig_scope_has(scenario, part, (rig_metric)i))
            to->metrics[i] = (double)NAN;
    }
}

rig_status rig_observed_add_parts(const rig_join *join, const rig_schedule *schedule,
                                  const rig_scenario *scenario, rig_observed *observed)
{
    const uint32_t n = rig_scope_n_parts(scenario);
    rig_observed_part *parts = calloc(n + (size_t)1, sizeof *parts);
    rig_measured m;
    rig_status status = rig_measured_make(join->n_planned, &m);
    if (parts == NULL || status != RIG_OK) {
        free(parts);
        rig_measured_clear(&m);
        return RIG_ENOMEM;
    }
    for (uint32_t part = 1; part <= n; part++) {
        rig_observed_part *to = &parts[part - 1];
        to->is_seen = rig_parts_are_seen(scenario, part);
        for (int i = 0; i < RIG_N_METRICS; i++)
            to->metrics[i] = (double)NAN;
        if (!to->is_seen)
            continue;
        measure(join, schedule, scenario, part, &m);
        fill(scenario, part, &m, to);
    }
    rig_measured_clear(&m);
    observed->parts = parts;
    observed->n_parts = n;
    return RIG_OK;
}
