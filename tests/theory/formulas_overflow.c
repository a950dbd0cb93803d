/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overflow, equivalent random theory and Hayward. Digits: the chain of the group and an endless
 * second group, solved state by state. */
#include "tests/theory/formulas.h"

#include "models/erlang_b.h"
#include "models/hayward.h"
#include "models/overflow.h"

static void test_riordan(void **state)
{
    (void)state;
    static const struct {
        rig_first_group group;
        double mean_erl, variance_erl, relative;
    } rows[] = {{{10, 8}, 3.3831843288736443, 6.133314656908253, 1e-11},
                {{4, 3}, 1.802816901408448, 2.552668121404349, 1e-11},
                {{2, 6}, 0.02416918429002636, 0.0332062013871518, 1e-11},
                {{7, 0}, 7, 7, 1e-15}, /* no circuits: all of it, and still Poisson */
                {{0, 5}, 0, 0, 0},
                {{1e7, 1}, 1e7 - 1, 1e7 - 1, 1e-6},
                {{1, 10000}, 0, 0, 0}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_two_moments t;
        assert_int_equal(rig_overflow_of(&rows[i].group, &t, NULL), RIG_OK);
        expect_near("mean", i, t.mean_erl, rows[i].mean_erl, rows[i].relative);
        expect_near("variance", i, t.variance_erl, rows[i].variance_erl, rows[i].relative);
    }
    static const rig_first_group groups[] = {{10, 8}, {4, 3}, {7, 0}};
    rig_two_moments t;
    assert_int_equal(rig_overflow_sum(groups, 3, &t, NULL), RIG_OK);
    expect_near("sum", 0, t.mean_erl, 3.3831843288736443 + 1.802816901408448 + 7, 1e-11);
    expect_near("sum", 1, t.variance_erl, 6.133314656908253 + 2.552668121404349 + 7, 1e-11);
    assert_int_equal(rig_overflow_sum(NULL, 0, &t, NULL), RIG_OK);
    assert_true(t.mean_erl == 0.0 && t.variance_erl == 0.0);
}

/* The overflow of a group leads back to the group, and its loss on more circuits to Erlang B. */
static void test_equivalent(void **state)
{
    (void)state;
    static const rig_first_group groups[] = {{10, 8},     {4, 3},        {30, 30}, {100, 120},
                                             {1000, 950}, {50, 20.5},    {0.5, 2}, {300, 10},
                                             {2, 0.3},    {20000, 20000}};
    for (size_t i = 0; i < N_ROWS(groups); i++) {
        rig_two_moments t, again;
        rig_first_group found;
        assert_int_equal(rig_overflow_of(&groups[i], &t, NULL), RIG_OK);
        assert_int_equal(rig_overflow_equivalent(&t, &found, NULL), RIG_OK);
        assert_int_equal(rig_overflow_of(&found, &again, NULL), RIG_OK);
        expect_near("mean again", i, again.mean_erl, t.mean_erl, 1e-9);
        expect_near("variance again", i, again.variance_erl, t.variance_erl, 1e-7);
        expect_near("traffic", i, found.offered_erl, groups[i].offered_erl, 1e-5);
        expect_near("circuits", i, found.n_circuits, groups[i].n_circuits, 1e-4);
        double p_all, p_lost;
        assert_int_equal(
            rig_erlang_b_continuous(groups[i].offered_erl, groups[i].n_circuits + 10, &p_all, NULL),
            RIG_OK);
        assert_int_equal(rig_overflow_loss(&t, 10, &p_lost, NULL), RIG_OK);
        expect_near("loss", i, p_lost * t.mean_erl, p_all * groups[i].offered_erl, 1e-5);
    }
    /* Rapp's approximation, by hand for m = 4, z = 2: A = 8 + 6, N = 14 x 6 / 5 - 5 */
    rig_first_group rapp;
    assert_int_equal(rig_overflow_rapp(&(rig_two_moments){4, 8}, &rapp, NULL), RIG_OK);
    expect_near("Rapp", 0, rapp.offered_erl, 14, 1e-15);
    expect_near("Rapp", 1, rapp.n_circuits, 11.8, 1e-14);
    rig_first_group exact;
    assert_int_equal(rig_overflow_equivalent(&(rig_two_moments){4, 8}, &exact, NULL), RIG_OK);
    expect_near("Rapp is near", 0, exact.offered_erl, rapp.offered_erl, 0.1);
    assert_true(exact.offered_erl != rapp.offered_erl);
    /* Poisson traffic is its own equivalent */
    double p_lost, p_block;
    assert_int_equal(rig_overflow_equivalent(&(rig_two_moments){10, 10}, &exact, NULL), RIG_OK);
    assert_true(exact.offered_erl == 10 && exact.n_circuits == 0);
    assert_int_equal(rig_overflow_loss(&(rig_two_moments){10, 10}, 17, &p_lost, NULL), RIG_OK);
    assert_int_equal(rig_erlang_b(10, 17, &p_block, NULL), RIG_OK);
    expect_near("Poisson", 0, p_lost, p_block, 1e-12);
}

static void test_overflow_circuits(void **state)
{
    (void)state;
    static const rig_two_moments traffics[] = {
        {3.3832, 6.1333}, {10, 10}, {40, 100}, {0.01, 0.012}};
    static const double shares[] = {0.5, 0.01, 1e-6};
    for (size_t i = 0; i < N_ROWS(traffics); i++) {
        for (size_t j = 0; j < N_ROWS(shares); j++) {
            uint32_t n;
            double p_lost;
            assert_int_equal(rig_overflow_circuits(&traffics[i], shares[j], &n, NULL), RIG_OK);
            assert_int_equal(rig_overflow_loss(&traffics[i], n, &p_lost, NULL), RIG_OK);
            assert_true(n > 0 && p_lost <= shares[j]);
            assert_int_equal(rig_overflow_loss(&traffics[i], n - 1, &p_lost, NULL), RIG_OK);
            assert_true(p_lost > shares[j]);
        }
    }
}

static void test_hayward(void **state)
{
    (void)state;
    static const double loads[] = {0.5, 10, 95, 2000};
    for (size_t i = 0; i < N_ROWS(loads); i++) {
        uint32_t n = (uint32_t)loads[i] + 5;
        double p, p_block, before = 0.0;
        assert_int_equal(rig_erlang_b(loads[i], n, &p_block, NULL), RIG_OK);
        assert_int_equal(rig_hayward(loads[i], 1, n, &p, NULL), RIG_OK);
        expect_near("z = 1 is Erlang B", i, p, p_block, 1e-12);
        for (double z = 0.25; z < 8; z *= 1.5) { /* the more peaked, the worse */
            assert_int_equal(rig_hayward(loads[i], z, n, &p, NULL), RIG_OK);
            assert_true(p > before);
            before = p;
            uint32_t found;
            double load;
            assert_int_equal(rig_hayward_circuits(loads[i], z, p, &found, NULL), RIG_OK);
            assert_int_equal(found, n);
            assert_int_equal(rig_hayward_circuits(loads[i], z, p * 0.999999, &found, NULL), RIG_OK);
            assert_int_equal(found, n + 1);
            assert_int_equal(rig_hayward_load(n, z, p, &load, NULL), RIG_OK);
            expect_near("load", i, load, loads[i], 1e-9);
        }
    }
    /* by hand: 20 erl, z = 2 on 20 circuits is 10 erl on 10; z = 0.5 is 40 erl on 40 */
    double p, p_block;
    assert_int_equal(rig_hayward(20, 2, 20, &p, NULL), RIG_OK);
    assert_int_equal(rig_erlang_b(10, 10, &p_block, NULL), RIG_OK);
    expect_near("peaked", 0, p, p_block, 1e-12);
    assert_int_equal(rig_hayward(20, 0.5, 20, &p, NULL), RIG_OK);
    assert_int_equal(rig_erlang_b(40, 40, &p_block, NULL), RIG_OK);
    expect_near("smooth", 0, p, p_block, 1e-12);
    assert_int_equal(rig_hayward(0, 2, 0, &p, NULL), RIG_OK);
    assert_true(p == 1.0);
    /* Fredericks 1980: near the equivalent random theory for overflow */
    double p_lost;
    const rig_two_moments t = {30, 60};
    assert_int_equal(rig_overflow_loss(&t, 45, &p_lost, NULL), RIG_OK);
    assert_int_equal(rig_hayward(30, 2, 45, &p, NULL), RIG_OK);
    expect_near("Hayward and Wilkinson", 0, p, p_lost, 0.1);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        rig_two_moments traffic;
        const char *text;
    } rows[] = {{{0, 0}, "mean_erl 0"},
                {{-1, 2}, "mean_erl -1"},
                {{(double)NAN, 2}, "mean_erl nan"},
                {{3, 2}, "variance_erl 2 with mean_erl 3; expected a variance >= the mean"},
                {{3, (double)INFINITY}, "variance_erl inf"},
                {{3, (double)NAN}, "variance_erl nan"}};
    rig_error err = {0};
    rig_first_group group = {.offered_erl = UNTOUCHED};
    rig_two_moments traffic = {.mean_erl = UNTOUCHED};
    double out = UNTOUCHED;
    uint32_t n = 77;
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        expect_refusal(i, rig_overflow_equivalent(&rows[i].traffic, &group, &err), &err,
                       rows[i].text);
        expect_refusal(i, rig_overflow_rapp(&rows[i].traffic, &group, &err), &err, rows[i].text);
        expect_refusal(i, rig_overflow_loss(&rows[i].traffic, 1, &out, &err), &err, rows[i].text);
        expect_refusal(i, rig_overflow_circuits(&rows[i].traffic, 0.1, &n, &err), &err,
                       rows[i].text);
    }
    const rig_two_moments good = {3, 6}, wild = {1e-3, 1e5}, huge = {1e8, 2e8};
    expect_refusal(0, rig_overflow_circuits(&good, 0, &n, &err), &err, "p_lost 0");
    expect_refusal(1, rig_overflow_loss(&good, 10000001, &out, &err), &err, "n_circuits 10000001");
    expect_refusal(2, rig_overflow_equivalent(&wild, &group, &err), &err, "equivalent group");
    expect_refusal(3, rig_overflow_circuits(&huge, 0.1, &n, &err), &err, "overflow");
    const rig_first_group bad[] = {{1, 2}, {-1, 2}}, worse = {1, -1};
    expect_refusal(4, rig_overflow_sum(bad, 2, &traffic, &err), &err, "offered_erl -1");
    expect_refusal(5, rig_overflow_of(&worse, &traffic, &err), &err, "n_circuits -1");
    expect_refusal(6, rig_hayward(-1, 2, 3, &out, &err), &err, "offered_erl -1");
    expect_refusal(7, rig_hayward(1, 0, 3, &out, &err), &err, "peakedness 0");
    expect_refusal(8, rig_hayward(1, (double)NAN, 3, &out, &err), &err, "peakedness nan");
    expect_refusal(9, rig_hayward(1, 1e-7, 3, &out, &err), &err, "n_circuits 3e+07");
    expect_refusal(10, rig_hayward(1, 2, 10000001, &out, &err), &err, "n_circuits 10000001");
    expect_refusal(11, rig_hayward_circuits(1, 2, 1, &n, &err), &err, "p_block 1");
    expect_refusal(12, rig_hayward_load(0, 2, 0.1, &out, &err), &err, "n_circuits 0");
    expect_refusal(13, rig_hayward_load(5, -2, 0.1, &out, &err), &err, "peakedness -2");
    assert_true(group.offered_erl == UNTOUCHED && traffic.mean_erl == UNTOUCHED &&
                out == UNTOUCHED && n == 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_riordan),           cmocka_unit_test(test_equivalent),
        cmocka_unit_test(test_overflow_circuits), cmocka_unit_test(test_hayward),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
