/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "analyzer/calls/book.h"

static void note(rig_book *book, rig_fate *state, rig_calls *calls)
{
    rig_call *to =
        state->is_call_back ? &calls->backs[calls->n_backs++] : &calls->items[state->order];
    rig_book_apply_elapsed(book, state, book->t_now_ns);
    *to = state->is_call_back ? rig_backs_as_now(book, state) : rig_fate_record(state);
    to->call_id = to->call_back_of = NULL;
    to->carrier = to->caller_class = NULL; /* the rules' */
    rig_parties_agent_name(state->parties != NULL ? rig_party_notes_see(state->parties) : NULL,
                           to->agent, sizeof to->agent);
    if (state->is_call_back)
        return;
    to->outcome = rig_fate_decide(state, book->rules, book->marks.has_queue, book->t_now_ns,
                                  to->reason, NULL);
}

/* Orders that no call has any more. */
static void leave_out_withdrawn(rig_calls *calls)
{
    size_t n = 0;
    for (size_t i = 0; i < calls->n; i++) {
        if (calls->items[i].t_invite_ns != RIG_NO_TIME)
            calls->items[n++] = calls->items[i];
    }
    calls->n = n;
}

rig_status rig_book_snapshot(rig_book *book, const rig_collector *collector, rig_calls **calls)
{
    const size_t n = book->n_orders;
    rig_calls *made = calloc(1, sizeof *made);
    if (made != NULL)
        made->items = calloc(n + 1, sizeof *made->items);
    if (made != NULL)
        made->backs = calloc(book->counts.n_call_backs + 1, sizeof *made->backs);
    if (made == NULL || made->items == NULL || made->backs == NULL) {
        rig_calls_free(made);
        return RIG_ENOMEM;
    }
    made->n = n;
    for (size_t i = 0; i < n; i++)
        made->items[i].t_invite_ns = RIG_NO_TIME;
    rig_collector_copy(collector, book->marks.has_queue, made);
    for (rig_fate *state = book->oldest; state != NULL; state = state->newer)
        note(book, state, made);
    for (rig_fate *state = book->over; state != NULL; state = state->newer)
        note(book, state, made);
    leave_out_withdrawn(made);
    rig_collector_sort_backs(made->backs, made->n_backs);
    *calls = made;
    return RIG_OK;
}
