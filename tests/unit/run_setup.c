/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run stands on, without the command line: the scenario, the schedule, the way to the
 * target, and what refuses a run before anything is written. */
#include <stdio.h>
#include <string.h>

#include "cli/run_setup.h"
#include "scenarios/scenario.h"
#include "tests/test.h"

/* The only scale at which another target than the embedded one may be called. */
#define REAL_TIME                                                                                  \
    {                                                                                              \
        .items = {"time_scale=1.0"}, .n = 1                                                        \
    }

static const char *folder;

static rig_status make(const rig_run_setup_options *options, rig_run_setup *setup, rig_error *err)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/tv-peak-785.cfg", folder);
    return rig_run_setup_make(path, options, setup, err);
}

static void expect_refused(const rig_run_setup_options *options, const char *words)
{
    rig_run_setup setup = {.target_port = 0};
    rig_error err = {.text = ""};
    const rig_status status = make(options, &setup, &err);
    if (status != RIG_EINPUT || strstr(err.text, words) == NULL)
        fail_msg("%s: \"%s\"; expected \"%s\"", rig_status_text(status), err.text, words);
    rig_run_setup_clear(&setup);
    assert_null(setup.scenario);
}

static void test_the_embedded_centre(void **state)
{
    (void)state;
    rig_run_setup setup = {.target_port = 0};
    rig_error err = {.text = ""};
    const rig_run_setup_options options = {.capture = "made elsewhere"};
    if (make(&options, &setup, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_string_equal(setup.scenario->name, "tv-peak-785");
    assert_in_range(setup.schedule->n, 7000, 9000);
    assert_string_equal(setup.target_host, "127.0.0.1");
    assert_string_equal(setup.agents_host, "127.0.0.1");
    assert_non_null(setup.sipp);
    rig_run_setup_clear(&setup);
}

static void test_another_target(void **state)
{
    (void)state;
    rig_run_setup setup = {.target_port = 0};
    rig_error err = {.text = ""};
    rig_run_setup_options options = {
        .capture = "made elsewhere",
        .target = "[::1]:5099",
        .overrides = {.items = {"time_scale=1.0", "target.agents_listen=\"[::1]:5098\""}, .n = 2}};
    if (make(&options, &setup, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_string_equal(setup.target_host, "::1");
    assert_int_equal(setup.target_port, 5099);
    assert_string_equal(setup.agents_host, "::1");
    assert_int_equal(setup.agents_port, 5098);
    rig_run_setup_clear(&setup);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        rig_run_setup_options options;
        const char *words;
    } rows[] = {
        {{.n_workers = RIG_MAX_WORKERS + 1}, "--workers 17; expected at most 16"},
        {{.target = "127.0.0.1:"}, "--target \"127.0.0.1:\": expected a port from 1 to 65535"},
        {{.target = "127.0.0.1:65536"}, "expected a port from 1 to 65535"},
        {{.target = "[::1"}, "--target \"[::1\"; expected HOST[:PORT]"},
        {{.target = ":5060"}, "--target \":5060\"; expected HOST[:PORT]"},
        {{.target = "192.0.2.1", .overrides = REAL_TIME}, "192.0.2.1"}, /* not allowed */
        {{.target = "127.0.0.1",
          .overrides = REAL_TIME,
          .defects = {.items = {"drop=0.1"}, .n = 1}},
         "--defect drop=0.1 breaks the embedded target"},
        {{.target = "127.0.0.1",
          .overrides = REAL_TIME,
          .target_overrides = {.items = {"trunks[0].e1=8"}, .n = 1}},
         "--target-set changes the embedded target"},
        {{.defects = {.items = {"drop"}, .n = 1}}, "--defect drop"},
        {{.target_overrides = {.items = {"no.such=1"}, .n = 1}}, "no"},
        {{.overrides = {.items = {"traffic.duration_s=1e-9"}, .n = 1}}, "traffic"},
        {{.overrides = {.items = {"target.agents_listen=\"::1\""}, .n = 1}},
         "expected two IPv4 or two IPv6 addresses"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_refused(&rows[i].options, rows[i].words);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_embedded_centre),
        cmocka_unit_test(test_another_target),
        cmocka_unit_test(test_refusals),
    };
    folder = argc > 1 ? argv[1] : "scenarios";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
