/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of one run, computed: model and wire fill the vector of core/metric.h from the same
 * counts and times, by the same functions. */
#ifndef RIG_MODELS_METRIC_H
#define RIG_MODELS_METRIC_H

#include <stddef.h>

#include "core/metric.h"
#include "core/tally.h"
#include "scenarios/scenario.h"

/** Counts beside the tally. Of calls that entered the queue, call backs not among them. */
typedef struct rig_metric_counts {
    uint64_t n_answered;           /**< by an agent */
    uint64_t n_in_time;            /**< of these, within queue.service_level_s */
    uint64_t n_cut;                /**< of these, cut by the centre afterwards */
    uint64_t n_abandoned;          /**< the caller hung up in the queue or while a phone rang */
    uint64_t n_abandoned_in_time;  /**< of these, within queue.service_level_s */
    uint64_t n_abandoned_short;    /**< of these, within queue.short_abandon_s */
    uint64_t n_failed;             /**< calls that the centre failed: RIG_METRIC_N_FAILED */
    uint64_t n_centre_answered;    /**< calls that the centre answered: IVR, or agent */
    uint64_t n_announced;          /**< told a position or a wait */
    uint64_t n_balked;             /**< of these, left because of it */
    uint64_t n_announced_answered; /**< of these, an agent answered */
    uint64_t n_emergency;          /**< of n_answered, while the emergency script was on */
    uint64_t n_talks;              /**< an agent served to the end */
    double talks_s;                /**< sum of these talks */
    double announced_s;            /**< sum of the waits announced */
    double announcement_error_s;   /**< sum of |announced - waited|, of those answered */
} rig_metric_counts;

/** The wait of one call that entered the queue. */
typedef struct rig_wait {
    float s;          /**< from the first entry to the agent's answer, or to the end; >= 0 */
    bool is_answered; /**< by an agent */
} rig_wait;

/** Count what one call that no agent answered was told. @param announced_s  0: nothing.
 * @param is_balked  He left because of it. */
void rig_metrics_count_announced(rig_metric_counts *counts, double announced_s, bool is_balked);

/** The same of a call that an agent answered. */
void rig_metrics_count_announced_answer(rig_metric_counts *counts, double announced_s,
                                        double wait_s);

/** Count a wait: all but n_cut, n_failed and n_centre_answered. */
void rig_metrics_count_wait(rig_metric_counts *counts, double wait_s, bool is_answered,
                            bool is_abandoned, const rig_queue *queue);

/**
 * Fill all figures that follow from counts; the others are set to NAN. Shares of nothing are 0 for
 * losses and connect_rate, else NAN.
 * @param counts  NULL: not known.
 */
void rig_metrics_of_counts(const rig_tally *tally, const rig_metric_counts *counts,
                           double metrics[RIG_N_METRICS]);

/**
 * Fill the waits of all who entered the queue and of those answered. NAN where there are none.
 *
 * Of all: Kaplan and Meier's estimate of the time to the agent's answer, with those who left before
 * it as censored (J. American Statistical Association 53, 1958); of equal times answers come first.
 * The percentile p is the least time at which the share answered reaches p; INFINITY when it never
 * does. The mean is the area under the estimate up to the longest wait seen: the mean where the
 * longest wait was answered, else a lower bound (restricted mean). Both are right where a caller's
 * patience says nothing of the wait that he would have had. Of those answered: percentiles by
 * nearest rank, the ceil(p n)-th smallest.
 * @param waits  Reordered by the call.
 */
void rig_metrics_of_waits(rig_wait *waits, size_t n, double metrics[RIG_N_METRICS]);

/** Fill the 95th percentile of the set-up times; NAN when n is 0. @param setup_s  Reordered. */
void rig_metrics_of_setups(float *setup_s, size_t n, double metrics[RIG_N_METRICS]);

/**
 * Fill the figures that follow from the circuits in use: RIG_METRIC_UTILISATION and
 * RIG_METRIC_PEAK_UTILISATION.
 * @param n_mean           Circuits of the scenario, their mean over what is counted; of 0 the first
 *                         of the figures is NAN.
 * @param n_most           The most that there ever are; not 0.
 * @param[in,out] metrics  With RIG_METRIC_MEAN_CIRCUITS and RIG_METRIC_PEAK_CIRCUITS.
 */
void rig_metrics_of_circuits(double n_mean, uint32_t n_most, double metrics[RIG_N_METRICS]);

/** Whether it is a stage's loss, and the figures whose ratio it is. @param[out] hits, trials
 * untouched unless true is returned. */
bool rig_metrics_is_loss(rig_metric metric, rig_metric *hits, rig_metric *trials);

/**
 * The counts that a share divides: for exact intervals of what is rare.
 * @return false: it is not a share of counts that are known, or of none.
 */
bool rig_metrics_fraction(rig_metric metric, const rig_tally *tally,
                          const rig_metric_counts *counts, uint64_t *numerator,
                          uint64_t *denominator);

#endif
