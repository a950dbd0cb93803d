/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/carriers.h"

#include <stdio.h>
#include <string.h>

#include "scenarios/scope.h"

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
                  rig_part_figure *figures)
{
    for (size_t i = 0; i < join->n_planned; i++) {
        const rig_call *call = join->observed[i];
        if (call == NULL)
            continue;
        rig_part_figure *f = &figures[rig_by_carrier_of(call, scenario, schedule->calls[i].trunk)];
        f->n_entered++;
        f->n_lost += call->outcome == RIG_OUTCOME_LOST_TRUNK;
    }
}

rig_status rig_by_carrier_judge(const rig_join *join, const rig_schedule *schedule,
                                const rig_scenario *scenario, const rig_prediction *prediction,
                                double alpha, rig_parts_verdict *carriers)
{
    const uint32_t first = rig_scope_first(scenario, RIG_SCOPE_TRUNKS);
    rig_part_figure figures[RIG_MAX_GROUPS] = {{.n_entered = 0}};
    size_t n = 0;
    if (!are_apart(scenario) || join->is_cut || scenario->n_trunks > RIG_MAX_GROUPS)
        return RIG_OK;
    count(join, schedule, scenario, figures);
    for (uint32_t i = 0; i < scenario->n_trunks; i++) {
        rig_part_figure f = figures[i];
        if (f.n_entered == 0)
            continue;
        f.name = scenario->trunks[i].name;
        f.ref = (rig_metric_ref){LOST_AT_TRUNK, first + i};
        f.observed = (double)f.n_lost / (double)f.n_entered;
        f.margin = scenario->gate.margin[RIG_STAGE_TRUNK];
        figures[n++] = f;
    }
    return rig_by_part_judge(figures, n, prediction, alpha, carriers);
}

void rig_by_carrier_say(const rig_part_verdict *v, char *text, size_t size)
{
    (void)snprintf(text, size,
                   "calls by %s lose %.2f %% at the trunk, predicted %.2f %% (%.2f..%.2f)", v->name,
                   100.0 * v->observed, 100.0 * v->predicted, 100.0 * v->low, 100.0 * v->high);
}
