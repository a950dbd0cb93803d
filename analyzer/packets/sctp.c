/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/sctp.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/calls/hash.h"
#include "core/clock.h"

enum {
    N_BUCKETS = 1024,
    MAX_ASSOCIATIONS = 8192,
    COMMON_HEADER = 12,
    CHUNK_HEADER = 4,
    DATA_HEADER = 16, /* with the chunk header */
    I_DATA_HEADER = 20,
    CHUNK_DATA = 0,
    CHUNK_I_DATA = 64,
    DATA_ENDS = 1,
    DATA_BEGINS = 2,
    DATA_UNORDERED = 4
};

#define IDLE_NS       (30 * RIG_NS_PER_S)
#define FAR_FUTURE_NS (60 * RIG_NS_PER_S)

/* A fragment of a user message. */
typedef struct chunk {
    struct chunk *next;
    uint32_t message, part; /* DATA: stream's sequence number and TSN; I-DATA: MID and FSN */
    uint16_t stream;
    uint8_t flags, type;
    uint32_t n;
    uint32_t frame;
    uint8_t data[];
} chunk;

typedef struct association {
    struct association *next_in_bucket;
    struct association *older, *newer;
    uint64_t key; /* ports and verification tag */
    uint32_t bucket;
    int64_t t_last_ns;
    chunk *chunks; /* in the order of order_of */
    size_t n_held; /* with what each costs */
} association;

struct rig_sctp {
    rig_decoder_counts *counts;
    association *buckets[N_BUCKETS];
    association *oldest, *newest;
    size_t n_associations;
    size_t n_held;
};

rig_sctp *rig_sctp_new(rig_decoder_counts *counts)
{
    rig_sctp *sctp = calloc(1, sizeof *sctp);
    if (sctp != NULL)
        sctp->counts = counts;
    return sctp;
}

static void unlink_association(rig_sctp *sctp, association *a)
{
    *(a->older != NULL ? &a->older->newer : &sctp->oldest) = a->newer;
    *(a->newer != NULL ? &a->newer->older : &sctp->newest) = a->older;
}

static void link_association(rig_sctp *sctp, association *a)
{
    a->newer = NULL;
    a->older = sctp->newest;
    *(sctp->newest != NULL ? &sctp->newest->newer : &sctp->oldest) = a;
    sctp->newest = a;
}

static void drop_chunk(rig_sctp *sctp, association *a, chunk **link)
{
    chunk *gone = *link;
    size_t n_cost = gone->n + sizeof *gone;
    *link = gone->next;
    a->n_held -= n_cost;
    sctp->n_held -= n_cost;
    free(gone);
}

/* Each beginning that is still held is a message that never became whole. */
static void forget(rig_sctp *sctp, association *a)
{
    while (a->chunks != NULL) {
        sctp->counts->n_sctp_incomplete += (a->chunks->flags & DATA_BEGINS) != 0;
        drop_chunk(sctp, a, &a->chunks);
    }
    association **link = &sctp->buckets[a->bucket];
    while (*link != a)
        link = &(*link)->next_in_bucket;
    *link = a->next_in_bucket;
    unlink_association(sctp, a);
    sctp->n_associations--;
    free(a);
}

void rig_sctp_free(rig_sctp *sctp)
{
    if (sctp == NULL)
        return;
    while (sctp->oldest != NULL)
        forget(sctp, sctp->oldest);
    free(sctp);
}

void rig_sctp_expire(rig_sctp *sctp, int64_t now_ns)
{
    while (sctp->oldest != NULL &&
           (now_ns == INT64_MAX || now_ns - sctp->oldest->t_last_ns >= IDLE_NS ||
            sctp->oldest->t_last_ns - now_ns > FAR_FUTURE_NS))
        forget(sctp, sctp->oldest);
}

int64_t rig_sctp_due_ns(const rig_sctp *sctp)
{
    return sctp->oldest == NULL ? INT64_MAX : sctp->oldest->t_last_ns + IDLE_NS;
}

static association *find_or_begin(rig_sctp *sctp, uint64_t key, int64_t t_ns)
{
    uint32_t bucket = (uint32_t)rig_hash_word(0, key) % N_BUCKETS;
    association *a = sctp->buckets[bucket];
    while (a != NULL && a->key != key)
        a = a->next_in_bucket;
    if (a != NULL) {
        unlink_association(sctp, a);
    } else {
        if (sctp->n_associations >= MAX_ASSOCIATIONS) {
            sctp->counts->n_limit_streams++;
            forget(sctp, sctp->oldest);
        }
        a = calloc(1, sizeof *a);
        if (a == NULL)
            return NULL;
        a->key = key;
        a->bucket = bucket;
        a->next_in_bucket = sctp->buckets[bucket];
        sctp->buckets[bucket] = a;
        sctp->n_associations++;
    }
    link_association(sctp, a);
    a->t_last_ns = t_ns;
    return a;
}

static void emit(rig_decode *d, const uint8_t *p, size_t n, bool is_truncated)
{
    const rig_packet packet = {.src = d->src,
                               .dst = d->dst,
                               .transport = RIG_OVER_SCTP,
                               .payload = {.p = (const char *)p, .n = n},
                               .is_truncated = is_truncated,
                               .t_ns = d->t_ns,
                               .frame = d->frame};
    rig_decode_emit(d, &packet);
}

/* Fragments of a message: DATA has consecutive TSNs; I-DATA, whose messages may be interleaved, has
 * consecutive numbers of its own (RFC 8260, 2.1). */
static bool follows(const chunk *a, const chunk *b)
{
    return b->type == a->type && b->part == a->part + 1 && b->stream == a->stream &&
           b->message == a->message && ((a->flags ^ b->flags) & DATA_UNORDERED) == 0;
}

/* How chunks are sorted: DATA by TSN; I-DATA message by message. */
static int order_of(const chunk *a, const chunk *b)
{
    if (a->type != b->type)
        return a->type < b->type ? -1 : 1;
    if (a->type == CHUNK_I_DATA) {
        if (a->stream != b->stream)
            return a->stream < b->stream ? -1 : 1;
        if (((a->flags ^ b->flags) & DATA_UNORDERED) != 0)
            return (a->flags & DATA_UNORDERED) == 0 ? -1 : 1;
        if (a->message != b->message)
            return (int32_t)(a->message - b->message) < 0 ? -1 : 1;
    }
    int32_t distance = (int32_t)(a->part - b->part);
    return distance < 0 ? -1 : distance > 0;
}

/* Whether a run of chunks from `first` on is a whole message. */
static const chunk *end_of_message(const chunk *first, size_t *n)
{
    *n = first->n;
    const chunk *at = first;
    while ((at->flags & DATA_ENDS) == 0) {
        const chunk *next = at->next;
        if (next == NULL || !follows(at, next) || (next->flags & DATA_BEGINS) != 0)
            return NULL;
        at = next;
        *n += at->n;
    }
    return at;
}

/* Pass on the first whole message, if there is one, and drop its chunks. */
static rig_status pass_whole(rig_sctp *sctp, association *a, rig_decode *d)
{
    for (chunk **link = &a->chunks; *link != NULL; link = &(*link)->next) {
        size_t n;
        if (((*link)->flags & DATA_BEGINS) == 0 || end_of_message(*link, &n) == NULL)
            continue;
        uint8_t *message = malloc(n > 0 ? n : 1);
        if (message == NULL)
            return RIG_ENOMEM;
        size_t at = 0;
        bool is_last;
        do {
            memcpy(message + at, (*link)->data, (*link)->n);
            at += (*link)->n;
            rig_decode_part(d, (*link)->frame, RIG_PART_OF_DATAGRAM);
            is_last = ((*link)->flags & DATA_ENDS) != 0;
            drop_chunk(sctp, a, link);
        } while (!is_last);
        sctp->counts->n_sctp_reassembled++;
        emit(d, message, n, false);
        free(message);
        return RIG_OK;
    }
    return RIG_OK;
}

/* What the header of a chunk says of its place. */
static void read_place(const uint8_t *p, size_t n_header, uint32_t frame, chunk *place)
{
    bool is_first = (p[1] & DATA_BEGINS) != 0;
    *place = (chunk){.type = p[0], .flags = p[1], .stream = rig_be16(p + 8), .frame = frame};
    if (n_header == I_DATA_HEADER) {
        place->message = rig_be32(p + 12);
        place->part = is_first ? 0 : rig_be32(p + 16); /* there the first one has what it carries */
    } else {
        place->message = rig_be16(p + 10);
        place->part = rig_be32(p + 4);
    }
}

static rig_status make_room(rig_sctp *sctp, rig_decode *d, uint64_t key, size_t n_cost,
                            association **made)
{
    while (sctp->n_held + n_cost > RIG_DECODER_MAX_HELD_BYTES && sctp->oldest != NULL) {
        sctp->counts->n_limit_stream_bytes++;
        forget(sctp, sctp->oldest);
    }
    association *a = find_or_begin(sctp, key, d->t_ns);
    if (a == NULL)
        return RIG_ENOMEM;
    while (a->n_held + n_cost > RIG_DECODER_MAX_STREAM_BYTES && a->chunks != NULL) {
        sctp->counts->n_limit_stream_bytes++;
        sctp->counts->n_sctp_incomplete += (a->chunks->flags & DATA_BEGINS) != 0;
        drop_chunk(sctp, a, &a->chunks);
    }
    *made = a;
    return RIG_OK;
}

static rig_status hold(rig_sctp *sctp, rig_decode *d, uint64_t key, const uint8_t *p, size_t n,
                       size_t n_header)
{
    size_t n_data = n - n_header;
    size_t n_cost = n_data + sizeof(chunk);
    association *a = NULL;
    rig_status status = make_room(sctp, d, key, n_cost, &a);
    if (status != RIG_OK)
        return status;
    chunk place;
    read_place(p, n_header, d->frame, &place);
    chunk **link = &a->chunks;
    while (*link != NULL && order_of(&place, *link) > 0)
        link = &(*link)->next;
    if (*link != NULL && order_of(&place, *link) == 0)
        return RIG_OK; /* sent again */
    chunk *held = malloc(n_cost);
    if (held == NULL)
        return RIG_ENOMEM;
    memcpy(held, &place, sizeof place);
    held->next = *link;
    held->n = (uint32_t)n_data;
    memcpy(held->data, p + n_header, n_data);
    *link = held;
    a->n_held += n_cost;
    sctp->n_held += n_cost;
    status = pass_whole(sctp, a, d);
    if (a->chunks == NULL)
        forget(sctp, a);
    return status;
}

static void take_data(rig_decode *d, uint64_t key, rig_cursor at, size_t n_chunk)
{
    size_t n_header = at.p[0] == CHUNK_I_DATA ? I_DATA_HEADER : DATA_HEADER;
    size_t n = at.n < n_chunk ? at.n : n_chunk;
    bool is_truncated = n < n_chunk;
    unsigned flags = at.p[1];
    if (n < n_header || n_chunk == n_header)
        return;
    if ((flags & DATA_BEGINS) != 0 && ((flags & DATA_ENDS) != 0 || is_truncated)) {
        emit(d, at.p + n_header, n - n_header, is_truncated);
        return;
    }
    if (is_truncated)
        return; /* a later part that is cut: the message cannot become whole */
    rig_status status = hold(d->decoder->sctp, d, key, at.p, n, n_header);
    if (status != RIG_OK && d->status == RIG_OK)
        d->status = rig_fail(d->err, status, "out of memory");
}

rig_frame_kind rig_decode_sctp(rig_decode *d, rig_cursor at)
{
    if (at.n < COMMON_HEADER)
        return rig_decode_too_short(at, COMMON_HEADER);
    d->src.port = rig_be16(at.p);
    d->dst.port = rig_be16(at.p + 2);
    uint64_t key = (uint64_t)rig_be32(at.p) << 32 | rig_be32(at.p + 4);
    (void)rig_cursor_skip(&at, COMMON_HEADER);
    while (at.n_wire >= CHUNK_HEADER) {
        if (at.n < CHUNK_HEADER)
            return RIG_FRAME_SCTP; /* what follows was not captured */
        size_t n_chunk = rig_be16(at.p + 2);
        if (n_chunk < CHUNK_HEADER || n_chunk > at.n_wire)
            return RIG_FRAME_MALFORMED;
        if (at.p[0] == CHUNK_DATA || at.p[0] == CHUNK_I_DATA)
            take_data(d, key, at, n_chunk);
        size_t n_padded = (n_chunk + 3) & ~(size_t)3;
        if (!rig_cursor_skip(&at, n_padded < at.n_wire ? n_padded : at.n_wire))
            break;
    }
    rig_decode_due(d->decoder, rig_sctp_due_ns(d->decoder->sctp));
    return RIG_FRAME_SCTP;
}
