/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/console.h"
#include "core/clock.h"

#define LIVE_PERIOD_NS  (RIG_NS_PER_S / 5)
#define PLAIN_PERIOD_NS (10 * RIG_NS_PER_S)

/* Past the stream, which takes such for somebody else's (cli/standard_streams.h). */
static void clear_lines(rig_progress *progress)
{
    char clear[32] = "\r\033[K";
    if (progress->n_drawn > 0)
        (void)snprintf(clear, sizeof clear, "\r\033[%uA\033[J", progress->n_drawn);
    progress->n_drawn = 0;
    (void)fflush(stderr);
    (void)!write(STDERR_FILENO, clear, strlen(clear));
}

void rig_progress_start(rig_progress *progress, bool is_quiet)
{
    *progress = (rig_progress){.is_quiet = is_quiet,
                               .is_terminal = isatty(STDERR_FILENO) == 1,
                               .start_ns = rig_clock_monotonic_ns()};
    if (!progress->is_terminal)
        progress->next_ns = progress->start_ns + PLAIN_PERIOD_NS;
}

rig_progress_text rig_progress_left(int64_t start_ns, double n_done, double n_left)
{
    rig_progress_text of = {""};
    const double elapsed_s = rig_clock_s_of_ns(rig_clock_monotonic_ns() - start_ns);
    const double left_s = n_done > 0.0 ? elapsed_s / n_done * n_left : 0.0;
    if (n_done > 0.0 && left_s < 90.0)
        (void)snprintf(of.text, sizeof of.text, ", %.0f s left", ceil(left_s));
    else if (n_done > 0.0)
        (void)snprintf(of.text, sizeof of.text, ", %.0f min left", ceil(left_s / 60.0));
    return of;
}

/* A terminal that is stopped is not waited for: the next line will do. */
static bool has_room(void)
{
    struct pollfd room = {.fd = STDERR_FILENO, .events = POLLOUT};
    return poll(&room, 1, 0) != 0;
}

bool rig_progress_is_due(const rig_progress *progress)
{
    return !progress->is_quiet && rig_clock_monotonic_ns() >= progress->next_ns;
}

void rig_progress_show(rig_progress *progress, const char *format, ...)
{
    int64_t now_ns = rig_clock_monotonic_ns();
    if (progress->is_quiet || now_ns < progress->next_ns || !has_room())
        return;
    progress->next_ns = now_ns + (progress->is_terminal ? LIVE_PERIOD_NS : PLAIN_PERIOD_NS);
    char text[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    /* a line that goes over into the next one could not be taken back */
    unsigned width = progress->is_terminal ? rig_console_error_width() : 0;
    int n = width > 1 && width <= sizeof text ? (int)width - 1 : (int)sizeof text - 1;
    if (progress->is_terminal)
        clear_lines(progress);
    (void)fprintf(stderr, progress->is_terminal ? "%.*s" : "%.*s\n", n, text);
    progress->is_line_open = progress->is_terminal;
    (void)fflush(stderr);
}

bool rig_progress_terminal(const rig_progress *progress, rig_board_terminal *terminal)
{
    const char *term = getenv("TERM");
    if (progress->is_quiet || !progress->is_terminal || term == NULL || term[0] == '\0' ||
        strcmp(term, "dumb") == 0)
        return false;
    *terminal = (rig_board_terminal){.width = rig_console_error_width(),
                                     .height = rig_console_error_height(),
                                     .is_utf8 = rig_console_is_utf8()};
    return true;
}

/* One write: nothing comes in between. What is left of longer lines goes with each line's end. */
void rig_progress_draw(rig_progress *progress, const char *text, unsigned n_lines)
{
    char *all = NULL;
    size_t n = 0;
    if (progress->is_quiet || !has_room())
        return;
    FILE *out = open_memstream(&all, &n);
    if (out == NULL)
        return;
    (void)fputc('\r', out);
    if (progress->n_drawn > 0)
        (void)fprintf(out, "\033[%uA", progress->n_drawn);
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
        (void)fprintf(out, "%.*s\033[K\n", (int)(end - text), text);
    (void)fputs("\033[J", out);
    if (fclose(out) == 0) {
        (void)fflush(stderr);
        (void)!write(STDERR_FILENO, all, n);
        progress->n_drawn = n_lines;
        progress->is_line_open = true;
    }
    free(all);
}

void rig_progress_end(rig_progress *progress)
{
    if (progress->is_line_open && has_room())
        clear_lines(progress);
    progress->is_line_open = false;
    progress->n_drawn = 0;
}

void rig_progress_say(rig_progress *progress, const char *format, ...)
{
    if (progress->is_quiet)
        return;
    rig_progress_end(progress);
    va_list args;
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    (void)fputc('\n', stderr);
    va_end(args);
}
