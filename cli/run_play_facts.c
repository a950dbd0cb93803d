/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_play_facts.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/digest.h"

/* Who plays, where, and what befell them. */
static void take_workers(const rig_run_play_input *input, rig_play_facts *facts)
{
    const rig_play_report *report = input->report;
    facts->n_workers = report->n_workers;
    facts->n_socket_drops = report->agents.n_socket_drops + report->call_backs.n_socket_drops;
    for (size_t i = 0; i < report->n_workers; i++) {
        const rig_play_worker *worker = &report->callers[i];
        facts->n_socket_drops += worker->n_socket_drops;
        facts->workers[i] = (rig_play_facts_worker){.port = worker->port,
                                                    .exit_code = worker->exit_code,
                                                    .n_calls = worker->n_calls,
                                                    .n_lines = worker->n_lines,
                                                    .n_late = worker->n_late,
                                                    .max_late_ms = worker->max_late_ms,
                                                    .n_socket_drops = worker->n_socket_drops};
        (void)snprintf(facts->workers[i].host, sizeof facts->workers[i].host, "%s", worker->host);
    }
    (void)snprintf(facts->agents_host, sizeof facts->agents_host, "%s", report->agents_host);
    facts->agents_port = report->agents.port;
    (void)snprintf(facts->trouble, sizeof facts->trouble, "%s",
                   input->centre_end[0] != '\0' ? input->centre_end : report->trouble);
}

void rig_run_play_facts(const rig_run_play_input *input, rig_play_facts *facts)
{
    const rig_play_report *report = input->report;
    const rig_run_setup *setup = input->setup;
    const rig_texts *defects = input->defects;
    *facts = (rig_play_facts){
        .start_epoch_ns = report->start_epoch_ns,
        .end_epoch_ns = report->end_epoch_ns,
        .stop_epoch_ns = report->stop_epoch_ns,
        .was_stopped = report->was_stopped && !report->was_given_up,
        .ran_over = report->ran_over,
        .n_planned = report->n_planned,
        .n_placed =
            report->n_sipp_lines + report->n_not_due - report->n_caller_ends[RIG_CALLER_NOT_PLACED],
        .n_missing_lines = report->n_missing_lines,
        .n_packets = report->capture.n_packets,
        .n_kernel_dropped = report->capture.n_kernel_dropped,
        .clock_step_ns = report->clock_step_ns,
        .clock_step_at_ns = report->clock_step_at_ns,
        .n_stopped = report->n_caller_ends[RIG_CALLER_NOT_PLACED],
        .n_told = report->tells.n_told,
        .load_nice = report->load_nice,
    };
    for (int i = 0; i < RIG_N_PHONE_ENDS; i++)
        facts->n_rung += report->n_agent_ends[i];
    take_workers(input, facts);
    (void)snprintf(facts->elsewhere, sizeof facts->elsewhere, "%s", report->elsewhere);
    char host[RIG_ADDRESS_SIZE + 2];
    rig_address_for_uri(setup->target_host, host);
    (void)snprintf(facts->target, sizeof facts->target, "%s%s:%u",
                   rig_target_is_embedded(&setup->scenario->target) ? "embedded " : "", host,
                   setup->target_port);
    (void)snprintf(facts->target_address, sizeof facts->target_address, "%s", setup->route.target);
    (void)snprintf(facts->marks_found, sizeof facts->marks_found, "%s", setup->marks_found);
    (void)snprintf(facts->sipp, sizeof facts->sipp, "%s", setup->sipp);
    for (facts->n_defects = 0; facts->n_defects < defects->n; facts->n_defects++)
        (void)snprintf(facts->defects[facts->n_defects], RIG_PLAY_FACTS_DEFECT_SIZE, "%s",
                       defects->items[facts->n_defects]);
}

void rig_run_play_check_capture(const char *path, const rig_recorder_totals *captured,
                                rig_play_facts *facts, char sha256[RIG_SHA256_TEXT_SIZE])
{
    struct stat file = {.st_size = 0};
    char what[80] = "holds other bytes than were captured";
    if (facts->trouble[0] != '\0' ||
        (rig_digest_file(path, sha256, NULL) == RIG_OK && strcmp(sha256, captured->sha256) == 0))
        return;
    if (stat(path, &file) != 0)
        (void)snprintf(what, sizeof what, "is gone");
    else if ((uint64_t)file.st_size != captured->n_bytes)
        (void)snprintf(what, sizeof what, "has %lld bytes, %llu were captured",
                       (long long)file.st_size, (unsigned long long)captured->n_bytes);
    (void)snprintf(facts->trouble, sizeof facts->trouble,
                   "the file of the capture was changed by another program while it was written: "
                   "%.200s %s; keep others away from it",
                   path, what);
}
