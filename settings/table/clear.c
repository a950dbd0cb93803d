/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "settings/table/value.h"

static void clear(const rig_key_group *group, void *owner);

static void *pointer_of(const rig_key *key, const void *owner)
{
    void *pointer;
    memcpy(&pointer, rig_key_value(key, owner), sizeof pointer);
    return pointer;
}

static void clear_texts(const rig_key *key, void *owner)
{
    char **texts = pointer_of(key, owner);
    for (size_t i = 0; i < rig_key_length(key, owner); i++)
        free(texts[i]);
    free(texts);
}

static void clear_list(const rig_key *key, void *owner)
{
    for (size_t i = 0; i < rig_key_length(key, owner); i++)
        clear(key->group, rig_value_element(key, owner, i));
    free(pointer_of(key, owner));
}

static void clear_member(const rig_key *key, void *owner)
{
    switch (key->kind) {
    case RIG_KEY_TEXT:
    case RIG_KEY_FILE:
    case RIG_KEY_NAME:
        free(pointer_of(key, owner));
        break;
    case RIG_KEY_TEXTS:
        clear_texts(key, owner);
        break;
    case RIG_KEY_LIST:
        clear_list(key, owner);
        break;
    case RIG_KEY_GROUP:
        clear(key->group, rig_key_member(key, owner));
        break;
    case RIG_KEY_OTHER:
        if (key->type->clear != NULL)
            key->type->clear(key, owner);
        break;
    case RIG_KEY_NUMBER:
    case RIG_KEY_COUNT:
    case RIG_KEY_BOOL:
    case RIG_KEY_WORD:
    case RIG_KEY_REFERENCE:
        break;
    }
}

static void clear(const rig_key_group *group, void *owner)
{
    for (size_t i = 0; i < group->n_keys; i++)
        if (!group->keys[i].is_second)
            clear_member(&group->keys[i], owner);
}

void rig_table_clear(const rig_key_group *table, void *object)
{
    clear(table, object);
    memset(object, 0, table->size);
}
