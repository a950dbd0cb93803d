/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Planned calls, one by one, against a replay. */
#include "verdict/join.h"

#include "tests/test.h"

#define N 14

static void test_lists_what_differs(void **state)
{
    (void)state;
    rig_call lost = {.call_id = (char *)"lost@rig", .outcome = RIG_OUTCOME_LOST_TRUNK};
    rig_call served = {.call_id = (char *)"served@rig", .outcome = RIG_OUTCOME_SERVED};
    rig_planned_call planned[N] = {0};
    rig_schedule schedule = {.calls = planned, .n = N};
    const rig_call *observed[N];
    rig_outcome fates[N];
    rig_join join = {.n_planned = N, .observed = observed};
    for (int i = 0; i < N; i++) { /* the last twelve differ */
        planned[i].t_s = 0.5 * i;
        observed[i] = i == 13 ? NULL : i % 2 == 0 ? &lost : &served;
        fates[i] = i < 2        ? observed[i]->outcome
                   : i % 2 == 0 ? RIG_OUTCOME_LOST_QUEUE
                                : RIG_OUTCOME_LOST_TRUNK;
    }
    rig_call_diff diff = rig_join_diff(&join, &schedule, fates);
    assert_int_equal(diff.n_different, 12);
    assert_int_equal(diff.n_first, RIG_N_DIFFERENCES);
    assert_int_equal(diff.first[0].planned_index, 2);
    assert_true(diff.first[0].t_s == 1.0);
    assert_int_equal(diff.first[0].replayed, RIG_OUTCOME_LOST_QUEUE);
    assert_int_equal(diff.first[0].observed, RIG_OUTCOME_LOST_TRUNK);
    assert_string_equal(diff.first[0].call_id, "lost@rig");
    assert_int_equal(diff.first[9].planned_index, 11);
    assert_int_equal(diff.stages[RIG_STAGE_TRUNK].n_both, 1);
    assert_int_equal(diff.stages[RIG_STAGE_TRUNK].n_observed, 6);
    assert_int_equal(diff.stages[RIG_STAGE_TRUNK].n_replayed, 6);
    assert_int_equal(diff.stages[RIG_STAGE_QUEUE].n_replayed, 6);
    assert_int_equal(diff.stages[RIG_STAGE_QUEUE].n_both + diff.stages[RIG_STAGE_QUEUE].n_observed,
                     0);
}

static void test_a_call_that_was_not_placed_has_no_id(void **state)
{
    (void)state;
    rig_planned_call planned[1] = {0};
    rig_schedule schedule = {.calls = planned, .n = 1};
    const rig_call *observed[1] = {NULL};
    const rig_outcome fates[1] = {RIG_OUTCOME_SERVED};
    rig_join join = {.n_planned = 1, .observed = observed};
    rig_call_diff diff = rig_join_diff(&join, &schedule, fates);
    assert_int_equal(diff.n_first, 1);
    assert_int_equal(diff.first[0].observed, RIG_OUTCOME_NOT_PLACED);
    assert_null(diff.first[0].call_id);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_what_differs),
        cmocka_unit_test(test_a_call_that_was_not_placed_has_no_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
