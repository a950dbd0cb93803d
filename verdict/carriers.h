/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G2 for each carrier: what its calls lose at the trunk, beside the replays. The stage as a whole
 * can lose what it should while one carrier's callers pay for another's. */
#ifndef RIG_VERDICT_CARRIERS_H
#define RIG_VERDICT_CARRIERS_H

#include "models/prediction.h"
#include "verdict/join.h"
#include "verdict/judgement.h"

/** One carrier; of calls that came in by it, whichever group carried them. */
typedef struct rig_carrier_verdict {
    const char *name; /**< borrowed from the scenario */
    uint64_t n_offered, n_lost;
    double p_observed;
    double p_predicted;                   /**< mean of the replays */
    double predicted_low, predicted_high; /**< 95 % prediction interval of one run */
    double margin;                        /**< as that of the trunk stage, on this prediction */
    double p_value_holm;                  /**< corrected over the carriers */
    rig_judgement judgement; /**< FAIL: beyond doubt; then the verdict is FAIL. The others do not
                                count: a carrier has fewer calls than the stage */
} rig_carrier_verdict;

/** All of a run. Zeroed: carriers are not apart. */
typedef struct rig_carriers_verdict {
    rig_carrier_verdict *items; /**< owned */
    size_t n;
} rig_carriers_verdict;

/** Place of the trunk group that a call came in by: the carrier's that the capture shows; where it
 * shows none, the planned one. */
size_t rig_by_carrier_of(const rig_call *call, const rig_scenario *scenario, size_t planned);

/**
 * Count and judge.
 * @param alpha           As rig_gate_judge.
 * @param[out] carriers   Owned by the caller: rig_by_carrier_clear. Untouched on error; of a
 *                        scenario whose carriers are not apart, or of a part of a run, empty.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_by_carrier_judge(const rig_join *join, const rig_schedule *schedule,
                                const rig_scenario *scenario, const rig_prediction *prediction,
                                double alpha, rig_carriers_verdict *carriers);

/** The first that fails; NULL: none. */
const rig_carrier_verdict *rig_by_carrier_failed(const rig_carriers_verdict *carriers);

/** "calls by carrier A lose 9.00 % at the trunk, predicted 4.20 % (3.90..4.60)". */
void rig_by_carrier_say(const rig_carrier_verdict *carrier, char *text, size_t size);

/** Free. */
void rig_by_carrier_clear(rig_carriers_verdict *carriers);

#endif
