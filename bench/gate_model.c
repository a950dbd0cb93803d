/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate against the model itself: how often is a conforming centre failed, how often one with
 * fewer circuits passed?
 *
 * The observation is a replication of the simulated centre, judged like a run: 999 other
 * replications of the same schedule, the whole of rig_verdict_new. What scatters are the delays of
 * rig and centre as a run on the wire had them, and what the centre draws itself. Replays of one
 * schedule serve many observations.
 *
 * Usage: gate_model RUN_DIR SCHEDULES OBSERVATIONS MISSING_CIRCUITS [KEY=VALUE...]
 * RUN_DIR: a run's folder, for its scenario and its delays. KEY=VALUE: overrides of the scenario.
 */
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analyzer/calls_csv.h"
#include "verdict/judge.h"

/* Replications of the observations; those of the replays are 1 .. gate.n_replays. */
#define FIRST_OBSERVATION 1000000u

typedef struct counts {
    unsigned n, n_judged[4];         /* by judgement */
    unsigned n_failed[RIG_N_STAGES]; /* stages that fail */
    unsigned n_elsewhen;             /* runs with a stage open for its times alone */
} counts;

static void die(const rig_error *err)
{
    (void)fprintf(stderr, "gate_model: %s\n", err->text);
    exit(2);
}

/* The delays of a run on the wire. */
static rig_delays read_delays(const char *run_dir, const rig_scenario *scenario)
{
    char path[4096];
    rig_error err = {.text = ""};
    rig_schedule *schedule = NULL;
    rig_calls *calls = NULL;
    rig_delays delays = {0};
    (void)snprintf(path, sizeof path, "%s/schedule.csv", run_dir);
    if (rig_schedule_read(path, &schedule, &err) != RIG_OK)
        die(&err);
    (void)snprintf(path, sizeof path, "%s/calls.csv", run_dir);
    if (rig_cdr_read(path, &calls, &err) != RIG_OK)
        die(&err);
    if (rig_judge_delays(scenario, schedule, calls, calls->n > 0 ? calls->items[0].t_invite_ns : 0,
                         &delays, &err) != RIG_OK)
        die(&err);
    rig_calls_free(calls);
    rig_schedule_free(schedule);
    return delays;
}

static void judge(const rig_scenario *scenario, const rig_prediction *prediction,
                  const rig_centre_output *observed, uint64_t n_planned, counts *c)
{
    const rig_load_facts load = {.n_planned = n_planned,
                                 .n_placed_by_rig = n_planned,
                                 .lateness_p99_ms = 0.0,
                                 .ks_distance = 0.0};
    const rig_verdict_input input = {.scenario = scenario,
                                     .load = &load,
                                     .prediction = prediction,
                                     .observed = &observed->tally,
                                     .observed_metrics = observed->metrics,
                                     .observed_intervals = observed->intervals};
    rig_verdict *verdict = NULL;
    rig_error err = {.text = ""};
    bool is_elsewhen = false;
    if (rig_verdict_new(&input, &verdict, &err) != RIG_OK)
        die(&err);
    c->n++;
    c->n_judged[verdict->judgement]++;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        c->n_failed[s] += verdict->stages[s].judgement == RIG_JUDGEMENT_FAIL;
        is_elsewhen = is_elsewhen || verdict->stages[s].is_elsewhen;
    }
    c->n_elsewhen += is_elsewhen;
    rig_verdict_free(verdict);
}

static void play(const rig_scenario *scenario, const rig_scenario *target, const rig_delays *delays,
                 uint32_t which, uint32_t n_observations, counts *c)
{
    rig_error err = {.text = ""};
    rig_schedule *schedule = NULL;
    rig_prediction *prediction = NULL;
    rig_centre *centre = NULL;
    rig_interval *intervals = calloc(rig_centre_n_intervals(scenario), sizeof *intervals);
    if (intervals == NULL || rig_schedule_draw(scenario, which, &schedule, &err) != RIG_OK)
        die(&err);
    const rig_predict_options how = {
        .n_replications = scenario->gate.n_replays, .schedule = schedule, .delays = delays};
    if (rig_predict(scenario, &how, &prediction, &err) != RIG_OK ||
        rig_centre_new(target, &centre) != RIG_OK)
        die(&err);
    for (uint32_t i = 0; i < n_observations; i++) {
        const rig_centre_input input = {
            .schedule = schedule, .delays = delays, .replication = FIRST_OBSERVATION + i};
        rig_centre_output observed = {.intervals = intervals};
        if (rig_centre_simulate(centre, &input, &observed, &err) != RIG_OK)
            die(&err);
        judge(scenario, prediction, &observed, schedule->n, c);
    }
    rig_centre_free(centre);
    rig_prediction_free(prediction);
    rig_schedule_free(schedule);
    free(intervals);
}

int main(int argc, char **argv)
{
    char path[4096];
    rig_error err = {.text = ""};
    rig_scenario *scenario = NULL;
    counts c = {0};
    if (argc < 5) {
        (void)fprintf(stderr, "usage: gate_model RUN_DIR SCHEDULES OBSERVATIONS MISSING_CIRCUITS "
                              "[KEY=VALUE...]\n");
        return 2;
    }
    const uint32_t n_schedules = (uint32_t)strtoul(argv[2], NULL, 10);
    const uint32_t n_observations = (uint32_t)strtoul(argv[3], NULL, 10);
    const uint32_t n_missing = (uint32_t)strtoul(argv[4], NULL, 10);
    (void)gsl_set_error_handler_off(); /* statuses are looked at */
    (void)snprintf(path, sizeof path, "%s/scenario.cfg", argv[1]);
    if (rig_scenario_read(path, (const char *const *)argv + 5, (size_t)argc - 5, &scenario, &err) !=
        RIG_OK)
        die(&err);
    rig_delays delays = read_delays(argv[1], scenario);
    rig_scenario target = *scenario; /* borrows all but its first trunk group */
    rig_trunk_group *trunks = calloc(scenario->n_trunks, sizeof *trunks);
    if (trunks == NULL || n_missing >= scenario->trunks[0].n_circuits) {
        (void)fprintf(stderr, "gate_model: %u missing circuits of %u\n", n_missing,
                      scenario->trunks[0].n_circuits);
        return 2;
    }
    for (size_t i = 0; i < scenario->n_trunks; i++)
        trunks[i] = scenario->trunks[i];
    trunks[0].n_circuits -= n_missing;
    target.trunks = trunks;
    for (uint32_t i = 0; i < n_schedules; i++)
        play(scenario, &target, &delays, i + 1, n_observations, &c);
    printf(
        "missing %u: %u runs: PASS %u, FAIL %u, INCONCLUSIVE %u (for its times alone %u), INVALID "
        "%u; failed stages: trunk %u, ivr %u, queue %u, agent %u\n",
        n_missing, c.n, c.n_judged[RIG_JUDGEMENT_PASS], c.n_judged[RIG_JUDGEMENT_FAIL],
        c.n_judged[RIG_JUDGEMENT_INCONCLUSIVE], c.n_elsewhen, c.n_judged[RIG_JUDGEMENT_INVALID],
        c.n_failed[0], c.n_failed[1], c.n_failed[2], c.n_failed[3]);
    free(trunks);
    rig_delays_clear(&delays);
    rig_scenario_free(scenario);
    return 0;
}
