/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "cli/command.h"
#include "cli/console.h"
#include "cli/options.h"
#include "cli/outputs.h"
#include "core/digest.h"
#include "models/schedule.h"

static const rig_usage_text usage = {
    "schedule", "SCENARIO",
    N_("Write the calls that a run would place, one a row: when, and how long this caller waits,\n"
       "talks and is rung. The same scenario and seed give the same bytes.")};

static void print_count(FILE *out, const char *path, const rig_schedule *schedule)
{
    (void)fprintf(out, "%s: %zu calls", path, rig_schedule_n_first(schedule));
    if (schedule->n_redials > 0)
        (void)fprintf(out, ", and up to %zu redials should all be lost", schedule->n_redials);
    (void)fputc('\n', out);
}

int rig_cmd_schedule(int argc, char **argv)
{
    rig_texts operands, overrides = {.n = 0};
    const char *path = "schedule.csv";
    const rig_option options[] = {{"output", 'o', RIG_OPTION_TEXT, &path, "FILE",
                                   N_("where to (schedule.csv; \"-\": standard output)")},
                                  {"set", 0, RIG_OPTION_SETS, &overrides, "KEY=VALUE",
                                   N_("override a value of the scenario")},
                                  {.name = NULL}};
    int exit_code;
    if (!rig_options_read(argc, argv, &usage, options, &operands, &exit_code))
        return exit_code;
    if (operands.n != 1)
        return rig_console_usage("schedule", "expected one SCENARIO");
    rig_error err = {0};
    bool is_taken = false;
    rig_scenario *scenario = NULL;
    rig_schedule *schedule = NULL;
    char sha256[RIG_SHA256_TEXT_SIZE];
    rig_status status =
        rig_scenario_read(operands.items[0], overrides.items, overrides.n, &scenario, &err);
    if (status == RIG_OK)
        status = rig_outputs_of_scenario("--output", path, false, scenario, &is_taken, &err);
    if (status == RIG_OK)
        status = rig_scenario_check_playable(scenario, &err);
    if (status == RIG_OK)
        status = rig_schedule_draw(scenario, 0, &schedule, &err);
    if (status == RIG_OK)
        status = rig_digest_file(operands.items[0], sha256, &err);
    if (status == RIG_OK)
        status = rig_schedule_write(schedule, path, sha256, &err);
    if (status == RIG_OK)
        print_count(is_taken ? stderr : stdout, path, schedule);
    rig_schedule_free(schedule);
    rig_scenario_free(scenario);
    return status == RIG_OK ? 0 : rig_console_fail(&err);
}
