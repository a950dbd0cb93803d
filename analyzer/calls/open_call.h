/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The record of a call while it is held: core/call.h without what is only told when it is handed
 * out (who answered, outcome and reason) and without what few calls have (fate_rare.h). Internal to
 * the room.
 *
 * There may be a million of them at one time. */
#ifndef RIG_ANALYZER_CALLS_OPEN_CALL_H
#define RIG_ANALYZER_CALLS_OPEN_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/call.h"

/** As the members of rig_call of the same names. */
typedef struct rig_open_call {
    char *call_id;      /**< borrowed, as the next two are */
    char *carrier;      /**< NULL: none */
    char *caller_class; /**< NULL: none */
    int64_t planned_index;
    int64_t t_invite_ns;
    int64_t t_provisional_ns;
    int64_t t_menu_ns;
    int64_t t_answer_ns;
    int64_t t_queue_ns;
    int64_t t_first_ring_ns;
    int64_t t_agent_ring_ns;
    int64_t t_agent_answer_ns;
    int64_t t_end_ns;
    int final_code;
    uint32_t invite_retransmissions;
    uint32_t attempts;
    uint32_t n_messages;
    uint32_t n_legs;
    uint32_t n_phones_at_once;
    uint32_t nth_of_caller;
    bool answered : 1;
    bool cancelled : 1;
    bool is_emergency : 1;
    rig_bye bye : 2;
} rig_open_call;

/** As rig_call_port_ns. */
static inline int64_t rig_open_call_port_ns(const rig_open_call *call, bool is_early)
{
    return is_early ? call->t_menu_ns : call->t_answer_ns;
}

#endif
