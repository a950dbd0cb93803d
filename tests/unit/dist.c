/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenarios/: distributions. */
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/microseconds.h"
#include "core/random.h"
#include "scenarios/dist.h"
#include "scenarios/dist/gamma_table.h"
#include "scenarios/dist/rounded_table.h"

static char path[] = "/tmp/peakrig-bad-XXXXXX", sample_path[] = "/tmp/peakrig-talk-XXXXXX";

static void write_sample(void)
{
    static const char sample[] = "id,talk_s\n1,10\n2,30\n3,20\n";
    (void)snprintf(sample_path, sizeof sample_path, "/tmp/peakrig-talk-XXXXXX");
    int fd = mkstemp(sample_path);
    assert_true(fd >= 0);
    (void)close(fd);
    assert_int_equal(rig_atomic_file_write(sample_path, sample, sizeof sample - 1, NULL), RIG_OK);
}

static void test_distribution_quantiles(void **state)
{
    (void)state;
    static const struct {
        rig_dist_kind kind;
        double mean_s, cv, u, expected_s, tolerance_s;
    } rows[] = {
        {RIG_DIST_CONSTANT, 8, 0, 0.3, 8, 0},
        {RIG_DIST_UNIFORM, 10, 0.5, 0.5, 10, 1e-12},
        {RIG_DIST_UNIFORM, 10, 0.5, 0.999999999, 18.660254, 1e-5},
        {RIG_DIST_EXPONENTIAL, 30, 0, 0.5, 20.794415417, 1e-8},
        {RIG_DIST_EXPONENTIAL, 30, 0, 1e-12, 3e-11, 1e-20},
        {RIG_DIST_LOGNORMAL, 30, 0.7, 0.5, 24.576958, 1e-5}, /* mean / sqrt(1 + cv^2) */
        {RIG_DIST_GAMMA, 3, 1, 0.5, 2.079441542, 1e-8},      /* cv 1 is exponential */
        {RIG_DIST_GAMMA, 10, 0.5, 0.95, 19.3841411, 1e-5},   /* chi2(8) 95 %: 15.50731 x 1.25 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_dist dist;
        rig_error err = {0};
        assert_int_equal(rig_dist_make(rows[i].kind, rows[i].mean_s, rows[i].cv, &dist, &err),
                         RIG_OK);
        double got_s = rig_dist_quantile_s(&dist, rows[i].u);
        if (fabs(got_s - rows[i].expected_s) > rows[i].tolerance_s)
            fail_msg("row %zu: %.10g, expected %.10g", i, got_s, rows[i].expected_s);
        rig_dist_clear(&dist);
    }
}

/* The mean and cv that a scenario names are those of the draws (midpoint rule over u). */
static void test_distribution_moments(void **state)
{
    (void)state;
    static const struct {
        rig_dist_kind kind;
        double cv;
    } rows[] = {{RIG_DIST_UNIFORM, 0.4},
                {RIG_DIST_EXPONENTIAL, 1.0},
                {RIG_DIST_LOGNORMAL, 0.7},
                {RIG_DIST_GAMMA, 0.7}};
    enum { N = 200000 };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_dist dist;
        assert_int_equal(rig_dist_make(rows[i].kind, 30.0, rows[i].cv, &dist, NULL), RIG_OK);
        double sum = 0.0, squares = 0.0;
        for (int k = 0; k < N; k++) {
            double x = rig_dist_quantile_s(&dist, (k + 0.5) / N);
            sum += x;
            squares += x * x;
        }
        double mean = sum / N;
        double cv = sqrt(squares / N - mean * mean) / mean;
        assert_true(fabs(mean - 30.0) < 0.01);
        assert_true(fabs(cv - rows[i].cv) < 0.005);
        rig_dist_clear(&dist);
    }
}

static void test_empirical(void **state)
{
    (void)state;
    rig_dist dist;
    rig_error err = {0};
    write_sample();
    assert_int_equal(rig_dist_make_empirical(sample_path, "talk_s", &dist, &err), RIG_OK);
    assert_true(rig_dist_quantile_s(&dist, 0.1) == 10.0);
    assert_true(rig_dist_quantile_s(&dist, 0.5) == 20.0);
    assert_true(rig_dist_quantile_s(&dist, 0.999999) == 30.0);
    rig_dist_clear(&dist);
    (void)remove(sample_path);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    (void)close(fd);
    static const char bad[] = "talk_s\n1\n-2\n";
    assert_int_equal(rig_atomic_file_write(path, bad, sizeof bad - 1, &err), RIG_OK);
    assert_int_equal(rig_dist_make_empirical(path, "talk_s", &dist, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, ":3: talk_s: -2 is not a duration"));
    (void)remove(path);
    assert_int_equal(rig_dist_make(RIG_DIST_EMPIRICAL, 1, 1, &dist, &err), RIG_EDOM);
    assert_int_equal(rig_dist_make(RIG_DIST_GAMMA, (double)NAN, 1, &dist, &err), RIG_EDOM);
}

/* Table against the tails of the distribution function (GSL's, both ends): the error of u turned
 * into one of q. GSL's own inverse is no witness at a cv over 2: it is off by up to 3e-7 there. */
static void test_gamma_table(void **state)
{
    (void)state;
    static const double cvs[] = {0.05, 0.1, 0.2, 0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 5.0};
    enum { N = 700 };
    for (size_t c = 0; c < sizeof cvs / sizeof *cvs; c++) {
        const double shape = 1.0 / (cvs[c] * cvs[c]), log_gamma = gsl_sf_lngamma(shape);
        rig_dist dist;
        assert_int_equal(rig_dist_make(RIG_DIST_GAMMA, shape, cvs[c], &dist, NULL), RIG_OK);
        assert_non_null(dist.gamma);
        for (int i = 0; i <= N; i++) {
            double z = -7.034 + 14.068 * i / N; /* u from 1e-12 to 1 - 1e-12, both tails dense */
            bool is_lower = z < 0.0;
            double tail = gsl_cdf_ugaussian_P(is_lower ? z : -z);
            double u = is_lower ? tail : 1.0 - tail;
            tail = is_lower ? u : 1.0 - u; /* as the table can know it */
            if (tail < 1e-12)
                continue;
            double q = rig_dist_quantile_s(&dist, u); /* mean = shape: scale 1 */
            if (q < 1e-290)
                continue; /* beside the smallest doubles the test's own density fails */
            double got = is_lower ? gsl_cdf_gamma_P(q, shape, 1.0) : gsl_cdf_gamma_Q(q, shape, 1.0);
            double q_density = exp(shape * log(q) - q - log_gamma);
            double error = fabs(log(got / tail)) * tail / q_density;
            if (!(error <= 1e-9))
                fail_msg("cv %g, u %.17g: relative error %.2g", cvs[c], u, error);
            if (i % 50 == 0 && cvs[c] <= 1.0) {
                double gsl = gsl_cdf_gamma_Pinv(u, shape, 1.0);
                assert_true(!is_lower || fabs(q / gsl - 1.0) <= 1e-9);
            }
        }
        rig_dist_clear(&dist);
        assert_null(dist.gamma);
    }
    /* without a table; the same witness where the tails are in reach */
    static const double shapes[] = {1e-3, 0.3, 2.0, 1e3};
    for (size_t c = 0; c < sizeof shapes / sizeof *shapes; c++)
        for (double u = 0.02; u < 1.0; u += 0.07) {
            double q = rig_gamma_quantile(shapes[c], u);
            if (q > 1e-290)
                assert_true(fabs(gsl_cdf_gamma_P(q, shapes[c], 1.0) / u - 1.0) < 1e-9);
        }
    /* a normal distribution, nearly: 1 + z / 100, and (z^2 - 1) / (3 * 10^4) of skewness */
    assert_true(fabs(rig_gamma_quantile(1e4, 0.975) / 1e4 - 1.0196945) < 1e-6);
    assert_true(fabs(rig_gamma_quantile(1e6, 0.975) / 1e6 - 1.00196091) < 1e-7);
    assert_int_equal(rig_gamma_table_new(0.01, NULL), RIG_EDOM);
    assert_int_equal(rig_gamma_table_new(500.0, NULL), RIG_EDOM);
}

/* Between two nodes, at a node and past the table's ends nothing jumps or falls. */
static void test_quantiles_rise(void **state)
{
    (void)state;
    static const struct {
        rig_dist_kind kind;
        double cv;
    } rows[] = {{RIG_DIST_UNIFORM, 0.4}, {RIG_DIST_EXPONENTIAL, 1}, {RIG_DIST_LOGNORMAL, 0.7},
                {RIG_DIST_GAMMA, 0.7},   {RIG_DIST_GAMMA, 3.0},     {RIG_DIST_GAMMA, 0.01},
                {RIG_DIST_GAMMA, 0.05},  {RIG_DIST_GAMMA, 50.0},    {RIG_DIST_GAMMA, 0.001}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        rig_dist dist;
        double before = 0.0;
        assert_int_equal(rig_dist_make(rows[r].kind, 30.0, rows[r].cv, &dist, NULL), RIG_OK);
        for (int i = 0; i <= 3000; i++) {
            double u = gsl_cdf_ugaussian_P(-7.5 + i * 0.005);
            double q = rig_dist_quantile_s(&dist, u);
            if (!(isfinite(q) && q >= before))
                fail_msg("row %zu, u %.17g: %.17g after %.17g", r, u, q, before);
            before = q;
        }
        rig_dist_clear(&dist);
    }
}

/* What stands in the table, and what does not, is the exact function's value rounded: all the same
 * bits, in the middle and in both tails, from shapes near constant to very skewed, from
 * milliseconds to years. */
static void test_rounded_quantiles(void **state)
{
    (void)state;
    static const struct {
        rig_dist_kind kind;
        double mean_s, cv;
    } rows[] = {
        {RIG_DIST_CONSTANT, 8.1234567, 0}, {RIG_DIST_UNIFORM, 10, 0.5},
        {RIG_DIST_EXPONENTIAL, 30, 1},     {RIG_DIST_EXPONENTIAL, 0.004, 1},
        {RIG_DIST_EXPONENTIAL, 1e6, 1},    {RIG_DIST_EXPONENTIAL, 1e300, 1},
        {RIG_DIST_LOGNORMAL, 35, 0.5},     {RIG_DIST_LOGNORMAL, 30, 0.01},
        {RIG_DIST_LOGNORMAL, 30, 20},      {RIG_DIST_LOGNORMAL, 1e5, 3},
        {RIG_DIST_GAMMA, 3, 0.7},          {RIG_DIST_GAMMA, 35, 0.05},
        {RIG_DIST_GAMMA, 35, 5},           {RIG_DIST_GAMMA, 35, 1.5},
        {RIG_DIST_GAMMA, 35, 0.001},
    };
    enum { N = 40000, N_TAIL = 400 };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        rig_dist dist;
        const double step = rows[r].kind == RIG_DIST_GAMMA && rows[r].cv < 0.05 ? 100 : 1;
        uint64_t n_known = 0;
        int64_t whole;
        assert_int_equal(rig_dist_make(rows[r].kind, rows[r].mean_s, rows[r].cv, &dist, NULL),
                         RIG_OK);
        for (double i = 0; i < N; i += step) {
            const double u = rig_random_uniform(19, RIG_CAUSE_TALK, (uint64_t)i, 0, (uint32_t)r);
            assert_true(rig_dist_rounded_quantile_s(&dist, u) ==
                        rig_round_to_us(rig_dist_quantile_s(&dist, u)));
            n_known += dist.rounded != NULL && rig_rounded_table_us(dist.rounded, u, &whole);
        }
        for (int i = 1; i < N_TAIL; i += (int)step) {
            const double tail = exp2(-i * 52.0 / N_TAIL);
            for (int side = 0; side < 2; side++) {
                const double u = side == 0 ? tail : 1.0 - tail;
                assert_true(rig_dist_rounded_quantile_s(&dist, u) ==
                            rig_round_to_us(rig_dist_quantile_s(&dist, u)));
            }
        }
        if (r == 2 || r == 6 || r == 10) /* the usual ones: the table is no ornament */
            assert_true(n_known > N - N / 200);
        rig_dist_clear(&dist);
        assert_null(dist.rounded);
    }
}

/* A copy outlives what it was copied from, and draws the same. */
static void test_copies(void **state)
{
    (void)state;
    write_sample();
    for (int kind = 0; kind < RIG_N_DIST_KINDS; kind++) {
        rig_dist dist, copy;
        if (kind == RIG_DIST_EMPIRICAL)
            assert_int_equal(rig_dist_make_empirical(sample_path, "talk_s", &dist, NULL), RIG_OK);
        else
            assert_int_equal(rig_dist_make((rig_dist_kind)kind, 30.0, 0.5, &dist, NULL), RIG_OK);
        double q = rig_dist_quantile_s(&dist, 0.3);
        assert_int_equal(rig_dist_copy(&dist, &copy), RIG_OK);
        rig_dist_clear(&dist);
        assert_true(rig_dist_quantile_s(&copy, 0.3) == q);
        assert_true(rig_dist_rounded_quantile_s(&copy, 0.3) == rig_round_to_us(q));
        rig_dist_clear(&copy);
    }
    (void)remove(sample_path);
    /* written down without being made: the same draws */
    const rig_dist plain = {.kind = RIG_DIST_LOGNORMAL, .mean_s = 30, .cv = 0.5};
    rig_dist made;
    assert_int_equal(rig_dist_make(RIG_DIST_LOGNORMAL, 30, 0.5, &made, NULL), RIG_OK);
    assert_true(made.sigma > 0.0);
    assert_true(rig_dist_quantile_s(&plain, 0.77) == rig_dist_quantile_s(&made, 0.77));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_distribution_quantiles),
        cmocka_unit_test(test_distribution_moments),
        cmocka_unit_test(test_empirical),
        cmocka_unit_test(test_gamma_table),
        cmocka_unit_test(test_quantiles_rise),
        cmocka_unit_test(test_rounded_quantiles),
        cmocka_unit_test(test_copies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
