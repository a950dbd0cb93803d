/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which sources of a capture can be compared in time. A source is what one host has captured: a
 * file, with all of its interfaces. Two sources are tied where a request of the one has its answer
 * in the other, or the same message lies in both: how far their clocks are apart shows there
 * (clock/pairs.h). Files that follow each other, as those of a rotation do, are of one clock. Of
 * two that lie beside each other and are not tied nothing is known, and what the order of their
 * messages decides is open. Internal to the analyzer.
 *
 * Memory: 24 bytes a source, and 36 KiB. */
#ifndef RIG_ANALYZER_CLOCK_TIES_H
#define RIG_ANALYZER_CLOCK_TIES_H

#include <stdbool.h>
#include <stdint.h>

#include "analyzer/untied.h"
#include "core/status.h"

/** Most sources that are told apart; further ones are counted as the last. */
#define RIG_TIES_MAX_SOURCES 8191u

/** What is known; opaque. */
typedef struct rig_clock_ties rig_clock_ties;

/** @param[out] ties  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_ties_new(rig_clock_ties **ties, rig_error *err);

/** NULL-safe. */
void rig_ties_free(rig_clock_ties *ties);

/** A message of a source. @param source  From 1. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_ties_note_message(rig_clock_ties *ties, uint16_t source, int64_t t_ns,
                                 rig_error *err);

/** A message of one and its answer in the other. Both sources have had messages. */
void rig_ties_tie(rig_clock_ties *ties, uint16_t a, uint16_t b);

/** One message lies in two sources, so far apart in time. */
void rig_ties_note_copy(rig_clock_ties *ties, uint16_t a, uint16_t b, int64_t apart_ns);

/** An endpoint sends or receives messages of both. */
void rig_ties_note_host(rig_clock_ties *ties, uint16_t a, uint16_t b);

/** A call has legs of both, and another outcome if their clocks are as far apart as gap_ns. */
void rig_ties_note_call(rig_clock_ties *ties, uint16_t a, uint16_t b, int64_t gap_ns);

/** A leg lies so near to the edge of a window of time, beyond which it is another call's, or one of
 * its own; the call may be of any source. */
void rig_ties_note_edge(rig_clock_ties *ties, int64_t gap_ns);

/**
 * What is not tied.
 * @param apart_ns     How far clocks of untied sources may be apart.
 * @param[out] untied  Always written; apart_ns is the one given.
 */
void rig_ties_read(const rig_clock_ties *ties, int64_t apart_ns, rig_untied *untied);

/** How far apart the copies of messages that lie in two sources are at the least; 0: there are
 * none. */
int64_t rig_ties_copies_apart_ns(const rig_clock_ties *ties);

#endif
