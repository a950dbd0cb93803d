/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a capture that is not whole, or not of one clock, leaves open of the losses: bounds from the
 * number of calls that may have ended otherwise than was told (the worst case: each of them did,
 * and each is one more that entered, or one less). They are no confidence intervals, which say what
 * chance leaves open (series.h). */
#ifndef RIG_ANALYZER_LOSS_BOUNDS_H
#define RIG_ANALYZER_LOSS_BOUNDS_H

#include "analyzer/analyzer.h"
#include "core/tally.h"

/** Bounds of what is lost of those who enter a stage, in [0, 1]. */
typedef struct rig_loss_bounds {
    double low, high;
} rig_loss_bounds;

/**
 * Calls that may have ended otherwise: whose outcome hangs on an order that is not certain
 * (n_doubtful, n_backwards, and n_crossed where several clocks may have stamped the capture:
 * interfaces or files at one time; untied.n_calls_near), who lack a message or are
 * beside legs that do (n_gapped, n_orphan_legs, n_stray_legs), who may be one with another call (n_leg_pairs, n_retargeted,
 * n_by_agents, n_sent_on), and one for each message that was lost to the analysis or known in part
 * (datagrams without their first fragment, messages cut, also among headers that marks and Reason
 * may stand in, messages that streams lack).
 */
uint64_t rig_capture_n_open(const rig_capture_counts *counts);

/** Of n_crossed those that rig_capture_n_open() leaves out: certain if one clock has stamped both
 * directions, which a capture of one interface does not tell (a tap or merging may have mixed two). */
uint64_t rig_capture_n_open_by_clocks(const rig_capture_counts *counts);

/** What is lost at a stage lies between these, if n_open calls may have ended otherwise. */
rig_loss_bounds rig_loss_bounds_of(const rig_tally *tally, rig_stage stage, uint64_t n_open);

#endif
