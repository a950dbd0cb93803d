/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What observed calls say of the lines: circuits in use over time, where refusals began, traffic.
 *
 * A call holds a circuit from its INVITE until it was over (t_end_ns), one that was not over until
 * the last instant in the set. A refused call holds none: lost_trunk, and one whose only answer was
 * a challenge or a redirection. What is NOT promised: the centre's own view. A circuit is seized a
 * little after the INVITE, and given back a little before or after the last message is captured. */
#ifndef RIG_ANALYZER_USAGE_H
#define RIG_ANALYZER_USAGE_H

#include <stddef.h>
#include <stdint.h>

#include "core/call.h"
#include "core/stage.h"
#include "core/status.h"
#include "core/tally.h"

/** Mean holding times after which a load that began with nothing is taken for steady: with
 * exponential holding times 95 % of the circuits are then in use. */
#define RIG_USAGE_WARM_UP 3

/** Most intervals of a series. */
#define RIG_USAGE_MAX_INTERVALS 1000000

/** One interval of the series. Calls belong to the interval of their INVITE, however they end. */
typedef struct rig_usage_interval {
    int64_t t_from_ns; /**< begins; epoch. Ends where the next begins */
    uint64_t n_offered;
    uint64_t n_lost[RIG_N_STAGES]; /**< of those, by the stage that lost them */
    uint64_t n_served;             /**< of those, by an agent */
    uint64_t n_self_served;        /**< of those, by the menu */
    double mean_in_use;  /**< circuits, mean over the interval (the last one: until t_last_ns) */
    uint32_t max_in_use; /**< circuits */
} rig_usage_interval;

/** What the lines did. */
typedef struct rig_usage {
    rig_tally tally;      /**< of all calls; nothing is known here of calls that were not placed */
    int64_t t_first_ns;   /**< first INVITE; RIG_NO_TIME when there are no calls */
    int64_t t_last_ns;    /**< latest instant of any call; RIG_NO_TIME when there are no calls */
    uint32_t peak_in_use; /**< most circuits in use at one time */
    int64_t t_peak_ns;    /**< when that was reached first; RIG_NO_TIME when peak_in_use is 0 */
    uint64_t n_refusals;  /**< calls refused by a response (lost_trunk with a final_code) */
    uint32_t
        min_in_use_at_refusal; /**< circuits in use just before the refused INVITE; 0 if none */
    double
        median_in_use_at_refusal; /**< mean of the two in the middle for an even count; 0 if none */
    uint32_t max_in_use_at_refusal;                        /**< 0 if none */
    uint32_t p05_in_use_at_refusal, p95_in_use_at_refusal; /**< its quantiles; 0 if none */
    double steady_s; /**< length of the steady part: from RIG_USAGE_WARM_UP mean holding times after
                        the first INVITE until the last INVITE; 0: there was none */
    double variance_in_use; /**< over the steady part; 0 where there was none */
    double
        peakedness;  /**< variance / mean in use in the steady part: 1 for Poisson traffic that is
                          all carried, more for peaked traffic, less where refusals cut the peaks
                          (Girard, Routing and Dimensioning in Circuit-Switched Networks, 1990,
                          ch. 2). 0 where there was none. Not promised: that the load was steady */
    uint64_t n_late; /**< changes that were told too late for their place (usage_meter.h) */
    double carried_erl; /**< circuit-seconds held per second, from t_first_ns to t_last_ns */
    double offered_erl; /**< carried_erl x calls / calls that held a circuit: had the refused ones
                             held as long as the mean of the others. carried_erl if none held */
    rig_usage_interval *intervals; /**< from t0; owned by the set */
    size_t n_intervals;
} rig_usage;

/**
 * Measure. O(n log n) in calls.
 *
 * @param t0_ns        Where the series begins, epoch; RIG_NO_TIME: with the first INVITE. Calls
 * before it are in no interval, but the circuits they hold are counted.
 * @param interval_ns  Length of an interval; 0: no series.
 * @param[out] usage   Owned by the caller: rig_usage_free.
 * @return RIG_OK; RIG_EDOM for a negative interval or more than RIG_USAGE_MAX_INTERVALS;
 * RIG_ENOMEM.
 */
rig_status rig_usage_measure(const rig_calls *calls, int64_t t0_ns, int64_t interval_ns,
                             rig_usage **usage, rig_error *err);

/** Refusals from which the number of circuits may be told. */
#define RIG_USAGE_MIN_REFUSALS 20

/**
 * The number of circuits that the refusals imply: their median, where the middle 90 % of at least
 * RIG_USAGE_MIN_REFUSALS lie within 5 % of it. Refusals at any occupancy have another cause.
 * @return -1 when they imply none.
 */
int64_t rig_usage_implied_circuits(const rig_usage *usage);

/** Whether a call held a circuit: it was answered, or lost behind the trunk. */
bool rig_usage_holds_circuit(const rig_call *call);

/** Whether a call was refused one: lost at the trunk, with a response that says so. */
bool rig_usage_is_refusal(const rig_call *call);

/** When a call gave its circuit back: its end; its last instant, where it ended and the time of
 * that is not known (rig_call.is_backwards). RIG_NO_TIME: it was not over. */
int64_t rig_usage_over_ns(const rig_call *call);

/** The latest instant of a call's record. */
int64_t rig_usage_last_instant(const rig_call *call);

/** Free. NULL-safe. */
void rig_usage_free(rig_usage *usage);

#endif
