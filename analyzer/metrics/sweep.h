/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits in use as time goes by: changes in, in the order of their times. Internal to
 * analyzer/metrics. */
#ifndef RIG_ANALYZER_METRICS_SWEEP_H
#define RIG_ANALYZER_METRICS_SWEEP_H

#include "analyzer/usage.h"
#include "analyzer/usage_series.h"

/** What happens to the circuits at an instant. At the same instant circuits are given back before
 * others are seized, and a refusal sees those that were seized before it. */
typedef enum rig_change_kind { RIG_GIVEN_BACK = 0, RIG_SEIZED, RIG_REFUSED } rig_change_kind;

typedef struct rig_change {
    int64_t t_ns;
    rig_change_kind kind;
} rig_change;

/** Most spans of time of which the level's mean and square are kept. */
#define RIG_SWEEP_N_SPANS 1024

/** Integrals over one span: of time, of circuits in use, and of their square; ns. */
typedef struct rig_level_span {
    double length, level, square;
} rig_level_span;

/** Walks along the changes, and along the intervals of a series where there is one. */
typedef struct rig_sweep {
    rig_usage *usage;                /**< peak, refusals and intervals are written into it */
    struct rig_usage_series *series; /**< told of each level; NULL: nobody is */
    int64_t interval_ns;
    size_t at;          /**< interval that is being filled */
    int64_t t_ns;       /**< up to where it is filled; RIG_NO_TIME before the first change */
    double area;        /**< circuit-ns in it so far */
    int64_t t_begin_ns; /**< where the first span begins */
    int64_t span_ns;    /**< 1, 2, 4, .. s: all spans are as long */
    rig_level_span spans[RIG_SWEEP_N_SPANS];
    int64_t in_use; /**< may be -1 for an instant: a call of no length is given back first */
    uint64_t *n_at_refusal; /**< refusals by circuits in use; owned */
    size_t n_levels;
} rig_sweep;

/** In the order of their times; for equal ones, of rig_change_kind. For qsort. */
int rig_change_compare(const void *a, const void *b);

/** Take one change; not earlier than the one before. @return false when out of memory. */
bool rig_sweep_take(rig_sweep *sweep, rig_change change);

/**
 * Let time pass to the end, and fill in what follows from all changes.
 * @param t_steady_ns, t_last_invite_ns  Between them the load may have been steady: calls came all
 *                                       the time, and the first ones have made room for others.
 */
void rig_sweep_finish(rig_sweep *sweep, int64_t t_last_ns, int64_t t_steady_ns,
                      int64_t t_last_invite_ns);

/** Free what the sweep owns. */
void rig_sweep_clear(rig_sweep *sweep);

#endif
