/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file_target.h"
#include "core/tame.h"
#include "core/temporary.h"

enum { MAX_PARTS = 100 };

struct rig_atomic_file {
    FILE *stream; /* writes to `fd`, and keeps the first reason for a loss: the library's own
                     forgets it */
    int fd;       /* -1: closed */
    int loss;     /* errno value; 0: none */
    char *path;   /* as it was given: for messages */
    char *part;   /* of REPLACED: the file aside */
    rig_file_target target;
    rig_tame tame; /* of what goes to a terminal */
};

static void release(rig_atomic_file *file)
{
    if (file == NULL)
        return;
    if (file->stream != NULL)
        (void)fclose(file->stream);
    if (file->fd >= 0)
        (void)close(file->fd);
    rig_file_target_clear(&file->target);
    free(file->path);
    free(file->part);
    free(file);
}

static void remove_part(const rig_atomic_file *file)
{
    if (file->part == NULL)
        return;
    (void)unlink(file->part);
    rig_temporary_forget(file->part);
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

/* ---- opening ---- */

/* A file aside that is ours: never one that is there, and never through a link. `errno` tells why
 * not. */
static int open_part(rig_atomic_file *file)
{
    for (int i = 1; i <= MAX_PARTS; i++) {
        char more[16] = "";
        if (i > 1)
            (void)snprintf(more, sizeof more, "-%d", i);
        if (asprintf(&file->part, "%s.part-%ld%s", file->target.path, (long)getpid(), more) < 0) {
            file->part = NULL;
            errno = ENOMEM;
            return -1;
        }
        int fd = open(file->part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd >= 0) {
            rig_temporary_note(file->part);
            return fd;
        }
        int failure = errno;
        free(file->part);
        file->part = NULL;
        errno = failure;
        if (failure != EEXIST)
            return -1;
    }
    return -1;
}

/* What the old file has, the new one gets; where that cannot be, the old one is kept. */
static bool inherits(int fd, const struct stat *old)
{
    struct stat mine;
    if (fstat(fd, &mine) != 0)
        return false;
    if ((mine.st_uid != old->st_uid || mine.st_gid != old->st_gid) &&
        fchown(fd, old->st_uid, old->st_gid) != 0)
        return false;
    return fchmod(fd, old->st_mode & 07777) == 0;
}

static int open_replacement(rig_atomic_file *file)
{
    const bool exists = file->target.exists;
    int fd = open_part(file);
    if (fd >= 0 && exists && !inherits(fd, &file->target.about)) {
        (void)close(fd);
        remove_part(file);
        fd = -1;
        errno = EACCES;
    }
    if (fd >= 0 || !exists || errno == ENOMEM)
        return fd;
    file->target.kind =
        RIG_FILE_KEPT; /* a folder that takes no new file has one that may be written */
    return rig_file_open_aside(file->target.path);
}

static int open_target(rig_atomic_file *file)
{
    const rig_file_target *t = &file->target;
    switch (t->kind) {
    case RIG_FILE_REPLACED:
        return open_replacement(file);
    case RIG_FILE_KEPT:
        return rig_file_open_aside(t->path);
    case RIG_FILE_THROUGH:
        if (t->own_fd >= 0)
            return fcntl(t->own_fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        return open(t->path, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
    case RIG_FILE_STDOUT:
        (void)fflush(stdout); /* what was printed before comes before */
        return fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    }
    errno = EINVAL;
    return -1;
}

/* cookie_write_function_t */
static ssize_t write_plain(void *cookie, const char *text, size_t n)
{
    rig_atomic_file *file = cookie;
    const int failure = rig_file_write_all(file->fd, text, n);
    if (failure == 0)
        return (ssize_t)n;
    if (file->loss == 0)
        file->loss = failure;
    return 0; /* what cookie streams call a failure */
}

/* The same to a terminal: what stands in a file comes to nobody's keyboard. */
static ssize_t write_tamed(void *cookie, const char *text, size_t n)
{
    enum { PIECE = 1024 };
    char tamed[RIG_TAME_ROOM(PIECE)];
    rig_atomic_file *file = cookie;
    for (size_t done = 0; done < n;) {
        const size_t n_piece = n - done < PIECE ? n - done : PIECE;
        const size_t n_tamed = rig_tame_piece(&file->tame, text + done, n_piece, tamed);
        if (n_tamed > 0 && write_plain(file, tamed, n_tamed) == 0)
            return 0;
        done += n_piece;
    }
    return (ssize_t)n;
}

static rig_status open_stream(rig_atomic_file *file, rig_error *err)
{
    file->fd = open_target(file);
    if (file->fd < 0)
        return rig_atomic_file_fail(file->path, errno, err);
    const bool is_shown = rig_atomic_file_is_through(file) && isatty(file->fd) == 1;
    file->stream = fopencookie(
        file, "w", (cookie_io_functions_t){.write = is_shown ? write_tamed : write_plain});
    if (file->stream != NULL)
        return RIG_OK;
    remove_part(file);
    return rig_fail(err, RIG_ENOMEM, "%s: out of memory", file->path);
}

rig_status rig_atomic_file_new(const char *path, rig_atomic_file **file, rig_error *err)
{
    rig_atomic_file *made = calloc(1, sizeof *made);
    if (made == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    made->target.own_fd = -1;
    made->fd = -1;
    made->path = strdup(path);
    rig_status status = made->path != NULL ? rig_file_target_find(path, &made->target, err)
                                           : rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    if (status == RIG_OK)
        status = open_stream(made, err);
    if (status != RIG_OK) {
        release(made);
        return status;
    }
    *file = made;
    return RIG_OK;
}

FILE *rig_atomic_file_stream(rig_atomic_file *file)
{
    return file->stream;
}

int rig_atomic_file_fd(const rig_atomic_file *file)
{
    return file->fd;
}

bool rig_atomic_file_is_through(const rig_atomic_file *file)
{
    return file->target.kind == RIG_FILE_STDOUT || file->target.kind == RIG_FILE_THROUGH;
}

/* ---- ending ---- */

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

/* All of one file into another, from their beginnings. @return 0 or an errno value. */
static int copy_all(int from, int to, off_t size)
{
    char block[65536];
    for (off_t done = 0; done < size;) {
        const ssize_t got = pread(from, block, sizeof block, done);
        if (got <= 0)
            return got < 0 ? errno : EIO;
        for (ssize_t n = 0; n < got;) {
            const ssize_t put = pwrite(to, block + n, (size_t)(got - n), done + n);
            if (put < 0 && errno == EINTR)
                continue;
            if (put <= 0)
                return put < 0 ? errno : EIO;
            n += put;
        }
        done += got;
    }
    return 0;
}

/* The content into the file that is kept. Its room is taken first: a disk that is full changes
 * nothing. */
static int fill_kept(const char *path, int from)
{
    struct stat made, old;
    const int to = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC);
    if (to < 0)
        return errno;
    int failure = fstat(from, &made) != 0 || fstat(to, &old) != 0 ? errno : 0;
    if (failure == 0 && made.st_size > old.st_size) {
        failure = posix_fallocate(to, old.st_size, made.st_size - old.st_size);
        if (failure == EOPNOTSUPP || failure == EINVAL)
            failure = 0; /* a file system that cannot tell beforehand */
        else if (failure != 0)
            (void)!ftruncate(to, old.st_size);
    }
    if (failure == 0)
        failure = copy_all(from, to, made.st_size);
    if (failure == 0 && (ftruncate(to, made.st_size) != 0 || fsync(to) != 0))
        failure = errno;
    if (close(to) != 0 && failure == 0)
        failure = errno;
    return failure;
}

/* @return 0 or an errno value. */
static int flush(rig_atomic_file *file)
{
    if (fflush(file->stream) == 0 && ferror(file->stream) == 0)
        return 0;
    return file->loss != 0 ? file->loss : EIO;
}

/* The rename, or what does its work where a file cannot be renamed over (one that is mounted by
 * itself). */
static int put_in_place(rig_atomic_file *file)
{
    if (rename(file->part, file->target.path) == 0) {
        rig_temporary_forget(file->part);
        sync_folder_of(file->target.path);
        return 0;
    }
    int failure = errno;
    if (failure != EBUSY && failure != EXDEV)
        return failure;
    const int from = open(file->part, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    failure = from >= 0 ? fill_kept(file->target.path, from) : errno;
    if (from >= 0)
        (void)close(from);
    remove_part(file);
    return failure;
}

static int finish(rig_atomic_file *file)
{
    const int failure = flush(file);
    if (failure != 0)
        return failure;
    if (file->target.kind == RIG_FILE_KEPT)
        return fill_kept(file->target.path, file->fd);
    if (file->target.kind == RIG_FILE_REPLACED && fsync(file->fd) != 0)
        return errno;
    const int closed = close(file->fd);
    file->fd = -1;
    if (closed != 0)
        return errno;
    return file->target.kind == RIG_FILE_REPLACED ? put_in_place(file) : 0;
}

static rig_status fail(const rig_atomic_file *file, int cause, rig_error *err)
{
    const bool is_stdout = file->target.kind == RIG_FILE_STDOUT;
    return rig_atomic_file_fail(is_stdout ? "standard output" : file->path, cause, err);
}

rig_status rig_atomic_file_flush(rig_atomic_file *file, rig_error *err)
{
    const int failure = flush(file);
    return failure == 0 ? RIG_OK : fail(file, failure, err);
}

rig_status rig_atomic_file_commit(rig_atomic_file *file, rig_error *err)
{
    rig_status status = RIG_OK;
    const int failure = finish(file);
    if (failure != 0) {
        status = fail(file, failure, err);
        remove_part(file);
    }
    release(file);
    return status;
}

void rig_atomic_file_keep(rig_atomic_file *file, char *part, size_t size)
{
    (void)flush(file);
    (void)snprintf(part, size, "%s", file->part != NULL ? file->part : "");
    if (file->part != NULL)
        rig_temporary_forget(file->part);
    release(file);
}

void rig_atomic_file_abandon(rig_atomic_file *file)
{
    if (file == NULL)
        return;
    remove_part(file);
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

FILE *rig_file_open_of_others(const char *path)
{
    const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    struct stat is;
    int cause = fstat(fd, &is) != 0 ? errno : S_ISREG(is.st_mode) ? 0 : EINVAL;
    FILE *in = cause == 0 ? fdopen(fd, "r") : NULL;
    if (in != NULL)
        return in;
    if (cause == 0)
        cause = errno;
    (void)close(fd);
    errno = cause;
    return NULL;
}
