/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Circuits, queue and agents over time: against a count by hand, and against brute force. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/test.h"

#include "analyzer/usage.h"
#include "analyzer/usage_meter.h"
#include "analyzer/usage_series.h"
#include "core/random.h"

#define S(n) ((int64_t)(n)*1000000000)

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%.12g; expected %.12g", got, expected);
}

/* Served, unless the talk is RIG_NO_TIME; over, unless the end is. */
static rig_call call_of(int64_t invite_ns, int64_t queue_ns, int64_t talk_ns, int64_t end_ns)
{
    return (rig_call){.t_invite_ns = invite_ns,
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_menu_ns = RIG_NO_TIME,
                      .t_answer_ns = invite_ns,
                      .t_queue_ns = queue_ns,
                      .t_agent_ring_ns = RIG_NO_TIME,
                      .t_agent_answer_ns = talk_ns,
                      .t_end_ns = end_ns,
                      .final_code = 200,
                      .answered = true,
                      .outcome = end_ns == RIG_NO_TIME    ? RIG_OUTCOME_IN_PROGRESS
                                 : talk_ns != RIG_NO_TIME ? RIG_OUTCOME_SERVED
                                                          : RIG_OUTCOME_LOST_QUEUE};
}

static rig_call refused_at(int64_t invite_ns)
{
    rig_call call = call_of(invite_ns, RIG_NO_TIME, RIG_NO_TIME, invite_ns + 2000000);
    call.answered = false;
    call.t_answer_ns = RIG_NO_TIME;
    call.final_code = 503;
    call.outcome = RIG_OUTCOME_LOST_TRUNK;
    return call;
}

static rig_usage_series *measure(const rig_call *calls, size_t n, bool tells_answers)
{
    rig_usage_series *series = NULL;
    rig_usage_meter *meter = NULL;
    rig_usage *usage = NULL;
    assert_int_equal(rig_usage_series_new(&series, NULL), RIG_OK);
    const rig_usage_meter_options options = {.series = series, .keeps_all = !tells_answers};
    assert_int_equal(rig_usage_meter_new_with(&options, &meter, NULL), RIG_OK);
    for (size_t i = 0; tells_answers && i < n; i++) {
        if (calls[i].answered)
            rig_usage_meter_answered(meter, calls[i].t_invite_ns);
    }
    for (size_t i = 0; i < n; i++) {
        const rig_finished_call finished = {.call = &calls[i],
                                            .outcome_if_marks = calls[i].outcome};
        assert_int_equal(rig_usage_meter_take(meter, &finished, NULL), RIG_OK);
        rig_usage_series_take(series, &finished);
    }
    assert_int_equal(rig_usage_meter_finish(meter, false, &usage, NULL), RIG_OK);
    rig_usage_series_finish(series, usage->t_last_ns);
    rig_usage_free(usage);
    rig_usage_meter_free(meter);
    return series;
}

/* Four calls in two hours, told in another order than that in which they began. */
static void test_by_hand(void **state)
{
    (void)state;
    const int64_t t = S(3600) * 100; /* an hour begins */
    const rig_call calls[] = {
        refused_at(t + S(3000)),
        call_of(t + S(3500), t + S(3550), t + S(3620), t + S(3700)),
        call_of(t + S(3590), t + S(3595), RIG_NO_TIME, t + S(3610)),
        call_of(t + S(1000), RIG_NO_TIME, RIG_NO_TIME, t + S(4600)),
    };
    for (int tells = 0; tells < 2; tells++) {
        rig_usage_series *series = measure(calls, 4, tells == 1);
        rig_usage_table *hours = NULL;
        assert_int_equal(rig_usage_series_table(series, S(3600), false, &hours, NULL), RIG_OK);
        assert_int_equal(hours->n, 2);
        const rig_usage_row *a = &hours->rows[0], *b = &hours->rows[1];
        assert_int_equal(a->t_from_ns, t);
        assert_int_equal(b->t_from_ns, t + S(3600));
        assert_int_equal(a->n_offered, 4);
        assert_int_equal(a->n_answered, 3);
        assert_int_equal(a->n_served, 1);
        assert_int_equal(a->n_lost[RIG_STAGE_TRUNK], 1);
        assert_int_equal(a->n_lost[RIG_STAGE_QUEUE], 2); /* and the one that is never queued */
        assert_int_equal(b->n_offered, 0);
        assert_near(a->seconds, 2600, 1e-9); /* from the first INVITE */
        assert_near(b->seconds, 1000, 1e-9); /* until the last end */
        assert_int_equal(a->max[RIG_USAGE_CIRCUITS], 3);
        assert_int_equal(b->max[RIG_USAGE_CIRCUITS], 3);
        assert_near(a->mean[RIG_USAGE_CIRCUITS], (2600 + 100 + 10) / 2600.0, 1e-9);
        assert_near(b->mean[RIG_USAGE_CIRCUITS], (1000 + 100 + 10) / 1000.0, 1e-9);
        assert_int_equal(a->max[RIG_USAGE_QUEUE], 2);
        assert_near(a->mean[RIG_USAGE_QUEUE], (50 + 5) / 2600.0, 1e-3);
        assert_near(b->mean[RIG_USAGE_QUEUE], (20 + 10) / 1000.0, 1e-3);
        assert_int_equal(a->max[RIG_USAGE_AGENTS], 0);
        assert_int_equal(b->max[RIG_USAGE_AGENTS], 1);
        assert_near(b->mean[RIG_USAGE_AGENTS], 80 / 1000.0, 1e-3);
        assert_near(a->offered_erl, a->mean[RIG_USAGE_CIRCUITS] * 4 / 3, 1e-9);
        rig_usage_table_free(hours);
        rig_usage_series_free(series);
    }
}

/* The level at an instant, by counting. */
static uint32_t level_at(const rig_call *calls, size_t n, int64_t t_ns, rig_usage_of what)
{
    uint32_t level = 0;
    for (size_t i = 0; i < n; i++) {
        const rig_call *c = &calls[i];
        int64_t from_ns = what == RIG_USAGE_CIRCUITS ? c->t_invite_ns
                          : what == RIG_USAGE_QUEUE  ? c->t_queue_ns
                                                     : c->t_agent_answer_ns;
        int64_t to_ns = what == RIG_USAGE_QUEUE && c->t_agent_answer_ns != RIG_NO_TIME
                            ? c->t_agent_answer_ns
                            : c->t_end_ns;
        level += from_ns != RIG_NO_TIME && from_ns <= t_ns && t_ns < to_ns;
    }
    return level;
}

/* Random calls over ten hours, of which the longest take hours: told in the order of their ends. */
static void test_against_counting(void **state)
{
    (void)state;
    enum { N = 400 };
    static rig_call calls[N];
    for (uint64_t i = 0; i < N; i++) {
        double u[4];
        for (uint32_t k = 0; k < 4; k++)
            u[k] = rig_random_uniform(21, RIG_CAUSE_TALK, i, k, 0);
        int64_t t_ns = S(1000000) + (int64_t)(u[0] * 3.6e13); /* whole seconds below */
        t_ns = t_ns / S(1) * S(1);
        int64_t queue_ns = t_ns + S((int)(u[1] * 100)), talk_ns = queue_ns + S((int)(u[2] * 300));
        int64_t end_ns = talk_ns + S(1) + S((int)(-2000 * log(u[3])));
        calls[i] = call_of(t_ns, queue_ns, i % 3 == 0 ? RIG_NO_TIME : talk_ns, end_ns);
    }
    for (int tells = 0; tells < 2; tells++) {
        rig_usage_series *series = measure(calls, N, tells == 1);
        rig_usage_table *table = NULL;
        assert_int_equal(rig_usage_series_table(series, 0, false, &table, NULL), RIG_OK);
        assert_int_equal(table->interval_ns, S(60)); /* 1440 minutes hold ten hours and more */
        uint64_t n_offered = 0;
        for (size_t r = 0; r < table->n; r++) {
            const rig_usage_row *row = &table->rows[r];
            n_offered += row->n_offered;
            for (int u = 0; u < RIG_N_USAGES; u++) {
                uint32_t most = 0;
                double sum = 0;
                for (int s = 0; s < 60; s++) { /* everything happens at whole seconds */
                    uint32_t level =
                        level_at(calls, N, row->t_from_ns + S(s) + S(1) / 2, (rig_usage_of)u);
                    most = level > most ? level : most;
                    sum += level;
                }
                if (row->max[u] != most)
                    fail_msg("row %zu, usage %d: %u; expected %u", r, u, row->max[u], most);
                if (row->seconds > 59.99)
                    assert_near(row->mean[u], sum / 60, 1e-6);
            }
        }
        assert_int_equal(n_offered, N);
        rig_usage_table_free(table);
        rig_usage_series_free(series);
    }
}

static void test_intervals(void **state)
{
    (void)state;
    static const struct {
        int64_t interval_ns;
        rig_status status;
        size_t n; /* rows */
    } cases[] = {
        {0, RIG_OK, 301},     {S(12), RIG_OK, 301}, {S(60), RIG_OK, 61}, {S(900), RIG_OK, 5},
        {S(3600), RIG_OK, 2}, {S(7), RIG_EDOM, 0},  {S(1), RIG_EDOM, 0}, {-S(12), RIG_EDOM, 0},
    };
    const rig_call calls[] = {
        call_of(S(360000), RIG_NO_TIME, RIG_NO_TIME, S(360001)),
        call_of(S(363600), RIG_NO_TIME, RIG_NO_TIME, S(363601)),
    };
    rig_usage_series *series = measure(calls, 2, true);
    /* an hour and a second: 1440 steps of 2 s do not hold it, nor 4 s .. */
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_usage_table *table = NULL;
        rig_error err = {.text = ""};
        const int64_t step_ns = rig_usage_series_step_ns(series);
        rig_status status =
            rig_usage_series_table(series, cases[i].interval_ns, false, &table, &err);
        if (step_ns != S(4)) /* 900 steps of 4 s do */
            fail_msg("step %lld", (long long)step_ns);
        if (status != cases[i].status)
            fail_msg("case %zu: %s", i, err.text);
        if (status != RIG_OK) {
            assert_null(table);
            assert_true(err.text[0] != '\0');
            continue;
        }
        uint64_t n_offered = 0;
        for (size_t r = 0; r < table->n; r++)
            n_offered += table->rows[r].n_offered;
        assert_int_equal(n_offered, 2);
        if (cases[i].interval_ns > 0)
            assert_int_equal(table->n, cases[i].n);
        rig_usage_table_free(table);
    }
    rig_usage_series_free(series);
    rig_usage_table *table = NULL;
    assert_int_equal(rig_usage_series_new(&series, NULL), RIG_OK); /* without any call */
    rig_usage_series_finish(series, RIG_NO_TIME);
    assert_int_equal(rig_usage_series_table(series, S(3600), false, &table, NULL), RIG_OK);
    assert_int_equal(table->n, 0);
    rig_usage_table_free(table);
    rig_usage_table_free(NULL);
    rig_usage_series_free(series);
    rig_usage_series_free(NULL);
}

/* The first call that is told began last; the last one years before. */
static void test_any_order(void **state)
{
    (void)state;
    enum { N = 2000 };
    static rig_call calls[N];
    for (int i = 0; i < N; i++) {
        int64_t t_ns = S(1000000000) - S(i) * 40000;
        calls[i] = call_of(t_ns, t_ns, t_ns + S(10), t_ns + S(100));
    }
    rig_usage_series *series = measure(calls, N, true);
    rig_usage_table *table = NULL;
    assert_int_equal(rig_usage_series_table(series, 0, false, &table, NULL), RIG_OK);
    assert_true(table->n <= 1440);
    assert_int_equal(table->interval_ns % S(3600), 0);
    uint64_t n_offered = 0;
    double talk_s = 0;
    for (size_t r = 0; r < table->n; r++) {
        n_offered += table->rows[r].n_offered;
        talk_s += table->rows[r].mean[RIG_USAGE_CIRCUITS] * table->rows[r].seconds;
    }
    assert_int_equal(n_offered, N);
    assert_near(talk_s, 100.0 * N, 1e-3);
    rig_usage_table_free(table);
    rig_usage_series_free(series);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_against_counting),
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_any_order),
    };
    return cmocka_run_group_tests_name("usage_series", tests, NULL, NULL);
}
