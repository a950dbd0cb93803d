/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct rig_atomic_file {
    FILE *stream;
    char *path;
    char *part;
};

static void release(rig_atomic_file *file)
{
    if (file == NULL)
        return;
    if (file->stream != NULL)
        fclose(file->stream);
    free(file->path);
    free(file->part);
    free(file);
}

/* What can be done about it, for a message. */
static const char *remedy(int cause)
{
    bool is_full = cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
    return is_full ? "; free some space there, or choose another folder" : "";
}

rig_status rig_atomic_file_fail(const char *path, int cause, rig_error *err)
{
    if (cause == ENOMEM)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    return rig_fail(err, RIG_EIO, "%s: cannot write: %s%s", path, strerror(cause), remedy(cause));
}

rig_status rig_atomic_file_new(const char *path, rig_atomic_file **file, rig_error *err)
{
    rig_status status = RIG_ENOMEM;
    rig_atomic_file *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    made->path = strdup(path);
    if (made->path == NULL || asprintf(&made->part, "%s.part-%ld", path, (long)getpid()) < 0) {
        made->part = NULL;
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        goto out;
    }
    made->stream = fopen(made->part, "wbe");
    if (made->stream == NULL) {
        status = rig_atomic_file_fail(path, errno, err);
        goto out;
    }
    *file = made;
    return RIG_OK;
out:
    release(made);
    return status;
}

FILE *rig_atomic_file_stream(rig_atomic_file *file)
{
    return file->stream;
}

static void sync_folder_of(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL)
        return;
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd); /* some file systems refuse; the rename itself has succeeded */
        close(fd);
    }
    free(copy);
}

rig_status rig_atomic_file_commit(rig_atomic_file *file, rig_error *err)
{
    rig_status status = RIG_OK;
    if (fflush(file->stream) != 0 || ferror(file->stream) || fsync(fileno(file->stream)) != 0) {
        status = rig_atomic_file_fail(file->path, errno, err);
        goto out;
    }
    int closed = fclose(file->stream);
    file->stream = NULL;
    if (closed != 0 || rename(file->part, file->path) != 0) {
        status = rig_atomic_file_fail(file->path, errno, err);
        goto out;
    }
    sync_folder_of(file->path);
out:
    if (status != RIG_OK)
        (void)unlink(file->part);
    release(file);
    return status;
}

void rig_atomic_file_abandon(rig_atomic_file *file)
{
    if (file == NULL)
        return;
    (void)unlink(file->part);
    release(file);
}

rig_status rig_atomic_file_write(const char *path, const void *data, size_t n, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    (void)fwrite(data, 1, n, rig_atomic_file_stream(file)); /* an error is kept until the commit */
    return rig_atomic_file_commit(file, err);
}

rig_status rig_file_fail_read(const char *path, int cause, rig_error *err)
{
    if (cause == ENOMEM)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    return rig_fail(err, RIG_EIO, "%s: cannot read: %s", path, strerror(cause));
}

rig_status rig_file_read(const char *path, char **data, size_t *n, rig_error *err)
{
    rig_status status = RIG_OK;
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = NULL;
    FILE *in = fopen(path, "rbe");
    if (in == NULL)
        return rig_file_fail_read(path, errno, err);
    out = open_memstream(&bytes, &size);
    if (out == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        goto out;
    }
    char block[65536];
    size_t got;
    while ((got = fread(block, 1, sizeof block, in)) > 0) {
        if (fwrite(block, 1, got, out) != got) {
            status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
            goto out;
        }
    }
    if (ferror(in))
        status = rig_file_fail_read(path, errno, err);
out:
    if (out != NULL && fclose(out) != 0 && status == RIG_OK)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    fclose(in);
    if (status != RIG_OK) {
        free(bytes);
        return status;
    }
    *data = bytes;
    if (n != NULL)
        *n = size;
    return RIG_OK;
}
