/* scenarios/: every kind of wrong input has its message; what is right round-trips. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "scenarios/scenario.h"

static char folder[] = "/tmp/peakrig-scenario-XXXXXX";
static char path[256], copy_path[256], sample_path[256];

static const char sample_csv[] = "id,talk_s\n1,10\n2,30\n3,20\n";

static const char good[] =
    "name = \"small\";\n"                                                        /* 1 */
    "traffic: { duration_s = 60.0; rate = ( { at_s = 0; per_min = 60; } ); };\n" /* 2 */
    "callers: { patience_answer = 10; patience_queue = 20; talk = 30; };\n"      /* 3 */
    "trunks = ( { e1 = 2; } );\n"                                                /* 4 */
    "agents = ( { count = 5; ring = 2; } );\n";                                  /* 5 */

static int set_up(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/a.cfg", folder);
    (void)snprintf(copy_path, sizeof copy_path, "%s/b.cfg", folder);
    (void)snprintf(sample_path, sizeof sample_path, "%s/talk.csv", folder);
    return rig_atomic_file_write(sample_path, sample_csv, sizeof sample_csv - 1, NULL) != RIG_OK;
}

static int tear_down(void **state)
{
    (void)state;
    (void)unlink(path);
    (void)unlink(copy_path);
    (void)unlink(sample_path);
    return rmdir(folder);
}

static rig_status read_text(const char *text, const char *override, rig_scenario **scenario,
                            rig_error *err)
{
    assert_int_equal(rig_atomic_file_write(path, text, strlen(text), err), RIG_OK);
    return rig_scenario_read(path, &override, override != NULL, scenario, err);
}

static void test_defaults(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    assert_int_equal(read_text(good, NULL, &s, &err), RIG_OK);
    assert_int_equal(rig_scenario_n_circuits(s), 60);
    assert_int_equal(s->ivr.n_ports, 60);
    assert_true(s->time_scale == 1.0);
    assert_true(rig_target_is_embedded(&s->target));
    assert_int_equal(s->gate.n_replays, 999);
    assert_true(s->callers.patience_ringing.mean_s == 20.0);
    assert_true(s->gate.margin[RIG_STAGE_AGENT].margin_pp == 0.1);
    rig_scenario_free(s);
}

/* An override that breaks the good scenario, and what the message must hold. */
static void test_refuses_bad_values(void **state)
{
    (void)state;
    static const struct {
        const char *override, *message;
    } rows[] = {
        {"trunks[0].circuits=0", "trunks[0].circuits: 0 is out of range; expected a whole number"},
        {"trunks[0].circuits=-3", "trunks[0].circuits: -3 is out of range"},
        {"trunks[0].circuits=2.5", "trunks[0].circuits: is a number; expected a whole number"},
        {"trunks[0].circuits=many", "trunks[0].circuits: is a string; expected a whole number"},
        {"trunks[0].lines=3", "trunks[0].lines: unknown key; expected one of: name, circuits, e1"},
        {"trunks[1].circuits=3", "no such group"},
        {"trunks[x].circuits=3", "no such group"},
        {"trunks[0.circuits=3", "no such group"},
        {"name.first=3", "no such group"},
        {"colour.red=3", "colour: unknown key"},
        {"trunks", "expected KEY=VALUE"},
        {"=3", "expected KEY=VALUE"},
        {"bad key=3", "is not a valid key"},
        {"trunks=()", "trunks: has 0 groups; expected 1 to 64"},
        {"agents=()", "agents: has 0 groups; expected exactly one"},
        {"colour=\"red\"", "colour: unknown key"},
        {"name=\"a/b\"", "name: \"a/b\" cannot name a folder"},
        {"name=\"\"", "cannot name a folder"},
        {"time_scale=0", "time_scale: 0 is out of range"},
        {"time_scale=1001", "time_scale: 1001 is out of range"},
        {"seed=-1", "seed: -1 is out of range"},
        {"interval_s=61", "interval_s: 61 is longer than traffic.duration_s"},
        {"interval_s=0.001", "over 10000 intervals"},
        {"traffic.duration_s=0", "traffic.duration_s: 0 is out of range"},
        {"traffic.arrivals=\"bursty\"", "traffic.arrivals: \"bursty\" is not known; expected one "
                                        "of: \"poisson\", \"regular\""},
        {"traffic.arrivals=7", "traffic.arrivals: is a whole number; expected one of"},
        {"traffic.rate=()", "traffic.rate: is empty"},
        {"traffic.rate=({at_s=0;per_min=0;})", "no calls at all"},
        {"traffic.rate=({at_s=0;per_min=-1;})", "traffic.rate[0].per_min: -1 is out of range"},
        {"traffic.rate=({at_s=5;per_min=1;},{at_s=5;per_min=2;})", "not later than the point"},
        {"traffic.rate=({at_s=70;per_min=0;},{at_s=80;per_min=2;})", "no calls before duration_s"},
        {"traffic.rate=(1,2)", "traffic.rate[0]: is a whole number; expected a group"},
        {"traffic.rate[0].per_hour=1", "traffic.rate[0].per_hour: unknown key"},
        {"callers.talk=-1", "callers.talk: -1 is out of range"},
        {"callers.talk=\"long\"", "callers.talk: is a string; expected a distribution"},
        {"callers.talk={mean_s=3;}", "callers.talk: \"type\" is missing"},
        {"callers.talk={type=\"normal\";mean_s=3;}", "\"normal\" is not known"},
        {"callers.talk={type=\"gamma\";mean_s=3;}", "callers.talk: \"cv\" is missing"},
        {"callers.talk={type=\"gamma\";mean_s=3;cv=0;}", "callers.talk.cv: 0 is out of range"},
        {"callers.talk={type=\"gamma\";mean_s=0;cv=1;}", "mean_s 0 is out of range for \"gamma\""},
        {"callers.talk={type=\"uniform\";mean_s=3;cv=0.6;}", "at most 0.577"},
        {"callers.talk={type=\"exponential\";mean_s=3;cv=1;}", "callers.talk.cv: has no meaning"},
        {"callers.talk={type=\"constant\";mean_s=3;file=\"x\";}", "file: has no meaning"},
        {"callers.talk={type=\"empirical\";mean_s=3;}", "mean_s: has no meaning"},
        {"callers.talk={type=\"empirical\";file=\"none.csv\";column=\"a\";}", "none.csv: cannot "
                                                                              "read"},
        {"callers.talk={type=\"empirical\";file=\"talk.csv\";column=\"a\";}", "no column \"a\""},
        {"callers.dial=\"0800 785\"", "cannot be dialled"},
        {"callers.dial=785", "callers.dial: is a whole number; expected a string"},
        {"callers.first_number=\"0123\"x", "first_number"},
        {"callers.first_number=\"12a\"", "\"12a\" is no number"},
        {"callers.hangs_up_share=1.5", "callers.hangs_up_share: 1.5 is out of range"},
        {"agents[0].count=0", "agents[0].count: 0 is out of range"},
        {"agents[0].ring_timeout_s=0", "agents[0].ring_timeout_s: 0 is out of range"},
        {"agents[0].rest_s=-1", "agents[0].rest_s: -1 is out of range"},
        {"agents[0]=3", "no such group"},
        {"ivr={ports=0;}", "ivr.ports: 0 is out of range"},
        {"ivr={hold_while_queued=1;}", "ivr.hold_while_queued: is a whole number; expected true"},
        {"ivr={self_service_share=0.5;}", "ivr: \"self_service\" is missing"},
        {"ivr={self_service_share=1;}", "ivr.self_service_share: 1 is out of range"},
        {"queue=3", "queue: is a whole number; expected a group"},
        {"queue={capacity=-1;}", "queue.capacity: -1 is out of range"},
        {"gate={replays=998;}", "gate.replays: 998 is out of range; expected a whole number from "
                                "999"},
        {"gate={margin_pp=0;}", "gate.margin_pp: 0 is out of range"},
        {"gate={stages={ivr={margin_pp=-1;};};}", "gate.stages.ivr.margin_pp: -1 is out of range"},
        {"gate={stages={menu={};};}", "gate.stages.menu: unknown key"},
        {"gate={levels=({metric=\"joy\";min=1;});}", "\"joy\" is not known"},
        {"gate={levels=({min=1;});}", "\"metric\" is missing"},
        {"gate={levels=({metric=\"drop_rate\";});}", "expected either \"min\" or \"max\""},
        {"gate={levels=({metric=\"drop_rate\";min=0;max=1;});}", "expected either \"min\" or"},
        {"target={host=\"10.0.0.1\";port=0;}", "target.port: 0; expected a port"},
        {"target={host=\"10.0.0.1\";port=70000;}", "target.port: 70000 is out of range"},
        {"target={allow=(1);}", "target.allow[0]: expected an address"},
        {"seed=9000000000", "--set:1: 9000000000: does not fit into 32 bits; expected an L"},
        {"trunks[0].circuits=4294967297", "4294967297: does not fit"},
        {"limits={max_calls=0;}", "limits.max_calls: 0 is out of range"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *s = NULL;
        rig_error err = {0};
        rig_status status = read_text(good, rows[i].override, &s, &err);
        if (status != RIG_EINPUT)
            fail_msg("%s: accepted", rows[i].override);
        assert_null(s);
        if (strstr(err.text, rows[i].message) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", rows[i].override, err.text, rows[i].message);
    }
}

static void test_scaled_target_must_declare_it(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    const char *const overrides[] = {"time_scale=2", "target={host=\"127.0.0.1\";port=5070;}"};
    assert_int_equal(rig_atomic_file_write(path, good, strlen(good), &err), RIG_OK);
    assert_int_equal(rig_scenario_read(path, overrides, 2, &s, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "does not declare target.scalable"));
}

/* Where an error stands in the file, it says the line. */
static void test_errors_name_file_and_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"name = \"x\";\ntrunks = (\n  { e1 = 2; }\n", "a.cfg:4: "},
        {"name = \"x\";\nspeed = 3;\n", "a.cfg:2: speed: unknown key"},
        {"name = \"x\";\ntraffic: {\n  duration_s = 60;\n  rate = ( { at_s = 0; } );\n};\n",
         "a.cfg:4: traffic.rate[0]: \"per_min\" is missing"},
        {"// 99999999999\n/* 99999999999\n*/ name = \"99999999999\";\nseed = 99999999999;\n",
         "a.cfg:4: 99999999999: does not fit"},
        {"name = \"x\";\n", "\"traffic\" is missing"},
        {"", "\"name\" is missing"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *s = NULL;
        rig_error err = {0};
        assert_int_equal(read_text(rows[i].text, NULL, &s, &err), RIG_EINPUT);
        if (strstr(err.text, rows[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].message);
    }
    rig_scenario *s = NULL;
    rig_error err = {0};
    assert_int_equal(rig_scenario_read("/nonexistent/x.cfg", NULL, 0, &s, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "/nonexistent/x.cfg: cannot read"));
}

static void test_overrides_replace(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    const char *const overrides[] = {"trunks[0].circuits=250",
                                     "agents[0].count=7",
                                     "name=other",
                                     "time_scale=6",
                                     "traffic.rate=({at_s=0;per_min=10;},{at_s=30;per_min=20;})",
                                     "seed=9000000000L",
                                     "gate.stages.ivr.margin_pp=4",
                                     "traffic.rate[1].per_min=25"};
    const size_t n = sizeof overrides / sizeof *overrides;
    assert_int_equal(rig_atomic_file_write(path, good, strlen(good), &err), RIG_OK);
    assert_int_equal(rig_scenario_read(path, overrides, n, &s, &err), RIG_OK);
    assert_true(s->gate.margin[RIG_STAGE_IVR].margin_pp == 4.0);
    assert_true(s->traffic.rate[1].rate_per_min == 25.0);
    assert_int_equal(rig_scenario_n_circuits(s), 250);
    assert_int_equal(s->agents[0].n_agents, 7);
    assert_string_equal(s->name, "other");
    assert_int_equal(s->traffic.n_rate, 2);
    assert_true(s->seed == 9000000000u);
    rig_scenario_free(s);
}

/* Written with all defaults and read again, nothing changes: the second copy has the same bytes. */
static void test_resolved_copy_is_the_same(void **state)
{
    (void)state;
    static const char rich[] =
        "name = \"rich\"; description = \"says \\\"hello\\\"\\nagain\"; seed = 12345678901L;\n"
        "time_scale = 6.5; interval_s = 7.25;\n"
        "traffic: { arrivals = \"regular\"; interpolation = \"step\"; duration_s = 100.125;\n"
        "  rate = ( { at_s = 0; per_min = 0.1; }, { at_s = 33.3; per_min = 785; } ); };\n"
        "callers: { first_number = \"4912345\"; dial = \"+4930785\"; hangs_up_share = 0.3;\n"
        "  patience_answer = { type = \"gamma\"; mean_s = 12.5; cv = 0.7; };\n"
        "  patience_queue = { type = \"lognormal\"; mean_s = 30; cv = 0.7; };\n"
        "  patience_ringing = { type = \"exponential\"; mean_s = 20; };\n"
        "  talk = { type = \"empirical\"; file = \"talk.csv\"; column = \"talk_s\"; }; };\n"
        "trunks = ( { name = \"A\"; e1 = 2; }, { name = \"B\"; circuits = 7; } );\n"
        "ivr: { ports = 11; menu = { type = \"uniform\"; mean_s = 8; cv = 0.2; };\n"
        "  hold_while_queued = false; self_service_share = 0.1; self_service = 4; };\n"
        "queue: { capacity = 9; timeout_s = 60; };\n"
        "agents = ( { name = \"x\"; count = 5; ring = 2.5; ring_timeout_s = 9; rest_s = 2.5; "
        "wrap_up = 3; } );\n"
        "gate: { margin_pp = 1.5; margin_share = 0.05; replays = 2000; max_lateness_p99_ms = 7;\n"
        "  stages: { queue: { margin_pp = 3.0; }; };\n"
        "  levels = ( { metric = \"connect_rate\"; min = 0.2; },\n"
        "             { metric = \"wait_p95_s\"; max = 30; } ); };\n"
        "target: { host = \"127.0.0.1\"; port = 5099; agents_listen = \"127.0.0.1:5098\";\n"
        "  scalable = true; agent_mark = \"update\"; allow = ( \"10.1.2.3\", \"pbx\" ); };\n"
        "limits: { max_calls = 5000; max_rate_per_s = 99.5; max_run_s = 600; };\n";
    rig_scenario *first = NULL, *second = NULL;
    rig_error err = {0};
    char *a = NULL, *b = NULL;
    assert_int_equal(read_text(rich, NULL, &first, &err), RIG_OK);
    assert_int_equal(first->callers.talk.n_sample, 3);
    assert_true(first->callers.talk.mean_s == 20.0);
    assert_true(first->gate.margin[RIG_STAGE_QUEUE].margin_pp == 3.0);
    assert_true(first->gate.margin[RIG_STAGE_QUEUE].margin_share == 0.05);
    assert_int_equal(rig_scenario_write(first, copy_path, &err), RIG_OK);
    assert_int_equal(rig_file_read(copy_path, &a, NULL, &err), RIG_OK);
    assert_int_equal(rig_scenario_read(copy_path, NULL, 0, &second, &err), RIG_OK);
    assert_int_equal(rig_scenario_write(second, copy_path, &err), RIG_OK);
    assert_int_equal(rig_file_read(copy_path, &b, NULL, &err), RIG_OK);
    assert_string_equal(a, b);
    assert_string_equal(second->description, "says \"hello\"\nagain");
    assert_int_equal(rig_scenario_n_circuits(second), 67);
    assert_int_equal(second->target.n_allow, 2);
    assert_true(second->traffic.duration_s == 100.125);
    free(a);
    free(b);
    rig_scenario_free(first);
    rig_scenario_free(second);
}

static void test_rate_profile(void **state)
{
    (void)state;
    rig_rate_point points[] = {{10, 60}, {20, 120}, {40, 0}};
    rig_traffic linear = {
        .interpolation = RIG_INTERPOLATION_LINEAR, .duration_s = 50, .rate = points, .n_rate = 3};
    rig_traffic step = linear;
    step.interpolation = RIG_INTERPOLATION_STEP;
    static const struct {
        double at_s, linear_per_s, step_per_s, linear_calls, step_calls;
    } rows[] = {{0, 1, 1, 0, 0},    {10, 1, 1, 10, 10}, {15, 1.5, 1, 16.25, 15},
                {20, 2, 2, 25, 20}, {30, 1, 2, 40, 40}, {40, 0, 0, 45, 60},
                {45, 0, 0, 45, 60}, {50, 0, 0, 45, 60}, {99, 0, 0, 45, 60}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(fabs(rig_traffic_rate_per_s(&linear, rows[i].at_s) - rows[i].linear_per_s) <
                    1e-12);
        assert_true(fabs(rig_traffic_rate_per_s(&step, rows[i].at_s) - rows[i].step_per_s) < 1e-12);
        assert_true(fabs(rig_traffic_expected_calls(&linear, rows[i].at_s) - rows[i].linear_calls) <
                    1e-9);
        assert_true(fabs(rig_traffic_expected_calls(&step, rows[i].at_s) - rows[i].step_calls) <
                    1e-9);
    }
    assert_true(rig_traffic_peak_rate_per_s(&linear) == 2.0);
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
    }
}

static void test_empirical(void **state)
{
    (void)state;
    rig_dist dist;
    rig_error err = {0};
    assert_int_equal(rig_dist_make_empirical(sample_path, "talk_s", &dist, &err), RIG_OK);
    assert_true(rig_dist_quantile_s(&dist, 0.1) == 10.0);
    assert_true(rig_dist_quantile_s(&dist, 0.5) == 20.0);
    assert_true(rig_dist_quantile_s(&dist, 0.999999) == 30.0);
    rig_dist_clear(&dist);
    static const char bad[] = "talk_s\n1\n-2\n";
    assert_int_equal(rig_atomic_file_write(path, bad, sizeof bad - 1, &err), RIG_OK);
    assert_int_equal(rig_dist_make_empirical(path, "talk_s", &dist, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "a.cfg:3: talk_s: -2 is not a duration"));
    assert_int_equal(rig_dist_make(RIG_DIST_EMPIRICAL, 1, 1, &dist, &err), RIG_EDOM);
    assert_int_equal(rig_dist_make(RIG_DIST_GAMMA, (double)NAN, 1, &dist, &err), RIG_EDOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_refuses_bad_values),
        cmocka_unit_test(test_scaled_target_must_declare_it),
        cmocka_unit_test(test_errors_name_file_and_line),
        cmocka_unit_test(test_overrides_replace),
        cmocka_unit_test(test_resolved_copy_is_the_same),
        cmocka_unit_test(test_rate_profile),
        cmocka_unit_test(test_distribution_quantiles),
        cmocka_unit_test(test_distribution_moments),
        cmocka_unit_test(test_empirical),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
