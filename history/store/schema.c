/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/store/schema.h"

#include <stdio.h>

#include "history/store.h"

/* What is here is never changed: files of that version are out there. A new version is a step more.
 */

static const char version_1[] =
    "CREATE TABLE runs (id TEXT PRIMARY KEY NOT NULL,"
    " scenario TEXT NOT NULL DEFAULT '', status TEXT NOT NULL DEFAULT '',"
    " judgement TEXT NOT NULL DEFAULT '', stage TEXT NOT NULL DEFAULT '',"
    " summary TEXT NOT NULL DEFAULT '', cause TEXT NOT NULL DEFAULT '',"
    " peakrig TEXT NOT NULL DEFAULT '', judged_utc TEXT NOT NULL DEFAULT '',"
    " target TEXT NOT NULL DEFAULT '', defects TEXT NOT NULL DEFAULT '',"
    " folder TEXT NOT NULL DEFAULT '', scenario_sha256 TEXT NOT NULL DEFAULT '',"
    " schedule_sha256 TEXT NOT NULL DEFAULT '', plan_sha256 TEXT NOT NULL DEFAULT '',"
    " calls_sha256 TEXT NOT NULL DEFAULT '', play_sha256 TEXT NOT NULL DEFAULT '',"
    " capture_sha256 TEXT NOT NULL DEFAULT '',"
    " start_ms INTEGER NOT NULL DEFAULT 0, seed INTEGER NOT NULL DEFAULT 0,"
    " exit_code INTEGER NOT NULL DEFAULT 0, n_planned INTEGER NOT NULL DEFAULT 0,"
    " n_offered INTEGER NOT NULL DEFAULT 0, n_waits INTEGER NOT NULL DEFAULT 0,"
    " time_scale REAL, wait_mean_s REAL, wait_sd_s REAL) WITHOUT ROWID;"
    "CREATE INDEX runs_by_time ON runs (start_ms, id);"
    "CREATE INDEX runs_by_scenario ON runs (scenario, start_ms);"
    "CREATE TABLE labels (run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,"
    " key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run, key)) WITHOUT ROWID;"
    "CREATE TABLE stages (run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,"
    " stage INTEGER NOT NULL, n_entered INTEGER NOT NULL, n_lost INTEGER NOT NULL,"
    " p_predicted REAL, predicted_low REAL, predicted_high REAL, margin REAL,"
    " judgement TEXT NOT NULL DEFAULT '', PRIMARY KEY (run, stage)) WITHOUT ROWID;"
    "CREATE TABLE metrics (run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,"
    " place INTEGER NOT NULL, name TEXT NOT NULL, unit TEXT NOT NULL,"
    " observed REAL, predicted REAL, low REAL, high REAL,"
    " PRIMARY KEY (run, place)) WITHOUT ROWID;"
    "CREATE TABLE calls (run TEXT PRIMARY KEY NOT NULL REFERENCES runs ON DELETE CASCADE,"
    " ends TEXT NOT NULL);";

/* Which run a run was held against, and what came of it. */
static const char version_2[] =
    "ALTER TABLE runs ADD COLUMN baseline TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE runs ADD COLUMN baseline_judgement TEXT NOT NULL DEFAULT '';";

static const char *const steps[RIG_HISTORY_SCHEMA] = {version_1, version_2};

static int read_number(sqlite3 *db, const char *sql, int *number)
{
    sqlite3_stmt *query = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &query, NULL);
    if (rc == SQLITE_OK) {
        rc = sqlite3_step(query);
        if (rc == SQLITE_ROW)
            *number = sqlite3_column_int(query, 0);
    }
    (void)sqlite3_finalize(query);
    return rc == SQLITE_ROW ? SQLITE_OK : rc;
}

int rig_history_schema_read(sqlite3 *db, rig_history_header *header)
{
    const bool is_inside = sqlite3_get_autocommit(db) == 0; /* in a transaction of the caller's */
    int rc = is_inside ? SQLITE_OK : sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
    if (rc == SQLITE_OK)
        rc = read_number(db, "SELECT count(*) FROM sqlite_schema", &header->n_tables);
    if (rc == SQLITE_OK)
        rc = read_number(db, "PRAGMA application_id", &header->application);
    if (rc == SQLITE_OK)
        rc = read_number(db, "PRAGMA user_version", &header->version);
    if (!is_inside)
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

int rig_history_schema_raise(sqlite3 *db, int version)
{
    char mark[100];
    int rc = SQLITE_OK;
    for (int v = version; v < RIG_HISTORY_SCHEMA && rc == SQLITE_OK; v++)
        rc = sqlite3_exec(db, steps[v], NULL, NULL, NULL);
    (void)snprintf(mark, sizeof mark, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                   RIG_HISTORY_APPLICATION, RIG_HISTORY_SCHEMA);
    return rc == SQLITE_OK ? sqlite3_exec(db, mark, NULL, NULL, NULL) : rc;
}
