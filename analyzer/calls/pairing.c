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

/* A leg that ended. When it has found its call, or is forgotten, its times stay: by clocks that are
 * apart it may be another call's. */
typedef struct leg_end {
    rig_leg *leg;   /* NULL: it waits for no call */
    rig_fate *call; /* that it has found; NULL: none, or that is forgotten */
    int64_t t_begin_ns, t_end_ns;
} leg_end;

/* A call that ended. */
typedef struct call_end {
    rig_fate *state; /* NULL: forgotten */
    bool is_taken;   /* it has found its leg: it waits for none */
} call_end;

/* Rings: the newest overwrite the oldest. */
struct rig_pairing {
    rig_endpoint centres[MAX_CENTRES];
    size_t n_centres;
    leg_end legs[MAX_RECENT]; /* that ended a short while ago */
    size_t n_legs;
    call_end calls[MAX_RECENT];
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

/* ---- what clocks that are apart would change ---- */

/* How far a call's clock and a leg's must be apart for the leg to fit the call by its times, or no
 * longer to: it begins behind the answer and before the end, and ends as far from that at the most
 * as the rule says. */
static int64_t slack_of(const rig_fate *state, int64_t t_begin_ns, int64_t t_end_ns,
                        int64_t window_ns)
{
    const int64_t room_ns[] = {
        t_begin_ns - state->call.t_answer_ns,
        state->call.t_end_ns - t_begin_ns,
        window_ns - rig_clock_apart_ns(t_end_ns, state->call.t_end_ns),
    };
    int64_t least_ns = INT64_MAX;
    for (size_t i = 0; i < sizeof room_ns / sizeof room_ns[0]; i++)
        least_ns = room_ns[i] < least_ns ? room_ns[i] : least_ns;
    return least_ns; /* negative: it does not fit, by so much */
}

/* A rival would have been nearer, if clocks are apart by what makes it fit and half of what it is
 * farther: both distances change by it. */
static int64_t rivalry_of(int64_t slack_ns, int64_t farther_ns)
{
    const int64_t half_ns = farther_ns > 0 ? farther_ns / 2 : 0;
    return -slack_ns > half_ns ? -slack_ns : half_ns;
}

/* A leg has ended: which calls hang on the clocks, if it has found `found` (NULL: none)? */
static void doubt_calls(const rig_book *book, const rig_pending_leg *leg, rig_fate *found)
{
    const int64_t window_ns = book->rules->bye_window_ns;
    const int64_t near_ns =
        found == NULL ? 0 : rig_clock_apart_ns(leg->t_end_ns, found->call.t_end_ns);
    for (size_t i = 0; i < MAX_RECENT; i++) {
        rig_fate *state = book->pairing->calls[i].state;
        if (state == NULL || !state->call.answered)
            continue;
        const int64_t slack_ns = slack_of(state, leg->t_begin_ns, leg->t_end_ns, window_ns);
        if (found == NULL || state == found) {
            rig_fate_note_gap(state, slack_ns, 0);
            continue;
        }
        const int64_t apart_ns = rig_clock_apart_ns(leg->t_end_ns, state->call.t_end_ns);
        const int64_t rivalry_ns = rivalry_of(slack_ns, apart_ns - near_ns);
        rig_fate_note_gap(state, rivalry_ns, 0);
        rig_fate_note_gap(found, rivalry_ns, 0);
    }
}

/* A call has ended: does it, or the call of a leg that would have been its own, hang on the clocks,
 * if it has found a leg that ended `near_ns` from it (-1: none)? */
static void doubt_call(const rig_book *book, rig_fate *state, int64_t near_ns)
{
    const int64_t window_ns = book->rules->bye_window_ns;
    for (size_t i = 0; i < MAX_RECENT && i < book->pairing->n_legs; i++) {
        const leg_end *end = &book->pairing->legs[i];
        const int64_t slack_ns = slack_of(state, end->t_begin_ns, end->t_end_ns, window_ns);
        const int64_t apart_ns = rig_clock_apart_ns(end->t_end_ns, state->call.t_end_ns);
        const bool is_own = near_ns < 0 || (end->leg == NULL && end->call == state);
        const int64_t doubt_ns = is_own ? slack_ns : rivalry_of(slack_ns, apart_ns - near_ns);
        rig_fate_note_gap(state, doubt_ns, 0);
        if (end->call != NULL && end->call != state)
            rig_fate_note_gap(end->call, doubt_ns, 0);
    }
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
        pairing->legs[leg->pending->at].leg = NULL;
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
    book->pairing->legs[pending.at].call = state;
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
    const size_t at = pairing->n_legs++ % MAX_RECENT;
    if (pairing->legs[at].leg != NULL)
        pairing->legs[at].leg->pending->at = -1;
    pairing->legs[at] = (leg_end){
        .leg = leg, .t_begin_ns = leg->pending->t_begin_ns, .t_end_ns = leg->pending->t_end_ns};
    leg->pending->at = (int)at;
}

static void on_leg_over(rig_book *book, rig_leg *leg)
{
    rig_pairing *pairing = book->pairing;
    rig_fate *best = NULL;
    int64_t best_ns = book->rules->bye_window_ns + 1;
    for (size_t i = 0; i < MAX_RECENT; i++) {
        rig_fate *state = pairing->calls[i].state;
        if (state == NULL || pairing->calls[i].is_taken || !may_belong(state, leg->pending))
            continue;
        int64_t apart_ns = rig_clock_apart_ns(leg->pending->t_end_ns, state->call.t_end_ns);
        if (apart_ns < best_ns) {
            best = state;
            best_ns = apart_ns;
        }
    }
    doubt_calls(book, leg->pending, best);
    remember_leg(pairing, leg);
    if (best != NULL)
        pair(book, leg, best);
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
        rig_leg *leg = pairing->legs[i].leg;
        if (leg == NULL || !may_belong(state, leg->pending))
            continue;
        int64_t apart_ns = rig_clock_apart_ns(t_ns, leg->pending->t_end_ns);
        if (apart_ns < best_ns) {
            best = leg;
            best_ns = apart_ns;
        }
    }
    pairing->calls[pairing->n_calls++ % MAX_RECENT] =
        (call_end){.state = state, .is_taken = best != NULL};
    if (best != NULL)
        pair(book, best, state);
    doubt_call(book, state, best != NULL ? best_ns : -1);
}

void rig_pairing_forget_leg(rig_pairing *pairing, rig_leg *leg)
{
    if (leg->pending != NULL)
        drop_leg(pairing, leg);
}

void rig_pairing_forget_call(rig_pairing *pairing, const rig_fate *state)
{
    for (size_t i = 0; i < MAX_RECENT; i++) {
        if (pairing->calls[i].state == state)
            pairing->calls[i].state = NULL;
        if (pairing->legs[i].call == state)
            pairing->legs[i].call = NULL;
    }
}
