/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stage over time: what a conforming centre may lose in a period, and what it may not. */
#include "verdict/over_time.h"

#include <math.h>

#include "tests/test.h"

enum { N_BINS = 24, N_LEVELS = 5, MOST = N_BINS * N_LEVELS };

/* A run of 24 bins of 5 s, the same number of calls in each. */
typedef struct made_run {
    double mean[MOST], half[MOST];
    rig_prediction prediction;
    rig_interval observed[N_BINS];
} made_run;

/* Replays that all lose `mean` calls of `n_offered` in each bin, but for `half` in any period. */
static void make_run(made_run *r, double n_offered, double mean, double half)
{
    *r = (made_run){.prediction = {.interval_s = 5.0, .n_intervals = N_BINS}};
    r->prediction.envelopes[RIG_STAGE_TRUNK] = (rig_envelope){
        .n_bins = N_BINS, .n_together = 1, .n_levels = N_LEVELS, .mean = r->mean, .half = r->half};
    for (size_t level = 0; level < N_LEVELS; level++) {
        for (size_t b = 0; b < N_BINS + 1 - ((size_t)1 << level); b++) {
            r->mean[level * N_BINS + b] = mean * (double)(1 << level);
            r->half[level * N_BINS + b] = half;
        }
    }
    for (int i = 0; i < N_BINS; i++)
        r->observed[i] = (rig_interval){.n_offered = n_offered, .n_lost = {mean}};
}

static void lose(made_run *r, int from, int to, double n)
{
    for (int i = from; i < to; i++)
        r->observed[i].n_lost[RIG_STAGE_TRUNK] = n;
}

static rig_over_time compare(const made_run *r, double margin, uint64_t n_doubtful)
{
    return rig_over_time_compare(&r->prediction, r->observed, RIG_STAGE_TRUNK, margin, n_doubtful);
}

static void expect(const made_run *r, double margin, rig_over_time_finding finding)
{
    const rig_over_time made = compare(r, margin, 0);
    if (made.finding != finding)
        fail_msg("found %d, expected %d: %g..%g s lost %g, predicted %g (%g..%g)", made.finding,
                 finding, made.worst.from_s, made.worst.to_s, made.worst.observed, made.worst.mean,
                 made.worst.low, made.worst.high);
}

/* A handful of calls go the other way where replays are all alike: races, no deviation. */
static void test_a_handful_is_no_deviation(void **state)
{
    (void)state;
    static const struct {
        double n_offered, mean, lost;
    } rows[] = {{20.0, 3.0, 1.0},    {20.0, 0.0, 1.0},  {20.0, 1.0, 0.0},   {27.0, 14.0, 7.0},
                {27.0, 14.0, 21.0},  {130.0, 9.0, 6.0}, {130.0, 9.0, 15.0}, {3.0, 0.0, 3.0},
                {1000.0, 0.0, 12.0}, {2.0, 2.0, 0.0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made_run r;
        make_run(&r, rows[i].n_offered, rows[i].mean, 0.5);
        lose(&r, 11, 12, rows[i].lost);
        expect(&r, 0.0, RIG_OVER_TIME_CONFORMS);
    }
}

/* The limits of a second run solve (x - m)^2 = z^2 2 n p (1 - p). */
static void test_band_of_a_second_run(void **state)
{
    (void)state;
    static const double pairs[][2] = {{100.0, 30.0}, {100.0, 0.0}, {20.0, 3.0}, {8.0, 8.0}};
    const double z = 3.8756; /* of the normal tail 0.01 / (2 * 94 periods) */
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const double n = pairs[i][0], m = pairs[i][1];
        double limits[2];
        made_run r;
        make_run(&r, n, m, 0.0);
        rig_over_time_band(&r.prediction, r.observed, RIG_STAGE_TRUNK, 0, &limits[0], &limits[1]);
        for (int side = 0; side < 2; side++) {
            const double x = limits[side], p = (x + m) / (2.0 * n);
            const double off = fabs(x - m) - z * sqrt(2.0 * n * p * (1.0 - p));
            assert_true(x >= 0.0 && x <= n + 1e-9);
            /* a limit below 0 is 0 */
            assert_true(side == 0 && x == 0.0 ? off <= 1e-9 : fabs(off) < 0.001);
        }
        assert_true(limits[0] <= m && m <= limits[1]);
    }
}

/* Half a minute in which all is lost, made good by fewer losses before and after. */
static void test_a_dead_half_minute_made_good(void **state)
{
    (void)state;
    made_run r;
    make_run(&r, 20.0, 8.0, 2.0); /* 40 % of 480 calls */
    lose(&r, 0, 10, 4.0);
    lose(&r, 10, 16, 20.0);
    lose(&r, 16, 24, 4.0);
    expect(&r, 0.04, RIG_OVER_TIME_CERTAIN);
    const rig_over_time made = compare(&r, 0.04, 0);
    assert_true(made.worst.from_s >= 40.0 && made.worst.to_s <= 90.0);
    assert_true(made.worst.observed > made.worst.high);
    /* where few are lost otherwise, ten seconds are enough, and more than that is certain */
    make_run(&r, 20.0, 1.0, 1.0);
    lose(&r, 12, 14, 20.0);
    expect(&r, 0.04, RIG_OVER_TIME_CERTAIN);
    make_run(&r, 20.0, 1.0, 1.0);
    lose(&r, 12, 13, 15.0);
    expect(&r, 0.04, RIG_OVER_TIME_OPEN);
}

/* Too many in the first half, too few in the second: no bin by itself says so. */
static void test_a_drift_is_found_in_long_periods(void **state)
{
    (void)state;
    made_run r;
    make_run(&r, 100.0, 40.0, 2.0);
    lose(&r, 0, 12, 52.0);
    lose(&r, 12, 24, 28.0);
    const rig_over_time made = compare(&r, 0.02, 0);
    assert_int_equal(made.n_left, 0);
    assert_int_equal(made.finding, RIG_OVER_TIME_OPEN);
    assert_true(made.worst.to_s - made.worst.from_s >= 20.0);
    expect(&r, 0.12, RIG_OVER_TIME_CONFORMS); /* within the margin */
}

static void test_replays_that_scatter_widen_the_band(void **state)
{
    (void)state;
    made_run r;
    make_run(&r, 100.0, 20.0, 75.0);
    lose(&r, 5, 6, 94.0);
    expect(&r, 0.0, RIG_OVER_TIME_CONFORMS);
    lose(&r, 5, 6, 96.0);
    expect(&r, 0.0, RIG_OVER_TIME_OPEN);
    expect(&r, 0.02, RIG_OVER_TIME_CONFORMS);
}

static void test_doubtful_calls_make_nothing_certain(void **state)
{
    (void)state;
    made_run r;
    make_run(&r, 20.0, 1.0, 1.0);
    lose(&r, 12, 15, 20.0);
    assert_int_equal(compare(&r, 0.04, 0).finding, RIG_OVER_TIME_CERTAIN);
    assert_int_equal(compare(&r, 0.04, 40).finding, RIG_OVER_TIME_OPEN);
    assert_int_equal(compare(&r, 0.04, 1000).finding, RIG_OVER_TIME_OPEN);
}

/* Nothing offered, nothing lost; and calls that a stage before takes away are not its entrants. */
static void test_entrants(void **state)
{
    (void)state;
    made_run r;
    make_run(&r, 0.0, 0.0, 0.5);
    expect(&r, 0.0, RIG_OVER_TIME_CONFORMS);
    make_run(&r, 100.0, 20.0, 60.0);
    r.prediction.envelopes[RIG_STAGE_IVR] = r.prediction.envelopes[RIG_STAGE_TRUNK];
    for (int i = 0; i < N_BINS; i++)
        r.observed[i].n_lost[RIG_STAGE_IVR] = i == 3 ? 83.0 : 20.0;
    assert_int_equal(
        rig_over_time_compare(&r.prediction, r.observed, RIG_STAGE_IVR, 0.04, 0).finding,
        RIG_OVER_TIME_CONFORMS); /* 80 + 4 % of 80 */
    r.observed[3].n_lost[RIG_STAGE_IVR] = 84.0;
    assert_int_equal(
        rig_over_time_compare(&r.prediction, r.observed, RIG_STAGE_IVR, 0.04, 0).finding,
        RIG_OVER_TIME_OPEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_handful_is_no_deviation),
        cmocka_unit_test(test_band_of_a_second_run),
        cmocka_unit_test(test_a_dead_half_minute_made_good),
        cmocka_unit_test(test_a_drift_is_found_in_long_periods),
        cmocka_unit_test(test_replays_that_scatter_widen_the_band),
        cmocka_unit_test(test_doubtful_calls_make_nothing_certain),
        cmocka_unit_test(test_entrants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
