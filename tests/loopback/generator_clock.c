/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wall clock is set in the middle of a play: by how much and when is in the report. */
#include "tests/test.h"

#include <stdlib.h>

#include "core/clock.h"
#include "tests/loopback/generator_room.h"

static play_room room;
static int64_t step_ns; /* by which the clock has been set so far */

/* The linker puts this in the place of the program's own (CMakeLists.txt): nobody may set the clock
 * of the host that tests us. */
int64_t __real_rig_clock_realtime_ns(void);
int64_t __wrap_rig_clock_realtime_ns(void);

int64_t __wrap_rig_clock_realtime_ns(void)
{
    return __real_rig_clock_realtime_ns() + step_ns;
}

static const kind KINDS[] = {
    {"A", 60, 60, 60, 1.0, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
};

/* Half of the calls are due. */
static void set_the_clock(void *ctx, const rig_play_progress *progress)
{
    if (progress->phase == RIG_PLAY_PLACING && progress->n_due >= progress->n_planned / 2)
        step_ns = *(const int64_t *)ctx;
}

static void play_with_step(int64_t by_ns)
{
    step_ns = 0;
    room_set_up(&room, KINDS, 1, 100); /* a call each 10 ms */
    room_start_peer(&room, PEER_UDP);
    room.options.progress = set_the_clock;
    room.options.progress_ctx = &by_ns;
    room_play(&room);
    step_ns = 0;
    room_tear_down(&room);
    const int64_t found_ns = room.report.clock_step_ns, at_ns = room.report.clock_step_at_ns;
    if (llabs(found_ns - by_ns) > 5 * RIG_NS_PER_S / 1000)
        fail_msg("%lld ns; expected %lld", (long long)found_ns, (long long)by_ns);
    if (at_ns < 400 * RIG_NS_PER_S / 1000 || at_ns > 60 * RIG_NS_PER_S)
        fail_msg("at %lld ns", (long long)at_ns);
}

static void sees_that_it_is_set(void **state)
{
    (void)state;
    play_with_step(70 * RIG_NS_PER_S / 1000);
    play_with_step(-30 * RIG_NS_PER_S / 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sees_that_it_is_set)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
