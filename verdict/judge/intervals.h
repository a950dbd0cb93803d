/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queue, agents, waits and service level over time, from the wire. */
#ifndef RIG_VERDICT_JUDGE_INTERVALS_H
#define RIG_VERDICT_JUDGE_INTERVALS_H

#include "core/call.h"
#include "models/centre.h"

/**
 * Fill what the calls show of each interval beside losses and circuits, as the simulation counts it
 * (models/centre.h): `n_deflected`, `n_dropped`, waits and service level by the interval of the
 * INVITE; queue and busy agents as time averages. A call waits from its first mark of the queue
 * until it is over, but for the time in which phones ring for it; these, and the busy agents, are
 * those of rig_busy_spans. What was not over lasts until the last instant in the set.
 *
 * `mean_on_duty` stays unknown: no message says it. `occupancy` is NAN where the scenario does not
 * fix the number on duty, waits where nobody was answered, the service level where nobody queued;
 * queue and agents where the capture does not show them of a call that an agent answered.
 * @param intervals  n_intervals of rig_centre_n_intervals.
 * @return RIG_OK or RIG_ENOMEM. Memory: some 16 bytes a call.
 */
rig_status rig_intervals_measure(const rig_calls *calls, const rig_scenario *scenario,
                                 int64_t start_epoch_ns, rig_interval *intervals,
                                 size_t n_intervals);

#endif
