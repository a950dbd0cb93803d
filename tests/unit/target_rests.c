/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For how long the embedded centre gives no call to an agent who did not take one. */
#include "callcentre/centre/centre.h"
#include "core/clock.h"
#include "tests/small_scenario.h"
#include "tests/test.h"

enum { MOST = 3 };

/* What his phone said, one after the other (0: it rang in vain), and how long he rests after the
 * last. */
static const struct {
    int said[MOST];
    uint32_t n_said, n_most;
    double rest_s;
} rows[] = {
    {{0}, 1, 0, 3},
    {{480}, 1, 0, 3},
    {{500}, 1, 0, 3},
    {{486}, 1, 0, 5},
    {{603}, 1, 0, 7},
    {{0, 480}, 2, 0, 3},
    {{0, 480}, 2, 2, 20},
    {{480, 486, 0}, 3, 2, 20}, /* he said no to the second one, missed the others */
    {{603, 603, 603}, 3, 2, 7},
    {{0, 0, 0}, 3, 2, 3}, /* the count begins anew */
    {{0}, 1, 1, 20},
};

static void test_rests_and_breaks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        small_scenario room;
        rig_callcentre_agent agent = {.group = &room.agents[0]};
        rig_callcentre_centre centre = {.scenario = small_scenario_make(&room), .agents = &agent};
        room.agents[0].rest_s = 3;
        room.agents[0].busy_rest_s = 5;
        room.agents[0].reject_rest_s = 7;
        room.agents[0].break_s = 20;
        room.agents[0].n_most_missed = rows[i].n_most;
        assert_true(rig_callcentre_timers_reserve(&centre.timers));
        int64_t before_ns = 0;
        for (uint32_t k = 0; k < rows[i].n_said; k++) {
            before_ns = rig_clock_monotonic_ns();
            rig_callcentre_centre_missed(&centre, 0, rows[i].said[k]);
        }
        const int64_t from_ns =
            rig_callcentre_timers_next_ns(&centre.timers) - rig_clock_ns_of_s(rows[i].rest_s);
        if (from_ns < before_ns || from_ns > rig_clock_monotonic_ns())
            fail_msg("row %zu: not %g s", i, rows[i].rest_s);
        rig_callcentre_timers_clear(&centre.timers);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_rests_and_breaks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
