/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/packets/capture.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/packets/capture_file.h"
#include "analyzer/packets/reorder.h"
#include "core/clock.h"

enum { MAX_BUFFER = 256 << 10, ALL_BUFFERS = 4 << 20 };

/* A file and the frame that comes next in it. */
typedef struct input {
    rig_capture_file file;
    rig_frame next;
    int64_t t_from_ns; /* of a file that is not open: when it is to be */
    bool is_open;
    uint64_t n_bytes;            /* 0: a pipe */
    rig_reorder_stream *streams; /* by interface */
    size_t n_streams;
    uint32_t section; /* of which these are */
} input;

struct rig_capture_reader {
    input *inputs;
    size_t n;
    size_t *heap; /* inputs that have more frames, the earliest first */
    size_t n_heap;
    size_t n_buffer;
    rig_capture_options options;
    rig_reorder *reorder; /* NULL: no window */
    const bool *is_due;   /* of it */
    uint64_t n_all;       /* bytes of the files */
    uint64_t n_done;      /* bytes of the files that are over */
    bool has_pipe, is_begun;
    bool may_wait; /* for more of some file */
    bool is_taken; /* the frame of heap[0] was handed out, or put where it waits */
    bool is_idle;  /* nothing came for as long as the window */
};

/* ---- opening and closing */

static void shut(input *in)
{
    rig_capture_file_shut(&in->file);
    in->is_open = false;
}

static void drop_streams(input *in)
{
    for (size_t i = 0; i < in->n_streams; i++)
        rig_reorder_stream_clear(&in->streams[i]);
    free(in->streams);
    in->streams = NULL;
    in->n_streams = 0;
}

static rig_status no_memory(rig_error *err)
{
    return rig_fail(err, RIG_ENOMEM, "out of memory");
}

static rig_status set_order(rig_capture_reader *r, rig_error *err)
{
    rig_capture_order *order = &r->options.order;
    rig_status status = rig_reorder_complete(order, err);
    if (status != RIG_OK || order->window_ns == -1)
        return status;
    if (rig_reorder_new(order, &r->reorder) != RIG_OK)
        return no_memory(err);
    r->is_due = rig_reorder_is_due(r->reorder);
    return RIG_OK;
}

/* A file that can be opened again is closed until its turn comes, where there are many. */
static rig_status open_input(rig_capture_reader *r, size_t i, const char *path, rig_error *err)
{
    input *in = &r->inputs[i];
    rig_status status = rig_capture_file_open(path, r->n_buffer, &in->file, err);
    if (status != RIG_OK)
        return status;
    in->is_open = true;
    in->n_bytes = rig_byte_source_size(&in->file.source);
    r->n_all += in->n_bytes;
    r->has_pipe |= in->n_bytes == 0;
    r->may_wait = r->has_pipe || r->options.is_over != NULL;
    bool is_followed = r->options.is_over != NULL && i == r->n - 1;
    if (is_followed)
        rig_byte_source_follow(&in->file.source, r->options.is_over);
    else if (r->n > RIG_CAPTURE_KEEP_OPEN && in->n_bytes > 0)
        shut(in);
    return RIG_OK;
}

static size_t size_of_buffer(size_t n_files)
{
    size_t n = ALL_BUFFERS / (n_files < RIG_CAPTURE_KEEP_OPEN ? n_files : RIG_CAPTURE_KEEP_OPEN);
    return n > MAX_BUFFER ? MAX_BUFFER : n;
}

rig_status rig_capture_open_with(const char *const *paths, size_t n,
                                 const rig_capture_options *options, rig_capture_reader **reader,
                                 rig_error *err)
{
    size_t n_stdin = 0;
    for (size_t i = 0; i < n; i++)
        n_stdin += strcmp(paths[i], "-") == 0;
    if (n == 0 || n_stdin > 1)
        return rig_fail(err, RIG_EDOM,
                        n == 0 ? "expected at least one capture"
                               : "the standard input can be read only once");
    rig_capture_reader *made = calloc(1, sizeof *made);
    if (made == NULL)
        return no_memory(err);
    if (options != NULL)
        made->options = *options;
    made->n = n;
    made->n_buffer = size_of_buffer(n);
    made->inputs = calloc(n, sizeof made->inputs[0]);
    made->heap = calloc(n, sizeof made->heap[0]);
    rig_status status = RIG_OK;
    if (made->inputs == NULL || made->heap == NULL)
        status = no_memory(err);
    else
        status = set_order(made, err);
    for (size_t i = 0; i < n && status == RIG_OK; i++)
        status = open_input(made, i, paths[i], err);
    if (status != RIG_OK) {
        rig_capture_close(made);
        return status;
    }
    *reader = made;
    return RIG_OK;
}

rig_status rig_capture_open(const char *const *paths, size_t n, rig_capture_reader **reader,
                            rig_error *err)
{
    return rig_capture_open_with(paths, n, NULL, reader, err);
}

void rig_capture_close(rig_capture_reader *r)
{
    if (r == NULL)
        return;
    rig_reorder_free(r->reorder);
    for (size_t i = 0; r->inputs != NULL && i < r->n; i++) {
        drop_streams(&r->inputs[i]);
        rig_capture_file_close(&r->inputs[i].file);
    }
    free(r->inputs);
    free(r->heap);
    free(r);
}

/* ---- which file comes next */

static int64_t next_time(const input *in)
{
    return in->is_open ? in->next.t_ns : in->t_from_ns;
}

static bool is_before(const rig_capture_reader *r, size_t a, size_t b)
{
    int64_t t_a_ns = next_time(&r->inputs[a]), t_b_ns = next_time(&r->inputs[b]);
    return t_a_ns != t_b_ns ? t_a_ns < t_b_ns : a < b;
}

static void sift_down(rig_capture_reader *r, size_t at)
{
    for (;;) {
        size_t least = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < r->n_heap; child++) {
            if (is_before(r, r->heap[child], r->heap[least]))
                least = child;
        }
        if (least == at)
            return;
        size_t swapped = r->heap[at];
        r->heap[at] = r->heap[least];
        r->heap[least] = swapped;
        at = least;
    }
}

/* The next frame of a file; one that has none is closed. */
static rig_status advance(rig_capture_reader *r, size_t i, bool *is_over, rig_error *err)
{
    input *in = &r->inputs[i];
    rig_status status = rig_capture_file_next(&in->file, &in->next, is_over, err);
    in->next.file = i;
    in->next.number = in->file.n_frames;
    if (status == RIG_OK && *is_over) {
        r->n_done += in->n_bytes;
        shut(in);
    }
    return status;
}

/* When the packets of a file that is not open begin; a part of them may be earlier than the first
 * one, by the window. */
static rig_status look_at(rig_capture_reader *r, size_t i, bool *is_over, rig_error *err)
{
    input *in = &r->inputs[i];
    bool was_open = in->is_open;
    rig_status status = RIG_OK;
    if (!was_open)
        status = rig_capture_file_reopen(&in->file, r->n_buffer, err);
    if (status != RIG_OK)
        return status;
    in->is_open = true;
    status = advance(r, i, is_over, err);
    if (status == RIG_OK && !was_open && !*is_over) {
        shut(in);
        in->t_from_ns = in->next.t_ns - (r->reorder != NULL ? r->options.order.window_ns : 0);
    }
    return status;
}

static rig_status begin(rig_capture_reader *r, rig_error *err)
{
    for (size_t i = 0; i < r->n; i++) {
        bool is_over;
        rig_status status = look_at(r, i, &is_over, err);
        if (status != RIG_OK)
            return status;
        if (!is_over)
            r->heap[r->n_heap++] = i;
    }
    for (size_t i = r->n_heap; i-- > 0;)
        sift_down(r, i);
    r->is_begun = true;
    return RIG_OK;
}

/* What a file that is over leaves behind is put in its place. */
static rig_status end_file(rig_capture_reader *r, size_t i)
{
    input *in = &r->inputs[i];
    rig_status status = RIG_OK;
    for (size_t k = 0; r->reorder != NULL && k < in->n_streams; k++) {
        rig_status one = rig_reorder_settle(r->reorder, &in->streams[k]);
        status = status == RIG_OK ? one : status;
    }
    drop_streams(in);
    return status;
}

/* Read on in the file whose turn it was. */
static rig_status refill(rig_capture_reader *r, rig_error *err)
{
    bool is_over;
    size_t i = r->heap[0];
    rig_status status = advance(r, i, &is_over, err);
    if (status != RIG_OK)
        return status;
    r->is_taken = false;
    if (is_over) {
        status = end_file(r, i);
        r->heap[0] = r->heap[--r->n_heap];
    }
    if (r->n_heap > 1)
        sift_down(r, 0);
    return status == RIG_OK ? RIG_OK : no_memory(err);
}

/* Open the file whose turn it is. */
static rig_status wake(rig_capture_reader *r, rig_error *err)
{
    while (r->n_heap > 0 && !r->inputs[r->heap[0]].is_open) {
        input *in = &r->inputs[r->heap[0]];
        rig_status status = rig_capture_file_reopen(&in->file, r->n_buffer, err);
        if (status != RIG_OK)
            return status;
        in->is_open = true;
        status = refill(r, err);
        if (status != RIG_OK)
            return status;
    }
    return RIG_OK;
}

/* ---- order within a file */

static rig_status stream_of(rig_capture_reader *r, input *in, rig_reorder_stream **stream,
                            rig_error *err)
{
    size_t at = in->next.interface;
    if (in->section != in->file.n_sections) { /* its interfaces are others */
        if (end_file(r, in->next.file) != RIG_OK)
            return no_memory(err);
        in->section = in->file.n_sections;
    }
    if (at >= in->n_streams) {
        /* Those in the list of the doubtful must not move. */
        if (rig_reorder_settle(r->reorder, NULL) != RIG_OK)
            return no_memory(err);
        rig_reorder_stream *grown = reallocarray(in->streams, at + 1, sizeof *grown);
        if (grown == NULL)
            return no_memory(err);
        memset(grown + in->n_streams, 0, (at + 1 - in->n_streams) * sizeof *grown);
        in->streams = grown;
        in->n_streams = at + 1;
    }
    *stream = &in->streams[at];
    return RIG_OK;
}

static rig_status take_in(rig_capture_reader *r, rig_error *err)
{
    input *in = &r->inputs[r->heap[0]];
    rig_reorder_stream *stream = NULL;
    rig_status status = stream_of(r, in, &stream, err);
    if (status == RIG_OK &&
        rig_reorder_push(r->reorder, stream, &in->next, in->file.source.block) != RIG_OK)
        status = no_memory(err);
    r->is_taken = true;
    return status;
}

/* Whether the file whose turn it was has something to read, or nothing waits for it. */
static rig_status has_more(rig_capture_reader *r, bool *is_ready, rig_error *err)
{
    rig_capture_file *file = &r->inputs[r->heap[0]].file;
    *is_ready = true;
    if (!rig_byte_source_may_wait(&file->source) || rig_reorder_is_empty(r->reorder))
        return RIG_OK;
    int64_t wait_ns = r->is_idle ? 0 : r->options.order.window_ns;
    rig_status status = rig_capture_file_wait(file, wait_ns, is_ready, err);
    r->is_idle = !*is_ready;
    return status;
}

/* Nothing more comes, or nothing for now: what waits need not wait any longer. */
static rig_status drain(rig_capture_reader *r, rig_frame *frame, bool *is_drained, rig_error *err)
{
    if (rig_reorder_settle(r->reorder, NULL) != RIG_OK)
        return no_memory(err);
    *is_drained = !rig_reorder_pop(r->reorder, true, frame);
    return RIG_OK;
}

static rig_status next_in_order(rig_capture_reader *r, rig_frame *frame, bool *is_end,
                                rig_error *err)
{
    rig_status status = RIG_OK;
    *is_end = false;
    while (status == RIG_OK && !*r->is_due) {
        bool is_ready = r->n_heap > 0, is_drained = true;
        if (is_ready && r->is_taken && r->may_wait)
            status = has_more(r, &is_ready, err);
        if (status == RIG_OK && !is_ready)
            status = drain(r, frame, &is_drained, err);
        *is_end = is_drained && r->n_heap == 0;
        if (status != RIG_OK || !is_drained || *is_end)
            return status;
        if (r->is_taken)
            status = refill(r, err);
        if (status == RIG_OK)
            status = wake(r, err);
        if (status == RIG_OK && r->n_heap > 0)
            status = take_in(r, err);
    }
    if (status == RIG_OK)
        (void)rig_reorder_pop(r->reorder, false, frame);
    return status;
}

static rig_status next_as_it_comes(rig_capture_reader *r, rig_frame *frame, bool *is_end,
                                   rig_error *err)
{
    rig_status status = r->is_taken ? refill(r, err) : RIG_OK;
    if (status == RIG_OK)
        status = wake(r, err);
    if (status != RIG_OK)
        return status;
    *is_end = r->n_heap == 0;
    if (!*is_end) {
        *frame = r->inputs[r->heap[0]].next;
        r->is_taken = true;
    }
    return RIG_OK;
}

rig_status rig_capture_next(rig_capture_reader *r, rig_frame *frame, bool *is_end, rig_error *err)
{
    rig_status status = r->is_begun ? RIG_OK : begin(r, err);
    if (status != RIG_OK)
        return status;
    return r->reorder != NULL ? next_in_order(r, frame, is_end, err)
                              : next_as_it_comes(r, frame, is_end, err);
}

/* ---- what is told of it */

const rig_capture_disorder *rig_capture_disorder_of(const rig_capture_reader *r)
{
    static const rig_capture_disorder none = {0};
    return r->reorder != NULL ? rig_reorder_disorder(r->reorder) : &none;
}

void rig_capture_progress(const rig_capture_reader *r, uint64_t *n_done, uint64_t *n_all)
{
    *n_done = r->n_done;
    for (size_t i = 0; i < r->n_heap; i++) {
        const input *in = &r->inputs[r->heap[i]];
        if (in->is_open)
            *n_done += rig_byte_source_n_read(&in->file.source);
    }
    *n_all = r->has_pipe ? 0 : r->n_all;
}

rig_capture_file_info rig_capture_about(const rig_capture_reader *r, size_t file)
{
    const rig_capture_file *f = &r->inputs[file].file;
    return (rig_capture_file_info){.name = f->name,
                                   .format = rig_capture_file_format(f),
                                   .n_frames = f->n_frames,
                                   .is_cut = f->is_cut,
                                   .is_damaged = f->is_damaged,
                                   .problem = f->problem};
}
