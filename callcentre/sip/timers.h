/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers: a binary heap of absolute deadlines in ns. No clock, no system calls.
 *
 * sofia-sip has timers of its own, but they count in ms of the wall clock: rounding would be a
 * steady bias of the menu, the wrap-up and the time-outs, and setting the clock would shift them.
 */
#ifndef RIG_CALLCENTRE_SIP_TIMERS_H
#define RIG_CALLCENTRE_SIP_TIMERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What happens at a deadline. */
typedef void rig_callcentre_timer_fn(void *arg);

/** One timer, part of its owner's struct; all zero but fire and arg when it is made. */
typedef struct rig_callcentre_timer {
    int64_t at_ns; /**< CLOCK_MONOTONIC; meaningful while armed */
    size_t slot;   /**< place in the heap, from 1; 0 = not armed */
    rig_callcentre_timer_fn
        *fire; /**< called disarmed: it may arm itself again or free its owner */
    void *arg;
} rig_callcentre_timer;

/** The heap; all zero when it is made. */
typedef struct rig_callcentre_timers {
    rig_callcentre_timer **heap; /**< [1..n]; [0] is not used */
    size_t n;                    /**< armed */
    size_t capacity;             /**< slots, [0] included */
    size_t n_reserved;           /**< timers that may be armed at once */
} rig_callcentre_timers;

/** Make room for one more timer, so that arming cannot fail. @return false when out of memory. */
bool rig_callcentre_timers_reserve(rig_callcentre_timers *timers);

/** Give back the room of one timer, which is disarmed. */
void rig_callcentre_timers_unreserve(rig_callcentre_timers *timers, rig_callcentre_timer *timer);

/** Arm, or move, a timer for which room is reserved. */
void rig_callcentre_timers_set(rig_callcentre_timers *timers, rig_callcentre_timer *timer,
                               int64_t at_ns);

/** Disarm; nothing happens when it is not armed. */
void rig_callcentre_timers_cancel(rig_callcentre_timers *timers, rig_callcentre_timer *timer);

/** The earliest deadline, INT64_MAX when nothing is armed. */
int64_t rig_callcentre_timers_next_ns(const rig_callcentre_timers *timers);

/** Fire, earliest first, all that are due at now_ns, also those that firing arms. @return how many.
 */
size_t rig_callcentre_timers_run(rig_callcentre_timers *timers, int64_t now_ns);

/** Free the heap; the timers are their owners'. */
void rig_callcentre_timers_clear(rig_callcentre_timers *timers);

#endif
