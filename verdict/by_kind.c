/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/by_kind.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenarios/own_durations.h"
#include "scenarios/scope.h"
#include "verdict/beside.h"

/* Of each part, in this order. */
static const rig_metric of_calls[] = {RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE,
                                      RIG_METRIC_WAIT_MEAN_S};
/* The last one where groups have talks of their own. */
static const rig_metric of_agents[] = {RIG_METRIC_OCCUPANCY, RIG_METRIC_TALK_MEAN_S};

enum {
    N_OF_CALLS = sizeof of_calls / sizeof *of_calls,
    N_OF_AGENTS = sizeof of_agents / sizeof *of_agents
};

_Static_assert((int)N_OF_AGENTS <= (int)N_OF_CALLS, "figures of a part");
_Static_assert((int)N_OF_CALLS *RIG_MAX_GROUPS <= RIG_BY_PART_MOST, "figures of all parts");

rig_margin rig_by_kind_margin(const rig_scenario *scenario, rig_metric metric)
{
    rig_margin margin = scenario->gate.margin[RIG_STAGE_QUEUE];
    if (metric == RIG_METRIC_OCCUPANCY)
        margin.margin_pp = RIG_KIND_LEAST_OCCUPANCY_PP;
    else if (rig_metric_is_time(metric))
        margin.margin_pp = 100.0 * RIG_KIND_LEAST_WIRE_S * scenario->time_scale;
    if (metric == RIG_METRIC_OCCUPANCY || rig_metric_is_time(metric))
        margin.margin_widens = true;
    return margin;
}

bool rig_by_kind_is_replayed(const rig_prediction *prediction, rig_metric_ref ref)
{
    const double *values = rig_prediction_samples_of(prediction, ref);
    for (size_t i = 0; i < prediction->n_replications; i++) {
        if (!isfinite(values[i]))
            return false;
    }
    return prediction->n_replications > 0;
}

rig_status rig_by_kind_judge(const rig_scenario *scenario, rig_scope_kind kind,
                             const rig_observed_part *parts, const rig_prediction *prediction,
                             double alpha, rig_parts_verdict *kinds)
{
    const uint32_t first = rig_scope_first(scenario, kind), n_kind = rig_scope_n_of(scenario, kind);
    const bool is_of_agents = kind == RIG_SCOPE_AGENTS;
    const rig_stage stage = is_of_agents ? RIG_STAGE_AGENT : RIG_STAGE_QUEUE;
    const rig_metric *judged = is_of_agents ? of_agents : of_calls;
    const uint32_t n_of_agents = rig_scenario_has_group_talks(scenario) ? N_OF_AGENTS : 1;
    const uint32_t n_judged = is_of_agents ? n_of_agents : N_OF_CALLS;
    rig_part_figure figures[RIG_BY_PART_MOST];
    size_t n = 0;
    if (n_kind == 0 || n_kind > RIG_MAX_GROUPS || parts == NULL)
        return RIG_OK;
    for (uint32_t i = 0; i < n_kind * n_judged; i++) {
        const rig_metric_ref ref = {judged[i % n_judged], first + i / n_judged};
        const rig_observed_part *part = &parts[ref.part - 1];
        const double *m = part->metrics;
        if (!part->is_seen || isnan(m[ref.metric]) || !rig_by_kind_is_replayed(prediction, ref))
            continue;
        figures[n++] = (rig_part_figure){.name = rig_scope_part_name(scenario, ref.part),
                                         .ref = ref,
                                         .stage = stage,
                                         .n_entered = (uint64_t)m[RIG_METRIC_N_ENTERED + stage],
                                         .n_lost = (uint64_t)m[RIG_METRIC_N_LOST + stage],
                                         .observed = m[ref.metric],
                                         .margin = rig_by_kind_margin(scenario, ref.metric)};
    }
    return rig_by_part_judge(figures, n, prediction, alpha, kinds);
}

void rig_by_kind_say(rig_scope_kind kind, const rig_part_verdict *v, char *text, size_t size)
{
    const size_t used = strlen(text);
    const bool is_wait = rig_metric_is_time(v->metric);
    char observed[48], predicted[160];
    if (used >= size)
        return;
    text += used;
    size -= used;
    rig_beside_text(v->metric, v->observed, observed, sizeof observed);
    rig_beside_interval(v->metric, v->predicted, v->low, v->high, predicted, sizeof predicted);
    if (kind == RIG_SCOPE_AGENTS && is_wait)
        (void)snprintf(text, size, "talks with agents of %s last %s, predicted %s", v->name,
                       observed, predicted);
    else if (kind == RIG_SCOPE_AGENTS)
        (void)snprintf(text, size, "agents of %s are busy for %s of their time, predicted %s",
                       v->name, observed, predicted);
    else if (kind == RIG_SCOPE_SKILLS && is_wait)
        (void)snprintf(text, size, "calls for skill %s wait for %s in the queue, predicted %s",
                       v->name, observed, predicted);
    else if (kind == RIG_SCOPE_SKILLS)
        (void)snprintf(text, size, "calls for skill %s lose %s in the queue, predicted %s", v->name,
                       observed, predicted);
    else if (is_wait)
        (void)snprintf(text, size, "callers of class %s wait for %s in the queue, predicted %s",
                       v->name, observed, predicted);
    else
        (void)snprintf(text, size, "callers of class %s lose %s in the queue, predicted %s",
                       v->name, observed, predicted);
}
