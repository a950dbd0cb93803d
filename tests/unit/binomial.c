/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits of a share behind a count. */
#include "tests/test.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>

#include "models/binomial.h"

static void expect(double got, double want)
{
    if (!(fabs(got - want) <= 1e-12 + 1e-9 * fabs(want)))
        fail_msg("%.17g, %.17g expected", got, want);
}

/* Of the beta distributions that have a closed form: x^a, and 1 - (1 - x)^b. */
static void test_closed_forms(void **state)
{
    (void)state;
    for (double n = 1.0; n <= 1e6; n *= 10.0) {
        for (double p = 0.0005; p < 1.0; p += 0.0333) {
            expect(rig_beta_quantile(p, n, 1.0), pow(p, 1.0 / n));
            expect(rig_beta_quantile(p, 1.0, n), -expm1(log1p(-p) / n));
        }
    }
    expect(rig_beta_quantile(0.5, 3.0, 3.0), 0.5);
    assert_true(rig_beta_quantile(0.0, 2.0, 3.0) == 0.0);
    assert_true(rig_beta_quantile(1.0, 2.0, 3.0) == 1.0);
    assert_true(isnan(rig_beta_quantile(0.5, 0.0, 3.0)));
    assert_true(isnan(rig_beta_quantile(-0.1, 1.0, 3.0)));
    assert_true(isnan(rig_beta_quantile((double)NAN, 1.0, 3.0)));
}

/* There and back, over what a run can count: GSL's inverse has no answer for many of these. */
static void test_every_count_has_limits(void **state)
{
    (void)state;
    gsl_set_error_handler_off();
    static const double tails[] = {0.0005, 0.025, 0.05, 0.5};
    static const double calls[] = {1, 7, 100, 500, 1320, 7824, 47100, 900000};
    unsigned n_lost_by_gsl = 0;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        for (double hits = 0.0; hits <= calls[i]; hits = ceil(hits * 1.4 + 1.0)) {
            for (size_t k = 0; k < sizeof tails / sizeof *tails; k++) {
                double low = rig_binomial_low(hits, calls[i], tails[k]);
                double high = rig_binomial_high(hits, calls[i], tails[k]);
                double over = calls[i] - hits;
                if (hits > 0.0)
                    expect(gsl_cdf_beta_P(low, hits, over + 1.0), tails[k]);
                if (over > 0.0)
                    expect(gsl_cdf_beta_Q(high, hits + 1.0, over), tails[k]);
                assert_true(low <= hits / calls[i] && high >= hits / calls[i]);
                n_lost_by_gsl +=
                    over > 0.0 && isnan(gsl_cdf_beta_Pinv(1.0 - tails[k], hits + 1.0, over));
            }
        }
    }
    print_message("GSL's own inverse had no answer for %u\n", n_lost_by_gsl);
}

static void test_the_ends(void **state)
{
    (void)state;
    assert_true(rig_binomial_low(0.0, 100.0, 0.025) == 0.0);
    assert_true(rig_binomial_high(100.0, 100.0, 0.025) == 1.0);
    expect(rig_binomial_high(0.0, 200.0, 0.05), 1.0 - pow(0.05, 1.0 / 200.0)); /* about 3 / n */
}

/* Where GSL's distribution function has gaps; a normal limit is as good there. */
static void test_millions(void **state)
{
    (void)state;
    for (double n = 1e6; n <= 1e12; n *= 10.0) {
        double sd = sqrt(0.3 * 0.7 / n);
        assert_true(fabs(rig_binomial_high(0.3 * n, n, 0.025) - 0.3 - 1.959964 * sd) < 0.01 * sd);
        assert_true(fabs(rig_binomial_low(0.3 * n, n, 0.025) - 0.3 + 1.959964 * sd) < 0.01 * sd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_closed_forms),
        cmocka_unit_test(test_every_count_has_limits),
        cmocka_unit_test(test_the_ends),
        cmocka_unit_test(test_millions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
