/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person sees: messages and tables on the terminal. */
#ifndef RIG_CLI_CONSOLE_H
#define RIG_CLI_CONSOLE_H

#include <stdio.h>

#include "core/status.h"

/** Exit codes that a person can cause directly. */
#define RIG_EXIT_USAGE 2

/** Print "peakrig: MESSAGE" on stderr and return the status's exit code. */
int rig_console_fail(const rig_error *err);

/** Print "peakrig COMMAND: MESSAGE" and how to get help on stderr; return RIG_EXIT_USAGE. */
int rig_console_usage(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Columns of the terminal that standard output is, or 0: it is none. */
unsigned rig_console_width(void);

/**
 * Print a paragraph and a line end on standard output. On a terminal lines are broken at blanks,
 * and those behind the first begin with two blanks; elsewhere it is one line.
 */
void rig_console_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The same with a line of advice (models/advice.h). */
void rig_console_advice(void *ctx, const char *text);

/** The same by hand. No line is longer than `width`, where the words are not. @param width 0: no
 * limit. */
void rig_console_wrap(FILE *out, const char *text, unsigned width);

/** rig_console_width of standard error. */
unsigned rig_console_error_width(void);

/** Its lines, or 0. */
unsigned rig_console_error_height(void);

#endif
