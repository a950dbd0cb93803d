/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/classes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios/scope.h"
#include "verdict/beside.h"
#include "verdict/judge/gate.h"

rig_metric rig_class_figure_metric(rig_class_figure figure)
{
    return figure == RIG_CLASS_WAIT ? RIG_METRIC_WAIT_MEAN_S
                                    : (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE);
}

const char *rig_class_figure_name(rig_class_figure figure)
{
    return figure == RIG_CLASS_WAIT ? "wait_mean_s" : "lost_queue";
}

rig_margin rig_by_class_margin(const rig_scenario *scenario, rig_class_figure figure)
{
    rig_margin margin = scenario->gate.margin[RIG_STAGE_QUEUE];
    if (figure == RIG_CLASS_WAIT) {
        margin.margin_pp = 100.0 * RIG_CLASS_LEAST_WIRE_S * scenario->time_scale;
        margin.margin_widens = true;
    }
    return margin;
}

/* Whether each replay has the figure. */
static bool is_replayed(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            return false;
    }
    return n > 0;
}

static rig_status test_figure(const rig_scenario *scenario, const rig_observed_part *part,
                              const rig_prediction *prediction, rig_metric_ref ref,
                              rig_class_verdict *v, rig_gate_test *test)
{
    const rig_margin margin = rig_by_class_margin(scenario, v->figure);
    v->n_entered = (uint64_t)part->metrics[RIG_METRIC_N_ENTERED + RIG_STAGE_QUEUE];
    v->n_lost = (uint64_t)part->metrics[RIG_METRIC_N_LOST + RIG_STAGE_QUEUE];
    return rig_gate_test_make(rig_prediction_samples_of(prediction, ref),
                              prediction->n_replications, part->metrics[ref.metric], &margin,
                              (double)v->n_entered, test);
}

static void fill(const rig_gate_test *t, double alpha, rig_class_verdict *v)
{
    v->observed = t->observed;
    v->predicted = t->predicted;
    v->low = t->predicted_low;
    v->high = t->predicted_high;
    v->margin = t->margin;
    v->p_value_holm = t->p_value_holm;
    v->judgement = rig_gate_judge(t, 0.0, alpha);
}

rig_status rig_by_class_judge(const rig_scenario *scenario, const rig_observed_part *parts,
                              const rig_prediction *prediction, double alpha,
                              rig_classes_verdict *classes)
{
    enum { MOST = RIG_MAX_GROUPS * RIG_N_CLASS_FIGURES };
    const uint32_t first = rig_scope_first(scenario, RIG_SCOPE_CLASSES);
    const size_t n_classes = scenario->callers.n_classes;
    rig_gate_test tests[MOST];
    size_t n = 0;
    rig_status status = RIG_OK;
    if (first == RIG_METRIC_WHOLE || parts == NULL || n_classes > RIG_MAX_GROUPS)
        return RIG_OK;
    rig_class_verdict *items = calloc(n_classes * RIG_N_CLASS_FIGURES, sizeof *items);
    if (items == NULL)
        return RIG_ENOMEM;
    for (uint32_t i = 0; i < n_classes * RIG_N_CLASS_FIGURES && status == RIG_OK; i++) {
        const uint32_t index = i / RIG_N_CLASS_FIGURES;
        rig_class_verdict v = {.name = scenario->callers.classes[index].name,
                               .figure = (rig_class_figure)(i % RIG_N_CLASS_FIGURES)};
        const rig_metric_ref ref = {rig_class_figure_metric(v.figure), first + index};
        const rig_observed_part *part = &parts[ref.part - 1];
        if (!part->is_seen || isnan(part->metrics[ref.metric]) ||
            !is_replayed(rig_prediction_samples_of(prediction, ref), prediction->n_replications))
            continue;
        status = test_figure(scenario, part, prediction, ref, &v, &tests[n]);
        items[n++] = v;
    }
    if (status != RIG_OK) {
        free(items);
        return status;
    }
    rig_gate_holm(tests, n);
    for (size_t i = 0; i < n; i++)
        fill(&tests[i], alpha, &items[i]);
    *classes = (rig_classes_verdict){items, n};
    return RIG_OK;
}

const rig_class_verdict *rig_by_class_failed(const rig_classes_verdict *classes)
{
    for (size_t i = 0; i < classes->n; i++)
        if (classes->items[i].judgement == RIG_JUDGEMENT_FAIL)
            return &classes->items[i];
    return NULL;
}

void rig_by_class_say(const rig_class_verdict *v, char *text, size_t size)
{
    const rig_metric metric = rig_class_figure_metric(v->figure);
    const size_t used = strlen(text);
    char observed[48], predicted[160];
    rig_beside_text(metric, v->observed, observed, sizeof observed);
    rig_beside_interval(metric, v->predicted, v->low, v->high, predicted, sizeof predicted);
    if (used < size && v->figure == RIG_CLASS_WAIT)
        (void)snprintf(text + used, size - used,
                       "callers of class %s wait for %s in the queue, predicted %s", v->name,
                       observed, predicted);
    else if (used < size)
        (void)snprintf(text + used, size - used,
                       "callers of class %s lose %s in the queue, predicted %s", v->name, observed,
                       predicted);
}

void rig_by_class_clear(rig_classes_verdict *classes)
{
    free(classes->items);
    *classes = (rig_classes_verdict){.n = 0};
}
