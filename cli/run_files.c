/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/calls_csv.h"
#include "core/digest.h"
#include "verdict/cut_by_rig.h"
#include "verdict/judge.h"
#include "cli/console.h"
#include "cli/print_result.h"
#include "cli/run_labels.h"
#include "cli/run_agents.h"
#include "cli/run_ladders.h"
#include "cli/run_sums.h"
#include "reports/callers_csv.h"
#include "reports/differences_csv.h"
#include "cli/run_set_up.h"
#include "reports/html.h"
#include "reports/figures_csv.h"
#include "reports/json_file.h"
#include "reports/junit.h"
#include "reports/mask_result.h"
#include "reports/play_json.h"
#include "reports/result_json.h"
#include "reports/wire_json.h"

/* What a judgement is made of, owned. */
typedef struct judged {
    rig_scenario *scenario;
    rig_schedule *schedule;
    rig_play_facts play;
    rig_calls *calls;
    rig_wire_facts wire;
    rig_said_call *said; /* or NULL */
    rig_judged_run run;
    rig_result_inputs inputs;
} judged;

static void release(judged *j)
{
    rig_judged_run_clear(&j->run);
    rig_calls_free(j->calls);
    free(j->said);
    rig_schedule_free(j->schedule);
    rig_scenario_free(j->scenario);
}

static rig_status digest_inputs(const rig_run_dir *run, rig_result_inputs *inputs, rig_error *err)
{
    const struct {
        const char *path;
        char *text;
    } files[] = {{run->scenario, inputs->scenario},
                 {run->schedule, inputs->schedule},
                 {run->calls, inputs->calls},
                 {run->play, inputs->play},
                 {run->capture, inputs->capture}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (files[i].path == run->capture && access(run->capture, F_OK) != 0)
            continue; /* a verdict needs calls.csv, not the capture */
        rig_status status = rig_digest_file(files[i].path, files[i].text, err);
        if (status != RIG_OK)
            return status;
    }
    return RIG_OK;
}

/* Before anything is read: a file that is not the run's may also be one that cannot be read. */
static rig_status check_files(const rig_run_dir *run, bool is_forced, judged *j, rig_error *err)
{
    char text[900];
    rig_status status = digest_inputs(run, &j->inputs, err);
    if (status == RIG_OK)
        status = rig_run_sums_compare(run, &j->inputs, text, sizeof text, err);
    if (status == RIG_OK && j->inputs.n_changed > 0 && !is_forced)
        status = rig_fail(err, RIG_EINPUT, "%s; --force judges all the same", text);
    return status;
}

static rig_status read_run(const rig_run_dir *run, judged *j, rig_error *err)
{
    rig_status status = rig_scenario_read(run->scenario, NULL, 0, &j->scenario, err);
    if (status == RIG_OK)
        status = rig_schedule_read(run->schedule, &j->schedule, err);
    if (status == RIG_OK)
        status = rig_json_play_read(run->play, &j->play, err);
    if (status == RIG_OK)
        status = rig_cdr_read(run->calls, &j->calls, err);
    if (status == RIG_OK)
        rig_cut_by_rig(j->calls, j->play.stop_epoch_ns); /* older versions did not say so */
    if (status == RIG_OK)
        status = rig_json_wire_read(run->wire, &j->wire, err);
    if (status == RIG_OK)
        status = rig_run_set_up_said(run, j->schedule, &j->play, &j->said, err);
    return status;
}

/* All ranks are to judge the same files. */
static rig_status agree_on_inputs(rig_ranks *ranks, const rig_result_inputs *inputs,
                                  rig_status status, rig_error *err)
{
    char all[4 * RIG_SHA256_TEXT_SIZE], sha256[RIG_SHA256_TEXT_SIZE] = "";
    (void)snprintf(all, sizeof all, "%s%s%s%s", inputs->scenario, inputs->schedule, inputs->calls,
                   inputs->play);
    rig_digest_bytes(all, strlen(all), sha256);
    return rig_ranks_agree(ranks, "scenario.cfg, schedule.csv, calls.csv or play.json", sha256,
                           status, err);
}

static void show_replays(void *ctx, uint32_t n_done, uint32_t n_all)
{
    rig_progress_show(ctx, "judging: %u of %u replays", n_done, n_all);
}

static rig_status decide(judged *j, const rig_run_files_judge_options *options, rig_error *err)
{
    const rig_judge_input input = {.scenario = j->scenario,
                                   .schedule = j->schedule,
                                   .calls = j->calls,
                                   .play = &j->play,
                                   .wire = &j->wire,
                                   .said = j->said,
                                   .with_diagnosis = true,
                                   .team = rig_ranks_team(options->ranks),
                                   .stop = options->stop,
                                   .progress = show_replays,
                                   .ctx = options->progress};
    rig_status status = rig_judge(&input, &j->run, err);
    rig_progress_end(options->progress);
    return status;
}

/* The labels of the run into its result. */
static rig_status label(const rig_run_dir *run, json_t *document, rig_error *err)
{
    json_t *labels = NULL;
    rig_status status = rig_run_labels_read(run, &labels, err);
    if (status == RIG_OK && json_object_set_new(document, "labels", labels) != 0)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", run->result);
    return status;
}

static rig_result result_of(const judged *j)
{
    return (rig_result){.scenario = j->scenario,
                        .schedule = j->schedule,
                        .inputs = &j->inputs,
                        .play = &j->play,
                        .calls = j->run.calls,
                        .join = j->run.join,
                        .observed = j->run.observed,
                        .lateness = &j->run.lateness,
                        .hosts = &j->run.hosts,
                        .lateness_ms = j->run.lateness_ms,
                        .n_lateness = j->run.n_lateness,
                        .delays = &j->run.delays,
                        .n_odd_durations = j->run.n_odd,
                        .prediction = j->run.prediction,
                        .diagnosis = j->run.diagnosis,
                        .verdict = j->run.verdict};
}

/* What result.json holds, its labels with it. */
static rig_status make_document(const rig_run_dir *run, const rig_result *result, json_t **document,
                                rig_error *err)
{
    char created_utc[RIG_UTC_TEXT_SIZE];
    rig_clock_format_utc(rig_clock_realtime_ns(), created_utc);
    rig_status status = rig_json_of_result(result, created_utc, document);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: %s", run->result, rig_status_text(status));
    return label(run, *document, err);
}

static rig_status publish(const rig_run_dir *run, const judged *j,
                          const rig_run_files_judge_options *options, rig_error *err)
{
    const rig_result result = result_of(j);
    json_t *document = NULL;
    rig_status status = RIG_OK;
    if (options->history != NULL)
        status = rig_run_labels_write(run, &options->history->labels, err);
    if (status == RIG_OK)
        status = make_document(run, &result, &document, err);
    if (status == RIG_OK)
        status = rig_run_baseline_apply(options->baseline, run, document, j->run.verdict, err);
    if (status == RIG_OK)
        status = rig_json_write(document, run->result, err);
    if (status == RIG_OK)
        status = rig_report_junit(document, run->junit, err);
    if (status == RIG_OK)
        status = rig_report_differences_csv(&result, run->differences, err);
    if (status == RIG_OK)
        status = rig_report_callers_csv(&result, run->callers, err);
    if (status == RIG_OK && options->is_json)
        status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    else if (status == RIG_OK)
        rig_print_result(&result, run);
    json_decref(document);
    return status;
}

static void tell(const judged *j, const rig_run_files_judge_options *options,
                 rig_judgement *judgement)
{
    *judgement = j->run.verdict->judgement;
    if (options->summary != NULL)
        (void)snprintf(options->summary, RIG_VERDICT_TEXT_SIZE, "%s", j->run.verdict->summary);
}

rig_status rig_run_files_judge(const rig_run_dir *run, const rig_run_files_judge_options *options,
                               rig_judgement *judgement, rig_error *err)
{
    judged j = {0};
    rig_status status = check_files(run, options->is_forced, &j, err);
    if (status == RIG_OK)
        status = read_run(run, &j, err);
    status = agree_on_inputs(options->ranks, &j.inputs, status, err);
    if (status == RIG_OK)
        status = decide(&j, options, err);
    const bool is_leader = rig_ranks_is_leader(options->ranks);
    if (status == RIG_OK && is_leader)
        status = publish(run, &j, options, err);
    if (status == RIG_OK)
        tell(&j, options, judgement);
    release(&j);
    if (status == RIG_OK && options->history != NULL && is_leader)
        rig_run_history_note(run, options->history);
    return status;
}

/* Only for people or a pipe: there is no file. */
static rig_status show(const rig_run_dir *run, const judged *j,
                       const rig_run_files_judge_options *options, rig_error *err)
{
    const rig_result result = result_of(j);
    json_t *document = NULL;
    if (!options->is_json) {
        rig_print_result(&result, run);
        return RIG_OK;
    }
    rig_status status = make_document(run, &result, &document, err);
    if (status == RIG_OK)
        status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

rig_status rig_run_files_judge_memory(const rig_run_dir *run, const rig_run_files_memory *memory,
                                      const rig_run_files_judge_options *options,
                                      rig_judgement *judgement, rig_error *err)
{
    judged j = {.scenario = memory->scenario,
                .schedule = memory->schedule,
                .play = *memory->play,
                .calls = memory->calls,
                .wire = *memory->wire};
    rig_status status = rig_run_set_up_said(run, j.schedule, &j.play, &j.said, err);
    if (status == RIG_OK)
        status = decide(&j, options, err);
    if (status == RIG_OK)
        status = show(run, &j, options, err);
    if (status == RIG_OK)
        tell(&j, options, judgement);
    rig_judged_run_clear(&j.run);
    free(j.said);
    return status;
}

/* And agents.csv, where the capture shows agents. */
static rig_status collect_agents(const rig_run_dir *run, const json_t *result,
                                 rig_call_group_table **agents, rig_error *err)
{
    const double scale = rig_json_number(result, "time_scale");
    rig_status status = rig_run_agents_collect(run, scale > 0.0 ? scale : 1.0, agents, err);
    if (status != RIG_OK || *agents == NULL)
        return status;
    return rig_report_groups_csv((const rig_call_group_table *const *)agents, 1, run->agents, err);
}

rig_status rig_run_files_report(const rig_run_dir *run, rig_run_files_names names, rig_error *err)
{
    const bool is_masked = names == RIG_RUN_FILES_MASKED;
    json_t *document = NULL, *masked = NULL;
    rig_ladders *ladders = NULL;
    rig_call_group_table *agents = NULL;
    rig_mask *mask = NULL;
    rig_status status = rig_json_read(run->result, &document, err);
    if (status == RIG_OK)
        status = rig_run_ladders_collect(run, document, &ladders, err);
    if (status == RIG_OK)
        status = collect_agents(run, document, &agents, err);
    if (status == RIG_OK && is_masked)
        status = rig_mask_new(NULL, &mask, err);
    if (status == RIG_OK && is_masked)
        status = rig_result_mask(document, mask, NULL, &masked, err);
    const bool is_elsewhere = is_masked && !rig_result_is_of_this_machine(document);
    if (status == RIG_OK && is_elsewhere && ladders != NULL)
        status = rig_ladders_mask(ladders, mask, err);
    if (status == RIG_OK && is_elsewhere && agents != NULL)
        status = rig_run_agents_mask(agents, mask, err);
    if (status == RIG_OK)
        status = rig_report_html(is_masked ? masked : document, run->dir,
                                 &(rig_report_wire){ladders, agents}, rig_console_language(), err);
    rig_mask_free(mask);
    rig_ladders_free(ladders);
    rig_groups_table_free(agents);
    json_decref(masked);
    json_decref(document);
    return status;
}

rig_status rig_run_files_report_at_end(const rig_run_dir *run, rig_error *err)
{
    rig_error why = {0};
    rig_status status = rig_run_files_report(run, RIG_RUN_FILES_MASKED, &why);
    if (status == RIG_EENV) {
        (void)fprintf(stderr, "peakrig: %s\n", why.text);
        return RIG_OK;
    }
    return status == RIG_OK ? RIG_OK : rig_fail(err, status, "%s", why.text);
}
