/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of settings in libconfig's syntax, and its settings one by one. Only this room sees
 * libconfig: to others a setting is opaque.
 *
 * A setting is a scalar, a group { } of named settings, or a list ( ) or array [ ] of unnamed ones.
 * Settings are borrowed from their rig_settings and live as long as it. */
#ifndef RIG_SETTINGS_SETTING_H
#define RIG_SETTINGS_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

/** One setting; libconfig's own, opaque here. */
typedef struct config_setting_t rig_setting;

/** A file that has been read; opaque. */
typedef struct rig_settings rig_settings;

/**
 * Read a file, and those that it includes: their names are relative to its folder.
 *
 * libconfig keeps the low 32 bits of a whole number without an L behind it. Such a number is
 * refused, in included files too.
 * @param[out] settings  Owned by the caller: rig_settings_free. Untouched on error.
 * @return RIG_OK; RIG_EINPUT with "FILE:LINE: what is wrong", also for a file that cannot be read
 *         or holds a NUL byte; RIG_ENOMEM.
 */
rig_status rig_settings_read(const char *path, rig_settings **settings, rig_error *err);

/**
 * The same from a text.
 * @param name    What stands for the file in messages.
 * @param folder  Of included files; NULL: the current one.
 */
rig_status rig_settings_parse(const char *text, const char *name, const char *folder,
                              rig_settings **settings, rig_error *err);

/** Free all settings of a file. NULL-safe. */
void rig_settings_free(rig_settings *settings);

/** The group of all settings at the top. */
rig_setting *rig_settings_root(const rig_settings *settings);

/**
 * Set one value in a file that has been read: --set KEY=VALUE.
 *
 * @param text    "key=value"; the key as in messages ("trunks[0].circuits"), the value in
 *                libconfig's syntax; a word that is no literal is taken as a string. Groups on the
 *                way that are not there are made.
 * @param[out] at The setting that was made; may be NULL.
 * @return RIG_OK; RIG_EINPUT naming the text; RIG_ENOMEM.
 */
rig_status rig_settings_set(rig_settings *settings, const char *text, rig_setting **at,
                            rig_error *err);

/** Members of a group or elements of a list; 0 of a scalar. */
int rig_setting_length(const rig_setting *setting);

/** By its place; NULL beyond the end. */
rig_setting *rig_setting_element(const rig_setting *setting, int index);

/** By its name; NULL when the group has none such, or is no group. */
rig_setting *rig_setting_member(const rig_setting *group, const char *name);

/** By a path such as "traffic.rate" or "agents.[0].ring"; NULL when there is none. */
rig_setting *rig_setting_find(const rig_setting *group, const char *path);

/** Remove a member, if it is there. */
void rig_setting_remove(rig_setting *group, const char *name);

/** The group or list that holds a setting; NULL for the root. */
rig_setting *rig_setting_parent(const rig_setting *setting);

/** Its name; NULL for the root and for elements of lists. */
const char *rig_setting_name(const rig_setting *setting);

/** The line in the file; 0 for one that rig_settings_set made. */
unsigned rig_setting_line(const rig_setting *setting);

/** The (included) file that it stands in; NULL when there is none. */
const char *rig_setting_file(const rig_setting *setting);

/** "trunks[0].e1": how messages and --set name it; "" for the root. Cut to `size`. */
void rig_setting_path(const rig_setting *setting, char *text, size_t size);

/** What it is, for messages: "a string", "a group { }", ..; static. */
const char *rig_setting_type(const rig_setting *setting);

/** A group { }. */
bool rig_setting_is_group(const rig_setting *setting);
/** A list or an array. */
bool rig_setting_is_list(const rig_setting *setting);

/** The text of a string; NULL when it is none. */
const char *rig_setting_text(const rig_setting *setting);

/** Whether it is a whole number; then its value. */
bool rig_setting_whole(const rig_setting *setting, int64_t *value);

/** Whether it is a number, whole or not; then its value. */
bool rig_setting_number(const rig_setting *setting, double *value);

/** Size of a number's text. */
#define RIG_SETTING_NUMBER_SIZE 32

/** Write a number with as few digits as give the same number back: 0.1, 1e+99. */
void rig_setting_number_text(double value, char text[RIG_SETTING_NUMBER_SIZE]);

/** Whether it is true or false; then its value. */
bool rig_setting_bool(const rig_setting *setting, bool *value);

#endif
