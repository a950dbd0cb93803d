/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IVR's and the queue's detectors against runs with one defect: at a centre that answers for
 * the IVR, and at one that answers for the agent alone (marks "early"). */
#include <math.h>
#include <string.h>

#include "tests/test.h"
#include "tests/unit/synthetic_centre.h"

#define NO_OTHER RIG_N_FINDING_KINDS

/* The scenario of a test; its state tells the marks. */
static rig_scenario *scenario_of(void **state)
{
    rig_scenario *scenario = synthetic_scenario();
    scenario->target.marks = *(const rig_marks *)*state;
    return scenario;
}

static void test_counts_the_ports(void **state)
{
    rig_scenario *scenario = scenario_of(state);
    for (uint32_t truth = 3; truth <= 6; truth++) {
        rig_finding f = only_finding(scenario, &(synthetic_defect){.n_ports = truth},
                                     RIG_FINDING_PORTS, NO_OTHER);
        assert_int_equal(f.stage, RIG_STAGE_IVR);
        assert_covers(&f, truth);
        assert_true(f.estimate == truth);
    }
    scenario->ivr.n_ports = 4;
    rig_finding f =
        only_finding(scenario, &(synthetic_defect){.n_ports = 6}, RIG_FINDING_PORTS, NO_OTHER);
    assert_covers(&f, 6.0);
    synthetic_scenario_free(scenario);
}

static void test_finds_a_window_of_ports(void **state)
{
    rig_scenario *scenario = scenario_of(state);
    rig_finding f =
        only_finding(scenario, &(synthetic_defect){.n_ports = 3, .from_s = 800.0, .to_s = 1500.0},
                     RIG_FINDING_PORTS_WINDOW, NO_OTHER);
    assert_covers(&f, 3.0);
    assert_true(fabs(f.from_s - 800.0) < 30.0 && fabs(f.to_s - 1500.0) < 60.0);
    synthetic_scenario_free(scenario);
}

static void test_measures_a_late_ivr(void **state)
{
    rig_scenario *scenario = scenario_of(state);
    rig_finding f = only_finding(scenario, &(synthetic_defect){.ivr_delay_s = 1.5},
                                 RIG_FINDING_IVR_DELAY, NO_OTHER);
    assert_int_equal(f.stage, RIG_STAGE_IVR);
    assert_covers(&f, 1.506); /* and two reactions of 3 ms */
    synthetic_scenario_free(scenario);
}

static void test_tells_the_order(void **state)
{
    rig_scenario *scenario = scenario_of(state);
    rig_finding f = only_finding(scenario, &(synthetic_defect){.is_newest_first = true},
                                 RIG_FINDING_QUEUE_ORDER, NO_OTHER);
    assert_int_equal(f.stage, RIG_STAGE_QUEUE);
    assert_true(f.estimate < 0.2 && f.expected == 1.0 && f.high < 0.3);
    assert_non_null(strstr(f.text, "the newest"));
    synthetic_scenario_free(scenario);
}

static void test_finds_a_limit(void **state)
{
    rig_scenario *scenario = scenario_of(state);
    rig_finding f = only_finding(scenario, &(synthetic_defect){.queue_limit = 5},
                                 RIG_FINDING_QUEUE_LIMIT, NO_OTHER);
    assert_covers(&f, 5.0);
    assert_true(isinf(f.expected));
    scenario->queue.capacity = 9; /* another one was expected */
    f = only_finding(scenario, &(synthetic_defect){.queue_limit = 5}, RIG_FINDING_QUEUE_LIMIT,
                     NO_OTHER);
    assert_covers(&f, 5.0);
    synthetic_scenario_free(scenario);
}

static void test_finds_a_timeout(void **state)
{
    rig_scenario *scenario = scenario_of(state);
    rig_finding f = only_finding(scenario, &(synthetic_defect){.queue_timeout_s = 8.0},
                                 RIG_FINDING_QUEUE_TIMEOUT, NO_OTHER);
    assert_covers(&f, 8.0);
    assert_true(isinf(f.expected)); /* none was expected */
    scenario->queue.timeout_s = 12.0;
    f = only_finding(scenario, &(synthetic_defect){.queue_timeout_s = 8.0},
                     RIG_FINDING_QUEUE_TIMEOUT, NO_OTHER);
    assert_covers(&f, 8.0);
    /* one that is not kept: only longer waits show it */
    f = only_finding(scenario, &(synthetic_defect){.queue_timeout_s = -1.0},
                     RIG_FINDING_QUEUE_TIMEOUT, NO_OTHER);
    assert_true(f.low > 12.0 && isinf(f.high) && f.n_calls > 10);
    synthetic_scenario_free(scenario);
}

static void test_finds_cuts(void **state)
{
    rig_scenario *scenario = scenario_of(state);
    rig_finding f = only_finding(scenario, &(synthetic_defect){.cut_every = 20},
                                 RIG_FINDING_QUEUE_CUT, NO_OTHER);
    assert_int_equal(f.stage, RIG_STAGE_QUEUE);
    assert_true(f.low > 0.0 && f.high < 0.06 && f.low < f.estimate && f.estimate < f.high);
    synthetic_scenario_free(scenario);
}

/* What the IVR's detector needs is the 183's instant: a file without it says nothing, and nothing
 * is made up from the agents' answers. */
static void test_tells_nothing_of_early_calls_without_their_menu(void **state)
{
    rig_scenario *scenario = scenario_of(state);
    const synthetic_defect defect = {.n_ports = 4};
    rig_calls *calls = synthetic_calls(scenario, &defect);
    rig_diagnosis *diagnosis = NULL;
    rig_error err;
    for (size_t i = 0; i < calls->n; i++)
        calls->items[i].t_menu_ns = RIG_NO_TIME;
    const rig_diagnosis_input input = {
        .scenario = scenario, .calls = calls, .start_epoch_ns = SYNTHETIC_START_NS};
    assert_int_equal(rig_diagnose(&input, &diagnosis, &err), RIG_OK);
    for (size_t i = 0; i < diagnosis->n_findings; i++)
        assert_int_not_equal(diagnosis->findings[i].stage, RIG_STAGE_IVR);
    rig_diagnosis_free(diagnosis);
    rig_calls_free(calls);
    synthetic_scenario_free(scenario);
}

#define WITH(marks_of, test) cmocka_unit_test_prestate(test, (void *)&marks_of)

int main(void)
{
    static const rig_marks reinvite = RIG_MARK_REINVITE, early = RIG_MARK_EARLY;
    const struct CMUnitTest tests[] = {
        WITH(reinvite, test_counts_the_ports),
        WITH(reinvite, test_finds_a_window_of_ports),
        WITH(reinvite, test_measures_a_late_ivr),
        WITH(reinvite, test_tells_the_order),
        WITH(reinvite, test_finds_a_limit),
        WITH(reinvite, test_finds_a_timeout),
        WITH(reinvite, test_finds_cuts),
        WITH(early, test_counts_the_ports),
        WITH(early, test_finds_a_window_of_ports),
        WITH(early, test_measures_a_late_ivr),
        WITH(early, test_tells_the_order),
        WITH(early, test_finds_a_limit),
        WITH(early, test_finds_a_timeout),
        WITH(early, test_finds_cuts),
        WITH(early, test_tells_nothing_of_early_calls_without_their_menu),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
