/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every writer of a document, out of memory at each allocation: the whole document, or RIG_ENOMEM,
 * an older file untouched, no part of a new one, and nothing leaked. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "analyzer/calls_csv.h"
#include "analyzer/figures.h"
#include "core/atomic_file.h"
#include "reports/html.h"
#include "reports/json_file.h"
#include "reports/junit.h"
#include "reports/ladder_svg.h"
#include "reports/losses_json.h"
#include "reports/mask_result.h"
#include "reports/plan_csv.h"
#include "reports/plan_html.h"
#include "reports/plan_json.h"
#include "reports/plan_plots.h"
#include "reports/play_json.h"
#include "reports/prediction_json.h"
#include "reports/result_json.h"
#include "tests/oom_documents.h"
#include "tests/oom_json.h"
#include "verdict/judge.h"

#define RUN PEAKRIG_FIXTURES "/runs/fail"

static struct {
    rig_scenario *scenario;
    rig_schedule *schedule;
    rig_calls *calls;
    rig_play_facts play;
    rig_judged_run run;
    rig_result_inputs inputs;
    rig_result result;
    rig_usage *usage;
    rig_capture_counts counts;
    rig_sessions sessions;
    rig_loss_series series;
    rig_registrations registrations;
    rig_figures *figures;
    rig_found losses;
    json_t *document; /* a result */
    rig_mask *mask;
    rig_ladders *ladders;
    rig_plan_axis axes[2];
    rig_plan_requirement requirement;
    rig_plan_question question;
    rig_plan *plan;
    rig_metric shown[2];
    rig_report_plan report;
} made;

static rig_status evaluate(void *ctx, const size_t *index, uint32_t n_before, uint32_t n,
                           double *samples, rig_error *err)
{
    (void)ctx, (void)n_before, (void)err;
    const double x = made.axes[0].values[index[0]].number;
    for (uint32_t r = 0; r < n; r++)
        samples[(size_t)RIG_METRIC_P_LOST_PER_ENTRANT * n + r] =
            0.5 - 0.001 * x + (r % 2 ? 0.001 : -0.001);
    return RIG_OK;
}

static rig_status make_plan(size_t n_axes, rig_error *err)
{
    rig_plan_question *q = &made.question;
    rig_status status = rig_plan_axis_parse("trunks[0].circuits=100:500:100", &made.axes[0], err);
    if (status == RIG_OK)
        status = rig_plan_axis_parse("agents[0].count=10:20:10", &made.axes[1], err);
    if (status == RIG_OK)
        status = rig_plan_requirement_parse(NULL, "lost_trunk<=20%", &made.requirement, err);
    *q = (rig_plan_question){.axes = made.axes,
                             .n_axes = n_axes,
                             .requirements = &made.requirement,
                             .n_requirements = 1,
                             .n_replications = 20,
                             .n_most_replications = 40,
                             .confidence = 0.95};
    if (status == RIG_OK)
        status = rig_plan_new(q, &made.plan, err);
    if (status == RIG_OK)
        status = rig_plan_run(made.plan, &(rig_plan_source){.evaluate = evaluate}, err);
    made.shown[0] = RIG_METRIC_P_LOST_PER_ENTRANT;
    made.shown[1] = RIG_METRIC_CONNECT_RATE;
    made.report = (rig_report_plan){.plan = made.plan,
                                    .scenario = made.scenario,
                                    .scenario_sha256 = "ab",
                                    .shown = made.shown,
                                    .n_shown = 2};
    return status;
}

static void free_plan(void)
{
    rig_plan_free(made.plan);
    rig_plan_axis_clear(&made.axes[0]);
    rig_plan_axis_clear(&made.axes[1]);
}

static rig_status judge(rig_error *err)
{
    const rig_judge_input input = {.scenario = made.scenario,
                                   .schedule = made.schedule,
                                   .calls = made.calls,
                                   .play = &made.play,
                                   .with_diagnosis = true,
                                   .n_replays = 0,
                                   .n_threads = 1};
    rig_status status = rig_judge(&input, &made.run, err);
    made.result = (rig_result){.scenario = made.scenario,
                               .inputs = &made.inputs,
                               .schedule = made.schedule,
                               .play = &made.play,
                               .calls = made.run.calls,
                               .join = made.run.join,
                               .observed = made.run.observed,
                               .lateness = &made.run.lateness,
                               .lateness_ms = made.run.lateness_ms,
                               .n_lateness = made.run.n_lateness,
                               .delays = &made.run.delays,
                               .n_odd_durations = made.run.n_odd,
                               .prediction = made.run.prediction,
                               .diagnosis = made.run.diagnosis,
                               .verdict = made.run.verdict};
    return status;
}

static rig_status read_all(rig_error *err)
{
    static const char *capture = PEAKRIG_FIXTURES "/embedded_centre.pcap";
    static const char *call_id = "rung-twice";
    rig_status status = rig_scenario_read(RUN "/scenario.cfg", NULL, 0, &made.scenario, err);
    if (status == RIG_OK)
        status = rig_schedule_read(RUN "/schedule.csv", &made.schedule, err);
    if (status == RIG_OK)
        status = rig_json_play_read(RUN "/play.json", &made.play, err);
    if (status == RIG_OK)
        status = rig_cdr_read(RUN "/calls.csv", &made.calls, err);
    if (status == RIG_OK)
        status = judge(err);
    if (status == RIG_OK)
        status = rig_usage_measure(made.calls, RIG_NO_TIME, RIG_NS_PER_S, &made.usage, err);
    if (status == RIG_OK)
        status = rig_json_read(RUN "/result.json", &made.document, err);
    if (status == RIG_OK)
        status = rig_mask_new(NULL, &made.mask, err);
    const rig_ladder_options options = {
        .paths = &capture, .n_paths = 1, .call_ids = &call_id, .n_call_ids = 1};
    if (status == RIG_OK)
        status = rig_ladders_collect(&options, &made.ladders, err);
    made.registrations.n_requests = made.registrations.n_code[0] = made.sessions.n_code[0] = 3;
    const rig_figures_options wanted = {.has_over_time = true};
    if (status == RIG_OK)
        status = rig_figures_new(&wanted, &made.figures, err);
    if (status == RIG_OK)
        status = rig_figures_finish(made.figures, &made.counts, &made.losses, err);
    made.losses.usage = made.usage;
    made.losses.sessions = &made.sessions;
    made.losses.series = &made.series;
    made.losses.registrations = &made.registrations;
    return status;
}

static int set_up(void **state)
{
    (void)state;
    rig_error err = {.text = ""};
    oom_begin_json();
    if (oom_documents_begin() != 0)
        return -1;
    /* no gnuplot: what it draws is no document of ours */
    if (setenv("PATH", oom_documents_folder(), 1) != 0)
        return -1;
    if (read_all(&err) != RIG_OK)
        fail_msg("%s", err.text);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    oom_documents_end();
    rig_ladders_free(made.ladders);
    rig_mask_free(made.mask);
    json_decref(made.document);
    rig_usage_free(made.usage);
    rig_figures_free(made.figures);
    rig_judged_run_clear(&made.run);
    rig_calls_free(made.calls);
    rig_schedule_free(made.schedule);
    rig_scenario_free(made.scenario);
    return 0;
}

static rig_status result_json(json_t **document, rig_error *err)
{
    (void)err;
    return rig_json_of_result(&made.result, "2026-03-14T09:26:31.000Z", document);
}

static rig_status prediction_json(json_t **document, rig_error *err)
{
    (void)err;
    return rig_json_of_prediction(made.run.prediction, made.scenario, "ab", document);
}

static rig_status losses_json(json_t **document, rig_error *err)
{
    (void)err;
    return rig_json_of_losses(&made.losses, document);
}

static rig_status plan_json(json_t **document, rig_error *err)
{
    (void)err;
    return rig_json_of_plan(&made.report, document);
}

static rig_status masked_json(json_t **document, rig_error *err)
{
    return rig_result_mask(made.document, made.mask, NULL, document, err);
}

static void test_json(void **state)
{
    (void)state;
    oom_sweep_json("result.json", result_json, 2000);
    oom_sweep_json("prediction.json", prediction_json, 1000);
    oom_sweep_json("losses", losses_json, 200);
    oom_sweep_json("a masked result", masked_json, 1000);
}

static rig_status json_file(const char *to, rig_error *err)
{
    return rig_json_write(made.document, to, err);
}

static rig_status play_file(const char *to, rig_error *err)
{
    return rig_json_play_write(&made.play, "ab", to, err);
}

static rig_status junit_file(const char *to, rig_error *err)
{
    return rig_report_junit(made.document, to, err);
}

static rig_status html_file(const char *to, rig_error *err)
{
    (void)to;
    rig_call_group agent = {.name = (char *)"agent1", .n_rings = 3, .n_missed = 1};
    const rig_call_group_table agents = {.groups = &agent, .n = 1};
    return rig_report_html(made.document, oom_documents_folder(),
                           &(rig_report_wire){made.ladders, &agents}, rig_language_english(), err);
}

static rig_status ladder_file(const char *to, rig_error *err)
{
    return rig_report_ladder_svg(made.ladders, rig_language_english(), to, err);
}

static rig_status calls_file(const char *to, rig_error *err)
{
    return rig_cdr_write(made.calls, to, &(rig_cdr_stamp){"peakrig", "0"}, 1, err);
}

static rig_status schedule_file(const char *to, rig_error *err)
{
    return rig_schedule_write(made.schedule, to, "ab", err);
}

static rig_status plan_csv_file(const char *to, rig_error *err)
{
    rig_atomic_file *file;
    rig_status status = rig_atomic_file_new(to, &file, err);
    if (status != RIG_OK)
        return status;
    rig_report_plan_csv(&made.report, rig_atomic_file_stream(file));
    return rig_atomic_file_commit(file, err);
}

static rig_status plan_html_file(const char *to, rig_error *err)
{
    (void)to;
    return rig_report_plan_html(&made.report, oom_documents_folder(), "", rig_language_english(),
                                err);
}

static rig_status plan_plots_file(const char *to, rig_error *err)
{
    (void)to;
    return rig_report_plan_plots_make(&made.report, oom_documents_folder(), err);
}

static void test_files(void **state)
{
    (void)state;
    oom_sweep_file("result.json", json_file, 4);
    oom_sweep_file("play.json", play_file, 50);
    oom_sweep_file("junit.xml", junit_file, 20);
    oom_sweep_file("report.html", html_file, 40);
    oom_sweep_file("plots/funnel.gp", html_file, 40);
    oom_sweep_file("plots/lateness.dat", html_file, 40);
    oom_sweep_file("ladder.svg", ladder_file, 3);
    oom_sweep_file("calls.csv", calls_file, 3);
    oom_sweep_file("schedule.csv", schedule_file, 3);
}

/* A picture that gnuplot drew. libxml2 has memory here: short of it, it leaves parts of a picture
 * out and says that all went well (tests/oom_json.c). */
static void test_pages_with_pictures(void **state)
{
    (void)state;
    static const char svg[] =
        "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
        "width=\"10\" height=\"10\" viewBox=\"0 0 10 10\"><defs><path id=\"a\" "
        "d=\"M0,0\"/></defs><use href=\"#a\" fill=\"url(#b)\"/></svg>\n";
    char picture[256];
    rig_error err = {.text = ""};
    assert_int_equal(make_plan(1, &err), RIG_OK);
    for (int narrow = 0; narrow < 2; narrow++) {
        (void)snprintf(picture, sizeof picture, "%s/plots/curves-%s.svg", oom_documents_folder(),
                       narrow ? "narrow" : "wide");
        assert_int_equal(rig_atomic_file_write(picture, svg, sizeof svg - 1, NULL), RIG_OK);
    }
    oom_sweep_file("plan.html", plan_html_file, 10);
    free_plan();
}

static void test_plans(void **state)
{
    (void)state;
    for (size_t n_axes = 1; n_axes <= 2; n_axes++) {
        rig_error err = {.text = ""};
        assert_int_equal(make_plan(n_axes, &err), RIG_OK);
        oom_sweep_json("plan.json", plan_json, 200);
        oom_sweep_file("plan.csv", plan_csv_file, 3);
        oom_sweep_file(n_axes == 1 ? "plots/curves.gp" : "plots/heat-lost_trunk.dat",
                       plan_plots_file, 5);
        free_plan();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_plans),
        cmocka_unit_test(test_pages_with_pictures),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
