#include "cli/judge.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/analyzer.h"
#include "analyzer/calls_csv.h"
#include "analyzer/rules/rules.h"
#include "analyzer/reactions.h"
#include "cli/print_result.h"
#include "core/atomic_file.h"
#include "reports/html.h"
#include "reports/json_file.h"
#include "reports/junit.h"
#include "reports/mask_result.h"
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
    double p_window; /* rig_load_facts */
    double *lateness_ms;
    size_t n_lateness;
    rig_delays delays;
    size_t n_odd;
    rig_prediction *prediction;
    rig_diagnosis *diagnosis;
    rig_verdict *verdict;
    rig_result_inputs inputs;
} judged;

static void release(judged *j)
{
    rig_verdict_free(j->verdict);
    rig_diagnosis_free(j->diagnosis);
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
    j->p_window = rig_lateness_window_share(
        planned_ns, n, rig_clock_ns_of_s(j->scenario->gate.max_lateness_p99_ms * 1e-3));
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
        status = rig_reactions_measure(j->join, j->scenario, &j->delays);
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
    if (status == RIG_OK)
        status = rig_diagnose(&(rig_diagnosis_input){j->scenario, j->calls, j->play.start_epoch_ns},
                              &j->diagnosis, err);
    if (status != RIG_OK)
        return status;
    const rig_load_facts load = {
        .n_planned = j->schedule->n,
        .n_placed_by_rig = j->play.n_placed,
        .n_doubled = j->join->n_doubled,
        .was_stopped = j->play.was_stopped,
        .lateness_p99_ms = j->lateness.abs_p99_ms,
        .ks_distance = j->lateness.ks,
        .p_window = j->p_window,
        .n_kernel_dropped = j->play.n_kernel_dropped,
        .n_packets = j->play.n_packets,
        .clock_step_ms = (double)j->play.clock_step_ns * 1e-6,
    };
    const rig_verdict_input input = {.scenario = j->scenario,
                                     .load = &load,
                                     .prediction = j->prediction,
                                     .observed = &j->observed->tally,
                                     .observed_metrics = j->observed->metrics,
                                     .observed_intervals = j->observed->intervals,
                                     .diagnosis = j->diagnosis};
    return rig_verdict_new(&input, &j->verdict, err);
}

static rig_status publish(const rig_run_dir *run, const judged *j, const rig_judge_options *options,
                          rig_error *err)
{
    const rig_result result = {.scenario = j->scenario,
                               .schedule = j->schedule,
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
                               .diagnosis = j->diagnosis,
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

static rig_status copy_capture(const char *path, const rig_run_dir *run, rig_error *err)
{
    char buffer[1 << 16];
    rig_atomic_file *file = NULL;
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return rig_fail(err, RIG_EIO,
                        "%s: cannot read: %s; the calls were played: finish with \"peakrig diff %s "
                        "--capture FILE\"",
                        path, strerror(errno), run->dir);
    rig_status status = rig_atomic_file_new(run->capture, &file, err);
    size_t n = 0;
    while (status == RIG_OK && (n = fread(buffer, 1, sizeof buffer, in)) > 0)
        (void)fwrite(buffer, 1, n,
                     rig_atomic_file_stream(file)); /* an error is kept until the end */
    if (status == RIG_OK && ferror(in) != 0) {
        rig_atomic_file_abandon(file);
        status = rig_fail(err, RIG_EIO, "%s: cannot read: %s", path, strerror(errno));
    } else if (status == RIG_OK) {
        status = rig_atomic_file_commit(file, err);
    }
    (void)fclose(in);
    return status;
}

static rig_status read_capture(const rig_run_dir *run, rig_calls **calls, rig_error *err)
{
    rig_analyzer *analyzer = NULL;
    rig_rules *rules = NULL;
    rig_status status = RIG_OK;
    if (access(run->rules, F_OK) == 0)
        status = rig_rules_read(run->rules, &rules, err);
    if (status == RIG_OK)
        status = rig_analyzer_new_with(&(rig_analyzer_options){.rules = rules}, &analyzer, err);
    if (status == RIG_OK)
        status = rig_analyze_file(run->capture, analyzer, err);
    if (status == RIG_OK)
        status = rig_analyzer_finish(analyzer, calls, err);
    rig_analyzer_free(analyzer);
    rig_rules_free(rules);
    return status;
}

rig_status rig_judge_take_capture(const char *path, const rig_run_dir *run, rig_error *err)
{
    rig_calls *calls = NULL;
    char sha256[RIG_SHA256_TEXT_SIZE];
    rig_status status = copy_capture(path, run, err);
    if (status == RIG_OK)
        status = read_capture(run, &calls, err);
    if (status == RIG_OK)
        status = rig_digest_file(run->capture, sha256, err);
    const rig_calls_stamp stamps[] = {{"peakrig", PEAKRIG_VERSION}, {"capture_sha256", sha256}};
    if (status == RIG_OK)
        status = rig_calls_write(calls, run->calls, stamps, 2, err);
    rig_calls_free(calls);
    return status;
}

rig_status rig_judge_report(const rig_run_dir *run, bool is_masked, rig_error *err)
{
    json_t *document = NULL, *masked = NULL;
    rig_mask *mask = NULL;
    rig_status status = rig_json_read(run->result, &document, err);
    if (status == RIG_OK && is_masked)
        status = rig_mask_new(NULL, &mask, err);
    if (status == RIG_OK && is_masked)
        status = rig_mask_result(document, mask, &masked, err);
    if (status == RIG_OK)
        status = rig_report_html(is_masked ? masked : document, run->dir, err);
    rig_mask_free(mask);
    json_decref(masked);
    json_decref(document);
    return status;
}
