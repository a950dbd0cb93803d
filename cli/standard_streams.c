#include "cli/standard_streams.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
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

bool rig_standard_streams_begin(void)
{
    (void)signal(SIGPIPE, SIG_IGN); /* children get the default back: core/child.h */
    /* the wrong way round for the first two: what is read or printed there is missed by somebody */
    return keep_open(STDIN_FILENO, O_WRONLY) && keep_open(STDOUT_FILENO, O_RDONLY) &&
           keep_open(STDERR_FILENO, O_WRONLY);
}

/* @return 0; the errno of what was not written; -1 where it is not known any more. */
static int cause_of_loss(void)
{
    const int was_lost = ferror(stdout) != 0 ? -1 : 0;
    errno = 0;
    if (fflush(stdout) != 0)
        return errno != 0 ? errno : -1;
    if (fclose(stdout) != 0)
        return errno != 0 ? errno : -1;
    return was_lost;
}

int rig_standard_streams_end(int exit_code)
{
    rig_error err = {.status = RIG_OK};
    const int cause = cause_of_loss();
    if (cause == 0)
        return exit_code;
    if (cause > 0)
        (void)rig_atomic_file_fail("standard output", cause, &err);
    else
        (void)rig_fail(&err, RIG_EIO, "standard output: cannot write: a part is missing");
    (void)fprintf(stderr, "peakrig: %s\n", err.text);
    if (exit_code != 0)
        (void)fprintf(stderr, "peakrig: the exit code would have been %d\n", exit_code);
    return rig_status_exit_code(err.status);
}
