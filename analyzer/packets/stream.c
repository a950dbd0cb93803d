/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/stream.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/packets/tcp.h"
#include "analyzer/packets/websocket.h"

/* Farther away than any window that a SIP peer opens: another connection with the same ports. */
enum { MAX_JUMP = 1 << 22 };

typedef struct rig_held_segment {
    struct rig_held_segment *next;
    uint32_t seq;
    uint32_t n, n_wire;
    uint32_t frame;
    int64_t t_ns;
    uint8_t data[];
} held_segment;

static size_t min_size(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int32_t distance(uint32_t from, uint32_t to)
{
    return (int32_t)(to - from);
}

bool rig_stream_has_gap(const rig_stream *s)
{
    return s->held != NULL;
}

uint32_t rig_stream_gap_end(const rig_stream *s)
{
    return s->held->seq;
}

size_t rig_stream_held(const rig_stream *s)
{
    return s->n_allocated + s->text.n_allocated + s->n_held;
}

static void drop_buffer(rig_stream *s)
{
    free(s->buffer);
    s->buffer = NULL;
    s->n_buffer = s->n_allocated = 0;
    s->framing = (rig_sip_framing){.n_scanned = 0};
}

static void pop_held(rig_stream *s)
{
    held_segment *first = s->held;
    s->held = first->next;
    s->n_held -= first->n + sizeof *first;
    free(first);
}

void rig_stream_clear(rig_stream *s)
{
    drop_buffer(s);
    rig_websocket_text_clear(&s->text);
    while (s->held != NULL)
        pop_held(s);
    *s = (rig_stream){.next_seq = 0};
}

static void no_memory(rig_decode *d)
{
    if (d->status == RIG_OK)
        d->status = rig_fail(d->err, RIG_ENOMEM, "out of memory");
}

/* ---- messages */

static void emit(rig_stream *s, rig_decode *d, const uint8_t *p, size_t n, bool is_truncated)
{
    const rig_packet packet = {.src = d->src,
                               .dst = d->dst,
                               .transport = RIG_OVER_TCP,
                               .payload = {.p = (const char *)p, .n = n},
                               .is_truncated = is_truncated,
                               .t_ns = d->t_ns,
                               .frame = d->frame};
    d->decoder->counts.n_streams_sip += !s->has_sip;
    d->decoder->counts.n_stream_messages++;
    s->has_sip = true;
    d->first_frame = s->first_frame;
    d->stream = rig_tcp_key(d->src, d->dst);
    rig_decode_emit(d, &packet);
    d->first_frame = 0;
    d->stream = 0;
    s->first_frame = d->frame; /* of what follows it */
}

/* A message whose rest will not come, with the time of what came last of it. */
static void emit_beginning(rig_stream *s, rig_decode *d)
{
    rig_decode then = *d;
    then.t_ns = s->t_last_ns;
    then.frame = s->frame;
    emit(s, &then, s->buffer, s->n_buffer, true);
    d->status = then.status;
}

static void emit_over_limit(rig_stream *s, rig_decode *d, const uint8_t *p)
{
    d->decoder->counts.n_limit_message++;
    emit(s, d, p, RIG_DECODER_MAX_STREAM_BYTES, true);
}

static void pass_hep(rig_stream *s, rig_decode *d, rig_slice hep)
{
    d->first_frame = s->first_frame;
    d->stream = rig_tcp_key(d->src, d->dst);
    (void)rig_decode_hep(d, hep, false);
    d->first_frame = 0;
    d->stream = 0;
    s->first_frame = d->frame;
}

/* ---- WebSocket */

/* A whole frame of data. Its message is one of SIP (RFC 7118, 5), or whatever else it may be. */
static void take_frame(rig_stream *s, rig_decode *d, const rig_websocket_frame *frame,
                       const uint8_t *p)
{
    if (frame->opcode != 0)
        rig_websocket_text_clear(&s->text);
    if (!rig_websocket_text_add(&s->text, frame, p)) {
        no_memory(d);
        return;
    }
    if (!frame->is_final)
        return;
    size_t n_blank = 0;
    if (s->text.n == 0)
        return; /* a final frame of nothing */
    while (n_blank < s->text.n && (s->text.p[n_blank] == '\r' || s->text.p[n_blank] == '\n'))
        n_blank++;
    const rig_slice message = {(const char *)s->text.p + n_blank, s->text.n - n_blank};
    rig_sip_framing framing = {.n_scanned = 0};
    size_t n;
    rig_sip_found found = rig_sip_frame(message, &framing, &n);
    if (found == RIG_SIP_FOUND_MESSAGE || found == RIG_SIP_FOUND_BODY) /* else no SIP: a chat, .. */
        emit(s, d, (const uint8_t *)message.p, message.n, false);
    rig_websocket_text_clear(&s->text);
}

/* Frames off the beginning. @return how many bytes are done with. */
static size_t cut_frames(rig_stream *s, rig_decode *d, const uint8_t *p, size_t n)
{
    size_t at = 0;
    while (at < n) {
        rig_websocket_frame frame;
        bool is_bad;
        if (!rig_websocket_read(p + at, n - at, &frame, &is_bad)) {
            s->is_websocket = !is_bad;
            return is_bad ? n : at;
        }
        uint64_t n_frame = frame.n_head + frame.n_payload;
        bool is_data = frame.opcode <= 2;
        if (frame.n_payload + s->text.n > RIG_DECODER_MAX_STREAM_BYTES) {
            d->decoder->counts.n_limit_message++;
            d->decoder->counts.n_messages_lost++;
            rig_websocket_text_clear(&s->text);
            s->n_skip = n_frame > n - at ? n_frame - (n - at) : 0;
            at += n_frame < n - at ? (size_t)n_frame : n - at;
            continue;
        }
        if (n_frame > n - at)
            return at;
        if (is_data)
            take_frame(s, d, &frame, p + at + frame.n_head);
        at += (size_t)n_frame;
    }
    return at;
}

/* Bytes that were not captured: on behind the frame that they are part of, if its head is there. */
static void pass_gap_of_frames(rig_stream *s, rig_decode *d, size_t n_missing)
{
    rig_websocket_frame frame;
    bool is_bad;
    uint64_t n_more = 0;
    if (s->n_buffer > 0 && rig_websocket_read(s->buffer, s->n_buffer, &frame, &is_bad))
        n_more = frame.n_head + frame.n_payload - s->n_buffer;
    d->decoder->counts.n_messages_lost += s->n_buffer > 0 || s->text.n > 0;
    d->decoder->counts.n_stream_gaps += s->has_sip;
    drop_buffer(s);
    rig_websocket_text_clear(&s->text);
    s->is_websocket = n_more >= n_missing; /* else the next frame is found by what it holds */
    s->n_skip = n_more > n_missing ? n_more - n_missing : 0;
}

/* Whether frames begin here. @return false: it is all else. Else *n bytes are done with; 0: more is
 * needed to tell. */
static bool find_frames(rig_stream *s, const uint8_t *p, size_t n_here, size_t *n)
{
    *n = 0;
    if (s->framing.n_scanned != 0 || n_here == 0 ||
        (p[0] != 'G' && p[0] != 'H' && (p[0] & 0x7f) != 1 && (p[0] & 0x7f) != 2))
        return false;
    switch (rig_websocket_look(p, n_here, n)) {
    case RIG_WEBSOCKET_NOT:
        return false;
    case RIG_WEBSOCKET_MORE:
        return true;
    case RIG_WEBSOCKET_UPGRADE:
    case RIG_WEBSOCKET_FRAMES:
        s->is_websocket = true;
        return true;
    }
    return false;
}

/* Cut messages off the beginning. @return how many bytes are done with. */
static size_t cut_messages(rig_stream *s, rig_decode *d, const uint8_t *p, size_t n)
{
    size_t at = 0;
    while (at < n) {
        size_t n_found;
        size_t n_here = n - at;
        if (!s->is_websocket && find_frames(s, p + at, n_here, &n_found)) {
            at += n_found;
            if (!s->is_websocket)
                return at;
        }
        if (s->is_websocket)
            return at + cut_frames(s, d, p + at, n - at);
        switch (rig_sip_frame((rig_slice){.p = (const char *)p + at, .n = n_here}, &s->framing,
                              &n_found)) {
        case RIG_SIP_FOUND_NOTHING:
            if (n_found == 0)
                return at;
            break;
        case RIG_SIP_FOUND_HEAD:
            if (n_here <= RIG_DECODER_MAX_STREAM_BYTES)
                return at;
            d->decoder->counts.n_limit_message++;
            d->decoder->counts.n_messages_lost++;
            s->framing = (rig_sip_framing){.n_scanned = 0};
            return n;
        case RIG_SIP_FOUND_BODY:
            if (n_here <= RIG_DECODER_MAX_STREAM_BYTES)
                return at;
            emit_over_limit(s, d, p + at);
            s->n_skip = n_found - n_here;
            s->framing = (rig_sip_framing){.n_scanned = 0};
            return n;
        case RIG_SIP_FOUND_MESSAGE:
            if (n_found > RIG_DECODER_MAX_STREAM_BYTES)
                emit_over_limit(s, d, p + at);
            else
                emit(s, d, p + at, n_found, false);
            break;
        case RIG_SIP_FOUND_HEP:
            d->decoder->counts.n_streams_sip += !s->has_sip;
            s->has_sip = true;
            pass_hep(s, d, (rig_slice){.p = (const char *)p + at, .n = n_found});
            break;
        }
        at += n_found;
    }
    return n;
}

static bool reserve(rig_stream *s, size_t n)
{
    if (n <= s->n_allocated)
        return true;
    size_t n_new = s->n_allocated * 2 > n ? s->n_allocated * 2 : n;
    uint8_t *buffer = realloc(s->buffer, n_new);
    if (buffer == NULL)
        return false;
    s->buffer = buffer;
    s->n_allocated = n_new;
    return true;
}

static void append(rig_stream *s, rig_decode *d, const uint8_t *p, size_t n)
{
    if (!reserve(s, s->n_buffer + n)) {
        drop_buffer(s);
        no_memory(d);
        return;
    }
    memcpy(s->buffer + s->n_buffer, p, n);
    s->n_buffer += n;
}

/* Bytes in their turn. A message that is whole within them is not copied. */
static void take(rig_stream *s, rig_decode *d, const uint8_t *p, size_t n)
{
    size_t n_skipped = s->n_skip < n ? (size_t)s->n_skip : n;
    s->n_skip -= n_skipped;
    p += n_skipped;
    n -= n_skipped;
    if (n == 0)
        return;
    if (s->n_buffer == 0) {
        size_t n_done = cut_messages(s, d, p, n);
        if (n_done < n)
            append(s, d, p + n_done, n - n_done);
        return;
    }
    append(s, d, p, n);
    size_t n_done = cut_messages(s, d, s->buffer, s->n_buffer);
    if (n_done == 0)
        return;
    s->n_buffer -= n_done;
    if (s->n_buffer == 0)
        drop_buffer(s);
    else
        memmove(s->buffer, s->buffer + n_done, s->n_buffer);
}

/* Bytes that were not captured. Of a message whose headers are there its beginning is passed on;
 * when they are all of its body, the next message follows. */
static void pass_gap(rig_stream *s, rig_decode *d, size_t n_missing)
{
    if (s->n_skip >= n_missing) {
        d->decoder->counts.n_stream_gaps++; /* in a body, so of SIP */
        s->n_skip -= n_missing;
        return;
    }
    n_missing -= (size_t)s->n_skip;
    s->n_skip = 0;
    if (s->is_websocket) {
        pass_gap_of_frames(s, d, n_missing);
        return;
    }
    uint64_t n_more = 0;
    if (s->framing.n_head > 0) {
        n_more = s->framing.n_head + s->framing.n_body - s->n_buffer;
        emit_beginning(s, d);
    } else if (s->framing.n_scanned > 0) {
        d->decoder->counts.n_messages_lost++;
    }
    d->decoder->counts.n_stream_gaps += s->has_sip;
    drop_buffer(s);
    s->n_skip = n_more > n_missing ? n_more - n_missing : 0;
}

/* ---- order */

/* Whether the bytes have shown that the stream is none of SIP: not even a keep-alive. */
static bool is_foreign(const rig_stream *s, const uint8_t *p, size_t n)
{
    return !s->has_sip && !s->is_websocket && s->framing.n_scanned == 0 && s->n_buffer == 0 &&
           n > 0 && p[0] != '\r' && p[0] != '\n';
}

static void take_in_turn(rig_stream *s, rig_decode *d, const uint8_t *p, size_t n, size_t n_wire)
{
    if (s->n_buffer > 0 || s->text.n > 0)
        rig_decode_part(d, s->frame, RIG_PART_OF_STREAM);
    else
        s->first_frame = d->frame;
    s->next_seq += (uint32_t)n_wire;
    s->t_last_ns = d->t_ns;
    s->frame = d->frame;
    take(s, d, p, n);
    if (is_foreign(s, p, n))
        s->is_fresh = false;
    if (n < n_wire)
        pass_gap(s, d, n_wire - n);
}

/* What was held and is in its turn now, with the time and frame at which it came. */
static void take_held(rig_stream *s, rig_decode *d)
{
    rig_decode then = *d;
    while (s->held != NULL && distance(s->next_seq, s->held->seq) <= 0) {
        const held_segment *held = s->held;
        size_t n_old = s->next_seq - held->seq;
        if (n_old < held->n_wire) {
            size_t n_over = min_size(n_old, held->n);
            then.t_ns = held->t_ns;
            then.frame = held->frame;
            take_in_turn(s, &then, held->data + n_over, held->n - n_over, held->n_wire - n_old);
        }
        pop_held(s);
    }
    d->status = then.status;
}

static rig_stream_took hold(rig_stream *s, rig_decode *d, const rig_segment *segment)
{
    held_segment **link = &s->held;
    while (*link != NULL && distance((*link)->seq, segment->seq) >= 0) {
        if ((size_t)distance((*link)->seq, segment->seq) + segment->n_wire <= (*link)->n_wire)
            return RIG_STREAM_REPEATED;
        link = &(*link)->next;
    }
    size_t n_cost = segment->n + sizeof(held_segment);
    if (s->n_held + n_cost > RIG_DECODER_MAX_STREAM_BYTES && s->held != NULL)
        return RIG_STREAM_FULL;
    held_segment *held = malloc(n_cost);
    if (held == NULL) {
        no_memory(d);
        return RIG_STREAM_TOOK;
    }
    *held = (held_segment){.next = *link,
                           .seq = segment->seq,
                           .n = (uint32_t)segment->n,
                           .n_wire = (uint32_t)segment->n_wire,
                           .frame = segment->frame,
                           .t_ns = segment->t_ns};
    memcpy(held->data, segment->p, segment->n);
    *link = held;
    s->n_held += n_cost;
    return RIG_STREAM_HELD;
}

/* Begin anew at a segment. */
static void restart(rig_stream *s, uint32_t seq)
{
    drop_buffer(s);
    rig_websocket_text_clear(&s->text);
    s->is_websocket = false;
    while (s->held != NULL)
        pop_held(s);
    s->n_skip = 0;
    s->next_seq = seq;
    s->is_fresh = false;
}

rig_stream_took rig_stream_add(rig_stream *s, rig_decode *d, const rig_segment *segment)
{
    if (!s->has_seq) {
        s->has_seq = true;
        s->next_seq = s->isn = segment->seq;
        s->is_fresh = segment->n == 0; /* none of it was captured: it may be SIP */
    }
    int32_t ahead = distance(s->next_seq, segment->seq);
    if (ahead > MAX_JUMP || ahead < -MAX_JUMP) {
        restart(s, segment->seq);
        ahead = 0;
    }
    if (ahead > 0) {
        if (s->has_sip || s->is_fresh || s->is_websocket)
            return hold(s, d, segment);
        restart(s, segment->seq);
        ahead = 0;
    }
    size_t n_old = (size_t)-ahead;
    if (n_old >= segment->n_wire)
        return RIG_STREAM_REPEATED;
    size_t n_over = min_size(n_old, segment->n);
    take_in_turn(s, d, segment->p + n_over, segment->n - n_over, segment->n_wire - n_old);
    take_held(s, d);
    return RIG_STREAM_TOOK;
}

void rig_stream_pass_over(rig_stream *s, rig_decode *d, uint32_t seq)
{
    size_t n_missing = seq - s->next_seq;
    s->next_seq = seq;
    pass_gap(s, d, n_missing);
    take_held(s, d);
}

bool rig_stream_has_headers(const rig_stream *s)
{
    return s->framing.n_head > 0;
}

void rig_stream_give_up_gap(rig_stream *s, rig_decode *d)
{
    rig_stream_pass_over(s, d, s->held->seq);
}

void rig_stream_end(rig_stream *s, rig_decode *d)
{
    while (s->held != NULL)
        rig_stream_give_up_gap(s, d);
    if (s->framing.n_head > 0)
        emit_beginning(s, d);
    else if (s->framing.n_scanned > 0 || (s->is_websocket && s->n_buffer + s->text.n > 0))
        d->decoder->counts.n_messages_lost++;
    drop_buffer(s);
    rig_websocket_text_clear(&s->text);
    s->n_skip = 0;
}
