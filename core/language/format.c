/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/language/format.h"

#include <stdlib.h>
#include <string.h>

rig_conversion rig_conversion_at(const char *format)
{
    rig_conversion c = {.kind = RIG_CONVERSION_NUMBER};
    const char *p = format + 1;
    const size_t n_digits = strspn(p, "0123456789");
    if (n_digits > 0 && p[n_digits] == '$') {
        for (size_t i = 0; i < n_digits; i++)
            c.position = 10 * c.position + (size_t)(p[i] - '0');
        p += n_digits + 1;
    }
    const size_t n_flags = strspn(p, "-+ #0");
    c.width = (int)strtol(p + n_flags, NULL, 10); /* 0 where there is none */
    if (memchr(p, '-', n_flags) != NULL)
        c.width = -c.width;
    p += strspn(p, "-+ #0123456789.*hlzjtL");
    if (*p == '%')
        c.kind = RIG_CONVERSION_NONE;
    else if (*p == 's')
        c.kind = RIG_CONVERSION_TEXT;
    c.n_bytes = (size_t)(p - format) + (*p != '\0');
    return c;
}

size_t rig_format_n_letters(const char *format, bool only_before_the_first)
{
    size_t n = 0;
    for (const char *p = format; *p != '\0';) {
        if (*p != '%') {
            n++;
            p++;
            continue;
        }
        const rig_conversion c = rig_conversion_at(p);
        if (c.kind == RIG_CONVERSION_NONE)
            n++;
        else if (only_before_the_first)
            break;
        p += c.n_bytes;
    }
    return n;
}
