/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calls of the warm-up are on the wire and count nowhere. The oracle is a simulated run, made calls
 * of, that counted itself. Argument: the folder of the scenarios. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/advice.h"
#include "verdict/judge/cut.h"
#include "verdict/observed.h"
#include "tests/unit/simulated_call.h"

static const char *folder;

/* A run that a simulation made. */
typedef struct run {
    rig_scenario *scenario;
    rig_schedule *schedule;
    size_t n;
    rig_call *items;
    rig_outcome *fates;
    rig_call_instants *instants;
    rig_interval *intervals;
    rig_centre_output simulated;
    rig_calls calls;
    rig_join *join;
    rig_observed *seen;
} run;

static void simulate(run *r)
{
    rig_centre *centre = NULL;
    rig_error err;
    const rig_centre_input input = {.schedule = r->schedule,
                                    .replication = r->schedule->replication};
    r->simulated =
        (rig_centre_output){.fates = r->fates, .instants = r->instants, .intervals = r->intervals};
    assert_int_equal(rig_centre_new(r->scenario, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &r->simulated, &err), RIG_OK);
    rig_centre_free(centre);
}

static run *run_of(const char *warm_up)
{
    const char *const set[] = {"time_scale=1", "agents[0].ring_timeout_s=1000.0", warm_up};
    char path[4096];
    rig_error err;
    run *r = calloc(1, sizeof *r);
    assert_non_null(r);
    (void)snprintf(path, sizeof path, "%s/tv-peak-785.cfg", folder);
    if (rig_scenario_read(path, set, 3, &r->scenario, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(rig_scenario_check_playable(r->scenario, &err), RIG_OK);
    assert_int_equal(rig_schedule_draw(r->scenario, 0, &r->schedule, &err), RIG_OK);
    r->n = r->schedule->n;
    r->items = calloc(r->n, sizeof *r->items);
    r->fates = calloc(r->n, sizeof *r->fates);
    r->instants = calloc(r->n, sizeof *r->instants);
    r->intervals = calloc(rig_centre_n_intervals(r->scenario), sizeof *r->intervals);
    simulate(r);
    for (size_t i = 0; i < r->n; i++)
        r->items[i] = simulated_call(i, r->schedule->calls[i].t_s, r->fates[i], &r->instants[i]);
    r->calls = (rig_calls){.items = r->items, .n = r->n};
    assert_int_equal(rig_join_new(r->schedule, &r->calls, 0, 1.0, &r->join), RIG_OK);
    rig_join_leave_warm_up(r->join, rig_scenario_counted_from_s(r->scenario));
    assert_int_equal(rig_observed_new(r->join, r->schedule, &r->calls, r->scenario, 0, &r->seen),
                     RIG_OK);
    return r;
}

static void run_free(run *r)
{
    rig_observed_free(r->seen);
    rig_join_free(r->join);
    free(r->items);
    free(r->fates);
    free(r->instants);
    free(r->intervals);
    rig_schedule_free(r->schedule);
    rig_scenario_free(r->scenario);
    free(r);
}

static void compare(const run *r, rig_metric metric, double slack)
{
    const double a = r->seen->metrics[metric], b = r->simulated.metrics[metric];
    if (!(fabs(a - b) <= slack * fmax(1.0, fabs(b))))
        fail_msg("%s: %.9g; the simulation says %.9g", rig_metric_describe(metric)->name, a, b);
}

static void test_as_the_simulation(void **state)
{
    (void)state;
    run *r = run_of("traffic.warm_up_s=95"); /* in intervals of 10 s: 100 */
    assert_true(rig_scenario_counted_from_s(r->scenario) == 100.0);
    assert_true(rig_scenario_counted_s(r->scenario) == 500.0);
    for (int s = 0; s < RIG_N_STAGES; s++) {
        compare(r, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + s), 0.0);
        compare(r, (rig_metric)(RIG_METRIC_N_ENTERED + s), 0.0);
        compare(r, (rig_metric)(RIG_METRIC_N_LOST + s), 0.0);
    }
    static const struct {
        rig_metric metric;
        double slack;
    } rows[] = {{RIG_METRIC_N_OFFERED, 0.0},      {RIG_METRIC_N_CALLERS, 0.0},
                {RIG_METRIC_N_SERVED, 0.0},       {RIG_METRIC_CONNECT_RATE, 0.0},
                {RIG_METRIC_SERVICE_LEVEL, 0.0},  {RIG_METRIC_SERVED_IN_THE_END, 0.0},
                {RIG_METRIC_PEAK_CIRCUITS, 0.01}, {RIG_METRIC_MEAN_CIRCUITS, 1e-3},
                {RIG_METRIC_OCCUPANCY, 0.02},     {RIG_METRIC_WAIT_MEAN_S, 0.01}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        compare(r, rows[i].metric, rows[i].slack);
    assert_true(r->seen->intervals[9].n_offered == 0.0);
    assert_true(r->intervals[9].n_offered == 0.0);
    assert_true(r->seen->intervals[9].mean_circuits > 100.0); /* levels are what they were */
    assert_true(r->seen->intervals[10].n_offered == r->intervals[10].n_offered);
    run_free(r);
}

/* The warm-up is part of the same run: the same fates, of which the first are left out. */
static void test_the_same_run(void **state)
{
    (void)state;
    uint64_t confusion[RIG_N_OUTCOMES][RIG_N_OUTCOMES], n = 0;
    run *all = run_of("traffic.warm_up_s=0"), *rest = run_of("traffic.warm_up_s=100");
    assert_int_equal(all->n, rest->n);
    assert_memory_equal(all->fates, rest->fates, all->n * sizeof *all->fates);
    size_t n_early = 0;
    for (size_t i = 0; i < rest->n; i++) {
        assert_int_not_equal(rest->fates[i], RIG_OUTCOME_NOT_PLACED);
        n_early += rest->schedule->calls[i].t_s < 100.0;
    }
    assert_true(n_early > 500);
    assert_int_equal(all->join->n_warm_up, 0);
    assert_int_equal(rest->join->n_warm_up, n_early);
    assert_int_equal(rest->join->n_due, rest->n - n_early);
    assert_int_equal(rest->seen->tally.n_offered, rest->n - n_early);
    assert_true(rig_tally_conserved(&rest->seen->tally, rest->join->n_due));
    for (size_t i = 0; i < n_early; i++) /* what the replay says of them is not asked */
        rest->fates[i] = RIG_OUTCOME_LOST_AGENT;
    assert_int_equal(rig_join_diff(rest->join, rest->schedule, rest->fates).n_different, 0);
    rig_join_confusion(rest->join, rest->fates, confusion);
    for (int o = 0; o < RIG_N_OUTCOMES * RIG_N_OUTCOMES; o++)
        n += confusion[o / RIG_N_OUTCOMES][o % RIG_N_OUTCOMES];
    assert_int_equal(n, rest->join->n_due);
    run_free(all);
    run_free(rest);
}

/* One that was not on the wire is the rig's failure, in the warm-up too. */
static void test_a_call_that_was_not_placed(void **state)
{
    (void)state;
    run *r = run_of("traffic.warm_up_s=100");
    rig_join *join = NULL;
    rig_observed *seen = NULL;
    const rig_calls without_first = {.items = r->items + 1, .n = r->n - 1};
    assert_int_equal(rig_join_new(r->schedule, &without_first, 0, 1.0, &join), RIG_OK);
    rig_join_leave_warm_up(join, 100.0);
    assert_int_equal(rig_observed_new(join, r->schedule, &without_first, r->scenario, 0, &seen),
                     RIG_OK);
    assert_int_equal(join->n_not_placed, 1);
    assert_int_equal(join->n_due, r->join->n_due + 1);
    assert_int_equal(seen->tally.n_not_placed, 1);
    assert_true(rig_tally_conserved(&seen->tally, join->n_due));
    rig_observed_free(seen);
    rig_join_free(join);
    run_free(r);
}

/* Redials of the warm-up have no fate, whichever instant the wire had for them: those that have one
 * are those that count. */
static void test_redials(void **state)
{
    const char *const set[] = {"time_scale=1", "traffic.warm_up_s=60"};
    char path[4096];
    rig_error err;
    run *r = calloc(1, sizeof *r);
    size_t n = 0;
    (void)state;
    assert_non_null(r);
    (void)snprintf(path, sizeof path, "%s/redials.cfg", folder);
    if (rig_scenario_read(path, set, 2, &r->scenario, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(rig_schedule_draw(r->scenario, 0, &r->schedule, &err), RIG_OK);
    r->n = r->schedule->n;
    r->fates = calloc(r->n, sizeof *r->fates);
    r->instants = calloc(r->n, sizeof *r->instants);
    r->intervals = calloc(rig_centre_n_intervals(r->scenario), sizeof *r->intervals);
    simulate(r);
    for (size_t i = 0; i < r->n; i++)
        n += r->schedule->calls[i].attempt > 0 && r->fates[i] != RIG_OUTCOME_NOT_PLACED;
    assert_true(n > 50);
    assert_true((double)n == r->simulated.metrics[RIG_METRIC_N_REDIALS]);
    run_free(r);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_redials),
        cmocka_unit_test(test_as_the_simulation),
        cmocka_unit_test(test_the_same_run),
        cmocka_unit_test(test_a_call_that_was_not_placed),
    };
    if (argc < 2)
        return 2;
    folder = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
