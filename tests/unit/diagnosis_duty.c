/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agents who should be on duty and are not, found in calls made by hand: shifts and reserves. */
#include "tests/unit/skills_room.h"

/* Each call waits for 5 s beside an agent or two of the desk, which should be 6 from 300 s on. */
static void test_a_shift_that_does_not_come(void **state)
{
    (void)state;
    rig_shift shifts[] = {{0, 2}, {300, 6}};
    static const struct {
        double wait_s;
        uint32_t n_first, n_then;
        const char *agent; /* of every call */
        bool is_short;
    } row[] = {{5.0, 2, 6, "agent1", true},
               {0.2, 2, 6, "agent1", false}, /* at the door: each is rung for */
               {0.0, 2, 6, "agent1", false}, /* nobody waits */
               {5.0, 1, 0, "agent1", false}, /* as many as should be, or nearly */
               {5.0, 6, 6, "agent1", false}, /* the number does not change: others look at that */
               {5.0, 2, 6, "agent7", true}}; /* another group's agent takes them all */
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        room r;
        rig_scenario *s = make(&r);
        shifts[0].n_agents = row[i].n_first;
        shifts[1].n_agents = row[i].n_then;
        r.agents[DESK].n_agents = 6;
        r.agents[DESK].shifts = shifts;
        r.agents[DESK].n_shifts = row[i].n_first == row[i].n_then ? 1 : 2;
        s->traffic.duration_s = 600.0;
        for (int k = 0; k < N_CALLS; k++)
            put(&r, k, ORDERS, row[i].wait_s, row[i].agent);
        rig_diagnosis *d = diagnose(&r);
        const rig_finding *f = of_kind(d, RIG_FINDING_ON_DUTY);
        if ((f != NULL) != row[i].is_short)
            fail_msg("row %zu: %s", i, f != NULL ? f->text : "nothing");
        if (f != NULL) {
            assert_int_equal(f->group, 1 + DESK);
            assert_true(f->expected == 6.0 && f->from_s == 300.0 && f->to_s == 600.0);
            assert_true(f->estimate < 1.5 && f->high < 6.0);
            assert_int_equal(f->n_spans, 2); /* of two hardly one is there before, either */
            assert_non_null(strstr(f->text, "of desk were busy, and 6 should have been on duty"));
        }
        rig_diagnosis_free(d);
    }
}

/* Who wraps up, and who calls back, is on duty: two are there, and 5 s of each 10 somebody waits.
 */
static void test_who_is_busy_otherwise(void **state)
{
    (void)state;
    for (int what = 0; what < 3; what++) { /* neither; wrap-ups of 20 s; two call backs at a time */
        room r;
        rig_shift shifts[] = {{0, 1}, {300, 2}};
        rig_scenario *s = make(&r);
        r.agents[DESK].shifts = shifts;
        r.agents[DESK].n_shifts = 2;
        s->traffic.duration_s = 600.0;
        if (what == 1)
            r.agents[DESK].wrap_up = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 20.0};
        for (int k = 0; k < N_CALLS; k++) {
            put(&r, k, ORDERS, 5.0, "agent1");
            for (int i = 0; i < 2 && what == 2; i++) {
                rig_call *back = &r.backs[r.n_backs++];
                *back = r.calls[k];
                back->t_invite_ns = at(10.0 * k);
                back->t_end_ns = at(10.0 * k + 5.0);
            }
        }
        rig_diagnosis *d = diagnose(&r);
        const rig_finding *f = of_kind(d, RIG_FINDING_ON_DUTY);
        if ((f != NULL) != (what == 0))
            fail_msg("%d: %s", what, f != NULL ? f->text : "nothing");
        rig_diagnosis_free(d);
    }
}

/* One call waits from each tenth second on: 3 s later the reserves are called, and there at 103 s.
 */
static void test_reserves_who_do_not_come(void **state)
{
    (void)state;
    static const struct {
        double wait_s;
        uint32_t queue_above;
        const char *agent; /* of the last call */
        bool is_missing;
    } row[] = {{5.0, 0, "agent1", true},  {5.0, 0, "agent4", false}, /* one of them */
               {5.0, 0, "agent6", true},                             /* behind them */
               {5.0, 1, "agent1", false},                            /* never so many wait */
               {2.0, 0, "agent1", false},                            /* or for so long */
               {5.0, 0, "bob", false}}; /* whose phone it is is not known */
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        room r;
        rig_scenario *s = make(&r);
        rig_reserve tier = {.name = (char *)"on call",
                            .group = DESK,
                            .n_agents = 3,
                            .queue_above = row[i].queue_above,
                            .for_s = 3.0,
                            .arrive_after = {.kind = RIG_DIST_CONSTANT, .mean_s = 100.0},
                            .leave_after_s = 1000.0};
        s->reserves = &tier;
        s->n_reserves = 1;
        for (int k = 0; k < N_CALLS; k++)
            put(&r, k, ORDERS, row[i].wait_s, k + 1 < N_CALLS ? "agent1" : row[i].agent);
        rig_diagnosis *d = diagnose(&r);
        const rig_finding *f = of_kind(d, RIG_FINDING_NO_RESERVES);
        if ((f != NULL) != row[i].is_missing)
            fail_msg("row %zu: %s", i, f != NULL ? f->text : "nothing");
        if (f != NULL) {
            assert_true(f->reserve == 1 && f->expected == 3.0 && f->estimate == 0.0);
            assert_true(f->from_s == 103.0);
            assert_int_equal(f->n_calls, 50);
            assert_non_null(strstr(f->text, "reserves on call should have been called at 3 s, "));
        }
        rig_diagnosis_free(d);
    }
}

/* Nobody is called by the queue here. The first window has fifteen answered, and five
 * lost. */
static void test_reserves_called_otherwise(void **state)
{
    (void)state;
    static const struct {
        double connect_rate_below, window_s;
        uint32_t agents_below;
        double for_s, called_s;                        /* NAN: not at all */
        int n_lossy;                                   /* calls, one in four of them lost */
    } row[] = {{0.9, 200.0, 0, 0.0, 200.0, N_CALLS},   /* the first window */
               {0.9, 200.0, 0, 30.0, 230.0, N_CALLS},  /* and for some time after it */
               {0.9, 200.0, 0, 200.0, 400.0, N_CALLS}, /* two windows in a row */
               {0.9, 200.0, 0, 200.0, NAN, 20},        /* but one */
               {0.05, 200.0, 0, 0.0, NAN, N_CALLS},    /* more were answered */
               {0.9, 100000.0, 0, 0.0, NAN, N_CALLS},  /* no window is over */
               {0.0, 0.0, 40, 7.0, 7.0, N_CALLS},      /* the group never has so many */
               {0.0, 0.0, 1, 7.0, NAN, N_CALLS}};      /* but so many */
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        room r;
        rig_scenario *s = make(&r);
        rig_reserve tier = {.name = (char *)"on call",
                            .group = DESK,
                            .n_agents = 3,
                            .ignores_queue = true,
                            .connect_rate_below = row[i].connect_rate_below,
                            .window_s = row[i].window_s,
                            .agents_below = row[i].agents_below,
                            .for_s = row[i].for_s,
                            .arrive_after = {.kind = RIG_DIST_CONSTANT, .mean_s = 10.0},
                            .leave_after_s = 1000.0};
        s->reserves = &tier;
        s->n_reserves = 1;
        for (int k = 0; k < N_CALLS; k++) {
            put(&r, k, ORDERS, 5.0, "agent1");
            if (k % 4 != 0 || k >= row[i].n_lossy)
                continue;
            r.calls[k].outcome = RIG_OUTCOME_LOST_QUEUE;
            r.calls[k].t_agent_answer_ns = RIG_NO_TIME;
        }
        rig_diagnosis *d = diagnose(&r);
        const rig_finding *f = of_kind(d, RIG_FINDING_NO_RESERVES);
        if ((f != NULL) == isnan(row[i].called_s))
            fail_msg("row %zu: %s", i, f != NULL ? f->text : "nothing");
        if (f != NULL)
            assert_true(f->from_s == row[i].called_s + 10.0);
        rig_diagnosis_free(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_shift_that_does_not_come),
        cmocka_unit_test(test_who_is_busy_otherwise),
        cmocka_unit_test(test_reserves_who_do_not_come),
        cmocka_unit_test(test_reserves_called_otherwise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
