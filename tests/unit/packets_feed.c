/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/packets_feed.h"

#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "core/clock.h"

static rig_status take(void *ctx, const rig_packet *packet, rig_error *err)
{
    feed *f = ctx;
    if (f->fails != RIG_OK)
        return rig_fail(err, f->fails, "the sink fails");
    if (f->n < FEED_MAX) {
        feed_packet *got = &f->got[f->n];
        size_t n = packet->payload.n < FEED_TEXT - 1 ? packet->payload.n : FEED_TEXT - 1;
        got->packet = *packet;
        if (n > 0)
            memcpy(got->text, packet->payload.p, n);
        got->text[n] = '\0';
    }
    f->n++;
    return RIG_OK;
}

feed *feed_begin(void)
{
    feed *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->t_ns = 1000 * RIG_NS_PER_S;
    assert_int_equal(rig_decoder_new(take, f, &f->decoder), RIG_OK);
    return f;
}

void feed_end(feed *f)
{
    rig_decoder_free(f->decoder);
    free(f);
}

void feed_ip(feed *f, const uint8_t *packet, size_t n, size_t n_captured)
{
    /* An exact copy, so that a sanitizer sees a read behind the end. */
    uint8_t *copy = malloc(n_captured > 0 ? n_captured : 1);
    rig_error err = {.text = ""};
    assert_non_null(copy);
    if (n_captured > 0)
        memcpy(copy, packet, n_captured);
    rig_status status = rig_decoder_frame(f->decoder, LINK_RAW, f->t_ns, copy, n_captured, n, &err);
    free(copy);
    assert_int_equal(status, f->fails == RIG_OK ? RIG_OK : status);
}

static void put16(uint8_t *p, size_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static void put32(uint8_t *p, uint32_t value)
{
    put16(p, value >> 16);
    put16(p + 2, value & 0xffff);
}

size_t put_ipv4(uint8_t *to, uint8_t protocol, unsigned from, unsigned id, unsigned fragment,
                const void *payload, size_t n)
{
    memset(to, 0, 20);
    to[0] = 0x45;
    put16(to + 2, 20 + n);
    put16(to + 4, id);
    put16(to + 6, fragment);
    to[8] = 64;
    to[9] = protocol;
    to[12] = to[16] = 10;
    to[15] = (uint8_t)from;
    to[19] = (uint8_t)(3 - from);
    memcpy(to + 20, payload, n);
    return 20 + n;
}

size_t put_udp(uint8_t *to, uint16_t src, uint16_t dst, const void *payload, size_t n)
{
    memset(to, 0, 8);
    put16(to, src);
    put16(to + 2, dst);
    put16(to + 4, 8 + n);
    memcpy(to + 8, payload, n);
    return 8 + n;
}

size_t put_tcp(uint8_t *to, uint16_t src, uint16_t dst, uint32_t seq, uint32_t ack, unsigned flags,
               const void *payload, size_t n)
{
    memset(to, 0, 20);
    put16(to, src);
    put16(to + 2, dst);
    put32(to + 4, seq);
    put32(to + 8, ack);
    to[12] = 0x50;
    to[13] = (uint8_t)flags;
    if (n > 0)
        memcpy(to + 20, payload, n);
    return 20 + n;
}

void feed_fragment(feed *f, unsigned id, size_t offset, bool has_more, const void *data, size_t n)
{
    static uint8_t packet[FEED_FRAME];
    size_t n_packet =
        put_ipv4(packet, 17, 1, id, (has_more ? 0x2000u : 0) | (unsigned)offset / 8, data, n);
    feed_ip(f, packet, n_packet, n_packet);
}

void feed_segment_cut(feed *f, unsigned from, uint32_t seq, uint32_t ack, unsigned flags,
                      const char *text, size_t n, size_t n_captured)
{
    static uint8_t segment[FEED_FRAME], packet[FEED_FRAME];
    size_t n_segment = put_tcp(segment, 5060, 5060, seq, ack, flags, text, n);
    size_t n_packet = put_ipv4(packet, 6, from, 0, 0, segment, n_segment);
    feed_ip(f, packet, n_packet, 40 + n_captured);
}

void feed_segment(feed *f, unsigned from, uint32_t seq, uint32_t ack, unsigned flags,
                  const char *text)
{
    feed_segment_cut(f, from, seq, ack, flags, text, strlen(text), strlen(text));
}

rig_decoder_counts feed_counts(const feed *f)
{
    rig_decoder_counts counts;
    rig_decoder_count(f->decoder, &counts);
    return counts;
}
