/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_files.h"
#include "cli/run_share.h"
#include "cli/options.h"

static const rig_usage_text usage = {
    "report", "RUN_DIR",
    "Make report.html (one file) and plots/ of a run again, from its result.json."};

int rig_cmd_report(int argc, char **argv)
{
    bool is_not_masked = false;
    const char *share = NULL, *key_file = NULL;
    const rig_option options[] = {
        {"no-mask", 0, RIG_OPTION_FLAG, &is_not_masked, NULL,
         "show addresses, numbers, Call-IDs and reasons as the wire had them, no pseudonyms"},
        {"share", 0, RIG_OPTION_TEXT, &share, "DIR",
         "write what can be given away there, with pseudonyms throughout: report.html, plots/, "
         "result.json, junit.xml, calls.csv, differences.csv"},
        {"mask-key-file", 0, RIG_OPTION_TEXT, &key_file, "FILE",
         "with --share: the same pseudonyms under the same key, its first line (a random one)"},
        {.name = NULL}};
    rig_texts operands;
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("report", "expected one RUN_DIR");
    if (share != NULL && is_not_masked)
        return rig_console_usage("report", "--share with --no-mask; expected one of the two");
    if (share == NULL && key_file != NULL)
        return rig_console_usage("report", "--mask-key-file; expected --share DIR with it");
    rig_error err = {0};
    rig_run_dir run;
    rig_status status = rig_run_dir_open(operands.items[0], &run, &err);
    if (status == RIG_OK && share != NULL)
        status = rig_run_share(&run, share, key_file, &err);
    else if (status == RIG_OK)
        status = rig_run_files_report(
            &run, is_not_masked ? RIG_RUN_FILES_PLAIN : RIG_RUN_FILES_MASKED, &err);
    if (status != RIG_OK)
        return rig_console_fail(&err);
    if (share != NULL)
        printf("%s/report.html\n", share);
    else
        printf("%s\n", run.report);
    return 0;
}
