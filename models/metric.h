/* The figures that model and wire are compared by: one vector, filled in the same way on both
 * sides. */
#ifndef RIG_MODELS_METRIC_H
#define RIG_MODELS_METRIC_H

#include <stddef.h>

#include "core/tally.h"
#include "scenarios/scenario.h"

/** The figures of one run. Blocks of RIG_N_STAGES follow the order of rig_stage. */
typedef enum rig_metric {
    RIG_METRIC_P_LOST_PER_ENTRANT = 0,                                            /**< + stage */
    RIG_METRIC_P_LOST_PER_OFFERED = RIG_METRIC_P_LOST_PER_ENTRANT + RIG_N_STAGES, /**< + stage */
    RIG_METRIC_N_ENTERED = RIG_METRIC_P_LOST_PER_OFFERED + RIG_N_STAGES,          /**< + stage */
    RIG_METRIC_N_LOST = RIG_METRIC_N_ENTERED + RIG_N_STAGES,                      /**< + stage */
    RIG_METRIC_N_OFFERED = RIG_METRIC_N_LOST + RIG_N_STAGES,
    RIG_METRIC_N_SERVED,
    RIG_METRIC_N_SELF_SERVED,
    RIG_METRIC_CONNECT_RATE,
    RIG_METRIC_DROP_RATE,
    RIG_METRIC_WAIT_MEAN_S,
    RIG_METRIC_WAIT_P95_S,
    RIG_METRIC_SETUP_P95_S,
    RIG_METRIC_PEAK_CIRCUITS,
    RIG_N_METRICS
} rig_metric;

/** What a figure is. All texts are static. */
typedef struct rig_metric_info {
    const char *name;        /**< as in files: "p_lost_trunk_per_entrant" */
    const char *description; /**< for people */
    const char *unit;        /**< "calls", "s", "1" (a share), "circuits" */
} rig_metric_info;

/** @param metric  Below RIG_N_METRICS. */
const rig_metric_info *rig_metric_describe(rig_metric metric);

/** Fill all figures that follow from counts; the times and the peak are set to NAN. */
void rig_metrics_of_tally(const rig_tally *tally, double metrics[RIG_N_METRICS]);

/**
 * Fill mean and 95th percentile of the waits and the 95th percentile of the set-up times.
 * The percentile is the ceil(0.95 n)-th smallest (nearest rank). NAN where n is 0.
 * @param wait_s, setup_s  Reordered by the call.
 */
void rig_metrics_of_times(float *wait_s, size_t n_wait, float *setup_s, size_t n_setup,
                          double metrics[RIG_N_METRICS]);

/** The figure that a service level judges. */
rig_metric rig_metric_of_level(rig_level_metric level);

#endif
