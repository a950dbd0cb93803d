/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stopping a run early: only where it is certain to fail.
 *
 * A run is looked at when 20, 40, 60 and 80 % of its planned calls have been placed, and at its
 * end. At each look a stage's loss so far is compared with replays that were cut at the same place,
 * so D's null distribution at that look comes from them. The 5 % of a wrong FAIL are shared among
 * the looks by Lan and DeMets' spending function of the O'Brien-Fleming kind (Biometrika 70(3),
 * 1983; Jennison & Turnbull, Group Sequential Methods, 2000, section 7.2): spent(t) = 2 - 2 Phi(z /
 * sqrt(t)), z the 97.5 % quantile, t the share of the calls, and a look may use what is spent since
 * the look before. Adding the shares up (Bonferroni) needs no assumption on how the looks depend on
 * each other. Within a look the stages are corrected by Holm. There is no early PASS: what has not
 * come yet could still deviate. */
#ifndef RIG_VERDICT_EARLY_STOP_H
#define RIG_VERDICT_EARLY_STOP_H

#include "core/stage.h"
#include "scenarios/scenario.h"

/** Looks, the end of the run included. */
#define RIG_N_LOOKS 5

/** Replays that a look needs at least: with these it can say that nothing is certain yet, and what
 * is certain is said with as many as the end has. */
#define RIG_LOOK_MIN_REPLAYS 99

/** Share of the planned calls at a look: 0.2, .., 1. @param look  Below RIG_N_LOOKS. */
double rig_early_stop_share(unsigned look);

/** What a look may use of the 5 %; the sum over all looks is 0.05. @param look  Below RIG_N_LOOKS.
 */
double rig_early_stop_alpha(unsigned look);

/** One stage at a look. */
typedef struct rig_look_stage {
    const double
        *replayed;   /**< loss per entrant of each replay, cut at the look; NANs are left out */
    double observed; /**< NAN = nobody has entered yet */
    rig_margin margin;
    uint64_t n_entered; /**< calls that observed is of: one call more or less is the least scatter;
                           0 = as the replays scatter */
    double doubt;       /**< by so much gaps of the capture may have changed observed, >= 0 */
} rig_look_stage;

/** What a look finds. */
typedef struct rig_look_result {
    bool is_certain_to_fail;
    rig_stage stage;                    /**< the first stage that deviates; RIG_N_STAGES = none */
    double p_value_alone[RIG_N_STAGES]; /**< 1 where nothing is known */
    double p_value[RIG_N_STAGES];       /**< corrected by Holm */
    double alpha;                       /**< that they were compared with */
} rig_look_result;

/**
 * Look. The p-value of "|D| <= margin" is the normal tail of (|D| - margin - doubt) / s, s the
 * replays' standard deviation, at least 1 / n_entered: the early boundaries lie beyond what the
 * ranks of some 999 replays resolve, and replays that all agree know nothing of rare events. One
 * replay that deviates as far vetoes the stop.
 * @param n_replays  >= 2, of each stage.
 * @return RIG_OK; RIG_EDOM when look is no look; RIG_ENOMEM.
 */
rig_status rig_early_stop_look(unsigned look, const rig_look_stage stages[RIG_N_STAGES],
                               size_t n_replays, rig_look_result *result);

#endif
