/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HEP, the encapsulation by which proxies and SBCs copy SIP to a collector (Homer). Version 3 is a
 * list of chunks (https://github.com/sipcapture/hep); versions 1 and 2 are a fixed header before
 * the message. Addresses, ports, transport and time are those of the message, not of the copy. */
#include <string.h>
#include <zlib.h>

#include "analyzer/packets/decode.h"
#include "core/clock.h"

enum {
    HEP3_HEADER = 6,
    CHUNK_HEADER = 6,
    CHUNK_FAMILY = 1,
    CHUNK_PROTOCOL = 2,
    CHUNK_SRC_IPV4 = 3,
    CHUNK_DST_IPV4 = 4,
    CHUNK_SRC_IPV6 = 5,
    CHUNK_DST_IPV6 = 6,
    CHUNK_SRC_PORT = 7,
    CHUNK_DST_PORT = 8,
    CHUNK_SECONDS = 9,
    CHUNK_MICROSECONDS = 10,
    CHUNK_CONTENT = 11,
    CHUNK_PAYLOAD = 15,
    CHUNK_DEFLATED_PAYLOAD = 16,
    CONTENT_SIP = 1,
    FAMILY_IPV4 = 2,
    FAMILY_IPV6 = 10,
    MAX_INFLATED = 65535
};

/* What the chunks have told so far. */
typedef struct hep {
    rig_packet packet;
    bool has_src, has_dst, has_payload, is_deflated, is_sip;
    uint32_t t_s, t_us;
    bool has_time;
} hep;

static bool read_transport(unsigned protocol, rig_packet_transport *transport)
{
    switch (protocol) {
    case RIG_IP_UDP:
        *transport = RIG_OVER_UDP;
        return true;
    case RIG_IP_TCP:
        *transport = RIG_OVER_TCP;
        return true;
    case RIG_IP_SCTP:
        *transport = RIG_OVER_SCTP;
        return true;
    default:
        return false;
    }
}

static void read_address(rig_endpoint *to, const uint8_t *p, size_t n, bool *has)
{
    if (n == 4) {
        to->ip_high = 0;
        to->ip_low = UINT64_C(0xffff00000000) | rig_be32(p);
        *has = true;
    } else if (n == 16) {
        to->ip_high = rig_be64(p);
        to->ip_low = rig_be64(p + 8);
        *has = true;
    }
}

/* @return false when the chunk contradicts its type. */
static bool read_chunk(hep *h, unsigned type, const uint8_t *p, size_t n)
{
    switch (type) {
    case CHUNK_FAMILY:
        return n == 1;
    case CHUNK_PROTOCOL:
        return n == 1 && read_transport(p[0], &h->packet.transport);
    case CHUNK_SRC_IPV4:
    case CHUNK_SRC_IPV6:
        read_address(&h->packet.src, p, n, &h->has_src);
        return h->has_src;
    case CHUNK_DST_IPV4:
    case CHUNK_DST_IPV6:
        read_address(&h->packet.dst, p, n, &h->has_dst);
        return h->has_dst;
    case CHUNK_SRC_PORT:
    case CHUNK_DST_PORT:
        if (n != 2)
            return false;
        *(type == CHUNK_SRC_PORT ? &h->packet.src.port : &h->packet.dst.port) = rig_be16(p);
        return true;
    case CHUNK_SECONDS:
        if (n != 4)
            return false;
        h->t_s = rig_be32(p);
        h->has_time = true;
        return true;
    case CHUNK_MICROSECONDS:
        if (n != 4)
            return false;
        h->t_us = rig_be32(p);
        return true;
    case CHUNK_CONTENT:
        if (n != 1)
            return false;
        h->is_sip = p[0] == CONTENT_SIP;
        return true;
    case CHUNK_PAYLOAD:
    case CHUNK_DEFLATED_PAYLOAD:
        h->packet.payload = (rig_slice){.p = (const char *)p, .n = n};
        h->has_payload = true;
        h->is_deflated = type == CHUNK_DEFLATED_PAYLOAD;
        return true;
    default:
        return true;
    }
}

/* Chunks of a vendor of their own are passed over. The last one may be cut, if it is the payload.
 */
static bool read_chunks(hep *h, const uint8_t *p, size_t n, bool is_truncated)
{
    while (n >= CHUNK_HEADER) {
        unsigned vendor = rig_be16(p), type = rig_be16(p + 2);
        size_t n_chunk = rig_be16(p + 4);
        if (n_chunk < CHUNK_HEADER)
            return false;
        if (n_chunk > n) {
            if (!is_truncated || vendor != 0 || type != CHUNK_PAYLOAD)
                return false;
            h->packet.is_truncated = true;
            n_chunk = n;
        }
        if (vendor == 0 && !read_chunk(h, type, p + CHUNK_HEADER, n_chunk - CHUNK_HEADER))
            return false;
        p += n_chunk;
        n -= n_chunk;
    }
    return true;
}

static void pass_on(rig_decode *d, rig_packet *packet)
{
    packet->frame = d->frame;
    d->decoder->counts.n_hep++;
    rig_decode_emit(d, packet);
}

/* The payload as zlib or gzip wrote it. */
static void pass_on_deflated(rig_decode *d, hep *h)
{
    uint8_t inflated[MAX_INFLATED];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)h->packet.payload.p,
                  .avail_in = (uInt)h->packet.payload.n,
                  .next_out = inflated,
                  .avail_out = sizeof inflated};
    if (inflateInit2(&z, 15 + 32) != Z_OK) {
        if (d->status == RIG_OK)
            d->status = rig_fail(d->err, RIG_ENOMEM, "out of memory");
        return;
    }
    int got = inflate(&z, Z_FINISH);
    (void)inflateEnd(&z);
    if (got != Z_STREAM_END) {
        d->decoder->counts.n_hep_other++;
        return;
    }
    h->packet.payload =
        (rig_slice){.p = (const char *)inflated, .n = sizeof inflated - z.avail_out};
    pass_on(d, &h->packet);
}

static void decode_hep3(rig_decode *d, rig_slice payload, bool is_truncated)
{
    const uint8_t *p = (const uint8_t *)payload.p;
    size_t n = rig_be16(p + 4);
    hep h = {.packet = {.transport = RIG_OVER_UDP, .t_ns = d->t_ns}};
    if (n > payload.n && !is_truncated)
        n = 0;
    else if (n > payload.n)
        n = payload.n;
    if (n < HEP3_HEADER || !read_chunks(&h, p + HEP3_HEADER, n - HEP3_HEADER, is_truncated) ||
        !h.is_sip || !h.has_payload || !h.has_src || !h.has_dst) {
        d->decoder->counts.n_hep_other++;
        return;
    }
    if (h.has_time)
        h.packet.t_ns = h.t_s * RIG_NS_PER_S + h.t_us * INT64_C(1000);
    if (h.is_deflated)
        pass_on_deflated(d, &h);
    else
        pass_on(d, &h.packet);
}

/* Version, header length, address family, IP protocol, ports, addresses; version 2 then has the
 * time, in the byte order of the sender (little on all that are in use), and the sender's number.
 * All must agree, and the message must begin as SIP does, as there is no magic number. */
static bool decode_hep_1_or_2(rig_decode *d, rig_slice payload, bool is_truncated)
{
    const uint8_t *p = (const uint8_t *)payload.p;
    if (payload.n < 8 || (p[0] != 1 && p[0] != 2))
        return false;
    size_t n_address = p[2] == FAMILY_IPV4 ? 4 : p[2] == FAMILY_IPV6 ? 16 : 0;
    size_t n_header = 8 + 2 * n_address;
    size_t n_all = n_header + (p[0] == 2 ? 12 : 0);
    hep h = {.packet = {.t_ns = d->t_ns, .is_truncated = is_truncated}};
    if (n_address == 0 || (p[1] != n_header && p[1] != n_all) || payload.n <= n_all ||
        !read_transport(p[3], &h.packet.transport) || p[n_all] < 'A' || p[n_all] > 'Z')
        return false;
    read_address(&h.packet.src, p + 8, n_address, &h.has_src);
    read_address(&h.packet.dst, p + 8 + n_address, n_address, &h.has_dst);
    h.packet.src.port = rig_be16(p + 4);
    h.packet.dst.port = rig_be16(p + 6);
    if (p[0] == 2)
        h.packet.t_ns =
            rig_le32(p + n_header) * RIG_NS_PER_S + rig_le32(p + n_header + 4) * INT64_C(1000);
    h.packet.payload = rig_slice_skip(payload, n_all);
    pass_on(d, &h.packet);
    return true;
}

bool rig_decode_hep(rig_decode *d, rig_slice payload, bool is_truncated)
{
    if (payload.n < HEP3_HEADER)
        return false;
    if (payload.p[0] != 'H')
        return decode_hep_1_or_2(d, payload, is_truncated);
    if (memcmp(payload.p, "HEP3", 4) != 0)
        return false;
    decode_hep3(d, payload, is_truncated);
    return true;
}
