/* SIPp's own log of each call. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "generator/sipp_log.h"
#include "generator/sipp_worker.h"

/* cmocka's own comparison is of floats. */
#define assert_close(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

static void reads_how_a_caller_ended(void **state)
{
    (void)state;
    static const struct {
        const char *fields; /* how;phase;code;self_service */
        const char *cancel;
        int end; /* -1: not a line */
    } cases[] = {
        {"stopped;;0;-1.000", "", RIG_CALLER_NOT_PLACED},
        {"stopped;1.000000;0;-1.000", "5.0", RIG_CALLER_STOPPED},
        {"stopped;5.000000;200;-1.000", "", RIG_CALLER_STOPPED},
        {"unanswered;1.000000;503;-1.000", "", RIG_CALLER_REJECTED},
        {"unanswered;1.000000;487;-1.000", "5.0", RIG_CALLER_CANCELLED},
        {"unanswered;1.000000;200;-1.000", "5.0", RIG_CALLER_CANCELLED},
        /* a centre that answers with the agent: the queue is before the answer */
        {"unanswered;2.000000;487;50.000", "5.0", RIG_CALLER_SELF_SERVED},
        {"unanswered;2.000000;487;-1.000", "5.0", RIG_CALLER_HUNG_UP_UNMARKED},
        {"unanswered;3.000000;487;-1.000", "5.0", RIG_CALLER_HUNG_UP_QUEUE},
        {"unanswered;4.000000;487;-1.000", "5.0", RIG_CALLER_HUNG_UP_RINGING},
        {"unanswered;3.000000;480;-1.000", "", RIG_CALLER_CENTRE_ENDED_QUEUE},
        {"unanswered;2.000000;480;-1.000", "", RIG_CALLER_CENTRE_ENDED_UNMARKED},
        {"bye_received;1.000000;200;-1.000", "5.0", RIG_CALLER_CANCELLED},
        {"bye_received;1.000000;200;-1.000", "", -1},
        {"no_response;1.000000;0;-1.000", "", RIG_CALLER_NO_RESPONSE},
        {"cancel_unanswered;1.000000;0;-1.000", "5.0", RIG_CALLER_CANCEL_UNANSWERED},
        {"bye_unanswered;3.000000;200;-1.000", "", RIG_CALLER_BYE_UNANSWERED},
        {"bye_sent;2.000000;200;4000.000", "", RIG_CALLER_SELF_SERVED},
        {"bye_sent;3.000000;200;0.000", "", RIG_CALLER_SELF_SERVED},
        {"bye_sent;2.000000;200;-1.000", "", RIG_CALLER_HUNG_UP_UNMARKED},
        {"bye_sent;3.000000;200;-1.000", "", RIG_CALLER_HUNG_UP_QUEUE},
        {"bye_sent;4.000000;200;-1.000", "", RIG_CALLER_HUNG_UP_RINGING},
        {"bye_sent;5.000000;200;-1.000", "", RIG_CALLER_HUNG_UP_TALK},
        {"bye_received;2.000000;200;-1.000", "", RIG_CALLER_CENTRE_ENDED_UNMARKED},
        {"bye_received;3.000000;200;-1.000", "", RIG_CALLER_CENTRE_ENDED_QUEUE},
        {"bye_received;4.000000;200;-1.000", "", RIG_CALLER_CENTRE_ENDED_RINGING},
        {"bye_received;5.000000;200;-1.000", "", RIG_CALLER_CENTRE_ENDED_TALK},
        {"bye_sent;6.000000;200;-1.000", "", -1},
        {"bye_sent;-1.000000;200;-1.000", "", -1},
        {"bye_sent;nan;200;-1.000", "", -1},
        {"hung up;3.000000;200;-1.000", "", -1},
        {"bye_sent;3.000000;2000;-1.000", "", -1},
        {"bye_sent;3.000000;OK;-1.000", "", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[300];
        (void)snprintf(
            line, sizeof line,
            "RIG;4711;%s;1000.250;1001.500000;;1002.000000;;;;%s;1003.500000;1004.000000;"
            "r1-2@127.0.0.1",
            cases[i].fields, cases[i].cancel);
        rig_caller_line parsed = {.planned_index = 1};
        bool ok = rig_caller_line_parse(rig_slice_of(line), &parsed);
        if (ok != (cases[i].end >= 0) || (ok && (int)parsed.end != cases[i].end))
            fail_msg("%s: read as %s", line, ok ? rig_caller_end_name(parsed.end) : "bad");
        if (!ok) {
            assert_int_equal(parsed.planned_index, 1);
            continue;
        }
        assert_int_equal(parsed.planned_index, 4711);
        assert_close(parsed.due_ms, 1000.25, 1e-9);
        assert_close(parsed.invite_ms, 1001.5, 1e-9);
        assert_close(parsed.provisional_ms, 0.0, 0.0);
        assert_close(parsed.answer_ms, 1002.0, 1e-9);
        assert_close(parsed.bye_ms, 1003.5, 1e-9);
        assert_close(parsed.end_ms, 1004.0, 1e-9);
    }
}

static void refuses_broken_lines(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "",
        "RIG",
        "RIG;1",
        "RIG;;bye_sent;3.000000;200;-1;1;1;;1;;;;;1;1;c",
        "GIR;1;bye_sent;3.000000;200;-1;1;1;;1;;;;;1;1;c",
        "RIG;1;bye_sent;3.000000;200;-1;1;1;;1;;;;;1;1", /* no Call-ID: the line is cut */
        "RIG;-1;bye_sent;3.000000;200;-1;1;1;;1;;;;;1;1;c"};
    rig_caller_line caller;
    rig_agent_line agent;
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        assert_false(rig_caller_line_parse(rig_slice_of(broken[i]), &caller));
    }
    static const char *const broken_agent[] = {"",
                                               "RIG",
                                               "RIG;1;bye_sent",
                                               "GIR;1;bye_sent;1;1;1;1;1;c;c",
                                               "RIG;1;bye_sent;1;1;1;1;1;c",
                                               "RIG;1;bye_sent;1;x;1;1;1;c;c",
                                               "RIG;1;unanswered;1;1;1;1;1;c;c"};
    for (size_t i = 0; i < sizeof broken_agent / sizeof *broken_agent; i++)
        assert_false(rig_agent_line_parse(rig_slice_of(broken_agent[i]), &agent));
}

static void reads_how_a_ringing_ended(void **state)
{
    (void)state;
    static const struct {
        const char *how;
        rig_agent_end end;
    } cases[] = {{"cancelled", RIG_AGENT_CANCELLED},
                 {"bye_sent", RIG_AGENT_HUNG_UP},
                 {"bye_received", RIG_AGENT_CENTRE_ENDED},
                 {"bye_unanswered", RIG_AGENT_BYE_UNANSWERED},
                 {"not_acknowledged", RIG_AGENT_NOT_ACKNOWLEDGED},
                 {"unknown_caller", RIG_AGENT_UNKNOWN_CALLER},
                 {"stopped", RIG_AGENT_STOPPED}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[200];
        (void)snprintf(line, sizeof line,
                       "RIG;4930000000001;%s;236.819;36454.003;1000.5;2000.5;3000.5;r1@h;x@h",
                       cases[i].how);
        rig_agent_line parsed;
        assert_true(rig_agent_line_parse(rig_slice_of(line), &parsed));
        assert_int_equal(parsed.end, cases[i].end);
        assert_int_equal(parsed.number, 4930000000001);
        assert_close(parsed.planned_ring_ms, 236.819, 1e-9);
        assert_close(parsed.planned_talk_ms, 36454.003, 1e-9);
        assert_close(parsed.invite_ms, 1000.5, 1e-9);
        assert_close(parsed.answer_ms, 2000.5, 1e-9);
        assert_close(parsed.end_ms, 3000.5, 1e-9);
    }
}

static void names_are_all_different(void **state)
{
    (void)state;
    for (int i = 0; i < RIG_N_CALLER_ENDS; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(rig_caller_end_name((rig_caller_end)i),
                                    rig_caller_end_name((rig_caller_end)k));
    for (int i = 0; i < RIG_N_AGENT_ENDS; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(rig_agent_end_name((rig_agent_end)i),
                                    rig_agent_end_name((rig_agent_end)k));
    assert_string_equal(rig_caller_end_name(RIG_N_CALLER_ENDS), "?");
    assert_string_equal(rig_agent_end_name(RIG_N_AGENT_ENDS), "?");
}

static void collect(void *ctx, rig_slice line)
{
    char *all = ctx;
    strncat(all, line.p, line.n);
    strcat(all, "|");
}

static void follows_a_growing_file(void **state)
{
    (void)state;
    char path[] = "/tmp/rig-log-XXXXXX", all[200] = "";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(unlink(path), 0);
    close(fd);
    rig_sipp_log *log;
    assert_int_equal(rig_sipp_log_new(path, &log, NULL), RIG_OK);
    assert_int_equal(rig_sipp_log_read(log, collect, all, NULL), RIG_OK); /* there is no file yet */
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    static const struct {
        const char *added, *seen;
    } steps[] = {{"", ""},           {"one\ntw", "one|"}, /* a begun line is kept back */
                 {"", "one|"},       {"o", "one|"},
                 {"\n", "one|two|"}, {"\nthree\n", "one|two||three|"}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        assert_true(fputs(steps[i].added, out) >= 0 && fflush(out) == 0);
        assert_int_equal(rig_sipp_log_read(log, collect, all, NULL), RIG_OK);
        assert_string_equal(all, steps[i].seen);
    }
    fclose(out);
    rig_sipp_log_free(log);
    rig_sipp_log_free(NULL);
    unlink(path);
}

static void reads_the_version(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool ok;
        unsigned major, minor;
    } cases[] = {{"\n SIPp v3.6.1-SCTP-PCAP-RTPSTREAM.\n", true, 3, 6},
                 {"SIPp v3.7.3-TLS-PCAP", true, 3, 7},
                 {"SIPp v4.0", true, 4, 0},
                 {"SIPp vX\nSIPp v3.5.2", true, 3, 5},
                 {"SIPp", false, 0, 0},
                 {"SIPp v3", false, 0, 0},
                 {"", false, 0, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned major = 0, minor = 0;
        assert_int_equal(rig_sipp_version(cases[i].text, &major, &minor), cases[i].ok);
        assert_int_equal(major, cases[i].major);
        assert_int_equal(minor, cases[i].minor);
    }
}

static void reads_what_is_to_be_told(void **state)
{
    (void)state;
    static const char *const good[] = {"ringing", "talk", "queue"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char line[64];
        rig_tell_line told;
        rig_agent_line agent;
        (void)snprintf(line, sizeof line, "TELL;4930000000007;%s", good[i]);
        assert_true(rig_tell_line_parse(rig_slice_of(line), &told));
        assert_int_equal(told.number, 4930000000007);
        assert_true(rig_slice_is(told.stage, good[i]));
        assert_false(rig_agent_line_parse(rig_slice_of(line), &agent));
    }
    static const char *const bad[] = {
        "", "TELL", "TELL;1", "TELL;x;talk", "TELL;1;shout", "RIG;1;talk", "TELL;1;talk;2"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rig_tell_line told = {.number = 77};
        assert_false(rig_tell_line_parse(rig_slice_of(bad[i]), &told));
        assert_int_equal(told.number, 77);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_is_to_be_told), cmocka_unit_test(reads_how_a_caller_ended),
        cmocka_unit_test(refuses_broken_lines),     cmocka_unit_test(reads_how_a_ringing_ended),
        cmocka_unit_test(names_are_all_different),  cmocka_unit_test(follows_a_growing_file),
        cmocka_unit_test(reads_the_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
