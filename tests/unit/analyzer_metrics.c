/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Session metrics by hand, times against sorted lists, intervals of losses against known cases. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/series.h"
#include "analyzer/sessions.h"
#include "analyzer/usage.h"
#include "core/random.h"

#define MS(n) ((int64_t)(n)*1000000)
#define S(n)  ((int64_t)(n)*1000000000)

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance * (1 + fabs(expected))))
        fail_msg("%.12g; expected %.12g", got, expected);
}

/* ---- times ---- */

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void test_times(void **state)
{
    (void)state;
    enum { N = 5000 };
    static int64_t drawn[N];
    rig_times *times = calloc(1, sizeof *times);
    assert_non_null(times);
    assert_true(isnan(rig_times_quantile_s(times, 0.5)));
    assert_true(isnan(rig_times_mean_s(times)));
    assert_true(isnan(rig_times_max_s(times)));
    double sum = 0;
    for (uint64_t i = 0; i < N; i++) { /* from microseconds to hours */
        double u = rig_random_uniform(5, RIG_CAUSE_TALK, i, 0, 0);
        drawn[i] = (int64_t)exp(u * log(1e13));
        sum += (double)drawn[i] * 1e-9;
        rig_times_add(times, drawn[i]);
    }
    qsort(drawn, N, sizeof drawn[0], compare);
    assert_int_equal(times->n, N);
    assert_near(rig_times_mean_s(times), sum / N, 1e-9);
    assert_near(rig_times_max_s(times), (double)drawn[N - 1] * 1e-9, 1e-12);
    static const double quantiles[] = {0.001, 0.05, 0.5, 0.9, 0.95, 0.99, 1.0};
    for (size_t i = 0; i < sizeof quantiles / sizeof quantiles[0]; i++) {
        size_t at = (size_t)ceil(quantiles[i] * N) - 1;
        double exact = (double)drawn[at] * 1e-9;
        double got = rig_times_quantile_s(times, quantiles[i]);
        if (fabs(got - exact) > exact / 64 + 1e-9)
            fail_msg("quantile %g: %.9g; expected %.9g", quantiles[i], got, exact);
    }
    memset(times, 0, sizeof *times);
    rig_times_add(times, -5);
    assert_near(rig_times_max_s(times), 0, 0);
    rig_times_add(times, INT64_MAX); /* the last bin */
    assert_near(rig_times_quantile_s(times, 1.0), 9.2233720368, 1e9);
    free(times);
}

/* ---- sessions ---- */

static rig_call call_of(int code, rig_outcome outcome)
{
    return (rig_call){.t_invite_ns = S(100),
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_answer_ns = RIG_NO_TIME,
                      .t_queue_ns = RIG_NO_TIME,
                      .t_agent_ring_ns = RIG_NO_TIME,
                      .t_agent_answer_ns = RIG_NO_TIME,
                      .t_end_ns = S(100) + MS(30),
                      .final_code = code,
                      .outcome = outcome};
}

static void add(rig_sessions *s, rig_call call, int cause, int64_t t_bye_done_ns)
{
    const rig_finished_call finished = {.call = &call,
                                        .outcome_if_marks = call.outcome,
                                        .q850_cause = cause,
                                        .t_failed_ns =
                                            call.final_code >= 300 ? S(100) + MS(40) : RIG_NO_TIME,
                                        .t_bye_done_ns = t_bye_done_ns};
    rig_sessions_add(s, &finished);
}

static void add_all(rig_sessions *s)
{
    /* answered after 180; BYE after 10 s, its 200 after 20 ms */
    rig_call call = call_of(200, RIG_OUTCOME_SERVED);
    call.answered = true;
    call.t_provisional_ns = S(100) + MS(50);
    call.t_answer_ns = S(102);
    call.t_end_ns = S(112);
    call.bye = RIG_BYE_CALLER;
    add(s, call, 16, S(112) + MS(20));
    /* answered at once; nobody answers its BYE */
    call.t_provisional_ns = RIG_NO_TIME;
    call.t_answer_ns = S(101);
    add(s, call, -1, RIG_NO_TIME);
    /* answered and up */
    call.bye = RIG_BYE_NONE;
    call.t_end_ns = RIG_NO_TIME;
    call.outcome = RIG_OUTCOME_IN_PROGRESS;
    add(s, call, -1, RIG_NO_TIME);
    /* not yet: no attempt so far */
    call = call_of(0, RIG_OUTCOME_IN_PROGRESS);
    call.t_end_ns = RIG_NO_TIME;
    add(s, call, -1, RIG_NO_TIME);
    /* refused: by the called side, by the network, and 503 after a 183 */
    add(s, call_of(486, RIG_OUTCOME_LOST_TRUNK), 17, RIG_NO_TIME);
    add(s, call_of(600, RIG_OUTCOME_LOST_TRUNK), 17, RIG_NO_TIME);
    add(s, call_of(404, RIG_OUTCOME_LOST_TRUNK), 1, RIG_NO_TIME);
    call = call_of(503, RIG_OUTCOME_LOST_TRUNK);
    call.t_provisional_ns = S(100) + MS(10);
    add(s, call, 34, RIG_NO_TIME);
    add(s, call_of(408, RIG_OUTCOME_LOST_TRUNK), -1, RIG_NO_TIME);
    /* given up: while it rang, and before */
    call = call_of(487, RIG_OUTCOME_LOST_IVR);
    call.cancelled = true;
    add(s, call, -1, RIG_NO_TIME);
    call.t_provisional_ns = S(100) + MS(20);
    add(s, call, -1, RIG_NO_TIME);
    /* sent elsewhere, and challenged in vain: no failures of which a delay is taken */
    add(s, call_of(302, RIG_OUTCOME_UNCLASSIFIED), -1, RIG_NO_TIME);
    add(s, call_of(401, RIG_OUTCOME_UNCLASSIFIED), -1, RIG_NO_TIME);
}

static void expect_ratios(const rig_sessions *s)
{
    assert_int_equal(s->n_bids, 12);
    assert_int_equal(s->n_answers, 3);
    assert_int_equal(s->n_seizures, 6); /* answers, those given up, and the 503 that had rung */
    assert_int_equal(s->n_redirected, 1);
    const rig_session_ratios r = rig_sessions_ratios(s);
    assert_near(r.ser, 3.0 / 11, 1e-12);
    assert_near(r.seer, (3.0 + 2) / 11, 1e-12);
    assert_near(r.isa, 2.0 / 12, 1e-12);
    assert_near(r.scr, 1.0 / 12, 1e-12);
    assert_near(r.asr, 3.0 / 6, 1e-12);
    assert_near(r.abr, 3.0 / 12, 1e-12);
    assert_near(r.ner, (3.0 + 3) / 10, 1e-12); /* 486, 600 and the one that rang; not 302, 401 */
}

static void expect_times(const rig_sessions *s)
{
    assert_int_equal(s->srd_success.n, 3);
    assert_near(rig_times_max_s(&s->srd_success), 1.0, 1e-9);
    assert_near(rig_times_quantile_s(&s->srd_success, 0.3), 0.05, 0.02);
    assert_int_equal(s->srd_failure.n, 7); /* 486 600 404 503 408, 487 twice */
    assert_near(rig_times_quantile_s(&s->srd_failure, 0.1), 0.01, 0.02);
    assert_near(rig_times_max_s(&s->srd_failure), 0.04, 1e-9); /* the 487, not the CANCEL */
    assert_int_equal(s->setup.n, 3);
    assert_near(rig_times_max_s(&s->setup), 2.0, 1e-9);
    assert_int_equal(s->sdd.n, 1);
    assert_near(rig_times_max_s(&s->sdd), 0.02, 1e-9);
    assert_int_equal(s->sdt.n, 2);
    assert_near(rig_times_max_s(&s->sdt), 11, 1e-9);
    assert_int_equal(s->n_code[200], 3);
    assert_int_equal(s->n_code[487], 2);
    assert_int_equal(s->n_cause[17], 2);
    assert_int_equal(s->n_cause[RIG_SESSIONS_NO_CAUSE], 7);
}

static void test_sessions(void **state)
{
    (void)state;
    rig_sessions *s = calloc(1, sizeof *s);
    assert_non_null(s);
    const rig_session_ratios r = rig_sessions_ratios(s);
    assert_true(isnan(r.ser) && isnan(r.isa) && isnan(r.ner) && isnan(r.asr));
    add_all(s);
    expect_ratios(s);
    expect_times(s);
    free(s);
}

/* ---- losses over time ---- */

static void offer(rig_loss_series *series, int64_t t_ns, bool is_lost)
{
    rig_call call =
        call_of(is_lost ? 503 : 200, is_lost ? RIG_OUTCOME_LOST_TRUNK : RIG_OUTCOME_UNCLASSIFIED);
    call.t_invite_ns = t_ns;
    call.answered = !is_lost;
    const rig_finished_call finished = {.call = &call,
                                        .is_open = !is_lost,
                                        .outcome_if_marks = is_lost ? RIG_OUTCOME_LOST_TRUNK
                                                                    : RIG_OUTCOME_SELF_SERVED};
    rig_loss_series_add(series, &finished);
}

/* Independent losses are worth about as many calls as there are; losses in runs, far fewer. */
static void test_effective_size(void **state)
{
    (void)state;
    enum { N = 20000 };
    rig_loss_series *loose = calloc(1, sizeof *loose);
    rig_loss_series *runs = calloc(1, sizeof *runs);
    assert_non_null(loose);
    assert_non_null(runs);
    for (uint64_t i = 0; i < N; i++) {
        offer(loose, S(1000) + (int64_t)i * MS(100),
              rig_random_uniform(9, RIG_CAUSE_TALK, i, 0, 0) < 0.1);
        offer(runs, S(1000) + (int64_t)i * MS(100),
              rig_random_uniform(9, RIG_CAUSE_TALK, i / 200, 0, 1) < 0.1); /* 200 at a time */
    }
    assert_int_equal(loose->interval_ns, S(4)); /* 600 s and 2000 s in 1024 intervals */
    rig_loss_estimate a = rig_loss_series_estimate(loose, RIG_STAGE_TRUNK, false);
    rig_loss_estimate b = rig_loss_series_estimate(runs, RIG_STAGE_TRUNK, false);
    assert_int_equal(a.n_entered, N);
    assert_int_equal(a.n_batches, 32);
    assert_true(a.low < 0.1 && a.high > 0.1 && a.high - a.low < 0.02);
    assert_true(a.n_effective > N / 3.0);
    assert_true(b.n_effective > 30 && b.n_effective < 400); /* 100 runs */
    assert_true(b.low < 0.1 && b.high > 0.1 && b.high - b.low > 0.06);
    free(loose);
    free(runs);
}

static void test_estimates(void **state)
{
    (void)state;
    rig_loss_series *series = calloc(1, sizeof *series);
    assert_non_null(series);
    rig_loss_estimate e = rig_loss_series_estimate(series, RIG_STAGE_TRUNK, false);
    assert_int_equal(e.n_entered, 0);
    assert_true(isnan(e.p_lost) && isnan(e.low) && isnan(e.n_effective));
    /* Too few parts for a scatter: Wilson's interval of 1 in 10, with the normal quantile. */
    for (int i = 0; i < 10; i++)
        offer(series, S(100), i == 0);
    e = rig_loss_series_estimate(series, RIG_STAGE_TRUNK, false);
    assert_int_equal(e.n_batches, 0);
    assert_near(e.p_lost, 0.1, 1e-12);
    assert_near(e.low, 0.0178762, 1e-6);
    assert_near(e.high, 0.4041500, 1e-6);
    e = rig_loss_series_estimate(series, RIG_STAGE_QUEUE, false);
    assert_int_equal(e.n_entered, 0);
    e = rig_loss_series_estimate(series, RIG_STAGE_IVR, true);
    assert_int_equal(e.n_entered, 9);
    assert_int_equal(e.n_lost, 0);
    assert_near(e.low, 0, 0);
    assert_near(e.high, 0.2991450, 1e-5); /* z^2 / (n + z^2) */
    /* Much earlier than the first that was told: in the first interval. */
    offer(series, S(1), true);
    offer(series, S(100) - S(700), true);
    assert_int_equal(series->at[0][0].n_offered, 1);
    free(series);
}

/* A long capture keeps all calls, in longer intervals. */
static void test_series_grows(void **state)
{
    (void)state;
    rig_loss_series *series = calloc(1, sizeof *series);
    assert_non_null(series);
    for (int64_t i = 0; i < 100000; i++)
        offer(series, S(5000) + S(i), i % 10 == 0);
    assert_int_equal(series->interval_ns, S(128));
    uint64_t n = 0, n_lost = 0;
    for (size_t i = 0; i < series->n; i++) {
        n += series->at[0][i].n_offered;
        n_lost += series->at[0][i].n_lost[RIG_STAGE_TRUNK];
        assert_true(series->at[0][i].n_offered <= 128);
    }
    assert_int_equal(n, 100000);
    assert_int_equal(n_lost, 10000);
    free(series);
}

/* ---- circuits that refusals imply ---- */

static void test_implied(void **state)
{
    (void)state;
    const struct {
        uint64_t n_refusals;
        uint32_t p05, p95;
        double median;
        int64_t expected;
    } cases[] = {
        {0, 0, 0, 0, -1},          {19, 180, 180, 180, -1},  {20, 180, 180, 180, 180},
        {500, 172, 188, 180, 180}, {500, 170, 180, 180, -1}, {500, 180, 190, 180, -1},
        {500, 7, 3646, 3483, -1},  {40, 30, 30, 29.5, 30},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const rig_usage usage = {.n_refusals = cases[i].n_refusals,
                                 .p05_in_use_at_refusal = cases[i].p05,
                                 .p95_in_use_at_refusal = cases[i].p95,
                                 .median_in_use_at_refusal = cases[i].median};
        if (rig_usage_implied_circuits(&usage) != cases[i].expected)
            fail_msg("case %zu", i);
    }
}

/* Poisson calls that are all carried: the peakedness is 1. */
static void test_peakedness(void **state)
{
    (void)state;
    enum { N = 60000 };
    static rig_call calls[N];
    int64_t t_ns = 0;
    for (uint64_t i = 0; i < N; i++) {
        t_ns += (int64_t)(-log(rig_random_uniform(3, RIG_CAUSE_ARRIVAL, i, 0, 0)) * 1e9);
        calls[i] = call_of(200, RIG_OUTCOME_SERVED);
        calls[i].answered = true;
        calls[i].t_invite_ns = t_ns;
        calls[i].t_end_ns =
            t_ns + (int64_t)(-50 * log(rig_random_uniform(3, RIG_CAUSE_TALK, i, 0, 0)) * 1e9);
    }
    const rig_calls all = {.items = calls, .n = N};
    rig_usage *usage = NULL;
    assert_int_equal(rig_usage_measure(&all, RIG_NO_TIME, 0, &usage, NULL), RIG_OK);
    assert_near(usage->carried_erl, 50, 0.03);
    assert_near(usage->peakedness, 1, 0.05);
    assert_true(usage->steady_s > 59000 && usage->steady_s < 60500);
    rig_usage_free(usage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),          cmocka_unit_test(test_sessions),
        cmocka_unit_test(test_effective_size), cmocka_unit_test(test_estimates),
        cmocka_unit_test(test_series_grows),   cmocka_unit_test(test_implied),
        cmocka_unit_test(test_peakedness),
    };
    return cmocka_run_group_tests_name("analyzer_metrics", tests, NULL, NULL);
}
