/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/guard.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void choose_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGCHLD);
}

/* mpirun signals the group of the process that it started: the child has one of its own, so that it
 * gets each signal once, from us. */
static void begin_child(pid_t guard, const sigset_t *old)
{
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    (void)prctl(PR_SET_NAME, "peakrig");
    if (getppid() != guard) /* already dead */
        (void)raise(SIGKILL);
    (void)sigprocmask(SIG_SETMASK, old, NULL);
}

static void wait_for_end(pid_t child, const sigset_t *signals, rig_guard_end *end)
{
    int state = 0;
    while (waitpid(child, &state, WNOHANG) == 0) {
        const int number = sigwaitinfo(signals, NULL);
        if (number > 0 && number != SIGCHLD)
            (void)kill(child, number);
    }
    *end = (rig_guard_end){.is_guard = true,
                           .exit_code = WIFEXITED(state) ? WEXITSTATUS(state) : 0,
                           .signal = WIFSIGNALED(state) ? WTERMSIG(state) : 0,
                           .pid = child};
}

rig_status rig_guard(rig_guard_end *end, rig_error *err)
{
    sigset_t signals, old;
    const pid_t guard = getpid();
    (void)signal(SIGCHLD, SIG_DFL); /* ignored, there would be no end to wait for */
    choose_signals(&signals);
    (void)sigprocmask(SIG_BLOCK, &signals, &old);
    const pid_t child = fork();
    if (child < 0) {
        const int cause = errno;
        (void)sigprocmask(SIG_SETMASK, &old, NULL);
        return rig_fail(err, RIG_EENV, "cannot start a process: %s", strerror(cause));
    }
    if (child == 0) {
        begin_child(guard, &old);
        *end = (rig_guard_end){.is_guard = false};
        return RIG_OK;
    }
    (void)prctl(PR_SET_NAME, "rank-guard");
    wait_for_end(child, &signals, end);
    (void)sigprocmask(SIG_SETMASK, &old, NULL);
    return RIG_OK;
}
