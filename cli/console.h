/* What a person sees: messages and tables on the terminal. */
#ifndef RIG_CLI_CONSOLE_H
#define RIG_CLI_CONSOLE_H

#include "core/status.h"

/** Exit codes that a person can cause directly. */
#define RIG_EXIT_USAGE 2

/** Print "peakrig: MESSAGE" on stderr and return the status's exit code. */
int rig_console_fail(const rig_error *err);

/** Print "peakrig COMMAND: MESSAGE" and how to get help on stderr; return RIG_EXIT_USAGE. */
int rig_console_usage(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
