/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prediction: many replications of the simulated call centre, and what they say of one run.
 *
 * Monte Carlo mode draws new callers for each replication (planning). Replay mode keeps one
 * schedule, with the instants at which its calls really went on the wire, and redraws only what the
 * schedule does not fix: the centre's own menu and wrap-up times, and the rig's measured delays
 * (gating). Replication r is
 * a function of (scenario, inputs, r) alone, so the result is the same, bit for bit, with any
 * number of threads and of processes. */
#ifndef RIG_MODELS_PREDICTION_H
#define RIG_MODELS_PREDICTION_H

#include "core/stop.h"
#include "models/envelope.h"
#include "models/summary.h"
#include "models/team.h"

/** Shorter bins would show the stalls of a machine. */
#define RIG_ENVELOPE_BIN_WIRE_S 1.0

/** Share of runs that leave their envelopes, in any period of any stage. */
#define RIG_ENVELOPE_ALPHA 0.01

/** The result; read it, do not change it. Free with rig_prediction_free. */
typedef struct rig_prediction {
    bool is_replay;
    uint32_t n_replications;
    double *samples; /**< RIG_N_METRICS rows of n_replications; see rig_prediction_samples */
    rig_summary metrics[RIG_N_METRICS];
    size_t n_intervals;
    double interval_s;
    rig_band *bands; /**< RIG_N_SERIES rows of n_intervals; see rig_prediction_band */
    /** Calls lost at each stage over time: a share of RIG_ENVELOPE_ALPHA of runs leaves one of the
     * four (by Bonferroni). A bin is as many intervals as last RIG_ENVELOPE_BIN_WIRE_S on the wire.
     */
    rig_envelope envelopes[RIG_N_STAGES];
    rig_band *so_far; /**< of the same losses, from the beginning to the end of each interval:
                           RIG_N_STAGES rows of n_intervals */
    size_t n_trunks;
    rig_summary *trunks; /**< n_trunks rows of RIG_N_TRUNK_METRICS, in the scenario's order */
    size_t n_groups;
    rig_summary *groups;  /**< of agents: n_groups rows of RIG_N_GROUP_METRICS */
    size_t n_parts;       /**< rig_scope_n_parts */
    rig_summary *parts;   /**< n_parts rows of RIG_N_METRICS */
    double *part_samples; /**< n_parts times RIG_N_METRICS rows of n_replications */
    size_t n_fates;       /**< replay: calls of the schedule; else 0 */
    rig_outcome *fates; /**< replay: each planned call's fate, races decided as they were seen. Of a
                           replay of its own, with the draws of replication 1: no sample is of it */
    rig_call_instants *instants; /**< and its instants */
    rig_outcome *rule_fates;     /**< the same, races decided by the rules alone */
} rig_prediction;

/** How to predict. Zero fields mean the default. */
typedef struct rig_predict_options {
    uint32_t n_replications; /**< >= 2 */
    uint32_t n_before;  /**< replications n_before + 1 .. n_before + n_replications are simulated */
    uint32_t n_threads; /**< of this process; 0 = the team's; without one: one a processor */
    const rig_team *team;          /**< who else simulates; NULL: this process alone */
    const rig_schedule *schedule;  /**< NULL = Monte Carlo */
    const double *arrival_s;       /**< as in rig_centre_input, or NULL: as planned */
    const rig_delays *delays;      /**< as in rig_centre_input, or NULL */
    const rig_centre_rules *rules; /**< as in rig_centre_input, or NULL */
    bool without_fates;            /**< replay: fates and instants are not told; they are all 0 */
    double end_s;         /**< as in rig_centre_input: each run is cut there; 0 = to the end */
    const rig_stop *stop; /**< polled; NULL = never */
    void (*progress)(void *ctx, uint32_t n_done,
                     uint32_t n_all); /**< in the calling thread; or NULL */
    void *ctx;
} rig_predict_options;

/**
 * Predict.
 * @param[out] prediction  Owned by the caller: rig_prediction_free.
 * @return RIG_OK; RIG_EDOM (n_replications < 2); RIG_EINPUT (too many calls, or callers outside);
 *         RIG_ECANCELLED; RIG_ENOMEM.
 */
rig_status rig_predict(const rig_scenario *scenario, const rig_predict_options *options,
                       rig_prediction **prediction, rig_error *err);

/** NULL-safe. */
void rig_prediction_free(rig_prediction *prediction);

/** The sample of one figure: n_replications values, by replication; NAN where undefined. Borrowed.
 */
const double *rig_prediction_samples(const rig_prediction *prediction, rig_metric metric);

/** The same of a figure of the whole or of a part. */
const double *rig_prediction_samples_of(const rig_prediction *prediction, rig_metric_ref ref);

/** The summary of the same. */
const rig_summary *rig_prediction_summary_of(const rig_prediction *prediction, rig_metric_ref ref);

/** One quantity of one interval. */
rig_band rig_prediction_band(const rig_prediction *prediction, rig_series series, size_t interval);

#endif
