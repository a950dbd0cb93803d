/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents' legs of calls that are gone, and calls that look like legs.
 *
 * A leg from the centre to an agent shows the caller's number (RIG_JOIN_NUMBER). Its call may be
 * over for a moment already: the centre dialled the agent before it heard the caller hang up. Or
 * the call began before the capture: then it shows its number in any message of its own leg, before
 * or after the agent's leg begins. Such a leg is no call. */
#include <stdlib.h>

#include "analyzer/calls/book.h"
#include "analyzer/calls/hash.h"

/* So long after a call's end an agent may be dialled for it. */
#define JUST_OVER_NS (5 * RIG_NS_PER_S)

/* So much earlier than its call may a leg be captured, where clocks differ. */
#define EARLY_LEG_NS RIG_NS_PER_S

enum {
    N_RECENT = 8192, /* calls that were over lately; a newer one takes the place of an older one */
    MAX_SAME_KEY = 64, /* calls of one number and host that are looked at */
    N_HOSTS = 1024,    /* addresses that callers call, or call from .. */
    MAX_HOSTS = N_HOSTS / 2
};

typedef struct recent {
    uint64_t key; /* number and centre; 0: free */
    int64_t t_over_ns;
    uint16_t port;    /* of the centre */
    bool is_one_host; /* the caller is at the same address: the port tells */
} recent;

typedef struct host {
    rig_endpoint at;
    uint32_t n_up;   /* calls in progress that it was sent */
    int64_t t_over_ns; /* when the last of them was over; 0: none was */
    bool has_received; /* a call has come to it */
    uint32_t n_before; /* calls that it sent before the first came */
    bool is_caller;  /* a call came from it .. */
    bool is_sender;  /* .. or what looks like a leg */
    bool is_agent;   /* an agent's leg went to it */
    uint32_t n_talk; /* agents who talk there */
    bool is_present; /* the slot is taken */
} host;

struct rig_strays {
    recent recent[N_RECENT];
    host hosts[N_HOSTS];
    size_t n_hosts;
};

/* What an orphan shows: the number of its caller and the host of its callee, if it is the From or
 * if it is the To that names the caller. */
struct rig_orphan {
    rig_number_link of_from, of_to;
};

rig_status rig_strays_new(struct rig_strays **strays, rig_error *err)
{
    struct rig_strays *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    *strays = made;
    return RIG_OK;
}

void rig_strays_free(struct rig_strays *strays)
{
    free(strays);
}

/* ---- hosts ---- */

/* The slot of a host, or the free one where it belongs; NULL when the table is full. */
static host *find_host(struct rig_strays *strays, rig_endpoint at)
{
    size_t i = (size_t)rig_hash_word(at.ip_high, at.ip_low) % N_HOSTS;
    for (size_t n = 0; n < N_HOSTS; n++, i = (i + 1) % N_HOSTS) {
        host *h = &strays->hosts[i];
        if (!h->is_present || rig_endpoint_same_host(h->at, at))
            return h;
    }
    return NULL;
}

static host *add_host(struct rig_strays *strays, rig_endpoint at)
{
    host *h = find_host(strays, at);
    if (h == NULL || h->is_present)
        return h;
    if (strays->n_hosts >= MAX_HOSTS)
        return NULL; /* so many addresses are no call centre's: nothing is told of them */
    strays->n_hosts++;
    h->is_present = true;
    h->at = at;
    return h;
}

/* ---- what a host sends before a call comes to it ---- */

/* Where a capture begins while callers wait, the first calls of their centre are agents' legs,
 * though they show none of it: of a host that calls come to later, what it sent before may be such.
 */
static void note_before(host *from, const host *to, rig_fate *state)
{
    if (from->has_received || state->is_before || state->looks_like_leg || to == NULL ||
        to->is_caller || to == from)
        return;
    state->is_before = true;
    from->n_before++;
}

/* A call from whoever calls have come to says nothing: phones that call each other, a centre that
 * calls out by the carrier that brings its calls. */
static void note_first_received(rig_book *book, host *centre, const host *from)
{
    if (centre->has_received)
        return;
    centre->has_received = true;
    if (from == NULL || from->has_received)
        centre->n_before = 0;
    book->counts.n_leg_pairs += centre->n_before;
}

void rig_strays_note_dropped(rig_book *book, const rig_fate *state)
{
    host *from = state->is_before ? find_host(book->strays, state->caller) : NULL;
    if (from == NULL || !from->is_present || from->n_before == 0)
        return;
    from->n_before--;
    book->counts.n_leg_pairs -= from->has_received;
}

void rig_strays_note_call(rig_book *book, rig_fate *state)
{
    state->counted_at = state->centre;
    host *centre = add_host(book->strays, state->centre);
    host *caller = add_host(book->strays, state->caller);
    if (centre != NULL) {
        centre->n_up++;
        note_first_received(book, centre, caller);
    }
    if (caller != NULL) {
        note_before(caller, centre, state);
        caller->is_sender = true;
        caller->is_caller |= !state->looks_like_leg && !caller->is_agent;
    }
}

/* ---- agents' phones ---- */

void rig_strays_note_talk(const rig_book *book, rig_leg *leg, bool talks)
{
    if (talks == leg->is_counted_talk)
        return;
    host *phone = add_host(book->strays, leg->callee);
    if (phone == NULL)
        return;
    leg->is_counted_talk = talks;
    phone->is_agent = true;
    phone->n_talk = talks ? phone->n_talk + 1 : phone->n_talk - (phone->n_talk > 0);
}

/* A host that callers call from tells nothing: a proxy between all phones and the centre, or the
 * one host of a rig. */
bool rig_strays_is_by_agent(const rig_book *book, const rig_leg *leg)
{
    const host *from = find_host(book->strays, leg->caller);
    return from != NULL && from->is_present && from->is_agent && !from->is_caller &&
           !rig_endpoint_same_host(leg->caller, leg->callee);
}

bool rig_strays_is_consultation(const rig_book *book, const rig_leg *leg)
{
    return rig_strays_is_by_agent(book, leg) && find_host(book->strays, leg->caller)->n_talk > 0 &&
           rig_strays_has_calls_up(book, leg->callee);
}

bool rig_strays_has_calls_up(const rig_book *book, rig_endpoint at)
{
    const host *h = find_host(book->strays, at);
    return h != NULL && h->is_present && h->n_up > 0;
}

bool rig_strays_had_calls_up(const rig_book *book, rig_endpoint at, int64_t t_ns)
{
    const host *h = find_host(book->strays, at);
    return h != NULL && h->is_present && (h->n_up > 0 || t_ns - h->t_over_ns <= EARLY_LEG_NS);
}

bool rig_strays_may_have_calls_up(const rig_book *book, rig_endpoint at)
{
    return book->strays->n_hosts >= MAX_HOSTS || rig_strays_has_calls_up(book, at);
}

bool rig_strays_has_sent(const rig_book *book, rig_endpoint at)
{
    const host *h = find_host(book->strays, at);
    return h != NULL && h->is_present && h->is_sender;
}

bool rig_strays_looks_like_leg(const rig_book *book, const rig_leg *leg)
{
    if (rig_endpoint_same_host(leg->caller, leg->callee))
        return false;
    const host *from = find_host(book->strays, leg->caller);
    const host *to = find_host(book->strays, leg->callee);
    bool is_centre = from != NULL && from->is_present && from->n_up > 0;
    return is_centre && to != NULL && !(to->is_present && to->is_caller);
}

/* ---- calls that were over lately ---- */

void rig_strays_note_over(rig_book *book, const rig_fate *state, int64_t t_ns)
{
    host *centre = find_host(book->strays, state->counted_at);
    if (centre != NULL && centre->is_present && centre->n_up > 0) {
        centre->n_up--;
        centre->t_over_ns = t_ns;
    }
    const rig_endpoint at = state->is_relayed ? state->relay : state->centre;
    uint64_t key = rig_joins_number_key(state->number, at);
    if (key == 0)
        return;
    book->strays->recent[key % N_RECENT] =
        (recent){.key = key,
                 .t_over_ns = t_ns,
                 .port = at.port,
                 .is_one_host = rig_endpoint_same_host(at, state->caller)};
}

static bool is_just_over(rig_book *book, const rig_leg *leg, uint64_t key, int64_t t_ns)
{
    const recent *r = &book->strays->recent[key % N_RECENT];
    if (r->key != key || (r->is_one_host && r->port != leg->caller.port))
        return false;
    const int64_t apart_ns = rig_clock_apart_ns(t_ns, r->t_over_ns);
    rig_book_note_edge(book, apart_ns, JUST_OVER_NS);
    rig_book_note_edge(book, apart_ns, 0); /* before the end it would have been the call's */
    return apart_ns <= JUST_OVER_NS;
}

bool rig_strays_is_one(rig_book *book, const rig_leg *leg, const rig_sip *sip, int64_t t_ns)
{
    if (!book->rules->has_number_join)
        return false;
    uint64_t key = rig_joins_number_key(sip->from_user, leg->caller);
    if (key == 0)
        return false;
    return rig_number_index_first(&book->orphans, key) != NULL ||
           is_just_over(book, leg, key, t_ns);
}

/* ---- legs that were captured before their calls ---- */

void rig_strays_absorb(rig_book *book, rig_fate *state)
{
    const uint64_t key = rig_joins_number_key(state->number, state->centre);
    rig_number_link *next;
    int n_seen = 0;
    if (key == 0 || !book->rules->has_number_join ||
        rig_endpoint_same_host(state->caller, state->centre))
        return;
    for (rig_number_link *link = rig_number_index_first(&book->origins, key);
         link != NULL && n_seen < MAX_SAME_KEY; link = next, n_seen++) {
        rig_fate *leg = ((rig_call_key *)link)->state;
        next = rig_number_index_next(link);
        if (leg == state || leg->n_refs != 1 || leg->leg == NULL ||
            rig_endpoint_same_host(leg->centre, state->caller))
            continue;
        const int64_t lead_ns = state->call.t_invite_ns - leg->call.t_invite_ns;
        rig_book_note_edge(book, lead_ns, EARLY_LEG_NS);
        if (lead_ns > EARLY_LEG_NS)
            continue;
        const bool is_relay = (leg->dialled != 0 && leg->dialled == state->dialled) ||
                              rig_sent_on_is_relay(book, leg->centre);
        rig_book_hand_over(book, leg, state, is_relay ? RIG_LEG_OF_RELAY : RIG_LEG_OF_AGENT);
    }
}

/* ---- calls that began before the capture ---- */

/* A call that is up, of the number that an orphan shows, from the host that the orphan's caller has
 * reached: it is the agent's leg of the orphan's call. */
static void withdraw_legs(rig_book *book, uint64_t key)
{
    rig_number_link *next;
    int n_seen = 0;
    for (rig_number_link *link = rig_number_index_first(&book->origins, key);
         link != NULL && n_seen < MAX_SAME_KEY; link = next, n_seen++) {
        rig_fate *state = ((rig_call_key *)link)->state;
        next = rig_number_index_next(link);
        if (state->n_refs == 1 && state->leg != NULL &&
            !rig_endpoint_same_host(state->caller, state->centre))
            rig_book_withdraw(book, state);
    }
}

static rig_status make_orphan(rig_leg *leg, rig_error *err)
{
    leg->orphan = calloc(1, sizeof *leg->orphan);
    return leg->orphan != NULL ? RIG_OK : rig_fail(err, RIG_ENOMEM, "out of memory");
}

rig_status rig_book_note_orphan(rig_book *book, rig_leg *leg, const rig_sip *sip,
                                const rig_packet *packet, rig_error *err)
{
    if (leg->orphan != NULL || !book->rules->has_number_join ||
        rig_endpoint_same_host(packet->src, packet->dst))
        return RIG_OK;
    /* The side of From sent the request; the call's number is known at the other one. */
    rig_endpoint of_from = sip->is_request ? packet->dst : packet->src;
    rig_endpoint of_to = sip->is_request ? packet->src : packet->dst;
    uint64_t from_key = rig_joins_number_key(rig_sip_user_hash(sip->from), of_from);
    uint64_t to_key = rig_joins_number_key(rig_sip_user_hash(sip->to), of_to);
    if (make_orphan(leg, err) != RIG_OK)
        return RIG_ENOMEM;
    if (from_key != 0) {
        rig_number_index_add(&book->orphans, &leg->orphan->of_from, from_key);
        withdraw_legs(book, from_key);
    }
    if (to_key != 0) {
        rig_number_index_add(&book->orphans, &leg->orphan->of_to, to_key);
        withdraw_legs(book, to_key);
    }
    return RIG_OK;
}

rig_status rig_strays_note_consultation(rig_book *book, rig_leg *leg, const rig_sip *sip,
                                        rig_error *err)
{
    const uint64_t key = rig_joins_number_key(sip->from_user, leg->callee);
    if (key == 0 || leg->orphan != NULL || !book->rules->has_number_join)
        return RIG_OK;
    rig_status status = make_orphan(leg, err);
    if (status == RIG_OK)
        rig_number_index_add(&book->orphans, &leg->orphan->of_from, key);
    return status;
}

void rig_book_forget_orphan(rig_book *book, rig_leg *leg)
{
    if (leg->orphan == NULL)
        return;
    rig_number_index_remove(&book->orphans, &leg->orphan->of_from);
    rig_number_index_remove(&book->orphans, &leg->orphan->of_to);
    free(leg->orphan);
    leg->orphan = NULL;
}
