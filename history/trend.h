/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One figure over the runs: by run, day or week. */
#ifndef RIG_HISTORY_TREND_H
#define RIG_HISTORY_TREND_H

#include "history/run.h"
#include "history/when.h"

/** One run, day or week. */
typedef struct rig_history_point {
    int64_t start_ms;         /**< its first instant */
    size_t n_runs;            /**< in which the figure is known */
    size_t n_failed;          /**< of these, FAIL */
    double mean, least, most; /**< observed */
    double predicted;         /**< mean of the predictions; NAN: none */
} rig_history_point;

/** A figure over time, owned: rig_history_trend_clear. */
typedef struct rig_history_trend {
    char unit[16];             /**< "1": a share */
    rig_history_point *points; /**< earliest first; none for times without runs */
    size_t n;
} rig_history_trend;

/**
 * Take runs together. Runs that are INVALID say nothing of a call centre, and are left out.
 * @param runs    Earliest first.
 * @param metric  As rig_history_metric.name has it, or as people type it (rig_metric_find).
 * @param[out] trend  Without points where no run has the figure.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_history_trend_of(const rig_history_runs *runs, const char *metric, rig_history_by by,
                                rig_history_trend *trend);

/** Free its points. */
void rig_history_trend_clear(rig_history_trend *trend);

/**
 * The means as a line of blocks, U+2581 to U+2588, one a point, from the least to the greatest.
 * @return heap, the caller frees; NULL: out of memory.
 */
char *rig_history_trend_line(const rig_history_trend *trend);

#endif
