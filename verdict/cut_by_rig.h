/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that the rig itself ended: after Ctrl-C, after an early stop, at the deadline. */
#ifndef RIG_VERDICT_CUT_BY_RIG_H
#define RIG_VERDICT_CUT_BY_RIG_H

#include "core/call.h"

/**
 * Say of each call of the run that was up when the rig began to end its calls that the rig cut it:
 * what its caller or its agent's phone did from then on was not their own will, and what the call
 * would have come to is not known. Its outcome becomes RIG_OUTCOME_CUT_BY_RIG, its reason "cut by
 * the rig: " and what was seen. A call that the centre refused or ended itself (a final response, a
 * BYE that no agent's phone began) keeps its outcome; so do calls that are not of the run.
 *
 * @param calls  Changed in place. A second time changes nothing.
 * @param stop_epoch_ns  When the rig began to (rig_play_facts); 0: it did not, and nothing is
 * changed.
 */
void rig_cut_by_rig(rig_calls *calls, int64_t stop_epoch_ns);

#endif
