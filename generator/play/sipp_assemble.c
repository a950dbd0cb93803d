/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play/sipp_assemble.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SYMBOLS = 96, MAX_DEPTH = 8, MAX_IFS = 8 };

static const char SYMBOL_LETTERS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

typedef struct symbol {
    char *name, *value;
} symbol;

typedef struct assembly {
    rig_sipp_part find;
    symbol symbols[MAX_SYMBOLS]; /* the last one of a name counts */
    size_t n_symbols;
    FILE *out;
    rig_status status;
    rig_error *err;
} assembly;

/* Where we are: one part, one line. */
typedef struct place {
    assembly *a;
    const char *part;
    size_t line;
    unsigned depth;
} place;

static void fail(const place *at, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fail(const place *at, const char *format, ...)
{
    char text[200];
    va_list args;
    if (at->a->status != RIG_OK)
        return;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    at->a->status = rig_fail(at->a->err, RIG_EINPUT, "%s:%zu: %s", at->part, at->line, text);
}

static const char *value_of(const assembly *a, rig_slice name)
{
    for (size_t i = a->n_symbols; i > 0; i--)
        if (rig_slice_is(name, a->symbols[i - 1].name))
            return a->symbols[i - 1].value;
    return NULL;
}

static bool is_set(const assembly *a, rig_slice name)
{
    const char *value = value_of(a, name);
    return value != NULL && value[0] != '\0';
}

static void push(const place *at, rig_slice name, rig_slice value)
{
    assembly *a = at->a;
    if (a->n_symbols == MAX_SYMBOLS) {
        fail(at, "more than %d symbols", MAX_SYMBOLS);
        return;
    }
    symbol made = {rig_slice_dup(name), rig_slice_dup(value)};
    a->symbols[a->n_symbols++] = made;
    if ((made.name == NULL || made.value == NULL) && a->status == RIG_OK)
        a->status = rig_fail(a->err, RIG_ENOMEM, "%s: out of memory", at->part);
}

static void pop_to(assembly *a, size_t n)
{
    while (a->n_symbols > n) {
        a->n_symbols--;
        free(a->symbols[a->n_symbols].name);
        free(a->symbols[a->n_symbols].value);
    }
}

static size_t span_symbol(rig_slice text)
{
    size_t n = 0;
    while (n < text.n && strchr(SYMBOL_LETTERS, text.p[n]) != NULL && text.p[n] != '\0')
        n++;
    return n;
}

/* A line's text with its symbols replaced. */
static void put(const place *at, rig_slice text, FILE *out)
{
    while (text.n > 0) {
        rig_slice rest = rig_slice_skip(text, 1);
        size_t n = text.p[0] == '@' ? span_symbol(rest) : 0;
        if (n > 0 && n < rest.n && rest.p[n] == '@') {
            const char *value = value_of(at->a, (rig_slice){rest.p, n});
            if (value == NULL)
                fail(at, "@%.*s@ is not set", (int)n, rest.p);
            else
                (void)fputs(value, out);
            text = rig_slice_skip(text, n + 2);
        } else {
            (void)fputc(text.p[0], out);
            text = rest;
        }
    }
}

/* NAME=VALUE NAME=VALUE: a value goes on to the next " NAME=". */
static void push_all(const place *at, rig_slice words)
{
    words = rig_slice_trim(words);
    while (words.n > 0 && at->a->status == RIG_OK) {
        size_t n = span_symbol(words);
        if (n == 0 || n == words.n || words.p[n] != '=') {
            fail(at, "\"%.*s\"; expected NAME=VALUE", (int)words.n, words.p);
            return;
        }
        rig_slice rest = rig_slice_skip(words, n + 1);
        size_t end = 0;
        for (; end < rest.n; end++) {
            rig_slice next = rig_slice_skip(rest, end + 1);
            size_t name = span_symbol(next);
            if (rest.p[end] == ' ' && name > 0 && name < next.n && next.p[name] == '=')
                break;
        }
        push(at, (rig_slice){words.p, n}, (rig_slice){rest.p, end});
        words = rig_slice_trim(rig_slice_skip(rest, end));
    }
}

static void assemble(assembly *a, const char *name, const place *from, rig_slice words);

/* Conditions that are open in a part: text is put while all of them hold. */
typedef struct conditions {
    bool holds[MAX_IFS];
    size_t n;
} conditions;

static bool all_hold(const conditions *ifs)
{
    for (size_t i = 0; i < ifs->n; i++)
        if (!ifs->holds[i])
            return false;
    return true;
}

static rig_slice word_of(rig_slice *words)
{
    *words = rig_slice_trim(*words);
    size_t n = rig_slice_find(*words, ' ');
    rig_slice word = {words->p, n};
    *words = rig_slice_trim(rig_slice_skip(*words, n));
    return word;
}

static void open_condition(const place *at, rig_slice words, conditions *ifs)
{
    rig_slice name = word_of(&words);
    bool is_negated = rig_slice_is(name, "not");
    if (is_negated)
        name = word_of(&words);
    if (name.n == 0 || span_symbol(name) != name.n || words.n > 0)
        fail(at, "if: expected one NAME in capitals");
    else if (ifs->n == MAX_IFS)
        fail(at, "if: more than %d in each other", MAX_IFS);
    else
        ifs->holds[ifs->n++] = is_set(at->a, name) != is_negated;
}

static void include(const place *at, rig_slice words)
{
    rig_slice part = word_of(&words);
    char *name = rig_slice_dup(part);
    if (name == NULL)
        at->a->status = rig_fail(at->a->err, RIG_ENOMEM, "%s: out of memory", at->part);
    else
        assemble(at->a, name, at, words);
    free(name);
}

/* What stands between "<?rig" and "?>". */
static void direct(const place *at, rig_slice directive, conditions *ifs)
{
    rig_slice word = word_of(&directive);
    if (rig_slice_is(word, "if")) {
        open_condition(at, directive, ifs);
        return;
    }
    if (rig_slice_is(word, "else") || rig_slice_is(word, "end")) {
        if (ifs->n == 0)
            fail(at, "%.*s without if", (int)word.n, word.p);
        else if (rig_slice_is(word, "end"))
            ifs->n--;
        else
            ifs->holds[ifs->n - 1] = !ifs->holds[ifs->n - 1];
        return;
    }
    if (!all_hold(ifs))
        return;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (out != NULL) {
        put(at, directive, out);
        if (fclose(out) != 0) {
            free(text);
            text = NULL;
        }
    }
    rig_slice words = {text, text != NULL ? size : 0};
    if (text == NULL)
        at->a->status = rig_fail(at->a->err, RIG_ENOMEM, "%s: out of memory", at->part);
    else if (rig_slice_is(word, "include"))
        include(at, words);
    else if (rig_slice_is(word, "set"))
        push_all(at, words);
    else
        fail(at, "\"%.*s\"; expected include, set, if, else or end", (int)word.n, word.p);
    free(text);
}

static bool is_directive(rig_slice line, rig_slice *directive)
{
    static const char BEGIN[] = "<?rig ", END[] = "?>";
    const size_t n_begin = sizeof BEGIN - 1, n_end = sizeof END - 1;
    rig_slice text = rig_slice_trim(line);
    if (text.n < n_begin + n_end || memcmp(text.p, BEGIN, n_begin) != 0 ||
        memcmp(text.p + text.n - n_end, END, n_end) != 0)
        return false;
    *directive = (rig_slice){text.p + n_begin, text.n - n_begin - n_end};
    return true;
}

static void assemble(assembly *a, const char *name, const place *from, rig_slice words)
{
    place at = {.a = a, .part = name, .depth = from != NULL ? from->depth + 1 : 0};
    const size_t n_before = a->n_symbols;
    rig_slice text = a->find(name);
    if (text.p == NULL || at.depth > MAX_DEPTH) {
        fail(from != NULL ? from : &at, "%s: %s", name,
             text.p == NULL ? "there is no such part" : "parts include each other");
        return;
    }
    if (from != NULL)
        push_all(from, words);
    conditions ifs = {.n = 0};
    while (text.n > 0 && a->status == RIG_OK) {
        size_t n = rig_slice_find(text, '\n');
        rig_slice line = {text.p, n < text.n ? n + 1 : n}, directive;
        at.line++;
        if (is_directive(line, &directive))
            direct(&at, directive, &ifs);
        else if (all_hold(&ifs))
            put(&at, line, a->out);
        text = rig_slice_skip(text, line.n);
    }
    if (ifs.n > 0)
        fail(&at, "if without end");
    if (from != NULL) /* what the first part sets is for all */
        pop_to(a, n_before);
}

rig_status rig_sipp_assemble(rig_sipp_part find, const char *name, const rig_sipp_symbol *symbols,
                             size_t n_symbols, char **text, rig_error *err)
{
    char *made = NULL;
    size_t size = 0;
    assembly a = {.find = find, .out = open_memstream(&made, &size), .err = err};
    const place outside = {.a = &a, .part = name};
    if (a.out == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", name);
    for (size_t i = 0; i < n_symbols; i++)
        push(&outside, rig_slice_of(symbols[i].name), rig_slice_of(symbols[i].value));
    assemble(&a, name, NULL, (rig_slice){NULL, 0});
    pop_to(&a, 0);
    if (fclose(a.out) != 0 && a.status == RIG_OK)
        a.status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", name);
    if (a.status == RIG_OK)
        *text = made;
    else
        free(made);
    return a.status;
}
