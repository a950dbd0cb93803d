/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/fate.h"

#include <stdlib.h>

#include <string.h>

#include "analyzer/calls/calls.h"
#include "analyzer/calls/fate_parts.h"

void rig_fate_begin(rig_fate *state, rig_leg *leg, const rig_sip *sip, int64_t t_ns)
{
    state->call = (rig_open_call){
        .call_id = state->call.call_id,
        .planned_index =
            sip->has_rig_call && sip->rig_call <= INT64_MAX ? (int64_t)sip->rig_call : -1,
        .t_invite_ns = t_ns,
        .t_provisional_ns = RIG_NO_TIME,
        .t_menu_ns = RIG_NO_TIME,
        .t_answer_ns = RIG_NO_TIME,
        .t_queue_ns = RIG_NO_TIME,
        .t_first_ring_ns = RIG_NO_TIME,
        .t_agent_ring_ns = RIG_NO_TIME,
        .t_agent_answer_ns = RIG_NO_TIME,
        .t_end_ns = RIG_NO_TIME,
        .attempts = 1,
        .n_messages = 1,
        .n_legs = 1,
    };
    state->caller = leg->caller;
    state->centre = leg->callee;
    state->end = RIG_END_NONE;
    state->phase = RIG_PHASE_OFFERED;
    state->leg = leg;
    state->has_response = leg->has_response;
    state->t_cancel_ns = state->t_failed_ns = state->t_bye_done_ns = RIG_NO_TIME;
    state->t_turn_ns = RIG_NO_TIME;
    state->gap_ns = INT64_MAX;
    state->number = sip->from_user;
    state->dialled = sip->to_user;
    state->q850_cause = state->other_cause = RIG_SIP_NO_CAUSE;
    state->counted_as = RIG_OUTCOME_IN_PROGRESS;
}

void rig_fate_note_gap(rig_fate *state, int64_t a_ns, int64_t b_ns)
{
    int64_t apart_ns = rig_clock_apart_ns(a_ns, b_ns);
    if (apart_ns < state->gap_ns)
        state->gap_ns = apart_ns;
}

/* The centre or an agent moves the call on: how near that is to the end tells whether the order of
 * the two can be trusted where the clocks of a capture differ. */
void rig_fate_note_turn(rig_fate *state, int64_t t_ns)
{
    if (!rig_fate_is_over(state))
        state->t_turn_ns = t_ns;
    else if (state->call.t_end_ns != RIG_NO_TIME)
        rig_fate_note_gap(state, t_ns, state->call.t_end_ns);
}

/* What the message that ended the call says of the reason. */
static void take_cause(rig_fate *state, const rig_sip *sip)
{
    state->q850_cause = (int16_t)sip->q850_cause;
    state->other_cause = (int16_t)sip->other_cause;
    size_t n = sip->q850_text.n;
    rig_fate_rare *rare = n > 0 ? rig_fate_add_rare(state) : state->rare;
    if (rare == NULL)
        return;
    if (n > sizeof rare->q850_text)
        n = sizeof rare->q850_text;
    if (n > 0)
        memcpy(rare->q850_text, sip->q850_text.p, n);
    rare->n_q850_text = (uint8_t)n;
}

void rig_fate_end(rig_fate *state, rig_end end, const rig_sip *sip, int64_t t_ns)
{
    state->end = end;
    state->call.t_end_ns = t_ns;
    state->replied_at_end = state->replied_cseq;
    if (state->t_turn_ns != RIG_NO_TIME)
        rig_fate_note_gap(state, state->t_turn_ns, t_ns);
    take_cause(state, sip);
}

static void reopen(rig_fate *state)
{
    state->end = RIG_END_NONE;
    state->call.t_end_ns = RIG_NO_TIME;
    state->t_failed_ns = RIG_NO_TIME;
}

void rig_fate_reopen(rig_fate *state)
{
    reopen(state);
    state->call.final_code = 0;
    state->call.cancelled = false;
    state->call.bye = RIG_BYE_NONE;
    state->t_cancel_ns = RIG_NO_TIME;
    state->is_setup_over = state->call.answered;
    state->is_early_bye = state->is_dead = false;
}

static void note_setup_over(rig_fate *state)
{
    if (state->is_setup_over)
        return;
    state->is_setup_over = true;
    state->phase_at_setup = state->phase;
}

void rig_fate_agent_answers(rig_fate *state, int64_t t_ns)
{
    rig_fate_note_turn(state, t_ns);
    if (state->is_drop)
        rig_fate_take_drop_back(state); /* who answered before him had not served it */
    state->phase = RIG_PHASE_TALKING;
    rig_fate_set_first(&state->call.t_agent_answer_ns, t_ns);
}

/* An agent hung up at once, and the call went on: he has not served it (docs/rules.md). */
void rig_fate_take_drop_back(rig_fate *state)
{
    state->is_drop = false;
    if (state->phase != RIG_PHASE_TALKING)
        return;
    state->phase = state->n_ringing > 0 ? RIG_PHASE_RINGING : RIG_PHASE_QUEUE;
    state->call.t_agent_answer_ns = RIG_NO_TIME;
    state->agent_end = RIG_AGENT_END_UNKNOWN;
}

/* So long must a call go on after an agent hung up, for it to have gone back into the queue: a
 * centre that ends it because of that does so at once. */
#define RIG_WENT_ON_NS RIG_NS_PER_S

/* A request that had no response for so long, the first interval of retransmission (T1 of RFC 3261
 * section 17.1.1.1), was not accepted; before, none could be expected. */
#define RIG_REPLY_NS (RIG_NS_PER_S / 2)

/* ---- the caller's leg ---- */

static void on_answer(rig_fate *state, const rig_leg *leg, const rig_sip *sip, int64_t t_ns)
{
    note_setup_over(state);
    rig_fate_note_turn(state, t_ns);
    state->call.answered = true;
    state->call.t_answer_ns = t_ns;
    state->call.final_code = sip->code;
    /* The answer crossed the CANCEL: the call is up until its BYE. Another branch was refused
     * before: so is it, too. */
    if (state->call.cancelled)
        rig_fate_note_gap(state, t_ns, state->t_cancel_ns);
    if ((state->end == RIG_END_CANCELLED || state->end == RIG_END_REFUSED) && !leg->is_ended)
        reopen(state);
    if (state->phase == RIG_PHASE_OFFERED)
        state->phase = RIG_PHASE_MENU;
    else if ((state->phase == RIG_PHASE_QUEUE || state->phase == RIG_PHASE_RINGING) &&
             !rig_fate_has_agent_leg(state) && !state->call.cancelled)
        rig_fate_agent_answers(state, t_ns); /* a centre that queues before it answers */
}

static void on_cancel(rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    note_setup_over(state);
    state->call.cancelled = true;
    state->t_cancel_ns = t_ns;
    if (state->call.answered)
        rig_fate_note_gap(state, t_ns, state->call.t_answer_ns);
    else
        rig_fate_end(state, RIG_END_CANCELLED, sip, t_ns);
}

/* The 487 was captured before the CANCEL that it answers. */
static void on_late_cancel(rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    state->call.cancelled = true;
    state->t_cancel_ns = t_ns;
    rig_fate_end(state, RIG_END_CANCELLED, sip, t_ns);
}

static bool is_crossed_bye(const rig_fate *state, int64_t t_ns)
{
    return state->call.answered && state->call.cancelled &&
           t_ns - state->t_cancel_ns <= RIG_CROSSED_BYE_NS;
}

void rig_fate_on_bye(rig_fate *state, const rig_leg *leg, rig_side side, const rig_sip *sip,
                     int64_t t_ns)
{
    if (rig_fate_is_over(state))
        return;
    if (state->is_drop) {
        const int64_t since_ns = t_ns - rig_fate_rare_of(state)->t_drop_ns;
        rig_fate_note_gap(state, since_ns, RIG_WENT_ON_NS);
        if (since_ns >= RIG_WENT_ON_NS ||
            (state->n_ringing > 0 && side == RIG_SIDE_CALLER))
            rig_fate_take_drop_back(state); /* it rang elsewhere until the caller had enough */
    }
    /* A BYE that passes the re-INVITE: there is nobody left to accept it. */
    const rig_connect *connect = &rig_fate_rare_of(state)->connect;
    if (connect->leg != NULL && t_ns - connect->t_ns < RIG_REPLY_NS) {
        rig_fate_agent_answers(state, connect->t_ns);
        rig_fate_drop_connect(state);
    }
    state->is_end_by_response = !sip->is_request;
    state->call.bye = side == RIG_SIDE_CALLER ? RIG_BYE_CALLER : RIG_BYE_CALLEE;
    if (is_crossed_bye(state, t_ns)) {
        state->phase = state->phase_at_setup;
        rig_fate_end(state, RIG_END_CROSSED, sip, t_ns);
        return;
    }
    if (side == RIG_SIDE_CALLER && !state->call.answered && !leg->has_ack) {
        state->is_early_bye = true;
        rig_fate_end(state, RIG_END_CANCELLED, sip, t_ns);
        return;
    }
    if (state->phase == RIG_PHASE_OFFERED)
        state->phase = RIG_PHASE_MENU;
    rig_fate_end(state, side == RIG_SIDE_CALLER ? RIG_END_CALLER_BYE : RIG_END_CENTRE_BYE, sip,
                 t_ns);
}

/* The BYE itself comes after its response: its time, and what it says of the reason. */
static void on_late_bye(rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    if (!state->is_end_by_response)
        return;
    state->is_end_by_response = false;
    if (state->t_bye_done_ns == RIG_NO_TIME)
        state->t_bye_done_ns = state->call.t_end_ns;
    state->call.t_end_ns = t_ns;
    take_cause(state, sip);
}

/* The 2xx of a BYE ends the session (RFC 6076 section 4.4 measures to it). */
static void on_bye_done(rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    if (!sip->is_request && sip->code < 300 && state->t_bye_done_ns == RIG_NO_TIME)
        state->t_bye_done_ns = t_ns;
}

/* A BYE of a dialog that is not known: another fork's, unless nothing more is heard of the call. */
static void on_loose_bye(rig_fate *state, rig_side side, const rig_sip *sip, int64_t t_ns)
{
    if (rig_fate_is_over(state))
        return;
    rig_fate_rare *rare = rig_fate_add_rare(state);
    if (rare == NULL)
        return;
    state->is_loose = true;
    if (!sip->is_request && rare->t_loose_ns != 0 && rare->loose_side == side)
        return; /* the response to it */
    rare->t_loose_ns = t_ns;
    rare->loose_side = side;
    take_cause(state, sip);
}

void rig_fate_settle(rig_fate *state)
{
    if (!state->is_loose || rig_fate_is_over(state))
        return;
    const rig_fate_rare *rare = rig_fate_rare_of(state);
    bool is_callers = rare->loose_side == RIG_SIDE_CALLER;
    state->end = is_callers ? RIG_END_CALLER_BYE : RIG_END_CENTRE_BYE;
    state->call.bye = is_callers ? RIG_BYE_CALLER : RIG_BYE_CALLEE;
    state->call.t_end_ns = rare->t_loose_ns;
}

static void on_refusal(rig_fate *state, const rig_leg *leg, rig_leg_event_kind kind,
                       const rig_sip *sip, int64_t t_ns)
{
    state->call.final_code = leg->final_code;
    state->t_failed_ns = t_ns;
    if (state->end == RIG_END_CANCELLED && leg->final_code != 487)
        rig_fate_note_gap(state, t_ns, state->call.t_end_ns);
    if (!rig_fate_is_over(state) || state->end == RIG_END_REFUSED)
        rig_fate_end(state, kind == RIG_LEG_FAILED ? RIG_END_REFUSED : RIG_END_CHALLENGED, sip,
                     t_ns);
}

void rig_fate_on_caller_leg(rig_fate *state, const rig_leg *leg, rig_leg_event event,
                            const rig_sip *sip, int64_t t_ns)
{
    rig_open_call *call = &state->call;
    state->has_response = leg->has_response;
    state->is_loose = false;
    call->attempts = state->n_attempts_before + leg->n_attempts;
    switch (event.kind) {
    case RIG_LEG_FORWARDED:
    case RIG_LEG_FORKED:
        state->centre = leg->callee;
        break;
    case RIG_LEG_RETRIED:
        state->centre = leg->callee;
        rig_fate_reopen(state);
        break;
    case RIG_LEG_REVIVED:
        rig_fate_reopen(state);
        if (leg->has_provisional)
            rig_fate_set_first(&call->t_provisional_ns, t_ns);
        break;
    case RIG_LEG_PROVISIONAL:
        rig_fate_set_first(&call->t_provisional_ns, t_ns);
        break;
    case RIG_LEG_ANSWERED:
        state->centre = leg->callee;
        on_answer(state, leg, sip, t_ns);
        break;
    case RIG_LEG_CHALLENGED:
    case RIG_LEG_FAILED:
        on_refusal(state, leg, event.kind, sip, t_ns);
        break;
    case RIG_LEG_CANCELLED:
        if (!rig_fate_is_over(state))
            on_cancel(state, sip, t_ns);
        else if (state->end == RIG_END_REFUSED)
            on_late_cancel(state, sip, t_ns);
        break;
    case RIG_LEG_ENDED:
        rig_fate_on_bye(state, leg, event.side, sip, t_ns);
        break;
    case RIG_LEG_ENDED_LATE:
        on_late_bye(state, sip, t_ns);
        break;
    case RIG_LEG_ENDED_LOOSE:
        on_loose_bye(state, event.side, sip, t_ns);
        break;
    case RIG_LEG_ENDED_AGAIN:
        on_bye_done(state, sip, t_ns);
        break;
    case RIG_LEG_RENEGOTIATED:
    case RIG_LEG_NOTHING:
    case RIG_LEG_OFFERED:
    case RIG_LEG_RESPONDED:
        break;
    }
}

/* ---- the outcome ---- */

/* A caller's timer has sent the INVITE again (T1 = 500 ms: RFC 3261, 17.1.1.2). What comes sooner may
 * be a copy by a tap whose clock is behind. */
static bool is_sent_again(const rig_fate *state)
{
    enum { SOONEST_MS = 400 };
    const int64_t t_again_ns = rig_fate_rare_of(state)->t_invited_again_ns;
    return t_again_ns != RIG_NO_TIME &&
           t_again_ns - state->call.t_invite_ns >= SOONEST_MS * (RIG_NS_PER_S / 1000);
}

static bool is_unheard(const rig_fate *state, int64_t t_now_ns)
{
    if (state->has_response || state->is_early_bye)
        return false;
    if (state->end == RIG_END_CANCELLED)
        return true;
    return state->end == RIG_END_NONE &&
           (is_sent_again(state) ||
            t_now_ns - state->call.t_invite_ns >= RIG_NO_RESPONSE_NS);
}

static int64_t span_ns(int64_t from_ns, int64_t to_ns)
{
    return from_ns == RIG_NO_TIME || to_ns == RIG_NO_TIME ? -1 : to_ns - from_ns;
}

rig_outcome rig_fate_decide(const rig_fate *state, const rig_rules *rules, bool has_queue_marks,
                            int64_t t_now_ns, char *reason, const rig_outcome_rule **rule)
{
    const rig_open_call *call = &state->call;
    const rig_fate_rare *rare = rig_fate_rare_of(state);
    const rig_call_facts facts = {
        .end = is_unheard(state, t_now_ns) ? RIG_END_NO_RESPONSE : state->end,
        .phase = state->phase,
        .final_code = call->final_code,
        .is_early_bye = state->is_early_bye,
        .is_answer_seen = call->answered,
        .is_answer_crossed = state->is_answer_crossed,
        .has_agent_leg = rig_fate_has_agent_leg(state),
        .agent_end = state->agent_end,
        .capture_has_queue_marks = has_queue_marks,
        .is_deflected = state->is_deflected,
        .is_connect_refused = state->is_connect_refused || rare->connect.leg != NULL,
        .is_silent = state->is_silent,
        .q850_cause = state->q850_cause,
        .other_cause = state->other_cause,
        .q850_text = {.p = rare->q850_text, .n = rare->n_q850_text},
        .answered_ns = span_ns(call->t_answer_ns, call->t_end_ns),
        .waited_ns = span_ns(call->t_queue_ns, call->t_end_ns),
    };
    const rig_outcome_rule *found = rig_rules_decide(rules, &facts);
    if (rule != NULL)
        *rule = found;
    return rig_outcomes_say(found, &facts, reason);
}

void rig_fate_free(rig_fate *state, rig_slabs *slabs)
{
    free(state->rare);
    rig_party_notes_free(state->parties);
    rig_slabs_give(slabs, state, state->n_bytes);
}
