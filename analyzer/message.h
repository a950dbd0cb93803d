/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes out of the packets: one datagram, or one SIP message of a stream, with its addresses.
 * The decoder (decoder.h) makes them; the analysis of calls takes them. */
#ifndef RIG_ANALYZER_MESSAGE_H
#define RIG_ANALYZER_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"
#include "core/status.h"

/** What carried a message. Of a message that came through HEP: what carried it there. */
typedef enum rig_packet_transport {
    RIG_OVER_UDP = 0,
    RIG_OVER_TCP,
    RIG_OVER_SCTP
} rig_packet_transport;

/** An address and port. An IPv4 address is held IPv4-mapped (RFC 4291, 2.5.5.2). Packed: each leg
 * and call that is held has several. */
typedef struct rig_endpoint {
    uint64_t ip_high, ip_low; /**< the 128 bits of the address, in host order */
    uint16_t port;            /**< in host order */
} __attribute__((packed, aligned(2))) rig_endpoint;

/** Same address and port. */
static inline bool rig_endpoint_eq(rig_endpoint a, rig_endpoint b)
{
    return a.ip_low == b.ip_low && a.port == b.port && a.ip_high == b.ip_high;
}

/** Same address, whatever the port. */
static inline bool rig_endpoint_same_host(rig_endpoint a, rig_endpoint b)
{
    return a.ip_low == b.ip_low && a.ip_high == b.ip_high;
}

/** A datagram, or one message of a stream. */
typedef struct rig_packet {
    rig_endpoint src, dst; /**< innermost of a tunnel; of HEP: the ones that HEP tells */
    rig_packet_transport transport;
    uint16_t ip_id; /**< IPv4 identification, or the low 16 bits of IPv6's of a datagram that came
                         in fragments; 0 where the sender sets none, and for streams and HEP */
    /** UDP, SCTP: the whole datagram or user message, whatever it holds. TCP: one SIP message, from
     * its start line to the end of its body. Borrowed for the call of the sink. */
    rig_slice payload;
    bool is_truncated; /**< the message goes on behind the payload, which the capture does not hold
                            (snaplen, a lost fragment or segment, a message over the limit) */
    int64_t t_ns;      /**< when its last part was captured; HEP: the time that HEP tells */
    uint32_t frame;    /**< the last frame that made it up, counted from 1 in the order in which
                            frames were given to the decoder */
    uint32_t first_frame; /**< of a message of a stream: the frame in which it begins; else `frame`.
                               Which others there are, rig_frame_parts tells */
    uint64_t stream;      /**< of the TCP connection that it came by (HEP too), the same number for
                               both directions; 0: by none */
} rig_packet;

/**
 * Takes packets, in the order in which they become whole.
 *
 * @param packet  Borrowed for the call, with its payload.
 * @return RIG_OK; any other status ends rig_decoder_frame with that status.
 */
typedef rig_status (*rig_packet_sink)(void *ctx, const rig_packet *packet, rig_error *err);

/** Why a frame is not enough by itself. */
typedef enum rig_part_kind {
    RIG_PART_OF_DATAGRAM, /**< the other frame holds an earlier fragment of the same datagram */
    RIG_PART_OF_STREAM    /**< the other frame holds the bytes before, of the same stream */
} rig_part_kind;

/**
 * Told, while frames are taken in, which frames belong together: each time one continues another.
 * From the last frame of a message, the chain of these leads to all frames that made it up: along
 * RIG_PART_OF_STREAM to first_frame, along RIG_PART_OF_DATAGRAM to its end. `take` NULL: nobody
 * asks.
 */
typedef struct rig_frame_parts {
    void (*take)(void *ctx, uint32_t frame, uint32_t other, rig_part_kind kind);
    /** A frame holds a segment of a TCP connection. NULL: nobody asks. @param n_head  Bytes of the
     * frame before the segment's data; 0 when the segment came in fragments. */
    void (*segment)(void *ctx, uint32_t frame, uint64_t stream, size_t n_head);
    void *ctx;
} rig_frame_parts;

#endif
