#include "analyzer/packets/capture.h"

#include <stdlib.h>
#include <string.h>

#include "analyzer/packets/capture_file.h"

enum { MAX_BUFFER = 256 << 10, MIN_BUFFER = 16 << 10, ALL_BUFFERS = 16 << 20 };

/* A file and the frame that comes next in it. */
typedef struct input {
    rig_capture_file file;
    rig_frame next;
} input;

struct rig_capture_reader {
    input *inputs;
    size_t n;
    size_t *heap; /* inputs that have a next frame, the earliest first */
    size_t n_heap;
    bool is_begun;
    bool is_taken; /* the frame of heap[0] was handed out */
};

rig_status rig_capture_open(const char *const *paths, size_t n, rig_capture_reader **reader,
                            rig_error *err)
{
    size_t n_stdin = 0;
    for (size_t i = 0; i < n; i++)
        n_stdin += strcmp(paths[i], "-") == 0;
    if (n == 0 || n_stdin > 1)
        return rig_fail(err, RIG_EDOM,
                        n == 0 ? "expected at least one capture"
                               : "the standard input can be read only once");
    size_t n_buffer = ALL_BUFFERS / n;
    n_buffer = n_buffer > MAX_BUFFER ? MAX_BUFFER : n_buffer < MIN_BUFFER ? MIN_BUFFER : n_buffer;
    rig_status status = RIG_OK;
    rig_capture_reader *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    made->inputs = calloc(n, sizeof made->inputs[0]);
    made->heap = calloc(n, sizeof made->heap[0]);
    if (made->inputs == NULL || made->heap == NULL)
        status = rig_fail(err, RIG_ENOMEM, "out of memory");
    for (size_t i = 0; i < n && status == RIG_OK; i++) {
        status = rig_capture_file_open(paths[i], n_buffer, &made->inputs[i].file, err);
        if (status == RIG_OK)
            made->n++;
    }
    if (status != RIG_OK) {
        rig_capture_close(made);
        return status;
    }
    *reader = made;
    return RIG_OK;
}

void rig_capture_close(rig_capture_reader *reader)
{
    if (reader == NULL)
        return;
    for (size_t i = 0; i < reader->n; i++)
        rig_capture_file_close(&reader->inputs[i].file);
    free(reader->inputs);
    free(reader->heap);
    free(reader);
}

static bool is_before(const rig_capture_reader *r, size_t a, size_t b)
{
    int64_t t_a_ns = r->inputs[a].next.t_ns, t_b_ns = r->inputs[b].next.t_ns;
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

static rig_status advance(rig_capture_reader *r, size_t i, bool *is_over, rig_error *err)
{
    r->inputs[i].next.file = i;
    return rig_capture_file_next(&r->inputs[i].file, &r->inputs[i].next, is_over, err);
}

static rig_status begin(rig_capture_reader *r, rig_error *err)
{
    for (size_t i = 0; i < r->n; i++) {
        bool is_over;
        rig_status status = advance(r, i, &is_over, err);
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

rig_status rig_capture_next(rig_capture_reader *r, rig_frame *frame, bool *is_end, rig_error *err)
{
    rig_status status = RIG_OK;
    if (!r->is_begun) {
        status = begin(r, err);
        if (status != RIG_OK)
            return status;
    } else if (r->is_taken) {
        bool is_over;
        r->is_taken = false;
        status = advance(r, r->heap[0], &is_over, err);
        if (status != RIG_OK)
            return status;
        if (is_over)
            r->heap[0] = r->heap[--r->n_heap];
        sift_down(r, 0);
    }
    *is_end = r->n_heap == 0;
    if (r->n_heap > 0) {
        *frame = r->inputs[r->heap[0]].next;
        r->is_taken = true;
    }
    return RIG_OK;
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
