/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>

#include "models/plan/search.h"

bool rig_plan_is_below(const rig_plan_question *question, const size_t *a, const size_t *b)
{
    for (size_t i = 0; i < question->n_axes; i++) {
        if (a[i] > b[i])
            return false;
    }
    return true;
}

const char *rig_plan_trend_name(rig_plan_trend trend)
{
    static const char *const names[] = {"flat", "better", "worse", "mixed"};
    return names[trend];
}

/* --- trends ----------------------------------------------------------------------------------- */

/* The only axis on which two combinations differ; n_axes when there are more, or none. */
static size_t single_axis(const rig_plan_question *q, const size_t *a, const size_t *b)
{
    size_t found = q->n_axes;
    for (size_t i = 0; i < q->n_axes; i++) {
        if (a[i] == b[i])
            continue;
        if (found < q->n_axes)
            return q->n_axes;
        found = i;
    }
    return found;
}

/* From the lower to the higher of two values: better, worse, or (intervals that overlap) flat. */
static rig_plan_trend step_of(const rig_plan_requirement *requirement, bool is_share_of_days,
                              const rig_plan_judged *lower, const rig_plan_judged *higher)
{
    bool more_is_good = is_share_of_days || requirement->op == RIG_PLAN_AT_LEAST ||
                        requirement->op == RIG_PLAN_ABOVE;
    if (higher->low > lower->high)
        return more_is_good ? RIG_PLAN_BETTER : RIG_PLAN_WORSE;
    if (higher->high < lower->low)
        return more_is_good ? RIG_PLAN_WORSE : RIG_PLAN_BETTER;
    return RIG_PLAN_FLAT;
}

void rig_plan_learn_trends(rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    for (size_t r = 0; r < q->n_requirements; r++) {
        for (size_t a = 0; a < q->n_axes; a++)
            plan->trends[r][a] = RIG_PLAN_FLAT;
    }
    if (q->n_requirements == 0)
        return;
    for (size_t i = 0; i < plan->n_points; i++) {
        for (size_t j = 0; j < plan->n_points; j++) {
            const rig_plan_point *lower = plan->points[i], *higher = plan->points[j];
            size_t axis = single_axis(q, lower->index, higher->index);
            if (axis == q->n_axes || lower->index[axis] > higher->index[axis])
                continue;
            for (size_t r = 0; r < q->n_requirements; r++) {
                rig_plan_trend step = step_of(&q->requirements[r], q->of_days > 0.0,
                                              &lower->judged[r], &higher->judged[r]);
                rig_plan_trend *trend = &plan->trends[r][axis];
                if (*trend == RIG_PLAN_FLAT)
                    *trend = step;
                else if (step != RIG_PLAN_FLAT && step != *trend)
                    *trend = RIG_PLAN_MIXED;
            }
        }
    }
}

/* --- the answer ------------------------------------------------------------------------------- */

/* By how much a combination misses its requirements, as a share of each limit: the worst of them.
 */
static double shortfall(const rig_plan_question *q, const rig_plan_point *point)
{
    double worst = -INFINITY;
    for (size_t r = 0; r < q->n_requirements; r++) {
        const rig_plan_requirement *requirement = &q->requirements[r];
        const double estimate = point->judged[r].estimate;
        double miss;
        if (isnan(estimate))
            return INFINITY;
        if (q->of_days > 0.0)
            miss = (q->of_days - estimate) / q->of_days;
        else if (requirement->op == RIG_PLAN_AT_MOST || requirement->op == RIG_PLAN_BELOW)
            miss = (estimate - requirement->limit) / fmax(requirement->limit, 1e-9);
        else
            miss = (requirement->limit - estimate) / fmax(requirement->limit, 1e-9);
        worst = fmax(worst, miss);
    }
    return worst;
}

static bool is_minimal(const rig_plan *plan, size_t p)
{
    for (size_t other = 0; other < plan->n_points; other++) {
        if (other != p && plan->points[other]->verdict == RIG_PLAN_MEETS &&
            rig_plan_is_below(plan->question, plan->points[other]->index, plan->points[p]->index))
            return false;
    }
    return true;
}

rig_status rig_plan_conclude(rig_plan *plan)
{
    const rig_plan_question *q = plan->question;
    size_t *minimal = malloc((plan->n_points + 1) * sizeof *minimal);
    if (minimal == NULL)
        return RIG_ENOMEM;
    free(plan->minimal);
    plan->minimal = minimal;
    plan->n_minimal = 0;
    plan->answer = plan->nearest = RIG_PLAN_NONE;
    plan->is_open = false;
    if (q->n_requirements == 0)
        return RIG_OK;
    double least_cost = INFINITY, least_miss = INFINITY;
    for (size_t p = 0; p < plan->n_points; p++) {
        const rig_plan_point *point = plan->points[p];
        if (point->verdict == RIG_PLAN_MEETS && is_minimal(plan, p)) {
            plan->minimal[plan->n_minimal++] = p;
            double cost = rig_plan_cost(q, point->index);
            if (cost < least_cost) {
                least_cost = cost;
                plan->answer = p;
            }
        }
        double miss = shortfall(q, point);
        if (miss < least_miss || plan->nearest == RIG_PLAN_NONE) {
            least_miss = miss;
            plan->nearest = p;
        }
        plan->is_open = plan->is_open || point->verdict == RIG_PLAN_UNDECIDED;
    }
    if (plan->answer != RIG_PLAN_NONE) {
        plan->nearest = RIG_PLAN_NONE;
        plan->is_open = false;
    }
    return RIG_OK;
}
