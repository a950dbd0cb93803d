/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/language.h"
#include "core/utf8.h"

typedef struct range {
    uint32_t first, last;
} range;

/* Unicode UAX #11: the blocks of wide and full-width letters. libc's wcwidth() wants a locale. */
static const range wide[] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97c},   {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe10, 0xfe19},   {0xfe30, 0xfe6f},   {0xff01, 0xff60},
    {0xffe0, 0xffe6},   {0x16fe0, 0x1b2ff}, {0x1f200, 0x1f2ff}, {0x1f300, 0x1f64f},
    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd}};
/* Marks that stand on the letter before, and what is not seen. */
static const range none[] = {{0x0300, 0x036f}, {0x200b, 0x200f}, {0x20d0, 0x20ff},
                             {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xfeff, 0xfeff}};

static int is_in(const range *ranges, size_t n, uint32_t code)
{
    for (size_t i = 0; i < n; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return 1;
    return 0;
}

/* The number of a character of n bytes (core/utf8.h has checked it). */
static uint32_t code_of(const char *p, size_t n)
{
    static const unsigned char lead[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)p[0] & lead[n];
    for (size_t i = 1; i < n; i++)
        code = code << 6 | ((unsigned char)p[i] & 0x3fu);
    return code;
}

size_t rig_letter(const char *text, size_t *n_columns)
{
    const size_t n = rig_utf8_length(text);
    const uint32_t code = n > 0 ? code_of(text, n) : 0xfffd;
    *n_columns = is_in(wide, sizeof wide / sizeof *wide, code)   ? 2
                 : is_in(none, sizeof none / sizeof *none, code) ? 0
                                                                 : 1;
    return n > 0 ? n : 1;
}

size_t rig_columns(const char *text)
{
    size_t n_columns = 0, n = 0;
    for (; *text != '\0'; n_columns += n)
        text += rig_letter(text, &n);
    return n_columns;
}

rig_told rig_cell(const char *text, int width)
{
    rig_told cell;
    const size_t n = rig_columns(text), room = (size_t)(width < 0 ? -width : width);
    const int n_blanks = room > n ? (int)(room - n) : 0;
    if (width < 0)
        (void)snprintf(cell.text, sizeof cell.text, "%s%*s", text, n_blanks, "");
    else
        (void)snprintf(cell.text, sizeof cell.text, "%*s%s", n_blanks, "", text);
    return cell;
}
