/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The order of captured packets: how far it is mended, and what was found out of order. The capture
 * of one interface is in order; what is not:
 *   several interfaces in one file, written in bursts, some packets of the one and then of the
 * other (dumpcap on the two ports of a tap): up to the window; packets of one interface, through
 * several queues of a card or several captures merged into one: up to 3/10 of the window, a single
 * packet up to the window; a clock that was set back: nothing can be put in order then. What was
 * captured before stays before, and the step is told. Files are merged by their times; only what is
 * out of order within each needs the window. docs/captures.md tells it with examples. */
#ifndef RIG_ANALYZER_CAPTURE_ORDER_H
#define RIG_ANALYZER_CAPTURE_ORDER_H

#include <stddef.h>
#include <stdint.h>

/** Steps of clocks that are told one by one. */
#define RIG_CAPTURE_MAX_STEPS 8u
/** Longest window. */
#define RIG_CAPTURE_MAX_WINDOW_NS (INT64_C(60000000000))
/** How far packets are put in order. A value of 0 stands for the one in brackets. */
typedef struct rig_capture_order {
    int64_t window_ns;  /**< how long, by the packets' own times, one waits for an earlier one
                             [1 s]; -1: none waits, the order within a file is the file's */
    size_t max_packets; /**< that wait [262,144]; beyond, the earliest goes on */
    size_t max_bytes;   /**< that wait [64 MiB] */
} rig_capture_order;

/** A clock that went back. */
typedef struct rig_capture_step_back {
    size_t file; /**< which of the captures, in the order in which they were named, from 0 */
    uint32_t interface;
    uint64_t packet; /**< the first one after the step, in its file */
    int64_t t_ns;    /**< its time */
    int64_t back_ns; /**< earlier than the one before by so much: the step is at least as long */
} rig_capture_step_back;

/** What was out of order. */
typedef struct rig_capture_disorder {
    uint64_t n_streams;      /**< interfaces of files, with packets */
    uint64_t n_at_once;      /**< of them, the most that had begun and not ended at one time: where
                                  it is 1, one clock has stamped all */
    uint64_t n_reordered;    /**< packets that came behind later ones .. */
    int64_t max_disorder_ns; /**< .. by so much at most */
    uint64_t n_late;         /**< of them: too late for their place; they were handed out late .. */
    int64_t max_late_ns;     /**< .. by so much at most */
    uint64_t n_pushed_out;   /**< packets that could not wait for as long as the window: memory */
    uint64_t n_steps;        /**< clocks that went back, by more than is put in order .. */
    int64_t max_step_ns;     /**< .. by so much at most */
    rig_capture_step_back steps[RIG_CAPTURE_MAX_STEPS]; /**< the first of them */
} rig_capture_disorder;

#endif
