/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_period.h"
#include "cli/run_files.h"
#include "cli/run_markdown.h"
#include "cli/run_share.h"
#include "cli/options.h"

static const rig_usage_text usage = {
    "report", "RUN_DIR",
    N_("Make report.html (one file) and plots/ of a run again, from its result.json. With\n"
       "--markdown make a summary for the comment of a merge request instead. With --week or\n"
       "--month, and without RUN_DIR, make the page of a week or a month of a history: how many\n"
       "runs there were and how they ended, losses by stage over the weeks or months, what\n"
       "changed, what did not pass and why. It is that of the last run that --until and its kin\n"
       "leave.")};

typedef struct request {
    bool is_not_masked, is_week, is_month;
    rig_run_choice choice;
    const char *output;
    const char *share, *key_file, *markdown, *link;
} request;

/* @return NULL when the options go together. */
static const char *find_problem(const request *q)
{
    const bool is_of_run = q->is_not_masked || q->share != NULL || q->key_file != NULL ||
                           q->markdown != NULL || q->link != NULL;
    const bool is_of_page = rig_run_choice_is_made(&q->choice) || q->output != NULL;
    if (q->is_week && q->is_month)
        return "--week with --month; expected one of the two";
    if ((q->is_week || q->is_month) && is_of_run)
        return "--week or --month with an option of the report of a run; expected one of the two";
    if (!q->is_week && !q->is_month && is_of_page)
        return "--history, --output and what chooses runs; expected --week or --month with them";
    if (q->share != NULL && q->is_not_masked)
        return "--share with --no-mask; expected one of the two";
    if (q->share == NULL && q->key_file != NULL)
        return "--mask-key-file; expected --share DIR with it";
    if (q->share != NULL && q->markdown != NULL)
        return "--markdown with --share; expected one of the two";
    if (q->markdown == NULL && q->link != NULL)
        return "--link; expected --markdown FILE with it";
    return NULL;
}

static rig_status make(const request *q, const char *dir, rig_error *err)
{
    const rig_run_files_names names = q->is_not_masked ? RIG_RUN_FILES_PLAIN : RIG_RUN_FILES_MASKED;
    rig_run_dir run;
    rig_status status = rig_run_dir_open(dir, &run, err);
    if (status != RIG_OK)
        return status;
    if (q->markdown != NULL)
        return rig_run_markdown(&run, names, q->markdown, q->link, err);
    status = q->share != NULL ? rig_run_share(&run, q->share, q->key_file, err)
                              : rig_run_files_report(&run, names, err);
    if (status == RIG_OK && q->share != NULL)
        printf("%s/report.html\n", q->share);
    else if (status == RIG_OK)
        printf("%s\n", run.report);
    return status;
}

static rig_status make_page(const request *q, rig_error *err)
{
    const char *usual = q->is_month ? "month.html" : "week.html";
    return rig_run_period(&q->choice, q->is_month ? RIG_HISTORY_BY_MONTH : RIG_HISTORY_BY_WEEK,
                          q->output != NULL ? q->output : usual, err);
}

int rig_cmd_report(int argc, char **argv)
{
    request q = {.is_not_masked = false};
    const rig_option options[] = {
        {"no-mask", 0, RIG_OPTION_FLAG, &q.is_not_masked, NULL,
         N_("show addresses, numbers, Call-IDs and reasons as the wire had them, no pseudonyms")},
        {"share", 0, RIG_OPTION_TEXT, &q.share, "DIR",
         N_("write what can be given away there, with pseudonyms throughout: report.html, plots/, "
            "result.json, junit.xml, calls.csv, differences.csv")},
        {"mask-key-file", 0, RIG_OPTION_TEXT, &q.key_file, "FILE",
         N_("with --share: the same pseudonyms under the same key, its first line (a random one)")},
        {"markdown", 0, RIG_OPTION_TEXT, &q.markdown, "FILE",
         N_("write a summary in Markdown, nothing else (\"-\": standard output)")},
        {"link", 0, RIG_OPTION_TEXT, &q.link, "URL",
         N_("with --markdown: where the files of the run can be seen, such as a job's artefacts")},
        {"week", 0, RIG_OPTION_FLAG, &q.is_week, NULL, N_("the page of a week, from a history")},
        {"month", 0, RIG_OPTION_FLAG, &q.is_month, NULL, N_("the page of a month, from a history")},
        RIG_CHOICE_OPTIONS(q.choice),
        {"output", 'o', RIG_OPTION_TEXT, &q.output, "FILE",
         N_("write the page of --week or --month there (week.html, month.html; \"-\": standard "
            "output)")},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    const char *problem = find_problem(&q);
    if (problem != NULL)
        return rig_console_usage("report", "%s", problem);
    if (operands.n != (q.is_week || q.is_month ? 0 : 1))
        return rig_console_usage("report", q.is_week    ? "--week: expected no RUN_DIR"
                                           : q.is_month ? "--month: expected no RUN_DIR"
                                                        : "expected one RUN_DIR");
    rig_error err = {0};
    if (q.is_week || q.is_month)
        return make_page(&q, &err) == RIG_OK ? 0 : rig_console_fail(&err);
    return make(&q, operands.items[0], &err) == RIG_OK ? 0 : rig_console_fail(&err);
}
