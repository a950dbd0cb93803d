/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packets of some calls of a capture, as a capture: their original frames, all of them.
 *
 * The captures are read three times: which calls, which frames, the frames. Memory: 4 bytes a leg,
 * 1 byte a call (5 where a choice asks for the caller's number), 1 bit a frame, 12 bytes for each
 * frame that continues another (fragments, messages over several segments).
 *
 * Analysing the slice by the same rules gives the same rows of calls.csv for these calls, as far as
 * they depend on other packets too:
 * - Whether the target marks its queue, or the ringing, is known from any call of the capture.
 *   Where that matters and the chosen calls do not show it (in time), the first message that does
 * is added; it alone makes no call.
 * - A call that is not over depends on how long the capture went on. Where one is chosen, the last
 *   frame of the capture is added, cut to no bytes: it holds the time and nothing else.
 * - A frame that carries messages of several calls (TCP) stays whole; it may add calls.
 * - The other segments of a TCP connection that lie among the wanted messages, or shortly before
 *   them, are added, cut to their headers: without them the stream would have gaps, for which
 *   readers wait. They hold nothing of other calls. Such a segment that came in IP fragments is
 *   left out.
 * - Where several calls used one Call-ID, a message of a chosen one may have been taken for a
 *   repetition of one that is not chosen; n_messages counts it then. */
#ifndef RIG_ANALYZER_EXTRACT_H
#define RIG_ANALYZER_EXTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analyzer/analyzer.h"
#include "analyzer/pick.h"
#include "analyzer/query.h"
#include "core/status.h"

/** What to write, and of what. */
typedef struct rig_extract_options {
    const char *const *paths; /**< captures, n_paths >= 1; none is "-": they are read again */
    size_t n_paths;
    const struct rig_rules *rules; /**< NULL: the built-in ones */
    const rig_pick *pick;          /**< without any term: all calls that fit `where` */
    const rig_query *where;        /**< and only those that fit it; NULL: all */
    const char *output;            /**< appears whole or not at all */
    rig_analyze_reading reading; /**< all 0: as usual. Of all readings, but for the warnings, which
                                    are those of the first; is_over is NULL */
    uint32_t max_legs;           /**< as of rig_analyzer_options */
} rig_extract_options;

/** What was written. */
typedef struct rig_extract_counts {
    uint64_t n_calls;        /**< of the captures */
    uint64_t n_chosen;       /**< of n_calls */
    uint64_t n_legs;         /**< of the chosen calls */
    uint64_t n_packets;      /**< written */
    uint64_t n_marks;        /**< messages of other calls in them: they show that the target marks
                                   its stages */
    uint64_t n_fillers;      /**< of n_packets: segments cut to their headers */
    uint64_t n_not_followed; /**< of rig_capture_counts: calls were passed over for want of room */
    bool has_end;            /**< a frame without bytes holds the capture's end */
} rig_extract_counts;

/**
 * Write a slice. One without any call is written too: a capture without packets.
 * @param[out] counts  Written when RIG_OK is returned.
 * @return RIG_OK; as rig_analyze_files; RIG_EIO naming the output; RIG_EINPUT when the output is
 *         one of the captures; RIG_ENOMEM.
 */
rig_status rig_extract(const rig_extract_options *options, rig_extract_counts *counts,
                       rig_error *err);

#endif
