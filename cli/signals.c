/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/signals.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "core/temporary.h"

/* The only mutable globals of the program: a handler has no other way to tell. */
static rig_stop asked;
static const char *_Atomic last_words;

static const int endings[] = {SIGINT, SIGTERM, SIGHUP};
enum { N_ENDINGS = sizeof endings / sizeof *endings };

static bool is_ignored(int number)
{
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static void on_end(int number)
{
    rig_temporary_clear(RIG_TEMPORARY_ALL);
    (void)raise(number); /* by SA_RESETHAND as if it had not been caught */
}

void rig_signals_begin(void)
{
    struct sigaction action = {.sa_handler = on_end, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < N_ENDINGS; i++)
        if (!is_ignored(endings[i]))
            (void)sigaction(endings[i], &action, NULL);
}

static void on_signal(int number)
{
    if (rig_stop_is_set(&asked)) { /* asked twice: at once, as if it had not been caught */
        const char *text = last_words;
        if (text != NULL)
            (void)!write(STDERR_FILENO, text, strlen(text));
        rig_temporary_clear(RIG_TEMPORARY_FOLDERS); /* what is half-written may be evidence */
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
    rig_stop_set(&asked);
}

const rig_stop *rig_signals_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < N_ENDINGS; i++)
        if (endings[i] != SIGHUP || !is_ignored(SIGHUP)) /* nohup's */
            (void)sigaction(endings[i], &action, NULL);
    sigset_t kept; /* threads inherit it, children do not (core/child.c) */
    sigemptyset(&kept);
    sigaddset(&kept, SIGCONT);
    (void)sigprocmask(SIG_BLOCK, &kept, NULL);
    return &asked;
}

/* Nothing is left where not even this is. */
enum { LEAST_MEMORY = 1 << 20 };

static void on_crash(int number)
{
    static const char text[] = "no memory any more: a limit of this process (ulimit -v, a control "
                               "group), or the host's\n";
    void *more =
        mmap(NULL, LEAST_MEMORY, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (more == MAP_FAILED)
        (void)!write(STDERR_FILENO, text, sizeof text - 1);
    (void)raise(number); /* by SA_RESETHAND as if it had not been caught */
}

void rig_signals_tell_no_memory(void)
{
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    sigaction(SIGABRT, &action, NULL);
}

void rig_signals_last_words(const char *text)
{
    last_words = text;
}

void rig_signals_stop(void)
{
    rig_stop_set(&asked);
}
