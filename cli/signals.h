/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ctrl-C and SIGTERM ask for a graceful stop; who was stopped can see it. */
#ifndef RIG_CLI_SIGNALS_H
#define RIG_CLI_SIGNALS_H

#include "core/stop.h"

/** From now on SIGINT, SIGTERM and SIGHUP end the program as ever, and take what is temporary with
 * them (core/temporary.h). One that is ignored stays so: SIGHUP (nohup), here and below, and SIGINT
 * (the background of a script), here. */
void rig_signals_begin(void);

/**
 * From now on SIGINT, SIGTERM and SIGHUP set a flag instead of ending the program; the second one
 * ends it at once (SIPp and the embedded target die with it). SIGCONT continues the program as
 * ever, and is left pending: a play asks for it (rig_trouble_watch). Before any thread is made.
 * @return the flag: not set until a signal came. Static.
 */
const rig_stop *rig_signals_catch(void);

/**
 * What is said on standard error when the second signal ends the program at once.
 * @param text  With its line end; static, or lives on.
 */
void rig_signals_last_words(const char *text);

/**
 * From now on a crash (SIGSEGV, SIGBUS, SIGABRT) says on standard error before it ends the program
 * that no memory is left, where that is so: libraries that do not ask whether they were given any
 * crash then. It ends with the same signal.
 */
void rig_signals_tell_no_memory(void);

/** Set the same flag without a signal. */
void rig_signals_stop(void);

#endif
