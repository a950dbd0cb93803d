/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/fate_parts.h"

/* ---- an agent's leg ---- */

void rig_fate_adopt(rig_fate *state, int64_t t_ring_ns, int64_t t_answer_ns,
                    rig_agent_end agent_end, uint32_t n_messages)
{
    rig_open_call *call = &state->call;
    call->n_legs++;
    call->n_messages += n_messages;
    if (call->t_queue_ns == RIG_NO_TIME || call->t_queue_ns > t_ring_ns)
        call->t_queue_ns = t_ring_ns;
    if (call->t_first_ring_ns == RIG_NO_TIME || call->t_first_ring_ns > t_ring_ns)
        call->t_first_ring_ns = t_ring_ns;
    if (call->t_agent_ring_ns == RIG_NO_TIME || call->t_agent_ring_ns < t_ring_ns)
        call->t_agent_ring_ns = t_ring_ns;
    if (t_answer_ns == RIG_NO_TIME) {
        if (state->phase < RIG_PHASE_RINGING)
            state->phase = RIG_PHASE_RINGING;
        return;
    }
    state->agent_end = agent_end;
    rig_fate_agent_answers(state, t_answer_ns);
}

/* The next phone may be called a moment before the one before it is given up. */
#define TOGETHER_NS (10 * RIG_NS_PER_S / 1000)

static void note_phones(rig_fate *state, uint32_t n)
{
    if (state->call.n_phones_at_once < n)
        state->call.n_phones_at_once = n;
}

static void start_ringing(rig_fate *state, rig_leg *leg, int64_t t_ns)
{
    if (leg->is_ringing || rig_fate_is_over(state))
        return;
    leg->is_ringing = true;
    state->n_ringing++;
    rig_fate_set_first(&state->call.t_queue_ns, t_ns);
    if (state->is_drop)
        rig_fate_take_drop_back(state);
    if (state->phase == RIG_PHASE_TALKING)
        return; /* a second agent is asked in: the talk goes on */
    rig_fate_note_turn(state, t_ns);
    rig_fate_set_first(&state->call.t_first_ring_ns, t_ns);
    state->call.t_agent_ring_ns = t_ns;
    state->phase = RIG_PHASE_RINGING;
    note_phones(state, 1);
}

static void stop_ringing(rig_fate *state, rig_leg *leg, int64_t t_ns)
{
    if (!leg->is_ringing)
        return;
    if (!rig_fate_is_over(state))
        rig_fate_note_turn(state, t_ns);
    leg->is_ringing = false;
    const int64_t since_ns = state->call.t_agent_ring_ns;
    if (since_ns != RIG_NO_TIME && t_ns - since_ns >= TOGETHER_NS)
        note_phones(state, state->n_ringing);
    state->n_ringing--;
    if (state->n_ringing == 0 && state->phase == RIG_PHASE_RINGING && !rig_fate_is_over(state))
        state->phase = RIG_PHASE_QUEUE;
}

static void on_agent_answer(rig_fate *state, rig_leg *leg, int64_t t_ns)
{
    if (leg->is_cancelled) {
        if (state->t_turn_ns != RIG_NO_TIME)
            rig_fate_note_gap(state, t_ns, state->t_turn_ns);
        if (rig_fate_is_over(state))
            state->is_answer_crossed = true;
        return; /* too late: the centre had given this phone up */
    }
    if (rig_fate_is_over(state)) {
        rig_fate_note_turn(state, t_ns);
        state->is_answer_crossed = true;
        return;
    }
    leg->is_talk = true;
    state->agent_end = RIG_AGENT_END_UNKNOWN;
    rig_fate_agent_answers(state, t_ns);
    stop_ringing(state, leg, t_ns);
}

/* The centre cancels a phone whose answer is on the wire already: it has not seen the answer, so
 * for the call there was none. */
static void take_answer_back(rig_fate *state, rig_leg *leg, int64_t t_ns)
{
    if (!leg->is_talk)
        return;
    leg->is_talk = false;
    rig_fate_note_gap(state, t_ns, leg->t_answer_ns);
    if (state->call.t_agent_answer_ns == leg->t_answer_ns)
        state->call.t_agent_answer_ns = RIG_NO_TIME;
    if (state->phase != RIG_PHASE_TALKING || state->call.t_agent_answer_ns != RIG_NO_TIME)
        return; /* another agent talks */
    if (!rig_fate_is_over(state)) {
        state->phase = state->n_ringing > 0 ? RIG_PHASE_RINGING : RIG_PHASE_QUEUE;
    } else {
        state->phase = RIG_PHASE_RINGING;
        state->is_answer_crossed = true;
    }
}

/* The leg of the agent who talks has ended. Where the centre ended it, it is all one whether the
 * caller had hung up before. */
static void end_talk(rig_fate *state, const rig_leg *leg, rig_side side, int64_t t_ns,
                     const rig_rules *rules)
{
    const bool is_agents = side == RIG_SIDE_CALLEE;
    if (is_agents)
        rig_fate_note_turn(state, t_ns);
    if (rig_fate_is_over(state)) {
        if (state->agent_end == RIG_AGENT_END_UNKNOWN)
            state->agent_end = RIG_AGENT_END_BY_CENTRE;
        return;
    }
    if (is_agents)
        rig_fate_note_gap(state, t_ns - leg->t_answer_ns, rules->least_talk_ns);
    state->agent_end = is_agents ? RIG_AGENT_END_BY_AGENT : RIG_AGENT_END_BY_CENTRE;
    state->is_drop = is_agents && t_ns - leg->t_answer_ns < rules->least_talk_ns &&
                     leg->t_answer_ns == state->call.t_agent_answer_ns;
    rig_fate_rare *rare = state->is_drop ? rig_fate_add_rare(state) : NULL;
    if (rare != NULL)
        rare->t_drop_ns = t_ns;
}

void rig_fate_on_agent_leg(rig_fate *state, rig_leg *leg, rig_leg_event event, int64_t t_ns,
                           const rig_rules *rules)
{
    const bool rings_on_18x = rules->rings_on_18x;
    switch (event.kind) {
    case RIG_LEG_OFFERED:
        state->call.n_legs++;
        if (!rings_on_18x)
            start_ringing(state, leg, t_ns);
        break;
    case RIG_LEG_RETRIED:
        if (!rings_on_18x)
            start_ringing(state, leg, t_ns);
        break;
    case RIG_LEG_PROVISIONAL:
        if (rings_on_18x)
            start_ringing(state, leg, t_ns);
        break;
    case RIG_LEG_ANSWERED:
        if (rings_on_18x)
            start_ringing(state, leg, t_ns); /* one that answers at once */
        on_agent_answer(state, leg, t_ns);
        break;
    case RIG_LEG_CANCELLED:
        if (leg->is_answered)
            take_answer_back(state, leg, t_ns);
        else
            stop_ringing(state, leg, t_ns);
        break;
    case RIG_LEG_CHALLENGED:
    case RIG_LEG_FAILED:
        stop_ringing(state, leg, t_ns);
        break;
    case RIG_LEG_ENDED:
    case RIG_LEG_ENDED_LOOSE:
        stop_ringing(state, leg, t_ns);
        state->is_gapped |= !leg->is_answered; /* a BYE ends what was answered */
        if (leg->is_talk)
            end_talk(state, leg, event.side, t_ns, rules);
        break;
    case RIG_LEG_ENDED_LATE: /* its 200 came even before the agent's answer */
        if (leg->is_talk && state->agent_end == RIG_AGENT_END_UNKNOWN)
            end_talk(state, leg, event.side, t_ns, rules);
        break;
    case RIG_LEG_NOTHING:
    case RIG_LEG_FORWARDED:
    case RIG_LEG_FORKED:
    case RIG_LEG_REVIVED:
    case RIG_LEG_RESPONDED:
    case RIG_LEG_ENDED_AGAIN:
    case RIG_LEG_RENEGOTIATED:
        break;
    }
}

/* ---- the leg that takes the caller's place ---- */

void rig_fate_on_moved_leg(rig_fate *state, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                           int64_t t_ns)
{
    switch (event.kind) {
    case RIG_LEG_OFFERED:
        state->call.n_legs++;
        if (rig_fate_is_over(state))
            rig_fate_reopen(state); /* what was left for it had ended before */
        start_ringing(state, leg, t_ns);
        break;
    case RIG_LEG_ANSWERED:
        if (rig_fate_is_over(state))
            break;
        leg->is_talk = true;
        rig_fate_agent_answers(state, t_ns);
        stop_ringing(state, leg, t_ns);
        break;
    case RIG_LEG_CANCELLED:
    case RIG_LEG_FAILED:
        stop_ringing(state, leg, t_ns);
        state->moved = NULL;
        if (!rig_fate_is_over(state) && (state->leg == NULL || state->leg->is_ended))
            rig_fate_end(state, RIG_END_CENTRE_BYE, sip, t_ns);
        break;
    case RIG_LEG_ENDED:
    case RIG_LEG_ENDED_LOOSE:
        if (rig_fate_is_over(state))
            break;
        state->agent_end =
            event.side == RIG_SIDE_CALLEE ? RIG_AGENT_END_BY_AGENT : RIG_AGENT_END_UNKNOWN;
        rig_fate_on_bye(state, leg, event.side, sip, t_ns);
        break;
    case RIG_LEG_NOTHING:
    case RIG_LEG_FORWARDED:
    case RIG_LEG_FORKED:
    case RIG_LEG_RETRIED:
    case RIG_LEG_REVIVED:
    case RIG_LEG_RESPONDED:
    case RIG_LEG_PROVISIONAL:
    case RIG_LEG_CHALLENGED:
    case RIG_LEG_ENDED_LATE:
    case RIG_LEG_RENEGOTIATED:
    case RIG_LEG_ENDED_AGAIN:
        break; /* nothing of the call's */
    }
}
