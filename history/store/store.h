/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An open history from within. Internal to history/store. */
#ifndef RIG_HISTORY_STORE_STORE_H
#define RIG_HISTORY_STORE_STORE_H

#include <sqlite3.h>

#include "history/store.h"

struct rig_history {
    sqlite3 *db;
    char *path;
    double wait_s;
};

/** Say what an SQLite result code means of a file, and what helps. @param db  NULL: not open.
 * @return RIG_EIO, RIG_EINPUT or RIG_ENOMEM. */
rig_status rig_history_fail(const char *path, sqlite3 *db, int rc, double wait_s, rig_error *err);

/** Run statements without rows. @return as rig_history_fail, or RIG_OK. */
rig_status rig_history_exec(rig_history *history, const char *sql, rig_error *err);

/** Prepare a statement; the caller finalizes it. */
rig_status rig_history_prepare(rig_history *history, const char *sql, sqlite3_stmt **statement,
                               rig_error *err);

/** The columns of runs behind the id, "scenario, status, ..", in the order of texts, counts and
 * reals. @param mark  What stands in the place of each name; NULL: the name. */
void rig_history_columns(const char *mark, char *text, size_t size);

#endif
