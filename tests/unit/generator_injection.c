/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Injection files: the schedule as SIPp reads it. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "generator/play/injection.h"

static char path[] = "/tmp/rig-injection-XXXXXX";

static rig_planned_call calls[3];
static char dial[] = "78*5#";
static rig_scenario scenario;
static const rig_schedule schedule = {.calls = calls, .n = 3};
static const int64_t START_NS = INT64_C(1700000000123456789);

static int set_up(void **state)
{
    (void)state;
    memset(&scenario, 0, sizeof scenario);
    scenario.time_scale = 2.0;
    scenario.callers.dial = dial;
    assert_int_equal(rig_dist_make(RIG_DIST_CONSTANT, 8.0, 0.0, &scenario.ivr.menu, NULL), RIG_OK);
    calls[0] = (rig_planned_call){.t_s = 0.0,
                                  .number = 4930000000001,
                                  .patience_answer_s = 10,
                                  .patience_queue_s = 20,
                                  .patience_ringing_s = 30,
                                  .self_service_s = -1,
                                  .talk_s = 3,
                                  .caller_hangs_up = true,
                                  .ring_s = {1, 2, 3, 4}};
    calls[1] = calls[0];
    calls[1].t_s = 0.5;
    calls[1].number++;
    calls[1].caller_hangs_up = false;
    calls[1].self_service_s = 5.0;
    calls[2] = calls[0];
    calls[2].t_s = 1e9; /* a patience without an end, too */
    calls[2].number += 2;
    calls[2].patience_queue_s = 1e9;
    return 0;
}

static void check_file(const char *expected)
{
    char *text;
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    assert_string_equal(text, expected);
    free(text);
}

static void writes_callers(void **state)
{
    (void)state;
    rig_error err = {0};
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS, 0, 1, path, &err),
                     RIG_OK);
    check_file("SEQUENTIAL\n"
               "0;1700000000123.457;4930000000001;78*5%23;5000.000;10000.000;15000.000;-1.000;"
               "1500.000;34000.000;34000.000\n"
               "1;1700000000373.457;4930000000002;78*5%23;5000.000;10000.000;15000.000;2500.000;"
               "31500.000;34000.000;2500.000\n"
               "2;2200000000123.457;4930000000003;78*5%23;5000.000;2000000000.000;15000.000;"
               "-1.000;1500.000;34000.000;34000.000\n");
}

static void escapes_what_is_dialled(void **state)
{
    (void)state;
    char *text = rig_injection_dialled("78*5##+1");
    assert_string_equal(text, "78*5%23%23+1");
    free(text);
}

static void deals_the_calls_round(void **state)
{
    (void)state;
    static const size_t expected[][4] = {/* calls, workers, worker, rows */
                                         {3, 1, 0, 3}, {3, 2, 0, 2}, {3, 2, 1, 1},
                                         {3, 3, 2, 1}, {3, 4, 3, 0}, {0, 1, 0, 0}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_int_equal(rig_injection_n_rows(expected[i][0], expected[i][2], expected[i][1]),
                         expected[i][3]);

    rig_error err = {0};
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS, 1, 2, path, &err),
                     RIG_OK);
    check_file("SEQUENTIAL\n"
               "1;1700000000373.457;4930000000002;78*5%23;5000.000;10000.000;15000.000;2500.000;"
               "31500.000;34000.000;2500.000\n");
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS, 3, 4, path, &err),
                     RIG_EDOM);
}

static void writes_agents(void **state)
{
    (void)state;
    rig_error err = {0};
    assert_int_equal(rig_injection_write_agents(&schedule, &scenario, path, &err), RIG_OK);
    /* The side that is not to hang up stays for the backstop. */
    check_file("SEQUENTIAL\n"
               "-;0;0;0;0;0\n"
               "4930000000001;31500.000;500.000;1000.000;1500.000;2000.000\n"
               "4930000000002;1500.000;500.000;1000.000;1500.000;2000.000\n"
               "4930000000003;31500.000;500.000;1000.000;1500.000;2000.000\n");
}

static void refuses_bad_numbers(void **state)
{
    (void)state;
    rig_error err = {0};
    scenario.time_scale = 0.0;
    assert_int_equal(rig_injection_write_agents(&schedule, &scenario, path, &err), RIG_EDOM);
    scenario.time_scale = 1.0;
    calls[1].talk_s = NAN;
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS, 0, 1, path, &err),
                     RIG_EDOM);
    assert_non_null(strstr(err.text, "call 1"));
    calls[1].talk_s = -1.0;
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS, 0, 1, path, &err),
                     RIG_EDOM);
    calls[1].talk_s = 1.0;
    calls[1].self_service_s = INFINITY;
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS, 0, 1, path, &err),
                     RIG_EDOM);
    calls[1].self_service_s = -1.0;
    calls[1].ring_s[3] = -1.0;
    assert_int_equal(rig_injection_write_agents(&schedule, &scenario, path, &err), RIG_EDOM);
}

static void says_where_it_cannot_write(void **state)
{
    (void)state;
    rig_error err = {0};
    assert_int_equal(rig_injection_write_agents(&schedule, &scenario, "/nowhere/a.csv", &err),
                     RIG_EIO);
    assert_non_null(strstr(err.text, "/nowhere/a.csv"));
}

int main(void)
{
    int fd = mkstemp(path);
    if (fd < 0)
        return 1;
    close(fd);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(writes_callers, set_up),
        cmocka_unit_test(escapes_what_is_dialled),
        cmocka_unit_test_setup(deals_the_calls_round, set_up),
        cmocka_unit_test_setup(writes_agents, set_up),
        cmocka_unit_test_setup(refuses_bad_numbers, set_up),
        cmocka_unit_test_setup(says_where_it_cannot_write, set_up),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
