/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many SIPp workers a schedule needs. */
#include "tests/test.h"

#include "generator/play.h"
#include "tests/small_scenario.h"

/* What generator/play.h promises of each limit: just within it, just beyond it. */
static void chooses_by_the_measured_limits(void **state)
{
    (void)state;
    char *local[] = {(char *)"127.0.0.2", (char *)"127.0.0.3", (char *)"127.0.0.4"};
    static const struct {
        double per_min, time_scale;
        uint32_t n_circuits;
        size_t n_calls;
        bool has_audio;
        size_t n_local;
        size_t n_workers;
    } rows[] = {
        {60, 1, 10, 1000, false, 0, 1},
        /* rate on the wire: 2,500/s each */
        {150000, 1, 10, 100000, false, 0, 1},
        {150060, 1, 10, 100000, false, 0, 2},
        {75030, 2, 10, 100000, false, 0, 2},
        {300060, 1, 10, 100000, false, 0, 3},
        {1e7, 1, 10, 1000000, false, 0, RIG_MAX_WORKERS},
        /* calls at once: 20,000 each, as many as there are circuits, or calls */
        {60, 1, 20000, 1000000, false, 0, 1},
        {60, 1, 20001, 1000000, false, 0, 2},
        {60, 1, 40001, 30000, false, 0, 2},
        /* with audio 500 */
        {60, 1, 500, 1000, true, 0, 1},
        {60, 1, 501, 1000, true, 0, 2},
        {60, 1, 1501, 5000, true, 0, 4},
        /* each address is used */
        {60, 1, 10, 1000, false, 3, 3},
        {300060, 1, 10, 100000, false, 2, 3},
        /* but no worker is without calls */
        {60, 1, 10, 2, false, 3, 2},
        {1e7, 1, 10, 1, false, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        room.rate[0].rate_per_min = rows[i].per_min;
        room.trunks[0].n_circuits = rows[i].n_circuits;
        s->time_scale = rows[i].time_scale;
        s->callers.has_audio = rows[i].has_audio;
        s->load.local = local;
        s->load.n_local = rows[i].n_local;
        const rig_schedule schedule = {.n = rows[i].n_calls};
        size_t n = rig_play_choose_workers(s, &schedule);
        if (n != rows[i].n_workers)
            fail_msg("row %zu: %zu workers; expected %zu", i, n, rows[i].n_workers);
    }
}

static void says_where_in_time_a_play_is(void **state)
{
    (void)state;
    static const struct {
        rig_play_phase phase;
        double elapsed_s;
        const char *text;
    } rows[] = {
        {RIG_PLAY_STARTING, 0.0, "starting"},
        {RIG_PLAY_LEAD, -2.0, "waiting for the first call, in 2 s"},
        {RIG_PLAY_PLACING, 0.0, "placing 0 of 5 s"},
        {RIG_PLAY_PLACING, 5.0, "placing 5 of 5 s"},
        {RIG_PLAY_DRAINING, 8.0, "draining, 3 s after the last call was due"},
        {RIG_PLAY_STOPPING, -1.0, "stopping"},
        {RIG_PLAY_STOPPING, 3.0, "stopping 3 of 5 s"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const rig_play_progress progress = {
            .phase = rows[i].phase, .elapsed_s = rows[i].elapsed_s, .duration_s = 5.0};
        char text[RIG_PLAY_WHEN_SIZE];
        assert_string_equal(rig_play_when(&progress, text), rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_where_in_time_a_play_is),
        cmocka_unit_test(chooses_by_the_measured_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
