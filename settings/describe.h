/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a table of keys says of itself: paths, tables for documents, a JSON Schema. */
#ifndef RIG_SETTINGS_DESCRIBE_H
#define RIG_SETTINGS_DESCRIBE_H

#include "settings/key.h"

/** Takes a key; `path` is "trunks[].e1", borrowed for the call; `played` is that of the key or of a
 * group around it that can do less. */
typedef void (*rig_keys_take)(void *ctx, const char *path, const rig_key *key,
                              rig_key_played played);

/** Tell all keys, in the order of the rows, those of a group behind the group. */
void rig_keys_each(const rig_key_group *table, rig_keys_take take, void *ctx);

/**
 * The key that was probably meant by a path of --set: at most a third of its letters differ.
 * @param[out] path  "trunks[].e1", cut to `size`; untouched when none is near.
 * @return Whether there is one.
 */
bool rig_keys_nearest(const rig_key_group *table, const char *text, char *path, size_t size);

/** The group of a path: "" the table itself, "traffic", "traffic.rate[]"; NULL when there is none.
 */
const rig_key_group *rig_keys_group(const rig_key_group *table, const char *path);

/** "whole number, 1 to 16", "`"udp"` or `"tcp"`": what a key may hold, in Markdown. Cut to `size`.
 */
void rig_key_value_text(const rig_key *key, char *text, size_t size);

/** "required", "20", "as many as circuits": what a key is by default, in Markdown. Cut to `size`.
 */
void rig_key_default_text(const rig_key *key, char *text, size_t size);

/** "model only", "more than 1: model only", "embedded only" or "". Cut to `size`.
 * @param played  As rig_keys_take has it, or that of the key. */
void rig_key_played_text(const rig_key *key, rig_key_played played, char *text, size_t size);

/** A table in Markdown of the keys of one group (its own rows, not those of groups in it). */
void rig_keys_write_markdown(FILE *out, const rig_key_group *group);

/**
 * Such tables of all groups, those of types' group forms among them, each behind a line
 * "<!-- keys: PATH -->" and before a line "<!-- end -->". A group that several keys have is written
 * once; a type with a number form is named by its noun.
 * @param name  Of the table itself.
 */
void rig_keys_write_tables(FILE *out, const rig_key_group *table, const char *name);

/**
 * A JSON Schema (draft 2020-12) of what the table reads: groups are objects, lists and arrays are
 * arrays. It says each key's type, range, words and default, and which are required and excluded;
 * rules on several keys that only a hook knows are not in it.
 * @param types  Whose groups are written once, as "#/$defs/NOUN"; NULL-terminated.
 */
void rig_keys_write_schema(FILE *out, const rig_key_group *table, const char *title,
                           const rig_key_type *const *types);

/* ---- for rig_key_type.schema ---- */

/** A JSON string. */
void rig_schema_write_text(FILE *out, const char *text);

/** The members that say what a NUMBER or COUNT may be: "type": .., "minimum": .. */
void rig_schema_write_range(FILE *out, const rig_key *key);

/** The members that say what a TEXT may be: "type": "string", "pattern": .. */
void rig_schema_write_string(FILE *out, const rig_key *key);

/** A group as an object { .. }. @param depth  Levels of indentation of its end. */
void rig_schema_write_group(FILE *out, const rig_key_group *group, int depth);

#endif
