/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/plan/: the search, on figures that are known. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
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

static rig_status evaluate(void *ctx, const size_t *index, uint32_t n_before, uint32_t n,
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

static void listen(void *ctx, const rig_plan_step *step)
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

static void work(worked *w, const char *x, const char *y, const char *need, const char *need_too)
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

static void end(worked *w)
{
    rig_plan_free(w->plan);
    rig_plan_axis_clear(&w->axes[0]);
    rig_plan_axis_clear(&w->axes[1]);
}

static double number(const worked *w, size_t point, size_t axis)
{
    return w->axes[axis].values[w->plan->points[point]->index[axis]].number;
}

/* --- one axis --------------------------------------------------------------------------------- */

static double falls(double x, double y)
{
    (void)y;
    return 0.5 - 0.001 * x;
}

static double rises(double x, double y)
{
    (void)y;
    return 0.001 * x;
}

/* Good from 120 to 150 only. */
static double valley(double x, double y)
{
    (void)y;
    return x < 120 ? 0.4 - 0.002 * x : x <= 150 ? 0.01 : 0.002 * (x - 100);
}

/* Good at 80 and 90, and again from 120 to 150. */
static double two_valleys(double x, double y)
{
    (void)y;
    return (x >= 80 && x <= 90) || (x >= 120 && x <= 150) ? 0.01 : x < 100 ? 0.4 : 0.3;
}

static void test_smallest_of_one_axis(void **state)
{
    (void)state;
    static const struct {
        double (*lost)(double x, double y);
        const char *axis, *need;
        double expected; /* 0: not met */
        size_t n_most;   /* combinations asked for */
    } rows[] = {
        {falls, "x=0:480", "lost_trunk<=23.05%", 270, 18}, /* 0.5 - 0.270 = 0.230 */
        {falls, "x=0:480:30", "lost_trunk<=23.05%", 270, 14},
        {falls, "x=271:480", "lost_trunk<=23.05%", 271, 11}, /* at the first */
        {falls, "x=0:270", "lost_trunk<=23.05%", 270, 18},   /* at the last */
        {falls, "x=0:269", "lost_trunk<=23.05%", 0, 10},     /* nowhere */
        {falls, "x=270", "lost_trunk<=23.05%", 270, 1},
        {falls, "x=269", "lost_trunk<=23.05%", 0, 1},
        {falls, "x=260:280", "lost_trunk<=23.05%", 270, 14},
        {rises, "x=0:480", "lost_trunk<=23.05%", 1e-9, 10}, /* the first, 0, meets */
        {rises, "x=300:480", "lost_trunk<=23.05%", 0, 10},
        {rises, "x=0:480", "lost_trunk>=23.05%", 231, 18},
        {valley, "x=0:480:10", "lost_trunk<=2%", 120, 20},
        {two_valleys, "x=0:480:10", "lost_trunk<=2%", 80, 20},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        worked w = {.fake = {.lost = rows[i].lost, .spread = 1e-4}};
        work(&w, rows[i].axis, NULL, rows[i].need, NULL);
        assert_int_equal(w.status, RIG_OK);
        assert_true(w.plan->is_complete);
        if (rows[i].expected > 0) {
            assert_true(w.plan->answer != RIG_PLAN_NONE);
            if (fabs(number(&w, w.plan->answer, 0) - rows[i].expected) > 1e-6)
                fail_msg("row %zu: %g", i, number(&w, w.plan->answer, 0));
            assert_int_equal(w.plan->n_minimal, 1);
            size_t below = w.plan->points[w.plan->answer]->index[0];
            if (below > 0) { /* the evidence has been asked for */
                below--;
                const rig_plan_point *neighbour = rig_plan_find(w.plan, &below);
                assert_non_null(neighbour);
                assert_int_equal(neighbour->verdict, RIG_PLAN_FAILS);
            }
        } else {
            assert_true(w.plan->answer == RIG_PLAN_NONE);
            assert_true(w.plan->nearest != RIG_PLAN_NONE);
            assert_false(w.plan->is_open);
        }
        if (w.plan->n_points > rows[i].n_most)
            fail_msg("row %zu: %zu combinations", i, w.plan->n_points);
        assert_int_equal(w.plan->n_points <= w.fake.n_asked, 1);
        for (size_t p = 1; p < w.plan->n_points; p++) /* in grid order */
            assert_true(number(&w, p - 1, 0) < number(&w, p, 0));
        end(&w);
    }
}

static void test_trends(void **state)
{
    (void)state;
    static const struct {
        double (*lost)(double x, double y);
        const char *need;
        rig_plan_trend trend;
    } rows[] = {
        {falls, "lost_trunk<=2%", RIG_PLAN_BETTER}, {falls, "lost_trunk>=2%", RIG_PLAN_WORSE},
        {rises, "lost_trunk<=2%", RIG_PLAN_WORSE},  {rises, "lost_trunk>=2%", RIG_PLAN_BETTER},
        {valley, "lost_trunk<=2%", RIG_PLAN_MIXED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        worked w = {.fake = {.lost = rows[i].lost, .spread = 1e-4}};
        work(&w, "x=0:480:10", NULL, rows[i].need, NULL);
        assert_int_equal(w.plan->trends[0][0], rows[i].trend);
        end(&w);
    }
}

static double level(double x, double y)
{
    (void)y;
    return x < 5 ? 0.2 : x < 8 ? 0.1 : 0.05;
}

/* Half-width with 20 runs of spread 0.02 and one of four looks: t(0.9875, 19) 0.0205 / sqrt(20) =
 * 0.0111; with 160 0.0036. */
static void test_runs_grow_near_the_limit(void **state)
{
    (void)state;
    static const struct {
        const char *need;
        uint32_t n_runs; /* of x = 6, whose mean is 0.1 */
        rig_plan_verdict verdict;
        double answer;
    } rows[] = {
        {"lost_trunk<=15%", 20, RIG_PLAN_MEETS, 5},
        {"lost_trunk<=10.8%", 40, RIG_PLAN_MEETS, 5},
        {"lost_trunk<=10.4%", 160, RIG_PLAN_MEETS, 5},
        {"lost_trunk<=10.1%", 160, RIG_PLAN_UNDECIDED, 8}, /* the larger count is taken */
        {"lost_trunk<=9.4%", 80, RIG_PLAN_FAILS, 8},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        worked w = {.fake = {.lost = level, .spread = 0.02}};
        work(&w, "x=3:9", NULL, rows[i].need, NULL);
        const size_t six = 3;
        const rig_plan_point *point = rig_plan_find(w.plan, &six);
        assert_non_null(point);
        if (point->n_replications != rows[i].n_runs || point->verdict != rows[i].verdict)
            fail_msg("row %zu: %u runs, %s", i, point->n_replications,
                     rig_plan_verdict_name(point->verdict));
        assert_true(number(&w, w.plan->answer, 0) == rows[i].answer);
        assert_int_equal(rig_plan_n_looks(&w.question), 4);
        assert_true(fabs(w.plan->alpha - 0.05 / 4) < 1e-12);
        end(&w);
    }
}

static void test_undecided_only_is_open(void **state)
{
    (void)state;
    worked w = {.fake = {.lost = level, .spread = 0.02}};
    work(&w, "x=3:7", NULL, "lost_trunk<=10.1%", NULL);
    assert_true(w.plan->answer == RIG_PLAN_NONE);
    assert_true(w.plan->is_open);
    assert_true(number(&w, w.plan->nearest, 0) == 5);
    end(&w);
}

/* --- two axes --------------------------------------------------------------------------------- */

/* Meets 1 % where x + y >= 30. */
static double slope(double x, double y)
{
    return fmax(0.0, 0.01 + 0.001 * (29.5 - x - y));
}

/* More x brings more calls to the y: lost >= y's side. */
static double served(double x, double y)
{
    return 0.9 + 0.01 * (y - 0.5 * x);
}

static double lost_by_x(double x, double y)
{
    (void)y;
    return 0.05 - 0.003 * x;
}

/* Islands: only (3, 4) and (7, 2). */
static double islands(double x, double y)
{
    return (x == 3 && y == 4) || (x == 7 && y == 2) ? 0.001 : 0.5;
}

/* The minimal combinations by trying all of them. */
static size_t count_minimal(const worked *w, const worked *all)
{
    size_t n_same = 0;
    for (size_t m = 0; m < w->plan->n_minimal; m++) {
        for (size_t k = 0; k < all->plan->n_minimal; k++) {
            const size_t a = w->plan->minimal[m], b = all->plan->minimal[k];
            n_same += number(w, a, 0) == number(all, b, 0) && number(w, a, 1) == number(all, b, 1);
        }
    }
    return n_same;
}

/* Each neighbour below of each minimal combination has been asked for, and does not meet. */
static void expect_proof(const worked *w)
{
    for (size_t m = 0; m < w->plan->n_minimal; m++) {
        for (size_t a = 0; a < 2; a++) {
            size_t below[RIG_PLAN_MAX_AXES];
            memcpy(below, w->plan->points[w->plan->minimal[m]]->index, sizeof below);
            if (below[a] == 0)
                continue;
            below[a]--;
            const rig_plan_point *neighbour = rig_plan_find(w->plan, below);
            assert_non_null(neighbour);
            assert_true(neighbour->verdict != RIG_PLAN_MEETS);
        }
    }
}

static void test_frontier(void **state)
{
    (void)state;
    static const struct {
        double (*lost)(double x, double y);
        double (*served)(double x, double y);
        const char *x, *y, *need, *need_too;
        size_t n_minimal;
        double answer[2];
        size_t n_most; /* combinations asked for; of n in the grid */
    } rows[] = {
        {slope, NULL, "x=0:40", "y=0:10", "lost_trunk<=1%", NULL, 11, {30, 0}, 40},
        {slope, NULL, "x=0:40", "y=0:40", "lost_trunk<=1%", NULL, 31, {0, 30}, 95},
        {slope, NULL, "x=0:40:4", "y=0:40:5", "lost_trunk<=1%", NULL, 7, {0, 30}, 26},
        {slope, NULL, "x=0:10", "y=0:10", "lost_trunk<=1%", NULL, 0, {0, 0}, 4},
        {slope, NULL, "x=30:40", "y=0:10", "lost_trunk<=1%", NULL, 1, {30, 0}, 5},
        {slope, NULL, "x=5", "y=0:40", "lost_trunk<=1%", NULL, 1, {5, 25}, 8},
        /* more x is worse for what is served: not every larger combination meets */
        {lost_by_x,
         served,
         "x=0:40",
         "y=0:40",
         "lost_trunk<=1%",
         "connect_rate>=90%",
         1,
         {14, 8},
         34},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        worked w = {.fake = {.lost = rows[i].lost, .served = rows[i].served, .spread = 1e-6}};
        worked all = {.fake = w.fake, .question = {.is_exhaustive = true}};
        work(&w, rows[i].x, rows[i].y, rows[i].need, rows[i].need_too);
        work(&all, rows[i].x, rows[i].y, rows[i].need, rows[i].need_too);
        assert_int_equal(w.status, RIG_OK);
        assert_int_equal(all.plan->n_points, all.plan->n_grid);
        if (w.plan->n_minimal != rows[i].n_minimal)
            fail_msg("row %zu: %zu minimal", i, w.plan->n_minimal);
        assert_int_equal(all.plan->n_minimal, rows[i].n_minimal);
        assert_int_equal(count_minimal(&w, &all), rows[i].n_minimal);
        expect_proof(&w);
        if (w.plan->n_points > rows[i].n_most)
            fail_msg("row %zu: %zu of %zu combinations", i, w.plan->n_points, w.plan->n_grid);
        if (rows[i].n_minimal > 0 && i != 1) { /* of row 1 several cost the same */
            if (number(&w, w.plan->answer, 0) != rows[i].answer[0] ||
                number(&w, w.plan->answer, 1) != rows[i].answer[1])
                fail_msg("row %zu: %g, %g", i, number(&w, w.plan->answer, 0),
                         number(&w, w.plan->answer, 1));
        }
        end(&w);
        end(&all);
    }
}

static void test_cost_chooses(void **state)
{
    (void)state;
    static const struct {
        double costs[2], answer[2];
    } rows[] = {{{1, 25}, {30, 0}}, {{25, 1}, {0, 30}}};
    for (size_t i = 0; i < 2; i++) {
        worked w = {.fake = {.lost = slope, .spread = 1e-6}, .question = {.has_costs = true}};
        memcpy(w.question.costs, rows[i].costs, sizeof rows[i].costs);
        work(&w, "x=0:40", "y=0:40", "lost_trunk<=1%", NULL);
        assert_true(number(&w, w.plan->answer, 0) == rows[i].answer[0]);
        assert_true(number(&w, w.plan->answer, 1) == rows[i].answer[1]);
        end(&w);
    }
}

static void test_exhaustive_finds_islands(void **state)
{
    (void)state;
    worked w = {.fake = {.lost = islands, .spread = 1e-6}, .question = {.is_exhaustive = true}};
    work(&w, "x=0:9", "y=0:9", "lost_trunk<=1%", NULL);
    assert_int_equal(w.plan->n_points, 100);
    assert_int_equal(w.plan->n_minimal, 2);
    assert_int_equal(w.plan->trends[0][0], RIG_PLAN_MIXED);
    end(&w);
}

/* --- the rest --------------------------------------------------------------------------------- */

static void test_grid_without_requirements(void **state)
{
    (void)state;
    worked w = {.fake = {.lost = slope, .spread = 0.02}};
    work(&w, "x=0:4", "y=1,2,9", NULL, NULL);
    assert_int_equal(w.plan->n_points, 15);
    assert_int_equal(w.fake.n_asked, 15);
    assert_true(w.plan->answer == RIG_PLAN_NONE && w.plan->nearest == RIG_PLAN_NONE);
    const rig_summary *s = &w.plan->points[7]->metrics[RIG_METRIC_P_LOST_PER_ENTRANT];
    assert_true(fabs(s->mean - slope(2, 2)) < 1e-12);
    assert_true(s->ci_low < s->mean && s->ci_high > s->mean);
    assert_int_equal(w.plan->points[7]->n_replications, 20);
    end(&w);
}

static void test_days_are_judged(void **state)
{
    (void)state;
    /* half of the days lie 0.02 above the mean: all days are within from 0.5 - 0.001 x = 0.21 on */
    worked w = {.fake = {.lost = falls, .spread = 0.02}, .question = {.of_days = 0.9}};
    work(&w, "x=200:400:10", NULL, "lost_trunk<=23.05%", NULL);
    assert_true(number(&w, w.plan->answer, 0) == 290);
    assert_true(w.plan->points[w.plan->answer]->judged[0].estimate == 1.0);
    end(&w);
}

static void test_stop_keeps_what_is_done(void **state)
{
    (void)state;
    static const rig_status failures[] = {RIG_ECANCELLED, RIG_EINPUT};
    for (size_t i = 0; i < 2; i++) {
        worked w = {
            .fake = {.lost = falls, .spread = 1e-4, .stop_after = 7, .failure = failures[i]}};
        work(&w, "x=0:480:60", NULL, "lost_trunk<=23.05%", NULL);
        assert_int_equal(w.status, failures[i]);
        assert_false(w.plan->is_complete);
        assert_int_equal(w.plan->n_points, 7);
        assert_true(number(&w, w.plan->answer, 0) == 300); /* of those that were asked for */
        end(&w);
    }
    /* in a later look of one combination: its first look is kept */
    worked w = {
        .fake = {.lost = level, .spread = 0.02, .stop_after = 4, .failure = RIG_ECANCELLED}};
    work(&w, "x=5:7", NULL, "lost_trunk<=10.1%", NULL);
    assert_int_equal(w.status, RIG_ECANCELLED);
    assert_int_equal(w.plan->n_points, 1);
    w.fake.stop_after = 2;
    end(&w);
    worked v = {
        .fake = {.lost = level, .spread = 0.02, .stop_after = 2, .failure = RIG_ECANCELLED}};
    work(&v, "x=5:7", NULL, "lost_trunk<=10.1%", NULL);
    assert_int_equal(v.plan->n_points, 1);
    assert_int_equal(v.plan->points[0]->n_replications, 40);
    end(&v);
}

static double rises_with_y(double x, double y)
{
    return 0.12 + 0.05 * (y - x);
}

static double poor_at_six(double x, double y)
{
    (void)y;
    return x < 6 ? 0.505 : 0.4;
}

/* (1, 6) fails lost_trunk at its first look, when connect_rate is still open there: that says
 * nothing of connect_rate elsewhere. All four corners fail. */
static void test_open_says_nothing(void **state)
{
    (void)state;
    worked w = {.fake = {.lost = rises_with_y, .served = poor_at_six, .spread = 0.02}};
    work(&w, "x=1:6", "y=1:6", "lost_trunk<=10%", "connect_rate>=50%");
    const size_t corner[] = {0, 5};
    const rig_plan_point *point = rig_plan_find(w.plan, corner);
    assert_non_null(point);
    assert_int_equal(point->judged[0].verdict, RIG_PLAN_FAILS);
    assert_int_equal(point->judged[1].verdict, RIG_PLAN_UNDECIDED);
    assert_int_equal(point->n_replications, 20);
    assert_true(w.plan->answer != RIG_PLAN_NONE);
    assert_true(number(&w, w.plan->answer, 0) == 2 && number(&w, w.plan->answer, 1) == 1);
    end(&w);
}

/* The figures of all looks are judged together: the mean of 160 replications is that of their
 * numbers, 79.5 times the drift. */
static void test_looks_are_kept(void **state)
{
    (void)state;
    worked w = {.fake = {.lost = level, .spread = 0.02, .drift = 1e-6}};
    work(&w, "x=6", NULL, "lost_trunk<=10.1%", NULL);
    assert_int_equal(w.plan->points[0]->n_replications, 160);
    assert_int_equal(w.fake.n_known, 160);
    assert_true(fabs(w.plan->points[0]->judged[0].estimate - (0.1 + 79.5e-6)) < 1e-12);
    assert_true(fabs(w.plan->points[0]->metrics[RIG_METRIC_P_LOST_PER_ENTRANT].mean -
                     (0.1 + 79.5e-6)) < 1e-12);
    end(&w);
}

static void test_question_out_of_range(void **state)
{
    (void)state;
    rig_plan_axis axis = {0};
    rig_error err = {0};
    assert_int_equal(rig_plan_axis_parse("x=1:2", &axis, &err), RIG_OK);
    const rig_plan_question good = {.axes = &axis,
                                    .n_axes = 1,
                                    .n_replications = 2,
                                    .n_most_replications = 2,
                                    .confidence = 0.95};
    rig_plan_question bad[6];
    for (size_t i = 0; i < 6; i++)
        bad[i] = good;
    bad[0].n_axes = 0;
    bad[1].n_replications = 1;
    bad[2].n_most_replications = 1;
    bad[3].confidence = 1.0;
    bad[4].of_days = 1.0;
    bad[5].n_requirements = RIG_PLAN_MAX_REQUIREMENTS + 1;
    rig_plan *plan = NULL;
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(rig_plan_new(&bad[i], &plan, &err), RIG_EDOM);
        assert_null(plan);
    }
    assert_int_equal(rig_plan_new(&good, &plan, &err), RIG_OK);
    rig_plan_free(plan);
    rig_plan_free(NULL);
    rig_plan_axis_clear(&axis);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smallest_of_one_axis),
        cmocka_unit_test(test_trends),
        cmocka_unit_test(test_runs_grow_near_the_limit),
        cmocka_unit_test(test_undecided_only_is_open),
        cmocka_unit_test(test_frontier),
        cmocka_unit_test(test_cost_chooses),
        cmocka_unit_test(test_exhaustive_finds_islands),
        cmocka_unit_test(test_grid_without_requirements),
        cmocka_unit_test(test_days_are_judged),
        cmocka_unit_test(test_stop_keeps_what_is_done),
        cmocka_unit_test(test_open_says_nothing),
        cmocka_unit_test(test_looks_are_kept),
        cmocka_unit_test(test_question_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
