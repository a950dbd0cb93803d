/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups that may take a call, or a kept place, when it has waited for some time: the rules of
 * queue.overflow, one after the other. */
#ifndef RIG_CALLCENTRE_CENTRE_HELPERS_H
#define RIG_CALLCENTRE_CENTRE_HELPERS_H

#include <stdbool.h>

#include "callcentre/centre/resources.h"
#include "callcentre/sip/timers.h"

struct rig_callcentre_centre;

/** The next rule for one who waits; part of its owner's struct, zeroed when it is made. */
typedef struct rig_callcentre_helpers {
    struct rig_callcentre_centre *centre;
    rig_callcentre_waiter *waiter;
    rig_callcentre_timer timer;
    double after_s; /**< the next rule's time since the entry into the queue */
    bool has_timer; /**< room for that timer is reserved */
} rig_callcentre_helpers;

/** Somebody has just entered the queue, where he stands as `waiter`, borrowed. Without memory
 * nobody helps him. */
void rig_callcentre_helpers_await(rig_callcentre_helpers *helpers,
                                  struct rig_callcentre_centre *centre,
                                  rig_callcentre_waiter *waiter);

/** Nobody else is to take it any more. */
void rig_callcentre_helpers_stop(rig_callcentre_helpers *helpers);

/** Stop, and give back what is reserved. */
void rig_callcentre_helpers_clear(rig_callcentre_helpers *helpers);

#endif
