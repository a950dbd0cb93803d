/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers who were promised a call back: who is dialled next, and when (docs/scenario.md, "Call
 * backs"). Whoever is promised one stands in line; an agent to spare and a circuit take him out of
 * it, and after a vain attempt he comes back to its end. */
#ifndef RIG_CALLCENTRE_CENTRE_PROMISES_H
#define RIG_CALLCENTRE_CENTRE_PROMISES_H

#include <stdbool.h>
#include <stdint.h>

#include "callcentre/centre/helpers.h"
#include "callcentre/sip/timers.h"
#include "core/status.h"

struct rig_callcentre_centre;

/** One caller's promise; it frees itself when it is over. */
typedef struct rig_callcentre_promise {
    struct rig_callcentre_centre *centre;
    char *number;     /**< to be called */
    uint64_t caller;  /**< his index, for the draws that docs/wire-contract.md names; */
    bool is_caller;   /**< false: the number is none of the scenario's, and has draws of its own */
    uint32_t attempt; /**< which of his calls was promised it */
    uint32_t n_dials; /**< in vain so far */
    rig_callcentre_waiter waiter;   /**< his skill, and his place while it is kept in the queue */
    rig_callcentre_helpers helpers; /**< who may take that place as well, after a time */
    bool is_in_line;
    bool is_again;                                    /**< called a second time: a defect */
    rig_callcentre_timer timer;                       /**< when he is in line again */
    struct rig_callcentre_promise *prev, *next;       /**< of all */
    struct rig_callcentre_promise *in_front, *behind; /**< of those in line */
} rig_callcentre_promise;

/** All of them. Zeroed: none. */
typedef struct rig_callcentre_promises {
    rig_callcentre_promise *all;
    rig_callcentre_promise *first, *last; /**< in line */
    rig_callcentre_timer start;           /**< nobody is dialled before */
    bool has_start;                       /**< room for that timer is reserved */
    bool has_begun;
} rig_callcentre_promises;

/** To whom a call back is promised. */
typedef struct rig_callcentre_promised {
    const char *number; /**< borrowed */
    uint32_t attempt;   /**< which of his calls was promised it, from 0 */
} rig_callcentre_promised;

/** What has become of an attempt. */
typedef enum rig_callcentre_attempt {
    RIG_CALLCENTRE_ATTEMPT_KEPT = 0, /**< they have talked to the end */
    RIG_CALLCENTRE_ATTEMPT_CUT,      /**< in the talk: that was it */
    RIG_CALLCENTRE_ATTEMPT_VAIN
} rig_callcentre_attempt;

/** Where the scenario calls back: reserve what is needed. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_callcentre_promises_make(struct rig_callcentre_centre *centre, rig_error *err);

/** The scenario's time has begun. */
void rig_callcentre_promises_start(struct rig_callcentre_centre *centre);

/** A caller is promised a call back, for agents with a skill; he stands in line. Nothing where the
 * scenario calls nobody back. */
void rig_callcentre_promise_make(struct rig_callcentre_centre *centre,
                                 const rig_callcentre_promised *who, uint32_t skill);

/** The same of one who is in no line yet. @return NULL when it is forgotten: out of memory, or a
 * defect. */
rig_callcentre_promise *rig_callcentre_promise_new(struct rig_callcentre_centre *centre,
                                                   const rig_callcentre_promised *who,
                                                   uint32_t skill);

/** It is broken: nobody will call. Frees it. */
void rig_callcentre_promise_break(rig_callcentre_promise *promise);

/** Dial those for whom there are agents to spare and circuits, in their order; nobody before their
 * time, nor while the centre is dead by a fault of the scenario. */
void rig_callcentre_promises_look(struct rig_callcentre_centre *centre);

/** An attempt is over. */
void rig_callcentre_promise_end_attempt(rig_callcentre_promise *promise,
                                        rig_callcentre_attempt how);

/** Forget them all, without a word. */
void rig_callcentre_promises_clear(struct rig_callcentre_centre *centre);

#endif
