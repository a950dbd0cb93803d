/* SPDX-License-Identifier: GPL-3.0-or-later */
/* More tunnels over UDP, each told by its port and a header that must be as its standard has it. */
#include "analyzer/packets/decode.h"

enum {
    PORT_L2TP = 1701,
    PORT_TEREDO = 3544,
    PORT_LISP = 4341,
    PORT_VXLAN_GPE = 4790,
    PORT_GUE = 6080,
    PORT_MPLS = 6635,
    PORT_TZSP = 37008,
    MAX_LABELS = 8,
    ENOUGH_TO_TELL = 64, /* bytes: headers of the tunnel and IPv6's */
    SHIM = 0x80          /* from this next protocol on */
};

/* draft-ietf-nvo3-vxlan-gpe: flags I (a network identifier), P (a next protocol), O (for
 * maintenance), version 0. Headers of 0x80 and above have their own length and next protocol. */
static bool decode_vxlan_gpe(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    if (at.n < 8 || (at.p[0] & 0x31) != 0 || (at.p[0] & 0x0c) == 0)
        return false;
    bool has_next = (at.p[0] & 0x04) != 0;
    unsigned next = at.p[3];
    (void)rig_cursor_skip(&at, 8);
    d->is_tunnelled = true;
    if (!has_next) {
        *kind = rig_decode_ethernet(d, at);
        return true;
    }
    while (next >= SHIM) {
        size_t n = at.n >= 4 ? (size_t)at.p[1] * 4 : 4;
        if (!rig_decode_enter(d)) {
            *kind = RIG_FRAME_TOO_NESTED;
            return true;
        }
        if (at.n < 4 || n < 4 || at.n < n) {
            *kind = rig_decode_too_short(at, n);
            return true;
        }
        next = at.p[3];
        (void)rig_cursor_skip(&at, n);
    }
    *kind = rig_decode_next_protocol(d, at, next);
    return true;
}

/* Version and lengths: text, "INVITE" too, begins with the nibble of IPv4. */
static bool begins_as_ip(rig_cursor at)
{
    if (at.n >= 20 && at.p[0] >> 4 == 4)
        return (at.p[0] & 0xf) >= 5 && rig_be16(at.p + 2) <= at.n_wire;
    return at.n >= 40 && at.p[0] >> 4 == 6 && (size_t)rig_be16(at.p + 4) + 40 <= at.n_wire;
}

/* What is left behind n bytes, if it begins as IP does. */
static bool decode_ip_behind(rig_decode *d, rig_cursor at, size_t n, rig_frame_kind *kind)
{
    if (!rig_cursor_skip(&at, n) || !begins_as_ip(at))
        return false;
    d->is_tunnelled = true;
    *kind = rig_decode_ip(d, at);
    return true;
}

/* RFC 9300, 5.1: eight bytes, of which the last two bits of the first byte tell of encryption. */
static bool decode_lisp(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    return at.n >= 8 && (at.p[0] & 0x03) == 0 && decode_ip_behind(d, at, 8, kind);
}

/* RFC 2661, 3.1: version 2; length, sequence and offset where a flag says so; then PPP. */
static bool decode_l2tp(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    if (at.n < 8)
        return false;
    unsigned flags = rig_be16(at.p);
    if ((flags & 0xf) != 2 || (flags & 0x8000) != 0)
        return false; /* another version, or control */
    size_t n = 6 + ((flags & 0x4000) != 0 ? 2u : 0u) + ((flags & 0x0800) != 0 ? 4u : 0u);
    if ((flags & 0x0200) != 0) {
        if (at.n < n + 2)
            return false;
        n += 2 + (size_t)rig_be16(at.p + n);
    }
    if (!rig_cursor_skip(&at, n))
        return false;
    d->is_tunnelled = true;
    *kind = rig_decode_ppp(d, at);
    return true;
}

/* RFC 4380, 5.1.1: IPv6, behind an origin indication where there is one. */
static bool decode_teredo(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    bool has_origin = at.n >= 8 && at.p[0] == 0 && at.p[1] == 0;
    rig_cursor ip = at;
    return rig_cursor_skip(&ip, has_origin ? 8 : 0) && ip.n > 0 && ip.p[0] >> 4 == 6 &&
           decode_ip_behind(d, at, has_origin ? 8 : 0, kind);
}

/* draft-ietf-intarea-gue: version 0 has a header, its length in words and an IP protocol; version 1
 * is IP itself. */
static bool decode_gue(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    if (at.n < 4)
        return false;
    unsigned version = at.p[0] >> 6;
    if (version == 1)
        return decode_ip_behind(d, at, 0, kind);
    if (version != 0 || (at.p[0] & 0x20) != 0)
        return false;
    uint8_t protocol = at.p[1];
    size_t n = 4 + (size_t)(at.p[0] & 0x1f) * 4;
    if (!rig_cursor_skip(&at, n))
        return false;
    d->is_tunnelled = true;
    *kind = rig_decode_protocol(d, at, protocol);
    return true;
}

/* RFC 7510: labels, and below them IP or a frame. */
static bool decode_mpls_in_udp(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    rig_cursor behind = at;
    bool is_bottom = false;
    for (unsigned k = 0; k < MAX_LABELS && behind.n >= 4 && !is_bottom; k++) {
        is_bottom = (behind.p[2] & 1) != 0;
        (void)rig_cursor_skip(&behind, 4);
    }
    bool is_pseudowire = behind.n >= 18 && behind.p[0] >> 4 == 0;
    if (!is_bottom || (!is_pseudowire && !begins_as_ip(behind)))
        return false;
    d->is_tunnelled = true;
    *kind = rig_decode_ethertype(d, at, RIG_ETHERTYPE_MPLS);
    return true;
}

/* TaZmen Sniffer Protocol: version 1, type, what is carried; then fields, up to one that is the
 * end. Only received packets (type 0) and those to be sent (1) carry a frame. */
static bool decode_tzsp(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    enum { FIELD_PADDING = 0, FIELD_END = 1, CARRIES_ETHERNET = 1 };
    if (at.n < 5 || at.p[0] != 1 || at.p[1] > 1)
        return false;
    unsigned carried = rig_be16(at.p + 2);
    (void)rig_cursor_skip(&at, 4);
    for (;;) {
        if (at.n == 0)
            return false;
        unsigned field = at.p[0];
        size_t n = field <= FIELD_END ? 1 : at.n >= 2 ? 2 + (size_t)at.p[1] : 2;
        if (!rig_cursor_skip(&at, n))
            return false;
        if (field == FIELD_END)
            break;
    }
    d->is_tunnelled = true;
    if (carried != CARRIES_ETHERNET) {
        rig_decode_not_read(d, RIG_NOT_READ_TZSP, carried);
        *kind = RIG_FRAME_OTHER_LINK;
        return true;
    }
    *kind = rig_decode_ethernet(d, at);
    return true;
}

static bool decode_told_by_port(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    switch (d->dst.port) {
    case PORT_VXLAN_GPE:
        return decode_vxlan_gpe(d, at, kind);
    case PORT_LISP:
        return decode_lisp(d, at, kind);
    case PORT_TZSP:
        return decode_tzsp(d, at, kind);
    case PORT_GUE:
        return decode_gue(d, at, kind);
    case PORT_MPLS:
        return decode_mpls_in_udp(d, at, kind);
    case PORT_L2TP:
        return decode_l2tp(d, at, kind);
    case PORT_TEREDO:
        return decode_teredo(d, at, kind);
    default:
        break;
    }
    /* These answer from the well-known port to any. */
    if (d->src.port == PORT_L2TP)
        return decode_l2tp(d, at, kind);
    return d->src.port == PORT_TEREDO && decode_teredo(d, at, kind);
}

static bool is_of_overlay(uint16_t src_port, uint16_t dst_port)
{
    switch (dst_port) {
    case PORT_VXLAN_GPE:
    case PORT_LISP:
    case PORT_TZSP:
    case PORT_GUE:
    case PORT_MPLS:
    case PORT_L2TP:
    case PORT_TEREDO:
        return true;
    default:
        return src_port == PORT_L2TP || src_port == PORT_TEREDO;
    }
}

bool rig_decode_overlay(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    if (decode_told_by_port(d, at, kind))
        return true;
    /* Cut before it can be told: then it is no datagram either. */
    if (at.n >= ENOUGH_TO_TELL || at.n == at.n_wire || !is_of_overlay(d->src.port, d->dst.port))
        return false;
    *kind = RIG_FRAME_CUT;
    return true;
}
