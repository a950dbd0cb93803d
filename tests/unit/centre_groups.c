/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carriers, skills, routing, shifts and faults, on calls made by hand. */
#include "tests/unit/centre_run.h"

/* Two carriers and two groups of agents, of one circuit and one agent each. */
typedef struct two_of_each {
    small_scenario room;
    rig_trunk_group trunks[2];
    uint32_t overflow[1];
    rig_agent_group agents[2];
    rig_choice choices[2];
    uint8_t level[2][2];
} two_of_each;

static rig_scenario *make_two(two_of_each *two)
{
    *two = (two_of_each){.overflow = {1}};
    rig_scenario *s = small_scenario_make(&two->room);
    two->trunks[0] = (rig_trunk_group){.n_circuits = 1, .overflow = two->overflow, .n_overflow = 1};
    two->trunks[1] = (rig_trunk_group){.n_circuits = 1};
    for (int i = 0; i < 2; i++) {
        two->agents[i] = two->room.agents[0];
        two->agents[i].n_agents = 1;
        two->agents[i].ring = constant(1);
        two->agents[i].level = two->level[i];
        two->choices[i] = (rig_choice){.p_share = 0.5, .skill = (uint32_t)i};
    }
    return s;
}

static void use_trunks(two_of_each *two)
{
    two->room.scenario.trunks = two->trunks;
    two->room.scenario.n_trunks = 2;
}

static void use_agents(two_of_each *two, size_t n_skills)
{
    two->room.scenario.agents = two->agents;
    two->room.scenario.n_agents = 2;
    two->room.scenario.n_skills = n_skills;
    two->room.scenario.ivr.choices = two->choices;
    two->room.scenario.ivr.n_choices = n_skills;
}

static void test_hunting(void **state)
{
    (void)state;
    two_of_each two;
    hand_run run;
    rig_scenario *s = make_two(&two);
    use_trunks(&two);
    const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(11.5)};
    run_calls(s, calls, 4, "SSTS", &run); /* the last by the first group again */
    assert_true(run.trunks[0][RIG_TRUNK_N_OFFERED] == 4 && run.trunks[1][RIG_TRUNK_N_OFFERED] == 0);
    assert_true(run.trunks[1][RIG_TRUNK_N_OVERFLOWED_IN] == 1);
    assert_true(run.trunks[0][RIG_TRUNK_N_REFUSED] == 1);
    assert_true(fabs(run.trunks[0][RIG_TRUNK_MEAN_CIRCUITS] - 22.0 / 60.0) < 1e-12);
    assert_true(fabs(run.trunks[1][RIG_TRUNK_MEAN_CIRCUITS] - 11.0 / 60.0) < 1e-12);
    expect_metric(&run, RIG_METRIC_MEAN_CIRCUITS, 33.0 / 60.0);
    expect_metric(&run, RIG_METRIC_PEAK_CIRCUITS, 2);
    expect_metric(&run, RIG_METRIC_UTILISATION, 33.0 / 60.0 / 2.0); /* of one circuit each */
    expect_metric(&run, RIG_METRIC_PEAK_UTILISATION, 1.0);
}

static void test_shares_and_spare_circuits(void **state)
{
    (void)state;
    two_of_each two;
    hand_run run;
    rig_scenario *s = make_two(&two);
    use_trunks(&two);
    two.trunks[0].p_share = two.trunks[1].p_share = 0.5;
    two.trunks[1].n_circuits = 2;
    two.trunks[1].p_spare = 0.5;
    find_seed(s, "0001", trunk_at_first);
    /* the second overflows: 2 free > 1 spare; the third must not: 1 free; it is the fourth's */
    const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(3)};
    run_calls(s, calls, 4, "SSTS", &run);
    assert_true(run.trunks[0][RIG_TRUNK_N_OFFERED] == 3 && run.trunks[1][RIG_TRUNK_N_OFFERED] == 1);
    assert_true(run.trunks[1][RIG_TRUNK_PEAK_CIRCUITS] == 2);
    two.trunks[1].p_spare = 0.49; /* floor(0.98) = 0 */
    run_calls(s, calls, 4, "SSST", &run);
    two.trunks[0].n_overflow = 0;
    run_calls(s, calls, 4, "STTS", &run);
}

static void test_skills_and_overflow_in_time(void **state)
{
    (void)state;
    two_of_each two;
    hand_run run;
    rig_scenario *s = make_two(&two);
    rig_queue_overflow overflow = {.skill = 0, .after_s = 3, .group = 1};
    use_agents(&two, 2);
    two.level[0][0] = two.level[1][1] = 1;
    find_seed(s, "001", rig_callers_choice);
    /* the second call needs the first group, busy until 11; the second group has the third's skill
     */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    calls[1].patience_queue_s = 5;
    run_calls(s, calls, 3, "SQS", &run);
    assert_true(run.groups[0][RIG_GROUP_N_TALKS] == 1 && run.groups[1][RIG_GROUP_N_TALKS] == 1);
    /* overflow at 4 finds the second group idle: rung 4, answered 5; the third waits until 15 */
    s->queue.overflow = &overflow;
    s->queue.n_overflow = 1;
    calls[2].t_s = 4.5;
    run_calls(s, calls, 3, "SSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 4.0 + 11.5) / 3.0);
    /* the second group has a talk of its own, also for whom it helps: until 45, not until 15 */
    two.agents[1].talk = constant(40);
    run_calls(s, calls, 3, "SSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 4.0 + 41.5) / 3.0);
    expect_metric(&run, RIG_METRIC_TALK_MEAN_S, (10.0 + 40.0 + 40.0) / 3.0);
    two.agents[1].talk = constant(0);
    /* or busy until 13, and takes it then: its own skill's call came at 2, later */
    calls[0].talk_s = 100;
    calls[1].patience_queue_s = 1000;
    calls[2].t_s = 2;
    run_calls(s, calls, 3, "SSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 13);
    /* not before its time: idle from 13 on, it takes the call at 1 + 20 */
    overflow.after_s = 20;
    run_calls(s, calls, 3, "SSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 21);
}

static void test_an_agent_takes_the_longest_wait_of_his_skills(void **state)
{
    (void)state;
    two_of_each two;
    hand_run run;
    rig_scenario *s = make_two(&two);
    use_agents(&two, 2);
    s->n_agents = 1;
    two.level[0][0] = two.level[0][1] = 1;
    find_seed(s, "0101", rig_callers_choice);
    /* served at 1, 12, 23, 34 in the order of arrival, whatever the skill */
    const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(3)};
    run_calls(s, calls, 4, "SSSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 31);
    assert_true(fabs(run.output.metrics[RIG_METRIC_ANSWERED_WAIT_P50_S] - 11.0) < 11.0 * 0.0005);
}

static void test_routing(void **state)
{
    (void)state;
    /* the first agent talks until 31, the second until 16; who takes the call at 40? */
    static const struct {
        rig_routing routing;
        uint8_t level[2];
        double n_talks[2];
    } rows[] = {{RIG_ROUTING_LONGEST_IDLE, {5, 1}, {1, 2}},
                {RIG_ROUTING_ROUND_ROBIN, {1, 5}, {2, 1}},
                {RIG_ROUTING_MOST_SKILLED, {5, 1}, {2, 1}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        two_of_each two;
        hand_run run;
        rig_scenario *s = make_two(&two);
        use_agents(&two, 1);
        two.level[0][0] = rows[i].level[0];
        two.level[1][0] = rows[i].level[1];
        s->queue.routing = rows[i].routing;
        rig_planned_call calls[] = {call_at(0), call_at(5), call_at(40)};
        calls[0].talk_s = 30;
        run_calls(s, calls, 3, "SSS", &run);
        for (int g = 0; g < 2; g++) {
            if (run.groups[g][RIG_GROUP_N_TALKS] != rows[i].n_talks[g])
                fail_msg("row %zu: group %d: %g talks", i, g, run.groups[g][RIG_GROUP_N_TALKS]);
        }
    }
}

/* Round robin goes through 200 agents in the order of their numbers, and begins again: 401 calls
 * are 200, then 196, then 5. */
static void test_round_robin_goes_round(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_planned_call calls[401];
    rig_outcome fates[401];
    double groups[RIG_N_GROUP_METRICS];
    rig_schedule schedule = {.calls = calls, .n = 401};
    rig_centre_input input = {.schedule = &schedule, .replication = 1};
    rig_centre_output output = {.fates = fates, .groups = groups};
    rig_centre *centre = NULL;
    s->queue.routing = RIG_ROUTING_ROUND_ROBIN;
    room.agents[0].n_agents = 200;
    for (size_t i = 0; i < 401; i++)
        calls[i] = call_at(20.0 * (double)i);
    for (size_t i = 60; i < 64; i++)
        calls[i].talk_s = 1e5; /* these are passed over later; all others are idle each time */
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
    rig_centre_free(centre);
    assert_true(groups[RIG_GROUP_N_TALKS] == 401);
    assert_true(groups[RIG_GROUP_MOST_TALKS] == 3); /* five of them; the others 2 or 1 */
    assert_true(groups[RIG_GROUP_MEAN_TALKS] == 401.0 / 200.0);
}

static void test_shifts(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_shift shifts[] = {{0, 0}, {20, 1}, {25, 0}};
    room.agents[0].n_agents = 1;
    room.agents[0].shifts = shifts;
    room.agents[0].n_shifts = 3;
    /* rung at 20; at 25 he is to leave, and finishes his talk at 31; nobody serves the second */
    rig_planned_call calls[] = {call_at(0), call_at(22)};
    calls[1].patience_queue_s = 20;
    run_calls(s, calls, 2, "SQ", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, 21);
    expect_metric(&run, RIG_METRIC_OCCUPANCY, 1);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - 11.0 / 60.0) < 1e-12);
    assert_true(fabs(run.intervals[2].mean_on_duty - 1.0) < 1e-12);
    assert_true(fabs(run.intervals[3].mean_on_duty - 0.1) < 1e-12);
    assert_true(isnan(run.intervals[1].occupancy));
    /* he leaves idle at 25 and comes back at 40 */
    shifts[0].n_agents = 1;
    shifts[1] = (rig_shift){25, 0};
    shifts[2] = (rig_shift){40, 1};
    calls[1].t_s = 26;
    run_calls(s, calls, 2, "SS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 15);
}

/* Three agents who work for no time at one instant were never busy, whatever the rounding. */
static void test_no_time_is_no_time(void **state)
{
    (void)state;
    for (int i = 1; i < 100; i++) {
        small_scenario room;
        hand_run run;
        rig_scenario *s = small_scenario_make(&room);
        const rig_shift shifts[] = {{0, 0}, {0.1 * (double)i, 3}};
        rig_planned_call calls[] = {call_at(0), call_at(0), call_at(0)};
        room.agents[0].n_agents = 3;
        room.agents[0].shifts = (rig_shift *)shifts;
        room.agents[0].n_shifts = 2;
        for (int k = 0; k < 3; k++)
            calls[k].ring_s[0] = calls[k].talk_s = 0.0;
        run_calls(s, calls, 3, "SSS", &run);
        assert_true(run.output.metrics[RIG_METRIC_OCCUPANCY] == 0.0);
    }
}

static void test_a_carrier_dies(void **state)
{
    (void)state;
    two_of_each two;
    hand_run run;
    rig_scenario *s = make_two(&two);
    rig_fault fault = {
        .kind = RIG_FAULT_TRUNK, .at_s = 5, .for_s = 10, .trunk = 0, .cuts_calls = true};
    use_trunks(&two);
    s->faults = &fault;
    s->n_faults = 1;
    const rig_planned_call calls[] = {call_at(0), call_at(6), call_at(7), call_at(15.5)};
    run_calls(s, calls, 4, "XSTS", &run);
    expect_metric(&run, RIG_METRIC_N_DROPPED, 1);
    assert_true(run.trunks[1][RIG_TRUNK_N_OVERFLOWED_IN] == 1);
    fault.cuts_calls = false; /* the first goes on; its circuit is out of use all the same */
    run_calls(s, calls, 4, "SSTS", &run);
}

static void test_the_ivr_fails(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_fault fault = {.kind = RIG_FAULT_IVR, .at_s = 5, .for_s = 10};
    s->faults = &fault;
    s->n_faults = 1;
    s->ivr.menu = constant(4);
    /* the second is in the menu; the third hears ringing until the repair, the fourth gives up */
    rig_planned_call calls[] = {call_at(0), call_at(4), call_at(6), call_at(7)};
    calls[3].patience_answer_s = 2;
    run_calls(s, calls, 4, "SSSI", &run);
    expect_metric(&run, RIG_METRIC_SETUP_P95_S, 9);
    fault.cuts_calls = true; /* those who hold a port: not the first, who talks */
    run_calls(s, calls, 4, "SXSI", &run);
    s->ivr.n_ports = 1; /* and not one who waits for it */
    calls[0].self_service_s = 1;
    calls[1].t_s = 1.2;
    calls[2].t_s = 1.5;
    run_calls(s, calls, 4, "MXSI", &run);
}

static void test_the_centre_crashes(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_fault fault = {.kind = RIG_FAULT_CENTRE, .at_s = 5, .for_s = 10, .cuts_calls = true};
    s->faults = &fault;
    s->n_faults = 1;
    room.agents[0].n_agents = 2;
    /* talking, ringing, waiting: all are cut; a new one gets no response; then all is well */
    rig_planned_call calls[] = {call_at(0), call_at(4.5), call_at(4.9), call_at(6), call_at(15.5)};
    run_calls(s, calls, 5, "XXXTS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 1); /* agents are free again at once */
    assert_int_equal(run.output.tally.n_ended[RIG_STAGE_QUEUE], 1);
    /* those who are cut redial like those who are lost: at 10 in vain, then at 15 */
    s->callers.redial = (rig_redial){.p_redial = 1, .max_redials = 9, .delay = constant(5)};
    s->limits.max_outside = 10;
    run_calls(s, calls, 5, "XXXTS", &run);
    expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 1);
    expect_metric(&run, RIG_METRIC_N_REDIALS, 3 + 3 + 2);
}

static void test_agents_are_gone(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_fault fault = {
        .kind = RIG_FAULT_AGENTS, .p_gone = 1, .at_s = 5, .for_s = 20, .cuts_calls = true};
    s->faults = &fault;
    s->n_faults = 1;
    room.agents[0].n_agents = 3;
    /* talks, and is cut; rings, and waits until 25; comes meanwhile, and gives up; comes later */
    rig_planned_call calls[] = {call_at(0), call_at(4.5), call_at(6), call_at(26)};
    calls[2].patience_queue_s = 10;
    run_calls(s, calls, 4, "XSQS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 21.5);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - 2.0) < 1e-12);
    fault.cuts_calls = false; /* the first two are finished: at 11 and 15.5 */
    run_calls(s, calls, 4, "SSQS", &run);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - (120.0 + 16.5) / 60.0) < 1e-12);
    /* of three floor(1.5 + 0.5) go, the first two; the third takes the call that rang */
    fault.cuts_calls = true;
    fault.p_gone = 0.5;
    calls[2].patience_queue_s = 1000;
    run_calls(s, calls, 4, "XSSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 11); /* the third, from 6 to 17 */
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - 140.0 / 60.0) < 1e-12);
}

/* One wraps up until 21 and one talks when the lights go out; both are there again at 25. */
static void test_who_is_gone_has_no_wrap_up(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_fault fault = {
        .kind = RIG_FAULT_AGENTS, .p_gone = 1, .at_s = 15, .for_s = 1, .cuts_calls = true};
    s->faults = &fault;
    s->n_faults = 1;
    room.agents[0].n_agents = 2;
    room.agents[0].wrap_up = constant(100);
    rig_planned_call calls[] = {call_at(0), call_at(6), call_at(15.5), call_at(15.5)};
    static const rig_routing routings[] = {RIG_ROUTING_LONGEST_IDLE, RIG_ROUTING_ROUND_ROBIN};
    for (int i = 0; i < 2; i++) {
        s->queue.routing = routings[i];
        run_calls(s, calls, 4, "SXSS", &run);
        expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 1.5);
    }
    fault.has_group = true; /* that of others, which is not there */
    fault.group = 1;
    run_calls(s, calls, 2, "SS", &run);
}

static void test_a_shift_while_agents_are_gone(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_fault fault = {
        .kind = RIG_FAULT_AGENTS, .p_gone = 0.5, .at_s = 5, .for_s = 20, .cuts_calls = true};
    rig_shift shifts[] = {{0, 2}, {10, 4}};
    s->faults = &fault;
    s->n_faults = 1;
    room.agents[0].n_agents = 4;
    room.agents[0].shifts = shifts;
    room.agents[0].n_shifts = 2;
    const rig_planned_call calls[] = {call_at(30)};
    run_calls(s, calls, 1, "S", &run);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] -
                     (2.0 * 5 + 1.0 * 5 + 2.0 * 15 + 4.0 * 35) / 60.0) < 1e-12);
    s->queue.routing = RIG_ROUTING_ROUND_ROBIN;
    run_calls(s, calls, 1, "S", &run);
    assert_true(fabs(run.groups[0][RIG_GROUP_MEAN_ON_DUTY] - 185.0 / 60.0) < 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hunting),
        cmocka_unit_test(test_shares_and_spare_circuits),
        cmocka_unit_test(test_skills_and_overflow_in_time),
        cmocka_unit_test(test_an_agent_takes_the_longest_wait_of_his_skills),
        cmocka_unit_test(test_routing),
        cmocka_unit_test(test_round_robin_goes_round),
        cmocka_unit_test(test_shifts),
        cmocka_unit_test(test_no_time_is_no_time),
        cmocka_unit_test(test_a_carrier_dies),
        cmocka_unit_test(test_the_ivr_fails),
        cmocka_unit_test(test_the_centre_crashes),
        cmocka_unit_test(test_agents_are_gone),
        cmocka_unit_test(test_who_is_gone_has_no_wrap_up),
        cmocka_unit_test(test_a_shift_while_agents_are_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
