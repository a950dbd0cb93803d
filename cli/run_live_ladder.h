/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ladders of calls while the run is under way, from what of its capture is written by then.
 *
 * Of the capture a part is read: what was captured from a moment before the call's INVITE to a
 * moment behind its end, at most RIG_RUN_LIVE_LADDER_MOST_BYTES. So that the place is found, the
 * thread that captures notes now and then how far the file has come (16 bytes of memory for each of
 * at most RIG_RUN_LIVE_LADDER_MOST_MARKS marks, whatever the size of the file). The part is copied
 * into a file of the run's folder, read there as any capture is (analyzer/ladder.h), and removed.
 */
#ifndef RIG_CLI_RUN_LIVE_LADDER_H
#define RIG_CLI_RUN_LIVE_LADDER_H

#include <stddef.h>
#include <stdint.h>

#include "cli/run_dir.h"
#include "core/language.h"
#include "core/status.h"

/** Bounds. */
enum {
    RIG_RUN_LIVE_LADDER_MOST_BYTES = 32 << 20, /**< of the capture, for one call */
    RIG_RUN_LIVE_LADDER_MOST_MARKS = 4096
};

/** What draws them; opaque. */
typedef struct rig_run_live_ladder rig_run_live_ladder;

/** @param[out] made  Owned by the caller: rig_run_live_ladder_free. @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_run_live_ladder_new(const rig_language *language, rig_run_live_ladder **made,
                                   rig_error *err);

/** NULL-safe. Nobody may draw any more. */
void rig_run_live_ladder_free(rig_run_live_ladder *ladders);

/**
 * The capture is open now; before its first packet is taken in.
 * @param dir  Of the run; copied. Its capture is still written aside (core/atomic_file.h). Where it
 *             is not found, each ladder is refused.
 */
void rig_run_live_ladder_open(rig_run_live_ladder *ladders, const rig_run_dir *dir);

/** A packet has been captured. By one thread. @param caplen  Its bytes in the file. */
void rig_run_live_ladder_packet(rig_run_live_ladder *ladders, int64_t t_ns, size_t caplen);

/**
 * Draw the ladder of a call, as `peakrig analyze --ladder` does. By any thread, one at a time.
 * @param t_invite_ns, t_end_ns  Of the call, by the capture.
 * @param[out] text  Owned by the caller: free.
 * @return RIG_OK; RIG_EINPUT where the call lasted too long for the bounds, or is not in the
 *         capture; RIG_EENV where another one is being drawn, or there is no capture yet; RIG_EIO;
 *         RIG_ENOMEM.
 */
rig_status rig_run_live_ladder_draw(rig_run_live_ladder *ladders, const char *call_id,
                                    int64_t t_invite_ns, int64_t t_end_ns, char **text,
                                    rig_error *err);

#endif
