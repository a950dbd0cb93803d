/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layers of the decoder: each reads its header and hands the rest to the next one. Inside the
 * packets room only. */
#ifndef RIG_ANALYZER_PACKETS_DECODE_H
#define RIG_ANALYZER_PACKETS_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/packets/cursor.h"
#include "analyzer/decoder.h"
#include "analyzer/message.h"
#include "analyzer/packets/not_read.h"

struct rig_fragments;
struct rig_tcp;
struct rig_sctp;

/** What a frame is: it is counted under the innermost header that could be read. */
typedef enum rig_frame_kind {
    RIG_FRAME_UDP = 0,
    RIG_FRAME_TCP,
    RIG_FRAME_SCTP,
    RIG_FRAME_FRAGMENT,
    RIG_FRAME_ICMP,
    RIG_FRAME_OTHER_IP,
    RIG_FRAME_OTHER_LINK,
    RIG_FRAME_UNREAD_LINK,
    RIG_FRAME_ENCRYPTED,
    RIG_FRAME_CUT,
    RIG_FRAME_MALFORMED,
    RIG_FRAME_TOO_NESTED,
    RIG_N_FRAME_KINDS
} rig_frame_kind;

enum {
    RIG_ETHERTYPE_IPV4 = 0x0800,
    RIG_ETHERTYPE_BRIDGED = 0x6558, /* "transparent Ethernet bridging": a whole Ethernet frame */
    RIG_ETHERTYPE_VLAN = 0x8100,
    RIG_ETHERTYPE_IPV6 = 0x86dd,
    RIG_ETHERTYPE_MPLS = 0x8847,
    RIG_ETHERTYPE_MPLS_UPSTREAM = 0x8848,
    RIG_ETHERTYPE_PPPOE_SESSION = 0x8864,
    RIG_ETHERTYPE_QINQ = 0x88a8,
    RIG_ETHERTYPE_QINQ_OLD = 0x9100,
    RIG_ETHERTYPE_QINQ_OLDER = 0x9200,
    RIG_ETHERTYPE_TRILL = 0x22f3,
    RIG_ETHERTYPE_PBB = 0x88e7,
    RIG_ETHERTYPE_CISCO_METADATA = 0x8909,
    RIG_ETHERTYPE_NSH = 0x894f,

    RIG_IP_HOP_BY_HOP = 0,
    RIG_IP_ICMP = 1,
    RIG_IP_IPV4 = 4,
    RIG_IP_TCP = 6,
    RIG_IP_UDP = 17,
    RIG_IP_IPV6 = 41,
    RIG_IP_ROUTING = 43,
    RIG_IP_FRAGMENT = 44,
    RIG_IP_GRE = 47,
    RIG_IP_AH = 51,
    RIG_IP_ICMPV6 = 58,
    RIG_IP_NO_NEXT = 59,
    RIG_IP_DESTINATION = 60,
    RIG_IP_ETHERIP = 97,
    RIG_IP_SCTP = 132,
    RIG_IP_MOBILITY = 135,
    RIG_IP_MPLS = 137
};

/** One frame, or datagram put together from fragments, on its way through the layers. */
typedef struct rig_decode {
    rig_decoder *decoder;
    int64_t t_ns;
    uint32_t frame;
    uint32_t first_frame;  /**< of the message of a stream that is being read; else 0 .. */
    uint64_t stream;       /**< .. and what it comes by: rig_packet.stream */
    const uint8_t *begin;  /**< of the frame; NULL in a datagram that came in fragments */
    rig_endpoint src, dst; /**< of the innermost IP header so far; the ports come last */
    uint16_t ip_id;
    unsigned depth;  /**< headers so far */
    bool is_partial; /**< the beginning of a datagram whose rest was not captured */
    bool is_ipv6;    /**< the innermost IP header so far is IPv6 */
    bool has_ipv6, is_tunnelled;
    rig_status status; /**< of what was passed on or held; the first that is not RIG_OK stays */
    rig_error *err;
} rig_decode;

struct rig_decoder {
    rig_packet_sink sink;
    void *ctx;
    rig_frame_parts parts;
    struct rig_fragments *fragments;
    const size_t *n_beginnings; /* of messages, in fragments: rig_fragments_n_messages */
    struct rig_tcp *tcp;
    struct rig_sctp *sctp;
    rig_not_read_counts not_read;
    int64_t t_due_ns; /* when something held may be due; INT64_MAX when nothing is held */
    uint64_t n_kind[RIG_N_FRAME_KINDS];
    rig_decoder_counts counts; /* all but the kinds */
};

/** One header deeper. @return false when that is too deep. */
static inline bool rig_decode_enter(rig_decode *d)
{
    return ++d->depth <= RIG_DECODER_MAX_NESTING;
}

/** What a frame is that has not the n bytes of its next header. */
static inline rig_frame_kind rig_decode_too_short(rig_cursor at, size_t n)
{
    return at.n_wire < n ? RIG_FRAME_MALFORMED : RIG_FRAME_CUT;
}

/** Something held is to be looked at again at t_ns. */
static inline void rig_decode_due(rig_decoder *decoder, int64_t t_ns)
{
    if (t_ns < decoder->t_due_ns)
        decoder->t_due_ns = t_ns;
}

/** Tell that a frame continues another. */
static inline void rig_decode_part(const rig_decode *d, uint32_t other, rig_part_kind kind)
{
    const rig_frame_parts *parts = &d->decoder->parts;
    if (parts->take != NULL && other != d->frame && other != 0)
        parts->take(parts->ctx, d->frame, other, kind);
}

/** Pass a packet on, with the first frame of d; its status goes to d->status. */
void rig_decode_emit(rig_decode *d, const rig_packet *packet);

/** Count what a header announces and nobody reads. */
static inline void rig_decode_not_read(const rig_decode *d, rig_not_read_kind kind, uint32_t number)
{
    rig_not_read_add(&d->decoder->not_read, kind, number);
}

/* link.c */
rig_frame_kind rig_decode_link(rig_decode *d, int linktype, rig_cursor at);
rig_frame_kind rig_decode_ethernet(rig_decode *d, rig_cursor at);
rig_frame_kind rig_decode_ethertype(rig_decode *d, rig_cursor at, uint16_t type);
rig_frame_kind rig_decode_ppp(rig_decode *d, rig_cursor at);

/* tags.c */
/** A tag of n bytes behind its EtherType, in which the next EtherType stands at at_type. */
typedef struct rig_tag {
    uint16_t type;
    uint8_t n, at_type;
} rig_tag;

/** @return whether an EtherType is that of such a tag. */
bool rig_decode_tag_of(uint16_t type, rig_tag *tag);
/** What follows an EtherType that is no such tag but has headers of its own: Cisco metadata, PBB,
 * TRILL, NSH. @return false when it is none of them. */
bool rig_decode_frame_in_frame(rig_decode *d, rig_cursor at, uint16_t type, rig_frame_kind *kind);
/** What the next protocol of NSH (RFC 8300, 9.1.2) or VXLAN-GPE announces. */
rig_frame_kind rig_decode_next_protocol(rig_decode *d, rig_cursor at, unsigned next);
/** A frame with a tag of n_tag bytes, without an EtherType, behind its addresses: DSA of switches.
 */
rig_frame_kind rig_decode_switch_tag(rig_decode *d, rig_cursor at, size_t n_tag);

/* ip.c */
rig_frame_kind rig_decode_ip(rig_decode *d, rig_cursor at); /* 4 or 6: the first nibble tells */
/** What an IP header announces. */
rig_frame_kind rig_decode_protocol(rig_decode *d, rig_cursor at, uint8_t protocol);

/** Pass on the datagrams that have waited in vain. @param now_ns INT64_MAX: all that wait. */
void rig_decode_overdue_fragments(rig_decode *d, int64_t now_ns);

/* tunnel.c */
rig_frame_kind rig_decode_gre(rig_decode *d, rig_cursor at);
/** A UDP payload that may be a tunnel: ports and header must agree.
 * @return false when it is none; the datagram is one like any other then. */
bool rig_decode_udp_tunnel(rig_decode *d, rig_cursor at, rig_frame_kind *kind);

/* overlay.c */
/** The same for VXLAN-GPE, LISP, TZSP, L2TP, Teredo, GUE and MPLS in UDP. */
bool rig_decode_overlay(rig_decode *d, rig_cursor at, rig_frame_kind *kind);

/* tcp.c, sctp.c */
rig_frame_kind rig_decode_tcp(rig_decode *d, rig_cursor at);
rig_frame_kind rig_decode_sctp(rig_decode *d, rig_cursor at);

/* hep.c */
/**
 * A HEP packet of version 1, 2 or 3: pass on what it holds.
 * @return false when the payload is none; it is a datagram like any other then.
 */
bool rig_decode_hep(rig_decode *d, rig_slice payload, bool is_truncated);

#endif
