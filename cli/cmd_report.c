/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_files.h"
#include "cli/options.h"

static const rig_usage_text usage = {
    "report", "RUN_DIR",
    "Make report.html (one file) and plots/ of a run again, from its result.json."};

int rig_cmd_report(int argc, char **argv)
{
    bool is_not_masked = false;
    const rig_option options[] = {
        {"no-mask", 0, RIG_OPTION_FLAG, &is_not_masked, NULL,
         "show addresses, numbers, Call-IDs and reasons as the wire had them, no pseudonyms"},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("report", "expected one RUN_DIR");
    rig_error err = {0};
    rig_run_dir run;
    rig_status status = rig_run_dir_open(operands.items[0], &run, &err);
    if (status == RIG_OK)
        status = rig_run_files_report(
            &run, is_not_masked ? RIG_RUN_FILES_PLAIN : RIG_RUN_FILES_MASKED, &err);
    if (status != RIG_OK)
        return rig_console_fail(&err);
    printf("%s\n", run.report);
    return 0;
}
