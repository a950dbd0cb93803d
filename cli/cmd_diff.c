/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/run_files.h"
#include "cli/run_recover.h"
#include "cli/options.h"
#include "cli/several.h"
#include "cli/signals.h"
#include "cli/unpaired.h"

static const rig_usage_text usage = {
    "diff", "RUN_DIR | --prediction FILE --calls FILE",
    N_("Judge a run again from its files: compare prediction and observation stage by stage\n"
       "and call by call, write result.json and junit.xml, and exit with the verdict.\n"
       "\n"
       "With --prediction and --calls it judges a capture that peakrig did not play, stage by\n"
       "stage: FILE of --prediction is from `peakrig predict --json`, FILE of --calls from\n"
       "`peakrig analyze --calls`. Such a verdict is unpaired: the calls of both sides are not\n"
       "the same.")};

/* All that is written before the run is judged. */
static rig_status prepare(const char *dir, const char *capture,
                          const rig_run_history_options *history, rig_run_dir *run,
                          rig_run_baseline *baseline, rig_error *err)
{
    rig_status status = rig_run_history_check(history, err);
    if (status == RIG_OK)
        status = rig_run_dir_open(dir, run, err);
    if (status == RIG_OK && capture == NULL)
        status = rig_run_recover(run, err);
    if (status == RIG_OK && capture != NULL)
        status = rig_run_files_take_capture(capture, run, NULL, err);
    return status == RIG_OK ? rig_run_baseline_find_beside(history, run, baseline, err) : status;
}

static int diff(int argc, char **argv, rig_ranks *ranks)
{
    rig_texts operands;
    const char *prediction = NULL, *calls = NULL;
    bool is_json = false, is_quiet = false, is_forced = false;
    const char *capture = NULL;
    rig_run_history_options history = {.file = NULL};
    rig_run_baseline baseline = {.is_asked = false};
    const rig_option options[] = {
        {"capture", 0, RIG_OPTION_TEXT, &capture, "FILE",
         N_("judge from this capture, made elsewhere, instead of the run's own")},
        {"prediction", 0, RIG_OPTION_TEXT, &prediction, "FILE",
         N_("what peakrig predict --json wrote")},
        {"calls", 0, RIG_OPTION_TEXT, &calls, "FILE", N_("calls.csv of peakrig analyze --calls")},
        {"force", 0, RIG_OPTION_FLAG, &is_forced, NULL,
         N_("judge files that are not those that were played; the result says so")},
        RIG_RUN_HISTORY_OPTIONS(history),
        {"json", 0, RIG_OPTION_FLAG, &is_json, NULL, N_("one JSON document on standard output")},
        {"quiet", 'q', RIG_OPTION_FLAG, &is_quiet, NULL, N_("no progress")},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    const bool is_unpaired = prediction != NULL || calls != NULL;
    if (is_unpaired && (prediction == NULL || calls == NULL || operands.n > 0))
        return rig_console_usage("diff", "expected both --prediction and --calls, and no RUN_DIR");
    if (!is_unpaired && operands.n != 1)
        return rig_console_usage("diff", "expected one RUN_DIR");
    rig_error err = {0};
    rig_run_dir run;
    rig_progress progress;
    rig_judgement judgement = RIG_JUDGEMENT_INVALID;
    if (is_unpaired && !rig_ranks_is_leader(ranks))
        return 0; /* nothing is simulated */
    if (is_unpaired) {
        rig_status compared = rig_cmd_diff_unpaired(prediction, calls, is_json, &judgement, &err);
        return compared == RIG_OK ? rig_judgement_exit_code(judgement) : rig_console_fail(&err);
    }
    rig_progress_start(&progress, is_quiet);
    const rig_run_files_judge_options how = {.progress = &progress,
                                             .stop = rig_signals_catch(),
                                             .is_json = is_json,
                                             .is_forced = is_forced,
                                             .history = &history,
                                             .baseline = &baseline,
                                             .ranks = ranks};
    rig_status status = RIG_OK;
    if (rig_ranks_is_leader(ranks))
        status = prepare(operands.items[0], capture, &history, &run, &baseline, &err);
    status = rig_ranks_agree(ranks, "run", operands.items[0], status, &err);
    if (status == RIG_OK && !rig_ranks_is_leader(ranks))
        status = rig_run_dir_open(operands.items[0], &run, &err);
    if (status == RIG_OK)
        status = rig_run_files_judge(&run, &how, &judgement, &err);
    rig_run_baseline_clear(&baseline);
    return status == RIG_OK ? rig_judgement_exit_code(judgement) : rig_console_fail(&err);
}

int rig_cmd_diff(int argc, char **argv)
{
    return rig_several_run(argc, argv, diff);
}
