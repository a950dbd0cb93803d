/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/goal.h"

#include "models/domain.h"

rig_status rig_goal_check(const rig_goal *goal, const char *formula, rig_error *err)
{
    rig_status status = RIG_EDOM;
    switch (goal->kind) {
    case RIG_GOAL_P_LOST:
        return rig_domain_open_share(formula, "p_lost", goal->value, err);
    case RIG_GOAL_P_WAIT:
        return rig_domain_open_share(formula, "p_wait", goal->value, err);
    case RIG_GOAL_MEAN_WAIT_S:
        return rig_domain_positive(formula, "mean_wait_s", goal->value, err);
    case RIG_GOAL_SERVICE_LEVEL:
        status = rig_domain_open_share(formula, "service level", goal->value, err);
        if (status == RIG_OK)
            status = rig_domain_not_negative(formula, "within_s", goal->within_s, err);
        return status;
    }
    return rig_fail(err, status, "%s: goal %d; expected a kind of goal", formula, (int)goal->kind);
}

double rig_goal_margin(const rig_goal *goal, const rig_goal_figures *figures)
{
    switch (goal->kind) {
    case RIG_GOAL_P_LOST:
        return goal->value - figures->p_lost;
    case RIG_GOAL_P_WAIT:
        return goal->value - figures->p_wait;
    case RIG_GOAL_MEAN_WAIT_S: /* bounded, however long the wait: (g - w) / (g + w) */
        return 2.0 / (1.0 + figures->mean_wait_s / goal->value) - 1.0;
    case RIG_GOAL_SERVICE_LEVEL:
        return figures->p_served_within - goal->value;
    }
    return -1.0;
}
