/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan's figures from the simulated call centre: one prediction a combination. */
#ifndef RIG_MODELS_PLAN_EVALUATOR_H
#define RIG_MODELS_PLAN_EVALUATOR_H

#include "models/plan.h"

/** A scenario whose keys are varied. All is borrowed. */
typedef struct rig_plan_evaluator {
    const char *path;             /**< of the scenario */
    const char *const *overrides; /**< --set, applied before the axes' values; may be NULL */
    size_t n_overrides;
    const rig_plan_axis *axes;
    size_t n_axes;
    const rig_plan_requirement *requirements; /**< whose parts' figures are wanted, too; or NULL */
    size_t n_requirements;
    uint32_t n_threads;   /**< as in rig_predict_options */
    const rig_team *team; /**< the same */
    const rig_stop *stop; /**< polled; NULL = never */
    /** Replications done, of one combination; in the calling thread; or NULL. */
    void (*progress)(void *ctx, uint32_t n_done, uint32_t n_all);
    void *ctx;
} rig_plan_evaluator;

/**
 * Read the scenario of one combination: the overrides, then the axes' values. A value of e1
 * replaces circuits of its group, and the other way round, as with --set.
 * @param index          Of the value on each axis.
 * @param[out] scenario  Owned by the caller: rig_scenario_free.
 * @return as rig_scenario_read; the message names the combination.
 */
rig_status rig_plan_evaluator_scenario(const rig_plan_evaluator *evaluator, const size_t *index,
                                       rig_scenario **scenario, rig_error *err);

/**
 * Read the scenario once for each value of each axis, so that a value that the scenario does not
 * take is an error before anything has been simulated.
 */
rig_status rig_plan_evaluator_check(const rig_plan_evaluator *evaluator, rig_error *err);

/** Simulate one combination: a rig_plan_evaluate without its context. */
rig_status rig_plan_evaluator_run(const rig_plan_evaluator *evaluator, const size_t *index,
                                  uint32_t n_before, uint32_t n_replications, double *samples,
                                  rig_error *err);

#endif
