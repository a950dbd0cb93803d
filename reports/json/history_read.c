/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/history_json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/calls.h"
#include "history/when.h"
#include "reports/json_file.h"

static rig_status no_memory(const char *where, rig_error *err)
{
    return rig_fail(err, RIG_ENOMEM, "%s: out of memory", where);
}

static void take_stage(const json_t *item, rig_history_stage *stage)
{
    int64_t entered = 0, lost = 0;
    (void)rig_json_integer(item, "entered", &entered);
    (void)rig_json_integer(item, "lost", &lost);
    *stage = (rig_history_stage){.n_entered = entered > 0 ? (uint64_t)entered : 0,
                                 .n_lost = lost > 0 ? (uint64_t)lost : 0,
                                 .p_predicted = rig_json_number(item, "p_predicted"),
                                 .predicted_low = rig_json_number(item, "predicted_low"),
                                 .predicted_high = rig_json_number(item, "predicted_high"),
                                 .margin = rig_json_number(item, "margin")};
    (void)snprintf(stage->judgement, sizeof stage->judgement, "%.15s",
                   rig_json_text(item, "judgement"));
}

/* Stages are found by name; one that lacks stays without calls. */
static void take_stages(const json_t *document, rig_history_run *run)
{
    const json_t *stages = rig_json_list(document, "stages");
    for (size_t i = 0; i < json_array_size(stages); i++) {
        const json_t *item = json_array_get(stages, i);
        for (int s = 0; s < RIG_N_STAGES; s++)
            if (strcmp(rig_json_text(item, "stage"), rig_stage_name((rig_stage)s)) == 0)
                take_stage(item, &run->stages[s]);
    }
}

static rig_status take_metrics(const json_t *list, rig_history_run *run)
{
    rig_status status = RIG_OK;
    for (size_t i = 0; i < json_array_size(list) && status == RIG_OK; i++) {
        const json_t *item = json_array_get(list, i);
        if (rig_json_text(item, "name")[0] != '\0')
            status = rig_history_run_add_metric(
                run, rig_json_text(item, "name"), rig_json_text(item, "unit"),
                rig_json_number(item, "observed"), rig_json_number(item, "predicted"),
                rig_json_number(item, "low"), rig_json_number(item, "high"));
    }
    return status;
}

static rig_status take_labels(const json_t *document, const char *where, rig_history_run *run,
                              rig_error *err)
{
    const char *key;
    json_t *value;
    rig_status status = RIG_OK;
    /* jansson's loop wants an object that can be changed; nothing is */
    json_object_foreach((json_t *)(uintptr_t)rig_json_object(document, "labels"), key, value)
    {
        if (status != RIG_OK)
            break;
        if (!json_is_string(value))
            return rig_fail(err, RIG_EINPUT, "%s: labels.%.80s: %s; expected a text", where, key,
                            rig_json_kind(value));
        status = rig_history_run_set_label(run, key, json_string_value(value), err);
        if (status == RIG_EINPUT && err != NULL)
            status = rig_fail(err, status, "%s: %s", where, err->text);
    }
    return status;
}

/* ---- from result.json ---- */

/* The ways in which the centre was broken, in one text; the caller frees. */
static char *defects_of(const json_t *result)
{
    const json_t *list = rig_json_list(rig_json_object(result, "target"), "defects");
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *defect = json_string_value(json_array_get(list, i));
        (void)fprintf(out, "%s%s", i > 0 ? ", " : "", defect != NULL ? defect : "?");
    }
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

static const char *cause_of(const json_t *result)
{
    const json_t *first = json_array_get(rig_json_list(result, "diagnosis"), 0);
    const bool is_cause =
        rig_json_object(result, "cause") == NULL || rig_json_is_true(first, "is_cause");
    return is_cause ? rig_json_text(first, "text") : "";
}

static rig_status take_texts(const json_t *result, rig_history_run *run)
{
    const json_t *verdict = rig_json_object(result, "verdict"),
                 *inputs = rig_json_object(result, "inputs"),
                 *baseline = rig_json_object(result, "baseline");
    char *defects = defects_of(result);
    const struct {
        rig_history_text text;
        const char *value;
    } texts[] = {
        {RIG_HISTORY_SCENARIO, rig_json_text(result, "name")},
        {RIG_HISTORY_STATUS, rig_json_text(result, "status")},
        {RIG_HISTORY_JUDGEMENT, rig_json_text(verdict, "judgement")},
        {RIG_HISTORY_STAGE, rig_json_text(verdict, "stage")},
        {RIG_HISTORY_SUMMARY, rig_json_text(verdict, "summary")},
        {RIG_HISTORY_CAUSE, cause_of(result)},
        {RIG_HISTORY_VERSION, rig_json_text(result, "peakrig")},
        {RIG_HISTORY_JUDGED_UTC, rig_json_text(result, "created_utc")},
        {RIG_HISTORY_TARGET, rig_json_text(rig_json_object(result, "run"), "target")},
        {RIG_HISTORY_DEFECTS, defects},
        {RIG_HISTORY_SCENARIO_SHA256, rig_json_text(inputs, "scenario_sha256")},
        {RIG_HISTORY_SCHEDULE_SHA256, rig_json_text(inputs, "schedule_sha256")},
        {RIG_HISTORY_CALLS_SHA256, rig_json_text(inputs, "calls_sha256")},
        {RIG_HISTORY_PLAY_SHA256, rig_json_text(inputs, "play_sha256")},
        {RIG_HISTORY_CAPTURE_SHA256, rig_json_text(inputs, "capture_sha256")},
        {RIG_HISTORY_BASELINE, rig_json_text(baseline, "id")},
        {RIG_HISTORY_BASELINE_JUDGEMENT, rig_json_text(baseline, "judgement")},
    };
    rig_status status = defects == NULL ? RIG_ENOMEM : RIG_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == RIG_OK; i++)
        status = rig_history_run_set(run, texts[i].text, texts[i].value);
    free(defects);
    return status;
}

static rig_status take_metrics_of_parts(const json_t *result, rig_history_run *run)
{
    const json_t *parts = rig_json_list(result, "parts");
    rig_status status = take_metrics(rig_json_list(result, "metrics"), run);
    for (size_t i = 0; i < json_array_size(parts) && status == RIG_OK; i++)
        status = take_metrics(rig_json_list(json_array_get(parts, i), "metrics"), run);
    return status;
}

/* Who the run was. */
static rig_status take_identity(const json_t *result, const char *path, rig_history_run *run,
                                rig_error *err)
{
    const char *play = rig_json_text(rig_json_object(result, "inputs"), "play_sha256");
    const char *start = rig_json_text(rig_json_object(result, "run"), "start_utc");
    if (strspn(play, "0123456789abcdef") != 64 || play[64] != '\0')
        return rig_fail(
            err, RIG_EINPUT,
            "%s: inputs.play_sha256: \"%.80s\"; expected 64 hexadecimal digits: a run is "
            "known by them",
            path, play);
    if (!rig_history_when_read(start, &run->counts[RIG_HISTORY_START_MS]))
        return rig_fail(err, RIG_EINPUT,
                        "%s: run.start_utc: \"%.80s\"; expected an instant such as "
                        "2026-03-14T09:26:53.589Z",
                        path, start);
    (void)snprintf(run->id, sizeof run->id, "%.*s", RIG_HISTORY_ID_SIZE - 1, play);
    return RIG_OK;
}

rig_status rig_json_history_of_result(const json_t *result, const char *path, rig_history_run **run,
                                      rig_error *err)
{
    rig_status status = rig_json_expect_format(result, path, "peakrig result 1", err);
    if (status != RIG_OK)
        return status;
    const json_t *calls = rig_json_object(result, "calls");
    rig_history_run *made = rig_history_run_new();
    if (made == NULL)
        return no_memory(path, err);
    status = take_identity(result, path, made, err);
    if (status == RIG_OK &&
        (take_texts(result, made) != RIG_OK || take_metrics_of_parts(result, made) != RIG_OK))
        status = no_memory(path, err);
    if (status == RIG_OK)
        status = take_labels(result, path, made, err);
    (void)rig_json_integer(result, "seed", &made->counts[RIG_HISTORY_SEED]);
    (void)rig_json_integer(rig_json_object(result, "verdict"), "exit_code",
                           &made->counts[RIG_HISTORY_EXIT_CODE]);
    (void)rig_json_integer(calls, "planned", &made->counts[RIG_HISTORY_N_PLANNED]);
    (void)rig_json_integer(calls, "offered", &made->counts[RIG_HISTORY_N_OFFERED]);
    made->reals[RIG_HISTORY_TIME_SCALE] = rig_json_number(result, "time_scale");
    take_stages(result, made);
    if (status == RIG_OK)
        *run = made;
    else
        rig_history_run_free(made);
    return status;
}

/* ---- from a line ---- */

static rig_status read_text(const json_t *document, const char *where, const char *key,
                            rig_history_text text, rig_history_run *run, rig_error *err)
{
    const json_t *member = json_object_get(document, key);
    if (member == NULL)
        return RIG_OK;
    if (!json_is_string(member))
        return rig_fail(err, RIG_EINPUT, "%s: %s: %s; expected a text", where, key,
                        rig_json_kind(member));
    return rig_history_run_set(run, text, json_string_value(member)) == RIG_OK
               ? RIG_OK
               : no_memory(where, err);
}

static rig_status read_numbers(const json_t *document, const char *where, rig_history_run *run,
                               rig_error *err)
{
    for (int c = 0; c < RIG_HISTORY_N_COUNTS; c++) {
        const char *key = rig_history_count_name((rig_history_count)c);
        const json_t *member = json_object_get(document, key);
        if (member != NULL && !json_is_integer(member))
            return rig_fail(err, RIG_EINPUT, "%s: %s: %s; expected a whole number", where, key,
                            rig_json_kind(member));
        (void)rig_json_integer(document, key, &run->counts[c]);
    }
    for (int r = 0; r < RIG_HISTORY_N_REALS; r++) {
        const char *key = rig_history_real_name((rig_history_real)r);
        const json_t *member = json_object_get(document, key);
        if (member != NULL && !json_is_number(member) && !json_is_null(member))
            return rig_fail(err, RIG_EINPUT, "%s: %s: %s; expected a number or null", where, key,
                            rig_json_kind(member));
        run->reals[r] = rig_json_number(document, key);
    }
    return RIG_OK;
}

static rig_status read_id(const json_t *document, const char *where, rig_history_run *run,
                          rig_error *err)
{
    const char *id = rig_json_text(document, "id");
    if (strspn(id, "0123456789abcdef") != RIG_HISTORY_ID_SIZE - 1 ||
        id[RIG_HISTORY_ID_SIZE - 1] != '\0')
        return rig_fail(err, RIG_EINPUT, "%s: id: \"%.80s\"; expected %d hexadecimal digits", where,
                        id, RIG_HISTORY_ID_SIZE - 1);
    memcpy(run->id, id, RIG_HISTORY_ID_SIZE);
    return RIG_OK;
}

static rig_status read_calls(const json_t *document, const char *where, rig_history_run *run,
                             rig_error *err)
{
    const char *calls = rig_json_text(document, "calls");
    const size_t n = rig_history_calls_span(calls);
    if (calls[n] != '\0')
        return rig_fail(err, RIG_EINPUT,
                        "%s: calls: '%c' at %zu; expected letters of docs/history.md", where,
                        calls[n], n);
    return rig_history_run_set_calls(run, calls) == RIG_OK ? RIG_OK : no_memory(where, err);
}

rig_status rig_json_history_run_read(const json_t *document, const char *where,
                                     rig_history_run **run, rig_error *err)
{
    rig_status status = rig_json_expect_format(document, where, "peakrig history run 1", err);
    if (status != RIG_OK)
        return status;
    rig_history_run *made = rig_history_run_new();
    if (made == NULL)
        return no_memory(where, err);
    status = read_id(document, where, made, err);
    for (int t = 0; t < RIG_HISTORY_N_TEXTS && status == RIG_OK; t++)
        status = read_text(document, where, rig_history_text_name((rig_history_text)t),
                           (rig_history_text)t, made, err);
    if (status == RIG_OK)
        status = read_numbers(document, where, made, err);
    if (status == RIG_OK)
        status = take_labels(document, where, made, err);
    take_stages(document, made);
    if (status == RIG_OK && take_metrics(rig_json_list(document, "metrics"), made) != RIG_OK)
        status = no_memory(where, err);
    if (status == RIG_OK)
        status = read_calls(document, where, made, err);
    if (status == RIG_OK)
        *run = made;
    else
        rig_history_run_free(made);
    return status;
}
