#include <stdio.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/judge.h"
#include "cli/options.h"
#include "cli/signals.h"

static const rig_usage_text usage = {
    "diff", "RUN_DIR",
    "Compare prediction and observation of a run again, from its files, call by call and stage by\n"
    "stage; write result.json and junit.xml; exit with the verdict."};

int rig_cmd_diff(int argc, char **argv)
{
    rig_texts operands;
    bool is_json = false, is_quiet = false;
    const rig_option options[] = {
        {"json", 0, RIG_OPTION_FLAG, &is_json, NULL, "one JSON document on standard output"},
        {"quiet", 'q', RIG_OPTION_FLAG, &is_quiet, NULL, "no progress"},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("diff", "expected one RUN_DIR");
    rig_error err = {0};
    rig_run_dir run;
    rig_progress progress;
    rig_judgement judgement = RIG_JUDGEMENT_INVALID;
    rig_progress_start(&progress, is_quiet);
    const rig_judge_options how = {&progress, rig_signals_catch(), is_json};
    rig_status status = rig_run_dir_open(operands.items[0], &run, &err);
    if (status == RIG_OK)
        status = rig_judge_run(&run, &how, &judgement, &err);
    return status == RIG_OK ? rig_judgement_exit_code(judgement) : rig_console_fail(&err);
}
