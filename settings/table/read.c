/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>

#include "settings/describe.h"
#include "settings/table/value.h"

/* What one walk over file and struct does. */
typedef enum pass { PASS_READ, PASS_RESOLVE, PASS_CHECK } pass;

static void walk(rig_reader *reader, pass what, const rig_setting *at, const rig_key_group *group,
                 void *object, int index);

/* A search for the one key of a name. */
typedef struct search {
    const char *name;
    size_t n_found;
    char path[256];
} search;

static void find_name(void *ctx, const char *path, const rig_key *key, rig_key_played played)
{
    search *s = ctx;
    (void)played;
    if (strcmp(key->name, s->name) != 0)
        return;
    s->n_found++;
    (void)snprintf(s->path, sizeof s->path, "%s", path);
}

static void fail_unknown(rig_reader *reader, const rig_setting *member, rig_words known)
{
    search elsewhere = {.name = rig_setting_name(member)};
    char words[500] = "";
    size_t used = 0;
    for (rig_words word = known; *word != NULL && used < sizeof words; word++)
        used += (size_t)snprintf(words + used, sizeof words - used, "%s%s",
                                 word == known ? "" : ", ", *word);
    if (reader->table != NULL)
        rig_keys_each(reader->table, find_name, &elsewhere);
    /* the name itself, elsewhere, is nearer than one that is only like it */
    const char *meant =
        elsewhere.n_found == 1 ? elsewhere.path : rig_words_nearest(known, elsewhere.name);
    if (meant != NULL)
        rig_reader_fail(reader, member, "unknown key; expected one of: %s; did you mean %s?", words,
                        meant);
    else
        rig_reader_fail(reader, member, "unknown key; expected one of: %s", words);
}

static void check_known(rig_reader *reader, const rig_setting *at, const rig_key_group *group)
{
    const char *known[64];
    size_t n = 0;
    for (; n < group->n_keys && n + 1 < sizeof known / sizeof *known; n++)
        known[n] = group->keys[n].name;
    known[n] = NULL;
    for (int i = 0; i < rig_setting_length(at); i++) {
        const rig_setting *member = rig_setting_element(at, i);
        bool is_known = false;
        for (size_t k = 0; k < n; k++)
            is_known |= strcmp(known[k], rig_setting_name(member)) == 0;
        if (!is_known)
            fail_unknown(reader, member, known);
    }
}

/* One of some keys: what is there must not be too much, before any of it is read, nor too
 * little. */
static void check_either(rig_reader *reader, const rig_setting *at, const rig_key_group *group,
                         bool is_read)
{
    char words[200] = "";
    size_t used = 0, n = 0;
    if (group->either == NULL || group->is_either_by_rows)
        return;
    for (const char *const *name = group->either; *name != NULL; name++) {
        used += (size_t)snprintf(words + used, sizeof words - used, "%s\"%s\"",
                                 name == group->either ? "" : " or ", *name);
        n += rig_reader_has(at, *name);
    }
    const char *note = group->either_note != NULL ? group->either_note : "";
    if (n > 1 && !is_read)
        rig_reader_fail(reader, at, "expected either %s, not both%s", words, note);
    if (n == 0 && is_read && !group->is_either_optional)
        rig_reader_fail(reader, at, "\"%s\" is missing; expected either %s%s", group->either[0],
                        words, note);
}

static rig_key_need need_of(const rig_setting *group, const rig_key *key, const void *owner,
                            const char **why)
{
    *why = key->why;
    return key->needed != NULL ? key->needed(group, owner, why) : key->need;
}

static void fail_empty(rig_reader *reader, const rig_setting *at, const rig_key_group *group)
{
    char words[200] = "";
    size_t used = 0;
    for (size_t i = 0; i < group->n_keys && used < sizeof words; i++)
        used += (size_t)snprintf(words + used, sizeof words - used, " %s;", group->keys[i].name);
    rig_reader_fail(reader, at, "is empty; expected at least one {%s }", words);
}

static void read_list(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    if (!rig_setting_is_list(at)) {
        rig_reader_fail(reader, at, "is %s; expected a list ( )", rig_setting_type(at));
        return;
    }
    int n = rig_setting_length(at);
    if (key->most == 0 && (size_t)n < key->least) {
        fail_empty(reader, at, key->group);
        return;
    }
    if (key->most > 0 && ((size_t)n < key->least || (size_t)n > key->most)) {
        rig_reader_fail(reader, at, "has %d %s; expected %zu to %zu", n, key->of_what, key->least,
                        key->most);
        return;
    }
    void *elements = rig_reader_array(reader, n, key->group->size);
    if (elements == NULL)
        return;
    memcpy(rig_key_member(key, owner), &elements, sizeof elements);
    rig_value_set_length(key, owner, (size_t)n);
}

/* An element whose name another one before it has: names are looked up. */
static void check_name(rig_reader *reader, const rig_setting *element, const rig_key *list,
                       const void *owner, size_t index)
{
    const rig_key *key = &list->group->keys[0];
    if (reader->status != RIG_OK || key->kind != RIG_KEY_NAME)
        return;
    const rig_names before = {rig_value_element(list, owner, 0), index, list->group->size};
    const char *name;
    memcpy(&name, rig_value_element(list, owner, index), sizeof name);
    if (rig_names_find(before, name) >= 0)
        rig_reader_fail(reader, element, "the name \"%s\" is taken by a %s before", name,
                        key->of_what);
}

static void walk_list(rig_reader *reader, pass what, const rig_setting *at, const rig_key *key,
                      void *owner)
{
    if (what == PASS_READ)
        read_list(reader, at, key, owner);
    for (int i = 0; i < rig_setting_length(at) && reader->status == RIG_OK; i++) {
        const rig_setting *element = rig_reader_element(reader, at, i);
        if (element == NULL)
            return;
        walk(reader, what, element, key->group, rig_value_element(key, owner, (size_t)i), i);
        if (what == PASS_READ)
            check_name(reader, element, key, owner, (size_t)i);
    }
}

static void read_row(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner,
                     int index)
{
    if (at == NULL)
        rig_value_default(reader, key, owner, index);
    else if (key->kind == RIG_KEY_GROUP && !rig_setting_is_group(at))
        rig_reader_fail(reader, at, "is %s; expected a group { }", rig_setting_type(at));
    else
        rig_value_read(reader, at, key, owner);
}

/* What is there and has no meaning. */
static void check_meaning(rig_reader *reader, const rig_setting *group, const rig_key *key,
                          const void *owner)
{
    const char *why = NULL;
    const rig_setting *at = rig_setting_member(group, key->name);
    rig_key_need need = need_of(group, key, owner, &why);
    if (at != NULL && (need == RIG_NEED_ABSENT ||
                       (need == RIG_NEED_DEFAULT && !rig_value_is_default(key, owner))))
        rig_reader_fail(reader, at, "has no meaning here; %s", why);
}

static void check_presence(rig_reader *reader, const rig_setting *group, const rig_key *key,
                           const void *owner)
{
    const char *why = NULL;
    if (rig_setting_member(group, key->name) != NULL ||
        need_of(group, key, owner, &why) != RIG_NEED_KEY)
        return;
    if (why != NULL)
        rig_reader_fail(reader, group, "\"%s\" is missing; %s", key->name, why);
    else
        rig_reader_fail(reader, group, "\"%s\" is missing", key->name);
}

/* Once all values of a group are known: what is there too much, what too little. */
static void check_needs(rig_reader *reader, const rig_setting *at, const rig_key_group *group,
                        const void *owner)
{
    for (size_t i = 0; i < group->n_keys && reader->status == RIG_OK; i++)
        check_meaning(reader, at, &group->keys[i], owner);
    for (size_t i = 0; i < group->n_keys && reader->status == RIG_OK; i++)
        check_presence(reader, at, &group->keys[i], owner);
    check_either(reader, at, group, true);
}

static void resolve_reference(rig_reader *reader, const rig_setting *at, const rig_key *key,
                              void *owner)
{
    const char *name = rig_setting_text(at);
    if (name == NULL) {
        rig_reader_fail(reader, at, "is %s; expected a string in double quotes",
                        rig_setting_type(at));
        return;
    }
    int found = rig_names_find(key->names(reader->object), name);
    if (found < 0)
        rig_reader_fail(reader, at, "\"%s\" is not there; expected the name of %s", name,
                        key->expected);
    uint32_t number = found > 0 ? (uint32_t)found : 0;
    memcpy(rig_key_member(key, owner), &number, sizeof number);
}

static void resolve_row(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    if (at == NULL && key->otherwise != NULL)
        key->otherwise(reader, key, owner);
    else if (at != NULL && key->kind == RIG_KEY_REFERENCE)
        resolve_reference(reader, at, key, owner);
    else if (at != NULL && key->kind == RIG_KEY_OTHER && key->type->resolve != NULL)
        key->type->resolve(reader, at, key, owner);
}

static void walk_row(rig_reader *reader, pass what, const rig_setting *group, const rig_key *key,
                     void *owner, int index)
{
    const rig_setting *at = group != NULL ? rig_setting_member(group, key->name) : NULL;
    if (what == PASS_READ)
        read_row(reader, at, key, owner, index);
    if (key->kind == RIG_KEY_GROUP && reader->status == RIG_OK)
        walk(reader, what, at, key->group, rig_key_member(key, owner), 0);
    if (key->kind == RIG_KEY_LIST && at != NULL && reader->status == RIG_OK)
        walk_list(reader, what, at, key, owner);
    if (reader->status != RIG_OK)
        return;
    if (what == PASS_RESOLVE)
        resolve_row(reader, at, key, owner);
    if (what == PASS_CHECK && at != NULL && key->check != NULL)
        key->check(reader, at, key, owner);
}

/* `at` NULL: the group is not there; its keys get their defaults. */
static void walk(rig_reader *reader, pass what, const rig_setting *at, const rig_key_group *group,
                 void *object, int index)
{
    if (reader->status == RIG_OK && what == PASS_READ && at != NULL) {
        check_known(reader, at, group);
        check_either(reader, at, group, false);
    }
    for (size_t i = 0; i < group->n_keys && reader->status == RIG_OK; i++)
        walk_row(reader, what, at, &group->keys[i], object, index);
    if (reader->status != RIG_OK || at == NULL)
        return;
    if (what == PASS_READ)
        check_needs(reader, at, group, object);
    if (what == PASS_RESOLVE && group->finish != NULL)
        group->finish(reader, at, object);
    if (what == PASS_CHECK && group->check != NULL)
        group->check(reader, at, object);
}

void rig_table_read(rig_reader *reader, const rig_setting *root, const rig_key_group *table,
                    void *object)
{
    reader->root = root;
    reader->object = object;
    reader->table = table;
    for (pass what = PASS_READ; what <= PASS_CHECK && reader->status == RIG_OK; what++)
        walk(reader, what, root, table, object, 0);
}

void rig_table_read_group(rig_reader *reader, const rig_setting *at, const rig_key_group *group,
                          void *object)
{
    walk(reader, PASS_READ, at, group, object, 0);
}

int rig_names_find(rig_names names, const char *name)
{
    for (size_t i = 0; i < names.n; i++) {
        const char *other;
        memcpy(&other, (const char *)names.first + i * names.stride, sizeof other);
        if (other != NULL && strcmp(other, name) == 0)
            return (int)i;
    }
    return -1;
}
