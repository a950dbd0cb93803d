/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/history_choice.h"
#include "cli/history_counts.h"
#include "cli/history_move.h"
#include "cli/run_history.h"
#include "core/plural.h"
#include "history/when.h"
#include "reports/history_csv.h"
#include "reports/history_json.h"
#include "reports/json_file.h"

static const rig_usage_text usage = {
    "history", "[list | export FILE | import FILE | add RUN_DIR...]",
    N_("The runs so far: list them, or carry a history elsewhere.\n"
       "\n"
       "list (if nothing is said) prints the runs that the options choose, earliest first; with\n"
       "--by how many there were, and how they ended.\n"
       "export writes them as JSON Lines, a run a line; import takes such a file in: a run\n"
       "that is there already is not taken twice, and of two judgements of one run the later\n"
       "one stays. \"-\" is the standard output or input. add puts in the runs of folders that\n"
       "were judged.")};

static void print_run(const rig_history_run *run)
{
    char start[RIG_HISTORY_WHEN_SIZE];
    char *labels = rig_report_history_labels(run);
    rig_history_when_text(run->counts[RIG_HISTORY_START_MS], start);
    printf("%s  %s  %s", run->id, start,
           rig_console_cell(run->texts[RIG_HISTORY_JUDGEMENT], -12).text);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const double loss = rig_history_stage_loss(&run->stages[s]);
        if (isnan(loss))
            printf("  %s", rig_console_cell("n/a", 7).text);
        else
            printf("  %5.2f %%", 100.0 * loss);
    }
    printf("  %s%s%s\n", run->texts[RIG_HISTORY_SCENARIO],
           labels != NULL && labels[0] != '\0' ? "  " : "", labels != NULL ? labels : "");
    free(labels);
}

static void print_runs(const rig_history_runs *runs)
{
    if (runs->n == 0) {
        rig_console_say("no such run");
        return;
    }
    rig_console_print(
        "run               start (UTC)       verdict         trunk      ivr    queue    "
        "agent  scenario, labels\n");
    for (size_t i = 0; i < runs->n; i++)
        print_run(runs->items[i]);
}

static rig_status print_json(const rig_history_runs *runs, rig_error *err)
{
    json_t *document = NULL;
    if (rig_json_of_history(runs, &document) != RIG_OK)
        return rig_fail(err, RIG_ENOMEM, "history: out of memory");
    rig_status status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    json_decref(document);
    return status;
}

typedef struct list_options {
    bool is_csv, is_json;
    const char *by;
} list_options;

static rig_status print_counts(const rig_history_runs *runs, const list_options *how,
                               rig_error *err)
{
    rig_history_by by = RIG_HISTORY_BY_RUN;
    if (!rig_history_by_read(how->by, &by) || by == RIG_HISTORY_BY_RUN)
        return rig_fail(err, RIG_EINPUT, "--by: \"%.80s\"; expected day, week or month", how->by);
    return rig_run_counts_print(runs, by,
                                how->is_json  ? RIG_RUN_COUNTS_JSON
                                : how->is_csv ? RIG_RUN_COUNTS_CSV
                                              : RIG_RUN_COUNTS_TEXT,
                                err);
}

static rig_status list(const rig_run_choice *choice, const list_options *how, rig_error *err)
{
    rig_history_runs runs = {.n = 0};
    rig_status status = rig_run_choice_load(choice, false, &runs, err);
    if (status == RIG_OK && how->by != NULL)
        status = print_counts(&runs, how, err);
    else if (status == RIG_OK && how->is_json)
        status = print_json(&runs, err);
    else if (status == RIG_OK && how->is_csv)
        rig_report_history_csv(stdout, &runs);
    else if (status == RIG_OK)
        print_runs(&runs);
    rig_history_runs_clear(&runs);
    return status;
}

static int act(const rig_texts *operands, const rig_run_choice *choice, const list_options *how)
{
    rig_error err = {0};
    const char *verb = operands->n > 0 ? operands->items[0] : "list";
    const bool is_list = strcmp(verb, "list") == 0, is_add = strcmp(verb, "add") == 0,
               is_export = strcmp(verb, "export") == 0, is_import = strcmp(verb, "import") == 0;
    const size_t n = operands->n > 0 ? operands->n - 1 : 0;
    rig_status status;
    if (!is_list && !is_add && !is_export && !is_import)
        return rig_console_usage("history", "\"%s\"; expected list, export, import or add", verb);
    if ((is_list && n > 0) || ((is_export || is_import) && n != 1) || (is_add && n == 0))
        return rig_console_usage("history", "%s: expected %s", verb,
                                 is_list  ? "no operand"
                                 : is_add ? "RUN_DIR, one or more"
                                          : "one FILE");
    if (!is_list && (how->is_csv || how->is_json || how->by != NULL))
        return rig_console_usage("history", "--by, --csv and --json are of list");
    if (is_list)
        status = list(choice, how, &err);
    else if (is_export)
        status = rig_carry_export(choice, operands->items[1], &err);
    else if (is_import)
        status = rig_carry_import(choice, operands->items[1], &err);
    else
        status = rig_carry_folders(choice, operands->items + 1, n, &err);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}

int rig_cmd_history(int argc, char **argv)
{
    rig_run_choice choice = {.file = NULL};
    list_options how = {.is_csv = false};
    const rig_option options[] = {
        RIG_CHOICE_OPTIONS(choice),
        {"by", 0, RIG_OPTION_TEXT, &how.by, "WHAT",
         N_("list: how many runs by day, week (ISO 8601, UTC) or month, and how they ended")},
        {"csv", 0, RIG_OPTION_FLAG, &how.is_csv, NULL, N_("list: comma-separated")},
        {"json", 0, RIG_OPTION_FLAG, &how.is_json, NULL,
         N_("list: one JSON document on standard output, with all figures")},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (how.is_csv && how.is_json)
        return rig_console_usage("history", "expected one of --csv and --json");
    return act(&operands, &choice, &how);
}
