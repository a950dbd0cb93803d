/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a run's capture showed, in the figures that the model predicts. */
#ifndef RIG_VERDICT_OBSERVED_H
#define RIG_VERDICT_OBSERVED_H

#include "verdict/join.h"

/** A part: a carrier, class of callers, skill or group of agents. */
typedef struct rig_observed_part {
    bool is_seen; /**< else nothing is known of it */
    rig_tally tally;
    rig_metric_counts counts;
    double metrics[RIG_N_METRICS];
} rig_observed_part;

/** Observed figures of a joined run, scenario time. */
typedef struct rig_observed {
    rig_tally tally; /**< of the planned calls, those not placed included */
    rig_metric_counts counts;
    double metrics[RIG_N_METRICS];
    rig_interval *intervals; /**< rig_centre_n_intervals of them, owned */
    size_t n_intervals;
    rig_observed_part *parts;  /**< owned; NULL: not asked (rig_observed_add_parts) */
    size_t n_parts;            /**< rig_scope_n_parts, or 0 */
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
rig_status rig_observed_new(const rig_join *join, const rig_schedule *schedule,
                            const rig_calls *calls, const rig_scenario *scenario,
                            int64_t start_epoch_ns, rig_observed **observed);

/**
 * The same figures of each part (scenarios/scope.h), as far as it is known of calls that they
 * belong to it: rig_parts_are_seen. A figure that a part has not is NAN, and so are circuits where they
 * are not told apart (verdict/judge/circuits.h). Of groups of agents only RIG_METRIC_OCCUPANCY is known, by the agents who rang last, and
 * how many calls came to them.
 * @param start_epoch_ns  As in rig_join_new.
 * @param observed        Gets its parts.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_observed_add_parts(const rig_join *join, const rig_schedule *schedule,
                                  const rig_scenario *scenario, int64_t start_epoch_ns,
                                  rig_observed *observed);

/** NULL-safe. */
void rig_observed_free(rig_observed *observed);

#endif
