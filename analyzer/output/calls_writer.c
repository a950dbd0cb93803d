/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analyzer/output/calls_row.h"
#include "core/atomic_file.h"
#include "core/file_target.h"

enum {
    BUFFER_BYTES = 1 << 18,
    KEEP_MAPPED_BYTES =
        16 << 20 /* of the rows aside, that are kept in memory while they are copied */
};

/* What stands before a call's rows in the file aside. */
typedef struct spilled {
    uint32_t n_row;
    uint32_t n_if_marks; /* 0: the same row */
    bool is_left_out, is_left_out_if_marks;
} spilled;

struct rig_cdr_writer {
    char *path;
    rig_atomic_file *file;
    int fd;          /* rows aside, in the order in which the calls were over; has no name */
    uint64_t n_file; /* bytes in it */
    char *buffer;    /* rows that are not in it yet */
    size_t n_buffer, size;
    uint64_t *places; /* by order: where in the file, plus 1; 0 = not there */
    size_t n_places, cap;
};

static rig_status fail_io(const rig_cdr_writer *writer, int cause, rig_error *err)
{
    return rig_fail(err, RIG_EIO, "%s: cannot write: %s", writer->path, strerror(cause));
}

rig_status rig_cdr_writer_new(const char *path, rig_cdr_writer **writer, rig_error *err)
{
    rig_cdr_writer *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    made->fd = -1;
    made->size = BUFFER_BYTES;
    made->path = strdup(path);
    made->buffer = malloc(made->size);
    rig_status status = RIG_OK;
    if (made->path == NULL || made->buffer == NULL)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    if (status == RIG_OK)
        status = rig_atomic_file_new(path, &made->file, err);
    if (status == RIG_OK) {
        made->fd = rig_file_open_aside(path);
        if (made->fd < 0)
            status = fail_io(made, errno, err);
    }
    if (status != RIG_OK) {
        rig_cdr_writer_abandon(made);
        return status;
    }
    *writer = made;
    return RIG_OK;
}

static void release(rig_cdr_writer *writer)
{
    if (writer->fd >= 0)
        (void)close(writer->fd);
    free(writer->path);
    free(writer->buffer);
    free(writer->places);
    free(writer);
}

void rig_cdr_writer_abandon(rig_cdr_writer *writer)
{
    if (writer == NULL)
        return;
    rig_atomic_file_abandon(writer->file);
    release(writer);
}

static rig_status flush_aside(rig_cdr_writer *writer, rig_error *err)
{
    const int failure = rig_file_write_all(writer->fd, writer->buffer, writer->n_buffer);
    if (failure != 0)
        return fail_io(writer, failure, err);
    writer->n_file += writer->n_buffer;
    writer->n_buffer = 0;
    return RIG_OK;
}

static rig_status make_room(rig_cdr_writer *writer, size_t n, rig_error *err)
{
    if (writer->n_buffer + n <= writer->size)
        return RIG_OK;
    rig_status status = flush_aside(writer, err);
    if (status != RIG_OK || n <= writer->size)
        return status;
    char *wider = realloc(writer->buffer, n);
    if (wider == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", writer->path);
    writer->buffer = wider;
    writer->size = n;
    return RIG_OK;
}

static rig_status note_place(rig_cdr_writer *writer, uint64_t order, rig_error *err)
{
    if (order >= writer->cap) {
        size_t cap = writer->cap == 0 ? 1024 : writer->cap;
        while (cap <= order)
            cap *= 2;
        uint64_t *places = reallocarray(writer->places, cap, sizeof *places);
        if (places == NULL)
            return rig_fail(err, RIG_ENOMEM, "%s: out of memory", writer->path);
        memset(places + writer->cap, 0, (cap - writer->cap) * sizeof *places);
        writer->places = places;
        writer->cap = cap;
    }
    writer->places[order] = writer->n_file + writer->n_buffer + 1;
    if (order >= writer->n_places)
        writer->n_places = (size_t)order + 1;
    return RIG_OK;
}

rig_status rig_cdr_writer_take(void *ctx, const rig_finished_call *finished, rig_error *err)
{
    return rig_cdr_writer_take_if(ctx, finished, true, true, err);
}

rig_status rig_cdr_writer_take_if(rig_cdr_writer *writer, const rig_finished_call *finished,
                                  bool fits, bool fits_if_marks, rig_error *err)
{
    if (!fits && !fits_if_marks)
        return RIG_OK;
    const rig_call *call = finished->call;
    rig_status status = make_room(writer, sizeof(spilled) + 2 * rig_cdr_row_size(call), err);
    if (status == RIG_OK)
        status = note_place(writer, finished->order, err);
    if (status != RIG_OK)
        return status;
    spilled head = {.is_left_out = !fits, .is_left_out_if_marks = !fits_if_marks};
    char *at = writer->buffer + writer->n_buffer + sizeof head;
    head.n_row = (uint32_t)rig_cdr_put_row(call, call->outcome, call->reason, at);
    if (finished->is_open)
        head.n_if_marks = (uint32_t)rig_cdr_put_row(call, finished->outcome_if_marks,
                                                    finished->reason_if_marks, at + head.n_row);
    memcpy(writer->buffer + writer->n_buffer, &head, sizeof head);
    writer->n_buffer += sizeof head + head.n_row + head.n_if_marks;
    return RIG_OK;
}

/* The rows in the order of their calls. */
static rig_status copy_rows(rig_cdr_writer *writer, bool has_queue_marks, rig_error *err)
{
    size_t n = (size_t)writer->n_file;
    if (n == 0)
        return RIG_OK;
    char *map = mmap(NULL, n, PROT_READ, MAP_SHARED, writer->fd, 0);
    if (map == MAP_FAILED)
        return fail_io(writer, errno, err);
    FILE *out = rig_atomic_file_stream(writer->file);
    size_t n_since = 0;
    for (size_t i = 0; i < writer->n_places; i++) {
        if (writer->places[i] == 0)
            continue;
        const char *at = map + writer->places[i] - 1;
        spilled head;
        memcpy(&head, at, sizeof head);
        at += sizeof head;
        if (has_queue_marks ? head.is_left_out_if_marks : head.is_left_out)
            continue;
        bool is_other = has_queue_marks && head.n_if_marks > 0;
        size_t n_row = is_other ? head.n_if_marks : head.n_row;
        (void)fwrite(is_other ? at + head.n_row : at, 1, n_row, out);
        n_since += n_row;
        if (n_since > KEEP_MAPPED_BYTES) {
            (void)madvise(map, n, MADV_DONTNEED); /* they are in the file */
            n_since = 0;
        }
    }
    (void)munmap(map, n);
    return RIG_OK;
}

rig_status rig_cdr_writer_commit(rig_cdr_writer *writer, bool has_queue_marks,
                                 const rig_cdr_stamp *stamps, size_t n_stamps, rig_error *err)
{
    rig_status status = flush_aside(writer, err);
    if (status == RIG_OK) {
        FILE *out = rig_atomic_file_stream(writer->file);
        fputs(RIG_CALLS_FORMAT_LINE, out);
        rig_cdr_put_stamps(out, stamps, n_stamps);
        rig_cdr_put_columns(out);
        status = copy_rows(writer, has_queue_marks, err);
    }
    if (status == RIG_OK)
        status = rig_atomic_file_commit(writer->file, err);
    else
        rig_atomic_file_abandon(writer->file);
    release(writer);
    return status;
}
