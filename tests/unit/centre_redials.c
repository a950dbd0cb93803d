/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Callers who dial again after a loss, counted by hand. */
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

static void test_redial(void **state)
{
    (void)state;
    small_scenario room;
    hand_run run;
    rig_scenario *s = make_one(&room);
    s->callers.redial = (rig_redial){.p_redial = 1, .max_redials = 5, .delay = constant(3)};
    room.trunks[0].n_circuits = 1;
    /* the circuit is busy until 11: lost at 5 and 8, served from 11 on */
    const rig_planned_call calls[] = {call_at(0), call_at(5)};
    run_calls(s, calls, 2, "ST", &run);
    expect_metric(&run, RIG_METRIC_N_OFFERED, 4);
    expect_metric(&run, RIG_METRIC_N_REDIALS, 2);
    expect_metric(&run, RIG_METRIC_N_CALLERS, 2);
    expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 1);
    expect_metric(&run, RIG_METRIC_CONNECT_RATE, 0.5);
    assert_true(run.intervals[0].n_offered == 3 && run.intervals[1].n_offered == 1);
    /* after the last interval, at 61, they are in the totals only */
    const rig_planned_call late[] = {call_at(50), call_at(55)};
    run_calls(s, late, 2, "ST", &run);
    expect_metric(&run, RIG_METRIC_N_OFFERED, 4);
    assert_true(run.intervals[5].n_offered == 3);
    s->callers.redial.max_redials = 1;
    run_calls(s, calls, 2, "ST", &run);
    expect_metric(&run, RIG_METRIC_N_REDIALS, 1);
    expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 0.5);
    s->callers.redial.p_redial = 0;
    run_calls(s, calls, 2, "ST", &run);
    expect_metric(&run, RIG_METRIC_N_REDIALS, 0);
}

/* Who is refused with Retry-After dials again no sooner than it says; his own delay counts where it
 * is longer, and what is said is in whole seconds on the wire. */
static void test_redial_heeds_retry_after(void **state)
{
    (void)state;
    static const struct {
        double retry_after_s, time_scale, delay_s;
        bool heeds;
        double n_redials;
    } rows[] = {
        {0, 1, 1, false, 6},  /* lost at 5, 6, .. 10; served at 11 */
        {4, 1, 1, false, 6},  /* as nobody heeds it */
        {4, 1, 1, true, 2},   /* lost at 5 and 9, served at 13 */
        {4, 1, 8, true, 1},   /* his own delay is longer */
        {2.1, 1, 1, true, 2}, /* 3 s: 5, 8, 11 */
        {4, 6, 1, true, 1},   /* a second on the wire is 6 s */
        {6, 2, 1, true, 1},   /* three seconds on the wire, to the bit */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        small_scenario room;
        hand_run run;
        rig_scenario *s = make_one(&room);
        s->callers.redial = (rig_redial){.p_redial = 1,
                                         .max_redials = 9,
                                         .delay = constant(rows[i].delay_s),
                                         .heeds_retry_after = rows[i].heeds};
        s->target.retry_after_s = rows[i].retry_after_s;
        s->time_scale = rows[i].time_scale;
        room.trunks[0].n_circuits = 1;
        const rig_planned_call calls[] = {call_at(0), call_at(5)};
        run_calls(s, calls, 2, "ST", &run);
        expect_metric(&run, RIG_METRIC_N_REDIALS, rows[i].n_redials);
        expect_metric(&run, RIG_METRIC_SERVED_IN_THE_END, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_redial),
        cmocka_unit_test(test_redial_heeds_retry_after),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
