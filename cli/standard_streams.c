/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/file_target.h"
#include "core/status.h"

/* Open /dev/null as `fd` when it is closed. The lowest free number is taken: those below are open.
 */
static bool keep_open(int fd, int mode)
{
    if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
        return true;
    if (open("/dev/null", mode) == fd)
        return true;
    (void)fprintf(stderr, "peakrig: /dev/null: cannot open: %s\n", strerror(errno));
    return false;
}

/* @return 0 or an errno value. */
static int write_tamed(int fd, rig_tame *tame, const char *text, size_t n)
{
    enum { PIECE = 1024 };
    char tamed[RIG_TAME_ROOM(PIECE)];
    int failure = 0;
    for (size_t done = 0; done < n && failure == 0;) {
        const size_t n_piece = n - done < PIECE ? n - done : PIECE;
        failure = rig_file_write_all(fd, tamed, rig_tame_piece(tame, text + done, n_piece, tamed));
        done += n_piece;
    }
    return failure;
}

/* cookie_write_function_t: all is written, or the stream has failed. The first reason is kept. */
static ssize_t write_output(void *cookie, const char *text, size_t n)
{
    rig_standard_streams *streams = cookie;
    const int failure = write_tamed(STDOUT_FILENO, &streams->output, text, n);
    if (failure == 0)
        return (ssize_t)n;
    if (streams->loss == 0)
        streams->loss = failure;
    return 0; /* what cookie streams call a failure */
}

/* Whether the standard error takes something. One that is full, and that nobody reads, is waited
 * for once: a run must not stand still for what it says of itself. A terminal that its user has
 * stopped goes on when he likes. */
static bool has_room(rig_standard_streams *streams)
{
    enum { PATIENCE_MS = 1000 };
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    if (isatty(STDERR_FILENO) == 1)
        return true;
    streams->is_error_full = poll(&room, 1, streams->is_error_full ? 0 : PATIENCE_MS) == 0;
    return !streams->is_error_full;
}

/* What does not reach the standard error is missed by nobody who could be told. */
static ssize_t write_error(void *cookie, const char *text, size_t n)
{
    enum { PIECE = 256 }; /* tamed, less than what a pipe with room takes (PIPE_BUF) */
    rig_standard_streams *streams = cookie;
    for (size_t done = 0; done < n && has_room(streams); done += PIECE)
        (void)write_tamed(STDERR_FILENO, &streams->error, text + done,
                          n - done < PIECE ? n - done : PIECE);
    return (ssize_t)n;
}

static int close_output(void *cookie)
{
    rig_standard_streams *streams = cookie;
    char rest[RIG_TAME_ROOM(0)];
    const int failure =
        rig_file_write_all(STDOUT_FILENO, rest, rig_tame_end(&streams->output, rest));
    if (streams->loss == 0)
        streams->loss = failure;
    if (close(STDOUT_FILENO) == 0)
        return 0;
    if (streams->loss == 0)
        streams->loss = errno;
    return -1;
}

/* A stream of the library forgets why a write failed, when more was printed at once than it holds
 * back: ours keeps it. */
static bool watch_output(rig_standard_streams *streams)
{
    const cookie_io_functions_t functions = {.write = write_output, .close = close_output};
    FILE *watched = fopencookie(streams, "w", functions);
    FILE *said = fopencookie(streams, "w", (cookie_io_functions_t){.write = write_error});
    if (watched == NULL || said == NULL) {
        (void)fprintf(stderr, "peakrig: standard output: out of memory\n");
        return false;
    }
    if (isatty(STDOUT_FILENO) == 1)
        (void)setvbuf(watched, NULL, _IOLBF, BUFSIZ);
    stdout = watched;
    (void)setvbuf(said, NULL, _IONBF, 0);
    stderr = said;
    return true;
}

bool rig_standard_streams_begin(rig_standard_streams *streams)
{
    (void)signal(SIGXFSZ, SIG_IGN); /* a limit is an error of the write (EFBIG) */
    *streams = (rig_standard_streams){.loss = 0};
    (void)signal(SIGPIPE, SIG_IGN); /* children get the default back: core/child.h */
    /* the wrong way round for the first two: what is read or printed there is missed by somebody */
    return keep_open(STDIN_FILENO, O_WRONLY) && keep_open(STDOUT_FILENO, O_RDONLY) &&
           keep_open(STDERR_FILENO, O_WRONLY) && watch_output(streams);
}

int rig_standard_streams_end(rig_standard_streams *streams, int exit_code)
{
    rig_error err = {.status = RIG_OK};
    const bool has_failed = ferror(stdout) != 0;
    if ((fclose(stdout) != 0 || has_failed) && streams->loss == 0)
        streams->loss = EIO; /* no write and no close has failed */
    if (streams->loss == 0)
        return exit_code;
    (void)rig_atomic_file_fail("standard output", streams->loss, &err);
    (void)fprintf(stderr, "peakrig: %s\n", err.text);
    if (exit_code != 0 && exit_code != rig_status_exit_code(err.status))
        (void)fprintf(stderr, "peakrig: the exit code would have been %d\n", exit_code);
    return rig_status_exit_code(err.status);
}
