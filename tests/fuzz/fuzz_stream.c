/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libFuzzer target: TCP segments, SCTP packets and IP fragments between two hosts, in any order.
 *
 * Records of 8 bytes and data: what and who (1), flags (1), place in the stream (2), time step (1),
 * bytes not captured (1), length of the data (2). */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/decoder.h"
#include "analyzer/packets/sip_framing.h"
#include "core/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LINK_RAW = 101, MAX_FRAME = 70000 };

static void put16(uint8_t *p, size_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

/* A message of a stream is one: the framing finds it whole. */
static rig_status check(void *ctx, const rig_packet *packet, rig_error *err)
{
    size_t *n_bytes = ctx;
    rig_sip_framing framing = {.n_scanned = 0};
    size_t n;
    (void)err;
    *n_bytes += packet->payload.n;
    if (packet->t_ns < 0 || packet->frame == 0)
        abort();
    if (packet->transport != RIG_OVER_TCP || packet->src.port == 9)
        return RIG_OK; /* port 9: HEP told so */
    rig_sip_found found = rig_sip_frame(packet->payload, &framing, &n);
    /* A WebSocket message ends where its frames end, whatever its Content-Length. */
    if (packet->is_truncated ? found != RIG_SIP_FOUND_BODY
                             : found != RIG_SIP_FOUND_MESSAGE && found != RIG_SIP_FOUND_BODY)
        abort();
    if (found == RIG_SIP_FOUND_MESSAGE && n > packet->payload.n)
        abort();
    if (packet->payload.n > RIG_DECODER_MAX_STREAM_BYTES)
        abort();
    return RIG_OK;
}

static size_t put_tcp(uint8_t *p, const uint8_t *record, size_t n)
{
    bool is_back = (record[0] & 1) != 0;
    memset(p, 0, 20);
    put16(p, is_back ? 5060 : 5061 + (record[0] >> 4));
    put16(p + 2, is_back ? 5061 + (record[0] >> 4) : 5060);
    put16(p + 6, (size_t)(record[2] << 8 | record[3]));
    put16(p + 10, (size_t)(record[3] << 8 | record[4]));
    p[12] = 0x50;
    p[13] = record[1];
    memcpy(p + 20, record + 8, n);
    return 20 + n;
}

static size_t put_sctp(uint8_t *p, const uint8_t *record, size_t n)
{
    memset(p, 0, 28);
    put16(p, 5060);
    put16(p + 2, 5060);
    p[13] = record[1];
    put16(p + 14, 16 + n);
    put16(p + 18, (size_t)(record[2] << 8 | record[3]));
    p[23] = record[0] >> 6;
    memcpy(p + 28, record + 8, n);
    return 28 + n;
}

static size_t put_ip(uint8_t *p, const uint8_t *record, size_t n)
{
    uint8_t *payload = p + 20;
    size_t n_payload;
    uint8_t protocol = 17;
    size_t fragment = 0;
    switch (record[0] >> 1 & 7) {
    case 0:
        n_payload = put_sctp(payload, record, n);
        protocol = 132;
        break;
    case 1:
        memcpy(payload, record + 8, n);
        n_payload = n;
        fragment = (size_t)(record[2] << 8 | record[3]) & 0x3fff;
        protocol = (record[1] & 1) != 0 ? 6 : 17;
        break;
    default:
        n_payload = put_tcp(payload, record, n);
        protocol = 6;
        break;
    }
    memset(p, 0, 20);
    p[0] = 0x45;
    put16(p + 2, 20 + n_payload);
    put16(p + 4, record[0] >> 5);
    put16(p + 6, fragment);
    p[9] = protocol;
    p[12] = p[16] = 10;
    p[15] = (record[0] & 1) != 0 ? 2 : 1;
    p[19] = (uint8_t)(3 - p[15]);
    return 20 + n_payload;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static uint8_t frame[MAX_FRAME];
    rig_decoder *decoder = NULL;
    rig_decoder_counts counts;
    size_t n_bytes = 0, n_given = 0;
    int64_t t_ns = 1000 * RIG_NS_PER_S;
    if (rig_decoder_new(check, &n_bytes, &decoder) != RIG_OK)
        return 0;
    for (size_t at = 0; size - at >= 8;) {
        const uint8_t *record = data + at;
        size_t n = (size_t)(record[6] << 8 | record[7]);
        if (n > size - at - 8)
            n = size - at - 8;
        at += 8 + n;
        n_given += n;
        t_ns += record[4] < 200 ? record[4] * INT64_C(1000000) : (record[4] - 200) * RIG_NS_PER_S;
        size_t n_frame = put_ip(frame, record, n);
        size_t n_cut = record[5] < n ? record[5] : n;
        uint8_t *copy = malloc(n_frame - n_cut); /* a read behind its end shows */
        if (copy == NULL)
            abort();
        memcpy(copy, frame, n_frame - n_cut);
        if (rig_decoder_frame(decoder, LINK_RAW, t_ns, copy, n_frame - n_cut, n_frame, NULL) !=
            RIG_OK)
            abort();
        free(copy);
    }
    if (rig_decoder_finish(decoder, NULL) != RIG_OK)
        abort();
    rig_decoder_count(decoder, &counts);
    if (counts.n_stream_messages > n_given || counts.n_truncated > counts.n_packets)
        abort();
    rig_decoder_free(decoder);
    return 0;
}
