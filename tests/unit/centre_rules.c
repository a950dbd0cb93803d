/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other rules by which a centre may give callers to agents: on calls made by hand, every time
 * is worked out in a comment. */
#include "tests/unit/centre_run.h"

#define MOST 4

typedef struct outcome {
    rig_outcome fates[MOST];
    rig_call_instants instants[MOST];
    double occupancy, n_call_backs, n_called_back, call_backs_end_s, served_in_the_end;
} outcome;

static void simulate(const rig_scenario *scenario, rig_planned_call *calls, size_t n,
                     const rig_centre_rules *rules, outcome *o)
{
    rig_centre *centre = NULL;
    rig_schedule schedule = {.calls = calls, .n = n};
    rig_centre_input input = {.schedule = &schedule, .replication = 1, .rules = rules};
    rig_error err = {.text = ""};
    assert_int_equal(rig_centre_new(scenario, &centre), RIG_OK);
    for (int again = 0; again < 2; again++) { /* a simulator leaves nothing behind */
        rig_centre_output output = {.fates = o->fates, .instants = o->instants};
        if (rig_centre_simulate(centre, &input, &output, &err) != RIG_OK)
            fail_msg("%s", err.text);
        assert_true(rig_centre_is_idle(centre));
        assert_true(rig_tally_conserved(&output.tally, output.tally.n_offered));
        o->occupancy = output.metrics[RIG_METRIC_OCCUPANCY];
        o->n_call_backs = output.metrics[RIG_METRIC_N_CALL_BACKS];
        o->served_in_the_end = output.metrics[RIG_METRIC_SERVED_IN_THE_END];
        o->n_called_back = output.metrics[RIG_METRIC_N_CALLED_BACK];
        o->call_backs_end_s = output.metrics[RIG_METRIC_CALL_BACKS_END_S];
    }
    rig_centre_free(centre);
}

static void expect_s(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%.9g; expected %.9g", value, expected);
}

/* Three agents; phones ring for 4 s, talks last 10 s. */
static rig_scenario *three_agents(small_scenario *room)
{
    rig_scenario *s = small_scenario_make(room);
    room->agents[0].n_agents = 3;
    return s;
}

static rig_planned_call rings_4_s(double t_s)
{
    rig_planned_call call = call_at(t_s);
    for (size_t k = 0; k < sizeof call.ring_s / sizeof *call.ring_s; k++)
        call.ring_s[k] = 4;
    return call;
}

static void test_no_rule_is_none(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    static const rig_centre_rules none;
    outcome with, without;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1), rings_4_s(2), rings_4_s(3)};
    simulate(s, calls, 4, NULL, &without);
    simulate(s, calls, 4, &none, &with);
    expect_s(without.instants[1].ring_s, 1); /* each at his instant, .. */
    expect_s(without.instants[2].ring_s, 2);
    expect_s(without.instants[3].ring_s, 14); /* ..the fourth when the first has talked */
    for (int i = 0; i < 4; i++)
        expect_s(with.instants[i].ring_s, without.instants[i].ring_s);
}

static void test_one_at_a_time(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1), rings_4_s(2)};
    simulate(s, calls, 3, &(rig_centre_rules){.one_at_a_time = true}, &o);
    expect_s(o.instants[0].ring_s, 0);
    expect_s(o.instants[1].ring_s, 4); /* the first has been answered */
    expect_s(o.instants[2].ring_s, 8);
    /* one who hangs up while he is rung makes room, too */
    calls[0].patience_ringing_s = 1.5;
    simulate(s, calls, 3, &(rig_centre_rules){.one_at_a_time = true}, &o);
    assert_int_equal(o.fates[0], RIG_OUTCOME_LOST_AGENT);
    expect_s(o.instants[1].ring_s, 1.5);
    expect_s(o.instants[2].ring_s, 5.5);
    /* and who is rung in vain is rung again, at once, before the others */
    calls[0].patience_ringing_s = 1000;
    room.agents[0].ring_timeout_s = 3;
    calls[0].ring_s[1] = 1;
    calls[1].ring_s[0] = calls[2].ring_s[0] = 1;
    simulate(s, calls, 3, &(rig_centre_rules){.one_at_a_time = true}, &o);
    expect_s(o.instants[0].ring_s, 3);
    expect_s(o.instants[1].ring_s, 4);
    expect_s(o.instants[2].ring_s, 5);
}

static void test_ring_all(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1), rings_4_s(2)};
    simulate(s, calls, 3, &(rig_centre_rules){.ring_all = true}, &o);
    expect_s(o.instants[1].ring_s, 4); /* all three phones ring for the first; then two are free */
    expect_s(o.instants[2].ring_s, 4); /* they are free one after the other */
    /* ringing 3 x 4, 4 and 4 s, talks 3 x 10 s, of 3 x 60 s */
    expect_s(o.occupancy, (20.0 + 30.0) / 180.0);
    /* none is answered in time: all rest */
    room.agents[0].ring_timeout_s = 3;
    room.agents[0].rest_s = 2;
    calls[0].patience_queue_s = 3.5;
    calls[1].ring_s[0] = 1;
    simulate(s, calls, 2, &(rig_centre_rules){.ring_all = true}, &o);
    assert_int_equal(o.fates[0], RIG_OUTCOME_LOST_QUEUE);
    expect_s(o.instants[1].ring_s, 5);
}

/* All three phones ring for the first from 0 to 4; who is rung first, or all but one, goes at 2:
 * the others ring on, and rest for no call. */
static void test_ring_all_goes_on(void **state)
{
    (void)state;
    for (uint32_t n_gone = 1; n_gone <= 3; n_gone++) {
        small_scenario room;
        rig_scenario *s = three_agents(&room);
        rig_fault fault = {.kind = RIG_FAULT_AGENTS,
                           .p_gone = n_gone / 3.0,
                           .at_s = 2,
                           .for_s = 10,
                           .cuts_calls = true};
        outcome o;
        rig_planned_call calls[] = {rings_4_s(0), rings_4_s(5)};
        s->queue.routing = RIG_ROUTING_RING_ALL;
        room.agents[0].rest_s = 100;
        s->faults = &fault;
        s->n_faults = 1;
        simulate(s, calls, 2, NULL, &o);
        expect_s(o.instants[0].talk_s, n_gone < 3 ? 4 : 16); /* all are back at 12 */
        expect_s(o.instants[1].ring_s, n_gone == 1 ? 5 : 12);
    }
}

/* Each phone rings as long as the next ringing of the caller would: the first to answer has him. */
static void test_ring_all_ends_with_the_first_answer(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1)};
    calls[0].ring_s[1] = 2.5;
    calls[0].ring_s[2] = 3;
    calls[0].ring_s[3] = 0.5; /* of a fourth phone: there is none */
    simulate(s, calls, 2, &(rig_centre_rules){.ring_all = true}, &o);
    expect_s(o.instants[0].talk_s, 2.5);
    expect_s(o.instants[1].ring_s, 2.5);
    /* those in vain count, too: it is rung again with the fourth time */
    room.agents[0].ring_timeout_s = 2;
    room.agents[0].rest_s = 0;
    simulate(s, calls, 1, &(rig_centre_rules){.ring_all = true}, &o);
    expect_s(o.instants[0].ring_s, 2);
    expect_s(o.instants[0].talk_s, 2.5);
}

static void test_looks(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    const rig_centre_rules rules = {.look_every_s = 6};
    outcome o;
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(3)};
    room.agents[0].n_agents = 1;
    room.agents[0].wrap_up = constant(0);
    simulate(s, calls, 3, &rules, &o);
    expect_s(o.instants[0].ring_s, 0);  /* nobody is before him: at once; he talks until 11 */
    expect_s(o.instants[1].ring_s, 13); /* who finds the queue empty is looked at: 1, 7, 13 */
    expect_s(o.instants[2].ring_s, 25); /* 19; the agent is free at 24 */
    /* an agent who is free when one enters behind another is not given to him, either */
    calls[0].talk_s = 1;
    simulate(s, calls, 3, &rules, &o);
    expect_s(o.instants[1].ring_s, 7);
    calls[2].t_s = 4;
    simulate(s, calls, 3, &rules, &o);
    expect_s(o.instants[1].ring_s, 7);
    expect_s(o.instants[2].ring_s, 19); /* 13 is too early: he talks until 18 */
    /* who leaves meanwhile leaves no look behind: the queue is empty, the next one is looked at */
    calls[1].patience_queue_s = 2;
    simulate(s, calls, 3, &rules, &o);
    assert_int_equal(o.fates[1], RIG_OUTCOME_LOST_QUEUE);
    expect_s(o.instants[2].ring_s, 4);
    simulate(s, calls, 4, NULL, &o);
    expect_s(o.instants[1].ring_s, 2);
}

static void test_pushes_out(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    rig_caller_class classes[] = {{.name = (char *)"gold", .p_share = 0.5, .priority = 9},
                                  {.name = (char *)"any", .p_share = 0.5, .priority = 1}};
    const rig_centre_rules rules = {.pushes_out = true};
    outcome o;
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(3)};
    room.agents[0].n_agents = 1;
    s->callers.classes = classes;
    s->callers.n_classes = 2;
    s->queue.capacity = 2;
    calls[0].caller_class = calls[1].caller_class = calls[2].caller_class = 1;
    simulate(s, calls, 4, NULL, &o);
    assert_int_equal(o.fates[3], RIG_OUTCOME_LOST_QUEUE);
    simulate(s, calls, 4, &rules, &o);
    assert_int_equal(o.fates[3], RIG_OUTCOME_SERVED);
    assert_int_equal(o.fates[2], RIG_OUTCOME_LOST_QUEUE); /* the last of the others */
    expect_s(o.instants[2].end_s, 3);
    assert_int_equal(o.fates[1], RIG_OUTCOME_SERVED);
    /* not one of the same priority, and nobody while there is room */
    calls[3].caller_class = 1;
    simulate(s, calls, 4, &rules, &o);
    assert_int_equal(o.fates[3], RIG_OUTCOME_LOST_QUEUE);
    calls[3].caller_class = 0;
    s->queue.capacity = 3;
    simulate(s, calls, 4, &rules, &o);
    assert_int_equal(o.fates[2], RIG_OUTCOME_SERVED);
}

static void test_ringing_takes_places(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1), rings_4_s(2), rings_4_s(5)};
    s->queue.capacity = 2;
    simulate(s, calls, 4, &(rig_centre_rules){.ringing_takes_places = true}, &o);
    assert_int_equal(o.fates[1], RIG_OUTCOME_SERVED);
    assert_int_equal(o.fates[2], RIG_OUTCOME_LOST_QUEUE); /* two ring; an agent is idle */
    assert_int_equal(o.fates[3], RIG_OUTCOME_SERVED);
    expect_s(o.instants[2].end_s, 2);
    simulate(s, calls, 4, NULL, &o);
    assert_int_equal(o.fates[2], RIG_OUTCOME_SERVED);
}

static void test_timeout_cuts_ringing(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1)};
    room.agents[0].n_agents = 1;
    s->queue.timeout_s = 2.5;
    calls[1].t_s = 2.6;
    calls[1].ring_s[0] = 1;
    simulate(s, calls, 2, &(rig_centre_rules){.timeout_cuts_ringing = true}, &o);
    assert_int_equal(o.fates[0], RIG_OUTCOME_LOST_QUEUE);
    expect_s(o.instants[0].end_s, 2.5);
    expect_s(o.instants[1].ring_s, 2.6); /* the agent is free again */
    simulate(s, calls, 1, NULL, &o);
    assert_int_equal(o.fates[0], RIG_OUTCOME_SERVED);
}

static void test_callers_look_by_themselves(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1.7), rings_4_s(2.2), rings_4_s(14.1)};
    room.agents[0].n_agents = 1;
    s->queue.poll_s = 1;
    simulate(s, calls, 4, NULL, &o);
    expect_s(o.instants[0].ring_s, 0);    /* at once, on entering */
    expect_s(o.instants[1].ring_s, 14.7); /* idle from 14.0 on; others look before, out of turn */
    expect_s(o.instants[2].ring_s, 29.2); /* free at 28.7 */
    expect_s(o.instants[3].ring_s, 44.1); /* at 14.1 the agent was idle, and not for him; 43.2 */
    /* the first of two gives up before he looks */
    calls[1].patience_queue_s = 12.8;
    simulate(s, calls, 3, NULL, &o);
    assert_int_equal(o.fates[1], RIG_OUTCOME_LOST_QUEUE);
    expect_s(o.instants[1].end_s, 14.5);
    expect_s(o.instants[2].ring_s, 15.2);
    /* two agents, idle from 14.0 and 15.7 on: of the second for the third, who looks each second */
    calls[1].patience_queue_s = 1000;
    room.agents[0].n_agents = 2;
    calls[3].t_s = 2.3;
    simulate(s, calls, 4, NULL, &o);
    expect_s(o.instants[1].ring_s, 1.7);
    expect_s(o.instants[2].ring_s, 14.2);
    expect_s(o.instants[3].ring_s, 16.3);
}

/* Where one is served at a time, or all phones ring for one, it is the turn of the first in line
 * alone, though two agents are idle and the second looks before him. */
static void test_the_first_in_line_looks_alone(void **state)
{
    (void)state;
    for (int rule = 0; rule < 3; rule++) {
        small_scenario room;
        rig_scenario *s = three_agents(&room);
        outcome o;
        rig_planned_call calls[] = {rings_4_s(0), rings_4_s(5), rings_4_s(6.9), rings_4_s(7.4)};
        calls[0].talk_s += 5; /* both agents are idle from 19 on */
        room.agents[0].n_agents = 2;
        s->queue.poll_s = 1;
        s->queue.one_at_a_time = rule == 1;
        s->queue.routing = rule == 2 ? RIG_ROUTING_RING_ALL : s->queue.routing;
        simulate(s, calls, 4, NULL, &o);
        expect_s(o.instants[1].ring_s, 5);
        expect_s(o.instants[2].ring_s, 19.9);
        expect_s(o.instants[3].ring_s, rule == 0 ? 19.4 : 24.4); /* the other is answered at 23.9 */
    }
}

static void test_who_is_rung_in_vain_looks_again_later(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1.5)};
    room.agents[0].n_agents = 1;
    room.agents[0].ring_timeout_s = 3;
    room.agents[0].rest_s = 0;
    calls[0].ring_s[1] = calls[1].ring_s[0] = 1;
    s->queue.poll_s = 1;
    s->queue.retry_s = 2;
    simulate(s, calls, 2, NULL, &o);
    expect_s(o.instants[0].ring_s, 5); /* in vain until 3; the other looks at 3.5, out of turn */
    expect_s(o.instants[1].ring_s, 16.5);
    calls[0].patience_queue_s = 4;
    simulate(s, calls, 2, NULL, &o);
    assert_int_equal(o.fates[0], RIG_OUTCOME_LOST_QUEUE);
    expect_s(o.instants[0].end_s, 4);
    expect_s(o.instants[1].ring_s, 4.5);
}

/* An idle agent is for the caller who waits, and has not looked yet: not for those who are to be
 * called back, whose turn is later. */
static void test_call_backs_beside_callers_who_look(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    rig_planned_call calls[] = {rings_4_s(0), rings_4_s(1), rings_4_s(2)};
    room.agents[0].n_agents = 1;
    s->queue.poll_s = 10;
    s->limits.max_outside = 100;
    s->call_back = (rig_call_back){.idle_agents = 1,
                                   .n_attempts = 1,
                                   .p_reached = 1,
                                   .answer = constant(3),
                                   .no_answer_s = 20};
    for (int keeps = 0; keeps < 2; keeps++) {
        s->queue.keep_place = (rig_keep_place){
            .p_accept = keeps, .min_wait_s = 15, .max_places = 9}; /* the second would wait 10 s */
        s->queue.deflection = (rig_deflection){.p_accept = 1 - keeps, .queue_from = 1};
        simulate(s, calls, 3, NULL, &o);
        expect_s(o.instants[1].ring_s, 21); /* idle from 14 on; he looks at 11 and 21 */
        assert_int_equal(o.fates[1], RIG_OUTCOME_SERVED);
        assert_int_equal(o.fates[2], RIG_OUTCOME_DEFLECTED);
        assert_true(o.n_called_back == 1.0);
    }
    /* two agents: the other one is for whom is called back, as soon as the caller has looked */
    room.agents[0].n_agents = 2;
    calls[2] = rings_4_s(0);
    rig_planned_call four[] = {calls[0], calls[2], calls[1], rings_4_s(2)};
    s->queue.keep_place.min_wait_s = 7.5; /* 5 s for the third, 10 for the fourth */
    simulate(s, four, 4, NULL, &o);
    expect_s(o.instants[2].ring_s, 21);
    assert_int_equal(o.fates[3], RIG_OUTCOME_DEFLECTED);
    expect_s(o.call_backs_end_s, 34); /* dialled at 21, answered at 24 */
}

/* Two are promised a call back at 1 and 2; it takes 18 s, from 11 on. */
static void test_call_backs(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = three_agents(&room);
    outcome o;
    const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    rig_planned_call own[3];
    memcpy(own, calls, sizeof own);
    room.agents[0].n_agents = 1;
    s->limits.max_outside = 10;
    s->queue.deflection.p_accept = 1;
    s->call_back = (rig_call_back){.start_s = 5,
                                   .idle_agents = 1,
                                   .n_attempts = 3,
                                   .p_reached = 1,
                                   .answer = constant(8),
                                   .no_answer_s = 25,
                                   .retry_delay = constant(100)};
    simulate(s, own, 3, NULL, &o);
    assert_true(o.n_call_backs == 2.0 && o.served_in_the_end == 1.0);
    expect_s(o.call_backs_end_s, 47);
    simulate(s, own, 3, &(rig_centre_rules){.p_forgotten = 1.0}, &o);
    assert_true(o.n_call_backs == 0.0 && o.n_called_back == 0.0);
    expect_s(o.served_in_the_end, 1.0 / 3.0);
    /* each of them once more, in the order of the first time; they were served before */
    simulate(s, own, 3, &(rig_centre_rules){.p_called_again = 1.0}, &o);
    assert_true(o.n_call_backs == 4.0 && o.n_called_back == 2.0 && o.served_in_the_end == 1.0);
    expect_s(o.call_backs_end_s, 83);
    /* however few are idle */
    s->call_back.idle_agents = 2;
    simulate(s, own, 3, NULL, &o);
    assert_true(o.n_call_backs == 0.0);
    simulate(s, own, 3, &(rig_centre_rules){.call_backs_first = true}, &o);
    assert_true(o.n_call_backs == 2.0);
    expect_s(o.call_backs_end_s, 47);
    /* the third waits, and the second is called back before that one is served */
    s->queue.deflection.p_accept = 0.5;
    const rig_callers_source from = {.scenario = s, .replication = 1, .planned = calls};
    while (!rig_callers_takes_promise(&from, 1, 0) || rig_callers_takes_promise(&from, 2, 0))
        s->seed++;
    simulate(s, own, 3, NULL, &o);
    expect_s(o.instants[2].ring_s, 11);
    simulate(s, own, 3, &(rig_centre_rules){.call_backs_first = true}, &o);
    expect_s(o.instants[2].ring_s, 29);
    assert_int_equal(o.fates[1], RIG_OUTCOME_DEFLECTED);
    s->call_back.start_s = 1000; /* nobody before the time, all the same */
    simulate(s, own, 3, &(rig_centre_rules){.call_backs_first = true}, &o);
    expect_s(o.instants[2].ring_s, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_rule_is_none),
        cmocka_unit_test(test_one_at_a_time),
        cmocka_unit_test(test_ring_all),
        cmocka_unit_test(test_ring_all_goes_on),
        cmocka_unit_test(test_ring_all_ends_with_the_first_answer),
        cmocka_unit_test(test_looks),
        cmocka_unit_test(test_pushes_out),
        cmocka_unit_test(test_ringing_takes_places),
        cmocka_unit_test(test_timeout_cuts_ringing),
        cmocka_unit_test(test_callers_look_by_themselves),
        cmocka_unit_test(test_who_is_rung_in_vain_looks_again_later),
        cmocka_unit_test(test_the_first_in_line_looks_alone),
        cmocka_unit_test(test_call_backs_beside_callers_who_look),
        cmocka_unit_test(test_call_backs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
