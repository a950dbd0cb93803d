/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of a deviation does each finding explain, and is one of them the cause?
 *
 * The deviation is the sum over the four stages of |observed - replayed loss|, per offered call,
 * each as far as it exceeds one standard deviation of the replays: within that, nothing is to be
 * explained. Where all stages conform and a carrier's calls lose more or less at the trunk than its
 * margin allows, it is the same sum over the carriers; where a class of callers loses more or less
 * in the queue, or waits otherwise, over the classes; where all conform and a service level is
 * missed, it is that figure's alone.
 *
 * A finding that the simulated centre has a rule for is put into the replay of the run's own calls
 * (verdict/diagnosis/refit.h): it explains what of the deviation is gone then. Of one that it has
 * no rule for, the calls that were handled otherwise are known; taken out of the run and of the
 * replay alike, they explain what of the deviation is gone among the rest. Of a level on waits they
 * explain the share of the calls beyond its limit that they are.
 *
 * The cause is what explains the greatest share, if that is at least RIG_CAUSE_LEAST_SHARE.
 * Findings that were put into the replay come first: only where none of them, and no two of them
 * together, explain enough are the others asked, whose symptoms can be those of another cause.
 * Another finding belongs to the cause if it, put in beside the first, explains RIG_CAUSE_MORE
 * more. */
#ifndef RIG_VERDICT_DIAGNOSIS_EXPLAIN_H
#define RIG_VERDICT_DIAGNOSIS_EXPLAIN_H

#include "models/prediction.h"
#include "verdict/diagnosis.h"
#include "verdict/observed.h"

/** What a further finding must add to the share that is explained. */
#define RIG_CAUSE_MORE 0.15

/** Findings that are asked, the ones that explain the most calls. */
#define RIG_EXPLAINED_MOST 12

/** What is to be explained; all borrowed. */
typedef struct rig_explain_input {
    const rig_scenario *scenario;
    const rig_predict_options *how;   /**< of the judgement's replays: schedule and arrival_s set */
    const rig_prediction *prediction; /**< that came out of them */
    const double *observed_metrics;   /**< RIG_N_METRICS */
    const rig_observed_part *observed_parts; /**< by part; NULL: none is known */
    const rig_call *const *observed;         /**< calls by planned index; NULL = not on the wire */
    int64_t start_epoch_ns;                  /**< the instant of the schedule's t = 0 */
} rig_explain_input;

/**
 * Find the shares and the cause, and put the findings in order. Without a deviation beyond a margin
 * or a missed level nothing is asked: diagnosis->is_explained stays false.
 * @return RIG_OK; RIG_ENOMEM; RIG_ECANCELLED; as rig_predict.
 */
rig_status rig_diagnosis_explain(const rig_explain_input *input, rig_diagnosis *diagnosis,
                                 rig_error *err);

#endif
