/* Ctrl-C and SIGTERM ask for a graceful stop. */
#ifndef RIG_CLI_SIGNALS_H
#define RIG_CLI_SIGNALS_H

#include <signal.h>

/**
 * From now on SIGINT, SIGTERM and SIGHUP set a flag instead of ending the program; the second one
 * ends it at once (SIPp and the embedded target die with it).
 * @return the flag: 0 until a signal came. Static.
 */
const volatile sig_atomic_t *rig_signals_catch(void);

#endif
