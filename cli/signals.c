/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/signals.h"

#include <signal.h>
#include <stddef.h>

/* The only mutable global of the program: a handler has no other way to tell. */
static rig_stop asked;

static void on_signal(int number)
{
    if (rig_stop_is_set(&asked)) { /* asked twice: at once, as if it had not been caught */
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
    rig_stop_set(&asked);
}

const rig_stop *rig_signals_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    return &asked;
}

void rig_signals_stop(void)
{
    rig_stop_set(&asked);
}
