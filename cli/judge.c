#include "cli/judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analyzer/calls_csv.h"
#include "cli/print_result.h"
#include "reports/html.h"
#include "reports/json_file.h"
#include "reports/junit.h"
#include "reports/result_json.h"

/* What a judgement is made of, owned. */
typedef struct judged {
    rig_scenario *scenario;
    rig_schedule *schedule;
    rig_play_facts play;
    rig_calls *calls;
    rig_join *join;
    rig_observed *observed;
    rig_lateness lateness;
    double *lateness_ms;
    size_t n_lateness;
    rig_delays delays;
    size_t n_odd;
    rig_prediction *prediction;
    rig_verdict *verdict;
    rig_result_inputs inputs;
} judged;

static void release(judged *j)
{
    rig_verdict_free(j->verdict);
    rig_prediction_free(j->prediction);
    rig_delays_clear(&j->delays);
    free(j->lateness_ms);
    rig_observed_free(j->observed);
    rig_join_free(j->join);
    rig_calls_free(j->calls);
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

static rig_status read_run(const rig_run_dir *run, judged *j, rig_error *err)
{
    rig_status status = rig_scenario_read(run->scenario, NULL, 0, &j->scenario, err);
    if (status == RIG_OK)
        status = rig_schedule_read(run->schedule, &j->schedule, err);
    if (status == RIG_OK)
        status = rig_play_json_read(run->play, &j->play, err);
    if (status == RIG_OK)
        status = rig_calls_read(run->calls, &j->calls, err);
    if (status == RIG_OK)
        status = digest_inputs(run, &j->inputs, err);
    return status;
}

/* Planned and actual instants, ns since the epoch. */
static rig_status compare_instants(judged *j)
{
    const size_t n = j->schedule->n;
    rig_status status = RIG_ENOMEM;
    int64_t *planned_ns = calloc(n + 1, sizeof *planned_ns);
    int64_t *actual_ns = calloc(n + 1, sizeof *actual_ns);
    j->lateness_ms = calloc(n + 1, sizeof *j->lateness_ms);
    if (planned_ns == NULL || actual_ns == NULL || j->lateness_ms == NULL)
        goto out;
    for (size_t i = 0; i < n; i++) {
        const rig_call *call = j->join->observed[i];
        double wire_s = j->schedule->calls[i].t_s / j->scenario->time_scale;
        planned_ns[i] = j->play.start_epoch_ns + rig_clock_ns_of_s(wire_s);
        actual_ns[i] = call != NULL ? call->t_invite_ns : RIG_NO_TIME;
        if (call != NULL)
            j->lateness_ms[j->n_lateness++] = (double)(actual_ns[i] - planned_ns[i]) * 1e-6;
    }
    status = rig_lateness_compare(planned_ns, actual_ns, n, &j->lateness);
out:
    free(planned_ns);
    free(actual_ns);
    return status;
}

static rig_status measure(judged *j, rig_error *err)
{
    const double time_scale = j->scenario->time_scale;
    const int64_t start_ns = j->play.start_epoch_ns;
    rig_status status = rig_join_new(j->schedule, j->calls, start_ns, time_scale, &j->join);
    if (status == RIG_OK)
        status = rig_observed_new(j->join, j->calls, j->scenario, start_ns, &j->observed);
    if (status == RIG_OK)
        status = rig_join_measure_delays(j->join, j->schedule, time_scale, &j->delays, &j->n_odd);
    if (status == RIG_OK)
        status = compare_instants(j);
    return status == RIG_OK
               ? RIG_OK
               : rig_fail(err, status, "measuring the run: %s", rig_status_text(status));
}

static void show_replays(void *ctx, uint32_t n_done, uint32_t n_all)
{
    rig_progress_show(ctx, "judging: %u of %u replays", n_done, n_all);
}

static rig_status decide(judged *j, const rig_judge_options *options, rig_error *err)
{
    const rig_predict_options how = {.n_replications = j->scenario->gate.n_replays,
                                     .schedule = j->schedule,
                                     .arrival_s = j->join->arrival_s,
                                     .delays = &j->delays,
                                     .stop = options->stop,
                                     .progress = show_replays,
                                     .ctx = options->progress};
    rig_status status = rig_predict(j->scenario, &how, &j->prediction, err);
    rig_progress_end(options->progress);
    if (status != RIG_OK)
        return status;
    const rig_load_facts load = {
        .n_planned = j->schedule->n,
        .n_placed_by_rig = j->play.n_placed,
        .n_doubled = j->join->n_doubled,
        .was_stopped = j->play.was_stopped,
        .lateness_p99_ms = j->lateness.abs_p99_ms,
        .ks_distance = j->lateness.ks,
        .n_kernel_dropped = j->play.n_kernel_dropped,
        .n_packets = j->play.n_packets,
    };
    const rig_verdict_input input = {.scenario = j->scenario,
                                     .load = &load,
                                     .prediction = j->prediction,
                                     .observed = &j->observed->tally,
                                     .observed_metrics = j->observed->metrics,
                                     .refusals_begin_at = j->observed->refusals_begin_at};
    return rig_verdict_new(&input, &j->verdict, err);
}

static rig_status publish(const rig_run_dir *run, const judged *j, const rig_judge_options *options,
                          rig_error *err)
{
    const rig_result result = {.scenario = j->scenario,
                               .inputs = &j->inputs,
                               .play = &j->play,
                               .calls = j->calls,
                               .join = j->join,
                               .observed = j->observed,
                               .lateness = &j->lateness,
                               .lateness_ms = j->lateness_ms,
                               .n_lateness = j->n_lateness,
                               .delays = &j->delays,
                               .n_odd_durations = j->n_odd,
                               .prediction = j->prediction,
                               .verdict = j->verdict};
    char created_utc[RIG_UTC_TEXT_SIZE];
    json_t *document = NULL;
    rig_clock_format_utc(rig_clock_realtime_ns(), created_utc);
    rig_status status = rig_result_json(&result, created_utc, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "%s: %s", run->result, rig_status_text(status));
    status = rig_json_write(document, run->result, err);
    if (status == RIG_OK)
        status = rig_report_junit(document, run->junit, err);
    if (status == RIG_OK && options->is_json) {
        (void)json_dumpf(document, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
        (void)putchar('\n');
    } else if (status == RIG_OK) {
        rig_print_result(&result);
    }
    json_decref(document);
    return status;
}

rig_status rig_judge_run(const rig_run_dir *run, const rig_judge_options *options,
                         rig_judgement *judgement, rig_error *err)
{
    judged j = {0};
    rig_status status = read_run(run, &j, err);
    if (status == RIG_OK)
        status = measure(&j, err);
    if (status == RIG_OK)
        status = decide(&j, options, err);
    if (status == RIG_OK)
        status = publish(run, &j, options, err);
    if (status == RIG_OK)
        *judgement = j.verdict->judgement;
    release(&j);
    return status;
}

rig_status rig_judge_report(const rig_run_dir *run, rig_error *err)
{
    json_t *document = NULL;
    rig_status status = rig_json_read(run->result, &document, err);
    if (status == RIG_OK)
        status = rig_report_html(document, run->dir, err);
    json_decref(document);
    return status;
}
