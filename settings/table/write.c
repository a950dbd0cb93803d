/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "settings/table/value.h"

/* Where the writing stands. */
typedef struct writer {
    FILE *out;
    const void *object;
} writer;

static void write_lines(const writer *w, const rig_key_group *group, const void *owner, int depth);

void rig_write_number(FILE *out, double value)
{
    char text[RIG_SETTING_NUMBER_SIZE];
    rig_setting_number_text(value, text);
    (void)fprintf(out, "%s%s", text, strpbrk(text, ".e") != NULL ? "" : ".0");
}

void rig_write_text(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            (void)fputc('\\', out);
        if (*p == '\n')
            (void)fputs("\\n", out);
        else
            (void)fputc(*p, out);
    }
    (void)fputc('"', out);
}

static void indent(FILE *out, int depth)
{
    for (int i = 0; i < depth; i++)
        (void)fputs("    ", out);
}

static bool is_written(const rig_key *key, const void *owner, const void *object)
{
    const char *text;
    if (key->is_secret)
        return false; /* copies are shared */
    if (key->is_written != NULL)
        return key->is_written(owner, object);
    if (key->kind != RIG_KEY_TEXT && key->kind != RIG_KEY_FILE)
        return !key->is_second;
    memcpy(&text, rig_key_value(key, owner), sizeof text);
    return text != NULL;
}

/* { a = 1; b = 2; } */
static void write_inline(const writer *w, const rig_key_group *group, const void *owner);

static void write_count(FILE *out, const rig_key *key, const void *owner)
{
    uint64_t value = rig_key_count(key, owner) / (key->factor > 0 ? key->factor : 1);
    (void)fprintf(out, "%llu%s", (unsigned long long)value,
                  key->is_long || value > INT32_MAX ? "L" : "");
}

static void write_string(FILE *out, const rig_key *key, const void *owner)
{
    const char *text;
    memcpy(&text, rig_key_value(key, owner), sizeof text);
    /* the copy of a scenario may stand in another folder */
    char *absolute = key->kind == RIG_KEY_FILE ? realpath(text, NULL) : NULL;
    rig_write_text(out, absolute != NULL ? absolute : text);
    free(absolute);
}

static void write_texts(FILE *out, const rig_key *key, const void *owner)
{
    char *const *texts;
    memcpy(&texts, rig_key_value(key, owner), sizeof texts);
    (void)fputc('(', out);
    for (size_t i = 0; i < rig_key_length(key, owner); i++) {
        (void)fputs(i > 0 ? ", " : "", out);
        rig_write_text(out, texts[i]);
    }
    (void)fputc(')', out);
}

static void write_reference(const writer *w, const rig_key *key, const void *owner)
{
    const rig_names names = key->names(w->object);
    uint32_t number;
    const char *name;
    memcpy(&number, rig_key_value(key, owner), sizeof number);
    memcpy(&name, (const char *)names.first + number * names.stride, sizeof name);
    rig_write_text(w->out, name);
}

static void write_list(const writer *w, const rig_key *key, const void *owner, int depth)
{
    size_t n = rig_key_length(key, owner);
    bool has_rows = key->layout == RIG_LAYOUT_ROWS || key->layout == RIG_LAYOUT_ROWS_CLOSED;
    (void)fputc('(', w->out);
    for (size_t i = 0; i < n; i++) {
        const void *element = rig_value_element(key, owner, i);
        (void)fputs(i == 0 ? "" : has_rows ? "," : ", ", w->out);
        if (has_rows) {
            (void)fputc('\n', w->out);
            indent(w->out, depth + 1);
        }
        if (key->layout == RIG_LAYOUT_BLOCK) {
            (void)fputs("{\n", w->out);
            write_lines(w, key->group, element, depth + 1);
            indent(w->out, depth);
            (void)fputc('}', w->out);
        } else {
            write_inline(w, key->group, element);
        }
    }
    if (key->layout == RIG_LAYOUT_ROWS_CLOSED) {
        (void)fputc('\n', w->out);
        indent(w->out, depth);
    }
    (void)fputc(')', w->out);
}

static void write_group(const writer *w, const rig_key *key, const void *owner, int depth)
{
    const void *members = rig_key_value(key, owner);
    if (key->layout == RIG_LAYOUT_INLINE) {
        write_inline(w, key->group, members);
        return;
    }
    (void)fputs("{\n", w->out);
    write_lines(w, key->group, members, depth + 1);
    indent(w->out, depth);
    (void)fputc('}', w->out);
}

static void write_value(const writer *w, const rig_key *key, const void *owner, int depth)
{
    double number;
    bool is_on;
    switch (key->kind) {
    case RIG_KEY_NUMBER:
        memcpy(&number, rig_key_value(key, owner), sizeof number);
        rig_write_number(w->out, number);
        break;
    case RIG_KEY_COUNT:
        write_count(w->out, key, owner);
        break;
    case RIG_KEY_BOOL:
        memcpy(&is_on, rig_key_value(key, owner), sizeof is_on);
        (void)fputs(is_on ? "true" : "false", w->out);
        break;
    case RIG_KEY_WORD:
        rig_write_text(w->out, key->words[rig_key_count(key, owner)]);
        break;
    case RIG_KEY_TEXT:
    case RIG_KEY_FILE:
    case RIG_KEY_NAME:
        write_string(w->out, key, owner);
        break;
    case RIG_KEY_TEXTS:
        write_texts(w->out, key, owner);
        break;
    case RIG_KEY_REFERENCE:
        write_reference(w, key, owner);
        break;
    case RIG_KEY_GROUP:
        write_group(w, key, owner, depth);
        break;
    case RIG_KEY_LIST:
        write_list(w, key, owner, depth);
        break;
    case RIG_KEY_OTHER:
        key->type->write(w->out, key, owner, w->object);
        break;
    }
}

static void write_key(const writer *w, const rig_key *key, const void *owner, int depth)
{
    bool is_section = key->kind == RIG_KEY_GROUP && key->layout == RIG_LAYOUT_SECTION;
    (void)fprintf(w->out, is_section ? "%s: " : "%s = ", key->name);
    write_value(w, key, owner, depth);
    (void)fputc(';', w->out);
}

static void write_inline(const writer *w, const rig_key_group *group, const void *owner)
{
    (void)fputs("{ ", w->out);
    for (size_t i = 0; i < group->n_keys; i++) {
        const rig_key *key = &group->keys[i];
        bool is_there = is_written(key, owner, w->object);
        if (is_there)
            write_key(w, key, owner, 0);
        if (is_there || key->leaves_blank)
            (void)fputc(' ', w->out);
    }
    (void)fputc('}', w->out);
}

static void write_lines(const writer *w, const rig_key_group *group, const void *owner, int depth)
{
    for (size_t i = 0; i < group->n_keys; i++) {
        const rig_key *key = &group->keys[i];
        if (!is_written(key, owner, w->object))
            continue;
        bool is_apart = key->kind == RIG_KEY_GROUP || key->kind == RIG_KEY_LIST;
        (void)fputs(depth == 0 && is_apart ? "\n" : "", w->out);
        indent(w->out, depth);
        write_key(w, key, owner, depth);
        (void)fputc('\n', w->out);
    }
}

void rig_table_write(FILE *out, const rig_key_group *table, const void *object)
{
    const writer w = {out, object};
    write_lines(&w, table, object, 0);
}
