/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/reorder.h"

#include <stdlib.h>
#include <string.h>

#include "core/clock.h"

enum { BURSTS_TELL = 2, MAX_DOUBT = 4096 };
enum { USUAL_PACKETS = 1 << 18, USUAL_BYTES = 64 << 20, MIN_BYTES = 1 << 20 };

#define USUAL_WINDOW_NS RIG_NS_PER_S

/* A frame that waits. */
typedef struct rig_reorder_held {
    uint64_t epoch; /* steps of clocks before it */
    uint64_t number;
    rig_byte_block *in;
    rig_frame frame;
} held;

/* What waits is in two parts: a queue of frames that came in order, and a heap of the others. With
 * no disorder a frame costs a place in the queue. */
struct rig_reorder {
    bool is_due;      /* the first that waits need not wait any longer */
    int64_t t_due_ns; /* when it need not; INT64_MIN: look */
    rig_capture_order order;
    int64_t within_ns; /* disorder within a stream */
    held *queue;       /* a ring */
    size_t n_ring, at_queue, n_queue;
    held *heap;
    size_t n_heap_allocated, n_heap;
    rig_reorder_stream *suspects;
    rig_byte_block *taken; /* holds the frame that was handed out */
    size_t n_bytes;        /* of all blocks that are pinned */
    uint64_t epoch, n_frames;
    uint64_t n_live;     /* streams that have begun and not ended */
    int64_t now_ns;      /* of the stream that came last */
    int64_t t_latest_ns; /* that came, since the last step */
    int64_t t_out_ns;    /* of the frame that was handed out last, since the last step */
    uint64_t epoch_out;
    bool has_latest, has_out;
    rig_capture_disorder disorder;
};

rig_status rig_reorder_complete(rig_capture_order *order, rig_error *err)
{
    if (order->window_ns < -1 || order->window_ns > RIG_CAPTURE_MAX_WINDOW_NS)
        return rig_fail(err, RIG_EDOM, "a window of %lld ns; expected at most %lld s",
                        (long long)order->window_ns,
                        (long long)(RIG_CAPTURE_MAX_WINDOW_NS / RIG_NS_PER_S));
    if (order->window_ns == 0)
        order->window_ns = USUAL_WINDOW_NS;
    if (order->max_packets == 0)
        order->max_packets = USUAL_PACKETS;
    if (order->max_bytes == 0)
        order->max_bytes = USUAL_BYTES;
    if (order->max_bytes < MIN_BYTES)
        order->max_bytes = MIN_BYTES;
    return RIG_OK;
}

rig_status rig_reorder_new(const rig_capture_order *order, rig_reorder **reorder)
{
    rig_reorder *made = calloc(1, sizeof *made);
    if (made == NULL)
        return RIG_ENOMEM;
    made->order = *order;
    made->within_ns = order->window_ns / 10 * 3;
    *reorder = made;
    return RIG_OK;
}

/* ---- memory of the frames */

static inline void let_go(rig_reorder *r, rig_byte_block *block)
{
    if (block->n_pins == 1)
        r->n_bytes -= block->n;
    rig_byte_block_unpin(block);
}

static inline void keep(rig_reorder *r, const rig_frame *frame, rig_byte_block *block, held *h)
{
    if (block->n_pins++ == 0)
        r->n_bytes += block->n;
    h->epoch = r->epoch;
    h->number = r->n_frames;
    h->in = block;
    h->frame = *frame;
}

/* ---- order */

static bool is_before(const held *a, const held *b)
{
    if (a->epoch != b->epoch)
        return a->epoch < b->epoch;
    if (a->frame.t_ns != b->frame.t_ns)
        return a->frame.t_ns < b->frame.t_ns;
    return a->number < b->number;
}

static const held *queue_end(const rig_reorder *r)
{
    return &r->queue[(r->at_queue + r->n_queue - 1) & (r->n_ring - 1)];
}

static bool grow_ring(rig_reorder *r)
{
    size_t n = r->n_ring == 0 ? 256 : 2 * r->n_ring;
    held *ring = reallocarray(NULL, n, sizeof *ring);
    if (ring == NULL)
        return false;
    for (size_t i = 0; i < r->n_queue; i++)
        ring[i] = r->queue[(r->at_queue + i) & (r->n_ring - 1)];
    free(r->queue);
    r->queue = ring;
    r->n_ring = n;
    r->at_queue = 0;
    return true;
}

static bool push_heap(rig_reorder *r, const held *h)
{
    if (r->n_heap == r->n_heap_allocated) {
        size_t n = r->n_heap == 0 ? 256 : 2 * r->n_heap;
        held *heap = reallocarray(r->heap, n, sizeof *heap);
        if (heap == NULL)
            return false;
        r->heap = heap;
        r->n_heap_allocated = n;
    }
    size_t at = r->n_heap++;
    while (at > 0 && is_before(h, &r->heap[(at - 1) / 2])) {
        r->heap[at] = r->heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    r->heap[at] = *h;
    return true;
}

static void pop_heap(rig_reorder *r)
{
    const held last = r->heap[--r->n_heap];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= r->n_heap)
            break;
        if (child + 1 < r->n_heap && is_before(&r->heap[child + 1], &r->heap[child]))
            child++;
        if (!is_before(&r->heap[child], &last))
            break;
        r->heap[at] = r->heap[child];
        at = child;
    }
    r->heap[at] = last;
}

/* In its place among those that wait. */
static bool insert(rig_reorder *r, const held *h)
{
    if (r->n_queue > 0 && is_before(h, queue_end(r)))
        return push_heap(r, h);
    if (r->n_queue == r->n_ring && !grow_ring(r))
        return false;
    r->queue[(r->at_queue + r->n_queue++) & (r->n_ring - 1)] = *h;
    return true;
}

static inline bool is_over_limit(const rig_reorder *r)
{
    return r->n_queue + r->n_heap > r->order.max_packets || r->n_bytes > r->order.max_bytes;
}

/* The first of those that wait; NULL when there is none. */
static inline const held *first_of(const rig_reorder *r)
{
    const held *head = r->n_queue > 0 ? &r->queue[r->at_queue] : NULL;
    if (r->n_heap > 0 && (head == NULL || is_before(&r->heap[0], head)))
        return &r->heap[0];
    return head;
}

static inline void look(rig_reorder *r)
{
    const held *h = first_of(r);
    r->t_due_ns = h == NULL || h->epoch < r->epoch ? INT64_MIN : h->frame.t_ns + r->order.window_ns;
    r->is_due = h != NULL && (r->now_ns >= r->t_due_ns || is_over_limit(r));
}

const bool *rig_reorder_is_due(const rig_reorder *r)
{
    return &r->is_due;
}

/* ---- clocks */

static void note_step(rig_reorder *r, const rig_frame *frame, int64_t back_ns)
{
    rig_capture_disorder *d = &r->disorder;
    if (d->n_steps < RIG_CAPTURE_MAX_STEPS)
        d->steps[d->n_steps] = (rig_capture_step_back){.file = frame->file,
                                                       .interface = frame->interface,
                                                       .packet = frame->number,
                                                       .t_ns = frame->t_ns,
                                                       .back_ns = back_ns};
    d->n_steps++;
    if (back_ns > d->max_step_ns)
        d->max_step_ns = back_ns;
}

/* What was captured before the step goes before it. */
static void step(rig_reorder *r, rig_reorder_stream *s, held *first)
{
    int64_t back_ns = s->clock_ns - first->frame.t_ns;
    note_step(r, &first->frame, back_ns);
    if (back_ns < r->order.window_ns && ++s->n_of_bursts >= BURSTS_TELL)
        s->is_of_bursts = true;
    r->epoch++;
    r->has_latest = false;
    first->epoch = r->epoch;
    s->clock_ns = first->frame.t_ns;
}

static rig_status admit(rig_reorder *r, const held *h)
{
    int64_t t_ns = h->frame.t_ns;
    if (r->has_latest && t_ns < r->t_latest_ns) {
        r->disorder.n_reordered++;
        if (r->t_latest_ns - t_ns > r->disorder.max_disorder_ns)
            r->disorder.max_disorder_ns = r->t_latest_ns - t_ns;
    } else {
        r->t_latest_ns = t_ns;
        r->has_latest = true;
    }
    if (insert(r, h))
        return RIG_OK;
    let_go(r, h->in);
    return RIG_ENOMEM;
}

/* The frame in doubt was alone where `goes_on`: the next one is where those before it were. Else,
 * and where it is further back than the window, its clock has stepped back. */
static rig_status resolve(rig_reorder *r, rig_reorder_stream *s, bool goes_on)
{
    const bool is_alone = goes_on && s->clock_ns - s->suspect->frame.t_ns <= r->order.window_ns;
    rig_reorder_stream **link = &r->suspects;
    while (*link != s)
        link = &(*link)->next_suspect;
    *link = s->next_suspect;
    s->has_suspect = false;
    if (!is_alone)
        step(r, s, s->suspect);
    return admit(r, s->suspect);
}

static rig_status suspect(rig_reorder *r, rig_reorder_stream *s, const held *h)
{
    if (s->suspect == NULL)
        s->suspect = malloc(sizeof *s->suspect);
    if (s->suspect == NULL) {
        let_go(r, h->in);
        return RIG_ENOMEM;
    }
    *s->suspect = *h;
    s->suspect_now_ns = r->now_ns;
    s->has_suspect = true;
    s->next_suspect = r->suspects;
    r->suspects = s;
    return RIG_OK;
}

/* A stream that has gone silent must not keep its frame in doubt for ever. */
static rig_status resolve_old(rig_reorder *r)
{
    rig_reorder_stream *s = r->suspects;
    while (s != NULL && r->now_ns - s->suspect_now_ns < r->order.window_ns &&
           r->n_frames - s->suspect->number < MAX_DOUBT)
        s = s->next_suspect;
    return s == NULL ? RIG_OK : resolve(r, s, false);
}

static inline void put_down(rig_reorder *r)
{
    rig_byte_block *block = r->taken;
    r->taken = NULL;
    if (block != NULL)
        let_go(r, block);
}

/* What most captures hold: a frame that is behind all others, of a stream of which none is in
 * doubt. It is put straight where it waits. */
static bool is_in_order(const rig_reorder *r, const rig_reorder_stream *s, const rig_frame *frame)
{
    return s->has_clock && frame->t_ns >= s->clock_ns && r->has_latest &&
           frame->t_ns >= r->t_latest_ns && r->suspects == NULL && r->n_queue < r->n_ring;
}

static void begin_stream(rig_reorder *r, rig_reorder_stream *s)
{
    s->is_live = true;
    r->disorder.n_streams += !s->has_clock;
    if (++r->n_live > r->disorder.n_at_once)
        r->disorder.n_at_once = r->n_live;
}

rig_status rig_reorder_push(rig_reorder *r, rig_reorder_stream *s, const rig_frame *frame,
                            rig_byte_block *block)
{
    rig_status status = RIG_OK;
    held h;
    put_down(r);
    r->n_frames++;
    if (is_in_order(r, s, frame)) {
        keep(r, frame, block, &r->queue[(r->at_queue + r->n_queue++) & (r->n_ring - 1)]);
        r->t_latest_ns = r->now_ns = s->clock_ns = frame->t_ns;
        if (frame->t_ns >= r->t_due_ns || is_over_limit(r))
            look(r);
        return RIG_OK;
    }
    if (!s->is_live)
        begin_stream(r, s);
    const int64_t within_ns = s->is_of_bursts ? r->order.window_ns : r->within_ns;
    if (s->has_suspect)
        status = resolve(r, s, frame->t_ns >= s->clock_ns - within_ns);
    else if (r->suspects != NULL)
        status = resolve_old(r);
    keep(r, frame, block, &h);
    bool is_back = s->has_clock && frame->t_ns < s->clock_ns - within_ns;
    rig_status own = is_back ? suspect(r, s, &h) : admit(r, &h);
    if (!s->has_clock || frame->t_ns > s->clock_ns)
        s->clock_ns = frame->t_ns;
    s->has_clock = true;
    r->now_ns = s->clock_ns;
    look(r);
    return status == RIG_OK ? own : status;
}

rig_status rig_reorder_settle(rig_reorder *r, rig_reorder_stream *s)
{
    rig_status status = RIG_OK;
    if (s != NULL && s->has_suspect)
        status = resolve(r, s, false);
    if (s != NULL && s->is_live) {
        s->is_live = false;
        r->n_live--;
    }
    while (s == NULL && r->suspects != NULL) {
        rig_status one = resolve(r, r->suspects, false);
        status = status == RIG_OK ? one : status;
    }
    look(r);
    return status;
}

void rig_reorder_stream_clear(rig_reorder_stream *s)
{
    free(s->suspect);
    *s = (rig_reorder_stream){.clock_ns = 0};
}

/* ---- handing out */

bool rig_reorder_is_empty(const rig_reorder *r)
{
    return r->n_queue == 0 && r->n_heap == 0 && r->suspects == NULL;
}

static void note_out(rig_reorder *r, const held *h)
{
    int64_t t_ns = h->frame.t_ns;
    if (!r->has_out || h->epoch != r->epoch_out || t_ns >= r->t_out_ns) {
        r->t_out_ns = t_ns;
        r->epoch_out = h->epoch;
        r->has_out = true;
        return;
    }
    r->disorder.n_late++;
    if (r->t_out_ns - t_ns > r->disorder.max_late_ns)
        r->disorder.max_late_ns = r->t_out_ns - t_ns;
}

bool rig_reorder_pop(rig_reorder *r, bool is_all, rig_frame *frame)
{
    put_down(r);
    const held *next = first_of(r);
    if (next == NULL || (!is_all && !r->is_due))
        return false;
    r->disorder.n_pushed_out += !is_all && r->now_ns < r->t_due_ns;
    note_out(r, next);
    *frame = next->frame;
    r->taken = next->in;
    if (r->n_heap > 0 && next == &r->heap[0]) {
        pop_heap(r);
    } else {
        r->at_queue = (r->at_queue + 1) & (r->n_ring - 1);
        r->n_queue--;
    }
    look(r);
    return true;
}

const rig_capture_disorder *rig_reorder_disorder(const rig_reorder *r)
{
    return &r->disorder;
}

void rig_reorder_free(rig_reorder *r)
{
    if (r == NULL)
        return;
    put_down(r);
    for (size_t i = 0; i < r->n_queue; i++)
        let_go(r, r->queue[(r->at_queue + i) & (r->n_ring - 1)].in);
    for (size_t i = 0; i < r->n_heap; i++)
        let_go(r, r->heap[i].in);
    for (rig_reorder_stream *s = r->suspects; s != NULL; s = s->next_suspect) {
        let_go(r, s->suspect->in);
        s->has_suspect = false;
    }
    free(r->queue);
    free(r->heap);
    free(r);
}
