/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "settings/config.h"

#include <libgen.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rig_reader_fail(rig_reader *reader, const rig_setting *at, const char *format, ...)
{
    if (reader->status != RIG_OK)
        return;
    char name[256] = "";
    char what[600];
    rig_setting_path(at, name, sizeof name);
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    const char *file = rig_setting_file(at);
    unsigned line = rig_setting_line(at);
    const char *colon = name[0] == '\0' ? "" : ": ";
    if (rig_setting_parent(at) == NULL) /* the file as a whole */
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

size_t rig_words_distance(const char *a, const char *b)
{
    size_t row[101];
    size_t n = strlen(b);
    if (n >= sizeof row / sizeof *row)
        return n;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[n];
}

const char *rig_words_nearest(rig_words words, const char *text)
{
    const char *nearest = NULL;
    size_t least = strlen(text) * 2 / 5 + 1;
    for (; *words != NULL; words++) {
        size_t n = rig_words_distance(text, *words);
        if (n < least) {
            least = n;
            nearest = *words;
        }
    }
    return nearest;
}

void rig_reader_check_keys(rig_reader *reader, const rig_setting *group, rig_words known)
{
    for (int i = 0; i < rig_setting_length(group); i++) {
        const rig_setting *member = rig_setting_element(group, i);
        const char *name = rig_setting_name(member);
        bool is_known = false;
        char words[500] = "";
        size_t used = 0;
        for (rig_words word = known; *word != NULL; word++) {
            is_known = is_known || strcmp(*word, name) == 0;
            if (used < sizeof words)
                used += (size_t)snprintf(words + used, sizeof words - used, "%s%s",
                                         word == known ? "" : ", ", *word);
        }
        if (is_known)
            continue;
        const char *nearest = rig_words_nearest(known, name);
        if (nearest != NULL)
            rig_reader_fail(reader, member,
                            "unknown key; expected one of: %s; did you mean \"%s\"?", words,
                            nearest);
        else
            rig_reader_fail(reader, member, "unknown key; expected one of: %s", words);
    }
}

const rig_setting *rig_reader_place(const rig_setting *root, const char *path)
{
    const rig_setting *found = rig_setting_find(root, path);
    return found != NULL ? found : root;
}

bool rig_reader_has(const rig_setting *group, const char *key)
{
    return rig_setting_member(group, key) != NULL;
}

rig_setting *rig_reader_member(rig_reader *reader, const rig_setting *group, const char *key,
                               bool is_required)
{
    if (reader->status != RIG_OK)
        return NULL;
    rig_setting *member = rig_setting_member(group, key);
    if (member == NULL && is_required)
        rig_reader_fail(reader, group, "\"%s\" is missing", key);
    return member;
}

rig_setting *rig_reader_group(rig_reader *reader, const rig_setting *parent, const char *key,
                              bool is_required)
{
    rig_setting *member = rig_reader_member(reader, parent, key, is_required);
    if (member != NULL && !rig_setting_is_group(member)) {
        rig_reader_fail(reader, member, "is %s; expected a group { }", rig_setting_type(member));
        return NULL;
    }
    return member;
}

rig_setting *rig_reader_list(rig_reader *reader, const rig_setting *parent, const char *key,
                             bool is_required)
{
    rig_setting *member = rig_reader_member(reader, parent, key, is_required);
    if (member != NULL && !rig_setting_is_list(member)) {
        rig_reader_fail(reader, member, "is %s; expected a list ( )", rig_setting_type(member));
        return NULL;
    }
    return member;
}

rig_setting *rig_reader_element(rig_reader *reader, const rig_setting *list, int index)
{
    if (reader->status != RIG_OK)
        return NULL;
    rig_setting *element = rig_setting_element(list, index);
    if (!rig_setting_is_group(element)) {
        rig_reader_fail(reader, element, "is %s; expected a group { }", rig_setting_type(element));
        return NULL;
    }
    return element;
}

static bool in_range(double value, const rig_range *range)
{
    return isfinite(value) && value <= range->high &&
           (range->is_low_open ? value > range->low : value >= range->low);
}

double rig_reader_number(rig_reader *reader, const rig_setting *group, const char *key,
                         const rig_range *range, const double *fallback)
{
    double value = fallback != NULL ? *fallback : 0.0;
    const rig_setting *member = rig_reader_member(reader, group, key, fallback == NULL);
    if (member == NULL)
        return value;
    if (!rig_setting_number(member, &value))
        rig_reader_fail(reader, member, "is %s; expected %s", rig_setting_type(member),
                        range->expected);
    else if (!in_range(value, range)) {
        char text[RIG_SETTING_NUMBER_SIZE];
        rig_setting_number_text(value, text);
        rig_reader_fail(reader, member, "%s is out of range; expected %s", text, range->expected);
    }
    return value;
}

uint64_t rig_reader_count(rig_reader *reader, const rig_setting *group, const char *key,
                          const rig_range *range, const uint64_t *fallback)
{
    uint64_t otherwise = fallback != NULL ? *fallback : 0;
    const rig_setting *member = rig_reader_member(reader, group, key, fallback == NULL);
    int64_t value;
    if (member == NULL)
        return otherwise;
    if (!rig_setting_whole(member, &value)) {
        rig_reader_fail(reader, member, "is %s; expected %s", rig_setting_type(member),
                        range->expected);
        return otherwise;
    }
    if (!in_range((double)value, range)) {
        rig_reader_fail(reader, member, "%lld is out of range; expected %s", (long long)value,
                        range->expected);
        return otherwise;
    }
    return (uint64_t)value;
}

bool rig_reader_bool(rig_reader *reader, const rig_setting *group, const char *key, bool fallback)
{
    bool value = fallback;
    const rig_setting *member = rig_reader_member(reader, group, key, false);
    if (member != NULL && !rig_setting_bool(member, &value))
        rig_reader_fail(reader, member, "is %s; expected true or false", rig_setting_type(member));
    return value;
}

char *rig_reader_string(rig_reader *reader, const rig_setting *group, const char *key,
                        const char *fallback)
{
    const rig_setting *member = rig_reader_member(reader, group, key, fallback == NULL);
    if (reader->status != RIG_OK)
        return NULL;
    const char *text = member != NULL ? rig_setting_text(member) : fallback;
    if (text == NULL) {
        rig_reader_fail(reader, member, "is %s; expected a string in double quotes",
                        rig_setting_type(member));
        return NULL;
    }
    char *copy = strdup(text);
    if (copy == NULL)
        rig_reader_no_memory(reader);
    return copy;
}

int rig_reader_word(rig_reader *reader, const rig_setting *group, const char *key, rig_words words,
                    int fallback)
{
    const rig_setting *member = rig_reader_member(reader, group, key, fallback < 0);
    fallback = fallback < 0 ? 0 : fallback;
    if (member == NULL)
        return fallback;
    const char *text = rig_setting_text(member);
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
        rig_reader_fail(reader, member, "is %s; expected one of: %s", rig_setting_type(member),
                        known);
    else
        rig_reader_fail(reader, member, "\"%s\" is not known; expected one of: %s", text, known);
    return fallback;
}

/* `file`, taken from the folder of the file that names it; NULL when out of memory. */
static char *beside(const char *named_in, const char *file)
{
    char *joined = NULL;
    if (file[0] == '/')
        return strdup(file);
    char *copy = strdup(named_in);
    if (copy == NULL || asprintf(&joined, "%s/%s", dirname(copy), file) < 0)
        joined = NULL;
    free(copy);
    return joined;
}

char *rig_reader_file(rig_reader *reader, const rig_setting *group, const char *key)
{
    char *file = rig_reader_string(reader, group, key, NULL);
    char *path = file != NULL ? beside(reader->path, file) : NULL;
    if (file != NULL && path == NULL)
        rig_reader_no_memory(reader);
    else if (path != NULL && reader->note_file != NULL)
        reader->note_file(reader->note_ctx, path);
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

void rig_reader_refuse(rig_reader *reader, const rig_setting *group, const char *key,
                       const char *why)
{
    const rig_setting *member = rig_setting_member(group, key);
    if (member != NULL)
        rig_reader_fail(reader, member, "has no meaning here; %s", why);
}
