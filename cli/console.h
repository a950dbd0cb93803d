/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person sees: messages and tables on the terminal. */
#ifndef RIG_CLI_CONSOLE_H
#define RIG_CLI_CONSOLE_H

#include <stdbool.h>
#include <stdio.h>

#include "core/language.h"
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
 * Choose the language for people, once, before anything is printed. Until then it is the
 * environment's (rig_language_of_environment). Errors and what machines read stay English.
 */
void rig_console_set_language(const rig_language *language);

/** The language for people. */
const rig_language *rig_console_language(void);

/** Whether the user's locale shows more than ASCII (POSIX, XBD 8.2). The program itself runs in the
 * C locale: files are the same everywhere. */
bool rig_console_is_utf8(void);

/** Print on standard output by a format that is translated. */
void rig_console_print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** rig_translate in the language for people. */
const char *rig_console_words(const char *text) __attribute__((format_arg(1)));

/** The same of a number of things: rig_translate_n. */
const char *rig_console_words_n(uint64_t n, const char *one, const char *many)
    __attribute__((format_arg(2), format_arg(3)));

/** A word in the language for people, as a cell of a table: rig_cell. */
rig_told rig_console_cell(const char *word, int width);

/** A sentence of a verdict in the language for people: rig_retell. */
rig_told rig_console_retell(const char *text);

/**
 * Print a paragraph, its format translated, and a line end on standard output. On a terminal lines
 * are broken at blanks, or behind an East Asian letter, and those behind the first begin with two
 * blanks; elsewhere it is one line.
 */
void rig_console_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** The same with a line of advice (models/advice.h). */
void rig_console_advice(void *ctx, const char *text);

/** The same by hand. No line is longer than `width`, where the words are not. @param width 0: no
 * limit. */
void rig_console_wrap(FILE *out, const char *text, unsigned width);

/**
 * A row of a help: what it is of, and beside it what it means. On a terminal lines are broken as by
 * rig_console_say, and those behind the first stand below the meaning.
 * @param out     stdout or stderr.
 * @param n_left  Columns of the left side, at least.
 */
void rig_console_row(FILE *out, int n_left, const char *left, const char *text);

/** The same of an option. */
void rig_console_beside(FILE *out, const char *left, const char *text);

/**
 * A text of several lines. On a terminal the lines that follow one another are a paragraph that is
 * broken anew; an empty line, and one that begins with a blank, stay as they are.
 * @param out  stdout or stderr.
 */
void rig_console_paragraphs(FILE *out, const char *text);

/** rig_console_width of standard error. */
unsigned rig_console_error_width(void);

/** Its lines, or 0. */
unsigned rig_console_error_height(void);

#endif
