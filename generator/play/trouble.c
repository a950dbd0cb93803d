/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play/trouble.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/clock.h"

/* "callers0", "agents": also the name of its files. */
static void name_of(const rig_play_run *run, const rig_sipp_worker *worker, char name[32])
{
    if (worker == &run->agents)
        (void)snprintf(name, 32, "agents");
    else if (worker == &run->call_backs.worker)
        (void)snprintf(name, 32, "call_backs");
    else if (worker == &run->registrations.worker)
        (void)snprintf(name, 32, "register");
    else
        (void)snprintf(name, 32, "callers%zu", (size_t)(worker - run->callers));
}

/* The first trouble is told: the others may follow from it. */
static void say(rig_play_run *run, const rig_sipp_worker *worker, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void say(rig_play_run *run, const rig_sipp_worker *worker, const char *format, ...)
{
    char *text = run->report.trouble, name[32];
    const size_t size = sizeof run->report.trouble;
    va_list args;
    if (text[0] != '\0')
        return;
    name_of(run, worker, name);
    const int used = snprintf(text, size, "our %s SIPp (%s, %s:%u) ",
                              worker->role == RIG_SIPP_AGENTS    ? "agents'"
                              : worker->role == RIG_SIPP_CALLED  ? "called back callers'"
                              : worker->role == RIG_SIPP_CALLERS ? "callers'"
                                                                 : "registering",
                              name, worker->host, worker->port);
    va_start(args, format);
    (void)vsnprintf(text + used, size - (size_t)used, format, args);
    va_end(args);
}

enum { END_SIZE = 240 };

/* How it ended, in words. */
static void describe_end(const rig_sipp_worker *worker, char text[END_SIZE])
{
    const int code = worker->child.exit_code, signal = rig_child_signal_of(code);
    if (signal != 0)
        (void)snprintf(text, END_SIZE, "killed by signal %d%s", signal,
                       rig_child_killer(&worker->child));
    else if (code == 0)
        (void)snprintf(text, END_SIZE, "exit code 0: somebody asked it to end");
    else
        (void)snprintf(text, END_SIZE, "exit code %d: %s", code, rig_sipp_exit_text(code));
}

static void say_ended(rig_play_run *run, const rig_sipp_worker *worker, double at_s)
{
    char name[32], line[160];
    name_of(run, worker, name);
    char how[END_SIZE];
    describe_end(worker, how);
    rig_sipp_last_error(run->logs, name, line, sizeof line);
    /* -max_reconnect would open another connection, and write to the closed one all the same */
    const bool is_closed = rig_sipp_peer_closed(worker->transport, worker->child.exit_code, line);
    say(run, worker, "ended by itself, %.1f s into the run (%s)%s%s%s; see logs/%s.*", at_s, how,
        line[0] != '\0' ? ": " : "", line,
        is_closed
            ? "; over TCP it does so when the centre closes the connection: let the centre keep "
              "it open, or set target.transport = \"udp\""
            : "",
        name);
}

static void watch_stop(rig_play_run *run, rig_sipp_worker *worker)
{
    const double for_s = rig_child_stopped_s(&worker->child);
    if (for_s > 0.0)
        say(run, worker,
            "was stopped by a signal (SIGSTOP, a debugger), %.1f s into the run, for a while",
            rig_play_run_elapsed_s(run) - for_s);
}

/* Whoever continues us leaves SIGCONT: a gap alone may be a host that is busy. What callers are
 * told comes so much late to them. */
static void watch_ourselves(rig_play_run *run)
{
    static const double LEAST_STOP_S = 0.15;
    static const struct timespec AT_ONCE = {.tv_nsec = 0};
    const int64_t now_ns = rig_clock_monotonic_ns();
    const double for_s = run->watched_ns != 0 ? rig_clock_s_of_ns(now_ns - run->watched_ns) : 0.0;
    sigset_t continued;
    run->watched_ns = now_ns;
    sigemptyset(&continued);
    sigaddset(&continued, SIGCONT);
    if (sigtimedwait(&continued, NULL, &AT_ONCE) != SIGCONT || for_s < LEAST_STOP_S ||
        rig_play_run_elapsed_s(run) < 0.0 || run->report.trouble[0] != '\0')
        return;
    (void)snprintf(run->report.trouble, sizeof run->report.trouble,
                   "peakrig itself was stopped by a signal (SIGSTOP, Ctrl-Z), %.1f s into the run, "
                   "for %.1f s",
                   rig_play_run_elapsed_s(run) - for_s, for_s);
}

/* One that outlasts the calls. @return whether it has ended. */
static bool watch_steady(rig_play_run *run, rig_sipp_worker *worker)
{
    watch_stop(run, worker);
    if (!rig_child_has_ended(&worker->child))
        return false;
    say_ended(run, worker, rig_play_run_elapsed_s(run));
    return true;
}

bool rig_trouble_watch(rig_play_run *run)
{
    watch_ourselves(run);
    for (size_t i = 0; i < run->report.n_workers; i++)
        watch_stop(run, &run->callers[i]);
    bool is_dead = !run->options->share.without_phones && watch_steady(run, &run->agents);
    if (run->call_backs.is_used)
        is_dead = watch_steady(run, &run->call_backs.worker) || is_dead;
    if (run->registrations.group != NULL)
        is_dead = watch_steady(run, &run->registrations.worker) || is_dead;
    for (size_t i = 0; i < run->report.n_workers; i++) {
        rig_sipp_worker *worker = &run->callers[i];
        const rig_play_worker *of = &run->report.callers[i];
        if (!rig_child_has_ended(&worker->child) || of->n_lines >= of->n_calls)
            continue;
        if (worker->ended_ns == 0)
            worker->ended_ns = rig_clock_monotonic_ns();
        else if (rig_clock_monotonic_ns() - worker->ended_ns > RIG_NS_PER_S / 2) {
            say_ended(run, worker,
                      rig_play_run_elapsed_s(run)); /* its log has been read to its end by now */
            is_dead = true;
        }
    }
    return is_dead;
}

void rig_trouble_finish(rig_play_run *run)
{
    for (size_t i = 0; i < run->report.n_workers; i++) {
        const rig_sipp_worker *worker = &run->callers[i];
        const rig_play_worker *of = &run->report.callers[i];
        if (worker->child.pid != 0 && !worker->was_asked && of->n_lines < of->n_calls)
            say_ended(run, worker, run->callers_ended_s);
    }
}
