#include "cli/console.h"

#include <stdarg.h>
#include <stdio.h>

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
