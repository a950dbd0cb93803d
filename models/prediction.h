/* Prediction: many replications of the simulated call centre, and what they say of one run.
 *
 * Monte Carlo mode draws a new schedule for each replication (planning). Replay mode keeps one
 * schedule, with the instants that really went on the wire, and redraws only what it does not fix:
 * the centre's own menu and wrap-up times and the rig's measured delays (gating). Replication r is
 * a function of (scenario, inputs, r) alone, so the result is the same, bit for bit, with any
 * number of threads. */
#ifndef RIG_MODELS_PREDICTION_H
#define RIG_MODELS_PREDICTION_H

#include <signal.h>

#include "models/centre.h"

/** Quantities that are followed over time. */
typedef enum rig_series {
    RIG_SERIES_LOST = 0, /**< + stage: calls lost, by interval of arrival */
    RIG_SERIES_OFFERED = RIG_SERIES_LOST + RIG_N_STAGES,
    RIG_SERIES_SERVED,
    RIG_SERIES_CIRCUITS, /**< mean circuits in use */
    RIG_N_SERIES
} rig_series;

/** A figure over the replications. */
typedef struct rig_summary {
    uint32_t n;             /**< replications in which it is defined */
    double mean;            /**< NAN when n is 0 */
    double sd;              /**< of one run */
    double ci_low, ci_high; /**< 95 % confidence interval of the mean (Student t) */
    double low, high; /**< 95 % prediction interval of one run: order statistics of the sample */
} rig_summary;

/** One quantity in one interval: mean and 95 % prediction interval of one run. */
typedef struct rig_band {
    double mean, low, high;
} rig_band;

/** The result; read it, do not change it. Free with rig_prediction_free. */
typedef struct rig_prediction {
    bool is_replay;
    uint32_t n_replications;
    double *samples; /**< RIG_N_METRICS rows of n_replications; see rig_prediction_samples */
    rig_summary metrics[RIG_N_METRICS];
    size_t n_intervals;
    double interval_s;
    rig_band *bands;    /**< RIG_N_SERIES rows of n_intervals; see rig_prediction_band */
    size_t n_fates;     /**< replay: calls of the schedule; else 0 */
    rig_outcome *fates; /**< replay: each planned call's fate in replication 1 */
} rig_prediction;

/** How to predict. Zero fields mean the default. */
typedef struct rig_predict_options {
    uint32_t n_replications;           /**< >= 2 */
    uint32_t n_threads;                /**< 0 = one a processor */
    const rig_schedule *schedule;      /**< NULL = Monte Carlo */
    const double *arrival_s;           /**< as in rig_centre_input, or NULL: as planned */
    const rig_delays *delays;          /**< as in rig_centre_input, or NULL */
    const volatile sig_atomic_t *stop; /**< polled; NULL = never */
    void (*progress)(void *ctx, uint32_t n_done,
                     uint32_t n_all); /**< in the calling thread; or NULL */
    void *ctx;
} rig_predict_options;

/**
 * Predict.
 * @param[out] prediction  Owned by the caller: rig_prediction_free.
 * @return RIG_OK; RIG_EDOM (n_replications < 2); RIG_EINPUT (too many calls); RIG_ECANCELLED;
 *         RIG_ENOMEM.
 */
rig_status rig_predict(const rig_scenario *scenario, const rig_predict_options *options,
                       rig_prediction **prediction, rig_error *err);

/** NULL-safe. */
void rig_prediction_free(rig_prediction *prediction);

/** The sample of one figure: n_replications values, by replication; NAN where undefined. Borrowed.
 */
const double *rig_prediction_samples(const rig_prediction *prediction, rig_metric metric);

/** One quantity of one interval. */
rig_band rig_prediction_band(const rig_prediction *prediction, rig_series series, size_t interval);

/**
 * Summarize a sample.
 * @param values  n values; NANs are left out.
 * Source: Student's t interval for the mean; the prediction interval from the order statistics
 * k = floor(0.025 (n + 1)) and n + 1 - k (Hahn & Meeker, Statistical Intervals, section 5.3); with
 * fewer than 39 values these are the least and the greatest, which hold less than 95 %.
 */
rig_status rig_summarize(const double *values, size_t n, rig_summary *summary);

/** "lost_trunk", ..., "offered", "served", "circuits"; static. */
const char *rig_series_name(rig_series series);

/** The value of a quantity in an interval's counts. */
double rig_series_value(rig_series series, const rig_interval *interval);

#endif
