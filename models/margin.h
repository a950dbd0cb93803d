/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The margin of a stage, as far as a run can resolve it. */
#ifndef RIG_MODELS_MARGIN_H
#define RIG_MODELS_MARGIN_H

#include "models/sample.h"
#include "scenarios/scenario.h"

/** A margin that widens is passed by all but this share of the runs of a conforming centre. */
#define RIG_MARGIN_NOT_PASSED 0.002

/**
 * The least margin that a conforming centre is sure to pass: a run whose figure is any of the
 * sample's inner 1 - RIG_MARGIN_NOT_PASSED would, with its 90 % interval, lie within it; and one
 * call more, as figures are counts. It is the question of a sample's size turned round: not how
 * long a run must be for a margin, but which margin a run of this length can show (Julious, Sample
 * Sizes for Clinical Trials, 2010, chapter 5, for the power of two one-sided tests).
 * @param sample     Of one figure, a share, as runs of a conforming centre have it; n >= 1.
 * @param n_entered  Calls of which it is a share; below 1: taken for 1.
 */
double rig_margin_resolved(const rig_sample *sample, double n_entered);

/**
 * Delta of a stage: rig_scenario_margin of the sample's mean; where the margin widens, at least
 * rig_margin_resolved. NAN when the sample is empty.
 */
double rig_margin_of(const rig_margin *margin, const rig_sample *sample, double n_entered);

#endif
