/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The diagnosis: nothing is found where nothing is wrong, and what weighs most comes first. */
#include <math.h>
#include <stdlib.h>

#include "tests/test.h"
#include "tests/unit/synthetic_centre.h"

static void expect_nothing(const rig_scenario *scenario, const synthetic_defect *defect)
{
    rig_diagnosis *diagnosis = synthetic_diagnosis(scenario, defect);
    for (size_t i = 0; i < diagnosis->n_findings; i++)
        print_message("found: %s\n", diagnosis->findings[i].text);
    assert_int_equal(diagnosis->n_findings, 0);
    rig_diagnosis_free(diagnosis);
}

static void test_finds_nothing_in_an_honest_run(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    expect_nothing(scenario, &(synthetic_defect){0});
    scenario->agents[0].wrap_up.kind = RIG_DIST_EXPONENTIAL;
    expect_nothing(scenario, &(synthetic_defect){.is_wrap_up_random = true});
    scenario->agents[0].wrap_up.kind = RIG_DIST_CONSTANT;
    scenario->queue.capacity = 10;
    scenario->queue.timeout_s = 12.0;
    expect_nothing(scenario, &(synthetic_defect){0});
    scenario->trunks[0].n_circuits = 20;
    scenario->ivr.n_ports = 5;
    expect_nothing(scenario, &(synthetic_defect){0});
    synthetic_scenario_free(scenario);
}

static void test_finds_nothing_where_no_call_was(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_calls calls = {0};
    rig_diagnosis *diagnosis = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_diagnose(&(rig_diagnosis_input){.scenario = scenario, .calls = &calls},
                                  &diagnosis, &err),
                     RIG_OK);
    assert_int_equal(diagnosis->n_findings, 0);
    rig_diagnosis_free(diagnosis);
    rig_diagnosis_free(NULL);
    synthetic_scenario_free(scenario);
}

static void test_puts_the_weightiest_first(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_diagnosis *d = synthetic_diagnosis(
        scenario, &(synthetic_defect){.n_circuits = 22, .unanswered_every = 100});
    assert_int_equal(d->n_findings, 2);
    assert_int_equal(d->findings[0].kind, RIG_FINDING_CIRCUITS);
    assert_int_equal(d->findings[1].kind, RIG_FINDING_UNANSWERED);
    assert_true(d->findings[0].n_explained > d->findings[1].n_explained);
    rig_diagnosis_free(d);
    synthetic_scenario_free(scenario);
}

/* All times of the scenario ten times as fast on the wire: the same findings. */
static void test_follows_the_time_scale(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    const synthetic_defect defect = {.queue_timeout_s = 9.0};
    scenario->queue.timeout_s = 12.0;
    rig_finding slow =
        only_finding(scenario, &defect, RIG_FINDING_QUEUE_TIMEOUT, RIG_N_FINDING_KINDS);
    scenario->time_scale = 10.0;
    rig_finding fast =
        only_finding(scenario, &defect, RIG_FINDING_QUEUE_TIMEOUT, RIG_N_FINDING_KINDS);
    assert_true(fabs(slow.estimate - fast.estimate) < 1e-3);
    assert_int_equal(slow.n_calls, fast.n_calls);
    /* the same grain of 5 ms on the wire */
    assert_true(fast.high - fast.low > slow.high - slow.low + 0.08);
    synthetic_scenario_free(scenario);
}

static void test_names_the_kinds(void **state)
{
    (void)state;
    assert_string_equal(rig_finding_kind_name(RIG_FINDING_CIRCUITS), "circuits");
    assert_string_equal(rig_finding_kind_name(RIG_FINDING_IVR_DELAY), "ivr_delay");
    assert_string_equal(rig_finding_kind_name(RIG_FINDING_AGENTS), "agents");
    assert_string_equal(rig_finding_kind_name(RIG_FINDING_DROPPED), "dropped");
    assert_string_equal(rig_finding_kind_name(RIG_N_FINDING_KINDS), "?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_nothing_in_an_honest_run),
        cmocka_unit_test(test_finds_nothing_where_no_call_was),
        cmocka_unit_test(test_puts_the_weightiest_first),
        cmocka_unit_test(test_follows_the_time_scale),
        cmocka_unit_test(test_names_the_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
