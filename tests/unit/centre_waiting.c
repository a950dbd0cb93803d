/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Priority, announcements, deflection, kept places, call backs, emergency script, and what an attempt
 * redraws, on calls made by hand. */
#include "tests/unit/centre_run.h"

/* One agent, who is rung for 1 s and talks for 10. */
static rig_scenario *make_one(small_scenario *room)
{
    rig_scenario *s = small_scenario_make(room);
    room->agents[0].n_agents = 1;
    s->limits.max_outside = 10;
    s->call_back = (rig_call_back){.start_s = 60,
                                   .idle_agents = 1,
                                   .n_attempts = 3,
                                   .p_reached = 1,
                                   .answer = constant(8),
                                   .no_answer_s = 25,
                                   .retry_delay = constant(100)};
    return s;
}

static void test_priority(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    rig_caller_class classes[] = {{.p_share = 0.5, .priority = 0}, {.p_share = 0.5, .priority = 7}};
    s->callers.classes = classes;
    s->callers.n_classes = 2;
    find_seed(s, "001", rig_callers_class);
    /* the third is taken at 11, the second, who came before, would be at 22 */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    calls[1].patience_queue_s = 15;
    run_calls(s, calls, 3, "SQS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 10);
    classes[1].priority = 0;
    run_calls(s, calls, 3, "SSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 21);
}

static void test_an_impatient_caller(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(20)};
    calls[0].patience_queue_s = calls[1].patience_queue_s = calls[2].patience_queue_s = 0;
    calls[2].patience_answer_s = 0;
    run_calls(s, calls, 3, "SQS", &run); /* lost at once, if he must wait */
    expect_metric(&run, RIG_METRIC_PEAK_QUEUE, 1);
    assert_true(run.intervals[0].mean_queue == 0.0);
}

static void test_announcements(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    /* the second is told 10 s; he would be rung at 11, before he gives up. The third is told 20 */
    static const struct {
        rig_announcement announcement;
        double patience_s;
        const char *fates;
        double peak_queue, announced_s, error_s, balk_rate;
    } rows[] = {{RIG_ANNOUNCE_NOTHING, 11.5, "SSS", 2, 0, 0, 0},
                {RIG_ANNOUNCE_POSITION, 9.9, "SQS", 1, 10, 0, 0.5},
                {RIG_ANNOUNCE_POSITION, 10.1, "SSS", 2, 15, 1, 0},
                {RIG_ANNOUNCE_EXPECTED_WAIT, 9.9, "SQS", 1, 10, 0, 0.5},
                {RIG_ANNOUNCE_EXPECTED_WAIT, 10.1, "SSS", 2, 15, 1, 0}};
    s->queue.seconds_per_place = 10;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
        calls[1].patience_queue_s = rows[i].patience_s;
        calls[2].patience_queue_s = 20.5;
        s->queue.announcement = rows[i].announcement;
        run_calls(s, calls, 3, rows[i].fates, &run);
        expect_metric(&run, RIG_METRIC_PEAK_QUEUE, rows[i].peak_queue);
        if (rows[i].announcement == RIG_ANNOUNCE_NOTHING) {
            assert_true(isnan(run.output.metrics[RIG_METRIC_BALK_RATE]));
            continue;
        }
        expect_metric(&run, RIG_METRIC_ANNOUNCED_WAIT_MEAN_S, rows[i].announced_s);
        expect_metric(&run, RIG_METRIC_ANNOUNCEMENT_ERROR_S, rows[i].error_s);
        expect_metric(&run, RIG_METRIC_BALK_RATE, rows[i].balk_rate);
    }
    /* two in front of him: 30 s; with priority over both, he is told 10 s */
    rig_caller_class classes[] = {{.p_share = 0.5, .priority = 0}, {.p_share = 0.5, .priority = 7}};
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(3)};
    calls[3].patience_queue_s = 29;
    run_calls(s, calls, 4, "SSSQ", &run);
    expect_metric(&run, RIG_METRIC_PEAK_QUEUE, 2);
    s->callers.classes = classes;
    s->callers.n_classes = 2;
    find_seed(s, "0001", rig_callers_class);
    run_calls(s, calls, 4, "SSSS", &run);
    find_seed(s, "0110", rig_callers_class);
    run_calls(s, calls, 4, "SSSQ", &run);
    expect_metric(&run, RIG_METRIC_PEAK_QUEUE, 2);
}

static void test_deflection(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    s->queue.deflection = (rig_deflection){.p_accept = 1, .announcement_s = 6};
    /* told 1..7; dialled at 60, reached at 68, talks until 78 */
    rig_planned_call calls[] = {call_at(0), call_at(1)};
    run_calls(s, calls, 2, "SD", &run);
    expect_metric(&run, RIG_METRIC_N_CALL_BACKS, 1);
    expect_metric(&run, RIG_METRIC_N_CALLED_BACK, 1);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 78);
    expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 1);
    expect_metric(&run, RIG_METRIC_CONNECT_RATE, 0.5);
    expect_metric(&run, RIG_METRIC_N_DEFLECTED, 1);
    expect_metric(&run, RIG_METRIC_SERVICE_LEVEL, 0); /* 1 s > 0 s */
    assert_true(run.groups[0][RIG_GROUP_N_TALKS] == 2);
    assert_true(run.intervals[0].n_deflected == 1);
    expect_metric(&run, RIG_METRIC_MEAN_CIRCUITS, (11.0 + 6.0) / 60.0);
    /* told to call later: nobody is called back */
    const uint32_t n_attempts = s->call_back.n_attempts;
    s->call_back.n_attempts = 0;
    run_calls(s, calls, 2, "SD", &run);
    expect_metric(&run, RIG_METRIC_N_CALL_BACKS, 0);
    expect_metric(&run, RIG_METRIC_N_NEVER_REACHED, 0);
    expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 0.5);
    expect_metric(&run, RIG_METRIC_DEFLECTION_RATE, 0.5);
    s->call_back.n_attempts = n_attempts;
    /* patience ends in the announcement */
    calls[1].patience_queue_s = 3;
    run_calls(s, calls, 2, "SQ", &run);
    calls[1].patience_queue_s = 1000;
    /* never reached: 60..85, 185..210, 310..335 */
    s->call_back.p_reached = 0;
    run_calls(s, calls, 2, "SD", &run);
    expect_metric(&run, RIG_METRIC_N_CALL_BACKS, 3);
    expect_metric(&run, RIG_METRIC_N_NEVER_REACHED, 1);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 335);
    expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 0.5);
    /* nobody to spare for it, ever */
    s->call_back.idle_agents = 2;
    run_calls(s, calls, 2, "SD", &run);
    expect_metric(&run, RIG_METRIC_N_CALL_BACKS, 0);
    expect_metric(&run, RIG_METRIC_N_NEVER_REACHED, 1);
    assert_true(isnan(run.output.metrics[RIG_METRIC_CALL_BACKS_END_S]));
    /* only while one waits: the second does, the third is deflected */
    rig_planned_call three[] = {call_at(0), call_at(1), call_at(2)};
    s->queue.deflection.queue_from = 1;
    run_calls(s, three, 3, "SSD", &run);
}

/* By the expected wait, by the time waited, by the class: three calls at 0, 1 and 2. */
static void test_deflection_triggers(void **state)
{
    (void)state;
    static const struct {
        rig_deflection deflection;
        bool is_never;
        const char *outcomes;
    } rows[] = {
        {{.p_accept = 1, .wait_from_s = 15}, false, "SSD"}, /* 10 s and 20 s */
        {{.p_accept = 1, .wait_from_s = 10}, false, "SDD"},
        {{.p_accept = 1, .wait_from_s = 10.1}, false, "SSD"},
        {{.p_accept = 1, .after_s = 12}, false, "SSD"}, /* the second is rung after 10 s */
        {{.p_accept = 1, .after_s = 21}, false, "SSS"},
        {{.p_accept = 1, .after_s = 5}, false, "SDD"},
        {{.p_accept = 1, .after_s = 5, .queue_from = 1}, false, "SDS"}, /* beside one other */
        {{.p_accept = 1, .after_s = 5, .wait_from_s = 15}, false, "SSD"},
        {{.p_accept = 1, .after_s = 10.5}, false, "SSD"}, /* a phone rings for the second then */
        {{.p_accept = 1}, false, "SDD"},
        {{.p_accept = 1}, true, "SSS"},
        {{.p_accept = 1, .after_s = 5}, true, "SSS"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        small_scenario room;
        hand_run run;
        rig_scenario *s = make_one(&room);
        rig_caller_class only = {.p_share = 1, .is_never_deflected = rows[i].is_never};
        const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
        s->callers.classes = &only;
        s->callers.n_classes = 1;
        s->queue.deflection = rows[i].deflection;
        run_calls(s, calls, 3, rows[i].outcomes, &run);
    }
}

/* The second is asked at 6, when no other waits. A phone rings for him in vain from 11 to 14, and
 * then another waits; he is rung again at 15. */
static void test_nobody_is_asked_twice(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(12)};
    s->queue.deflection = (rig_deflection){.p_accept = 1, .after_s = 5, .queue_from = 1};
    room.agents[0].ring_timeout_s = 3;
    calls[1].ring_s[0] = 100;
    run_calls(s, calls, 3, "SSS", &run);
}

/* Agents call back while nobody waits for them; the promised come in the order of their promises.
 */
static void test_call_backs_wait_their_turn(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    s->queue.deflection = (rig_deflection){.p_accept = 1};
    s->call_back.start_s = 5;
    /* promised at 1, at 2: dialled at 11 until 29, then at 29 until 47. The fourth, at 20, finds no
     * agent, and is promised, too: 47 until 65 */
    const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(20)};
    run_calls(s, calls, 4, "SDDD", &run);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 65);
    /* one who waits instead is first */
    s->queue.deflection.queue_from = 0;
    s->queue.deflection.p_accept = 0.5;
    /* of the schedule's replication, not of the replay's: so the wire's callers are the same */
    const rig_callers_source from = {.scenario = s, .replication = 1, .planned = calls};
    while (!rig_callers_takes_promise(&from, 1, 0) || rig_callers_takes_promise(&from, 2, 0))
        s->seed++;
    run_calls(s, calls, 3, "SDS", &run); /* rung at 11, talks 12..22; dialled at 22 until 40 */
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 10);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 40);
}

/* The promised of two skills are called in the order of their promises. A crash at 100 tells which
 * talk it was: the second's, of 86..186. */
static void test_call_backs_of_two_skills(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    rig_choice choices[] = {{.p_share = 0.5, .skill = 0}, {.p_share = 0.5, .skill = 1}};
    rig_fault fault = {.kind = RIG_FAULT_CENTRE, .at_s = 100, .for_s = 1};
    s->queue.deflection = (rig_deflection){.p_accept = 1};
    s->ivr.choices = choices;
    s->ivr.n_choices = s->n_skills = 2;
    s->faults = &fault;
    s->n_faults = 1;
    find_seed(s, "010", rig_callers_choice);
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    calls[2].talk_s = 100;
    run_calls(s, calls, 3, "SDD", &run);
    assert_int_equal(run.output.counts.n_called_back, 1);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 100);
}

static void test_keep_place(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    s->queue.keep_place = (rig_keep_place){.p_accept = 1, .min_wait_s = 10, .max_places = 1};
    s->call_back.promise_s = 10;
    /* the second hangs up at once; his turn at 11: dialled, talks 19..29; then the third, whose
     * place is not kept any more: rung 29, answered 30 */
    const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    run_calls(s, calls, 3, "SDS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 28);
    expect_metric(&run, RIG_METRIC_N_CALLED_BACK, 1);
    expect_metric(&run, RIG_METRIC_CALL_BACK_DELAY_MEAN_S, 10);
    expect_metric(&run, RIG_METRIC_PROMISE_KEPT_RATE, 1);
    /* not reached 11..36: again after the peak, at 136..161, 261..286 */
    s->call_back.p_reached = 0;
    s->call_back.promise_s = 9.999;
    run_calls(s, calls, 3, "SDS", &run);
    expect_metric(&run, RIG_METRIC_PROMISE_KEPT_RATE, 0);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 35);
    expect_metric(&run, RIG_METRIC_N_CALL_BACKS, 3);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 286);
    s->call_back.p_reached = 1;
    /* not offered: (0 + 1) x 10 s / 1 agent */
    s->queue.keep_place.min_wait_s = 10.1;
    run_calls(s, calls, 2, "SS", &run);
}

/* A place whose turn it is needs a circuit: without one, the next call is taken. */
static void test_kept_places_need_a_circuit(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    s->queue.keep_place = (rig_keep_place){.p_accept = 1, .max_places = 1};
    room.trunks[0].n_circuits = 2;
    room.agents[0].wrap_up = constant(2);
    /* at 13 the third and fourth hold both circuits: the third talks 14..24; the place is dialled
     * at 26, talks 34..44; the fourth is rung at 46 */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(12)};
    run_calls(s, calls, 4, "SDSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 47 - 12);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 44);
    /* spare circuits are not for it either */
    room.trunks[0].p_spare = 0.5;
    run_calls(s, calls, 3, "SDS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MAX_S, 12);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 44);
    /* idle from 23 on, when two who are in the menu hold the circuits; the first of them hangs up
     * at 24: dialled 24, talks 32..42 */
    room.trunks[0].p_spare = 0;
    s->ivr.menu = constant(10);
    rig_planned_call held[] = {call_at(0), call_at(0.5), call_at(15), call_at(21.5)};
    held[2].self_service_s = 9;
    held[3].self_service_s = 9.5;
    run_calls(s, held, 4, "SDMM", &run);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 42);
}

static void test_a_crash_loses_places_and_keeps_promises(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    rig_fault fault = {.kind = RIG_FAULT_CENTRE, .at_s = 9, .for_s = 60};
    const rig_planned_call calls[] = {call_at(0), call_at(1)};
    s->faults = &fault;
    s->n_faults = 1;
    s->queue.keep_place = (rig_keep_place){.p_accept = 1, .max_places = 1};
    run_calls(s, calls, 2, "XD", &run);
    expect_metric(&run, RIG_METRIC_N_NEVER_REACHED, 1);
    expect_metric(&run, RIG_METRIC_N_CALL_BACKS, 0);
    s->queue.keep_place.p_accept = 0;
    s->queue.deflection.p_accept = 1;
    run_calls(s, calls, 2, "XD", &run); /* dialled at 69, not at 60 */
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 69 + 18);
    /* a call back that rings at the crash was in vain; one that talks is cut */
    fault = (rig_fault){.kind = RIG_FAULT_CENTRE, .at_s = 65, .for_s = 1};
    run_calls(s, calls, 2, "SD", &run);
    expect_metric(&run, RIG_METRIC_N_CALL_BACKS, 2);
    expect_metric(&run, RIG_METRIC_CALL_BACKS_END_S, 165 + 18);
    fault.at_s = 70;
    run_calls(s, calls, 2, "SD", &run);
    assert_int_equal(run.output.counts.n_cut_back, 1);
    expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 0.5);
    s->callers.redial = (rig_redial){.p_redial = 1, .max_redials = 1, .delay = constant(5)};
    run_calls(s, calls, 2, "SD", &run); /* he waits to be called again */
    expect_metric(&run, RIG_METRIC_N_REDIALS, 0);
    expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 0.5);
}

static void test_emergency_script(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    s->emergency = (rig_emergency){.talk_factor = 0.5, .queue_above = 1, .queue_below = 0};
    /* on from 2 to 17: only the second's talk begins then: 12..17; the third is answered at 18 */
    const rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(19)};
    run_calls(s, calls, 4, "SSSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 11.0 + 16.0 + 10.0) / 4.0);
    expect_metric(&run, RIG_METRIC_EMERGENCY_TALK_RATE, 0.25);
    /* a ceiling: the second's talk is 12..15, the third is answered at 16 */
    s->emergency = (rig_emergency){.talk_most_s = 3, .queue_above = 1, .queue_below = 0};
    run_calls(s, calls, 4, "SSSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 11.0 + 14.0 + 8.0) / 4.0);
    /* the shorter of the two: 5 of the factor; and a ceiling that no talk reaches */
    s->emergency = (rig_emergency){.talk_factor = 0.5, .talk_most_s = 8, .queue_above = 1};
    run_calls(s, calls, 4, "SSSS", &run);
    expect_metric(&run, RIG_METRIC_ANSWERED_WAIT_MEAN_S, (1.0 + 11.0 + 16.0 + 10.0) / 4.0);
    s->emergency = (rig_emergency){.talk_factor = 1, .talk_most_s = 60, .queue_above = 1};
    run_calls(s, calls, 4, "SSSS", &run);
    expect_metric(&run, RIG_METRIC_EMERGENCY_TALK_RATE, 0.5); /* still on at 22: two wait */
}

/* An attempt has its own patience and talk; who he is stays. */
static void test_what_an_attempt_redraws(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_one(&room);
    const rig_callers_source from = {.scenario = s, .replication = 1};
    s->callers.talk = s->callers.patience_queue =
        (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 10};
    s->ivr.p_self_service = 0.5;
    s->ivr.self_service = s->callers.talk;
    for (uint32_t i = 0; i < 100; i++) {
        assert_true(rig_callers_talk_s(&from, i, 0, 0, NULL) != rig_callers_talk_s(&from, i, 1, 0, NULL));
        assert_true(rig_callers_patience_queue_s(&from, i, 0, NULL) !=
                    rig_callers_patience_queue_s(&from, i, 1, NULL));
        double first_s = rig_callers_self_service_s(&from, i, 0, NULL);
        double again_s = rig_callers_self_service_s(&from, i, 1, NULL);
        assert_true((first_s < 0.0) == (again_s < 0.0));
        assert_true(first_s < 0.0 || first_s != again_s);
    }
}

static void test_too_many_outside(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_one(&room);
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2), call_at(3)};
    rig_schedule schedule = {.calls = calls, .n = 4};
    const rig_centre_input input = {.schedule = &schedule, .replication = 1};
    rig_centre_output output = {.fates = NULL};
    rig_centre *centre = NULL;
    rig_error err = {.text = ""};
    s->queue.deflection = (rig_deflection){.p_accept = 1};
    s->limits.max_outside = 2;
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &output, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "small.cfg: "));
    assert_non_null(strstr(err.text, "limits.max_outside = 2"));
    schedule.n = 3; /* the same simulator goes on */
    assert_int_equal(rig_centre_simulate(centre, &input, &output, &err), RIG_OK);
    assert_true(rig_centre_is_idle(centre));
    rig_centre_free(centre);
}

/* Waits of an interval are those of the calls that arrived in it. */
static void test_interval_figures(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    s->queue.service_level_s = 11;
    /* answered at 1, 12 and 23: waits 1, 11 and 4; the fourth leaves at 25 */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(19), call_at(19.5)};
    calls[3].patience_queue_s = 5.5;
    run_calls(s, calls, 4, "SSSQ", &run);
    const rig_interval *in = run.intervals;
    assert_true(in[0].wait_mean_s == 6.0 && in[0].wait_max_s == 11.0 && in[0].wait_p95_s == 11.0);
    assert_true(fabs(in[0].wait_p50_s - 1.0) < 0.01);
    assert_true(in[1].wait_max_s == 4.0 && isnan(in[2].wait_max_s));
    assert_true(in[0].service_level == 1.0 && in[1].service_level == 0.5);
    assert_true(isnan(in[2].service_level) && in[2].n_offered == 0.0);
    expect_metric(&run, RIG_METRIC_SERVICE_LEVEL, 0.75);
    /* the second waits 1..11; the third from 19 to 22, the fourth from 19.5 to 25 */
    assert_true(fabs(in[0].mean_queue - 0.9) < 1e-12);
    assert_true(fabs(in[1].mean_queue - (1.0 + 1.0 + 0.5) / 10.0) < 1e-12);
    assert_true(fabs(in[2].mean_queue - (2.0 + 5.0) / 10.0) < 1e-12);
    assert_true(fabs(in[3].occupancy - 0.3) < 1e-12); /* busy until 33 */
    expect_metric(&run, RIG_METRIC_OCCUPANCY, 33.0 / 60.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_priority),
        cmocka_unit_test(test_an_impatient_caller),
        cmocka_unit_test(test_announcements),
        cmocka_unit_test(test_deflection),
        cmocka_unit_test(test_call_backs_wait_their_turn),
        cmocka_unit_test(test_call_backs_of_two_skills),
        cmocka_unit_test(test_deflection_triggers),
        cmocka_unit_test(test_nobody_is_asked_twice),
        cmocka_unit_test(test_keep_place),
        cmocka_unit_test(test_kept_places_need_a_circuit),
        cmocka_unit_test(test_a_crash_loses_places_and_keeps_promises),
        cmocka_unit_test(test_emergency_script),
        cmocka_unit_test(test_what_an_attempt_redraws),
        cmocka_unit_test(test_too_many_outside),
        cmocka_unit_test(test_interval_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
