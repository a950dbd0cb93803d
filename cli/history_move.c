/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/history_move.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/console.h"
#include "cli/run_dir.h"
#include "cli/run_history.h"
#include "core/atomic_file.h"
#include "core/file_target.h"
#include "reports/history_json.h"
#include "reports/json_file.h"

/* As many digits as give the same number when read. */
#define LINE_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(17))

static rig_status write_lines(const rig_history_runs *runs, const char *path, rig_error *err)
{
    rig_atomic_file *file = NULL;
    rig_status status = rig_atomic_file_new(path, &file, err);
    if (status != RIG_OK)
        return status;
    for (size_t i = 0; i < runs->n && status == RIG_OK; i++) {
        json_t *document = NULL;
        char *line = NULL;
        status = rig_json_of_history_run(runs->items[i], &document);
        if (status == RIG_OK)
            line = json_dumps(document, LINE_FLAGS);
        if (line == NULL)
            status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
        else
            (void)fprintf(rig_atomic_file_stream(file), "%s\n", line); /* _commit tells */
        free(line);
        json_decref(document);
    }
    if (status == RIG_OK)
        return rig_atomic_file_commit(file, err);
    rig_atomic_file_abandon(file);
    return status;
}

/* The history that is read must not be what is written. */
static rig_status check_other(const char *path, const char *history, rig_error *err)
{
    rig_file_target target;
    rig_status status = rig_file_target_find(path, &target, err);
    if (status != RIG_OK)
        return status;
    if (rig_file_target_is(&target, history))
        status = rig_fail(err, RIG_EINPUT,
                          "export %s: that is the history itself, which is read; expected another "
                          "file",
                          path);
    rig_file_target_clear(&target);
    return status;
}

rig_status rig_carry_export(const rig_run_choice *choice, const char *path, rig_error *err)
{
    rig_history_runs runs = {.n = 0};
    rig_status status = check_other(path, rig_run_choice_file(choice), err);
    if (status == RIG_OK)
        status = rig_run_choice_load(choice, true, &runs, err);
    if (status == RIG_OK)
        status = write_lines(&runs, path, err);
    rig_history_runs_clear(&runs);
    return status;
}

static rig_status take_line(const char *text, const char *where, rig_history_runs *runs,
                            rig_error *err)
{
    json_error_t wrong;
    rig_history_run *run = NULL;
    json_t *document = json_loads(text, JSON_REJECT_DUPLICATES, &wrong);
    if (document == NULL)
        return rig_fail(err, RIG_EINPUT, "%s:%d: %s; expected a run of `peakrig history export`",
                        where, wrong.column, wrong.text);
    rig_status status = rig_json_history_run_read(document, where, &run, err);
    if (status == RIG_OK && rig_history_runs_add(runs, run) != RIG_OK) {
        rig_history_run_free(run);
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", where);
    }
    json_decref(document);
    return status;
}

static rig_status read_lines(const char *path, rig_history_runs *runs, rig_error *err)
{
    const bool is_input = strcmp(path, "-") == 0;
    const char *name = is_input ? "standard input" : path;
    FILE *in = is_input ? stdin : fopen(path, "re");
    char *line = NULL, where[1200];
    size_t size = 0, n_line = 0;
    ssize_t n;
    rig_status status = RIG_OK;
    if (in == NULL)
        return rig_file_fail_read(path, errno, err);
    while (status == RIG_OK && (n = getline(&line, &size, in)) > 0) {
        (void)snprintf(where, sizeof where, "%.1000s:%zu", name, ++n_line);
        if (strspn(line, " \t\r\n") == (size_t)n)
            continue;
        status = strlen(line) != (size_t)n
                     ? rig_fail(err, RIG_EINPUT, "%s: a NUL byte; expected JSON Lines", where)
                     : take_line(line, where, runs, err);
    }
    if (status == RIG_OK && ferror(in))
        status = rig_file_fail_read(name, errno, err);
    free(line);
    if (!is_input)
        (void)fclose(in);
    return status;
}

/* @param file  --history; NULL: `path`, which nobody has named. */
static rig_status put_all(const char *file, const char *path, const rig_history_runs *runs,
                          rig_error *err)
{
    rig_history *history = NULL;
    size_t n[3];
    path = file != NULL ? file : path;
    rig_status status =
        rig_history_open(path, file != NULL ? RIG_HISTORY_WRITE : RIG_HISTORY_WRITE_OWN,
                         RIG_RUN_HISTORY_WAIT_S, &history, err);
    if (status == RIG_OK)
        status = rig_history_add_all(history, runs, n, err);
    if (status == RIG_OK)
        rig_console_print("%s: %zu %s added, %zu renewed, %zu there already\n", path,
                          n[RIG_HISTORY_ADDED],
                          rig_console_words(n[RIG_HISTORY_ADDED] == 1 ? N_("run") : N_("runs")),
                          n[RIG_HISTORY_RENEWED], n[RIG_HISTORY_UNCHANGED]);
    rig_history_close(history);
    return status;
}

rig_status rig_carry_import(const rig_run_choice *choice, const char *path, rig_error *err)
{
    rig_history_runs runs = {.n = 0};
    rig_status status = read_lines(path, &runs, err);
    if (status == RIG_OK)
        status = put_all(choice->file, rig_run_choice_file(choice), &runs, err);
    rig_history_runs_clear(&runs);
    return status;
}

rig_status rig_carry_folders(const rig_run_choice *choice, const char *const *folders, size_t n,
                             rig_error *err)
{
    rig_history_runs runs = {.n = 0};
    rig_status status = RIG_OK;
    char beside[PATH_MAX + 16] = "";
    for (size_t i = 0; i < n && status == RIG_OK; i++) {
        rig_run_dir dir;
        rig_history_run *run = NULL;
        status = rig_run_dir_open(folders[i], &dir, err);
        if (status == RIG_OK && i == 0) /* where `run` would have put it */
            status = rig_run_history_beside(&dir, beside, sizeof beside, err);
        if (status == RIG_OK)
            status = rig_run_history_record(&dir, &run, NULL, err);
        if (status == RIG_OK && rig_history_runs_add(&runs, run) != RIG_OK) {
            rig_history_run_free(run);
            status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", folders[i]);
        }
    }
    if (status == RIG_OK)
        status = put_all(choice->file, beside, &runs, err);
    rig_history_runs_clear(&runs);
    return status;
}
