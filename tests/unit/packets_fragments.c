/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IP fragments: orders, overlaps, limits, and what is passed on of datagrams that never get whole.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "core/clock.h"
#include "tests/unit/packets_feed.h"

/* A datagram of 8 + 40 bytes; `text` is what must come out. */
static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyzABCD";
enum { N_TEXT = 40, N_DATAGRAM = 48 };

static void put_datagram(uint8_t *to)
{
    assert_int_equal(put_udp(to, 5060, 5060, text, N_TEXT), N_DATAGRAM);
}

/* Pieces as offset and end; the one that ends at N_DATAGRAM is the last. */
typedef struct piece {
    unsigned from, to;
} piece;

static const struct {
    const char *name;
    piece pieces[6]; /* until to = 0 */
    size_t n_packets;
    uint64_t n_repeated, n_overlapping, n_bad;
} orders[] = {
    {"in order", {{0, 16}, {16, 32}, {32, 48}}, 1, 0, 0, 0},
    {"reversed", {{32, 48}, {16, 32}, {0, 16}}, 1, 0, 0, 0},
    {"middle last", {{0, 16}, {32, 48}, {16, 32}}, 1, 0, 0, 0},
    {"one again", {{0, 16}, {0, 16}, {16, 48}}, 1, 1, 0, 0},
    {"one again at the end", {{0, 16}, {16, 48}, {16, 48}}, 1, 1, 0, 0},
    {"all again", {{0, 24}, {24, 48}, {0, 24}, {24, 48}}, 1, 2, 0, 0},
    {"overlapping", {{0, 24}, {16, 48}}, 1, 0, 1, 0},
    {"overlapping, reversed", {{16, 48}, {0, 24}}, 1, 0, 1, 0},
    {"within another", {{0, 32}, {8, 16}, {32, 48}}, 1, 1, 0, 0},
    {"around another", {{16, 24}, {0, 40}, {40, 48}}, 1, 0, 1, 0},
    {"around two", {{8, 16}, {24, 32}, {0, 40}, {40, 48}}, 1, 0, 1, 0},
    {"behind the end", {{32, 48}, {48, 56}, {0, 32}}, 1, 0, 0, 1},
    {"across the end", {{32, 48}, {40, 56}, {0, 32}}, 1, 0, 0, 1},
    {"hole", {{0, 16}, {32, 48}}, 0, 0, 0, 0},
    {"no beginning", {{16, 32}, {32, 48}}, 0, 0, 0, 0},
    {"no end", {{0, 16}, {16, 32}}, 0, 0, 0, 0},
};

static void test_orders(void **state)
{
    (void)state;
    uint8_t datagram[64] = {0};
    put_datagram(datagram);
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        feed *f = feed_begin();
        for (const piece *p = orders[i].pieces; p->to != 0; p++)
            feed_fragment(f, 7, p->from, p->to != N_DATAGRAM, datagram + p->from, p->to - p->from);
        rig_decoder_counts counts = feed_counts(f);
        if (f->n != orders[i].n_packets || counts.n_fragments_repeated != orders[i].n_repeated ||
            counts.n_fragments_overlapping != orders[i].n_overlapping ||
            counts.n_fragments_bad != orders[i].n_bad ||
            counts.n_reassembled != orders[i].n_packets)
            fail_msg("%s: %zu packets, %llu repeated, %llu overlapping, %llu bad", orders[i].name,
                     f->n, (unsigned long long)counts.n_fragments_repeated,
                     (unsigned long long)counts.n_fragments_overlapping,
                     (unsigned long long)counts.n_fragments_bad);
        if (f->n > 0) {
            assert_string_equal(f->got[0].text, text);
            assert_false(f->got[0].packet.is_truncated);
            assert_int_equal(f->got[0].packet.ip_id, 7);
            assert_int_equal(f->got[0].packet.src.port, 5060);
            assert_int_equal(f->got[0].packet.src.ip_low & 0xff, 1);
        }
        feed_end(f);
    }
}

/* Of bytes that come twice, the first stay. */
static void test_first_bytes_win(void **state)
{
    (void)state;
    uint8_t datagram[64] = {0}, wrong[64];
    put_datagram(datagram);
    memset(wrong, '!', sizeof wrong);
    feed *f = feed_begin();
    feed_fragment(f, 1, 24, true, datagram + 24, 8);
    memcpy(wrong, datagram, 24);
    feed_fragment(f, 1, 0, true, wrong, 40);
    feed_fragment(f, 1, 40, false, datagram + 40, 8);
    assert_int_equal(f->n, 1);
    /* 24..32 had been there, 32..40 came with the second one. */
    assert_memory_equal(f->got[0].text, text, 24);
    assert_memory_equal(f->got[0].text + 24, "!!!!!!!!", 8);
    assert_memory_equal(f->got[0].text + 32, text + 32, 8);
    feed_end(f);
}

/* Identification, protocol, addresses and version tell datagrams apart. */
static void test_keys(void **state)
{
    (void)state;
    uint8_t datagram[64] = {0}, packet[128];
    put_datagram(datagram);
    feed *f = feed_begin();
    feed_fragment(f, 1, 0, true, datagram, 24);
    feed_fragment(f, 2, 24, false, datagram + 24, 24);
    feed_ip(f, packet, 44, put_ipv4(packet, 17, 2, 1, 3, datagram + 24, 24));
    feed_ip(f, packet, 44, put_ipv4(packet, 132, 1, 1, 3, datagram + 24, 24));
    assert_int_equal(f->n, 0);
    feed_fragment(f, 1, 24, false, datagram + 24, 24);
    assert_int_equal(f->n, 1);
    feed_end(f);
}

/* A lost end: the beginning is passed on after 20 ms if it holds whole headers, after 30 s if not;
 * what comes later is old. */
static void test_waiting(void **state)
{
    (void)state;
    static const char head[] = "BYE sip:a SIP/2.0\r\ni: 1\r\n\r\nbody of more bytes than come....";
    uint8_t datagram[128] = {0};
    size_t n = put_udp(datagram, 5060, 5060, head, strlen(head));
    uint8_t other[20] = {0x45, 0, 0, 20, [9] = 1};
    feed *f = feed_begin();
    int64_t t_ns = f->t_ns;
    feed_fragment(f, 1, 0, true, datagram, 48);
    feed_fragment(f, 2, 0, true, datagram, 24);
    f->t_ns = t_ns + 19999999;
    feed_ip(f, other, 20, 20);
    assert_int_equal(f->n, 0);
    f->t_ns = t_ns + 20000000;
    feed_ip(f, other, 20, 20);
    assert_int_equal(f->n, 1);
    assert_true(f->got[0].packet.is_truncated);
    assert_int_equal(f->got[0].packet.payload.n, 40);
    assert_int_equal(f->got[0].packet.t_ns, t_ns);
    assert_int_equal(f->got[0].packet.frame, 1);
    feed_fragment(f, 1, 48, false, datagram + 48, n - 48); /* too late */
    assert_int_equal(f->n, 1);
    f->t_ns = t_ns + 29 * RIG_NS_PER_S;
    feed_ip(f, other, 20, 20);
    assert_int_equal(f->n, 1);
    f->t_ns = t_ns + 31 * RIG_NS_PER_S;
    feed_ip(f, other, 20, 20);
    assert_int_equal(f->n, 2);
    assert_int_equal(f->got[1].packet.payload.n, 16);
    assert_int_equal(feed_counts(f).n_datagrams_incomplete, 2);
    feed_fragment(f, 3, 0, true, datagram, 24);
    assert_int_equal(rig_decoder_finish(f->decoder, NULL), RIG_OK);
    assert_int_equal(f->n, 3);
    feed_end(f);
}

/* A frame with a time of the far future does not stop the clock for those behind it. */
static void test_far_future(void **state)
{
    (void)state;
    uint8_t datagram[64] = {0}, other[20] = {0x45, 0, 0, 20, [9] = 1};
    put_datagram(datagram);
    feed *f = feed_begin();
    int64_t t_ns = f->t_ns;
    f->t_ns = t_ns * 1000;
    feed_fragment(f, 1, 0, true, datagram, 24);
    f->t_ns = t_ns;
    feed_fragment(f, 2, 0, true, datagram, 24);
    feed_fragment(f, 2, 24, false, datagram + 24, 24);
    assert_string_equal(f->got[f->n - 1].text, text);
    feed_fragment(f, 3, 0, true, datagram, 24);
    f->t_ns = t_ns + 31 * RIG_NS_PER_S;
    feed_ip(f, other, 20, 20);
    assert_int_equal(f->n, 3); /* both beginnings, and the whole one */
    feed_end(f);
}

/* A fragment that the capture cut: the datagram is complete, its payload ends at the cut. */
static void test_cut_fragment(void **state)
{
    (void)state;
    uint8_t datagram[64] = {0}, packet[128];
    put_datagram(datagram);
    feed *f = feed_begin();
    feed_fragment(f, 1, 24, false, datagram + 24, 24);
    size_t n = put_ipv4(packet, 17, 1, 1, 0x2000, datagram, 24);
    feed_ip(f, packet, n, n - 5);
    assert_int_equal(f->n, 1);
    assert_true(f->got[0].packet.is_truncated);
    assert_int_equal(f->got[0].packet.payload.n, 24 - 5 - 8);
    feed_end(f);
}

/* However many datagrams begin and never end, memory stays bounded and each limit is counted. */
static void test_limits(void **state)
{
    (void)state;
    static uint8_t data[60000];
    feed *f = feed_begin();
    for (unsigned id = 0; id < RIG_DECODER_MAX_REASSEMBLIES + 100; id++)
        feed_fragment(f, id, 8, true, data, 8);
    assert_int_equal(feed_counts(f).n_limit_reassemblies, 100);
    feed_end(f);
    f = feed_begin();
    for (unsigned id = 0; id < 400; id++)
        feed_fragment(f, id, 0, true, data, 59992);
    rig_decoder_counts counts = feed_counts(f);
    assert_in_range(counts.n_limit_reassemblies, 400 - RIG_DECODER_MAX_HELD_BYTES / 59992 - 1,
                    400 - RIG_DECODER_MAX_HELD_BYTES / 65536 + 1);
    feed_end(f);
    f = feed_begin(); /* many that get whole hold nothing: one that waits stays */
    feed_fragment(f, 5000, 0, true, data, 800);
    for (unsigned id = 0; id < 1000; id++) {
        feed_fragment(f, id, 0, true, data, 32000);
        feed_fragment(f, id, 32000, false, data, 20000);
    }
    feed_fragment(f, 5000, 800, false, data, 8);
    assert_int_equal(feed_counts(f).n_reassembled, 1001);
    assert_int_equal(feed_counts(f).n_limit_reassemblies, 0);
    feed_end(f);
    f = feed_begin(); /* one datagram in very many pieces */
    for (unsigned i = 0; i < 200; i++)
        feed_fragment(f, 1, i * 16, true, data, 8);
    assert_in_range(feed_counts(f).n_limit_reassemblies, 1, 4);
    feed_end(f);
    f = feed_begin(); /* longer than a datagram can be */
    feed_fragment(f, 1, 65528, false, data, 8);
    feed_fragment(f, 1, 8, true, data, 0);
    assert_int_equal(feed_counts(f).n_fragments_bad, 2);
    feed_end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),     cmocka_unit_test(test_first_bytes_win),
        cmocka_unit_test(test_keys),       cmocka_unit_test(test_waiting),
        cmocka_unit_test(test_far_future), cmocka_unit_test(test_cut_fragment),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests_name("packets_fragments", tests, NULL, NULL);
}
