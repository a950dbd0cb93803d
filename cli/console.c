/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/console.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Chosen once, at the start; all others are given it. */
static const rig_language *chosen;

void rig_console_set_language(const rig_language *language)
{
    chosen = language;
}

const rig_language *rig_console_language(void)
{
    return chosen != NULL ? chosen
                          : rig_language_of_environment(getenv("LC_ALL"), getenv("LC_MESSAGES"),
                                                        getenv("LANG"));
}

bool rig_console_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return strcasestr(value, "utf-8") != NULL || strcasestr(value, "utf8") != NULL;
    }
    return false;
}

void rig_console_print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vprintf(rig_console_words(format), args);
    va_end(args);
}

const char *rig_console_words(const char *text)
{
    return rig_translate(rig_console_language(), text);
}

const char *rig_console_words_n(uint64_t n, const char *one, const char *many)
{
    return rig_translate_n(rig_console_language(), n, one, many);
}

rig_told rig_console_cell(const char *word, int width)
{
    return rig_cell(rig_console_words(word), width);
}

rig_told rig_console_retell(const char *text)
{
    return rig_retell(rig_console_language(), text);
}

int rig_console_fail(const rig_error *err)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "peakrig: %s\n",
                  err->text[0] != '\0' ? err->text : rig_status_text(err->status));
    return rig_status_exit_code(err->status);
}

int rig_console_usage(const char *command, const char *format, ...)
{
    va_list args;
    (void)fflush(stdout);
    (void)fprintf(stderr, "peakrig %s: ", command);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fprintf(stderr, "\nTry: peakrig %s --help\n", command);
    return RIG_EXIT_USAGE;
}

/* Zeros where it is no terminal, or one that does not say. */
static struct winsize size_of(int fd)
{
    struct winsize size;
    if (isatty(fd) == 1 && ioctl(fd, TIOCGWINSZ, &size) == 0)
        return size;
    return (struct winsize){.ws_col = 0};
}

unsigned rig_console_width(void)
{
    return size_of(STDOUT_FILENO).ws_col;
}

unsigned rig_console_error_width(void)
{
    return size_of(STDERR_FILENO).ws_col;
}

unsigned rig_console_error_height(void)
{
    return size_of(STDERR_FILENO).ws_row;
}

/* Does a letter stand at the end of what came before: it may not begin a line. */
static bool is_closing(const char *at)
{
    static const char *const letters[] = {
        "\xef\xbc\x8c", "\xe3\x80\x82", "\xef\xbc\x9b", /* , . ; */
        "\xef\xbc\x9a", "\xef\xbc\x89", "\xe3\x80\x81"};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (strncmp(at, letters[i], 3) == 0)
            return true;
    return false;
}

/* Does one stand before what follows it: it may not end a line. */
static bool is_opening(const char *at)
{
    return strncmp(at, "\xef\xbc\x88", 3) == 0; /* ( */
}

/* Bytes of what is not broken: a word, or one wide letter. */
static size_t unit_at(const char *at, size_t *n_columns)
{
    bool was_wide = false, was_opening = false;
    size_t n = 0;
    *n_columns = 0;
    while (at[n] != '\0' && at[n] != ' ') {
        size_t n_of_letter;
        const size_t n_bytes = rig_letter(at + n, &n_of_letter);
        const bool is_wide = n_of_letter > 1;
        if (n > 0 && (is_wide || was_wide) && !was_opening && !is_closing(at + n))
            break;
        was_wide = is_wide;
        was_opening = is_opening(at + n);
        n += n_bytes;
        *n_columns += n_of_letter;
    }
    return n;
}

/* A text behind `used` columns; lines behind the first begin with `indent` blanks. Nothing is
 * broken where a line would not begin farther left. */
static void wrap(FILE *out, const char *text, unsigned width, size_t used, int indent)
{
    for (const char *at = text; *at != '\0';) {
        size_t n_columns;
        const size_t n_blanks = strspn(at, " "), n_unit = unit_at(at + n_blanks, &n_columns);
        if (used > (size_t)indent && width > 0 && used + n_blanks + n_columns > width) {
            (void)fprintf(out, "\n%*s", indent, "");
            used = (size_t)indent;
        } else {
            (void)fprintf(out, "%*s", (int)n_blanks, "");
            used += n_blanks;
        }
        (void)fprintf(out, "%.*s", (int)n_unit, at + n_blanks);
        used += n_columns;
        at += n_blanks + n_unit;
    }
    (void)fputc('\n', out);
}

void rig_console_wrap(FILE *out, const char *text, unsigned width)
{
    wrap(out, text, width, 0, 2);
}

static unsigned width_of(FILE *out)
{
    return out == stderr ? rig_console_error_width() : rig_console_width();
}

void rig_console_row(FILE *out, int n_left, const char *left, const char *text)
{
    enum { NARROW = 60, NARROW_INDENT = 8 };
    const unsigned width = width_of(out);
    const rig_told cell = rig_cell(left, -n_left);
    const int indent = width < NARROW ? NARROW_INDENT : n_left + 3;
    (void)fprintf(out, "  %s ", cell.text);
    wrap(out, text, width, rig_columns(cell.text) + 3, indent);
}

void rig_console_beside(FILE *out, const char *left, const char *text)
{
    rig_console_row(out, 30, left, text);
}

/* Bytes of the lines that are one paragraph: up to an empty line, or one that begins with a blank;
 * such a line is one by itself. */
static size_t paragraph_at(const char *text)
{
    size_t n = strcspn(text, "\n");
    while (text[0] != ' ' && n > 0 && text[n] == '\n' && strchr(" \n", text[n + 1]) == NULL)
        n += 1 + strcspn(text + n + 1, "\n");
    return n;
}

/* One line of several: a blank between them, but behind an East Asian letter none. */
static void join_lines(char *text)
{
    char *to = text;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '\n')
            *to++ = *at;
        else if (at > text && (unsigned char)at[-1] < 0x80)
            *to++ = ' ';
    }
    *to = '\0';
}

void rig_console_paragraphs(FILE *out, const char *text)
{
    const unsigned width = width_of(out);
    size_t n;
    for (const char *at = text; *at != '\0'; at += n + (at[n] == '\n' ? 1 : 0)) {
        n = paragraph_at(at);
        char *one = strndup(at, n);
        if (one == NULL)
            return;
        if (width > 0)
            join_lines(one);
        wrap(out, one, at[0] == ' ' ? 0 : width, 0, 0); /* a command to copy stays whole */
        free(one);
    }
}

void rig_console_say(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, rig_console_words(format), args);
    va_end(args);
    if (n < 0)
        return;
    rig_console_wrap(stdout, text, rig_console_width());
    free(text);
}

void rig_console_advice(void *ctx, const char *text)
{
    (void)ctx;
    rig_console_say("%s", rig_console_retell(text).text);
}
