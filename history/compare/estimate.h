/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The statistics of two samples: a difference, its interval and its p-value. No runs, no names.
 * Internal to history/compare. Fields that are filled in: method, n, n_only_a, n_only_b,
 * difference, low, high, se, df, p_value. Sources: history/compare.h. */
#ifndef RIG_HISTORY_COMPARE_ESTIMATE_H
#define RIG_HISTORY_COMPARE_ESTIMATE_H

#include "history/compare.h"

/** Batches of a sample that depends on itself. */
#define RIG_HISTORY_N_BATCHES 20

/** Pairs of hits and misses. */
typedef struct rig_history_pairs {
    double n_both, n_only_a, n_only_b, n_neither;
} rig_history_pairs;

/** Paired shares. n > 0. */
void rig_history_estimate_pairs(const rig_history_pairs *pairs, rig_history_row *row);

/** A share and what it is worth. */
typedef struct rig_history_share {
    double p, n;
    double ess; /**< effective sample size, at most n */
    bool has_batches;
} rig_history_share;

/** The share of hits in a series of 0 and 1. n > 0. */
rig_history_share rig_history_share_of(const double *hits, size_t n);

/** Unpaired shares. */
void rig_history_estimate_shares(const rig_history_share *a, const rig_history_share *b,
                                 rig_history_row *row);

/** A mean and its standard error. */
typedef struct rig_history_mean {
    double mean, se, df;
} rig_history_mean;

/** Of a series, by batches; with fewer than 40 values as if they were independent. n > 1. */
rig_history_mean rig_history_mean_of(const double *values, size_t n);

/** One mean against 0. */
void rig_history_estimate_mean(const rig_history_mean *mean, rig_history_row *row);

/** Two means, Welch. */
void rig_history_estimate_means(const rig_history_mean *a, const rig_history_mean *b,
                                rig_history_row *row);

/** P(T > t) with df degrees of freedom; 0: normal. */
double rig_history_tail(double t, double df);

/** Holm's correction of n p-values in place; NANs are no tests. */
void rig_history_holm(double *p, size_t n);

#endif
