/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One value of a row: reading, default, reaching it in its struct. Internal to settings/. */
#ifndef RIG_SETTINGS_TABLE_VALUE_H
#define RIG_SETTINGS_TABLE_VALUE_H

#include "settings/table.h"

/** Take a setting as the row's value, in the first pass: no GROUP, no LIST. @param index  Place of
 * the owner in its list (for its name). */
void rig_value_read(rig_reader *reader, const rig_setting *at, const rig_key *key, void *owner);

/** The row's default; a second row has none. */
void rig_value_default(rig_reader *reader, const rig_key *key, void *owner, int index);

/** Whether the value is the row's default (NUMBER, COUNT, BOOL, WORD; an empty LIST). */
bool rig_value_is_default(const rig_key *key, const void *owner);

/** Set the length of a LIST or TEXTS. */
void rig_value_set_length(const rig_key *key, void *owner, size_t n);

/** The struct of one element of a LIST. */
void *rig_value_element(const rig_key *key, const void *owner, size_t index);

#endif
