/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run's capture showed, in the figures that the model predicts. */
#ifndef RIG_VERDICT_OBSERVED_H
#define RIG_VERDICT_OBSERVED_H

#include "verdict/join.h"

/** Observed figures of a joined run, scenario time. */
typedef struct rig_observed {
    rig_tally tally; /**< of the planned calls, those not placed included */
    rig_metric_counts counts;
    double metrics[RIG_N_METRICS];
    rig_interval *intervals; /**< rig_centre_n_intervals of them, owned */
    size_t n_intervals;
    int64_t refusals_begin_at; /**< fewest circuits in use at a refused INVITE; -1 = no refusal */
    double refusal_median;     /**< median of the same; NAN = no refusal */
    int64_t refusal_max;       /**< most; -1 = no refusal */
    double carried_erl;        /**< mean circuits in use over [0, duration_s) */
} rig_observed;

/**
 * Count and measure.
 * @param calls           All calls of the capture: each held a circuit, planned or not.
 * @param start_epoch_ns  As in rig_join_new.
 * @param[out] observed   Owned by the caller: rig_observed_free.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_observed_new(const rig_join *join, const rig_calls *calls,
                            const rig_scenario *scenario, int64_t start_epoch_ns,
                            rig_observed **observed);

/** Whether the centre failed a call (RIG_METRIC_N_FAILED): it is lost at the trunk, and there was
 * no response, or a 5xx that names no lack of circuits (causes 34, 42, 44 and 47 of Q.850, and a
 * 503 without a cause: RFC 3398, 7.2.4.1). */
bool rig_observed_is_failure(const rig_call *call);

/** NULL-safe. */
void rig_observed_free(rig_observed *observed);

#endif
