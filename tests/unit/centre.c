/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated call centre, on calls made by hand: every fate is worked out in a comment. */
#include "models/prediction.h"
#include "tests/unit/centre_run.h"

static void expect_fates(const rig_scenario *scenario, const rig_planned_call *calls, size_t n,
                         const char *expected, double metrics[RIG_N_METRICS])
{
    hand_run run;
    run_calls(scenario, calls, n, expected, &run);
    if (metrics != NULL)
        memcpy(metrics, run.output.metrics, sizeof run.output.metrics);
}

static void test_centre_trunk(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double metrics[RIG_N_METRICS];
    room.trunks[0].n_circuits = 2;
    /* calls hold 11 s (ring 1, talk 10): the third finds both circuits busy, the fourth a free one
     */
    rig_planned_call calls[] = {call_at(0), call_at(5), call_at(10.9), call_at(11.5)};
    expect_fates(s, calls, 4, "SSTS", metrics);
    assert_true(metrics[RIG_METRIC_PEAK_CIRCUITS] == 2.0);
    assert_true(metrics[RIG_METRIC_N_OFFERED] == 4.0);
    assert_true(metrics[RIG_METRIC_P_LOST_PER_ENTRANT] == 0.25);
    assert_true(metrics[RIG_METRIC_ANSWERED_WAIT_MEAN_S] == 1.0);
    /* a circuit that is freed at an instant serves a call of that instant */
    room.trunks[0].n_circuits = 1;
    calls[1].t_s = 11;
    expect_fates(s, calls, 2, "SS", NULL);
}

static void test_centre_ivr(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double metrics[RIG_N_METRICS];
    s->ivr.n_ports = 1;
    s->ivr.menu = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 4};
    /* the port is held for the menu: 0..4, 4..8; the second waits 3 s for it, the third gives up */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    calls[2].patience_answer_s = 4.5;
    expect_fates(s, calls, 3, "SSI", metrics);
    assert_true(metrics[RIG_METRIC_SETUP_P95_S] == 3.0);
    /* held through queue and ringing, too (1 s): the second is answered at 5, not at 4 */
    s->ivr.hold_while_queued = true;
    expect_fates(s, calls, 3, "SSI", metrics);
    assert_true(metrics[RIG_METRIC_SETUP_P95_S] == 4.0);
    /* a self-server leaves the menu after 3 s and frees the port */
    s->ivr.hold_while_queued = false;
    calls[0].self_service_s = 3;
    expect_fates(s, calls, 3, "MSI", metrics);
    assert_true(metrics[RIG_METRIC_SETUP_P95_S] == 2.0);
}

/* A self-server whom the menu does not hold long enough hangs up at his instant all the same. */
static void test_centre_slow_self_servers(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->ivr.menu = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 4};
    room.agents[0].n_agents = 1;
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(20), call_at(40)};
    calls[0].talk_s = 10;
    calls[1].self_service_s = 6; /* answered at 1, in the queue at 5, leaves at 7 */
    calls[2].self_service_s =
        4.5; /* queue at 24 with an idle agent, rings until 25: leaves at 24.5 */
    calls[3].self_service_s = 7; /* talks from 45, hangs up at 47 */
    expect_fates(s, calls, 4, "SQAS", NULL);
    /* that hang-up ends the talk: the only circuit is free again at 7, not at 15 */
    rig_planned_call two[] = {call_at(0), call_at(7.5)};
    two[0].self_service_s = 7;
    room.trunks[0].n_circuits = 1;
    expect_fates(s, two, 2, "SS", NULL);
}

static void test_centre_queue(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double metrics[RIG_N_METRICS];
    room.agents[0].n_agents = 1;
    room.agents[0].wrap_up = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 2};
    /* the agent: rings 0..1, talks until 11, wraps up until 13; then the second, not the third */
    rig_planned_call calls[] = {call_at(0), call_at(3), call_at(4), call_at(5)};
    calls[2].patience_queue_s = 8.9; /* until 12.9 */
    calls[3].patience_queue_s = 30;
    expect_fates(s, calls, 4, "SSQS", metrics);
    assert_true(fabs(metrics[RIG_METRIC_ANSWERED_WAIT_MEAN_S] - (1.0 + 11.0 + 22.0) / 3.0) < 1e-6);
    /* with the third, who left after 8.9 s: 3/4 wait on from 1 s, 3/4 * 1/2 from 11 s to 22 s */
    assert_true(fabs(metrics[RIG_METRIC_WAIT_MEAN_S] - (1.0 + 7.5 + 4.125)) < 0.01);
    assert_true(metrics[RIG_METRIC_WAIT_P95_S] == 22.0 && metrics[RIG_METRIC_ABANDON_RATE] == 0.25);
    s->queue.timeout_s = 12; /* the second is rung at 13, the fourth is cut at 17 */
    expect_fates(s, calls, 4, "SSQQ", NULL);
    s->queue.timeout_s = 0;
    s->queue.capacity =
        1; /* the second waits; third and fourth, patient both, find the queue full */
    calls[2].patience_queue_s = 1000;
    calls[3].patience_queue_s = 1000;
    expect_fates(s, calls, 4, "SSQQ", NULL);
    s->queue.capacity = 2;
    expect_fates(s, calls, 4, "SSSQ", NULL);
}

static void test_centre_agent(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double metrics[RIG_N_METRICS];
    room.agents[0].n_agents = 1;
    rig_planned_call calls[] = {call_at(0), call_at(2)};
    calls[0].ring_s[0] = 5;
    calls[0].patience_ringing_s = 4; /* hangs up at 4; the agent is free for the second at once */
    expect_fates(s, calls, 2, "AS", metrics);
    assert_true(metrics[RIG_METRIC_ANSWERED_WAIT_MEAN_S] == 3.0);
    /* the first attempt times out at 3, the agent rests 1 s, the second attempt is answered at 5.5
     */
    room.agents[0].ring_timeout_s = 3;
    calls[0].patience_ringing_s = 4;
    calls[0].ring_s[1] = 1.5;
    expect_fates(s, calls, 2, "SS", metrics);
    assert_true(metrics[RIG_METRIC_ANSWERED_WAIT_P95_S] == 14.5); /* 2 .. 15.5 + 1 */
    /* his patience in the queue has gone on meanwhile: back there at 3, he leaves */
    calls[0].patience_queue_s = 2.5;
    expect_fates(s, calls, 2, "QS", metrics);
    assert_true(metrics[RIG_METRIC_ANSWERED_WAIT_P95_S] == 3.0); /* 2 .. 3 + rest 1 + ring 1 */
    /* the queue's time-out waits for the ringing to end, too */
    calls[0].patience_queue_s = 1000;
    s->queue.timeout_s = 2.5;
    calls[1].t_s = 2.9;
    expect_fates(s, calls, 2, "QS", metrics);
}

/* A run whose calls went out late or not at all is replayed as it was. */
static void test_centre_actual_instants(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    rig_schedule schedule = {.calls = calls, .n = 3};
    const double arrival_s[] = {20.0, (double)NAN, 2.0};
    const rig_predict_options how = {
        .n_replications = 2, .schedule = &schedule, .arrival_s = arrival_s};
    rig_prediction *p = NULL;
    room.trunks[0].n_circuits = 1;
    assert_int_equal(rig_predict(s, &how, &p, NULL), RIG_OK);
    assert_int_equal(p->fates[0], RIG_OUTCOME_SERVED);
    assert_int_equal(p->fates[1], RIG_OUTCOME_NOT_PLACED);
    assert_int_equal(p->fates[2], RIG_OUTCOME_SERVED);
    assert_true(p->metrics[RIG_METRIC_N_OFFERED].mean == 2.0);
    assert_true(rig_prediction_band(p, RIG_SERIES_OFFERED, 0).mean == 1.0);
    assert_true(rig_prediction_band(p, RIG_SERIES_OFFERED, 2).mean == 1.0);
    /* 2..13: 8 s of the first interval, 3 s of the second; 20..31 fills the third */
    assert_true(fabs(rig_prediction_band(p, RIG_SERIES_CIRCUITS, 0).mean - 0.8) < 1e-9);
    assert_true(fabs(rig_prediction_band(p, RIG_SERIES_CIRCUITS, 1).mean - 0.3) < 1e-9);
    assert_true(fabs(rig_prediction_band(p, RIG_SERIES_CIRCUITS, 2).mean - 1.0) < 1e-9);
    rig_prediction_free(p);
}

/* The rig's own delays move what they belong to. */
static void test_centre_delays(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_planned_call calls[] = {call_at(0), call_at(11.2)};
    rig_schedule schedule = {.calls = calls, .n = 2};
    double late_s[] = {0.5};
    rig_delays delays = {0};
    room.trunks[0].n_circuits = 1;
    expect_fates(s, calls, 2, "SS", NULL);
    delays.kind[RIG_DELAY_TALK_CALLER] = (rig_delay_sample){late_s, 1};
    const rig_predict_options how = {.n_replications = 2, .schedule = &schedule, .delays = &delays};
    rig_prediction *p = NULL;
    assert_int_equal(rig_predict(s, &how, &p, NULL), RIG_OK);
    assert_int_equal(p->fates[1], RIG_OUTCOME_LOST_TRUNK);
    rig_prediction_free(p);
}

/* It can be stopped in the middle: here an agent never answers a caller who never gives up. */
static void test_centre_stops(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_stop stop = {.is_set = 1};
    rig_planned_call calls[] = {call_at(0)};
    rig_schedule schedule = {.calls = calls, .n = 1};
    rig_centre *centre = NULL;
    rig_centre_input input = {.schedule = &schedule, .replication = 1, .stop = &stop};
    rig_centre_output output = {.fates = NULL};
    calls[0].patience_queue_s = calls[0].patience_ringing_s = 1e9;
    room.agents[0].ring_timeout_s = 0.5;
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_ECANCELLED);
    rig_centre_free(centre);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_centre_trunk),
        cmocka_unit_test(test_centre_ivr),
        cmocka_unit_test(test_centre_slow_self_servers),
        cmocka_unit_test(test_centre_queue),
        cmocka_unit_test(test_centre_agent),
        cmocka_unit_test(test_centre_actual_instants),
        cmocka_unit_test(test_centre_delays),
        cmocka_unit_test(test_centre_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
