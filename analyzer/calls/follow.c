/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/book.h"
#include "analyzer/calls/keyed.h"

enum { TERMINATED = 487 };

/* An INVITE is sent again after T1, which is 0.5 s (RFC 3261 section 17.1.1.2), then after twice as
 * long each time: one that is sent again later may itself have been sent again. */
#define LATE_NS (9 * RIG_NS_PER_S / 10)

/* ---- marks ---- */

uint64_t rig_book_note_marks(rig_book *book, const rig_sip *sip)
{
    uint64_t marks = rig_rules_match(book->rules, sip);
    if (marks == 0)
        return 0;
    if ((marks & book->rules->queue_marks) != 0)
        book->counts.has_queue_marks = book->marks.has_queue = book->is_queue_told = true;
    if ((marks & book->rules->ringing_marks) != 0)
        book->marks.has_ringing = true;
    return marks;
}

void rig_book_apply_elapsed(rig_book *book, rig_fate *state, int64_t t_ns)
{
    for (size_t i = 0; i < book->rules->n_elapsed; i++) {
        const rig_elapsed_rule *rule = &book->rules->elapsed[i];
        if (!rig_fate_is_in_menu(state, rule) || (rule->is_of_menu && book->is_queue_told))
            continue;
        const int64_t t_mark_ns =
            rig_open_call_port_ns(&state->call, rule->is_of_menu) + rule->after_ns;
        if (t_ns >= t_mark_ns &&
            rig_fate_mark(state, rule->meaning, t_mark_ns, &book->marks, false))
            rig_book_say(book, state, t_mark_ns, "mark \"%s\": %s", rule->name,
                         rig_meaning_name(rule->meaning));
    }
}

/* Whether a message on this leg, from this side, is the mark that it may be. */
static bool is_mark(const rig_mark_rule *mark, const rig_leg *leg, rig_leg_event event,
                    const rig_sip *sip)
{
    bool is_agents = leg->role == RIG_LEG_OF_AGENT;
    if (mark->leg != RIG_RULE_LEG_ANY && (mark->leg == RIG_RULE_LEG_AGENT) != is_agents)
        return false;
    if (sip->method == RIG_SIP_INVITE &&
        (sip->is_request ? event.kind != RIG_LEG_RENEGOTIATED : !event.is_of_initial))
        return false;
    /* event.side is who sent the request; a response comes from the other one. The centre is the
     * callee of the caller's leg, and the caller of an agent's. */
    rig_side sender = sip->is_request                 ? event.side
                      : event.side == RIG_SIDE_CALLER ? RIG_SIDE_CALLEE
                                                      : RIG_SIDE_CALLER;
    bool is_centre = (sender == RIG_SIDE_CALLEE) != is_agents;
    return mark->from == RIG_RULE_FROM_ANY || (mark->from == RIG_RULE_FROM_CENTRE) == is_centre;
}

/* What connects the caller with an agent must be accepted, where it can be refused. */
static bool mark_call(rig_book *book, const rig_leg *leg, const rig_mark_rule *mark,
                      const rig_sip *sip, int64_t t_ns)
{
    rig_fate *state = leg->call;
    bool can_be_refused = sip->is_request && mark->meaning == RIG_MEANS_CONNECTED &&
                          (sip->method == RIG_SIP_INVITE || sip->method == RIG_SIP_UPDATE);
    if (can_be_refused)
        return rig_fate_ask_connected(state, leg, sip, t_ns, &book->marks);
    return rig_fate_mark(state, mark->meaning, t_ns, &book->marks,
                         rig_fate_was_before_end(state, sip));
}

static void apply_marks(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                        uint64_t marks, int64_t t_ns)
{
    rig_fate *state = leg->call;
    for (; marks != 0; marks &= marks - 1) {
        int i = __builtin_ctzll(marks);
        const rig_mark_rule *mark = &book->rules->marks[i];
        uint64_t bit = UINT64_C(1) << i;
        if (!is_mark(mark, leg, event, sip))
            continue;
        /* A provisional response may be repeated with other words: it counts once. */
        if (!sip->is_request && (state->fired & bit) != 0)
            continue;
        state->fired |= sip->is_request ? 0 : bit;
        if (mark_call(book, leg, mark, sip, t_ns))
            rig_book_say(book, state, t_ns, "mark \"%s\": %s", mark->name,
                         rig_meaning_name(mark->meaning));
    }
}

/* A number in a header, not below 0; 0 where there is none. */
static double number_in(rig_slice value)
{
    char text[32];
    const size_t n = value.n < sizeof text - 1 ? value.n : sizeof text - 1;
    memcpy(text, value.p, n);
    text[n] = '\0';
    const double number = strtod(text, NULL);
    return number > 0.0 && number < UINT32_MAX ? number : 0.0;
}

/* What the queue tells its caller when he comes first, and that he leaves because of it. */
static void note_told(const rig_rules *rules, rig_fate *state, const rig_sip *sip)
{
    for (unsigned i = 0; i < sip->n_extra; i++) {
        const rig_sip_extra *extra = &sip->extra[i];
        const bool is_told = extra->index == rules->position || extra->index == rules->wait ||
                             extra->index == rules->balked;
        rig_fate_rare *rare = is_told ? rig_fate_add_rare(state) : NULL;
        if (rare == NULL)
            continue;
        if (extra->index == rules->position && rare->announced_position == 0)
            rare->announced_position = (uint32_t)number_in(extra->value);
        else if (extra->index == rules->wait && !(rare->announced_wait_s > 0.0))
            rare->announced_wait_s = number_in(extra->value);
        else if (extra->index == rules->balked)
            rare->is_balked = number_in(extra->value) > 0.0;
    }
}

/* What the caller keys in the menu; what he keys later, he tells someone else. The same INFO comes
 * again where a capture shows both sides of a proxy. */
static void note_key(rig_fate *state, const rig_sip *sip)
{
    const bool is_in_menu = state->phase <= RIG_PHASE_MENU && state->end == RIG_END_NONE;
    rig_fate_rare *rare = is_in_menu ? rig_fate_add_rare(state) : NULL;
    const size_t n = rare != NULL ? strlen(rare->choice) : 0;
    if (rare == NULL || n >= RIG_CALL_MAX_KEYS || (n > 0 && sip->cseq == rare->key_cseq))
        return;
    rare->key_cseq = sip->cseq;
    rare->choice[n] = rig_keyed_of_info(sip);
    rare->choice[n + 1] = '\0';
}

/* ---- messages ---- */

static void follow_caller(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                          int64_t t_ns)
{
    rig_fate *state = leg->call;
    bool was_answered = state->call.answered;
    rig_fate_on_caller_leg(state, leg, event, sip, t_ns);
    if (state->call.answered && !was_answered && !state->is_call_back) {
        book->counts.n_answered++;
        if (book->sink.answered != NULL)
            book->sink.answered(book->sink.ctx, state->call.t_invite_ns);
    }
    if (state->has_response)
        state->is_dead = leg->is_dead = false;
    if (event.kind == RIG_LEG_RENEGOTIATED && event.side == RIG_SIDE_CALLER &&
        sip->method == RIG_SIP_INVITE && !state->call.answered) {
        rig_fate_rare *rare = rig_fate_add_rare(state);
        if (rare != NULL)
            rare->t_within_ns = t_ns;
    }
    if (event.kind == RIG_LEG_CHALLENGED)
        rig_transfers_note_challenge(book, state, t_ns);
    if (event.kind == RIG_LEG_FORWARDED || event.kind == RIG_LEG_RETRIED ||
        event.kind == RIG_LEG_FORKED) {
        rig_book_unlink(book, state, t_ns);
        rig_joins_set_keys(book, state, sip);
        if (book->pairing != NULL)
            rig_pairing_note_centre(book->pairing, state->centre);
    }
}

static void explain_message(const rig_book *book, const rig_leg *leg, rig_leg_event event,
                            const rig_sip *sip, int64_t t_ns)
{
    static const char *const words[] = {"",
                                        "offered",
                                        "passed on by a proxy",
                                        "a further branch",
                                        "a further attempt",
                                        "another branch is alive",
                                        "responded",
                                        "provisional",
                                        "answered",
                                        "asked for a further attempt",
                                        "failed",
                                        "cancelled",
                                        "ended",
                                        "ended, captured late",
                                        "ended a dialog that is not known",
                                        "renegotiated",
                                        ""};
    const char *word = words[event.kind];
    if (word[0] == '\0')
        return;
    char what[32];
    if (sip->is_request)
        (void)snprintf(what, sizeof what, "%s", rig_sip_method_name(sip->method));
    else
        (void)snprintf(what, sizeof what, "%d to %s", sip->code, rig_sip_method_name(sip->method));
    rig_book_say(book, leg->call, t_ns, "%s on the %s leg: %s", what,
                 leg->role == RIG_LEG_OF_AGENT   ? "agent's"
                 : leg->role == RIG_LEG_OF_RELAY ? "next"
                 : leg->role == RIG_LEG_MOVED    ? "transferred"
                                                 : "caller's",
                 word);
}

/* Who is on the other side of a leg that has been transferred: the caller's own leg ends. */
static bool is_left_leg(const rig_fate *state, const rig_leg *leg, rig_leg_event event)
{
    return leg->role == RIG_LEG_OF_CALLER && state->moved != NULL && !state->moved->is_ended &&
           (event.kind == RIG_LEG_ENDED || event.kind == RIG_LEG_ENDED_LOOSE);
}

static void follow_event(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                         int64_t t_ns)
{
    switch (leg->role) {
    case RIG_LEG_OF_AGENT:
        rig_fate_on_agent_leg(leg->call, leg, event, t_ns, book->rules);
        rig_strays_note_talk(book, leg, leg->is_talk && !leg->is_ended);
        rig_sent_on_note_talk(book, leg, leg->is_talk && !leg->is_ended);
        if (leg->call->parties != NULL)
            rig_party_notes_follow(leg->call->parties, leg, event, t_ns);
        break;
    case RIG_LEG_MOVED:
        rig_fate_on_moved_leg(leg->call, leg, event, sip, t_ns);
        break;
    case RIG_LEG_OF_CALLER:
        if (leg->call->leg == leg && !is_left_leg(leg->call, leg, event))
            follow_caller(book, leg, event, sip, t_ns);
        break;
    case RIG_LEG_ORPHAN:
    case RIG_LEG_OF_RELAY:
    case RIG_LEG_STRAY:
        break; /* the hop before tells the same */
    }
}

/* Requests within a dialog: the caller's keys; those of the centre, and their responses. */
static void follow_dialog(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                          int64_t t_ns)
{
    rig_fate *state = leg->call;
    if (leg->role != RIG_LEG_OF_CALLER)
        return;
    if (event.side != RIG_SIDE_CALLEE) {
        if (sip->is_request && sip->method == RIG_SIP_INFO)
            note_key(state, sip);
        return;
    }
    if (sip->is_request && sip->method == RIG_SIP_REFER)
        rig_transfers_note_refer(book, state, sip, t_ns);
    if (!sip->is_request && sip->method != RIG_SIP_BYE && rig_fate_on_reply(state, leg, sip))
        rig_book_say(book, state, t_ns, "%d to %s: connected with an agent", sip->code,
                     rig_sip_method_name(sip->method));
}

/* One branch is cancelled, another one refused: what came first tells how the call ended, if nobody
 * answered it. */
static void note_branches(rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    const bool is_cancel = sip->is_request && sip->method == RIG_SIP_CANCEL;
    const bool is_refusal = !sip->is_request && sip->method == RIG_SIP_INVITE && sip->code >= 300 &&
                            sip->code != TERMINATED;
    if (!is_cancel && !is_refusal)
        return;
    rig_fate_rare *rare = rig_fate_add_rare(state);
    if (rare == NULL)
        return;
    rare->t_branch_ns[is_refusal] = t_ns;
    const int64_t others_ns[] = {rare->t_branch_ns[!is_refusal],
                                 is_cancel ? state->call.t_end_ns : RIG_NO_TIME};
    for (int i = 0; i < 2; i++) {
        const int64_t gap_ns =
            others_ns[i] == RIG_NO_TIME ? INT64_MAX : rig_clock_apart_ns(t_ns, others_ns[i]);
        if (gap_ns < rare->branch_gap_ns)
            rare->branch_gap_ns = gap_ns;
    }
}

void rig_book_follow(rig_book *book, rig_leg *leg, rig_leg_event event, const rig_sip *sip,
                     uint64_t marks, int64_t t_ns)
{
    rig_fate *state = leg->call;
    if (state == NULL) {
        if (leg->pending != NULL)
            rig_pairing_on_leg(book, leg, event, t_ns);
        return;
    }
    state->call.n_messages++;
    if (leg->branches.n > 1 && leg->role == RIG_LEG_OF_CALLER)
        note_branches(state, sip, t_ns);
    follow_dialog(book, leg, event, sip, t_ns);
    if (event.kind == RIG_LEG_NOTHING && marks == 0)
        return;
    bool was_over = state->end != RIG_END_NONE || state->is_dead;
    rig_book_apply_elapsed(book, state, t_ns);
    if (state->is_explained)
        explain_message(book, leg, event, sip, t_ns);
    /* What ends a call may say in what stage: its mark goes before. */
    bool is_last = event.kind == RIG_LEG_ENDED || event.kind == RIG_LEG_CANCELLED ||
                   event.kind == RIG_LEG_FAILED;
    note_told(book->rules, state, sip);
    if (marks != 0 && is_last)
        apply_marks(book, leg, event, sip, marks, t_ns);
    follow_event(book, leg, event, sip, t_ns);
    if (marks != 0 && !is_last)
        apply_marks(book, leg, event, sip, marks, t_ns);
    bool is_over = state->end != RIG_END_NONE;
    if (is_over && !was_over && book->pairing != NULL)
        rig_pairing_on_call_over(book, state, t_ns);
    if (was_over || is_over) {
        rig_book_recount(book, state, t_ns); /* tells of it, too */
        return;
    }
    if (!state->is_up)
        rig_book_link(book, state);
    rig_book_tell_step(book, state);
}

rig_status rig_book_check_memory(rig_leg *leg, rig_error *err)
{
    rig_fate *state = leg->call;
    if (!leg->branches.has_failed && !leg->dialogs.has_failed &&
        (state == NULL || !state->has_failed))
        return RIG_OK;
    leg->branches.has_failed = leg->dialogs.has_failed = false;
    if (state != NULL)
        state->has_failed = false;
    return rig_fail(err, RIG_ENOMEM, "out of memory");
}

void rig_book_leave(rig_book *book, const rig_leg *leg, int64_t t_ns)
{
    rig_fate *state = leg->call;
    if (state == NULL || leg->role != RIG_LEG_OF_CALLER || state->leg != leg ||
        state->end != RIG_END_NONE || state->is_dead)
        return;
    state->is_silent = true;
    rig_book_recount(book, state, t_ns);
}

void rig_book_invite_again(const rig_leg *leg, int64_t t_ns)
{
    if (leg->call == NULL || leg->role != RIG_LEG_OF_CALLER)
        return;
    leg->call->call.invite_retransmissions++;
    rig_fate *state = leg->call;
    const int64_t for_ns = t_ns - state->call.t_invite_ns;
    if (rig_fate_rare_of(state)->t_invited_again_ns == RIG_NO_TIME && for_ns > LATE_NS &&
        for_ns < RIG_NO_RESPONSE_NS)
        state->is_late_again = true;
    rig_fate_rare *rare = rig_fate_add_rare(state);
    if (rare != NULL)
        rare->t_invited_again_ns = t_ns;
}

void rig_book_note_reuse(const rig_leg *leg, int64_t t_ns)
{
    if (leg->call == NULL || !(rig_leg_is_over(leg) || leg->has_ack))
        return;
    rig_fate_note_gap(leg->call, t_ns - leg->t_last_ns, RIG_LEG_QUIET_NS);
    if (leg->t_own_ns != RIG_NO_TIME)
        rig_fate_note_gap(leg->call, t_ns - leg->t_own_ns, RIG_LEG_QUIET_NS);
}
