/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lateness: planned against actual instants. */
#include "tests/test.h"

#include <math.h>

#include "core/clock.h"
#include "verdict/lateness.h"

#define MS INT64_C(1000000)

/* cmocka's own comparison is of floats. */
#define assert_close(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

static void summarizes(void **state)
{
    (void)state;
    enum { N = 100 };
    int64_t planned[N], actual[N];
    for (int i = 0; i < N; i++) {
        planned[i] = 1000 * MS * i;
        actual[i] = planned[i] + (i - 9) * MS; /* -9 .. 90 ms late */
    }
    rig_lateness l;
    assert_int_equal(rig_lateness_compare(planned, actual, N, &l), RIG_OK);
    assert_int_equal(l.n_planned, N);
    assert_int_equal(l.n_placed, N);
    const double eps = 1e-9;
    assert_close(l.min_ms, -9, eps);
    assert_close(l.max_ms, 90, eps);
    assert_close(l.mean_ms, 40.5, eps);
    assert_close(l.median_ms, 40, eps); /* the 50th of 100 */
    assert_close(l.p95_ms, 85, eps);
    assert_close(l.p99_ms, 89, eps);
    assert_close(l.abs_max_ms, 90, eps);
    assert_close(l.abs_p99_ms, 89, eps);
    assert_close(l.abs_p50_ms, 40, eps); /* 0, 1, 1, .. 9, 9, 10, 11, .. 90: the 50th */
    assert_close(l.abs_p95_ms, 85, eps);
}

static void leaves_out_what_was_never_placed(void **state)
{
    (void)state;
    const int64_t planned[] = {0, 10 * MS, 20 * MS};
    const int64_t actual[] = {1 * MS, RIG_NO_TIME, 23 * MS};
    rig_lateness l;
    assert_int_equal(rig_lateness_compare(planned, actual, 3, &l), RIG_OK);
    assert_int_equal(l.n_planned, 3);
    assert_int_equal(l.n_placed, 2);
    assert_close(l.mean_ms, 2.0, 1e-9);

    const int64_t none[] = {RIG_NO_TIME, RIG_NO_TIME, RIG_NO_TIME};
    assert_int_equal(rig_lateness_compare(planned, none, 3, &l), RIG_OK);
    assert_int_equal(l.n_placed, 0);
    assert_true(isnan(l.median_ms) && isnan(l.ks) && isnan(l.actual_dispersion));
    assert_int_equal(rig_lateness_compare(planned, actual, 0, &l), RIG_OK);
    assert_int_equal(l.n_planned, 0);
}

static void measures_the_distance(void **state)
{
    (void)state;
    const int64_t planned[] = {0, 10, 20, 30};
    static const struct {
        int64_t actual[4];
        double ks;
    } cases[] = {
        {{0, 10, 20, 30}, 0.0},                             /* as planned */
        {{1, 11, 21, 31}, 0.25},                            /* one behind at times */
        {{10, 10, 20, 30}, 0.25}, {{25, 25, 25, 30}, 0.75}, /* three late at once */
        {{40, 40, 40, 40}, 1.0},  {{30, 20, 10, 0}, 0.0}, /* a permutation arrives like the plan */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_lateness l;
        assert_int_equal(rig_lateness_compare(planned, cases[i].actual, 4, &l), RIG_OK);
        assert_close(l.ks, cases[i].ks, 1e-12);
    }
}

static void measures_dispersion(void **state)
{
    (void)state;
    enum { N = 41 };
    int64_t planned[N], actual[N];
    /* Ten whole seconds with 4 calls each, and one call to close the last second. */
    for (int i = 0; i < N; i++) {
        planned[i] = 250 * MS * i;
        actual[i] = planned[i];
    }
    rig_lateness l;
    assert_int_equal(rig_lateness_compare(planned, actual, N, &l), RIG_OK);
    assert_close(l.planned_dispersion, 0.0, 1e-12);
    assert_close(l.actual_dispersion, 0.0, 1e-12);
    /* The four calls of every even second arrive in the next one: counts 0, 8, 0, 8, ..; mean 4,
     * variance 160 / 9 */
    for (int i = 0; i + 1 < N; i++)
        if ((i / 4) % 2 == 0)
            actual[i] = planned[i] + 1000 * MS;
    assert_int_equal(rig_lateness_compare(planned, actual, N, &l), RIG_OK);
    assert_close(l.planned_dispersion, 0.0, 1e-12);
    assert_close(l.actual_dispersion, 160.0 / 9.0 / 4.0, 1e-12);
    /* Too short a run says nothing. */
    assert_int_equal(rig_lateness_compare(planned, actual, 4, &l), RIG_OK);
    assert_true(isnan(l.planned_dispersion));
}

static void refuses_an_unordered_plan(void **state)
{
    (void)state;
    const int64_t falling[] = {10, 5}, without[] = {RIG_NO_TIME, 5}, actual[] = {10, 10};
    rig_lateness l = {.n_planned = 77};
    assert_int_equal(rig_lateness_compare(falling, actual, 2, &l), RIG_EDOM);
    assert_int_equal(rig_lateness_compare(without, actual, 2, &l), RIG_EDOM);
    assert_int_equal(l.n_planned, 77);
}

static void measures_gaps_and_trend(void **state)
{
    (void)state;
    enum { N = 10 };
    int64_t planned[N], actual[N];
    for (int i = 0; i < N; i++) {
        planned[i] = 100 * MS * i;
        /* 1, 1, then 5, then 20, 20 ms late; one is early by 11 */
        actual[i] = planned[i] + (i < 2 ? 1 : i < 8 ? 5 : 20) * MS;
    }
    actual[5] = planned[5] - 11 * MS;
    rig_lateness l;
    assert_int_equal(rig_lateness_compare(planned, actual, N, &l), RIG_OK);
    assert_int_equal(l.n_late, 3);
    assert_close(l.first_fifth_ms, 1.0, 1e-9);
    assert_close(l.last_fifth_ms, 20.0, 1e-9);
    assert_close(l.planned_gap_ms, 100.0, 1e-9);
    assert_close(l.planned_gap_cv, 0.0, 1e-9);
    assert_close(l.actual_gap_ms, 919.0 / 9, 1e-9);
    /* gaps 100 104 100 100 84 116 100 115 100 */
    assert_close(l.actual_gap_cv * l.actual_gap_ms, 9.439868, 1e-6);

    assert_int_equal(rig_lateness_compare(planned, actual, 4, &l), RIG_OK);
    assert_true(isnan(l.first_fifth_ms) && isnan(l.last_fifth_ms));
    assert_int_equal(rig_lateness_compare(planned, actual, 1, &l), RIG_OK);
    assert_true(isnan(l.planned_gap_ms) && isnan(l.actual_gap_cv));
}

static void finds_the_busiest_window(void **state)
{
    (void)state;
    const int64_t planned[] = {0, 10, 11, 12, 30, 31, 50, 60};
    static const struct {
        int64_t window_ns;
        size_t n_most;
    } rows[] = {{0, 1}, {1, 2}, {2, 3}, {11, 3}, {12, 4}, {21, 5}, {59, 7}, {60, 8}, {1000, 8}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_close(rig_lateness_window_share(planned, 8, rows[i].window_ns),
                     (double)rows[i].n_most / 8.0, 1e-12);
    const int64_t at_once[] = {5, 5, 5};
    assert_close(rig_lateness_window_share(at_once, 3, 0), 1.0, 1e-12);
    assert_close(rig_lateness_window_share(NULL, 0, 5), 0.0, 0.0);

    /* it bounds the distance of the curves: every call at most so late, the last of the three */
    int64_t actual[8];
    rig_lateness l;
    for (int late = 0; late <= 60; late++) {
        for (int i = 0; i < 8; i++)
            actual[i] = planned[i] + late;
        assert_int_equal(rig_lateness_compare(planned, actual, 8, &l), RIG_OK);
        assert_true(l.ks <= rig_lateness_window_share(planned, 8, late) + 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_gaps_and_trend),
        cmocka_unit_test(summarizes),
        cmocka_unit_test(finds_the_busiest_window),
        cmocka_unit_test(leaves_out_what_was_never_placed),
        cmocka_unit_test(measures_the_distance),
        cmocka_unit_test(measures_dispersion),
        cmocka_unit_test(refuses_an_unordered_plan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
