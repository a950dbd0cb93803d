/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "scenarios/keys.h"
#include "scenarios/scenario/keys.h"
#include "settings/describe.h"

static void write_name(void *ctx, const char *path, const rig_key *key, rig_key_played played)
{
    (void)key;
    (void)played;
    (void)fprintf(ctx, "%s\n", path);
}

void rig_scenario_write_names(FILE *out)
{
    rig_keys_each(&rig_section_scenario, write_name, out);
}

/* What is being listed. */
typedef struct listing {
    FILE *out;
    const char *prefix;
    size_t n;
} listing;

/* Without the marks of Markdown. */
static void write_plain(FILE *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (*text != '`')
            (void)fputc(*text, out);
}

static void write_key(void *ctx, const char *path, const rig_key *key, rig_key_played played)
{
    listing *l = ctx;
    char value[400], usual[200], where[60];
    if (strncmp(path, l->prefix, strlen(l->prefix)) != 0)
        return;
    l->n++;
    rig_key_value_text(key, value, sizeof value);
    rig_key_default_text(key, usual, sizeof usual);
    rig_key_played_text(key, played, where, sizeof where);
    (void)fprintf(l->out, where[0] != '\0' ? "%s (%s)\n    " : "%s%s\n    ", path, where);
    write_plain(l->out, value);
    (void)fputs("; default: ", l->out);
    write_plain(l->out, usual);
    (void)fputs("\n    ", l->out);
    write_plain(l->out, key->meaning);
    (void)fputc('\n', l->out);
}

size_t rig_scenario_write_keys(FILE *out, const char *prefix)
{
    listing l = {.out = out, .prefix = prefix};
    rig_keys_each(&rig_section_scenario, write_key, &l);
    return l.n;
}

void rig_scenario_write_tables(FILE *out)
{
    rig_keys_write_tables(out, &rig_section_scenario, "scenario");
}

void rig_scenario_write_schema(FILE *out)
{
    static const rig_key_type *const types[] = {&rig_section_dist_type, NULL};
    rig_keys_write_schema(out, &rig_section_scenario, "A scenario of peakrig", types);
}
