/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate: one figure against its replays. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/judge/gate.h"
#include "tests/unit/spread.h"

static rig_gate_test test_of(double predicted, double half, double observed, rig_margin margin)
{
    double values[N];
    rig_gate_test test;
    spread(predicted, half, values);
    assert_int_equal(rig_gate_test_make(values, N, observed, &margin, 1000.0, &test), RIG_OK);
    return test;
}

static void test_margin_is_the_greater(void **state)
{
    (void)state;
    const rig_margin margin = {.margin_pp = 0.1, .margin_share = 0.10};
    assert_true(fabs(test_of(0.5, 0.001, 0.5, margin).margin - 0.05) < 1e-9);
    assert_true(fabs(test_of(0.001, 0.0001, 0.001, margin).margin - 0.001) < 1e-12);
}

static void test_judgements(void **state)
{
    (void)state;
    const rig_margin margin = {.margin_pp = 2.0, .margin_share = 0.0};
    /* replays of 0.30 +- half: 90 % lie within +- 0.9 half, 95 % within +- 0.95 half */
    static const struct {
        double half, observed;
        rig_judgement judgement;
    } rows[] = {
        {0.010, 0.300, RIG_JUDGEMENT_PASS},
        {0.010, 0.310, RIG_JUDGEMENT_PASS},         /* 0.010 + 0.009 < 0.02 */
        {0.010, 0.312, RIG_JUDGEMENT_INCONCLUSIVE}, /* 0.012 + 0.009 > 0.02 */
        {0.010, 0.328, RIG_JUDGEMENT_INCONCLUSIVE}, /* 0.028 - 0.0095 < 0.02 */
        {0.010, 0.330, RIG_JUDGEMENT_FAIL},         /* 0.030 - 0.0095 > 0.02 */
        {0.010, 0.270, RIG_JUDGEMENT_FAIL},         /* far fewer losses deviate, too */
        {0.010, 0.272, RIG_JUDGEMENT_INCONCLUSIVE},
        {0.010, 0.290, RIG_JUDGEMENT_PASS},
        {0.030, 0.300, RIG_JUDGEMENT_INCONCLUSIVE}, /* too few calls to tell */
        {0.000, 0.3199, RIG_JUDGEMENT_PASS},        /* replays that all agree */
        {0.000, 0.3201, RIG_JUDGEMENT_FAIL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_gate_test t = test_of(0.30, rows[i].half, rows[i].observed, margin);
        if (rig_gate_judge(&t, 0.0, RIG_GATE_ALPHA) != rows[i].judgement)
            fail_msg("row %zu: %s", i, rig_judgement_name(rig_gate_judge(&t, 0.0, RIG_GATE_ALPHA)));
    }
}

/* A margin that widens is one that each replay, taken for the run, would pass. */
static void test_margin_widens_to_what_the_run_resolves(void **state)
{
    (void)state;
    const rig_margin fixed = {.margin_pp = 0.1, .margin_share = 0.1};
    const rig_margin widens = {.margin_pp = 0.1, .margin_share = 0.1, .margin_widens = true};
    static const struct {
        double predicted, half, margin;
    } rows[] = {
        {0.50, 0.010, 0.05},    /* the run resolves more than is asked: 0.019 + 0.001 */
        {0.05, 0.010, 0.01998}, /* 0.01 x (0.9 + 1.0 - 2 / 999) + a call of 1000 */
        {0.05, 0.100, 0.1908},
        {0.00, 0.000, 0.001}, /* replays that all agree: a call, or 0.1 points */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const double p = rows[i].predicted, half = rows[i].half;
        const double margin = test_of(p, half, p, widens).margin;
        if (fabs(margin - rows[i].margin) > 2e-4)
            fail_msg("row %zu: %g", i, margin);
        assert_true(test_of(p, half, p, fixed).margin == fmax(0.001, 0.1 * p));
        for (int k = -1; k <= 1; k++) {
            const rig_gate_test t = test_of(p, half, p + k * half, widens);
            assert_int_equal(rig_gate_judge(&t, 0.0, RIG_GATE_ALPHA), RIG_JUDGEMENT_PASS);
        }
        const rig_gate_test far = test_of(p, half, p + margin + 1.1 * half + 1e-6, widens);
        assert_int_equal(rig_gate_judge(&far, 0.0, RIG_GATE_ALPHA), RIG_JUDGEMENT_FAIL);
    }
}

static void test_p_value_counts_the_replays_beyond(void **state)
{
    (void)state;
    const rig_margin margin = {.margin_pp = 2.0, .margin_share = 0.0};
    /* D = 0.025: 0.005 beyond the margin; a quarter of the replays lie that far above their mean */
    rig_gate_test t = test_of(0.30, 0.010, 0.325, margin);
    assert_true(fabs(t.p_value - 2.0 * 0.25) < 0.01);
    assert_true(test_of(0.30, 0.010, 0.315, margin).p_value == 1.0);
    assert_true(fabs(test_of(0.30, 0.010, 0.40, margin).p_value - 2.0 / 1000.0) < 1e-12);
}

static void test_holm(void **state)
{
    (void)state;
    rig_gate_test tests[] = {
        {.p_value = 0.04}, {.p_value = 0.01}, {.p_value = 0.03}, {.p_value = 0.005}};
    static const double corrected[] = {0.06, 0.03, 0.06, 0.02}; /* Holm 1979, worked by hand */
    rig_gate_holm(tests, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(tests[i].p_value_holm - corrected[i]) < 1e-12);
    rig_gate_test equal[] = {{.p_value = 0.5}, {.p_value = 0.5}, {.p_value = 0.5}};
    rig_gate_holm(equal, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(equal[i].p_value_holm == 1.0);
}

static void test_growth_to_decide(void **state)
{
    (void)state;
    const rig_margin margin = {.margin_pp = 2.0, .margin_share = 0.0};
    rig_gate_test t = test_of(0.30, 0.030, 0.300, margin); /* half of the 90 % interval 0.027 */
    double growth = rig_gate_growth_to_decide(&t);
    assert_true(fabs(growth - (0.027 / 0.02) * (0.027 / 0.02)) < 0.01);
    t = test_of(0.30, 0.010, 0.300 + t.margin, margin);
    assert_true(rig_gate_growth_to_decide(&t) > 1e6);
}

static void test_binomial(void **state)
{
    (void)state;
    rig_interval_estimate e = rig_gate_binomial(0, 300);
    assert_true(e.low95 == 0.0);
    assert_true(fabs(e.high95 - 0.012221) < 1e-5); /* 1 - 0.025^(1/300) */
    assert_true(fabs(e.high90 - 0.009936) < 1e-5); /* 1 - 0.05^(1/300), nearly 3/n */
    e = rig_gate_binomial(10, 100);
    assert_true(fabs(e.low95 - 0.0490) < 1e-4 && fabs(e.high95 - 0.1762) < 1e-4);
    e = rig_gate_binomial(3, 7824); /* GSL's own inverse gives no number for this one */
    assert_true(fabs(e.high90 - 0.000991) < 1e-6);
    e = rig_gate_binomial(5, 5);
    assert_true(e.high95 == 1.0);
    assert_true(isnan(rig_gate_binomial(0, 0).value));
}

static void test_levels(void **state)
{
    (void)state;
    const rig_interval_estimate e = {
        .value = 30, .low90 = 28, .high90 = 32, .low95 = 27, .high95 = 33};
    static const struct {
        bool is_minimum;
        double limit;
        rig_judgement judgement;
    } rows[] = {{false, 32, RIG_JUDGEMENT_PASS},         {false, 31.9, RIG_JUDGEMENT_INCONCLUSIVE},
                {false, 27, RIG_JUDGEMENT_INCONCLUSIVE}, {false, 26.9, RIG_JUDGEMENT_FAIL},
                {true, 28, RIG_JUDGEMENT_PASS},          {true, 28.1, RIG_JUDGEMENT_INCONCLUSIVE},
                {true, 33, RIG_JUDGEMENT_INCONCLUSIVE},  {true, 33.1, RIG_JUDGEMENT_FAIL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const rig_level level = {
            {RIG_METRIC_WAIT_P95_S, RIG_METRIC_WHOLE}, rows[i].is_minimum, rows[i].limit};
        assert_int_equal(rig_gate_judge_level(&level, &e), rows[i].judgement);
    }
    const rig_level level = {{RIG_METRIC_WAIT_P95_S, RIG_METRIC_WHOLE}, false, 1};
    const rig_interval_estimate none = {.value = (double)NAN};
    assert_int_equal(rig_gate_judge_level(&level, &none), RIG_JUDGEMENT_INCONCLUSIVE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_margin_is_the_greater),
        cmocka_unit_test(test_judgements),
        cmocka_unit_test(test_margin_widens_to_what_the_run_resolves),
        cmocka_unit_test(test_p_value_counts_the_replays_beyond),
        cmocka_unit_test(test_holm),
        cmocka_unit_test(test_growth_to_decide),
        cmocka_unit_test(test_binomial),
        cmocka_unit_test(test_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
