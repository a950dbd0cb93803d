/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One direction of a TCP connection: bytes in any order -> SIP messages. Inside the packets room
 * only. What the connection as a whole needs is in tcp.h. */
#ifndef RIG_ANALYZER_PACKETS_STREAM_H
#define RIG_ANALYZER_PACKETS_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/packets/decode.h"
#include "analyzer/packets/sip_framing.h"
#include "analyzer/packets/websocket.h"

/** A segment's data. */
typedef struct rig_segment {
    uint32_t seq;
    const uint8_t *p; /**< what was captured of it */
    size_t n;
    size_t n_wire; /**< its length; >= n */
    int64_t t_ns;
    uint32_t frame;
} rig_segment;

struct rig_held_segment;

/** All 0: nothing seen. */
typedef struct rig_stream {
    uint32_t next_seq; /**< of the byte that is expected */
    uint32_t isn;      /**< of the SYN; next_seq's first value otherwise */
    bool has_seq;      /**< next_seq is known */
    bool has_data;
    bool is_fresh; /**< its beginning was seen, and may be SIP: what comes too early is held */
    bool has_sip;
    bool is_encrypted;
    int64_t t_last_ns;    /**< of the segment that came last in its turn */
    uint32_t frame;       /**< the same */
    uint32_t first_frame; /**< in which what is in the buffer begins */
    rig_sip_framing framing;
    uint8_t *buffer; /**< the beginning of a message whose end is not there yet */
    size_t n_buffer, n_allocated;
    bool is_websocket;             /**< it is cut into the frames of RFC 6455 */
    rig_websocket_text text;       /**< of the WebSocket message in progress */
    uint64_t n_skip;               /**< bytes to pass over: the rest of a body */
    struct rig_held_segment *held; /**< behind a gap, ascending */
    size_t n_held;                 /**< bytes of them, with what each costs */
} rig_stream;

/** What became of a segment. */
typedef enum rig_stream_took {
    RIG_STREAM_TOOK,     /**< in its turn, or of no use */
    RIG_STREAM_REPEATED, /**< had been there before */
    RIG_STREAM_HELD,     /**< before its turn */
    RIG_STREAM_FULL /**< before its turn, and too much is held already: give up the gap first */
} rig_stream_took;

/**
 * Take in a segment, and pass on the messages that it completes, with the addresses of d.
 * d->status tells of RIG_ENOMEM, too: the segment is lost then.
 */
rig_stream_took rig_stream_add(rig_stream *stream, rig_decode *d, const rig_segment *segment);

/** Whether bytes are missing before others that are there. */
bool rig_stream_has_gap(const rig_stream *stream);

/** Where the bytes behind the gap begin; only with a gap. */
uint32_t rig_stream_gap_end(const rig_stream *stream);

/** The bytes before `seq` will not come: go on behind them, and with what is held there. `seq` is
 * behind next_seq, and not behind the end of a gap. */
void rig_stream_pass_over(rig_stream *stream, rig_decode *d, uint32_t seq);

/** Whether the headers of a message are whole, and its body is awaited. */
bool rig_stream_has_headers(const rig_stream *stream);

/** The missing bytes will not come: go on with what is held behind them. */
void rig_stream_give_up_gap(rig_stream *stream, rig_decode *d);

/** No more bytes will come: pass on what can be, and hold nothing. What comes again is still known
 * to be old. */
void rig_stream_end(rig_stream *stream, rig_decode *d);

/** Bytes that the stream holds. */
size_t rig_stream_held(const rig_stream *stream);

/** Forget everything, and pass nothing on: as if nothing had been seen. */
void rig_stream_clear(rig_stream *stream);

#endif
