/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run cut at an instant: the simulation and the capture count alike, by a table worked out by
 * hand. */
#include "verdict/judge/cut.h"

#include "verdict/observed.h"
#include "tests/unit/centre_run.h"

#define START_NS INT64_C(1700000000000000000)
#define NONE     (-1.0)

/* Two circuits, a port, a menu of 4 s, an agent who is rung for 1 s and talks for 10 s.
 * A at 0: menu until 4, rings until 5, talks until 15.
 * B at 1: waits for the port until 4, menu until 8, waits, gives up at 13.
 * C at 2: both circuits are busy.
 * D at 13.5: menu until 17.5, rings, gives up at 18.
 * E at 16: waits for the port, gives up at 17. */
enum { A, B, C, D, E, N };

static rig_scenario *make_scenario(small_scenario *room)
{
    rig_scenario *s = small_scenario_make(room);
    room->trunks[0].n_circuits = 2;
    room->agents[0].n_agents = 1;
    s->ivr.n_ports = 1;
    s->ivr.menu = constant(4);
    return s;
}

static void make_plan(rig_planned_call plan[N])
{
    static const double at_s[N] = {0, 1, 2, 13.5, 16};
    for (int i = 0; i < N; i++)
        plan[i] = call_at(at_s[i]);
    plan[B].patience_queue_s = 5;
    plan[D].patience_ringing_s = 0.5;
    plan[E].patience_answer_s = 1;
}

static int64_t ns(double t_s)
{
    return t_s == NONE ? RIG_NO_TIME : START_NS + rig_clock_ns_of_s(t_s);
}

static rig_call record(int i, double invite_s, double answer_s, double queue_s, double ring_s,
                       double talk_s, double end_s, rig_outcome outcome)
{
    static char ids[N][2] = {"A", "B", "C", "D", "E"};
    return (rig_call){.call_id = ids[i],
                      .planned_index = i,
                      .t_invite_ns = ns(invite_s),
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_answer_ns = ns(answer_s),
                      .t_queue_ns = ns(queue_s),
                      .t_agent_ring_ns = ns(ring_s),
                      .t_agent_answer_ns = ns(talk_s),
                      .t_end_ns = ns(end_s),
                      .answered = answer_s != NONE,
                      .final_code = answer_s != NONE ? 200 : 487,
                      .cancelled = answer_s == NONE,
                      .bye = answer_s != NONE ? RIG_BYE_CALLER : RIG_BYE_NONE,
                      .outcome = outcome};
}

static void make_calls(rig_call calls[N])
{
    calls[A] = record(A, 0, 0, 4, 4, 5, 15, RIG_OUTCOME_SERVED);
    calls[B] = record(B, 1, 4, 8, NONE, NONE, 13, RIG_OUTCOME_LOST_QUEUE);
    calls[C] = record(C, 2, NONE, NONE, NONE, NONE, 2, RIG_OUTCOME_LOST_TRUNK);
    calls[D] = record(D, 13.5, 13.5, 17.5, 17.5, NONE, 18, RIG_OUTCOME_LOST_AGENT);
    calls[E] = record(E, 16, NONE, NONE, NONE, NONE, 17, RIG_OUTCOME_LOST_IVR);
}

/* Entered and lost of trunk, IVR, queue, agent. */
static const struct {
    double at_s;
    uint64_t entered[RIG_N_STAGES], lost[RIG_N_STAGES];
} rows[] = {
    {0.5, {1, 1, 0, 0}, {0, 0, 0, 0}},  {3.0, {3, 2, 0, 0}, {1, 0, 0, 0}},
    {4.5, {3, 2, 1, 0}, {1, 0, 0, 0}}, /* A rings */
    {6.0, {3, 2, 1, 1}, {1, 0, 0, 0}},  {9.0, {3, 2, 2, 1}, {1, 0, 0, 0}},
    {13.0, {3, 2, 2, 1}, {1, 0, 1, 0}}, /* what happens then has happened */
    {16.5, {5, 4, 2, 1}, {1, 0, 1, 0}}, {17.0, {5, 4, 2, 1}, {1, 1, 1, 0}},
    {17.7, {5, 4, 3, 1}, {1, 1, 1, 0}}, /* D rings */
    {18.0, {5, 4, 3, 2}, {1, 1, 1, 1}}, {50.0, {5, 4, 3, 2}, {1, 1, 1, 1}},
};

static void expect_row(const rig_tally *tally, size_t row, const char *side)
{
    for (int s = 0; s < RIG_N_STAGES; s++) {
        uint64_t entered = rig_tally_entered(tally, (rig_stage)s);
        uint64_t lost = rig_tally_lost(tally, (rig_stage)s);
        if (entered != rows[row].entered[s] || lost != rows[row].lost[s])
            fail_msg("%s at %g s: %s stage: %llu entered, %llu lost", side, rows[row].at_s,
                     rig_stage_name((rig_stage)s), (unsigned long long)entered,
                     (unsigned long long)lost);
    }
}

static void test_the_simulation(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_scenario(&room);
    rig_planned_call plan[N];
    rig_outcome fates[N], whole[N];
    rig_centre *centre = NULL;
    make_plan(plan);
    rig_schedule schedule = {.calls = plan, .n = N};
    rig_centre_input input = {.schedule = &schedule, .replication = 1};
    rig_centre_output output = {.fates = whole};
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
    const rig_tally all = output.tally;
    expect_row(&all, sizeof rows / sizeof *rows - 1, "simulation to the end");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        input.end_s = rows[i].at_s;
        output = (rig_centre_output){.fates = fates};
        assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
        expect_row(&output.tally, i, "simulation");
        assert_true(rig_tally_conserved(&output.tally, output.tally.n_offered));
        for (int k = 0; k < N; k++) {
            if (plan[k].t_s > rows[i].at_s)
                assert_int_equal(fates[k], RIG_OUTCOME_NOT_PLACED);
        }
        /* a cut leaves nothing behind */
        input.end_s = 0.0;
        output = (rig_centre_output){.fates = fates};
        assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
        assert_memory_equal(&output.tally, &all, sizeof all);
        assert_memory_equal(fates, whole, sizeof whole);
        assert_true(rig_centre_is_idle(centre));
    }
    rig_centre_free(centre);
}

/* Circuits are in use until the cut, and not after it. */
static void test_levels_end_with_the_cut(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_scenario(&room);
    rig_planned_call plan[N];
    rig_interval intervals[6];
    rig_centre *centre = NULL;
    make_plan(plan);
    rig_schedule schedule = {.calls = plan, .n = N};
    const rig_centre_input input = {.schedule = &schedule, .replication = 1, .end_s = 14.0};
    rig_centre_output output = {.intervals = intervals};
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
    assert_true(fabs(intervals[0].mean_circuits - 1.9) < 1e-9);  /* A all the time, B from 1 on */
    assert_true(fabs(intervals[1].mean_circuits - 0.75) < 1e-9); /* 4 + 3 + 0.5 of 10 s */
    assert_true(fabs(intervals[2].mean_circuits) < 1e-9);
    rig_centre_free(centre);
}

static rig_tally observe(const rig_scenario *scenario, const rig_schedule *schedule,
                         const rig_calls *calls, double at_s, const rig_outcome *fates)
{
    rig_calls *cut = NULL;
    rig_join *whole = NULL, *join = NULL;
    rig_observed *observed = NULL;
    assert_int_equal(rig_join_new(schedule, calls, START_NS, 1.0, &whole), RIG_OK);
    assert_int_equal(rig_cut_calls(calls, ns(at_s), &cut), RIG_OK);
    assert_int_equal(rig_join_new(schedule, cut, START_NS, 1.0, &join), RIG_OK);
    rig_cut_join(join, whole, schedule, at_s);
    assert_int_equal(rig_observed_new(join, schedule, cut, scenario, START_NS, &observed), RIG_OK);
    const rig_tally tally = observed->tally;
    assert_true(rig_tally_conserved(&tally, join->n_due));
    assert_int_equal(tally.n_not_placed, join->n_not_placed);
    if (fates != NULL) { /* each call is where the simulation has it */
        uint64_t confusion[RIG_N_OUTCOMES][RIG_N_OUTCOMES], n = 0;
        rig_join_confusion(join, fates, confusion);
        for (int o = 0; o < RIG_N_OUTCOMES; o++)
            n += confusion[o][o];
        assert_int_equal(n, join->n_due);
        assert_int_equal(rig_join_diff(join, schedule, fates).n_different, 0);
    }
    rig_observed_free(observed);
    rig_join_free(join);
    rig_join_free(whole);
    rig_calls_free(cut);
    return tally;
}

static void test_the_capture(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_scenario(&room);
    rig_planned_call plan[N];
    rig_call records[N];
    rig_outcome fates[N];
    rig_centre *centre = NULL;
    make_plan(plan);
    make_calls(records);
    rig_schedule schedule = {.calls = plan, .n = N};
    const rig_calls calls = {.items = records, .n = N};
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const rig_centre_input input = {
            .schedule = &schedule, .replication = 1, .end_s = rows[i].at_s};
        rig_centre_output output = {.fates = fates};
        assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
        rig_tally tally = observe(s, &schedule, &calls, rows[i].at_s, fates);
        expect_row(&tally, i, "capture");
        assert_memory_equal(&tally.n_outcome, &output.tally.n_outcome, sizeof tally.n_outcome);
    }
    rig_centre_free(centre);
}

/* Not placed is what had come due and never was on the wire; a call that left late or is not due
 * yet is neither that nor offered. */
static void test_what_was_due(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_scenario(&room);
    rig_planned_call plan[N];
    rig_call records[N];
    make_plan(plan);
    make_calls(records);
    rig_schedule schedule = {.calls = plan, .n = N};
    rig_calls calls = {.items = records, .n = N};
    records[C].t_invite_ns = records[C].t_end_ns = ns(2.2); /* a little late */
    rig_tally tally = observe(s, &schedule, &calls, 2.1, NULL);
    assert_int_equal(tally.n_offered, 2);
    assert_int_equal(tally.n_not_placed, 0);
    records[C] = records[D]; /* C never left; D, E are not due */
    records[D] = records[E];
    calls.n = N - 1;
    tally = observe(s, &schedule, &calls, 2.1, NULL);
    assert_int_equal(tally.n_offered, 2);
    assert_int_equal(tally.n_not_placed, 1);
    tally = observe(s, &schedule, &calls, 1.9, NULL);
    assert_int_equal(tally.n_not_placed, 0);
}

/* Nothing of what came later is left in a record. */
static void test_a_record_forgets(void **state)
{
    (void)state;
    rig_call records[N];
    rig_calls *cut = NULL;
    make_calls(records);
    records[C].t_end_ns = RIG_NO_TIME; /* no response at all: over after 32 s */
    records[D].call_id = NULL;
    rig_call backs[] = {records[A], records[A]};
    backs[0].call_back_of = backs[1].call_back_of = (char *)"D";
    backs[1].t_invite_ns = ns(13.6);
    const rig_calls calls = {.items = records, .n = N, .backs = backs, .n_backs = 2};
    assert_int_equal(rig_cut_calls(&calls, ns(13.5), &cut), RIG_OK);
    assert_int_equal(cut->n, 4);
    assert_int_equal(cut->n_backs, 1);
    assert_string_equal(cut->backs[0].call_back_of, "D");
    assert_int_equal(cut->backs[0].outcome, RIG_OUTCOME_IN_PROGRESS);
    const rig_call *c = &cut->items[A];
    assert_string_equal(c->call_id, "A");
    assert_true(c->call_id != records[A].call_id);
    assert_int_equal(c->outcome, RIG_OUTCOME_IN_PROGRESS);
    assert_int_equal(c->t_agent_answer_ns, ns(5));
    assert_int_equal(c->t_end_ns, RIG_NO_TIME);
    assert_int_equal(c->bye, RIG_BYE_NONE);
    assert_true(c->answered && c->final_code == 200);
    assert_int_equal(cut->items[B].outcome, RIG_OUTCOME_LOST_QUEUE);
    assert_int_equal(cut->items[B].bye, RIG_BYE_CALLER);
    assert_int_equal(cut->items[C].outcome, RIG_OUTCOME_IN_PROGRESS);
    assert_true(cut->items[C].final_code == 0 && !cut->items[C].cancelled);
    assert_null(cut->items[D].call_id);
    assert_int_equal(cut->items[D].t_queue_ns, RIG_NO_TIME);
    rig_calls_free(cut);
    assert_int_equal(rig_cut_calls(&calls, ns(3.0), &cut), RIG_OK);
    assert_false(cut->items[B].answered);
    assert_int_equal(cut->items[B].t_answer_ns, RIG_NO_TIME);
    rig_calls_free(cut);
    assert_int_equal(rig_cut_calls(&calls, ns(34.0), &cut), RIG_OK);
    assert_int_equal(cut->items[C].outcome, RIG_OUTCOME_LOST_TRUNK);
    rig_calls_free(cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_simulation),   cmocka_unit_test(test_levels_end_with_the_cut),
        cmocka_unit_test(test_the_capture),      cmocka_unit_test(test_what_was_due),
        cmocka_unit_test(test_a_record_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
