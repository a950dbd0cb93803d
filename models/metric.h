/* The figures that model and wire are compared by: one vector, filled in the same way on both
 * sides. */
#ifndef RIG_MODELS_METRIC_H
#define RIG_MODELS_METRIC_H

#include <stddef.h>

#include "core/tally.h"
#include "scenarios/scenario.h"

/** The figures of one run. Blocks of RIG_N_STAGES follow the order of rig_stage. Files name them,
 * so new ones are appended. NAN: undefined, or not known (on the wire). */
typedef enum rig_metric {
    RIG_METRIC_P_LOST_PER_ENTRANT = 0,                                            /**< + stage */
    RIG_METRIC_P_LOST_PER_OFFERED = RIG_METRIC_P_LOST_PER_ENTRANT + RIG_N_STAGES, /**< + stage */
    RIG_METRIC_N_ENTERED = RIG_METRIC_P_LOST_PER_OFFERED + RIG_N_STAGES,          /**< + stage */
    RIG_METRIC_N_LOST = RIG_METRIC_N_ENTERED + RIG_N_STAGES,                      /**< + stage */
    RIG_METRIC_N_OFFERED = RIG_METRIC_N_LOST + RIG_N_STAGES, /**< calls, redials among them */
    RIG_METRIC_N_SERVED, /**< calls that talked with an agent to the end; no call backs */
    RIG_METRIC_N_SELF_SERVED,
    RIG_METRIC_CONNECT_RATE, /**< served / offered */
    RIG_METRIC_DROP_RATE,    /**< dropped / (served + dropped) */
    RIG_METRIC_WAIT_MEAN_S,  /**< from the first entry into the queue to the agent's answer, of all
                                  calls that an agent answered; no call backs */
    RIG_METRIC_WAIT_P95_S,
    RIG_METRIC_SETUP_P95_S,   /**< INVITE to 200 */
    RIG_METRIC_PEAK_CIRCUITS, /**< all groups together, call backs included */
    RIG_METRIC_WAIT_P50_S,
    RIG_METRIC_WAIT_MAX_S,
    RIG_METRIC_SERVICE_LEVEL, /**< calls that an agent answered within queue.service_level_s of the
                                   first entry into the queue / calls that entered the queue (those
                                   deflected or refused there, too); NAN when none did */
    RIG_METRIC_OCCUPANCY,     /**< agents' time that is ringing, dialling, talk or wrap-up / their
                                   time on duty, within the traffic's duration. Rest after a call
                                   not answered is duty, and not busy */
    RIG_METRIC_MEAN_CIRCUITS, /**< in use, time average over the traffic's duration: carried erl */
    RIG_METRIC_PEAK_QUEUE,    /**< most calls that waited at once; ringing ones and kept places not
                                   counted */
    RIG_METRIC_N_DEFLECTED,   /**< calls: promised a call back, or the place kept */
    RIG_METRIC_N_DROPPED,     /**< calls cut by a fault, in whatever stage */
    RIG_METRIC_N_CALLERS,     /**< first attempts */
    RIG_METRIC_N_REDIALS,     /**< offered calls that are not first attempts */
    RIG_METRIC_P_CALLERS_SERVED, /**< served in the end: callers who talked with an agent to the end
                                    in any attempt or call back, or whom the menu satisfied /
                                    callers
                                  */
    RIG_METRIC_N_CALL_BACKS,     /**< dialled, the vain ones among them */
    RIG_METRIC_N_CALLED_BACK,    /**< promises kept: talked to the end */
    RIG_METRIC_N_NEVER_REACHED,  /**< promises broken: all attempts in vain, lost with the queue, or
                                    nobody was there to call */
    RIG_METRIC_CALL_BACKS_END_S, /**< instant at which the last one was over; NAN without any */
    RIG_N_METRICS
} rig_metric;

/** What a figure is. All texts are static. */
typedef struct rig_metric_info {
    const char *name;        /**< as in files: "p_lost_trunk_per_entrant" */
    const char *description; /**< for people */
    const char *unit;        /**< "calls", "callers", "s", "1" (a share), "circuits" */
} rig_metric_info;

/** @param metric  Below RIG_N_METRICS. */
const rig_metric_info *rig_metric_describe(rig_metric metric);

/** Fill all figures that follow from the counts of outcomes; the others are set to NAN. */
void rig_metrics_of_tally(const rig_tally *tally, double metrics[RIG_N_METRICS]);

/**
 * Fill mean, percentiles and greatest of the waits and the 95th percentile of the set-up times.
 * The percentile p is the ceil(p n)-th smallest (nearest rank), exactly. NAN where n is 0.
 * @param wait_s, setup_s  Reordered by the call.
 */
void rig_metrics_of_times(float *wait_s, size_t n_wait, float *setup_s, size_t n_setup,
                          double metrics[RIG_N_METRICS]);

/** The figure that a service level judges. */
rig_metric rig_metric_of_level(rig_level_metric level);

#endif
