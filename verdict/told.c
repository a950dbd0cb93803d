/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/told.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenarios/backup.h"
#include "verdict/beside.h"
#include "verdict/by_kind.h"

size_t rig_told_figures(const rig_scenario *scenario, rig_metric figures[RIG_TOLD_MOST])
{
    const rig_queue *queue = &scenario->queue;
    size_t n = 0;
    if (queue->deflection.p_accept > 0.0 || queue->keep_place.p_accept > 0.0)
        figures[n++] = RIG_METRIC_DEFLECTION_RATE;
    if (rig_scenario_calls_back(scenario)) {
        figures[n++] = RIG_METRIC_N_CALL_BACKS;
        figures[n++] = RIG_METRIC_N_CALLED_BACK;
        figures[n++] = RIG_METRIC_SERVED_IN_THE_END;
        figures[n++] = RIG_METRIC_CALL_BACK_DELAY_MEAN_S;
        if (scenario->call_back.promise_s > 0.0)
            figures[n++] = RIG_METRIC_PROMISE_KEPT_RATE;
    }
    if (scenario->callers.redial.p_redial > 0.0 && !rig_scenario_calls_back(scenario))
        figures[n++] = RIG_METRIC_SERVED_IN_THE_END;
    if (rig_scenario_has_backup(scenario)) {
        figures[n++] = RIG_METRIC_N_BACKUP_CALLS;
        figures[n++] = RIG_METRIC_BACKUP_CONNECT_RATE;
    }
    if (queue->announcement != RIG_ANNOUNCE_NOTHING) {
        figures[n++] = RIG_METRIC_ANNOUNCED_WAIT_MEAN_S;
        figures[n++] = RIG_METRIC_ANNOUNCEMENT_ERROR_S;
        figures[n++] = RIG_METRIC_BALK_RATE;
    }
    if (rig_scenario_has_emergency(scenario))
        figures[n++] = RIG_METRIC_EMERGENCY_TALK_RATE;
    return n;
}

/* A tenth of the callers who are served would be far too many to lose: of these no share counts. */
static rig_margin margin_of(const rig_scenario *scenario, rig_metric metric)
{
    rig_margin margin = rig_by_kind_margin(scenario, metric);
    if (metric == RIG_METRIC_SERVED_IN_THE_END)
        margin.margin_share = 0.0;
    return margin;
}

rig_status rig_told_judge(const rig_scenario *scenario, const double *observed,
                          const rig_prediction *prediction, double alpha, rig_parts_verdict *told)
{
    rig_metric asked[RIG_TOLD_MOST];
    rig_part_figure figures[RIG_TOLD_MOST];
    const size_t n_asked = rig_told_figures(scenario, asked);
    size_t n = 0;
    for (size_t i = 0; i < n_asked; i++) {
        const rig_metric_ref ref = {asked[i], RIG_METRIC_WHOLE};
        if (isnan(observed[ref.metric]) || !rig_by_kind_is_replayed(prediction, ref))
            continue;
        figures[n++] = (rig_part_figure){
            .name = rig_metric_describe(ref.metric)->name,
            .ref = ref,
            .stage = RIG_STAGE_QUEUE,
            .n_entered = (uint64_t)observed[RIG_METRIC_N_ENTERED + RIG_STAGE_QUEUE],
            .n_lost = (uint64_t)observed[RIG_METRIC_N_LOST + RIG_STAGE_QUEUE],
            .observed = observed[ref.metric],
            .margin = margin_of(scenario, ref.metric)};
    }
    return n > 0 ? rig_by_part_judge(figures, n, prediction, alpha, told) : RIG_OK;
}

void rig_told_say(const rig_part_verdict *v, char *text, size_t size)
{
    const size_t used = strlen(text);
    char observed[48], predicted[160];
    if (used >= size)
        return;
    rig_beside_text(v->metric, v->observed, observed, sizeof observed);
    rig_beside_interval(v->metric, v->predicted, v->low, v->high, predicted, sizeof predicted);
    (void)snprintf(text + used, size - used, "%s is %s, predicted %s", v->name, observed,
                   predicted);
}
