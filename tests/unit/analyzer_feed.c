/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The analyzer's door: what it refuses, what it counts while packets come in, files that are no
 * captures, and memory that does not grow with the length of a capture. */
#include <fcntl.h>
#include <pcap/dlt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "analyzer/analyzer.h"
#include "core/atomic_file.h"
#include "tests/unit/analyzer_messages.h"

static void test_refusals(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    rig_error err = {.text = ""};
    uint8_t frame[4] = {0};
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, -1, frame, 4, 4, &err), RIG_EDOM);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, RIG_NO_TIME, frame, 4, 4, &err), RIG_EDOM);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, INT64_MAX / 4 + 1, frame, 4, 4, &err),
                     RIG_EDOM);
    rig_capture_counts counts;
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.packets.n_frames, 0);
    assert_int_equal(counts.t_first_ns, RIG_NO_TIME);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, INT64_MAX / 4, NULL, 0, 0, &err), RIG_OK);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, 0, NULL, 0, 60, &err), RIG_OK);
    assert_int_equal(rig_analyzer_packet(a, 9999, 0, frame, 4, 4, &err), RIG_OK);
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.packets.n_frames, 3);
    assert_int_equal(counts.packets.n_malformed, 1);
    assert_int_equal(counts.packets.n_cut, 1);
    assert_int_equal(counts.packets.n_unread_link, 1);
    assert_int_equal(counts.t_first_ns, 0);
    assert_int_equal(counts.t_last_ns, INT64_MAX / 4);
    rig_calls *calls = NULL;
    assert_int_equal(rig_analyzer_finish(a, &calls, &err), RIG_OK);
    assert_int_equal(calls->n, 0);
    rig_calls_free(calls);
    assert_int_equal(rig_analyzer_finish(a, &calls, &err), RIG_EDOM);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, 0, NULL, 0, 60, &err), RIG_EDOM);
    rig_analyzer_free(a);
    rig_analyzer_free(NULL);
}

static void assert_live(const rig_analyzer *a, uint64_t n_offered, uint64_t n_in_progress,
                        uint64_t n_answered, rig_outcome outcome, uint64_t n_outcome)
{
    rig_live_counts live;
    rig_analyzer_live(a, &live);
    assert_int_equal(live.n_offered, n_offered);
    assert_int_equal(live.n_in_progress, n_in_progress);
    assert_int_equal(live.n_answered, n_answered);
    assert_int_equal(live.n_outcome[outcome], n_outcome);
    uint64_t n = 0;
    for (int i = 0; i < RIG_N_OUTCOMES; i++)
        n += live.n_outcome[i];
    assert_int_equal(n, n_offered);
}

static void test_live(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    assert_live(a, 0, 0, 0, RIG_OUTCOME_SERVED, 0);
    invite(a, 1000 * MS, 1);
    assert_live(a, 1, 1, 0, RIG_OUTCOME_IN_PROGRESS, 1);
    respond(a, 1001 * MS, 1, "SIP/2.0 503 No");
    assert_live(a, 1, 0, 0, RIG_OUTCOME_LOST_TRUNK, 1);
    invite(a, 2000 * MS, 2);
    respond(a, 2001 * MS, 2, "SIP/2.0 200 OK");
    assert_live(a, 2, 1, 1, RIG_OUTCOME_LOST_TRUNK, 1);
    feed(a, 3000 * MS, 2, "INFO sip:n SIP/2.0", false, "1 INFO", "X-Rig-Stage: queue\r\n");
    feed(a, 4000 * MS, 2, "BYE sip:c SIP/2.0", true, "2 BYE", "");
    assert_live(a, 2, 0, 1, RIG_OUTCOME_LOST_QUEUE, 1);
    /* A challenge ends nothing for good. */
    invite(a, 5000 * MS, 3);
    respond(a, 5001 * MS, 3, "SIP/2.0 401 Who");
    assert_live(a, 3, 0, 1, RIG_OUTCOME_UNCLASSIFIED, 1);
    feed(a, 5002 * MS, 3, "INVITE sip:c SIP/2.0", true, "2 INVITE", "");
    assert_live(a, 3, 1, 1, RIG_OUTCOME_UNCLASSIFIED, 0);
    /* An answer that crossed the CANCEL brings the call back until its BYE. */
    invite(a, 6000 * MS, 4);
    respond(a, 6001 * MS, 4, "SIP/2.0 180 Ringing");
    feed(a, 7000 * MS, 4, "CANCEL sip:c SIP/2.0", true, "1 CANCEL", "");
    assert_live(a, 4, 1, 1, RIG_OUTCOME_LOST_IVR, 1);
    respond(a, 7001 * MS, 4, "SIP/2.0 200 OK");
    assert_live(a, 4, 2, 2, RIG_OUTCOME_LOST_IVR, 0);
    feed(a, 7002 * MS, 4, "BYE sip:c SIP/2.0", true, "2 BYE", "");
    assert_live(a, 4, 1, 2, RIG_OUTCOME_LOST_IVR, 1);
    /* Without a response a call is lost after 32 s, and back when one comes after all. */
    invite(a, 10000 * MS, 5);
    invite(a, 41999 * MS, 6);
    assert_live(a, 6, 3, 2, RIG_OUTCOME_LOST_TRUNK, 1);
    respond(a, 42000 * MS, 6, "SIP/2.0 486 Busy");
    assert_live(a, 6, 1, 2, RIG_OUTCOME_LOST_TRUNK, 3); /* 1, 5 and 6; 3 is in progress */
    respond(a, 43000 * MS, 5, "SIP/2.0 180 Ringing");
    assert_live(a, 6, 2, 2, RIG_OUTCOME_LOST_TRUNK, 2);

    rig_live_counts live;
    rig_analyzer_live(a, &live);
    assert_int_equal(live.n_packets, 18);
    assert_int_equal(live.n_messages, 18);
    assert_int_equal(live.t_last_ns, 43000 * MS);
    rig_calls *calls = NULL;
    assert_int_equal(rig_analyzer_finish(a, &calls, NULL), RIG_OK);
    assert_live(a, 6, 2, 2, RIG_OUTCOME_LOST_TRUNK, 2);
    rig_calls_free(calls);
    rig_analyzer_free(a);
}

/* A sink of one's own: which calls have come, in which order. */
typedef struct taken {
    uint64_t order[8];
    rig_outcome outcome[8];
    bool is_open[8];
    size_t n;
    int64_t t_answered_ns[8];
    size_t n_answered;
    rig_status status; /* to return */
} taken;

static rig_status take(void *ctx, const rig_finished_call *call, rig_error *err)
{
    taken *t = ctx;
    (void)err;
    assert_true(t->n < 8);
    if (t->status != RIG_OK)
        return t->status;
    t->order[t->n] = call->order;
    t->outcome[t->n] = call->outcome_if_marks;
    t->is_open[t->n] = call->is_open;
    t->n++;
    return RIG_OK;
}

static void note_answer(void *ctx, int64_t t_invite_ns)
{
    taken *t = ctx;
    t->t_answered_ns[t->n_answered++] = t_invite_ns;
}

static rig_analyzer *begun_with(taken *t, size_t max_legs)
{
    const rig_analyzer_options options = {.sink = {.take = take, .answered = note_answer, .ctx = t},
                                          .max_legs = max_legs};
    rig_analyzer *analyzer = NULL;
    assert_int_equal(rig_analyzer_new_with(&options, &analyzer, NULL), RIG_OK);
    return analyzer;
}

static void test_sink(void **state)
{
    (void)state;
    taken t = {.n = 0};
    rig_analyzer *a = begun_with(&t, 0);
    invite(a, 1000 * MS, 1);
    invite(a, 2000 * MS, 2);
    respond(a, 2001 * MS, 2, "SIP/2.0 503 No");
    respond(a, 2002 * MS, 1, "SIP/2.0 200 OK");
    assert_int_equal(t.n_answered, 1);
    assert_int_equal(t.t_answered_ns[0], 1000 * MS);
    feed(a, 3000 * MS, 1, "BYE sip:c SIP/2.0", true, "2 BYE", "");
    invite(a, 66002 * MS, 3); /* nothing more can come of the second one */
    assert_int_equal(t.n, 1);
    assert_int_equal(t.order[0], 1);
    assert_int_equal(t.outcome[0], RIG_OUTCOME_LOST_TRUNK);
    assert_false(t.is_open[0]);
    invite(a, 67000 * MS, 4);
    invite(a, 67001 * MS, 4);
    assert_int_equal(t.n, 2);
    assert_int_equal(t.order[1], 0);
    assert_true(t.is_open[1]); /* no queue marks so far: who knows */
    assert_int_equal(t.outcome[1], RIG_OUTCOME_SELF_SERVED);
    /* The rest comes in the order of the INVITEs; an error of the sink may be mended. */
    t.status = RIG_EIO;
    assert_int_equal(rig_analyzer_finish(a, NULL, NULL), RIG_EIO);
    t.status = RIG_OK;
    assert_int_equal(rig_analyzer_finish(a, NULL, NULL), RIG_OK);
    assert_int_equal(t.n, 4);
    assert_int_equal(t.order[2], 2);
    assert_int_equal(t.order[3], 3);
    rig_live_counts live;
    rig_analyzer_live(a, &live);
    assert_int_equal(live.n_outcome[RIG_OUTCOME_UNCLASSIFIED], 1);
    rig_analyzer_free(a);
}

/* A trunk that is dead: its calls go, too. */
static void test_dead_calls_are_forgotten(void **state)
{
    (void)state;
    taken t = {.n = 0};
    rig_analyzer *a = begun_with(&t, 0);
    invite(a, 1000 * MS, 1);
    invite(a, 34000 * MS, 2);
    invite(a, 66000 * MS, 3);
    assert_int_equal(t.n, 1); /* 64 s after its only message */
    assert_int_equal(t.outcome[0], RIG_OUTCOME_LOST_TRUNK);
    rig_analyzer_free(a);
}

static void test_limit_of_legs(void **state)
{
    (void)state;
    taken t = {.n = 0};
    rig_capture_counts counts;
    rig_analyzer *a = begun_with(&t, 2);
    invite(a, 1000 * MS, 1);
    respond(a, 1001 * MS, 1, "SIP/2.0 200 OK");
    invite(a, 2000 * MS, 2);
    respond(a, 2001 * MS, 2, "SIP/2.0 200 OK");
    invite(a, 3000 * MS, 3);
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_calls, 2);
    assert_int_equal(counts.n_not_followed, 1);
    assert_int_equal(counts.n_silent_legs, 0);
    /* An hour later the first one has been silent for long; the second has not. */
    feed(a, 3000 * 1000 * MS, 2, "UPDATE sip:n SIP/2.0", false, "1 UPDATE", "");
    invite(a, 3700 * 1000 * MS, 4);
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_calls, 3);
    assert_int_equal(counts.n_silent_legs, 1);
    assert_int_equal(rig_analyzer_finish(a, NULL, NULL), RIG_OK);
    assert_int_equal(t.n, 3);
    assert_int_equal(t.order[0], 0);
    assert_int_equal(t.outcome[0], RIG_OUTCOME_UNCLASSIFIED);
    assert_int_equal(t.outcome[1], RIG_OUTCOME_IN_PROGRESS);
    rig_analyzer_free(a);
}

/* What was said of a call, and how often. */
typedef struct said {
    const char *parts[8]; /* each expected in turn */
    size_t n;
} said;

static void say(void *ctx, rig_slice call_id, int64_t t_ns, const char *text)
{
    said *s = ctx;
    (void)t_ns;
    assert_true(rig_slice_is(call_id, "1"));
    if (s->parts[s->n] == NULL || strstr(text, s->parts[s->n]) == NULL)
        fail_msg("\"%s\"; expected \"%s\"", text, s->parts[s->n]);
    s->n++;
}

/* Every rule that fires for a call that is asked about, and nothing of others. */
static void test_explain(void **state)
{
    (void)state;
    static const char *const asked[] = {"nobody", "1"};
    said s = {.parts = {"a call; \"n\" calls", "200 to INVITE on the caller's leg: answered",
                        "mark \"INFO queue\": queue",
                        "join rule \"X-Caller-Call-ID\": agent's leg 2",
                        "BYE on the caller's leg: ended", "built-in outcome rule", NULL}};
    const rig_explain explain = {asked, 2, say, &s};
    taken t = {.n = 0};
    const rig_analyzer_options options = {.sink = {.take = take, .ctx = &t}, .explain = &explain};
    rig_analyzer *a = NULL;
    assert_int_equal(rig_analyzer_new_with(&options, &a, NULL), RIG_OK);
    invite(a, 1000 * MS, 1);
    respond(a, 1001 * MS, 1, "SIP/2.0 200 OK");
    invite(a, 1100 * MS, 3);
    feed(a, 2000 * MS, 1, "INFO sip:n SIP/2.0", false, "1 INFO", "X-Rig-Stage: queue\r\n");
    feed(a, 2500 * MS, 2, "INVITE sip:a SIP/2.0", true, "1 INVITE", "X-Caller-Call-ID: 1\r\n");
    feed(a, 3000 * MS, 1, "BYE sip:c SIP/2.0", true, "2 BYE", "");
    assert_int_equal(rig_analyzer_finish(a, NULL, NULL), RIG_OK);
    assert_int_equal(s.n, 6);
    rig_analyzer_free(a);
}

static void test_long_silence(void **state)
{
    (void)state;
    taken t = {.n = 0};
    rig_capture_counts counts;
    rig_analyzer *a = begun_with(&t, 0);
    invite(a, 1000 * MS, 1);
    respond(a, 1001 * MS, 1, "SIP/2.0 200 OK");
    invite(a, 86400 * INT64_C(1000) * MS, 2);
    invite(a, 86401 * INT64_C(1000) * MS, 3);
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_silent_legs, 0);
    invite(a, 90002 * INT64_C(1000) * MS, 4);
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_silent_legs, 1);
    rig_analyzer_free(a);
}

static void expect_file(const char *path, rig_status expected, const char *text)
{
    rig_analyzer *a = begun();
    rig_error err = {.text = ""};
    rig_status status = rig_analyze_file(path, a, &err);
    if (status != expected || (text != NULL && strstr(err.text, text) == NULL))
        fail_msg("%s: status %d, \"%s\"; expected %d, \"%s\"", path, (int)status, err.text,
                 (int)expected, text);
    rig_analyzer_free(a);
}

static void expect_bytes(const void *data, size_t n, rig_status expected, const char *text)
{
    char path[] = "/tmp/peakrig-feed-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, n), (ssize_t)n);
    close(fd);
    expect_file(path, expected, text);
    if (text != NULL)
        expect_file(path, expected, path); /* the file is named */
    unlink(path);
}

static void test_files(void **state)
{
    (void)state;
    expect_file("/nonexistent/x.pcap", RIG_EIO, "/nonexistent/x.pcap");
    expect_file("/tmp", RIG_EINPUT, "/tmp");
    expect_bytes("", 0, RIG_EINPUT, "expected");
    expect_bytes("no capture at all, but long enough for a header", 47, RIG_EINPUT,
                 "is no capture; expected");
    uint8_t header[2 * (24 + 16 + 4)] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0};
    header[16] = 0xff;
    header[17] = 0xff;
    header[20] = 1;
    expect_bytes(header, 24, RIG_OK, NULL); /* no packets */
    header[32] = header[36] = 4;
    expect_bytes(header, 24 + 16 + 4, RIG_OK, NULL);
    header[44 + 8] = header[44 + 12] = 4;
    expect_bytes(header, 24 + 16 + 4 + 16 + 3, RIG_OK, NULL); /* cut inside a packet */
    header[20] = 147;                                         /* a link type for private use */
    expect_bytes(header, 24 + 16 + 4, RIG_EINPUT, "link layer 147 is not read");
}

static void test_cut_is_noted(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    rig_capture_counts counts;
    rig_analyzer_counts(a, &counts);
    assert_false(counts.is_file_cut);
    rig_analyzer_note_cut(a);
    rig_analyzer_counts(a, &counts);
    assert_true(counts.is_file_cut);
    rig_analyzer_free(a);
}

/* "-" is the standard input. */
static void test_standard_input(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    rig_error err = {.text = ""};
    assert_non_null(freopen(PEAKRIG_FIXTURES "/link_raw.pcap", "rb", stdin));
    if (rig_analyze_file("-", a, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_live_counts live;
    rig_analyzer_live(a, &live);
    assert_int_equal(live.n_offered, 3);
    rig_analyzer_free(a);
    a = begun();
    assert_non_null(freopen("/dev/null", "rb", stdin));
    assert_int_equal(rig_analyze_file("-", a, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "standard input"));
    rig_analyzer_free(a);
}

/* Two files, one analysis. */
static void test_two_files(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    assert_int_equal(rig_analyze_file(PEAKRIG_FIXTURES "/crossings.pcap", a, NULL), RIG_OK);
    assert_int_equal(rig_analyze_file(PEAKRIG_FIXTURES "/link_sll2.pcap", a, NULL), RIG_OK);
    rig_calls *calls = NULL;
    assert_int_equal(rig_analyzer_finish(a, &calls, NULL), RIG_OK);
    assert_int_equal(calls->n, 13);
    rig_calls_free(calls);
    rig_analyzer_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),      cmocka_unit_test(test_live),
        cmocka_unit_test(test_sink),          cmocka_unit_test(test_dead_calls_are_forgotten),
        cmocka_unit_test(test_limit_of_legs), cmocka_unit_test(test_long_silence),
        cmocka_unit_test(test_explain),       cmocka_unit_test(test_files),
        cmocka_unit_test(test_cut_is_noted),  cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_two_files),
    };
    return cmocka_run_group_tests_name("analyzer_feed", tests, NULL, NULL);
}
