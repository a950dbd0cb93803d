/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "models/plan/points.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/rare.h"

const rig_plan_point *rig_plan_find(const rig_plan *plan, const size_t *index)
{
    const rig_plan_question *q = plan->question;
    size_t at = plan->places[rig_plan_axes_place(q->axes, q->n_axes, index)];
    return at > 0 ? plan->points[at - 1] : NULL;
}

/* A mean loss of the whole that is rare. */
static void judge_rare(const rig_plan *plan, const double *samples, size_t r, rig_plan_point *point)
{
    const rig_plan_requirement *of = &plan->question->requirements[r];
    const size_t n = point->n_replications;
    rig_metric hits, trials;
    if (of->part == RIG_METRIC_WHOLE && rig_metrics_is_loss(of->metric, &hits, &trials))
        rig_plan_judge_rare(of, samples + (size_t)hits * n, samples + (size_t)trials * n, n,
                            plan->alpha, &point->judged[r]);
}

static void judge(const rig_plan *plan, const double *samples, rig_plan_point *point)
{
    const rig_plan_question *q = plan->question;
    point->verdict = RIG_PLAN_MEETS;
    for (size_t r = 0; r < q->n_requirements; r++) {
        const double *values = samples + rig_plan_row(q, r) * point->n_replications;
        point->judged[r] = rig_plan_judge(&q->requirements[r], values, point->n_replications,
                                          q->of_days, plan->alpha);
        if (q->of_days <= 0.0)
            judge_rare(plan, samples, r, point);
        if (point->judged[r].verdict < point->verdict)
            point->verdict = point->judged[r].verdict;
    }
}

static void mend_rare(const rig_plan_question *q, const double *samples, rig_metric metric,
                      rig_plan_point *point)
{
    const size_t n = point->n_replications;
    rig_summary *s = &point->metrics[metric];
    rig_metric hits, trials;
    if (rig_metrics_is_loss(metric, &hits, &trials))
        (void)rig_rare_bounds(samples + (size_t)hits * n, samples + (size_t)trials * n, n,
                              (1.0 - q->confidence) / 2.0, &s->ci_low, &s->ci_high);
}

static rig_status summarize(const rig_plan_question *q, const double *samples,
                            rig_plan_point *point)
{
    rig_status status = RIG_OK;
    for (size_t m = 0; m < RIG_N_METRICS && status == RIG_OK; m++) {
        rig_summary *s = &point->metrics[m];
        status = rig_summarize(samples + m * point->n_replications, point->n_replications, s);
        if (status == RIG_OK && s->n > 1) {
            double half = gsl_cdf_tdist_Pinv(0.5 + q->confidence / 2.0, (double)s->n - 1.0) *
                          s->sd / sqrt((double)s->n);
            s->ci_low = s->mean - half;
            s->ci_high = s->mean + half;
            mend_rare(q, samples, (rig_metric)m, point);
        }
    }
    return status;
}

/* The figures of one combination so far: rows of n replications. */
typedef struct figures {
    double *samples;
    uint32_t n;
} figures;

/* Rows of known replications, each followed by its new ones. */
static rig_status append(const rig_plan_question *q, figures *known, const figures *fresh)
{
    const size_t n_rows = rig_plan_n_rows(q), n = (size_t)known->n + fresh->n;
    double *all = malloc(n_rows * n * sizeof *all);
    if (all == NULL)
        return RIG_ENOMEM;
    for (size_t r = 0; r < n_rows; r++) {
        if (known->n > 0)
            memcpy(all + r * n, known->samples + r * known->n, known->n * sizeof *all);
        memcpy(all + r * n + known->n, fresh->samples + r * fresh->n, fresh->n * sizeof *all);
    }
    free(known->samples);
    *known = (figures){all, (uint32_t)n};
    return RIG_OK;
}

/* One look: so many more replications, and what all say together. */
static rig_status look(rig_plan_work *work, rig_plan_point *point, uint32_t n_more, figures *known)
{
    const rig_plan_question *q = work->plan->question;
    const figures fresh = {calloc(rig_plan_n_rows(q) * n_more, sizeof(double)), n_more};
    if (fresh.samples == NULL)
        return rig_fail(work->err, RIG_ENOMEM, "plan: out of memory");
    const rig_plan_step step = {.index = point->index,
                                .n_replications = n_more,
                                .n_done = work->plan->n_points,
                                .n_expected = work->n_expected};
    if (work->source->listen != NULL)
        work->source->listen(work->source->ctx, &step);
    rig_status status = work->source->evaluate(work->source->ctx, point->index, known->n, n_more,
                                               fresh.samples, work->err);
    if (status != RIG_OK)
        goto out;
    status = append(q, known, &fresh);
    if (status == RIG_OK) {
        point->n_replications = known->n;
        judge(work->plan, known->samples, point);
        status = summarize(q, known->samples, point);
    }
    if (status != RIG_OK)
        (void)rig_fail(work->err, status, "plan: %s", rig_status_text(status));
out:
    free(fresh.samples);
    return status;
}

static rig_status keep(rig_plan_work *work, rig_plan_point *point)
{
    rig_plan *plan = work->plan;
    const rig_plan_question *q = plan->question;
    if (plan->n_points == plan->points_room) {
        size_t room = plan->points_room > 0 ? 2 * plan->points_room : 64;
        rig_plan_point **points = reallocarray(plan->points, room, sizeof *points);
        if (points == NULL)
            return rig_fail(work->err, RIG_ENOMEM, "plan: out of memory");
        plan->points = points;
        plan->points_room = room;
    }
    plan->points[plan->n_points++] = point;
    plan->places[rig_plan_axes_place(q->axes, q->n_axes, point->index)] = plan->n_points;
    return RIG_OK;
}

rig_status rig_plan_visit(rig_plan_work *work, const size_t *index, const rig_plan_point **point)
{
    const rig_plan_question *q = work->plan->question;
    const rig_plan_point *asked = rig_plan_find(work->plan, index);
    if (asked != NULL) {
        if (point != NULL)
            *point = asked;
        return RIG_OK;
    }
    rig_plan_point *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(work->err, RIG_ENOMEM, "plan: out of memory");
    memcpy(made->index, index, q->n_axes * sizeof *index);
    figures known = {NULL, 0};
    rig_status status = look(work, made, q->n_replications, &known);
    const bool is_seen = status == RIG_OK;
    while (status == RIG_OK && made->verdict == RIG_PLAN_UNDECIDED &&
           made->n_replications <= q->n_most_replications / 2)
        status = look(work, made, made->n_replications, &known);
    free(known.samples);
    /* stopped in a later look: the earlier one is kept */
    rig_status kept = is_seen ? keep(work, made) : status;
    if (kept != RIG_OK) {
        free(made);
        return kept;
    }
    if (status == RIG_OK && point != NULL)
        *point = made;
    return status; /* NOLINT(clang-analyzer-unix.Malloc): the plan has `made` now */
}
