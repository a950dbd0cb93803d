/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/slice.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

rig_slice rig_slice_of(const char *text)
{
    return (rig_slice){.p = text, .n = text == NULL ? 0 : strlen(text)};
}

bool rig_slice_eq(rig_slice a, rig_slice b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool rig_slice_is(rig_slice a, const char *text)
{
    return rig_slice_eq(a, rig_slice_of(text));
}

bool rig_slice_is_nocase(rig_slice a, const char *text)
{
    return a.n == strlen(text) && (a.n == 0 || strncasecmp(a.p, text, a.n) == 0);
}

bool rig_slice_starts_nocase(rig_slice a, const char *prefix)
{
    size_t n = strlen(prefix);
    return a.n >= n && (n == 0 || strncasecmp(a.p, prefix, n) == 0);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

rig_slice rig_slice_trim(rig_slice a)
{
    while (a.n > 0 && is_blank(a.p[0])) {
        a.p++;
        a.n--;
    }
    while (a.n > 0 && is_blank(a.p[a.n - 1]))
        a.n--;
    return a;
}

rig_slice rig_slice_skip(rig_slice a, size_t from)
{
    if (from >= a.n)
        return (rig_slice){.p = a.p, .n = 0};
    return (rig_slice){.p = a.p + from, .n = a.n - from};
}

size_t rig_slice_find(rig_slice a, char c)
{
    if (a.n == 0)
        return 0;
    const char *at = memchr(a.p, c, a.n);
    return at == NULL ? a.n : (size_t)(at - a.p);
}

bool rig_slice_u64(rig_slice a, uint64_t *value)
{
    if (a.n == 0)
        return false;
    uint64_t sum = 0;
    for (size_t i = 0; i < a.n; i++) {
        if (a.p[i] < '0' || a.p[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(a.p[i] - '0');
        if (sum > (UINT64_MAX - digit) / 10)
            return false;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return true;
}

char *rig_slice_dup(rig_slice a)
{
    char *copy = malloc(a.n + 1);
    if (copy == NULL)
        return NULL;
    if (a.n > 0)
        memcpy(copy, a.p, a.n);
    copy[a.n] = '\0';
    return copy;
}
