/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cmd_plan_table.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/kept_points.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "cli/progress.h"
#include "cli/several.h"
#include "cli/signals.h"
#include "core/clock.h"
#include "core/digest.h"
#include "models/advice.h"
#include "models/plan_evaluator.h"
#include "reports/json_file.h"
#include "reports/plan_csv.h"
#include "reports/plan_html.h"
#include "reports/plan_json.h"
#include "reports/plan_plots.h"

/* A table shows every combination with so many runs. A search begins with few, and asks for more
 * where they do not decide. */
#define TABLE_REPLICATIONS  100
#define SEARCH_REPLICATIONS 20
#define MOST_REPLICATIONS   1600

#define EXIT_NOT_MET   1
#define EXIT_UNDECIDED 3

static const rig_usage_text usage = {
    "plan", "SCENARIO --vary KEY=FROM:TO[:STEP] [--vary ...] [--meet REQUIREMENT ...]",
    N_("Simulate the call centre with other counts, all with the same callers. Without --meet:\n"
       "a table of every combination. With --meet: the smallest counts that meet all\n"
       "requirements, and the evidence. Exit code 0 when they are met, 1 when nothing in the\n"
       "range meets them, 3 when that is undecided, 4 after Ctrl-C (what is done is kept).\n"
       "\n"
       "  peakrig plan SCENARIO --vary trunks[0].e1=4:30 --meet \"lost_trunk<=1%\"\n"
       "  peakrig plan SCENARIO --vary trunks[0].circuits=180:480:30 --vary "
       "agents[0].count=200:700:50")};

/* What the words say. */
typedef struct words {
    rig_texts operands, overrides, varied, required, shown;
    const char *cost, *of_days, *confidence, *dir, *points;
    uint32_t n_replications, n_most_replications, n_threads;
    bool is_exhaustive, is_json, is_csv, is_quiet;
} words;

/* All that a plan needs, owned. */
typedef struct job {
    rig_ranks *ranks; /* borrowed; NULL: alone */
    rig_plan_axis axes[RIG_PLAN_MAX_AXES];
    size_t n_axes;
    rig_plan_requirement requirements[RIG_PLAN_MAX_REQUIREMENTS];
    rig_metric shown[RIG_N_METRICS];
    size_t n_shown;
    rig_plan_question question;
    rig_plan_evaluator evaluator;
    rig_kept_points kept;
    rig_scenario *scenario;
    char sha256[RIG_SHA256_TEXT_SIZE];
    rig_plan *plan;
    rig_progress progress;
    int64_t start_ns;
    rig_plan_step step;
    double n_runs_done; /* of the looks that are over */
} job;

static void release(job *j)
{
    rig_plan_free(j->plan);
    rig_scenario_free(j->scenario);
    for (size_t a = 0; a < j->n_axes; a++)
        rig_plan_axis_clear(&j->axes[a]);
}

/* --- progress --------------------------------------------------------------------------------- */

static void on_step(void *ctx, const rig_plan_step *step)
{
    job *j = ctx;
    j->n_runs_done += j->step.n_replications; /* the look before is over */
    j->step = *step;
}

static void on_runs(void *ctx, uint32_t n_done, uint32_t n_all)
{
    job *j = ctx;
    const rig_plan_question *q = &j->question;
    char values[200];
    size_t n = 0;
    for (size_t a = 0; a < q->n_axes && n < sizeof values; a++)
        n += (size_t)snprintf(values + n, sizeof values - n, "%s%s = %s", a > 0 ? ", " : "",
                              q->axes[a].key, q->axes[a].values[j->step.index[a]].text);
    const double done = j->n_runs_done + n_done;
    double rest = (double)(n_all - n_done);
    if (j->step.n_expected > j->step.n_done + 1)
        rest += (double)(j->step.n_expected - j->step.n_done - 1) * q->n_replications;
    const bool is_search = q->n_requirements > 0 && !q->is_exhaustive;
    /* what matters most comes first: a narrow terminal cuts the end off */
    rig_progress_show(&j->progress, "planning: %zu of %s%zu%s; %u of %u runs; %s", j->step.n_done,
                      is_search ? "about " : "",
                      j->step.n_expected > j->step.n_done ? j->step.n_expected : j->step.n_done + 1,
                      rig_progress_left(j->start_ns, done, rest).text, n_done, n_all, values);
}

static rig_status evaluate(void *ctx, const size_t *index, uint32_t n_before,
                           uint32_t n_replications, double *samples, rig_error *err)
{
    job *j = ctx;
    return rig_kept_points_evaluate(&j->kept, &j->evaluator, index, n_before, n_replications,
                                    samples, err);
}

/* --- words ------------------------------------------------------------------------------------ */

/* A share between two limits, both excluded: "0.95" or "95%". */
static rig_status read_share(const char *option, const char *text, double low, double *share,
                             rig_error *err)
{
    char *end = NULL;
    double value = strtod(text, &end);
    bool is_read = end != text;
    if (strcmp(end, "%") == 0) {
        value /= 100.0;
        end++;
    }
    if (!is_read || *end != '\0' || !(value > low && value < 1.0))
        return rig_fail(err, RIG_EINPUT, "--%s: \"%.60s\"; expected a share between %g and 1",
                        option, text, low);
    *share = value;
    return RIG_OK;
}

static void show(job *j, rig_metric metric)
{
    for (size_t m = 0; m < j->n_shown; m++) {
        if (j->shown[m] == metric)
            return;
    }
    j->shown[j->n_shown++] = metric;
}

static rig_status read_question(job *j, const words *w, rig_error *err)
{
    rig_status status = RIG_OK;
    rig_plan_question *q = &j->question;
    size_t n_grid;
    *q = (rig_plan_question){.axes = j->axes,
                             .requirements = j->requirements,
                             .n_replications = w->n_replications,
                             .n_most_replications = w->n_most_replications,
                             .confidence = 0.95,
                             .is_exhaustive = w->is_exhaustive};
    for (size_t a = 0; a < w->varied.n && status == RIG_OK; a++) {
        if (a == RIG_PLAN_MAX_AXES)
            return rig_fail(err, RIG_EINPUT, "--vary: given more than %d times", RIG_PLAN_MAX_AXES);
        status = rig_plan_axis_parse(w->varied.items[a], &j->axes[a], err);
        if (status == RIG_OK)
            q->n_axes = ++j->n_axes;
    }
    if (status == RIG_OK)
        status = rig_plan_axes_check(j->axes, j->n_axes, &n_grid, err);
    for (size_t m = 0; m < w->shown.n && status == RIG_OK; m++) {
        rig_metric metric = RIG_METRIC_CONNECT_RATE;
        status = rig_plan_metric_of("--show", w->shown.items[m], strlen(w->shown.items[m]), &metric,
                                    err);
        if (status == RIG_OK)
            show(j, metric);
    }
    for (int s = 0; s < RIG_N_STAGES && w->shown.n == 0; s++)
        show(j, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + s));
    if (w->shown.n == 0)
        show(j, RIG_METRIC_CONNECT_RATE);
    for (size_t r = 0; r < w->required.n && status == RIG_OK; r++) {
        if (r == RIG_PLAN_MAX_REQUIREMENTS)
            return rig_fail(err, RIG_EINPUT, "--meet: given more than %d times",
                            RIG_PLAN_MAX_REQUIREMENTS);
        status =
            rig_plan_requirement_parse(j->scenario, w->required.items[r], &j->requirements[r], err);
        if (status == RIG_OK) {
            show(j, j->requirements[r].metric);
            q->n_requirements = r + 1;
        }
    }
    if (status == RIG_OK && w->confidence != NULL)
        status = read_share("confidence", w->confidence, 0.5, &q->confidence, err);
    if (status == RIG_OK && w->of_days != NULL)
        status = read_share("of-days", w->of_days, 0.0, &q->of_days, err);
    if (status == RIG_OK && w->cost != NULL)
        status = rig_plan_costs_parse(w->cost, q, err);
    return status;
}

/* Folder for the files: made before anything is simulated, so that a wrong one costs no time. */
static rig_status make_folder(const char *dir, rig_error *err)
{
    struct stat facts;
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return rig_fail(err, RIG_EIO, "%s: cannot create: %s", dir, strerror(errno));
    if (stat(dir, &facts) != 0 || !S_ISDIR(facts.st_mode) || access(dir, W_OK) != 0)
        return rig_fail(err, RIG_EIO, "%s: cannot write there; expected a folder", dir);
    return RIG_OK;
}

/* The scenario may stand in the folder, but not under a name that is written. */
static rig_status check_outputs(const job *j, const words *w, rig_error *err)
{
    static const char *const names[] = {"plan.csv", "plan.json", "plan.html", NULL};
    const bool is_leader = rig_ranks_is_leader(j->ranks); /* the others write nothing */
    const rig_output outputs[] = {{"--output", w->dir, names},
                                  {"--points", is_leader ? w->points : NULL, NULL}};
    const rig_output_inputs inputs[] = {
        {(const char *const *)&j->scenario->path, 1},
        {(const char *const *)j->scenario->files, j->scenario->n_files}};
    bool is_taken;
    return rig_outputs_check(outputs, 2, false, inputs, 2, &is_taken, err);
}

static rig_status prepare(job *j, const words *w, rig_error *err)
{
    rig_status status = rig_scenario_read(w->operands.items[0], w->overrides.items, w->overrides.n,
                                          &j->scenario, err);
    if (status == RIG_OK)
        status = read_question(j, w, err);
    j->evaluator = (rig_plan_evaluator){.path = w->operands.items[0],
                                        .overrides = w->overrides.items,
                                        .n_overrides = w->overrides.n,
                                        .axes = j->axes,
                                        .n_axes = j->n_axes,
                                        .requirements = j->requirements,
                                        .n_requirements = j->question.n_requirements,
                                        .n_threads = w->n_threads,
                                        .team = rig_ranks_team(j->ranks),
                                        .stop = rig_signals_catch(),
                                        .progress = on_runs,
                                        .ctx = j};
    if (status == RIG_OK)
        status = check_outputs(j, w, err);
    if (status == RIG_OK)
        status = rig_plan_evaluator_check(&j->evaluator, err);
    if (status == RIG_OK)
        status = rig_digest_file(w->operands.items[0], j->sha256, err);
    if (status == RIG_OK && w->dir != NULL)
        status = make_folder(w->dir, err);
    if (status == RIG_OK)
        status = rig_plan_new(&j->question, &j->plan, err);
    return status;
}

/* --- results ---------------------------------------------------------------------------------- */

static rig_status write_files(const rig_report_plan *report, const json_t *document,
                              const char *dir, rig_error *err)
{
    char *path;
    rig_error problem = {.status = RIG_OK};
    if (asprintf(&path, "%s/plan.json", dir) < 0)
        return rig_fail(err, RIG_ENOMEM, "plan.json: out of memory");
    rig_status status = rig_json_write(document, path, err);
    free(path);
    if (status == RIG_OK)
        status = rig_report_plan_csv_write(report, dir, err);
    if (status != RIG_OK)
        return status;
    rig_status plotted = rig_report_plan_plots_make(report, dir, &problem);
    if (plotted != RIG_OK && plotted != RIG_EENV)
        return rig_fail(err, plotted, "%s", problem.text);
    status = rig_report_plan_html(report, dir, problem.text, rig_console_language(), err);
    if (status == RIG_OK && plotted != RIG_OK)
        status = rig_fail(err, plotted, "%s", problem.text);
    return status;
}

static void print_advice(void *ctx, const char *text)
{
    (void)ctx;
    rig_console_say("note: %s", rig_console_retell(text).text);
}

/* Replications that tell how long circuits are held. */
#define N_ADVICE 20

/* What the advice is of: the answer, or what comes nearest to one. Nothing where there is none. */
static rig_status advise(const job *j, rig_scenario **scenario, rig_prediction **prediction,
                         rig_error *err)
{
    const rig_plan *plan = j->plan;
    const size_t at = plan->answer != RIG_PLAN_NONE ? plan->answer : plan->nearest;
    const rig_predict_options how = {.n_replications = N_ADVICE,
                                     .n_threads = j->evaluator.n_threads,
                                     .team = plan->is_complete ? j->evaluator.team : NULL};
    if (at == RIG_PLAN_NONE)
        return RIG_OK;
    rig_status status =
        rig_plan_evaluator_scenario(&j->evaluator, plan->points[at]->index, scenario, err);
    return status == RIG_OK ? rig_predict(*scenario, &how, prediction, err) : status;
}

/* With the planning rules, and whether the loads settle. */
static void print_text(const rig_report_plan *report)
{
    rig_print_plan(report);
    if (report->advised == NULL)
        return;
    rig_advice_settling(report->advised, report->prediction, print_advice, NULL);
    rig_advice_rules(report->advised, print_advice, NULL);
}

static rig_status print_and_write(const rig_report_plan *report, const words *w, rig_error *err)
{
    json_t *document = NULL;
    rig_status status = rig_json_of_plan(report, &document);
    if (status != RIG_OK)
        return rig_fail(err, status, "plan.json: %s", rig_status_text(status));
    if (w->is_json)
        status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    else if (w->is_csv)
        rig_report_plan_csv(report, stdout);
    else
        print_text(report);
    if (status == RIG_OK && w->dir != NULL) {
        status = write_files(report, document, w->dir, err);
        if (status == RIG_OK && !w->is_json && !w->is_csv)
            rig_console_print("\nreport: %s/plan.html\n", w->dir);
    }
    json_decref(document);
    return status;
}

static rig_status publish(const job *j, const words *w, rig_error *err)
{
    rig_scenario *scenario = NULL;
    rig_prediction *prediction = NULL;
    rig_status status = advise(j, &scenario, &prediction, err);
    const rig_report_plan report = {.plan = j->plan,
                                    .scenario = j->scenario,
                                    .scenario_sha256 = j->sha256,
                                    .overrides = w->overrides.items,
                                    .n_overrides = w->overrides.n,
                                    .shown = j->shown,
                                    .n_shown = j->n_shown,
                                    .advised = scenario,
                                    .prediction = prediction};
    if (status == RIG_OK && rig_ranks_is_leader(j->ranks))
        status = print_and_write(&report, w, err);
    rig_prediction_free(prediction);
    rig_scenario_free(scenario);
    return status;
}

static int exit_code_of(const rig_plan *plan)
{
    if (plan->question->n_requirements == 0 || plan->answer != RIG_PLAN_NONE)
        return 0;
    return plan->is_open ? EXIT_UNDECIDED : EXIT_NOT_MET;
}

static int work(const words *w, rig_ranks *ranks)
{
    rig_error err = {0};
    job j = {.ranks = ranks};
    int exit_code;
    rig_status status = prepare(&j, w, &err);
    status = rig_ranks_agree(ranks, "scenario file", j.sha256, status, &err);
    if (status == RIG_OK)
        status = rig_kept_points_begin(w->points, &j.question, j.scenario, ranks, &j.kept, &err);
    if (status == RIG_OK) {
        const rig_plan_source source = {evaluate, on_step, &j};
        rig_progress_start(&j.progress, w->is_quiet);
        j.start_ns = rig_clock_monotonic_ns();
        status = rig_plan_run(j.plan, &source, &err);
        rig_progress_end(&j.progress);
    }
    const bool is_stopped = status == RIG_ECANCELLED && j.plan != NULL;
    /* stopped, rank 0 alone says what there is */
    if (status == RIG_OK || (is_stopped && rig_ranks_is_leader(ranks))) {
        rig_error trouble = {0};
        rig_status published = publish(&j, w, &trouble);
        if (status == RIG_ECANCELLED)
            (void)rig_fail(&err, status, "plan: stopped; what was done until then is kept");
        if (published != RIG_OK) {
            status = published;
            err = trouble;
        }
    }
    const rig_status kept = rig_kept_points_end(&j.kept, status == RIG_OK ? &err : NULL);
    if (status == RIG_OK)
        status = kept;
    exit_code = status == RIG_OK ? exit_code_of(j.plan) : rig_console_fail(&err);
    release(&j);
    return exit_code;
}

/* The words against each other; what is not said gets its default. @return 0 or an exit code. */
static int check_words(words *w)
{
    if (w->points != NULL && strcmp(w->points, "-") == 0)
        return rig_console_usage("plan", "--points: \"-\"; expected a file");
    if (w->is_json && w->is_csv)
        return rig_console_usage("plan", "--json and --csv exclude each other");
    if (w->required.n == 0 &&
        (w->of_days != NULL || w->cost != NULL || w->is_exhaustive || w->n_most_replications > 0))
        return rig_console_usage("plan", "--of-days, --cost, --exhaustive and --max-replications "
                                         "are for --meet, which is not given");
    if (w->n_replications == 0)
        w->n_replications = w->required.n > 0 ? SEARCH_REPLICATIONS : TABLE_REPLICATIONS;
    if (w->n_replications < 2)
        return rig_console_usage("plan", "--replications: \"1\"; expected 2 to 100000000");
    if (w->n_most_replications > 0 && w->n_most_replications < w->n_replications)
        return rig_console_usage("plan",
                                 "--max-replications: \"%u\"; expected %u (--replications) to "
                                 "100000000",
                                 w->n_most_replications, w->n_replications);
    if (w->n_most_replications == 0)
        w->n_most_replications =
            w->n_replications < MOST_REPLICATIONS ? MOST_REPLICATIONS : w->n_replications;
    return 0;
}

static int plan(int argc, char **argv, rig_ranks *ranks)
{
    words w = {.n_replications = 0};
    const rig_option options[] = {
        {"vary", 0, RIG_OPTION_TEXTS, &w.varied, "KEY=VALUES",
         N_("values of a key: FROM:TO, FROM:TO:STEP or a,b,c")},
        {"meet", 0, RIG_OPTION_TEXTS, &w.required, "REQUIREMENT",
         N_("such as \"lost_trunk<=1%\", \"connect_rate>=90%\"")},
        {"of-days", 0, RIG_OPTION_TEXT, &w.of_days, "SHARE",
         N_("requirements must be met in this share of the runs (without: by the mean)")},
        {"cost", 0, RIG_OPTION_TEXT, &w.cost, "KEY=N,...",
         N_("what one of each costs: the cheapest counts are the answer")},
        {"exhaustive", 0, RIG_OPTION_FLAG, &w.is_exhaustive, NULL,
         N_("with --meet: try every combination")},
        {"show", 0, RIG_OPTION_TEXTS, &w.shown, "METRIC",
         N_("figures to show (losses of the stages, connect_rate)")},
        {"replications", 'n', RIG_OPTION_COUNT, &w.n_replications, "N",
         N_("runs of each combination (100; with --meet 20, to begin with)")},
        {"max-replications", 0, RIG_OPTION_COUNT, &w.n_most_replications, "N",
         N_("at most so many runs where the figure is near a limit (1600)")},
        {"confidence", 0, RIG_OPTION_TEXT, &w.confidence, "SHARE",
         N_("of intervals and verdicts (0.95)")},
        {"threads", 0, RIG_OPTION_COUNT, &w.n_threads, "N", N_("threads (one a processor)")},
        {"output", 'o', RIG_OPTION_TEXT, &w.dir, "DIR",
         N_("write plan.csv, plan.json, plan.html, plots/")},
        {"points", 0, RIG_OPTION_TEXT, &w.points, "FILE",
         N_("keep what is simulated there, and go on from it when started again")},
        {"json", 0, RIG_OPTION_FLAG, &w.is_json, NULL, N_("one JSON document on standard output")},
        {"csv", 0, RIG_OPTION_FLAG, &w.is_csv, NULL, N_("the table as CSV on standard output")},
        {"quiet", 'q', RIG_OPTION_FLAG, &w.is_quiet, NULL, N_("no progress")},
        {"set", 0, RIG_OPTION_SETS, &w.overrides, "KEY=VALUE",
         N_("override a value of the scenario")},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &w.operands, &exit_code))
        return exit_code;
    if (w.operands.n != 1)
        return rig_console_usage("plan", "expected one SCENARIO");
    if (w.varied.n == 0)
        return rig_console_usage("plan", "expected --vary KEY=FROM:TO[:STEP]");
    exit_code = check_words(&w);
    if (exit_code != 0)
        return exit_code;
    if (!rig_ranks_is_leader(ranks))
        w.dir = NULL;
    return work(&w, ranks);
}

int rig_cmd_plan(int argc, char **argv)
{
    return rig_several_run(argc, argv, plan);
}
