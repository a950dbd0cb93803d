/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls/pairing.h"

#include <stdlib.h>

#include "analyzer/calls/book.h"

enum {
    MAX_CENTRES = 1024, /* hosts that callers have reached; a capture has a handful */
    MAX_RECENT = 256    /* ends that are remembered of each kind: what a second's window may hold */
};

struct rig_pending_leg {
    int64_t t_begin_ns, t_answer_ns, t_end_ns; /* RIG_NO_TIME */
    rig_agent_end agent_end;
    uint32_t n_messages;
    char agent[RIG_AGENT_NAME_SIZE];
    int at; /* in the list of recent ends; -1: not there */
};

/* Rings: the newest overwrite the oldest. */
struct rig_pairing {
    rig_endpoint centres[MAX_CENTRES];
    size_t n_centres;
    rig_leg *legs[MAX_RECENT]; /* that ended a short while ago */
    size_t n_legs;
    rig_fate *calls[MAX_RECENT];
    size_t n_calls;
};

rig_status rig_pairing_new(rig_pairing **pairing, rig_error *err)
{
    rig_pairing *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    *pairing = made;
    return RIG_OK;
}

void rig_pairing_free(rig_pairing *pairing)
{
    free(pairing);
}

static bool is_centre(const rig_pairing *pairing, rig_endpoint at)
{
    for (size_t i = 0; i < pairing->n_centres; i++) {
        if (rig_endpoint_same_host(pairing->centres[i], at))
            return true;
    }
    return false;
}

void rig_pairing_note_centre(rig_pairing *pairing, rig_endpoint centre)
{
    if (pairing->n_centres < MAX_CENTRES && !is_centre(pairing, centre))
        pairing->centres[pairing->n_centres++] = centre;
}

bool rig_pairing_may_be_agents(const rig_pairing *pairing, const rig_leg *leg)
{
    return is_centre(pairing, leg->caller) && !is_centre(pairing, leg->callee);
}

bool rig_pairing_keep(rig_pairing *pairing, rig_leg *leg, const rig_sip *sip, int64_t t_ns)
{
    if (!rig_pairing_may_be_agents(pairing, leg))
        return true; /* a stray for another reason */
    leg->pending = malloc(sizeof *leg->pending);
    if (leg->pending == NULL)
        return false;
    *leg->pending = (rig_pending_leg){
        .t_begin_ns = t_ns,
        .t_answer_ns = RIG_NO_TIME,
        .t_end_ns = RIG_NO_TIME,
        .n_messages = 1,
        .at = -1,
    };
    rig_party_notes_agent(sip, leg->pending->agent);
    return true;
}

/* ---- pairing ---- */

/* Whether the leg may be an agent's of this call: the call was answered and up when the leg began,
 * and no agent has been found for it. */
static bool may_belong(const rig_fate *state, const rig_pending_leg *pending)
{
    return state->call.answered && state->call.t_answer_ns <= pending->t_begin_ns &&
           state->phase < RIG_PHASE_TALKING && pending->t_begin_ns <= state->call.t_end_ns;
}

static void drop_leg(rig_pairing *pairing, rig_leg *leg)
{
    if (leg->pending->at >= 0)
        pairing->legs[leg->pending->at] = NULL;
    free(leg->pending);
    leg->pending = NULL;
}

static void pair(rig_book *book, rig_leg *leg, rig_fate *state)
{
    const rig_pending_leg pending = *leg->pending;
    rig_agent_end agent_end = pending.agent_end;
    /* Who hung up first is told by the order of the two ends. */
    if (agent_end == RIG_AGENT_END_BY_AGENT && pending.t_end_ns > state->call.t_end_ns)
        agent_end = RIG_AGENT_END_BY_CENTRE;
    drop_leg(book->pairing, leg);
    leg->role = RIG_LEG_OF_AGENT;
    leg->call = state;
    leg->is_talk = pending.t_answer_ns != RIG_NO_TIME;
    state->n_refs++;
    rig_book_tell_joined(book, leg);
    rig_fate_adopt(state, pending.t_begin_ns, pending.t_answer_ns, agent_end, pending.n_messages);
    if (state->parties != NULL &&
        rig_party_notes_add(state->parties, leg, pending.agent, pending.t_begin_ns))
        rig_party_notes_close(state->parties, leg, pending.t_answer_ns, pending.t_end_ns);
    book->counts.n_stray_legs--;
    book->counts.n_agent_legs++;
    rig_book_say(book, state, pending.t_end_ns,
                 "join rule \"bye\": agent's leg %.*s, which ended %.1f ms from it",
                 (int)leg->n_call_id, leg->call_id,
                 (double)rig_clock_apart_ns(pending.t_end_ns, state->call.t_end_ns) * 1e-6);
    rig_book_recount(book, state, book->t_now_ns);
}

static void remember_leg(rig_pairing *pairing, rig_leg *leg)
{
    size_t at = pairing->n_legs++ % MAX_RECENT;
    if (pairing->legs[at] != NULL)
        pairing->legs[at]->pending->at = -1;
    pairing->legs[at] = leg;
    leg->pending->at = (int)at;
}

static void on_leg_over(rig_book *book, rig_leg *leg)
{
    rig_pairing *pairing = book->pairing;
    rig_fate *best = NULL;
    int64_t best_ns = book->rules->bye_window_ns + 1;
    for (size_t i = 0; i < MAX_RECENT; i++) {
        rig_fate *state = pairing->calls[i];
        if (state == NULL || !may_belong(state, leg->pending))
            continue;
        int64_t apart_ns = rig_clock_apart_ns(leg->pending->t_end_ns, state->call.t_end_ns);
        if (apart_ns < best_ns) {
            best = state;
            best_ns = apart_ns;
        }
    }
    if (best != NULL)
        pair(book, leg, best);
    else
        remember_leg(pairing, leg);
}

void rig_pairing_on_leg(rig_book *book, rig_leg *leg, rig_leg_event event, int64_t t_ns)
{
    rig_pending_leg *pending = leg->pending;
    pending->n_messages++;
    if (event.kind == RIG_LEG_ANSWERED && !leg->is_cancelled) {
        pending->t_answer_ns = t_ns;
    } else if (pending->t_end_ns == RIG_NO_TIME &&
               (event.kind == RIG_LEG_ENDED || event.kind == RIG_LEG_CANCELLED)) {
        pending->t_end_ns = t_ns;
        if (event.kind == RIG_LEG_ENDED)
            pending->agent_end =
                event.side == RIG_SIDE_CALLEE ? RIG_AGENT_END_BY_AGENT : RIG_AGENT_END_BY_CENTRE;
        on_leg_over(book, leg);
    }
}

void rig_pairing_on_call_over(rig_book *book, rig_fate *state, int64_t t_ns)
{
    rig_pairing *pairing = book->pairing;
    rig_leg *best = NULL;
    int64_t best_ns = book->rules->bye_window_ns + 1;
    if (!state->call.answered)
        return;
    for (size_t i = 0; i < MAX_RECENT; i++) {
        rig_leg *leg = pairing->legs[i];
        if (leg == NULL || !may_belong(state, leg->pending))
            continue;
        int64_t apart_ns = rig_clock_apart_ns(t_ns, leg->pending->t_end_ns);
        if (apart_ns < best_ns) {
            best = leg;
            best_ns = apart_ns;
        }
    }
    if (best != NULL)
        pair(book, best, state);
    else
        pairing->calls[pairing->n_calls++ % MAX_RECENT] = state;
}

void rig_pairing_forget_leg(rig_pairing *pairing, rig_leg *leg)
{
    if (leg->pending != NULL)
        drop_leg(pairing, leg);
}

void rig_pairing_forget_call(rig_pairing *pairing, const rig_fate *state)
{
    for (size_t i = 0; i < MAX_RECENT; i++) {
        if (pairing->calls[i] == state)
            pairing->calls[i] = NULL;
    }
}
