/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures of carriers, classes and skills. */
#include <math.h>
#include <stdlib.h>

#include "models/parts.h"
#include "scenarios/registration.h"
#include "scenarios/scope.h"
#include "verdict/judge/circuits.h"
#include "verdict/judge/cut.h"
#include "verdict/judge/occupancy.h"
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
        if (call == NULL || !rig_join_counts(join, i))
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

/* The circuits of a carrier, where they can be told. */
static rig_status measure_circuits(const rig_join *join, const rig_schedule *schedule,
                                   const rig_scenario *scenario, uint32_t part,
                                   int64_t start_epoch_ns, rig_observed_part *to)
{
    const rig_scope_part p = rig_scope_part_of(scenario, part);
    rig_calls calls = {.items = NULL};
    if (p.kind != RIG_SCOPE_TRUNKS || !rig_observed_tells_circuits(scenario))
        return RIG_OK;
    calls.items = malloc((join->n_planned + 1) * sizeof *calls.items);
    if (calls.items == NULL)
        return RIG_ENOMEM;
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_parts parts = rig_parts_of(schedule, scenario, i, RIG_STAGE_TRUNK);
        if (join->observed[i] != NULL && is_in(&parts, part))
            calls.items[calls.n++] = *join->observed[i]; /* what it owns is the join's */
    }
    rig_status status =
        rig_observed_carrier_circuits(&calls, scenario, p.index, start_epoch_ns, to->metrics);
    free(calls.items);
    return status;
}

/* Of a group of agents. A capture that does not tell its agents shows nothing of them. */
static void measure_agents(const rig_join *join, const rig_scenario *scenario, uint32_t part,
                           int64_t start_epoch_ns, rig_observed_part *to)
{
    const rig_scope_part p = rig_scope_part_of(scenario, part);
    if (p.kind != RIG_SCOPE_AGENTS)
        return;
    rig_metric_counts counts = {.n_talks = 0};
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call == NULL || call->t_agent_ring_ns == RIG_NO_TIME)
            continue;
        const size_t rung = rig_scenario_group_of_user(scenario, call->agent);
        if (rung == scenario->n_agents) {
            to->is_seen = false; /* whose phone rang is not known, or nobody's of the scenario */
            to->tally = (rig_tally){.n_offered = 0};
            return;
        }
        to->is_seen = true;
        if (rung != p.index || !rig_join_counts(join, i))
            continue;
        rig_tally_add(&to->tally, call->outcome, rig_cut_stage(join, call));
        rig_measured_add_talk(call, scenario, &counts);
    }
    if (counts.n_talks > 0)
        to->metrics[RIG_METRIC_TALK_MEAN_S] = counts.talks_s / (double)counts.n_talks;
    to->metrics[RIG_METRIC_OCCUPANCY] =
        rig_occupancy(join, scenario, start_epoch_ns, &scenario->agents[p.index]);
    to->metrics[RIG_METRIC_N_ENTERED + RIG_STAGE_AGENT] =
        (double)rig_tally_entered(&to->tally, RIG_STAGE_AGENT);
    to->metrics[RIG_METRIC_N_LOST + RIG_STAGE_AGENT] =
        (double)rig_tally_lost(&to->tally, RIG_STAGE_AGENT);
}

rig_status rig_observed_add_parts(const rig_join *join, const rig_schedule *schedule,
                                  const rig_scenario *scenario, int64_t start_epoch_ns,
                                  rig_observed *observed)
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
    for (uint32_t part = 1; part <= n && status == RIG_OK; part++) {
        rig_observed_part *to = &parts[part - 1];
        to->is_seen = rig_parts_are_seen(scenario, part);
        for (int i = 0; i < RIG_N_METRICS; i++)
            to->metrics[i] = (double)NAN;
        if (!to->is_seen) {
            measure_agents(join, scenario, part, start_epoch_ns, to);
            continue;
        }
        measure(join, schedule, scenario, part, &m);
        fill(scenario, part, &m, to);
        status = measure_circuits(join, schedule, scenario, part, start_epoch_ns, to);
    }
    rig_measured_clear(&m);
    if (status != RIG_OK) {
        free(parts);
        return status;
    }
    observed->parts = parts;
    observed->n_parts = n;
    return RIG_OK;
}
