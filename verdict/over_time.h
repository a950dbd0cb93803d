/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stage over time: does it lose its calls when the replays do?
 *
 * The claim: in each period of the run the stage loses as many calls as a conforming centre could,
 * but for the stage's margin on those who entered it. Periods are 1, 2, 4, .. bins long and begin
 * at each bin (models/envelope.h). A conforming centre could lose what lies in one of two bands
 * around the replays' mean:
 *
 * - that of the replays, in which all but 1 % of them stay, in all periods of all stages at once;
 * - that of a second run. Replays redraw what they know to be random. Where calls compete, one
 *   message that comes a moment earlier gives a circuit to another caller, and all that follows is
 *   another history of the same centre, as probable as the first; replays that share one history
 *   do not show that. So two runs are compared whose calls are lost independently: of n calls
 *   offered in the period x are lost in one run, m in the other; the variance of x - m is at most
 *   2 n p (1 - p) with p = (x + m) / 2 n (the test of two proportions, pooled; Fleiss, Levin &
 * Paik, Statistical Methods for Rates and Proportions, 3rd ed., section 3.2). The band holds the x
 * that are not rejected at 1 %, corrected for all periods of all stages (Bonferroni). It is never
 *   narrower than some calls: with m = 0 of many it reaches to about 16. It does not shrink with
 *   the replays' scatter, and as it grows with the root of the calls, long periods are judged by
 *   the margin.
 *
 * Outside of both and of the margin, the stage is undecided (OPEN). Where even bands at 0.01 % do
 * not reach, it is CERTAIN that it works otherwise: it fails. */
#ifndef RIG_VERDICT_OVER_TIME_H
#define RIG_VERDICT_OVER_TIME_H

#include "models/prediction.h"

/** Share of conforming runs that are CERTAIN to deviate, at most. */
#define RIG_OVER_TIME_CERTAIN_ALPHA 0.0001

/** Where a stage left its band, scenario time. Counts are calls by the time of their arrival. */
typedef struct rig_excursion {
    double from_s, to_s;
    double observed, mean, low, high; /**< calls lost; the band is low..high */
    bool is_beyond_margin;            /**< further out than the stage's margin for its entrants */
} rig_excursion;

/** Most bins outside of the band that are listed one by one. */
#define RIG_MAX_EXCURSIONS 64

/** What the periods say of a stage. */
typedef enum rig_over_time_finding {
    RIG_OVER_TIME_CONFORMS = 0,
    RIG_OVER_TIME_OPEN,
    RIG_OVER_TIME_CERTAIN
} rig_over_time_finding;

/** One stage. */
typedef struct rig_over_time {
    size_t n_bins;
    double bin_s;
    size_t n_left;                                /**< bins outside the band */
    size_t n_beyond_margin;                       /**< of these, so far that it matters */
    rig_excursion excursions[RIG_MAX_EXCURSIONS]; /**< the first of n_left, in the order of time */
    rig_over_time_finding finding;
    rig_excursion worst; /**< OPEN, CERTAIN: the period that is furthest out, by band widths */
} rig_over_time;

/**
 * Compare one stage.
 *
 * The margin of a period is the stage's margin times its entrants (offered calls less those lost
 * at earlier stages).
 * @param observed  prediction->n_intervals of them.
 * @param margin    delta of the stage, a share.
 * @param n_doubtful  Calls whose fate the capture leaves open: a deviation that they could make up
 *                    is not CERTAIN.
 */
rig_over_time rig_over_time_compare(const rig_prediction *prediction, const rig_interval *observed,
                                    rig_stage stage, double margin, uint64_t n_doubtful);

/** Calls that were lost in a bin, by the time of their arrival. */
double rig_over_time_lost(const rig_prediction *prediction, const rig_interval *observed,
                          rig_stage stage, size_t bin);

/** The band of a bin: calls that a conforming centre could lose, at 1 %. The bin is not empty. */
void rig_over_time_band(const rig_prediction *prediction, const rig_interval *observed,
                        rig_stage stage, size_t bin, double *low, double *high);

#endif
