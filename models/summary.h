/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What replications say together: summaries of figures, and bands of quantities over time. */
#ifndef RIG_MODELS_SUMMARY_H
#define RIG_MODELS_SUMMARY_H

#include "models/centre.h"

/** Quantities that are followed over time. */
typedef enum rig_series {
    RIG_SERIES_LOST = 0, /**< + stage: calls lost, by interval of arrival */
    RIG_SERIES_OFFERED = RIG_SERIES_LOST + RIG_N_STAGES,
    RIG_SERIES_SERVED,
    RIG_SERIES_CIRCUITS,    /**< mean circuits in use */
    RIG_SERIES_QUEUE,       /**< mean number of calls that wait in the queue */
    RIG_SERIES_ON_DUTY,     /**< mean number of agents on duty */
    RIG_SERIES_OCCUPANCY,   /**< of the agents */
    RIG_SERIES_WAIT_MEAN_S, /**< waits: by interval of arrival, of calls that an agent answered */
    RIG_SERIES_WAIT_P50_S,
    RIG_SERIES_WAIT_P95_S,
    RIG_SERIES_WAIT_MAX_S,
    RIG_SERIES_SERVICE_LEVEL, /**< by interval of arrival */
    RIG_SERIES_CONNECT_RATE,  /**< (served + self-served) / offered, by interval of arrival */
    RIG_SERIES_DEFLECTED,
    RIG_SERIES_DROPPED,
    RIG_SERIES_BUSY, /**< mean number of agents who ring, talk or wrap up */
    RIG_N_SERIES
} rig_series;

/** A figure over the replications. */
typedef struct rig_summary {
    uint32_t n;             /**< replications in which it is defined */
    double mean;            /**< NAN when n is 0 */
    double sd;              /**< of one run */
    double ci_low, ci_high; /**< 95 % confidence interval of the mean: Student's t; of a rare loss
                                 by its counts (models/rare.h) */
    double low, high;       /**< 95 % prediction interval of one run: see rig_summarize */
} rig_summary;

/** So many values have order statistics that hold 95 % of one more. */
#define RIG_FEW_VALUES 39u

/** One quantity in one interval: mean and 95 % prediction interval of one run, over the
 * replications in which it is defined; NAN where there is none. */
typedef struct rig_band {
    double mean, low, high;
} rig_band;

/**
 * Summarize a sample.
 * @param values  n values; NANs are left out.
 * Source: Student's t interval for the mean; the prediction interval from the order statistics
 * k = floor(0.025 (n + 1)) and n + 1 - k (Hahn & Meeker, Statistical Intervals, section 5.3). With
 * fewer than RIG_FEW_VALUES these are the least and the greatest, which hold less than 95 %; they
 * are then widened to mean -+ t s sqrt(1 + 1 / n), which holds 95 % of a normal figure (section
 * 4.7), but not below 0 where no value is.
 */
rig_status rig_summarize(const double *values, size_t n, rig_summary *summary);

/** "lost_trunk", ..., "offered", "served", "circuits", "queue", ...; static. */
const char *rig_series_name(rig_series series);

/** The value of a quantity in an interval; NAN where undefined or not known. */
double rig_series_value(rig_series series, const rig_interval *interval);

/**
 * Mean and prediction interval of a sample, the same as rig_summarize's.
 * @param values  n values, reordered by the call; NANs are left out.
 */
rig_band rig_band_of(double *values, size_t n);

#endif
