#include "settings/config.h"

#include <libgen.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "trunks[0].e1" for a setting. */
static void full_name(const config_setting_t *setting, char *text, size_t size)
{
    const config_setting_t *parent = config_setting_parent(setting);
    if (parent == NULL) {
        text[0] = '\0';
        return;
    }
    full_name(parent, text, size);
    size_t used = strlen(text);
    const char *name = config_setting_name(setting);
    if (name == NULL)
        (void)snprintf(text + used, size - used, "[%d]", config_setting_index(setting));
    else
        (void)snprintf(text + used, size - used, "%s%s", used > 0 ? "." : "", name);
}

void rig_reader_fail(rig_reader *reader, const config_setting_t *at, const char *format, ...)
{
    if (reader->status != RIG_OK)
        return;
    char name[256] = "";
    char what[600];
    full_name(at, name, sizeof name);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    const char *file = config_setting_source_file(at);
    unsigned line = config_setting_source_line(at);
    const char *colon = name[0] == '\0' ? "" : ": ";
    if (config_setting_parent(at) == NULL) /* the file as a whole */
        reader->status = rig_fail(reader->err, RIG_EINPUT, "%s: %s", reader->path, what);
    else if (line == 0) /* made by an override: it stands in no line */
        reader->status = rig_fail(reader->err, RIG_EINPUT, "%s (--set): %s%s%s", reader->path, name,
                                  colon, what);
    else
        reader->status = rig_fail(reader->err, RIG_EINPUT, "%s:%u: %s%s%s",
                                  file != NULL ? file : reader->path, line, name, colon, what);
}

void rig_reader_no_memory(rig_reader *reader)
{
    if (reader->status == RIG_OK)
        reader->status = rig_fail(reader->err, RIG_ENOMEM, "%s: out of memory", reader->path);
}

const char *rig_reader_type_text(const config_setting_t *setting)
{
    switch (config_setting_type(setting)) {
    case CONFIG_TYPE_INT:
    case CONFIG_TYPE_INT64:
        return "a whole number";
    case CONFIG_TYPE_FLOAT:
        return "a number";
    case CONFIG_TYPE_STRING:
        return "a string";
    case CONFIG_TYPE_BOOL:
        return "a boolean";
    case CONFIG_TYPE_GROUP:
        return "a group { }";
    case CONFIG_TYPE_LIST:
        return "a list ( )";
    case CONFIG_TYPE_ARRAY:
        return "an array [ ]";
    default:
        return "nothing";
    }
}

void rig_reader_check_keys(rig_reader *reader, const config_setting_t *group, rig_words known)
{
    for (int i = 0; i < config_setting_length(group); i++) {
        const config_setting_t *member = config_setting_get_elem(group, (unsigned)i);
        const char *name = config_setting_name(member);
        bool is_known = false;
        char words[500] = "";
        size_t used = 0;
        for (rig_words word = known; *word != NULL; word++) {
            is_known = is_known || strcmp(*word, name) == 0;
            if (used < sizeof words)
                used += (size_t)snprintf(words + used, sizeof words - used, "%s%s",
                                         word == known ? "" : ", ", *word);
        }
        if (!is_known)
            rig_reader_fail(reader, member, "unknown key; expected one of: %s", words);
    }
}

const config_setting_t *rig_reader_place(const config_setting_t *root, const char *path)
{
    const config_setting_t *found = config_setting_lookup((config_setting_t *)root, path);
    return found != NULL ? found : root;
}

bool rig_reader_has(const config_setting_t *group, const char *key)
{
    return config_setting_get_member(group, key) != NULL;
}

/* A member, or NULL; with an error when it is required and absent. */
config_setting_t *rig_reader_member(rig_reader *reader, const config_setting_t *group,
                                    const char *key, bool is_required)
{
    if (reader->status != RIG_OK)
        return NULL;
    config_setting_t *member = config_setting_get_member(group, key);
    if (member == NULL && is_required)
        rig_reader_fail(reader, group, "\"%s\" is missing", key);
    return member;
}

config_setting_t *rig_reader_group(rig_reader *reader, const config_setting_t *parent,
                                   const char *key, bool is_required)
{
    config_setting_t *member = rig_reader_member(reader, parent, key, is_required);
    if (member != NULL && !config_setting_is_group(member)) {
        rig_reader_fail(reader, member, "is %s; expected a group { }",
                        rig_reader_type_text(member));
        return NULL;
    }
    return member;
}

config_setting_t *rig_reader_list(rig_reader *reader, const config_setting_t *parent,
                                  const char *key, bool is_required)
{
    config_setting_t *member = rig_reader_member(reader, parent, key, is_required);
    if (member != NULL && !config_setting_is_list(member) && !config_setting_is_array(member)) {
        rig_reader_fail(reader, member, "is %s; expected a list ( )", rig_reader_type_text(member));
        return NULL;
    }
    return member;
}

config_setting_t *rig_reader_element(rig_reader *reader, const config_setting_t *list, int index)
{
    if (reader->status != RIG_OK)
        return NULL;
    config_setting_t *element = config_setting_get_elem(list, (unsigned)index);
    if (!config_setting_is_group(element)) {
        rig_reader_fail(reader, element, "is %s; expected a group { }",
                        rig_reader_type_text(element));
        return NULL;
    }
    return element;
}

bool rig_reader_is_number(const config_setting_t *setting)
{
    int type = config_setting_type(setting);
    return type == CONFIG_TYPE_INT || type == CONFIG_TYPE_INT64 || type == CONFIG_TYPE_FLOAT;
}

static double number_of(const config_setting_t *setting)
{
    if (config_setting_type(setting) == CONFIG_TYPE_FLOAT)
        return config_setting_get_float(setting);
    return (double)config_setting_get_int64(setting);
}

static bool in_range(double value, const rig_range *range)
{
    return isfinite(value) && value <= range->high &&
           (range->is_low_open ? value > range->low : value >= range->low);
}

double rig_reader_number(rig_reader *reader, const config_setting_t *group, const char *key,
                         const rig_range *range, const double *fallback)
{
    double otherwise = fallback != NULL ? *fallback : 0.0;
    const config_setting_t *member = rig_reader_member(reader, group, key, fallback == NULL);
    if (member == NULL)
        return otherwise;
    if (!rig_reader_is_number(member)) {
        rig_reader_fail(reader, member, "is %s; expected %s", rig_reader_type_text(member),
                        range->expected);
        return otherwise;
    }
    double value = number_of(member);
    if (!in_range(value, range)) {
        rig_reader_fail(reader, member, "%g is out of range; expected %s", value, range->expected);
        return otherwise;
    }
    return value;
}

uint64_t rig_reader_count(rig_reader *reader, const config_setting_t *group, const char *key,
                          const rig_range *range, const uint64_t *fallback)
{
    uint64_t otherwise = fallback != NULL ? *fallback : 0;
    const config_setting_t *member = rig_reader_member(reader, group, key, fallback == NULL);
    if (member == NULL)
        return otherwise;
    int type = config_setting_type(member);
    if (type != CONFIG_TYPE_INT && type != CONFIG_TYPE_INT64) {
        rig_reader_fail(reader, member, "is %s; expected %s", rig_reader_type_text(member),
                        range->expected);
        return otherwise;
    }
    long long value = config_setting_get_int64(member);
    if (!in_range((double)value, range)) {
        rig_reader_fail(reader, member, "%lld is out of range; expected %s", value,
                        range->expected);
        return otherwise;
    }
    return (uint64_t)value;
}

uint32_t rig_reader_count32(rig_reader *reader, const config_setting_t *group, const char *key,
                            const rig_range *range, uint32_t fallback)
{
    const uint64_t otherwise = fallback;
    return (uint32_t)rig_reader_count(reader, group, key, range, &otherwise);
}

bool rig_reader_bool(rig_reader *reader, const config_setting_t *group, const char *key,
                     bool fallback)
{
    const config_setting_t *member = rig_reader_member(reader, group, key, false);
    if (member == NULL)
        return fallback;
    if (config_setting_type(member) != CONFIG_TYPE_BOOL) {
        rig_reader_fail(reader, member, "is %s; expected true or false",
                        rig_reader_type_text(member));
        return fallback;
    }
    return config_setting_get_bool(member) != 0;
}

char *rig_reader_string(rig_reader *reader, const config_setting_t *group, const char *key,
                        const char *fallback)
{
    const config_setting_t *member = rig_reader_member(reader, group, key, fallback == NULL);
    if (reader->status != RIG_OK)
        return NULL;
    if (member != NULL && config_setting_type(member) != CONFIG_TYPE_STRING) {
        rig_reader_fail(reader, member, "is %s; expected a string in double quotes",
                        rig_reader_type_text(member));
        return NULL;
    }
    char *copy = strdup(member != NULL ? config_setting_get_string(member) : fallback);
    if (copy == NULL)
        rig_reader_no_memory(reader);
    return copy;
}

int rig_reader_word(rig_reader *reader, const config_setting_t *group, const char *key,
                    rig_words words, int fallback)
{
    const config_setting_t *member = rig_reader_member(reader, group, key, fallback < 0);
    fallback = fallback < 0 ? 0 : fallback;
    if (member == NULL)
        return fallback;
    const char *text = config_setting_get_string(member);
    char known[300] = "";
    size_t used = 0;
    for (int i = 0; words[i] != NULL; i++) {
        if (text != NULL && strcmp(text, words[i]) == 0)
            return i;
        if (used < sizeof known)
            used += (size_t)snprintf(known + used, sizeof known - used, "%s\"%s\"", i ? ", " : "",
                                     words[i]);
    }
    if (text == NULL)
        rig_reader_fail(reader, member, "is %s; expected one of: %s", rig_reader_type_text(member),
                        known);
    else
        rig_reader_fail(reader, member, "\"%s\" is not known; expected one of: %s", text, known);
    return fallback;
}

/* A file of the scenario, relative to the scenario's own folder. Heap, or NULL. */
static char *beside(const char *scenario, const char *file)
{
    char *joined = NULL;
    if (file[0] == '/')
        return strdup(file);
    char *copy = strdup(scenario);
    if (copy == NULL || asprintf(&joined, "%s/%s", dirname(copy), file) < 0)
        joined = NULL;
    free(copy);
    return joined;
}

char *rig_reader_file(rig_reader *reader, const config_setting_t *group, const char *key)
{
    char *file = rig_reader_string(reader, group, key, NULL);
    char *path = file != NULL ? beside(reader->path, file) : NULL;
    if (file != NULL && path == NULL)
        rig_reader_no_memory(reader);
    free(file);
    return path;
}

void *rig_reader_array(rig_reader *reader, int n, size_t size)
{
    void *array = calloc(n > 0 ? (size_t)n : 1, size);
    if (array == NULL)
        rig_reader_no_memory(reader);
    return array;
}

void rig_reader_refuse(rig_reader *reader, const config_setting_t *group, const char *key,
                       const char *why)
{
    const config_setting_t *member = config_setting_get_member(group, key);
    if (member != NULL)
        rig_reader_fail(reader, member, "has no meaning here; %s", why);
}
