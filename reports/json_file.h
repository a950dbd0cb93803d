/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON documents as files, and reading their members without trust: a member that is missing or of
 * another type gives "nothing", never a crash. */
#ifndef RIG_REPORTS_JSON_FILE_H
#define RIG_REPORTS_JSON_FILE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/status.h"

/** More digits than any figure of a run has, and no trace of binary fractions (0.1 stays 0.1). */
#define RIG_JSON_DIGITS 12

/**
 * Read a JSON document of any type. A member named twice is refused.
 * @param[out] document  Owned by the caller: json_decref. Untouched on error.
 * @return RIG_OK; RIG_EINPUT with "FILE:LINE:COLUMN: ..." for what is not JSON; RIG_EIO naming the
 *         path; RIG_ENOMEM.
 */
rig_status rig_json_read(const char *path, json_t **document, rig_error *err);

/**
 * Write a JSON document: indented by two, members in the order in which they were set, reals with
 * 12 significant digits. Atomic: see core/atomic_file.h.
 * @param document  An object or a list.
 * @return RIG_OK; RIG_EDOM when it is neither; RIG_EIO naming the path; RIG_ENOMEM.
 */
rig_status rig_json_write(const json_t *document, const char *path, rig_error *err);

/**
 * The same on a stream, such as the standard output: the whole document, or nothing of it.
 * @param n_digits  Significant digits of reals: 1 to 17; RIG_JSON_DIGITS are what files have.
 * @param stream  Its own errors (a full disk) stay in it: see ferror and fflush.
 * @return RIG_OK, RIG_EDOM or RIG_ENOMEM.
 */
rig_status rig_json_print(const json_t *document, unsigned n_digits, FILE *stream, rig_error *err);

/**
 * Is this a document of a format? Its member "format" says so.
 * @param where   What the message begins with: the path of the file.
 * @param format  Such as "peakrig result 1".
 * @return RIG_OK, or RIG_EINPUT naming what was found and what is expected.
 */
rig_status rig_json_expect_format(const json_t *document, const char *where, const char *format,
                                  rig_error *err);

/** What a value is, for messages: "a text", "a list", .. ; "missing" for NULL. Static. */
const char *rig_json_kind(const json_t *value);

/** A text member; "" when it is missing, null or no text. Borrowed from the object. */
const char *rig_json_text(const json_t *object, const char *key);

/** A number member; NAN when it is missing, null or no number. */
double rig_json_number(const json_t *object, const char *key);

/**
 * An integer member, exactly (a number read as double has 53 bits only).
 * @param[out] value  Untouched unless true is returned.
 * @return false when it is missing, null or no integer.
 */
bool rig_json_integer(const json_t *object, const char *key, int64_t *value);

/** A member that is true; false in every other case. */
bool rig_json_is_true(const json_t *object, const char *key);

/** A list member; NULL when it is missing or no list (jansson takes NULL for an empty list).
 * Borrowed. */
const json_t *rig_json_list(const json_t *object, const char *key);

/** An object member; NULL when it is missing or no object (the functions above take NULL for an
 * empty object). Borrowed. */
const json_t *rig_json_object(const json_t *object, const char *key);

/** A number of a list; NAN when there is no such item or it is no number. */
double rig_json_number_at(const json_t *list, size_t index);

#endif
