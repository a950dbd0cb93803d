/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that the centre makes to callers whom it has told not to wait. By number: the leg comes
 * from the host that a deflected call was sent to, and goes to the number that this call came from.
 * Such a leg is no caller's call: it is followed as one is, with centre and caller the other way
 * round, and handed out apart (rig_call_sink.call_back). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/book.h"
#include "analyzer/sip/values.h"

enum {
    MAX_PROMISES = 1 << 20, /* deflected calls that are remembered: some 150 bytes each */
    MAX_SAME_KEY = 16       /* of one number that are looked at */
};

struct rig_promised {
    rig_number_link by_telephone; /* first member: by the number as it may be written otherwise */
    rig_telephone telephone;
    rig_endpoint centre;
    int64_t planned_index, t_end_ns;
    uint64_t number;
    struct rig_promised *next;
    char call_id[];
};

/* By what a promise is found: the number as it may be written otherwise, else as it is. */
static uint64_t key_of(rig_telephone telephone, uint64_t number, rig_endpoint centre)
{
    const uint64_t hash = rig_telephone_hash(telephone);
    return rig_joins_number_key(hash != 0 ? hash : number, centre);
}

void rig_backs_note_deflected(rig_book *book, rig_fate *state)
{
    if (state->is_promise_noted || state->is_call_back)
        return;
    if (book->n_promised >= MAX_PROMISES) {
        book->counts.n_limit_promises++;
        state->is_promise_noted = true;
        return;
    }
    const uint64_t key = key_of(state->telephone, state->number, state->centre);
    const size_t n = strlen(state->call.call_id);
    rig_promised *made = key != 0 ? calloc(1, sizeof *made + n + 1) : NULL;
    if (made == NULL)
        return; /* a call back to him will be a stranger's call */
    *made = (rig_promised){.telephone = state->telephone,
                           .centre = state->centre,
                           .planned_index = state->call.planned_index,
                           .t_end_ns = state->call.t_end_ns,
                           .number = state->number,
                           .next = book->promised};
    memcpy(made->call_id, state->call.call_id, n + 1);
    book->promised = made;
    book->n_promised++;
    state->is_promise_noted = true;
    rig_number_index_add(&book->promises, &made->by_telephone, key);
}

void rig_backs_free(rig_book *book)
{
    while (book->promised != NULL) {
        rig_promised *next = book->promised->next;
        free(book->promised);
        book->promised = next;
    }
    rig_number_index_clear(&book->promises);
}

/* The latest call that a leg may call back. */
static const rig_promised *find(const rig_book *book, const rig_leg *leg, rig_slice called)
{
    const rig_telephone telephone = rig_telephone_of(called);
    const uint64_t number = rig_sip_name_hash(called);
    const uint64_t key = key_of(telephone, number, leg->caller);
    const rig_promised *found = NULL;
    int n_seen = 0;
    for (rig_number_link *link = key != 0 ? rig_number_index_first(&book->promises, key) : NULL;
         link != NULL && n_seen < MAX_SAME_KEY; link = rig_number_index_next(link), n_seen++) {
        const rig_promised *p = (const rig_promised *)link;
        const bool is_same = p->number == number || rig_telephone_same(telephone, p->telephone);
        if (is_same && (found == NULL || p->t_end_ns > found->t_end_ns))
            found = p;
    }
    return found;
}

const rig_promised *rig_backs_find(const rig_book *book, const rig_leg *leg, const rig_sip *sip)
{
    if (book->promised == NULL)
        return NULL;
    const rig_promised *found = find(book, leg, rig_sip_called_user(sip));
    /* where callers and centre share a host, a caller who calls again is not called back */
    return found != NULL && !rig_endpoint_eq(leg->callee, found->centre) ? found : NULL;
}

void rig_backs_begin(rig_fate *state, const rig_promised *of, const rig_sip *sip)
{
    const rig_endpoint centre = state->caller;
    state->is_call_back = true;
    state->caller = state->centre;
    state->centre = centre;
    state->number = of->number;
    state->dialled = sip->from_user;
    state->call.planned_index = of->planned_index;
    rig_fate_rare *rare = rig_fate_add_rare(state);
    if (rare != NULL)
        rare->call_back_of = (char *)of->call_id; /* borrowed: as long as the book lasts */
}

/* What has become of it: a talk, or an attempt in vain. */
static void decide(const rig_fate *state, rig_call *call)
{
    const bool has_talked = call->t_agent_answer_ns != RIG_NO_TIME;
    call->t_queue_ns = call->t_menu_ns = RIG_NO_TIME; /* he waits in none, and hears none */
    const bool is_cut = state->q850_cause > 0 && state->q850_cause != 16;
    if (call->outcome == RIG_OUTCOME_IN_PROGRESS)
        return;
    call->bye = call->bye == RIG_BYE_CALLER   ? RIG_BYE_CALLEE /* it is the centre that called */
                : call->bye == RIG_BYE_CALLEE ? RIG_BYE_CALLER
                                              : RIG_BYE_NONE;
    const char *who = call->bye == RIG_BYE_CALLER ? "caller" : "centre";
    if (has_talked) {
        call->outcome =
            call->bye == RIG_BYE_CALLEE && is_cut ? RIG_OUTCOME_DROPPED : RIG_OUTCOME_SERVED;
        (void)snprintf(call->reason, sizeof call->reason, "%s BYE", who);
        return;
    }
    call->outcome = RIG_OUTCOME_LOST_AGENT;
    if (call->answered)
        (void)snprintf(call->reason, sizeof call->reason, "answered, and no agent came; %s BYE",
                       who);
    else
        (void)snprintf(call->reason, sizeof call->reason, "not answered; %s",
                       call->cancelled ? "CANCEL" : "refused");
}

rig_call rig_backs_as_now(const rig_book *book, const rig_fate *state)
{
    rig_call told = rig_fate_record(state);
    told.outcome = rig_fate_decide(state, book->rules, book->marks.has_queue, book->t_now_ns,
                                   told.reason, NULL);
    decide(state, &told);
    return told;
}

rig_status rig_backs_hand_out(rig_book *book, rig_fate *state, rig_error *err)
{
    const rig_call_parties *parties = NULL;
    rig_fate_settle(state);
    rig_call told = rig_backs_as_now(book, state);
    if (state->parties != NULL) {
        parties = rig_party_notes_see(state->parties);
        if (parties == NULL)
            return rig_fail(err, RIG_ENOMEM, "out of memory");
        rig_parties_agent_name(parties, told.agent, sizeof told.agent);
    }
    if (state->is_explained)
        rig_book_say(book, state, told.t_end_ns, "a call back of %s: %s (%s)", told.call_back_of,
                     rig_outcome_name(told.outcome), told.reason);
    const rig_finished_call finished = {.call = &told,
                                        .order = state->order,
                                        .outcome_if_marks = told.outcome,
                                        .reason_if_marks = told.reason,
                                        .q850_cause = state->q850_cause,
                                        .t_failed_ns = state->t_failed_ns,
                                        .t_bye_done_ns = state->t_bye_done_ns,
                                        .parties = parties};
    return book->sink.call_back != NULL ? book->sink.call_back(book->sink.ctx, &finished, err)
                                        : RIG_OK;
}
