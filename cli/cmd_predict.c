/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "cli/print_result.h"
#include "cli/progress.h"
#include "cli/several.h"
#include "cli/signals.h"
#include "core/digest.h"
#include "models/advice.h"
#include "models/prediction.h"
#include "reports/json_file.h"
#include "reports/prediction_json.h"

#define DEFAULT_REPLICATIONS 200

static const rig_usage_text usage = {
    "predict", "SCENARIO",
    P_("Simulate the call centre many times, each time with new callers, and say what each stage\n"
       "loses: the mean, and the interval in which 95 % of single runs lie.")};

static void show_progress(void *ctx, uint32_t n_done, uint32_t n_all)
{
    rig_progress *progress = ctx;
    rig_progress_show(progress, "predicting: %u of %u replications%s", n_done, n_all,
                      rig_progress_left(progress->start_ns, n_done, n_all - n_done).text);
}

static rig_status print_all(const rig_prediction *prediction, const rig_scenario *scenario,
                            rig_error *err)
{
    rig_print_prediction(prediction, scenario);
    putchar('\n');
    rig_advice_settling(scenario, prediction, rig_console_advice, NULL);
    rig_advice_rules(scenario, rig_console_advice, NULL);
    rig_status status = rig_advice_formulas(scenario, prediction, rig_console_advice, NULL);
    return status == RIG_OK ? status
                            : rig_fail(err, status, "formulas: %s", rig_status_text(status));
}

/* Where the result goes. */
typedef struct places {
    const char *file;       /* or NULL */
    bool is_json, is_taken; /* standard output: a document; or it is the file's */
} places;

static rig_status publish(const rig_prediction *prediction, const rig_scenario *scenario,
                          const char *sha256, const places *where, rig_error *err)
{
    json_t *document = NULL;
    rig_status status = RIG_OK;
    if (where->is_json || where->file != NULL) {
        status = rig_json_of_prediction(prediction, scenario, sha256, &document);
        if (status != RIG_OK)
            (void)rig_fail(err, status, "prediction: out of memory");
    }
    if (status == RIG_OK && where->file != NULL)
        status = rig_json_write(document, where->file, err);
    if (status == RIG_OK && where->is_json)
        status = rig_json_print(document, RIG_JSON_DIGITS, stdout, err);
    else if (status == RIG_OK && !where->is_taken)
        status = print_all(prediction, scenario, err);
    json_decref(document);
    return status;
}

static int predict(int argc, char **argv, rig_ranks *ranks)
{
    rig_texts operands, overrides = {.n = 0};
    uint32_t n_replications = DEFAULT_REPLICATIONS, n_threads = 0;
    bool is_quiet = false;
    places where = {.file = NULL};
    const rig_option options[] = {
        {"replications", 'n', RIG_OPTION_COUNT, &n_replications, "N", N_("runs to simulate (200)")},
        {"threads", 0, RIG_OPTION_COUNT, &n_threads, "N", N_("threads (one a processor)")},
        {"output", 'o', RIG_OPTION_TEXT, &where.file, "FILE",
         N_("write prediction.json there, too (\"-\": standard output)")},
        {"json", 0, RIG_OPTION_FLAG, &where.is_json, NULL,
         N_("one JSON document on standard output")},
        {"quiet", 'q', RIG_OPTION_FLAG, &is_quiet, NULL, N_("no progress")},
        {"set", 0, RIG_OPTION_SETS, &overrides, "KEY=VALUE",
         N_("override a value of the scenario")},
        {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("predict", "expected one SCENARIO");
    if (n_replications < 2)
        return rig_console_usage("predict", "--replications: \"1\"; expected 2 to 100000000");
    if (!rig_ranks_is_leader(ranks))
        where.file = NULL;
    rig_error err = {0};
    rig_scenario *scenario = NULL;
    rig_prediction *prediction = NULL;
    rig_progress progress;
    char sha256[RIG_SHA256_TEXT_SIZE] = "";
    rig_progress_start(&progress, is_quiet);
    const rig_predict_options how = {.n_replications = n_replications,
                                     .n_threads = n_threads,
                                     .team = rig_ranks_team(ranks),
                                     .stop = rig_signals_catch(),
                                     .progress = show_progress,
                                     .ctx = &progress};
    rig_status status =
        rig_scenario_read(operands.items[0], overrides.items, overrides.n, &scenario, &err);
    if (status == RIG_OK)
        status = rig_outputs_of_scenario("--output", where.file, where.is_json, scenario,
                                         &where.is_taken, &err);
    if (status == RIG_OK)
        status = rig_digest_file(operands.items[0], sha256, &err);
    status = rig_ranks_agree(ranks, "scenario file", sha256, status, &err);
    if (status == RIG_OK)
        status = rig_predict(scenario, &how, &prediction, &err);
    rig_progress_end(&progress);
    if (status == RIG_OK && rig_ranks_is_leader(ranks))
        status = publish(prediction, scenario, sha256, &where, &err);
    rig_prediction_free(prediction);
    rig_scenario_free(scenario);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}

int rig_cmd_predict(int argc, char **argv)
{
    return rig_several_run(argc, argv, predict);
}
