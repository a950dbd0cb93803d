/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The combinations that a plan has asked for. Internal to models/plan/. */
#ifndef RIG_MODELS_PLAN_POINTS_H
#define RIG_MODELS_PLAN_POINTS_H

#include "models/plan.h"

/** A plan at work. */
typedef struct rig_plan_work {
    rig_plan *plan;
    const rig_plan_source *source;
    size_t n_expected; /**< combinations that will be asked for, about */
    rig_error *err;
} rig_plan_work;

/**
 * A combination with its verdict: from memory, or asked for with as many replications as it takes.
 * @param[out] point  Owned by the plan; may be NULL.
 */
rig_status rig_plan_visit(rig_plan_work *work, const size_t *index, const rig_plan_point **point);

#endif
