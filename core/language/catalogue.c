/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/language/catalogue.h"

#include <string.h>

/* Where the head of a .mo file has its numbers. */
enum { AT_N = 8, AT_ORIGINALS = 12, AT_TRANSLATIONS = 16, ROW = 8 };

static uint32_t number(const rig_catalogue *c, uint32_t at)
{
    const uint8_t *b = c->bytes + at;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* A row of a table is a length and a place. */
static const char *text_of(const rig_catalogue *c, uint32_t table, uint32_t at)
{
    return (const char *)c->bytes + number(c, number(c, table) + ROW * at + 4);
}

uint32_t rig_catalogue_n(const rig_catalogue *catalogue)
{
    return catalogue->bytes != NULL ? number(catalogue, AT_N) : 0;
}

const char *rig_catalogue_original(const rig_catalogue *catalogue, uint32_t at)
{
    return text_of(catalogue, AT_ORIGINALS, at);
}

const char *rig_catalogue_translation(const rig_catalogue *catalogue, uint32_t at)
{
    return text_of(catalogue, AT_TRANSLATIONS, at);
}

const char *rig_catalogue_find(const rig_catalogue *catalogue, const char *text)
{
    uint32_t low = 0, high = rig_catalogue_n(catalogue);
    if (text[0] == '\0')
        return NULL; /* the header */
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = strcmp(text, rig_catalogue_original(catalogue, middle));
        if (order == 0)
            return rig_catalogue_translation(catalogue, middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
