#include "reports/play_json.h"

#include <jansson.h>
#include <string.h>

#include "verdict/early_stop.h"
#include "reports/json_file.h"

#define FORMAT_NAME "peakrig play 1"

static json_t *workers_json(const rig_play_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->n_workers && i < RIG_MAX_WORKERS; i++) {
        const rig_play_facts_worker *w = &f->workers[i];
        (void)json_array_append_new(
            list, json_pack("{s:s, s:i, s:i, s:I, s:I, s:I, s:f, s:I}", "host", w->host, "port",
                            (int)w->port, "exit_code", w->exit_code, "n_calls",
                            (json_int_t)w->n_calls, "n_lines", (json_int_t)w->n_lines, "n_late",
                            (json_int_t)w->n_late, "max_late_ms", w->max_late_ms, "n_socket_drops",
                            (json_int_t)w->n_socket_drops));
    }
    return list;
}

static json_t *defects_json(const rig_play_facts *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < f->n_defects && i < RIG_PLAY_FACTS_MAX_DEFECTS; i++)
        (void)json_array_append_new(list, json_string_nocheck(f->defects[i]));
    return list;
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

/* @return 0, or -1 with *why. */
static int read_workers(json_t *list, rig_play_facts *f, json_error_t *why)
{
    for (size_t i = 0; i < json_array_size(list) && i < RIG_MAX_WORKERS; i++) {
        const char *host = NULL;
        json_int_t n_calls, n_lines, n_late, n_drops;
        int port, exit_code;
        double max_late_ms;
        if (json_unpack_ex(json_array_get(list, i), why, 0,
                           "{s:s, s:i, s:i, s:I, s:I, s:I, s:F, s:I}", "host", &host, "port", &port,
                           "exit_code", &exit_code, "n_calls", &n_calls, "n_lines", &n_lines,
                           "n_late", &n_late, "max_late_ms", &max_late_ms, "n_socket_drops",
                           &n_drops) != 0)
            return -1;
        f->workers[i] = (rig_play_facts_worker){.port = (uint16_t)port,
                                                .exit_code = exit_code,
                                                .n_calls = (uint64_t)n_calls,
                                                .n_lines = (uint64_t)n_lines,
                                                .n_late = (uint64_t)n_late,
                                                .max_late_ms = max_late_ms,
                                                .n_socket_drops = (uint64_t)n_drops};
        (void)snprintf(f->workers[i].host, sizeof f->workers[i].host, "%s", host);
    }
    return 0;
}

static json_t *looks_json(const rig_interim_facts *looks)
{
    return json_pack("{s:b, s:b, s:i, s:i, s:f}", "on", (int)looks->is_on, "stopped",
                     (int)looks->is_stopped, "look", (int)looks->look, "n_looks",
                     (int)looks->n_looks, "at_s", looks->at_s);
}

/* @return 0, or -1 with *why. */
static int read_looks(json_t *object, rig_interim_facts *looks, json_error_t *why)
{
    int is_on, is_stopped, look, n_looks;
    double at_s;
    if (object == NULL)
        return 0; /* of a version without looks */
    if (json_unpack_ex(object, why, 0, "{s:b, s:b, s:i, s:i, s:F}", "on", &is_on, "stopped",
                       &is_stopped, "look", &look, "n_looks", &n_looks, "at_s", &at_s) != 0)
        return -1;
    if (look < 0 || look >= RIG_N_LOOKS - 1 || n_looks < 0 || (is_stopped != 0 && !(at_s > 0.0))) {
        (void)snprintf(why->text, sizeof why->text, "look %d at %g s; expected 0 to %d, after 0 s",
                       look, at_s, RIG_N_LOOKS - 2);
        return -1;
    }
    *looks = (rig_interim_facts){.is_on = is_on != 0,
                                 .is_stopped = is_stopped != 0,
                                 .look = (unsigned)look,
                                 .n_looks = (unsigned)n_looks,
                                 .at_s = at_s};
    return 0;
}

rig_status rig_json_play_write(const rig_play_facts *f, const char *schedule_sha256,
                               const char *path, rig_error *err)
{
    json_t *document = json_pack(
        "{s:s, s:s, s:{s:s}, s:I, s:I, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s, "
        "s:I, s:I, s:I, s:o, s:o, s:o}",
        "format", FORMAT_NAME, "peakrig", PEAKRIG_VERSION, "inputs", "schedule_sha256",
        schedule_sha256, "start_epoch_ns", (json_int_t)f->start_epoch_ns, "end_epoch_ns",
        (json_int_t)f->end_epoch_ns, "was_stopped", (int)f->was_stopped, "ran_over",
        (int)f->ran_over, "n_planned", (json_int_t)f->n_planned, "n_placed",
        (json_int_t)f->n_placed, "n_missing_lines", (json_int_t)f->n_missing_lines, "n_workers",
        (json_int_t)f->n_workers, "n_packets", (json_int_t)f->n_packets, "n_kernel_dropped",
        (json_int_t)f->n_kernel_dropped, "n_socket_drops", (json_int_t)f->n_socket_drops,
        "clock_step_ns", (json_int_t)f->clock_step_ns, "target", f->target, "sipp", f->sipp,
        "n_stopped", (json_int_t)f->n_stopped, "n_told", (json_int_t)f->n_told, "clock_step_at_ns",
        (json_int_t)f->clock_step_at_ns, "callers", workers_json(f), "early_stop",
        looks_json(&f->looks), "defects", defects_json(f));
    if (document == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    rig_status status = rig_json_write(document, path, err);
    json_decref(document);
    return status;
}

rig_status rig_json_play_read(const char *path, rig_play_facts *facts, rig_error *err)
{
    json_t *document = NULL;
    rig_status status = rig_json_read(path, &document, err);
    if (status != RIG_OK)
        return status;
    rig_play_facts f = {0};
    const char *format = NULL, *target = NULL, *sipp = NULL;
    json_int_t start_ns, end_ns, n_planned, n_placed, n_missing, n_workers, n_packets, n_dropped,
        n_socket, step_ns, n_stopped, n_told, step_at_ns;
    json_t *workers = NULL, *looks = NULL;
    int was_stopped, ran_over;
    json_error_t why;
    int unpacked = json_unpack_ex(
        document, &why, 0,
        "{s:s, s:I, s:I, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s, s:I, s:I, "
        "s:I, s:o, s?o}",
        "format", &format, "start_epoch_ns", &start_ns, "end_epoch_ns", &end_ns, "was_stopped",
        &was_stopped, "ran_over", &ran_over, "n_planned", &n_planned, "n_placed", &n_placed,
        "n_missing_lines", &n_missing, "n_workers", &n_workers, "n_packets", &n_packets,
        "n_kernel_dropped", &n_dropped, "n_socket_drops", &n_socket, "clock_step_ns", &step_ns,
        "target", &target, "sipp", &sipp, "n_stopped", &n_stopped, "n_told", &n_told,
        "clock_step_at_ns", &step_at_ns, "callers", &workers, "early_stop", &looks);
    if (unpacked != 0) {
        status = rig_fail(err, RIG_EINPUT, "%s: %s; expected " FORMAT_NAME, path, why.text);
    } else if (strcmp(format, FORMAT_NAME) != 0) {
        status = rig_fail(err, RIG_EINPUT, "%s: format: \"%s\"; expected \"" FORMAT_NAME "\"", path,
                          format);
    } else {
        f = (rig_play_facts){.start_epoch_ns = start_ns,
                             .end_epoch_ns = end_ns,
                             .was_stopped = was_stopped != 0,
                             .ran_over = ran_over != 0,
                             .n_planned = (uint64_t)n_planned,
                             .n_placed = (uint64_t)n_placed,
                             .n_missing_lines = (uint64_t)n_missing,
                             .n_workers = (uint64_t)n_workers,
                             .n_packets = (uint64_t)n_packets,
                             .n_kernel_dropped = (uint64_t)n_dropped,
                             .n_socket_drops = (uint64_t)n_socket,
                             .clock_step_ns = step_ns,
                             .n_stopped = (uint64_t)n_stopped,
                             .n_told = (uint64_t)n_told,
                             .clock_step_at_ns = step_at_ns};
        (void)snprintf(f.target, sizeof f.target, "%s", target);
        (void)snprintf(f.sipp, sizeof f.sipp, "%s", sipp);
        read_defects(json_object_get(document, "defects"), &f);
        if (read_workers(workers, &f, &why) != 0)
            status = rig_fail(err, RIG_EINPUT, "%s: callers: %s", path, why.text);
        else if (read_looks(looks, &f.looks, &why) != 0)
            status = rig_fail(err, RIG_EINPUT, "%s: early_stop: %s", path, why.text);
        else
            *facts = f;
    }
    json_decref(document);
    return status;
}
