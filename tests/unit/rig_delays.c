/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rig's own delays, read off a capture: what is a sample, what is a call's own, what is
 * neither. */
#include <math.h>

#include "tests/unit/centre_run.h"
#include "verdict/join.h"

#define US         INT64_C(1000)
#define START      INT64_C(1700000000000000000)
#define TIME_SCALE 10.0
#define PATIENCE_S 8.0 /* 800 ms on the wire */

/* A caller who gave up so long after a phone began to ring, on the wire. */
typedef struct left {
    int64_t after_us;
    bool is_sample, is_own;
} left;

static rig_call caller_left(int64_t after_us)
{
    return (rig_call){.t_invite_ns = START,
                      .t_answer_ns = START,
                      .t_queue_ns = START,
                      .t_agent_ring_ns = START,
                      .t_agent_answer_ns = RIG_NO_TIME,
                      .t_menu_ns = RIG_NO_TIME,
                      .t_end_ns = START + after_us * US,
                      .n_legs = 2,
                      .answered = true,
                      .bye = RIG_BYE_CALLER,
                      .outcome = RIG_OUTCOME_LOST_AGENT};
}

static void expect(const left *seen)
{
    rig_call call = caller_left(seen->after_us);
    const rig_call *observed[] = {&call};
    rig_join join = {.n_planned = 1, .observed = observed};
    rig_planned_call planned = call_at(0.0);
    const rig_schedule schedule = {.calls = &planned, .n = 1};
    rig_delays delays = {0};
    const rig_agent_group agents[] = {{.n_agents = 1}};
    const rig_scenario scenario = {
        .time_scale = TIME_SCALE, .agents = (rig_agent_group *)agents, .n_agents = 1};
    size_t n_odd = 99;
    planned.self_service_s = -1.0;
    planned.patience_ringing_s = PATIENCE_S;
    assert_int_equal(rig_join_measure_delays(&join, &schedule, &scenario, &delays, &n_odd), RIG_OK);
    const double late_s = (double)seen->after_us * 1e-6 * TIME_SCALE - PATIENCE_S;
    const double own_s = (double)delays.own[0].late_s[RIG_DELAY_PATIENCE_RINGING];
    const rig_delay_sample *sample = &delays.kind[RIG_DELAY_PATIENCE_RINGING];
    if (sample->n != (size_t)seen->is_sample || n_odd != (size_t)!seen->is_sample)
        fail_msg("%lld us: %zu samples, %zu odd", (long long)seen->after_us, sample->n, n_odd);
    if (sample->n == 1)
        assert_true(fabs(sample->delay_s[0] - late_s) < 1e-6);
    if (seen->is_own ? !(fabs(own_s - late_s) < 1e-5) : !isnan(own_s))
        fail_msg("%lld us: its own is %g s", (long long)seen->after_us, own_s);
    rig_delays_clear(&delays);
}

/* Whose patience was over by another clock, as the phone began to ring, is not taken for callers
 * who bear ringing by 8 s less: neither others nor, unless it was at once, himself. */
static void test_another_clock_is_no_sample(void **state)
{
    (void)state;
    static const left seen[] = {
        {800000, true, true},    /* on time */
        {802300, true, true},    /* late by what a busy machine makes of it */
        {1290000, true, true},   /* late, and no timer would be later */
        {1310000, false, false}, /* too late for a timer */
        {791000, true, true},    /* a moment too early, as marks are read */
        {789000, false, false},  /* too early */
        {400000, false, false},  /* far too early, though by less than 0.5 s */
        {250000, false, false},  /* by more */
        {26000, false, false},   /* not at once */
        {24000, false, true},    /* at once */
        {430, false, true},
    };
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        expect(&seen[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_another_clock_is_no_sample)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
