/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pairs of messages from which offsets of clocks are estimated (clock_offset.h). Internal to
 * the analyzer. Memory is fixed: 600 KiB. */
#ifndef RIG_ANALYZER_CLOCK_PAIRS_H
#define RIG_ANALYZER_CLOCK_PAIRS_H

#include "analyzer/clock_offset.h"
#include "analyzer/clock/ties.h"
#include "analyzer/sip.h"
#include "core/status.h"

/** An estimation under way; opaque. */
typedef struct rig_offset_pairs rig_offset_pairs;

/** @param[out] pairs Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_offsets_new(rig_offset_pairs **pairs, rig_error *err);

/** NULL-safe. */
void rig_offsets_free(rig_offset_pairs *pairs);

/**
 * Look at a message. Of long captures, those of one Call-ID in sixteen are looked at.
 * @param ties    Told of pairs and copies whose messages are of two sources.
 * @param source  Of the message (ties.h).
 */
void rig_offsets_take(rig_offset_pairs *pairs, rig_clock_ties *ties, uint16_t source,
                      const rig_sip *sip, const rig_packet *packet);

/** What they say. @param[out] offsets Always written. */
void rig_offsets_read(const rig_offset_pairs *pairs, rig_clock_offsets *offsets);

/** How far the clocks may be apart at the most: at the endpoint where most is left open, of those
 * of which both directions are known. 0: nothing is known. */
int64_t rig_offsets_most_ns(const rig_offset_pairs *pairs);

#endif
