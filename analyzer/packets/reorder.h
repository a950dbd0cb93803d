/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Putting frames in the order of their times, within a window. Inside the packets room only;
 * capture.h is the door.
 *
 * Frames come from streams: a stream is an interface of a file. What comes out of order:
 *   between streams, by as much as the window: a capture of several interfaces is written in
 *     bursts, some packets of the one, then those of the other;
 *   within a stream, by as much as 3/10 of the window: several queues of one card, files that
 *     someone merged;
 *   a frame alone, by as much as the window: the one behind it goes on where the one before was.
 * More than that within a stream is a step of its clock: what was captured before it is handed out
 * before it, and it is noted. A stream that steps back again and again by less than the window is
 * no clock but a file of bursts, and has the whole window from then on.
 *
 * A frame waits until its stream, or another, tells a time that is later by the window, or until
 * more is held than the limits allow. Equal times keep the order in which they came.
 *
 * Frames are not copied: the buffers in which they lie are kept (rig_byte_block). */
#ifndef RIG_ANALYZER_PACKETS_REORDER_H
#define RIG_ANALYZER_PACKETS_REORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/packets/byte_source.h"
#include "analyzer/packets/capture.h"

/** Frames that wait; opaque. */
typedef struct rig_reorder rig_reorder;

/** The clock of a stream, as far as it was read. All 0: nothing was. */
typedef struct rig_reorder_stream {
    int64_t clock_ns; /**< its latest time, since its last step */
    bool has_clock;
    bool is_live;        /**< has begun, and was not settled since */
    bool is_of_bursts;   /**< the whole window is its own */
    uint8_t n_of_bursts; /**< steps by less than the window */
    bool has_suspect;    /**< a frame that is earlier by too much waits for the one behind it */
    struct rig_reorder_held *suspect;
    int64_t suspect_now_ns; /**< what time it was, on any stream, when it came */
    struct rig_reorder_stream *next_suspect;
} rig_reorder_stream;

/**
 * Put the usual values where an order says 0.
 * @return RIG_OK, or RIG_EDOM for a window that cannot be (less than -1, or too long).
 */
rig_status rig_reorder_complete(rig_capture_order *order, rig_error *err);

/** @param order Copied; all of it is set, and it has a window. @param[out] reorder Owned by the
 * caller. */
rig_status rig_reorder_new(const rig_capture_order *order, rig_reorder **reorder);

/** Free, with all that waits. NULL-safe. */
void rig_reorder_free(rig_reorder *reorder);

/**
 * Take in a frame of a stream.
 * @param block  In which its bytes lie; it is pinned while the frame waits.
 * @return RIG_OK or RIG_ENOMEM (the frame is lost).
 */
rig_status rig_reorder_push(rig_reorder *reorder, rig_reorder_stream *stream,
                            const rig_frame *frame, rig_byte_block *block);

/**
 * Nothing more comes of a stream for now: its frame in doubt, if there is one, is put in its place.
 * @param stream  NULL: of all streams.
 * @return RIG_OK or RIG_ENOMEM (the frame is lost).
 */
rig_status rig_reorder_settle(rig_reorder *reorder, rig_reorder_stream *stream);

/** The stream goes: settle it first. What it owns is freed; the stream is all 0 then. */
void rig_reorder_stream_clear(rig_reorder_stream *stream);

/** Whether nothing waits. */
bool rig_reorder_is_empty(const rig_reorder *reorder);

/** Whether rig_reorder_pop has something to hand out: to be looked at again and again. Lives as
 * long as `reorder`. */
const bool *rig_reorder_is_due(const rig_reorder *reorder);

/**
 * The next frame that need not wait any longer.
 * @param is_all      None waits any longer.
 * @param[out] frame  Its bytes are borrowed until the next call of any of these functions.
 * @return whether there is one.
 */
bool rig_reorder_pop(rig_reorder *reorder, bool is_all, rig_frame *frame);

/** What came out of order so far; `steps[..].name` is not filled in. Borrowed. */
const rig_capture_disorder *rig_reorder_disorder(const rig_reorder *reorder);

#endif
