/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a history, and how an older file gets them. Internal to history/store. */
#ifndef RIG_HISTORY_STORE_SCHEMA_H
#define RIG_HISTORY_STORE_SCHEMA_H

#include <sqlite3.h>

/** What stands in the header of a file of ours (PRAGMA application_id): "pkrg". */
#define RIG_HISTORY_APPLICATION 0x706b7267

/** What a file says of itself. */
typedef struct rig_history_header {
    int application, version;
    int n_tables; /**< and whatever else a schema has */
} rig_history_header;

/** Read it, all as of one instant: another process may be making the tables. @return an SQLite
 * result code. */
int rig_history_schema_read(sqlite3 *db, rig_history_header *header);

/** Make the tables of the newest version from those of `version` (0: an empty file). Within a
 * transaction of the caller's. @return an SQLite result code. */
int rig_history_schema_raise(sqlite3 *db, int version);

#endif
