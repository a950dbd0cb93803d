/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A time axis of a bounded number of intervals that grows in both directions: what comes in any
 * order of time is put into intervals, and when there are too many, some become one. Internal to
 * analyzer/metrics.
 *
 * The lengths follow a ladder on which each one divides an hour or is made of whole hours, and all
 * intervals begin at multiples of their length since the epoch: so hours of the clock are made of
 * whole intervals. */
#ifndef RIG_ANALYZER_METRICS_TIME_AXIS_H
#define RIG_ANALYZER_METRICS_TIME_AXIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Adds n items that stand in a row to another one of the same kind; n may be 0. */
typedef void (*rig_time_axis_merge)(void *to, const void *from, size_t n);

/** The axis of an array of `cap` items. */
typedef struct rig_time_axis {
    int64_t from_ns; /**< where item 0 begins; a multiple of step_ns */
    int64_t step_ns; /**< 0: nothing was placed yet */
    size_t n;        /**< items up to the last one that was placed */
    size_t cap;      /**< >= 16; all of the array is zero in the beginning */
    size_t item_size;
    rig_time_axis_merge merge;
    int64_t first_step_ns; /**< the step to begin with: one of the ladder, from 10 ms on */
} rig_time_axis;

/**
 * The item of an instant, after merging or moving items where it must be.
 * @param items  The array.
 * @param t_ns   0 <= t_ns <= INT64_MAX / 4.
 */
size_t rig_axis_place(rig_time_axis *axis, void *items, int64_t t_ns);

#endif
