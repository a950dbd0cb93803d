/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/history_choice.h"
#include "history/trend.h"
#include "reports/trend_report.h"

static const rig_usage_text usage = {
    "trend", "METRIC",
    N_("One figure over the runs of a history, as observed: lost_trunk, connect_rate,\n"
       "wait_p95_s, of a part lost_trunk[mobile]. `peakrig history --json` has all names. Runs\n"
       "that were INVALID are left out.")};

/* What is asked for, and how. */
typedef struct trend_options {
    rig_run_choice choice;
    const char *by, *svg;
    bool is_csv, is_json;
} trend_options;

static void print_text(const rig_history_trend *trend, rig_history_by by)
{
    const bool is_share = strcmp(trend->unit, "1") == 0;
    const double scale = is_share ? 100.0 : 1.0;
    const char *unit = is_share ? "%" : trend->unit;
    char *line = rig_history_trend_line(trend);
    for (size_t i = 0; i < trend->n; i++) {
        const rig_history_point *p = &trend->points[i];
        char when[RIG_HISTORY_WHEN_SIZE];
        rig_history_by_text(by, p->start_ms, when);
        printf("%-16s  %4zu %s  %10.2f %s", when, p->n_runs,
               rig_cell(rig_console_words(p->n_runs == 1 ? N_("run") : N_("runs")), -4).text,
               scale * p->mean, rig_console_words(unit));
        if (p->n_runs > 1)
            printf(" (%.2f..%.2f)", scale * p->least, scale * p->most);
        if (isfinite(p->predicted))
            rig_console_print(", predicted %.2f", scale * p->predicted);
        if (p->n_failed > 0)
            rig_console_print(", %zu failed", p->n_failed);
        putchar('\n');
    }
    printf("\n%s\n", line != NULL ? line : "");
    free(line);
}

/* A mean over unlike scenarios is no figure of anything. */
static void warn_of_scenarios(const rig_history_runs *runs, const trend_options *how)
{
    for (size_t i = 1; i < runs->n && how->choice.scenario == NULL; i++) {
        const char *const names[] = {runs->items[i - 1]->texts[RIG_HISTORY_SCENARIO],
                                     runs->items[i]->texts[RIG_HISTORY_SCENARIO]};
        if (strcmp(names[0], names[1]) == 0)
            continue;
        (void)fprintf(stderr,
                      "peakrig: warning: runs of several scenarios (%.80s, %.80s, ..) are taken "
                      "together; --scenario chooses one\n",
                      names[0], names[1]);
        return;
    }
}

static rig_status make(const char *metric, const trend_options *how, rig_error *err)
{
    rig_history_runs runs = {.n = 0};
    rig_history_trend trend = {.n = 0};
    rig_history_by by = RIG_HISTORY_BY_RUN;
    rig_status status = RIG_OK;
    if (how->by != NULL && !rig_history_by_read(how->by, &by))
        return rig_fail(err, RIG_EINPUT, "--by: \"%.80s\"; expected run, day, week or month",
                        how->by);
    status = rig_run_choice_load(&how->choice, false, &runs, err);
    if (status == RIG_OK && rig_history_trend_of(&runs, metric, by, &trend) != RIG_OK)
        status = rig_fail(err, RIG_ENOMEM, "trend: out of memory");
    if (status == RIG_OK && trend.n == 0)
        status = rig_fail(err, RIG_EINPUT,
                          "%.80s: none of %zu runs in %s has this figure; `peakrig history --json` "
                          "has the names",
                          metric, runs.n, rig_run_choice_file(&how->choice));
    if (status == RIG_OK)
        warn_of_scenarios(&runs, how);
    if (status == RIG_OK && how->svg != NULL)
        status = rig_report_trend_svg(&trend, metric, by, how->svg, err);
    if (status == RIG_OK && how->is_json)
        status = rig_report_trend_json(&trend, metric, by, stdout, err);
    else if (status == RIG_OK && how->is_csv)
        rig_report_trend_csv(&trend, by, stdout);
    else if (status == RIG_OK && (how->svg == NULL || strcmp(how->svg, "-") != 0))
        print_text(&trend, by);
    rig_history_trend_clear(&trend);
    rig_history_runs_clear(&runs);
    return status;
}

int rig_cmd_trend(int argc, char **argv)
{
    trend_options how = {.by = NULL};
    const rig_option options[] = {
        {"by", 0, RIG_OPTION_TEXT, &how.by, "run|day|week|month", N_("what a row is (run); UTC")},
        RIG_CHOICE_OPTIONS(how.choice),
        {"svg", 0, RIG_OPTION_TEXT, &how.svg, "FILE", N_("draw it there, too (gnuplot)")},
        {"csv", 0, RIG_OPTION_FLAG, &how.is_csv, NULL, N_("comma-separated")},
        {"json", 0, RIG_OPTION_FLAG, &how.is_json, NULL,
         N_("one JSON document on standard output")},
        {.name = NULL}};
    rig_texts operands;
    rig_error err = {0};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("trend", "expected one METRIC");
    if (how.is_csv && how.is_json)
        return rig_console_usage("trend", "expected one of --csv and --json");
    if ((how.is_csv || how.is_json) && how.svg != NULL && strcmp(how.svg, "-") == 0)
        return rig_console_usage("trend",
                                 "--svg - with --csv or --json; both go to standard output");
    return make(operands.items[0], &how, &err) == RIG_OK ? 0 : rig_console_fail(&err);
}
