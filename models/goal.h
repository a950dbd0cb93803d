/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a group of agents or places has to reach: the goal when a formula looks for its size. */
#ifndef RIG_MODELS_GOAL_H
#define RIG_MODELS_GOAL_H

#include "core/status.h"

/** Which figure is bounded. */
typedef enum rig_goal_kind {
    RIG_GOAL_P_LOST = 0,   /**< blocked or abandoned per offered, at most; > 0 and < 1 */
    RIG_GOAL_P_WAIT,       /**< share that must wait, at most; > 0 and < 1 */
    RIG_GOAL_MEAN_WAIT_S,  /**< mean wait of all callers, at most; > 0 */
    RIG_GOAL_SERVICE_LEVEL /**< served within `within_s` per offered, at least; > 0 and < 1 */
} rig_goal_kind;

/** A bound on one figure. */
typedef struct rig_goal {
    rig_goal_kind kind;
    double value;
    double within_s; /**< only for SERVICE_LEVEL: finite, >= 0 */
} rig_goal;

/** The figures that goals speak of. */
typedef struct rig_goal_figures {
    double p_lost, p_wait, mean_wait_s, p_served_within;
} rig_goal_figures;

/** RIG_OK, or RIG_EDOM with "FORMULA: ..." when the goal's own numbers are out of their range. */
rig_status rig_goal_check(const rig_goal *goal, const char *formula, rig_error *err);

/** How much better than the goal: >= 0 when it is met; finite, in [-1, 1], continuous. */
double rig_goal_margin(const rig_goal *goal, const rig_goal_figures *figures);

#endif
