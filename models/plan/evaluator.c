/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan_evaluator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

rig_status rig_plan_evaluator_scenario(const rig_plan_evaluator *evaluator, const size_t *index,
                                       rig_scenario **scenario, rig_error *err)
{
    const size_t n_given = evaluator->n_overrides;
    char *made[RIG_PLAN_MAX_AXES] = {NULL};
    const char **overrides = calloc(n_given + RIG_PLAN_MAX_AXES, sizeof *overrides);
    rig_status status = RIG_ENOMEM;
    if (overrides == NULL)
        goto out;
    for (size_t i = 0; i < n_given; i++)
        overrides[i] = evaluator->overrides[i];
    for (size_t a = 0; a < evaluator->n_axes; a++) {
        const rig_plan_axis *axis = &evaluator->axes[a];
        if (asprintf(&made[a], "%s=%s", axis->key, axis->values[index[a]].text) < 0) {
            made[a] = NULL;
            goto out;
        }
        overrides[n_given + a] = made[a];
    }
    status =
        rig_scenario_read(evaluator->path, overrides, n_given + evaluator->n_axes, scenario, err);
out:
    for (size_t a = 0; a < RIG_PLAN_MAX_AXES; a++)
        free(made[a]);
    free(overrides);
    return status == RIG_ENOMEM ? rig_fail(err, status, "plan: out of memory") : status;
}

rig_status rig_plan_evaluator_check(const rig_plan_evaluator *evaluator, rig_error *err)
{
    for (size_t a = 0; a < evaluator->n_axes; a++) {
        for (size_t v = 0; v < evaluator->axes[a].n; v++) {
            size_t index[RIG_PLAN_MAX_AXES] = {0};
            rig_scenario *scenario = NULL;
            rig_error why = {0};
            index[a] = v;
            rig_status status = rig_plan_evaluator_scenario(evaluator, index, &scenario, &why);
            rig_scenario_free(scenario);
            if (status != RIG_OK)
                return rig_fail(err, status, "with %s = %s: %s", evaluator->axes[a].key,
                                evaluator->axes[a].values[v].text, why.text);
        }
    }
    return RIG_OK;
}

rig_status rig_plan_evaluator_run(const rig_plan_evaluator *evaluator, const size_t *index,
                                  uint32_t n_before, uint32_t n_replications, double *samples,
                                  rig_error *err)
{
    rig_scenario *scenario = NULL;
    rig_prediction *prediction = NULL;
    const rig_predict_options how = {.n_replications = n_replications,
                                     .n_before = n_before,
                                     .n_threads = evaluator->n_threads,
                                     .team = evaluator->team,
                                     .stop = evaluator->stop,
                                     .progress = evaluator->progress,
                                     .ctx = evaluator->ctx};
    rig_status status = rig_plan_evaluator_scenario(evaluator, index, &scenario, err);
    if (status == RIG_OK)
        status = rig_predict(scenario, &how, &prediction, err);
    for (int m = 0; m < RIG_N_METRICS && status == RIG_OK; m++)
        memcpy(samples + (size_t)m * n_replications,
               rig_prediction_samples(prediction, (rig_metric)m), n_replications * sizeof *samples);
    for (size_t r = 0; r < evaluator->n_requirements && status == RIG_OK; r++) {
        const rig_plan_requirement *of = &evaluator->requirements[r];
        if (of->part != RIG_METRIC_WHOLE)
            memcpy(samples + (RIG_N_METRICS + r) * n_replications,
                   rig_prediction_samples_of(prediction, (rig_metric_ref){of->metric, of->part}),
                   n_replications * sizeof *samples);
    }
    rig_prediction_free(prediction);
    rig_scenario_free(scenario);
    return status;
}
