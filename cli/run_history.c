/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_history.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/calls_csv.h"
#include "cli/run_labels.h"
#include "core/atomic_file.h"
#include "core/digest.h"
#include "history/store.h"
#include "reports/history_json.h"
#include "reports/json_file.h"
#include "scenarios/scenario.h"

static rig_status check_margin(const char *text, rig_error *err)
{
    char *end = NULL;
    const double margin = text != NULL ? strtod(text, &end) : 0.0;
    if (text == NULL || (end != text && *end == '\0' && margin >= 0.0 && margin < 100.0))
        return RIG_OK;
    return rig_fail(err, RIG_EINPUT,
                    "--baseline-margin: \"%.80s\"; expected percentage points, from 0 to below 100",
                    text);
}

rig_status rig_run_history_check(const rig_run_history_options *options, rig_error *err)
{
    if (options->is_off && options->file != NULL)
        return rig_fail(err, RIG_EINPUT, "--history with --no-history; expected one of the two");
    if (options->is_off && options->baseline != NULL)
        return rig_fail(err, RIG_EINPUT, "--baseline with --no-history; expected one of the two");
    if (options->margin_pp != NULL && options->baseline == NULL)
        return rig_fail(err, RIG_EINPUT, "--baseline-margin; expected --baseline RUN with it");
    rig_status status = check_margin(options->margin_pp, err);
    return status == RIG_OK ? rig_run_labels_check(&options->labels, err) : status;
}

const char *rig_run_history_default(void)
{
    static const char in_runs[] = "runs/history.db", here[] = "history.db";
    return access(in_runs, F_OK) != 0 && access(here, F_OK) == 0 ? here : in_runs;
}

rig_status rig_run_history_beside(const rig_run_dir *dir, char *path, size_t size, rig_error *err)
{
    char whole[PATH_MAX];
    if (realpath(dir->dir, whole) == NULL)
        return rig_fail(err, RIG_EIO, "%s: %s", dir->dir, strerror(errno));
    *strrchr(whole, '/') = '\0';
    const int n = snprintf(path, size, "%s/history.db", whole);
    return n >= 0 && (size_t)n < size ? RIG_OK
                                      : rig_fail(err, RIG_EINPUT, "%s: path too long", dir->dir);
}

/* The rows of a schedule without its stamps, which name the centre that it was drawn for. */
static rig_status digest_plan(const rig_run_dir *dir, rig_history_run *run, rig_error *err)
{
    char *text = NULL, digest[RIG_SHA256_TEXT_SIZE];
    size_t n = 0;
    rig_status status = rig_file_read(dir->schedule, &text, &n, err);
    if (status != RIG_OK)
        return status;
    const char *rows = text;
    while (*rows == '#') {
        rows += strcspn(rows, "\n");
        rows += *rows == '\n';
    }
    rig_digest_bytes(rows, n - (size_t)(rows - text), digest);
    free(text);
    return rig_history_run_set(run, RIG_HISTORY_PLAN_SHA256, digest) == RIG_OK
               ? RIG_OK
               : rig_fail(err, RIG_ENOMEM, "%s: out of memory", dir->schedule);
}

/* Whether a file is the one that was judged. */
static bool is_judged_one(const char *path, const char *digest)
{
    char found[RIG_SHA256_TEXT_SIZE];
    return rig_digest_file(path, found, NULL) == RIG_OK && strcmp(found, digest) == 0;
}

static rig_status take_calls(const rig_run_dir *dir, rig_history_run *run, rig_history_waits *waits,
                             rig_error *err)
{
    rig_scenario *scenario = NULL;
    rig_calls *calls = NULL;
    char *letters = NULL;
    const int64_t n = run->counts[RIG_HISTORY_N_PLANNED];
    rig_status status = rig_scenario_read(dir->scenario, NULL, 0, &scenario, err);
    if (status == RIG_OK)
        status = rig_cdr_read(dir->calls, &calls, err);
    if (status == RIG_OK &&
        rig_history_calls_of(calls, n > 0 ? (size_t)n : 0, scenario->time_scale,
                             scenario->queue.service_level_s, &letters, waits) != RIG_OK)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", dir->calls);
    if (status == RIG_OK) {
        free(run->calls);
        run->calls = letters;
        run->counts[RIG_HISTORY_N_WAITS] = (int64_t)waits->n;
        run->reals[RIG_HISTORY_WAIT_MEAN_S] = waits->mean_s;
        run->reals[RIG_HISTORY_WAIT_SD_S] = waits->sd_s;
    }
    rig_calls_free(calls);
    rig_scenario_free(scenario);
    return status;
}

static rig_status complete(const rig_run_dir *dir, rig_history_run *run, rig_history_waits *waits,
                           rig_error *err)
{
    char whole[PATH_MAX];
    if (realpath(dir->dir, whole) != NULL &&
        rig_history_run_set(run, RIG_HISTORY_FOLDER, whole) != RIG_OK)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", dir->dir);
    /* a folder may have been thinned out, or changed since: then it is the figures alone */
    if (!is_judged_one(dir->schedule, run->texts[RIG_HISTORY_SCHEDULE_SHA256]) ||
        !is_judged_one(dir->scenario, run->texts[RIG_HISTORY_SCENARIO_SHA256]) ||
        !is_judged_one(dir->calls, run->texts[RIG_HISTORY_CALLS_SHA256]))
        return RIG_OK;
    rig_status status = digest_plan(dir, run, err);
    return status == RIG_OK ? take_calls(dir, run, waits, err) : status;
}

rig_status rig_run_history_record_of(const rig_run_dir *dir, const json_t *result,
                                     rig_history_run **run, rig_history_waits *waits,
                                     rig_error *err)
{
    rig_history_run *made = NULL;
    rig_history_waits w = {.of_call_s = NULL};
    rig_status status = rig_json_history_of_result(result, dir->result, &made, err);
    if (status == RIG_OK)
        status = complete(dir, made, &w, err);
    if (status != RIG_OK || waits == NULL)
        free(w.of_call_s);
    else
        *waits = w;
    if (status == RIG_OK)
        *run = made;
    else
        rig_history_run_free(made);
    return status;
}

rig_status rig_run_history_record(const rig_run_dir *dir, rig_history_run **run,
                                  rig_history_waits *waits, rig_error *err)
{
    json_t *result = NULL;
    rig_status status = rig_json_read(dir->result, &result, err);
    if (status == RIG_OK)
        status = rig_run_history_record_of(dir, result, run, waits, err);
    json_decref(result);
    return status;
}

static rig_status note(const rig_run_dir *dir, const rig_run_history_options *options,
                       rig_error *err)
{
    char beside[PATH_MAX + 16];
    const char *path = options->file;
    rig_history_run *run = NULL;
    rig_history *history = NULL;
    rig_status status = RIG_OK;
    if (path == NULL) {
        status = rig_run_history_beside(dir, beside, sizeof beside, err);
        path = beside;
    }
    if (status == RIG_OK)
        status = rig_run_history_record(dir, &run, NULL, err);
    if (status == RIG_OK)
        status = rig_history_open(path,
                                  options->file != NULL ? RIG_HISTORY_WRITE : RIG_HISTORY_WRITE_OWN,
                                  RIG_RUN_HISTORY_WAIT_S, &history, err);
    if (status == RIG_OK)
        status = rig_history_add(history, run, NULL, err);
    rig_history_close(history);
    rig_history_run_free(run);
    return status;
}

void rig_run_history_note(const rig_run_dir *dir, const rig_run_history_options *options)
{
    rig_error why = {0};
    if (options->is_off || note(dir, options, &why) == RIG_OK)
        return;
    (void)fflush(stdout);
    (void)fprintf(stderr,
                  "peakrig: warning: %s; the verdict stands, but the run is not in the history: "
                  "\"peakrig history add%s%s %s\" puts it in later\n",
                  why.text, options->file != NULL ? " --history " : "",
                  options->file != NULL ? options->file : "", dir->dir);
}
