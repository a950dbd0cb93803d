/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures that no level judges, beside their prediction: waits, occupancy, circuits. What leaves
 * the prediction is marked, and the verdict's sentence says so; no judgement changes for it. */
#ifndef RIG_VERDICT_BESIDE_H
#define RIG_VERDICT_BESIDE_H

#include "models/prediction.h"

/** Most rows. */
#define RIG_MAX_BESIDE 14

/** One figure. */
typedef struct rig_beside_row {
    rig_metric metric;
    double observed, predicted; /**< INFINITY: a wait that was not reached */
    double low,
        high;        /**< 95 % of conforming runs have all rows inside (Bonferroni over the rows) */
    bool is_outside; /**< by more than the wire can measure: 10 ms (wire) of a time, 0.1 points of
                        a share, half a circuit */
    bool is_far;     /**< outside, and away from the prediction by more than a tenth of it */
} rig_beside_row;

/** The rows. */
typedef struct rig_beside {
    rig_beside_row rows[RIG_MAX_BESIDE];
    size_t n;
} rig_beside;

/**
 * Compare.
 * @param observed  RIG_N_METRICS figures; what is NAN there, or in all replays, is left out.
 * @return RIG_OK or RIG_ENOMEM; `beside` is then untouched.
 */
rig_status rig_beside_compare(const rig_prediction *prediction, const double *observed,
                              double time_scale, rig_beside *beside);

/** Append what is far outside to a sentence: "; but wait_mean_s is 14.4 s, predicted 4.0 s
 * (3.8..4.2)". Nothing is appended where nothing is. Cut to `size`. */
void rig_beside_say(const rig_beside *beside, char *text, size_t size);

/** A figure for people: "4.02 s", "81.3 %", "268 circuits", "not reached", "n/a". */
void rig_beside_text(rig_metric metric, double value, char *text, size_t size);

/** A figure with its interval, the unit once: "81.3 % (80.9..81.7)". */
void rig_beside_interval(rig_metric metric, double value, double low, double high, char *text,
                         size_t size);

#endif
