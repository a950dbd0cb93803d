/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/plan/: the search, on figures that are known. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/plan_fake.h"

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
        cmocka_unit_test(test_frontier),
        cmocka_unit_test(test_cost_chooses),
        cmocka_unit_test(test_exhaustive_finds_islands),
        cmocka_unit_test(test_grid_without_requirements),
        cmocka_unit_test(test_days_are_judged),
        cmocka_unit_test(test_question_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
