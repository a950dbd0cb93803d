/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facts of a play are those of who played: on another load host, and before the load has given
 * its priority back. */
#include "tests/test.h"

#include "cli/run_play_facts.h"
#include "core/priority.h"

static void test_nice_is_that_of_the_play(void **state)
{
    (void)state;
    static char host[] = "192.0.2.1", sipp[] = "SIPp v3.7.3";
    static rig_scenario scenario;
    static const rig_texts none;
    static rig_run_setup setup;
    static rig_play_report report;
    static rig_play_facts facts;
    scenario.target.host = host;
    setup.scenario = &scenario;
    setup.sipp = sipp;
    const rig_run_play_input input = {
        .report = &report, .setup = &setup, .defects = &none, .centre_end = ""};
    for (int nice_value = RIG_PRIORITY_LOAD_NICE; nice_value < 20; nice_value++) {
        report.load_nice = nice_value;
        rig_run_play_facts(&input, &facts);
        assert_int_equal(facts.load_nice, nice_value);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_nice_is_that_of_the_play)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
