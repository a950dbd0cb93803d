/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Losses over time in fixed memory, and from them how sure the losses are.
 *
 * Calls are counted by the second of their INVITE; when there are more than RIG_SERIES_N intervals,
 * each two become one. Calls of a peak are not independent: refusals come in runs. So the interval
 * of a loss is computed from batch means: the capture is cut into some 30 equal parts, the scatter
 * of the parts' losses around the whole tells how many independent calls this loss is worth (the
 * effective sample size), and Wilson's interval for so many is given.
 *
 * Sources: ratio estimator and batch means, Law, Simulation Modeling and Analysis, 5th ed. 2015,
 * sections 9.5.3 and 9.3.1 (the parts' entrants are the lengths); Wilson, J. Am. Stat. Assoc. 22,
 * 1927, with Student's quantile for the few parts. Not promised: much where the capture is shorter
 * than some tens of holding times. */
#ifndef RIG_ANALYZER_SERIES_H
#define RIG_ANALYZER_SERIES_H

#include "analyzer/call_sink.h"
#include "core/tally.h"

/** Most intervals. */
#define RIG_SERIES_N 1024

/** An interval. */
typedef struct rig_loss_interval {
    uint32_t n_offered, n_served;
    uint32_t n_ended[RIG_N_STAGES]; /**< by the last stage that they entered */
    uint32_t n_lost[RIG_N_STAGES];
} rig_loss_interval;

/** The series. All zero: no calls. */
typedef struct rig_loss_series {
    int64_t t_from_ns;   /**< where the first interval begins */
    int64_t interval_ns; /**< 0: no calls yet; then 1, 2, 4, .. s */
    size_t n;            /**< intervals up to the last call's */
    /** [0] as the calls were told, [1] if the target shows queue marks (call_sink.h) */
    rig_loss_interval at[2][RIG_SERIES_N];
} rig_loss_series;

/** A loss and how sure it is. */
typedef struct rig_loss_estimate {
    uint64_t n_entered, n_lost;
    double p_lost;      /**< per entrant; NAN: nobody entered */
    double n_effective; /**< independent calls that it is worth; NAN likewise */
    double low, high;   /**< 95 %; NAN likewise */
    size_t n_batches;   /**< that it was computed from; 0: too few, the calls were taken as
                             independent */
} rig_loss_estimate;

/** Count a call. */
void rig_loss_series_add(rig_loss_series *series, const rig_finished_call *call);

/** Estimate a stage's loss. @param has_queue_marks rig_capture_counts.has_queue_marks. */
rig_loss_estimate rig_loss_series_estimate(const rig_loss_series *series, rig_stage stage,
                                           bool has_queue_marks);

#endif
