/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan.h"

#include <math.h>
#include <stdlib.h>

#include "models/plan/search.h"

uint32_t rig_plan_n_looks(const rig_plan_question *question)
{
    uint32_t n_looks = 1;
    for (uint32_t n = question->n_replications; n <= question->n_most_replications / 2; n *= 2)
        n_looks++;
    return n_looks;
}

rig_status rig_plan_new(const rig_plan_question *question, rig_plan **plan, rig_error *err)
{
    const rig_plan_question *q = question;
    size_t n_grid = 0;
    if (q->n_axes < 1 || q->n_axes > RIG_PLAN_MAX_AXES ||
        q->n_requirements > RIG_PLAN_MAX_REQUIREMENTS || q->n_replications < 2 ||
        q->n_most_replications < q->n_replications || !(q->confidence > 0.5) ||
        !(q->confidence < 1.0) || !(q->of_days >= 0.0) || !(q->of_days < 1.0))
        return rig_fail(err, RIG_EDOM, "plan: a question out of range");
    rig_status status = rig_plan_axes_check(q->axes, q->n_axes, &n_grid, err);
    if (status != RIG_OK)
        return status;
    rig_plan *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->places = calloc(n_grid, sizeof *made->places);
    if (made == NULL || made->places == NULL) {
        rig_plan_free(made);
        return rig_fail(err, RIG_ENOMEM, "plan: out of memory");
    }
    made->question = q;
    made->n_grid = n_grid;
    made->answer = made->nearest = RIG_PLAN_NONE;
    made->alpha = (1.0 - q->confidence) / rig_plan_n_looks(q);
    *plan = made;
    return RIG_OK;
}

void rig_plan_free(rig_plan *plan)
{
    if (plan == NULL)
        return;
    for (size_t p = 0; p < plan->n_points; p++)
        free(plan->points[p]);
    free(plan->points);
    free(plan->places);
    free(plan->minimal);
    free(plan);
}

static rig_status ask_all(rig_plan_work *work)
{
    const rig_plan_question *q = work->plan->question;
    rig_status status = RIG_OK;
    work->n_expected = work->plan->n_grid;
    for (size_t place = 0; place < work->plan->n_grid && status == RIG_OK; place++) {
        size_t index[RIG_PLAN_MAX_AXES];
        rig_plan_axes_index(q->axes, q->n_axes, place, index);
        status = rig_plan_visit(work, index, NULL);
    }
    return status;
}

/* From the order of asking to the order of the grid. */
static rig_status sort_points(rig_plan *plan)
{
    rig_plan_point **sorted = calloc(plan->n_points + 1, sizeof *sorted);
    if (sorted == NULL)
        return RIG_ENOMEM;
    size_t n = 0;
    for (size_t place = 0; place < plan->n_grid; place++) {
        if (plan->places[place] == 0)
            continue;
        sorted[n++] = plan->points[plan->places[place] - 1];
        plan->places[place] = n;
    }
    free(plan->points);
    plan->points = sorted;
    plan->points_room = plan->n_points + 1;
    return RIG_OK;
}

rig_status rig_plan_run(rig_plan *plan, const rig_plan_source *source, rig_error *err)
{
    rig_plan_work work = {.plan = plan, .source = source, .err = err};
    bool is_search = plan->question->n_requirements > 0 && !plan->question->is_exhaustive;
    rig_status status = is_search ? rig_plan_search(&work) : ask_all(&work);
    plan->is_complete = status == RIG_OK;
    rig_status concluded = sort_points(plan);
    if (concluded == RIG_OK) {
        rig_plan_learn_trends(plan);
        concluded = rig_plan_conclude(plan);
    }
    if (status == RIG_OK && concluded != RIG_OK)
        status = rig_fail(err, concluded, "plan: out of memory");
    plan->is_complete = plan->is_complete && status == RIG_OK;
    return status;
}
