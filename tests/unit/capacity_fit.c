/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which capacity explains who was let in: probes with a known truth. */
#include "verdict/diagnosis/capacity_fit.h"

#include <math.h>
#include <stdlib.h>

#include "verdict/diagnosis/timeline.h"
#include "tests/test.h"

#define MANY 2000

/* Calls that find 40..59 servers held, one after the other, at a door of some capacity. */
static size_t visit(rig_probe *probes, size_t n, double from_s, uint32_t capacity, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t held = 40 + (uint32_t)(i * 7 % 20);
        if (held > capacity)
            held = capacity;
        probes[n++] = (rig_probe){from_s + (double)i, held, held, held >= capacity};
    }
    return n;
}

static void expect_segment(const rig_capacity_fit *fit, size_t at, uint32_t capacity, uint32_t low,
                           uint32_t high)
{
    assert_true(at < fit->n_segments);
    assert_int_equal(fit->segments[at].capacity, capacity);
    assert_int_equal(fit->segments[at].low, low);
    assert_int_equal(fit->segments[at].high, high);
}

/* After the door was closed what is held drains: if blocked calls are lost, any capacity down to
 * none explains it; if they wait, the servers would have been taken again. */
static void test_finds_a_closed_door(void **state)
{
    (void)state;
    rig_probe probes[MANY];
    rig_capacity_fit fit;
    uint64_t n_against = 0;
    size_t n = visit(probes, 0, 0.0, 55, 400);
    for (uint32_t held = 54; held > 4; held--, n++)
        probes[n] = (rig_probe){.t_s = (double)n, .least = held, .most = held, .is_blocked = true};
    assert_int_equal(rig_capacity_fit_make(probes, n, 55, RIG_CAPACITY_LOST, &fit), RIG_OK);
    assert_int_equal(fit.n_segments, 2);
    assert_int_equal(fit.segments[1].low, 0);
    assert_true(fit.segments[1].high < 12);
    assert_true(rig_capacity_deviates(&fit.segments[1], 55));
    assert_true(fit.segments[1].n_against <= 3 && fit.segments[1].n_against_expected >= 45);
    rig_capacity_fit_clear(&fit);
    assert_int_equal(rig_capacity_fit_make(probes, n, 55, RIG_CAPACITY_WAITS, &fit), RIG_OK);
    for (size_t i = 0; i < fit.n_segments; i++)
        n_against += fit.segments[i].n_against;
    assert_true(n_against >= 20);
    rig_capacity_fit_clear(&fit);
}

static void test_finds_a_constant_capacity(void **state)
{
    (void)state;
    rig_probe probes[MANY];
    rig_capacity_fit fit;
    size_t n = visit(probes, 0, 0.0, 52, MANY);
    assert_int_equal(rig_capacity_fit_make(probes, n, 55, RIG_CAPACITY_LOST, &fit), RIG_OK);
    assert_int_equal(fit.n_segments, 1);
    expect_segment(&fit, 0, 52, 52, 52);
    assert_int_equal(fit.segments[0].n_against, 0);
    assert_int_equal(fit.segments[0].n_against_expected, fit.segments[0].n_blocked);
    assert_true(rig_capacity_deviates(&fit.segments[0], 55));
    rig_capacity_fit_clear(&fit);
    assert_int_equal(rig_capacity_fit_make(probes, n, 52, RIG_CAPACITY_LOST, &fit), RIG_OK);
    assert_false(rig_capacity_deviates(&fit.segments[0], 52));
    rig_capacity_fit_clear(&fit);
}

/* Nobody was blocked: any capacity above what was used is as good, the expected one is taken. */
static void test_says_nothing_where_nobody_was_blocked(void **state)
{
    (void)state;
    rig_probe probes[MANY];
    rig_capacity_fit fit;
    size_t n = visit(probes, 0, 0.0, 1000, 500);
    assert_int_equal(rig_capacity_fit_make(probes, n, 270, RIG_CAPACITY_LOST, &fit), RIG_OK);
    expect_segment(&fit, 0, 270, 60, UINT32_MAX);
    assert_false(rig_capacity_deviates(&fit.segments[0], 270));
    rig_capacity_fit_clear(&fit);
    assert_int_equal(rig_capacity_fit_make(probes, n, 50, RIG_CAPACITY_LOST, &fit), RIG_OK);
    assert_true(rig_capacity_deviates(&fit.segments[0], 50)); /* more were let in */
    assert_int_equal(fit.segments[0].capacity, 60);
    rig_capacity_fit_clear(&fit);
}

static void test_finds_a_window(void **state)
{
    (void)state;
    rig_probe probes[MANY];
    rig_capacity_fit fit;
    size_t n = visit(probes, 0, 0.0, 55, 400);
    n = visit(probes, n, 400.0, 45, 200);
    n = visit(probes, n, 600.0, 55, 400);
    assert_int_equal(rig_capacity_fit_make(probes, n, 55, RIG_CAPACITY_LOST, &fit), RIG_OK);
    assert_int_equal(fit.n_segments, 3);
    expect_segment(&fit, 1, 45, 45, 45);
    assert_true(fit.segments[1].from_s >= 395.0 && fit.segments[1].from_s <= 405.0);
    assert_true(fit.segments[1].to_s >= 590.0 && fit.segments[1].to_s <= 605.0);
    assert_false(rig_capacity_deviates(&fit.segments[0], 55));
    assert_true(rig_capacity_deviates(&fit.segments[1], 55));
    rig_capacity_fit_clear(&fit);
}

/* Single calls that contradict are noise: they make no window. */
static void test_bears_noise(void **state)
{
    (void)state;
    rig_probe probes[MANY];
    rig_capacity_fit fit;
    size_t n = visit(probes, 0, 0.0, 55, 1000);
    for (size_t i = 0; i < n; i += 101)
        probes[i].is_blocked = !probes[i].is_blocked;
    assert_int_equal(rig_capacity_fit_make(probes, n, 55, RIG_CAPACITY_LOST, &fit), RIG_OK);
    assert_int_equal(fit.n_segments, 1);
    assert_int_equal(fit.segments[0].capacity, 55);
    assert_int_equal(fit.segments[0].n_against, 10);
    rig_capacity_fit_clear(&fit);
    assert_int_equal(rig_capacity_fit_make(probes, 0, 55, RIG_CAPACITY_LOST, &fit), RIG_OK);
    assert_int_equal(fit.n_segments, 0);
    rig_capacity_fit_clear(&fit);
}

/* Long runs are taken together in slices, unlimited capacities do not take for ever. */
static void test_takes_long_runs_and_no_limit(void **state)
{
    (void)state;
    const size_t count = 20000;
    rig_probe *probes = calloc(count, sizeof *probes);
    rig_capacity_fit fit;
    assert_non_null(probes);
    size_t n = visit(probes, 0, 0.0, 51, count);
    assert_int_equal(rig_capacity_fit_make(probes, n, UINT32_MAX - 1, RIG_CAPACITY_LOST, &fit),
                     RIG_OK);
    expect_segment(&fit, 0, 51, 51, 51);
    rig_capacity_fit_clear(&fit);
    n = visit(probes, 0, 0.0, 1000, count);
    assert_int_equal(rig_capacity_fit_make(probes, n, UINT32_MAX - 1, RIG_CAPACITY_LOST, &fit),
                     RIG_OK);
    expect_segment(&fit, 0, UINT32_MAX - 1, 60, UINT32_MAX);
    rig_capacity_fit_clear(&fit);
    free(probes);
}

static void test_counts_what_is_held(void **state)
{
    (void)state;
    rig_holdings h;
    uint32_t least, most;
    assert_int_equal(rig_holdings_make(4, &h), RIG_OK);
    rig_holdings_add(&h, 1.0, 5.0);
    rig_holdings_add(&h, 2.0, 3.0);
    rig_holdings_add(&h, 4.0, 4.0); /* no time at all */
    rig_holdings_add(&h, (double)NAN, 9.0);
    rig_holdings_sort(&h);
    assert_int_equal(h.n, 2);
    rig_holdings_at(&h, 2.5, 0.1, &least, &most);
    assert_int_equal(least, 2);
    assert_int_equal(most, 2);
    rig_holdings_at(&h, 3.05, 0.1, &least, &most); /* may be over, may be not */
    assert_int_equal(least, 1);
    assert_int_equal(most, 2);
    rig_holdings_at(&h, 1.95, 0.1, &least, &most); /* may have begun */
    assert_int_equal(least, 1);
    assert_int_equal(most, 2);
    rig_holdings_at(&h, 0.5, 0.1, &least, &most);
    assert_int_equal(most, 0);
    rig_holdings_clear(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_a_constant_capacity),
        cmocka_unit_test(test_finds_a_closed_door),
        cmocka_unit_test(test_says_nothing_where_nobody_was_blocked),
        cmocka_unit_test(test_finds_a_window),
        cmocka_unit_test(test_bears_noise),
        cmocka_unit_test(test_takes_long_runs_and_no_limit),
        cmocka_unit_test(test_counts_what_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
