/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/table/value.h"

#include <stdlib.h>
#include <string.h>

static void store_count(const rig_key *key, void *owner, uint64_t value)
{
    void *member = rig_key_member(key, owner);
    switch (key->size) {
    case sizeof(uint8_t):
        memcpy(member, &(uint8_t){(uint8_t)value}, sizeof(uint8_t));
        break;
    case sizeof(uint16_t):
        memcpy(member, &(uint16_t){(uint16_t)value}, sizeof(uint16_t));
        break;
    case sizeof(uint32_t):
        memcpy(member, &(uint32_t){(uint32_t)value}, sizeof(uint32_t));
        break;
    default:
        memcpy(member, &value, sizeof value);
    }
}

uint64_t rig_key_count(const rig_key *key, const void *owner)
{
    const void *member = rig_key_value(key, owner);
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    switch (key->size) {
    case sizeof u8:
        memcpy(&u8, member, sizeof u8);
        return u8;
    case sizeof u16:
        memcpy(&u16, member, sizeof u16);
        return u16;
    case sizeof u32:
        memcpy(&u32, member, sizeof u32);
        return u32;
    default:
        memcpy(&u64, member, sizeof u64);
        return u64;
    }
}

size_t rig_key_length(const rig_key *key, const void *owner)
{
    size_t n;
    memcpy(&n, (const char *)owner + key->n_offset, sizeof n);
    return n;
}

void rig_value_set_length(const rig_key *key, void *owner, size_t n)
{
    memcpy((char *)owner + key->n_offset, &n, sizeof n);
}

void *rig_value_element(const rig_key *key, const void *owner, size_t index)
{
    char *first;
    memcpy(&first, rig_key_value(key, owner), sizeof first);
    return first + index * key->group->size;
}

void rig_key_expected(const rig_key *key, char *text, size_t size)
{
    const char *comma = key->unit != NULL ? ", " : "";
    const char *unit = key->unit != NULL ? key->unit : "";
    if (key->kind == RIG_KEY_COUNT)
        (void)snprintf(text, size, "a %s from %.17g to %.17g%s%s",
                       key->noun != NULL ? key->noun : "whole number", key->low, key->high, comma,
                       unit);
    else
        (void)snprintf(text, size, "a %s in %s%.15g, %.15g]%s%s",
                       key->noun != NULL ? key->noun : "number", key->is_low_open ? "(" : "[",
                       key->low, key->high, comma, unit);
}

bool rig_table_check_text(rig_reader *reader, const rig_setting *at, const rig_key *key,
                          const char *text)
{
    size_t n = strlen(text);
    bool has_front =
        key->in_front != NULL && text[0] != '\0' && strchr(key->in_front, text[0]) != NULL;
    const char *rest = text + has_front;
    bool is_good = n >= key->least && (key->most == 0 || n <= key->most);
    is_good &= key->allowed == NULL || rest[strspn(rest, key->allowed)] == '\0';
    is_good &= key->refused == NULL || strpbrk(rest, key->refused) == NULL;
    is_good &=
        key->not_in_front == NULL || text[0] == '\0' || strchr(key->not_in_front, text[0]) == NULL;
    if (is_good)
        return true;
    const char *blank = key->wrong != NULL && !key->is_secret ? " " : "";
    const char *wrong = key->wrong != NULL ? key->wrong : "";
    if (key->is_secret)
        rig_reader_fail(reader, at, "%s; expected %s", wrong, key->expected);
    else
        rig_reader_fail(reader, at, "\"%s\"%s%s; expected %s", text, blank, wrong, key->expected);
    return false;
}

static void store_text(rig_reader *reader, const rig_key *key, void *owner, const char *text)
{
    char *copy = strdup(text);
    if (copy == NULL)
        rig_reader_no_memory(reader);
    memcpy(rig_key_member(key, owner), &copy, sizeof copy);
}

static void read_number(rig_reader *reader, const rig_setting *group, const rig_key *key,
                        void *owner)
{
    char expected[120];
    rig_key_expected(key, expected, sizeof expected);
    const rig_range range = {key->low, key->high, key->is_low_open, expected};
    if (key->kind == RIG_KEY_NUMBER) {
        double value = rig_reader_number(reader, group, key->name, &range, NULL);
        memcpy(rig_key_member(key, owner), &value, sizeof value);
        return;
    }
    uint64_t value = rig_reader_count(reader, group, key->name, &range, NULL);
    store_count(key, owner, value * (key->factor > 0 ? key->factor : 1));
}

static void read_text(rig_reader *reader, const rig_setting *group, const rig_key *key, void *owner)
{
    char *text = key->kind == RIG_KEY_FILE ? rig_reader_file(reader, group, key->name)
                                           : rig_reader_string(reader, group, key->name, NULL);
    memcpy(rig_key_member(key, owner), &text, sizeof text);
    if (text != NULL && key->kind != RIG_KEY_FILE)
        (void)rig_table_check_text(reader, rig_setting_member(group, key->name), key, text);
}

static void read_texts(rig_reader *reader, const rig_setting *group, const rig_key *key,
                       void *owner)
{
    const rig_setting *list = rig_reader_list(reader, group, key->name, true);
    if (list == NULL)
        return;
    int n = rig_setting_length(list);
    char **texts = rig_reader_array(reader, n, sizeof *texts);
    memcpy(rig_key_member(key, owner), &texts, sizeof texts);
    for (int i = 0; i < n && reader->status == RIG_OK; i++) {
        const rig_setting *element = rig_setting_element(list, i);
        const char *text = rig_setting_text(element);
        if (text == NULL) {
            rig_reader_fail(reader, element, "expected %s as a string", key->expected);
            return;
        }
        texts[i] = strdup(text);
        if (texts[i] == NULL)
            rig_reader_no_memory(reader);
        else
            rig_value_set_length(key, owner, (size_t)i + 1);
    }
}

void rig_value_read(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner)
{
    const rig_setting *group = rig_setting_parent(at);
    switch (key->kind) {
    case RIG_KEY_NUMBER:
    case RIG_KEY_COUNT:
        read_number(reader, group, key, owner);
        break;
    case RIG_KEY_BOOL: {
        bool value = rig_reader_bool(reader, group, key->name, false);
        memcpy(rig_key_member(key, owner), &value, sizeof value);
        break;
    }
    case RIG_KEY_WORD:
        store_count(key, owner, (uint64_t)rig_reader_word(reader, group, key->name, key->words, 0));
        break;
    case RIG_KEY_TEXT:
    case RIG_KEY_FILE:
    case RIG_KEY_NAME:
        read_text(reader, group, key, owner);
        break;
    case RIG_KEY_TEXTS:
        read_texts(reader, group, key, owner);
        break;
    case RIG_KEY_OTHER:
        key->type->read(reader, at, key, owner);
        break;
    case RIG_KEY_REFERENCE: /* resolved later */
    case RIG_KEY_GROUP:
    case RIG_KEY_LIST:
        break;
    }
}

static void default_name(rig_reader *reader, const rig_key *key, void *owner, int index)
{
    char name[80];
    (void)snprintf(name, sizeof name, index == 0 ? "%s" : "%s %d", key->text, index + 1);
    store_text(reader, key, owner, name);
}

void rig_value_default(rig_reader *reader, const rig_key *key, void *owner, int index)
{
    if (key->is_second)
        return;
    switch (key->kind) {
    case RIG_KEY_NUMBER:
        memcpy(rig_key_member(key, owner), &key->number, sizeof key->number);
        break;
    case RIG_KEY_COUNT:
    case RIG_KEY_WORD:
        store_count(key, owner, (uint64_t)key->number);
        break;
    case RIG_KEY_BOOL:
        memcpy(rig_key_member(key, owner), &(bool){key->number != 0.0}, sizeof(bool));
        break;
    case RIG_KEY_TEXT:
        if (key->text != NULL)
            store_text(reader, key, owner, key->text);
        break;
    case RIG_KEY_NAME:
        default_name(reader, key, owner, index);
        break;
    case RIG_KEY_OTHER:
        if (key->type->otherwise != NULL && key->otherwise == NULL)
            key->type->otherwise(reader, key, owner);
        break;
    case RIG_KEY_FILE: /* zeroed by the caller: none */
    case RIG_KEY_TEXTS:
    case RIG_KEY_REFERENCE:
    case RIG_KEY_GROUP:
    case RIG_KEY_LIST:
        break;
    }
}

bool rig_value_is_default(const rig_key *key, const void *owner)
{
    double number;
    bool is_on;
    switch (key->kind) {
    case RIG_KEY_NUMBER:
        memcpy(&number, rig_key_value(key, owner), sizeof number);
        return !(number < key->number) && !(number > key->number);
    case RIG_KEY_COUNT:
    case RIG_KEY_WORD:
        return rig_key_count(key, owner) == (uint64_t)key->number;
    case RIG_KEY_BOOL:
        memcpy(&is_on, rig_key_value(key, owner), sizeof is_on);
        return is_on == (key->number != 0.0);
    case RIG_KEY_LIST:
    case RIG_KEY_TEXTS:
        return rig_key_length(key, owner) == 0;
    case RIG_KEY_TEXT:
    case RIG_KEY_FILE:
    case RIG_KEY_NAME:
    case RIG_KEY_REFERENCE:
    case RIG_KEY_GROUP:
    case RIG_KEY_OTHER:
        break;
    }
    return false;
}
