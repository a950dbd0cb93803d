/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "settings/describe.h"

/* The path so far, and to whom keys are told. */
typedef struct walker {
    char path[256];
    rig_keys_take take;
    void *ctx;
} walker;

static void walk(walker *w, const rig_key_group *group, rig_key_played around)
{
    size_t used = strlen(w->path);
    for (size_t i = 0; i < group->n_keys; i++) {
        const rig_key *key = &group->keys[i];
        (void)snprintf(w->path + used, sizeof w->path - used, "%s%s", used > 0 ? "." : "",
                       key->name);
        w->take(w->ctx, w->path, key, key->played > around ? key->played : around);
        if (key->kind == RIG_KEY_LIST)
            (void)snprintf(w->path + used, sizeof w->path - used, "%s%s[]", used > 0 ? "." : "",
                           key->name);
        if (key->group != NULL)
            walk(w, key->group, rig_key_played_within(key, around));
        w->path[used] = '\0';
    }
}

void rig_keys_each(const rig_key_group *table, rig_keys_take take, void *ctx)
{
    walker w = {.path = "", .take = take, .ctx = ctx};
    walk(&w, table, RIG_PLAYED);
}

/* A search for the nearest path. */
typedef struct search {
    const char *wanted;
    size_t least;
    char nearest[256];
} search;

static void compare(void *ctx, const char *path, const rig_key *key, rig_key_played played)
{
    search *s = ctx;
    size_t n = rig_words_distance(s->wanted, path);
    (void)key;
    (void)played;
    if (n >= s->least)
        return;
    s->least = n;
    (void)snprintf(s->nearest, sizeof s->nearest, "%s", path);
}

bool rig_keys_nearest(const rig_key_group *table, const char *text, char *path, size_t size)
{
    char plain[256]; /* without the numbers of elements */
    size_t n = 0;
    bool is_inside = false;
    for (const char *p = text; *p != '\0' && n + 1 < sizeof plain; p++) {
        is_inside = (is_inside || *p == '[') && *p != ']';
        if (!is_inside || *p == '[')
            plain[n++] = *p;
    }
    plain[n] = '\0';
    search s = {.wanted = plain, .least = n / 3 + 1};
    rig_keys_each(table, compare, &s);
    if (s.nearest[0] == '\0')
        return false;
    (void)snprintf(path, size, "%s", s.nearest);
    return true;
}

const rig_key_group *rig_keys_group(const rig_key_group *table, const char *path)
{
    while (table != NULL && *path != '\0') {
        size_t n = strcspn(path, ".[");
        const rig_key *found = NULL;
        for (size_t i = 0; i < table->n_keys; i++)
            if (strncmp(table->keys[i].name, path, n) == 0 && table->keys[i].name[n] == '\0')
                found = &table->keys[i];
        path += n;
        if (found != NULL && found->kind == RIG_KEY_LIST && strncmp(path, "[]", 2) == 0)
            path += 2;
        path += *path == '.';
        table = found == NULL          ? NULL
                : found->group != NULL ? found->group
                : found->type != NULL  ? found->type->group
                                       : NULL;
    }
    return table;
}
