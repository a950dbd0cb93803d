/* The IVR's and the queue's detectors against runs with one defect. */
#include <math.h>
#include <string.h>

#include "tests/test.h"
#include "tests/unit/synthetic_centre.h"

#define NO_OTHER RIG_N_FINDING_KINDS

static void test_counts_the_ports(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
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
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f =
        only_finding(scenario, &(synthetic_defect){.n_ports = 3, .from_s = 800.0, .to_s = 1500.0},
                     RIG_FINDING_PORTS_WINDOW, NO_OTHER);
    assert_covers(&f, 3.0);
    assert_true(fabs(f.from_s - 800.0) < 30.0 && fabs(f.to_s - 1500.0) < 60.0);
    synthetic_scenario_free(scenario);
}

static void test_measures_a_late_ivr(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.ivr_delay_s = 1.5},
                                 RIG_FINDING_IVR_DELAY, NO_OTHER);
    assert_int_equal(f.stage, RIG_STAGE_IVR);
    assert_covers(&f, 1.506); /* and two reactions of 3 ms */
    synthetic_scenario_free(scenario);
}

static void test_tells_the_order(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.is_newest_first = true},
                                 RIG_FINDING_QUEUE_ORDER, NO_OTHER);
    assert_int_equal(f.stage, RIG_STAGE_QUEUE);
    assert_true(f.estimate < 0.2 && f.expected == 1.0 && f.high < 0.3);
    assert_non_null(strstr(f.text, "the newest"));
    synthetic_scenario_free(scenario);
}

static void test_finds_a_limit(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
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

/* The same where the queue is early media: the centre ends a call by a last response. */
static void test_reads_early_media(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->target.marks = RIG_MARK_EARLY;
    rig_finding f = only_finding(scenario, &(synthetic_defect){.queue_limit = 5},
                                 RIG_FINDING_QUEUE_LIMIT, NO_OTHER);
    assert_covers(&f, 5.0);
    f = only_finding(scenario, &(synthetic_defect){.queue_timeout_s = 8.0},
                     RIG_FINDING_QUEUE_TIMEOUT, NO_OTHER);
    assert_covers(&f, 8.0);
    synthetic_scenario_free(scenario);
}

static void test_finds_a_timeout(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
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
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.cut_every = 20},
                                 RIG_FINDING_QUEUE_CUT, NO_OTHER);
    assert_int_equal(f.stage, RIG_STAGE_QUEUE);
    assert_true(f.low > 0.0 && f.high < 0.06 && f.low < f.estimate && f.estimate < f.high);
    synthetic_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_the_ports),    cmocka_unit_test(test_finds_a_window_of_ports),
        cmocka_unit_test(test_measures_a_late_ivr), cmocka_unit_test(test_tells_the_order),
        cmocka_unit_test(test_finds_a_limit),       cmocka_unit_test(test_reads_early_media),
        cmocka_unit_test(test_finds_a_timeout),     cmocka_unit_test(test_finds_cuts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
