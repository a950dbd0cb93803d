/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Link layers, and the tags and labels between them and IP. */
#include <string.h>

#include "analyzer/packets/decode.h"

/* LINKTYPE_ values of capture files (https://www.tcpdump.org/linktypes.html), and the DLT_ values
 * by which live captures differ from them. */
enum {
    LINK_NULL = 0,
    LINK_ETHERNET = 1,
    LINK_PPP = 9,
    LINK_RAW_LIVE = 12,
    LINK_RAW_LIVE_OPENBSD = 14,
    LINK_PPP_HDLC = 50,
    LINK_PPP_ETHERNET = 51,
    LINK_RAW = 101,
    LINK_CISCO_HDLC = 104,
    LINK_LOOP = 108,
    LINK_SLL = 113,
    LINK_MPLS = 219,
    LINK_IPV4 = 228,
    LINK_IPV6 = 229,
    LINK_NFLOG = 239,
    LINK_SLL2 = 276,
    LINK_DSA_BROADCOM = 281,
    LINK_DSA_BROADCOM_AHEAD = 282,
    LINK_DSA = 283,
    LINK_EDSA = 284
};

enum {
    ETHERNET_HEADER = 14,
    MAX_802_3_LENGTH = 1500, /* up to here the EtherType is a length: IEEE 802.3 */
    PPP_IPV4 = 0x0021,
    PPP_IPV6 = 0x0057,
    PPP_MPLS = 0x0281,
    NFLOG_PAYLOAD = 9
};

/* RFC 3032. What is below the labels is not told; IP shows by its version, a pseudowire by the
 * control word of RFC 4385 (first nibble 0) before its Ethernet frame. */
static rig_frame_kind decode_mpls(rig_decode *d, rig_cursor at)
{
    for (;;) {
        if (!rig_decode_enter(d))
            return RIG_FRAME_TOO_NESTED;
        if (at.n < 4)
            return rig_decode_too_short(at, 4);
        bool is_bottom = (at.p[2] & 1) != 0;
        (void)rig_cursor_skip(&at, 4);
        if (is_bottom)
            break;
    }
    if (at.n == 0)
        return rig_decode_too_short(at, 1);
    unsigned nibble = at.p[0] >> 4;
    if (nibble == 4 || nibble == 6)
        return rig_decode_ip(d, at);
    if (nibble == 0 && !rig_cursor_skip(&at, 4))
        return rig_decode_too_short(at, 4);
    return rig_decode_ethernet(d, at);
}

/* Address and control bytes and the first byte of the protocol may be left out (RFC 1661, 6.5). */
rig_frame_kind rig_decode_ppp(rig_decode *d, rig_cursor at)
{
    if (!rig_decode_enter(d))
        return RIG_FRAME_TOO_NESTED;
    if (at.n >= 2 && at.p[0] == 0xff && at.p[1] == 0x03)
        (void)rig_cursor_skip(&at, 2);
    if (at.n == 0 || (at.n == 1 && at.n_wire > 1))
        return rig_decode_too_short(at, 2);
    uint16_t protocol = at.p[0];
    if ((protocol & 1) != 0) {
        (void)rig_cursor_skip(&at, 1);
    } else {
        if (at.n < 2)
            return rig_decode_too_short(at, 2);
        protocol = rig_be16(at.p);
        (void)rig_cursor_skip(&at, 2);
    }
    if (protocol == PPP_IPV4 || protocol == PPP_IPV6)
        return rig_decode_ip(d, at);
    if (protocol == PPP_MPLS)
        return decode_mpls(d, at);
    rig_decode_not_read(d, RIG_NOT_READ_PPP, protocol);
    return RIG_FRAME_OTHER_LINK;
}

/* RFC 2516: version and type 1, code 0 (data), session, length. */
static rig_frame_kind decode_pppoe(rig_decode *d, rig_cursor at)
{
    if (at.n < 6)
        return rig_decode_too_short(at, 6);
    if (at.p[0] != 0x11 || at.p[1] != 0)
        return RIG_FRAME_OTHER_LINK;
    size_t n = rig_be16(at.p + 4);
    (void)rig_cursor_skip(&at, 6);
    if (n > at.n_wire)
        return RIG_FRAME_MALFORMED;
    rig_cursor_end_at(&at, n);
    return rig_decode_ppp(d, at);
}

/* IEEE 802.2: only SNAP with EtherTypes carries IP. */
static rig_frame_kind decode_llc(rig_decode *d, rig_cursor at)
{
    static const uint8_t snap[6] = {0xaa, 0xaa, 0x03, 0, 0, 0};
    if (at.n < 8)
        return at.n_wire < 8 ? RIG_FRAME_OTHER_LINK : RIG_FRAME_CUT;
    if (memcmp(at.p, snap, sizeof snap) != 0) {
        rig_decode_not_read(d, RIG_NOT_READ_LLC, rig_be16(at.p));
        return RIG_FRAME_OTHER_LINK;
    }
    uint16_t type = rig_be16(at.p + 6);
    (void)rig_cursor_skip(&at, 8);
    return type > MAX_802_3_LENGTH ? rig_decode_ethertype(d, at, type) : RIG_FRAME_OTHER_LINK;
}

static rig_frame_kind decode_other_type(rig_decode *d, rig_cursor at, uint16_t type)
{
    rig_tag tag;
    rig_frame_kind kind;
    for (;;) {
        switch (type) {
        case RIG_ETHERTYPE_IPV4:
        case RIG_ETHERTYPE_IPV6:
            return rig_decode_ip(d, at);
        case RIG_ETHERTYPE_MPLS:
        case RIG_ETHERTYPE_MPLS_UPSTREAM:
            return decode_mpls(d, at);
        case RIG_ETHERTYPE_PPPOE_SESSION:
            return decode_pppoe(d, at);
        case RIG_ETHERTYPE_BRIDGED:
            return rig_decode_ethernet(d, at);
        default:
            break;
        }
        if (type <= MAX_802_3_LENGTH)
            return decode_llc(d, at);
        if (!rig_decode_tag_of(type, &tag))
            break;
        if (!rig_decode_enter(d))
            return RIG_FRAME_TOO_NESTED;
        if (at.n < tag.n)
            return rig_decode_too_short(at, tag.n);
        type = rig_be16(at.p + tag.at_type);
        (void)rig_cursor_skip(&at, tag.n);
    }
    if (rig_decode_frame_in_frame(d, at, type, &kind))
        return kind;
    rig_decode_not_read(d, RIG_NOT_READ_ETHERTYPE, type);
    return RIG_FRAME_OTHER_LINK;
}

rig_frame_kind rig_decode_ethertype(rig_decode *d, rig_cursor at, uint16_t type)
{
    return type == RIG_ETHERTYPE_IPV4 ? rig_decode_ip(d, at) : decode_other_type(d, at, type);
}

/* A header of n bytes whose EtherType stands at `at_type`. */
static rig_frame_kind decode_typed(rig_decode *d, rig_cursor at, size_t n, size_t at_type)
{
    if (at.n < n)
        return rig_decode_too_short(at, n);
    uint16_t type = rig_be16(at.p + at_type);
    (void)rig_cursor_skip(&at, n);
    return rig_decode_ethertype(d, at, type);
}

rig_frame_kind rig_decode_ethernet(rig_decode *d, rig_cursor at)
{
    if (!rig_decode_enter(d))
        return RIG_FRAME_TOO_NESTED;
    return decode_typed(d, at, ETHERNET_HEADER, 12);
}

/* The address family is in the byte order of the machine that captured (NULL) or of the network
 * (LOOP); AF_INET is 2 everywhere, and the families of IPv6 are 10, 24, 28 and 30. */
static rig_frame_kind decode_loopback(rig_decode *d, rig_cursor at)
{
    if (at.n < 4)
        return rig_decode_too_short(at, 4);
    uint32_t family = rig_be32(at.p);
    if (family > 0xffff)
        family = __builtin_bswap32(family);
    (void)rig_cursor_skip(&at, 4);
    if (family == 2 || family == 10 || family == 24 || family == 28 || family == 30)
        return rig_decode_ip(d, at);
    return RIG_FRAME_OTHER_LINK;
}

/* Cisco HDLC, and PPP in HDLC framing, which shows by its address byte (RFC 1662). */
static rig_frame_kind decode_hdlc(rig_decode *d, rig_cursor at)
{
    if (at.n >= 1 && at.p[0] == 0xff)
        return rig_decode_ppp(d, at);
    return decode_typed(d, at, 4, 2);
}

/* Family, version, resource; then attributes of length (2, of the machine that captured), type (2)
 * and value, padded to 4. The packet is in one of them. */
static rig_frame_kind decode_nflog(rig_decode *d, rig_cursor at)
{
    if (at.n < 4)
        return rig_decode_too_short(at, 4);
    if (at.p[1] != 0)
        return RIG_FRAME_OTHER_LINK;
    (void)rig_cursor_skip(&at, 4);
    while (at.n >= 4) {
        /* Types are below 256, so the byte that is not 0 tells the order of both. */
        bool is_little = at.p[3] == 0;
        size_t n = is_little ? (size_t)(at.p[1] << 8 | at.p[0]) : rig_be16(at.p);
        unsigned type = is_little ? at.p[2] : at.p[3];
        if (n < 4 || n > at.n_wire)
            return RIG_FRAME_MALFORMED;
        if (type == NFLOG_PAYLOAD) {
            rig_cursor_end_at(&at, n);
            (void)rig_cursor_skip(&at, 4);
            return rig_decode_ip(d, at);
        }
        if (!rig_cursor_skip(&at, (n + 3) & ~(size_t)3))
            break;
    }
    return at.n < at.n_wire ? RIG_FRAME_CUT : RIG_FRAME_OTHER_LINK;
}

bool rig_decoder_link_is_read(int linktype)
{
    switch (linktype) {
    case LINK_NULL:
    case LINK_ETHERNET:
    case LINK_PPP:
    case LINK_RAW_LIVE:
    case LINK_RAW_LIVE_OPENBSD:
    case LINK_PPP_HDLC:
    case LINK_PPP_ETHERNET:
    case LINK_RAW:
    case LINK_CISCO_HDLC:
    case LINK_LOOP:
    case LINK_SLL:
    case LINK_MPLS:
    case LINK_IPV4:
    case LINK_IPV6:
    case LINK_NFLOG:
    case LINK_SLL2:
    case LINK_DSA_BROADCOM:
    case LINK_DSA_BROADCOM_AHEAD:
    case LINK_DSA:
    case LINK_EDSA:
        return true;
    default:
        return false;
    }
}

rig_frame_kind rig_decode_link(rig_decode *d, int linktype, rig_cursor at)
{
    switch (linktype) {
    case LINK_ETHERNET:
        return rig_decode_ethernet(d, at);
    case LINK_SLL:
        return decode_typed(d, at, 16, 14);
    case LINK_SLL2:
        return decode_typed(d, at, 20, 0);
    case LINK_NULL:
    case LINK_LOOP:
        return decode_loopback(d, at);
    case LINK_RAW_LIVE:
    case LINK_RAW_LIVE_OPENBSD:
    case LINK_RAW:
    case LINK_IPV4:
    case LINK_IPV6:
        return rig_decode_ip(d, at);
    case LINK_PPP:
        return rig_decode_ppp(d, at);
    case LINK_PPP_HDLC:
    case LINK_CISCO_HDLC:
        return decode_hdlc(d, at);
    case LINK_PPP_ETHERNET:
        return decode_pppoe(d, at);
    case LINK_MPLS:
        return decode_mpls(d, at);
    case LINK_NFLOG:
        return decode_nflog(d, at);
    case LINK_DSA_BROADCOM:
    case LINK_DSA:
        return rig_decode_switch_tag(d, at, 4);
    case LINK_EDSA: /* with an EtherType and two bytes of nothing before the tag */
        return rig_decode_switch_tag(d, at, 8);
    case LINK_DSA_BROADCOM_AHEAD:
        return rig_cursor_skip(&at, 4) ? rig_decode_ethernet(d, at) : rig_decode_too_short(at, 4);
    default:
        rig_decode_not_read(d, RIG_NOT_READ_LINK, (uint32_t)linktype);
        return RIG_FRAME_UNREAD_LINK;
    }
}
