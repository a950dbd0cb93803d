/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A queue that is looked at now and then, on calls made by hand: several groups of agents, and kept
 * places. */
#include "tests/unit/centre_run.h"

/* Two groups of one agent each, who is rung for 1 s. */
typedef struct two_groups {
    small_scenario room;
    rig_agent_group agents[2];
    rig_choice choices[2];
    uint8_t level[2][2];
} two_groups;

static rig_scenario *make_two(two_groups *two)
{
    *two = (two_groups){0};
    rig_scenario *s = small_scenario_make(&two->room);
    for (int i = 0; i < 2; i++) {
        two->agents[i] = two->room.agents[0];
        two->agents[i].n_agents = 1;
        two->agents[i].level = two->level[i];
        two->choices[i] = (rig_choice){.p_share = 0.5, .skill = (uint32_t)i};
    }
    s->agents = two->agents;
    s->ivr.choices = two->choices;
    s->n_agents = s->n_skills = s->ivr.n_choices = 2;
    s->queue.look_every_s = 4;
    return s;
}

/* It is looked at at 1 (the second enters, and waits), at 5, 9, 13, ..: an idle agent of one skill
 * does not keep those of the other from theirs. */
static void test_an_idle_agent_of_another_skill(void **state)
{
    (void)state;
    for (int skill = 0; skill < 2; skill++) {
        two_groups two;
        hand_run run;
        rig_scenario *s = make_two(&two);
        two.level[0][0] = two.level[1][1] = 1;
        find_seed(s, skill == 0 ? "000" : "111", rig_callers_choice);
        /* rung at 0; the second at 13, when the first has talked until 11; the third at 25 */
        const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
        two.agents[1].ring = constant(1);
        run_calls(s, calls, 3, "SSS", &run);
        assert_true(run.groups[skill][RIG_GROUP_N_TALKS] == 3);
        expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 13.0 + 24.0) / 3.0);
    }
}

/* Both agents have been idle since before 13, the second for longer: he takes who entered first, of
 * whatever skill; the first takes the other. */
static void test_two_who_are_idle(void **state)
{
    (void)state;
    two_groups two;
    hand_run run;
    rig_scenario *s = make_two(&two);
    two.level[0][0] = two.level[0][1] = two.level[1][0] = two.level[1][1] = 1;
    two.agents[1].ring = constant(1);
    find_seed(s, "0110", rig_callers_choice);
    /* rung at 0, talk until 12.5 and 11; then at 13: the second talks for 20 s from 14 on, the
     * first for 10 s, and takes the last, who enters at 25, at once */
    rig_planned_call calls[] = {call_at(0), call_at(0), call_at(1), call_at(2), call_at(25)};
    calls[0].talk_s = 11.5;
    calls[2].talk_s = 20;
    run_calls(s, calls, 5, "SSSSS", &run);
    assert_true(run.groups[0][RIG_GROUP_N_TALKS] == 3 && run.groups[1][RIG_GROUP_N_TALKS] == 2);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 1.0 + 13.0 + 12.0 + 1.0) / 5.0);
}

/* The second waits from 1 on for the first agent; the third, who enters at 2, only for the look at
 * 5, as the second agent is idle for him: he is not deflected nor turned away, and told nothing. */
static void test_a_free_agent_goes_before_all_rules(void **state)
{
    (void)state;
    for (int what = 0; what < 3; what++) {
        two_groups two;
        hand_run run;
        rig_scenario *s = make_two(&two);
        rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
        two.level[0][0] = two.level[1][1] = 1;
        two.agents[1].ring = constant(1);
        find_seed(s, "001", rig_callers_choice);
        if (what == 0) {
            s->queue.deflection = (rig_deflection){.p_accept = 1, .queue_from = 1};
        } else if (what == 1) {
            s->queue.capacity = 1;
        } else {
            s->queue.announcement = RIG_ANNOUNCE_POSITION;
            s->queue.seconds_per_place = 2000;
            calls[1].patience_queue_s = 3000;
        }
        run_calls(s, calls, 3, "SSS", &run);
        expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 13.0 + 4.0) / 3.0);
    }
}

/* So it is where one caller at a time is given an agent: the second waits for the first's ringing
 * alone; the third, behind him, is told, and leaves. */
static void test_a_free_agent_and_one_at_a_time(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    const rig_planned_call calls[] = {call_at(0), call_at(0.2), call_at(0.5)};
    s->queue.one_at_a_time = true;
    s->queue.announcement = RIG_ANNOUNCE_POSITION;
    s->queue.seconds_per_place = 600;
    run_calls(s, calls, 3, "SSQ", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 1.8);
    expect_metric(&run, RIG_METRIC_ANNOUNCED_WAIT_MEAN_S, 1200);
}

/* The first is looked at at 0, and rung in vain until 3: as nobody was left waiting, he is looked
 * at at once, and the other agent talks with him from 4 to 14. The second is rung in vain from 5 to
 * 8, and left waiting then; the third comes at 8.5; both are looked at at 18, though an agent is
 * idle from 9 on. */
static void test_who_is_rung_in_vain(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    rig_planned_call calls[] = {call_at(0), call_at(5), call_at(8.5)};
    room.agents[0].n_agents = 2;
    room.agents[0].ring_timeout_s = 3;
    s->queue.look_every_s = 10;
    calls[0].ring_s[0] = calls[1].ring_s[0] = 100;
    run_calls(s, calls, 3, "SSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (4.0 + 14.0 + 10.5) / 3.0);
}

/* The third is looked at when he enters, at 2, and lost at 2.5; a place alone does not wait for the
 * next look. */
static void test_a_place_alone(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = small_scenario_make(&room);
    room.agents[0].n_agents = 1;
    s->limits.max_outside = 10;
    s->call_back = (rig_call_back){.start_s = 60,
                                   .idle_agents = 1,
                                   .n_attempts = 1,
                                   .p_reached = 1,
                                   .answer = constant(8),
                                   .no_answer_s = 25};
    s->queue.keep_place = (rig_keep_place){.p_accept = 1, .max_places = 1};
    s->queue.look_every_s = 100;
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    calls[2].patience_queue_s = 0.5;
    run_calls(s, calls, 3, "SDQ", &run);
    expect_metric(&run, RIG_METRIC_CALL_BACK_DELAY_MEAN_S, 10); /* his turn at 11 */
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 29);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_idle_agent_of_another_skill),
        cmocka_unit_test(test_two_who_are_idle),
        cmocka_unit_test(test_a_free_agent_goes_before_all_rules),
        cmocka_unit_test(test_a_free_agent_and_one_at_a_time),
        cmocka_unit_test(test_who_is_rung_in_vain),
        cmocka_unit_test(test_a_place_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
