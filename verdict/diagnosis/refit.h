/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run's calls, replayed by a centre that is what findings say. Internal to diagnosis/.
 *
 * The replay is that of the judgement: the same instants, callers and delays, each call's own among
 * them (but of a kind that a finding says otherwise). What a finding says
 * is put into copies of the scenario (numbers, time-outs, numbers over time), of the schedule
 * (callers who are cut), of the instants (INVITEs that the centre saw late, or refused) and of the
 * delays (of the centre's), and into the rules by which callers are given to agents
 * (rig_centre_rules). Findings can be put in one after the other. What the simulated centre has no
 * rule for (an order other than first in, first out) cannot be put in. */
#ifndef RIG_VERDICT_DIAGNOSIS_REFIT_H
#define RIG_VERDICT_DIAGNOSIS_REFIT_H

#include "models/prediction.h"
#include "verdict/diagnosis.h"

/** What is replayed; all borrowed. */
typedef struct rig_refit_base {
    const rig_scenario *scenario;
    const rig_predict_options *how;  /**< of the judgement's replays: schedule and arrival_s set */
    const rig_call *const *observed; /**< by planned index; NULL = not on the wire */
    int64_t start_epoch_ns;          /**< the instant of the schedule's t = 0 */
} rig_refit_base;

/** Replays of a refit: its means are known to a sixth of one run's scatter. */
#define RIG_REFIT_REPLAYS 40

/** A replay with findings put in. */
typedef struct rig_refit rig_refit;

/** Whether the simulated centre has a rule for what a finding says. */
bool rig_refit_can(const rig_scenario *scenario, const rig_finding *finding);

/** @param[out] refit  Nothing is put in yet. rig_refit_free. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_refit_new(const rig_refit_base *base, rig_refit **refit);

/** Put a finding in, beside those that are. @param finding  One that rig_refit_can. @return RIG_OK
 * or RIG_ENOMEM. */
rig_status rig_refit_put(rig_refit *refit, const rig_finding *finding);

/**
 * Replay.
 * @param[out] means  The replays' means; NAN where one does not know a figure: RIG_N_METRICS of the
 *                    whole, and as many of each part (rig_scope_n_parts).
 * @return as rig_predict.
 */
rig_status rig_refit_replay(rig_refit *refit, double *means, rig_error *err);

/** NULL-safe. */
void rig_refit_free(rig_refit *refit);

#endif
