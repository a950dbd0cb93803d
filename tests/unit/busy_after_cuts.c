/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Until when agents are busy, as the diagnosis has it: a talk that the centre cut is followed by no
 * wrap-up (docs/scenario.md). */
#include <math.h>

#include "tests/small_scenario.h"
#include "tests/test.h"
#include "verdict/diagnosis/busy.h"

enum { N = 2 };

static void test_wrap_up(void **state)
{
    static small_scenario small;
    static const rig_outcome outcomes[N] = {RIG_OUTCOME_SERVED, RIG_OUTCOME_DROPPED};
    const rig_scenario *scenario = small_scenario_make(&small);
    const rig_busy_rule rule = {.wrap_up_s = 10.0};
    rig_call calls[N], backs[N];
    rig_timed_call timed[N];
    rig_timed_back timed_backs[N];
    rig_holdings busy = {0};
    (void)state;
    for (int i = 0; i < N; i++) {
        calls[i] = backs[i] = (rig_call){.outcome = outcomes[i], .n_legs = 2, .answered = true};
        timed[i] = (rig_timed_call){.call = &calls[i],
                                    .group = &scenario->agents[0],
                                    .queue_s = 1.0,
                                    .entered_s = 1.0,
                                    .ring_s = 1.0,
                                    .first_ring_s = 1.0,
                                    .talk_s = 2.0,
                                    .end_s = 5.0};
        timed_backs[i] = (rig_timed_back){.call = &backs[i],
                                          .group = &scenario->agents[0],
                                          .invite_s = 100.0,
                                          .talk_s = 102.0,
                                          .end_s = 105.0};
    }
    const rig_timeline timeline = {
        .calls = timed, .n = N, .backs = timed_backs, .n_backs = N, .last_s = 200.0};
    assert_int_equal(rig_busy_make(&scenario->agents[0], &timeline, &rule, &busy), RIG_OK);
    assert_int_equal(busy.n, 4);
    static const double ends_s[] = {5.0, 15.0, 105.0, 115.0};
    for (int i = 0; i < 4; i++)
        assert_true(busy.end_s[i] == ends_s[i]);
    rig_holdings_clear(&busy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrap_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
