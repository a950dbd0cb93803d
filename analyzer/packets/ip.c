/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPv4 (RFC 791) and IPv6 (RFC 8200) with extension headers, their fragments, and UDP. */
#include <stdlib.h>

#include "analyzer/packets/decode.h"
#include "analyzer/packets/fragments.h"
#include "analyzer/packets/sip_framing.h"

enum { IPV4_MIN_HEADER = 20, IPV6_HEADER = 40, UDP_HEADER = 8, MORE_FRAGMENTS = 0x2000 };

static void decode_datagram(rig_decode *d, rig_datagram *datagram);

/* Beginnings of messages of the same call that wait for their rest come before this one. */
static void pass_beginnings(rig_decode *d, rig_slice payload, const rig_fragment_key *except)
{
    rig_slice call_id;
    rig_datagram due;
    if (!rig_sip_call_id_in(payload, &call_id))
        return;
    rig_decode before = *d; /* its addresses stay those of this datagram */
    while (rig_fragments_of_call(d->decoder->fragments, call_id, except, &due))
        decode_datagram(&before, &due);
    d->status = before.status;
}

/* At a glance: media, DNS and the like are none. A keep-alive says nothing: line ends (RFC 5626), or
 * up to four noughts; more of these begin a tunnel that is not read (CAPWAP, RFC 5415). */
static bool may_be_sip(rig_slice payload)
{
    enum { MAX_NOUGHTS = 4 };
    return payload.n == 0 || payload.p[0] == '\r' || payload.p[0] == '\n' ||
           (payload.p[0] == '\0' && payload.n <= MAX_NOUGHTS) ||
           (payload.p[0] >= 'A' && payload.p[0] <= 'Z') ||
           (payload.p[0] >= 'a' && payload.p[0] <= 'z');
}

/* Whether a port ends with the same six bits as one of a tunnel over UDP: that of SIP does not. */
static bool may_be_tunnel(uint16_t src_port, uint16_t dst_port)
{
#define ENDS_LIKE(port) (UINT64_C(1) << ((port)&63))
    static const uint64_t ends = ENDS_LIKE(1701) | ENDS_LIKE(2152) | ENDS_LIKE(3544) |
                                 ENDS_LIKE(4341) | ENDS_LIKE(4789) | ENDS_LIKE(4790) |
                                 ENDS_LIKE(6080) | ENDS_LIKE(6081) | ENDS_LIKE(6635) |
                                 ENDS_LIKE(8472) | ENDS_LIKE(37008);
#undef ENDS_LIKE
    return ((ends >> (dst_port & 63) | ends >> (src_port & 63)) & 1) != 0;
}

static rig_frame_kind decode_udp(rig_decode *d, rig_cursor at)
{
    if (at.n < UDP_HEADER)
        return rig_decode_too_short(at, UDP_HEADER);
    size_t n_datagram = rig_be16(at.p + 4);
    if (n_datagram == 0 && at.n_wire > 65535)
        n_datagram = at.n_wire; /* a jumbogram: RFC 2675 */
    if (n_datagram < UDP_HEADER || (n_datagram > at.n_wire && !d->is_partial))
        return RIG_FRAME_MALFORMED;
    d->src.port = rig_be16(at.p);
    d->dst.port = rig_be16(at.p + 2);
    bool is_truncated = n_datagram > at.n;
    rig_cursor_end_at(&at, n_datagram);
    (void)rig_cursor_skip(&at, UDP_HEADER);
    rig_frame_kind kind;
    if (may_be_tunnel(d->src.port, d->dst.port) &&
        (rig_decode_udp_tunnel(d, at, &kind) || rig_decode_overlay(d, at, &kind)))
        return kind;
    rig_slice payload = {.p = (const char *)at.p, .n = at.n};
    if (rig_decode_hep(d, payload, is_truncated))
        return RIG_FRAME_UDP;
    if (*d->decoder->n_beginnings > 0)
        pass_beginnings(d, payload, NULL);
    if (!may_be_sip(payload))
        rig_not_read_datagram(&d->decoder->not_read, d->src.port, d->dst.port);
    rig_packet packet = {.src = d->src,
                         .dst = d->dst,
                         .transport = RIG_OVER_UDP,
                         .ip_id = d->ip_id,
                         .payload = payload,
                         .is_truncated = is_truncated,
                         .t_ns = d->t_ns,
                         .frame = d->frame};
    rig_decode_emit(d, &packet);
    return RIG_FRAME_UDP;
}

/* RFC 3378: version 3, then a frame. */
static rig_frame_kind decode_etherip(rig_decode *d, rig_cursor at)
{
    if (at.n < 2)
        return rig_decode_too_short(at, 2);
    if (at.p[0] >> 4 != 3)
        return RIG_FRAME_OTHER_IP;
    (void)rig_cursor_skip(&at, 2);
    d->is_tunnelled = true;
    return rig_decode_ethernet(d, at);
}

/* "Destination unreachable": RFC 792, page 4; RFC 4443, section 3.1. One code of it says in IPv4
 * that a packet is too large for the way (RFC 1191, section 4), which is a type of its own in IPv6.
 */
enum { ICMP_UNREACHABLE = 3, ICMP_TOO_LARGE = 4, ICMPV6_UNREACHABLE = 1 };

rig_frame_kind rig_decode_protocol(rig_decode *d, rig_cursor at, uint8_t protocol)
{
    for (;;) {
        switch (protocol) {
        case RIG_IP_UDP:
            return decode_udp(d, at);
        case RIG_IP_TCP:
            return rig_decode_tcp(d, at);
        case RIG_IP_SCTP:
            return rig_decode_sctp(d, at);
        case RIG_IP_ICMP:
            d->decoder->counts.n_unreachable +=
                at.n > 1 && at.p[0] == ICMP_UNREACHABLE && at.p[1] != ICMP_TOO_LARGE;
            return RIG_FRAME_ICMP;
        case RIG_IP_ICMPV6:
            d->decoder->counts.n_unreachable += at.n > 0 && at.p[0] == ICMPV6_UNREACHABLE;
            return RIG_FRAME_ICMP;
        case RIG_IP_IPV4:
        case RIG_IP_IPV6:
            d->is_tunnelled = true;
            return rig_decode_ip(d, at);
        case RIG_IP_GRE:
            d->is_tunnelled = true;
            return rig_decode_gre(d, at);
        case RIG_IP_AH: /* RFC 4302: authenticated, not encrypted; length in words, less two */
            if (!rig_decode_enter(d))
                return RIG_FRAME_TOO_NESTED;
            if (at.n < 2)
                return rig_decode_too_short(at, 2);
            protocol = at.p[0];
            if (!rig_cursor_skip(&at, ((size_t)at.p[1] + 2) * 4))
                return rig_decode_too_short(at, ((size_t)at.p[1] + 2) * 4);
            break;
        case RIG_IP_ETHERIP:
            return decode_etherip(d, at);
        case RIG_IP_MPLS: /* RFC 4023 */
            d->is_tunnelled = true;
            return rig_decode_ethertype(d, at, RIG_ETHERTYPE_MPLS);
        default:
            rig_decode_not_read(d, RIG_NOT_READ_IP_PROTOCOL, protocol);
            return RIG_FRAME_OTHER_IP;
        }
    }
}

/* A datagram that was put together goes through the layers above IP as if it had come so. What it
 * holds is passed on; the frame itself stays a fragment. */
static void decode_datagram(rig_decode *d, rig_datagram *datagram)
{
    rig_decode inner = *d;
    inner.src = datagram->key.src;
    inner.dst = datagram->key.dst;
    inner.ip_id = (uint16_t)datagram->key.id;
    inner.is_partial = datagram->is_partial;
    inner.t_ns = datagram->t_ns;
    inner.frame = datagram->frame;
    inner.begin = NULL;
    rig_cursor at = {.p = datagram->data, .n = datagram->n, .n_wire = datagram->n_wire};
    (void)rig_decode_protocol(&inner, at, datagram->key.protocol);
    free(datagram->data);
    d->status = inner.status;
    d->has_ipv6 = inner.has_ipv6;
    d->is_tunnelled = inner.is_tunnelled;
}

void rig_decode_overdue_fragments(rig_decode *d, int64_t now_ns)
{
    rig_datagram due;
    while (rig_fragments_expire(d->decoder->fragments, now_ns, &due))
        decode_datagram(d, &due);
}

static bool is_read(uint8_t protocol)
{
    switch (protocol) {
    case RIG_IP_UDP:
    case RIG_IP_TCP:
    case RIG_IP_SCTP:
    case RIG_IP_IPV4:
    case RIG_IP_IPV6:
    case RIG_IP_GRE:
    case RIG_IP_AH:
    case RIG_IP_ETHERIP:
    case RIG_IP_MPLS:
        return true;
    default:
        return false;
    }
}

static rig_frame_kind take_fragment(rig_decode *d, rig_cursor at, uint32_t id, size_t offset,
                                    bool is_last, uint8_t protocol)
{
    if (!is_read(protocol))
        return RIG_FRAME_FRAGMENT;
    const rig_fragment fragment = {
        .key =
            {.src = d->src, .dst = d->dst, .id = id, .protocol = protocol, .is_ipv6 = d->is_ipv6},
        .offset = offset,
        .is_last = is_last,
        .p = at.p,
        .n = at.n,
        .n_wire = at.n_wire,
        .t_ns = d->t_ns,
        .frame = d->frame,
    };
    if (offset == 0 && protocol == RIG_IP_UDP && at.n > UDP_HEADER && *d->decoder->n_beginnings > 0)
        pass_beginnings(d, (rig_slice){(const char *)at.p + UDP_HEADER, at.n - UDP_HEADER},
                        &fragment.key);
    rig_datagram whole;
    uint32_t before;
    bool is_whole;
    rig_status status =
        rig_fragments_add(d->decoder->fragments, &fragment, &before, &whole, &is_whole);
    rig_decode_part(d, before, RIG_PART_OF_DATAGRAM);
    if (status != RIG_OK) {
        if (d->status == RIG_OK)
            d->status = rig_fail(d->err, status, "out of memory");
        return RIG_FRAME_FRAGMENT;
    }
    if (is_whole)
        decode_datagram(d, &whole);
    rig_decode_due(d->decoder, rig_fragments_due_ns(d->decoder->fragments));
    return RIG_FRAME_FRAGMENT;
}

static rig_endpoint mapped(const uint8_t *ipv4)
{
    return (rig_endpoint){.ip_low = UINT64_C(0xffff00000000) | rig_be32(ipv4)};
}

static rig_frame_kind decode_ipv4(rig_decode *d, rig_cursor at)
{
    if (at.n < IPV4_MIN_HEADER)
        return rig_decode_too_short(at, IPV4_MIN_HEADER);
    size_t n_header = (size_t)(at.p[0] & 0x0f) * 4;
    size_t n_total = rig_be16(at.p + 2);
    if (n_total == 0)
        n_total = at.n_wire; /* segmentation offload: the card would have filled it in */
    if (n_header < IPV4_MIN_HEADER || n_total < n_header)
        return RIG_FRAME_MALFORMED;
    /* What is missing was cut, even where a tool that cut the frame has written the cut length as
     * the frame's own. */
    rig_cursor_end_at(&at, n_total);
    uint16_t fragment = rig_be16(at.p + 6);
    uint8_t protocol = at.p[9];
    d->ip_id = rig_be16(at.p + 4);
    d->src = mapped(at.p + 12);
    d->dst = mapped(at.p + 16);
    if (!rig_cursor_skip(&at, n_header))
        return RIG_FRAME_CUT;
    d->is_partial = false;
    d->is_ipv6 = false;
    if ((fragment & 0x3fff) == 0)
        return rig_decode_protocol(d, at, protocol);
    return take_fragment(d, at, d->ip_id, (size_t)(fragment & 0x1fff) * 8,
                         (fragment & MORE_FRAGMENTS) == 0, protocol);
}

static rig_endpoint address(const uint8_t *ipv6)
{
    return (rig_endpoint){.ip_high = rig_be64(ipv6), .ip_low = rig_be64(ipv6 + 8)};
}

/* The headers between IPv6's own and the payload's. */
static rig_frame_kind decode_extensions(rig_decode *d, rig_cursor at, uint8_t next)
{
    for (;;) {
        switch (next) {
        case RIG_IP_HOP_BY_HOP:
        case RIG_IP_ROUTING:
        case RIG_IP_DESTINATION:
        case RIG_IP_MOBILITY: {
            if (!rig_decode_enter(d))
                return RIG_FRAME_TOO_NESTED;
            if (at.n < 2)
                return rig_decode_too_short(at, 2);
            size_t n = ((size_t)at.p[1] + 1) * 8;
            next = at.p[0];
            if (!rig_cursor_skip(&at, n))
                return rig_decode_too_short(at, n);
            break;
        }
        case RIG_IP_FRAGMENT: {
            if (!rig_decode_enter(d))
                return RIG_FRAME_TOO_NESTED;
            if (at.n < 8)
                return rig_decode_too_short(at, 8);
            uint16_t fragment = rig_be16(at.p + 2);
            uint32_t id = rig_be32(at.p + 4);
            next = at.p[0];
            (void)rig_cursor_skip(&at, 8);
            if ((fragment & 0xfff9) != 0) {
                d->ip_id = (uint16_t)id;
                return take_fragment(d, at, id, fragment & 0xfff8, (fragment & 1) == 0, next);
            }
            break; /* the only fragment of its datagram: RFC 6946 */
        }
        case RIG_IP_NO_NEXT:
            return RIG_FRAME_OTHER_IP;
        default:
            return rig_decode_protocol(d, at, next);
        }
    }
}

static rig_frame_kind decode_ipv6(rig_decode *d, rig_cursor at)
{
    if (at.n < IPV6_HEADER)
        return rig_decode_too_short(at, IPV6_HEADER);
    size_t n_payload = rig_be16(at.p + 4);
    uint8_t next = at.p[6];
    d->is_ipv6 = d->has_ipv6 = true;
    d->is_partial = false;
    d->ip_id = 0;
    d->src = address(at.p + 8);
    d->dst = address(at.p + 24);
    (void)rig_cursor_skip(&at, IPV6_HEADER);
    if (n_payload != 0) /* 0: a jumbogram, or segmentation offload; the frame has the length */
        rig_cursor_end_at(&at, n_payload);
    return decode_extensions(d, at, next);
}

rig_frame_kind rig_decode_ip(rig_decode *d, rig_cursor at)
{
    if (!rig_decode_enter(d))
        return RIG_FRAME_TOO_NESTED;
    if (at.n == 0)
        return rig_decode_too_short(at, 1);
    switch (at.p[0] >> 4) {
    case 4:
        return decode_ipv4(d, at);
    case 6:
        return decode_ipv6(d, at);
    default:
        return RIG_FRAME_MALFORMED;
    }
}
