/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of the rate, for who walks along it: rig_traffic_* of scenario.h and the arrival stream.
 */
#ifndef RIG_SCENARIOS_RATE_H
#define RIG_SCENARIOS_RATE_H

#include "scenarios/scenario.h"

/** From one breakpoint of the rate (a point, an advert's begin or peak) to the next. On it the rate
 * is first_per_s + slope x plus the adverts that decay, x from from_s. */
typedef struct rig_rate_piece {
    const rig_traffic *traffic; /**< borrowed */
    double from_s;
    double to_s;        /**< > from_s; duration_s at the latest */
    double length_s;    /**< to_s - from_s */
    double first_per_s; /**< the straight part at from_s, calls a second */
    double slope;       /**< of the straight part, calls a second a second */
    size_t n_decaying;  /**< adverts that are past their peak at from_s */
    double n_to_come;   /**< calls that these still bring after from_s, in all time */
} rig_rate_piece;

/**
 * The piece that begins at an instant.
 * @param traffic  With points (not recorded arrivals); must outlive the piece.
 * @param from_s   In [0, duration_s).
 */
rig_rate_piece rig_rate_piece_from(const rig_traffic *traffic, double from_s);

/**
 * Expected calls in the first x_s of a piece: the integral in closed form.
 * @param x_s              In [0, length_s].
 * @param[out] rate_per_s  Rate there, as seen from within the piece; or NULL.
 */
double rig_rate_piece_calls(const rig_rate_piece *piece, double x_s, double *rate_per_s);

#endif
