/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How callers are given to agents: each rule that a centre may follow instead, and that none of
 * them is seen where the centre is honest. */
#include <math.h>
#include <string.h>

#include "tests/test.h"
#include "tests/unit/synthetic_centre.h"

/* The finding of a kind; fails when there is none. */
static rig_finding finding_of(const rig_scenario *scenario, const synthetic_defect *defect,
                              rig_finding_kind kind)
{
    rig_diagnosis *diagnosis = synthetic_diagnosis(scenario, defect);
    rig_finding found = {.n_calls = 0};
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        print_message("%s: %s\n", rig_finding_kind_name(diagnosis->findings[i].kind),
                      diagnosis->findings[i].text);
        if (diagnosis->findings[i].kind == kind)
            found = diagnosis->findings[i];
    }
    if (found.n_calls == 0)
        fail_msg("no %s", rig_finding_kind_name(kind));
    found.touched = NULL; /* gone with the diagnosis */
    found.spans = NULL;
    rig_diagnosis_free(diagnosis);
    return found;
}

static void test_finds_another_menu(void **state)
{
    (void)state;
    static const double truths[] = {3.0, 4.5, 6.0, 9.0};
    rig_scenario *scenario = synthetic_scenario();
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        rig_finding f =
            finding_of(scenario, &(synthetic_defect){.menu_s = truths[i]}, RIG_FINDING_MENU);
        assert_covers(&f, truths[i]);
        assert_true(fabs(f.estimate - truths[i]) < 0.01 && f.expected == 5.0);
        assert_int_equal(f.stage, RIG_STAGE_IVR);
    }
    /* without marks of the queue: the shortest time to a phone */
    scenario->target.marks = RIG_MARK_QUIET;
    rig_finding f = finding_of(scenario, &(synthetic_defect){.menu_s = 8.0}, RIG_FINDING_MENU);
    assert_covers(&f, 8.0);
    synthetic_scenario_free(scenario);
}

static void test_finds_another_wrap_up(void **state)
{
    (void)state;
    static const double truths[] = {1.0, 3.0, 9.0};
    rig_scenario *scenario = synthetic_scenario();
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        rig_finding f = only_finding(scenario, &(synthetic_defect){.wrap_up_s = truths[i]},
                                     RIG_FINDING_WRAP_UP, RIG_N_FINDING_KINDS);
        assert_covers(&f, truths[i]);
        assert_true(f.high - f.low < 1.5);
    }
    synthetic_scenario_free(scenario);
}

static void test_finds_polls(void **state)
{
    (void)state;
    static const double truths[] = {1.0, 2.0, 5.0};
    rig_scenario *scenario = synthetic_scenario();
    for (size_t i = 0; i < sizeof truths / sizeof *truths; i++) {
        rig_finding f =
            finding_of(scenario, &(synthetic_defect){.poll_s = truths[i]}, RIG_FINDING_QUEUE_POLL);
        assert_covers(&f, truths[i]);
        assert_int_equal(f.stage, RIG_STAGE_QUEUE);
    }
    synthetic_scenario_free(scenario);
}

/* What the scenario says itself is no finding, but a longer one is. */
static void test_polls_of_the_scenario(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    const synthetic_defect defect = {.poll_s = 2.0};
    scenario->queue.poll_s = 1.0;
    rig_finding f = finding_of(scenario, &defect, RIG_FINDING_QUEUE_POLL);
    assert_true(f.expected == 1.0);
    assert_covers(&f, 2.0);
    scenario->queue.poll_s = 2.3; /* less than it says is none, either */
    rig_diagnosis *diagnosis = synthetic_diagnosis(scenario, &defect);
    for (size_t i = 0; i < diagnosis->n_findings; i++) {
        print_message("%s\n", diagnosis->findings[i].text);
        assert_int_not_equal(diagnosis->findings[i].kind, RIG_FINDING_QUEUE_POLL);
    }
    rig_diagnosis_free(diagnosis);
    synthetic_scenario_free(scenario);
}

/* The looks of a queue are told from the idle times of the agents, and the rule can be replayed. */
static void test_polls_of_a_queue_are_one_distance(void **state)
{
    (void)state;
    static const struct {
        uint32_t n_agents;
        double every_s;
        bool is_wrap_up_random;
    } rows[] = {{20, 1.0, false}, {20, 5.0, false}, {24, 10.0, false}, {30, 10.0, false},
                {15, 3.0, false}, {20, 5.0, true},  {26, 8.0, true}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *scenario = synthetic_scenario();
        scenario->agents[0].n_agents = rows[i].n_agents;
        scenario->agents[0].wrap_up.kind =
            rows[i].is_wrap_up_random ? RIG_DIST_EXPONENTIAL : RIG_DIST_CONSTANT;
        rig_finding f =
            finding_of(scenario,
                       &(synthetic_defect){.poll_s = rows[i].every_s,
                                           .is_wrap_up_random = rows[i].is_wrap_up_random},
                       RIG_FINDING_QUEUE_POLL);
        assert_covers(&f, rows[i].every_s);
        assert_true(fabs(f.estimate - rows[i].every_s) < 0.02 && f.n_spans == 0);
        assert_non_null(strstr(f.text, "is looked at each"));
        synthetic_scenario_free(scenario);
    }
}

static void test_finds_one_at_a_time(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = finding_of(scenario, &(synthetic_defect){.is_one_at_a_time = true},
                               RIG_FINDING_ONE_AT_A_TIME);
    assert_true(f.estimate == 1.0 && isinf(f.expected) && f.n_calls > 100);
    synthetic_scenario_free(scenario);
}

static void test_finds_many_phones(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->agents[0].n_agents = 40;
    scenario->trunks[0].n_circuits = 80;
    rig_finding f =
        finding_of(scenario, &(synthetic_defect){.is_ring_all = true}, RIG_FINDING_RING_ALL);
    assert_true(f.low >= 2.0 && f.expected == 1.0 && f.n_calls > 50);
    synthetic_scenario_free(scenario);
}

static void test_finds_ringing_callers_among_the_waiting(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->queue.capacity = 6;
    scenario->agents[0].n_agents = 14;
    rig_finding f = finding_of(scenario, &(synthetic_defect){.is_ringing_counted = true},
                               RIG_FINDING_QUEUE_RINGING);
    assert_true(f.low > 0.0 && f.estimate < 6.0 && f.n_calls > 12);
    synthetic_scenario_free(scenario);
}

static void test_finds_ringing_cut_by_the_timeout(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    scenario->queue.timeout_s = 12.0;
    rig_finding f =
        finding_of(scenario, &(synthetic_defect){.is_ringing_cut = true}, RIG_FINDING_RINGING_CUT);
    assert_true(f.estimate > 0.9 && f.high == 1.0 && f.n_calls > 10);
    synthetic_scenario_free(scenario);
}

/* A refused number is no lack of circuits, however few are in use. */
static void test_finds_refused_numbers(void **state)
{
    (void)state;
    rig_scenario *scenario = synthetic_scenario();
    rig_finding f = only_finding(scenario, &(synthetic_defect){.reject_every = 8},
                                 RIG_FINDING_REFUSED, RIG_N_FINDING_KINDS);
    assert_covers(&f, 0.125);
    assert_int_equal(f.stage, RIG_STAGE_TRUNK);
    synthetic_scenario_free(scenario);
}

/* Short of circuits, ports, agents or places, with and without a time-out: an honest centre. */
static void test_an_honest_centre_shows_nothing(void **state)
{
    (void)state;
    static const struct {
        uint32_t n_circuits, n_ports, n_agents, capacity;
        double timeout_s, time_scale;
    } rows[] = {{40, 8, 20, 0, 0.0, 1.0},    {25, 8, 20, 0, 0.0, 1.0},  {40, 5, 20, 0, 0.0, 15.0},
                {40, 8, 12, 0, 0.0, 1.0},    {40, 8, 14, 6, 0.0, 1.0},  {40, 8, 14, 0, 12.0, 1.0},
                {80, 40, 60, 0, 0.0, 1.0},   {40, 8, 12, 4, 20.0, 6.0}, {40, 8, 18, 10, 8.0, 15.0},
                {120, 40, 28, 0, 30.0, 60.0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *scenario = synthetic_scenario();
        scenario->trunks[0].n_circuits = rows[i].n_circuits;
        scenario->ivr.n_ports = rows[i].n_ports;
        scenario->agents[0].n_agents = rows[i].n_agents;
        scenario->queue.capacity = rows[i].capacity;
        scenario->queue.timeout_s = rows[i].timeout_s;
        scenario->time_scale = rows[i].time_scale;
        rig_diagnosis *diagnosis =
            synthetic_diagnosis(scenario, &(synthetic_defect){.leave_ringing_every = 9});
        for (size_t k = 0; k < diagnosis->n_findings; k++)
            print_message("row %zu: %s\n", i, diagnosis->findings[k].text);
        assert_int_equal(diagnosis->n_findings, 0);
        rig_diagnosis_free(diagnosis);
        synthetic_scenario_free(scenario);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_another_menu),
        cmocka_unit_test(test_finds_another_wrap_up),
        cmocka_unit_test(test_finds_polls),
        cmocka_unit_test(test_polls_of_the_scenario),
        cmocka_unit_test(test_polls_of_a_queue_are_one_distance),
        cmocka_unit_test(test_finds_one_at_a_time),
        cmocka_unit_test(test_finds_many_phones),
        cmocka_unit_test(test_finds_ringing_callers_among_the_waiting),
        cmocka_unit_test(test_finds_ringing_cut_by_the_timeout),
        cmocka_unit_test(test_finds_refused_numbers),
        cmocka_unit_test(test_an_honest_centre_shows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
