/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Erlang C and M/M/c/K. Digits: 30-digit arithmetic on the definitions, state by state. */
#include "tests/theory/formulas.h"

#include "models/erlang_b.h"
#include "models/erlang_c.h"
#include "models/mmck.h"

static void test_erlang_c(void **state)
{
    (void)state;
    static const struct {
        rig_erlang_c_input in;
        double p_wait, p_served_within, mean_wait_s;
    } rows[] = {
        {{10, 14, 180, 20}, 0.17413193359505, 0.88835001917947, 7.8359370117772},
        {{48, 50, 60, 20}, 0.69445561119683, 0.6434546008033, 20.833668335905},
        {{999.5, 1000, 180, 20}, 0.98048429618882, 0.072501595905804, 352.97434662797},
        {{0.5, 1, 180, 20}, 0.5, 0.52702026554662, 180},
        {{0, 1, 180, 0}, 0, 1, 0},
        {{1, 100000, 180, 0}, 0, 1, 0},
    };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_erlang_c_figures f;
        assert_int_equal(rig_erlang_c(&rows[i].in, &f, NULL), RIG_OK);
        expect_near("p_wait", i, f.p_wait, rows[i].p_wait, 1e-12);
        expect_near("service level", i, f.p_served_within, rows[i].p_served_within, 1e-12);
        expect_near("mean wait", i, f.mean_wait_s, rows[i].mean_wait_s, 1e-12);
        /* Little's law, and the mean from those who wait */
        expect_near("queue", i, f.mean_queue * 180,
                    rows[i].in.offered_erl * f.mean_wait_s * 180 / rows[i].in.aht_s, 1e-12);
        expect_near("queued", i, f.mean_wait_queued_s * f.p_wait, f.mean_wait_s, 1e-12);
        double p_over;
        assert_int_equal(rig_erlang_c_wait_over(&rows[i].in, rows[i].in.within_s, &p_over, NULL),
                         RIG_OK);
        assert_true(fabs(p_over + f.p_served_within - 1.0) < 1e-15);
    }
    /* Garnett, Mandelbaum & Reiman, M&SOM 4(3), 2002, table 1: 48 calls a minute of 1 minute, 50
     * agents: mean wait 20.8 s, queue 17, agents busy 96 % */
    rig_erlang_c_figures f;
    assert_int_equal(rig_erlang_c(&rows[1].in, &f, NULL), RIG_OK);
    expect_printed("mean wait", 0, f.mean_wait_s, 20.8, 1);
    expect_printed("queue", 0, f.mean_queue, 17, 0);
    expect_printed("busy", 0, f.p_busy, 0.96, 2);
}

static void test_erlang_c_percentiles(void **state)
{
    (void)state;
    const rig_erlang_c_input in = {.offered_erl = 10, .n_agents = 14, .aht_s = 180};
    static const double shares[] = {0, 0.5, 0.82, 0.83, 0.9, 0.99, 0.999999};
    for (size_t i = 0; i < N_ROWS(shares); i++) {
        double wait_s, p_over;
        assert_int_equal(rig_erlang_c_wait_percentile(&in, shares[i], &wait_s, NULL), RIG_OK);
        assert_int_equal(rig_erlang_c_wait_over(&in, wait_s, &p_over, NULL), RIG_OK);
        if (shares[i] < 1 - 0.17413193359505)
            assert_true(wait_s == 0.0);
        else
            expect_near("percentile", i, p_over, 1 - shares[i], 1e-9);
    }
}

/* The fewest agents: they meet the goal, one less does not; the most traffic leads back. */
static void test_erlang_c_inverse(void **state)
{
    (void)state;
    static const struct {
        double offered_erl;
        rig_goal goal;
        uint32_t n_agents; /* 0: only checked against the formula itself */
    } rows[] = {
        {10, {RIG_GOAL_SERVICE_LEVEL, 0.8, 20}, 14},  {10, {RIG_GOAL_P_WAIT, 0.2, 0}, 14},
        {10, {RIG_GOAL_MEAN_WAIT_S, 7.9, 0}, 14},     {10, {RIG_GOAL_MEAN_WAIT_S, 7.8, 0}, 15},
        {0.3, {RIG_GOAL_SERVICE_LEVEL, 0.999, 0}, 0}, {999, {RIG_GOAL_P_WAIT, 0.99, 0}, 0},
        {5e4, {RIG_GOAL_SERVICE_LEVEL, 0.95, 5}, 0},  {7, {RIG_GOAL_MEAN_WAIT_S, 1e-6, 0}, 0}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        const rig_goal *goal = &rows[i].goal;
        rig_erlang_c_input in = {
            .offered_erl = rows[i].offered_erl, .aht_s = 180, .within_s = goal->within_s};
        assert_int_equal(rig_erlang_c_agents(&in, goal, &in.n_agents, NULL), RIG_OK);
        if (rows[i].n_agents != 0)
            assert_int_equal(in.n_agents, rows[i].n_agents);
        for (uint32_t less = 0; less < 2; less++) {
            rig_erlang_c_figures f;
            rig_erlang_c_input trial = in;
            trial.n_agents -= less;
            if (trial.n_agents <= trial.offered_erl)
                continue;
            assert_int_equal(rig_erlang_c(&trial, &f, NULL), RIG_OK);
            bool is_met = goal->kind == RIG_GOAL_P_WAIT        ? f.p_wait <= goal->value
                          : goal->kind == RIG_GOAL_MEAN_WAIT_S ? f.mean_wait_s <= goal->value
                                                               : f.p_served_within >= goal->value;
            assert_int_equal(is_met, less == 0);
        }
        rig_erlang_c_input full = in;
        rig_erlang_c_figures f;
        assert_int_equal(rig_erlang_c_load(&in, goal, &full.offered_erl, NULL), RIG_OK);
        assert_true(full.offered_erl >= in.offered_erl);
        assert_int_equal(rig_erlang_c(&full, &f, NULL), RIG_OK);
        double reached = goal->kind == RIG_GOAL_P_WAIT        ? f.p_wait
                         : goal->kind == RIG_GOAL_MEAN_WAIT_S ? f.mean_wait_s
                                                              : f.p_served_within;
        expect_near("at the most traffic", i, reached, goal->value, 1e-8);
    }
}

static void test_erlang_c_refusals(void **state)
{
    (void)state;
    static const struct {
        rig_erlang_c_input in;
        const char *text;
    } rows[] = {{{15, 14, 180, 20},
                 "erlang c: offered 15 erl on 14 agents: the queue grows without end; expected "
                 "offered < agents (Erlang A handles overload)"},
                {{14, 14, 180, 20}, "grows without end"},
                {{1, 0, 180, 20}, "n_agents 0"},
                {{-1, 1, 180, 20}, "offered_erl -1"},
                {{(double)NAN, 1, 180, 20}, "offered_erl nan"},
                {{1, 2, 0, 20}, "aht_s 0; expected a finite number > 0"},
                {{1, 2, (double)INFINITY, 20}, "aht_s inf"},
                {{1, 2, 180, -1}, "within_s -1"},
                {{1, 10000001, 180, 1}, "n_agents 10000001"}};
    static const struct {
        rig_goal goal;
        const char *text;
    } goals[] = {{{RIG_GOAL_P_LOST, 0.1, 0}, "nobody is lost"},
                 {{RIG_GOAL_P_WAIT, 0, 0}, "p_wait 0"},
                 {{RIG_GOAL_P_WAIT, 1, 0}, "p_wait 1"},
                 {{RIG_GOAL_MEAN_WAIT_S, 0, 0}, "mean_wait_s 0"},
                 {{RIG_GOAL_SERVICE_LEVEL, 1, 20}, "service level 1"},
                 {{RIG_GOAL_SERVICE_LEVEL, 0.8, -1}, "within_s -1"},
                 {{(rig_goal_kind)9, 0.8, 1}, "goal 9"}};
    rig_error err = {0};
    rig_erlang_c_figures f = {.p_wait = UNTOUCHED};
    double out = UNTOUCHED;
    uint32_t n = 77;
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        expect_refusal(i, rig_erlang_c(&rows[i].in, &f, &err), &err, rows[i].text);
        if (rows[i].in.within_s >= 0) {
            expect_refusal(i, rig_erlang_c_wait_over(&rows[i].in, 1, &out, &err), &err,
                           rows[i].text);
            expect_refusal(i, rig_erlang_c_wait_percentile(&rows[i].in, 0.5, &out, &err), &err,
                           rows[i].text);
        }
    }
    const rig_erlang_c_input good = {1, 2, 180, 20};
    expect_refusal(0, rig_erlang_c_wait_over(&good, -1, &out, &err), &err, "t_s -1");
    expect_refusal(1, rig_erlang_c_wait_percentile(&good, 1, &out, &err), &err, "p 1");
    expect_refusal(2, rig_erlang_c_wait_percentile(&good, -0.1, &out, &err), &err, "p -0.1");
    for (size_t i = 0; i < N_ROWS(goals); i++) {
        expect_refusal(i, rig_erlang_c_agents(&good, &goals[i].goal, &n, &err), &err,
                       goals[i].text);
        expect_refusal(i, rig_erlang_c_load(&good, &goals[i].goal, &out, &err), &err,
                       goals[i].text);
    }
    const rig_goal goal = {RIG_GOAL_P_WAIT, 0.1, 0};
    const rig_erlang_c_input huge = {1e8, 0, 180, 0};
    expect_refusal(0, rig_erlang_c_agents(&huge, &goal, &n, &err), &err, "more than 10000000");
    assert_true(f.p_wait == UNTOUCHED && out == UNTOUCHED && n == 77);
}

static void test_mmck(void **state)
{
    (void)state;
    static const struct {
        rig_mmck_input in;
        double p_block, p_wait, p_served_within, mean_queue, mean_wait_s, p_wait_over;
    } rows[] = {
        {{5, 4, 6, 0.1, 0.05},
         0.293542993481,
         0.42270191061264,
         0.58568776505779,
         0.82192038174679,
         0.023268801191363,
         0.12076924146122},
        {{1.5, 2, 5, 0.5, 0.25},
         0.085113835376532,
         0.46654991243433,
         0.62496366282461,
         0.63362521891419,
         0.23085758039816,
         0.28992250179886},
        {{90, 100, 150, 180, 20},
         0.00011191886625177,
         0.21603980983785,
         0.92952005025056,
         1.8939947987274,
         3.7884135924089,
         0.070368030883192},
        {{130, 100, 150, 180, 20},
         0.23076926919525,
         0.7692293524576,
         4.3138420895559e-5,
         46.666681131656,
         84.000030233103,
         0.76918759238385},
        {{30, 2, 900, 180, 20000},
         0.93333333333333,
         0.066666666666667,
         0,
         897.92857142857,
         80813.571428571,
         0.066666666666667},
        {{0, 2, 5, 180, 20}, 0, 0, 1, 0, 0, 0},
    };
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_mmck_figures f;
        assert_int_equal(rig_mmck(&rows[i].in, &f, NULL), RIG_OK);
        expect_near("p_block", i, f.p_block, rows[i].p_block, 1e-12);
        expect_near("p_wait", i, f.p_wait, rows[i].p_wait, 1e-12);
        expect_near("queue", i, f.mean_queue, rows[i].mean_queue, 1e-12);
        expect_near("mean wait", i, f.mean_wait_s, rows[i].mean_wait_s, 1e-12);
        expect_near("wait over", i, f.p_wait_over, rows[i].p_wait_over, 1e-10);
        assert_true(fabs(f.p_served_within - rows[i].p_served_within) < 1e-12);
        expect_near("who waits of the accepted", i, f.p_wait_accepted * (1 - f.p_block), f.p_wait,
                    1e-12);
        expect_near("Little", i, f.mean_in_system - f.mean_queue, f.p_busy * rows[i].in.n_agents,
                    1e-12);
    }
}

/* K = c is Erlang B; a great K is Erlang C; in overload a great K loses 1 - c / A. */
static void test_mmck_limits(void **state)
{
    (void)state;
    static const struct {
        double offered_erl;
        uint32_t c;
    } rows[] = {{0.1, 1}, {5, 7}, {10, 14}, {95, 100}, {150, 100}, {1e5, 100000}, {1e6, 3}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_mmck_input in = {rows[i].offered_erl, rows[i].c, rows[i].c, 180, 20};
        rig_mmck_figures f;
        double p_block;
        assert_int_equal(rig_erlang_b(in.offered_erl, in.n_agents, &p_block, NULL), RIG_OK);
        assert_int_equal(rig_mmck(&in, &f, NULL), RIG_OK);
        expect_near("Erlang B", i, f.p_block, p_block, 1e-12);
        assert_true(f.p_wait == 0.0 && f.mean_queue == 0.0 && f.p_wait_over == 0.0);
        in.n_places = in.n_agents + 100000;
        assert_int_equal(rig_mmck(&in, &f, NULL), RIG_OK);
        if (in.offered_erl < in.n_agents) {
            rig_erlang_c_figures c;
            assert_int_equal(
                rig_erlang_c(&(rig_erlang_c_input){in.offered_erl, in.n_agents, 180, 20}, &c, NULL),
                RIG_OK);
            expect_near("C: p_wait", i, f.p_wait, c.p_wait, 1e-11);
            expect_near("C: mean wait", i, f.mean_wait_s, c.mean_wait_s, 1e-11);
            expect_near("C: service level", i, f.p_served_within, c.p_served_within, 1e-11);
        } else if (in.offered_erl > in.n_agents) {
            expect_near("overload", i, f.p_block, 1 - in.n_agents / in.offered_erl, 1e-12);
        }
    }
}

static void test_mmck_inverse(void **state)
{
    (void)state;
    static const struct {
        double offered_erl;
        uint32_t c;
        double p_block;
    } rows[] = {{5, 4, 0.25}, {5, 6, 0.01}, {90, 100, 1e-6}, {0.5, 1, 0.9}, {100, 100, 0.001}};
    for (size_t i = 0; i < N_ROWS(rows); i++) {
        rig_mmck_input in = {rows[i].offered_erl, rows[i].c, 0, 180, 0};
        rig_mmck_figures f;
        assert_int_equal(rig_mmck_places(&in, rows[i].p_block, &in.n_places, NULL), RIG_OK);
        assert_int_equal(rig_mmck(&in, &f, NULL), RIG_OK);
        assert_true(f.p_block <= rows[i].p_block);
        if (in.n_places > in.n_agents) {
            in.n_places--;
            assert_int_equal(rig_mmck(&in, &f, NULL), RIG_OK);
            assert_true(f.p_block > rows[i].p_block);
        }
    }
    static const rig_goal goals[] = {{RIG_GOAL_P_LOST, 0.01, 0},
                                     {RIG_GOAL_P_WAIT, 0.3, 0},
                                     {RIG_GOAL_MEAN_WAIT_S, 10, 0},
                                     {RIG_GOAL_SERVICE_LEVEL, 0.9, 15}};
    for (size_t i = 0; i < N_ROWS(goals); i++) {
        rig_mmck_input in = {50, 0, 80, 180, goals[i].within_s};
        assert_int_equal(rig_mmck_agents(&in, &goals[i], &in.n_agents, NULL), RIG_OK);
        for (uint32_t less = 0; less < 2; less++, in.n_agents--) {
            rig_mmck_figures f;
            assert_int_equal(rig_mmck(&in, &f, NULL), RIG_OK);
            bool is_met = i == 0   ? f.p_block <= 0.01
                          : i == 1 ? f.p_wait <= 0.3
                          : i == 2 ? f.mean_wait_s <= 10
                                   : f.p_served_within >= 0.9;
            assert_int_equal(is_met, less == 0);
        }
    }
}

static void test_mmck_refusals(void **state)
{
    (void)state;
    static const struct {
        rig_mmck_input in;
        const char *text;
    } rows[] = {{{-1, 1, 1, 1, 1}, "offered_erl -1"},
                {{1, 0, 1, 1, 1}, "n_agents 0"},
                {{1, 3, 2, 1, 1}, "n_places 2; expected at least the 3 agents"},
                {{1, 3, 10000001, 1, 1}, "n_places 10000001"},
                {{1, 1, 2, -1, 1}, "aht_s -1"},
                {{1, 1, 2, 1, (double)NAN}, "within_s nan"}};
    rig_error err = {0};
    rig_mmck_figures f = {.p_block = UNTOUCHED};
    uint32_t n = 77;
    for (size_t i = 0; i < N_ROWS(rows); i++)
        expect_refusal(i, rig_mmck(&rows[i].in, &f, &err), &err, rows[i].text);
    const rig_mmck_input overload = {10, 5, 0, 180, 0};
    expect_refusal(0, rig_mmck_places(&overload, 0.4, &n, &err), &err, "expected p_block > 0.5");
    expect_refusal(1, rig_mmck_places(&overload, 0, &n, &err), &err, "p_block 0");
    const rig_mmck_input few = {10, 0, 12, 180, 0};
    const rig_goal goal = {RIG_GOAL_P_LOST, 0.001, 0}, no_goal = {RIG_GOAL_P_WAIT, 2, 0};
    expect_refusal(2, rig_mmck_agents(&few, &goal, &n, &err), &err, "no number of agents");
    expect_refusal(3, rig_mmck_agents(&few, &no_goal, &n, &err), &err, "p_wait 2");
    assert_true(f.p_block == UNTOUCHED && n == 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_erlang_c),
        cmocka_unit_test(test_erlang_c_percentiles),
        cmocka_unit_test(test_erlang_c_inverse),
        cmocka_unit_test(test_erlang_c_refusals),
        cmocka_unit_test(test_mmck),
        cmocka_unit_test(test_mmck_limits),
        cmocka_unit_test(test_mmck_inverse),
        cmocka_unit_test(test_mmck_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
