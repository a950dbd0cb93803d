/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/carriers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scope.h"
#include "verdict/judge/gate.h"

static const rig_metric LOST_AT_TRUNK = RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_TRUNK;

static bool are_apart(const rig_scenario *scenario)
{
    const uint32_t first = rig_scope_first(scenario, RIG_SCOPE_TRUNKS);
    return first != RIG_METRIC_WHOLE && rig_scope_has(scenario, first, LOST_AT_TRUNK);
}

size_t rig_by_carrier_of(const rig_call *call, const rig_scenario *scenario, size_t planned)
{
    for (size_t i = 0; i < scenario->n_trunks && call->carrier != NULL; i++)
        if (strcmp(call->carrier, scenario->trunks[i].name) == 0)
            return i;
    return planned;
}

static void count(const rig_join *join, const rig_schedule *schedule, const rig_scenario *scenario,
                  rig_carrier_verdict *items)
{
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call == NULL)
            continue;
        rig_carrier_verdict *v =
            &items[rig_by_carrier_of(call, scenario, schedule->calls[i].trunk)];
        v->n_offered++;
        v->n_lost += call->outcome == RIG_OUTCOME_LOST_TRUNK;
    }
}

static void fill(const rig_gate_test *t, double alpha, rig_carrier_verdict *v)
{
    v->p_observed = t->observed;
    v->p_predicted = t->predicted;
    v->predicted_low = t->predicted_low;
    v->predicted_high = t->predicted_high;
    v->margin = t->margin;
    v->p_value_holm = t->p_value_holm;
    v->judgement = rig_gate_judge(t, 0.0, alpha);
}

rig_status rig_by_carrier_judge(const rig_join *join, const rig_schedule *schedule,
                                const rig_scenario *scenario, const rig_prediction *prediction,
                                double alpha, rig_carriers_verdict *carriers)
{
    const uint32_t first = rig_scope_first(scenario, RIG_SCOPE_TRUNKS);
    rig_gate_test tests[RIG_MAX_GROUPS];
    size_t n = 0;
    if (!are_apart(scenario) || join->is_cut || scenario->n_trunks > RIG_MAX_GROUPS)
        return RIG_OK;
    rig_carrier_verdict *items = calloc(scenario->n_trunks, sizeof *items);
    rig_status status = items == NULL ? RIG_ENOMEM : RIG_OK;
    if (status == RIG_OK)
        count(join, schedule, scenario, items);
    for (uint32_t i = 0; i < scenario->n_trunks && status == RIG_OK; i++) {
        rig_carrier_verdict v = items[i];
        if (v.n_offered == 0)
            continue;
        v.name = scenario->trunks[i].name;
        const rig_metric_ref ref = {LOST_AT_TRUNK, first + i};
        status = rig_gate_test_make(
            rig_prediction_samples_of(prediction, ref), prediction->n_replications,
            (double)v.n_lost / (double)v.n_offered, &scenario->gate.margin[RIG_STAGE_TRUNK],
            (double)v.n_offered, &tests[n]);
        items[n++] = v;
    }
    if (status != RIG_OK) {
        free(items);
        return status;
    }
    rig_gate_holm(tests, n);
    for (size_t i = 0; i < n; i++)
        fill(&tests[i], alpha, &items[i]);
    *carriers = (rig_carriers_verdict){items, n};
    return RIG_OK;
}

const rig_carrier_verdict *rig_by_carrier_failed(const rig_carriers_verdict *carriers)
{
    for (size_t i = 0; i < carriers->n; i++)
        if (carriers->items[i].judgement == RIG_JUDGEMENT_FAIL)
            return &carriers->items[i];
    return NULL;
}

void rig_by_carrier_say(const rig_carrier_verdict *v, char *text, size_t size)
{
    (void)snprintf(text, size,
                   "calls by %s lose %.2f %% at the trunk, predicted %.2f %% (%.2f..%.2f)", v->name,
                   100.0 * v->p_observed, 100.0 * v->p_predicted, 100.0 * v->predicted_low,
                   100.0 * v->predicted_high);
}

void rig_by_carrier_clear(rig_carriers_verdict *carriers)
{
    free(carriers->items);
    *carriers = (rig_carriers_verdict){.n = 0};
}
