/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packets of a live capture, put in order on their way to an analyzer, exactly as those of a
 * file are (capture_order.h): what is decided while the wire is read is what is decided afterwards
 * from the file that was written meanwhile.
 *
 * So a packet reaches the analyzer when one that is later by the window has come, by the packets'
 * own times: running counts and snapshots are behind the wire by as much, 1 s unless told
 * otherwise, and by what came last on a wire that has gone silent.
 *
 * Memory: a copy of each packet that waits, within the limits of rig_capture_order: beyond them
 * the earliest goes on, and is counted (rig_capture_disorder.n_pushed_out). Not thread-safe, as the
 * analyzer. */
#ifndef RIG_ANALYZER_ORDERED_FEED_H
#define RIG_ANALYZER_ORDERED_FEED_H

#include "analyzer/analyzer.h"
#include "analyzer/capture_order.h"
#include "core/status.h"

/** Packets on their way; opaque. */
typedef struct rig_ordered_feed rig_ordered_feed;

/**
 * @param order      NULL: as all 0. A window of -1 hands each packet on at once.
 * @param analyzer   Borrowed until rig_ordered_feed_free; nobody else gives it packets.
 * @param[out] feed  Owned by the caller: rig_ordered_feed_free.
 * @return RIG_OK; RIG_EDOM for a window that cannot be; RIG_ENOMEM.
 */
rig_status rig_ordered_feed_new(const rig_capture_order *order, rig_analyzer *analyzer,
                                rig_ordered_feed **feed, rig_error *err);

/** Free, with all that waits. NULL-safe. */
void rig_ordered_feed_free(rig_ordered_feed *feed);

/** Take in one packet, of one interface's clock: arguments and errors as of rig_analyzer_packet,
 * also of a packet that came before and is in its turn now. The data is copied where it waits. */
rig_status rig_ordered_feed_packet(rig_ordered_feed *feed, int linktype, int64_t t_ns,
                                   const uint8_t *data, size_t caplen, size_t len, rig_error *err);

/**
 * Nothing more comes: hand on all that waits, and tell the analyzer what was out of order
 * (rig_capture_counts.disorder). To be called once, before rig_analyzer_finish.
 * @return RIG_OK, or the first error of a packet.
 */
rig_status rig_ordered_feed_end(rig_ordered_feed *feed, rig_error *err);

#endif
