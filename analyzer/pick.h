/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls someone wants: "outcome=lost_queue,from=60", and others of the kind. */
#ifndef RIG_ANALYZER_PICK_H
#define RIG_ANALYZER_PICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/call.h"
#include "core/slice.h"
#include "core/status.h"

/** Most terms of one choice. */
#define RIG_PICK_MAX_TERMS 32
/** Most conditions of one term. */
#define RIG_PICK_MAX_CONDITIONS 16

/** What a condition looks at. */
typedef enum rig_pick_key {
    RIG_PICK_OUTCOME = 0,
    RIG_PICK_REASON,
    RIG_PICK_CALL_ID,
    RIG_PICK_CALLER,
    RIG_PICK_PLANNED_INDEX,
    RIG_PICK_CODE,
    RIG_PICK_FROM,
    RIG_PICK_TO,
    RIG_PICK_ANSWERED,
    RIG_PICK_BYE,
    RIG_PICK_N_KEYS
} rig_pick_key;

/** One condition. */
typedef struct rig_pick_condition {
    rig_pick_key key;
    rig_slice text;    /**< borrowed */
    int64_t low, high; /**< outcome, bye, answered, codes, rows: both are inside; times: ns */
    bool is_epoch;     /**< a time since the epoch, not since the first packet */
} rig_pick_condition;

/** A choice: a call is chosen that fits all conditions of any term. All zero: none is. */
typedef struct rig_pick {
    struct {
        rig_pick_condition conditions[RIG_PICK_MAX_CONDITIONS];
        size_t n;
    } terms[RIG_PICK_MAX_TERMS];
    size_t n;
    bool asks_caller; /**< whether any condition looks at the caller's number */
} rig_pick;

/** A call to be judged. */
typedef struct rig_pick_call {
    const rig_call *call;
    rig_outcome outcome;     /**< taken for call->outcome */
    const char *reason;      /**< taken for call->reason */
    int64_t t_capture_ns;    /**< the capture's first packet */
    uint32_t fitting_caller; /**< rig_pick_fit_caller; all bits where nothing asks */
} rig_pick_call;

/**
 * Add a term: KEY=VALUE, several with commas, all of which must hold. The keys, in the order of
 * rig_pick_key:
 * - outcome=lost_queue, as in calls.csv;
 * - reason=TEXT: a part of the reason, without regard to case;
 * - call_id=TEXT, of the caller's leg;
 * - caller=NUMBER: the user part of its From; "*" at the end stands for any rest;
 * - planned_index=A..B, also A, A.., ..B;
 * - code=A..B: the final response to the INVITE, likewise; 0: none;
 * - from=SECONDS: the INVITE is not earlier; since the first packet, or "@" and epoch seconds;
 * - to=SECONDS: the INVITE is earlier;
 * - answered=yes or no;
 * - bye=caller, callee or none.
 *
 * @param text  Borrowed as long as the choice.
 * @return RIG_OK; RIG_EINPUT naming what is wrong and what is expected (nothing is added).
 */
rig_status rig_pick_add(rig_pick *pick, const char *text, rig_error *err);

/** The terms, as bits, of which all conditions on the caller's number hold. */
uint32_t rig_pick_fit_caller(const rig_pick *pick, rig_slice user);

/** Whether a call is chosen. */
bool rig_pick_fits(const rig_pick *pick, const rig_pick_call *call);

#endif
