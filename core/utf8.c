/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

/* A row of the syntax: the first bytes from..to, the second bytes, and how many there are. */
typedef struct form {
    unsigned char first, last, second_low, second_high;
    size_t n;
} form;

static const form forms[] = {
    {0x00, 0x7F, 0x00, 0x00, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
    {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
    {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
};

size_t rig_utf8_length(const char *p)
{
    const unsigned char *at = (const unsigned char *)p;
    for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
        if (at[0] < forms[f].first || at[0] > forms[f].last)
            continue;
        if (forms[f].n > 1 && (at[1] < forms[f].second_low || at[1] > forms[f].second_high))
            return 0;
        for (size_t i = 2; i < forms[f].n; i++) {
            if ((at[i] & 0xC0) != 0x80)
                return 0;
        }
        return forms[f].n;
    }
    return 0;
}

char *rig_utf8_mend(const char *text)
{
    char *copy = malloc(strlen(text) * strlen(RIG_UTF8_REPLACEMENT) + 1), *end = copy;
    if (copy == NULL)
        return NULL;
    while (*text != '\0') {
        size_t n = rig_utf8_length(text);
        const char *from = n > 0 ? text : RIG_UTF8_REPLACEMENT;
        size_t n_put = n > 0 ? n : strlen(RIG_UTF8_REPLACEMENT);
        memcpy(end, from, n_put);
        end += n_put;
        text += n > 0 ? n : 1;
    }
    *end = '\0';
    return copy;
}
