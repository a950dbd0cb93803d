/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/console.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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

void rig_console_wrap(FILE *out, const char *text, unsigned width)
{
    size_t used = 0;
    for (const char *at = text; *at != '\0';) {
        size_t n_blanks = strspn(at, " ");
        size_t n_word = strcspn(at + n_blanks, " ");
        if (at > text && width > 0 && used + n_blanks + n_word > width) {
            (void)fputs("\n  ", out);
            used = 2;
        } else {
            (void)fprintf(out, "%*s", (int)n_blanks, "");
            used += n_blanks;
        }
        (void)fprintf(out, "%.*s", (int)n_word, at + n_blanks);
        used += n_word;
        at += n_blanks + n_word;
    }
    (void)fputc('\n', out);
}

void rig_console_say(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int n = vasprintf(&text, format, args);
    va_end(args);
    if (n < 0)
        return;
    rig_console_wrap(stdout, text, rig_console_width());
    free(text);
}

void rig_console_advice(void *ctx, const char *text)
{
    (void)ctx;
    rig_console_say("%s", text);
}
