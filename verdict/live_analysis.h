/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The analyzer, fed by the capture thread and read by the main thread. Packets are put in order on
 * their way, as those of a file are (analyzer/ordered_feed.h): what is read meanwhile is a second
 * behind the wire, and the calls at the end are those that the file of the capture gives. */
#ifndef RIG_VERDICT_LIVE_ANALYSIS_H
#define RIG_VERDICT_LIVE_ANALYSIS_H

#include "analyzer/analyzer.h"
#include "verdict/scenario_rules.h"
#include "verdict/set_up.h"
#include "scenarios/scenario.h"

/** An analysis behind a lock; opaque. */
typedef struct rig_live_analysis rig_live_analysis;

/**
 * @param scenario    Says by which rules the wire is read (verdict/scenario_rules.h).
 * @param carriers    Borrowed for the call; NULL: they are not told apart.
 * @param[out] live   Owned by the caller: rig_live_analysis_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_live_analysis_new(const rig_scenario *scenario, const rig_carrier_ends *carriers,
                                 rig_live_analysis **live, rig_error *err);

/** Have someone told of each step of each call, in the capture thread: he must not wait. Before
 * the first packet. */
void rig_live_analysis_watch(rig_live_analysis *live, const rig_call_watch *watch);

/** NULL-safe. */
void rig_live_analysis_free(rig_live_analysis *live);

/** A rig_recorder_sink; ctx is the rig_live_analysis. The first error is kept for
 * rig_live_analysis_finish. */
void rig_live_analysis_packet(void *ctx, int linktype, int64_t t_ns, const uint8_t *data,
                              size_t caplen, size_t len);

/** The counts of what is in order by now. Thread-safe. */
void rig_live_analysis_read(rig_live_analysis *live, rig_live_counts *counts);

/** All calls as they are now, as rig_analyzer_snapshot. Thread-safe: the capture waits meanwhile.
 */
rig_status rig_live_analysis_snapshot(rig_live_analysis *live, rig_calls **calls, rig_error *err);

/** What the capture shows of our own side up to now: rig_wire_facts_of. Thread-safe. */
rig_status rig_live_analysis_wire(rig_live_analysis *live, const rig_play_facts *play,
                                  int64_t until_ns, rig_wire_facts *facts);

/**
 * End the analysis, after the capture has ended. Once.
 * @param[out] calls  Owned by the caller: rig_calls_free.
 * @return RIG_OK; the first error of a packet; as rig_analyzer_finish.
 */
rig_status rig_live_analysis_finish(rig_live_analysis *live, rig_calls **calls, rig_error *err);

#endif
