/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/play_json.h"

#include "reports/json/hosts.h"
#include "reports/json/play.h"
#include "reports/json_builder.h"
#include "reports/json_file.h"

static void add_workers(rig_json_builder *b, const rig_play_facts *f)
{
    rig_json_open_list(b, "callers");
    for (size_t i = 0; i < f->n_workers && i < RIG_MAX_WORKERS; i++) {
        const rig_play_facts_worker *w = &f->workers[i];
        rig_json_open_object(b, NULL);
        rig_json_add_text(b, "host", w->host);
        rig_json_add_count(b, "port", w->port);
        rig_json_add_integer(b, "exit_code", w->exit_code);
        rig_json_add_count(b, "n_calls", w->n_calls);
        rig_json_add_count(b, "n_lines", w->n_lines);
        rig_json_add_count(b, "n_late", w->n_late);
        rig_json_add_real(b, "max_late_ms", w->max_late_ms);
        rig_json_add_count(b, "n_socket_drops", w->n_socket_drops);
        rig_json_close(b);
    }
    rig_json_close(b);
}

static void add_looks(rig_json_builder *b, const rig_interim_facts *looks)
{
    rig_json_open_object(b, "early_stop");
    rig_json_add_truth(b, "on", looks->is_on);
    rig_json_add_truth(b, "stopped", looks->is_stopped);
    rig_json_add_count(b, "look", looks->look);
    rig_json_add_count(b, "n_looks", looks->n_looks);
    rig_json_add_real(b, "at_s", looks->at_s);
    rig_json_close(b);
}

static void add_defects(rig_json_builder *b, const rig_play_facts *f)
{
    rig_json_open_list(b, "defects");
    for (size_t i = 0; i < f->n_defects && i < RIG_PLAY_FACTS_MAX_DEFECTS; i++)
        rig_json_add_text(b, NULL, f->defects[i]);
    rig_json_close(b);
}

static void add_counts(rig_json_builder *b, const rig_play_facts *f)
{
    rig_json_add_integer(b, "start_epoch_ns", f->start_epoch_ns);
    rig_json_add_integer(b, "end_epoch_ns", f->end_epoch_ns);
    rig_json_add_integer(b, "stop_epoch_ns", f->stop_epoch_ns);
    rig_json_add_truth(b, "was_stopped", f->was_stopped);
    rig_json_add_truth(b, "ran_over", f->ran_over);
    if (f->elsewhere[0] != '\0')
        rig_json_add_text(b, "elsewhere", f->elsewhere);
    rig_json_add_count(b, "n_planned", f->n_planned);
    rig_json_add_count(b, "n_placed", f->n_placed);
    rig_json_add_count(b, "n_missing_lines", f->n_missing_lines);
    rig_json_add_count(b, "n_workers", f->n_workers);
    rig_json_add_count(b, "n_packets", f->n_packets);
    rig_json_add_count(b, "n_kernel_dropped", f->n_kernel_dropped);
    rig_json_add_count(b, "n_socket_drops", f->n_socket_drops);
    rig_json_add_integer(b, "clock_step_ns", f->clock_step_ns);
    rig_json_add_text(b, "target", f->target);
    rig_json_add_text(b, "target_address", f->target_address);
    rig_json_add_text(b, "sipp", f->sipp);
    rig_json_add_count(b, "n_stopped", f->n_stopped);
    rig_json_add_count(b, "n_told", f->n_told);
    rig_json_add_integer(b, "load_nice", f->load_nice);
    rig_json_add_count(b, "n_rung", f->n_rung);
    rig_json_add_count(b, "n_centre_offered", f->n_centre_offered);
    rig_json_add_count(b, "n_centre_rang", f->n_centre_rang);
    rig_json_add_integer(b, "clock_step_at_ns", f->clock_step_at_ns);
    rig_json_add_text(b, "agents_host", f->agents_host);
    rig_json_add_count(b, "agents_port", f->agents_port);
    rig_json_add_text(b, "trouble", f->trouble);
    if (f->oom.boot[0] != '\0') {
        rig_json_add_text(b, "host_boot", f->oom.boot);
        rig_json_add_count(b, "host_oom_kills", f->oom.n_kills);
    }
    if (f->marks_found[0] != '\0')
        rig_json_add_text(b, "marks_found", f->marks_found);
}

rig_status rig_json_play_write(const rig_play_facts *f, const char *schedule_sha256,
                               const char *path, rig_error *err)
{
    json_t *document = NULL;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "format", RIG_PLAY_FORMAT);
    rig_json_add_text(&b, "peakrig", PEAKRIG_VERSION);
    rig_json_open_object(&b, "inputs");
    rig_json_add_text(&b, "schedule_sha256", schedule_sha256);
    rig_json_close(&b);
    add_counts(&b, f);
    add_workers(&b, f);
    rig_json_add_play_hosts(&b, f);
    add_looks(&b, &f->looks);
    add_defects(&b, f);
    rig_status status = rig_json_end(&b, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: %s", path, rig_status_text(status));
    status = rig_json_write(document, path, err);
    json_decref(document);
    return status;
}

rig_status rig_json_play_set_trouble(const char *path, const char *trouble, rig_error *err)
{
    json_t *document = NULL;
    rig_status status = rig_json_read(path, &document, err);
    if (status == RIG_OK && json_object_set_new(document, "trouble", json_string(trouble)) != 0)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", path);
    if (status == RIG_OK)
        status = rig_json_write(document, path, err);
    json_decref(document);
    return status;
}
