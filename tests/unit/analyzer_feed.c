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
#include "analyzer/leg_table.h"
#include "analyzer/number_index.h"
#include "analyzer/seen.h"
#include "core/atomic_file.h"

#define MS (RIG_NS_PER_S / 1000)

static rig_analyzer *begun(void)
{
    rig_analyzer *analyzer = NULL;
    assert_int_equal(rig_analyzer_new(&analyzer, NULL), RIG_OK);
    return analyzer;
}

static size_t frame_of(const char *sip, bool to_centre, uint8_t *frame)
{
    size_t n_sip = strlen(sip);
    static const uint8_t head[28] = {0x45, 0, 0, 0, 0,  0, 0, 0, 64,   17,   0,    0,
                                     10,   0, 0, 1, 10, 0, 0, 2, 0x13, 0xc4, 0x13, 0xc4};
    memcpy(frame, head, sizeof head);
    if (!to_centre) {
        frame[15] = 2;
        frame[19] = 1;
    }
    frame[2] = (uint8_t)((28 + n_sip) >> 8);
    frame[3] = (uint8_t)(28 + n_sip);
    frame[24] = (uint8_t)((8 + n_sip) >> 8);
    frame[25] = (uint8_t)(8 + n_sip);
    memcpy(frame + 28, sip, n_sip);
    return 28 + n_sip;
}

/* One message of call `id`; start is "INVITE sip:c SIP/2.0" or "SIP/2.0 200 OK", .. */
static void feed(rig_analyzer *a, int64_t t_ns, unsigned id, const char *start, bool by_caller,
                 const char *cseq, const char *extra)
{
    char sip[1024];
    uint8_t frame[1200];
    bool is_first = strncmp(start, "INVITE", 6) == 0 || strncmp(start, "CANCEL", 6) == 0;
    const char *caller = "<sip:n@h>;tag=f";
    const char *centre = is_first ? "<sip:c@h>" : "<sip:c@h>;tag=t";
    bool is_request = strncmp(start, "SIP/2.0", 7) != 0;
    snprintf(sip, sizeof sip,
             "%s\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK%u-%s\r\nFrom: %s\r\nTo: %s\r\nCall-ID: %u\r\n"
             "CSeq: %s\r\n%s\r\n",
             start, id, cseq, by_caller ? caller : centre, by_caller ? centre : caller, id, cseq,
             extra);
    size_t n = frame_of(sip, by_caller == is_request, frame);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, t_ns, frame, n, n, NULL), RIG_OK);
}

static void invite(rig_analyzer *a, int64_t t_ns, unsigned id)
{
    feed(a, t_ns, id, "INVITE sip:c SIP/2.0", true, "1 INVITE", "");
}

static void respond(rig_analyzer *a, int64_t t_ns, unsigned id, const char *status)
{
    feed(a, t_ns, id, status, true, "1 INVITE", "");
}

static void test_refusals(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    rig_error err = {.text = ""};
    uint8_t frame[4] = {0};
    assert_int_equal(rig_analyzer_packet(a, 9999, 0, frame, 4, 4, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "9999"));
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, -1, frame, 4, 4, &err), RIG_EDOM);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, RIG_NO_TIME, frame, 4, 4, &err), RIG_EDOM);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, INT64_MAX / 4 + 1, frame, 4, 4, &err),
                     RIG_EDOM);
    rig_packet_counts counts;
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_packets, 0);
    assert_int_equal(counts.t_first_ns, RIG_NO_TIME);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, INT64_MAX / 4, NULL, 0, 0, &err), RIG_OK);
    assert_int_equal(rig_analyzer_packet(a, DLT_RAW, 0, NULL, 0, 60, &err), RIG_OK);
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_packets, 2);
    assert_int_equal(counts.n_malformed, 1);
    assert_int_equal(counts.n_cut, 1);
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

/* Two hours at 20 calls a second: legs come and go. */
static void test_legs_are_forgotten(void **state)
{
    (void)state;
    rig_leg_table *table = NULL;
    assert_int_equal(rig_leg_table_new(&table, NULL), RIG_OK);
    rig_leg *stays = NULL;
    assert_int_equal(rig_leg_table_add(table, rig_slice_of("stays"), &stays, NULL), RIG_OK);
    stays->role = RIG_LEG_OF_CALLER;
    size_t most = 0;
    for (int i = 0; i < 144000; i++) {
        char name[32];
        int64_t t_ns = i * 50 * MS;
        snprintf(name, sizeof name, "call-%d", i);
        rig_leg_table_expire(table, t_ns);
        rig_leg *leg = NULL;
        assert_int_equal(rig_leg_table_add(table, rig_slice_of(name), &leg, NULL), RIG_OK);
        leg->role = RIG_LEG_OF_CALLER;
        leg->is_failed = true;
        leg->t_last_ns = t_ns;
        rig_leg_table_retire(table, leg);
        rig_leg_table_retire(table, leg); /* twice is once */
        if (rig_leg_table_n(table) > most)
            most = rig_leg_table_n(table);
    }
    assert_true(most > 1200 && most <= 1290); /* 64 s of them */
    assert_non_null(rig_leg_table_find(table, rig_slice_of("call-143999")));
    assert_null(rig_leg_table_find(table, rig_slice_of("call-1439")));
    assert_null(rig_leg_table_find(table, rig_slice_of("call-14399")));
    assert_ptr_equal(rig_leg_table_find(table, rig_slice_of("stays")), stays);
    rig_leg_table_free(table);
    rig_leg_table_free(NULL);
}

/* A Call-ID that is used again and again: the newest is found, the older ones go in time. */
static void test_replaced_legs_are_freed(void **state)
{
    (void)state;
    rig_leg_table *table = NULL;
    rig_leg *leg = NULL;
    assert_int_equal(rig_leg_table_new(&table, NULL), RIG_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(rig_leg_table_add(table, rig_slice_of("same"), &leg, NULL), RIG_OK);
        leg->role = RIG_LEG_OF_CALLER;
        leg->t_last_ns = i * 10 * RIG_NS_PER_S;
        rig_leg_table_expire(table, leg->t_last_ns);
        assert_ptr_equal(rig_leg_table_find(table, rig_slice_of("same")), leg);
        assert_true(rig_leg_table_n(table) <= 9);
    }
    /* Back from the list of those to forget: a leg that turned out to go on. */
    rig_leg_table_retire(table, leg);
    rig_leg_table_expire(table, leg->t_last_ns + RIG_LEG_LINGER_NS);
    assert_ptr_equal(rig_leg_table_find(table, rig_slice_of("same")), leg);
    leg->is_ended = true;
    rig_leg_table_retire(table, leg);
    leg->t_last_ns += 10 * RIG_NS_PER_S; /* heard of again */
    rig_leg_table_expire(table, leg->t_last_ns + RIG_LEG_LINGER_NS - 1);
    assert_int_equal(rig_leg_table_n(table), 1);
    rig_leg_table_expire(table, leg->t_last_ns + 2 * RIG_LEG_LINGER_NS);
    assert_int_equal(rig_leg_table_n(table), 0);
    rig_leg_table_free(table);
}

/* A leg that is over is forgotten while packets come in: what still comes of it then is an orphan.
 */
static void test_analyzer_forgets(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    rig_packet_counts counts;
    invite(a, 1000 * MS, 1);
    respond(a, 1001 * MS, 1, "SIP/2.0 503 No");
    feed(a, 60000 * MS, 1, "BYE sip:c SIP/2.0", true, "2 BYE", "");
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_orphan_legs, 0);
    invite(a, 190000 * MS, 2);
    feed(a, 190001 * MS, 1, "BYE sip:c SIP/2.0", true, "3 BYE", "");
    rig_analyzer_counts(a, &counts);
    assert_int_equal(counts.n_orphan_legs, 1);
    assert_int_equal(counts.n_calls, 2);
    rig_analyzer_free(a);
}

/* Items come and go in every order; the index holds exactly those that are in. */
static void test_number_index(void **state)
{
    (void)state;
    enum { N = 3000, N_KEYS = 50 };
    static rig_number_link links[N];
    static bool is_in[N];
    rig_number_index index = {0};
    memset(links, 0, sizeof links);
    assert_int_equal(rig_number_index_init(&index, NULL), RIG_OK);
    uint32_t draw = 1;
    for (int step = 0; step < 20000; step++) {
        draw = draw * 1664525 + 1013904223;
        size_t i = (draw >> 8) % N;
        if (is_in[i])
            rig_number_index_remove(&index, &links[i]);
        else
            rig_number_index_add(&index, &links[i], i % N_KEYS * 1024); /* all in few buckets */
        is_in[i] = !is_in[i];
    }
    for (size_t key = 0; key < N_KEYS; key++) {
        size_t n_found = 0, n_expected = 0;
        for (rig_number_link *link = rig_number_index_first(&index, key * 1024); link != NULL;
             link = rig_number_index_next(link)) {
            size_t i = (size_t)(link - links);
            assert_true(is_in[i] && i % N_KEYS == key);
            n_found++;
        }
        for (size_t i = key; i < N; i += N_KEYS)
            n_expected += is_in[i];
        assert_int_equal(n_found, n_expected);
    }
    for (size_t i = 0; i < N; i++) {
        rig_number_index_remove(&index, &links[i]);
        rig_number_index_remove(&index, &links[i]); /* twice is once */
    }
    assert_int_equal(index.n, 0);
    rig_number_index_clear(&index);
}

static void test_seen(void **state)
{
    (void)state;
    static const struct {
        int64_t t_ns;
        uint64_t key;
        uint16_t ip_id;
        rig_seen_verdict expected;
    } cases[] = {
        {0, 1, 0, RIG_SEEN_NEW},
        {0, 2, 0, RIG_SEEN_NEW},
        {49 * MS, 1, 0, RIG_SEEN_DUPLICATE},
        {99 * MS, 1, 0, RIG_SEEN_RETRANSMISSION},
        {500 * MS, 2, 0, RIG_SEEN_RETRANSMISSION},
        {499 * MS, 2, 0, RIG_SEEN_DUPLICATE}, /* a little out of order */
        {600 * MS, 3, 7, RIG_SEEN_NEW},
        {601 * MS, 3, 7, RIG_SEEN_DUPLICATE},
        {602 * MS, 3, 8, RIG_SEEN_RETRANSMISSION}, /* another packet, however soon */
        {603 * MS, 3, 0, RIG_SEEN_DUPLICATE},      /* not known */
        {63 * 1000 * MS, 3, 0, RIG_SEEN_RETRANSMISSION},
        {128 * 1000 * MS, 3, 0, RIG_SEEN_NEW}, /* after more than the window */
        {200 * 1000 * MS, 4, 0, RIG_SEEN_NEW},
        {201 * 1000 * MS, 0, 0, RIG_SEEN_NEW},
        {202 * 1000 * MS, 0, 0, RIG_SEEN_RETRANSMISSION},
        {100000 * 1000 * MS, 4, 0, RIG_SEEN_NEW},
    };
    rig_seen *seen = NULL;
    assert_int_equal(rig_seen_new(&seen, NULL), RIG_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_seen_verdict verdict = RIG_SEEN_NEW;
        assert_int_equal(
            rig_seen_check(seen, cases[i].key, cases[i].t_ns, cases[i].ip_id, &verdict, NULL),
            RIG_OK);
        if (verdict != cases[i].expected)
            fail_msg("case %zu: %d; expected %d", i, (int)verdict, (int)cases[i].expected);
    }
    rig_seen_free(seen);
    rig_seen_free(NULL);
}

/* Many messages over many windows: each is new once and known the second time. */
static void test_seen_many(void **state)
{
    (void)state;
    rig_seen *seen = NULL;
    assert_int_equal(rig_seen_new(&seen, NULL), RIG_OK);
    for (uint64_t i = 0; i < 200000; i++) {
        int64_t t_ns = (int64_t)i * 2 * MS;
        rig_seen_verdict first, second;
        assert_int_equal(
            rig_seen_check(seen, i * UINT64_C(0x9e3779b97f4a7c15) + 1, t_ns, 0, &first, NULL),
            RIG_OK);
        assert_int_equal(first, RIG_SEEN_NEW);
        if (i < 30000)
            continue;
        assert_int_equal(rig_seen_check(seen, (i - 30000) * UINT64_C(0x9e3779b97f4a7c15) + 1, t_ns,
                                        0, &second, NULL),
                         RIG_OK);
        assert_int_equal(second, RIG_SEEN_RETRANSMISSION); /* 60 s later */
    }
    rig_seen_free(seen);
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
    expect_file("/tmp", RIG_EIO, "/tmp");
    expect_bytes("", 0, RIG_EINPUT, "expected a capture");
    expect_bytes("no capture at all, but long enough for a header", 47, RIG_EINPUT,
                 "expected a capture");
    uint8_t header[24 + 16 + 4] = {0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0};
    header[16] = 0xff;
    header[17] = 0xff;
    header[20] = 147; /* a link type for private use */
    expect_bytes(header, 24, RIG_EINPUT, "link layer");
    header[20] = 1;
    expect_bytes(header, 23, RIG_EINPUT, "expected a capture"); /* cut inside the file header */
    expect_bytes(header, 24, RIG_OK, NULL);                     /* no packets */
    expect_bytes(header, 30, RIG_OK, NULL);                     /* cut inside a packet header */
    header[32] = header[36] = 4;
    expect_bytes(header, 24 + 16 + 3, RIG_OK, NULL); /* cut inside a packet */
    expect_bytes(header, 24 + 16 + 4, RIG_OK, NULL);
    memset(header + 32, 0xff, 4);
    expect_bytes(header, 24 + 16 + 4, RIG_OK, NULL); /* a length beyond reason: read so far */
}

static void test_cut_is_noted(void **state)
{
    (void)state;
    rig_analyzer *a = begun();
    rig_packet_counts counts;
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
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_live),
        cmocka_unit_test(test_legs_are_forgotten),
        cmocka_unit_test(test_replaced_legs_are_freed),
        cmocka_unit_test(test_analyzer_forgets),
        cmocka_unit_test(test_number_index),
        cmocka_unit_test(test_seen),
        cmocka_unit_test(test_seen_many),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_cut_is_noted),
        cmocka_unit_test(test_standard_input),
        cmocka_unit_test(test_two_files),
    };
    return cmocka_run_group_tests_name("analyzer_feed", tests, NULL, NULL);
}
