/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/classes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scenarios/scope.h"
#include "verdict/beside.h"

/* Of each class, in this order. */
static const rig_metric judged[] = {RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE,
                                    RIG_METRIC_WAIT_MEAN_S};

enum { N_JUDGED = sizeof judged / sizeof *judged };

_Static_assert((int)N_JUDGED *RIG_MAX_GROUPS <= RIG_BY_PART_MOST, "figures of all classes");

rig_margin rig_by_class_margin(const rig_scenario *scenario, rig_metric metric)
{
    rig_margin margin = scenario->gate.margin[RIG_STAGE_QUEUE];
    if (rig_metric_is_time(metric)) {
        margin.margin_pp = 100.0 * RIG_CLASS_LEAST_WIRE_S * scenario->time_scale;
        margin.margin_widens = true;
    }
    return margin;
}

/* Whether each replay has the figure. */
static bool is_replayed(const rig_prediction *prediction, rig_metric_ref ref)
{
    const double *values = rig_prediction_samples_of(prediction, ref);
    for (size_t i = 0; i < prediction->n_replications; i++) {
        if (!isfinite(values[i]))
            return false;
    }
    return prediction->n_replications > 0;
}

rig_status rig_by_class_judge(const rig_scenario *scenario, const rig_observed_part *parts,
                              const rig_prediction *prediction, double alpha,
                              rig_parts_verdict *classes)
{
    const uint32_t first = rig_scope_first(scenario, RIG_SCOPE_CLASSES);
    const size_t n_classes = scenario->callers.n_classes;
    rig_part_figure figures[RIG_BY_PART_MOST];
    size_t n = 0;
    if (first == RIG_METRIC_WHOLE || parts == NULL || n_classes > RIG_MAX_GROUPS)
        return RIG_OK;
    for (uint32_t i = 0; i < n_classes * N_JUDGED; i++) {
        const uint32_t index = i / N_JUDGED;
        const rig_metric_ref ref = {judged[i % N_JUDGED], first + index};
        const rig_observed_part *part = &parts[ref.part - 1];
        const double *m = part->metrics;
        if (!part->is_seen || isnan(m[ref.metric]) || !is_replayed(prediction, ref))
            continue;
        figures[n++] =
            (rig_part_figure){.name = scenario->callers.classes[index].name,
                              .ref = ref,
                              .n_entered = (uint64_t)m[RIG_METRIC_N_ENTERED + RIG_STAGE_QUEUE],
                              .n_lost = (uint64_t)m[RIG_METRIC_N_LOST + RIG_STAGE_QUEUE],
                              .observed = m[ref.metric],
                              .margin = rig_by_class_margin(scenario, ref.metric)};
    }
    return rig_by_part_judge(figures, n, prediction, alpha, classes);
}

void rig_by_class_say(const rig_part_verdict *v, char *text, size_t size)
{
    const size_t used = strlen(text);
    char observed[48], predicted[160];
    rig_beside_text(v->metric, v->observed, observed, sizeof observed);
    rig_beside_interval(v->metric, v->predicted, v->low, v->high, predicted, sizeof predicted);
    if (used < size && rig_metric_is_time(v->metric))
        (void)snprintf(text + used, size - used,
                       "callers of class %s wait for %s in the queue, predicted %s", v->name,
                       observed, predicted);
    else if (used < size)
        (void)snprintf(text + used, size - used,
                       "callers of class %s lose %s in the queue, predicted %s", v->name, observed,
                       predicted);
}
