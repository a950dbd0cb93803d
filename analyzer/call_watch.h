/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Following calls while they are in progress: each step that a call takes, as soon as it is seen.
 * The sink of calls (call_sink.h) has the last word; what is told here may be revised by it. */
#ifndef RIG_ANALYZER_CALL_WATCH_H
#define RIG_ANALYZER_CALL_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "core/call.h"

/** Where a call is. */
typedef enum rig_call_place {
    RIG_CALL_UNANSWERED = 0, /**< nobody has answered the caller yet */
    RIG_CALL_IN_MENU,        /**< answered, and no more is known */
    RIG_CALL_IN_QUEUE,       /**< waits for an agent */
    RIG_CALL_RINGING,        /**< an agent's phone rings */
    RIG_CALL_TALKING,        /**< an agent has answered */
    RIG_CALL_OVER,
    RIG_N_CALL_PLACES
} rig_call_place;

/** How far a call has come. */
typedef struct rig_call_step {
    rig_call_place place;
    rig_stage stage;     /**< the last that it has entered; one that went back to the queue is there
                              again */
    rig_outcome outcome; /**< RIG_OUTCOME_IN_PROGRESS until it is over */
} rig_call_step;

/** A step of a call. Borrowed for the call of the watch. */
typedef struct rig_call_news {
    const rig_call *call; /**< as it is now; its reason is set when it is over */
    uint64_t order;       /**< rig_finished_call.order */
    bool is_first;        /**< the call begins: `was` says nothing */
    bool is_withdrawn;    /**< it turns out to be no call: `is` says nothing */
    rig_call_step was, is;
} rig_call_news;

/** Who watches. */
typedef struct rig_call_watch {
    /** A call takes a step. A call that is over can go on (an attempt that follows a refusal), and
     * its outcome can change by what comes later. */
    void (*step)(void *ctx, const rig_call_news *news);
    void *ctx;
} rig_call_watch;

#endif
