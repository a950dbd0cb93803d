/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/play_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reports/json/hosts.h"
#include "reports/json/play.h"
#include "reports/json_file.h"
#include "verdict/early_stop.h"

/* An object whose members are wanted; the first that is not what it should be sticks. */
typedef struct reader {
    const json_t *object;
    const char *path, *part; /* part: "", or "callers: " */
    rig_error *err;
    rig_status status;
} reader;

static void refuse(reader *r, const char *key, const char *expected)
{
    if (r->status == RIG_OK)
        r->status =
            rig_fail(r->err, RIG_EINPUT, "%s: %s%s: %s; expected %s (" RIG_PLAY_FORMAT ")", r->path,
                     r->part, key, rig_json_kind(json_object_get(r->object, key)), expected);
}

static int64_t integer_of(reader *r, const char *key)
{
    int64_t value = 0;
    if (!rig_json_integer(r->object, key, &value))
        refuse(r, key, "a whole number");
    return value;
}

static uint64_t count_of(reader *r, const char *key)
{
    int64_t value = integer_of(r, key);
    if (value < 0)
        refuse(r, key, "a whole number from 0 to 9223372036854775807");
    return value < 0 ? 0 : (uint64_t)value;
}

static double real_of(reader *r, const char *key)
{
    double value = rig_json_number(r->object, key);
    if (isnan(value))
        refuse(r, key, "a number");
    return value;
}

static bool truth_of(reader *r, const char *key)
{
    if (!json_is_boolean(json_object_get(r->object, key)))
        refuse(r, key, "true or false");
    return rig_json_is_true(r->object, key);
}

static void text_of(reader *r, const char *key, char *text, size_t size)
{
    const char *value = json_string_value(json_object_get(r->object, key));
    if (value == NULL)
        refuse(r, key, "a text");
    else
        (void)snprintf(text, size, "%s", value);
}

/* A file of a version that knew no defects has no such list. */
static void read_defects(const json_t *list, rig_play_facts *f)
{
    for (size_t i = 0; i < json_array_size(list) && i < RIG_PLAY_FACTS_MAX_DEFECTS; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        (void)snprintf(f->defects[f->n_defects++], RIG_PLAY_FACTS_DEFECT_SIZE, "%s",
                       text != NULL ? text : "?");
    }
}

static void read_worker(reader *r, rig_play_facts_worker *w)
{
    text_of(r, "host", w->host, sizeof w->host);
    w->port = (uint16_t)count_of(r, "port");
    w->exit_code = (int)integer_of(r, "exit_code");
    w->n_calls = count_of(r, "n_calls");
    w->n_lines = count_of(r, "n_lines");
    w->n_late = count_of(r, "n_late");
    w->max_late_ms = real_of(r, "max_late_ms");
    w->n_socket_drops = count_of(r, "n_socket_drops");
}

static void read_workers(const reader *of_file, rig_play_facts *f, rig_status *status)
{
    const json_t *list = rig_json_list(of_file->object, "callers");
    reader r = *of_file;
    r.part = "callers: ";
    if (list == NULL)
        refuse(&r, "list", "there");
    for (size_t i = 0; i < json_array_size(list) && i < RIG_MAX_WORKERS; i++) {
        r.object = json_array_get(list, i);
        read_worker(&r, &f->workers[i]);
    }
    *status = r.status;
}

/* A file of a version without looks has no such object. */
static void read_looks(const reader *of_file, rig_interim_facts *looks, rig_status *status)
{
    reader r = *of_file;
    r.part = "early_stop: ";
    r.object = json_object_get(of_file->object, "early_stop");
    *status = RIG_OK;
    if (r.object == NULL)
        return;
    const bool is_on = truth_of(&r, "on"), is_stopped = truth_of(&r, "stopped");
    const int64_t look = integer_of(&r, "look"), n_looks = integer_of(&r, "n_looks");
    const double at_s = real_of(&r, "at_s");
    if (r.status == RIG_OK && (look < 0 || look >= RIG_N_LOOKS - 1 || n_looks < 0 ||
                               n_looks > RIG_N_LOOKS || (is_stopped && !(at_s > 0.0))))
        r.status = rig_fail(r.err, RIG_EINPUT,
                            "%s: early_stop: look %lld at %g s; expected 0 to %d, after 0 s",
                            r.path, (long long)look, at_s, RIG_N_LOOKS - 2);
    if (r.status == RIG_OK)
        *looks = (rig_interim_facts){.is_on = is_on,
                                     .is_stopped = is_stopped,
                                     .look = (unsigned)look,
                                     .n_looks = (unsigned)n_looks,
                                     .at_s = at_s};
    *status = r.status;
}

/* A file of a version that did not ask for set-up has none of these. */
static void read_set_up(reader *r, rig_play_facts *f)
{
    if (json_object_get(r->object, "trouble") == NULL)
        return;
    text_of(r, "agents_host", f->agents_host, sizeof f->agents_host);
    f->agents_port = (uint16_t)count_of(r, "agents_port");
    text_of(r, "trouble", f->trouble, sizeof f->trouble);
    if (json_object_get(r->object, "host_boot") == NULL)
        return;
    text_of(r, "host_boot", f->oom.boot, sizeof f->oom.boot);
    f->oom.n_kills = count_of(r, "host_oom_kills");
}

static void read_counts(reader *r, rig_play_facts *f)
{
    f->start_epoch_ns = integer_of(r, "start_epoch_ns");
    f->end_epoch_ns = integer_of(r, "end_epoch_ns");
    if (json_object_get(r->object, "stop_epoch_ns") != NULL) /* files of earlier versions lack it */
        f->stop_epoch_ns = integer_of(r, "stop_epoch_ns");
    f->was_stopped = truth_of(r, "was_stopped");
    f->ran_over = truth_of(r, "ran_over");
    if (json_object_get(r->object, "elsewhere") != NULL)
        text_of(r, "elsewhere", f->elsewhere, sizeof f->elsewhere);
    if (json_object_get(r->object, "marks_found") != NULL)
        text_of(r, "marks_found", f->marks_found, sizeof f->marks_found);
    if (json_object_get(r->object, "target_address") != NULL)
        text_of(r, "target_address", f->target_address, sizeof f->target_address);
    f->n_planned = count_of(r, "n_planned");
    f->n_placed = count_of(r, "n_placed");
    f->n_missing_lines = count_of(r, "n_missing_lines");
    f->n_workers = count_of(r, "n_workers");
    f->n_packets = count_of(r, "n_packets");
    f->n_kernel_dropped = count_of(r, "n_kernel_dropped");
    f->n_socket_drops = count_of(r, "n_socket_drops");
    f->clock_step_ns = integer_of(r, "clock_step_ns");
    text_of(r, "target", f->target, sizeof f->target);
    text_of(r, "sipp", f->sipp, sizeof f->sipp);
    f->n_stopped = count_of(r, "n_stopped");
    f->n_told = count_of(r, "n_told");
    if (json_object_get(r->object, "load_nice") != NULL)
        f->load_nice = (int)integer_of(r, "load_nice");
    if (json_object_get(r->object, "n_rung") != NULL)
        f->n_rung = count_of(r, "n_rung");
    if (json_object_get(r->object, "n_centre_offered") != NULL)
        f->n_centre_offered = count_of(r, "n_centre_offered");
    if (json_object_get(r->object, "n_centre_rang") != NULL)
        f->n_centre_rang = count_of(r, "n_centre_rang");
    f->clock_step_at_ns = integer_of(r, "clock_step_at_ns");
}

rig_status rig_json_play_read(const char *path, rig_play_facts *facts, rig_error *err)
{
    json_t *document = NULL;
    rig_play_facts f = {0};
    rig_status status = rig_json_read(path, &document, err);
    if (status == RIG_OK)
        status = rig_json_expect_format(document, path, RIG_PLAY_FORMAT, err);
    reader r = {.object = document, .path = path, .part = "", .err = err, .status = status};
    if (status == RIG_OK) {
        read_counts(&r, &f);
        read_set_up(&r, &f);
        read_defects(json_object_get(document, "defects"), &f);
        status = r.status;
    }
    if (status == RIG_OK)
        read_workers(&r, &f, &status);
    if (status == RIG_OK)
        read_looks(&r, &f.looks, &status);
    if (status == RIG_OK && !rig_json_read_play_hosts(json_object_get(document, "hosts"), &f))
        status = rig_fail(err, RIG_EINPUT, "%s: hosts: expected 2 to %d load hosts, as a run wrote",
                          path, RIG_MAX_WORKERS);
    if (status == RIG_OK)
        *facts = f;
    json_decref(document);
    return status;
}
