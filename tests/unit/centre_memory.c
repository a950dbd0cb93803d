/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulator's memory: none is taken while it simulates, little for what is not used, and an
 * error when there is none.  */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "models/centre.h"
#include "models/prediction.h"
#include "tests/oom.h"
#include "tests/small_scenario.h"

/* Room for a scenario in which something of everything happens. */
typedef struct busy {
    small_scenario room;
    rig_shift shifts[2];
    rig_reserve reserves[1];
    rig_fault faults[1];
} busy;

static rig_scenario *make_busy(busy *b)
{
    const rig_dist ten = {.kind = RIG_DIST_EXPONENTIAL, .mean_s = 10.0};
    rig_scenario *s = small_scenario_make(&b->room);
    b->room.rate[0].rate_per_min = 600;
    b->room.trunks[0].n_circuits = 60;
    b->shifts[0] = (rig_shift){0, 5};
    b->shifts[1] = (rig_shift){20, 10};
    b->room.agents[0].shifts = b->shifts;
    b->room.agents[0].n_shifts = 2;
    b->reserves[0] = (rig_reserve){
        .n_agents = 5, .queue_above = 2, .for_s = 1, .arrive_after = ten, .leave_after_s = 5};
    b->faults[0] = (rig_fault){.kind = RIG_FAULT_CENTRE, .at_s = 30, .for_s = 3};
    s->reserves = b->reserves;
    s->n_reserves = 1;
    s->faults = b->faults;
    s->n_faults = 1;
    s->ivr.n_ports = 30;
    s->ivr.menu = s->callers.talk = s->callers.patience_queue = s->callers.patience_answer = ten;
    s->callers.redial = (rig_redial){.p_redial = 0.7, .max_redials = 5, .delay = ten};
    s->queue.keep_place = (rig_keep_place){.p_accept = 0.3, .max_places = 20};
    s->queue.deflection = (rig_deflection){.p_accept = 0.3, .announcement_s = 3};
    s->call_back = (rig_call_back){.start_s = 60,
                                   .idle_agents = 1,
                                   .n_attempts = 3,
                                   .p_reached = 0.6,
                                   .answer = ten,
                                   .no_answer_s = 25};
    s->limits.max_outside = 100000;
    return s;
}

static void test_nothing_is_allocated_while_it_simulates(void **state)
{
    (void)state;
    busy b;
    rig_scenario *s = make_busy(&b);
    rig_centre *centre = NULL;
    rig_interval intervals[6];
    rig_centre_output output = {.intervals = intervals};
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    (void)oom_count();
    for (uint32_t r = 1; r <= 20; r++) {
        const rig_centre_input input = {.replication = r};
        assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
        assert_true(output.counts.n_redials > 0 && output.counts.n_called_back > 0);
        assert_true(output.tally.n_outcome[RIG_OUTCOME_DROPPED] > 0);
    }
    assert_int_equal(oom_count(), 0);
    /* ten times the callers need no more memory */
    b.room.rate[0].rate_per_min = 6000;
    const rig_centre_input input = {.replication = 1};
    assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
    assert_int_equal(oom_count(), 0);
    rig_centre_free(centre);
}

/* The memory of a prediction depends on its replications, not on its calls. */
static void test_a_prediction_allocates_the_same_for_more_calls(void **state)
{
    (void)state;
    long n[2];
    for (int i = 0; i < 2; i++) {
        busy b;
        rig_scenario *s = make_busy(&b);
        rig_prediction *p = NULL;
        const rig_predict_options how = {.n_replications = 10, .n_threads = 1};
        b.room.rate[0].rate_per_min = i == 0 ? 60 : 6000;
        (void)oom_count();
        assert_int_equal(rig_predict(s, &how, &p, NULL), RIG_OK);
        n[i] = oom_count();
        rig_prediction_free(p);
    }
    assert_true(n[0] > 0);
    assert_int_equal(n[0], n[1]);
}

static void test_out_of_memory(void **state)
{
    (void)state;
    busy b;
    rig_scenario *s = make_busy(&b);
    s->queue.routing = RIG_ROUTING_ROUND_ROBIN;
    long n = 0;
    for (;; n++) {
        rig_centre *centre = NULL;
        oom_allow(OOM_FROM, n);
        rig_status status = rig_centre_new(s, &centre);
        (void)oom_end();
        if (status == RIG_OK) {
            rig_centre_free(centre);
            break;
        }
        assert_int_equal(status, RIG_ENOMEM);
        assert_null(centre);
    }
    assert_true(n > 15);
}

/* Prediction, too: at each allocation. */
static void test_prediction_out_of_memory(void **state)
{
    (void)state;
    busy b;
    rig_scenario *s = make_busy(&b);
    const rig_predict_options how = {.n_replications = 2, .n_threads = 1};
    long n = 0;
    for (;; n++) {
        rig_prediction *p = NULL;
        rig_error err = {.text = ""};
        oom_allow(OOM_FROM, n);
        rig_status status = rig_predict(s, &how, &p, &err);
        (void)oom_end();
        if (status == RIG_OK) {
            rig_prediction_free(p);
            break;
        }
        assert_int_equal(status, RIG_ENOMEM);
        assert_null(p);
        assert_true(err.text[0] != '\0');
    }
    assert_true(n > 25);
}

/* Ten million circuits, ports and agents: what a run does not use costs nothing, so that a thousand
 * runs end before any timeout. */
static void test_huge_centres(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_centre *centre = NULL;
    rig_centre_output output = {.fates = NULL};
    room.trunks[0].n_circuits = s->ivr.n_ports = room.agents[0].n_agents = 10000000;
    assert_int_equal(rig_centre_new(s, &centre), RIG_OK);
    for (uint32_t r = 1; r <= 1000; r++) {
        const rig_centre_input input = {.replication = r};
        assert_int_equal(rig_centre_simulate(centre, &input, &output, NULL), RIG_OK);
        assert_int_equal(output.tally.n_outcome[RIG_OUTCOME_SERVED], output.tally.n_offered);
    }
    assert_true(rig_centre_is_idle(centre));
    rig_centre_free(centre);
    /* more than numbers can count: an error */
    s->queue.keep_place = (rig_keep_place){.p_accept = 1, .max_places = UINT32_MAX};
    centre = NULL;
    (void)oom_count();
    assert_int_equal(rig_centre_new(s, &centre), RIG_ENOMEM);
    assert_null(centre);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_allocated_while_it_simulates),
        cmocka_unit_test(test_a_prediction_allocates_the_same_for_more_calls),
        cmocka_unit_test(test_out_of_memory),
        cmocka_unit_test(test_prediction_out_of_memory),
        cmocka_unit_test(test_huge_centres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
