/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The margin of a stage, as far as a run can resolve it. */
#ifndef RIG_MODELS_MARGIN_H
#define RIG_MODELS_MARGIN_H

#include "models/sample.h"
#include "scenarios/scenario.h"

/** A margin that widens is passed by all but this share of the runs of a conforming centre. */
#define RIG_MARGIN_NOT_PASSED 0.002

/**
 * Delta of a stage: rig_scenario_margin of the sample's mean; where the margin widens, at least
 * what a conforming centre is sure to pass.
 * @param sample     Of one figure, a share, as runs of a conforming centre have it. Empty: NAN.
 * @param n_entered  Calls of which it is a share; below 1: taken for 1.
 */
double rig_margin_of(const rig_margin *margin, const rig_sample *sample, double n_entered);

#endif
