/* SPDX-License-Identifier: GPL-3.0-or-later */
/* G2 for each carrier: what its calls lose at the trunk, beside the replays. The stage as a whole
 * can lose what it should while one carrier's callers pay for another's. */
#ifndef RIG_VERDICT_CARRIERS_H
#define RIG_VERDICT_CARRIERS_H

#include "verdict/by_part.h"
#include "verdict/join.h"

/** Place of the trunk group that a call came in by: the carrier's that the capture shows; where it
 * shows none, the planned one. */
size_t rig_by_carrier_of(const rig_call *call, const rig_scenario *scenario, size_t planned);

/**
 * Count and judge: each carrier's RIG_METRIC_P_LOST_PER_ENTRANT of the trunk, of the calls that
 * came in by it, whichever group carried them. The margin is that of the trunk's stage.
 * @param alpha           As rig_gate_judge.
 * @param[out] carriers   Owned by the caller: rig_by_part_clear. Their names are borrowed from the
 *                        scenario. Untouched on error, and of a scenario whose carriers are not
 *                        apart, or of a part of a run.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_by_carrier_judge(const rig_join *join, const rig_schedule *schedule,
                                const rig_scenario *scenario, const rig_prediction *prediction,
                                double alpha, rig_parts_verdict *carriers);

/** "calls by carrier A lose 9.00 % at the trunk, predicted 4.20 % (3.90..4.60)". */
void rig_by_carrier_say(const rig_part_verdict *carrier, char *text, size_t size);

#endif
