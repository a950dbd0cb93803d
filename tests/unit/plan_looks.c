/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/plan/: the looks at one combination, on figures that are known. */
#include "tests/test.h"

#include <math.h>

#include "tests/unit/plan_fake.h"

static double falls(double x, double y)
{
    (void)y;
    return 0.5 - 0.001 * x;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs_grow_near_the_limit),
        cmocka_unit_test(test_undecided_only_is_open),
        cmocka_unit_test(test_stop_keeps_what_is_done),
        cmocka_unit_test(test_open_says_nothing),
        cmocka_unit_test(test_looks_are_kept),
    };
    return cmocka_run_group_tests_name("plan_looks", tests, NULL, NULL);
}
