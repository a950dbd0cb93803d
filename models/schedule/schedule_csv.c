/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "core/csv.h"
#include "core/slice.h"
#include "models/schedule.h"

#define FORMAT_NAME "peakrig schedule 1"

enum { AT_INDEX, AT_NUMBER, AT_HANGS_UP, AT_TIMES };

static const char *const columns[] = {"planned_index",
                                      "number",
                                      "hangs_up",
                                      "t_s",
                                      "patience_answer_s",
                                      "patience_queue_s",
                                      "patience_ringing_s",
                                      "self_service_s",
                                      "talk_s",
                                      "ring_0_s",
                                      "ring_1_s",
                                      "ring_2_s",
                                      "ring_3_s"};
#define N_COLUMNS (sizeof columns / sizeof *columns)
/* What stays a caller's; a file of an earlier version lacks these columns: then all are 0. */
static const char *const kinds[] = {"carrier", "class", "choice"};
#define N_KINDS (sizeof kinds / sizeof *kinds)
/* Only where callers dial again. Of a redial t_s is empty. */
enum { AT_CALLER, AT_ATTEMPT, AT_REDIAL, AT_BACKUP, N_AGAIN };
/* A file of an earlier version lacks the last one: nobody dials the backup number. */
static const char *const again[N_AGAIN] = {"caller", "attempt", "redial_s", "backup"};
#define N_TIMES (N_COLUMNS - AT_TIMES)

/* The durations of a call in the order of their columns. */
static void times_of(rig_planned_call *call, double *times_s[N_TIMES])
{
    double *all[N_TIMES] = {&call->t_s,
                            &call->patience_answer_s,
                            &call->patience_queue_s,
                            &call->patience_ringing_s,
                            &call->self_service_s,
                            &call->talk_s,
                            &call->ring_s[0],
                            &call->ring_s[1],
                            &call->ring_s[2],
                            &call->ring_s[3]};
    memcpy(times_s, all, sizeof all);
}

static void kinds_of(rig_planned_call *call, uint16_t *of[N_KINDS])
{
    uint16_t *all[N_KINDS] = {&call->trunk, &call->caller_class, &call->choice};
    memcpy(of, all, sizeof all);
}

rig_status rig_schedule_write(const rig_schedule *schedule, const char *path,
                              const char *scenario_sha256, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    FILE *out = rig_atomic_file_stream(file);
    (void)fprintf(out,
                  "# format: " FORMAT_NAME "\n# peakrig: " PEAKRIG_VERSION "\n# seed: %llu\n"
                  "# replication: %u\n# scenario_sha256: %s\n",
                  (unsigned long long)schedule->seed, schedule->replication, scenario_sha256);
    for (size_t c = 0; c < N_COLUMNS; c++)
        (void)fprintf(out, "%s%s", c ? "," : "", columns[c]);
    for (size_t c = 0; c < N_KINDS; c++)
        (void)fprintf(out, ",%s", kinds[c]);
    for (size_t c = 0; c < N_AGAIN && schedule->n_redials > 0; c++)
        (void)fprintf(out, ",%s", again[c]);
    (void)fputc('\n', out);
    for (size_t i = 0; i < schedule->n; i++) {
        rig_planned_call call = schedule->calls[i];
        double *times_s[N_TIMES];
        times_of(&call, times_s);
        (void)fprintf(out, "%zu,%llu,%s", i, (unsigned long long)call.number,
                      call.caller_hangs_up ? "caller" : "agent");
        for (size_t k = 0; k < N_TIMES; k++) {
            if (isnan(*times_s[k]))
                (void)fputc(',', out);
            else
                (void)fprintf(out, ",%.6f", *times_s[k]);
        }
        uint16_t *of[N_KINDS];
        kinds_of(&call, of);
        for (size_t k = 0; k < N_KINDS; k++)
            (void)fprintf(out, ",%u", *of[k]);
        if (schedule->n_redials > 0)
            (void)fprintf(out, ",%zu,%u,%.6f,%d", rig_schedule_first_of(schedule, i), call.attempt,
                          call.redial_s, call.is_backup);
        (void)fputc('\n', out);
    }
    return rig_atomic_file_commit(file, err);
}

static rig_status read_row(const rig_csv *csv, const char *path, const size_t at[N_COLUMNS],
                           size_t row, rig_planned_call *call, rig_error *err)
{
    uint64_t index = 0;
    size_t line = rig_csv_line(csv, row);
    const char *text = rig_csv_field(csv, row, at[AT_INDEX]);
    if (!rig_slice_u64(rig_slice_of(text), &index) || index != row)
        return rig_fail(err, RIG_EINPUT, "%s:%zu: planned_index: \"%s\"; expected %zu", path, line,
                        text, row);
    text = rig_csv_field(csv, row, at[AT_NUMBER]);
    if (!rig_slice_u64(rig_slice_of(text), &call->number))
        return rig_fail(err, RIG_EINPUT, "%s:%zu: number: \"%s\"; expected digits", path, line,
                        text);
    text = rig_csv_field(csv, row, at[AT_HANGS_UP]);
    call->caller_hangs_up = strcmp(text, "caller") == 0;
    if (!call->caller_hangs_up && strcmp(text, "agent") != 0)
        return rig_fail(err, RIG_EINPUT, "%s:%zu: hangs_up: \"%s\"; expected caller or agent", path,
                        line, text);
    double *times_s[N_TIMES];
    times_of(call, times_s);
    for (size_t k = 0; k < N_TIMES; k++) {
        if (k == 0 && call->attempt > 0) {
            call->t_s = (double)NAN;
            continue;
        }
        rig_status status = rig_csv_number(csv, row, at[AT_TIMES + k], times_s[k], err);
        if (status != RIG_OK)
            return status;
        if (*times_s[k] < 0.0 && times_s[k] != &call->self_service_s)
            return rig_fail(err, RIG_EINPUT, "%s:%zu: %s: %g; expected seconds >= 0", path, line,
                            columns[AT_TIMES + k], *times_s[k]);
    }
    return RIG_OK;
}

/* @param at  SIZE_MAX: the file has no such column. */
static rig_status read_kinds(const rig_csv *csv, const char *path, const size_t at[N_KINDS],
                             size_t row, rig_planned_call *call, rig_error *err)
{
    uint16_t *of[N_KINDS];
    kinds_of(call, of);
    for (size_t k = 0; k < N_KINDS; k++) {
        uint64_t index = 0;
        if (at[k] == SIZE_MAX)
            continue;
        const char *text = rig_csv_field(csv, row, at[k]);
        if (!rig_slice_u64(rig_slice_of(text), &index) || index > UINT16_MAX)
            return rig_fail(err, RIG_EINPUT,
                            "%s:%zu: %s: \"%s\"; expected its number in the scenario, from 0", path,
                            rig_csv_line(csv, row), kinds[k], text);
        *of[k] = (uint16_t)index;
    }
    return RIG_OK;
}

static rig_status fail_again(const rig_csv *csv, const char *path, size_t row, size_t column,
                             const char *text, const char *expected, rig_error *err)
{
    return rig_fail(err, RIG_EINPUT, "%s:%zu: %s: \"%s\"; expected %s", path,
                    rig_csv_line(csv, row), again[column], text, expected);
}

/* Which attempt of which caller the next row is: first calls come first, then each caller's redials
 * one after the other. @param at  SIZE_MAX: the file has no such columns, and no redials. */
static rig_status read_again(const rig_csv *csv, const char *path, const size_t at[N_AGAIN],
                             rig_schedule *made, rig_error *err)
{
    const size_t row = made->n;
    rig_planned_call *call = &made->calls[row];
    uint64_t caller = 0, attempt = 0;
    if (at[AT_CALLER] == SIZE_MAX || at[AT_ATTEMPT] == SIZE_MAX || at[AT_REDIAL] == SIZE_MAX)
        return RIG_OK;
    const char *text = rig_csv_field(csv, row, at[AT_ATTEMPT]);
    const uint64_t before = row > 0 ? made->calls[row - 1].attempt : 0;
    const bool is_number = rig_slice_u64(rig_slice_of(text), &attempt);
    const char *of = rig_csv_field(csv, row, at[AT_CALLER]);
    if (!is_number || (attempt != 0 && attempt != 1 && attempt != before + 1) ||
        (attempt == 0 && made->n_redials > 0))
        return fail_again(csv, path, row, AT_ATTEMPT, text,
                          "0 of first calls, and behind them 1, 2, .. of each caller's redials",
                          err);
    if (!rig_slice_u64(rig_slice_of(of), &caller) ||
        (attempt == 0 ? caller != row
                      : caller >= row - made->n_redials ||
                            (attempt == 1 ? made->calls[caller].next != 0
                                          : caller != made->calls[row - 1].first)))
        return fail_again(csv, path, row, AT_CALLER, of, "the row of the caller's first call", err);
    if (attempt == 0)
        return RIG_OK;
    rig_status status = rig_csv_number(csv, row, at[AT_REDIAL], &call->redial_s, err);
    if (status != RIG_OK)
        return status;
    if (call->redial_s < 0.0)
        return fail_again(csv, path, row, AT_REDIAL, rig_csv_field(csv, row, at[AT_REDIAL]),
                          "seconds >= 0", err);
    uint64_t is_backup = 0;
    const char *backup = at[AT_BACKUP] == SIZE_MAX ? "0" : rig_csv_field(csv, row, at[AT_BACKUP]);
    if (!rig_slice_u64(rig_slice_of(backup), &is_backup) || is_backup > 1)
        return fail_again(csv, path, row, AT_BACKUP, backup,
                          "0, or 1 of a call to the backup number", err);
    call->is_backup = is_backup == 1;
    call->first = (uint32_t)caller;
    call->attempt = (uint32_t)attempt;
    made->calls[attempt == 1 ? caller : row - 1].next = (uint32_t)row;
    made->n_redials++;
    return RIG_OK;
}

rig_status rig_schedule_read(const char *path, rig_schedule **schedule, rig_error *err)
{
    rig_csv *csv = NULL;
    rig_schedule *made = NULL;
    size_t at[N_COLUMNS], kinds_at[N_KINDS], again_at[N_AGAIN];
    rig_status status = rig_csv_read(path, &csv, err);
    if (status != RIG_OK)
        return status;
    const char *format = rig_csv_stamp(csv, "format");
    const char *seed = rig_csv_stamp(csv, "seed");
    const char *replication = rig_csv_stamp(csv, "replication");
    if (format == NULL || strcmp(format, FORMAT_NAME) != 0 || seed == NULL || replication == NULL) {
        status = rig_fail(err, RIG_EINPUT,
                          "%s:1: format: \"%s\"; expected \"" FORMAT_NAME "\" with seed and "
                          "replication",
                          path, format != NULL ? format : "");
        goto out;
    }
    for (size_t c = 0; c < N_COLUMNS && status == RIG_OK; c++)
        status = rig_csv_column(csv, columns[c], &at[c], err);
    if (status != RIG_OK)
        goto out;
    for (size_t k = 0; k < N_KINDS; k++)
        if (rig_csv_column(csv, kinds[k], &kinds_at[k], NULL) != RIG_OK)
            kinds_at[k] = SIZE_MAX;
    for (size_t k = 0; k < N_AGAIN; k++)
        if (rig_csv_column(csv, again[k], &again_at[k], NULL) != RIG_OK)
            again_at[k] = SIZE_MAX;
    made = calloc(1, sizeof *made);
    size_t n = rig_csv_n_rows(csv);
    if (made != NULL)
        made->calls = calloc(n > 0 ? n : 1, sizeof *made->calls);
    if (made == NULL || made->calls == NULL) {
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        goto out;
    }
    made->seed = strtoull(seed, NULL, 10);
    made->replication = (uint32_t)strtoul(replication, NULL, 10);
    for (; made->n < n; made->n++) {
        status = read_again(csv, path, again_at, made, err);
        if (status == RIG_OK)
            status = read_row(csv, path, at, made->n, &made->calls[made->n], err);
        if (status == RIG_OK)
            status = read_kinds(csv, path, kinds_at, made->n, &made->calls[made->n], err);
        if (status != RIG_OK)
            goto out;
        if (made->n > 0 && made->calls[made->n].t_s < made->calls[made->n - 1].t_s) {
            status = rig_fail(err, RIG_EINPUT, "%s:%zu: t_s: earlier than the row before", path,
                              rig_csv_line(csv, made->n));
            goto out;
        }
    }
    *schedule = made;
    made = NULL;
out:
    rig_schedule_free(made);
    rig_csv_free(csv);
    return status;
}
