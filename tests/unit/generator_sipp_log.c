/* SPDX-License-Identifier: GPL-3.0-or-later */
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
        const char *fields; /* how;phase;code */
        int end;            /* -1: not a line */
        bool is_self_served;
    } cases[] = {
        {";;", RIG_CALLER_NOT_PLACED, false},
        {"stopped;;", RIG_CALLER_NOT_PLACED, false},
        {"stopped;1.000000;", RIG_CALLER_STOPPED, false},
        {"stopped;5.000000;200", RIG_CALLER_STOPPED, false},
        {";1.000000;503", RIG_CALLER_REJECTED, false},
        {";1.000000;", -1, false}, /* neither answered, nor refused, nor anything else */
        {"cancelled;1.000000;487", RIG_CALLER_CANCELLED, false},
        {"cancelled;1.000000;200", RIG_CALLER_CANCELLED, false},
        /* a centre that answers with the agent: the queue is before the answer */
        {"cancelled;2.000000;487", RIG_CALLER_HUNG_UP_UNMARKED, true},
        {"cancelled;3.000000;487", RIG_CALLER_HUNG_UP_QUEUE, true},
        {"cancelled;4.000000;487", RIG_CALLER_HUNG_UP_RINGING, true},
        {";3.000000;480", RIG_CALLER_CENTRE_ENDED_QUEUE, false},
        {";2.000000;480", RIG_CALLER_CENTRE_ENDED_UNMARKED, false},
        {"bye_received;1.000000;200", RIG_CALLER_CANCELLED, false}, /* it crossed our CANCEL */
        {"no_response;1.000000;", RIG_CALLER_NO_RESPONSE, false},
        {"cancel_unanswered;1.000000;0", RIG_CALLER_CANCEL_UNANSWERED, false},
        {"bye_unanswered;3.000000;", RIG_CALLER_BYE_UNANSWERED, false},
        {";2.000000;200", RIG_CALLER_HUNG_UP_UNMARKED, true},
        {";2.000000;", RIG_CALLER_HUNG_UP_UNMARKED, true},
        {";3.000000;", RIG_CALLER_HUNG_UP_QUEUE, true},
        {";4.000000;", RIG_CALLER_HUNG_UP_RINGING, true},
        {";5.000000;", RIG_CALLER_HUNG_UP_TALK, true},
        {"bye_received;2.000000;", RIG_CALLER_CENTRE_ENDED_UNMARKED, false},
        {"bye_received;3.000000;", RIG_CALLER_CENTRE_ENDED_QUEUE, false},
        {"bye_received;4.000000;", RIG_CALLER_CENTRE_ENDED_RINGING, false},
        {"bye_received;5.000000;", RIG_CALLER_CENTRE_ENDED_TALK, false},
        {"bye_received;;", -1, false},
        {";6.000000;", -1, false},
        {";-1.000000;", -1, false},
        {";nan;", -1, false},
        {"hung up;3.000000;", -1, false},
        {";3.000000;2000", -1, false},
        {";3.000000;OK", -1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[300];
        (void)snprintf(line, sizeof line, "RIG;4711;%s;1.250000;r1-2@127.0.0.1", cases[i].fields);
        rig_caller_line parsed = {.planned_index = 1};
        bool ok = rig_caller_line_parse(rig_slice_of(line), &parsed);
        if (ok != (cases[i].end >= 0) || (ok && (int)parsed.end != cases[i].end))
            fail_msg("%s: read as %s", line, ok ? rig_caller_end_name(parsed.end) : "bad");
        if (!ok) {
            assert_int_equal(parsed.planned_index, 1);
            continue;
        }
        assert_int_equal(parsed.planned_index, 4711);
        assert_close(parsed.late_ms, 1.25, 1e-9);
        assert_int_equal(rig_caller_end_of_self_server(parsed.end),
                         cases[i].is_self_served ? RIG_CALLER_SELF_SERVED : parsed.end);
    }
}

static void reads_what_is_empty(void **state)
{
    (void)state;
    rig_caller_line parsed = {.code = 1, .late_ms = 1.0};
    assert_true(rig_caller_line_parse(rig_slice_of("RIG;7;;;;;r1-2@h"), &parsed));
    assert_int_equal(parsed.code, 0);
    assert_close(parsed.late_ms, 0.0, 0.0);
    assert_true(rig_caller_line_parse(rig_slice_of("RIG;7;;1.000000;486;-0.500000;r@h"), &parsed));
    assert_int_equal(parsed.code, 486);
    assert_close(parsed.late_ms, -0.5, 1e-12);
}

static void refuses_broken_lines(void **state)
{
    (void)state;
    static const char *const broken[] = {"",
                                         "RIG",
                                         "RIG;1",
                                         "RIG;;;3.000000;200;1;c",
                                         "GIR;1;;3.000000;200;1;c",
                                         "RIG;1;;3.000000;200;1", /* no Call-ID: the line is cut */
                                         "RIG;1;;3.000000;200;late;c",
                                         "RIG;-1;;3.000000;200;1;c"};
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
        rig_phone_end end;
    } cases[] = {{"cancelled", RIG_AGENT_CANCELLED},
                 {"bye_sent", RIG_AGENT_HUNG_UP},
                 {"bye_received", RIG_AGENT_CENTRE_ENDED},
                 {"bye_unanswered", RIG_AGENT_BYE_UNANSWERED},
                 {"not_acknowledged", RIG_AGENT_NOT_ACKNOWLEDGED},
                 {"unknown_caller", RIG_AGENT_UNKNOWN_CALLER},
                 {"refused", RIG_AGENT_REFUSED},
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
    for (int i = 0; i < RIG_N_PHONE_ENDS; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(rig_phone_end_name((rig_phone_end)i),
                                    rig_phone_end_name((rig_phone_end)k));
    assert_string_equal(rig_caller_end_name(RIG_N_CALLER_ENDS), "?");
    assert_string_equal(rig_phone_end_name(RIG_N_PHONE_ENDS), "?");
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

static void reads_what_a_refusal_asked_for(void **state)
{
    (void)state;
    rig_retry_line asked = {.planned_index = 77, .retry_after_s = 88};
    static const char *const none[] = {"RETRY;7;", "RETRY;7", "RETRY;x;3", "RETRY;7;-3", "RIG;7;3",
                                       "RETRY;7;3;4"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(rig_retry_line_parse(rig_slice_of(none[i]), &asked));
        assert_true(asked.planned_index == 77 && asked.retry_after_s == 88);
    }
    assert_true(rig_retry_line_is(rig_slice_of("RETRY;7;")));
    assert_false(rig_retry_line_is(rig_slice_of("RIG;7;;1.000000;486;-0.500000;r@h")));
    assert_true(rig_retry_line_parse(rig_slice_of("RETRY;7;3"), &asked));
    assert_true(asked.planned_index == 7 && asked.retry_after_s == 3);
}

static void reads_what_is_to_be_told(void **state)
{
    (void)state;
    static const char *const good[] = {"ringing", "talk", "queue"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        char line[64];
        rig_notice_line told;
        rig_agent_line agent;
        (void)snprintf(line, sizeof line, "TELL;4930000000007;%s", good[i]);
        assert_true(rig_notice_line_parse(rig_slice_of(line), &told));
        assert_int_equal(told.number, 4930000000007);
        assert_true(rig_slice_is(told.stage, good[i]));
        assert_false(rig_agent_line_parse(rig_slice_of(line), &agent));
    }
    static const char *const bad[] = {
        "", "TELL", "TELL;1", "TELL;x;talk", "TELL;1;shout", "RIG;1;talk", "TELL;1;talk;2"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        rig_notice_line told = {.number = 77};
        assert_false(rig_notice_line_parse(rig_slice_of(bad[i]), &told));
        assert_int_equal(told.number, 77);
    }
}

/* What SIPp 3.6.1 said when its connection was closed (a FIN, a reset), and what it says else. */
static void knows_a_peer_that_closed(void **state)
{
    (void)state;
    static const char *const closed[] = {
        "Broken pipe on TCP connection, remote peer probably closed the socket",
        "Error on TCP connection, remote peer probably closed the socket: Connection reset by peer",
        "Returning EPIPE on invalid socket: 0x556666610990 (-1)2026-11-30",
        "Failed to shutdown socket 5, errno = 107 (Transport endpoint is not connected)2026-11-30",
        "Unable to send TCP message: Connection reset by peer2026-11-30",
    };
    for (size_t i = 0; i < sizeof closed / sizeof *closed; i++) {
        assert_true(rig_sipp_peer_closed(RIG_TRANSPORT_TCP, 255, closed[i]));
        assert_false(rig_sipp_peer_closed(RIG_TRANSPORT_UDP, 255, closed[i]));
    }
    assert_true(rig_sipp_peer_closed(RIG_TRANSPORT_TCP, 1, ""));
    assert_false(rig_sipp_peer_closed(RIG_TRANSPORT_UDP, 1, ""));
    assert_false(rig_sipp_peer_closed(RIG_TRANSPORT_TCP, 255, ""));
    assert_false(rig_sipp_peer_closed(RIG_TRANSPORT_TCP, 255, "No user is defined for this port"));
    assert_false(rig_sipp_peer_closed(RIG_TRANSPORT_TCP, 137, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_a_refusal_asked_for),
        cmocka_unit_test(reads_what_is_to_be_told), cmocka_unit_test(reads_how_a_caller_ended),
        cmocka_unit_test(refuses_broken_lines),     cmocka_unit_test(reads_how_a_ringing_ended),
        cmocka_unit_test(names_are_all_different),  cmocka_unit_test(follows_a_growing_file),
        cmocka_unit_test(reads_the_version),        cmocka_unit_test(reads_what_is_empty),
        cmocka_unit_test(knows_a_peer_that_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
