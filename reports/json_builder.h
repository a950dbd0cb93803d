/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one way in which peakrig makes a JSON document: values are added one after the other, and the
 * first that finds no memory sticks. Nobody need look at each result; the end tells, and there is
 * the whole document or none.
 *
 *     rig_json_builder b;
 *     rig_json_begin(&b);
 *     rig_json_add_text(&b, "format", "peakrig example 1");
 *     rig_json_open_list(&b, "shares");
 *     rig_json_add_real(&b, NULL, 0.5);
 *     rig_json_close(&b);
 *     return rig_json_end(&b, &document);
 */
#ifndef RIG_REPORTS_JSON_BUILDER_H
#define RIG_REPORTS_JSON_BUILDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** Deepest nesting of a document: the outermost object counts as one. */
enum { RIG_JSON_MAX_DEPTH = 16 };

/** A document in the making; made valid by rig_json_begin, given up by rig_json_end. Its members
 * are for the functions below only. */
typedef struct rig_json_builder {
    json_t *open[RIG_JSON_MAX_DEPTH]; /* open[0] is owned, the others are in it */
    size_t depth;                     /* open and not closed */
    bool has_failed;                  /* no memory */
    bool is_unbalanced;               /* nested too deeply, or closed more often than opened */
} rig_json_builder;

/** Begin a document: its outermost object is open. It must come to rig_json_end. */
void rig_json_begin(rig_json_builder *builder);

/** The same of a list. */
void rig_json_begin_list(rig_json_builder *builder);

/**
 * Close the outermost object and give the document. All else that was opened must be closed.
 * @param[out] document  Owned by the caller: json_decref. Untouched on error.
 * @return RIG_OK; RIG_ENOMEM when a value found no memory, or rig_json_fail was called: then what
 *         was made is freed; RIG_EDOM when it was nested too deeply, or opened and not closed.
 */
rig_status rig_json_end(rig_json_builder *builder, json_t **document);

/** Say that there was no memory for something that the document needs: rig_json_end will. */
void rig_json_fail(rig_json_builder *builder);

/* Each adds one value to the innermost open object or list, behind what is there.
 * @param key  In an object: the member's name, UTF-8, not yet taken. In a list: NULL. */

/** An object; what follows goes into it, until rig_json_close. */
void rig_json_open_object(rig_json_builder *builder, const char *key);

/** A list; what follows goes into it, until rig_json_close. */
void rig_json_open_list(rig_json_builder *builder, const char *key);

/** The innermost open object or list ends. */
void rig_json_close(rig_json_builder *builder);

/** A text. NULL is null; bytes that are not UTF-8 become U+FFFD, one each. Copied. */
void rig_json_add_text(rig_json_builder *builder, const char *key, const char *text);

/** A number with a fraction; null for NAN and infinities. */
void rig_json_add_real(rig_json_builder *builder, const char *key, double value);

/** A whole number. */
void rig_json_add_integer(rig_json_builder *builder, const char *key, int64_t value);

/** A number of things; at most INT64_MAX is written, the most that a reader takes. */
void rig_json_add_count(rig_json_builder *builder, const char *key, uint64_t value);

/** true or false. */
void rig_json_add_truth(rig_json_builder *builder, const char *key, bool value);

/** null: not known, or there is none. */
void rig_json_add_null(rig_json_builder *builder, const char *key);

/** [low, high], as rig_json_add_real writes them. */
void rig_json_add_interval(rig_json_builder *builder, const char *key, double low, double high);

/** A finished document, as a part of this one. @param part  Its reference is taken, whatever
 * comes. NULL: there was no memory for it. */
void rig_json_add_part(rig_json_builder *builder, const char *key, json_t *part);

#endif
