/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A capture that peakrig did not generate against a prediction: no schedule, so no pairs.
 *
 * The calls of one run depend on each other (while the trunk is full all are refused), so n of them
 * say less than n independent ones would. Batch means tell how much less: the entrants of a stage,
 * in the order of their arrival, are cut into equal batches; the variance of the batches' losses
 * gives that of the whole, and the effective sample size (ESS) is the number of independent calls
 * that would scatter as much (Law, Simulation Modeling and Analysis, section 9.5.3; Srikant &
 * Whitt, ACM TOMACS 6(1), 1996). A rate that changes in the run counts as scatter: that errs on the
 * safe side. */
#ifndef RIG_VERDICT_UNPAIRED_H
#define RIG_VERDICT_UNPAIRED_H

#include "verdict/verdict.h"
#include "core/call.h"

/** What was predicted of a stage's loss per entrant. */
typedef struct rig_unpaired_prediction {
    double p;          /**< mean over simulated runs */
    double sd_of_run;  /**< of one run; 0 or NAN = not known */
    rig_margin margin; /**< equivalence margin */
} rig_unpaired_prediction;

/** One stage, compared. */
typedef struct rig_unpaired_stage {
    uint64_t n_entered, n_lost;
    double p_observed;    /**< NAN when nobody entered */
    uint32_t n_batches;   /**< 0 = too few calls for batches, or none or all of them lost */
    double ess;           /**< effective sample size, at most n_entered */
    double low90, high90; /**< Wilson score intervals on the ESS, with Student's t of the batches;
                               nothing lost: 0..3 / ESS is the 95 % one-sided bound */
    double low95, high95;
    double p_predicted, margin;
    double p_value, p_value_holm; /**< of "|observed - predicted| <= margin" */
    double growth_to_decide;      /**< times the capture's length; NAN = decided */
    rig_judgement judgement;
} rig_unpaired_stage;

/** All stages. */
typedef struct rig_unpaired {
    rig_unpaired_stage stages[RIG_N_STAGES];
    double minutes;          /**< from the first call's arrival to the last one's, wire time */
    rig_judgement judgement; /**< FAIL if any stage fails; else INCONCLUSIVE if any is; else PASS */
} rig_unpaired;

/**
 * Compare. PASS when the 90 % interval lies within the margin around the prediction; FAIL when the
 * loss lies beyond it with a p-value that survives Holm's correction at 5 %; else INCONCLUSIVE.
 * @param calls      In the order of their INVITEs, as calls.csv has them. Calls without a fate are
 *                   left out.
 * @param predicted  RIG_N_STAGES of them.
 * @return RIG_OK; RIG_EINPUT when there is no call; RIG_ENOMEM.
 */
rig_status rig_unpaired_compare(const rig_calls *calls, const rig_unpaired_prediction *predicted,
                                rig_unpaired *comparison, rig_error *err);

#endif
