/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SCTP: which chunks make a message, what is held and for how long, limits. */
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "core/clock.h"
#include "tests/unit/packets_feed.h"

enum { MIDDLE = 0, ENDS = 1, BEGINS = 2, UNORDERED = 4, MAX_CHUNK = 4096 };

static void put32(uint8_t *p, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        p[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* A packet with one DATA chunk, of an association known by its tag. */
static void feed_chunk(feed *f, uint32_t tag, uint32_t tsn, unsigned flags, unsigned stream,
                       unsigned sequence, const char *data, size_t n)
{
    static uint8_t sctp[28 + MAX_CHUNK], packet[64 + MAX_CHUNK];
    memset(sctp, 0, 28);
    sctp[0] = sctp[2] = 5060 >> 8;
    sctp[1] = sctp[3] = 5060 & 0xff;
    put32(sctp + 4, tag);
    sctp[13] = (uint8_t)flags;
    sctp[14] = (uint8_t)((16 + n) >> 8);
    sctp[15] = (uint8_t)(16 + n);
    put32(sctp + 16, tsn);
    sctp[21] = (uint8_t)stream;
    sctp[23] = (uint8_t)sequence;
    memcpy(sctp + 28, data, n);
    size_t n_packet = put_ipv4(packet, 132, 1, 0, 0, sctp, 28 + n);
    feed_ip(f, packet, n_packet, n_packet);
}

static void chunk(feed *f, uint32_t tsn, unsigned flags, unsigned stream, unsigned sequence,
                  const char *text)
{
    feed_chunk(f, 1, tsn, flags, stream, sequence, text, strlen(text));
}

static void test_orders(void **state)
{
    (void)state;
    feed *f = feed_begin();
    chunk(f, 7, BEGINS | ENDS, 0, 0, "whole");
    assert_int_equal(f->n, 1);
    assert_string_equal(f->got[0].text, "whole");
    assert_int_equal(f->got[0].packet.transport, RIG_OVER_SCTP);
    /* Across the wrap of the TSN, in the wrong order. */
    chunk(f, 1, ENDS, 3, 1, "end");
    chunk(f, UINT32_MAX, BEGINS, 3, 1, "begin ");
    chunk(f, 0, MIDDLE, 3, 1, "middle ");
    assert_int_equal(f->n, 2);
    assert_string_equal(f->got[1].text, "begin middle end");
    /* Two messages of two streams, each chunk twice. */
    for (int i = 0; i < 2; i++) {
        chunk(f, 10, BEGINS, 1, 1, "a");
        chunk(f, 12, BEGINS, 2, 1, "c");
    }
    chunk(f, 13, ENDS, 2, 1, "d");
    chunk(f, 11, ENDS, 1, 1, "b");
    assert_int_equal(f->n, 4);
    assert_string_equal(f->got[2].text, "cd");
    assert_string_equal(f->got[3].text, "ab");
    assert_int_equal(feed_counts(f).n_sctp_reassembled, 3);
    assert_int_equal(rig_decoder_finish(f->decoder, NULL), RIG_OK);
    assert_int_equal(feed_counts(f).n_sctp_incomplete, 0);
    feed_end(f);
}

/* Chunks that follow one another and yet are no message. */
static void test_no_message(void **state)
{
    (void)state;
    static const struct {
        uint32_t tsn;
        unsigned flags, stream, sequence;
    } seconds[] = {{12, ENDS, 1, 1},
                   {9, ENDS, 1, 1},
                   {11, ENDS, 2, 1},
                   {11, ENDS, 1, 2},
                   {11, ENDS | UNORDERED, 1, 1},
                   {11, MIDDLE, 1, 1},
                   {11, BEGINS, 1, 1}};
    for (size_t i = 0; i < sizeof seconds / sizeof seconds[0]; i++) {
        feed *f = feed_begin();
        chunk(f, 10, BEGINS, 1, 1, "a");
        chunk(f, seconds[i].tsn, seconds[i].flags, seconds[i].stream, seconds[i].sequence, "b");
        assert_int_equal(f->n, 0);
        assert_int_equal(rig_decoder_finish(f->decoder, NULL), RIG_OK);
        assert_int_equal(f->n, 0);
        assert_int_equal(feed_counts(f).n_sctp_incomplete, 1 + (seconds[i].flags == BEGINS));
        feed_end(f);
    }
    feed *f = feed_begin(); /* a beginning without an end, before a whole one */
    chunk(f, 10, BEGINS, 1, 1, "a");
    chunk(f, 11, BEGINS, 1, 1, "b");
    chunk(f, 12, ENDS, 1, 1, "c");
    assert_int_equal(f->n, 1);
    assert_string_equal(f->got[0].text, "bc");
    feed_end(f);
    f = feed_begin(); /* another association */
    feed_chunk(f, 1, 10, BEGINS, 1, 1, "a", 1);
    feed_chunk(f, 2, 11, ENDS, 1, 1, "b", 1);
    assert_int_equal(f->n, 0);
    feed_end(f);
}

static void test_waiting(void **state)
{
    (void)state;
    feed *f = feed_begin();
    chunk(f, 10, BEGINS, 1, 1, "a");
    f->t_ns += 30 * RIG_NS_PER_S - 1;
    chunk(f, 12, ENDS, 1, 1, "c"); /* a sign of life */
    f->t_ns += 30 * RIG_NS_PER_S - 1;
    chunk(f, 11, MIDDLE, 1, 1, "b");
    assert_int_equal(f->n, 1);
    assert_string_equal(f->got[0].text, "abc");
    chunk(f, 20, BEGINS, 1, 1, "a");
    f->t_ns += 30 * RIG_NS_PER_S;
    chunk(f, 21, ENDS, 1, 1, "b");
    assert_int_equal(f->n, 1);
    assert_int_equal(feed_counts(f).n_sctp_incomplete, 1);
    feed_end(f);
}

static void test_limits(void **state)
{
    (void)state;
    static char data[1000];
    feed *f = feed_begin(); /* one message that never ends: its beginning goes first */
    for (uint32_t tsn = 0; tsn < 100; tsn++)
        feed_chunk(f, 1, tsn, tsn == 0 ? BEGINS : MIDDLE, 0, 0, data, sizeof data);
    assert_in_range(feed_counts(f).n_limit_stream_bytes, 34, 40);
    assert_int_equal(feed_counts(f).n_sctp_incomplete, 1);
    feed_end(f);
    f = feed_begin();
    for (uint32_t tag = 0; tag < 8192 + 100; tag++)
        feed_chunk(f, tag, 1, BEGINS, 0, 0, data, 1);
    assert_int_equal(feed_counts(f).n_limit_streams, 100);
    feed_end(f);
    f = feed_begin();
    for (uint32_t i = 0; i < 20000; i++)
        feed_chunk(f, i / 50, i, i % 50 == 0 ? BEGINS : MIDDLE, 0, 0, data, sizeof data);
    assert_in_range(feed_counts(f).n_sctp_incomplete,
                    (20000000 - RIG_DECODER_MAX_HELD_BYTES) / 52000,
                    (20000000 - RIG_DECODER_MAX_HELD_BYTES) / 50000 + 20);
    feed_end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_no_message),
        cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("packets_sctp", tests, NULL, NULL);
}
