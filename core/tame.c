/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tame.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

/* The bytes that a character has by its first one; 0: none begins with it. */
static size_t length_of(unsigned char first)
{
    if (first < 0x80)
        return 1;
    return first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
}

static uint32_t code_of(const char *p, size_t n)
{
    static const unsigned char mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = (unsigned char)p[0] & mask[n];
    for (size_t i = 1; i < n; i++)
        code = code << 6 | ((unsigned char)p[i] & 0x3F);
    return code;
}

static bool is_wild(uint32_t code)
{
    if (code < 0x20)
        return code != '\n' && code != '\t';
    return (code >= 0x7F && code <= 0x9F) || code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x2028 && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool rig_tame_is_wild(const char *p, size_t n)
{
    return is_wild(code_of(p, n));
}

/* One character of n bytes, NUL-terminated; n == 0: a byte that begins none. */
static size_t put(const char *p, size_t n, char *out)
{
    if (n == 0) {
        memcpy(out, RIG_UTF8_REPLACEMENT, sizeof RIG_UTF8_REPLACEMENT - 1);
        return sizeof RIG_UTF8_REPLACEMENT - 1;
    }
    const uint32_t code = code_of(p, n);
    if (is_wild(code)) {
        char escaped[8];
        (void)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)code);
        memcpy(out, escaped, 6);
        return 6;
    }
    memcpy(out, p, n);
    return n;
}

/* The characters of what is held, as far as they are whole, or all the bytes where `is_end`. */
static size_t put_held(rig_tame *tame, bool is_end, char *out)
{
    size_t n_out = 0;
    while (tame->n_held > 0) {
        char text[5] = "";
        memcpy(text, tame->held, tame->n_held);
        /* a NUL is a character of its own: nothing is read behind it */
        const size_t n_whole = length_of((unsigned char)text[0]);
        const size_t n = text[0] == '\0' ? 1 : rig_utf8_length(text);
        if (n == 0 && !is_end && tame->n_held < n_whole) {
            bool may_go_on = true;
            for (size_t i = 1; i < tame->n_held; i++)
                may_go_on = may_go_on && ((unsigned char)text[i] & 0xC0) == 0x80;
            if (may_go_on)
                return n_out;
        }
        n_out += put(text, n, out + n_out);
        const size_t n_used = n > 0 ? n : 1;
        tame->n_held -= n_used;
        memmove(tame->held, tame->held + n_used, tame->n_held);
    }
    return n_out;
}

size_t rig_tame_piece(rig_tame *tame, const char *text, size_t n, char *out)
{
    size_t n_out = 0;
    for (size_t i = 0; i < n; i++) {
        const unsigned char c = (unsigned char)text[i];
        if (tame->n_held == 0 && c >= 0x20 && c < 0x7F) {
            out[n_out++] = text[i]; /* nearly all */
            continue;
        }
        tame->held[tame->n_held++] = text[i];
        n_out += put_held(tame, false, out + n_out);
    }
    return n_out;
}

size_t rig_tame_end(rig_tame *tame, char *out)
{
    return put_held(tame, true, out);
}
