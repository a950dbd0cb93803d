/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that go on under another Call-ID.
 *
 * - Transfer: a REFER (RFC 3515) on the caller's leg asks the caller's side to call someone else;
 * the INVITE that follows comes from there, with the caller's From, to the number of Refer-To; or,
 * where Refer-To names a dialog, with a Replaces header of that dialog (RFC 3891, RFC 5589).
 * - Replaces without such a REFER: the new leg takes the place of the leg that it names.
 * - Target-Dialog (RFC 4538): the request belongs to the call of the dialog that it names.
 * - A further attempt: some callers take a new Call-ID after 401, 407 or a 3xx. It comes at once,
 * from the same host, with the same From and To. */
#include <string.h>

#include "analyzer/calls/book.h"
#include "analyzer/calls/hash.h"
#include "analyzer/sip/values.h"

/* So soon follows a further attempt under a new Call-ID. */
#define AGAIN_NS (5 * RIG_NS_PER_S)

enum { MAX_SAME_KEY = 16, MAX_NAMED = 256 };

static uint64_t again_key(uint64_t number, uint64_t dialled, rig_endpoint caller)
{
    if (number == 0 || dialled == 0)
        return 0;
    return rig_hash_word(rig_joins_number_key(number, caller), dialled ^ 6) | 1;
}

static uint64_t move_key(uint64_t number, uint64_t target, rig_endpoint mover)
{
    if (number == 0 || target == 0)
        return 0;
    return rig_hash_word(rig_joins_number_key(number, mover), target ^ 7) | 1;
}

/* The Call-ID of "call-id;to-tag=..;from-tag=..". */
static rig_slice named_call_id(rig_slice value)
{
    return rig_slice_trim((rig_slice){value.p, rig_slice_find(value, ';')});
}

static uint64_t replace_key(rig_slice call_id)
{
    return call_id.n == 0 ? 0 : rig_hash_slice(8, call_id) | 1;
}

static void put(rig_book *book, rig_call_key *at, rig_fate *state, uint64_t key)
{
    rig_number_index_remove(&book->links, &at->link);
    at->state = state;
    at->link.key = key;
    if (key != 0)
        rig_number_index_add(&book->links, &at->link, key);
}

/* ---- what is told of a call ---- */

/* The Call-ID of the dialog that a Refer-To URI names: ..?Replaces=call-id%3Bto-tag%3D.., escaped.
 * @return it, in text; empty when there is none. */
static rig_slice replaced_of(rig_slice refer_to, char text[MAX_NAMED])
{
    static const char name[] = "replaces=";
    const rig_slice none = {.p = text, .n = 0};
    rig_slice rest = rig_slice_skip(refer_to, rig_slice_find(refer_to, '?') + 1);
    while (rest.n > 0 && !rig_slice_starts_nocase(rest, name))
        rest = rig_slice_skip(rest, rig_slice_find(rest, '&') + 1);
    if (rest.n == 0)
        return none;
    rest = rig_slice_skip(rest, strlen(name));
    size_t n = 0;
    while (n < rest.n && rest.p[n] != '&' && rest.p[n] != '>')
        n++;
    if (n > MAX_NAMED)
        return none;
    n = rig_sip_unescape((rig_slice){rest.p, n}, text);
    return named_call_id((rig_slice){text, n});
}

/* The INVITE that replaces the dialog was captured before the REFER that asked for it: it went on
 * with the call that was made to consult, which is a part of this one. It is told of. */
static void tell_of_early_replaces(rig_book *book, const rig_fate *state, rig_slice call_id)
{
    const rig_leg *leg = call_id.n == 0 ? NULL : rig_leg_table_find(book->table, call_id);
    rig_fate *consulted = leg == NULL ? NULL : leg->call;
    if (consulted == NULL || consulted == state || consulted->moved == NULL ||
        consulted->looks_like_leg)
        return;
    consulted->looks_like_leg = true;
    book->counts.n_leg_pairs++;
}

/* So much earlier than what asked for it may a leg be captured, where clocks differ. */
#define EARLY_NS RIG_NS_PER_S

/* Or so much, if they differ by more; then it is told of with the offset. */
#define EARLY_MOST_NS (5 * RIG_NS_PER_S)

/* What goes on with a call, perhaps, is of another source: it may be no call, by another clock. */
static void note_source(const rig_book *book, rig_fate *state, uint16_t source, int64_t gap_ns)
{
    if (source == state->source)
        return;
    state->other_source = source;
    if (book->ties != NULL)
        rig_ties_note_call(book->ties, state->source, source, gap_ns);
}

/* A leg that goes on with the call may have been captured before what asked for it (a challenge, a
 * REFER): then it was taken for a call of its own. It is told of.
 * @return how far the nearest such leg is from what would have asked for it; INT64_MAX: none. */
static int64_t tell_of_early_leg(rig_book *book, rig_fate *state, uint64_t dialled, int64_t t_ns)
{
    int n = 0;
    int64_t nearest_ns = INT64_MAX;
    if (state->origin.link.key == 0 || dialled == 0)
        return nearest_ns;
    for (rig_number_link *link = rig_number_index_first(&book->origins, state->origin.link.key);
         link != NULL && n < MAX_SAME_KEY; link = rig_number_index_next(link), n++) {
        rig_fate *other = ((rig_call_key *)link)->state;
        const int64_t apart_ns = rig_clock_apart_ns(t_ns, other->call.t_invite_ns);
        if (other == state || other->dialled != dialled || apart_ns > EARLY_MOST_NS)
            continue;
        if (apart_ns < nearest_ns)
            nearest_ns = apart_ns;
        note_source(book, state, other->source, apart_ns);
        if (other->order < state->order || other->looks_like_leg || apart_ns > EARLY_NS)
            continue;
        other->looks_like_leg = true;
        book->counts.n_leg_pairs++;
    }
    return nearest_ns;
}

void rig_transfers_note_refer(rig_book *book, rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    rig_slice refer_to = rig_sip_extra_value(sip, book->rules->refer_to);
    rig_fate_rare *rare = refer_to.n > 0 ? rig_fate_add_rare(state) : NULL;
    if (rare == NULL)
        return;
    put(book, &rare->moves, state,
        move_key(state->number, rig_sip_user_hash(refer_to), state->caller));
    char text[MAX_NAMED];
    const rig_slice replaced = replaced_of(refer_to, text);
    put(book, &rare->replaces, state, replace_key(replaced));
    tell_of_early_replaces(book, state, replaced);
    const int64_t gap_ns = tell_of_early_leg(book, state, rig_sip_user_hash(refer_to), t_ns);
    rig_fate_note_gap(state, gap_ns, 0);
    if (gap_ns < INT64_MAX)
        rig_book_add_gap(book, gap_ns); /* of the leg, which may be no call */
}

void rig_transfers_note_challenge(rig_book *book, rig_fate *state, int64_t t_ns)
{
    rig_fate_rare *rare = rig_fate_add_rare(state);
    if (rare == NULL)
        return;
    rare->again_gap_ns = tell_of_early_leg(book, state, state->dialled, t_ns);
    /* or the further attempt was captured first, with the To tag of the challenge */
    if (rare->t_within_ns != RIG_NO_TIME &&
        rig_clock_apart_ns(t_ns, rare->t_within_ns) < rare->again_gap_ns)
        rare->again_gap_ns = rig_clock_apart_ns(t_ns, rare->t_within_ns);
    put(book, &rare->again, state, again_key(state->number, state->dialled, state->caller));
}

void rig_transfers_unlink(rig_book *book, rig_fate *state)
{
    rig_fate_rare *rare = state->rare;
    if (rare == NULL)
        return;
    rig_number_index_remove(&book->links, &rare->moves.link);
    rig_number_index_remove(&book->links, &rare->replaces.link);
    rig_number_index_remove(&book->links, &rare->again.link);
}

/* ---- what a new leg shows ---- */

/* The newest call of a key. */
static rig_fate *find(const rig_book *book, uint64_t key)
{
    rig_fate *newest = NULL;
    int n = 0;
    if (key == 0)
        return NULL;
    for (rig_number_link *link = rig_number_index_first(&book->links, key);
         link != NULL && n < MAX_SAME_KEY; link = rig_number_index_next(link), n++) {
        rig_fate *state = ((rig_call_key *)link)->state;
        if (newest == NULL || state->order > newest->order)
            newest = state;
    }
    return newest;
}

static rig_leg *named_leg(const rig_book *book, const rig_leg *leg, rig_slice value)
{
    if (value.n == 0)
        return NULL;
    rig_slice call_id = named_call_id(value);
    rig_leg *named = call_id.n == 0 ? NULL : rig_leg_table_find(book->table, call_id);
    return named == leg || named == NULL || named->call == NULL ? NULL : named;
}

/* The leg takes the place of another one. Of a REFER's it is the caller's; the call that was made
 * to consult before (its own, until now) is a part of it. */
static bool decide_replaces(rig_book *book, rig_leg *leg, const rig_sip *sip)
{
    rig_slice value = rig_sip_extra_value(sip, book->rules->replaces);
    if (value.n == 0)
        return false;
    rig_leg *replaced = named_leg(book, leg, value);
    rig_fate *state = find(book, replace_key(named_call_id(value)));
    if (state != NULL) {
        leg->call = state;
        leg->role = RIG_LEG_MOVED;
        if (replaced != NULL && replaced->call != state && replaced->role == RIG_LEG_OF_CALLER &&
            replaced->call->n_refs == 1)
            rig_book_withdraw(book, replaced->call);
        return true;
    }
    if (replaced == NULL)
        return false;
    leg->call = replaced->call;
    leg->role = replaced->role == RIG_LEG_OF_CALLER ? RIG_LEG_MOVED : replaced->role;
    return true;
}

/* Target-Dialog (RFC 4538) and Join (RFC 3911: who listens in, or comes in) name a leg of a call:
 * whoever calls so is no caller. */
static bool decide_named(rig_book *book, rig_leg *leg, rig_slice value)
{
    const rig_leg *named = named_leg(book, leg, value);
    if (named == NULL)
        return false;
    leg->call = named->call;
    leg->role = RIG_LEG_OF_AGENT;
    return true;
}

bool rig_transfers_decide(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                          const char **why)
{
    *why = "Replaces";
    if (sip->n_extra > 0 && decide_replaces(book, leg, sip))
        return true;
    *why = "Target-Dialog";
    if (sip->n_extra > 0 &&
        decide_named(book, leg, rig_sip_extra_value(sip, book->rules->target_dialog)))
        return true;
    *why = "Join";
    if (sip->n_extra > 0 && decide_named(book, leg, rig_sip_extra_value(sip, book->rules->join)))
        return true;
    if (book->links.n == 0)
        return false;
    uint64_t number = sip->from_user;
    uint64_t dialled = sip->to_user;
    *why = "REFER";
    rig_fate *state = find(book, move_key(number, dialled, leg->caller));
    if (state != NULL && state->moved == NULL) {
        leg->call = state;
        leg->role = RIG_LEG_MOVED;
        return true;
    }
    *why = "a further attempt under a new Call-ID";
    state = find(book, again_key(number, dialled, leg->caller));
    if (state == NULL || state->end != RIG_END_CHALLENGED)
        return false;
    const int64_t since_ns = t_ns - state->call.t_end_ns;
    const int64_t out_ns = since_ns < 0 ? -since_ns : since_ns - AGAIN_NS;
    if (out_ns > 0) {
        rig_fate_rare *rare = rig_fate_add_rare(state); /* there: it was found by it */
        if (rare != NULL && out_ns < rare->again_gap_ns)
            rare->again_gap_ns = out_ns;
        note_source(book, state, leg->source, out_ns);
        return false;
    }
    rig_book_note_edge(book, since_ns, AGAIN_NS);
    rig_book_note_edge(book, since_ns, 0);
    leg->call = state;
    leg->role = RIG_LEG_OF_CALLER;
    return true;
}
