/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a SIP message begins and ends in a stream of bytes (RFC 3261, 7.5 and 18.3). Inside the
 * packets room only.
 *
 * On a stream the Content-Length ends a message; without one, or with one that nobody can mean, it
 * ends with its headers, and what follows is passed over up to the next start line. What counts as
 * a start line is strict ("SIP/2.0 200 ..", "METHOD uri SIP/2.0", alone in its line), so that the
 * framing can find its place again in a stream that it meets in the middle, on any port. */
#ifndef RIG_ANALYZER_PACKETS_SIP_FRAMING_H
#define RIG_ANALYZER_PACKETS_SIP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/slice.h"

/** Longest start line; longer ones are not taken for one. */
#define RIG_SIP_MAX_START_LINE 4096u
/** Largest believable body; a Content-Length above it counts as none. */
#define RIG_SIP_MAX_BODY (16u << 20)

/** How far the message at the beginning of the bytes has been read. All 0: not at all. */
typedef struct rig_sip_framing {
    size_t n_scanned; /**< whole lines that were looked at */
    bool has_length;
    bool is_length_next; /**< the line behind may hold the value of Content-Length, folded */
    uint64_t n_body;
    size_t n_head; /**< up to the body; 0 while the headers' end is not there */
} rig_sip_framing;

/**
 * The Call-ID of a message, or of its beginning: of the first line that is whole and has one.
 * @return false when there is none, or the bytes do not begin as SIP does.
 */
bool rig_sip_call_id_in(rig_slice bytes, rig_slice *call_id);

/**
 * Whether the beginning of a message is of use without its rest: it has Call-ID, CSeq, From and, if
 * it is no INVITE, To, each in lines that are whole.
 * @param[out] call_id  As above.
 */
bool rig_sip_is_usable(rig_slice bytes, rig_slice *call_id);

/** What the bytes begin with. */
typedef enum rig_sip_found {
    RIG_SIP_FOUND_NOTHING, /**< n bytes that are no message: pass over them. n may be 0: more is
                                needed to tell */
    RIG_SIP_FOUND_HEAD,    /**< a message whose headers go on behind the bytes */
    RIG_SIP_FOUND_BODY,    /**< a message of n bytes in all, of which not all are there */
    RIG_SIP_FOUND_MESSAGE, /**< a whole message of n bytes */
    RIG_SIP_FOUND_HEP      /**< a HEP 3 packet of n bytes, of which all are there */
} rig_sip_found;

/**
 * Look at what the bytes begin with.
 *
 * @param bytes    In order, from the end of what was found before.
 * @param framing  All 0 at the beginning of a message; then as it was left, with the same bytes and
 *                 more. Set to 0 by this function whenever bytes are to be taken away.
 * @param[out] n   See rig_sip_found.
 */
rig_sip_found rig_sip_frame(rig_slice bytes, rig_sip_framing *framing, size_t *n);

#endif
