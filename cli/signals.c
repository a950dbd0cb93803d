#include "cli/signals.h"

#include <stddef.h>

/* The only mutable global of the program: a handler has no other way to tell. */
static volatile sig_atomic_t is_asked_to_stop;

static void on_signal(int number)
{
    if (is_asked_to_stop) { /* asked twice: at once, as if it had not been caught */
        (void)signal(number, SIG_DFL);
        (void)raise(number);
    }
    is_asked_to_stop = 1;
}

const volatile sig_atomic_t *rig_signals_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    return &is_asked_to_stop;
}
