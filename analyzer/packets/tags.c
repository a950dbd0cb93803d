/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tags between a link header and the EtherType behind them, and the frames within frames of
 * providers and data centres. */
#include "analyzer/packets/decode.h"

enum {
    NSH_IPV4 = 1,
    NSH_IPV6 = 2,
    NSH_ETHERNET = 3,
    NSH_NSH = 4,
    NSH_MPLS = 5,
    NSH_MIN = 8,
    TRILL_HEADER = 6,
    PBB_TAG = 4,
    CMD_MIN = 6,
    ETHERNET_ADDRESSES = 12
};

bool rig_decode_tag_of(uint16_t type, rig_tag *tag)
{
    static const rig_tag tags[] = {
        {RIG_ETHERTYPE_VLAN, 4, 2},
        {RIG_ETHERTYPE_QINQ, 4, 2},
        {RIG_ETHERTYPE_QINQ_OLD, 4, 2},
        {RIG_ETHERTYPE_QINQ_OLDER, 4, 2},
        {0x8926, 6, 4}, /* VN-Tag, as Cisco proposed it for 802.1Qbh */
        {0x893f, 8, 6}, /* E-Tag: IEEE 802.1BR, 7.5 */
        {0x893b, 4, 2}, /* TRILL, fine-grained label: RFC 7172, 2.3; two in a row */
        {0x892f, 6, 4}, /* HSR: IEC 62439-3, 5.7: path and size, sequence */
        {0xf1c1, 6, 4}, /* R-Tag: IEEE 802.1CB, 7.8 */
        {0xdada, 8, 6}, /* Marvell's DSA behind an EtherType of its own */
    };
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        if (tags[i].type == type) {
            *tag = tags[i];
            return true;
        }
    }
    return false;
}

/* Version, length in words, then that many words of options, then the EtherType. */
static rig_frame_kind decode_cisco_metadata(rig_decode *d, rig_cursor at)
{
    if (!rig_decode_enter(d))
        return RIG_FRAME_TOO_NESTED;
    if (at.n < CMD_MIN + 2)
        return rig_decode_too_short(at, CMD_MIN + 2);
    size_t n = 2 + (size_t)at.p[1] * 4;
    if (at.n < n + 2)
        return rig_decode_too_short(at, n + 2);
    uint16_t type = rig_be16(at.p + n);
    (void)rig_cursor_skip(&at, n + 2);
    return rig_decode_ethertype(d, at, type);
}

/* IEEE 802.1Q, 9.7: the service's tag, then a customer's whole frame. */
static rig_frame_kind decode_pbb(rig_decode *d, rig_cursor at)
{
    if (!rig_cursor_skip(&at, PBB_TAG))
        return rig_decode_too_short(at, PBB_TAG);
    return rig_decode_ethernet(d, at);
}

/* RFC 6325, 3: version 0, options in words; then a whole frame. */
static rig_frame_kind decode_trill(rig_decode *d, rig_cursor at)
{
    if (at.n < TRILL_HEADER)
        return rig_decode_too_short(at, TRILL_HEADER);
    unsigned head = rig_be16(at.p);
    size_t n = TRILL_HEADER + (size_t)(head >> 6 & 0x1f) * 4;
    if (head >> 14 != 0)
        return RIG_FRAME_OTHER_LINK;
    if (!rig_cursor_skip(&at, n))
        return rig_decode_too_short(at, n);
    return rig_decode_ethernet(d, at);
}

/* RFC 8300: a network service header. */
static rig_frame_kind decode_nsh(rig_decode *d, rig_cursor at)
{
    for (;;) {
        if (!rig_decode_enter(d))
            return RIG_FRAME_TOO_NESTED;
        if (at.n < NSH_MIN)
            return rig_decode_too_short(at, NSH_MIN);
        size_t n = (size_t)(at.p[1] & 0x3f) * 4;
        unsigned version = at.p[0] >> 6, next = at.p[3];
        if (n < NSH_MIN || version != 0)
            return RIG_FRAME_MALFORMED;
        if (!rig_cursor_skip(&at, n))
            return rig_decode_too_short(at, n);
        d->is_tunnelled = true;
        if (next != NSH_NSH)
            return rig_decode_next_protocol(d, at, next);
    }
}

rig_frame_kind rig_decode_next_protocol(rig_decode *d, rig_cursor at, unsigned next)
{
    switch (next) {
    case NSH_IPV4:
    case NSH_IPV6:
        return rig_decode_ip(d, at);
    case NSH_ETHERNET:
        return rig_decode_ethernet(d, at);
    case NSH_NSH:
        return decode_nsh(d, at);
    case NSH_MPLS:
        return rig_decode_ethertype(d, at, RIG_ETHERTYPE_MPLS);
    default:
        rig_decode_not_read(d, RIG_NOT_READ_NEXT_PROTOCOL, next);
        return RIG_FRAME_OTHER_LINK;
    }
}

bool rig_decode_frame_in_frame(rig_decode *d, rig_cursor at, uint16_t type, rig_frame_kind *kind)
{
    switch (type) {
    case RIG_ETHERTYPE_CISCO_METADATA:
        *kind = decode_cisco_metadata(d, at);
        return true;
    case RIG_ETHERTYPE_PBB:
        *kind = decode_pbb(d, at);
        return true;
    case RIG_ETHERTYPE_TRILL:
        *kind = decode_trill(d, at);
        return true;
    case RIG_ETHERTYPE_NSH:
        *kind = decode_nsh(d, at);
        return true;
    default:
        return false;
    }
}

rig_frame_kind rig_decode_switch_tag(rig_decode *d, rig_cursor at, size_t n_tag)
{
    if (!rig_decode_enter(d))
        return RIG_FRAME_TOO_NESTED;
    size_t n = ETHERNET_ADDRESSES + n_tag + 2;
    if (at.n < n)
        return rig_decode_too_short(at, n);
    uint16_t type = rig_be16(at.p + n - 2);
    (void)rig_cursor_skip(&at, n);
    return rig_decode_ethertype(d, at, type);
}
