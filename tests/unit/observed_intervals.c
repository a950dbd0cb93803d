/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Queue, agents, waits and service level over time, of calls on the wire. Two oracles: calls whose
 * intervals are counted by hand, and a simulated run, made calls of, that counted itself. Argument:
 * the folder of the scenarios. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "models/summary.h"
#include "tests/small_scenario.h"
#include "verdict/judge/intervals.h"
#include "verdict/judge/occupancy.h"
#include "tests/unit/simulated_call.h"

static const char *folder;

static rig_scenario *scenario_of(const char *name, const char *const *overrides, size_t n)
{
    char path[4096];
    rig_error err;
    rig_scenario *scenario = NULL;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    if (rig_scenario_read(path, overrides, n, &scenario, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return scenario;
}

/* The same figures as the simulation has of the same calls; no phone rings in vain. */
static void test_as_the_simulation(void **state)
{
    (void)state;
    static const char *const set[] = {"time_scale=1", "agents[0].ring_timeout_s=1000.0"};
    rig_scenario *scenario = scenario_of("tv-peak-785.cfg", set, 2);
    rig_schedule *schedule = NULL;
    rig_centre *centre = NULL;
    rig_error err;
    assert_int_equal(rig_schedule_draw(scenario, 0, &schedule, &err), RIG_OK);
    const size_t n = schedule->n, n_intervals = rig_centre_n_intervals(scenario);
    rig_call *items = calloc(n, sizeof *items);
    rig_outcome *fates = calloc(n, sizeof *fates);
    rig_call_instants *instants = calloc(n, sizeof *instants);
    rig_interval *simulated = calloc(n_intervals, sizeof *simulated);
    rig_interval *seen = calloc(n_intervals, sizeof *seen);
    const rig_centre_input input = {.schedule = schedule, .replication = schedule->replication};
    rig_centre_output output = {.fates = fates, .instants = instants, .intervals = simulated};
    assert_int_equal(rig_centre_new(scenario, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &output, &err), RIG_OK);
    for (size_t i = 0; i < n; i++)
        items[i] = simulated_call(i, schedule->calls[i].t_s, fates[i], &instants[i]);
    const rig_calls calls = {.items = items, .n = n};
    assert_int_equal(rig_intervals_measure(&calls, scenario, 0, seen, n_intervals), RIG_OK);
    static const struct {
        rig_series series;
        double slack, share;
    } rows[] = {{RIG_SERIES_QUEUE, 0.05, 0.002},      {RIG_SERIES_BUSY, 0.05, 0.002},
                {RIG_SERIES_OCCUPANCY, 0.001, 0.002}, {RIG_SERIES_WAIT_MEAN_S, 1e-4, 0.0},
                {RIG_SERIES_WAIT_P50_S, 1e-4, 0.008}, {RIG_SERIES_WAIT_P95_S, 1e-4, 0.008},
                {RIG_SERIES_WAIT_MAX_S, 1e-4, 0.0},   {RIG_SERIES_SERVICE_LEVEL, 1e-9, 0.0},
                {RIG_SERIES_DEFLECTED, 1e-9, 0.0},    {RIG_SERIES_DROPPED, 1e-9, 0.0}};
    size_t n_compared = 0;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        for (size_t i = 0; i < n_intervals; i++) {
            const double a = rig_series_value(rows[r].series, &seen[i]);
            const double b = rig_series_value(rows[r].series, &simulated[i]);
            if (isnan(b) ? !isnan(a) : !(fabs(a - b) <= rows[r].slack + rows[r].share * fabs(b)))
                fail_msg("%s of interval %zu: %g; the simulation says %g",
                         rig_series_name(rows[r].series), i, a, b);
            n_compared += isnan(b) ? 0 : 1;
        }
    }
    assert_true(n_compared > 500);
    assert_true(isnan(seen[0].mean_on_duty));
    free(items);
    free(fates);
    free(instants);
    free(simulated);
    free(seen);
    rig_centre_free(centre);
    rig_schedule_free(schedule);
    rig_scenario_free(scenario);
}

#define U ((double)NAN)

/* One call of each kind, in intervals of 10 s. */
static const struct {
    double arrival_s;
    rig_outcome fate;
    rig_call_instants at; /* port, queue, ring, talk, end */
    uint32_t n_legs;
} by_hand[] = {
    {1, RIG_OUTCOME_SERVED, {1, 2, 5, 8, 25, U}, 2}, /* waits 2..5; busy 5..30: wrap-up */
    {12,
     RIG_OUTCOME_DROPPED,
     {12, 13, 27, 28, 31, U},
     3}, /* waits 13..17; rung 17..27, busy ..31 */
    {14, RIG_OUTCOME_LOST_QUEUE, {14, 15, 18, U, 35, U}, 2}, /* 15..18, rung 18..28, 28..35 */
    {41, RIG_OUTCOME_IN_PROGRESS, {41, 42, U, U, U, U}, 1},  /* waits 42..50: the last instant */
    {45, RIG_OUTCOME_SELF_SERVED, {45, U, U, U, 50, U}, 1},
    {46, RIG_OUTCOME_DEFLECTED, {46, 47, U, U, 47, U}, 1},
    {3, RIG_OUTCOME_SERVED, {3, 3, 3, 4, 9, U}, 2}, /* busy 3..14 */
};

enum { N_BY_HAND = sizeof by_hand / sizeof *by_hand };

static void by_hand_make(small_scenario *room, rig_call *items)
{
    small_scenario_make(room);
    room->agents[0].wrap_up.mean_s = 5.0;
    room->agents[0].ring_timeout_s = 10.0;
    room->scenario.queue.service_level_s = 5.0;
    for (size_t i = 0; i < N_BY_HAND; i++) {
        items[i] = simulated_call(i, by_hand[i].arrival_s, by_hand[i].fate, &by_hand[i].at);
        items[i].n_legs = by_hand[i].n_legs;
    }
}

static void expect(double is, double expected)
{
    if (isnan(expected) ? !isnan(is) : !(fabs(is - expected) < 1e-6))
        fail_msg("%g; expected %g", is, expected);
}

static void test_calls_counted_by_hand(void **state)
{
    (void)state;
    static const struct {
        double queue, busy, level, mean_s, p50_s, p95_s, max_s;
    } expected[6] = {{0.3, 1.2, 0.5, 3.5, 1, 6, 6}, /* 5..10 and 3..10; waits of 6 s and 1 s */
                     {0.7, 1.9, 0.0, 15, 15, 15, 15}, {0.2, 2.8, U, U, U, U, U},
                     {0.5, 0.1, U, U, U, U, U},       {0.8, 0.0, 0.0, U, U, U, U},
                     {0.0, 0.0, U, U, U, U, U}};
    small_scenario room;
    rig_call items[N_BY_HAND];
    rig_interval seen[6] = {{.n_offered = 7.0}};
    by_hand_make(&room, items);
    const rig_calls calls = {.items = items, .n = N_BY_HAND};
    assert_int_equal(rig_intervals_measure(&calls, &room.scenario, 0, seen, 6), RIG_OK);
    for (size_t i = 0; i < 6; i++) {
        expect(seen[i].mean_queue, expected[i].queue);
        expect(seen[i].mean_busy, expected[i].busy);
        expect(seen[i].occupancy, expected[i].busy / 10.0);
        expect(seen[i].service_level, expected[i].level);
        expect(seen[i].wait_mean_s, expected[i].mean_s);
        expect(seen[i].wait_p50_s, expected[i].p50_s);
        expect(seen[i].wait_p95_s, expected[i].p95_s);
        expect(seen[i].wait_max_s, expected[i].max_s);
        expect(seen[i].mean_on_duty, U);
        expect(seen[i].n_dropped, i == 1);
        expect(seen[i].n_deflected, i == 4);
    }
    expect(seen[0].n_offered, 7.0); /* not its to fill */
}

/* Who calls back is busy from the dialling on, and wraps up after a talk. */
static void test_call_backs_keep_agents_busy(void **state)
{
    (void)state;
    small_scenario room;
    rig_call items[N_BY_HAND], backs[2];
    rig_interval seen[6];
    by_hand_make(&room, items);
    for (int i = 0; i < 2; i++) {
        backs[i] = items[0];
        backs[i].t_invite_ns = rig_clock_ns_of_s(32.0);
        backs[i].t_end_ns = i == 0 ? rig_clock_ns_of_s(38.0) : RIG_NO_TIME;
        backs[i].outcome = i == 0 ? RIG_OUTCOME_LOST_IVR : RIG_OUTCOME_IN_PROGRESS;
    }
    rig_calls calls = {.items = items, .n = N_BY_HAND, .backs = backs, .n_backs = 1};
    assert_int_equal(rig_intervals_measure(&calls, &room.scenario, 0, seen, 6), RIG_OK);
    expect(seen[3].mean_busy, 0.1 + 0.6);
    expect(seen[4].mean_busy, 0.0);
    expect(seen[3].mean_queue, 0.5);
    calls.backs++; /* one that is not over lasts to the end of all */
    assert_int_equal(rig_intervals_measure(&calls, &room.scenario, 0, seen, 6), RIG_OK);
    expect(seen[3].mean_busy, 0.1 + 0.8);
    assert_true(seen[4].mean_busy > 0.0);
}

/* What a capture does not show is not made up; nor what the scenario leaves open. */
static void test_what_is_not_seen_is_unknown(void **state)
{
    (void)state;
    small_scenario room;
    rig_call items[N_BY_HAND];
    rig_interval seen[6];
    const rig_calls calls = {.items = items, .n = N_BY_HAND};
    by_hand_make(&room, items);
    items[0].t_agent_ring_ns = RIG_NO_TIME; /* an agent who answered was not seen to be rung */
    assert_int_equal(rig_intervals_measure(&calls, &room.scenario, 0, seen, 6), RIG_OK);
    expect(seen[1].mean_busy, U);
    expect(seen[1].occupancy, U);
    expect(seen[1].mean_queue, U);
    expect(seen[0].wait_mean_s, 3.5);
    by_hand_make(&room, items);
    items[0].t_queue_ns = RIG_NO_TIME; /* nor was his queue */
    assert_int_equal(rig_intervals_measure(&calls, &room.scenario, 0, seen, 6), RIG_OK);
    expect(seen[1].mean_queue, U);
    expect(seen[1].mean_busy, 1.9);
    by_hand_make(&room, items);
    items[1].is_backwards = true; /* of its durations nothing is known */
    rig_reserve reserve = {.n_agents = 1};
    room.scenario.reserves = &reserve;
    room.scenario.n_reserves = 1; /* and nobody knows how many are on duty */
    assert_int_equal(rig_intervals_measure(&calls, &room.scenario, 0, seen, 6), RIG_OK);
    expect(seen[1].wait_mean_s, U);
    expect(seen[1].occupancy, U);
    const rig_calls none = {.items = items, .n = 0};
    assert_int_equal(rig_intervals_measure(&none, &room.scenario, 0, seen, 6), RIG_OK);
    expect(seen[5].mean_queue, 0.0);
    expect(seen[5].mean_busy, 0.0);
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    folder = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_the_simulation),
        cmocka_unit_test(test_calls_counted_by_hand),
        cmocka_unit_test(test_call_backs_keep_agents_busy),
        cmocka_unit_test(test_what_is_not_seen_is_unknown),
    };
    return cmocka_run_group_tests_name("observed_intervals", tests, NULL, NULL);
}
