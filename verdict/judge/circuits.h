/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits in use, from the wire: of all carriers together, and of one where that can be told. */
#ifndef RIG_VERDICT_JUDGE_CIRCUITS_H
#define RIG_VERDICT_JUDGE_CIRCUITS_H

#include <stdbool.h>

#include "analyzer/usage.h"
#include "core/call.h"
#include "core/metric.h"
#include "scenarios/scenario.h"

/** Mean circuits in use over the traffic's duration, from the end of the warm-up on; what came later
 * is in no interval of it. @param usage  In intervals of interval_s from the run's start. */
double rig_observed_mean_circuits(const rig_usage *usage, const rig_scenario *scenario);

/** Most circuits in use at once from the end of the warm-up on, also after the traffic. */
double rig_observed_peak_circuits(const rig_usage *usage, const rig_scenario *scenario);

/** Whether the calls of a carrier hold its circuits, and nobody else does: each call comes in by one
 * (shares), none overflows, and nobody is called back. */
bool rig_observed_tells_circuits(const rig_scenario *scenario);

/**
 * Fill the figures of one carrier's circuits, mean, peak and utilisation.
 * @param calls  Of the carrier, all of them.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_observed_carrier_circuits(const rig_calls *calls, const rig_scenario *scenario,
                                         uint32_t trunk, int64_t start_epoch_ns,
                                         double metrics[RIG_N_METRICS]);

#endif
