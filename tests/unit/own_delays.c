/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Replays that know each call's own delays, and what they make of races. */
#include <math.h>
#include <stdlib.h>

#include "models/prediction.h"
#include "tests/unit/centre_run.h"

#define N 3

/* Replays of N calls with what was seen of them. A reaction takes up to 0.1, a race up to 0.25. */
typedef struct scene {
    small_scenario room;
    rig_scenario *scenario;
    rig_planned_call calls[N];
    rig_call_delays own[N];
    double jitter_s[2];
    rig_delays delays;
    rig_outcome fates[N];
    rig_call_instants instants[N];
} scene;

/* Nothing seen, nothing scarce: menu 5, ring 1, talk 10. */
static void begin(scene *m)
{
    *m = (scene){.jitter_s = {-0.01, 0.01}};
    m->scenario = small_scenario_make(&m->room);
    m->scenario->ivr = (rig_ivr){.n_ports = 10, .menu = constant(5.0)};
    for (int i = 0; i < N; i++) {
        m->calls[i] = call_at(0.001 * i);
        m->own[i] = (rig_call_delays){.fate = RIG_N_OUTCOMES,
                                      .port_s = (double)NAN,
                                      .ring_s = (double)NAN,
                                      .end_s = (double)NAN,
                                      .leave_s = (double)NAN};
        for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
            m->own[i].late_s[k] = (float)NAN;
    }
    m->delays = (rig_delays){.own = m->own,
                             .jitter = {m->jitter_s, 2},
                             .most_reaction_s = 0.1,
                             .most_race_s = 0.25,
                             .most_lateness_s = 1.0};
}

static void replay_by(scene *m, rig_replay_mode mode, uint32_t replication)
{
    rig_schedule schedule = {.calls = m->calls, .n = N};
    rig_centre_input input = {
        .schedule = &schedule, .replication = replication, .mode = mode, .delays = &m->delays};
    rig_centre_output output = {.fates = m->fates, .instants = m->instants};
    rig_centre *centre = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_centre_new(m->scenario, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &output, &err), RIG_OK);
    assert_true(rig_centre_is_idle(centre));
    assert_true(rig_tally_conserved(&output.tally, N));
    rig_centre_free(centre);
}

/* 1 = as seen; else moved, with the draws of that replication. */
static void replay(scene *m, uint32_t replication)
{
    replay_by(m, replication == 1 ? RIG_REPLAY_AS_SEEN : RIG_REPLAY_MOVED, replication);
}

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

/* Seen delays are the call's own; others are drawn. */
static void test_own_delays_are_replayed(void **state)
{
    (void)state;
    scene m;
    double late_s[] = {0.07};
    begin(&m);
    m.delays.kind[RIG_DELAY_CENTRE_MENU] = (rig_delay_sample){late_s, 1};
    m.own[0].fate = RIG_OUTCOME_SERVED;
    m.own[0].port_s = 0.02;
    m.own[0].late_s[RIG_DELAY_CENTRE_MENU] = 0.03f;
    m.own[0].late_s[RIG_DELAY_RING] = 0.5f;
    m.own[0].late_s[RIG_DELAY_TALK_CALLER] = 0.25f;
    m.own[0].ring_s = 5.09;
    replay(&m, 1);
    assert_true(is_near(m.instants[0].port_s, 0.02));
    assert_true(is_near(m.instants[0].queue_s, 5.05));
    assert_true(is_near(m.instants[0].ring_s, 5.09));
    assert_true(is_near(m.instants[0].talk_s, 6.59));
    assert_true(is_near(m.instants[0].end_s, 16.84));
    assert_true(is_near(m.instants[1].queue_s, 0.001 + 5.07)); /* drawn */
    /* other replications move them by the jitter */
    for (uint32_t r = 2; r < 6; r++) {
        replay(&m, r);
        assert_true(is_near(fabs(m.instants[0].queue_s - m.instants[0].port_s - 5.03), 0.01));
        assert_true(is_near(fabs(m.instants[0].talk_s - m.instants[0].ring_s - 1.5), 0.01));
    }
}

/* Everything of the first call is seen to be at once. */
static void see_all(scene *m)
{
    m->own[0].fate = RIG_OUTCOME_SERVED;
    m->own[0].port_s = 0.0;
    m->own[0].ring_s = 5.0;
    for (int k = 0; k < RIG_N_DELAY_KINDS; k++)
        m->own[0].late_s[k] = 0.0f;
}

/* A share of what was seen is moved by a stall, to either side, in samples alone. */
static void test_stalls_move_what_was_seen(void **state)
{
    (void)state;
    static const double shares[] = {0.0, 0.5, 1.0};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        scene m;
        int n_far = 0, n_early = 0;
        begin(&m);
        see_all(&m);
        m.delays.p_stalled = shares[i];
        m.delays.most_stalled_s = 0.5;
        for (uint32_t r = 2; r < 402; r++) {
            replay(&m, r);
            const double moved_s = m.instants[0].queue_s - m.instants[0].port_s - 5.0;
            assert_true(fabs(moved_s) <= 0.5);
            n_far += fabs(moved_s) > 0.0101;
            n_early += moved_s < -0.0101;
        }
        assert_in_range(n_far, 400 * shares[i] * 0.85, fmin(400, 440 * shares[i]));
        assert_in_range(n_early, 400 * shares[i] * 0.35, 400 * shares[i] * 0.6);
        replay(&m, 1);
        assert_true(is_near(m.instants[0].queue_s, 5.0));
    }
}

/* Nothing comes before what it follows from, however long the stall. */
static void test_no_stall_turns_time_back(void **state)
{
    (void)state;
    scene m;
    begin(&m);
    see_all(&m);
    m.delays.p_stalled = 1.0;
    m.delays.most_stalled_s = 40.0;
    for (uint32_t r = 2; r < 202; r++) {
        replay(&m, r);
        const rig_call_instants *in = &m.instants[0];
        if (in->port_s < 0.0 || in->queue_s < in->port_s || in->ring_s < in->queue_s ||
            in->talk_s < in->ring_s || in->end_s < in->talk_s)
            fail_msg("port %g, queue %g, ring %g, talk %g, end %g s", in->port_s, in->queue_s,
                     in->ring_s, in->talk_s, in->end_s);
    }
}

/* A slow centre is not excused: not by 0.3 in the replay that tells fates, not by 0.2 in D. */
static void test_what_is_slow_is_not_replayed(void **state)
{
    (void)state;
    scene m;
    begin(&m);
    m.own[0].fate = RIG_OUTCOME_SERVED;
    m.own[0].port_s = 0.2;
    m.own[0].late_s[RIG_DELAY_CENTRE_MENU] = 0.2f;
    replay(&m, 2);
    assert_true(is_near(m.instants[0].queue_s, 5.0));
    replay(&m, 1);
    assert_true(is_near(m.instants[0].queue_s, 5.4));
    m.own[0].port_s = 0.3;
    m.own[0].late_s[RIG_DELAY_CENTRE_MENU] = 0.3f;
    replay(&m, 1);
    assert_true(is_near(m.instants[0].queue_s, 5.0));
}

/* One circuit, call 0 ends at 16; call 1 comes `early` before. */
static void expect_trunk_race(double early_s, rig_outcome seen, rig_outcome expected, double gap_s)
{
    scene m;
    begin(&m);
    m.room.trunks[0].n_circuits = 1;
    m.calls[1].t_s = 16.0 - early_s;
    m.calls[2].t_s = 500.0;
    m.own[1].fate = seen;
    replay(&m, 1);
    assert_int_equal(m.fates[1], expected);
    assert_true(isnan(gap_s) ? isnan(m.instants[1].race_s) : is_near(m.instants[1].race_s, gap_s));
    replay(&m, 2); /* its order alone counts where D is made */
    assert_int_equal(m.fates[1], early_s > 0 ? RIG_OUTCOME_LOST_TRUNK : RIG_OUTCOME_SERVED);
}

static void test_circuits(void **state)
{
    (void)state;
    const rig_outcome lost = RIG_OUTCOME_LOST_TRUNK, served = RIG_OUTCOME_SERVED;
    expect_trunk_race(0.1, served, served, 0.1);
    expect_trunk_race(0.3, served, lost, (double)NAN); /* too far */
    expect_trunk_race(0.1, lost, lost, (double)NAN);
    expect_trunk_race(0.1, RIG_N_OUTCOMES, lost, (double)NAN); /* not seen */
    expect_trunk_race(-0.1, lost, lost, 0.1);
    expect_trunk_race(-0.3, lost, served, (double)NAN);
    expect_trunk_race(-0.1, served, served, (double)NAN);
}

/* One port, held until call 0's agent answers at 6: call 1 waits for it. */
static void test_ports(void **state)
{
    (void)state;
    scene m;
    begin(&m);
    m.scenario->ivr.n_ports = 1;
    m.scenario->ivr.hold_while_queued = true;
    m.calls[2].t_s = 500.0;
    m.calls[1].patience_answer_s = 5.899; /* until 5.9 */
    m.own[1].fate = RIG_OUTCOME_SERVED;
    m.own[1].port_s = 6.0;
    replay(&m, 1);
    assert_int_equal(m.fates[1], RIG_OUTCOME_SERVED);
    assert_true(is_near(m.instants[1].race_s, 0.1));
    m.own[1].port_s = 6.2; /* 0.3 after he gave up */
    replay(&m, 1);
    assert_int_equal(m.fates[1], RIG_OUTCOME_LOST_IVR);
    m.calls[1].patience_answer_s = 6.099; /* until 6.1 */
    m.own[1].fate = RIG_OUTCOME_LOST_IVR;
    m.own[1].port_s = (double)NAN;
    m.own[1].leave_s = 6.1;
    replay(&m, 1);
    assert_int_equal(m.fates[1], RIG_OUTCOME_LOST_IVR);
    assert_true(is_near(m.instants[1].race_s, 0.1));
}

/* One agent: he answers call 0 at 6 and is free at 16. Call 1 is in the queue from 5.001 on. */
static void test_agents(void **state)
{
    (void)state;
    scene m;
    begin(&m);
    m.room.agents[0].n_agents = 1;
    m.calls[2].t_s = 500.0;
    m.calls[1].patience_queue_s = 10.899; /* until 15.9 */
    m.own[1].fate = RIG_OUTCOME_SERVED;
    m.own[1].ring_s = 16.0;
    replay(&m, 1);
    assert_int_equal(m.fates[1], RIG_OUTCOME_SERVED);
    m.own[1].fate = RIG_N_OUTCOMES;
    replay(&m, 1);
    assert_int_equal(m.fates[1], RIG_OUTCOME_LOST_QUEUE);
    m.calls[1].patience_queue_s = 11.099; /* until 16.1 */
    m.own[1].fate = RIG_OUTCOME_LOST_QUEUE;
    m.own[1].ring_s = (double)NAN;
    m.own[1].leave_s = 16.1;
    replay(&m, 1);
    assert_int_equal(m.fates[1], RIG_OUTCOME_LOST_QUEUE);
    assert_true(is_near(m.instants[1].race_s, 0.1));
    m.own[1].leave_s = 16.3; /* he would have been rung for */
    replay(&m, 1);
    assert_int_equal(m.fates[1], RIG_OUTCOME_SERVED);
}

/* The phone rings from 5 on; it is answered at 6, and the caller's patience ends `gives_up`. */
static void test_ringing(void **state)
{
    (void)state;
    static const struct {
        double patience_s;
        rig_outcome seen, fate;
    } rows[] = {{0.9, RIG_OUTCOME_SERVED, RIG_OUTCOME_SERVED},
                {0.9, RIG_N_OUTCOMES, RIG_OUTCOME_LOST_AGENT},
                {0.7, RIG_OUTCOME_SERVED, RIG_OUTCOME_LOST_AGENT},
                {1.1, RIG_OUTCOME_LOST_AGENT, RIG_OUTCOME_LOST_AGENT},
                {1.3, RIG_OUTCOME_LOST_AGENT, RIG_OUTCOME_SERVED}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        scene m;
        begin(&m);
        m.calls[0].patience_ringing_s = rows[i].patience_s;
        m.own[0].fate = rows[i].seen;
        replay(&m, 1);
        assert_int_equal(m.fates[0], rows[i].fate);
    }
}

/* A self-server's hang-up at 4.9 or 5.1, the end of the menu at 5. */
static void test_menu(void **state)
{
    (void)state;
    scene m;
    begin(&m);
    m.calls[0].self_service_s = 4.9;
    m.own[0].fate = RIG_OUTCOME_LOST_AGENT;
    m.calls[1].self_service_s = 5.1;
    m.own[1].fate = RIG_OUTCOME_SELF_SERVED;
    m.calls[2].self_service_s = 4.6;
    m.own[2].fate = RIG_OUTCOME_LOST_AGENT; /* too far */
    replay(&m, 1);
    assert_int_equal(m.fates[0], RIG_OUTCOME_LOST_AGENT);
    assert_int_equal(m.fates[1], RIG_OUTCOME_SELF_SERVED);
    assert_int_equal(m.fates[2], RIG_OUTCOME_SELF_SERVED);
    m.own[0].ring_s = 5.03; /* he hung up while it rang already */
    m.own[0].leave_s = 5.04;
    replay(&m, 1);
    assert_int_equal(m.fates[0], RIG_OUTCOME_LOST_AGENT);
    assert_true(is_near(m.instants[0].end_s, 5.04));
}

/* Rung in vain from 5 to 8, his patience in the queue over at 6: another agent who is free is rung
 * at once; without one he leaves. */
static void test_a_free_agent_comes_before_the_end_of_patience(void **state)
{
    (void)state;
    for (uint32_t n_agents = 1; n_agents <= 2; n_agents++) {
        scene m;
        begin(&m);
        m.delays.own = NULL;
        m.room.agents[0].n_agents = n_agents;
        m.room.agents[0].ring_timeout_s = 3.0;
        m.calls[1].t_s = 400.0;
        m.calls[2].t_s = 500.0;
        m.calls[0].patience_queue_s = 1.0;
        m.calls[0].ring_s[0] = 4.0;
        replay(&m, 1);
        assert_int_equal(m.fates[0], n_agents == 2 ? RIG_OUTCOME_SERVED : RIG_OUTCOME_LOST_QUEUE);
        assert_true(is_near(m.instants[0].end_s, n_agents == 2 ? 19.0 : 8.0));
    }
}

/* The same with two agents, but seen to hang up in a moment: before the next phone rang, or just
 * after it began. */
static void test_a_hang_up_crosses_the_next_ringing(void **state)
{
    (void)state;
    static const double leave_s[] = {8.05, 8.09, 8.5};
    static const rig_outcome fates[] = {RIG_OUTCOME_LOST_QUEUE, RIG_OUTCOME_LOST_AGENT,
                                        RIG_OUTCOME_SERVED}; /* the last is no race */
    for (int i = 0; i < 3; i++) {
        scene m;
        begin(&m);
        m.room.agents[0].n_agents = 2;
        m.room.agents[0].ring_timeout_s = 3.0;
        m.calls[1].t_s = 400.0;
        m.calls[2].t_s = 500.0;
        m.calls[0].patience_queue_s = 1.0;
        m.calls[0].ring_s[0] = 4.0;
        m.own[0].fate = fates[i];
        m.own[0].ring = i == 0 ? 0 : 1;
        m.own[0].ring_s = i == 0 ? (double)NAN : 8.07;
        m.own[0].leave_s = leave_s[i];
        replay(&m, 1);
        assert_int_equal(m.fates[0], fates[i]);
    }
}

/* Every phone rings in vain, agents are always free, his patience is over at the first: ten times.
 */
static void test_ringing_in_vain_ends(void **state)
{
    (void)state;
    for (uint32_t patient = 0; patient < 2; patient++) {
        scene m;
        begin(&m);
        m.delays.own = NULL;
        m.room.agents[0].n_agents = 50;
        m.room.agents[0].ring_timeout_s = 3.0;
        m.calls[1].t_s = 400.0;
        m.calls[2].t_s = 500.0;
        m.calls[0].patience_queue_s = patient ? 61.0 : 1.0;
        for (int k = 0; k < RIG_N_RING_ATTEMPTS; k++)
            m.calls[0].ring_s[k] = 4.0;
        replay(&m, 1);
        assert_int_equal(m.fates[0], RIG_OUTCOME_LOST_QUEUE);
        assert_true(is_near(m.instants[0].end_s, patient ? 5.0 + 21 * 3.0 : 5.0 + 10 * 3.0));
    }
}

/* What is decided as it was seen is in the fates, never in a sample: replication 1 among them. */
static void test_races_are_in_no_sample(void **state)
{
    (void)state;
    scene m;
    begin(&m);
    m.room.trunks[0].n_circuits = 1;
    m.calls[1].t_s = 15.9; /* 0.1 before the circuit is free */
    m.calls[2].t_s = 500.0;
    m.own[1].fate = RIG_OUTCOME_SERVED;
    rig_schedule schedule = {.calls = m.calls, .n = N};
    const rig_predict_options how = {
        .n_replications = 20, .n_threads = 1, .schedule = &schedule, .delays = &m.delays};
    rig_prediction *p = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_predict(m.scenario, &how, &p, &err), RIG_OK);
    assert_int_equal(p->fates[1], RIG_OUTCOME_SERVED);
    assert_int_equal(p->rule_fates[1], RIG_OUTCOME_LOST_TRUNK);
    for (uint32_t r = 0; r < 20; r++)
        assert_true(rig_prediction_samples(p, RIG_METRIC_P_LOST_PER_ENTRANT)[r] == 1.0 / 3.0);
    rig_prediction_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_delays_are_replayed),
        cmocka_unit_test(test_stalls_move_what_was_seen),
        cmocka_unit_test(test_no_stall_turns_time_back),
        cmocka_unit_test(test_what_is_slow_is_not_replayed),
        cmocka_unit_test(test_circuits),
        cmocka_unit_test(test_ports),
        cmocka_unit_test(test_agents),
        cmocka_unit_test(test_ringing),
        cmocka_unit_test(test_menu),
        cmocka_unit_test(test_a_free_agent_comes_before_the_end_of_patience),
        cmocka_unit_test(test_a_hang_up_crosses_the_next_ringing),
        cmocka_unit_test(test_ringing_in_vain_ends),
        cmocka_unit_test(test_races_are_in_no_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
