/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan of figures that are known. */
#ifndef RIG_TESTS_UNIT_PLAN_FAKE_H
#define RIG_TESTS_UNIT_PLAN_FAKE_H

#include "tests/test.h"

#include <string.h>

#include "models/plan.h"

/* A made-up call centre: the mean of two figures as a function of the values; half of the runs lie
 * `spread` above it and half below. */
typedef struct fake {
    double (*lost)(double x, double y);
    double (*served)(double x, double y);
    double spread;
    const rig_plan_axis *axes;
    size_t n_axes;
    size_t n_asked, stop_after; /* looks */
    size_t n_told;
    rig_status failure; /* what stops it */
    double drift;       /* of each replication against the one before */
    size_t last[RIG_PLAN_MAX_AXES];
    uint32_t n_known; /* replications of the combination that was asked for last */
} fake;

static inline rig_status evaluate(void *ctx, const size_t *index, uint32_t n_before, uint32_t n,
                                  double *samples, rig_error *err)
{
    fake *f = ctx;
    /* nothing is asked for again: as many as are known, of the combination that was asked for last
     */
    assert_true(n_before == 0 || (n_before == n && n_before == f->n_known &&
                                  memcmp(index, f->last, f->n_axes * sizeof *index) == 0));
    f->n_known = n_before + n;
    memcpy(f->last, index, f->n_axes * sizeof *index);
    if (f->stop_after > 0 && f->n_asked == f->stop_after)
        return rig_fail(err, f->failure, "stopped");
    f->n_asked++;
    double x = f->axes[0].values[index[0]].number;
    double y = f->n_axes > 1 ? f->axes[1].values[index[1]].number : 0.0;
    for (uint32_t r = 0; r < n; r++) {
        double noise = ((n_before + r) % 2 == 0 ? 1.0 : -1.0) * f->spread;
        noise += f->drift * (n_before + r);
        samples[(size_t)RIG_METRIC_P_LOST_PER_ENTRANT * n + r] = f->lost(x, y) + noise;
        samples[(size_t)RIG_METRIC_CONNECT_RATE * n + r] =
            f->served != NULL ? f->served(x, y) + noise : 0.0;
    }
    return RIG_OK;
}

static inline void listen(void *ctx, const rig_plan_step *step)
{
    fake *f = ctx;
    f->n_told++;
    assert_true(step->n_replications >= 2);
}

/* One plan, worked out. */
typedef struct worked {
    rig_plan_axis axes[2];
    rig_plan_requirement requirements[2];
    rig_plan_question question;
    rig_plan *plan;
    fake fake;
    rig_status status;
} worked;

static inline void work(worked *w, const char *x, const char *y, const char *need,
                        const char *need_too)
{
    rig_plan_question *q = &w->question;
    rig_error err = {0};
    q->axes = w->axes;
    q->n_axes = y != NULL ? 2 : 1;
    q->requirements = w->requirements;
    assert_int_equal(rig_plan_axis_parse(x, &w->axes[0], &err), RIG_OK);
    if (y != NULL)
        assert_int_equal(rig_plan_axis_parse(y, &w->axes[1], &err), RIG_OK);
    if (need != NULL) {
        assert_int_equal(rig_plan_requirement_parse(NULL, need, &w->requirements[0], &err), RIG_OK);
        q->n_requirements = 1;
    }
    if (need_too != NULL) {
        assert_int_equal(rig_plan_requirement_parse(NULL, need_too, &w->requirements[1], &err),
                         RIG_OK);
        q->n_requirements = 2;
    }
    q->n_replications = 20;
    q->n_most_replications = 160;
    q->confidence = 0.95;
    w->fake.axes = w->axes;
    w->fake.n_axes = q->n_axes;
    const rig_plan_source source = {evaluate, listen, &w->fake};
    if (rig_plan_new(q, &w->plan, &err) != RIG_OK)
        fail_msg("%s", err.text);
    w->status = rig_plan_run(w->plan, &source, &err);
    assert_true(w->fake.n_told >= w->fake.n_asked);
}

static inline void end(worked *w)
{
    rig_plan_free(w->plan);
    rig_plan_axis_clear(&w->axes[0]);
    rig_plan_axis_clear(&w->axes[1]);
}

static inline double number(const worked *w, size_t point, size_t axis)
{
    return w->axes[axis].values[w->plan->points[point]->index[axis]].number;
}

#endif
