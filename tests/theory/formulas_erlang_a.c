/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erlang A. Digits: 40-digit arithmetic on the birth-and-death process (shares, queue) and on the
 * integral of the wait. */
#include "tests/theory/formulas.h"

#include "models/erlang_a.h"
#include "models/erlang_b.h"
#include "models/erlang_c.h"

static const struct {
    rig_erlang_a_input in;
    double p_wait, p_abandon, p_served_within, p_wait_over, mean_wait_s, mean_wait_served_s,
        mean_wait_abandoned_s;
} digits[] = {
    {{10, 14, 180, 300, 20},
     0.14526011429636,
     0.013983744122409,
     0.91679209186355,
     0.076043972725255,
     4.1951232367227,
     3.878480044521,
     26.522143245869},
    {{100, 100, 10, 10, 1},
     0.51329879827915,
     0.039860996809147,
     0.81365453493001,
     0.15477938111785,
     0.39860996809147,
     0.38916533115962,
     0.62610463744633},
    {{48, 50, 60, 120, 20},
     0.46777406855379,
     0.030912249162193,
     0.94301895474698,
     0.027135608292192,
     3.7094698994632,
     3.6159002395531,
     6.6428446530483},
    {{300, 100, 180, 60, 20},
     1,
     0.66666666666667,
     1.1497329607807e-7,
     0.71653119835246,
     40,
     65.02123691526,
     27.48938154237},
    {{3, 1, 180, 1800, 300},
     0.99999492431466,
     0.66666835856178,
     0.00015039667380384,
     0.84633904615114,
     1200.0030454112,
     1889.0159271461,
     855.49922744653},
    {{950, 1000, 180, 18000, 20},
     0.068014444023143,
     1.3498777341051e-5,
     0.99974393599498,
     0.00024261239861676,
     0.24297799213892,
     0.24293322485114,
     3.5593289727809},
    {{1000, 1000, 180, 36000, 60},
     0.93450947889948,
     0.0016662892477397,
     0.57312240717859,
     0.42576345685549,
     59.98641291863,
     60.002338375594,
     50.444899902185},
    {{0.5, 2, 180, 2, 20},
     0.077309878616418,
     0.075633737945273,
     0.92436620095,
     2.8108176098002e-6,
     0.15126747589055,
     0.0035526624409567,
     1.9565807351309},
    /* patience far below the handling time: the wait has two scales */
    {{0.5, 2, 180, 0.02, 0.01},
     0.076927020912522,
     0.076909930291593,
     0.92307970476124,
     0.046653412969848,
     0.0015381986058319,
     3.7021438613002e-7,
     0.019995556604691},
    {{50, 20, 180, 0.1, 0.05},
     0.61859764043753,
     0.61189189205994,
     0.38404119440468,
     0.37316410726133,
     0.061189189205994,
     0.0017207023698097,
     0.098908600441123},
};

static void test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_ROWS(digits); i++) {
        rig_erlang_a_figures f;
        assert_int_equal(rig_erlang_a(&digits[i].in, &f, NULL), RIG_OK);
        expect_near("p_wait", i, f.p_wait, digits[i].p_wait, 1e-11);
        expect_near("p_abandon", i, f.p_abandon, digits[i].p_abandon, 1e-11);
        assert_true(fabs(f.p_served_within - digits[i].p_served_within) < 1e-12);
        expect_near("wait over", i, f.p_wait_over, digits[i].p_wait_over, 1e-11);
        expect_near("mean wait", i, f.mean_wait_s, digits[i].mean_wait_s, 1e-11);
        expect_near("served", i, f.mean_wait_served_s, digits[i].mean_wait_served_s, 1e-11);
        expect_near("abandoned", i, f.mean_wait_abandoned_s, digits[i].mean_wait_abandoned_s,
                    1e-11);
        expect_near("all fates", i, f.p_served_within + f.p_abandoned_within + f.p_wait_over, 1,
                    1e-14);
        expect_near("in time", i, f.p_answered_in_time * (1 - f.p_abandoned_within),
                    f.p_served_within, 1e-12);
        double rate_per_s = digits[i].in.offered_erl / digits[i].in.aht_s;
        expect_near("Little", i, f.mean_queue, rate_per_s * f.mean_wait_s, 1e-12);
        expect_near("busy", i, f.p_busy * digits[i].in.n_agents,
                    digits[i].in.offered_erl * (1 - f.p_abandon), 1e-11);
    }
    /* Garnett, Mandelbaum & Reiman, M&SOM 4(3), 2002, table 1: 3.1 % abandon, mean wait 3.7 s,
     * queue 3, agents busy 93 % */
    rig_erlang_a_figures f;
    assert_int_equal(rig_erlang_a(&digits[2].in, &f, NULL), RIG_OK);
    expect_printed("abandon", 0, f.p_abandon, 0.031, 3);
    expect_printed("mean wait", 0, f.mean_wait_s, 3.7, 1);
    expect_printed("queue", 0, f.mean_queue, 3, 0);
    expect_printed("busy", 0, f.p_busy, 0.93, 2);
}

/* Patience 0 is Erlang B, endless patience Erlang C, and both are approached. */
static void test_limits(void **state)
{
    (void)state;
    static const struct {
        double offered_erl;
        uint32_t n;
    } rows[] = {{0.5, 1}, {10, 14}, {95, 100}, {9990, 10000}, {20, 10}, {1e5, 100}, {0, 3}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_erlang_a_input in = {rows[i].offered_erl, rows[i].n, 180, 0, 20};
        rig_erlang_a_figures f, near;
        double p_block;
        assert_int_equal(rig_erlang_b(in.offered_erl, in.n_agents, &p_block, NULL), RIG_OK);
        assert_int_equal(rig_erlang_a(&in, &f, NULL), RIG_OK);
        assert_true(f.p_wait == p_block && f.p_abandon == p_block && f.mean_wait_s == 0.0);
        expect_near("busy", i, f.p_busy * in.n_agents, in.offered_erl * (1 - p_block), 1e-10);
        in.patience_s = 1e-9;
        assert_int_equal(rig_erlang_a(&in, &near, NULL), RIG_OK);
        expect_near("nearly no patience", i, near.p_abandon, p_block, 1e-6);
        assert_true(near.p_wait_over < 1e-300);
        expect_near("and nearly no wait", i, near.mean_wait_s, p_block * 1e-9, 1e-6);
        in.patience_s = (double)INFINITY;
        if (in.offered_erl >= in.n_agents)
            continue;
        rig_erlang_c_figures c;
        const rig_erlang_c_input patient = {in.offered_erl, in.n_agents, 180, 20};
        assert_int_equal(rig_erlang_c(&patient, &c, NULL), RIG_OK);
        assert_int_equal(rig_erlang_a(&in, &f, NULL), RIG_OK);
        assert_true(f.p_wait == c.p_wait && f.p_served_within == c.p_served_within &&
                    f.p_abandon == 0.0);
        assert_true(fabs(f.p_wait_over + f.p_served_within - 1.0) < 1e-15);
        in.patience_s = 1e15;
        assert_int_equal(rig_erlang_a(&in, &near, NULL), RIG_OK);
        expect_near("nearly endless: p_wait", i, near.p_wait, c.p_wait, 1e-8);
        expect_near("nearly endless: mean wait", i, near.mean_wait_s, c.mean_wait_s, 1e-8);
        expect_near("nearly endless: level", i, near.p_served_within, c.p_served_within, 1e-8);
    }
}

/* Patience as long as the handling time makes M/M/infinity: the abandonments follow from Poisson.
 */
static void test_poisson_case(void **state)
{
    (void)state;
    static const double loads[] = {0.3, 5, 80, 120};
    for (size_t i = 0; i < N_ROWS(loads); i++) {
        for (uint32_t n = 1; n < 160; n = 2 * n + 3) {
            double term = exp(-loads[i]), queue = 0.0, waiting = 0.0;
            for (int k = 0; k < 500; k++) {
                queue += k > (int)n ? (k - (double)n) * term : 0.0;
                waiting += k >= (int)n ? term : 0.0;
                term *= loads[i] / (k + 1);
            }
            rig_erlang_a_figures f;
            assert_int_equal(rig_erlang_a(&(rig_erlang_a_input){loads[i], n, 7, 7, 0}, &f, NULL),
                             RIG_OK);
            expect_near("waiting", i * 1000 + n, f.p_wait, waiting, 1e-11);
            expect_near("queue", i * 1000 + n, f.mean_queue, queue, 1e-11);
            expect_near("abandon", i * 1000 + n, f.p_abandon, queue / loads[i], 1e-11);
            assert_true(fabs(f.p_wait_over - f.p_wait) < 1e-13);
        }
    }
}

/* Extremes end in the fluid limit, and no share leaves [0, 1]. */
static void test_extremes(void **state)
{
    (void)state;
    static const struct {
        rig_erlang_a_input in;
        double p_abandon, relative;
    } rows[] = {{{2e5, 100000, 180, 60, 20}, 0.5, 1e-12},
                {{1e7, 1, 180, 60, 20}, 1 - 1e-7, 1e-14},
                {{20, 10, 180, 1e9, 20}, 0.5, 1e-12},
                {{20, 10, 180, 1e100, 20}, 0.5, 1e-12},
                {{5, 0, 180, 60, 20}, 1, 0},
                {{1e300, 10000000, 180, 60, 20}, 1, 1e-15},
                {{1e-300, 5, 180, 60, 20}, 0, 0},
                {{1e6, 1000000, 180, 180, 20}, 0.00039894225, 1e-3}, /* 1 / sqrt(2 pi A) */
                {{10, 10000000, 180, 60, 1e300}, 0, 0}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_erlang_a_figures f;
        assert_int_equal(rig_erlang_a(&rows[i].in, &f, NULL), RIG_OK);
        expect_near("abandon", i, f.p_abandon, rows[i].p_abandon, rows[i].relative);
        const double shares[] = {f.p_wait,      f.p_abandon,          f.p_served_within,
                                 f.p_wait_over, f.p_abandoned_within, f.p_busy};
        for (size_t k = 0; k < N_ROWS(shares); k++)
            assert_true(shares[k] >= -1e-15 && shares[k] <= 1 + 1e-15);
        assert_true(f.mean_wait_served_s >= 0 && f.mean_wait_abandoned_s >= 0);
    }
    /* more agents, more patience, less traffic: each figure moves one way only */
    double before = 1.0;
    for (uint32_t n = 0; n < 200; n += 7) {
        rig_erlang_a_figures f;
        assert_int_equal(rig_erlang_a(&(rig_erlang_a_input){100, n, 180, 60, 20}, &f, NULL),
                         RIG_OK);
        assert_true(f.p_abandon < before || n == 0);
        before = f.p_abandon;
    }
}

static void test_percentiles(void **state)
{
    (void)state;
    static const rig_erlang_a_input inputs[] = {
        {10, 14, 180, 300, 0}, {200, 100, 180, 60, 0}, {10, 0, 180, 60, 0}, {10, 14, 180, 1e-3, 0}};
    static const double shares[] = {0, 0.5, 0.9, 0.99, 0.999999};
    for (size_t i = 0; i < N_ROWS(inputs); i++) {
        for (size_t j = 0; j < N_ROWS(shares); j++) {
            rig_erlang_a_input in = inputs[i];
            rig_erlang_a_figures f;
            double wait_s = UNTOUCHED;
            assert_int_equal(rig_erlang_a_wait_percentile(&in, shares[j], &wait_s, NULL), RIG_OK);
            in.within_s = wait_s;
            assert_int_equal(rig_erlang_a(&in, &f, NULL), RIG_OK);
            if (wait_s == 0.0)
                assert_true(f.p_wait_over <= 1 - shares[j]);
            else
                expect_near("percentile", 10 * i + j, f.p_wait_over, 1 - shares[j], 1e-9);
        }
    }
    double wait_s;
    const rig_erlang_a_input patient = {10, 14, 180, (double)INFINITY, 0};
    assert_int_equal(rig_erlang_a_wait_percentile(&patient, 0.9, &wait_s, NULL), RIG_OK);
    expect_near("endless patience", 0, wait_s, 45 * log(0.17413193359505 / 0.1), 1e-11);
}

static double figure(const rig_erlang_a_figures *f, rig_goal_kind kind)
{
    switch (kind) {
    case RIG_GOAL_P_LOST:
        return f->p_abandon;
    case RIG_GOAL_P_WAIT:
        return f->p_wait;
    case RIG_GOAL_MEAN_WAIT_S:
        return f->mean_wait_s;
    case RIG_GOAL_SERVICE_LEVEL:
        return 1 - f->p_served_within;
    }
    return 0;
}

static void test_inverse(void **state)
{
    (void)state;
    static const struct {
        double offered_erl, patience_s;
        rig_goal goal;
    } rows[] = {{10, 300, {RIG_GOAL_SERVICE_LEVEL, 0.9, 20}},
                {10, 300, {RIG_GOAL_P_LOST, 0.014, 0}},
                {10, 300, {RIG_GOAL_P_WAIT, 0.15, 0}},
                {10, 300, {RIG_GOAL_MEAN_WAIT_S, 4.2, 0}},
                {2000, 60, {RIG_GOAL_P_LOST, 0.3, 0}},
                {2e4, 60, {RIG_GOAL_P_WAIT, 0.001, 0}},
                {10, 0, {RIG_GOAL_P_LOST, 0.02, 0}},
                {0.01, 60, {RIG_GOAL_P_LOST, 0.5, 0}},
                {10, INFINITY, {RIG_GOAL_SERVICE_LEVEL, 0.8, 20}}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        const rig_goal *goal = &rows[i].goal;
        double bound = goal->kind == RIG_GOAL_SERVICE_LEVEL ? 1 - goal->value : goal->value;
        rig_erlang_a_input in = {rows[i].offered_erl, 0, 180, rows[i].patience_s, goal->within_s};
        rig_erlang_a_figures f;
        assert_int_equal(rig_erlang_a_agents(&in, goal, &in.n_agents, NULL), RIG_OK);
        assert_int_equal(rig_erlang_a(&in, &f, NULL), RIG_OK);
        assert_true(figure(&f, goal->kind) <= bound);
        rig_erlang_a_input less = in;
        less.n_agents--;
        assert_int_equal(rig_erlang_a(&less, &f, NULL), RIG_OK);
        assert_true(figure(&f, goal->kind) > bound);
        rig_erlang_a_input full = in;
        assert_int_equal(rig_erlang_a_load(&in, goal, &full.offered_erl, NULL), RIG_OK);
        assert_true(full.offered_erl >= in.offered_erl);
        assert_int_equal(rig_erlang_a(&full, &f, NULL), RIG_OK);
        expect_near("at the most traffic", i, figure(&f, goal->kind), bound, 1e-8);
    }
    /* the centre: 14 agents give 91.7 % in 20 s; 13 do not give 90 % */
    uint32_t n;
    assert_int_equal(
        rig_erlang_a_agents(&(rig_erlang_a_input){10, 0, 180, 300, 0}, &rows[0].goal, &n, NULL),
        RIG_OK);
    assert_int_equal(n, 14);
    /* nobody need answer when any wait will do */
    const rig_goal any = {RIG_GOAL_MEAN_WAIT_S, 301, 0};
    assert_int_equal(rig_erlang_a_agents(&(rig_erlang_a_input){10, 0, 180, 300, 0}, &any, &n, NULL),
                     RIG_OK);
    assert_int_equal(n, 0);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        rig_erlang_a_input in;
        const char *text;
    } rows[] = {
        {{-1, 1, 180, 60, 20}, "offered_erl -1"},
        {{(double)NAN, 1, 180, 60, 20}, "offered_erl nan"},
        {{1, 10000001, 180, 60, 20}, "n_agents 10000001"},
        {{1, 1, 0, 60, 20}, "aht_s 0"},
        {{1, 1, 180, -1, 20}, "patience_s -1"},
        {{1, 1, 180, (double)NAN, 20}, "patience_s nan"},
        {{1, 1, 180, 60, -1}, "within_s -1"},
        {{1, 1, 180, 60, (double)INFINITY}, "within_s inf"},
        {{2, 2, 180, (double)INFINITY, 20}, "endless patience: the queue grows without end"},
        {{2, 2, 180, 1e300, 20}, "patience_s 1e+300"}};
    rig_error err = {0};
    rig_erlang_a_figures f = {.p_wait = UNTOUCHED};
    double out = UNTOUCHED;
    uint32_t n = 77;
    for (size_t i = 0; i < N_ROWS(rows); i++)
        expect_refusal(i, rig_erlang_a(&rows[i].in, &f, &err), &err, rows[i].text);
    const rig_erlang_a_input good = {10, 14, 180, 60, 20}, huge = {1e8, 0, 180, 60, 20},
                             none = {10, 0, 180, 60, 20};
    const rig_goal goal = {RIG_GOAL_P_LOST, 0.01, 0}, bad = {RIG_GOAL_P_LOST, 1, 0},
                   easy = {RIG_GOAL_MEAN_WAIT_S, 61, 0};
    expect_refusal(0, rig_erlang_a_wait_percentile(&good, 1, &out, &err), &err, "p 1");
    expect_refusal(1, rig_erlang_a_agents(&good, &bad, &n, &err), &err, "p_lost 1");
    expect_refusal(2, rig_erlang_a_agents(&huge, &goal, &n, &err), &err, "more than 10000000");
    expect_refusal(3, rig_erlang_a_agents(&rows[0].in, &goal, &n, &err), &err, "offered_erl -1");
    expect_refusal(4, rig_erlang_a_agents(&rows[4].in, &goal, &n, &err), &err, "patience_s -1");
    expect_refusal(5, rig_erlang_a_load(&none, &goal, &out, &err), &err, "n_agents 0");
    expect_refusal(6, rig_erlang_a_load(&good, &bad, &out, &err), &err, "p_lost 1");
    expect_refusal(7, rig_erlang_a_load(&good, &easy, &out, &err), &err, "stronger goal");
    assert_true(f.p_wait == UNTOUCHED && out == UNTOUCHED && n == 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),       cmocka_unit_test(test_limits),
        cmocka_unit_test(test_poisson_case), cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_percentiles),  cmocka_unit_test(test_inverse),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
