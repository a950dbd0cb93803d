/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls that a hop passes on with another Call-ID and another From: a border controller, a
 * carrier's gateway. The new leg comes from the host that a call has reached which nobody has
 * answered yet, goes on to another one, is for the number that the caller dialled, and shows one of
 *   the session of the caller's leg (RFC 7989 section 6),
 *   its charging identifier, icid-value (RFC 7315 section 4.6),
 *   its session description, by origin, address and port (RFC 8866 sections 5.2, 5.7 and 5.14),
 *   its caller's number, written otherwise (with a code of the country or an exchange before it),
 *   in From or P-Asserted-Identity (RFC 3325).
 * What two calls that wait at one time have in common tells nothing. A call that shows none of
 * these is told of (rig_strays_looks_like_leg). */
#include <stdlib.h>

#include "analyzer/calls/book.h"
#include "analyzer/calls/hash.h"
#include "analyzer/sip/values.h"

/* So soon a hop passes a call on where an identifier that is the call's own tells, and where a
 * number or a description does: these come again. */
#define OWN_WINDOW_NS (32 * RIG_NS_PER_S) /* RFC 3261 17.1.1.2: timer B */
#define WINDOW_NS     (4 * RIG_NS_PER_S)

/* So much earlier than its call may a leg be captured, where clocks differ. */
#define EARLY_NS RIG_NS_PER_S

enum {
    MIN_PLACES = 64,
    MAX_PLACES = 65536, /* more is not kept of what calls show that began lately: the newest */
    N_TAIL = 7,         /* last digits by which numbers are compared */
    MIN_TAIL = 4,       /* fewer are an extension's: they come again elsewhere */
    MIN_ORIGIN = 5      /* digits of a session's number in o=; "0" and "1" are everybody's */
};

typedef struct shown {
    uint64_t key;    /* 0: free */
    rig_fate *state; /* NULL: two calls have shown it */
    int64_t t_ns;
    uint32_t next; /* in its bucket; 0: none */
    bool is_own;   /* of an identifier that is the call's own */
} shown;

/* Each key has a number, from 1, and lies in the place of the ring that follows from it. The ring
 * holds those after n_gone, up to n_given; the places of some of them are free. */
struct rig_passed_on {
    shown *ring;
    uint32_t *buckets; /* as many as places */
    uint32_t n_places; /* a power of two */
    uint32_t n_given, n_gone;
    uint64_t read_of; /* the leg of which `keys` are: the last that was asked for */
    uint64_t keys[RIG_N_SHOWN];
};

static const char *const words[RIG_N_SHOWN] = {"session identifier", "charging identifier",
                                               "session description", "number of From",
                                               "asserted number"};

static shown *place_of(const struct rig_passed_on *p, uint32_t number)
{
    return &p->ring[number & (p->n_places - 1)];
}

static uint32_t *bucket_of(const struct rig_passed_on *p, uint64_t key)
{
    return &p->buckets[(uint32_t)key & (p->n_places - 1)];
}

/* @return whether there is memory for so many places; else all is as it was. */
static bool set_places(struct rig_passed_on *p, uint32_t n_places)
{
    struct rig_passed_on wider = *p;
    wider.n_places = n_places;
    wider.ring = calloc(n_places, sizeof *wider.ring);
    wider.buckets = calloc(n_places, sizeof *wider.buckets);
    if (wider.ring == NULL || wider.buckets == NULL) {
        free(wider.ring);
        free(wider.buckets);
        return false;
    }
    for (uint32_t number = p->n_gone; number != p->n_given;) {
        const shown *s = place_of(p, ++number);
        shown *moved = place_of(&wider, number);
        if (s->key == 0)
            continue;
        *moved = *s;
        moved->next = *bucket_of(&wider, s->key);
        *bucket_of(&wider, s->key) = number;
    }
    free(p->ring);
    free(p->buckets);
    *p = wider;
    return true;
}

rig_status rig_passed_on_new(struct rig_passed_on **passed_on, rig_error *err)
{
    struct rig_passed_on *made = calloc(1, sizeof *made);
    if (made == NULL || !set_places(made, MIN_PLACES)) {
        free(made);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    *passed_on = made;
    return RIG_OK;
}

void rig_passed_on_free(struct rig_passed_on *passed_on)
{
    if (passed_on == NULL)
        return;
    free(passed_on->ring);
    free(passed_on->buckets);
    free(passed_on);
}

/* ---- what an INVITE shows ---- */

/* The last digits of a number; of another name all of it. 0: too little to tell. */
static uint64_t tail_of(rig_slice user, size_t n_least)
{
    char digits[N_TAIL];
    size_t n = 0;
    for (size_t i = user.n; i > 0 && n < N_TAIL; i--) {
        const char c = user.p[i - 1];
        if (c >= '0' && c <= '9')
            digits[n++] = c;
        else if (c != '-' && c != '.' && c != '(' && c != ')' && c != '+')
            return rig_sip_name_hash(user);
    }
    return n < n_least ? 0 : rig_hash_slice(9, (rig_slice){digits, n}) | 1;
}

static rig_slice line_of(rig_slice body, const char *name)
{
    while (body.n > 0) {
        const size_t n = rig_slice_find(body, '\n');
        if (rig_slice_starts_nocase(body, name))
            return rig_slice_trim((rig_slice){body.p, n});
        body = rig_slice_skip(body, n + 1);
    }
    return (rig_slice){.p = NULL, .n = 0};
}

/* Who hands a description on as it is leaves all of this. */
static uint64_t description_key(const rig_sip *sip)
{
    const rig_slice origin = line_of(sip->body, "o=");
    const rig_slice rest = rig_slice_skip(origin, rig_slice_find(origin, ' ') + 1);
    if (rig_slice_find(rest, ' ') < MIN_ORIGIN)
        return 0;
    uint64_t hash = rig_hash_slice(10, origin);
    hash = rig_hash_slice(hash, line_of(sip->body, "c="));
    return rig_hash_slice(hash, line_of(sip->body, "m=")) | 1;
}

static uint64_t charging_key(rig_slice value)
{
    rig_slice first = value; /* the parameter stands first (RFC 7315 section 5.6) */
    if (!rig_slice_starts_nocase(first, "icid-value="))
        return 0;
    first = rig_slice_skip(first, sizeof "icid-value=" - 1);
    first.n = rig_slice_find(first, ';');
    return first.n == 0 ? 0 : rig_hash_slice(11, rig_slice_trim(first)) | 1;
}

/* What a leg's INVITE shows, with the number that is called; 0: nothing of the kind. Read once of
 * each leg, though it is asked for when it is joined and again when it is a call. */
static const uint64_t *keys_of(const rig_book *book, const rig_leg *leg, const rig_sip *sip)
{
    uint64_t *keys = book->passed_on->keys;
    if (book->passed_on->read_of == leg->number)
        return keys;
    book->passed_on->read_of = leg->number;
    const rig_rules *rules = book->rules;
    const uint64_t dialled = tail_of(sip->to_name, 1);
    const rig_slice asserted = rig_sip_extra_value(sip, rules->asserted);
    keys[RIG_SHOWN_SESSION] = rig_joins_session_key(rig_sip_extra_value(sip, rules->session));
    keys[RIG_SHOWN_CHARGING] = charging_key(rig_sip_extra_value(sip, rules->charging));
    keys[RIG_SHOWN_DESCRIPTION] = description_key(sip);
    keys[RIG_SHOWN_FROM] = tail_of(sip->from_name, MIN_TAIL);
    keys[RIG_SHOWN_ASSERTED] = tail_of(rig_sip_user_of(asserted), MIN_TAIL);
    if (keys[RIG_SHOWN_ASSERTED] == keys[RIG_SHOWN_FROM])
        keys[RIG_SHOWN_ASSERTED] = 0;
    for (int i = 0; i < RIG_N_SHOWN; i++)
        keys[i] = keys[i] != 0 && dialled != 0 ? rig_hash_word(keys[i], dialled) | 1 : 0;
    return keys;
}

/* A key of a call that a host has received, or has sent. */
static uint64_t received_at(uint64_t key, rig_endpoint host)
{
    return rig_joins_number_key(key, host);
}

static uint64_t sent_by(uint64_t key, rig_endpoint host)
{
    return key == 0 ? 0 : rig_joins_number_key(rig_hash_word(key, 12) | 1, host);
}

/* The number of what shows a key; 0: nothing of late. */
static uint32_t find_number(const struct rig_passed_on *p, uint64_t key)
{
    uint32_t number = *bucket_of(p, key);
    while (number != 0 && place_of(p, number)->key != key)
        number = place_of(p, number)->next;
    return number;
}

/* What shows a key; NULL: nothing of late. */
static const shown *find_shown(const rig_book *book, uint64_t key)
{
    const uint32_t number = find_number(book->passed_on, key);
    return number != 0 ? place_of(book->passed_on, number) : NULL;
}

static void forget_shown(struct rig_passed_on *p, uint32_t number)
{
    shown *s = place_of(p, number);
    uint32_t *at = bucket_of(p, s->key);
    while (*at != number)
        at = &place_of(p, *at)->next;
    *at = s->next;
    *s = (shown){.key = 0};
}

static bool is_own(int kind)
{
    return kind == RIG_SHOWN_SESSION || kind == RIG_SHOWN_CHARGING;
}

/* Whether a leg that comes now may still be the call's that shows this. */
static bool is_fresh(const shown *s, int64_t t_ns)
{
    return t_ns - s->t_ns <= (s->is_own ? OWN_WINDOW_NS : WINDOW_NS) + EARLY_NS;
}

static void forget_oldest(struct rig_passed_on *p)
{
    const uint32_t number = p->n_gone + 1;
    if (place_of(p, number)->key != 0)
        forget_shown(p, number);
    p->n_gone = number;
}

/* What is too old to tell anything is let go, so that few places are in use, and in the cache. */
static void forget_old(struct rig_passed_on *p, int64_t t_ns)
{
    while (p->n_gone != p->n_given) {
        const shown *oldest = place_of(p, p->n_gone + 1);
        if (oldest->key != 0 && is_fresh(oldest, t_ns) && p->n_given != UINT32_MAX)
            return;
        forget_oldest(p);
    }
    if (p->n_given == UINT32_MAX) /* the numbers are used up */
        p->n_given = p->n_gone = 0;
}

/* @return the number of a key that nothing shows yet. */
static uint32_t add_shown(struct rig_passed_on *p, uint64_t key, int64_t t_ns)
{
    forget_old(p, t_ns);
    const bool is_full = p->n_given - p->n_gone == p->n_places;
    if (is_full && (p->n_places == MAX_PLACES || !set_places(p, 2 * p->n_places)))
        forget_oldest(p);
    const uint32_t number = ++p->n_given;
    *place_of(p, number) = (shown){.key = key, .next = *bucket_of(p, key)};
    *bucket_of(p, key) = number;
    return number;
}

static bool is_on(const rig_book *book)
{
    for (size_t i = 0; i < book->rules->n_joins; i++) {
        const rig_join_rule *join = &book->rules->joins[i];
        if (join->kind == RIG_JOIN_NUMBER)
            return !join->same_dialled_is_agent;
    }
    return false;
}

/* A call shows a key of a kind. @return its number. */
static uint32_t show(const rig_book *book, rig_fate *state, int kind, uint64_t key, int64_t t_ns)
{
    struct rig_passed_on *p = book->passed_on;
    uint32_t number = find_number(p, key);
    const bool is_new = number == 0;
    if (is_new)
        number = add_shown(p, key, t_ns);
    shown *s = place_of(p, number);
    const bool is_shared = !is_new && s->state != state && t_ns - s->t_ns <= WINDOW_NS;
    s->state = is_shared ? NULL : state;
    s->is_own = is_own(kind);
    s->t_ns = t_ns;
    return number;
}

void rig_passed_on_note(rig_book *book, rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    if (!is_on(book) || rig_endpoint_same_host(state->caller, state->centre))
        return;
    const uint64_t *keys = keys_of(book, state->leg, sip);
    for (int i = 0; i < RIG_N_SHOWN; i++) {
        if (keys[i] == 0)
            continue;
        state->shown[i] = show(book, state, i, received_at(keys[i], state->centre), t_ns);
        state->shown[RIG_N_SHOWN + i] = show(book, state, i, sent_by(keys[i], state->caller), t_ns);
    }
}

void rig_passed_on_forget(rig_book *book, const rig_fate *state)
{
    struct rig_passed_on *p = book->passed_on;
    for (int i = 0; i < 2 * RIG_N_SHOWN; i++) {
        const uint32_t number = state->shown[i];
        if (number == 0 || number - 1 - p->n_gone >= p->n_given - p->n_gone)
            continue; /* gone by itself */
        const shown *s = place_of(p, number);
        if (s->key != 0 && s->state == state)
            forget_shown(p, number);
    }
}

/* ---- legs that were captured before their calls ---- */

static bool is_early_leg_of(const rig_fate *leg, const rig_fate *state)
{
    const int64_t lead_ns = state->call.t_invite_ns - leg->call.t_invite_ns;
    return leg != state && leg->n_refs == 1 && leg->leg != NULL && lead_ns >= 0 &&
           lead_ns <= EARLY_NS && !rig_endpoint_same_host(leg->centre, state->caller);
}

void rig_passed_on_absorb(rig_book *book, rig_fate *state, const rig_sip *sip)
{
    if (!is_on(book) || rig_endpoint_same_host(state->caller, state->centre) ||
        !rig_strays_has_sent(book, state->centre))
        return;
    const uint64_t *keys = keys_of(book, state->leg, sip);
    for (int i = 0; i < RIG_N_SHOWN; i++) {
        const uint64_t key = sent_by(keys[i], state->centre);
        const shown *s = key != 0 ? find_shown(book, key) : NULL;
        if (s == NULL || s->state == NULL)
            continue;
        rig_book_note_edge(book, state->call.t_invite_ns - s->state->call.t_invite_ns, EARLY_NS);
        if (!is_early_leg_of(s->state, state))
            continue;
        rig_book_hand_over(book, s->state, state, RIG_LEG_OF_RELAY);
        return;
    }
}

/* ---- a new leg ---- */

static bool may_be_of(const rig_fate *state, const rig_leg *leg, int64_t waited_ns,
                      int64_t window_ns)
{
    return rig_fate_is_of_caller_alone(state) && state->end == RIG_END_NONE && state->leg != leg &&
           waited_ns >= 0 && waited_ns <= window_ns &&
           !rig_endpoint_same_host(leg->caller, state->caller) &&
           !rig_endpoint_same_host(leg->callee, state->caller) &&
           !rig_endpoint_same_host(leg->caller, leg->callee);
}

bool rig_passed_on_decide(rig_book *book, rig_leg *leg, const rig_sip *sip, int64_t t_ns,
                          const char **why)
{
    if (!is_on(book) || !rig_strays_had_calls_up(book, leg->caller, t_ns))
        return false;
    const uint64_t *keys = keys_of(book, leg, sip);
    for (int i = 0; i < RIG_N_SHOWN; i++) {
        const uint64_t key = received_at(keys[i], leg->caller);
        const shown *s = key != 0 ? find_shown(book, key) : NULL;
        if (s == NULL || s->state == NULL)
            continue;
        const int64_t window_ns = is_own(i) ? OWN_WINDOW_NS : WINDOW_NS;
        rig_book_note_edge(book, t_ns - s->t_ns, window_ns);
        if (s->state->call.t_end_ns != RIG_NO_TIME)
            rig_book_note_edge(book, t_ns, s->state->call.t_end_ns);
        if (!may_be_of(s->state, leg, t_ns - s->t_ns, window_ns))
            continue;
        leg->call = s->state;
        leg->role = RIG_LEG_OF_RELAY;
        *why = words[i];
        return true;
    }
    return false;
}
