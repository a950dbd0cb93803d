/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clocks apart: captured packets of one direction may carry the times of another clock than those
 * of the other (two taps, two ports of one, a mirror that delays). It shows where an answer is
 * earlier than what it answers.
 *
 * Pairs are a request with its first response, and a final response to an INVITE with its ACK, each
 * seen once. At an address the one is received and the other sent, so the time between them is true
 * delay plus offset: with r the least time from receiving to sending, and s the least time from
 * sending to receiving an answer, the packets that it sends are early by between -r and s, and by
 * (s - r) / 2 when the least delays of both are alike (Mills, RFC 5905, section 8: the offset of
 * two clocks from four times). */
#ifndef RIG_ANALYZER_CLOCK_OFFSET_H
#define RIG_ANALYZER_CLOCK_OFFSET_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/message.h"

/** Offsets that are told, at most. */
#define RIG_MAX_CLOCK_OFFSETS 4

/** One offset. */
typedef struct rig_clock_offset {
    rig_endpoint at;
    int64_t early_ns;    /**< what it sends is early by so much, against what it receives; negative:
                              what it receives is early. The middle of the next two, or the least
                              one where the other is not known */
    int64_t at_least_ns; /**< surely by so much; of the same sign, and the one nearer to 0 */
    int64_t at_most_ns;  /**< by no more than so much, if has_most */
    bool has_most;
    uint64_t n_pairs; /**< from so many pairs .. */
    uint64_t n_early; /**< .. of which so many had the answer first */
} rig_clock_offset;

/** All offsets of a capture. */
typedef struct rig_clock_offsets {
    rig_clock_offset of[RIG_MAX_CLOCK_OFFSETS]; /**< those of most pairs first */
    unsigned n;
    uint64_t n_early; /**< pairs in all that had the answer first */
} rig_clock_offsets;

#endif
