/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analyzer/calls_csv.h"

#include <stdlib.h>

#include "analyzer/output/calls_row.h"
#include "core/atomic_file.h"

/* A stamp of a count, unless it is 0. */
static void put_count(FILE *out, const char *key, uint64_t count)
{
    char number[24];
    const rig_cdr_stamp stamp = {key, number};
    (void)snprintf(number, sizeof number, "%llu", (unsigned long long)count);
    if (count > 0)
        rig_cdr_put_stamps(out, &stamp, 1);
}

/* The next in the order of the INVITEs, calls back among the calls. */
static const rig_call *next_of(const rig_calls *calls, size_t *n, size_t *n_backs)
{
    const bool has_call = *n < calls->n, has_back = *n_backs < calls->n_backs;
    if (has_call &&
        (!has_back || calls->items[*n].t_invite_ns <= calls->backs[*n_backs].t_invite_ns))
        return &calls->items[(*n)++];
    return has_back ? &calls->backs[(*n_backs)++] : NULL;
}

rig_status rig_cdr_write(const rig_calls *calls, const char *path, const rig_cdr_stamp *stamps,
                         size_t n_stamps, rig_error *err)
{
    rig_atomic_file *file;
    char *row = NULL;
    size_t size = 0;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    fputs(RIG_CALLS_FORMAT_LINE, out);
    rig_cdr_put_stamps(out, stamps, n_stamps);
    put_count(out, RIG_CDR_UNMATCHED, calls->n_unmatched);
    put_count(out, RIG_CDR_UNCERTAIN, calls->n_uncertain);
    rig_cdr_put_columns(out);
    size_t n_calls = 0, n_backs = 0;
    for (const rig_call *call; (call = next_of(calls, &n_calls, &n_backs)) != NULL;) {
        size_t needed = rig_cdr_row_size(call);
        if (needed > size) {
            char *wider = realloc(row, 2 * needed);
            if (wider == NULL) {
                free(row);
                rig_atomic_file_abandon(file);
                return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
            }
            row = wider;
            size = 2 * needed;
        }
        size_t n = rig_cdr_put_row(call, call->outcome, call->reason, row);
        (void)fwrite(row, 1, n, out);
    }
    free(row);
    return rig_atomic_file_commit(file, err); /* an error of the stream is kept until here */
}
