/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trunk's detectors against runs with one defect. */
#include <math.h>
#include <string.h>

#include "tests/test.h"
#include "tests/unit/synthetic_centre.h"

#define NO_OTHER RIG_N_FINDING_KINDS

static void test_counts_the_circuits(void **state)
{
    (void)state;
    static const uint32_t truths[] = {10, 22, 25};
    rig_scenario *scenario = synthetic_scenario();
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        rig_finding f = only_finding(scenario, &(synthetic_defect){.n_circuits = truths[i]},
                                     RIG_FINDING_CIRCUITS, NO_OTHER);
        assert_int_equal(f.stage, RIG_STAGE_TRUNK);
        assert_covers(&f, truths[i]);
        assert_true(f.estimate == truths[i] && f.high - f.low <= 2.0);
        assert_true(strstr(f.text, "E1") == NULL || truths[i] == 10);
    }
    /* 30 fewer are one E1 */
    rig_finding f = only_finding(scenario, &(synthetic_defect){.n_circuits = 10},
                                 RIG_FINDING_CIRCUITS, NO_OTHER);
    assert_non_null(strstr(f.text, "1 E1 is missing"));
    scenario->trunks[0].n_circuits = 23;
    f = only_finding(scenario, &(synthetic_defect){.n_circuits = 22}, RIG_FINDING_CIRCUITS,
                     NO_OTHER);
    assert_true(f.estimate == 22.0);
    /* more than the scenario says are a deviation, too */
    scenario->trunks[0].n_circuits = 18;
    f = only_finding(scenario, &(synthetic_defect){.n_circuits = 22}, RIG_FINDING_CIRCUITS,
                     NO_OTHER);
    assert_covers(&f, 22.0);
    synthetic_scenario_free(scenario);
}

static void test_finds_a_window(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(
        scenario, &(synthetic_defect){.n_circuits = 15, .from_s = 900.0, .to_s = 1300.0},
        RIG_FINDING_CIRCUITS_WINDOW, NO_OTHER);
    assert_covers(&f, 15.0);
    assert_true(fabs(f.from_s - 900.0) < 30.0 && fabs(f.to_s - 1300.0) < 30.0);
    synthetic_scenario_free(scenario);
}

/* Less than a second on the wire, in which the machine stalled. */
static void test_takes_a_stall_for_none(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->time_scale = 60.0;
    rig_diagnosis *diagnosis = synthetic_diagnosis(
        scenario, &(synthetic_defect){.n_circuits = 1, .from_s = 900.0, .to_s = 955.0});
    assert_int_equal(diagnosis->n_findings, 0);
    rig_diagnosis_free(diagnosis);
    /* the same for longer than a second is none of the machine */
    (void)only_finding(scenario,
                       &(synthetic_defect){.n_circuits = 1, .from_s = 900.0, .to_s = 1100.0},
                       RIG_FINDING_CIRCUITS_WINDOW, NO_OTHER);
    synthetic_scenario_free(scenario);
}

static void test_finds_a_leak(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.leak_circuit_every = 60},
                                 RIG_FINDING_CIRCUITS_LEAK, NO_OTHER);
    assert_int_equal(f.stage, RIG_STAGE_TRUNK);
    assert_true(f.estimate < 25.0);
    assert_true(f.n_explained > 100);
    synthetic_scenario_free(scenario);
}

static void test_finds_a_silence(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f =
        only_finding(scenario, &(synthetic_defect){.dead_from_s = 700.0, .dead_to_s = 760.0},
                     RIG_FINDING_SILENCE, NO_OTHER);
    assert_covers(&f, 60.0);
    assert_true(f.from_s >= 700.0 && f.to_s < 760.0 && f.estimate > 50.0);
    assert_true(f.n_calls >= 35 && f.n_calls <= 75); /* 54 on the mean */
    synthetic_scenario_free(scenario);
}

/* What came meanwhile is answered when it is sent again. The phones' calls of before are no calls
 * of the centre any more: that it lets others in is no finding. */
static void test_finds_a_crash(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f =
        only_finding(scenario, &(synthetic_defect){.crash_from_s = 700.0, .crash_to_s = 750.0},
                     RIG_FINDING_SILENCE, NO_OTHER);
    assert_covers(&f, 50.0);
    assert_true(f.from_s >= 700.0 && f.to_s < 750.0 && f.estimate > 40.0);
    synthetic_scenario_free(scenario);
}

/* Slow for less than a second: a machine that stalls. */
static void test_takes_a_short_silence_for_none(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->time_scale = 60.0;
    rig_diagnosis *diagnosis = synthetic_diagnosis(
        scenario, &(synthetic_defect){.crash_from_s = 700.0, .crash_to_s = 750.0});
    for (size_t i = 0; i < diagnosis->n_findings; i++)
        assert_int_not_equal(diagnosis->findings[i].kind, RIG_FINDING_SILENCE);
    rig_diagnosis_free(diagnosis);
    synthetic_scenario_free(scenario);
}

/* Nobody is let in any more: any capacity down to none says the same. */
static void test_finds_a_closed_door(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->traffic.duration_s = 1500.0;
    rig_finding f = only_finding(
        scenario, &(synthetic_defect){.is_closed = true, .from_s = 1200.0, .to_s = 1500.0},
        RIG_FINDING_CIRCUITS_WINDOW, NO_OTHER);
    assert_true(f.low == 0.0 && f.estimate < 10.0);
    assert_true(f.n_explained == f.n_calls && f.n_calls > 200);
    assert_non_null(strstr(f.text, "no call was let in"));
    synthetic_scenario_free(scenario);
}

static void test_counts_the_unanswered(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.unanswered_every = 50},
                                 RIG_FINDING_UNANSWERED, NO_OTHER);
    assert_covers(&f, 0.02);
    assert_true(fabs(f.estimate - 0.02) < 0.001);
    synthetic_scenario_free(scenario);
}

static void test_measures_a_late_response(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->time_scale = 10.0;
    /* 3 s of the scenario are 0.3 s on the wire; it is not the IVR that is late */
    rig_finding f = only_finding(scenario, &(synthetic_defect){.response_delay_s = 3.0},
                                 RIG_FINDING_RESPONSE_DELAY, NO_OTHER);
    assert_covers(&f, 3.0);
    assert_true(fabs(f.estimate - 3.0) < 0.05 && f.low > 2.9 && f.high < 3.1);
    /* so late that each INVITE is sent again: slow, not dead */
    f = only_finding(scenario, &(synthetic_defect){.response_delay_s = 8.0},
                     RIG_FINDING_RESPONSE_DELAY, NO_OTHER);
    assert_covers(&f, 8.0);
    synthetic_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_the_circuits),
        cmocka_unit_test(test_finds_a_window),
        cmocka_unit_test(test_takes_a_stall_for_none),
        cmocka_unit_test(test_finds_a_leak),
        cmocka_unit_test(test_finds_a_silence),
        cmocka_unit_test(test_finds_a_crash),
        cmocka_unit_test(test_takes_a_short_silence_for_none),
        cmocka_unit_test(test_finds_a_closed_door),
        cmocka_unit_test(test_counts_the_unanswered),
        cmocka_unit_test(test_measures_a_late_response),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
