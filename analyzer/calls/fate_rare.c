/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/fate_rare.h"

#include <stdlib.h>

#include "analyzer/calls/fate.h"
#include "core/clock.h"

const rig_fate_rare rig_fate_no_rare = {
    .again_gap_ns = INT64_MAX,
    .t_within_ns = RIG_NO_TIME,
    .t_invited_again_ns = RIG_NO_TIME,
    .t_drop_ns = RIG_NO_TIME,
    .t_branch_ns = {RIG_NO_TIME, RIG_NO_TIME},
    .branch_gap_ns = INT64_MAX,
};

const rig_fate_rare *rig_fate_rare_of(const rig_fate *state)
{
    return state->rare != NULL ? state->rare : &rig_fate_no_rare;
}

rig_fate_rare *rig_fate_add_rare(rig_fate *state)
{
    if (state->rare != NULL)
        return state->rare;
    state->rare = malloc(sizeof *state->rare);
    if (state->rare == NULL) {
        state->has_failed = true;
        return NULL;
    }
    *state->rare = rig_fate_no_rare;
    return state->rare;
}

void rig_fate_drop_connect(rig_fate *state)
{
    if (state->rare != NULL)
        state->rare->connect.leg = NULL;
}

rig_call rig_fate_record(const rig_fate *state)
{
    const rig_open_call *open = &state->call;
    const rig_fate_rare *rare = rig_fate_rare_of(state);
    rig_call call = {
        .call_id = open->call_id,
        .carrier = open->carrier,
        .caller_class = open->caller_class,
        .call_back_of = rare->call_back_of,
        .planned_index = open->planned_index,
        .t_invite_ns = open->t_invite_ns,
        .t_provisional_ns = open->t_provisional_ns,
        .t_menu_ns = open->t_menu_ns,
        .t_answer_ns = open->t_answer_ns,
        .t_queue_ns = open->t_queue_ns,
        .t_first_ring_ns = open->t_first_ring_ns,
        .t_agent_ring_ns = open->t_agent_ring_ns,
        .t_agent_answer_ns = open->t_agent_answer_ns,
        .t_end_ns = open->t_end_ns,
        .final_code = open->final_code,
        .answered = open->answered,
        .cancelled = open->cancelled,
        .bye = open->bye,
        .invite_retransmissions = open->invite_retransmissions,
        .attempts = open->attempts,
        .n_messages = open->n_messages,
        .n_legs = open->n_legs,
        .n_phones_at_once = open->n_phones_at_once,
        .nth_of_caller = open->nth_of_caller,
        .announced_position = rare->announced_position,
        .announced_wait_s = rare->announced_wait_s,
        .is_balked = rare->is_balked,
        .is_emergency = open->is_emergency,
    };
    for (size_t i = 0; i < sizeof rare->choice; i++)
        call.choice[i] = rare->choice[i];
    return call;
}
