/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/extract.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analyzer/packets/capture.h"
#include "analyzer/slice/frame_set.h"
#include "analyzer/slice/leg_map.h"
#include "analyzer/slice/stream_set.h"
#include "analyzer/calls/tap.h"

/* How long before the first message of a connection its segments are wanted: longer than the
 * decoder waits for a gap. */
#define BEFORE_NS (4 * RIG_NS_PER_S)

/* Of a call. */
enum { CHOSEN = 1, CHOSEN_IF_MARKS = 2, NOT_OVER = 4 };

typedef struct call_notes {
    uint8_t *flags;     /* by order */
    uint32_t *fitting;  /* by order: rig_pick_fit_caller; NULL: nobody asks */
    size_t n, n_caller; /* room; calls of which the number has been looked at */
} call_notes;

/* A kind of mark, and the first message of another call that shows it. */
typedef struct mark {
    bool is_shown;  /* by a chosen call, so far */
    bool is_needed; /* some chosen call cannot be told without it */
    bool is_known;
    rig_packet packet; /* without its payload */
} mark;

typedef struct extract {
    const rig_extract_options *options;
    rig_analyzer *analyzer;
    rig_leg_map legs;
    call_notes calls;
    rig_frame_set frames;
    rig_stream_set streams;
    mark queue, ringing;
    bool has_queue_marks, needs_end;
    int64_t t_last_ns;
    rig_extract_counts counts;
} extract;

/* ---- first: which calls */

static bool reserve_calls(extract *x, uint64_t order)
{
    call_notes *c = &x->calls;
    if (order < c->n)
        return true;
    size_t n = c->n * 2 > 1024 ? c->n * 2 : 1024;
    n = order >= n ? (size_t)order + 1 : n;
    uint8_t *flags = realloc(c->flags, n);
    if (flags == NULL)
        return false;
    memset(flags + c->n, 0, n - c->n);
    c->flags = flags;
    if (x->options->pick->asks_caller) {
        uint32_t *fitting = reallocarray(c->fitting, n, sizeof *fitting);
        if (fitting == NULL)
            return false;
        c->fitting = fitting;
    }
    c->n = n;
    return true;
}

/* The first message of a call is its INVITE; calls come in the order of these. */
static rig_status note_caller(void *ctx, const rig_tapped_message *message, rig_error *err)
{
    extract *x = ctx;
    uint64_t order;
    if (!rig_leg_map_find(&x->legs, message->leg, &order) || order < x->calls.n_caller)
        return RIG_OK;
    if (!reserve_calls(x, order))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    x->calls.fitting[order] =
        rig_pick_fit_caller(x->options->pick, rig_sip_from_user(message->sip));
    x->calls.n_caller = (size_t)order + 1;
    return RIG_OK;
}

static rig_status note_call(void *ctx, const rig_finished_call *finished, rig_error *err)
{
    extract *x = ctx;
    const int64_t t_first_ns = rig_analyzer_t_first_ns(x->analyzer);
    if (!reserve_calls(x, finished->order))
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    uint8_t flags = finished->call->t_end_ns == RIG_NO_TIME ? NOT_OVER : 0;
    rig_pick_call call = {
        .call = finished->call,
        .outcome = finished->call->outcome,
        .reason = finished->call->reason,
        .t_capture_ns = t_first_ns,
        .fitting_caller = x->calls.fitting != NULL ? x->calls.fitting[finished->order] : UINT32_MAX,
    };
    const bool is_any = x->options->pick->n == 0 && x->options->where != NULL;
    const rig_query_fit fit = rig_query_fit_call(x->options->where, finished, t_first_ns);
    if (fit.as_told && (is_any || rig_pick_fits(x->options->pick, &call)))
        flags |= CHOSEN;
    call.outcome = finished->outcome_if_marks;
    call.reason = finished->reason_if_marks;
    if (fit.if_marks && (is_any || rig_pick_fits(x->options->pick, &call)))
        flags |= CHOSEN_IF_MARKS;
    x->calls.flags[finished->order] = flags;
    x->counts.n_calls++;
    return RIG_OK;
}

/* What the second reading knows already. */
static rig_status pass_over(void *ctx, const rig_finished_call *finished, rig_error *err)
{
    (void)ctx;
    (void)finished;
    (void)err;
    return RIG_OK;
}

static bool is_chosen(const extract *x, uint64_t order)
{
    int flag = x->has_queue_marks ? CHOSEN_IF_MARKS : CHOSEN;
    return order < x->calls.n && (x->calls.flags[order] & flag) != 0;
}

static rig_status analyze(extract *x, const rig_tap *tap, bool is_first, rig_error *err)
{
    const rig_extract_options *o = x->options;
    const rig_analyzer_options how = {.rules = o->rules,
                                      .sink = {.take = is_first ? note_call : pass_over, .ctx = x},
                                      .tap = tap,
                                      .max_legs = o->max_legs,
                                      .with_parties = is_first && o->where != NULL};
    rig_analyze_reading reading = o->reading;
    if (!is_first)
        reading.warn = NULL;
    rig_status status = rig_analyzer_new_with(&how, &x->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyze_files_with(o->paths, o->n_paths, &reading, x->analyzer, err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(x->analyzer, NULL, err);
    if (status == RIG_OK && is_first) {
        rig_capture_counts counts;
        rig_analyzer_counts(x->analyzer, &counts);
        x->has_queue_marks = counts.has_queue_marks;
        x->t_last_ns = counts.t_last_ns;
        x->counts.n_not_followed = counts.n_not_followed;
    }
    rig_analyzer_free(x->analyzer);
    x->analyzer = NULL;
    return status;
}

static void count_chosen(extract *x)
{
    for (uint64_t order = 0; order < x->calls.n; order++) {
        if (!is_chosen(x, order))
            continue;
        x->counts.n_chosen++;
        x->needs_end |= (x->calls.flags[order] & NOT_OVER) != 0;
    }
    for (uint64_t leg = 0, order; leg < x->legs.n; leg++)
        x->counts.n_legs += rig_leg_map_find(&x->legs, leg, &order) && is_chosen(x, order);
}

/* ---- second: which frames */

static void note_mark(mark *m, bool is_mark, bool is_chosen_call, const rig_packet *packet)
{
    if (!is_mark)
        return;
    m->is_shown |= is_chosen_call;
    if (m->is_known)
        return;
    m->is_known = true;
    m->packet = *packet;
    m->packet.payload = (rig_slice){0};
}

static void add_message(extract *x, const rig_packet *packet)
{
    rig_frame_set_add(&x->frames, packet);
    rig_stream_set_add(&x->streams, packet);
}

static rig_status note_frames(void *ctx, const rig_tapped_message *message, rig_error *err)
{
    extract *x = ctx;
    uint64_t order;
    bool is_of_chosen = rig_leg_map_find(&x->legs, message->leg, &order) && is_chosen(x, order);
    (void)err;
    if (is_of_chosen)
        add_message(x, message->packet);
    if (message->kind == RIG_TAPPED_NEW) {
        /* Whether a call is connected depends on what the target has shown until then. */
        x->ringing.is_needed |= is_of_chosen && message->is_connected_mark && x->ringing.is_known &&
                                !x->ringing.is_shown;
        note_mark(&x->queue, message->is_queue_mark, is_of_chosen, message->packet);
        note_mark(&x->ringing, message->is_ringing_mark, is_of_chosen, message->packet);
    }
    return RIG_OK;
}

static void note_part(void *ctx, uint32_t frame, uint32_t other, rig_part_kind kind)
{
    extract *x = ctx;
    rig_frame_set_part(&x->frames, frame, other, kind);
}

static void join(void *ctx, uint64_t leg, uint64_t order)
{
    extract *x = ctx;
    rig_leg_map_join(&x->legs, leg, order);
}

static void add_mark(extract *x, const mark *m)
{
    if (!m->is_needed || !m->is_known || rig_frame_set_has(&x->frames, m->packet.frame))
        return;
    add_message(x, &m->packet);
    x->counts.n_marks++;
}

/* ---- third: the frames */

/* What a frame is to the TCP connections of the slice. */
typedef struct segment {
    const extract *x;
    uint32_t frame;
    int64_t t_ns;
    bool is_between; /* it is one of theirs, and lies among the wanted messages */
    size_t n_head;
} segment;

static void look_at_segment(void *ctx, uint32_t frame, uint64_t stream, size_t n_head)
{
    segment *s = ctx;
    const rig_stream_span *span = rig_stream_set_find(&s->x->streams, stream);
    if (span == NULL || frame != s->frame || frame > span->last_frame ||
        s->t_ns < span->t_first_ns - BEFORE_NS)
        return;
    s->is_between = true;
    s->n_head = n_head;
}

static rig_status ignore(void *ctx, const rig_packet *packet, rig_error *err)
{
    (void)ctx;
    (void)packet;
    (void)err;
    return RIG_OK;
}

/* Whether a frame is to be written, and how much of it. */
static bool cut_frame(extract *x, rig_frame *frame, uint64_t number, const segment *s)
{
    bool is_end = x->needs_end && frame->t_ns == x->t_last_ns;
    bool is_wanted = rig_frame_set_has(&x->frames, number);
    x->needs_end &= !is_end;
    if (is_wanted)
        return true;
    if (!s->is_between && !is_end)
        return false;
    /* A segment that came in fragments cannot be cut; what is missing is waited for. */
    size_t n_kept = s->is_between && s->n_head > 0 ? s->n_head : 0;
    if (n_kept == 0 && !is_end)
        return false;
    x->counts.n_fillers += s->is_between;
    x->counts.has_end |= is_end;
    frame->caplen = n_kept < frame->caplen ? n_kept : frame->caplen;
    return true;
}

static rig_status copy_frames(extract *x, rig_capture_reader *reader, rig_capture_writer *writer,
                              rig_error *err)
{
    segment s = {.x = x};
    rig_decoder *decoder = NULL; /* only connections must be told apart */
    rig_frame frame;
    bool is_end = false;
    rig_status status = RIG_OK;
    if (x->streams.n > 0) {
        status = rig_decoder_new(ignore, NULL, &decoder);
        if (status != RIG_OK)
            return rig_fail(err, status, "out of memory");
        rig_decoder_on_parts(decoder, (rig_frame_parts){.segment = look_at_segment, .ctx = &s});
    }
    for (uint64_t i = 1;
         (status = rig_capture_next(reader, &frame, &is_end, err)) == RIG_OK && !is_end; i++) {
        s.frame = (uint32_t)i;
        s.t_ns = frame.t_ns;
        s.is_between = false;
        if (decoder != NULL)
            status = rig_decoder_frame(decoder, frame.linktype, frame.t_ns, frame.data,
                                       frame.caplen, frame.len, err);
        if (status == RIG_OK && cut_frame(x, &frame, i, &s)) {
            status = rig_capture_writer_add(writer, &frame, err);
            x->counts.n_packets++;
        }
        if (status != RIG_OK)
            break;
    }
    rig_decoder_free(decoder);
    return status;
}

static rig_status write_frames(extract *x, rig_error *err)
{
    const rig_extract_options *o = x->options;
    rig_capture_reader *reader = NULL;
    rig_capture_writer *writer = NULL;
    const rig_capture_options how = {.order = o->reading.order};
    rig_status status = rig_capture_open_with(o->paths, o->n_paths, &how, &reader, err);
    if (status != RIG_OK)
        return status;
    status = rig_capture_writer_new(o->output, &writer, err);
    if (status == RIG_OK)
        status = copy_frames(x, reader, writer, err);
    rig_capture_close(reader);
    if (status != RIG_OK) {
        rig_capture_writer_abandon(writer);
        return status;
    }
    return rig_capture_writer_commit(writer, err);
}

/* Whoever writes over a capture loses it. */
static rig_status check_output(const rig_extract_options *o, rig_error *err)
{
    struct stat output, input;
    if (stat(o->output, &output) != 0)
        return RIG_OK;
    for (size_t i = 0; i < o->n_paths; i++) {
        if (stat(o->paths[i], &input) == 0 && input.st_dev == output.st_dev &&
            input.st_ino == output.st_ino)
            return rig_fail(err, RIG_EINPUT, "%s: is one of the captures; expected another file",
                            o->output);
    }
    return RIG_OK;
}

rig_status rig_extract(const rig_extract_options *options, rig_extract_counts *counts,
                       rig_error *err)
{
    extract x = {.options = options};
    const rig_tap calls = {
        .message = options->pick->asks_caller ? note_caller : NULL, .joined = join, .ctx = &x};
    const rig_tap frames = {.message = note_frames, .part = note_part, .ctx = &x};
    rig_status status = check_output(options, err);
    if (status == RIG_OK)
        status = analyze(&x, &calls, true, err);
    if (status == RIG_OK && x.legs.has_failed)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK) {
        count_chosen(&x);
        status = analyze(&x, &frames, false, err);
    }
    if (status == RIG_OK) {
        x.queue.is_needed = x.counts.n_chosen > 0 && !x.queue.is_shown;
        add_mark(&x, &x.queue);
        add_mark(&x, &x.ringing);
        status = rig_frame_set_complete(&x.frames, err);
    }
    if (status == RIG_OK && x.streams.has_failed)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    if (status == RIG_OK)
        status = write_frames(&x, err);
    if (status == RIG_OK)
        *counts = x.counts;
    rig_leg_map_clear(&x.legs);
    rig_frame_set_clear(&x.frames);
    rig_stream_set_clear(&x.streams);
    free(x.calls.flags);
    free(x.calls.fitting);
    return status;
}
