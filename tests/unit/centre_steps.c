/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits and ports that come and go: on calls made by hand, every time is worked out in a
 * comment. */
#include "tests/unit/centre_run.h"

#define MOST 9

typedef struct outcome {
    rig_outcome fates[MOST];
    rig_call_instants instants[MOST];
    double metrics[RIG_N_METRICS];
} outcome;

static void simulate(const rig_scenario *scenario, rig_planned_call *calls, size_t n, outcome *o)
{
    rig_centre *centre = NULL;
    rig_schedule schedule = {.calls = calls, .n = n};
    rig_centre_input input = {.schedule = &schedule, .replication = 1};
    rig_error err = {.text = ""};
    assert_int_equal(rig_centre_new(scenario, &centre), RIG_OK);
    for (int again = 0; again < 2; again++) { /* a simulator leaves nothing behind */
        rig_centre_output output = {.fates = o->fates, .instants = o->instants};
        if (rig_centre_simulate(centre, &input, &output, &err) != RIG_OK)
            fail_msg("%s", err.text);
        assert_true(rig_centre_is_idle(centre));
        assert_true(rig_tally_conserved(&output.tally, output.tally.n_offered));
        memcpy(o->metrics, output.metrics, sizeof o->metrics);
    }
    rig_centre_free(centre);
}

static void expect_s(double value, double expected)
{
    if (!(fabs(value - expected) < 1e-6))
        fail_msg("%.9g; expected %.9g", value, expected);
}

static void test_lines_grow_and_shrink(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_line_step steps[] = {{0, 2}, {5, 1}, {20, 3}};
    outcome o;
    room.trunks[0] = (rig_trunk_group){.n_circuits = 3, .steps = steps, .n_steps = 3};
    /* each rings for 1 s and talks for 10 s */
    rig_planned_call calls[] = {call_at(0),    call_at(1),  call_at(2),  call_at(6), call_at(11.5),
                                call_at(12.5), call_at(20), call_at(21), call_at(23)};
    simulate(s, calls, 9, &o);
    static const rig_outcome expected[] = {
        RIG_OUTCOME_SERVED,     RIG_OUTCOME_SERVED, /* to 11 s and 12 s: nobody is cut at 5 s */
        RIG_OUTCOME_LOST_TRUNK,                     /* both are in use */
        RIG_OUTCOME_LOST_TRUNK,                     /* two are in use, and there is one */
        RIG_OUTCOME_LOST_TRUNK,                     /* one is in use, and there is one */
        RIG_OUTCOME_SERVED,                         /* none is in use; to 23.5 s */
        RIG_OUTCOME_SERVED,     RIG_OUTCOME_SERVED, /* three from 20 s on */
        RIG_OUTCOME_LOST_TRUNK,                     /* all three are in use */
    };
    for (size_t i = 0; i < 9; i++)
        if (o.fates[i] != expected[i])
            fail_msg("call %zu: %s", i, rig_outcome_name(o.fates[i]));
    /* (2 * 5 + 1 * 15 + 3 * 40) / 60 are there on the mean */
    expect_s(rig_scenario_mean_of_trunks(s), 145.0 / 60.0);
    expect_s(o.metrics[RIG_METRIC_UTILISATION],
             o.metrics[RIG_METRIC_MEAN_CIRCUITS] / (145.0 / 60.0));
    expect_s(o.metrics[RIG_METRIC_PEAK_UTILISATION], 1.0);
}

/* Spare circuits are those of the number of the instant. */
static void test_spare_circuits_follow(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_line_step steps[] = {{0, 4}, {30, 2}};
    uint32_t second = 1;
    outcome o;
    rig_trunk_group trunks[] = {
        {.n_circuits = 1, .p_share = 1.0, .overflow = &second, .n_overflow = 1},
        {.n_circuits = 4, .steps = steps, .n_steps = 2, .p_spare = 0.5}};
    s->trunks = trunks;
    s->n_trunks = 2;
    /* the first has its own circuit; then two of four, and later one of two, are for those who
     * overflow */
    rig_planned_call calls[] = {call_at(0),  call_at(1),  call_at(2), call_at(3),
                                call_at(30), call_at(31), call_at(32)};
    simulate(s, calls, 7, &o);
    static const bool is_let_in[] = {true, true, true, false, true, true, false};
    for (size_t i = 0; i < 7; i++)
        if ((o.fates[i] == RIG_OUTCOME_SERVED) != is_let_in[i])
            fail_msg("call %zu: %s", i, rig_outcome_name(o.fates[i]));
}

static void test_ports_come_and_go(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_line_step steps[] = {{0, 1}, {5, 2}, {8, 1}};
    outcome o;
    s->ivr.n_ports = 2;
    s->ivr.steps = steps;
    s->ivr.n_steps = 3;
    s->ivr.menu = constant(10); /* a port is held for so long */
    rig_planned_call calls[] = {call_at(0), call_at(1), call_at(2)};
    simulate(s, calls, 3, &o);
    expect_s(o.instants[0].port_s, 0);
    expect_s(o.instants[1].port_s, 5);  /* a second port */
    expect_s(o.instants[2].port_s, 15); /* what is free at 10 s is not there any more */
    expect_s(rig_scenario_mean_of_ports(s), (5 + 2 * 3 + 52) / 60.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_grow_and_shrink),
        cmocka_unit_test(test_spare_circuits_follow),
        cmocka_unit_test(test_ports_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
