/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The target's own reaction times: read off a capture, and in the replays. */
#include <math.h>
#include <stdlib.h>

#include "verdict/judge/reactions.h"
#include "tests/unit/centre_run.h"

#define MS      INT64_C(1000000)
#define START   INT64_C(1700000000000000000)
#define N_CALLS 3

/* Marks of a call on the wire, ms after the start; -1 = not seen. */
typedef struct marks {
    int64_t invite, answer, queue, ring, talk, end;
    uint32_t n_legs;
} marks;

static int64_t at(int64_t ms)
{
    return ms < 0 ? RIG_NO_TIME : START + ms * MS;
}

/* One port, a menu of 100 ms, one agent with a wrap-up of 50 ms, on the wire. */
static rig_delays measured_with(rig_marks how, const marks seen[N_CALLS], bool hold_while_queued,
                                bool is_random)
{
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_call calls[N_CALLS];
    const rig_call *observed[N_CALLS];
    double arrival_s[N_CALLS];
    rig_join join = {.n_planned = N_CALLS, .observed = observed, .arrival_s = arrival_s};
    rig_delays delays = {0};
    s->time_scale = 10.0;
    s->gate.max_lateness_p99_ms = 20.0;
    s->target.marks = how;
    s->ivr = (rig_ivr){.n_ports = 1, .menu = constant(1.0), .hold_while_queued = hold_while_queued};
    room.agents[0].wrap_up = constant(0.5);
    if (is_random)
        s->ivr.menu.kind = room.agents[0].wrap_up.kind = RIG_DIST_EXPONENTIAL;
    for (int i = 0; i < N_CALLS; i++) {
        const marks *m = &seen[i];
        calls[i] = (rig_call){.t_invite_ns = at(m->invite),
                              .t_menu_ns = how == RIG_MARK_EARLY ? at(m->answer) : RIG_NO_TIME,
                              .t_answer_ns = at(how == RIG_MARK_EARLY ? m->talk : m->answer),
                              .t_queue_ns = at(m->queue),
                              .t_agent_ring_ns = at(m->ring),
                              .t_agent_answer_ns = at(m->talk),
                              .t_end_ns = at(m->end),
                              .n_legs = m->n_legs,
                              .outcome = RIG_OUTCOME_SERVED};
        observed[i] = m->invite < 0 ? NULL : &calls[i];
        arrival_s[i] = 10.0 * 1e-3 * (double)m->invite;
    }
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
        delays.kind[k].delay_s = calloc(N_CALLS + 1, sizeof(double));
    delays.own = calloc(N_CALLS, sizeof *delays.own);
    for (int i = 0; i < N_CALLS; i++)
        for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
            delays.own[i].late_s[k] = (float)NAN;
    assert_int_equal(rig_reactions_measure(&join, s, &delays), RIG_OK);
    return delays;
}

static rig_delays measured(const marks seen[N_CALLS], bool hold_while_queued, bool is_random)
{
    return measured_with(RIG_MARK_REINVITE, seen, hold_while_queued, is_random);
}

/* Up to two samples, in ms on the wire; negative = none. */
static void expect(const rig_delays *delays, rig_delay_kind kind, double first_ms, double second_ms)
{
    const rig_delay_sample *sample = &delays->kind[kind];
    const double expected_ms[] = {first_ms, second_ms};
    size_t n = (size_t)(first_ms >= 0.0) + (size_t)(second_ms >= 0.0);
    if (sample->n != n)
        fail_msg("kind %d: %zu samples, expected %zu", (int)kind, sample->n, n);
    for (size_t i = 0; i < n; i++) {
        if (!(fabs(sample->delay_s[i] - expected_ms[i] * 1e-3 * 10.0) < 1e-6))
            fail_msg("kind %d: %g s, expected %g ms on the wire", (int)kind, sample->delay_s[i],
                     expected_ms[i]);
    }
}

/* Of one call, in ms on the wire; negative = not seen. */
static void expect_own(const rig_delays *delays, int call, rig_delay_kind kind, double expected_ms)
{
    const double late_s = (double)delays->own[call].late_s[kind];
    if (expected_ms < 0.0 ? !isnan(late_s) : !(fabs(late_s - expected_ms * 1e-2) < 1e-6))
        fail_msg("call %d, kind %d: %g s, expected %g ms on the wire", call, (int)kind, late_s,
                 expected_ms);
}

static void test_reactions_are_measured(void **state)
{
    (void)state;
    /* the second caller hears ringing until the first gives his port back, then waits for the
     * agent: free at 700 + 50 ms; nobody waits for the port of the third */
    const marks seen[N_CALLS] = {{0, 1, 103, 107, 200, 700, 2},
                                 {50, 105, 208, 753, 800, 900, 2},
                                 {10, 12, -1, -1, -1, 60, 1}};
    rig_delays delays = measured(seen, false, false);
    expect(&delays, RIG_DELAY_CENTRE_ANSWERS, 1, 2);
    expect(&delays, RIG_DELAY_CENTRE_NEXT_CALLER, 2, -1);
    expect(&delays, RIG_DELAY_CENTRE_MENU, 2, 3);
    expect(&delays, RIG_DELAY_CENTRE_RINGS, 4, -1);
    expect(&delays, RIG_DELAY_CENTRE_WRAP_UP, 3, -1);
    expect(&delays, RIG_DELAY_TALK_CALLER, -1, -1); /* not its business */
    expect_own(&delays, 0, RIG_DELAY_CENTRE_ANSWERS, 1);
    expect_own(&delays, 2, RIG_DELAY_CENTRE_ANSWERS, 2);
    expect_own(&delays, 1, RIG_DELAY_CENTRE_MENU, 3);
    expect_own(&delays, 0, RIG_DELAY_CENTRE_WRAP_UP, 3); /* of the call before */
    expect_own(&delays, 1, RIG_DELAY_CENTRE_WRAP_UP, -1);
    assert_true(fabs(delays.own[1].port_s - 1.05) < 1e-9);
    assert_true(fabs(delays.own[1].ring_s - 7.53) < 1e-9);
    assert_true(isnan(delays.own[2].ring_s) && delays.own[2].fate == RIG_OUTCOME_SERVED);
    assert_true(delays.p_stalled == 0.01 && delays.most_stalled_s > 0.0);
    /* the answers' 1 and 2 ms around the greater of them */
    assert_int_equal(delays.jitter.n, 2);
    assert_true(fabs(delays.jitter.delay_s[0] + 0.01) < 1e-9 && delays.jitter.delay_s[1] == 0.0);
    rig_delays_clear(&delays);
    /* lengths that scatter tell nothing of one call's reaction */
    delays = measured(seen, false, true);
    expect(&delays, RIG_DELAY_CENTRE_ANSWERS, 1, 2);
    expect(&delays, RIG_DELAY_CENTRE_MENU, -1, -1);
    expect(&delays, RIG_DELAY_CENTRE_WRAP_UP, -1, -1);
    rig_delays_clear(&delays);
}

/* Where the 200 is the agent's, the 183 tells when a port took the call. */
/* Before a run each call is punctual, but for what a valid load may be late. */
static void test_delays_are_assumed(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_delays delays = {0};
    s->time_scale = 10.0;
    s->gate.max_lateness_p99_ms = 30.0;
    assert_int_equal(rig_reactions_assume(s, 3, &delays), RIG_OK);
    assert_true(fabs(delays.most_stalled_s - 0.3) < 1e-9 && delays.p_stalled == 0.01);
    assert_true(fabs(delays.jitter.delay_s[1] - 0.01) < 1e-9);
    for (int i = 0; i < 3; i++) {
        expect_own(&delays, i, RIG_DELAY_RING, 0);
        expect_own(&delays, i, RIG_DELAY_CENTRE_MENU, 0);
        expect_own(&delays, i, RIG_DELAY_CENTRE_RINGS, -1);
        assert_true(delays.own[i].fate == RIG_N_OUTCOMES && isnan(delays.own[i].port_s));
    }
    rig_delays_clear(&delays);
}

static void test_early_media_tell_the_ports(void **state)
{
    (void)state;
    const marks seen[N_CALLS] = {{0, 1, 103, 107, 200, 700, 2},
                                 {50, 105, 208, 753, 800, 900, 2},
                                 {10, 12, -1, -1, -1, 60, 1}};
    rig_delays delays = measured_with(RIG_MARK_EARLY, seen, false, false);
    expect(&delays, RIG_DELAY_CENTRE_ANSWERS, 1, 2);
    expect(&delays, RIG_DELAY_CENTRE_NEXT_CALLER, 2, -1);
    expect(&delays, RIG_DELAY_CENTRE_MENU, 2, 3);
    rig_delays_clear(&delays);
}

static void test_a_held_port_is_given_back_by_the_agents_answer(void **state)
{
    (void)state;
    const marks seen[N_CALLS] = {{0, 1, 102, 103, 200, 700, 2},
                                 {50, 205, 305, 751, 800, 900, 2},
                                 {60, 803, 903, 980, 990, 999, 2}};
    rig_delays delays = measured(seen, true, false);
    expect(&delays, RIG_DELAY_CENTRE_NEXT_CALLER, 5, 3);
    rig_delays_clear(&delays);
}

/* A centre that takes longer than 10 ms is not excused. */
static void test_what_is_slow_is_no_reaction(void **state)
{
    (void)state;
    const marks seen[N_CALLS] = {{0, 11, 130, 150, 200, 700, 2},
                                 {50, 145, 256, 790, 800, 900, 2},
                                 {920, 940, 1051, 1055, 1100, 1200, 3}};
    rig_delays delays = measured(seen, false, false);
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
        expect(&delays, (rig_delay_kind)k, -1, -1);
    /* what exceeds 10 ms is known to the one replay that tells fates, and no sample has it */
    expect_own(&delays, 0, RIG_DELAY_CENTRE_ANSWERS, 11);
    expect_own(&delays, 0, RIG_DELAY_CENTRE_MENU, 19);
    expect_own(&delays, 1, RIG_DELAY_CENTRE_ANSWERS, -1);
    assert_true(fabs(delays.most_reaction_s - 0.1) < 1e-9);
    assert_true(fabs(delays.most_race_s - 0.25) < 1e-9);
    assert_int_equal(delays.jitter.n, 2);
    assert_true(fabs(delays.jitter.delay_s[1] - 0.01) < 1e-9);
    rig_delays_clear(&delays);
}

/* One port, menu 5, one agent who rings 1, talks 10 and wraps up 3. Both callers find what they
 * need busy or free as the comments say. */
static void test_replays_know_them(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    double late_s[] = {0.1, 0.2, 0.3, 0.4, 0.5};
    rig_delays delays = {0};
    for (int k = 0; k < 5; k++)
        delays.kind[RIG_DELAY_CENTRE_ANSWERS + k] = (rig_delay_sample){&late_s[k], 1};
    s->ivr = (rig_ivr){.n_ports = 1, .menu = constant(5.0)};
    room.agents[0].n_agents = 1;
    room.agents[0].wrap_up = constant(3.0);
    /* call 0: answered at 0.1, queue at 5.4, rung at 5.8, talks from 6.8 to 16.8; its agent is
     * free at 20.3. Call 1: port at 5.4, answered at 5.6, queue at 10.9, rung at 20.3 */
    static const struct {
        double patience_answer_s, patience_queue_s;
        rig_outcome fate;
    } rows[] = {{4.59, 100.0, RIG_OUTCOME_LOST_IVR}, /* while the port answers late */
                {4.61, 100.0, RIG_OUTCOME_SERVED},
                {100.0, 9.39, RIG_OUTCOME_LOST_QUEUE},
                {100.0, 9.41, RIG_OUTCOME_SERVED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_planned_call calls[] = {call_at(0), call_at(1)};
        rig_schedule schedule = {.calls = calls, .n = 2};
        rig_outcome fates[2];
        rig_centre_input input = {.schedule = &schedule, .replication = 1, .delays = &delays};
        rig_centre_output output = {.fates = fates};
        rig_centre *centre = NULL;
        rig_error err = {.text = ""};
        calls[1].patience_answer_s = rows[i].patience_answer_s;
        calls[1].patience_queue_s = rows[i].patience_queue_s;
        assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
        assert_int_equal(rig_centre_simulate(centre, &input, &output, &err), RIG_OK);
        assert_int_equal(fates[0], RIG_OUTCOME_SERVED);
        assert_int_equal(fates[1], rows[i].fate);
        if (fates[1] == RIG_OUTCOME_SERVED) /* 6.8 - 5.4 and 21.3 - 10.9 */
            assert_true(fabs(output.metrics[RIG_METRIC_ANSWERED_WAIT_MEAN_S] - (1.4 + 10.4) / 2.0) <
                        1e-9);
        rig_centre_free(centre);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reactions_are_measured),
        cmocka_unit_test(test_delays_are_assumed),
        cmocka_unit_test(test_early_media_tell_the_ports),
        cmocka_unit_test(test_a_held_port_is_given_back_by_the_agents_answer),
        cmocka_unit_test(test_what_is_slow_is_no_reaction),
        cmocka_unit_test(test_replays_know_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
