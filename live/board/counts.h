/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of a run's calls, step by step. Internal to the room; not thread-safe. */
#ifndef RIG_LIVE_BOARD_COUNTS_H
#define RIG_LIVE_BOARD_COUNTS_H

#include "live/board.h"
#include "verdict/measured.h"

/** Rates are over so many seconds of wire time. */
#define RIG_BOARD_RATE_S 5

/** Counts of an interval of the calls' arrival. */
typedef struct rig_board_counts_interval {
    uint32_t n_offered, n_lost[RIG_N_STAGES], n_open[RIG_N_STAGES];
    uint32_t n_in_stage[RIG_N_STAGES]; /**< calls whose last stage this is */
} rig_board_counts_interval;

/** The counts. */
typedef struct rig_board_counts {
    const rig_scenario *scenario;
    int64_t start_epoch_ns; /**< 0: not known yet; then calls are in the first interval */
    int64_t stop_epoch_ns;  /**< rig_board_progress.stop_epoch_ns */
    double interval_s;      /**< scenario time */
    size_t n_intervals;     /**< the one behind the last is of calls that come later */
    rig_board_counts_interval intervals[RIG_BOARD_MAX_INTERVALS + 1];
    uint64_t n_offered;
    uint64_t n_at[RIG_N_CALL_PLACES];
    uint64_t n_outcome[RIG_N_OUTCOMES];
    uint64_t n_counted[RIG_N_OUTCOMES]; /**< of those behind the warm-up; so are all that follow */
    uint64_t n_over;                    /**< .. that are over */
    uint64_t n_in_stage[RIG_N_STAGES]; /**< calls whose last stage this is */
    uint64_t n_ended[RIG_N_STAGES];    /**< of these: that are over */
    uint64_t n_open[RIG_N_STAGES];     /**< of those in it: that may still be lost there */
    rig_measured measured;             /**< of calls that are over; holds no times */
    rig_wait wait[2];                  /**< room of `measured` */
    float setup_s[2];
    uint64_t n_centre_answered;
    uint64_t lost_from;                      /**< number of lost calls that were noted */
    rig_board_lost lost[RIG_BOARD_MAX_LOST]; /**< a ring */
    size_t n_lost;
} rig_board_counts;

/** Begin. @param interval_s  Of the view's intervals. */
void rig_board_counts_init(rig_board_counts *counts, const rig_scenario *scenario,
                           double interval_s, size_t n_intervals);

/** Take a step of a call. */
void rig_board_counts_step(rig_board_counts *counts, const rig_call_news *news);

/** Fill what follows from the counts alone into a view. */
void rig_board_counts_show(const rig_board_counts *counts, rig_board_view *view);

#endif
