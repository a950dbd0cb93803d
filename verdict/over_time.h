/* A stage over time: does it lose its calls when the replays do? */
#ifndef RIG_VERDICT_OVER_TIME_H
#define RIG_VERDICT_OVER_TIME_H

#include "models/prediction.h"

/** Where a stage left its envelope, scenario time. Counts are calls by the time of their arrival.
 */
typedef struct rig_excursion {
    double from_s, to_s;
    double observed, mean, low, high; /**< calls lost; the envelope is low..high */
    bool is_beyond_margin;            /**< further out than the stage's margin for its entrants */
} rig_excursion;

/** Most bins outside of the band that are listed one by one. */
#define RIG_MAX_EXCURSIONS 64

/** One stage. */
typedef struct rig_over_time {
    size_t n_bins;
    double bin_s;
    size_t n_left;                                /**< bins outside the envelope */
    size_t n_beyond_margin;                       /**< of these, so far that it matters */
    rig_excursion excursions[RIG_MAX_EXCURSIONS]; /**< the first of n_left, in the order of time */
} rig_over_time;

/**
 * Compare one stage with its envelope (models/envelope.h; alpha 5 % over all four stages together).
 *
 * The margin of a bin is the stage's margin times the bin's entrants (offered calls less those lost
 * at earlier stages).
 * @param observed  prediction->n_intervals of them.
 * @param margin    delta of the stage, a share.
 */
rig_over_time rig_over_time_compare(const rig_prediction *prediction, const rig_interval *observed,
                                    rig_stage stage, double margin);

/** Calls that were lost in a bin of a stage's envelope, by the time of their arrival. */
double rig_over_time_lost(const rig_prediction *prediction, const rig_interval *observed,
                          rig_stage stage, size_t bin);

#endif
