/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/calls.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/book.h"
#include "analyzer/calls/repeats.h"

static void on_forget(void *ctx, rig_leg *leg);

rig_status rig_book_new(const rig_rules *rules, rig_leg_table *table, const rig_call_sink *sink,
                        const rig_explain *explain, rig_book **book, rig_error *err)
{
    rig_book *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    rig_status status = rig_slabs_new(&made->slabs, err);
    if (status == RIG_OK)
        status = rig_number_index_init(&made->keys, err);
    if (status == RIG_OK)
        status = rig_number_index_init(&made->origins, err);
    if (status == RIG_OK)
        status = rig_number_index_init(&made->orphans, err);
    if (status == RIG_OK)
        status = rig_number_index_init(&made->links, err);
    if (status == RIG_OK)
        status = rig_number_index_init(&made->promises, err);
    if (status == RIG_OK)
        status = rig_strays_new(&made->strays, err);
    if (status == RIG_OK)
        status = rig_passed_on_new(&made->passed_on, err);
    if (status == RIG_OK && rules->bye_window_ns >= 0)
        status = rig_pairing_new(&made->pairing, err);
    if (status != RIG_OK) {
        rig_book_free(made);
        return status;
    }
    made->rules = rules;
    made->table = table;
    made->sink = *sink;
    made->explain = explain;
    made->t_now_ns = RIG_NO_TIME;
    /* A rule that goes by the time tells of every call when it is in the queue. */
    for (size_t i = 0; i < rules->n_elapsed; i++) {
        made->marks.has_queue |= rules->elapsed[i].meaning == RIG_MEANS_QUEUE;
        made->marks.has_ringing |= rules->elapsed[i].meaning == RIG_MEANS_RINGING;
    }
    made->counts.has_queue_marks = made->marks.has_queue;
    rig_leg_table_on_forget(table, on_forget, made);
    *book = made;
    return RIG_OK;
}

void rig_book_note_parties(rig_book *book)
{
    book->has_parties = true;
}

rig_status rig_book_count_redials(rig_book *book, rig_error *err)
{
    return rig_repeats_new(&book->repeats, err);
}

void rig_book_free(rig_book *book)
{
    if (book == NULL)
        return;
    for (rig_fate *state = book->oldest; state != NULL;) {
        rig_fate *next = state->newer;
        rig_fate_free(state, book->slabs);
        state = next;
    }
    for (rig_fate *state = book->over; state != NULL;) {
        rig_fate *next = state->newer;
        rig_fate_free(state, book->slabs);
        state = next;
    }
    rig_repeats_free(book->repeats);
    rig_pairing_free(book->pairing);
    rig_number_index_clear(&book->keys);
    rig_number_index_clear(&book->origins);
    rig_number_index_clear(&book->orphans);
    rig_number_index_clear(&book->links);
    rig_backs_free(book);
    rig_strays_free(book->strays);
    rig_passed_on_free(book->passed_on);
    rig_slabs_free(book->slabs);
    free(book);
}

/* ---- explaining ---- */

void rig_book_say(const rig_book *book, const rig_fate *state, int64_t t_ns, const char *format,
                  ...)
{
    if (!state->is_explained)
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    book->explain->say(book->explain->ctx, rig_slice_of(state->call.call_id), t_ns, text);
}

static bool is_asked_about(const rig_book *book, const rig_fate *state)
{
    for (size_t i = 0; book->explain != NULL && i < book->explain->n_call_ids; i++) {
        if (strcmp(book->explain->call_ids[i], state->call.call_id) == 0)
            return true;
    }
    return false;
}

/* ---- running counts ---- */

/* A call in progress can be found by its keys, and is one at its centre. */
void rig_book_link(rig_book *book, rig_fate *state)
{
    if (!state->is_up) {
        state->is_up = true;
        rig_strays_note_call(book, state);
    }
    rig_joins_link(book, state);
}

void rig_book_unlink(rig_book *book, rig_fate *state, int64_t t_ns)
{
    rig_joins_unlink(book, state);
    if (!state->is_up)
        return;
    state->is_up = false;
    rig_strays_note_over(book, state, t_ns);
}

/* The call is about to go. */
void rig_book_unlink_for_good(rig_book *book, rig_fate *state)
{
    rig_transfers_unlink(book, state);
    rig_passed_on_forget(book, state);
    rig_number_index_remove(&book->origins, &state->origin.link);
    rig_number_index_remove(&book->origins, &state->asserted.link);
}

void rig_book_recount(rig_book *book, rig_fate *state, int64_t t_ns)
{
    rig_outcome outcome = RIG_OUTCOME_IN_PROGRESS;
    if (state->end != RIG_END_NONE || state->is_dead || state->is_silent)
        outcome = rig_fate_decide(state, book->rules, book->marks.has_queue, t_ns, NULL, NULL);
    if (!state->is_call_back) {
        book->counts.n_outcome[state->counted_as]--;
        book->counts.n_outcome[outcome]++;
    }
    state->counted_as = outcome;
    if (outcome == RIG_OUTCOME_DEFLECTED)
        rig_backs_note_deflected(book, state);
    if (outcome == RIG_OUTCOME_IN_PROGRESS)
        rig_book_link(book, state);
    else
        rig_book_unlink(book, state, t_ns);
    rig_book_tell_step(book, state);
}

const rig_book_counts *rig_book_count(const rig_book *book)
{
    return &book->counts;
}

/* ---- the list of calls ---- */

static void append(rig_book *book, rig_fate *state)
{
    state->older = book->newest;
    if (book->newest != NULL)
        book->newest->newer = state;
    else
        book->oldest = state;
    book->newest = state;
    if (book->young == NULL)
        book->young = state;
}

void rig_book_take_out(rig_book *book, rig_fate *state)
{
    if (book->young == state)
        book->young = state->newer;
    if (state->older != NULL)
        state->older->newer = state->newer;
    else
        book->oldest = state->newer;
    if (state->newer != NULL)
        state->newer->older = state->older;
    else
        book->newest = state->older;
    state->older = state->newer = NULL;
}

/* Out of all lists and keys; who owns it then is the caller's. */
static void let_go(rig_book *book, rig_fate *state)
{
    rig_book_take_out(book, state);
    rig_book_unlink(book, state, book->t_now_ns);
    rig_book_unlink_for_good(book, state);
    if (book->pairing != NULL)
        rig_pairing_forget_call(book->pairing, state);
}

/* A leg is forgotten; with its last leg a call is over for good. */
static void on_forget(void *ctx, rig_leg *leg)
{
    rig_book *book = ctx;
    rig_fate *state = leg->call;
    if (book->pairing != NULL)
        rig_pairing_forget_leg(book->pairing, leg);
    rig_book_forget_orphan(book, leg);
    if (state == NULL)
        return;
    rig_strays_note_talk(book, leg, false);
    rig_sent_on_note_talk(book, leg, false);
    leg->call = NULL;
    if (state->leg == leg)
        state->leg = NULL;
    if (state->moved == leg)
        state->moved = NULL;
    if (--state->n_refs > 0)
        return;
    rig_fate_settle(state);
    state->is_silent = state->end == RIG_END_NONE && !state->is_dead;
    let_go(book, state);
    state->newer = book->over;
    book->over = state;
}

/* ---- legs ---- */

/* A call is counted as offered, and as what it may be beside that. */
static void count_call(rig_book *book, rig_fate *state, const rig_leg *leg, const rig_sip *sip)
{
    if (state->is_call_back) {
        book->counts.n_call_backs++;
        return;
    }
    book->counts.n_offered++;
    state->looks_like_leg = rig_strays_looks_like_leg(book, leg);
    book->counts.n_leg_pairs += state->looks_like_leg;
    state->is_beyond = rig_sent_on_is_beyond(book, leg, sip);
    state->is_by_agent =
        !state->looks_like_leg && !state->is_beyond && rig_strays_is_by_agent(book, leg);
    book->counts.n_by_agents += state->is_by_agent;
    book->counts.n_outcome[RIG_OUTCOME_IN_PROGRESS]++;
}

/* @return false when out of memory. */
static bool note_redial(const rig_book *book, rig_fate *state, const rig_sip *sip)
{
    if (book->repeats == NULL || state->is_call_back)
        return true;
    state->repeats_as = rig_repeats_number(sip);
    return state->repeats_as == 0 ||
           rig_repeats_add(book->repeats, state->repeats_as, &state->call.nth_of_caller, NULL) ==
               RIG_OK;
}

/* @param back  Whose call it calls back; NULL: it is a caller's. */
static rig_status add_call(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                           const rig_promised *back, rig_error *err)
{
    size_t n_keys = rig_joins_n_keys(book->rules);
    const size_t n_bytes = sizeof(rig_fate) + n_keys * sizeof(rig_call_key) + sip->call_id.n + 1;
    rig_fate *state = rig_slabs_take(book->slabs, n_bytes);
    if (state == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    state->n_keys = (uint32_t)n_keys;
    state->n_bytes = (uint32_t)n_bytes;
    state->call.call_id = (char *)&state->keys[n_keys];
    memcpy(state->call.call_id, sip->call_id.p, sip->call_id.n); /* the NUL is there */
    rig_fate_begin(state, leg, sip, t_ns);
    if (back != NULL)
        rig_backs_begin(state, back, sip);
    /* borrowed from the rules, for as long as the call is the book's */
    state->call.carrier =
        (char *)rig_carriers_find(&book->rules->carriers, leg->caller, leg->first_callee, sip);
    state->call.caller_class =
        (char *)rig_carriers_find(&book->rules->classes, leg->caller, leg->first_callee, sip);
    if (book->has_parties) {
        state->parties = rig_party_notes_new(book->rules, state->call.carrier, leg, sip);
        state->has_failed |= state->parties == NULL;
    }
    if (state->has_failed || !note_redial(book, state, sip)) {
        rig_fate_free(state, book->slabs);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    rig_joins_set_keys(book, state, sip);
    rig_passed_on_note(book, state, sip, t_ns);
    state->order = book->n_orders++;
    count_call(book, state, leg, sip);
    state->is_explained = is_asked_about(book, state);
    append(book, state);
    rig_book_link(book, state);
    if (state->origin.link.key != 0)
        rig_number_index_add(&book->origins, &state->origin.link, state->origin.link.key);
    if (state->asserted.link.key != 0)
        rig_number_index_add(&book->origins, &state->asserted.link, state->asserted.link.key);
    if (book->pairing != NULL)
        rig_pairing_note_centre(book->pairing, state->centre);
    leg->call = state;
    leg->role = RIG_LEG_OF_CALLER;
    state->n_refs = 1;
    rig_book_tell_joined(book, leg);
    rig_strays_absorb(book, state);
    rig_passed_on_absorb(book, state, sip);
    rig_book_tell_step(book, state);
    if (state->is_explained) {
        const rig_slice caller = rig_sip_from_user(sip);
        rig_book_say(book, state, t_ns, "INVITE: a call%s%s; \"%.*s\" calls",
                     back != NULL ? " back of " : "", back != NULL ? rig_fate_rare_of(state)->call_back_of : "",
                     (int)caller.n, caller.p);
    }
    return RIG_OK;
}

/* An agent's phone, where someone asks who it was. */
static rig_status note_ring(const rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                            rig_error *err)
{
    char name[RIG_AGENT_NAME_SIZE];
    if (leg->call->parties == NULL)
        return RIG_OK;
    rig_party_notes_agent(sip, name);
    if (rig_party_notes_add(leg->call->parties, leg, name,
                            book->rules->rings_on_18x ? RIG_NO_TIME : t_ns))
        return RIG_OK;
    return rig_fail(err, RIG_ENOMEM, "out of memory");
}

/* Take a call that is none out of the lists and counts; its leg is left to the caller. */
static void drop_call(rig_book *book, rig_fate *state)
{
    book->counts.n_offered -= !state->is_call_back;
    book->counts.n_call_backs -= state->is_call_back;
    book->counts.n_leg_pairs -= state->looks_like_leg;
    rig_strays_note_dropped(book, state);
    book->counts.n_by_agents -= state->is_by_agent;
    book->sent_on.n_beyond -= state->is_beyond;
    book->counts.n_retargeted -= state->is_retargeted;
    book->counts.n_outcome[state->counted_as] -= !state->is_call_back;
    if (state->call.answered && !state->is_call_back) {
        book->counts.n_answered--;
        if (book->sink.withdrawn != NULL)
            book->sink.withdrawn(book->sink.ctx, state->call.t_invite_ns);
    }
    if (state->repeats_as != 0)
        rig_repeats_take_back(book->repeats, state->repeats_as);
    rig_book_tell_withdrawn(book, state);
    let_go(book, state);
    rig_fate_free(state, book->slabs);
}

void rig_book_withdraw(rig_book *book, rig_fate *state)
{
    rig_leg *leg = state->leg;
    rig_book_say(book, state, book->t_now_ns,
                 "no call, but an agent's leg of one that began before");
    leg->call = NULL;
    leg->role = RIG_LEG_STRAY;
    book->counts.n_stray_legs++;
    drop_call(book, state);
}

void rig_book_hand_over(rig_book *book, rig_fate *from, rig_fate *to, rig_leg_role role)
{
    rig_leg *leg = from->leg;
    const rig_open_call was = from->call;
    const uint64_t number = from->number;
    rig_book_say(book, from, book->t_now_ns, "no call, but a leg of %s, which was captured later",
                 to->call.call_id);
    leg->call = to;
    leg->role = role;
    to->n_refs++;
    to->is_early_leg = true;
    if (to->repeats_as != 0 && to->repeats_as == from->repeats_as)
        to->call.nth_of_caller--; /* the leg had been counted before it */
    drop_call(book, from);
    rig_book_tell_joined(book, leg);
    if (role == RIG_LEG_OF_RELAY) {
        to->call.n_messages += was.n_messages;
        rig_joins_add_relay(book, to, leg->callee, number);
        return;
    }
    book->counts.n_agent_legs++;
    rig_sent_on_note(book, to, leg);
    leg->is_talk = was.answered;
    rig_fate_adopt(to, was.t_invite_ns, was.answered ? was.t_answer_ns : RIG_NO_TIME,
                   RIG_AGENT_END_UNKNOWN, was.n_messages);
}

/* A leg that belongs to a call: an agent's, a further hop's, or one that goes on with it. */
static void join_leg(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns)
{
    const rig_leg_event offered = {.kind = RIG_LEG_OFFERED};
    rig_fate *state = leg->call;
    bool was_up = state->end == RIG_END_NONE && !state->is_dead;
    book->counts.n_agent_legs += leg->role == RIG_LEG_OF_AGENT;
    state->call.n_messages++;
    state->n_refs++;
    rig_book_tell_joined(book, leg);
    rig_book_apply_elapsed(book, state, t_ns);
    if (leg->role == RIG_LEG_OF_AGENT) {
        rig_sent_on_note(book, state, leg);
        rig_fate_on_agent_leg(state, leg, offered, t_ns, book->rules);
    } else if (leg->role == RIG_LEG_OF_RELAY) {
        rig_joins_add_relay(book, state, leg->callee, sip->from_user);
        if (!state->is_retargeted && rig_joins_is_retargeted(state, sip)) {
            state->is_retargeted = true;
            book->counts.n_retargeted++;
        }
    } else if (leg->role == RIG_LEG_MOVED) {
        state->moved = leg;
        rig_fate_on_moved_leg(state, leg, offered, sip, t_ns);
    } else {
        state->leg = leg; /* a further attempt under a new Call-ID */
        state->n_attempts_before = state->call.attempts;
        state->call.attempts++;
        state->centre = leg->callee;
        rig_fate_reopen(state);
        rig_book_unlink(book, state, t_ns);
        rig_joins_set_keys(book, state, sip);
    }
    if (!was_up)
        rig_book_recount(book, state, t_ns);
    else
        rig_book_tell_step(book, state);
}

static rig_status open_leg(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                           rig_error *err)
{
    const rig_join_rule *by = NULL;
    const char *why = NULL;
    if (rig_transfers_decide(book, leg, sip, t_ns, &why)) {
        join_leg(book, leg, sip, t_ns);
        rig_book_say(book, leg->call, t_ns, "%s: leg %.*s goes on with it", why,
                     (int)leg->n_call_id, leg->call_id);
        return leg->role == RIG_LEG_OF_AGENT ? note_ring(book, leg, sip, t_ns, err) : RIG_OK;
    }
    rig_joins_decide(book, leg, sip, t_ns, &by);
    if (leg->call != NULL) {
        join_leg(book, leg, sip, t_ns);
        rig_book_say(book, leg->call, t_ns, "join rule \"%s\": %s %.*s", by->name,
                     leg->role == RIG_LEG_OF_RELAY ? "passed on as" : "agent's leg",
                     (int)leg->n_call_id, leg->call_id);
        return leg->role == RIG_LEG_OF_AGENT ? note_ring(book, leg, sip, t_ns, err) : RIG_OK;
    }
    if (leg->role != RIG_LEG_STRAY && rig_passed_on_decide(book, leg, sip, t_ns, &why)) {
        join_leg(book, leg, sip, t_ns);
        rig_book_say(book, leg->call, t_ns, "passed on as %.*s: it shows the same %s",
                     (int)leg->n_call_id, leg->call_id, why);
        return RIG_OK;
    }
    if (leg->role == RIG_LEG_OF_CALLER && rig_strays_is_consultation(book, leg)) {
        leg->role = RIG_LEG_STRAY;
        book->counts.n_stray_legs++;
        return rig_strays_note_consultation(book, leg, sip, err);
    }
    if (leg->role == RIG_LEG_OF_CALLER && rig_strays_is_one(book, leg, sip, t_ns))
        leg->role = RIG_LEG_STRAY;
    if (leg->role == RIG_LEG_STRAY) {
        book->counts.n_stray_legs++;
        if (book->pairing != NULL && !rig_pairing_keep(book->pairing, leg, sip, t_ns))
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        return RIG_OK;
    }
    leg->role = RIG_LEG_STRAY;
    return add_call(book, leg, sip, t_ns, rig_backs_find(book, leg, sip), err);
}

rig_status rig_book_open(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                         rig_error *err)
{
    book->edge_ns = INT64_MAX;
    if (book->t_first_ns == 0)
        book->t_first_ns = t_ns;
    const rig_status status = open_leg(book, leg, sip, t_ns, err);
    if (book->edge_ns == INT64_MAX)
        return status;
    if (book->ties != NULL)
        rig_ties_note_edge(book->ties, book->edge_ns);
    if (leg->call != NULL)
        rig_fate_note_gap(leg->call, book->edge_ns, 0);
    else
        rig_book_add_gap(book, book->edge_ns); /* a stray: whose, is not known */
    return status;
}
