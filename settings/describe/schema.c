/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON Schema, draft 2020-12: https://json-schema.org/draft/2020-12 */
#include <stdio.h>
#include <string.h>

#include "settings/describe.h"

static void write_group(FILE *out, const rig_key_group *group, int depth, rig_key_played around);
static void write_members(FILE *out, const rig_key_group *group, int depth, rig_key_played around);

static void indent(FILE *out, int depth)
{
    for (int i = 0; i < depth; i++)
        (void)fputs("  ", out);
}

void rig_schema_write_text(FILE *out, const char *text)
{
    (void)fputc('"', out);
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\')
            (void)fprintf(out, "\\%c", *p);
        else if ((unsigned char)*p < 0x20)
            (void)fprintf(out, "\\u%04x", (unsigned)*p);
        else
            (void)fputc(*p, out);
    }
    (void)fputc('"', out);
}

void rig_schema_write_range(FILE *out, const rig_key *key)
{
    char low[RIG_SETTING_NUMBER_SIZE], high[RIG_SETTING_NUMBER_SIZE];
    rig_setting_number_text(key->low, low);
    rig_setting_number_text(key->high, high);
    (void)fprintf(out, "\"type\": \"%s\", \"%s\": %s, \"maximum\": %s",
                  key->kind == RIG_KEY_COUNT ? "integer" : "number",
                  key->is_low_open ? "exclusiveMinimum" : "minimum", low, high);
}

/* Characters as a class of a regular expression: [..] or [^..]. */
static size_t add_class(char *text, size_t size, const char *before, const char *characters)
{
    size_t n = (size_t)snprintf(text, size, "%s", before);
    for (const char *p = characters; *p != '\0' && n + 3 < size; p++) {
        if (strchr("[]\\^-", *p) != NULL)
            text[n++] = '\\';
        text[n++] = *p;
    }
    text[n] = '\0';
    return n;
}

void rig_schema_write_string(FILE *out, const rig_key *key)
{
    char pattern[512] = "^";
    size_t used = 1;
    (void)fputs("\"type\": \"string\"", out);
    if (key->least > 0)
        (void)fprintf(out, ", \"minLength\": %zu", key->least);
    if (key->most > 0)
        (void)fprintf(out, ", \"maxLength\": %zu", key->most);
    if (key->allowed == NULL && key->refused == NULL)
        return;
    if (key->not_in_front != NULL) {
        used += add_class(pattern + used, sizeof pattern - used, "(?![", key->not_in_front);
        used += (size_t)snprintf(pattern + used, sizeof pattern - used, "])");
    }
    if (key->in_front != NULL) {
        used += add_class(pattern + used, sizeof pattern - used, "[", key->in_front);
        used += (size_t)snprintf(pattern + used, sizeof pattern - used, "]?");
    }
    used += add_class(pattern + used, sizeof pattern - used, key->allowed != NULL ? "[" : "[^",
                      key->allowed != NULL ? key->allowed : key->refused);
    (void)snprintf(pattern + used, sizeof pattern - used, "]*$");
    (void)fputs(", \"pattern\": ", out);
    rig_schema_write_text(out, pattern);
}

static void write_words(FILE *out, const rig_key *key)
{
    (void)fputs("\"enum\": [", out);
    for (rig_words word = key->words; *word != NULL; word++) {
        (void)fputs(word == key->words ? "" : ", ", out);
        rig_schema_write_text(out, *word);
    }
    (void)fputc(']', out);
}

static void write_default_number(FILE *out, double value)
{
    char text[RIG_SETTING_NUMBER_SIZE];
    rig_setting_number_text(value, text);
    (void)fprintf(out, ", \"default\": %s", text);
}

static void write_default(FILE *out, const rig_key *key)
{
    if (key->need == RIG_NEED_KEY || key->usual != NULL)
        return;
    if (key->kind == RIG_KEY_NUMBER || key->kind == RIG_KEY_COUNT ||
        (key->kind == RIG_KEY_OTHER && key->type->has_number_form))
        write_default_number(out, key->number);
    else if (key->kind == RIG_KEY_BOOL)
        (void)fprintf(out, ", \"default\": %s", key->number != 0.0 ? "true" : "false");
    else if (key->kind == RIG_KEY_WORD || (key->text != NULL && key->kind != RIG_KEY_NAME)) {
        (void)fputs(", \"default\": ", out);
        rig_schema_write_text(out, key->kind == RIG_KEY_WORD ? key->words[(size_t)key->number]
                                                             : key->text);
    }
}

static void write_list(FILE *out, const rig_key *key, int depth, rig_key_played within)
{
    (void)fputs("\"type\": \"array\"", out);
    if (key->least > 0)
        (void)fprintf(out, ", \"minItems\": %zu", key->least);
    if (key->most > 0)
        (void)fprintf(out, ", \"maxItems\": %zu", key->most);
    (void)fputs(", \"items\": ", out);
    write_group(out, key->group, depth, within);
}

/* What the value may be, as members of an object that is open. */
static void write_value(FILE *out, const rig_key *key, int depth, rig_key_played within)
{
    switch (key->kind) {
    case RIG_KEY_NUMBER:
    case RIG_KEY_COUNT:
        rig_schema_write_range(out, key);
        break;
    case RIG_KEY_BOOL:
        (void)fputs("\"type\": \"boolean\"", out);
        break;
    case RIG_KEY_WORD:
        write_words(out, key);
        break;
    case RIG_KEY_TEXT:
    case RIG_KEY_NAME:
        rig_schema_write_string(out, key);
        break;
    case RIG_KEY_FILE:
    case RIG_KEY_REFERENCE:
        (void)fputs("\"type\": \"string\"", out);
        break;
    case RIG_KEY_TEXTS:
        (void)fputs("\"type\": \"array\", \"items\": {\"type\": \"string\"}", out);
        break;
    case RIG_KEY_GROUP: /* written by write_key */
        break;
    case RIG_KEY_LIST:
        write_list(out, key, depth, within);
        break;
    case RIG_KEY_OTHER:
        key->type->schema(out, key);
        break;
    }
}

static void write_key(FILE *out, const rig_key *key, int depth, rig_key_played around)
{
    char played[60];
    rig_key_played_text(key, key->played > around ? key->played : around, played, sizeof played);
    indent(out, depth);
    rig_schema_write_text(out, key->name);
    (void)fputs(": {\"description\": ", out);
    rig_schema_write_text(out, key->meaning);
    write_default(out, key);
    if (key->unit != NULL) {
        (void)fputs(", \"x-unit\": ", out);
        rig_schema_write_text(out, key->unit);
    }
    (void)fprintf(out, ", \"x-since\": \"%s\", \"x-played\": \"%s\",\n",
                  key->since != NULL ? key->since : "0.1.0",
                  played[0] != '\0' ? played : "anywhere");
    if (key->kind == RIG_KEY_GROUP) {
        write_members(out, key->group, depth + 1, rig_key_played_within(key, around));
        indent(out, depth);
    } else {
        indent(out, depth + 1);
        write_value(out, key, depth + 1, rig_key_played_within(key, around));
    }
    (void)fputc('}', out);
}

static void write_required(FILE *out, const rig_key_group *group, int depth)
{
    const char *comma = "";
    indent(out, depth);
    (void)fputs("\"required\": [", out);
    for (size_t i = 0; i < group->n_keys; i++) {
        if (group->keys[i].need != RIG_NEED_KEY)
            continue;
        (void)fputs(comma, out);
        rig_schema_write_text(out, group->keys[i].name);
        comma = ", ";
    }
    (void)fputs("]", out);
}

static void write_each_required(FILE *out, const char *const *names)
{
    for (const char *const *name = names; *name != NULL; name++) {
        (void)fprintf(out, "%s{\"required\": [", name == names ? "" : ", ");
        rig_schema_write_text(out, *name);
        (void)fputs("]}", out);
    }
}

static void write_either(FILE *out, const rig_key_group *group, int depth)
{
    if (group->either == NULL)
        return;
    (void)fputs(",\n", out);
    indent(out, depth);
    (void)fputs("\"oneOf\": [", out);
    write_each_required(out, group->either);
    if (group->is_either_optional) {
        (void)fputs(", {\"not\": {\"anyOf\": [", out);
        write_each_required(out, group->either);
        (void)fputs("]}}", out);
    }
    (void)fputc(']', out);
}

/* The members of an object that is open. */
static void write_members(FILE *out, const rig_key_group *group, int depth, rig_key_played around)
{
    indent(out, depth);
    (void)fputs("\"type\": \"object\", \"additionalProperties\": false,\n", out);
    write_required(out, group, depth);
    write_either(out, group, depth);
    (void)fputs(",\n", out);
    indent(out, depth);
    (void)fputs("\"properties\": {\n", out);
    for (size_t i = 0; i < group->n_keys; i++) {
        write_key(out, &group->keys[i], depth + 1, around);
        (void)fputs(i + 1 < group->n_keys ? ",\n" : "\n", out);
    }
    indent(out, depth);
    (void)fputs("}\n", out);
}

static void write_group(FILE *out, const rig_key_group *group, int depth, rig_key_played around)
{
    (void)fputs("{\n", out);
    write_members(out, group, depth + 1, around);
    indent(out, depth);
    (void)fputc('}', out);
}

void rig_schema_write_group(FILE *out, const rig_key_group *group, int depth)
{
    write_group(out, group, depth, RIG_PLAYED);
}

void rig_keys_write_schema(FILE *out, const rig_key_group *table, const char *title,
                           const rig_key_type *const *types)
{
    (void)fputs("{\n  \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
                "  \"title\": ",
                out);
    rig_schema_write_text(out, title);
    (void)fputs(",\n  \"$defs\": {\n", out);
    for (; *types != NULL; types++) {
        indent(out, 2);
        rig_schema_write_text(out, (*types)->noun);
        (void)fputs(": ", out);
        rig_schema_write_group(out, (*types)->group, 2);
        (void)fputs(types[1] != NULL ? ",\n" : "\n", out);
    }
    (void)fputs("  },\n", out);
    write_members(out, table, 1, RIG_PLAYED);
    (void)fputs("}\n", out);
}
