/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP connections of which messages are wanted, by rig_packet.stream: 32 bytes each. */
#ifndef RIG_ANALYZER_SLICE_STREAM_SET_H
#define RIG_ANALYZER_SLICE_STREAM_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/message.h"

/** One of them. */
typedef struct rig_stream_span {
    uint64_t stream;     /**< 0: free */
    int64_t t_first_ns;  /**< earliest message that is wanted */
    uint32_t last_frame; /**< in which the last one ends */
} rig_stream_span;

/** The set. All zero: empty. */
typedef struct rig_stream_set {
    rig_stream_span *slots;
    size_t n, n_slots;
    bool has_failed; /**< there was no memory for something */
} rig_stream_set;

/** Free what it holds. */
void rig_stream_set_clear(rig_stream_set *set);

/** Add the connection of a message that is wanted; nothing when it came by none. A failure is noted
 * in the set. */
void rig_stream_set_add(rig_stream_set *set, const rig_packet *packet);

/** A connection; NULL when it is not in the set. */
const rig_stream_span *rig_stream_set_find(const rig_stream_set *set, uint64_t stream);

#endif
