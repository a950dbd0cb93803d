/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verdict/by_part.h"

#include <math.h>
#include <stdlib.h>

#include "verdict/judge/gate.h"

static rig_part_verdict verdict_of(const rig_part_figure *figure, const rig_gate_test *t,
                                   double alpha)
{
    return (rig_part_verdict){.name = figure->name,
                              .metric = figure->ref.metric,
                              .n_entered = figure->n_entered,
                              .n_lost = figure->n_lost,
                              .observed = t->observed,
                              .predicted = t->predicted,
                              .low = t->predicted_low,
                              .high = t->predicted_high,
                              .margin = t->margin,
                              .p_value_holm = t->p_value_holm,
                              .judgement = rig_gate_judge(t, 0.0, alpha)};
}

/* How many enter in the replays, on the mean. Not those that were seen: of a group that a centre
 * never calls these are none, and no figure of it would ever be too far off. */
static double n_entered_of(const rig_prediction *prediction, const rig_part_figure *figure)
{
    const rig_metric_ref ref = {(rig_metric)(RIG_METRIC_N_ENTERED + figure->stage),
                                figure->ref.part};
    const double *n_entered = rig_prediction_samples_of(prediction, ref);
    double sum = 0.0;
    for (size_t i = 0; i < prediction->n_replications; i++)
        sum += n_entered[i];
    return isfinite(sum) ? sum / (double)prediction->n_replications : (double)figure->n_entered;
}

rig_status rig_by_part_judge(const rig_part_figure *figures, size_t n,
                             const rig_prediction *prediction, double alpha,
                             rig_parts_verdict *parts)
{
    rig_gate_test tests[RIG_BY_PART_MOST];
    for (size_t i = 0; i < n; i++) {
        const rig_part_figure *f = &figures[i];
        rig_status status = rig_gate_test_make(rig_prediction_samples_of(prediction, f->ref),
                                               prediction->n_replications, f->observed, &f->margin,
                                               n_entered_of(prediction, f), &tests[i]);
        if (status != RIG_OK)
            return status;
    }
    rig_part_verdict *items = calloc(n + 1, sizeof *items);
    if (items == NULL)
        return RIG_ENOMEM;
    rig_gate_holm(tests, n);
    for (size_t i = 0; i < n; i++)
        items[i] = verdict_of(&figures[i], &tests[i], alpha);
    *parts = (rig_parts_verdict){items, n};
    return RIG_OK;
}

const rig_part_verdict *rig_by_part_failed(const rig_parts_verdict *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        if (parts->items[i].judgement == RIG_JUDGEMENT_FAIL)
            return &parts->items[i];
    return NULL;
}

void rig_by_part_invalidate(rig_parts_verdict *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        parts->items[i].judgement = RIG_JUDGEMENT_INVALID;
}

void rig_by_part_clear(rig_parts_verdict *parts)
{
    free(parts->items);
    *parts = (rig_parts_verdict){.n = 0};
}
