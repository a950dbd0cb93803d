/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From captured frames to datagrams and messages: link layers, IP, tunnels, UDP, TCP, SCTP, HEP.
 *
 * Link layers: Ethernet (802.3 and SNAP too), Linux cooked v1 and v2, BSD loopback (NULL, LOOP),
 * raw IP, PPP, NFLOG, DSA of switches; on them 802.1Q and 802.1ad tags, VN-Tag, E-Tag, HSR and the
 * like, MPLS, PPPoE, PBB, TRILL, NSH. Tunnels, in any nesting up to RIG_DECODER_MAX_NESTING: IP in
 * IP (4 and 6 in 4 and 6), GRE (with Ethernet, PPP, ERSPAN I to III), EtherIP, MPLS, GTP-U, VXLAN,
 * VXLAN-GPE, GENEVE, LISP, L2TP, Teredo, GUE, TZSP. IPv4 and IPv6 with extension headers, and their
 * fragments in any order. HEP 1 to 3 over UDP, HEP 3 over TCP. docs/captures.md has the table. What
 * is not read is counted by its kind.
 *
 * UDP datagrams are passed on whole, whatever they hold. TCP streams are put in order and cut into
 * SIP messages, on any port, WebSocket's too; what is no SIP is passed over. SCTP user messages are
 * passed on whole. ICMP errors are never looked into: what they quote was not received.
 *
 * A UDP datagram in one frame costs no allocation and no copy.
 *
 * Memory is bounded whatever comes in, by the limits below; each limit that is hit is counted.
 *
 * A decoder is not thread-safe. */
#ifndef RIG_ANALYZER_DECODER_H
#define RIG_ANALYZER_DECODER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/message.h"
#include "core/status.h"

/** Headers within headers: tunnels, tags, extension headers of one frame. */
#define RIG_DECODER_MAX_NESTING 32
/** Datagrams of which fragments are awaited; the oldest makes room. */
#define RIG_DECODER_MAX_REASSEMBLIES 4096
/** Bytes held of fragments and of streams, each. */
#define RIG_DECODER_MAX_HELD_BYTES (16u << 20)
/** Directions of TCP connections and of SCTP associations that are followed; the one that has been
 * silent longest makes room. */
#define RIG_DECODER_MAX_STREAMS 65536
/** Bytes held of one direction of a stream: a message in progress, and as much again behind a gap.
 * A longer message is passed on with as much of it, as truncated. */
#define RIG_DECODER_MAX_STREAM_BYTES 65536

/** A decoder; opaque. */
typedef struct rig_decoder rig_decoder;

/** What the frames were. All are counts. */
typedef struct rig_decoder_counts {
    uint64_t n_frames;      /**< frames given in; each is one of the next twelve: */
    uint64_t n_udp;         /**< a UDP datagram (HEP too) */
    uint64_t n_tcp;         /**< a TCP segment */
    uint64_t n_sctp;        /**< an SCTP packet */
    uint64_t n_fragments;   /**< a fragment of an IP datagram */
    uint64_t n_icmp;        /**< ICMP or ICMPv6; may quote an INVITE, which is no message */
    uint64_t n_other_ip;    /**< another protocol over IP (ESP, OSPF, IGMP, ..): not read */
    uint64_t n_other_link;  /**< no IP (ARP, LLDP, ..): not read */
    uint64_t n_unread_link; /**< of a link layer that is not read */
    uint64_t n_encrypted;   /**< of n_tcp's kind, but TLS: a segment that cannot be read */
    uint64_t n_cut;         /**< ends inside its headers (snaplen): not read */
    uint64_t n_malformed;   /**< lengths that contradict each other: not read */
    uint64_t n_too_nested;  /**< more than RIG_DECODER_MAX_NESTING headers: not read */

    uint64_t n_unreachable; /**< of n_icmp: that something cannot be reached */

    uint64_t n_packets;   /**< datagrams and messages passed on */
    uint64_t n_truncated; /**< of n_packets: not whole */
    uint64_t n_ipv6;      /**< frames with IPv6, at any depth */
    uint64_t n_tunnelled; /**< frames with a tunnel */
    uint64_t n_hep;       /**< HEP packets with SIP: passed on */
    uint64_t n_hep_other; /**< HEP packets with something else, or malformed: not passed on */

    uint64_t n_reassembled;        /**< datagrams put together from fragments */
    uint64_t n_fragments_repeated; /**< of n_fragments: had been there before */
    uint64_t
        n_fragments_overlapping; /**< of n_fragments: partly there before; the first bytes win */
    uint64_t n_fragments_bad;    /**< of n_fragments: behind the end, or over 65,535 bytes */
    uint64_t n_datagrams_incomplete; /**< a fragment was missing; the beginning was passed on as
                                          truncated where it was there */

    uint64_t n_datagrams_headless; /**< of n_datagrams_incomplete: the beginning was not there, so
                                        what they said is not known */

    uint64_t n_streams;            /**< directions of TCP connections, with data */
    uint64_t n_streams_encrypted;  /**< of n_streams: TLS, cannot be read */
    uint64_t n_streams_sips;       /**< of n_streams_encrypted: on port 5061, so surely SIP */
    uint64_t n_streams_sip;        /**< of n_streams: SIP was found */
    uint64_t n_stream_messages;    /**< SIP messages of TCP, whole or truncated */
    uint64_t n_segments_repeated;  /**< of n_tcp: had been there before */
    uint64_t n_segments_reordered; /**< of n_tcp: came before their turn, were held */
    uint64_t n_stream_gaps;        /**< places of SIP streams at which bytes are missing */
    uint64_t
        n_messages_lost; /**< messages of streams of which the capture lacks the headers' end */
    uint64_t n_sctp_reassembled; /**< user messages put together from chunks */
    uint64_t n_sctp_incomplete;  /**< user messages of which a chunk is missing: not passed on */

    uint64_t n_limit_reassemblies; /**< datagrams given up: too many, or too many pieces or bytes */
    uint64_t n_limit_streams;      /**< streams forgotten: too many at once */
    uint64_t n_limit_stream_bytes; /**< segments or chunks not held: too many bytes */
    uint64_t n_limit_message;      /**< messages longer than RIG_DECODER_MAX_STREAM_BYTES */
} rig_decoder_counts;

/** What is not read, where a frame says what it carries. */
typedef enum rig_not_read_kind {
    RIG_NOT_READ_LINK = 0,      /**< a link layer: LINKTYPE_ value */
    RIG_NOT_READ_ETHERTYPE,     /**< an EtherType */
    RIG_NOT_READ_LLC,           /**< an 802.2 header: its two service access points */
    RIG_NOT_READ_PPP,           /**< a protocol of PPP */
    RIG_NOT_READ_IP_PROTOCOL,   /**< a protocol over IP */
    RIG_NOT_READ_NEXT_PROTOCOL, /**< a next protocol of NSH or VXLAN-GPE */
    RIG_NOT_READ_TZSP,          /**< what TZSP carries, as it counts */
    RIG_NOT_READ_UDP_PORT,      /**< datagrams of a port that are no SIP */
    RIG_N_NOT_READ_KINDS
} rig_not_read_kind;

/** Frames of a kind that were not read. */
typedef struct rig_not_read {
    rig_not_read_kind kind;
    uint32_t number;
    uint64_t n;
    const char *name; /**< static; NULL where it has none that is known */
    bool is_usual;    /**< it carries no calls: ARP, LLDP, routing, .. */
} rig_not_read;

enum { RIG_NOT_READ_MAX_KINDS = 64, RIG_NOT_READ_TOP_PORTS = 8 };

/** All that was not read. */
typedef struct rig_not_read_all {
    rig_not_read of[RIG_NOT_READ_MAX_KINDS]; /**< the frequent ones first; UDP ports only of known
                                                  tunnels */
    size_t n;
    uint64_t n_others; /**< frames of further kinds, for which there was no room */
    rig_not_read ports[RIG_NOT_READ_TOP_PORTS]; /**< the UDP ports of most other datagrams that
                                                     are no SIP (media, DNS, ..); n is a lower
                                                     bound */
    size_t n_ports;
} rig_not_read_all;

/**
 * Begin.
 * @param sink          Takes what is found; borrowed, with its ctx, until rig_decoder_free.
 * @param[out] decoder  Owned by the caller: rig_decoder_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_decoder_new(rig_packet_sink sink, void *ctx, rig_decoder **decoder);

/** Have someone told which frames belong together. @param parts Copied. */
void rig_decoder_on_parts(rig_decoder *decoder, rig_frame_parts parts);

/** Free, with all that is held. NULL-safe. Call rig_decoder_finish first, lest that be lost. */
void rig_decoder_free(rig_decoder *decoder);

/** Whether frames of a link layer are read. @param linktype As in rig_decoder_frame. */
bool rig_decoder_link_is_read(int linktype);

/**
 * Take in one frame. Frames should come in the order of their times.
 *
 * Calls the sink no time, once or several times: for the datagram of the frame, for each message
 * that it completes, and for the beginnings of those that have waited in vain for their rest.
 *
 * @param linktype  LINKTYPE_ value of a file, or DLT_ value of a live capture.
 * @param t_ns      When it was captured, ns since the epoch; 0 <= t_ns <= RIG_CAPTURE_LATEST_NS.
 * @param data      The captured bytes; borrowed for the call. May be NULL only when caplen is 0.
 * @param caplen    How many they are.
 * @param len       Length of the frame on the wire; caplen when less than that.
 * @return RIG_OK, also for frames that are not read; RIG_EDOM for a time out of range; RIG_ENOMEM
 * (what the frame held is lost, the decoder stays usable); what the sink returned.
 */
rig_status rig_decoder_frame(rig_decoder *decoder, int linktype, int64_t t_ns, const uint8_t *data,
                             size_t caplen, size_t len, rig_error *err);

/**
 * The capture is over: pass on the beginnings of datagrams and messages whose rest never came, and
 * forget all streams. Frames may follow (of another capture).
 * @return RIG_OK or what the sink returned.
 */
rig_status rig_decoder_finish(rig_decoder *decoder, rig_error *err);

/** Read the counts. @param[out] counts Always written. */
void rig_decoder_count(const rig_decoder *decoder, rig_decoder_counts *counts);

/** What was not read, by its kind. @param[out] all Always written. */
void rig_decoder_not_read(const rig_decoder *decoder, rig_not_read_all *all);

#endif
