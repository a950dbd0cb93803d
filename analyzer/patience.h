/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patience of callers in the queue, from the calls of a capture.
 *
 * A caller's wait begins with the first mark that the call is in the queue. It ends with the event
 * where the caller hangs up in the queue or while an agent's phone rings, before any agent answers
 * (lost_queue and lost_agent by CANCEL or BYE of the caller). It is censored where an agent
 * answers, where the centre ends it (queue full or timed out), where a call back is promised, and
 * at the end of the capture. A call of which the end was not captured, or that went back to the
 * menu, is left out.
 *
 * A centre that shows no queue but only the ring of an agent's phone shows waits from there on
 * only: the patience before it is not seen.
 *
 * Memory: 8 bytes for each call that was in the queue. */
#ifndef RIG_ANALYZER_PATIENCE_H
#define RIG_ANALYZER_PATIENCE_H

#include "analyzer/call_sink.h"
#include "analyzer/survival.h"

/** Waits that are being collected. All zero: none so far; end it with rig_patience_clear. */
typedef struct rig_patience {
    rig_lasting *observed; /**< owned */
    size_t n, cap;
    int64_t *waiting; /**< since when those wait who are not over, ns; owned */
    size_t n_waiting, cap_waiting;
    uint64_t n_left_out;
} rig_patience;

/** Take a call. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_patience_take(rig_patience *patience, const rig_finished_call *call, rig_error *err);

/**
 * All calls have come.
 * @param t_last_ns      End of the capture.
 * @param[out] survival  Owned by the caller: rig_survival_free. Events: who hung up.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_patience_finish(rig_patience *patience, int64_t t_last_ns, rig_survival **survival,
                               rig_error *err);

/** Free what it owns. */
void rig_patience_clear(rig_patience *patience);

#endif
