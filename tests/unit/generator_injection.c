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

/* Freed with the process. */
static const rig_deal *dealt(const rig_schedule *of, size_t n_workers)
{
    static rig_deal deal;
    rig_error err = {0};
    rig_deal_clear(&deal);
    assert_int_equal(rig_deal_make(of, NULL, n_workers, &deal, &err), RIG_OK);
    return &deal;
}

static void writes_callers(void **state)
{
    (void)state;
    rig_error err = {0};
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS,
                                                 dealt(&schedule, 1), 0, path, &err),
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
    static const size_t expected[][4] = {/* workers wanted, workers, worker, rows */
                                         {1, 1, 0, 3},
                                         {2, 2, 0, 2},
                                         {2, 2, 1, 1},
                                         {3, 3, 2, 1},
                                         {4, 3, 2, 1}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const rig_deal *deal = dealt(&schedule, expected[i][0]);
        assert_int_equal(deal->n_workers, expected[i][1]);
        assert_int_equal(rig_deal_n_workers(&schedule, NULL, expected[i][0]), expected[i][1]);
        assert_int_equal(deal->n_calls[expected[i][2]], expected[i][3]);
    }

    rig_error err = {0};
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS,
                                                 dealt(&schedule, 2), 1, path, &err),
                     RIG_OK);
    check_file("SEQUENTIAL\n"
               "1;1700000000373.457;4930000000002;78*5%23;5000.000;10000.000;15000.000;2500.000;"
               "31500.000;34000.000;2500.000\n");
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS,
                                                 dealt(&schedule, 4), 3, path, &err),
                     RIG_EDOM);
}

/* Each class dials its own number, or that of all. */
static void classes_dial_their_numbers(void **state)
{
    (void)state;
    rig_caller_class classes[] = {{.name = (char *)"vip", .p_share = 0.5, .dial = (char *)"#1"},
                                  {.name = (char *)"other", .p_share = 0.5}};
    char *text;
    scenario.callers.classes = classes;
    scenario.callers.n_classes = 2;
    calls[1].caller_class = 1;
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS,
                                                 dealt(&schedule, 1), 0, path, NULL),
                     RIG_OK);
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    assert_non_null(strstr(text, ";4930000000001;%231;"));
    assert_non_null(strstr(text, ";4930000000002;78*5%23;"));
    assert_non_null(strstr(text, ";4930000000003;%231;"));
    free(text);
}

/* Each carrier's calls have SIPps of their own, as many for each. */
static void deals_by_carrier(void **state)
{
    (void)state;
    rig_planned_call many[40] = {{.t_s = 0}};
    rig_schedule of = {.calls = many, .n = 40};
    for (size_t i = 0; i < of.n; i++)
        many[i].trunk = i % 4 == 1 ? 2 : 0; /* nobody comes by carrier 1 */
    const rig_deal *deal = dealt(&of, 1);
    assert_int_equal(deal->n_workers, 2);
    assert_int_equal(deal->carrier[0], 0);
    assert_int_equal(deal->carrier[1], 2);
    assert_int_equal(deal->n_calls[0], 30);
    assert_int_equal(deal->n_calls[1], 10);
    assert_int_equal(deal->worker[5], 1);
    assert_int_equal(deal->row[5], 1);
    assert_int_equal(deal->row[6], 4);
    deal = dealt(&of, 5);
    assert_int_equal(deal->n_workers, 6);
    assert_int_equal(deal->n_calls[0] + deal->n_calls[1] + deal->n_calls[2], 30);
    assert_int_equal(deal->carrier[2], 0);
    assert_int_equal(deal->carrier[3], 2);
    for (size_t i = 0; i < of.n; i++)
        many[i].trunk = i < 2; /* two come by carrier 1: no more workers than these have calls */
    deal = dealt(&of, 10);
    assert_int_equal(deal->n_workers, 5 + 2);
    assert_int_equal(rig_deal_n_workers(&of, NULL, 10), deal->n_workers);
    rig_deal other;
    rig_error err = {0};
    for (size_t i = 0; i < of.n; i++)
        many[i].trunk = (uint16_t)(i % 17);
    assert_int_equal(rig_deal_make(&of, NULL, 1, &other, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "17 carriers; a run can play at most 16"));
    of.n = 0;
    assert_int_equal(rig_deal_make(&of, NULL, 1, &other, &err), RIG_EDOM);
}

/* What other hosts play is dealt to nobody here; who dials again stays where his first call was. */
static void deals_a_share(void **state)
{
    (void)state;
    enum { N = 12, N_FIRST = 10 };
    rig_planned_call many[N] = {{.t_s = 0}};
    const rig_schedule of = {.calls = many, .n = N, .n_redials = N - N_FIRST};
    rig_play_share share = {.index = 1, .n = 3};
    rig_deal deal;
    rig_error err = {0};
    for (uint8_t i = 0; i < N - N_FIRST; i++) {
        many[N_FIRST + i].attempt = (uint8_t)(1 + i);
        many[N_FIRST + i].first = 4;
    }
    assert_int_equal(rig_schedule_n_first(&of), N_FIRST);
    assert_int_equal(rig_deal_n_workers(&of, &share, 2), 2);
    assert_int_equal(rig_deal_make(&of, &share, 2, &deal, &err), RIG_OK);
    assert_int_equal(deal.n_own, 3); /* 1, 4, 7 */
    assert_int_equal(deal.n_calls[0], 2);
    assert_int_equal(deal.n_calls[1], 3);
    for (size_t i = 0; i < N; i++)
        assert_int_equal(deal.worker[i], i == 1 || i == 7         ? 0
                                         : i == 4 || i >= N_FIRST ? 1
                                                                  : RIG_DEAL_ELSEWHERE);
    assert_int_equal(deal.row[7], 1);
    assert_int_equal(deal.row[N - 1], 2);
    rig_deal_clear(&deal);
    share.index = 0;
    assert_int_equal(rig_deal_make(&of, &share, 2, &deal, &err), RIG_OK);
    assert_int_equal(deal.n_own, 4);
    assert_int_equal(deal.worker[N - 1], RIG_DEAL_ELSEWHERE);
    rig_deal_clear(&deal);
    share = (rig_play_share){.index = 10, .n = 11}; /* more hosts than calls */
    assert_int_equal(rig_deal_n_workers(&of, &share, 2), 0);
    assert_int_equal(rig_deal_make(&of, &share, 2, &deal, &err), RIG_EDOM);
}

/* Of several ways out of the menu the row says what is keyed. */
static void choices_are_keyed(void **state)
{
    rig_choice choices[] = {{.p_share = 0.5}, {.p_share = 0.5, .digits = (char *)"4#1"}};
    rig_error err = {0};
    char *text = NULL;
    (void)state;
    scenario.ivr.choices = choices;
    scenario.ivr.n_choices = 2;
    calls[1].choice = 1;
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS,
                                                 dealt(&schedule, 1), 0, path, &err),
                     RIG_OK);
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    assert_non_null(strstr(text, "34000.000;34000.000;1\n"));
    assert_non_null(strstr(text, "34000.000;2500.000;4#1\n"));
    free(text);
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

static void expect_text(const char *name, const char *expected)
{
    char *of = NULL, *text = NULL;
    assert_true(asprintf(&of, "/tmp/%s", name) > 0);
    assert_int_equal(rig_file_read(of, &text, NULL, NULL), RIG_OK);
    assert_string_equal(text, expected);
    assert_int_equal(unlink(of), 0);
    free(text);
    free(of);
}

/* Of several groups the agents' file holds which line of rings.csv is next. */
static void phones_know_their_group(void **state)
{
    rig_agent_group groups[] = {{.n_agents = 2}, {.n_agents = 1}};
    rig_error err = {0};
    (void)state;
    assert_int_equal(rig_dist_make(RIG_DIST_CONSTANT, 6.0, 0.0, &groups[1].ring, NULL), RIG_OK);
    scenario.agents = groups;
    scenario.n_agents = 1;
    assert_int_equal(rig_injection_write_groups(&schedule, &scenario, "/nowhere", &err), RIG_OK);
    scenario.n_agents = 2;
    assert_int_equal(rig_injection_write_agents(&schedule, &scenario, path, &err), RIG_OK);
    check_file("SEQUENTIAL\n"
               "-;0;0;0;0;0;0\n"
               "4930000000001;31500.000;0;1;2;3;1\n"
               "4930000000002;1500.000;0;1;2;3;2\n"
               "4930000000003;31500.000;0;1;2;3;3\n");
    assert_int_equal(rig_injection_write_groups(&schedule, &scenario, "/tmp", &err), RIG_OK);
    expect_text("phones.csv", "SEQUENTIAL\n-;0\nagent1;0\nagent2;0\nagent3;1\n");
#define ZEROS "0.000\n0.000\n0.000\n0.000\n"
#define OF_0  "500.000\n1000.000\n1500.000\n2000.000\n"
#define OF_1  "3000.000\n3000.000\n3000.000\n3000.000\n"
    expect_text("rings.csv", "SEQUENTIAL\n" ZEROS ZEROS OF_0 OF_1 OF_0 OF_1 OF_0 OF_1);
    assert_int_equal(rig_injection_write_groups(&schedule, &scenario, "/nowhere", &err), RIG_EIO);
}

/* How long a talk is that is to be kept short: behind all else; as long as any where it is no
 * shorter. */
static void short_talks_are_the_last_field(void **state)
{
    rig_agent_group groups[] = {{.n_agents = 2}, {.n_agents = 1}};
    rig_error err = {0};
    (void)state;
    scenario.emergency = (rig_emergency){.talk_factor = 0.5, .queue_above = 1};
    assert_int_equal(rig_injection_write_agents(&schedule, &scenario, path, &err), RIG_OK);
    check_file("SEQUENTIAL\n"
               "-;0;0;0;0;0;0\n"
               "4930000000001;31500.000;500.000;1000.000;1500.000;2000.000;750.000\n"
               "4930000000002;1500.000;500.000;1000.000;1500.000;2000.000;750.000\n"
               "4930000000003;31500.000;500.000;1000.000;1500.000;2000.000;750.000\n");
    scenario.agents = groups;
    scenario.n_agents = 2;
    scenario.emergency = (rig_emergency){.talk_factor = 1.0, .talk_most_s = 60, .queue_above = 1};
    assert_int_equal(rig_injection_write_agents(&schedule, &scenario, path, &err), RIG_OK);
    check_file("SEQUENTIAL\n"
               "-;0;0;0;0;0;0;0\n"
               "4930000000001;31500.000;0;1;2;3;1;31500.000\n"
               "4930000000002;1500.000;0;1;2;3;2;1500.000\n"
               "4930000000003;31500.000;0;1;2;3;3;31500.000\n");
}

/* A row a call back: how long the talk is, and when the phone is answered. */
static void writes_call_backs(void **state)
{
    rig_error err = {0};
    (void)state;
    scenario.call_back = (rig_call_back){.n_attempts = 2, .p_reached = 1.0, .no_answer_s = 25};
    assert_int_equal(rig_dist_make(RIG_DIST_CONSTANT, 4.0, 0.0, &scenario.call_back.answer, NULL),
                     RIG_OK);
    assert_int_equal(rig_injection_write_call_backs(&schedule, &scenario, path, &err), RIG_OK);
    /* the side that is not to hang up stays for the backstop */
    check_file("SEQUENTIAL\n-;0;0\n"
               "4930000000001-1;1500.000;2000.000\n"
               "4930000000002-1;31500.000;2000.000\n"
               "4930000000003-1;1500.000;2000.000\n");
    /* a fault may cut the attempt that would have reached him */
    scenario.n_faults = 1;
    assert_int_equal(rig_injection_write_call_backs(&schedule, &scenario, path, &err), RIG_OK);
    check_file("SEQUENTIAL\n-;0;0\n"
               "4930000000001-1;1500.000;2000.000\n"
               "4930000000001-2;1500.000;2000.000\n"
               "4930000000002-1;31500.000;2000.000\n"
               "4930000000002-2;31500.000;2000.000\n"
               "4930000000003-1;1500.000;2000.000\n"
               "4930000000003-2;1500.000;2000.000\n");
    scenario.n_faults = 0;
    assert_int_equal(rig_schedule_n_call_backs(&schedule, &scenario, 0, 0), 1);
    assert_int_equal(rig_schedule_n_call_backs(&schedule, &scenario, 0, 1), 1);
    assert_int_equal(rig_schedule_n_call_backs(&schedule, &scenario, 0, 2), 0);
    scenario.call_back.no_answer_s = 3; /* sooner than he answers: each in vain */
    assert_int_equal(rig_injection_write_call_backs(&schedule, &scenario, path, &err), RIG_OK);
    check_file("SEQUENTIAL\n-;0;0\n"
               "4930000000001-1;1500.000;2000000000.000\n"
               "4930000000001-2;1500.000;2000000000.000\n"
               "4930000000002-1;31500.000;2000000000.000\n"
               "4930000000002-2;31500.000;2000000000.000\n"
               "4930000000003-1;1500.000;2000000000.000\n"
               "4930000000003-2;1500.000;2000000000.000\n");
    assert_int_equal(rig_injection_write_call_backs(&schedule, &scenario, "/nowhere/c.csv", &err),
                     RIG_EIO);
}

static void refuses_bad_numbers(void **state)
{
    (void)state;
    rig_error err = {0};
    scenario.time_scale = 0.0;
    assert_int_equal(rig_injection_write_agents(&schedule, &scenario, path, &err), RIG_EDOM);
    scenario.time_scale = 1.0;
    calls[1].talk_s = NAN;
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS,
                                                 dealt(&schedule, 1), 0, path, &err),
                     RIG_EDOM);
    assert_non_null(strstr(err.text, "call 1"));
    calls[1].talk_s = -1.0;
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS,
                                                 dealt(&schedule, 1), 0, path, &err),
                     RIG_EDOM);
    calls[1].talk_s = 1.0;
    calls[1].self_service_s = INFINITY;
    assert_int_equal(rig_injection_write_callers(&schedule, &scenario, START_NS,
                                                 dealt(&schedule, 1), 0, path, &err),
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
        cmocka_unit_test_setup(classes_dial_their_numbers, set_up),
        cmocka_unit_test(deals_by_carrier),
        cmocka_unit_test(deals_a_share),
        cmocka_unit_test_setup(choices_are_keyed, set_up),
        cmocka_unit_test_setup(writes_agents, set_up),
        cmocka_unit_test_setup(phones_know_their_group, set_up),
        cmocka_unit_test_setup(short_talks_are_the_last_field, set_up),
        cmocka_unit_test_setup(writes_call_backs, set_up),
        cmocka_unit_test_setup(refuses_bad_numbers, set_up),
        cmocka_unit_test_setup(says_where_it_cannot_write, set_up),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
