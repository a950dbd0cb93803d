/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/progress.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/console.h"
#include "core/clock.h"

#define LIVE_PERIOD_NS  (RIG_NS_PER_S / 5)
#define PLAIN_PERIOD_NS (10 * RIG_NS_PER_S)

/* Past the stream, which takes such for somebody else's (cli/standard_streams.h). */
static void clear_line(void)
{
    static const char clear[] = "\r\033[K";
    (void)fflush(stderr);
    (void)!write(STDERR_FILENO, clear, sizeof clear - 1);
}

void rig_progress_start(rig_progress *progress, bool is_quiet)
{
    *progress = (rig_progress){.is_quiet = is_quiet, .is_terminal = isatty(STDERR_FILENO) == 1};
    if (!progress->is_terminal)
        progress->next_ns = rig_clock_monotonic_ns() + PLAIN_PERIOD_NS;
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
        clear_line();
    (void)fprintf(stderr, progress->is_terminal ? "%.*s" : "%.*s\n", n, text);
    progress->is_line_open = progress->is_terminal;
    (void)fflush(stderr);
}

void rig_progress_end(rig_progress *progress)
{
    if (progress->is_line_open && has_room())
        clear_line();
    progress->is_line_open = false;
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
