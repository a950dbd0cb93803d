/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits in use: small sets by hand, and random sets against counting at each instant. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "analyzer/usage.h"
#include "core/random.h"

#define S(seconds) ((int64_t)((seconds)*1000) * 1000000)

static rig_call call_of(rig_outcome outcome, int64_t from_ns, int64_t to_ns, int final_code)
{
    return (rig_call){.planned_index = -1,
                      .t_invite_ns = from_ns,
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_answer_ns = RIG_NO_TIME,
                      .t_queue_ns = RIG_NO_TIME,
                      .t_agent_ring_ns = RIG_NO_TIME,
                      .t_agent_answer_ns = RIG_NO_TIME,
                      .t_end_ns = to_ns,
                      .final_code = final_code,
                      .outcome = outcome};
}

static rig_usage *measured(rig_call *items, size_t n, int64_t t0_ns, int64_t interval_ns)
{
    rig_usage *usage = NULL;
    rig_error err = {.text = ""};
    const rig_calls calls = {.items = items, .n = n};
    if (rig_usage_measure(&calls, t0_ns, interval_ns, &usage, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return usage;
}

static void assert_near(double got, double expected)
{
    if (fabs(got - expected) > 1e-9 * (1 + fabs(expected)))
        fail_msg("%.17g; expected %.17g", got, expected);
}

static void test_by_hand(void **state)
{
    (void)state;
    rig_call items[] = {
        call_of(RIG_OUTCOME_SERVED, S(100), S(110), 200),
        call_of(RIG_OUTCOME_LOST_QUEUE, S(102), S(108), 200),
        call_of(RIG_OUTCOME_LOST_TRUNK, S(103), S(103), 503),     /* sees 2 */
        call_of(RIG_OUTCOME_LOST_TRUNK, S(104), RIG_NO_TIME, 0),  /* no response: no refusal */
        call_of(RIG_OUTCOME_UNCLASSIFIED, S(105), S(105.5), 401), /* holds nothing */
        call_of(RIG_OUTCOME_LOST_IVR, S(108), S(109), 487),       /* as another ends: 2, not 3 */
        call_of(RIG_OUTCOME_LOST_TRUNK, S(110), S(110), 486),     /* as another ends: sees 0 */
        call_of(RIG_OUTCOME_IN_PROGRESS, S(115), RIG_NO_TIME, 200),
        call_of(RIG_OUTCOME_SELF_SERVED, S(116), S(120), 200),
        call_of(RIG_OUTCOME_LOST_TRUNK, S(117), S(117.25), 503), /* sees 2 */
        call_of(RIG_OUTCOME_LOST_TRUNK, S(118), S(118), 503),    /* sees 2 */
    };
    rig_usage *u = measured(items, 11, RIG_NO_TIME, S(5));
    assert_int_equal(u->tally.n_offered, 11);
    assert_int_equal(u->tally.n_outcome[RIG_OUTCOME_LOST_TRUNK], 5);
    assert_true(rig_tally_conserved(&u->tally, 11));
    assert_int_equal(u->t_first_ns, S(100));
    assert_int_equal(u->t_last_ns, S(120));
    assert_int_equal(u->peak_in_use, 2);
    assert_int_equal(u->t_peak_ns, S(102));
    assert_int_equal(u->n_refusals, 4);
    assert_int_equal(u->min_in_use_at_refusal, 0);
    assert_near(u->median_in_use_at_refusal, 2);
    assert_int_equal(u->max_in_use_at_refusal, 2);
    assert_near(u->carried_erl, (10.0 + 6 + 1 + 5 + 4) / 20);
    assert_near(u->offered_erl, 26.0 / 20 * 11 / 5);

    const struct {
        uint64_t n_offered, n_trunk, n_ivr, n_queue, n_served;
        double mean;
        uint32_t max;
    } expected[] = {
        {4, 2, 0, 1, 1, (5.0 + 3) / 5, 2},     /* 100..105 */
        {2, 0, 1, 0, 0, (5.0 + 3 + 1) / 5, 2}, /* 105..110 */
        {1, 1, 0, 0, 0, 0, 0},                 /* 110..115 */
        {4, 2, 0, 0, 0, (5.0 + 4) / 5, 2},     /* 115..120 */
        {0, 0, 0, 0, 0, 0, 0},                 /* 120.. : the last instant itself */
    };
    assert_int_equal(u->n_intervals, 5);
    for (size_t i = 0; i < u->n_intervals; i++) {
        const rig_usage_interval *got = &u->intervals[i];
        assert_int_equal(got->t_from_ns, S(100) + (int64_t)i * S(5));
        assert_int_equal(got->n_offered, expected[i].n_offered);
        assert_int_equal(got->n_lost[RIG_STAGE_TRUNK], expected[i].n_trunk);
        assert_int_equal(got->n_lost[RIG_STAGE_IVR], expected[i].n_ivr);
        assert_int_equal(got->n_lost[RIG_STAGE_QUEUE], expected[i].n_queue);
        assert_int_equal(got->n_lost[RIG_STAGE_AGENT], 0);
        assert_int_equal(got->n_served, expected[i].n_served);
        assert_near(got->mean_in_use, expected[i].mean);
        assert_int_equal(got->max_in_use, expected[i].max);
    }
    rig_usage_free(u);
}

static void test_nothing(void **state)
{
    (void)state;
    rig_usage *u = measured(NULL, 0, RIG_NO_TIME, S(1));
    assert_int_equal(u->t_first_ns, RIG_NO_TIME);
    assert_int_equal(u->t_last_ns, RIG_NO_TIME);
    assert_int_equal(u->t_peak_ns, RIG_NO_TIME);
    assert_int_equal(u->peak_in_use, 0);
    assert_int_equal(u->n_refusals, 0);
    assert_near(u->carried_erl, 0);
    assert_near(u->offered_erl, 0);
    assert_int_equal(u->n_intervals, 0);
    rig_usage_free(u);
    rig_usage_free(NULL);
}

static void test_only_refusals(void **state)
{
    (void)state;
    rig_call items[] = {call_of(RIG_OUTCOME_LOST_TRUNK, S(1), S(1.1), 503),
                        call_of(RIG_OUTCOME_LOST_TRUNK, S(2), S(2.1), 503)};
    rig_usage *u = measured(items, 2, RIG_NO_TIME, 0);
    assert_int_equal(u->n_refusals, 2);
    assert_int_equal(u->max_in_use_at_refusal, 0);
    assert_near(u->offered_erl, 0);
    assert_null(u->intervals);
    rig_usage_free(u);
}

/* Refusals that see 3, 0, 2 and 1 circuits: the median is between the two in the middle. */
static void test_even_median(void **state)
{
    (void)state;
    rig_call items[] = {
        call_of(RIG_OUTCOME_LOST_TRUNK, S(1), S(1), 503),
        call_of(RIG_OUTCOME_SERVED, S(2), S(20), 200),
        call_of(RIG_OUTCOME_LOST_TRUNK, S(3), S(3), 503),
        call_of(RIG_OUTCOME_SERVED, S(4), S(20), 200),
        call_of(RIG_OUTCOME_LOST_TRUNK, S(5), S(5), 503),
        call_of(RIG_OUTCOME_SERVED, S(6), S(20), 200),
        call_of(RIG_OUTCOME_LOST_TRUNK, S(7), S(7), 503),
    };
    rig_usage *u = measured(items, 7, RIG_NO_TIME, 0);
    assert_int_equal(u->n_refusals, 4);
    assert_int_equal(u->min_in_use_at_refusal, 0);
    assert_near(u->median_in_use_at_refusal, 1.5);
    assert_int_equal(u->max_in_use_at_refusal, 3);
    rig_usage_free(u);
}

static void test_series_from_t0(void **state)
{
    (void)state;
    /* One call before t0 that holds its circuit into the series. */
    rig_call items[] = {call_of(RIG_OUTCOME_SERVED, S(10), S(23), 200),
                        call_of(RIG_OUTCOME_SERVED, S(21), S(22), 200)};
    rig_usage *u = measured(items, 2, S(20), S(2));
    assert_int_equal(u->n_intervals, 2);
    assert_int_equal(u->intervals[0].n_offered, 1);
    assert_near(u->intervals[0].mean_in_use, 1.5);
    assert_int_equal(u->intervals[0].max_in_use, 2);
    assert_near(u->intervals[1].mean_in_use, 1); /* 22..23: until the last instant */
    assert_int_equal(u->intervals[1].max_in_use, 1);
    rig_usage_free(u);
    /* A series that begins before the first call. */
    u = measured(items, 2, S(8), S(4));
    assert_int_equal(u->n_intervals, 4);
    assert_near(u->intervals[0].mean_in_use, 0.5);
    assert_near(u->intervals[1].mean_in_use, 1);
    rig_usage_free(u);
    /* One that begins behind the last. */
    u = measured(items, 2, S(24), S(4));
    assert_int_equal(u->n_intervals, 0);
    rig_usage_free(u);
}

static void test_domain(void **state)
{
    (void)state;
    rig_call items[] = {call_of(RIG_OUTCOME_SERVED, 0, S(10), 200)};
    const rig_calls calls = {.items = items, .n = 1};
    rig_usage *usage = (rig_usage *)&calls;
    assert_int_equal(rig_usage_measure(&calls, RIG_NO_TIME, -1, &usage, NULL), RIG_EDOM);
    assert_int_equal(rig_usage_measure(&calls, -5, 1, &usage, NULL), RIG_EDOM);
    assert_int_equal(rig_usage_measure(&calls, RIG_NO_TIME, 1, &usage, NULL), RIG_EDOM);
    assert_ptr_equal(usage, &calls);
}

static uint32_t in_use_at(const rig_call *items, size_t n, int64_t t_ns)
{
    uint32_t in_use = 0;
    for (size_t i = 0; i < n; i++)
        in_use += items[i].outcome == RIG_OUTCOME_SERVED && items[i].t_invite_ns <= t_ns &&
                  t_ns < items[i].t_end_ns;
    return in_use;
}

/* Random calls on a grid, so that instants often coincide, against a count at each instant. */
static void test_against_counting(void **state)
{
    (void)state;
    enum { N = 300 };
    rig_call items[N];
    int64_t t_ns = S(1000);
    for (size_t i = 0; i < N; i++) {
        t_ns += S(1) * (int64_t)(3 * rig_random_uniform(5, RIG_CAUSE_ARRIVAL, i, 0, 0));
        double u = rig_random_uniform(5, RIG_CAUSE_TALK, i, 0, 0);
        if (u < 0.3)
            items[i] = call_of(RIG_OUTCOME_LOST_TRUNK, t_ns, t_ns, 503);
        else
            items[i] = call_of(RIG_OUTCOME_SERVED, t_ns, t_ns + S(1) * (int64_t)(40 * u), 200);
    }
    rig_usage *usage = measured(items, N, RIG_NO_TIME, S(7));
    uint32_t peak = 0, least = UINT32_MAX, most = 0;
    double held_s = 0;
    for (int64_t t = usage->t_first_ns; t < usage->t_last_ns; t += S(1)) {
        uint32_t in_use = in_use_at(items, N, t);
        peak = in_use > peak ? in_use : peak;
        held_s += in_use;
    }
    for (size_t i = 0; i < N; i++) {
        if (items[i].outcome != RIG_OUTCOME_LOST_TRUNK)
            continue;
        uint32_t in_use = in_use_at(items, N, items[i].t_invite_ns);
        least = in_use < least ? in_use : least;
        most = in_use > most ? in_use : most;
    }
    assert_int_equal(usage->peak_in_use, peak);
    assert_int_equal(in_use_at(items, N, usage->t_peak_ns), peak);
    assert_int_equal(usage->min_in_use_at_refusal, least);
    assert_int_equal(usage->max_in_use_at_refusal, most);
    assert_near(usage->carried_erl, held_s * 1e9 / (double)(usage->t_last_ns - usage->t_first_ns));
    double area_s = 0;
    for (size_t i = 0; i < usage->n_intervals; i++) {
        int64_t to_ns = usage->intervals[i].t_from_ns + S(7);
        if (to_ns > usage->t_last_ns)
            to_ns = usage->t_last_ns;
        double sum = 0;
        uint32_t max = 0;
        for (int64_t t = usage->intervals[i].t_from_ns; t < to_ns; t += S(1)) {
            uint32_t in_use = in_use_at(items, N, t);
            sum += in_use;
            max = in_use > max ? in_use : max;
        }
        area_s += sum;
        if (to_ns > usage->intervals[i].t_from_ns)
            assert_near(usage->intervals[i].mean_in_use,
                        sum * 1e9 / (double)(to_ns - usage->intervals[i].t_from_ns));
        assert_int_equal(usage->intervals[i].max_in_use, max);
    }
    assert_near(area_s, held_s);
    rig_usage_free(usage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),          cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_only_refusals),    cmocka_unit_test(test_even_median),
        cmocka_unit_test(test_series_from_t0),   cmocka_unit_test(test_domain),
        cmocka_unit_test(test_against_counting),
    };
    return cmocka_run_group_tests_name("analyzer_usage", tests, NULL, NULL);
}
