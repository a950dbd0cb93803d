/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a table of keys does with a file and a struct: reads, checks, writes, frees. */
#ifndef RIG_SETTINGS_TABLE_H
#define RIG_SETTINGS_TABLE_H

#include "settings/key.h"

/**
 * Read a file into a struct, by its table. Three passes, so that no row need know in which order
 * the file says things: each value by itself (type, range, default); then what refers to other keys
 * (names, computed defaults, rig_key_group.finish); then the rules on several keys.
 *
 * @param reader  path and err are the caller's; `root` and `object` are set here. The first error
 *                sticks, at the right line.
 * @param object  Zeroed by the caller, of table->size; whatever was made before an error stays in
 *                it, for rig_table_clear.
 */
void rig_table_read(rig_reader *reader, const rig_setting *root, const rig_key_group *table,
                    void *object);

/** Read a group that is no part of the table's own file order (a rig_key_type's): the first pass
 * alone. */
void rig_table_read_group(rig_reader *reader, const rig_setting *at, const rig_key_group *group,
                          void *object);

/** Free all that the struct's members own; the struct itself is the caller's. It is zeroed. */
void rig_table_clear(const rig_key_group *table, void *object);

/** Write a struct, every default spelled out, in the order of the rows. Failures of the stream are
 * found when the file is committed. */
void rig_table_write(FILE *out, const rig_key_group *table, const void *object);

/** What was set on the command line takes the place of what excludes it: "circuits" of "e1".
 * @param at  As rig_settings_set made it. */
void rig_table_replace(const rig_key_group *table, rig_setting *at);

/** Takes a key. */
typedef void (*rig_table_take)(void *ctx, const rig_setting *at);

/** Tell all keys that are only simulated and in use, in the order of the table. */
void rig_table_not_played(const rig_setting *root, const rig_key_group *table, const void *object,
                          rig_table_take take, void *ctx);

/** Check a text against its row (length, characters); errors at `at`. @return whether it is good.
 */
bool rig_table_check_text(rig_reader *reader, const rig_setting *at, const rig_key *key,
                          const char *text);

/** The number of a name among names; -1 when there is none. */
int rig_names_find(rig_names names, const char *name);

/* ---- values in libconfig's syntax, for rig_key_type.write ---- */

/** `1.5` with as few digits as give the same number back; always a float. */
void rig_write_number(FILE *out, double value);

/** `"text"`, with what needs it escaped. */
void rig_write_text(FILE *out, const char *text);

#endif
