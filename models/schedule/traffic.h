/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arrival stream: the instants at which calls come in, one after the other.
 *
 * Poisson: unit-rate exponential steps mapped through the inverse of the integrated rate (Cinlar,
 * Introduction to Stochastic Processes, 1975, section 4.7). Regular: the instants where the
 * integrated rate passes n + 1/2. Recorded: those of the file.
 *
 * Without adverts a piece of the rate is a straight line and the inverse is in closed form; while
 * an advert decays it is found by Newton's method, kept inside its bracket, to 1e-10 s. */
#ifndef RIG_MODELS_SCHEDULE_TRAFFIC_H
#define RIG_MODELS_SCHEDULE_TRAFFIC_H

#include <stdint.h>

#include "core/random.h"
#include "scenarios/rate.h"
#include "scenarios/scenario.h"

/** A stream's state; a plain value: may be copied, owns nothing. All fields are internal. */
typedef struct rig_arrival_stream {
    const rig_traffic *traffic;
    uint64_t seed;
    uint32_t replication;
    double day_factor;
    uint64_t n;                     /**< calls so far */
    double integral;                /**< where the last call stands: of the integrated rate */
    rig_rate_piece piece;           /**< the piece of the rate at which the walk stands */
    double n_before;                /**< integral up to it */
    double n_piece;                 /**< and over it */
    double x_s;                     /**< into it: the last instant */
    double drawn[RIG_RANDOM_BLOCK]; /**< uniform numbers of this call and its neighbours */
} rig_arrival_stream;

/**
 * Begin a stream. A function of (scenario, replication) only.
 *
 * @param[out] stream  Any memory; nothing to free.
 * @param scenario     Borrowed; must outlive the stream and its copies.
 * @param replication  0 is a mean day; others have their rate multiplied by a gamma variate of mean
 *                     1 and the coefficient of variation traffic.day_cv.
 */
void rig_arrival_stream_begin(rig_arrival_stream *stream, const rig_scenario *scenario,
                              uint32_t replication);

/**
 * The next instant, s: ascending, in [0, duration_s), in whole microseconds (what schedule.csv
 * holds). INFINITY when there is none, and from then on.
 */
double rig_arrival_stream_next_s(rig_arrival_stream *stream);

/** Factor of the rate on the day of a replication; 1 for replication 0 and for day_cv = 0. */
double rig_arrival_day_factor(const rig_scenario *scenario, uint32_t replication);

#endif
