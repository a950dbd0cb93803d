/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "settings/describe.h"

static void words_text(const rig_key *key, char *text, size_t size)
{
    size_t used = 0;
    for (rig_words word = key->words; *word != NULL && used < size; word++)
        used += (size_t)snprintf(text + used, size - used, "%s`\"%s\"`",
                                 word == key->words ? "" : ", ", *word);
}

static void range_text(const rig_key *key, char *text, size_t size)
{
    const char *noun = key->noun != NULL            ? key->noun
                       : key->kind == RIG_KEY_COUNT ? "whole number"
                                                    : "number";
    const char *comma = key->unit != NULL ? ", " : "";
    const char *unit = key->unit != NULL ? key->unit : "";
    char high[40];
    if (key->high >= 9007199254740992.0)
        (void)snprintf(high, sizeof high, "2^53");
    else
        (void)snprintf(high, sizeof high, "%.15g", key->high);
    (void)snprintf(text, size,
                   key->is_low_open ? "%s over %.15g, up to %s%s%s" : "%s from %.15g to %s%s%s",
                   noun, key->low, high, comma, unit);
}

static void list_text(const rig_key *key, char *text, size_t size)
{
    if (key->most > 0 && key->least > 0)
        (void)snprintf(text, size, "list of %zu to %zu %s", key->least, key->most, key->of_what);
    else if (key->most > 0)
        (void)snprintf(text, size, "list of up to %zu %s", key->most, key->of_what);
    else if (key->least > 0)
        (void)snprintf(text, size, "list of %zu or more %s", key->least, key->of_what);
    else
        (void)snprintf(text, size, "list of %s", key->of_what);
}

void rig_key_value_text(const rig_key *key, char *text, size_t size)
{
    switch (key->kind) {
    case RIG_KEY_NUMBER:
    case RIG_KEY_COUNT:
        range_text(key, text, size);
        break;
    case RIG_KEY_BOOL:
        (void)snprintf(text, size, "true or false");
        break;
    case RIG_KEY_WORD:
        words_text(key, text, size);
        break;
    case RIG_KEY_TEXT:
        (void)snprintf(text, size, "text");
        break;
    case RIG_KEY_FILE:
        (void)snprintf(text, size, "name of a file");
        break;
    case RIG_KEY_NAME:
        (void)snprintf(text, size, "text, %zu to %zu characters", key->least, key->most);
        break;
    case RIG_KEY_TEXTS:
        (void)snprintf(text, size, "list of texts");
        break;
    case RIG_KEY_REFERENCE:
        (void)snprintf(text, size, "name of %s", key->expected);
        break;
    case RIG_KEY_GROUP:
        (void)snprintf(text, size, "group");
        break;
    case RIG_KEY_LIST:
        list_text(key, text, size);
        break;
    case RIG_KEY_OTHER:
        (void)snprintf(text, size, "%s", key->type->noun);
        break;
    }
}

void rig_key_default_text(const rig_key *key, char *text, size_t size)
{
    if (key->need == RIG_NEED_KEY) {
        (void)snprintf(text, size, "required");
        return;
    }
    if (key->usual != NULL) {
        (void)snprintf(text, size, "%s", key->usual);
        return;
    }
    switch (key->kind) {
    case RIG_KEY_NUMBER:
    case RIG_KEY_COUNT:
        (void)snprintf(text, size, "%.15g", key->number);
        break;
    case RIG_KEY_BOOL:
        (void)snprintf(text, size, "%s", key->number != 0.0 ? "true" : "false");
        break;
    case RIG_KEY_WORD:
        (void)snprintf(text, size, "`\"%s\"`", key->words[(size_t)key->number]);
        break;
    case RIG_KEY_NAME:
        (void)snprintf(text, size, "`\"%s\"`, `\"%s 2\"` ..", key->text, key->text);
        break;
    case RIG_KEY_OTHER:
        if (key->text != NULL)
            (void)snprintf(text, size, "`\"%s\"`", key->text);
        else if (key->type->has_number_form)
            (void)snprintf(text, size, "%.15g", key->number);
        else
            (void)snprintf(text, size, "none");
        break;
    case RIG_KEY_TEXT:
    case RIG_KEY_FILE:
    case RIG_KEY_TEXTS:
    case RIG_KEY_REFERENCE:
    case RIG_KEY_GROUP:
    case RIG_KEY_LIST:
        if (key->text != NULL)
            (void)snprintf(text, size, "`\"%s\"`", key->text);
        else
            (void)snprintf(text, size, "none");
    }
}

void rig_key_played_text(const rig_key *key, rig_key_played played, char *text, size_t size)
{
    text[0] = '\0';
    if (played == RIG_PLAYED)
        return;
    if (key->n_played > 0)
        (void)snprintf(text, size, "more than %zu: ", key->n_played);
    const size_t used = strlen(text);
    (void)snprintf(text + used, size - used, "%s",
                   played == RIG_PLAYED_NOT ? "model only" : "embedded only");
}

void rig_keys_write_markdown(FILE *out, const rig_key_group *group)
{
    (void)fputs("| key | value | default | meaning |\n|---|---|---|---|\n", out);
    for (size_t i = 0; i < group->n_keys; i++) {
        const rig_key *key = &group->keys[i];
        char value[400], usual[200], played[60], since[80] = "";
        rig_key_value_text(key, value, sizeof value);
        rig_key_default_text(key, usual, sizeof usual);
        rig_key_played_text(key, key->played, played, sizeof played);
        const char *open = played[0] != '\0' ? " (" : "", *close = played[0] != '\0' ? ")" : "";
        if (key->since != NULL)
            (void)snprintf(since, sizeof since, "; since %s", key->since);
        (void)fprintf(out, "| `%s`%s%s%s | %s | %s | %s%s |\n", key->name, open, played, close,
                      value, usual, key->meaning, since);
    }
}

/* Tables that have been written. */
typedef struct tables {
    FILE *out;
    const rig_key_group *done[64];
    size_t n_done;
} tables;

static void write_table(tables *t, const char *path, const rig_key_group *group)
{
    for (size_t i = 0; i < t->n_done; i++)
        if (t->done[i] == group)
            return;
    if (t->n_done < sizeof t->done / sizeof *t->done)
        t->done[t->n_done++] = group;
    (void)fprintf(t->out, "<!-- keys: %s -->\n", path);
    rig_keys_write_markdown(t->out, group);
    (void)fputs("<!-- end -->\n", t->out);
}

static void take_group(void *ctx, const char *path, const rig_key *key, rig_key_played played)
{
    (void)played;
    char list[300];
    (void)snprintf(list, sizeof list, "%s%s", path, key->kind == RIG_KEY_LIST ? "[]" : "");
    if (key->group != NULL)
        write_table(ctx, list, key->group);
    else if (key->type != NULL && key->type->group != NULL)
        write_table(ctx, key->type->has_number_form ? key->type->noun : list, key->type->group);
}

void rig_keys_write_tables(FILE *out, const rig_key_group *table, const char *name)
{
    tables t = {.out = out};
    write_table(&t, name, table);
    rig_keys_each(table, take_group, &t);
}
