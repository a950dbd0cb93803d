/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/tcp.h"

#include <stdlib.h>

#include "analyzer/calls/hash.h"
#include "analyzer/packets/stream.h"
#include "core/clock.h"

enum {
    N_BUCKETS = 1 << 14,
    MAX_CONNECTIONS = RIG_DECODER_MAX_STREAMS / 2,
    MAX_IN_BUCKET = 64,
    TCP_HEADER = 20,
    FLAG_FIN = 1,
    FLAG_SYN = 2,
    FLAG_RST = 4,
    FLAG_ACK = 16,
    PORT_SIPS = 5061,
    MAX_MISSING = 1 << 20 /* more than that is no gap but another connection */
};

#define GAP_WAIT_NS   (3 * RIG_NS_PER_S) /* some retransmissions */
#define GAP_ACKED_NS  INT64_C(20000000)  /* a capture swaps neighbours, not more */
#define IDLE_NS       (300 * RIG_NS_PER_S)
#define FAR_FUTURE_NS (600 * RIG_NS_PER_S)

typedef struct connection connection;

/* One direction. */
typedef struct half {
    rig_stream stream;
    int64_t t_gap_ns;           /* since when a gap waits */
    struct half *older, *newer; /* among those that have gaps */
    connection *of;
    bool is_waiting; /* in that list */
    bool is_acked;
    uint32_t acked; /* of the other side's last segment, if is_acked */
} half;

struct connection {
    connection *next_in_bucket;
    connection *older, *newer; /* by the last segment */
    rig_endpoint ends[2];      /* the lower one first */
    half halves[2];            /* from ends[0], from ends[1] */
    int64_t t_last_ns;
    uint32_t bucket;
    bool is_closed; /* FIN or RST; it stays for a while, for what is sent again */
};

struct rig_tcp {
    rig_decoder_counts *counts;
    connection *oldest, *newest;
    half *oldest_gap, *newest_gap;
    size_t n_connections;
    size_t n_held;
    connection *buckets[N_BUCKETS];
};

rig_tcp *rig_tcp_new(rig_decoder_counts *counts)
{
    rig_tcp *tcp = calloc(1, sizeof *tcp);
    if (tcp != NULL)
        tcp->counts = counts;
    return tcp;
}

/* ---- lists */

static void link_connection(rig_tcp *tcp, connection *c)
{
    c->newer = NULL;
    c->older = tcp->newest;
    *(tcp->newest != NULL ? &tcp->newest->newer : &tcp->oldest) = c;
    tcp->newest = c;
}

static void unlink_connection(rig_tcp *tcp, connection *c)
{
    *(c->older != NULL ? &c->older->newer : &tcp->oldest) = c->newer;
    *(c->newer != NULL ? &c->newer->older : &tcp->newest) = c->older;
}

static void stop_waiting(rig_tcp *tcp, half *h)
{
    if (!h->is_waiting)
        return;
    *(h->older != NULL ? &h->older->newer : &tcp->oldest_gap) = h->newer;
    *(h->newer != NULL ? &h->newer->older : &tcp->newest_gap) = h->older;
    h->is_waiting = false;
}

static void begin_waiting(rig_tcp *tcp, half *h, int64_t t_ns)
{
    h->t_gap_ns = t_ns;
    h->newer = NULL;
    h->older = tcp->newest_gap;
    *(tcp->newest_gap != NULL ? &tcp->newest_gap->newer : &tcp->oldest_gap) = h;
    tcp->newest_gap = h;
    h->is_waiting = true;
}

/* ---- what the halves do, with the addresses and the account of bytes */

static rig_decode as_half(const half *h, const rig_decode *d)
{
    rig_decode own = *d;
    size_t from = h == &h->of->halves[1];
    own.src = h->of->ends[from];
    own.dst = h->of->ends[!from];
    return own;
}

/* After the stream of a half changed: `n_held_before` it held before. */
static void settle(rig_tcp *tcp, half *h, size_t n_held_before, bool is_gap_new, int64_t t_ns)
{
    tcp->n_held += rig_stream_held(&h->stream) - n_held_before;
    bool has_gap = rig_stream_has_gap(&h->stream);
    if (h->is_waiting && (!has_gap || is_gap_new))
        stop_waiting(tcp, h);
    if (has_gap && !h->is_waiting)
        begin_waiting(tcp, h, t_ns);
}

static void give_up_gap(rig_tcp *tcp, half *h, rig_decode *d)
{
    rig_decode own = as_half(h, d);
    size_t n_before = rig_stream_held(&h->stream);
    rig_stream_give_up_gap(&h->stream, &own);
    settle(tcp, h, n_before, true, h->t_gap_ns);
    d->status = own.status;
}

static void end_half(rig_tcp *tcp, half *h, rig_decode *d)
{
    rig_decode own = as_half(h, d);
    size_t n_before = rig_stream_held(&h->stream);
    own.t_ns = h->of->t_last_ns;
    rig_stream_end(&h->stream, &own);
    settle(tcp, h, n_before, false, 0);
    d->status = own.status;
}

static void forget(rig_tcp *tcp, connection *c, rig_decode *d)
{
    for (int i = 0; i < 2; i++) {
        if (d != NULL)
            end_half(tcp, &c->halves[i], d);
        else
            rig_stream_clear(&c->halves[i].stream);
    }
    connection **link = &tcp->buckets[c->bucket];
    while (*link != c)
        link = &(*link)->next_in_bucket;
    *link = c->next_in_bucket;
    unlink_connection(tcp, c);
    tcp->n_connections--;
    free(c);
}

void rig_tcp_free(rig_tcp *tcp)
{
    if (tcp == NULL)
        return;
    while (tcp->oldest != NULL)
        forget(tcp, tcp->oldest, NULL);
    free(tcp);
}

static bool is_due(int64_t t_ns, int64_t wait_ns, int64_t now_ns)
{
    return now_ns == INT64_MAX || now_ns - t_ns >= wait_ns || t_ns - now_ns > FAR_FUTURE_NS;
}

void rig_tcp_expire(rig_tcp *tcp, rig_decode *d, int64_t now_ns)
{
    while (tcp->oldest_gap != NULL && is_due(tcp->oldest_gap->t_gap_ns, GAP_WAIT_NS, now_ns))
        give_up_gap(tcp, tcp->oldest_gap, d);
    while (tcp->oldest != NULL && is_due(tcp->oldest->t_last_ns, IDLE_NS, now_ns))
        forget(tcp, tcp->oldest, d);
}

int64_t rig_tcp_due_ns(const rig_tcp *tcp)
{
    int64_t t_ns = INT64_MAX;
    if (tcp->oldest != NULL)
        t_ns = tcp->oldest->t_last_ns + IDLE_NS;
    if (tcp->oldest_gap != NULL && tcp->oldest_gap->t_gap_ns + GAP_WAIT_NS < t_ns)
        t_ns = tcp->oldest_gap->t_gap_ns + GAP_WAIT_NS;
    return t_ns;
}

/* ---- finding */

static bool is_lower(rig_endpoint a, rig_endpoint b)
{
    if (a.ip_high != b.ip_high)
        return a.ip_high < b.ip_high;
    if (a.ip_low != b.ip_low)
        return a.ip_low < b.ip_low;
    return a.port < b.port;
}

static uint32_t bucket_of(rig_endpoint a, rig_endpoint b)
{
    return (uint32_t)rig_hash_endpoint(rig_hash_endpoint(0, a), b) % N_BUCKETS;
}

uint64_t rig_tcp_key(rig_endpoint a, rig_endpoint b)
{
    bool is_from_lower = is_lower(a, b);
    return rig_hash_endpoint(rig_hash_endpoint(1, is_from_lower ? a : b), is_from_lower ? b : a) |
           1;
}

static half *find(const rig_tcp *tcp, const rig_decode *d)
{
    bool is_from_lower = is_lower(d->src, d->dst);
    rig_endpoint low = is_from_lower ? d->src : d->dst;
    rig_endpoint high = is_from_lower ? d->dst : d->src;
    for (connection *c = tcp->buckets[bucket_of(low, high)]; c != NULL; c = c->next_in_bucket) {
        if (rig_endpoint_eq(c->ends[0], low) && rig_endpoint_eq(c->ends[1], high))
            return &c->halves[!is_from_lower];
    }
    return NULL;
}

static void forget_for_room(rig_tcp *tcp, connection *c, rig_decode *d)
{
    tcp->counts->n_limit_streams += !c->is_closed;
    forget(tcp, c, d);
}

/* Should addresses meet in one bucket, they must not make each look-up slow. */
static void bound_bucket(rig_tcp *tcp, uint32_t bucket, rig_decode *d)
{
    size_t n = 0;
    connection *last = NULL;
    for (connection *c = tcp->buckets[bucket]; c != NULL; c = c->next_in_bucket, n++)
        last = c;
    if (n >= MAX_IN_BUCKET)
        forget_for_room(tcp, last, d);
}

static half *begin(rig_tcp *tcp, rig_decode *d)
{
    if (tcp->n_connections >= MAX_CONNECTIONS)
        forget_for_room(tcp, tcp->oldest, d);
    connection *c = calloc(1, sizeof *c);
    if (c == NULL)
        return NULL;
    bool is_from_lower = is_lower(d->src, d->dst);
    c->ends[0] = is_from_lower ? d->src : d->dst;
    c->ends[1] = is_from_lower ? d->dst : d->src;
    c->halves[0].of = c->halves[1].of = c;
    c->bucket = bucket_of(c->ends[0], c->ends[1]);
    bound_bucket(tcp, c->bucket, d);
    c->next_in_bucket = tcp->buckets[c->bucket];
    tcp->buckets[c->bucket] = c;
    c->t_last_ns = d->t_ns;
    link_connection(tcp, c);
    tcp->n_connections++;
    return &c->halves[!is_from_lower];
}

/* ---- segments */

/* RFC 8446, 5.1: type, version 3.x, length of a record. */
static bool is_tls_record(const uint8_t *p, size_t n)
{
    return n >= 5 && p[0] >= 20 && p[0] <= 23 && p[1] == 3 && p[2] <= 4 && rig_be16(p + 3) > 0 &&
           rig_be16(p + 3) <= 16384 + 2048;
}

/* The first data of a direction tell whether it can be read; on the port of SIP over TLS, where a
 * capture may begin in the middle of a record, any data that are no text do. */
static bool is_encrypted(bool is_sips, const uint8_t *p, size_t n)
{
    if (is_tls_record(p, n))
        return true;
    return is_sips && n > 0 && p[0] != '\r' && p[0] != '\n' && (p[0] < ' ' || p[0] > '~');
}

/* A SYN begins the stream anew, unless it is the one that began it. */
static void take_syn(rig_tcp *tcp, half *h, rig_decode *d, uint32_t seq, bool is_first)
{
    rig_stream *s = &h->stream;
    if (s->has_seq && s->isn == seq)
        return;
    if (s->has_seq) {
        half *other = &h->of->halves[h == &h->of->halves[0]];
        if (is_first) {
            end_half(tcp, other, d);
            rig_stream_clear(&other->stream);
            other->is_acked = false;
        }
        end_half(tcp, h, d);
        rig_stream_clear(s);
        h->is_acked = false;
    }
    s->has_seq = s->is_fresh = true;
    s->isn = seq;
    s->next_seq = seq + 1;
    h->of->is_closed = false;
}

static rig_frame_kind take_data(rig_tcp *tcp, half *h, rig_decode *d, const rig_segment *segment)
{
    rig_stream *s = &h->stream;
    bool is_sips = d->src.port == PORT_SIPS || d->dst.port == PORT_SIPS;
    if (!s->is_encrypted && !s->has_sip && (is_sips || !s->has_data)) {
        s->is_encrypted = is_encrypted(is_sips, segment->p, segment->n);
        tcp->counts->n_streams_encrypted += s->is_encrypted;
        tcp->counts->n_streams_sips += s->is_encrypted && is_sips;
    }
    tcp->counts->n_streams += !s->has_data;
    s->has_data = true;
    if (s->is_encrypted)
        return RIG_FRAME_ENCRYPTED;
    while (tcp->n_held + segment->n > RIG_DECODER_MAX_HELD_BYTES && tcp->oldest != h->of)
        forget_for_room(tcp, tcp->oldest, d);
    for (;;) {
        size_t n_before = rig_stream_held(s);
        rig_stream_took took = rig_stream_add(s, d, segment);
        settle(tcp, h, n_before, false, d->t_ns);
        switch (took) {
        case RIG_STREAM_FULL:
            tcp->counts->n_limit_stream_bytes++;
            give_up_gap(tcp, h, d);
            continue;
        case RIG_STREAM_HELD:
            tcp->counts->n_segments_reordered++;
            return RIG_FRAME_TCP;
        case RIG_STREAM_REPEATED:
            tcp->counts->n_segments_repeated++;
            return RIG_FRAME_TCP;
        case RIG_STREAM_TOOK:
            return RIG_FRAME_TCP;
        }
    }
}

/* A gap that waits shall wait no longer than captures swap neighbours. */
static void hurry(rig_tcp *tcp, half *h, int64_t now_ns)
{
    int64_t t_gap_ns = now_ns - GAP_WAIT_NS + GAP_ACKED_NS;
    if (h->t_gap_ns <= t_gap_ns)
        return;
    stop_waiting(tcp, h);
    h->t_gap_ns = t_gap_ns;
    h->older = NULL;
    h->newer = tcp->oldest_gap;
    *(tcp->oldest_gap != NULL ? &tcp->oldest_gap->older : &tcp->newest_gap) = h;
    tcp->oldest_gap = h;
    h->is_waiting = true;
}

/* The other side has acknowledged what the capture misses: it will hardly come again. A message of
 * which only the body misses something is passed on at once, before the response to it; for the
 * rest of one's headers it is worth waiting a moment. */
static void look_at_ack(rig_tcp *tcp, half *h, rig_decode *d)
{
    rig_stream *s = &h->stream;
    if (!h->is_acked || !s->has_seq || s->is_encrypted)
        return;
    while (rig_stream_has_headers(s)) {
        uint32_t end = h->acked;
        if (rig_stream_has_gap(s) && (int32_t)(end - rig_stream_gap_end(s)) > 0)
            end = rig_stream_gap_end(s);
        int32_t n_missing = (int32_t)(end - s->next_seq);
        if (n_missing <= 0 || n_missing > MAX_MISSING)
            break;
        rig_decode own = as_half(h, d);
        size_t n_before = rig_stream_held(s);
        rig_stream_pass_over(s, &own, end);
        settle(tcp, h, n_before, false, d->t_ns);
        d->status = own.status;
    }
    if (h->is_waiting && (int32_t)(h->acked - rig_stream_gap_end(s)) >= 0)
        hurry(tcp, h, d->t_ns);
}

static void take_ack(rig_tcp *tcp, half *h, rig_decode *d, uint32_t ack)
{
    h->acked = ack;
    h->is_acked = true;
    look_at_ack(tcp, h, d);
}

/* The half that sends the segment. NULL: not known and not worth a connection, or d->status says.
 */
static half *find_or_begin(rig_tcp *tcp, rig_decode *d, bool is_worth_one)
{
    half *h = find(tcp, d);
    if (h != NULL || !is_worth_one)
        return h;
    h = begin(tcp, d);
    if (h == NULL && d->status == RIG_OK)
        d->status = rig_fail(d->err, RIG_ENOMEM, "out of memory");
    return h;
}

/* FIN and RST of a segment that ends before `seq_end`. */
static void take_end(rig_tcp *tcp, half *h, rig_decode *d, unsigned flags, uint32_t seq_end)
{
    connection *c = h->of;
    /* A FIN counts as a byte; nothing comes behind it. */
    if ((flags & FLAG_FIN) != 0 && h->stream.has_seq && h->stream.next_seq == seq_end) {
        h->stream.next_seq++;
        end_half(tcp, h, d);
    }
    if ((flags & FLAG_RST) != 0) {
        end_half(tcp, h, d);
        end_half(tcp, &c->halves[h == &c->halves[0]], d);
    }
    if ((flags & (FLAG_RST | FLAG_FIN)) != 0)
        c->is_closed = true;
}

rig_frame_kind rig_decode_tcp(rig_decode *d, rig_cursor at)
{
    if (at.n < TCP_HEADER)
        return rig_decode_too_short(at, TCP_HEADER);
    const uint8_t *header = at.p;
    size_t n_header = (size_t)(header[12] >> 4) * 4;
    if (n_header < TCP_HEADER || n_header > at.n_wire)
        return RIG_FRAME_MALFORMED;
    if (!rig_cursor_skip(&at, n_header))
        return RIG_FRAME_CUT;
    rig_tcp *tcp = d->decoder->tcp;
    unsigned flags = header[13];
    uint32_t seq = rig_be32(header + 4);
    d->src.port = rig_be16(header);
    d->dst.port = rig_be16(header + 2);
    const rig_frame_parts *parts = &d->decoder->parts;
    if (parts->segment != NULL)
        parts->segment(parts->ctx, d->frame, rig_tcp_key(d->src, d->dst),
                       d->begin != NULL ? (size_t)(at.p - d->begin) : 0);
    half *h = find_or_begin(tcp, d, at.n_wire > 0 || (flags & FLAG_SYN) != 0);
    if (h == NULL)
        return RIG_FRAME_TCP;
    connection *c = h->of;
    half *other = &c->halves[h == &c->halves[0]];
    unlink_connection(tcp, c);
    link_connection(tcp, c);
    c->t_last_ns = d->t_ns;
    if ((flags & FLAG_SYN) != 0)
        take_syn(tcp, h, d, seq++, (flags & FLAG_ACK) == 0);
    if ((flags & FLAG_ACK) != 0)
        take_ack(tcp, other, d, rig_be32(header + 8));
    rig_frame_kind kind = h->stream.is_encrypted ? RIG_FRAME_ENCRYPTED : RIG_FRAME_TCP;
    if (at.n_wire > 0 && (flags & FLAG_RST) == 0) {
        const rig_segment segment = {.seq = seq,
                                     .p = at.p,
                                     .n = at.n,
                                     .n_wire = at.n_wire,
                                     .t_ns = d->t_ns,
                                     .frame = d->frame};
        kind = take_data(tcp, h, d, &segment);
        look_at_ack(tcp, h, d);
    }
    take_end(tcp, h, d, flags, seq + (uint32_t)at.n_wire);
    rig_decode_due(d->decoder, rig_tcp_due_ns(tcp));
    return kind;
}
