/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose hang-up it was: the rig's after its stop, or the centre's. */
#include "tests/test.h"

#include <string.h>

#include "verdict/cut_by_rig.h"

#define STOP_NS INT64_C(1700000010000000000)

/* A call that ended `after_s` behind the stop. */
static rig_call call_of(rig_outcome outcome, double after_s, rig_bye bye, bool is_cancelled,
                        int code)
{
    rig_call call = {.planned_index = 3,
                     .t_invite_ns = STOP_NS - 5 * RIG_NS_PER_S,
                     .t_end_ns = STOP_NS + rig_clock_ns_of_s(after_s),
                     .bye = bye,
                     .cancelled = is_cancelled,
                     .final_code = code,
                     .outcome = outcome,
                     .reason = "as it was seen"};
    return call;
}

static void test_whose_end_it_was(void **state)
{
    (void)state;
    const struct {
        rig_call call;
        bool is_cut;
    } rows[] = {
        /* over before the stop */
        {call_of(RIG_OUTCOME_LOST_AGENT, -0.1, RIG_BYE_CALLER, false, 200), false},
        {call_of(RIG_OUTCOME_SERVED, -0.1, RIG_BYE_CALLER, false, 200), false},
        /* hung up on by our callers and phones */
        {call_of(RIG_OUTCOME_SELF_SERVED, 0.0, RIG_BYE_CALLER, false, 200), true},
        {call_of(RIG_OUTCOME_LOST_AGENT, 0.2, RIG_BYE_CALLER, false, 200), true},
        {call_of(RIG_OUTCOME_LOST_QUEUE, 0.2, RIG_BYE_CALLER, false, 200), true},
        {call_of(RIG_OUTCOME_LOST_QUEUE, 0.2, RIG_BYE_NONE, true, 487), true},
        {call_of(RIG_OUTCOME_LOST_IVR, 0.2, RIG_BYE_NONE, true, 487), true},
        {call_of(RIG_OUTCOME_SERVED, 0.2, RIG_BYE_CALLER, false, 200), true},
        {call_of(RIG_OUTCOME_SERVED, 0.2, RIG_BYE_CALLEE, false, 200), true}, /* an agent's phone */
        {call_of(RIG_OUTCOME_LOST_TRUNK, 0.2, RIG_BYE_NONE, false, 0),
         true}, /* nothing had come yet */
        {call_of(RIG_OUTCOME_UNCLASSIFIED, 0.2, RIG_BYE_CALLER, false, 200), true},
        {call_of(RIG_OUTCOME_IN_PROGRESS, 0.2, RIG_BYE_NONE, false, 200), true},
        /* ended by the centre */
        {call_of(RIG_OUTCOME_LOST_TRUNK, 0.2, RIG_BYE_NONE, false, 503), false},
        {call_of(RIG_OUTCOME_LOST_QUEUE, 0.2, RIG_BYE_CALLEE, false, 200), false},
        {call_of(RIG_OUTCOME_LOST_QUEUE, 0.2, RIG_BYE_NONE, false, 480), false},
        {call_of(RIG_OUTCOME_DROPPED, 0.2, RIG_BYE_CALLEE, false, 200), false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_call call = rows[i].call;
        rig_calls calls = {.items = &call, .n = 1};
        rig_cut_by_rig(&calls, 0);
        assert_int_equal(call.outcome, rows[i].call.outcome);
        for (int again = 0; again < 2; again++) {
            rig_cut_by_rig(&calls, STOP_NS);
            assert_int_equal(call.outcome == RIG_OUTCOME_CUT_BY_RIG, rows[i].is_cut);
            assert_string_equal(call.reason, rows[i].is_cut ? "cut by the rig: as it was seen"
                                                            : "as it was seen");
        }
        call = rows[i].call;
        call.planned_index = -1; /* somebody else's */
        rig_cut_by_rig(&calls, STOP_NS);
        assert_int_equal(call.outcome, rows[i].call.outcome);
    }
}

/* The longest reason is cut to fit. */
static void test_a_long_reason(void **state)
{
    (void)state;
    rig_call call = call_of(RIG_OUTCOME_SERVED, 1.0, RIG_BYE_CALLER, false, 200);
    rig_calls calls = {.items = &call, .n = 1};
    memset(call.reason, 'x', sizeof call.reason - 1);
    call.reason[sizeof call.reason - 1] = '\0';
    rig_cut_by_rig(&calls, STOP_NS);
    assert_int_equal(strlen(call.reason), RIG_CALL_REASON_SIZE - 1);
    assert_memory_equal(call.reason, "cut by the rig: xxx", 19);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whose_end_it_was),
        cmocka_unit_test(test_a_long_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
