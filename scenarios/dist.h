/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Distributions of durations: how a scenario says how long something takes. */
#ifndef RIG_SCENARIOS_DIST_H
#define RIG_SCENARIOS_DIST_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

/** The families. */
typedef enum rig_dist_kind {
    RIG_DIST_CONSTANT = 0, /**< always mean_s */
    RIG_DIST_UNIFORM,      /**< mean_s, cv: mean_s +- sqrt(3) cv mean_s */
    RIG_DIST_EXPONENTIAL,  /**< mean_s; its cv is 1 */
    RIG_DIST_LOGNORMAL,    /**< mean_s, cv */
    RIG_DIST_GAMMA,        /**< mean_s, cv */
    RIG_DIST_EMPIRICAL,    /**< a column of a CSV file, each row as likely as the others */
    RIG_N_DIST_KINDS
} rig_dist_kind;

struct rig_gamma_table;
struct rig_rounded_table;

/** A distribution of a duration, s. Made by rig_dist_make_* or by the scenario's reader; a
 * parametric one may also be written as { kind, mean_s, cv }: the same draws, but slower. */
typedef struct rig_dist {
    rig_dist_kind kind;
    double mean_s;    /**< finite, >= 0; for EMPIRICAL the sample's mean */
    double cv;        /**< standard deviation / mean, >= 0; for EMPIRICAL the sample's */
    double *sample_s; /**< EMPIRICAL: the sorted sample, owned; else NULL */
    size_t n_sample;
    char *file, *column;           /**< EMPIRICAL: where the sample came from, owned; else NULL */
    double sigma, half_sigma2;     /**< LOGNORMAL: of the logarithm; 0 = not known yet */
    struct rig_gamma_table *gamma; /**< GAMMA: its quantiles, owned; NULL = solved for each draw */
    struct rig_rounded_table *rounded; /**< EXPONENTIAL, LOGNORMAL, GAMMA: quantiles in whole
                                          microseconds, owned; NULL = rounded for each draw */
} rig_dist;

/** Their names, in this order; NULL-terminated. */
extern const char *const rig_dist_kind_words[RIG_N_DIST_KINDS + 1];

/** Whether one that may be left out is there: its mean is over 0. */
static inline bool rig_dist_is_given(const rig_dist *dist)
{
    return dist->mean_s > 0.0;
}

/** "constant", "uniform", ...; static. */
const char *rig_dist_kind_name(rig_dist_kind kind);

/**
 * A parametric distribution.
 * @param mean_s  Finite, >= 0 (0 only for CONSTANT).
 * @param cv      Ignored for CONSTANT and EXPONENTIAL; else finite, > 0; UNIFORM: <= 1/sqrt(3), so
 *                that no duration is negative.
 * @param[out] dist  Owned by the caller: rig_dist_clear (GAMMA owns a table).
 * @return RIG_OK; RIG_EDOM with a message that says the range; RIG_ENOMEM.
 */
rig_status rig_dist_make(rig_dist_kind kind, double mean_s, double cv, rig_dist *dist,
                         rig_error *err);

/**
 * An empirical distribution from one column of a CSV file with a header row.
 * @return RIG_OK; RIG_EINPUT for no rows, a negative or non-numeric value; RIG_EIO; RIG_ENOMEM.
 */
rig_status rig_dist_make_empirical(const char *file, const char *column, rig_dist *dist,
                                   rig_error *err);

/** A deep copy. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_dist_copy(const rig_dist *dist, rig_dist *copy);

/** Free what the distribution owns; it may be made again. NULL-safe. */
void rig_dist_clear(rig_dist *dist);

/**
 * The duration that is exceeded with probability 1 - u (inverse of the distribution function), so
 * that one uniform number gives one duration and a larger number a longer one.
 * @param u  In (0, 1).
 * @return s, finite, >= 0.
 * Source: exponential and empirical by inversion; lognormal with sigma^2 = ln(1 + cv^2) and
 * mu = ln(mean) - sigma^2 / 2; gamma with shape 1 / cv^2 and scale mean cv^2 (Law, Simulation
 * Modeling and Analysis, 5th ed., section 6.2), the normal quantile by GSL, the gamma one from a
 * table made by rig_dist_make for a cv of 0.05 to 5 (relative error at most 1e-9), else solved for.
 */
double rig_dist_quantile_s(const rig_dist *dist, double u);

/**
 * The same in whole microseconds: rig_round_to_us of it, bit for bit, from a table some three times
 * as fast. @param u  In (0, 1).
 */
double rig_dist_rounded_quantile_s(const rig_dist *dist, double u);

/** The same of many. @param[in,out] values  Numbers in (0, 1); become durations. */
void rig_dist_rounded_quantiles_s(const rig_dist *dist, size_t n, double *values);

/** Whether that takes some nanoseconds: a table knows it, or it is hardly computed. */
bool rig_dist_is_quick(const rig_dist *dist);

#endif
