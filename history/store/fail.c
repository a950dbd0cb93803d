/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/store/store.h"

#include <stdio.h>
#include <string.h>

rig_status rig_history_fail(const char *path, sqlite3 *db, int rc, double wait_s, rig_error *err)
{
    const int cause = db != NULL ? sqlite3_system_errno(db) : 0;
    switch (rc & 0xff) {
    case SQLITE_NOMEM:
        return rig_fail(err, RIG_ENOMEM, "history %s: out of memory", path);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return rig_fail(err, RIG_EIO,
                        "history %s: another program has kept it locked for %.0f s; try again when "
                        "it has ended",
                        path, wait_s);
    case SQLITE_FULL:
        return rig_fail(err, RIG_EIO, "history %s: cannot be written: no room on the disk", path);
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_CANTOPEN:
        return rig_fail(
            err, RIG_EIO,
            "history %s: cannot be opened or written (%s): expected a file and a folder "
            "that may be written, as %s-wal and %s-shm stand beside it while it is used",
            path, cause != 0 ? strerror(cause) : sqlite3_errstr(rc), path, path);
    case SQLITE_NOTADB:
        return rig_fail(err, RIG_EINPUT,
                        "history %s: is no SQLite file; expected a history of peakrig", path);
    case SQLITE_CORRUPT:
        return rig_fail(
            err, RIG_EINPUT,
            "history %s: is damaged (%s): move it away; `peakrig history add RUN_DIR..` "
            "makes a new one from the folders of runs",
            path, db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(rc));
    default:
        return rig_fail(err, RIG_EIO, "history %s: %s%s%s", path,
                        db != NULL ? sqlite3_errmsg(db) : sqlite3_errstr(rc),
                        cause != 0 ? ": " : "", cause != 0 ? strerror(cause) : "");
    }
}

rig_status rig_history_exec(rig_history *history, const char *sql, rig_error *err)
{
    const int rc = sqlite3_exec(history->db, sql, NULL, NULL, NULL);
    return rc == SQLITE_OK ? RIG_OK
                           : rig_history_fail(history->path, history->db, rc, history->wait_s, err);
}

rig_status rig_history_prepare(rig_history *history, const char *sql, sqlite3_stmt **statement,
                               rig_error *err)
{
    const int rc = sqlite3_prepare_v2(history->db, sql, -1, statement, NULL);
    return rc == SQLITE_OK ? RIG_OK
                           : rig_history_fail(history->path, history->db, rc, history->wait_s, err);
}

void rig_history_columns(const char *mark, char *text, size_t size)
{
    size_t used = 0;
    for (int i = 0; i < RIG_HISTORY_N_TEXTS + RIG_HISTORY_N_COUNTS + RIG_HISTORY_N_REALS; i++) {
        const int count = i - RIG_HISTORY_N_TEXTS, real = count - RIG_HISTORY_N_COUNTS;
        const char *name = i < RIG_HISTORY_N_TEXTS ? rig_history_text_name((rig_history_text)i)
                           : real < 0 ? rig_history_count_name((rig_history_count)count)
                                      : rig_history_real_name((rig_history_real)real);
        used += (size_t)snprintf(text + used, size - used, ", %s", mark != NULL ? mark : name);
    }
}
