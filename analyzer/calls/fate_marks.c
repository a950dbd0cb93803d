/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/fate_parts.h"

static bool on_queue_mark(rig_fate *state, int64_t t_ns)
{
    rig_fate_set_first(&state->call.t_queue_ns, t_ns);
    if (state->phase >= RIG_PHASE_TALKING || state->phase == RIG_PHASE_QUEUE)
        return false;
    rig_fate_note_turn(state, t_ns);
    state->phase = RIG_PHASE_QUEUE;
    state->is_connect_refused = false;
    rig_fate_drop_connect(state);
    return true;
}

static bool on_ringing_mark(rig_fate *state, int64_t t_ns)
{
    if (state->phase >= RIG_PHASE_RINGING)
        return false; /* the agent's own leg has told it already */
    rig_fate_set_first(&state->call.t_queue_ns, t_ns);
    rig_fate_note_turn(state, t_ns);
    rig_fate_set_first(&state->call.t_first_ring_ns, t_ns);
    state->call.t_agent_ring_ns = t_ns;
    state->phase = RIG_PHASE_RINGING;
    state->is_connect_refused = false;
    rig_fate_drop_connect(state);
    return true;
}

/* A re-INVITE or UPDATE of the centre connects the caller with the agent, unless the agent's leg is
 * there to tell it better: some centres send one when the agent is dialled. A centre that marks the
 * ringing does not connect before it; what comes earlier refreshes a session. */
static bool may_connect(const rig_fate *state, const rig_call_marks *marks)
{
    if (!state->call.answered || rig_fate_has_agent_leg(state))
        return false;
    return state->phase == RIG_PHASE_RINGING ||
           (state->phase == RIG_PHASE_QUEUE && !marks->has_ringing);
}

static bool on_connected_mark(rig_fate *state, int64_t t_ns, const rig_call_marks *marks)
{
    if (!may_connect(state, marks))
        return false;
    rig_fate_agent_answers(state, t_ns);
    return true;
}

static bool is_of(const rig_connect *connect, const rig_leg *leg, const rig_sip *sip)
{
    return connect->leg == leg && connect->method == sip->method && connect->cseq == sip->cseq;
}

static bool has_replied(const rig_replied *replied, const rig_leg *leg, const rig_sip *sip)
{
    return replied->leg == leg && replied->method == sip->method && replied->cseq == sip->cseq;
}

bool rig_fate_ask_connected(rig_fate *state, const rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                            const rig_call_marks *marks)
{
    if (rig_fate_is_over(state)) {
        rig_fate_note_turn(state, t_ns); /* by another clock it came before the end */
        return false;
    }
    if (!may_connect(state, marks))
        return false;
    if (has_replied(&state->replied, leg, sip)) {
        state->is_connect_refused = !state->replied.is_accepted;
        if (state->replied.is_accepted)
            rig_fate_agent_answers(state, t_ns);
        return state->replied.is_accepted;
    }
    rig_fate_rare *rare = rig_fate_add_rare(state);
    if (rare != NULL)
        rare->connect =
            (rig_connect){.leg = leg, .method = sip->method, .cseq = sip->cseq, .t_ns = t_ns};
    return false;
}

bool rig_fate_on_reply(rig_fate *state, const rig_leg *leg, const rig_sip *sip)
{
    if (sip->code < 200)
        return false;
    if (sip->cseq > state->replied_cseq)
        state->replied_cseq = sip->cseq;
    bool is_accepted = sip->code < 300;
    const rig_connect *connect = &rig_fate_rare_of(state)->connect;
    if (!is_of(connect, leg, sip)) {
        state->replied = (rig_replied){
            .leg = leg, .method = sip->method, .cseq = sip->cseq, .is_accepted = is_accepted};
        return false;
    }
    int64_t t_ns = connect->t_ns;
    rig_fate_drop_connect(state);
    if (rig_fate_is_over(state) || state->phase >= RIG_PHASE_TALKING)
        return false;
    state->is_connect_refused = !is_accepted;
    if (is_accepted)
        rig_fate_agent_answers(state, t_ns);
    return is_accepted;
}

bool rig_fate_was_before_end(const rig_fate *state, const rig_sip *sip)
{
    return sip->is_request && sip->cseq <= state->replied_at_end &&
           (state->end == RIG_END_CALLER_BYE || state->end == RIG_END_CENTRE_BYE);
}

bool rig_fate_mark(rig_fate *state, rig_meaning meaning, int64_t t_ns, const rig_call_marks *marks,
                   bool is_late)
{
    if (rig_fate_is_over(state) && !is_late) {
        rig_fate_note_turn(state, t_ns);
        return false;
    }
    switch (meaning) {
    case RIG_MEANS_QUEUE:
        return on_queue_mark(state, t_ns);
    case RIG_MEANS_RINGING:
        return on_ringing_mark(state, t_ns);
    case RIG_MEANS_CONNECTED:
        return on_connected_mark(state, t_ns, marks);
    case RIG_MEANS_TALKING:
        if (state->phase == RIG_PHASE_TALKING)
            return false;
        rig_fate_set_first(&state->call.t_queue_ns, t_ns);
        rig_fate_agent_answers(state, t_ns);
        return true;
    case RIG_MEANS_MENU:
        rig_fate_note_turn(state, t_ns);
        if (state->phase == RIG_PHASE_MENU)
            return false;
        state->phase = RIG_PHASE_MENU;
        if (!state->call.answered)
            rig_fate_set_first(&state->call.t_menu_ns, t_ns);
        return true;
    case RIG_MEANS_DEFLECTED:
        rig_fate_note_turn(state, t_ns);
        state->is_deflected = true;
        return true;
    case RIG_MEANS_EMERGENCY:
        state->call.is_emergency = true;
        return true;
    case RIG_N_MEANINGS:
        break;
    }
    return false;
}
