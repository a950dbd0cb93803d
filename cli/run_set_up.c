/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/run_set_up.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "generator/sipp_log.h"
#include "reports/play_json.h"
#include "reports/wire_json.h"
#include "scenarios/scenario.h"

int64_t rig_run_set_up_until(const rig_play_facts *play, double time_scale)
{
    if (!play->looks.is_stopped)
        return INT64_MAX;
    return play->start_epoch_ns + rig_clock_ns_of_s(play->looks.at_s / time_scale);
}

/* The lines of all logs. */
typedef struct sink {
    rig_said_call *said;
    size_t n;
} sink;

static void on_line(void *ctx, rig_slice line)
{
    const sink *s = ctx;
    rig_caller_line parsed;
    if (rig_caller_line_parse(line, &parsed) && parsed.planned_index < s->n &&
        !s->said[parsed.planned_index].is_said)
        s->said[parsed.planned_index] = rig_caller_line_said(&parsed);
}

rig_status rig_run_set_up_said(const rig_run_dir *run, const rig_schedule *schedule,
                               const rig_play_facts *play, rig_said_call **said, rig_error *err)
{
    bool has_any = false;
    rig_status status = RIG_OK;
    sink s = {.n = schedule->n, .said = calloc(schedule->n + 1, sizeof *s.said)};
    if (s.said == NULL)
        return rig_fail(err, RIG_ENOMEM, "%s/logs: out of memory", run->dir);
    for (size_t k = 0; k < play->n_workers && status == RIG_OK; k++) {
        char path[1200];
        rig_sipp_log *log = NULL;
        (void)snprintf(path, sizeof path, "%s/logs/callers%zu.log", run->dir, k);
        if (access(path, F_OK) != 0)
            continue;
        has_any = true;
        status = rig_sipp_log_new(path, &log, err);
        if (status == RIG_OK)
            status = rig_sipp_log_read(log, on_line, &s, err);
        rig_sipp_log_free(log);
    }
    if (status != RIG_OK || !has_any) {
        free(s.said);
        s.said = NULL;
    }
    if (status == RIG_OK)
        *said = s.said;
    return status;
}

rig_status rig_run_set_up_write(const rig_run_dir *run, const rig_play_facts *play,
                                const rig_exchanges *book, const rig_capture_facts *capture,
                                const char *capture_sha256, rig_error *err)
{
    rig_scenario *scenario = NULL;
    rig_wire_facts facts;
    rig_status status = rig_scenario_read(run->scenario, NULL, 0, &scenario, err);
    if (status == RIG_OK &&
        rig_wire_facts_of(book, play, rig_run_set_up_until(play, scenario->time_scale), &facts) !=
            RIG_OK)
        status = rig_fail(err, RIG_ENOMEM, "%s: out of memory", run->wire);
    facts.capture = *capture;
    if (status == RIG_OK)
        status = rig_json_wire_write(&facts, capture_sha256, run->wire, err);
    rig_scenario_free(scenario);
    return status;
}
