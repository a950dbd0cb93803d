/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/guard.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char NAME[] = "rank-guard";

/* From the guarded process to its guard: a signal, for it may not be able to say more. */
#define LET_OTHERS_GO_ON SIGUSR1

static void choose_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGCHLD);
    sigaddset(set, LET_OTHERS_GO_ON);
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

/* Until mpirun ends all: an end of ours would be that of all ranks. */
static void stay(const sigset_t *signals)
{
    int number = 0;
    while (number != SIGTERM && number != SIGINT && number != SIGHUP)
        number = sigwaitinfo(signals, NULL);
}

/* What the process has said in its last moment; taken, for it would end its guard where the signals
 * are let in again. */
static bool take_pending(int number)
{
    const struct timespec at_once = {.tv_sec = 0};
    sigset_t wanted;
    sigemptyset(&wanted);
    sigaddset(&wanted, number);
    return sigtimedwait(&wanted, NULL, &at_once) == number;
}

static void wait_for_end(pid_t child, const sigset_t *signals, rig_guard_end *end)
{
    int state = 0;
    bool do_others_go_on = false, is_ended_by_mpirun = false;
    while (waitpid(child, &state, WNOHANG) == 0) {
        const int number = sigwaitinfo(signals, NULL);
        if (number == LET_OTHERS_GO_ON) {
            do_others_go_on = true;
        } else if (number > 0 && number != SIGCHLD) {
            is_ended_by_mpirun = true;
            (void)kill(child, number);
        }
    }
    do_others_go_on = take_pending(LET_OTHERS_GO_ON) || do_others_go_on;
    const bool was_let = do_others_go_on && WIFSIGNALED(state);
    if (was_let && !is_ended_by_mpirun)
        stay(signals);
    *end = (rig_guard_end){.is_guard = true,
                           .exit_code = WIFEXITED(state) ? WEXITSTATUS(state) : 0,
                           .signal = WIFSIGNALED(state) ? WTERMSIG(state) : 0,
                           .pid = child,
                           .was_let = was_let};
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
    (void)prctl(PR_SET_NAME, NAME);
    wait_for_end(child, &signals, end);
    (void)sigprocmask(SIG_SETMASK, &old, NULL);
    return RIG_OK;
}

void rig_guard_let_others_go_on(void)
{
    char name[16] = "";
    char path[40];
    (void)snprintf(path, sizeof path, "/proc/%ld/comm", (long)getppid());
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return;
    const bool is_guard =
        fgets(name, sizeof name, in) != NULL && strncmp(name, NAME, strlen(NAME)) == 0;
    (void)fclose(in);
    if (is_guard) /* who waits for no such signal would be ended by it */
        (void)kill(getppid(), LET_OTHERS_GO_ON);
}
