/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each planned call ended, one letter a call, in the order of the plan: what two runs of the
 * same calls are compared by. Nothing else of a caller is kept.
 *
 *     t i q a   lost at the trunk, the IVR, in the queue, at the agents
 *     m         satisfied by the menu
 *     d         deflected in the queue
 *     S s       served; S: answered within queue.service_level_s, s: later, or not known
 *     1 2 3 4   cut by the centre in the trunk, the IVR, the queue, at the agents
 *     5         cut in the talk, after an answer within queue.service_level_s
 *     ?         on the wire, but what became of it is not known
 *     -         not on the wire */
#ifndef RIG_HISTORY_CALLS_H
#define RIG_HISTORY_CALLS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/call.h"

/** What the waits of the calls that an agent answered are, scenario time. */
typedef struct rig_history_waits {
    size_t n;
    double mean_s, sd_s; /**< NAN without any; sd of one */
    double *of_call_s;   /**< by planned index; NAN: none. Owned by who asked for it */
} rig_history_waits;

/**
 * Write the letters of calls.
 * @param n_planned        Calls of the plan.
 * @param time_scale       Scenario seconds per second on the wire.
 * @param service_level_s  queue.service_level_s.
 * @param[out] letters     n_planned of them and a NUL; the caller frees.
 * @param[out] waits       As of verdict/measured.h: from the first mark of the queue to the agent's
 *                         answer. The caller frees of_call_s.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_history_calls_of(const rig_calls *calls, size_t n_planned, double time_scale,
                                double service_level_s, char **letters, rig_history_waits *waits);

/** How many bytes at the begin of a text are letters of calls: strlen where all are. */
size_t rig_history_calls_span(const char *text);

/** Whether it is known that the call of a letter was on the wire and what became of it. */
bool rig_history_call_is_known(char letter);

/** Whether it entered a stage; false where that is not known. */
bool rig_history_call_entered(char letter, rig_stage stage);

/** Whether it was lost there. */
bool rig_history_call_lost(char letter, rig_stage stage);

/** Whether it was served by an agent or the menu. */
bool rig_history_call_connected(char letter);

/** Whether an agent answered it within queue.service_level_s. */
bool rig_history_call_in_time(char letter);

#endif
