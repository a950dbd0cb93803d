/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run as it was at an instant: what a capture that had ended then would have shown.
 *
 * An early look (verdict/early_stop.h) compares a run so far with replays cut at the same place.
 * Both sides count alike: a call is lost, or has ended otherwise, when its end lies at or before
 * the instant; one that is in progress then has entered the agent stage only if an agent had
 * answered it, the queue if it had been there (also while a phone rings: of a call that is rung
 * again the record knows only the last ringing), and else the IVR, because the trunk decides at
 * once. So does a simulation that is cut (models/centre.h). An INVITE that is refused a millisecond
 * after the instant counts as in progress: one call at a look. */
#ifndef RIG_VERDICT_JUDGE_CUT_H
#define RIG_VERDICT_JUDGE_CUT_H

#include "verdict/join.h"

/**
 * The calls, and calls back, as they were at an instant: without those whose INVITE came later,
 * without what came later of the others, and RIG_OUTCOME_IN_PROGRESS where a call was not over. A
 * call that never had a response and no end of its own (RIG_OUTCOME_LOST_TRUNK without t_end_ns)
 * was over after 32 s.
 * @param calls     May be without Call-IDs (NULL).
 * @param t_ns      The instant; what happened then has happened.
 * @param[out] cut  Owned by the caller: rig_calls_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_cut_calls(const rig_calls *calls, int64_t t_ns, rig_calls **cut);

/** The stage that a call counts in: rig_call_stage if it is over, or the join is not of a part. */
rig_stage rig_cut_stage(const rig_join *join, const rig_call *call);

/**
 * Make a join of cut calls one of a part of the plan: planned calls whose instant had come and that
 * were never on the wire are not placed; all others that are not in the join were not due yet.
 * @param whole  The join of all calls.
 * @param end_s  The instant, scenario time.
 */
void rig_cut_join(rig_join *join, const rig_join *whole, const rig_schedule *schedule,
                  double end_s);

#endif
