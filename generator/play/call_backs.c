/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "generator/play/call_backs.h"

#include <math.h>
#include <stdlib.h>

#include "core/clock.h"
#include "generator/play/injection.h"
#include "generator/play/play_run.h"

static const char NAME[] = "call_backs";

/* Share of what is drawn that is shorter than what is waited for. */
static const double QUANTILE = 1.0 - 1e-6;

/* Beside the scenario's times, s of wire time: SIP's own time-outs among them. */
static const double SLACK_S = 5.0;

/** Of one caller. */
typedef struct rig_play_promise {
    size_t row;       /**< his call that was promised it */
    uint32_t n_dials; /**< call backs that are over */
    int64_t n_left;   /**< still to come */
} rig_play_promise;

static double longest_talk_s(const rig_schedule *schedule, const rig_scenario *scenario)
{
    double longest_s = 0.0;
    for (size_t i = 0; i < schedule->n; i++)
        longest_s = fmax(longest_s, rig_schedule_longest_talk_s(schedule, scenario, i));
    return longest_s;
}

static double longest_wrap_up_s(const rig_scenario *scenario)
{
    double longest_s = 0.0;
    for (size_t g = 0; g < scenario->n_agents; g++)
        longest_s = fmax(longest_s, rig_dist_quantile_s(&scenario->agents[g].wrap_up, QUANTILE));
    return longest_s;
}

/* When the last change of who is on duty is over. */
static double last_change_s(const rig_scenario *scenario)
{
    double last_s = scenario->call_back.start_s;
    for (size_t g = 0; g < scenario->n_agents; g++)
        for (size_t k = 0; k < scenario->agents[g].n_shifts; k++)
            last_s = fmax(last_s, scenario->agents[g].shifts[k].at_s);
    for (size_t i = 0; i < scenario->n_faults; i++)
        last_s = fmax(last_s, scenario->faults[i].at_s + scenario->faults[i].for_s);
    return last_s;
}

/* One attempt, and what goes before and after it. */
static double longest_attempt_s(const rig_play_run *run)
{
    const rig_scenario *scenario = run->scenario;
    return scenario->call_back.no_answer_s + longest_talk_s(run->schedule, scenario) +
           longest_wrap_up_s(scenario) +
           rig_dist_quantile_s(&scenario->call_back.retry_delay, QUANTILE);
}

double rig_play_call_backs_last_s(const rig_play_run *run)
{
    const rig_scenario *scenario = run->scenario;
    if (!rig_scenario_calls_back(scenario))
        return 0.0;
    /* as if one agent worked */
    const double n = (double)rig_schedule_n_first(run->schedule) + scenario->call_back.n_attempts;
    return (last_change_s(scenario) + n * longest_attempt_s(run)) / scenario->time_scale + SLACK_S;
}

rig_status rig_play_call_backs_start(rig_play_run *run, rig_error *err)
{
    rig_play_call_backs *backs = &run->call_backs;
    if (!rig_scenario_calls_back(run->scenario))
        return RIG_OK;
    backs->is_used = true;
    backs->patience_s = longest_attempt_s(run) / run->scenario->time_scale + SLACK_S;
    backs->promises = calloc(run->schedule->n + 1, sizeof *backs->promises);
    char *path = rig_play_run_log_path(run, NAME, "csv");
    if (path == NULL || backs->promises == NULL) {
        free(path);
        return rig_fail(err, RIG_ENOMEM, "out of memory");
    }
    rig_status status = rig_injection_write_call_backs(run->schedule, run->scenario, path, err);
    free(path);
    if (status == RIG_OK)
        status = rig_play_run_open_log(run, NAME, &backs->log, err);
    const rig_sipp_spec spec = {.role = RIG_SIPP_CALLED,
                                .name = NAME,
                                .local_host = run->report.agents_host,
                                .port = run->options->call_backs_port};
    return status == RIG_OK ? rig_play_run_start_worker(run, &spec, &backs->worker, err) : status;
}

static void add_left(rig_play_run *run, rig_play_promise *promise, int64_t by)
{
    rig_play_call_backs *backs = &run->call_backs;
    backs->n_open -= promise->n_left > 0;
    promise->n_left += by;
    backs->n_open += promise->n_left > 0;
    backs->last_ns = rig_clock_monotonic_ns();
}

void rig_play_call_backs_note_promise(rig_play_run *run, size_t row)
{
    if (!run->call_backs.is_used)
        return;
    rig_play_promise *promise =
        &run->call_backs.promises[rig_schedule_first_of(run->schedule, row)];
    promise->row = row;
    add_left(run, promise, rig_schedule_n_call_backs(run->schedule, run->scenario, row, 0));
}

/* One that would have been answered and was cut is followed by others, if there are any. */
static void note_dial(rig_play_run *run, rig_play_promise *promise, const rig_agent_line *line)
{
    const uint32_t n = ++promise->n_dials;
    int64_t by = -1;
    if (line->end == RIG_AGENT_CANCELLED &&
        rig_schedule_answers_back_s(run->schedule, run->scenario, promise->row, n - 1) >= 0.0)
        by += rig_schedule_n_call_backs(run->schedule, run->scenario, promise->row, n);
    add_left(run, promise, by);
}

static void on_line(void *ctx, rig_slice line)
{
    rig_play_run *run = ctx;
    const uint64_t first = run->schedule->calls[0].number;
    rig_agent_line parsed;
    run->report.call_backs.n_lines++;
    if (!rig_agent_line_parse(line, &parsed) || parsed.number < first ||
        parsed.number - first >= rig_schedule_n_first(run->schedule))
        run->report.call_backs.n_bad_lines++;
    else
        note_dial(run, &run->call_backs.promises[parsed.number - first], &parsed);
}

rig_status rig_play_call_backs_read(rig_play_run *run, rig_error *err)
{
    return run->call_backs.log != NULL ? rig_sipp_log_read(run->call_backs.log, on_line, run, err)
                                       : RIG_OK;
}

bool rig_play_call_backs_are_over(const rig_play_run *run)
{
    const rig_play_call_backs *backs = &run->call_backs;
    if (!backs->is_used || backs->n_open == 0)
        return true;
    const double quiet_s = rig_clock_s_of_ns(rig_clock_monotonic_ns() - backs->last_ns);
    const double since_change_s =
        rig_play_run_elapsed_s(run) - last_change_s(run->scenario) / run->scenario->time_scale;
    return fmin(quiet_s, since_change_s) > backs->patience_s;
}

void rig_play_call_backs_clear(rig_play_call_backs *backs)
{
    rig_sipp_log_free(backs->log);
    free(backs->promises);
}
