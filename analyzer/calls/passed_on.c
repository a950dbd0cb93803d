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
    N_SHOWN = 65536, /* of what calls show that began lately: the newest */
    N_BUCKETS = 16384,
    N_TAIL = 7,    /* last digits by which numbers are compared */
    MIN_TAIL = 4,  /* fewer are an extension's: they come again elsewhere */
    MIN_ORIGIN = 5 /* digits of a session's number in o=; "0" and "1" are everybody's */
};

typedef struct shown {
    uint64_t key;    /* 0: free */
    rig_fate *state; /* NULL: two calls have shown it */
    int64_t t_ns;
    uint32_t next; /* in its bucket: index + 1 */
} shown;

struct rig_passed_on {
    shown ring[N_SHOWN];
    uint32_t buckets[N_BUCKETS]; /* index + 1 */
    uint32_t n_given;            /* places of the ring, ever: the next one is the oldest's */
    uint64_t read_of;            /* the leg of which `keys` are: the last that was asked for */
    uint64_t keys[RIG_N_SHOWN];
};

static const char *const words[RIG_N_SHOWN] = {"session identifier", "charging identifier",
                                               "session description", "number of From",
                                               "asserted number"};

rig_status rig_passed_on_new(struct rig_passed_on **passed_on, rig_error *err)
{
    struct rig_passed_on *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    *passed_on = made;
    return RIG_OK;
}

void rig_passed_on_free(struct rig_passed_on *passed_on)
{
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

/* What shows a key; NULL: nothing of late. */
static shown *find_shown(const rig_book *book, uint64_t key)
{
    struct rig_passed_on *p = book->passed_on;
    for (uint32_t at = p->buckets[key % N_BUCKETS]; at != 0; at = p->ring[at - 1].next) {
        if (p->ring[at - 1].key == key)
            return &p->ring[at - 1];
    }
    return NULL;
}

static void forget_shown(struct rig_passed_on *p, shown *s)
{
    const uint32_t index = (uint32_t)(s - p->ring) + 1;
    uint32_t *at = &p->buckets[s->key % N_BUCKETS];
    while (*at != index)
        at = &p->ring[*at - 1].next;
    *at = s->next;
    *s = (shown){.key = 0};
}

/* A place for a key that nothing shows yet. */
static shown *add_shown(const rig_book *book, uint64_t key)
{
    struct rig_passed_on *p = book->passed_on;
    const uint32_t index = p->n_given++ % N_SHOWN;
    shown *s = &p->ring[index];
    if (s->key != 0)
        forget_shown(p, s);
    *s = (shown){.key = key, .next = p->buckets[key % N_BUCKETS]};
    p->buckets[key % N_BUCKETS] = index + 1;
    return s;
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

/* A call shows a key. @return where that is noted. */
static uint32_t show(rig_book *book, rig_fate *state, uint64_t key, int64_t t_ns)
{
    shown *s = find_shown(book, key);
    const bool is_shared = s != NULL && s->state != state && t_ns - s->t_ns <= WINDOW_NS;
    if (s == NULL)
        s = add_shown(book, key);
    s->state = is_shared ? NULL : state;
    s->t_ns = t_ns;
    return (uint32_t)(s - book->passed_on->ring) + 1;
}

void rig_passed_on_note(rig_book *book, rig_fate *state, const rig_sip *sip, int64_t t_ns)
{
    if (!is_on(book) || rig_endpoint_same_host(state->caller, state->centre))
        return;
    const uint64_t *keys = keys_of(book, state->leg, sip);
    for (int i = 0; i < RIG_N_SHOWN; i++) {
        if (keys[i] == 0)
            continue;
        state->shown[i] = show(book, state, received_at(keys[i], state->centre), t_ns);
        state->shown[RIG_N_SHOWN + i] = show(book, state, sent_by(keys[i], state->caller), t_ns);
    }
}

void rig_passed_on_forget(rig_book *book, const rig_fate *state)
{
    for (int i = 0; i < 2 * RIG_N_SHOWN; i++) {
        shown *s = state->shown[i] != 0 ? &book->passed_on->ring[state->shown[i] - 1] : NULL;
        if (s != NULL && s->state == state) /* a newer one may have taken the place */
            forget_shown(book->passed_on, s);
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
        if (s == NULL || s->state == NULL || !is_early_leg_of(s->state, state))
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
    if (!is_on(book) || !rig_strays_has_calls_up(book, leg->caller))
        return false;
    const uint64_t *keys = keys_of(book, leg, sip);
    for (int i = 0; i < RIG_N_SHOWN; i++) {
        const uint64_t key = received_at(keys[i], leg->caller);
        const bool is_own = i == RIG_SHOWN_SESSION || i == RIG_SHOWN_CHARGING;
        const shown *s = key != 0 ? find_shown(book, key) : NULL;
        if (s == NULL || s->state == NULL ||
            !may_be_of(s->state, leg, t_ns - s->t_ns, is_own ? OWN_WINDOW_NS : WINDOW_NS))
            continue;
        leg->call = s->state;
        leg->role = RIG_LEG_OF_RELAY;
        *why = words[i];
        return true;
    }
    return false;
}
