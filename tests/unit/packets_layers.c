/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every layer, cut everywhere: the first frame of each capture in tests/fixtures/layers that holds
 * a whole datagram, captured up to each of its bytes. What is cut is counted as cut, never as
 * malformed and never as something else; what is passed on of it is the beginning of the datagram.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/packets/capture.h"
#include "analyzer/decoder.h"

enum { MIN_FRAMES = 60, MAX_PAYLOAD = 4096 };

typedef struct taken {
    size_t n;
    char payload[MAX_PAYLOAD];
    size_t n_payload;
    bool is_truncated;
    rig_endpoint src, dst;
} taken;

static rig_status take(void *ctx, const rig_packet *packet, rig_error *err)
{
    taken *t = ctx;
    (void)err;
    assert_in_range(packet->payload.n, 0, MAX_PAYLOAD);
    t->n++;
    t->n_payload = packet->payload.n;
    if (packet->payload.n > 0)
        memcpy(t->payload, packet->payload.p, packet->payload.n);
    t->is_truncated = packet->is_truncated;
    t->src = packet->src;
    t->dst = packet->dst;
    return RIG_OK;
}

/* One frame in a decoder of its own. */
static void decode(const rig_frame *frame, size_t caplen, size_t len, taken *t,
                   rig_decoder_counts *counts)
{
    rig_decoder *decoder = NULL;
    uint8_t *copy = malloc(caplen > 0 ? caplen : 1);
    assert_non_null(copy);
    memcpy(copy, frame->data, caplen);
    t->n = 0;
    assert_int_equal(rig_decoder_new(take, t, &decoder), RIG_OK);
    assert_int_equal(
        rig_decoder_frame(decoder, frame->linktype, frame->t_ns, copy, caplen, len, NULL), RIG_OK);
    rig_decoder_count(decoder, counts);
    rig_decoder_free(decoder);
    free(copy);
}

static void check_cuts(const char *name, const rig_frame *frame, const taken *whole)
{
    rig_decoder_counts counts;
    taken *t = calloc(1, sizeof *t);
    assert_non_null(t);
    for (size_t caplen = 0; caplen < frame->caplen; caplen++) {
        decode(frame, caplen, frame->len, t, &counts);
        bool is_hep = counts.n_hep + counts.n_hep_other > 0;
        if (counts.n_cut + counts.n_udp + counts.n_sctp + counts.n_tcp != 1)
            fail_msg("%s, cut after %zu of %zu: neither cut nor read; %llu malformed", name, caplen,
                     frame->caplen, (unsigned long long)counts.n_malformed);
        if (t->n == 0)
            continue;
        /* HEP is known by what it holds: cut before that, it is a datagram like any other. */
        if (strncmp(name, "hep", 3) == 0 && !is_hep)
            continue;
        if (t->n_payload > whole->n_payload ||
            memcmp(t->payload, whole->payload, t->n_payload) != 0 ||
            t->is_truncated != (t->n_payload < whole->n_payload) ||
            !rig_endpoint_eq(t->src, whole->src) || !rig_endpoint_eq(t->dst, whole->dst))
            fail_msg("%s, cut after %zu of %zu: another datagram", name, caplen, frame->caplen);
    }
    free(t);
}

static void test_cuts(void **state)
{
    (void)state;
    struct dirent **entries = NULL;
    int n = scandir(PEAKRIG_LAYERS, &entries, NULL, alphasort);
    size_t n_checked = 0;
    taken *whole = calloc(1, sizeof *whole);
    assert_non_null(whole);
    for (int i = 0; i < n; i++) {
        char path[4096];
        rig_capture_reader *reader = NULL;
        rig_frame frame;
        rig_decoder_counts counts;
        bool is_end;
        const char *paths[] = {path};
        snprintf(path, sizeof path, "%s/%s", PEAKRIG_LAYERS, entries[i]->d_name);
        if (strstr(path, ".pcap") == NULL)
            continue;
        assert_int_equal(rig_capture_open(paths, 1, &reader, NULL), RIG_OK);
        assert_int_equal(rig_capture_next(reader, &frame, &is_end, NULL), RIG_OK);
        decode(&frame, frame.caplen, frame.len, whole, &counts);
        if (whole->n == 1 && !whole->is_truncated && counts.n_tcp == 0 && counts.n_sctp == 0) {
            check_cuts(entries[i]->d_name, &frame, whole);
            n_checked++;
        }
        rig_capture_close(reader);
    }
    for (int i = 0; i < n; i++)
        free(entries[i]);
    free(entries);
    free(whole);
    assert_in_range(n_checked, MIN_FRAMES, 1000);
}

/* Link layers by their numbers. */
static void test_links(void **state)
{
    (void)state;
    static const int read[] = {0,   1,   9,   12,  14,  50,  51,  101,
                               104, 108, 113, 219, 228, 229, 239, 276};
    static const int unread[] = {-1, 2, 105, 127, 147, 195, 65535, 1 << 20};
    static const uint8_t bytes[60] = {0x45};
    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++)
        assert_true(rig_decoder_link_is_read(read[i]));
    for (size_t i = 0; i < sizeof unread / sizeof unread[0]; i++) {
        rig_decoder_counts counts;
        taken t;
        rig_frame frame = {.linktype = unread[i], .data = bytes};
        assert_false(rig_decoder_link_is_read(unread[i]));
        decode(&frame, sizeof bytes, sizeof bytes, &t, &counts);
        assert_int_equal(counts.n_unread_link, 1);
    }
}

/* Headers that contradict themselves or carry something else, as raw IP or Ethernet. */
static void test_odd_headers(void **state)
{
    (void)state;
    enum { UDP, MALFORMED, CUT, OTHER_IP, OTHER_LINK, FRAGMENT };
    static const struct {
        const char *name;
        int linktype;
        int expected;
        size_t n;
        uint8_t bytes[64];
    } rows[] = {
        {"version 5", 101, MALFORMED, 40, {0x55, [3] = 40}},
        {"header of 16 bytes", 101, MALFORMED, 40, {0x44, [3] = 40, [9] = 17}},
        {"total below header", 101, MALFORMED, 40, {0x46, [3] = 20, [9] = 17}},
        {"udp shorter than its header", 101, MALFORMED, 40, {0x45, [3] = 40, [9] = 17, [25] = 7}},
        {"udp longer than its packet", 101, MALFORMED, 40, {0x45, [3] = 40, [9] = 17, [25] = 21}},
        {"udp of its header alone", 101, UDP, 28, {0x45, [3] = 28, [9] = 17, [25] = 8}},
        {"udp shorter than its packet", 101, UDP, 40, {0x45, [3] = 40, [9] = 17, [25] = 9}},
        {"udp header cut by total length", 101, MALFORMED, 40, {0x45, [3] = 26, [9] = 17}},
        {"empty", 101, MALFORMED, 0, {0}},
        {"ospf", 101, OTHER_IP, 40, {0x45, [3] = 40, [9] = 89}},
        {"ipv6 without payload", 101, OTHER_IP, 40, {0x60, [6] = 59}},
        {"ipv6 extension behind the end",
         101,
         MALFORMED,
         48,
         {0x60, [5] = 8, [6] = 60, [40] = 17, 2}},
        {"ipv6 fragment header cut", 101, MALFORMED, 46, {0x60, [5] = 6, [6] = 44}},
        {"gre version 2", 101, OTHER_IP, 40, {0x45, [3] = 40, [9] = 47, [21] = 2, [22] = 8}},
        {"gre keep-alive", 101, OTHER_LINK, 24, {0x45, [3] = 24, [9] = 47}},
        {"arp", 1, OTHER_LINK, 42, {[12] = 8, 6}},
        {"spanning tree", 1, OTHER_LINK, 60, {[13] = 38, 0x42, 0x42, 3}},
        {"pppoe discovery", 1, OTHER_LINK, 60, {[12] = 0x88, 0x63, 0x11, 9}},
        {"pppoe terminate", 1, OTHER_LINK, 60, {[12] = 0x88, 0x64, 0x11, 0xa7}},
        {"pppoe longer than its frame", 1, MALFORMED, 60, {[12] = 0x88, 0x64, 0x11, 0, 0, 1, 1, 0}},
        {"ppp lcp", 9, OTHER_LINK, 20, {0xff, 3, 0xc0, 0x21}},
        {"family 7", 0, OTHER_LINK, 40, {7}},
        {"mpls without bottom", 1, MALFORMED, 22, {[12] = 0x88, 0x47}},
        {"nflog without packet", 239, OTHER_LINK, 12, {2, 0, 0, 0, 8, 0, 10, 0}},
        {"nflog attribute of 3", 239, MALFORMED, 12, {2, 0, 0, 0, 3, 0, 9, 0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_decoder_counts c;
        taken t;
        rig_frame frame = {.linktype = rows[i].linktype, .data = rows[i].bytes};
        decode(&frame, rows[i].n, rows[i].n, &t, &c);
        const uint64_t got[] = {c.n_udp,      c.n_malformed,  c.n_cut,
                                c.n_other_ip, c.n_other_link, c.n_fragments};
        if (got[rows[i].expected] != 1)
            fail_msg("%s: udp %llu malformed %llu cut %llu other ip %llu other link %llu",
                     rows[i].name, (unsigned long long)c.n_udp, (unsigned long long)c.n_malformed,
                     (unsigned long long)c.n_cut, (unsigned long long)c.n_other_ip,
                     (unsigned long long)c.n_other_link);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_odd_headers),
    };
    return cmocka_run_group_tests_name("packets_layers", tests, NULL, NULL);
}
