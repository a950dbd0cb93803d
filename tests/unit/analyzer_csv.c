/* SPDX-License-Identifier: GPL-3.0-or-later */
/* calls.csv: what is written is read back, bit by bit; what is wrong is named with file and line.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "analyzer/calls_csv.h"
#include "core/atomic_file.h"
#include "tests/golden/compare.h"

static char path[64];

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/peakrig-csv-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    return close(fd);
}

static int drop_path(void **state)
{
    (void)state;
    return unlink(path);
}

#define HEADER                                                                                     \
    "call_id,planned_index,t_invite_s,t_provisional_s,t_answer_s,t_queue_s,t_agent_ring_s,"        \
    "t_agent_answer_s,t_end_s,final_code,answered,cancelled,bye,invite_retransmissions,"           \
    "n_messages,n_legs,outcome,reason,t_menu_s,attempts,backwards,carrier,"                        \
    "t_first_ring_s,phones_at_once,class,agent,announced_position,announced_wait_s,balked,"        \
    "emergency,call_back_of,choice,redial\n"

/* The columns of version 0.1: no t_menu_s. */
#define OLD_HEADER                                                                                 \
    "call_id,planned_index,t_invite_s,t_provisional_s,t_answer_s,t_queue_s,t_agent_ring_s,"        \
    "t_agent_answer_s,t_end_s,final_code,answered,cancelled,bye,invite_retransmissions,"           \
    "n_messages,n_legs,outcome,reason\n"

static char carrier_a[] = "carrier, A";
static char class_a[] = "vip \"gold\"";
static char id_a[] = "a@h", id_b[] = "#b,\"c\"";
static rig_call exact_items[] = {
    {.call_id = id_a,
     .carrier = carrier_a,
     .caller_class = class_a,
     .planned_index = 7,
     .t_invite_ns = INT64_C(1767225600000000001),
     .t_provisional_ns = RIG_NO_TIME,
     .t_menu_ns = INT64_C(1767225600500000000),
     .t_answer_ns = INT64_C(1767225600999999999),
     .t_queue_ns = 0,
     .t_first_ring_ns = INT64_C(1767225600700000000),
     .t_agent_ring_ns = RIG_NO_TIME,
     .t_agent_answer_ns = RIG_NO_TIME,
     .n_phones_at_once = 14,
     .agent = "agent, 7",
     .announced_position = 7,
     .announced_wait_s = 12.345,
     .is_balked = true,
     .is_emergency = true,
     .choice = "12#",
     .nth_of_caller = 3,
     .t_end_ns = INT64_C(1767225601000000000),
     .final_code = 200,
     .answered = true,
     .bye = RIG_BYE_CALLER,
     .attempts = 3,
     .is_backwards = true,
     .n_messages = 9,
     .n_legs = 1,
     .outcome = RIG_OUTCOME_LOST_QUEUE,
     .reason = "caller BYE"},
    {.call_id = id_b,
     .planned_index = -1,
     .t_invite_ns = 1,
     .t_provisional_ns = RIG_NO_TIME,
     .t_menu_ns = RIG_NO_TIME,
     .t_answer_ns = RIG_NO_TIME,
     .t_queue_ns = RIG_NO_TIME,
     .t_first_ring_ns = RIG_NO_TIME,
     .t_agent_ring_ns = RIG_NO_TIME,
     .t_agent_answer_ns = RIG_NO_TIME,
     .t_end_ns = RIG_NO_TIME,
     .cancelled = true,
     .bye = RIG_BYE_NONE,
     .invite_retransmissions = 6,
     .attempts = 1,
     .choice = "#1",
     .n_messages = 1,
     .n_legs = 2,
     .outcome = RIG_OUTCOME_LOST_TRUNK,
     .reason = "no, \"response\""},
};

static void test_exact_bytes(void **state)
{
    (void)state;
    static char back_id[] = "back", of[] = "a@h";
    rig_call back = {.call_id = back_id, .call_back_of = of, .planned_index = 7};
    back.t_invite_ns = INT64_C(1767225600000000002);
    back.t_provisional_ns = back.t_menu_ns = back.t_answer_ns = back.t_queue_ns = RIG_NO_TIME;
    back.t_first_ring_ns = back.t_agent_ring_ns = back.t_agent_answer_ns = RIG_NO_TIME;
    back.t_end_ns = RIG_NO_TIME;
    back.outcome = RIG_OUTCOME_SERVED;
    const rig_calls calls = {
        .items = exact_items, .n = 2, .backs = &back, .n_backs = 1, .n_unmatched = 4};
    const rig_cdr_stamp stamps[] = {{"capture_sha256", "00ff"}, {"made_by", "peakrig"}};
    rig_error err = {.text = ""};
    if (rig_cdr_write(&calls, path, stamps, 2, &err) != RIG_OK)
        fail_msg("%s", err.text);
    char *data = NULL;
    assert_int_equal(rig_file_read(path, &data, NULL, NULL), RIG_OK);
    assert_string_equal(
        data, "# format: peakrig calls 2\n# capture_sha256: 00ff\n# made_by: peakrig\n"
              "# unmatched_legs: 4\n" HEADER
              "a@h,7,1767225600.000000001,,1767225600.999999999,0.000000000,,,1767225601.000000000,"
              "200,1,0,caller,0,9,1,lost_queue,caller BYE,1767225600.500000000,3,1,\"carrier, "
              "A\",1767225600.700000000,14,\"vip \"\"gold\"\"\",\"agent, 7\",7,12.345,1,1,,12#,2\n"
              "\"#b,\"\"c\"\"\",,0.000000001,,,,,,,0,0,1,none,6,1,2,lost_trunk,\"no, "
              "\"\"response\"\"\",,1,0,,,0,,,,,0,0,,\"#1\",\n"
              "back,7,1767225600.000000002,,,,,,,0,0,0,none,0,0,0,served,,,0,0,,,0,,,,,0,0,a@h,,\n");
    free(data);

    rig_calls *got = NULL;
    if (rig_cdr_read(path, &got, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(compare_calls("round trip", got, &calls, 0), 0);
    assert_int_equal(got->n_unmatched, 4);
    assert_int_equal(got->n_uncertain, 0);
    assert_string_equal(got->items[0].carrier, carrier_a);
    assert_null(got->items[1].carrier);
    assert_string_equal(got->items[0].caller_class, class_a);
    assert_null(got->items[1].caller_class);
    assert_string_equal(got->items[0].agent, "agent, 7");
    assert_string_equal(got->items[1].agent, "");
    assert_int_equal(got->n_backs, 1); /* a call back is no caller's call */
    assert_string_equal(got->backs[0].call_back_of, of);
    assert_null(got->items[0].call_back_of);
    rig_calls_free(got);
}

/* Each outcome, each bye, extreme values: written and read back. */
static void test_round_trip(void **state)
{
    (void)state;
    rig_call items[RIG_N_OUTCOMES - 1];
    char ids[RIG_N_OUTCOMES][40];
    for (int i = 0; i < RIG_N_OUTCOMES - 1; i++) {
        snprintf(ids[i], sizeof ids[i], i % 2 ? "#%d" : "%d-\r\n,\"'#", i);
        items[i] = (rig_call){.call_id = ids[i],
                              .planned_index = i % 2 ? INT64_MAX : -1,
                              .t_invite_ns = INT64_MAX / 4,
                              .t_provisional_ns = i % 2 ? RIG_NO_TIME : 1,
                              .t_menu_ns = i % 2 ? INT64_MAX / 4 : RIG_NO_TIME,
                              .t_answer_ns = i % 3 ? RIG_NO_TIME : 999999999,
                              .t_queue_ns = i % 5 ? RIG_NO_TIME : 1000000000,
                              .t_first_ring_ns = INT64_C(1767225600023456789) - i,
                              .n_phones_at_once = UINT32_MAX,
                              .t_agent_ring_ns = INT64_C(1767225600123456789) + i,
                              .t_agent_answer_ns = RIG_NO_TIME,
                              .t_end_ns = RIG_NO_TIME,
                              .attempts = i % 2 ? UINT32_MAX : 1,
                              .is_backwards = i % 3 == 0,
                              .final_code = i * 60,
                              .answered = i % 2,
                              .cancelled = i % 3 == 0,
                              .bye = (rig_bye)(i % 3),
                              .invite_retransmissions = UINT32_MAX,
                              .n_messages = (uint32_t)i,
                              .n_legs = UINT32_MAX,
                              .outcome = (rig_outcome)i};
        memset(items[i].reason, 'r', sizeof items[i].reason - 1);
    }
    const rig_calls calls = {.items = items, .n = RIG_N_OUTCOMES - 1};
    rig_error err = {.text = ""};
    if (rig_cdr_write(&calls, path, NULL, 0, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_calls *got = NULL;
    if (rig_cdr_read(path, &got, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(compare_calls("round trip", got, &calls, 0), 0);
    rig_calls_free(got);
}

static void test_no_calls(void **state)
{
    (void)state;
    const rig_calls calls = {0};
    rig_calls *got = NULL;
    assert_int_equal(rig_cdr_write(&calls, path, NULL, 0, NULL), RIG_OK);
    assert_int_equal(rig_cdr_read(path, &got, NULL), RIG_OK);
    assert_int_equal(got->n, 0);
    rig_calls_free(got);
}

/* Fewer decimals, none, another order of columns, further columns: all well. */
static void test_lenient_reading(void **state)
{
    (void)state;
    static const char text[] =
        "reason,more,outcome,n_legs,n_messages,invite_retransmissions,bye,cancelled,answered,"
        "final_code,t_end_s,t_agent_answer_s,t_agent_ring_s,t_queue_s,t_answer_s,t_provisional_s,"
        "t_invite_s,planned_index,call_id\r\n"
        "r,?,served,2,3,0,callee,0,1,200,,,,4.25,3.000000001,2.5,1,,x\r\n";
    assert_int_equal(rig_atomic_file_write(path, text, sizeof text - 1, NULL), RIG_OK);
    rig_calls *got = NULL;
    rig_error err = {.text = ""};
    if (rig_cdr_read(path, &got, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(got->n, 1);
    assert_string_equal(got->items[0].call_id, "x");
    assert_int_equal(got->items[0].t_invite_ns, INT64_C(1000000000));
    assert_int_equal(got->items[0].t_provisional_ns, INT64_C(2500000000));
    assert_int_equal(got->items[0].t_answer_ns, INT64_C(3000000001));
    assert_int_equal(got->items[0].t_queue_ns, INT64_C(4250000000));
    assert_true(got->items[0].t_menu_ns == RIG_NO_TIME); /* no such column */
    rig_calls_free(got);
}

static const struct {
    const char *row; /* behind the header; NULL: the whole file is `file` */
    const char *file;
    const char *expected; /* in the message, behind the path */
} cases[] = {
    {NULL, "", ": empty"},
    {NULL, "# format: peakrig calls 3\n" HEADER,
     ":1: format: \"peakrig calls 3\"; expected \"peakrig calls 2\" or \"peakrig calls 1\""},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,2x,1,0,,,0,,,,,0,0,,,\n",
     ":2: t_menu_s: \"2x\"; expected seconds"},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,-1,0,,,0,,,,,0,0,,,\n",
     ":2: attempts: \"-1\""},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,2,,,0,,,,,0,0,,,\n",
     ":2: backwards: \"2\""},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,x,0,,,,,0,0,,,\n",
     ":2: t_first_ring_s: \"x\""},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,,,,,,,0,0,,,\n",
     ":2: phones_at_once: \"\""},
    {NULL,
     HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,,0,,"
            "0123456789012345678901234567890123456789012345678901234567890123,,,0,0,,,\n",
     ":2: agent: \"0123"},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,,0,,,-1,,0,0,,,\n",
     ":2: announced_position: \"-1\""},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,,0,,,,soon,0,0,,,\n",
     ":2: announced_wait_s: \"soon\"; expected seconds"},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,,0,,,,,2,0,,,\n", ":2: balked: \"2\""},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,,0,,,,,0,2,,,\n",
     ":2: emergency: \"2\""},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,,0,,,,,0,0,,012345678901234567890123,\n",
     ":2: choice: \"012345678901234567890123\"; expected at most 23 bytes"},
    {NULL, HEADER "x,,1,,,,,,,0,0,0,none,0,1,1,served,,,1,0,,,0,,,,,0,0,,,4294967295\n",
     ":2: redial: \"4294967295\"; expected a whole number"},
    {NULL, "# unmatched_legs: many\n" HEADER, ": unmatched_legs: \"many\"; expected a whole"},
    {NULL, "call_id,reason\nx,y\n", ":1: no column \"planned_index\""},
    {"x,,1,,,,,,,0,0,0,none,0,1,1,served\n", NULL, ":2: 17 fields"},
    {",,1,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: call_id: \"\"; expected a Call-ID"},
    {"x,-1,1,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: planned_index: \"-1\""},
    {"x,1.5,1,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: planned_index"},
    {"x,9223372036854775808,1,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: planned_index"},
    {"x,,,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_invite_s: \"\""},
    {"x,,-1,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_invite_s: \"-1\""},
    {"x,,1.0000000001,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_invite_s"},
    {"x,,1.,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_invite_s"},
    {"x,,.5,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_invite_s"},
    {"x,,1e3,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_invite_s"},
    {"x,,99999999999,,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_invite_s"},
    {"x,,1, 2,,,,,,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_provisional_s: \" 2\""},
    {"x,,1,,,,,,z,0,0,0,none,0,1,1,served,\n", NULL, ":2: t_end_s: \"z\""},
    {"x,,1,,,,,,,700,0,0,none,0,1,1,served,\n", NULL, ":2: final_code: \"700\""},
    {"x,,1,,,,,,,0,yes,0,none,0,1,1,served,\n", NULL, ":2: answered: \"yes\"; expected 0 or 1"},
    {"x,,1,,,,,,,0,0,01,none,0,1,1,served,\n", NULL, ":2: cancelled: \"01\""},
    {"x,,1,,,,,,,0,0,0,both,0,1,1,served,\n", NULL, ":2: bye: \"both\""},
    {"x,,1,,,,,,,0,0,0,none,4294967296,1,1,served,\n", NULL, ":2: invite_retransmissions"},
    {"x,,1,,,,,,,0,0,0,none,0,,1,served,\n", NULL, ":2: n_messages: \"\""},
    {"x,,1,,,,,,,0,0,0,none,0,1,-,served,\n", NULL, ":2: n_legs: \"-\""},
    {"x,,1,,,,,,,0,0,0,none,0,1,1,lost,\n", NULL, ":2: outcome: \"lost\""},
    {"x,,1,,,,,,,0,0,0,none,0,1,1,not_placed,\n", NULL, ":2: outcome: \"not_placed\""},
    {"x,,1,,,,,,,0,0,0,none,0,1,1,served,"
     "rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr"
     "rrrrrrr\n",
     NULL, ":2: reason"},
    {"x,,1,,,,,,,0,0,0,none,0,1,1,served,ok\n\"y,,1,,,,,,,0,0,0,none,0,1,1,served,\n", NULL,
     ":3: a quoted field is not closed"},
    {"x,,1,,,,,,,0,0,0,none,0,1,1,served,ok\ny,,q,,,,,,,0,0,0,none,0,1,1,served,\n", NULL,
     ":3: t_invite_s: \"q\""},
};

static void test_bad_input(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[1024];
        if (cases[i].row == NULL)
            snprintf(text, sizeof text, "%s", cases[i].file);
        else
            snprintf(text, sizeof text, OLD_HEADER "%s", cases[i].row);
        assert_int_equal(rig_atomic_file_write(path, text, strlen(text), NULL), RIG_OK);
        rig_calls *got = (rig_calls *)&cases; /* must stay as it is */
        rig_error err = {.text = ""};
        assert_int_equal(rig_cdr_read(path, &got, &err), RIG_EINPUT);
        assert_ptr_equal(got, &cases);
        if (strncmp(err.text, path, strlen(path)) != 0 ||
            strncmp(err.text + strlen(path), cases[i].expected, strlen(cases[i].expected)) != 0)
            fail_msg("case %zu: \"%s\"; expected \"%s%s\"", i, err.text, path, cases[i].expected);
    }
}

static void test_files_that_fail(void **state)
{
    (void)state;
    const rig_calls calls = {0};
    rig_calls *got = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_cdr_read("/nonexistent/calls.csv", &got, &err), RIG_EIO);
    assert_non_null(strstr(err.text, "/nonexistent/calls.csv"));
    assert_int_equal(rig_cdr_write(&calls, "/nonexistent/calls.csv", NULL, 0, &err), RIG_EIO);
    assert_non_null(strstr(err.text, "/nonexistent/calls.csv"));
    assert_null(got);
}

/* A disk that is full: an error, and no half file. */
static void test_full_disk(void **state)
{
    (void)state;
    const rig_calls calls = {0};
    char part[96];
    struct rlimit usual, small = {.rlim_cur = 2};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    small.rlim_max = usual.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    snprintf(part, sizeof part, "%s.part-%ld", path, (long)getpid());
    rig_error err = {.text = ""};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    const rig_status status = rig_cdr_write(&calls, path, NULL, 0, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_int_equal(status, RIG_EIO);
    assert_int_not_equal(access(part, F_OK), 0);
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_size, 0); /* the file that was there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_exact_bytes, make_path, drop_path),
        cmocka_unit_test_setup_teardown(test_round_trip, make_path, drop_path),
        cmocka_unit_test_setup_teardown(test_no_calls, make_path, drop_path),
        cmocka_unit_test_setup_teardown(test_lenient_reading, make_path, drop_path),
        cmocka_unit_test_setup_teardown(test_bad_input, make_path, drop_path),
        cmocka_unit_test(test_files_that_fail),
        cmocka_unit_test_setup_teardown(test_full_disk, make_path, drop_path),
    };
    return cmocka_run_group_tests_name("analyzer_csv", tests, NULL, NULL);
}
