#include "reports/play_json.h"

#include <jansson.h>
#include <string.h>

#include "reports/json_file.h"

#define FORMAT_NAME "peakrig play 1"

rig_status rig_play_json_write(const rig_play_facts *f, const char *schedule_sha256,
                               const char *path, rig_error *err)
{
    json_t *document = json_pack(
        "{s:s, s:s, s:{s:s}, s:I, s:I, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s}",
        "format", FORMAT_NAME, "peakrig", PEAKRIG_VERSION, "inputs", "schedule_sha256",
        schedule_sha256, "start_epoch_ns", (json_int_t)f->start_epoch_ns, "end_epoch_ns",
        (json_int_t)f->end_epoch_ns, "was_stopped", (int)f->was_stopped, "ran_over",
        (int)f->ran_over, "n_planned", (json_int_t)f->n_planned, "n_placed",
        (json_int_t)f->n_placed, "n_missing_lines", (json_int_t)f->n_missing_lines, "n_workers",
        (json_int_t)f->n_workers, "n_packets", (json_int_t)f->n_packets, "n_kernel_dropped",
        (json_int_t)f->n_kernel_dropped, "n_socket_drops", (json_int_t)f->n_socket_drops,
        "clock_step_ns", (json_int_t)f->clock_step_ns, "target", f->target, "sipp", f->sipp);
    if (document == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    rig_status status = rig_json_write(document, path, err);
    json_decref(document);
    return status;
}

rig_status rig_play_json_read(const char *path, rig_play_facts *facts, rig_error *err)
{
    json_t *document = NULL;
    rig_status status = rig_json_read(path, &document, err);
    if (status != RIG_OK)
        return status;
    rig_play_facts f = {0};
    const char *format = NULL, *target = NULL, *sipp = NULL;
    json_int_t start_ns, end_ns, n_planned, n_placed, n_missing, n_workers, n_packets, n_dropped,
        n_socket, step_ns;
    int was_stopped, ran_over;
    json_error_t why;
    int unpacked = json_unpack_ex(
        document, &why, 0,
        "{s:s, s:I, s:I, s:b, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:s}", "format",
        &format, "start_epoch_ns", &start_ns, "end_epoch_ns", &end_ns, "was_stopped", &was_stopped,
        "ran_over", &ran_over, "n_planned", &n_planned, "n_placed", &n_placed, "n_missing_lines",
        &n_missing, "n_workers", &n_workers, "n_packets", &n_packets, "n_kernel_dropped",
        &n_dropped, "n_socket_drops", &n_socket, "clock_step_ns", &step_ns, "target", &target,
        "sipp", &sipp);
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
                             .clock_step_ns = step_ns};
        (void)snprintf(f.target, sizeof f.target, "%s", target);
        (void)snprintf(f.sipp, sizeof f.sipp, "%s", sipp);
        *facts = f;
    }
    json_decref(document);
    return status;
}
