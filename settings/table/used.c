/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is in use and cannot be played, and what --set replaces. */
#include <string.h>

#include "settings/table/value.h"

/* To whom it is told. */
typedef struct telling {
    const void *object;
    rig_table_take take;
    void *ctx;
} telling;

static void walk(const telling *t, const rig_setting *at, const rig_key_group *group,
                 const void *owner);

static bool is_used(const telling *t, const rig_key *key, const void *owner)
{
    if (key->is_used != NULL)
        return key->is_used(owner, t->object);
    if (key->kind == RIG_KEY_LIST)
        return rig_key_length(key, owner) > key->n_played;
    if (key->kind == RIG_KEY_GROUP)
        return !rig_value_is_default(&key->group->keys[0], rig_key_value(key, owner));
    return !rig_value_is_default(key, owner);
}

/* What only some call centres play says itself, by its row's `is_used`, when it is in use at
 * another one. */
static bool is_refused(const telling *t, const rig_key *key, const void *owner)
{
    if (key->played != RIG_PLAYED_NOT)
        return key->is_used != NULL && key->is_used(owner, t->object);
    return key->played == RIG_PLAYED_NOT && is_used(t, key, owner);
}

static void walk_list(const telling *t, const rig_setting *at, const rig_key *key,
                      const void *owner)
{
    for (int i = 0; i < rig_setting_length(at); i++)
        walk(t, rig_setting_element(at, i), key->group, rig_value_element(key, owner, (size_t)i));
}

static void walk(const telling *t, const rig_setting *at, const rig_key_group *group,
                 const void *owner)
{
    for (size_t i = 0; i < group->n_keys; i++) {
        const rig_key *key = &group->keys[i];
        const rig_setting *member = rig_setting_member(at, key->name);
        if (member == NULL)
            continue;
        if (is_refused(t, key, owner)) {
            bool has_good_part = key->kind == RIG_KEY_LIST && key->n_played > 0;
            t->take(t->ctx,
                    has_good_part ? rig_setting_element(member, (int)key->n_played) : member);
        }
        if (key->kind == RIG_KEY_GROUP)
            walk(t, member, key->group, rig_key_value(key, owner));
        else if (key->kind == RIG_KEY_LIST)
            walk_list(t, member, key, owner);
    }
}

void rig_table_not_played(const rig_setting *root, const rig_key_group *table, const void *object,
                          rig_table_take take, void *ctx)
{
    const telling t = {object, take, ctx};
    walk(&t, root, table, object);
}

/* The table's group for a group of the file; NULL when the table has none such. */
static const rig_key_group *group_of(const rig_key_group *table, const rig_setting *at)
{
    const rig_setting *parent = rig_setting_parent(at);
    if (parent == NULL)
        return table;
    if (rig_setting_name(at) == NULL) /* an element: the group is that of its list */
        return group_of(table, parent);
    const rig_key_group *above = group_of(table, parent);
    for (size_t i = 0; above != NULL && i < above->n_keys; i++)
        if (strcmp(above->keys[i].name, rig_setting_name(at)) == 0)
            return above->keys[i].group;
    return NULL;
}

static bool is_among(const char *const *names, const char *name)
{
    for (; *names != NULL; names++)
        if (strcmp(*names, name) == 0)
            return true;
    return false;
}

void rig_table_replace(const rig_key_group *table, rig_setting *at)
{
    rig_setting *parent = rig_setting_parent(at);
    const rig_key_group *group = group_of(table, parent);
    const char *name = rig_setting_name(at);
    if (group == NULL || !group->is_replaced || !is_among(group->either, name))
        return;
    for (const char *const *other = group->either; *other != NULL; other++)
        if (strcmp(*other, name) != 0)
            rig_setting_remove(parent, *other);
}
