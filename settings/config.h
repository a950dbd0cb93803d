/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Typed reading of settings one by one, with errors that say file, line, key, value and
 * expectation. The first error sticks: later calls do nothing and return their default, so a
 * section's reader is a plain list of its keys. What is written as a table of keys is read by
 * settings/table.h. */
#ifndef RIG_SETTINGS_CONFIG_H
#define RIG_SETTINGS_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"
#include "settings/setting.h"

/** State of one reading. */
typedef struct rig_reader {
    const char *path; /**< of the file, for messages and for files named relative to it */
    rig_status status;
    rig_error *err;
    const rig_setting *root; /**< rig_table_read: the whole file; else NULL */
    void *object;            /**< rig_table_read: the whole struct that is filled in; else NULL */
    const struct rig_key_group *table; /**< rig_table_read: the whole table; else NULL */
    void (*note_file)(void *ctx,
                      const char *path); /**< told each file that a key names; may be NULL */
    void *note_ctx;
} rig_reader;

/** An interval of allowed values. */
typedef struct rig_range {
    double low, high;
    bool is_low_open;     /**< low itself is not allowed */
    const char *expected; /**< in words, with the unit and both limits */
} rig_range;

/** A choice of words for an enum: value i is the i-th word; ends with NULL. */
typedef const char *const *rig_words;

/** Record an error at a setting, "FILE:LINE: key: MESSAGE". */
void rig_reader_fail(rig_reader *reader, const rig_setting *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** Record out of memory. */
void rig_reader_no_memory(rig_reader *reader);

/** An error for each key of `group` that is not among `known` (NULL-terminated). */
void rig_reader_check_keys(rig_reader *reader, const rig_setting *group, rig_words known);

/** The word that was probably meant: at most two of five letters differ. NULL: none is near. */
const char *rig_words_nearest(rig_words words, const char *text);

/** Letters to insert, remove or change until one text is the other (Levenshtein); texts of over 100
 * characters are not looked at closely. */
size_t rig_words_distance(const char *a, const char *b);

/** Member of a group; NULL when absent (an error if required). */
rig_setting *rig_reader_member(rig_reader *reader, const rig_setting *group, const char *key,
                               bool is_required);

/** Member that must be a group; NULL when absent (an error if required). */
rig_setting *rig_reader_group(rig_reader *reader, const rig_setting *parent, const char *key,
                              bool is_required);

/** Member that must be a list or array; NULL when absent (an error if required). */
rig_setting *rig_reader_list(rig_reader *reader, const rig_setting *parent, const char *key,
                             bool is_required);

/** Element of a list that must be a group; NULL after an error. */
rig_setting *rig_reader_element(rig_reader *reader, const rig_setting *list, int index);

/** The setting to which an error belongs: the one at `path` ("traffic.rate"), or the root where it
 * was left out. */
const rig_setting *rig_reader_place(const rig_setting *root, const char *path);

/** Whether a key is present. */
bool rig_reader_has(const rig_setting *group, const char *key);

/** A number (integers are numbers); `fallback` NULL = required. */
double rig_reader_number(rig_reader *reader, const rig_setting *group, const char *key,
                         const rig_range *range, const double *fallback);

/** A whole number; `fallback` NULL = required. */
uint64_t rig_reader_count(rig_reader *reader, const rig_setting *group, const char *key,
                          const rig_range *range, const uint64_t *fallback);

/** A boolean. */
bool rig_reader_bool(rig_reader *reader, const rig_setting *group, const char *key, bool fallback);

/** A string on the heap (NULL after an error); `fallback` NULL = required. */
char *rig_reader_string(rig_reader *reader, const rig_setting *group, const char *key,
                        const char *fallback);

/** One of some words; the fallback's number when absent; a fallback < 0 = required (then 0 after
 * an error). */
int rig_reader_word(rig_reader *reader, const rig_setting *group, const char *key, rig_words words,
                    int fallback);

/** A file's name, relative to the folder of the file that is read, as a path on the heap; required.
 * NULL after an error. */
char *rig_reader_file(rig_reader *reader, const rig_setting *group, const char *key);

/** Zeroed room for a list; NULL (and out of memory in the reader) when there is none. */
void *rig_reader_array(rig_reader *reader, int n, size_t size);

/** An error for a key that has no meaning together with another one, if it is there. `why` says
 * what would give it a meaning: "expected only with arrivals = \"recorded\"". */
void rig_reader_refuse(rig_reader *reader, const rig_setting *group, const char *key,
                       const char *why);

#endif
