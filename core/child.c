/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "core/oom_kill.h"
#include "core/program.h"
#include "core/slice.h"

static const struct timespec POLL_STEP = {.tv_nsec = 5000000};
static const int64_t KILL_WAIT_NS = 5 * RIG_NS_PER_S;

/* What a child is given: its standard descriptors, a pipe for why it could not start, and what is
 * passed on. */
enum { IN, OUT, ERR, REPORT_IN, REPORT_OUT, KEPT, N_FDS };

/* In the child, between fork and exec: async-signal-safe calls only (we may be multi-threaded). */
static _Noreturn void become(const rig_child_spec *spec, const char *program, const int *fds,
                             pid_t parent)
{
    int report = fds[REPORT_OUT];
    sigset_t none;
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    for (int n = 1; n < NSIG; n++)
        (void)signal(n, SIG_DFL);
    (void)setpgid(0, 0);
    if (dup2(fds[IN], STDIN_FILENO) < 0 || dup2(fds[OUT], STDOUT_FILENO) < 0 ||
        dup2(fds[ERR], STDERR_FILENO) < 0)
        goto failed;
    if (spec->folder != NULL && chdir(spec->folder) != 0)
        goto failed;
    if (rig_privilege_leave_all(spec->run_as) != 0)
        goto failed;
    /* Behind the change of rights, which would undo it. Had our parent died before prctl took
     * effect, nobody would end us. */
    rig_child_bind_to_parent(parent);
    /* `report` closes on exec; what others of this process have open without that flag does not. */
    if (report != STDERR_FILENO + 1) {
        if (dup3(report, STDERR_FILENO + 1, O_CLOEXEC) < 0)
            goto failed;
        report = STDERR_FILENO + 1;
    }
    if (spec->kept_fd > 0 && dup2(fds[KEPT], RIG_CHILD_KEPT_FD) < 0)
        goto failed;
    (void)syscall(SYS_close_range,
                  (unsigned)(spec->kept_fd > 0 ? RIG_CHILD_KEPT_FD : STDERR_FILENO + 1) + 1, ~0U,
                  0);
    execv(program, (char *const *)spec->argv);
failed:;
    int reason = errno;
    (void)!write(report, &reason, sizeof reason);
    _exit(127);
}

static int open_output(const char *path)
{
    if (path == NULL)
        return open("/dev/null", O_WRONLY | O_CLOEXEC);
    /* the folder may be the child's user's, who could have put a link there */
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
}

/* A copy above the standard descriptors, so that no dup2 in the child hits one still to be used. */
static int above_standard(int fd)
{
    if (fd < 0 || fd > STDERR_FILENO)
        return fd;
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    close(fd);
    return copy;
}

static void close_all(const int *fds, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

/* What the child's standard outputs go to. */
static rig_status open_outputs(const rig_child_spec *spec, int fds[N_FDS], rig_error *err)
{
    fds[OUT] = above_standard(spec->stdout_fd > 0 ? fcntl(spec->stdout_fd, F_DUPFD_CLOEXEC, 3)
                                                  : open_output(spec->stdout_path));
    if (fds[OUT] < 0)
        return rig_fail(err, RIG_EIO, "%s: cannot write: %s",
                        spec->stdout_path != NULL ? spec->stdout_path : "/dev/null",
                        strerror(errno));
    fds[ERR] = above_standard(spec->with_stderr ? fcntl(fds[OUT], F_DUPFD_CLOEXEC, 3)
                                                : open_output(spec->stderr_path));
    if (fds[ERR] < 0)
        return rig_fail(err, RIG_EIO, "%s: cannot write: %s",
                        spec->stderr_path != NULL ? spec->stderr_path : "/dev/null",
                        strerror(errno));
    return RIG_OK;
}

rig_status rig_child_start(const rig_child_spec *spec, rig_child *child, rig_error *err)
{
    char *program = NULL;
    int fds[N_FDS] = {-1, -1, -1, -1, -1, -1};
    rig_status status = rig_program_find(spec->argv[0], &program, err);
    if (status != RIG_OK)
        return status;
    fds[IN] = above_standard(open("/dev/null", O_RDONLY | O_CLOEXEC));
    status = open_outputs(spec, fds, err);
    if (status != RIG_OK)
        goto out;
    if (fds[IN] < 0 || pipe2(&fds[REPORT_IN], O_CLOEXEC) != 0) {
        status = rig_fail(err, RIG_EIO, "%s: cannot start: %s", spec->argv[0], strerror(errno));
        goto out;
    }
    fds[REPORT_OUT] = above_standard(fds[REPORT_OUT]);
    /* a copy above where it goes, and above where the pipe goes */
    if (spec->kept_fd > 0 &&
        (fds[KEPT] = fcntl(spec->kept_fd, F_DUPFD_CLOEXEC, RIG_CHILD_KEPT_FD + 1)) < 0) {
        status = rig_fail(err, RIG_EIO, "%s: cannot start: %s", spec->argv[0], strerror(errno));
        goto out;
    }

    const uint64_t oom_kills = rig_oom_kills();
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become(spec, program, fds, parent);
    if (pid < 0) {
        status = rig_fail(err, RIG_ENOMEM, "%s: cannot start: %s", spec->argv[0], strerror(errno));
        goto out;
    }
    close(fds[REPORT_OUT]);
    fds[REPORT_OUT] = -1;
    int reason;
    ssize_t got;
    do
        got = read(fds[REPORT_IN], &reason, sizeof reason); /* 0 at a successful exec */
    while (got < 0 && errno == EINTR);
    rig_child started = {.pid = pid, .is_running = true, .oom_kills = oom_kills};
    if (got == (ssize_t)sizeof reason) {
        (void)rig_child_wait(&started, 5.0);
        status = rig_fail(err, RIG_EENV, "%s: cannot execute: %s", spec->argv[0], strerror(reason));
        goto out;
    }
    *child = started;
out:
    free(program);
    close_all(fds, N_FDS);
    return status;
}

void rig_child_bind_to_parent(pid_t parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
        _exit(127);
}

bool rig_child_has_ended(rig_child *child)
{
    if (!child->is_running)
        return true;
    int how;
    pid_t got = waitpid(child->pid, &how, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR))
        return false;
    child->is_running = false;
    if (got < 0)
        child->exit_code = 127; /* reaped by somebody else: nothing more is known */
    else
        child->exit_code = WIFSIGNALED(how) ? 128 + WTERMSIG(how) : WEXITSTATUS(how);
    const uint64_t oom_kills = rig_oom_kills(); /* 0: not known, as without a descriptor for it */
    child->oom_kills = oom_kills > child->oom_kills ? oom_kills - child->oom_kills : 0;
    return true;
}

const char *rig_child_killer(const rig_child *child)
{
    if (child->is_running || rig_child_signal_of(child->exit_code) != SIGKILL ||
        child->oom_kills == 0)
        return "";
    return ": no memory any more: the kernel ended a process for want of memory meanwhile (oom_kill "
           "in /proc/vmstat); a control group's limit, or this host's memory";
}

int rig_child_signal_of(int exit_code)
{
    return exit_code > 128 && exit_code <= 128 + SIGRTMAX ? exit_code - 128 : 0;
}

/* State of a process as the kernel tells it (proc(5)): 'T' stopped, 't' by a debugger; 0: unknown.
 */
static char state_of(const rig_child *child)
{
    char path[64], line[512], state = 0;
    (void)snprintf(path, sizeof path, "/proc/%ld/stat", (long)child->pid);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return 0;
    const char *end = fgets(line, sizeof line, file) != NULL ? strrchr(line, ')') : NULL;
    if (end != NULL && end[1] == ' ')
        state = end[2]; /* behind the name, which may hold anything */
    (void)fclose(file);
    return state;
}

double rig_child_stopped_s(rig_child *child)
{
    /* who is seen stopped for so long was: one look may fall into a debugger's glance */
    static const double LEAST_STOP_S = 0.15;
    const int64_t now_ns = rig_clock_monotonic_ns();
    const char state = child->is_running ? state_of(child) : 0;
    if (state != 'T' && state != 't') {
        child->stopped_since_ns = 0;
        return 0.0;
    }
    if (child->stopped_since_ns == 0)
        child->stopped_since_ns = now_ns;
    const double for_s = rig_clock_s_of_ns(now_ns - child->stopped_since_ns);
    return for_s < LEAST_STOP_S ? 0.0 : for_s;
}

bool rig_child_wait(rig_child *child, double timeout_s)
{
    int64_t until_ns = rig_clock_monotonic_ns() + rig_clock_ns_of_s(timeout_s);
    while (!rig_child_has_ended(child)) {
        if (rig_clock_monotonic_ns() >= until_ns)
            return false;
        (void)nanosleep(&POLL_STEP, NULL);
    }
    return true;
}

void rig_child_signal(const rig_child *child, int signal_number)
{
    if (!child->is_running)
        return;
    /* it leads a group of its own, from just behind the fork on */
    if (signal_number != SIGKILL || kill(-child->pid, SIGKILL) != 0)
        (void)kill(child->pid, signal_number);
}

void rig_child_end(rig_child *child, double grace_s)
{
    if (child == NULL || !child->is_running)
        return;
    rig_child_signal(child, SIGTERM);
    if (rig_child_wait(child, grace_s))
        return;
    rig_child_signal(child, SIGKILL);
    (void)rig_child_wait(child, (double)KILL_WAIT_NS / (double)RIG_NS_PER_S);
}

void rig_child_last_line(const char *path, char *line, size_t size)
{
    char *text;
    size_t n;
    line[0] = '\0';
    if (rig_file_read(path, &text, &n, NULL) != RIG_OK)
        return;
    rig_slice all = rig_slice_trim((rig_slice){text, n});
    size_t from = all.n;
    while (from > 0 && all.p[from - 1] != '\n')
        from--;
    (void)snprintf(line, size, "%.*s", (int)(all.n - from), all.n > 0 ? all.p + from : "");
    free(text);
}
