/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/store/store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char *text_at(sqlite3_stmt *s, int at)
{
    const unsigned char *text = sqlite3_column_text(s, at);
    return text != NULL ? (const char *)text : "";
}

static double real_at(sqlite3_stmt *s, int at)
{
    return sqlite3_column_type(s, at) == SQLITE_NULL ? (double)NAN : sqlite3_column_double(s, at);
}

static uint64_t count_at(sqlite3_stmt *s, int at)
{
    const sqlite3_int64 n = sqlite3_column_int64(s, at);
    return n > 0 ? (uint64_t)n : 0;
}

/* What a row of a table is to a run. */
typedef rig_status (*row_reader)(sqlite3_stmt *s, rig_history_run *run);

static rig_status read_label(sqlite3_stmt *s, rig_history_run *run)
{
    return rig_history_run_set_label(run, text_at(s, 0), text_at(s, 1), NULL);
}

static rig_status read_stage(sqlite3_stmt *s, rig_history_run *run)
{
    const int i = sqlite3_column_int(s, 0);
    if (i < 0 || i >= RIG_N_STAGES)
        return RIG_EINPUT;
    rig_history_stage *stage = &run->stages[i];
    *stage = (rig_history_stage){.n_entered = count_at(s, 1),
                                 .n_lost = count_at(s, 2),
                                 .p_predicted = real_at(s, 3),
                                 .predicted_low = real_at(s, 4),
                                 .predicted_high = real_at(s, 5),
                                 .margin = real_at(s, 6)};
    (void)snprintf(stage->judgement, sizeof stage->judgement, "%s", text_at(s, 7));
    return RIG_OK;
}

static rig_status read_metric(sqlite3_stmt *s, rig_history_run *run)
{
    return rig_history_run_add_metric(run, text_at(s, 0), text_at(s, 1), real_at(s, 2),
                                      real_at(s, 3), real_at(s, 4), real_at(s, 5));
}

static rig_status read_calls(sqlite3_stmt *s, rig_history_run *run)
{
    return rig_history_run_set_calls(run, text_at(s, 0));
}

static const struct part {
    const char *sql;
    row_reader read;
} parts[] = {
    {"SELECT key, value FROM labels WHERE run = ? ORDER BY key", read_label},
    {"SELECT stage, n_entered, n_lost, p_predicted, predicted_low, predicted_high, margin,"
     " judgement FROM stages WHERE run = ?",
     read_stage},
    {"SELECT name, unit, observed, predicted, low, high FROM metrics WHERE run = ? ORDER BY place",
     read_metric},
    {"SELECT ends FROM calls WHERE run = ?", read_calls},
};
#define N_PARTS (sizeof parts / sizeof *parts)

static rig_status fail_row(rig_history *h, rig_status status, rig_error *err)
{
    return status == RIG_ENOMEM ? rig_fail(err, status, "history %s: out of memory", h->path)
                                : rig_history_fail(h->path, NULL, SQLITE_CORRUPT, h->wait_s, err);
}

static rig_status read_part(rig_history *h, sqlite3_stmt *s, row_reader read, rig_history_run *run,
                            rig_error *err)
{
    rig_status status = RIG_OK;
    int rc;
    (void)sqlite3_bind_text(s, 1, run->id, -1, SQLITE_STATIC);
    while ((rc = sqlite3_step(s)) == SQLITE_ROW && status == RIG_OK)
        status = read(s, run);
    if (status != RIG_OK)
        status = fail_row(h, status, err);
    else if (rc != SQLITE_DONE)
        status = rig_history_fail(h->path, h->db, rc, h->wait_s, err);
    (void)sqlite3_reset(s);
    return status;
}

static rig_status read_run(sqlite3_stmt *s, rig_history_run **run)
{
    rig_history_run *made = rig_history_run_new();
    rig_status status = made == NULL ? RIG_ENOMEM : RIG_OK;
    int at = 1;
    if (status == RIG_OK)
        (void)snprintf(made->id, sizeof made->id, "%s", text_at(s, 0));
    for (int t = 0; t < RIG_HISTORY_N_TEXTS && status == RIG_OK; t++)
        status = rig_history_run_set(made, (rig_history_text)t, text_at(s, at++));
    for (int c = 0; c < RIG_HISTORY_N_COUNTS && status == RIG_OK; c++)
        made->counts[c] = sqlite3_column_int64(s, at++);
    for (int r = 0; r < RIG_HISTORY_N_REALS && status == RIG_OK; r++)
        made->reals[r] = real_at(s, at++);
    if (status == RIG_OK)
        *run = made;
    else
        rig_history_run_free(made);
    return status;
}

/* The question, with a mark for each value: names are of ours alone. */
static char *question_of(const rig_history_filter *f)
{
    char columns[800], *sql = NULL;
    size_t size;
    FILE *out = open_memstream(&sql, &size);
    if (out == NULL)
        return NULL;
    rig_history_columns(NULL, columns, sizeof columns);
    (void)fprintf(out, "SELECT id%s FROM runs WHERE 1", columns);
    if (f->id != NULL)
        (void)fputs(" AND substr(id, 1, length(?)) = ?", out);
    if (f->scenario != NULL)
        (void)fputs(" AND scenario = ?", out);
    if (f->judgement != NULL)
        (void)fputs(" AND judgement = ?", out);
    for (size_t i = 0; i < f->n_labels; i++)
        (void)fputs(" AND EXISTS (SELECT 1 FROM labels WHERE run = id AND key || '=' || value = ?)",
                    out);
    if (f->has_since)
        (void)fputs(" AND start_ms >= ?", out);
    if (f->has_until)
        (void)fputs(" AND start_ms < ?", out);
    (void)fputs(" ORDER BY start_ms DESC, id DESC", out);
    if (f->limit > 0)
        (void)fputs(" LIMIT ?", out);
    if (fclose(out) != 0) {
        free(sql);
        return NULL;
    }
    return sql;
}

static void bind_filter(sqlite3_stmt *s, const rig_history_filter *f)
{
    const char *const texts[] = {f->id, f->id, f->scenario, f->judgement};
    int at = 1;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] != NULL)
            (void)sqlite3_bind_text(s, at++, texts[i], -1, SQLITE_STATIC);
    for (size_t i = 0; i < f->n_labels; i++)
        (void)sqlite3_bind_text(s, at++, f->labels[i], -1, SQLITE_STATIC);
    if (f->has_since)
        (void)sqlite3_bind_int64(s, at++, f->since_ms);
    if (f->has_until)
        (void)sqlite3_bind_int64(s, at++, f->until_ms);
    if (f->limit > 0)
        (void)sqlite3_bind_int64(s, at++, f->limit);
}

static rig_status read_runs(rig_history *h, const rig_history_filter *f, rig_history_runs *runs,
                            rig_error *err)
{
    sqlite3_stmt *s = NULL;
    int rc = SQLITE_DONE;
    char *sql = question_of(f);
    rig_status status = sql == NULL
                            ? rig_fail(err, RIG_ENOMEM, "history %s: out of memory", h->path)
                            : rig_history_prepare(h, sql, &s, err);
    if (status == RIG_OK)
        bind_filter(s, f);
    while (status == RIG_OK && (rc = sqlite3_step(s)) == SQLITE_ROW) {
        rig_history_run *run = NULL;
        status = read_run(s, &run);
        if (status == RIG_OK && (status = rig_history_runs_add(runs, run)) != RIG_OK)
            rig_history_run_free(run);
        if (status != RIG_OK)
            status = fail_row(h, status, err);
    }
    if (status == RIG_OK && rc != SQLITE_DONE)
        status = rig_history_fail(h->path, h->db, rc, h->wait_s, err);
    (void)sqlite3_finalize(s);
    free(sql);
    return status;
}

static void reverse(rig_history_runs *runs)
{
    for (size_t i = 0; i < runs->n / 2; i++) {
        rig_history_run *run = runs->items[i];
        runs->items[i] = runs->items[runs->n - 1 - i];
        runs->items[runs->n - 1 - i] = run;
    }
}

rig_status rig_history_list(rig_history *history, const rig_history_filter *filter,
                            rig_history_runs *runs, rig_error *err)
{
    rig_history_runs made = {.n = 0};
    /* one instant for all that is read: others may write meanwhile */
    rig_status status = rig_history_exec(history, "BEGIN", err);
    if (status != RIG_OK)
        return status;
    status = read_runs(history, filter, &made, err);
    for (size_t p = 0; p < N_PARTS - !filter->with_calls && status == RIG_OK; p++) {
        sqlite3_stmt *s = NULL;
        status = rig_history_prepare(history, parts[p].sql, &s, err);
        for (size_t i = 0; i < made.n && status == RIG_OK; i++)
            status = read_part(history, s, parts[p].read, made.items[i], err);
        (void)sqlite3_finalize(s);
    }
    (void)sqlite3_exec(history->db, "COMMIT", NULL, NULL, NULL);
    reverse(&made);
    if (status == RIG_OK)
        *runs = made;
    else
        rig_history_runs_clear(&made);
    return status;
}
