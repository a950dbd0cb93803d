/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Engset, GI/M/c/c and Kaufman-Roberts. Digits: 30-digit arithmetic on the distributions of states
 * (Engset: binomial; Kaufman: every combination of calls; GI: the chain that arrivals see). */
#include "tests/theory/formulas.h"

#include "models/engset.h"
#include "models/erlang_b.h"
#include "models/gi_loss.h"
#include "models/kaufman_roberts.h"

static void test_engset(void **state)
{
    (void)state;
    static const struct {
        uint32_t s, n;
        double idle_erl, p_time, p_call, p_traffic;
    } rows[] = {{20, 5, 0.1, 0.02321117921294, 0.019115945078647, 0.017408384409705},
                {100, 30, 0.5, 0.2432949291705, 0.23541346023246, 0.17030645041935},
                {6, 6, 0.5, 0.0013717421124829, 0, 0},
                {6, 7, 0.5, 0, 0, 0},
                {1000, 10, 0.002, 3.6577445592848e-5, 3.6284091851378e-5, 3.6211671136919e-5},
                {1, 1, 2, 2.0 / 3, 0, 0}, /* one line a caller: never blocked */
                {2, 1, 1, 2.0 / 3, 0.5, 1.0 / 3},
                {5, 0, 0.3, 1, 1, 1},
                {5, 2, 0, 0, 0, 0},
                {10000000, 3, 0, 0, 0, 0}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_engset_figures f;
        assert_int_equal(rig_engset(rows[i].s, rows[i].n, rows[i].idle_erl, &f, NULL), RIG_OK);
        expect_near("time", i, f.p_time, rows[i].p_time, 1e-12);
        expect_near("call", i, f.p_call, rows[i].p_call, 1e-12);
        expect_near("traffic", i, f.p_traffic, rows[i].p_traffic, 1e-12);
        double idle_erl;
        assert_int_equal(rig_engset_idle(rows[i].s, f.offered_erl, &idle_erl, NULL), RIG_OK);
        expect_near("intended traffic", i, idle_erl, rows[i].idle_erl, 1e-14);
        expect_near("carried", i, f.carried_erl, f.offered_erl * (1 - rows[i].p_traffic), 1e-12);
    }
    rig_engset_figures f; /* many sources of little traffic: Erlang B */
    assert_int_equal(rig_engset(10000000, 17, 10.0 / 9999990.0, &f, NULL), RIG_OK);
    double p_block;
    assert_int_equal(rig_erlang_b(10, 17, &p_block, NULL), RIG_OK);
    expect_near("Erlang B: time", 0, f.p_time, p_block, 1e-5);
    expect_near("Erlang B: call", 0, f.p_call, p_block, 1e-5);
}

static void test_engset_inverse(void **state)
{
    (void)state;
    static const double shares[] = {1e-9, 0.01, 0.2, 0.7};
    for (size_t i = 0; i < N_ROWS(shares); i++) {
        rig_engset_figures f;
        uint32_t n;
        assert_int_equal(rig_engset_circuits(50, 0.4, shares[i], &n, NULL), RIG_OK);
        assert_int_equal(rig_engset(50, n, 0.4, &f, NULL), RIG_OK);
        assert_true(f.p_call <= shares[i]);
        assert_int_equal(rig_engset(50, n - 1, 0.4, &f, NULL), RIG_OK);
        assert_true(f.p_call > shares[i]);
        double idle_erl;
        assert_int_equal(rig_engset_load(50, 12, shares[i], &idle_erl, NULL), RIG_OK);
        assert_int_equal(rig_engset(50, 12, idle_erl, &f, NULL), RIG_OK);
        expect_near("load", i, f.p_call, shares[i], 1e-9);
    }
    uint32_t n;
    assert_int_equal(rig_engset_circuits(5, 100, 1e-9, &n, NULL), RIG_OK);
    assert_int_equal(n, 5); /* one each */
}

static void test_engset_refusals(void **state)
{
    (void)state;
    static const struct {
        uint32_t s, n;
        double idle_erl;
        const char *text;
    } rows[] = {{0, 1, 0.1, "n_sources 0"},
                {5, 1, -0.1, "idle_erl -0.1"},
                {5, 1, (double)NAN, "idle_erl nan"},
                {5, 10000001, 0.1, "n_circuits 10000001"},
                {10000001, 5, 0.1, "n_sources 10000001"}};
    rig_error err = {0};
    rig_engset_figures f = {.p_call = UNTOUCHED};
    double out = UNTOUCHED;
    uint32_t n = 77;
    for (size_t i = 0; i < N_ROWS(rows); i++)
        expect_refusal(i, rig_engset(rows[i].s, rows[i].n, rows[i].idle_erl, &f, &err), &err,
                       rows[i].text);
    expect_refusal(0, rig_engset_idle(5, 5, &out, &err), &err, "less than an erlang a source");
    expect_refusal(1, rig_engset_idle(5, -1, &out, &err), &err, "offered_erl -1");
    expect_refusal(2, rig_engset_idle(5, (double)NAN, &out, &err), &err, "offered_erl nan");
    expect_refusal(3, rig_engset_circuits(5, 0.1, 0, &n, &err), &err, "p_call 0");
    expect_refusal(4, rig_engset_load(5, 5, 0.1, &out, &err), &err, "block none");
    expect_refusal(5, rig_engset_load(5, 0, 0.1, &out, &err), &err, "block all");
    expect_refusal(6, rig_engset_load(5, 2, 1, &out, &err), &err, "p_call 1");
    assert_true(f.p_call == UNTOUCHED && out == UNTOUCHED && n == 77);
}

static void test_gi_loss(void **state)
{
    (void)state;
    static const struct {
        double offered_erl, gap_cv;
        uint32_t n;
        double p_block, relative;
    } rows[] = {{2, 0, 2, 0.29307219710905, 1e-12},
                {4, 0, 5, 0.11148689177376, 1e-12},
                {8, 0, 10, 0.059445619234598, 1e-12},
                {12, 0, 10, 0.25478482951022, 1e-12},
                {4, 0.5, 5, 0.13706276333038, 1e-12},
                {8, 2, 10, 0.24009966304477, 1e-12},
                {392.5, 0, 418, 0.0027541320048128, 1e-11},
                {1000, 0, 1000, 0.017594836058557, 1e-11},
                {1, 0, 1, 0.36787944117144233, 1e-14}, /* the gap is shorter than the call: 1/e */
                {1, 1, 1, 0.5, 1e-14},
                {10, 1, 17, 0.012949, 3e-5},
                {1e-3, 0, 1, 0, 0}, /* e^-1000 */
                {5, 0, 0, 1, 0},
                {0, 0, 0, 1, 0},
                {0, 0, 4, 0, 0}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        double p;
        assert_int_equal(
            rig_gi_loss_gamma(rows[i].offered_erl, rows[i].gap_cv, rows[i].n, &p, NULL), RIG_OK);
        expect_near("gi", i, p, rows[i].p_block, rows[i].relative);
    }
    static const double loads[] = {0.1, 9, 100, 1200, 5e5};
    for (size_t i = 0; i < N_ROWS(loads); i++) { /* Poisson; and the rougher, the worse */
        uint32_t n = (uint32_t)(loads[i] * 1.002) + 2;
        double p, p_block, before = 0.0;
        assert_int_equal(rig_erlang_b(loads[i], n, &p_block, NULL), RIG_OK);
        assert_int_equal(rig_gi_loss_gamma(loads[i], 1, n, &p, NULL), RIG_OK);
        expect_near("Poisson", i, p, p_block, 1e-11);
        for (double gap_cv = 0.0; gap_cv < 4.0; gap_cv += 0.5) {
            assert_int_equal(rig_gi_loss_gamma(loads[i], gap_cv, n, &p, NULL), RIG_OK);
            assert_true(p > before);
            before = p;
        }
    }
}

static void test_gi_loss_inverse(void **state)
{
    (void)state;
    static const double loads[] = {0.2, 9, 100, 1200}, shares[] = {1e-6, 0.01, 0.4};
    for (size_t i = 0; i < N_ROWS(loads); i++) {
        for (size_t j = 0; j < N_ROWS(shares); j++) {
            for (double gap_cv = 0.0; gap_cv < 3.0; gap_cv += 0.75) {
                uint32_t n;
                double p, load;
                assert_int_equal(rig_gi_loss_gamma_circuits(loads[i], gap_cv, shares[j], &n, NULL),
                                 RIG_OK);
                assert_int_equal(rig_gi_loss_gamma(loads[i], gap_cv, n, &p, NULL), RIG_OK);
                assert_true(p <= shares[j] && n > 0);
                assert_int_equal(rig_gi_loss_gamma(loads[i], gap_cv, n - 1, &p, NULL), RIG_OK);
                assert_true(p > shares[j]);
                assert_int_equal(rig_gi_loss_gamma_load(n, gap_cv, shares[j], &load, NULL), RIG_OK);
                assert_int_equal(rig_gi_loss_gamma(load, gap_cv, n, &p, NULL), RIG_OK);
                expect_near("load", i * 10 + j, p, shares[j], 1e-8);
            }
        }
    }
}

static double negative_ratio(double s, void *ctx)
{
    (void)ctx;
    return s < 3 ? 1 : -1;
}

static void test_gi_loss_refusals(void **state)
{
    (void)state;
    static const struct {
        double offered_erl, gap_cv;
        uint32_t n;
        const char *text;
    } rows[] = {{-1, 0, 1, "offered_erl -1"},
                {1, -0.5, 1, "gap_cv -0.5"},
                {1, 101, 1, "gap_cv 101; expected a number from 0 to 100"},
                {1, (double)NAN, 1, "gap_cv nan"},
                {1, 1, 10000001, "n_circuits 10000001"}};
    rig_error err = {0};
    double p = UNTOUCHED;
    for (size_t i = 0; i < N_ROWS(rows); i++)
        expect_refusal(i,
                       rig_gi_loss_gamma(rows[i].offered_erl, rows[i].gap_cv, rows[i].n, &p, &err),
                       &err, rows[i].text);
    expect_refusal(0, rig_gi_loss(negative_ratio, NULL, 5, &p, &err), &err, "gap ratio -1 at 3");
    uint32_t n = 77;
    expect_refusal(1, rig_gi_loss_gamma_circuits(1, 1, 0, &n, &err), &err, "p_block 0");
    expect_refusal(2, rig_gi_loss_gamma_circuits(1, -1, 0.1, &n, &err), &err, "gap_cv -1");
    expect_refusal(3, rig_gi_loss_gamma_circuits(1e9, 1, 0.1, &n, &err), &err,
                   "more than 10000000");
    expect_refusal(4, rig_gi_loss_gamma_load(0, 1, 0.1, &p, &err), &err, "n_circuits 0");
    expect_refusal(5, rig_gi_loss_gamma_load(3, 1, 1, &p, &err), &err, "p_block 1");
    expect_refusal(6, rig_gi_loss_gamma_load(3, 200, 0.1, &p, &err), &err, "gap_cv 200");
    assert_true(p == UNTOUCHED && n == 77);
}

static void test_kaufman_roberts(void **state)
{
    (void)state;
    static const rig_call_class two[] = {{2, 1}, {1, 2}}, three[] = {{5, 1}, {2, 3}, {0.7, 6}};
    double p[3], busy[25], sum = 0.0, mean = 0.0;
    assert_int_equal(rig_kaufman_roberts(two, 2, 10, p, NULL, NULL), RIG_OK);
    expect_near("two", 0, p[0], 0.012796713315748, 1e-12);
    expect_near("two", 1, p[1], 0.036272394359435, 1e-12);
    assert_int_equal(rig_kaufman_roberts(three, 3, 24, p, busy, NULL), RIG_OK);
    expect_near("three", 0, p[0], 0.024266540762635, 1e-12);
    expect_near("three", 1, p[1], 0.085261623378785, 1e-12);
    expect_near("three", 2, p[2], 0.21163811860405, 1e-12);
    for (int j = 0; j <= 24; j++) {
        sum += busy[j];
        mean += j * busy[j];
    }
    expect_near("occupancy", 0, sum, 1, 1e-13);
    expect_near("all busy", 0, busy[24], p[0], 1e-13); /* one circuit is blocked just then */
    double carried = 0.0;
    for (int k = 0; k < 3; k++)
        carried += three[k].offered_erl * three[k].n_circuits * (1 - p[k]);
    expect_near("carried", 0, mean, carried, 1e-12);
    assert_int_equal(rig_kaufman_roberts(three, 3, 5, p, NULL, NULL), RIG_OK);
    assert_true(p[2] == 1.0 && p[1] < 1.0); /* a call of six on five circuits */
    assert_int_equal(rig_kaufman_roberts(three, 3, 0, p, busy, NULL), RIG_OK);
    assert_true(p[0] == 1.0 && busy[0] == 1.0);
}

/* One class is Erlang B, also past the range of a double; b circuits a call are b times the group.
 */
static void test_kaufman_roberts_one_class(void **state)
{
    (void)state;
    static const struct {
        double offered_erl;
        uint32_t n;
    } rows[] = {{0.01, 3}, {10, 17}, {95, 100}, {3000, 3050}, {2e4, 20000}, {2e4, 100}, {5, 300}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        static double busy[20001];
        double p, p_block, sum = 0.0;
        uint32_t n = rows[i].n;
        assert_int_equal(rig_erlang_b(rows[i].offered_erl, n, &p_block, NULL), RIG_OK);
        const rig_call_class one = {rows[i].offered_erl, 1}, seven = {rows[i].offered_erl, 7};
        assert_int_equal(rig_kaufman_roberts(&one, 1, n, &p, busy, NULL), RIG_OK);
        expect_near("Erlang B", i, p, p_block, 1e-11);
        for (uint32_t j = 0; j <= n; j++) {
            sum += busy[j];
            if (j > 0 && busy[j - 1] > 1e-240) /* detailed balance */
                expect_near("state", i, busy[j] * j, busy[j - 1] * rows[i].offered_erl, 1e-12);
        }
        expect_near("occupancy", i, sum, 1, 1e-11);
        assert_int_equal(rig_kaufman_roberts(&seven, 1, 7 * n + 6, &p, NULL, NULL), RIG_OK);
        expect_near("seven a call", i, p, p_block, 1e-11);
    }
}

static void test_kaufman_roberts_inverse(void **state)
{
    (void)state;
    static const rig_call_class classes[] = {{20, 1}, {3, 4}, {0.5, 10}, {0, 2}};
    static const double shares[] = {0.5, 0.05, 1e-3, 1e-9};
    for (size_t i = 0; i < N_ROWS(shares); i++) {
        uint32_t n;
        double p[4];
        assert_int_equal(rig_kaufman_roberts_circuits(classes, 4, shares[i], &n, NULL), RIG_OK);
        for (uint32_t less = 0; less < n; less++) { /* the first that serves all classes */
            assert_int_equal(rig_kaufman_roberts(classes, 4, n - less, p, NULL, NULL), RIG_OK);
            bool is_met = true;
            for (int k = 0; k < 4; k++)
                is_met = is_met && p[k] <= shares[i];
            assert_int_equal(is_met, less == 0);
        }
    }
    const rig_call_class one = {10, 1};
    uint32_t n;
    assert_int_equal(rig_kaufman_roberts_circuits(&one, 1, 0.02, &n, NULL), RIG_OK);
    assert_int_equal(n, 17);
}

static void test_kaufman_roberts_refusals(void **state)
{
    (void)state;
    static const struct {
        rig_call_class one;
        size_t n_classes;
        uint32_t n;
        const char *text;
    } rows[] = {{{1, 1}, 0, 5, "n_classes 0"},
                {{1, 1}, 1001, 5, "n_classes 1001"},
                {{-1, 1}, 1, 5, "offered_erl -1"},
                {{(double)NAN, 1}, 1, 5, "offered_erl nan"},
                {{1e13, 1}, 1, 5, "offered_erl 1e+13"},
                {{1, 0}, 1, 5, "circuits of a call 0"},
                {{1, 1}, 1, 10000001, "n_circuits 10000001"}};
    rig_error err = {0};
    double p = UNTOUCHED;
    uint32_t n = 77;
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        expect_refusal(
            i, rig_kaufman_roberts(&rows[i].one, rows[i].n_classes, rows[i].n, &p, NULL, &err),
            &err, rows[i].text);
        if (rows[i].n == 5)
            expect_refusal(
                i, rig_kaufman_roberts_circuits(&rows[i].one, rows[i].n_classes, 0.1, &n, &err),
                &err, rows[i].text);
    }
    const rig_call_class one = {1, 1}, huge = {1e11, 1};
    expect_refusal(0, rig_kaufman_roberts_circuits(&one, 1, 0, &n, &err), &err, "p_block 0");
    expect_refusal(1, rig_kaufman_roberts_circuits(&huge, 1, 0.1, &n, &err), &err,
                   "needs more than 10000000 circuits");
    assert_true(p == UNTOUCHED && n == 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_engset),
        cmocka_unit_test(test_engset_inverse),
        cmocka_unit_test(test_engset_refusals),
        cmocka_unit_test(test_gi_loss),
        cmocka_unit_test(test_gi_loss_inverse),
        cmocka_unit_test(test_gi_loss_refusals),
        cmocka_unit_test(test_kaufman_roberts),
        cmocka_unit_test(test_kaufman_roberts_one_class),
        cmocka_unit_test(test_kaufman_roberts_inverse),
        cmocka_unit_test(test_kaufman_roberts_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
