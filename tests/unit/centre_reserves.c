/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reserves, on calls made by hand: whom the queue calls, the connect rate of a window, absent
 * agents. */
#include "tests/unit/centre_run.h"

static void test_reserves(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_reserve tier = {.n_agents = 1,
                        .queue_above = 1,
                        .for_s = 5,
                        .arrive_after = constant(3),
                        .queue_below = 0,
                        .leave_after_s = 4};
    s->reserves = &tier;
    s->n_reserves = 1;
    room.agents[0].n_agents = 1;
    /* two wait from 2 on: called at 7, there at 10, for the second: answered at 11, until 21; then
     * the third: 22. Nobody waits from 21 on: sent home at 25, when busy: leaves at 32. The fourth
     * waits for the first agent, who is busy until 101. */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(40)};
    calls[0].talk_s = 100;
    run_calls(s, calls, 4, "SSSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 10.0 + 20.0 + 62.0) / 4.0);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - (60.0 + 22.0) / 60.0) < 1e-12);
    assert_true(run.groups[0][RIG_GROUP_MEAN_TALKS] == 2.0);
    assert_true(run.groups[0][RIG_GROUP_MOST_TALKS] == 2.0);
    /* the third leaves at 5: the queue has not been long for 5 s, nor will it be before 40 + 5 */
    calls[2].patience_queue_s = 3;
    run_calls(s, calls, 4, "SSQS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 45 + 3 + 1 - 1);
    /* called at 7, but the queue is empty from 9 on for 4 s: turns back at 13, before 7 + 10 */
    tier.arrive_after = constant(10);
    calls[1].patience_queue_s = 8;
    calls[2].patience_queue_s = 6;
    run_calls(s, calls, 4, "SQQS", &run);
    assert_true(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] == 1.0);
}

static void test_reserves_come_and_go(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_reserve tier = {.n_agents = 1,
                        .queue_above = 1,
                        .for_s = 5,
                        .arrive_after = constant(3),
                        .leave_after_s = 30};
    s->reserves = &tier;
    s->n_reserves = 1;
    room.agents[0].n_agents = 1;
    /* there at 10; talks 11..21, 22..32; nobody waits from 21 on: leaves at 51 */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(9.5), call_at(10)};
    calls[0].talk_s = 100;
    run_calls(s, calls, 3, "SSS", &run);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - (60.0 + 41.0) / 60.0) < 1e-12);
    /* called at 3 for 13; nobody waits from 5 on: turns back at 9; called at 11 again: there at 21
     */
    tier.for_s = 1;
    tier.leave_after_s = 4;
    tier.arrive_after = constant(10);
    calls[1].patience_queue_s = calls[2].patience_queue_s = 3;
    run_calls(s, calls, 5, "SQQSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 12.5 + 23.0) / 3.0);
}

/* By the connect rate of windows of 10 s, whatever waits: two are lost in the second, and nobody is
 * answered in it; none is lost, or answered, in the third. */
static void test_reserves_by_connect_rate(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_reserve tier = {.n_agents = 1,
                        .ignores_queue = true,
                        .connect_rate_below = 0.5,
                        .window_s = 10.0,
                        .arrive_after = constant(3),
                        .queue_below = 10,
                        .leave_after_s = 4};
    s->reserves = &tier;
    s->n_reserves = 1;
    room.agents[0].n_agents = 1;
    rig_planned_call calls[] = {call_at(0), call_at(11), call_at(12)};
    calls[0].talk_s = 100;
    calls[1].patience_queue_s = calls[2].patience_queue_s = 3;
    /* called at 20, there at 23; at 30 the window tells nothing: leaves at 34 */
    run_calls(s, calls, 3, "SQQ", &run);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - (60.0 + 11.0) / 60.0) < 1e-12);
    /* for a window, or more: the next one tells nothing, and nobody comes */
    for (tier.for_s = 10; tier.for_s <= 11; tier.for_s++) {
        run_calls(s, calls, 3, "SQQ", &run);
        assert_true(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] == 1.0);
    }
    /* one of three answered is more than 0.3; the one who gives up last is lost in it */
    tier.for_s = 0;
    tier.connect_rate_below = 0.3;
    calls[0].talk_s = 9;
    calls[1].patience_queue_s = calls[2].patience_queue_s = 100;
    run_calls(s, calls, 3, "SSS", &run);
    assert_true(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] == 1.0);
}

/* The only agent is away from 20 to 40: called for 25, there at 28. He is back at 40: sent home at
 * 44. */
static void test_reserves_by_agents(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_reserve tier = {.n_agents = 1,
                        .ignores_queue = true,
                        .agents_below = 1,
                        .for_s = 5,
                        .arrive_after = constant(3),
                        .leave_after_s = 4};
    rig_fault fault = {.kind = RIG_FAULT_AGENTS, .at_s = 20, .for_s = 20, .p_gone = 1.0};
    s->reserves = &tier;
    s->n_reserves = 1;
    s->faults = &fault;
    s->n_faults = 1;
    room.agents[0].n_agents = 1;
    rig_planned_call calls[] = {call_at(0), call_at(25)};
    run_calls(s, calls, 2, "SS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 28.0 - 25.0 + 1.0);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - (40.0 + 16.0) / 60.0) < 1e-12);
    /* back at the very instant: nobody is called */
    tier.for_s = 20;
    run_calls(s, calls, 2, "SS", &run);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - 40.0 / 60.0) < 1e-12);
    tier.for_s = 5;
    /* too few from the first instant on: called at 5, there at 8, to the end */
    s->n_faults = 0;
    tier.agents_below = 2;
    run_calls(s, calls, 2, "SS", &run);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - (60.0 + 52.0) / 60.0) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reserves),
        cmocka_unit_test(test_reserves_come_and_go),
        cmocka_unit_test(test_reserves_by_connect_rate),
        cmocka_unit_test(test_reserves_by_agents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
