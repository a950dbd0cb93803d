/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP: order, loss, limits. The layer above is a stream of short messages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "core/clock.h"
#include "tests/unit/packets_feed.h"

#define BYE(id) "BYE sip:a SIP/2.0\r\ni: " id "\r\n\r\n"

enum { N_BYE = 27, CALLER = 1, CENTRE = 2 };

static void begin_connection(feed *f)
{
    feed_segment(f, CALLER, 99, 0, T_SYN, "");
    feed_segment(f, CENTRE, 499, 100, T_SYN | T_ACK, "");
}

static void assert_ids(const feed *f, const char *ids)
{
    char got[FEED_MAX + 1] = "";
    for (size_t i = 0; i < f->n && i < FEED_MAX; i++) {
        const char *id = strstr(f->got[i].text, "\r\ni: ");
        got[i] = id == NULL ? '?' : id[5];
    }
    assert_string_equal(got, ids);
}

static void test_order(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100 + 2 * N_BYE, 500, T_ACK, BYE("3"));
    f->t_ns += 1000;
    feed_segment(f, CALLER, 100 + N_BYE, 500, T_ACK, BYE("2"));
    assert_int_equal(f->n, 0);
    f->t_ns += 1000;
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1"));
    assert_ids(f, "123");
    /* Each has the time and the frame of what completed it. */
    assert_int_equal(f->got[0].packet.t_ns, f->t_ns);
    assert_int_equal(f->got[0].packet.frame, 5);
    assert_int_equal(f->got[2].packet.t_ns, f->t_ns - 2000);
    assert_int_equal(f->got[2].packet.frame, 3);
    assert_int_equal(f->got[2].packet.transport, RIG_OVER_TCP);
    assert_int_equal(f->got[2].packet.src.ip_low & 0xff, CALLER);
    assert_int_equal(feed_counts(f).n_segments_reordered, 2);
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1"));
    feed_segment(f, CALLER, 100 + N_BYE, 500, T_ACK, BYE("2"));
    assert_int_equal(f->n, 3);
    assert_int_equal(feed_counts(f).n_segments_repeated, 2);
    feed_end(f);
}

/* Retransmissions in other sizes than the first time. */
static void test_overlap(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, "BYE sip:a");
    feed_segment(f, CALLER, 104, 500, T_ACK, "xxx:a SIP/2.0\r\n");
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1") "BYE");
    feed_segment(f, CALLER, 100 + N_BYE, 500, T_ACK, BYE("2"));
    assert_ids(f, "12");
    assert_string_equal(f->got[0].text, BYE("1"));
    feed_end(f);
}

/* Numbers that are far from those before, either way, are those of another connection. */
static void test_new_numbers(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1") "BYE sip");
    feed_segment(f, CALLER, 100 + 100000000, 500, T_ACK, BYE("2"));
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("3"));
    assert_ids(f, "123");
    feed_end(f);
}

/* Sequence numbers start again at 0. */
static void test_wrap(void **state)
{
    (void)state;
    feed *f = feed_begin();
    uint32_t seq = UINT32_MAX - 30;
    feed_segment(f, CALLER, seq, 0, T_SYN, "");
    feed_segment(f, CALLER, seq + 1 + 2 * N_BYE, 500, T_ACK, BYE("3"));
    feed_segment(f, CALLER, seq + 1, 500, T_ACK, BYE("1"));
    feed_segment(f, CALLER, seq + 1 + N_BYE, 500, T_ACK, BYE("2"));
    feed_segment(f, CALLER, seq + 1, 500, T_ACK, BYE("1"));
    assert_ids(f, "123");
    feed_end(f);
}

/* A gap that nobody acknowledges is given up after 3 s, of capture time. */
static void test_gap_by_time(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1"));
    feed_segment(f, CALLER, 100 + 2 * N_BYE, 500, T_ACK, BYE("3"));
    f->t_ns += 3 * RIG_NS_PER_S - 1;
    feed_segment(f, CENTRE, 500, 100, T_ACK, "");
    assert_ids(f, "1");
    f->t_ns += 1;
    feed_segment(f, CENTRE, 500, 100, T_ACK, "");
    assert_ids(f, "13");
    assert_int_equal(feed_counts(f).n_stream_gaps, 1);
    feed_segment(f, CALLER, 100 + N_BYE, 500, T_ACK, BYE("2"));
    assert_int_equal(f->n, 2);
    feed_end(f);
}

/* A gap that the other side acknowledges is given up after 20 ms. */
static void test_gap_by_ack(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1"));
    feed_segment(f, CALLER, 100 + 2 * N_BYE, 500, T_ACK, BYE("3"));
    feed_segment(f, CENTRE, 500, 100 + N_BYE, T_ACK, "");
    f->t_ns += 25000000;
    feed_segment(f, CENTRE, 500, 100 + N_BYE, T_ACK, "");
    assert_ids(f, "1"); /* only what was there is acknowledged */
    feed_segment(f, CENTRE, 500, 100 + 3 * N_BYE, T_ACK, "");
    f->t_ns += 19999999;
    feed_segment(f, CENTRE, 500, 100 + 3 * N_BYE, T_ACK, "");
    assert_ids(f, "1");
    f->t_ns += 1;
    feed_segment(f, CENTRE, 500, 100 + 3 * N_BYE, T_ACK, "");
    assert_ids(f, "13");
    feed_end(f);
}

/* The end of a body is missing, and acknowledged: the message is passed on before its response. */
static void test_body_lost(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, "BYE sip:a SIP/2.0\r\ni: 1\r\nl: 9\r\n\r\nabc");
    int64_t t_ns = f->t_ns;
    f->t_ns += 5000000;
    feed_segment(f, CENTRE, 500, 100 + 42, T_ACK, "SIP/2.0 200 OK\r\ni: 2\r\n\r\n");
    assert_ids(f, "12");
    assert_true(f->got[0].packet.is_truncated);
    assert_int_equal(f->got[0].packet.payload.n, 36);
    assert_int_equal(f->got[0].packet.t_ns, t_ns);
    feed_segment(f, CALLER, 142, 523, T_ACK, BYE("3"));
    assert_ids(f, "123");
    /* What is left of the body behind the gap is no message, whatever it holds. */
    feed_segment(f, CALLER, 142 + N_BYE, 523, T_ACK,
                 "BYE sip:a SIP/2.0\r\ni: 4\r\nl: 40\r\n\r\nabc");
    uint32_t end = 142 + N_BYE + 34 + 40;
    feed_segment(f, CALLER, end - N_BYE, 523, T_ACK, BYE("x") BYE("5"));
    f->t_ns += 4 * RIG_NS_PER_S;
    feed_segment(f, CENTRE, 523, 142, T_ACK, "");
    assert_ids(f, "12345");
    feed_end(f);
}

/* The gap takes the end of one message and the beginning of the next: its place is found again. */
static void test_resync(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1") "BYE sip:");
    feed_segment(f, CALLER, 100 + N_BYE + 20, 500, T_ACK, "2.0\r\ni: x\r\n\r\n" BYE("4"));
    f->t_ns += 4 * RIG_NS_PER_S;
    feed_segment(f, CALLER, 100 + N_BYE + 20 + 13 + N_BYE, 500, T_ACK, BYE("5"));
    assert_ids(f, "145");
    feed_end(f);
}

/* Each segment cut by the snaplen: what was not captured is a gap that nobody waits for. */
static void test_snaplen(void **state)
{
    (void)state;
    static const char text[] = "BYE sip:a SIP/2.0\r\ni: 1\r\nl: 9\r\n\r\nabcdefghi" BYE("2");
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment_cut(f, CALLER, 100, 500, T_ACK, text, 42, 36);
    feed_segment_cut(f, CALLER, 142, 500, T_ACK, text + 42, N_BYE, N_BYE);
    assert_ids(f, "12");
    assert_true(f->got[0].packet.is_truncated);
    assert_int_equal(f->got[0].packet.payload.n, 36);
    assert_false(f->got[1].packet.is_truncated);
    feed_segment_cut(f, CALLER, 142 + N_BYE, 500, T_ACK, text, 42, 20);
    feed_segment(f, CALLER, 184 + N_BYE, 500, T_ACK, BYE("4"));
    assert_ids(f, "124");
    assert_int_equal(feed_counts(f).n_messages_lost, 1);
    feed_end(f);
}

/* FIN, RST, and the same ports again. */
static void test_ends(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK | T_FIN, BYE("1"));
    feed_segment(f, CALLER, 99, 0, T_SYN, ""); /* again */
    feed_segment(f, CENTRE, 500, 101 + N_BYE, T_ACK | T_FIN, "");
    feed_segment(f, CALLER, 100, 501, T_ACK | T_FIN, BYE("1")); /* again */
    assert_ids(f, "1");
    feed_segment(f, CALLER, 5000, 0, T_SYN, "");
    feed_segment(f, CENTRE, 9000, 5001, T_SYN | T_ACK, "");
    feed_segment(f, CALLER, 5001, 9001, T_ACK, "BYE sip:a SIP/2.0\r\ni: 2\r\nl: 9\r\n\r\nabc");
    feed_segment(f, CENTRE, 9001, 5001, T_ACK, BYE("3"));
    feed_segment(f, CALLER, 5037, 9001, T_RST, "");
    assert_ids(f, "132");
    assert_true(f->got[2].packet.is_truncated);
    feed_segment(f, CENTRE, 9001, 5001, T_ACK, BYE("3"));
    assert_int_equal(f->n, 3);
    assert_int_equal(feed_counts(f).n_streams, 3);
    feed_end(f);
}

/* A message that the end of its stream cuts is passed on then. */
static void test_fin_in_message(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, "BYE sip:a SIP/2.0\r\ni: 1\r\nl: 9\r\n\r\nabc");
    assert_int_equal(f->n, 0);
    feed_segment(f, CALLER, 136, 500, T_ACK | T_FIN, "");
    assert_ids(f, "1");
    assert_true(f->got[0].packet.is_truncated);
    feed_segment(f, CENTRE, 500, 137, T_ACK, "");
    assert_int_equal(feed_counts(f).n_stream_gaps, 0);
    feed_end(f);
}

/* After 300 s of silence a connection is forgotten; its next segment begins it anew. */
static void test_idle(void **state)
{
    (void)state;
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1") "BYE sip:a SIP/2.0\r\n");
    f->t_ns += 301 * RIG_NS_PER_S;
    feed_segment(f, CALLER, 777777, 500, T_ACK, BYE("2"));
    assert_ids(f, "12");
    assert_int_equal(feed_counts(f).n_messages_lost, 1);
    assert_int_equal(feed_counts(f).n_streams, 2);
    assert_int_equal(rig_decoder_finish(f->decoder, NULL), RIG_OK);
    feed_end(f);
}

/* Behind a gap no more is held of a stream than its limit; then it goes on behind the gap. */
static void test_held_limit(void **state)
{
    (void)state;
    static char body[1001];
    feed *f = feed_begin();
    begin_connection(f);
    feed_segment(f, CALLER, 100, 500, T_ACK, BYE("1"));
    memset(body, 'x', 1000);
    uint32_t seq = 100 + 2 * N_BYE;
    feed_segment(f, CALLER, seq, 500, T_ACK, BYE("3"));
    for (seq += N_BYE; feed_counts(f).n_limit_stream_bytes == 0 && seq < 200000; seq += 1000)
        feed_segment(f, CALLER, seq, 500, T_ACK, body);
    assert_in_range(seq, RIG_DECODER_MAX_STREAM_BYTES - 5000, RIG_DECODER_MAX_STREAM_BYTES + 5000);
    assert_ids(f, "13");
    feed_segment(f, CALLER, seq, 500, T_ACK, "\n" BYE("4"));
    assert_ids(f, "134");
    feed_end(f);
}

/* Headers without end are given up at the limit; a long body is passed over. */
static void test_message_limit(void **state)
{
    (void)state;
    static char line[1002];
    memset(line, 'h', 1000);
    line[1000] = '\n';
    feed *f = feed_begin();
    begin_connection(f);
    uint32_t seq = 100;
    feed_segment(f, CALLER, seq, 500, T_ACK, "BYE sip:a SIP/2.0\r\n");
    for (seq += 19; seq < 100000; seq += 1001)
        feed_segment(f, CALLER, seq, 500, T_ACK, line);
    assert_int_equal(f->n, 0);
    assert_int_equal(feed_counts(f).n_limit_message, 1);
    feed_segment(f, CALLER, seq, 500, T_ACK, BYE("1"));
    assert_ids(f, "1");
    seq += N_BYE;
    feed_segment(f, CALLER, seq, 500, T_ACK, "BYE sip:a SIP/2.0\r\ni: 2\r\nl: 100100\r\n\r\n");
    seq += 38;
    for (int i = 0; i < 99; i++, seq += 1001)
        feed_segment(f, CALLER, seq, 500, T_ACK, line);
    memcpy(line, BYE("x"), N_BYE); /* in the body, so no message */
    feed_segment(f, CALLER, seq, 500, T_ACK, line);
    seq += 1001;
    assert_ids(f, "12");
    assert_true(f->got[1].packet.is_truncated);
    assert_int_equal(f->got[1].packet.payload.n, RIG_DECODER_MAX_STREAM_BYTES);
    feed_segment(f, CALLER, seq, 500, T_ACK, BYE("3"));
    assert_ids(f, "123");
    feed_end(f);
}

/* More connections than are followed at once, and more bytes than are held of all. */
static void test_many_connections(void **state)
{
    (void)state;
    static uint8_t segment[FEED_FRAME], packet[FEED_FRAME];
    static char start[30000] = "BYE sip:a SIP/2.0\r\nl: 60000\r\n\r\n";
    feed *f = feed_begin();
    for (unsigned i = 0; i < RIG_DECODER_MAX_STREAMS / 2 + 50; i++) {
        size_t n =
            put_tcp(segment, (uint16_t)i, (uint16_t)(5060 + i / 65536), 1, 1, T_ACK, "BYE", 3);
        n = put_ipv4(packet, 6, 1, 0, 0, segment, n);
        feed_ip(f, packet, n, n);
    }
    assert_int_equal(feed_counts(f).n_limit_streams, 50);
    feed_end(f);
    f = feed_begin();
    unsigned n_fit = RIG_DECODER_MAX_HELD_BYTES / sizeof start;
    for (unsigned i = 0; i < n_fit + 100; i++) {
        size_t n = put_tcp(segment, (uint16_t)i, 5060, 1, 1, T_ACK, start, sizeof start);
        n = put_ipv4(packet, 6, 1, 0, 0, segment, n);
        feed_ip(f, packet, n, n);
    }
    assert_in_range(feed_counts(f).n_limit_streams, 99, 102);
    assert_int_equal(f->n, feed_counts(f).n_limit_streams); /* what they held was passed on */
    feed_end(f);
}

/* Connections whose addresses met in one bucket of the table while its hash was known (of which 64
 * were followed then): nobody can make them meet any more. */
static void test_collisions(void **state)
{
    (void)state;
    uint8_t segment[64], packet[128];
    feed *f = feed_begin();
    size_t n = put_tcp(segment, 5060, 5060, 1, 1, T_ACK, "BYE", 3);
    n = put_ipv4(packet, 6, 1, 0, 0, segment, n);
    /* That hash was made of a ^ 5 b: what changes in b is taken out of a. */
    for (uint32_t i = 0; i < 200; i++) {
        uint64_t high = UINT64_C(0xffff0a000001) + i;
        uint64_t low =
            UINT64_C(0xffff00000000) | ((5 * high ^ 5 * UINT64_C(0xffff0a000001)) & 0xffffff);
        for (int k = 0; k < 4; k++) {
            packet[12 + k] = (uint8_t)(low >> (24 - 8 * k));
            packet[16 + k] = (uint8_t)(high >> (24 - 8 * k));
        }
        feed_ip(f, packet, n, n);
    }
    assert_int_equal(feed_counts(f).n_limit_streams, 0);
    feed_end(f);
}

/* What the sink says ends the frame, and is said. */
static void test_sink_fails(void **state)
{
    (void)state;
    feed *f = feed_begin();
    rig_error err = {.text = ""};
    uint8_t datagram[100], packet[200];
    size_t n = put_udp(datagram, 5060, 5060, "x", 1);
    n = put_ipv4(packet, 17, 1, 0, 0, datagram, n);
    f->fails = RIG_EIO;
    assert_int_equal(rig_decoder_frame(f->decoder, LINK_RAW, f->t_ns, packet, n, n, &err), RIG_EIO);
    assert_string_equal(err.text, "the sink fails");
    f->fails = RIG_OK;
    assert_int_equal(rig_decoder_frame(f->decoder, LINK_RAW, f->t_ns, packet, n, n, &err), RIG_OK);
    assert_int_equal(rig_decoder_frame(f->decoder, LINK_RAW, -1, packet, n, n, &err), RIG_EDOM);
    assert_int_equal(rig_decoder_frame(f->decoder, LINK_RAW, INT64_MAX / 4 + 1, packet, n, n, &err),
                     RIG_EDOM);
    assert_int_equal(f->n, 1);
    feed_end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_overlap),
        cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_new_numbers),
        cmocka_unit_test(test_fin_in_message),
        cmocka_unit_test(test_gap_by_time),
        cmocka_unit_test(test_gap_by_ack),
        cmocka_unit_test(test_body_lost),
        cmocka_unit_test(test_resync),
        cmocka_unit_test(test_snaplen),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_idle),
        cmocka_unit_test(test_held_limit),
        cmocka_unit_test(test_message_limit),
        cmocka_unit_test(test_many_connections),
        cmocka_unit_test(test_collisions),
        cmocka_unit_test(test_sink_fails),
    };
    return cmocka_run_group_tests_name("packets_tcp", tests, NULL, NULL);
}
