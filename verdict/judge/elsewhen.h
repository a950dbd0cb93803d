/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stage that does not fail by its total, judged by when it lost its calls. */
#ifndef RIG_VERDICT_JUDGE_ELSEWHEN_H
#define RIG_VERDICT_JUDGE_ELSEWHEN_H

#include "verdict/verdict.h"

/**
 * Compare a stage over time (verdict/over_time.h) and let that change its judgement: PASS becomes
 * INCONCLUSIVE where a period is open, and whatever is no FAIL yet becomes one where a period is
 * certain to deviate.
 * @param v  Judged by its total; over_time, is_elsewhen, judgement, minutes_to_decide are set.
 *           Nothing is done where the input has no intervals.
 * @param n_doubtful  Calls whose fate the capture leaves open.
 */
void rig_elsewhen_judge(rig_stage_verdict *v, const rig_verdict_input *input, uint64_t n_doubtful);

/** The worst period in words. @return characters, as snprintf; below size by what is written. */
int rig_elsewhen_say(char *text, size_t size, const rig_stage_verdict *v);

/** The same with the stage's name: why it fails. */
int rig_elsewhen_say_failed(char *text, size_t size, const rig_stage_verdict *v);

#endif
