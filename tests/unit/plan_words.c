/* SPDX-License-Identifier: GPL-3.0-or-later */
/* models/plan/: what the words of a plan mean, and when a sample meets a requirement. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/plan.h"

static void test_axes(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *key, *values; /* NULL: refused */
        const char *message;
    } rows[] = {
        {"trunks[0].e1=4:7", "trunks[0].e1", "4 5 6 7", NULL},
        {"trunks[0].circuits=180:300:60", "trunks[0].circuits", "180 240 300", NULL},
        {"trunks[0].circuits=180:299:60", "trunks[0].circuits", "180 240", NULL},
        {"ivr.ports=5:5", "ivr.ports", "5", NULL},
        {"ivr.ports=300,100,200", "ivr.ports", "100 200 300", NULL},
        {"ivr.ports=100", "ivr.ports", "100", NULL},
        {"ivr.self_service_share=0:0.3:0.1", "ivr.self_service_share", "0 0.1 0.2 0.3", NULL},
        {"x=-2:0", "x", "-2 -1 0", NULL},
        {"x=1e2:3e2:1e2", "x", "100 200 300", NULL},
        {"trunks[0].e1", NULL, NULL, "expected KEY=FROM:TO"},
        {"=1:2", NULL, NULL, "expected KEY=FROM:TO"},
        {"a b=1:2", NULL, NULL, "\"a b\" is not a key"},
        {"x'y=1:2", NULL, NULL, "is not a key"},
        {"x=", NULL, NULL, "\"\" is not a number"},
        {"x=9:4", NULL, NULL, "an empty range: 9 is greater than 4"},
        {"x=1:two", NULL, NULL, "\"two\" is not a number"},
        {"x=1:2:", NULL, NULL, "\"\" is not a number"},
        {"x=1:2:1:1", NULL, NULL, "too many colons"},
        {"x=1:9:0", NULL, NULL, "the step 0; expected a number > 0"},
        {"x=1:9:-1", NULL, NULL, "the step -1"},
        {"x=0x10:20", NULL, NULL, "\"0x10\" is not a number"},
        {"x=nan", NULL, NULL, "\"nan\" is not a number"},
        {"x=1:1e9", NULL, NULL, "expected at most 10000"},
        {"x=1,2,1", NULL, NULL, "1 is given twice"},
        {"x=1,,2", NULL, NULL, "\"\" is not a number"},
        {"x=1:1.0000000000000002:1e-16", NULL, NULL, "is too small"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_plan_axis axis = {0};
        rig_error err = {0};
        rig_status status = rig_plan_axis_parse(rows[i].text, &axis, &err);
        if (rows[i].key == NULL) {
            if (status != RIG_EINPUT || strstr(err.text, rows[i].message) == NULL)
                fail_msg("%s: %d, %s", rows[i].text, (int)status, err.text);
            assert_null(axis.key);
            continue;
        }
        char values[200] = "";
        if (status != RIG_OK)
            fail_msg("%s: %s", rows[i].text, err.text);
        for (size_t v = 0; v < axis.n; v++) {
            (void)snprintf(values + strlen(values), sizeof values - strlen(values), "%s%s",
                           v > 0 ? " " : "", axis.values[v].text);
            assert_true(fabs(atof(axis.values[v].text) - axis.values[v].number) < 1e-12);
        }
        assert_string_equal(axis.key, rows[i].key);
        assert_string_equal(values, rows[i].values);
        rig_plan_axis_clear(&axis);
    }
}

static void test_axes_together(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        size_t n_grid; /* 0: refused */
    } rows[] = {
        {"trunks[0].e1=1:4", "trunks[1].circuits=1:3", 12},
        {"trunks[0].e1=1:4", "trunks[0].circuits=1:3", 0},
        {"trunks[0].circuits=1:4", "trunks[0].e1=1:3", 0},
        {"trunks[0].e1=1:4", "trunks[0].e1=5:6", 0},
        {"a=1:5000", "b=1:5000", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_plan_axis axes[2] = {{0}};
        size_t n_grid = 77;
        rig_error err = {0};
        assert_int_equal(rig_plan_axis_parse(rows[i].a, &axes[0], &err), RIG_OK);
        assert_int_equal(rig_plan_axis_parse(rows[i].b, &axes[1], &err), RIG_OK);
        rig_status status = rig_plan_axes_check(axes, 2, &n_grid, &err);
        assert_int_equal(status, rows[i].n_grid > 0 ? RIG_OK : RIG_EINPUT);
        assert_int_equal(n_grid, rows[i].n_grid > 0 ? rows[i].n_grid : 77);
        for (size_t place = 0; place < rows[i].n_grid; place++) {
            size_t index[2];
            rig_plan_axes_index(axes, 2, place, index);
            assert_int_equal(rig_plan_axes_place(axes, 2, index), place);
        }
        rig_plan_axis_clear(&axes[0]);
        rig_plan_axis_clear(&axes[1]);
    }
}

static void test_requirements(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int metric; /* -1: refused */
        rig_plan_operator op;
        double limit;
        const char *expected; /* the canonical text, or a part of the message */
    } rows[] = {
        {"lost_trunk<=1%", RIG_METRIC_P_LOST_PER_ENTRANT, RIG_PLAN_AT_MOST, 0.01,
         "lost_trunk <= 1 %"},
        {"p_lost_trunk_per_entrant < 0.01", RIG_METRIC_P_LOST_PER_ENTRANT, RIG_PLAN_BELOW, 0.01,
         "lost_trunk < 1 %"},
        {" lost_queue_per_offered <= 5 %", RIG_METRIC_P_LOST_PER_OFFERED + RIG_STAGE_QUEUE,
         RIG_PLAN_AT_MOST, 0.05, "lost_queue_per_offered <= 5 %"},
        {"connect_rate>=90%", RIG_METRIC_CONNECT_RATE, RIG_PLAN_AT_LEAST, 0.9,
         "connect_rate >= 90 %"},
        {"connect_rate > 0.5", RIG_METRIC_CONNECT_RATE, RIG_PLAN_ABOVE, 0.5, "connect_rate > 50 %"},
        {"connect_rate>=100%", RIG_METRIC_CONNECT_RATE, RIG_PLAN_AT_LEAST, 1.0,
         "connect_rate >= 100 %"},
        {"wait_p95_s<=20s", RIG_METRIC_WAIT_P95_S, RIG_PLAN_AT_MOST, 20, "wait_p95_s <= 20 s"},
        {"wait_p95_s<=2500ms", RIG_METRIC_WAIT_P95_S, RIG_PLAN_AT_MOST, 2.5, "wait_p95_s <= 2.5 s"},
        {"peak_circuits<=270", RIG_METRIC_PEAK_CIRCUITS, RIG_PLAN_AT_MOST, 270,
         "peak_circuits <= 270 circuits"},
        {"lost_moon<=1%", -1, 0, 0, "unknown metric \"lost_moon\"; expected one of lost_trunk, "},
        {"lost_trunk", -1, 0, 0, "one of <=, <, >= and >"},
        {"lost_trunk=1%", -1, 0, 0, "one of <=, <, >= and >"},
        {"lost_trunk==1%", -1, 0, 0, "one of <=, <, >= and >"},
        {"lost_trunk=<1%", -1, 0, 0, "one of <=, <, >= and >"},
        {"<=1%", -1, 0, 0, "one of <=, <, >= and >"},
        {"lost_trunk<=", -1, 0, 0, "\"\" is not a number"},
        {"lost_trunk<=one", -1, 0, 0, "\"one\" is not a number"},
        {"lost_trunk<=inf", -1, 0, 0, "\"inf\" is not a number"},
        {"lost_trunk<=1", -1, 0, 0, "1 may mean 1% or all"},
        {"lost_trunk<=101%", -1, 0, 0, "a share is from 0 to 1"},
        {"lost_trunk<=-1%", -1, 0, 0, "negative"},
        {"lost_trunk<=1s", -1, 0, 0, "the metric is a share, not a time"},
        {"wait_p95_s<=20%", -1, 0, 0, "the metric is in s, not a share"},
        {"wait_p95_s<=20min", -1, 0, 0, "\"min\" is not a unit"},
        {"peak_circuits<=20s", -1, 0, 0, "the metric is in circuits, not a time"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_plan_requirement got = {.limit = -1.0};
        rig_error err = {0};
        rig_status status = rig_plan_requirement_parse(NULL, rows[i].text, &got, &err);
        if (rows[i].metric < 0) {
            if (status != RIG_EINPUT || strstr(err.text, rows[i].expected) == NULL)
                fail_msg("%s: %d, %s", rows[i].text, (int)status, err.text);
            assert_true(got.limit == -1.0);
            continue;
        }
        if (status != RIG_OK)
            fail_msg("%s: %s", rows[i].text, err.text);
        assert_int_equal(got.metric, rows[i].metric);
        assert_int_equal(got.op, rows[i].op);
        assert_true(fabs(got.limit - rows[i].limit) < 1e-12);
        assert_string_equal(got.text, rows[i].expected);
    }
}

/* Each figure is found by its full name and by its short one. */
static void test_names(void **state)
{
    (void)state;
    for (int m = 0; m < RIG_N_METRICS; m++) {
        rig_metric found = RIG_N_METRICS;
        const char *full = rig_metric_describe((rig_metric)m)->name;
        const rig_metric_name brief = rig_metric_short_name((rig_metric)m);
        assert_int_equal(rig_plan_metric_of("--show", full, strlen(full), &found, NULL), RIG_OK);
        assert_int_equal(found, m);
        found = RIG_N_METRICS;
        assert_int_equal(rig_plan_metric_of("--show", brief.text, strlen(brief.text), &found, NULL),
                         RIG_OK);
        assert_int_equal(found, m);
    }
    rig_metric found = RIG_N_METRICS;
    rig_error err = {.text = ""};
    const char *part = "lost_trunk[carrier A]";
    assert_int_equal(rig_plan_metric_of("--show", part, strlen(part), &found, &err), RIG_EINPUT);
    assert_string_equal(err.text, "--show: \"lost_trunk[carrier A]\" is the figure of a part; "
                                  "expected one of the whole (\"lost_trunk\")");
    assert_int_equal(found, RIG_N_METRICS);
    assert_int_equal(rig_plan_metric_of("--show", "lost[x]", 7, &found, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "unknown metric \"lost[x]\""));
}

static void test_costs(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double a, b; /* negative: refused */
        const char *message;
    } rows[] = {
        {"a=1,b=25", 1, 25, NULL},
        {"b=2.5,a=0", 0, 2.5, NULL},
        {"a=1", -1, 0, "no cost of b"},
        {"a=1,b=2,a=3", -1, 0, "a is given twice"},
        {"a=1,c=2", -1, 0, "\"c\" is not varied"},
        {"a=1,b=-2", -1, 0, "expected a number >= 0"},
        {"a=1,b=x", -1, 0, "expected a number >= 0"},
        {"a=1,b", -1, 0, "expected KEY=NUMBER"},
        {"", -1, 0, "expected KEY=NUMBER"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_plan_axis axes[2] = {{0}};
        rig_error err = {0};
        assert_int_equal(rig_plan_axis_parse("a=10:20", &axes[0], &err), RIG_OK);
        assert_int_equal(rig_plan_axis_parse("b=0:4", &axes[1], &err), RIG_OK);
        rig_plan_question q = {.axes = axes, .n_axes = 2};
        const size_t index[] = {5, 1};
        assert_true(fabs(rig_plan_cost(&q, index) - (0.5 + 0.25)) < 1e-12);
        rig_status status = rig_plan_costs_parse(rows[i].text, &q, &err);
        if (rows[i].a < 0) {
            if (status != RIG_EINPUT || strstr(err.text, rows[i].message) == NULL)
                fail_msg("%s: %d, %s", rows[i].text, (int)status, err.text);
            assert_false(q.has_costs);
        } else {
            assert_int_equal(status, RIG_OK);
            assert_true(fabs(rig_plan_cost(&q, index) - (15 * rows[i].a + 1 * rows[i].b)) < 1e-12);
        }
        rig_plan_axis_clear(&axes[0]);
        rig_plan_axis_clear(&axes[1]);
    }
}

/* Mean 10, sd 2.1082 (n = 10): t(0.95, 9) = 1.833113, so the bounds are 10 -+ 1.2221. */
static void test_judge_mean(void **state)
{
    (void)state;
    static const double values[] = {8, 12, 8, 12, 8, 12, 8, 12, 8, 12};
    static const struct {
        rig_plan_operator op;
        double limit;
        rig_plan_verdict verdict;
    } rows[] = {
        {RIG_PLAN_AT_MOST, 11.23, RIG_PLAN_MEETS},    {RIG_PLAN_AT_MOST, 11.21, RIG_PLAN_UNDECIDED},
        {RIG_PLAN_AT_MOST, 8.79, RIG_PLAN_UNDECIDED}, {RIG_PLAN_AT_MOST, 8.77, RIG_PLAN_FAILS},
        {RIG_PLAN_AT_LEAST, 8.77, RIG_PLAN_MEETS},    {RIG_PLAN_AT_LEAST, 8.79, RIG_PLAN_UNDECIDED},
        {RIG_PLAN_AT_LEAST, 11.23, RIG_PLAN_FAILS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const rig_plan_requirement r = {.op = rows[i].op, .limit = rows[i].limit};
        rig_plan_judged j = rig_plan_judge(&r, values, 10, 0.0, 0.05);
        assert_int_equal(j.verdict, rows[i].verdict);
        assert_true(fabs(j.estimate - 10.0) < 1e-12);
        assert_true(fabs(j.low - 8.7779) < 1e-4 && fabs(j.high - 11.2221) < 1e-4);
    }
    static const double zeros[] = {0, 0, 0};
    rig_plan_requirement r = {.op = RIG_PLAN_AT_MOST, .limit = 0.0};
    assert_int_equal(rig_plan_judge(&r, zeros, 3, 0.0, 0.05).verdict, RIG_PLAN_MEETS);
    r.op = RIG_PLAN_BELOW;
    assert_int_equal(rig_plan_judge(&r, zeros, 3, 0.0, 0.05).verdict, RIG_PLAN_FAILS);
    const double holes[] = {(double)NAN, 1.0, (double)NAN};
    r.limit = 5.0;
    assert_int_equal(rig_plan_judge(&r, holes, 3, 0.0, 0.05).verdict, RIG_PLAN_FAILS);
    assert_true(isnan(rig_plan_judge(&r, holes, 3, 0.0, 0.05).estimate));
}

/* Clopper & Pearson by hand: 59 of 59 at 5 % give a lower bound of 0.05^(1/59) = 0.950492. */
static void test_judge_days(void **state)
{
    (void)state;
    static const struct {
        size_t n, n_bad;
        double low, high;
        rig_plan_verdict verdict; /* against 95 % of days */
    } rows[] = {
        {59, 0, 0.950492, 1.0, RIG_PLAN_MEETS},
        {58, 0, 0.949661, 1.0, RIG_PLAN_UNDECIDED},
        {10, 10, 0.0, 0.258866, RIG_PLAN_FAILS}, /* 1 - 0.05^(1/10) */
        {10, 1, 0.605836, 0.994884, RIG_PLAN_UNDECIDED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double values[64];
        const rig_plan_requirement r = {.op = RIG_PLAN_AT_MOST, .limit = 1.0};
        for (size_t v = 0; v < rows[i].n; v++)
            values[v] = v < rows[i].n_bad ? 2.0 : 1.0;
        rig_plan_judged j = rig_plan_judge(&r, values, rows[i].n, 0.95, 0.05);
        if (fabs(j.low - rows[i].low) > 2e-6 || fabs(j.high - rows[i].high) > 2e-6)
            fail_msg("row %zu: %.6f..%.6f", i, j.low, j.high);
        assert_int_equal(j.verdict, rows[i].verdict);
    }
    double undefined[64];
    const rig_plan_requirement r = {.op = RIG_PLAN_AT_MOST, .limit = 1.0};
    for (size_t v = 0; v < 64; v++)
        undefined[v] = (double)NAN;
    assert_int_equal(rig_plan_judge(&r, undefined, 64, 0.95, 0.05).verdict, RIG_PLAN_FAILS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_axes),         cmocka_unit_test(test_axes_together),
        cmocka_unit_test(test_requirements), cmocka_unit_test(test_names),
        cmocka_unit_test(test_costs),        cmocka_unit_test(test_judge_mean),
        cmocka_unit_test(test_judge_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
