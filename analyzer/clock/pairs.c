/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/clock/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/hash.h"
#include "core/clock.h"

enum {
    N_OPEN = 4096,   /* pairs that wait for their other half */
    N_PLACES = 1024, /* endpoints */
    N_LEAST = 16,    /* smallest times that are kept */
    LOOK_AT_ALL = 4000,
    ONE_IN = 16,
    MIN_EARLY = 3,
    ONE_OF_EARLY = 20 /* of the early ones, this part may be a request that the capture missed */
};

/* Which calls are looked at, and which pairs meet in one place, must be the same each time. Who
 * makes them meet hides his own offset, and costs no time: a place holds one pair. */
static const rig_hash_key as_always = {UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xe7037ed1a0b428db),
                                       UINT64_C(0xa0761d6478bd642f)};

/* Further apart, a message and its answer are of two runs that use their identifiers again. */
#define LONGEST_NS (60 * RIG_NS_PER_S)

/* A message and its answer, of which one may be there. */
typedef struct open_pair {
    uint64_t key; /* 0: free */
    int64_t t_cause_ns, t_effect_ns;
    uint16_t cause_source, effect_source;
    bool has_cause, has_effect;
    bool is_done; /* or of no use: the cause came twice */
} open_pair;

/* Times at an endpoint, from a message to its answer. */
typedef struct times {
    uint64_t n, n_early;
    unsigned n_least;
    int64_t least_ns[N_LEAST]; /* ascending */
} times;

typedef struct place {
    rig_endpoint at;
    rig_endpoint early_with; /* the other end of an early pair */
    bool is_used;
    uint16_t source;      /* of the last pair */
    size_t number;        /* in the order in which they came up */
    times received, sent; /* from a message that it received, or sent, to the answer */
} place;

struct rig_offset_pairs {
    uint64_t n_messages, n_early;
    open_pair open[N_OPEN];
    place places[N_PLACES];
    size_t n_places;
};

rig_status rig_offsets_new(rig_offset_pairs **pairs, rig_error *err)
{
    rig_offset_pairs *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    *pairs = made;
    return RIG_OK;
}

void rig_offsets_free(rig_offset_pairs *pairs)
{
    free(pairs);
}

static place *place_of(rig_offset_pairs *p, rig_endpoint at)
{
    size_t i = rig_hash_endpoint(0, at) % N_PLACES;
    while (p->places[i].is_used && !rig_endpoint_eq(p->places[i].at, at))
        i = (i + 1) % N_PLACES;
    if (p->places[i].is_used)
        return &p->places[i];
    if (p->n_places == N_PLACES / 4 * 3)
        return NULL;
    p->places[i] = (place){.at = at, .is_used = true, .number = p->n_places++};
    return &p->places[i];
}

static void add(times *t, int64_t gap_ns)
{
    t->n++;
    t->n_early += gap_ns < 0;
    if (t->n_least == N_LEAST && gap_ns >= t->least_ns[N_LEAST - 1])
        return;
    unsigned at = t->n_least < N_LEAST ? t->n_least++ : N_LEAST - 1;
    for (; at > 0 && t->least_ns[at - 1] > gap_ns; at--)
        t->least_ns[at] = t->least_ns[at - 1];
    t->least_ns[at] = gap_ns;
}

/* Where a message is looked at, and of which source it is. */
typedef struct seen_at {
    rig_clock_ties *ties;
    uint16_t source;
} seen_at;

/* Another source that sees the same host. */
static void note_host(const seen_at *at, place *seen)
{
    if (seen == NULL)
        return;
    if (seen->source != 0 && seen->source != at->source)
        rig_ties_note_host(at->ties, seen->source, at->source);
    seen->source = at->source;
}

/* The cause went from `from` to `to`, its effect back. */
static void add_pair(rig_offset_pairs *p, const seen_at *at, rig_endpoint from, rig_endpoint to,
                     int64_t gap_ns)
{
    if (gap_ns > LONGEST_NS || gap_ns < -LONGEST_NS)
        return;
    place *sender = place_of(p, from), *receiver = place_of(p, to);
    note_host(at, sender);
    note_host(at, receiver);
    p->n_early += gap_ns < 0;
    if (sender != NULL)
        add(&sender->sent, gap_ns);
    if (receiver != NULL)
        add(&receiver->received, gap_ns);
    if (gap_ns < 0 && sender != NULL)
        sender->early_with = to;
    if (gap_ns < 0 && receiver != NULL)
        receiver->early_with = from;
}

/* A half that is there already, in another source: the same message, captured twice. */
static void note_copy(const seen_at *at, const open_pair *o, bool is_cause, int64_t t_ns)
{
    const bool is_there = is_cause ? o->has_cause : o->has_effect;
    const uint16_t source = is_cause ? o->cause_source : o->effect_source;
    if (is_there && source != at->source)
        rig_ties_note_copy(at->ties, source, at->source,
                           rig_clock_apart_ns(t_ns, is_cause ? o->t_cause_ns : o->t_effect_ns));
}

/* One half of a pair. `from` sent it if it is the cause, else received it. */
static void take_half(rig_offset_pairs *p, const seen_at *at, uint64_t key, bool is_cause,
                      const rig_packet *packet)
{
    open_pair *o = &p->open[(key >> 20) % N_OPEN];
    if (o->key != key)
        *o = (open_pair){.key = key};
    note_copy(at, o, is_cause, packet->t_ns);
    if (o->is_done)
        return;
    if (is_cause) {
        o->is_done = o->has_cause; /* sent again: which one is answered? */
        o->t_cause_ns = packet->t_ns;
        o->cause_source = at->source;
        o->has_cause = true;
    } else if (!o->has_effect) {
        o->t_effect_ns = packet->t_ns;
        o->effect_source = at->source;
        o->has_effect = true;
    }
    if (o->is_done || !o->has_cause || !o->has_effect)
        return;
    o->is_done = true;
    rig_ties_tie(at->ties, o->cause_source, o->effect_source);
    add_pair(p, at, is_cause ? packet->src : packet->dst, is_cause ? packet->dst : packet->src,
             o->t_effect_ns - o->t_cause_ns);
}

static uint64_t both_ends(const rig_packet *packet)
{
    return rig_hash_endpoint_with(&as_always, 0, packet->src) +
           rig_hash_endpoint_with(&as_always, 0, packet->dst);
}

void rig_offsets_take(rig_offset_pairs *p, rig_clock_ties *ties, uint16_t source,
                      const rig_sip *sip, const rig_packet *packet)
{
    const seen_at at = {ties, source};
    const rig_hash_key *k = &as_always;
    const uint64_t call = rig_hash_slice_with(k, 0, sip->call_id);
    if (++p->n_messages > LOOK_AT_ALL && call / 7 % ONE_IN != 0)
        return;
    uint64_t hop = rig_hash_word_with(k, call ^ both_ends(packet), sip->cseq);
    bool is_ack = sip->method == RIG_SIP_ACK;
    if (!is_ack) {
        uint64_t key = rig_hash_slice_with(k, hop, sip->via_branch);
        key = rig_hash_word_with(k, key, (uint64_t)sip->method << 1) | 1;
        take_half(p, &at, key, sip->is_request, packet);
    }
    if ((is_ack && sip->is_request) || (sip->method == RIG_SIP_INVITE && sip->code >= 200))
        take_half(p, &at, rig_hash_word_with(k, hop, 1) | 1, !is_ack, packet);
}

/* ---- what they say */

static int64_t least(const times *t)
{
    uint64_t n_doubtful = t->n_early / ONE_OF_EARLY;
    return t->least_ns[n_doubtful < t->n_least ? n_doubtful : t->n_least - 1];
}

/* Whether so many answers come first that the capture did not just miss what they answer. */
static bool is_early(const times *t)
{
    return t->n_early > 0 && least(t) < 0 &&
           (2 * t->n_early >= t->n || (t->n_early >= MIN_EARLY && 20 * t->n_early >= t->n));
}

static rig_clock_offset offset_of(const place *at, const times *early, const times *other, int sign)
{
    rig_clock_offset o = {.at = at->at,
                          .at_least_ns = -least(early),
                          .n_pairs = early->n + other->n,
                          .n_early = early->n_early};
    o.early_ns = o.at_least_ns;
    o.has_most = other->n > 0 && least(other) >= o.at_least_ns;
    if (o.has_most) {
        o.at_most_ns = least(other);
        o.early_ns = o.at_least_ns + (o.at_most_ns - o.at_least_ns) / 2;
    }
    o.early_ns *= sign;
    o.at_least_ns *= sign;
    o.at_most_ns *= sign;
    return o;
}

int64_t rig_offsets_most_ns(const rig_offset_pairs *p)
{
    int64_t most_ns = 0;
    for (size_t i = 0; i < N_PLACES; i++) {
        const place *at = &p->places[i];
        if (!at->is_used || at->received.n == 0 || at->sent.n == 0)
            continue;
        /* what it sends is early by no less than -r, and no more than s (clock_offset.h) */
        const int64_t r_ns = llabs(least(&at->received)), s_ns = llabs(least(&at->sent));
        most_ns = r_ns > most_ns ? r_ns : most_ns;
        most_ns = s_ns > most_ns ? s_ns : most_ns;
    }
    return most_ns;
}

static bool is_told(const rig_clock_offsets *offsets, rig_endpoint at)
{
    for (unsigned i = 0; i < offsets->n; i++) {
        if (rig_endpoint_eq(offsets->of[i].at, at))
            return true;
    }
    return false;
}

/* The place with most early pairs of which neither end is told yet; of two the one that came up
 * first. */
static const place *next_place(const rig_offset_pairs *p, const rig_clock_offsets *offsets)
{
    const place *best = NULL;
    uint64_t n_best = 0;
    for (size_t i = 0; i < N_PLACES; i++) {
        const place *at = &p->places[i];
        uint64_t n = (is_early(&at->received) ? at->received.n_early : 0) +
                     (is_early(&at->sent) ? at->sent.n_early : 0);
        const bool is_more =
            n > n_best || (n == n_best && best != NULL && at->number < best->number);
        if (n > 0 && is_more && !is_told(offsets, at->at) && !is_told(offsets, at->early_with)) {
            best = at;
            n_best = n;
        }
    }
    return best;
}

void rig_offsets_read(const rig_offset_pairs *p, rig_clock_offsets *offsets)
{
    *offsets = (rig_clock_offsets){.n_early = p->n_early};
    while (offsets->n < RIG_MAX_CLOCK_OFFSETS) {
        const place *at = next_place(p, offsets);
        if (at == NULL)
            return;
        bool is_of_sent = !is_early(&at->received) ||
                          (is_early(&at->sent) && at->sent.n_early > at->received.n_early);
        offsets->of[offsets->n++] = is_of_sent ? offset_of(at, &at->sent, &at->received, -1)
                                               : offset_of(at, &at->received, &at->sent, 1);
    }
}
