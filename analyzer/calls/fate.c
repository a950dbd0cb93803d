#include "analyzer/calls/fate.h"

#include <string.h>

#include "analyzer/calls/calls.h"

void rig_fate_begin(rig_fate *state, rig_leg *leg, const rig_sip *sip, int64_t t_ns)
{
    state->call = (rig_call){
        .call_id = state->call.call_id,
        .planned_index =
            sip->has_rig_call && sip->rig_call <= INT64_MAX ? (int64_t)sip->rig_call : -1,
        .t_invite_ns = t_ns,
        .t_provisional_ns = RIG_NO_TIME,
        .t_menu_ns = RIG_NO_TIME,
        .t_answer_ns = RIG_NO_TIME,
        .t_queue_ns = RIG_NO_TIME,
        .t_agent_ring_ns = RIG_NO_TIME,
        .t_agent_answer_ns = RIG_NO_TIME,
        .t_end_ns = RIG_NO_TIME,
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
    state->q850_cause = RIG_SIP_NO_CAUSE;
    state->counted_as = RIG_OUTCOME_IN_PROGRESS;
}

static bool is_over(const rig_fate *state)
{
    return state->end != RIG_END_NONE;
}

static void end_call(rig_fate *state, rig_end end, const rig_sip *sip, int64_t t_ns)
{
    state->end = end;
    state->call.t_end_ns = t_ns;
    state->q850_cause = sip->q850_cause;
    size_t n = sip->q850_text.n;
    if (n > sizeof state->q850_text)
        n = sizeof state->q850_text;
    if (n > 0)
        memcpy(state->q850_text, sip->q850_text.p, n);
    state->n_q850_text = (uint8_t)n;
}

static void reopen(rig_fate *state)
{
    state->end = RIG_END_NONE;
    state->call.t_end_ns = RIG_NO_TIME;
    state->t_failed_ns = RIG_NO_TIME;
}

static void set_first(int64_t *field_ns, int64_t t_ns)
{
    if (*field_ns == RIG_NO_TIME)
        *field_ns = t_ns;
}

static void note_setup_over(rig_fate *state)
{
    if (state->is_setup_over)
        return;
    state->is_setup_over = true;
    state->phase_at_setup = state->phase;
}

static void agent_answers(rig_fate *state, int64_t t_ns)
{
    state->phase = RIG_PHASE_TALKING;
    set_first(&state->call.t_agent_answer_ns, t_ns);
}

static bool has_agent_leg(const rig_fate *state)
{
    return state->call.n_legs > 1;
}

/* ---- the caller's leg ---- */

static void on_answer(rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    note_setup_over(state);
    state->call.answered = true;
    state->call.t_answer_ns = t_ns;
    state->call.final_code = sip->code;
    if (state->end == RIG_END_CANCELLED)
        reopen(state); /* the answer crossed the CANCEL: the call is up until its BYE */
    if (state->phase == RIG_PHASE_OFFERED)
        state->phase = RIG_PHASE_MENU;
    else if ((state->phase == RIG_PHASE_QUEUE || state->phase == RIG_PHASE_RINGING) &&
             !has_agent_leg(state) && !state->call.cancelled)
        agent_answers(state, t_ns); /* a centre that queues before it answers */
}

static void on_cancel(rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    note_setup_over(state);
    state->call.cancelled = true;
    state->t_cancel_ns = t_ns;
    if (!state->call.answered)
        end_call(state, RIG_END_CANCELLED, sip, t_ns);
}

static bool is_crossed_bye(const rig_fate *state, int64_t t_ns)
{
    return state->call.answered && state->call.cancelled &&
           t_ns - state->t_cancel_ns <= RIG_CROSSED_BYE_NS;
}

static void on_bye(rig_fate *state, const rig_leg *leg, rig_side side, const rig_sip *sip,
                   int64_t t_ns)
{
    if (is_over(state))
        return;
    state->call.bye = side == RIG_SIDE_CALLER ? RIG_BYE_CALLER : RIG_BYE_CALLEE;
    if (is_crossed_bye(state, t_ns)) {
        state->phase = state->phase_at_setup;
        end_call(state, RIG_END_CROSSED, sip, t_ns);
        return;
    }
    if (side == RIG_SIDE_CALLER && !state->call.answered && !leg->has_ack) {
        state->is_early_bye = true;
        end_call(state, RIG_END_CANCELLED, sip, t_ns);
        return;
    }
    if (state->phase == RIG_PHASE_OFFERED)
        state->phase = RIG_PHASE_MENU;
    end_call(state, side == RIG_SIDE_CALLER ? RIG_END_CALLER_BYE : RIG_END_CENTRE_BYE, sip, t_ns);
}

/* The 2xx of a BYE ends the session (RFC 6076 section 4.4 measures to it). */
static void on_bye_done(rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    if (!sip->is_request && sip->code < 300 && state->t_bye_done_ns == RIG_NO_TIME)
        state->t_bye_done_ns = t_ns;
}

void rig_fate_on_caller_leg(rig_fate *state, const rig_leg *leg, rig_leg_event event,
                            const rig_sip *sip, int64_t t_ns)
{
    rig_call *call = &state->call;
    state->has_response = leg->has_response;
    switch (event.kind) {
    case RIG_LEG_FORWARDED:
        state->centre = leg->callee;
        break;
    case RIG_LEG_RETRIED:
        state->centre = leg->callee;
        call->final_code = 0;
        if (state->end == RIG_END_REFUSED || state->end == RIG_END_CHALLENGED)
            reopen(state);
        break;
    case RIG_LEG_PROVISIONAL:
        set_first(&call->t_provisional_ns, t_ns);
        break;
    case RIG_LEG_ANSWERED:
        on_answer(state, sip, t_ns);
        break;
    case RIG_LEG_CHALLENGED:
    case RIG_LEG_FAILED:
        call->final_code = sip->code;
        state->t_failed_ns = t_ns;
        if (!is_over(state))
            end_call(state, event.kind == RIG_LEG_FAILED ? RIG_END_REFUSED : RIG_END_CHALLENGED,
                     sip, t_ns);
        break;
    case RIG_LEG_CANCELLED:
        if (!is_over(state))
            on_cancel(state, sip, t_ns);
        break;
    case RIG_LEG_ENDED:
        on_bye(state, leg, event.side, sip, t_ns);
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

/* ---- marks ---- */

static bool on_queue_mark(rig_fate *state, int64_t t_ns)
{
    set_first(&state->call.t_queue_ns, t_ns);
    if (state->phase >= RIG_PHASE_TALKING || state->phase == RIG_PHASE_QUEUE)
        return false;
    state->phase = RIG_PHASE_QUEUE;
    return true;
}

static bool on_ringing_mark(rig_fate *state, int64_t t_ns)
{
    if (state->phase >= RIG_PHASE_RINGING)
        return false; /* the agent's own leg has told it already */
    set_first(&state->call.t_queue_ns, t_ns);
    state->call.t_agent_ring_ns = t_ns;
    state->phase = RIG_PHASE_RINGING;
    return true;
}

/* A re-INVITE or UPDATE of the centre connects the caller with the agent, unless the agent's leg is
 * there to tell it better: some centres send one when the agent is dialled. A centre that marks the
 * ringing does not connect before it; what comes earlier refreshes a session. */
static bool on_connected_mark(rig_fate *state, int64_t t_ns, const rig_call_marks *marks)
{
    if (!state->call.answered || has_agent_leg(state))
        return false;
    if (state->phase != RIG_PHASE_RINGING &&
        (state->phase != RIG_PHASE_QUEUE || marks->has_ringing))
        return false;
    agent_answers(state, t_ns);
    return true;
}

bool rig_fate_mark(rig_fate *state, rig_meaning meaning, int64_t t_ns, const rig_call_marks *marks)
{
    if (is_over(state))
        return false;
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
        set_first(&state->call.t_queue_ns, t_ns);
        agent_answers(state, t_ns);
        return true;
    case RIG_MEANS_MENU:
        if (state->phase == RIG_PHASE_MENU)
            return false;
        state->phase = RIG_PHASE_MENU;
        if (!state->call.answered)
            set_first(&state->call.t_menu_ns, t_ns);
        return true;
    case RIG_MEANS_DEFLECTED:
        state->is_deflected = true;
        return true;
    case RIG_N_MEANINGS:
        break;
    }
    return false;
}

void rig_fate_adopt(rig_fate *state, int64_t t_ring_ns, int64_t t_answer_ns,
                    rig_agent_end agent_end, uint32_t n_messages)
{
    rig_call *call = &state->call;
    call->n_legs++;
    call->n_messages += n_messages;
    if (call->t_queue_ns == RIG_NO_TIME || call->t_queue_ns > t_ring_ns)
        call->t_queue_ns = t_ring_ns;
    if (call->t_agent_ring_ns == RIG_NO_TIME || call->t_agent_ring_ns < t_ring_ns)
        call->t_agent_ring_ns = t_ring_ns;
    if (t_answer_ns == RIG_NO_TIME) {
        if (state->phase < RIG_PHASE_RINGING)
            state->phase = RIG_PHASE_RINGING;
        return;
    }
    state->agent_end = agent_end;
    agent_answers(state, t_answer_ns);
}

/* ---- an agent's leg ---- */

static void start_ringing(rig_fate *state, rig_leg *leg, int64_t t_ns)
{
    if (leg->is_ringing || is_over(state))
        return;
    leg->is_ringing = true;
    state->n_ringing++;
    set_first(&state->call.t_queue_ns, t_ns);
    if (state->phase == RIG_PHASE_TALKING)
        return; /* a second agent is asked in: the talk goes on */
    state->call.t_agent_ring_ns = t_ns;
    state->phase = RIG_PHASE_RINGING;
}

static void stop_ringing(rig_fate *state, rig_leg *leg)
{
    if (!leg->is_ringing)
        return;
    leg->is_ringing = false;
    state->n_ringing--;
    if (state->n_ringing == 0 && state->phase == RIG_PHASE_RINGING && !is_over(state))
        state->phase = RIG_PHASE_QUEUE;
}

static void on_agent_answer(rig_fate *state, rig_leg *leg, int64_t t_ns)
{
    if (leg->is_cancelled) {
        if (is_over(state))
            state->is_answer_crossed = true;
        return; /* too late: the centre had given this phone up */
    }
    if (is_over(state)) {
        state->is_answer_crossed = true;
        return;
    }
    leg->is_talk = true;
    state->agent_end = RIG_AGENT_END_UNKNOWN;
    agent_answers(state, t_ns);
    stop_ringing(state, leg);
}

/* The centre cancels a phone whose answer is on the wire already: it has not seen the answer, so
 * for the call there was none. */
static void take_answer_back(rig_fate *state, rig_leg *leg)
{
    if (!leg->is_talk)
        return;
    leg->is_talk = false;
    if (state->call.t_agent_answer_ns == leg->t_answer_ns)
        state->call.t_agent_answer_ns = RIG_NO_TIME;
    if (state->phase != RIG_PHASE_TALKING || state->call.t_agent_answer_ns != RIG_NO_TIME)
        return; /* another agent talks */
    if (!is_over(state)) {
        state->phase = state->n_ringing > 0 ? RIG_PHASE_RINGING : RIG_PHASE_QUEUE;
    } else {
        state->phase = RIG_PHASE_RINGING;
        state->is_answer_crossed = true;
    }
}

void rig_fate_on_agent_leg(rig_fate *state, rig_leg *leg, rig_leg_event event, int64_t t_ns,
                           bool rings_on_18x)
{
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
            take_answer_back(state, leg);
        else
            stop_ringing(state, leg);
        break;
    case RIG_LEG_CHALLENGED:
    case RIG_LEG_FAILED:
        stop_ringing(state, leg);
        break;
    case RIG_LEG_ENDED:
        stop_ringing(state, leg);
        if (!leg->is_talk)
            break;
        if (!is_over(state))
            state->agent_end =
                event.side == RIG_SIDE_CALLEE ? RIG_AGENT_END_BY_AGENT : RIG_AGENT_END_BY_CENTRE;
        else if (state->agent_end == RIG_AGENT_END_UNKNOWN)
            state->agent_end = RIG_AGENT_END_BY_CENTRE;
        break;
    case RIG_LEG_NOTHING:
    case RIG_LEG_FORWARDED:
    case RIG_LEG_RESPONDED:
    case RIG_LEG_ENDED_AGAIN:
    case RIG_LEG_RENEGOTIATED:
        break;
    }
}

/* ---- the outcome ---- */

static bool is_unheard(const rig_fate *state, int64_t t_now_ns)
{
    if (state->has_response || state->is_early_bye)
        return false;
    if (state->end == RIG_END_CANCELLED)
        return true;
    return state->end == RIG_END_NONE && (state->call.invite_retransmissions > 0 ||
                                          t_now_ns - state->call.t_invite_ns >= RIG_NO_RESPONSE_NS);
}

static int64_t span_ns(int64_t from_ns, int64_t to_ns)
{
    return from_ns == RIG_NO_TIME || to_ns == RIG_NO_TIME ? -1 : to_ns - from_ns;
}

rig_outcome rig_fate_decide(const rig_fate *state, const rig_rules *rules, bool has_queue_marks,
                            int64_t t_now_ns, char reason[RIG_CALL_REASON_SIZE],
                            const rig_outcome_rule **rule)
{
    const rig_call *call = &state->call;
    const rig_call_facts facts = {
        .end = is_unheard(state, t_now_ns) ? RIG_END_NO_RESPONSE : state->end,
        .phase = state->phase,
        .final_code = call->final_code,
        .is_early_bye = state->is_early_bye,
        .is_answer_seen = call->answered,
        .is_answer_crossed = state->is_answer_crossed,
        .has_agent_leg = has_agent_leg(state),
        .agent_end = state->agent_end,
        .capture_has_queue_marks = has_queue_marks,
        .is_deflected = state->is_deflected,
        .is_silent = state->is_silent,
        .q850_cause = state->q850_cause,
        .q850_text = {.p = state->q850_text, .n = state->n_q850_text},
        .answered_ns = span_ns(call->t_answer_ns, call->t_end_ns),
        .waited_ns = span_ns(call->t_queue_ns, call->t_end_ns),
    };
    const rig_outcome_rule *found = rig_rules_decide(rules, &facts);
    if (rule != NULL)
        *rule = found;
    return rig_outcomes_say(found, &facts, reason);
}
