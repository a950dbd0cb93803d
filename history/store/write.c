/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/store/store.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void bind_text(sqlite3_stmt *s, int at, const char *text)
{
    (void)sqlite3_bind_text(s, at, text, -1, SQLITE_STATIC);
}

/* NAN is NULL in the file. */
static void bind_real(sqlite3_stmt *s, int at, double value)
{
    (void)(isfinite(value) ? sqlite3_bind_double(s, at, value) : sqlite3_bind_null(s, at));
}

/* Carry out a statement that is prepared and bound, and make it ready for the next row. */
static rig_status take(rig_history *h, sqlite3_stmt *s, rig_error *err)
{
    const int rc = sqlite3_step(s);
    (void)sqlite3_reset(s);
    return rc == SQLITE_DONE ? RIG_OK : rig_history_fail(h->path, h->db, rc, h->wait_s, err);
}

static rig_status put_run(rig_history *h, const rig_history_run *run, rig_error *err)
{
    char names[800], marks[200], sql[1100];
    sqlite3_stmt *s = NULL;
    rig_history_columns(NULL, names, sizeof names);
    rig_history_columns("?", marks, sizeof marks);
    (void)snprintf(sql, sizeof sql, "INSERT INTO runs (id%s) VALUES (?%s)", names, marks);
    rig_status status = rig_history_prepare(h, sql, &s, err);
    if (status == RIG_OK) {
        int at = 1;
        bind_text(s, at++, run->id);
        for (int t = 0; t < RIG_HISTORY_N_TEXTS; t++)
            bind_text(s, at++, run->texts[t]);
        for (int c = 0; c < RIG_HISTORY_N_COUNTS; c++)
            (void)sqlite3_bind_int64(s, at++, run->counts[c]);
        for (int r = 0; r < RIG_HISTORY_N_REALS; r++)
            bind_real(s, at++, run->reals[r]);
        status = take(h, s, err);
    }
    (void)sqlite3_finalize(s);
    return status;
}

static rig_status put_labels(rig_history *h, const rig_history_run *run, rig_error *err)
{
    sqlite3_stmt *s = NULL;
    rig_status status = rig_history_prepare(h, "INSERT INTO labels VALUES (?, ?, ?)", &s, err);
    for (size_t i = 0; i < run->n_labels && status == RIG_OK; i++) {
        bind_text(s, 1, run->id);
        bind_text(s, 2, run->labels[i].key);
        bind_text(s, 3, run->labels[i].value);
        status = take(h, s, err);
    }
    (void)sqlite3_finalize(s);
    return status;
}

static rig_status put_stages(rig_history *h, const rig_history_run *run, rig_error *err)
{
    sqlite3_stmt *s = NULL;
    rig_status status =
        rig_history_prepare(h, "INSERT INTO stages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", &s, err);
    for (int i = 0; i < RIG_N_STAGES && status == RIG_OK; i++) {
        const rig_history_stage *stage = &run->stages[i];
        bind_text(s, 1, run->id);
        (void)sqlite3_bind_int(s, 2, i);
        (void)sqlite3_bind_int64(s, 3, (sqlite3_int64)stage->n_entered);
        (void)sqlite3_bind_int64(s, 4, (sqlite3_int64)stage->n_lost);
        bind_real(s, 5, stage->p_predicted);
        bind_real(s, 6, stage->predicted_low);
        bind_real(s, 7, stage->predicted_high);
        bind_real(s, 8, stage->margin);
        bind_text(s, 9, stage->judgement);
        status = take(h, s, err);
    }
    (void)sqlite3_finalize(s);
    return status;
}

static rig_status put_metrics(rig_history *h, const rig_history_run *run, rig_error *err)
{
    sqlite3_stmt *s = NULL;
    rig_status status =
        rig_history_prepare(h, "INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?, ?, ?)", &s, err);
    for (size_t i = 0; i < run->n_metrics && status == RIG_OK; i++) {
        const rig_history_metric *m = &run->metrics[i];
        bind_text(s, 1, run->id);
        (void)sqlite3_bind_int64(s, 2, (sqlite3_int64)i);
        bind_text(s, 3, m->name);
        bind_text(s, 4, m->unit);
        bind_real(s, 5, m->observed);
        bind_real(s, 6, m->predicted);
        bind_real(s, 7, m->low);
        bind_real(s, 8, m->high);
        status = take(h, s, err);
    }
    (void)sqlite3_finalize(s);
    return status;
}

/* One statement about one run: its id, and perhaps a text. */
static rig_status take_for(rig_history *h, const char *sql, const rig_history_run *run,
                           const char *text, rig_error *err)
{
    sqlite3_stmt *s = NULL;
    rig_status status = rig_history_prepare(h, sql, &s, err);
    if (status == RIG_OK) {
        bind_text(s, 1, run->id);
        if (text != NULL)
            bind_text(s, 2, text);
        status = take(h, s, err);
    }
    (void)sqlite3_finalize(s);
    return status;
}

/* Whether the run is there already, and judged at that instant or later. */
static rig_status look_up(rig_history *h, const rig_history_run *run, rig_history_put *put,
                          rig_error *err)
{
    sqlite3_stmt *s = NULL;
    rig_status status = rig_history_prepare(h, "SELECT judged_utc FROM runs WHERE id = ?", &s, err);
    if (status != RIG_OK)
        return status;
    bind_text(s, 1, run->id);
    const int rc = sqlite3_step(s);
    *put = RIG_HISTORY_ADDED;
    if (rc == SQLITE_ROW) {
        const char *then = (const char *)sqlite3_column_text(s, 0);
        *put = then != NULL && strcmp(then, run->texts[RIG_HISTORY_JUDGED_UTC]) >= 0
                   ? RIG_HISTORY_UNCHANGED
                   : RIG_HISTORY_RENEWED;
    }
    (void)sqlite3_finalize(s);
    return rc == SQLITE_ROW || rc == SQLITE_DONE
               ? RIG_OK
               : rig_history_fail(h->path, h->db, rc, h->wait_s, err);
}

static rig_status put_one(rig_history *h, const rig_history_run *run, rig_history_put *put,
                          rig_error *err)
{
    rig_status status = look_up(h, run, put, err);
    if (status != RIG_OK || *put == RIG_HISTORY_UNCHANGED)
        return status;
    if (*put == RIG_HISTORY_RENEWED)
        status = take_for(h, "DELETE FROM runs WHERE id = ?", run, NULL, err);
    if (status == RIG_OK)
        status = put_run(h, run, err);
    if (status == RIG_OK)
        status = put_labels(h, run, err);
    if (status == RIG_OK)
        status = put_stages(h, run, err);
    if (status == RIG_OK)
        status = put_metrics(h, run, err);
    if (status == RIG_OK && run->calls[0] != '\0')
        status = take_for(h, "INSERT INTO calls VALUES (?, ?)", run, run->calls, err);
    return status;
}

rig_status rig_history_add_all(rig_history *history, const rig_history_runs *runs, size_t n[3],
                               rig_error *err)
{
    size_t made[3] = {0};
    rig_status status = rig_history_exec(history, "BEGIN IMMEDIATE", err);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < runs->n && status == RIG_OK; i++) {
        rig_history_put put = RIG_HISTORY_ADDED;
        status = put_one(history, runs->items[i], &put, err);
        made[put]++;
    }
    if (status == RIG_OK)
        status = rig_history_exec(history, "COMMIT", err);
    if (status != RIG_OK) { /* a full disk may have rolled back already: then this does nothing */
        (void)sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
        return status;
    }
    memcpy(n, made, sizeof made);
    return RIG_OK;
}

rig_status rig_history_add(rig_history *history, const rig_history_run *run, rig_history_put *put,
                           rig_error *err)
{
    size_t n[3];
    rig_history_run *one[] = {(rig_history_run *)(uintptr_t)run}; /* read only */
    rig_status status =
        rig_history_add_all(history, &(rig_history_runs){.items = one, .n = 1}, n, err);
    if (status == RIG_OK && put != NULL)
        *put = n[RIG_HISTORY_ADDED] > 0     ? RIG_HISTORY_ADDED
               : n[RIG_HISTORY_RENEWED] > 0 ? RIG_HISTORY_RENEWED
                                            : RIG_HISTORY_UNCHANGED;
    return status;
}
