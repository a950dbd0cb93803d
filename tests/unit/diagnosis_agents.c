/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agents' detectors against runs with one defect. */
#include <math.h>

#include "tests/test.h"
#include "tests/unit/synthetic_centre.h"

#define NO_OTHER RIG_N_FINDING_KINDS

static void test_counts_the_agents(void **state)
{
    (void)state;
    static const uint32_t truths[] = {12, 17, 19, 21, 24};
    rig_scenario *scenario = synthetic_scenario();
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        rig_finding f = only_finding(scenario, &(synthetic_defect){.n_agents = truths[i]},
                                     RIG_FINDING_AGENTS, NO_OTHER);
        assert_int_equal(f.stage, RIG_STAGE_AGENT);
        assert_covers(&f, truths[i]);
        assert_true(f.estimate == truths[i]);
    }
    synthetic_scenario_free(scenario);
}

/* Agents who are on a break after misses, or rest for longer after one refusal than after another,
 * look idle: who is there is not known. */
static void test_counts_nobody_who_may_be_on_a_break(void **state)
{
    (void)state;
    static const struct {
        uint32_t n_most_missed;
        double p_busy, busy_rest_s;
        bool is_found;
    } row[] = {{0, 0.0, 60.0, true},
               {1000000, 0.0, 1.0, true}, /* not so many phones rang in vain */
               {3, 0.0, 1.0, false},
               {0, 0.1, 1.0, true},
               {0, 0.1, 60.0, false}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        rig_scenario *scenario = synthetic_scenario();
        rig_agent_group *group = &scenario->agents[0];
        rig_calls *calls = synthetic_calls(scenario, &(synthetic_defect){.n_agents = 17});
        rig_diagnosis *diagnosis = NULL;
        group->n_most_missed = row[i].n_most_missed;
        group->p_busy = row[i].p_busy;
        group->busy_rest_s = row[i].busy_rest_s;
        group->rest_s = 1.0;
        const rig_diagnosis_input input = {
            .scenario = scenario, .calls = calls, .start_epoch_ns = SYNTHETIC_START_NS};
        assert_int_equal(rig_diagnose(&input, &diagnosis, NULL), RIG_OK);
        const bool is_found =
            diagnosis->n_findings > 0 && diagnosis->findings[0].kind == RIG_FINDING_AGENTS;
        if (is_found != row[i].is_found || (!is_found && diagnosis->n_findings > 0))
            fail_msg("row %zu: %s", i,
                     diagnosis->n_findings > 0 ? diagnosis->findings[0].text : "nothing");
        rig_diagnosis_free(diagnosis);
        rig_calls_free(calls);
        synthetic_scenario_free(scenario);
    }
}

/* Wrap-ups that nobody sees: only the mean number of busy agents can be known. */
static void test_counts_them_behind_random_wrap_ups(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->agents[0].wrap_up.kind = RIG_DIST_EXPONENTIAL;
    rig_finding f =
        only_finding(scenario, &(synthetic_defect){.n_agents = 16, .is_wrap_up_random = true},
                     RIG_FINDING_AGENTS, NO_OTHER);
    assert_covers(&f, 16.0);
    assert_true(f.high - f.low < 3.0);
    synthetic_scenario_free(scenario);
}

static void test_finds_a_window(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(
        scenario, &(synthetic_defect){.n_agents = 12, .from_s = 1000.0, .to_s = 1600.0},
        RIG_FINDING_AGENTS_WINDOW, NO_OTHER);
    assert_covers(&f, 12.0);
    assert_true(fabs(f.from_s - 1000.0) < 60.0 && fabs(f.to_s - 1600.0) < 60.0);
    synthetic_scenario_free(scenario);
}

static void test_finds_a_leak(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.leak_agent_every = 100},
                                 RIG_FINDING_AGENTS_LEAK, NO_OTHER);
    assert_int_equal(f.stage, RIG_STAGE_AGENT);
    assert_true(f.estimate < 15.0 && f.n_explained > 50);
    synthetic_scenario_free(scenario);
}

static void test_finds_an_ignored_ring_timeout(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.is_ring_timeout_ignored = true},
                                 RIG_FINDING_RING_TIMEOUT, NO_OTHER);
    assert_true(fabs(f.estimate - 25.0) < 1e-3 && f.expected == 10.0 && isinf(f.high));
    assert_true(f.n_calls > 50);
    synthetic_scenario_free(scenario);
}

static void test_finds_stuck_agents(void **state)
{
    (void)state;
    static const double truths[] = {20.0, 60.0, 150.0};
    rig_scenario *scenario = synthetic_scenario();
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        rig_finding f = only_finding(
            scenario, &(synthetic_defect){.leave_ringing_every = 12, .stuck_s = truths[i]},
            RIG_FINDING_AGENTS_STUCK, NO_OTHER);
        assert_int_equal(f.stage, RIG_STAGE_AGENT);
        assert_covers(&f, truths[i]);
        assert_true(f.high - f.low < 15.0);
    }
    /* callers who leave are no defect, and fewer agents are no stuck ones */
    rig_diagnosis *diagnosis =
        synthetic_diagnosis(scenario, &(synthetic_defect){.leave_ringing_every = 12});
    assert_int_equal(diagnosis->n_findings, 0);
    rig_diagnosis_free(diagnosis);
    rig_finding f =
        only_finding(scenario, &(synthetic_defect){.leave_ringing_every = 12, .n_agents = 16},
                     RIG_FINDING_AGENTS, NO_OTHER);
    assert_covers(&f, 16.0);
    synthetic_scenario_free(scenario);
}

static void test_counts_the_dropped(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.drop_every = 25},
                                 RIG_FINDING_DROPPED, NO_OTHER);
    assert_covers(&f, 0.04);
    assert_true(fabs(f.estimate - 0.04) < 0.002);
    synthetic_scenario_free(scenario);
}

/* Where a run was stopped, whole talks are more often still going on than cut ones. */
static void test_counts_talks_that_go_on(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_calls *calls = synthetic_calls(scenario, &(synthetic_defect){.drop_every = 25});
    rig_diagnosis *diagnosis = NULL;
    rig_error err;
    for (size_t i = 0; i < calls->n; i++) {
        if (calls->items[i].outcome == RIG_OUTCOME_SERVED && i % 2 == 0)
            calls->items[i].outcome = RIG_OUTCOME_IN_PROGRESS;
    }
    const rig_diagnosis_input input = {
        .scenario = scenario, .calls = calls, .start_epoch_ns = SYNTHETIC_START_NS};
    assert_int_equal(rig_diagnose(&input, &diagnosis, &err), RIG_OK);
    assert_int_equal(diagnosis->n_findings, 1);
    assert_int_equal(diagnosis->findings[0].kind, RIG_FINDING_DROPPED);
    assert_true(fabs(diagnosis->findings[0].estimate - 0.04) < 0.002);
    rig_diagnosis_free(diagnosis);
    rig_calls_free(calls);
    synthetic_scenario_free(scenario);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_the_agents),
        cmocka_unit_test(test_counts_nobody_who_may_be_on_a_break),
        cmocka_unit_test(test_counts_them_behind_random_wrap_ups),
        cmocka_unit_test(test_finds_a_window),
        cmocka_unit_test(test_finds_a_leak),
        cmocka_unit_test(test_finds_an_ignored_ring_timeout),
        cmocka_unit_test(test_finds_stuck_agents),
        cmocka_unit_test(test_counts_the_dropped),
        cmocka_unit_test(test_counts_talks_that_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
