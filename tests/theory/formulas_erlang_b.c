/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erlang B, extended Erlang B. Digits beyond the printed tables: 40-digit arithmetic on the
 * definition e^A A^-N Gamma(N + 1, A). */
#include "tests/theory/formulas.h"

#include "models/domain.h"
#include "models/erlang_b.h"
#include "models/extended_b.h"

static void test_values(void **state)
{
    (void)state;
    static const struct {
        double offered_erl, n_circuits, p_block, relative;
    } rows[] = {
        {1, 1, 0.5, 1e-15},
        {1, 2, 0.2, 1e-15},
        {10, 16, 0.022302, 3e-5},
        {10, 17, 0.012949, 3e-5},
        {25, 30, 0.05260317222814062, 1e-14},
        {10, 16.5, 0.017103130605318, 1e-13},
        {0.5, 0.25, 0.7856584162989477, 1e-13},
        {0.01, 3.7, 2.554179411699287e-9, 1e-13},
        {1.999, 2.5, 0.295258354273993, 1e-13},
        {2, 0.5, 0.8259789443958747, 1e-13},
        {200, 150.3, 0.2617711809479019, 1e-13},
        {95.5, 120.25, 0.001893454356854245, 1e-13},
        {1000, 1000.5, 0.02449887581722148, 1e-13},
        {1e6, 1e6, 0.000797460306855561, 1e-12},
        {1e6, 1000000.5, 0.0007971421633896424, 1e-12},
        {1e6, 1002000, 5.526625819086792e-5, 1e-12},
        {1e-300, 0.5, 1.0 / 8.862269254527580e149, 1e-12}, /* A^N / Gamma(N + 1) */
        {1e300, 1e7, 1, 0},
        {0, 0, 1, 0},
        {0, 5, 0, 0},
        {0, 0.5, 0, 0},
        {5, 0, 1, 0},
        {1e-300, 1000, 0, 0},
        {1, 1e7, 0, 0},
    };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        double p = UNTOUCHED;
        assert_int_equal(rig_erlang_b_continuous(rows[i].offered_erl, rows[i].n_circuits, &p, NULL),
                         RIG_OK);
        expect_near("continuous", i, p, rows[i].p_block, rows[i].relative);
        if (rows[i].n_circuits == floor(rows[i].n_circuits)) {
            uint32_t n = (uint32_t)rows[i].n_circuits;
            assert_int_equal(rig_erlang_b(rows[i].offered_erl, n, &p, NULL), RIG_OK);
            expect_near("whole", i, p, rows[i].p_block, rows[i].relative);
        }
    }
}

/* Freeman, Telecommunication System Engineering, 4th ed., table 1.2 (and every printed Erlang B
 * table): erlangs that so many circuits take at a loss. */
static void test_printed_table(void **state)
{
    (void)state;
    static const struct {
        uint32_t n_circuits;
        double p_block, offered_erl;
        int decimals;
    } rows[] = {{1, 0.01, 0.01, 2},  {5, 0.01, 1.36, 2},  {10, 0.01, 4.46, 2}, {15, 0.01, 8.11, 2},
                {20, 0.01, 12.0, 1}, {50, 0.01, 37.9, 1}, {10, 0.02, 5.08, 2}, {30, 0.02, 21.9, 1},
                {50, 0.02, 40.3, 1}, {10, 0.05, 6.22, 2}, {10, 0.001, 3.09, 2}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        double offered_erl = UNTOUCHED;
        assert_int_equal(rig_erlang_b_load(rows[i].n_circuits, rows[i].p_block, &offered_erl, NULL),
                         RIG_OK);
        expect_printed("table", i, offered_erl, rows[i].offered_erl, rows[i].decimals);
        uint32_t n = 0;
        assert_int_equal(rig_erlang_b_circuits(offered_erl * (1 - 1e-9), rows[i].p_block, &n, NULL),
                         RIG_OK);
        assert_int_equal(n, rows[i].n_circuits);
    }
    double offered_erl;
    assert_int_equal(rig_erlang_b_load(15, 0.01, &offered_erl, NULL), RIG_OK);
    expect_printed("15 circuits at 1 %", 0, offered_erl, 8.108, 3);
}

/* The continuous formula at whole numbers; each inverse leads back. */
static void test_grid(void **state)
{
    (void)state;
    static const double loads[] = {1e-6, 0.3, 1.9, 2.0, 2.1, 7.7, 50, 333.3, 4321, 54321};
    static const double shares[] = {1e-12, 1e-4, 0.01, 0.3, 0.9, 0.9999};
    for (size_t i = 0; i < N_ROWS(loads); i++) {
        double a = loads[i], p, q, before = 1.0;
        for (uint32_t n = 1; n < 2.0 * a + 20.0; n = n + 1 + n / 7) {
            assert_int_equal(rig_erlang_b(a, n, &p, NULL), RIG_OK);
            assert_int_equal(rig_erlang_b_continuous(a, n, &q, NULL), RIG_OK);
            expect_near("continuous at a whole number", i, q, p, 1e-12);
            assert_true(p < before || p == 0.0);
            before = p;
            assert_int_equal(rig_erlang_b_continuous(a, n - 0.5, &q, NULL), RIG_OK);
            assert_true(q > p || p == 0.0);
        }
        for (size_t j = 0; j < N_ROWS(shares); j++) {
            double n_continuous, load;
            uint32_t n;
            assert_int_equal(rig_erlang_b_circuits(a, shares[j], &n, NULL), RIG_OK);
            assert_int_equal(rig_erlang_b(a, n, &p, NULL), RIG_OK);
            assert_true(p <= shares[j] && n > 0);
            assert_int_equal(rig_erlang_b(a, n - 1, &p, NULL), RIG_OK);
            assert_true(p > shares[j]);
            assert_int_equal(rig_erlang_b_circuits_continuous(a, shares[j], &n_continuous, NULL),
                             RIG_OK);
            assert_true(n_continuous <= n && n_continuous > n - 1.0);
            if (n_continuous > 1e-3) {
                assert_int_equal(rig_erlang_b_continuous(a, n_continuous, &p, NULL), RIG_OK);
                expect_near("continuous circuits", i * 10 + j, p, shares[j], 1e-9);
            }
            assert_int_equal(rig_erlang_b_load(n, shares[j], &load, NULL), RIG_OK);
            assert_int_equal(rig_erlang_b(load, n, &p, NULL), RIG_OK);
            expect_near("load", i * 10 + j, p, shares[j], 1e-9);
        }
    }
}

static void test_carried(void **state)
{
    (void)state;
    static const struct {
        double offered_erl;
        uint32_t n;
        double carried_erl, last_erl;
    } rows[] = {
        {1, 1, 0.5, 0.5}, /* A / (1 + A) */
        {1, 2, 0.8, 0.3}, /* A (0.5 - 0.2) */
        {2, 3, 2.0 * (1 - 4.0 / 19), 2.0 * (0.4 - 4.0 / 19)},
        {1e9, 1, 1 / (1 + 1e-9), 1 / (1 + 1e-9)}, /* no cancellation */
        {1e9, 2, 2 - 2e-9, 1 - 1e-9},
        {0, 3, 0, 0},
        {1e-200, 5, 1e-200, 0},
    };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        double got;
        assert_int_equal(rig_erlang_b_carried(rows[i].offered_erl, rows[i].n, &got, NULL), RIG_OK);
        expect_near("carried", i, got, rows[i].carried_erl, 1e-14);
        assert_int_equal(rig_erlang_b_last_circuit(rows[i].offered_erl, rows[i].n, &got, NULL),
                         RIG_OK);
        expect_near("last circuit", i, got, rows[i].last_erl, 1e-14);
    }
    double sum = 0.0, one, all; /* the circuits together carry what the group carries */
    for (uint32_t n = 1; n <= 120; n++) {
        assert_int_equal(rig_erlang_b_last_circuit(100, n, &one, NULL), RIG_OK);
        sum += one;
    }
    assert_int_equal(rig_erlang_b_carried(100, 120, &all, NULL), RIG_OK);
    expect_near("sum of the circuits", 0, sum, all, 1e-13);
    assert_int_equal(rig_erlang_b_carried(100, 0, &all, NULL), RIG_OK);
    assert_true(all == 0.0);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        double offered_erl, n_circuits, p_block;
        const char *text;
    } direct[] = {{-1, 5, 0, "offered_erl -1; expected a finite number >= 0"},
                  {(double)NAN, 5, 0, "offered_erl nan"},
                  {(double)INFINITY, 5, 0, "offered_erl inf"},
                  {1, 10000001, 0, "n_circuits"}},
      load[] = {{0, 0, 0.1, "n_circuits 0"},
                {0, -1, 0.1, "n_circuits -1"},
                {0, 1e8, 0.1, "n_circuits 1e+08"},
                {0, 5, 0, "p_block 0"},
                {0, 5, 1, "p_block 1"},
                {0, 5, (double)NAN, "p_block nan"},
                {0, (double)NAN, 0.1, "n_circuits nan"}},
      circuits[] = {{-1, 0, 0.1, "offered_erl -1"},
                    {1, 0, 0, "p_block 0; expected a share > 0 and < 1"},
                    {1, 0, 1.5, "p_block 1.5"},
                    {2e7, 0, 0.1, "needs more than 10000000 circuits"},
                    {1e300, 0, 0.1, "needs more than 10000000 circuits"},
                    {9.99e6, 0, 1e-9, "needs more than 10000000 circuits"}};
    rig_error err = {0};
    double out = UNTOUCHED;
    uint32_t n = 77;
    for (size_t i = 0; i < N_ROWS(direct); i++) {
        uint32_t count = (uint32_t)direct[i].n_circuits;
        double a = direct[i].offered_erl;
        expect_refusal(i, rig_erlang_b(a, count, &out, &err), &err, direct[i].text);
        expect_refusal(i, rig_erlang_b_continuous(a, count, &out, &err), &err, direct[i].text);
        expect_refusal(i, rig_erlang_b_carried(a, count, &out, &err), &err, direct[i].text);
        expect_refusal(i, rig_erlang_b_last_circuit(a, count, &out, &err), &err, direct[i].text);
    }
    expect_refusal(0, rig_erlang_b_continuous(1, -0.5, &out, &err), &err, "n_circuits -0.5");
    expect_refusal(0, rig_erlang_b_continuous(1, (double)NAN, &out, &err), &err, "n_circuits nan");
    expect_refusal(0, rig_erlang_b_last_circuit(1, 0, &out, &err), &err, "n_circuits 0");
    for (size_t i = 0; i < N_ROWS(load); i++)
        expect_refusal(i, rig_erlang_b_load(load[i].n_circuits, load[i].p_block, &out, &err), &err,
                       load[i].text);
    for (size_t i = 0; i < N_ROWS(circuits); i++) {
        double a = circuits[i].offered_erl, p = circuits[i].p_block;
        expect_refusal(i, rig_erlang_b_circuits(a, p, &n, &err), &err, circuits[i].text);
        expect_refusal(i, rig_erlang_b_circuits_continuous(a, p, &out, &err), &err,
                       circuits[i].text);
    }
    expect_refusal(0, rig_erlang_b_circuits_continuous(0, 0.1, &out, &err), &err,
                   "offered_erl 0; expected a finite number > 0");
    assert_int_equal(rig_erlang_b(-1, 1, &out, NULL), RIG_EDOM);
    assert_true(out == UNTOUCHED && n == 77);
}

static void test_extended(void **state)
{
    (void)state;
    static const struct {
        double fresh_erl;
        uint32_t n;
        double p_redial, p_block, offered_erl;
    } rows[] = {{35, 44, 0.6, 0.025346285510147, 35.540491669414},
                {35, 43, 0.6, 0.033614652067858, 35.720438058223},
                {35, 30, 0.9, 0.65188463310978, 84.683463937322},
                {35, 40, 1, 0.10311420936896, 39.023920732844},
                {25, 30, 0, 0.05260317222814062, 25},
                {0, 3, 0.5, 0, 0},
                {5, 0, 0.5, 1, 10}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_extended_b_figures f;
        assert_int_equal(rig_extended_b(rows[i].fresh_erl, rows[i].n, rows[i].p_redial, &f, NULL),
                         RIG_OK);
        expect_near("p_block", i, f.p_block, rows[i].p_block, 1e-12);
        expect_near("offered", i, f.offered_erl, rows[i].offered_erl, 1e-12);
        /* every caller is carried or gives up; every blocked attempt is redialled or not */
        assert_true(fabs(f.carried_erl + f.p_lost_per_caller * rows[i].fresh_erl -
                         rows[i].fresh_erl) <= 1e-12 * rows[i].fresh_erl);
        if (rows[i].fresh_erl > 0)
            expect_near("attempts", i, f.attempts_per_caller,
                        1 / (1 - rows[i].p_redial * f.p_block), 1e-12);
    }
    uint32_t n;
    double fresh_erl;
    assert_int_equal(rig_extended_b_circuits(35, 0.03, 0.6, &n, NULL), RIG_OK);
    assert_int_equal(n, 44);
    assert_int_equal(rig_extended_b_load(44, 0.025346285510147, 0.6, &fresh_erl, NULL), RIG_OK);
    expect_near("fresh load", 0, fresh_erl, 35, 1e-11);
}

static void test_extended_refusals(void **state)
{
    (void)state;
    static const struct {
        double fresh_erl;
        uint32_t n;
        double p_redial;
        const char *text;
    } rows[] = {{-1, 5, 0.5, "fresh_erl -1"},
                {1, 5, -0.1, "p_redial -0.1"},
                {1, 5, 1.1, "p_redial 1.1; expected a share from 0 to 1"},
                {1, 5, (double)NAN, "p_redial nan"},
                {1, 10000001, 0.5, "n_circuits 10000001"},
                {5, 5, 1, "attempts grow without end"},
                {6, 5, 1, "attempts grow without end"}};
    rig_error err = {0};
    rig_extended_b_figures f = {.p_block = UNTOUCHED};
    double out = UNTOUCHED;
    uint32_t n = 77;
    for (size_t i = 0; i < N_ROWS(rows); i++)
        expect_refusal(i, rig_extended_b(rows[i].fresh_erl, rows[i].n, rows[i].p_redial, &f, &err),
                       &err, rows[i].text);
    expect_refusal(0, rig_extended_b_circuits(1, 1, 0.5, &n, &err), &err, "p_block 1");
    expect_refusal(1, rig_extended_b_circuits(1, 0.1, 2, &n, &err), &err, "p_redial 2");
    expect_refusal(2, rig_extended_b_circuits(-1, 0.1, 0, &n, &err), &err, "fresh_erl -1");
    expect_refusal(3, rig_extended_b_load(0, 0.1, 0, &out, &err), &err, "n_circuits 0");
    expect_refusal(4, rig_extended_b_load(3, 0.1, -1, &out, &err), &err, "p_redial -1");
    assert_true(f.p_block == UNTOUCHED && out == UNTOUCHED && n == 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_printed_table),
        cmocka_unit_test(test_grid),
        cmocka_unit_test(test_carried),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_extended),
        cmocka_unit_test(test_extended_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
