/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Listening in on an analysis: each SIP message with the leg that it belongs to, and which leg is
 * whose. For what needs the messages themselves, not only the calls: ladders, slices.
 *
 * Legs have numbers: 1, 2, .. in the order in which they begin; the same packets give the same
 * numbers, so what one analysis has learned of a leg can be used in a second one. */
#ifndef RIG_ANALYZER_CALLS_TAP_H
#define RIG_ANALYZER_CALLS_TAP_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/message.h"
#include "analyzer/sip.h"
#include "core/status.h"

/** What a message is to its leg. */
typedef enum rig_tapped_kind {
    RIG_TAPPED_NEW = 0,
    RIG_TAPPED_RETRANSMISSION, /**< sent again */
    RIG_TAPPED_DUPLICATE       /**< sent once, captured again */
} rig_tapped_kind;

/** A message that belongs to a leg. Borrowed for the call, with all that it points to. */
typedef struct rig_tapped_message {
    const rig_packet *packet;
    const rig_sip *sip; /**< its slices are parts of the payload; see is_read_through */
    uint64_t leg;       /**< number of the leg */
    rig_tapped_kind kind;
    /** A new message shows that the target marks its queue, or the ringing of agents' phones: that
     * any message does decides about calls that show none themselves. */
    bool is_queue_mark, is_ringing_mark;
    /** A new one may be a mark that is believed only where the ringing is not marked (so far). */
    bool is_connected_mark;
} rig_tapped_message;

/** Who listens. Any function may be NULL. */
typedef struct rig_tap {
    /** A message, in the order in which the analysis takes them. @return RIG_OK; any other status
     * ends the analysis with it. */
    rig_status (*message)(void *ctx, const rig_tapped_message *message, rig_error *err);
    /** A leg turns out to be a call's: the caller's own before any message of it is told; an
     * agent's then or later, up to its end.
     * @param order  rig_finished_call.order of the call. */
    void (*joined)(void *ctx, uint64_t leg, uint64_t order);
    /** As rig_frame_parts.take. */
    void (*part)(void *ctx, uint32_t frame, uint32_t other, rig_part_kind kind);
    void *ctx;
} rig_tap;

#endif
