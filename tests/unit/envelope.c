/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The envelope: a share of the runs stays in it in all bins at once. */
#include "models/envelope.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "core/random.h"
#include "tests/test.h"

#define N_REPLICATIONS 999
#define N_INTERVALS    20

/* Rows of numbers that depend on their neighbours in time: 100 + a random walk's steps. */
static double *make_rows(uint32_t first)
{
    double *rows = calloc((size_t)N_INTERVALS * N_REPLICATIONS, sizeof *rows);
    assert_non_null(rows);
    for (uint32_t r = 0; r < N_REPLICATIONS; r++) {
        double before = 0.0;
        for (uint32_t i = 0; i < N_INTERVALS; i++) {
            double u = rig_random_uniform(7, RIG_CAUSE_TALK, i, first + r, 0);
            double step = 20.0 * (u - 0.5);
            rows[(size_t)i * N_REPLICATIONS + r] = 100.0 * (double)(1 + i) + step + 0.7 * before;
            before = step;
        }
    }
    return rows;
}

/* Replications that lie in the envelope in all periods. */
static size_t count_inside(const double *rows, const rig_envelope *e)
{
    size_t n = 0;
    for (size_t r = 0; r < N_REPLICATIONS; r++) {
        bool is_inside = true;
        for (size_t level = 0; level < e->n_levels; level++) {
            for (size_t b = 0; b < rig_envelope_n_periods(e, level); b++) {
                const size_t end = (b + ((size_t)1 << level)) * e->n_together;
                const size_t at = level * e->n_bins + b;
                double sum = 0.0;
                for (size_t i = b * e->n_together; i < end && i < N_INTERVALS; i++)
                    sum += rows[i * N_REPLICATIONS + r];
                is_inside = is_inside && fabs(sum - e->mean[at]) <= e->half[at] * (1.0 + 1e-9);
            }
        }
        n += is_inside;
    }
    return n;
}

static void test_holds_whole_runs(void **state)
{
    (void)state;
    double *rows = make_rows(0), *others = make_rows(5000);
    for (size_t n_together = 1; n_together <= 3; n_together += 2) {
        rig_envelope e;
        assert_int_equal(rig_envelope_make(rows, N_INTERVALS, N_REPLICATIONS, n_together, 0.05, &e),
                         RIG_OK);
        assert_int_equal(e.n_bins, n_together == 1 ? 20 : 7);  /* the last bin has 2 intervals */
        assert_int_equal(e.n_levels, n_together == 1 ? 5 : 3); /* up to 16 of 20, 4 of 7 */
        assert_int_equal(rig_envelope_n_periods(&e, 2), n_together == 1 ? 17 : 4);
        assert_int_equal(count_inside(rows, &e), 950);
        /* of 999 others 949 on the mean, standard deviation 10 with the envelope's own */
        size_t n = count_inside(others, &e);
        assert_true(n > 910 && n < 985);
        assert_true(fabs(e.mean[0] - (n_together == 1 ? 100.0 : 600.0)) < 3.0);
        rig_envelope_clear(&e);
    }
    free(rows);
    free(others);
}

/* Counts that never change still may be off by less than a call or two. */
static void test_no_scatter_is_half_a_call(void **state)
{
    (void)state;
    double rows[2 * 40];
    rig_envelope e;
    for (int r = 0; r < 40; r++) {
        rows[r] = 5.0;
        rows[40 + r] = r % 2 == 0 ? 3.0 : 7.0;
    }
    assert_int_equal(rig_envelope_make(rows, 2, 40, 1, 0.05, &e), RIG_OK);
    assert_true(e.mean[0] == 5.0 && e.mean[1] == 5.0);
    assert_int_equal(e.n_levels, 1); /* both bins are the whole run */
    assert_true(fabs(e.half[0] - 0.5 * e.critical) < 1e-12);
    assert_true(fabs(e.half[1] - 2.0) < 1e-9);
    rig_envelope_clear(&e);
    rig_envelope_clear(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holds_whole_runs),
        cmocka_unit_test(test_no_scatter_is_half_a_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
