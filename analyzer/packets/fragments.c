/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/fragments.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/hash.h"
#include "analyzer/packets/sip_framing.h"
#include "core/clock.h"

enum {
    N_BUCKETS = 4096,
    N_CALLS = 256,
    UDP_HEADER = 8,
    MAX_RANGES = 64,
    MAX_DATAGRAM = 65535,
    BUFFER_STEP = 2048,
    PROTOCOL_UDP = 17
};

static const int64_t wait_ns[] = {
    [0] = 20000000,             /* a fragment follows its brother within milliseconds */
    [1] = INT64_C(30000000000), /* Linux: net.ipv4.ipfrag_time */
    [2] = 1000000000,           /* after which an identification may have been used again */
};

/* Which queue an entry waits in; each is in the order in which its entries are due. */
typedef enum phase { PHASE_FRESH = 0, PHASE_LATE, PHASE_DONE, N_PHASES } phase;

typedef struct range {
    uint32_t from, to;
} range;

typedef struct entry {
    struct entry *next_in_bucket;
    struct entry *older, *newer; /* in the queue of its phase */
    rig_fragment_key key;
    uint32_t bucket;
    struct entry *next_of_call; /* in its bucket by Call-ID .. */
    uint64_t call;              /* .. the hash of it; 0: not known */
    phase phase;
    int64_t t_begin_ns; /* of the phase, but PHASE_LATE counts from the first fragment too */
    int64_t t_last_ns;
    uint32_t frame;
    uint8_t *data; /* NULL when it was handed out */
    size_t n_allocated;
    size_t n_total; /* SIZE_MAX until the last fragment is there */
    size_t n_valid; /* before the first byte that was on the wire and not captured */
    size_t n_ranges;
    range ranges[MAX_RANGES]; /* what was there on the wire: ascending, not touching */
} entry;

typedef struct queue {
    entry *oldest, *newest;
} queue;

struct rig_fragments {
    rig_decoder_counts *counts;
    entry *buckets[N_BUCKETS];
    queue queues[N_PHASES];
    entry *calls[N_CALLS]; /* beginnings of SIP messages that are of use, by Call-ID */
    size_t n_entries, n_calls;
    size_t n_held; /* bytes */
};

rig_fragments *rig_fragments_new(rig_decoder_counts *counts)
{
    rig_fragments *f = calloc(1, sizeof *f);
    if (f != NULL)
        f->counts = counts;
    return f;
}

static void enqueue(rig_fragments *f, entry *e, phase to)
{
    queue *q = &f->queues[to];
    e->phase = to;
    e->newer = NULL;
    e->older = q->newest;
    if (q->newest != NULL)
        q->newest->newer = e;
    else
        q->oldest = e;
    q->newest = e;
}

static void dequeue(rig_fragments *f, entry *e)
{
    queue *q = &f->queues[e->phase];
    *(e->older != NULL ? &e->older->newer : &q->oldest) = e->newer;
    *(e->newer != NULL ? &e->newer->older : &q->newest) = e->older;
}

static void drop_data(rig_fragments *f, entry *e)
{
    f->n_held -= e->n_allocated;
    e->n_allocated = 0;
    free(e->data);
    e->data = NULL;
}

/* ---- beginnings of SIP messages, by Call-ID */

static uint64_t hash_of(rig_slice call_id)
{
    return rig_hash_slice(0, call_id) | 1;
}

static void unlink_call(rig_fragments *f, entry *e)
{
    if (e->call == 0)
        return;
    entry **link = &f->calls[(e->call >> 8) % N_CALLS];
    while (*link != e)
        link = &(*link)->next_of_call;
    *link = e->next_of_call;
    e->call = 0;
    f->n_calls--;
}

/* Once so much of the beginning is there that it is of use alone. */
static void link_call(rig_fragments *f, entry *e)
{
    rig_slice call_id;
    if (e->call != 0 || e->key.protocol != PROTOCOL_UDP || e->n_ranges == 0 ||
        e->ranges[0].from != 0)
        return;
    size_t n = e->ranges[0].to < e->n_valid ? e->ranges[0].to : e->n_valid;
    if (n <= UDP_HEADER ||
        !rig_sip_is_usable((rig_slice){(const char *)e->data + UDP_HEADER, n - UDP_HEADER},
                           &call_id))
        return;
    e->call = hash_of(call_id);
    entry **head = &f->calls[(e->call >> 8) % N_CALLS];
    e->next_of_call = *head;
    *head = e;
    f->n_calls++;
}

/* Something is missing. What is of use at last waits as long as what was so from the beginning. */
static void await_rest(rig_fragments *f, entry *e, int64_t t_ns)
{
    link_call(f, e);
    if (e->call == 0 || e->phase != PHASE_LATE)
        return;
    dequeue(f, e);
    e->t_begin_ns = t_ns;
    enqueue(f, e, PHASE_FRESH);
}

const size_t *rig_fragments_n_messages(const rig_fragments *f)
{
    return &f->n_calls;
}

static void forget(rig_fragments *f, entry *e)
{
    unlink_call(f, e);
    entry **link = &f->buckets[e->bucket];
    while (*link != e)
        link = &(*link)->next_in_bucket;
    *link = e->next_in_bucket;
    dequeue(f, e);
    drop_data(f, e);
    f->n_entries--;
    free(e);
}

void rig_fragments_free(rig_fragments *f)
{
    if (f == NULL)
        return;
    for (int i = 0; i < N_PHASES; i++) {
        while (f->queues[i].oldest != NULL)
            forget(f, f->queues[i].oldest);
    }
    free(f);
}

static bool key_eq(const rig_fragment_key *a, const rig_fragment_key *b)
{
    return a->id == b->id && a->protocol == b->protocol && a->is_ipv6 == b->is_ipv6 &&
           rig_endpoint_same_host(a->src, b->src) && rig_endpoint_same_host(a->dst, b->dst);
}

static uint32_t bucket_of(const rig_fragment_key *key)
{
    uint64_t hash = rig_hash_word(key->src.ip_high, key->src.ip_low);
    hash = rig_hash_word(hash ^ key->dst.ip_high, key->dst.ip_low);
    hash = rig_hash_word(hash, (uint64_t)key->id << 8 | key->protocol);
    return (uint32_t)hash % N_BUCKETS;
}

/* The entry that has waited longest makes room; those that are done first. */
static bool make_room(rig_fragments *f, const entry *keep)
{
    static const phase order[] = {PHASE_DONE, PHASE_LATE, PHASE_FRESH};
    for (int i = 0; i < N_PHASES; i++) {
        entry *e = f->queues[order[i]].oldest;
        if (e != NULL && e == keep)
            e = e->newer;
        if (e == NULL)
            continue;
        f->counts->n_limit_reassemblies += e->data != NULL;
        forget(f, e);
        return true;
    }
    return false;
}

static entry *find_or_begin(rig_fragments *f, const rig_fragment *fragment)
{
    uint32_t bucket = bucket_of(&fragment->key);
    for (entry *e = f->buckets[bucket]; e != NULL; e = e->next_in_bucket) {
        if (key_eq(&e->key, &fragment->key))
            return e;
    }
    if (f->n_entries >= RIG_DECODER_MAX_REASSEMBLIES)
        (void)make_room(f, NULL);
    entry *e = calloc(1, sizeof *e);
    if (e == NULL)
        return NULL;
    e->key = fragment->key;
    e->bucket = bucket;
    e->t_begin_ns = fragment->t_ns;
    e->n_total = SIZE_MAX;
    e->n_valid = SIZE_MAX;
    e->next_in_bucket = f->buckets[bucket];
    f->buckets[bucket] = e;
    f->n_entries++;
    enqueue(f, e, PHASE_FRESH);
    return e;
}

/* Room for `n` bytes, also within the bound of all. */
static rig_status reserve(rig_fragments *f, entry *e, size_t n)
{
    if (n <= e->n_allocated && e->data != NULL)
        return RIG_OK;
    size_t n_new = (n + BUFFER_STEP) / BUFFER_STEP * BUFFER_STEP;
    while (f->n_held + n_new - e->n_allocated > RIG_DECODER_MAX_HELD_BYTES && make_room(f, e))
        ;
    uint8_t *data = realloc(e->data, n_new);
    if (data == NULL)
        return RIG_ENOMEM;
    f->n_held += n_new - e->n_allocated;
    e->data = data;
    e->n_allocated = n_new;
    return RIG_OK;
}

/* Copy the bytes from..to of the fragment that are not there yet, and note that they are.
 * @return false when the datagram is in too many pieces. */
static bool merge(entry *e, const rig_fragment *fragment, bool *is_new, bool *is_overlapping)
{
    uint32_t from = (uint32_t)fragment->offset;
    uint32_t to = (uint32_t)(fragment->offset + fragment->n_wire);
    uint32_t captured_to = (uint32_t)(fragment->offset + fragment->n);
    range merged[MAX_RANGES + 1];
    size_t n = 0, i = 0;
    uint32_t at = from;
    *is_new = false;
    *is_overlapping = false;
    while (i < e->n_ranges && e->ranges[i].to < from)
        merged[n++] = e->ranges[i++];
    range grown = {from, to};
    for (; i < e->n_ranges && e->ranges[i].from <= to; i++) {
        const range *old = &e->ranges[i];
        if (old->from > at) {
            uint32_t end = old->from < captured_to ? old->from : captured_to;
            if (end > at)
                memcpy(e->data + at, fragment->p + (at - from), end - at);
            *is_new = true;
        }
        if (old->to > from && old->from < to)
            *is_overlapping = true;
        if (old->to > at)
            at = old->to;
        if (old->from < grown.from)
            grown.from = old->from;
        if (old->to > grown.to)
            grown.to = old->to;
    }
    if (at < to) {
        if (captured_to > at)
            memcpy(e->data + at, fragment->p + (at - from), captured_to - at);
        *is_new = true;
    }
    if (!*is_new)
        return true;
    merged[n++] = grown;
    while (i < e->n_ranges && n <= MAX_RANGES)
        merged[n++] = e->ranges[i++];
    if (n > MAX_RANGES)
        return false;
    memcpy(e->ranges, merged, n * sizeof merged[0]);
    e->n_ranges = n;
    return true;
}

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Hand out what is there from the beginning on; the entry keeps no bytes. */
static void hand_out(rig_fragments *f, entry *e, rig_datagram *out)
{
    size_t n = e->n_ranges > 0 && e->ranges[0].from == 0 ? e->ranges[0].to : 0;
    bool is_whole = n == e->n_total;
    n = min_size(n, e->n_valid);
    *out = (rig_datagram){.key = e->key,
                          .data = e->data,
                          .n = n,
                          .n_wire = e->n_total == SIZE_MAX ? n : e->n_total,
                          .is_partial = !is_whole || n < e->n_total,
                          .t_ns = e->t_last_ns,
                          .frame = e->frame};
    unlink_call(f, e);
    f->n_held -= e->n_allocated;
    e->n_allocated = 0;
    e->data = NULL;
}

rig_status rig_fragments_add(rig_fragments *f, const rig_fragment *fragment, uint32_t *before,
                             rig_datagram *whole, bool *is_whole)
{
    *before = 0;
    *is_whole = false;
    size_t end = fragment->offset + fragment->n_wire;
    if (end > MAX_DATAGRAM || (!fragment->is_last && fragment->n_wire == 0)) {
        f->counts->n_fragments_bad++;
        return RIG_OK;
    }
    entry *e = find_or_begin(f, fragment);
    if (e == NULL)
        return RIG_ENOMEM;
    if (e->phase == PHASE_DONE) {
        f->counts->n_fragments_repeated++;
        return RIG_OK;
    }
    size_t n_known = e->n_ranges > 0 ? e->ranges[e->n_ranges - 1].to : 0;
    if (fragment->is_last ? n_known > end || (e->n_total != SIZE_MAX && e->n_total != end)
                          : e->n_total != SIZE_MAX && end > e->n_total) {
        f->counts->n_fragments_bad++;
        return RIG_OK;
    }
    if (e->data == NULL && e->phase == PHASE_LATE) {
        f->counts->n_fragments_repeated++; /* its beginning was handed out; nothing more can come */
        return RIG_OK;
    }
    rig_status status = reserve(f, e, end);
    if (status != RIG_OK)
        return status;
    bool is_new, is_overlapping;
    if (!merge(e, fragment, &is_new, &is_overlapping)) {
        f->counts->n_limit_reassemblies++;
        forget(f, e);
        return RIG_OK;
    }
    bool learns_end = fragment->is_last && e->n_total == SIZE_MAX;
    if (!is_new && !learns_end) {
        f->counts->n_fragments_repeated++;
        return RIG_OK;
    }
    f->counts->n_fragments_overlapping += is_overlapping;
    if (fragment->is_last)
        e->n_total = end;
    if (fragment->n < fragment->n_wire)
        e->n_valid = min_size(e->n_valid, fragment->offset + fragment->n);
    e->t_last_ns = fragment->t_ns;
    *before = e->frame;
    e->frame = fragment->frame;
    if (e->n_ranges != 1 || e->ranges[0].from != 0 || e->ranges[0].to != e->n_total) {
        await_rest(f, e, fragment->t_ns);
        return RIG_OK;
    }
    hand_out(f, e, whole);
    dequeue(f, e);
    e->t_begin_ns = fragment->t_ns;
    enqueue(f, e, PHASE_DONE);
    f->counts->n_reassembled++;
    *is_whole = true;
    return RIG_OK;
}

/* Whether the beginning holds the empty line that ends SIP headers. */
static bool has_headers(const entry *e)
{
    if (e->n_ranges == 0 || e->ranges[0].from != 0)
        return false;
    return memmem(e->data, min_size(e->ranges[0].to, e->n_valid), "\r\n\r\n", 4) != NULL;
}

static void count_incomplete(rig_fragments *f, const entry *e)
{
    f->counts->n_datagrams_incomplete++;
    const bool has_head =
        e->n_ranges > 0 && e->ranges[0].from == 0 && e->ranges[0].to > UDP_HEADER;
    f->counts->n_datagrams_headless += !has_head;
}

bool rig_fragments_of_call(rig_fragments *f, rig_slice call_id, const rig_fragment_key *except,
                           rig_datagram *due)
{
    uint64_t call = hash_of(call_id);
    entry *e = f->calls[(call >> 8) % N_CALLS];
    while (e != NULL && (e->call != call || (except != NULL && key_eq(&e->key, except))))
        e = e->next_of_call;
    if (e == NULL)
        return false;
    if (e->phase == PHASE_FRESH) {
        dequeue(f, e);
        enqueue(f, e, PHASE_LATE);
    }
    count_incomplete(f, e);
    hand_out(f, e, due);
    return true;
}

/* One frame with a time of the far future must not stop the clock for all: what begins then is due
 * at once, not never. */
static bool is_due(const entry *e, int64_t now_ns)
{
    return now_ns == INT64_MAX || now_ns - e->t_begin_ns >= wait_ns[e->phase] ||
           e->t_begin_ns - now_ns > wait_ns[PHASE_LATE];
}

bool rig_fragments_expire(rig_fragments *f, int64_t now_ns, rig_datagram *due)
{
    for (entry *e = f->queues[PHASE_DONE].oldest; e != NULL && is_due(e, now_ns);
         e = f->queues[PHASE_DONE].oldest)
        forget(f, e);
    for (entry *e = f->queues[PHASE_FRESH].oldest; e != NULL && is_due(e, now_ns);
         e = f->queues[PHASE_FRESH].oldest) {
        dequeue(f, e);
        enqueue(f, e, PHASE_LATE);
        if (e->call != 0 || has_headers(e)) {
            count_incomplete(f, e);
            hand_out(f, e, due);
            return true;
        }
    }
    for (entry *e = f->queues[PHASE_LATE].oldest; e != NULL && is_due(e, now_ns);
         e = f->queues[PHASE_LATE].oldest) {
        bool has_data = e->data != NULL;
        if (has_data) {
            count_incomplete(f, e);
            hand_out(f, e, due);
        }
        forget(f, e);
        if (has_data)
            return true;
    }
    return false;
}

int64_t rig_fragments_due_ns(const rig_fragments *f)
{
    int64_t t_ns = INT64_MAX;
    for (int i = 0; i < N_PHASES; i++) {
        const entry *e = f->queues[i].oldest;
        if (e != NULL && e->t_begin_ns + wait_ns[i] < t_ns)
            t_ns = e->t_begin_ns + wait_ns[i];
    }
    return t_ns;
}
