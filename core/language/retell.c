/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/language/format.h"
#include "core/language/language.h"

enum {
    MAX_VALUES = 16,    /* of a format */
    MAX_PARTS = 12,     /* formats that make a text, one behind the other */
    MAX_PATTERNS = 1024, /* formats of a catalogue; unit.languages holds it against them */
    MAX_DEPTH = 4,      /* a value can be a sentence, too */
    MAX_TEXT = 4000,
    MAX_STEPS = 400000, /* a text for which it takes longer stays as it is */
    LEAST_LETTERS = 1,  /* of a format that says anything */
    FEW_LETTERS = 12    /* "%s lost": a format that would fit many a sentence */
};

/* A piece of the text that is told. */
typedef struct piece {
    const char *at;
    size_t n;
} piece;

/* A format with the values that it has in the text. */
typedef struct part {
    uint32_t entry; /* of the catalogue */
    piece values[MAX_VALUES];
    size_t n_values;
} part;

/* A format of the catalogue, and how much it says. */
typedef struct pattern {
    uint32_t entry;
    size_t n_before;  /* letters before its first conversion */
    size_t n_letters; /* in all of it */
} pattern;

/* The formats of a language, those that say most first. */
typedef struct patterns {
    const rig_language *language;
    pattern items[MAX_PATTERNS];
    size_t n;
} patterns;

/* A search for the formats of a text. */
typedef struct search {
    const patterns *known;
    const char *text;
    part parts[MAX_PARTS];
    size_t n_parts;
    unsigned n_steps;
    bool is_vain[MAX_TEXT + 1]; /* nothing fits from there on */
} search;

/* Text that grows in fixed room. */
typedef struct sink {
    char *text;
    size_t size, n;
} sink;

static void put(sink *to, const char *text, size_t n)
{
    const size_t room = to->size - 1 - to->n;
    const size_t taken = n < room ? n : room;
    memcpy(to->text + to->n, text, taken);
    to->n += taken;
    to->text[to->n] = '\0';
}

static const char *original(const patterns *known, uint32_t entry)
{
    return rig_catalogue_original(&known->language->sentences, entry);
}

/* What a whole text is in the language; NULL: none knows it. A unit is also a word. */
static const char *whole(const rig_language *language, const char *text)
{
    const char *found = rig_catalogue_find(&language->sentences, text);
    return found != NULL ? found : rig_catalogue_find(&language->words, text);
}

/* ---- finding ---- */

/* Bytes of a number as printf writes them; 0: there is none. */
static size_t number_at(const char *p)
{
    static const char digits[] = "0123456789";
    size_t n = strspn(p, " ");
    n += p[n] == '-' || p[n] == '+';
    if (strncmp(p + n, "nan", 3) == 0 || strncmp(p + n, "inf", 3) == 0)
        return n + 3;
    const size_t n_whole = strspn(p + n, digits);
    if (n_whole == 0)
        return 0;
    n += n_whole;
    if (p[n] == '.' && strspn(p + n + 1, digits) > 0)
        n += 1 + strspn(p + n + 1, digits);
    const size_t n_sign = p[n] == 'e' && (p[n + 1] == '-' || p[n + 1] == '+');
    if (n_sign > 0 && strspn(p + n + 2, digits) > 0)
        n += 2 + strspn(p + n + 2, digits);
    return n;
}

static bool find_from(search *s, const char *at);

/* Is a format of few letters about the text there at all: what it begins with is a figure? */
static bool may_begin(const char *format, size_t n_letters, const char *at)
{
    return strncmp(format, "%s", 2) != 0 || n_letters >= FEW_LETTERS ||
           strchr("0123456789-", *at) != NULL || strncmp(at, "n/a", 3) == 0 ||
           strncmp(at, "not reached", 11) == 0;
}

/* May a format be behind another: there is a joint, and no word is cut in two? */
static bool may_follow(const search *s, const part *before, const char *format)
{
    const char *last = original(s->known, before->entry);
    const size_t n = strlen(last);
    return strchr(";,:. (", format[0]) != NULL || (n > 1 && strcmp(last + n - 2, ": ") == 0);
}

/* Is a text known as a whole? */
static bool is_known(search *s, const char *text)
{
    if (whole(s->known->language, text) != NULL)
        return true;
    search *anew = text[0] != '\0' ? calloc(1, sizeof *anew) : NULL;
    if (anew == NULL)
        return false;
    anew->known = s->known;
    anew->text = text;
    anew->n_steps = s->n_steps;
    const bool is_found = find_from(anew, text);
    s->n_steps = anew->n_steps;
    free(anew);
    return is_found;
}

/* Does the rest of the last part's format fit the text from there on, and the rest of the text some
 * formats? */
static bool fits(search *s, const char *format, const char *at)
{
    part *last = &s->parts[s->n_parts - 1];
    while (*format != '\0') {
        if (++s->n_steps > MAX_STEPS)
            return false;
        const rig_conversion c = *format == '%' ? rig_conversion_at(format) : (rig_conversion){0};
        if (c.kind == RIG_CONVERSION_NONE) {
            if (*at != *format)
                return false;
            at++;
            format += c.n_bytes > 0 ? c.n_bytes : 1;
            continue;
        }
        if (last->n_values == MAX_VALUES)
            return false;
        piece *value = &last->values[last->n_values++];
        const size_t n_least = /* or it would fit where another format has taken its text */
            format == original(s->known, last->entry) ? 1 : 0;
        format += c.n_bytes;
        if (c.kind == RIG_CONVERSION_TEXT) {
            const size_t n_values = last->n_values, n_parts = s->n_parts, n_text = strlen(at);
            if (*format == '\0' && is_known(s, at)) { /* a sentence in a sentence */
                *value = (piece){at, n_text};
                return true;
            }
            for (size_t n = n_least; n <= n_text && s->n_steps <= MAX_STEPS; n++) {
                *value = (piece){at, n};
                if (fits(s, format, at + n))
                    return true;
                last->n_values = n_values;
                s->n_parts = n_parts;
            }
            return false;
        }
        *value = (piece){at, number_at(at)};
        if (value->n == 0)
            return false;
        at += value->n;
    }
    return find_from(s, at);
}

/* Which formats made the text from there on? */
static bool find_from(search *s, const char *at)
{
    const size_t n_parts = s->n_parts, place = (size_t)(at - s->text);
    if (*at == '\0')
        return true;
    if (s->is_vain[place] || n_parts == MAX_PARTS)
        return false;
    s->is_vain[place] = true; /* also for a format that has taken nothing, and comes here again */
    for (size_t i = 0; i < s->known->n; i++) {
        const pattern *p = &s->known->items[i];
        const char *format = original(s->known, p->entry);
        if (!may_begin(format, p->n_letters, at) ||
            (n_parts > 0 && !may_follow(s, &s->parts[n_parts - 1], format)))
            continue;
        s->parts[n_parts] = (part){.entry = p->entry};
        s->n_parts = n_parts + 1;
        if (fits(s, format, at))
            return true;
        s->n_parts = n_parts;
    }
    return false;
}

/* ---- telling ---- */

static void tell(const patterns *known, piece text, int depth, sink *to);

/* A value of a format; in a cell, without the blanks that padded it. */
static void tell_value(const patterns *known, piece value, int width, int depth, sink *to)
{
    rig_told told;
    sink inner = {.text = told.text, .size = sizeof told.text};
    while (width != 0 && value.n > 0 && value.at[value.n - 1] == ' ')
        value.n--;
    for (; width != 0 && value.n > 0 && *value.at == ' '; value.n--)
        value.at++;
    told.text[0] = '\0';
    tell(known, value, depth + 1, &inner);
    const rig_told cell = rig_cell(told.text, width);
    put(to, cell.text, strlen(cell.text));
}

static void tell_part(const patterns *known, const part *p, int depth, sink *to)
{
    const char *format = rig_catalogue_translation(&known->language->sentences, p->entry);
    rig_conversion_kind kinds[MAX_VALUES];
    size_t n_kinds = 0, next = 0;
    for (const char *f = strchr(original(known, p->entry), '%');
         f != NULL && n_kinds < MAX_VALUES;) {
        const rig_conversion c = rig_conversion_at(f);
        if (c.kind != RIG_CONVERSION_NONE)
            kinds[n_kinds++] = c.kind;
        f = strchr(f + c.n_bytes, '%');
    }
    while (*format != '\0') {
        const size_t n = strcspn(format, "%");
        put(to, format, n);
        format += n;
        if (*format == '\0')
            break;
        const rig_conversion c = rig_conversion_at(format);
        const size_t which = c.position > 0 ? c.position - 1 : next++;
        format += c.n_bytes;
        if (c.kind == RIG_CONVERSION_NONE) {
            put(to, "%", 1);
            next--;
        } else if (which < p->n_values && kinds[which] == RIG_CONVERSION_TEXT) {
            tell_value(known, p->values[which], c.width, depth, to);
        } else if (which < p->n_values) {
            put(to, p->values[which].at, p->values[which].n);
        }
    }
}

static void tell(const patterns *known, piece text, int depth, sink *to)
{
    search *s = text.n <= MAX_TEXT && depth < MAX_DEPTH ? calloc(1, sizeof *s) : NULL;
    char *copy = s != NULL ? strndup(text.at, text.n) : NULL;
    if (copy == NULL) { /* too long, too deep, or no memory: as it is */
        put(to, text.at, text.n);
        free(s);
        return;
    }
    s->known = known;
    s->text = copy;
    const char *word = whole(known->language, copy);
    if (word != NULL)
        put(to, word, strlen(word));
    else if (!find_from(s, copy))
        put(to, copy, text.n);
    else
        for (size_t i = 0; i < s->n_parts; i++)
            tell_part(known, &s->parts[i], depth, to);
    free(copy);
    free(s);
}

/* ---- formats ---- */

static int by_what_it_says(const void *a, const void *b)
{
    const pattern *x = a, *y = b;
    if (x->n_before != y->n_before)
        return x->n_before > y->n_before ? -1 : 1;
    if (x->n_letters != y->n_letters)
        return x->n_letters > y->n_letters ? -1 : 1;
    return x->entry < y->entry ? -1 : 1;
}

static void collect(const rig_language *language, patterns *known)
{
    const uint32_t n_entries = rig_catalogue_n(&language->sentences);
    known->language = language;
    known->n = 0;
    for (uint32_t i = 1; i < n_entries && known->n < MAX_PATTERNS; i++) { /* behind the header */
        const char *format = original(known, i);
        const pattern p = {i, rig_format_n_letters(format, true),
                           rig_format_n_letters(format, false)};
        if (p.n_letters >= LEAST_LETTERS)
            known->items[known->n++] = p;
    }
    qsort(known->items, known->n, sizeof *known->items, by_what_it_says);
}

rig_told rig_retell(const rig_language *language, const char *text)
{
    rig_told told;
    sink to = {.text = told.text, .size = sizeof told.text};
    const piece all = {text, strlen(text)};
    patterns known;
    told.text[0] = '\0';
    if (rig_catalogue_n(&language->sentences) == 0) {
        put(&to, all.at, all.n);
        return told;
    }
    collect(language, &known);
    tell(&known, all, 0, &to);
    return told;
}
