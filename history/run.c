/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "history/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"

static const char *const text_names[RIG_HISTORY_N_TEXTS] = {
    [RIG_HISTORY_SCENARIO] = "scenario",
    [RIG_HISTORY_STATUS] = "status",
    [RIG_HISTORY_JUDGEMENT] = "judgement",
    [RIG_HISTORY_STAGE] = "stage",
    [RIG_HISTORY_SUMMARY] = "summary",
    [RIG_HISTORY_CAUSE] = "cause",
    [RIG_HISTORY_VERSION] = "peakrig",
    [RIG_HISTORY_JUDGED_UTC] = "judged_utc",
    [RIG_HISTORY_TARGET] = "target",
    [RIG_HISTORY_DEFECTS] = "defects",
    [RIG_HISTORY_FOLDER] = "folder",
    [RIG_HISTORY_SCENARIO_SHA256] = "scenario_sha256",
    [RIG_HISTORY_SCHEDULE_SHA256] = "schedule_sha256",
    [RIG_HISTORY_PLAN_SHA256] = "plan_sha256",
    [RIG_HISTORY_CALLS_SHA256] = "calls_sha256",
    [RIG_HISTORY_PLAY_SHA256] = "play_sha256",
    [RIG_HISTORY_CAPTURE_SHA256] = "capture_sha256",
    [RIG_HISTORY_BASELINE] = "baseline",
    [RIG_HISTORY_BASELINE_JUDGEMENT] = "baseline_judgement"};

static const char *const count_names[RIG_HISTORY_N_COUNTS] = {
    [RIG_HISTORY_START_MS] = "start_ms",   [RIG_HISTORY_SEED] = "seed",
    [RIG_HISTORY_EXIT_CODE] = "exit_code", [RIG_HISTORY_N_PLANNED] = "n_planned",
    [RIG_HISTORY_N_OFFERED] = "n_offered", [RIG_HISTORY_N_WAITS] = "n_waits"};

static const char *const real_names[RIG_HISTORY_N_REALS] = {[RIG_HISTORY_TIME_SCALE] = "time_scale",
                                                            [RIG_HISTORY_WAIT_MEAN_S] =
                                                                "wait_mean_s",
                                                            [RIG_HISTORY_WAIT_SD_S] = "wait_sd_s"};

const char *rig_history_text_name(rig_history_text text)
{
    return text_names[text];
}

const char *rig_history_count_name(rig_history_count count)
{
    return count_names[count];
}

const char *rig_history_real_name(rig_history_real real)
{
    return real_names[real];
}

rig_history_run *rig_history_run_new(void)
{
    rig_history_run *run = calloc(1, sizeof *run);
    if (run == NULL)
        return NULL;
    run->calls = strdup("");
    bool is_whole = run->calls != NULL;
    for (int t = 0; t < RIG_HISTORY_N_TEXTS; t++) {
        run->texts[t] = strdup("");
        is_whole = is_whole && run->texts[t] != NULL;
    }
    for (int r = 0; r < RIG_HISTORY_N_REALS; r++)
        run->reals[r] = (double)NAN;
    if (is_whole)
        return run;
    rig_history_run_free(run);
    return NULL;
}

void rig_history_run_free(rig_history_run *run)
{
    if (run == NULL)
        return;
    for (int t = 0; t < RIG_HISTORY_N_TEXTS; t++)
        free(run->texts[t]);
    for (size_t i = 0; i < run->n_labels; i++) {
        free(run->labels[i].key);
        free(run->labels[i].value);
    }
    for (size_t i = 0; i < run->n_metrics; i++) {
        free(run->metrics[i].name);
        free(run->metrics[i].unit);
    }
    free(run->labels);
    free(run->metrics);
    free(run->calls);
    free(run);
}

void rig_history_runs_clear(rig_history_runs *runs)
{
    for (size_t i = 0; i < runs->n; i++)
        rig_history_run_free(runs->items[i]);
    free(runs->items);
    *runs = (rig_history_runs){.n = 0};
}

/* Room for one more behind `n`: doubled at each power of two. */
static void *room_for_one(void *items, size_t n, size_t size)
{
    if (n > 0 && (n & (n - 1)) != 0)
        return items;
    return reallocarray(items, n == 0 ? 1 : 2 * n, size);
}

rig_status rig_history_runs_add(rig_history_runs *runs, rig_history_run *run)
{
    rig_history_run **more = room_for_one(runs->items, runs->n, sizeof(rig_history_run *));
    if (more == NULL)
        return RIG_ENOMEM;
    runs->items = more;
    runs->items[runs->n++] = run;
    return RIG_OK;
}

rig_status rig_history_run_set(rig_history_run *run, rig_history_text text, const char *value)
{
    char *copy = rig_utf8_mend(value != NULL ? value : "");
    if (copy == NULL)
        return RIG_ENOMEM;
    free(run->texts[text]);
    run->texts[text] = copy;
    return RIG_OK;
}

rig_status rig_history_run_set_calls(rig_history_run *run, const char *letters)
{
    char *copy = strdup(letters);
    if (copy == NULL)
        return RIG_ENOMEM;
    free(run->calls);
    run->calls = copy;
    return RIG_OK;
}

rig_status rig_history_run_add_metric(rig_history_run *run, const char *name, const char *unit,
                                      double observed, double predicted, double low, double high)
{
    rig_history_metric *more = room_for_one(run->metrics, run->n_metrics, sizeof *more);
    if (more == NULL)
        return RIG_ENOMEM;
    run->metrics = more;
    rig_history_metric made = {.name = rig_utf8_mend(name),
                               .unit = rig_utf8_mend(unit),
                               .observed = observed,
                               .predicted = predicted,
                               .low = low,
                               .high = high};
    if (made.name == NULL || made.unit == NULL) {
        free(made.name);
        free(made.unit);
        return RIG_ENOMEM;
    }
    run->metrics[run->n_metrics++] = made;
    return RIG_OK;
}

const rig_history_metric *rig_history_run_metric(const rig_history_run *run, const char *name)
{
    for (size_t i = 0; i < run->n_metrics; i++) {
        if (strcmp(run->metrics[i].name, name) == 0)
            return &run->metrics[i];
    }
    return NULL;
}

static bool is_key(const char *key)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const size_t n = strlen(key);
    return n > 0 && n <= RIG_HISTORY_LABEL_MOST && strspn(key, allowed) == n;
}

static bool is_value(const char *value)
{
    for (const char *at = value; *at != '\0';) {
        const size_t n = rig_utf8_length(at);
        if (n == 0 || (unsigned char)*at < 0x20 || *at == 0x7f)
            return false;
        at += n;
    }
    return strlen(value) <= RIG_HISTORY_LABEL_MOST;
}

/* Where a key is, or is to stand. */
static size_t place_of(const rig_history_run *run, const char *key)
{
    size_t at = 0;
    while (at < run->n_labels && strcmp(run->labels[at].key, key) < 0)
        at++;
    return at;
}

const char *rig_history_run_label(const rig_history_run *run, const char *key)
{
    const size_t at = place_of(run, key);
    return at < run->n_labels && strcmp(run->labels[at].key, key) == 0 ? run->labels[at].value
                                                                       : NULL;
}

static rig_status put_label(rig_history_run *run, const char *key, const char *value)
{
    const size_t at = place_of(run, key);
    rig_history_label made = {strdup(key), strdup(value)};
    rig_status status = made.key == NULL || made.value == NULL ? RIG_ENOMEM : RIG_OK;
    if (status == RIG_OK && at < run->n_labels && strcmp(run->labels[at].key, key) == 0) {
        free(run->labels[at].value);
        run->labels[at].value = made.value;
        made.value = NULL;
    } else if (status == RIG_OK) {
        rig_history_label *more = room_for_one(run->labels, run->n_labels, sizeof *more);
        status = more == NULL ? RIG_ENOMEM : RIG_OK;
        if (more != NULL) {
            run->labels = more;
            memmove(more + at + 1, more + at, (run->n_labels - at) * sizeof *more);
            more[at] = made;
            run->n_labels++;
            made = (rig_history_label){NULL, NULL};
        }
    }
    free(made.key);
    free(made.value);
    return status;
}

rig_status rig_history_run_set_label(rig_history_run *run, const char *key, const char *value,
                                     rig_error *err)
{
    if (!is_key(key))
        return rig_fail(err, RIG_EINPUT,
                        "label \"%.80s\": expected a key of 1 to %d letters, digits, '.', '_' and "
                        "'-'",
                        key, RIG_HISTORY_LABEL_MOST);
    if (!is_value(value))
        return rig_fail(
            err, RIG_EINPUT,
            "label %s=\"%.80s\": expected a value of at most %d bytes of UTF-8, without "
            "control characters",
            key, value, RIG_HISTORY_LABEL_MOST);
    return put_label(run, key, value) == RIG_OK
               ? RIG_OK
               : rig_fail(err, RIG_ENOMEM, "labels: out of memory");
}

rig_status rig_history_run_set_label_text(rig_history_run *run, const char *text, rig_error *err)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL)
        return rig_fail(err, RIG_EINPUT, "label \"%.80s\": expected KEY=VALUE, such as build=1.4",
                        text);
    char *key = strndup(text, (size_t)(equals - text));
    if (key == NULL)
        return rig_fail(err, RIG_ENOMEM, "labels: out of memory");
    rig_status status = rig_history_run_set_label(run, key, equals + 1, err);
    free(key);
    return status;
}

double rig_history_stage_loss(const rig_history_stage *stage)
{
    return stage->n_entered > 0 ? (double)stage->n_lost / (double)stage->n_entered : (double)NAN;
}
