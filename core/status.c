/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

rig_status rig_fail(rig_error *err, rig_status status, const char *format, ...)
{
    if (err == NULL)
        return status;
    char text[sizeof err->text]; /* own buffer: err->text may be an argument */
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    memcpy(err->text, text, sizeof text);
    err->status = status;
    return status;
}

const char *rig_status_text(rig_status status)
{
    switch (status) {
    case RIG_OK:
        return "ok";
    case RIG_EDOM:
        return "argument out of range";
    case RIG_EINPUT:
        return "bad input";
    case RIG_ENOMEM:
        return "out of memory";
    case RIG_EIO:
        return "input/output error";
    case RIG_EENV:
        return "environment not usable";
    case RIG_EINVALID:
        return "load or capture not valid";
    case RIG_ECANCELLED:
        return "stopped by the user";
    }
    return "unknown status";
}

int rig_status_exit_code(rig_status status)
{
    switch (status) {
    case RIG_OK:
        return 0;
    case RIG_EDOM:
    case RIG_EINPUT:
        return 2;
    case RIG_EINVALID:
    case RIG_ECANCELLED:
        return 4;
    case RIG_ENOMEM:
    case RIG_EIO:
    case RIG_EENV:
        return 5;
    }
    return 5;
}
