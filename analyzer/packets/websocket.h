/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIP over WebSocket (RFC 7118): where its frames (RFC 6455, section 5) begin in a stream, and what
 * they hold. Inside the packets room only. */
#ifndef RIG_ANALYZER_PACKETS_WEBSOCKET_H
#define RIG_ANALYZER_PACKETS_WEBSOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest HTTP head that is looked at for an upgrade. */
#define RIG_WEBSOCKET_MAX_HEAD 8192u

/** What bytes of a stream begin with. */
typedef enum rig_websocket_found {
    RIG_WEBSOCKET_NOT,     /**< something else */
    RIG_WEBSOCKET_MORE,    /**< more bytes are needed to tell */
    RIG_WEBSOCKET_UPGRADE, /**< the head of a request for WebSocket, or of the answer to one: frames
                                begin behind it */
    RIG_WEBSOCKET_FRAMES   /**< a frame that holds SIP: the stream is met in the middle */
} rig_websocket_found;

/** Look at the beginning of a stream, or of what follows a gap. @param[out] n_head Bytes of the
 * head. */
rig_websocket_found rig_websocket_look(const uint8_t *p, size_t n, size_t *n_head);

/** A frame. */
typedef struct rig_websocket_frame {
    unsigned opcode; /**< 0: goes on, 1: text, 2: binary; 8 and above: control */
    bool is_final;
    bool is_masked;
    uint8_t mask[4];
    size_t n_head;
    uint64_t n_payload;
} rig_websocket_frame;

/**
 * Read the head of a frame.
 * @param[out] frame  Written when true is returned.
 * @param[out] is_bad Whether it can be none; written when false is returned. Else more is needed.
 */
bool rig_websocket_read(const uint8_t *p, size_t n, rig_websocket_frame *frame, bool *is_bad);

/** A message of one frame or several, put together without their masks. All 0: nothing. */
typedef struct rig_websocket_text {
    uint8_t *p;
    size_t n, n_allocated;
} rig_websocket_text;

/** Add the payload of a frame, all of which is at p. @return false: out of memory; the text is
 * gone. */
bool rig_websocket_text_add(rig_websocket_text *text, const rig_websocket_frame *frame,
                            const uint8_t *p);

/** Free it; all 0 then. */
void rig_websocket_text_clear(rig_websocket_text *text);

#endif
