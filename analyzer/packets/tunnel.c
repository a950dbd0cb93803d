/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GRE and what it carries; the tunnels over UDP. */
#include "analyzer/packets/decode.h"

enum {
    GRE_PPP = 0x880b,
    GRE_ERSPAN = 0x88be, /* types I and II */
    GRE_ERSPAN_III = 0x22eb,
    GRE_HAS_CHECKSUM = 0x8000,
    GRE_HAS_ROUTING = 0x4000,
    GRE_HAS_KEY = 0x2000,
    GRE_HAS_SEQUENCE = 0x1000,
    GRE_HAS_ACK = 0x0080, /* of version 1 */

    PORT_GTP_U = 2152,
    PORT_VXLAN = 4789,
    PORT_VXLAN_LINUX = 8472, /* before IANA gave one */
    PORT_GENEVE = 6081,
    GTP_G_PDU = 255,
    TUNNEL_HEADER = 8
};

/* draft-foschiano-erspan-03. Type I has no header of its own and no GRE sequence number. */
static rig_frame_kind decode_erspan(rig_decode *d, rig_cursor at, uint16_t type, bool has_sequence)
{
    if (type == GRE_ERSPAN && !has_sequence)
        return rig_decode_ethernet(d, at);
    size_t n = type == GRE_ERSPAN ? 8 : 12;
    if (at.n < n)
        return rig_decode_too_short(at, n);
    if (type == GRE_ERSPAN_III && (at.p[11] & 1) != 0)
        n += 8; /* the platform's own subheader */
    if (!rig_cursor_skip(&at, n))
        return rig_decode_too_short(at, n);
    return rig_decode_ethernet(d, at);
}

/* RFC 2784, RFC 2890; version 1: RFC 2637; source routes: RFC 1701. */
rig_frame_kind rig_decode_gre(rig_decode *d, rig_cursor at)
{
    if (!rig_decode_enter(d))
        return RIG_FRAME_TOO_NESTED;
    if (at.n < 4)
        return rig_decode_too_short(at, 4);
    uint16_t flags = rig_be16(at.p);
    uint16_t type = rig_be16(at.p + 2);
    unsigned version = flags & 7;
    if (version > 1)
        return RIG_FRAME_OTHER_IP;
    size_t n = 4;
    if ((flags & (GRE_HAS_CHECKSUM | GRE_HAS_ROUTING)) != 0)
        n += 4;
    if ((flags & GRE_HAS_KEY) != 0)
        n += 4;
    if ((flags & GRE_HAS_SEQUENCE) != 0)
        n += 4;
    if (version == 1 && (flags & GRE_HAS_ACK) != 0)
        n += 4;
    if (!rig_cursor_skip(&at, n))
        return rig_decode_too_short(at, n);
    while ((flags & GRE_HAS_ROUTING) != 0) { /* family, offset, length; a null one is the last */
        if (at.n < 4)
            return rig_decode_too_short(at, 4);
        size_t n_entry = at.p[3];
        bool is_last = rig_be16(at.p) == 0 && n_entry == 0;
        if (!rig_cursor_skip(&at, 4 + n_entry))
            return rig_decode_too_short(at, 4 + n_entry);
        if (is_last)
            break;
    }
    switch (type) {
    case GRE_ERSPAN:
    case GRE_ERSPAN_III:
        return decode_erspan(d, at, type, (flags & GRE_HAS_SEQUENCE) != 0);
    case GRE_PPP:
        return at.n_wire == 0 ? RIG_FRAME_OTHER_IP : rig_decode_ppp(d, at);
    default:
        return rig_decode_ethertype(d, at, type);
    }
}

/* 3GPP TS 29.281, 5.1 and 5.2: version 1, protocol type 1 (GTP, not GTP'). The length counts from
 * behind the first 8 bytes. Any of the flags E, S and PN makes 4 more bytes; E chains extension
 * headers, each as long as its first byte says, in units of 4. */
static bool decode_gtp_u(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    if ((at.p[0] & 0xf0) != 0x30)
        return false;
    size_t n = rig_be16(at.p + 2);
    if (n > at.n_wire - 8)
        return false;
    if (at.p[1] != GTP_G_PDU) {
        *kind = RIG_FRAME_OTHER_IP; /* echoes, error indications: no packet of a user */
        return true;
    }
    unsigned flags = at.p[0] & 7;
    (void)rig_cursor_skip(&at, 8);
    rig_cursor_end_at(&at, n);
    d->is_tunnelled = true;
    *kind = RIG_FRAME_MALFORMED;
    if (flags != 0) {
        if (at.n < 4)
            goto cut;
        unsigned next = (flags & 4) != 0 ? at.p[3] : 0;
        (void)rig_cursor_skip(&at, 4);
        while (next != 0) {
            if (!rig_decode_enter(d)) {
                *kind = RIG_FRAME_TOO_NESTED;
                return true;
            }
            if (at.n == 0)
                goto cut;
            size_t n_extension = (size_t)at.p[0] * 4;
            if (n_extension == 0)
                return true;
            if (at.n < n_extension)
                goto cut;
            next = at.p[n_extension - 1];
            (void)rig_cursor_skip(&at, n_extension);
        }
    }
    *kind = rig_decode_ip(d, at);
    return true;
cut:
    *kind = at.n < at.n_wire ? RIG_FRAME_CUT : RIG_FRAME_MALFORMED;
    return true;
}

/* RFC 7348: flags with a network identifier, which all send; reserved bytes are 0. The group policy
 * extension uses some of them, so only the flag and the last byte are looked at. */
static bool decode_vxlan(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    if ((at.p[0] & 0x08) == 0 || (at.p[0] & 0x77) != 0 || at.p[7] != 0)
        return false;
    (void)rig_cursor_skip(&at, 8);
    d->is_tunnelled = true;
    *kind = rig_decode_ethernet(d, at);
    return true;
}

/* RFC 8926: version 0, options in words, an EtherType. */
static bool decode_geneve(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    if ((at.p[0] & 0xc0) != 0 || at.p[7] != 0)
        return false;
    uint16_t type = rig_be16(at.p + 2);
    size_t n = 8 + (size_t)(at.p[0] & 0x3f) * 4;
    if (n > at.n_wire)
        return false;
    d->is_tunnelled = true;
    *kind = rig_cursor_skip(&at, n) ? rig_decode_ethertype(d, at, type) : RIG_FRAME_CUT;
    return true;
}

bool rig_decode_udp_tunnel(rig_decode *d, rig_cursor at, rig_frame_kind *kind)
{
    uint16_t src = d->src.port, dst = d->dst.port;
    bool is_gtp_u = dst == PORT_GTP_U || src == PORT_GTP_U;
    bool is_vxlan = dst == PORT_VXLAN || dst == PORT_VXLAN_LINUX;
    if (!is_gtp_u && !is_vxlan && dst != PORT_GENEVE)
        return false;
    if (at.n < TUNNEL_HEADER) { /* all three have the same length */
        *kind = RIG_FRAME_CUT;
        return at.n < at.n_wire;
    }
    return is_gtp_u   ? decode_gtp_u(d, at, kind)
           : is_vxlan ? decode_vxlan(d, at, kind)
                      : decode_geneve(d, at, kind);
}
