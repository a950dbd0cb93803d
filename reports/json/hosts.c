/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/json/hosts.h"

#include <stdio.h>

#include "reports/json_file.h"

static void add_counts(rig_json_builder *b, const rig_play_facts_host *host)
{
    rig_json_add_text(b, "name", host->name);
    rig_json_add_truth(b, "lost", host->is_lost);
    rig_json_add_count(b, "calls", host->n_calls);
    rig_json_add_count(b, "packets", host->n_packets);
    rig_json_add_count(b, "kernel_dropped", host->n_kernel_dropped);
}

void rig_json_add_play_hosts(rig_json_builder *b, const rig_play_facts *facts)
{
    if (facts->n_hosts == 0)
        return;
    rig_json_open_list(b, "hosts");
    for (size_t i = 0; i < facts->n_hosts; i++) {
        const rig_play_facts_host *host = &facts->hosts[i];
        rig_json_open_object(b, NULL);
        add_counts(b, host);
        rig_json_add_integer(b, "start_offset_ns", host->start_offset_ns);
        rig_json_add_integer(b, "end_offset_ns", host->end_offset_ns);
        if (host->test_offset_ns != 0)
            rig_json_add_integer(b, "test_offset_ns", host->test_offset_ns);
        rig_json_add_integer(b, "error_ns", host->error_ns);
        rig_json_add_count(b, "looks", host->n_looks);
        rig_json_close(b);
    }
    rig_json_close(b);
}

/* A whole number; negative ones where they are permitted. */
static bool read_number(const json_t *object, const char *key, int64_t least, int64_t *value)
{
    return rig_json_integer(object, key, value) && *value >= least;
}

static bool read_host(const json_t *object, rig_play_facts_host *host)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    const json_t *is_lost = json_object_get(object, "lost");
    int64_t n_calls = 0, n_packets = 0, n_dropped = 0, n_looks = 0;
    if (name == NULL || !json_is_boolean(is_lost) || !read_number(object, "calls", 0, &n_calls) ||
        !read_number(object, "packets", 0, &n_packets) ||
        !read_number(object, "kernel_dropped", 0, &n_dropped) ||
        !read_number(object, "looks", 0, &n_looks) ||
        !read_number(object, "error_ns", 0, &host->error_ns) ||
        !read_number(object, "start_offset_ns", INT64_MIN, &host->start_offset_ns) ||
        !read_number(object, "end_offset_ns", INT64_MIN, &host->end_offset_ns) ||
        (json_object_get(object, "test_offset_ns") != NULL &&
         !read_number(object, "test_offset_ns", INT64_MIN, &host->test_offset_ns)))
        return false;
    (void)snprintf(host->name, sizeof host->name, "%s", name);
    host->is_lost = json_is_true(is_lost);
    host->n_calls = (uint64_t)n_calls;
    host->n_packets = (uint64_t)n_packets;
    host->n_kernel_dropped = (uint64_t)n_dropped;
    host->n_looks = (uint64_t)n_looks;
    return true;
}

bool rig_json_read_play_hosts(const json_t *list, rig_play_facts *facts)
{
    const size_t n = json_array_size(list);
    if (list == NULL) /* played on one */
        return true;
    if (!json_is_array(list) || n < 2 || n > RIG_MAX_WORKERS)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!read_host(json_array_get(list, i), &facts->hosts[i]))
            return false;
    }
    facts->n_hosts = n;
    return true;
}

void rig_json_add_hosts(rig_json_builder *b, const rig_hosts *hosts)
{
    if (hosts->n == 0)
        return;
    rig_json_open_list(b, "hosts");
    for (size_t i = 0; i < hosts->n; i++) {
        const rig_play_facts_host *host = &hosts->facts[i];
        const rig_lateness *lateness = &hosts->lateness[i];
        rig_json_open_object(b, NULL);
        add_counts(b, host);
        rig_json_add_count(b, "placed", lateness->n_placed);
        rig_json_add_real(b, "late_median_ms", lateness->median_ms);
        rig_json_add_real(b, "late_abs_p99_ms", lateness->abs_p99_ms);
        rig_json_add_real(b, "late_max_ms", lateness->max_ms);
        rig_json_add_real(b, "clock_start_ms", (double)host->start_offset_ns * 1e-6);
        rig_json_add_real(b, "clock_end_ms", (double)host->end_offset_ns * 1e-6);
        if (host->test_offset_ns != 0)
            rig_json_add_real(b, "clock_test_ms", (double)host->test_offset_ns * 1e-6);
        rig_json_add_real(b, "clock_error_ms", (double)host->error_ns * 1e-6);
        rig_json_add_count(b, "clock_looks", host->n_looks);
        rig_json_close(b);
    }
    rig_json_close(b);
}
