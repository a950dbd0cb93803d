/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The history without its file: calls as letters, instants, and two runs compared. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history/calls.h"
#include "history/compare.h"
#include "history/compare/estimate.h"
#include "history/when.h"

/* ---- calls ---- */

static rig_call call_of(int64_t index, rig_outcome outcome, double queue_s, double answer_s)
{
    return (rig_call){
        .planned_index = index,
        .t_invite_ns = 1,
        .t_queue_ns = isnan(queue_s) ? RIG_NO_TIME : rig_clock_ns_of_s(queue_s),
        .t_agent_answer_ns = isnan(answer_s) ? RIG_NO_TIME : rig_clock_ns_of_s(answer_s),
        .t_agent_ring_ns = isnan(answer_s) ? RIG_NO_TIME : rig_clock_ns_of_s(answer_s),
        .t_provisional_ns = 2,
        .outcome = outcome};
}

static void test_letters(void **state)
{
    (void)state;
    rig_call items[] = {call_of(0, RIG_OUTCOME_SERVED, 1.0, 2.0),
                        call_of(1, RIG_OUTCOME_SERVED, 1.0, 4.0),
                        call_of(3, RIG_OUTCOME_LOST_TRUNK, (double)NAN, (double)NAN),
                        call_of(3, RIG_OUTCOME_SERVED, 1.0, 2.0), /* a second of that number */
                        call_of(4, RIG_OUTCOME_DROPPED, 1.0, 1.5),
                        call_of(5, RIG_OUTCOME_DROPPED, (double)NAN, (double)NAN),
                        call_of(6, RIG_OUTCOME_CUT_BY_RIG, 1.0, (double)NAN),
                        call_of(-1, RIG_OUTCOME_SERVED, 1.0, 2.0),
                        call_of(99, RIG_OUTCOME_SERVED, 1.0, 2.0)};
    const rig_calls calls = {.items = items, .n = sizeof items / sizeof *items};
    char *letters;
    rig_history_waits waits;
    assert_int_equal(rig_history_calls_of(&calls, 8, 10.0, 20.0, &letters, &waits), RIG_OK);
    assert_string_equal(letters, "Ss-t52?-");
    assert_int_equal(waits.n, 3); /* 10, 30 and 5 s of the scenario */
    assert_true(fabs(waits.mean_s - 15.0) < 1e-9);
    assert_true(fabs(waits.sd_s - sqrt(175.0)) < 1e-9);
    assert_true(rig_history_call_entered('2', RIG_STAGE_IVR));
    assert_false(rig_history_call_entered('2', RIG_STAGE_QUEUE));
    assert_true(rig_history_call_entered('S', RIG_STAGE_AGENT));
    assert_false(rig_history_call_entered('?', RIG_STAGE_TRUNK));
    assert_false(rig_history_call_entered('-', RIG_STAGE_TRUNK));
    assert_true(rig_history_call_lost('q', RIG_STAGE_QUEUE));
    assert_true(rig_history_call_in_time('5') && !rig_history_call_connected('5'));
    assert_int_equal(rig_history_calls_span("tx"), 1);
    free(letters);
    free(waits.of_call_s);
}

/* ---- time ---- */

static void test_when(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t ms;
    } good[] = {{"1970-01-01", 0},
                {"2026-11-29", INT64_C(1795910400000)},
                {"2026-11-29T21:34", INT64_C(1795988040000)},
                {"2026-11-29 21:34:56", INT64_C(1795988096000)},
                {"2026-11-29T21:34:56.789Z", INT64_C(1795988096789)}};
    static const char *const bad[] = {"",          "2026",        "2026-13-01",       "2026-02-30",
                                      "2026-1-1",  "2026-11-29T", "2026-11-29T25:00", "2026-11-29x",
                                      "1969-12-31"};
    int64_t ms = -7;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(rig_history_when_read(bad[i], &ms));
    assert_true(ms == -7);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_true(rig_history_when_read(good[i].text, &ms));
        assert_true(ms == good[i].ms);
    }
    /* ISO 8601: the week of the year's first Thursday is its first */
    static const char *const weeks[][2] = {{"2026-11-29", "2026-W48"},
                                           {"2026-11-30", "2026-W49"},
                                           {"2027-01-03", "2026-W53"},
                                           {"2027-01-04", "2027-W01"}};
    char text[RIG_HISTORY_WHEN_SIZE];
    for (size_t i = 0; i < sizeof weeks / sizeof *weeks; i++) {
        assert_true(rig_history_when_read(weeks[i][0], &ms));
        ms = rig_history_by_start(RIG_HISTORY_BY_WEEK, ms + 86399999);
        rig_history_by_text(RIG_HISTORY_BY_WEEK, ms, text);
        assert_string_equal(text, weeks[i][1]);
        assert_true(ms % 86400000 == 0);
    }
}

static void test_months(void **state)
{
    (void)state;
    static const char *const months[][3] = {{"2026-11-30", "2026-11", "2026-12-01"},
                                            {"2026-12-31", "2026-12", "2027-01-01"},
                                            {"2027-02-01", "2027-02", "2027-03-01"},
                                            {"2028-02-29", "2028-02", "2028-03-01"}};
    char text[RIG_HISTORY_WHEN_SIZE];
    int64_t ms = 0;
    for (size_t i = 0; i < sizeof months / sizeof *months; i++) {
        assert_true(rig_history_when_read(months[i][0], &ms));
        ms = rig_history_by_start(RIG_HISTORY_BY_MONTH, ms + 86399999);
        rig_history_by_text(RIG_HISTORY_BY_MONTH, ms, text);
        assert_string_equal(text, months[i][1]);
        rig_history_by_text(RIG_HISTORY_BY_DAY, ms, text);
        assert_string_equal(text + 7, "-01");
        rig_history_by_text(RIG_HISTORY_BY_DAY, rig_history_by_end(RIG_HISTORY_BY_MONTH, ms), text);
        assert_string_equal(text, months[i][2]);
    }
    assert_true(rig_history_by_end(RIG_HISTORY_BY_WEEK, 0) == 7 * INT64_C(86400000));
}

/* ---- statistics ---- */

static void expect_near(double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%.6f; expected %.6f +- %g", found, expected, tolerance);
}

/* The worked examples of Newcombe, Statistics in Medicine 17 (1998): pairs (e, f, g, h) = (36, 12,
 * 2, 0), p. 2635 ff.; 56 of 70 against 48 of 80, p. 873 ff. His difference is first minus second.
 */
static void test_newcombe(void **state)
{
    (void)state;
    rig_history_row row = {.n = 0};
    rig_history_estimate_pairs(&(rig_history_pairs){36.0, 2.0, 12.0, 0.0}, &row);
    expect_near(row.difference, 0.2, 1e-12);
    expect_near(row.low, 0.0569, 1e-4);
    expect_near(row.high, 0.3404, 1e-4);
    const rig_history_share a = {.p = 48.0 / 80.0, .n = 80.0, .ess = 80.0},
                            b = {.p = 56.0 / 70.0, .n = 70.0, .ess = 70.0};
    rig_history_estimate_shares(&a, &b, &row);
    expect_near(row.difference, 0.2, 1e-12);
    expect_near(row.low, 0.0524, 1e-4);
    expect_near(row.high, 0.3339, 1e-4);
}

static void test_mcnemar(void **state)
{
    (void)state;
    static const struct {
        double only_a, only_b, p;
    } cases[] = {{0.0, 0.0, 1.0},
                 {1.0, 8.0, 20.0 / 512.0}, /* 2 (1 + 9) / 2^9 */
                 {8.0, 1.0, 20.0 / 512.0},
                 {3.0, 3.0, 1.0},
                 {0.0, 10.0, 2.0 / 1024.0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_history_row row = {.n = 0};
        rig_history_estimate_pairs(
            &(rig_history_pairs){100.0, cases[i].only_a, cases[i].only_b, 200.0}, &row);
        expect_near(row.p_value, cases[i].p, 1e-12);
    }
}

static void test_holm(void **state)
{
    (void)state;
    double p[] = {0.04, 0.01, (double)NAN, 0.03};
    rig_history_holm(p, 4);
    expect_near(p[0], 0.06, 1e-12); /* not less than a smaller one's */
    expect_near(p[1], 0.03, 1e-12);
    expect_near(p[3], 0.06, 1e-12);
    assert_true(isnan(p[2]));
}

/* Of a series that depends on itself n values are worth less than n; of one that does not, n. */
static void test_batches(void **state)
{
    (void)state;
    double bursts[2000], even[2000];
    for (size_t i = 0; i < 2000; i++) {
        bursts[i] = i / 250 % 2 == 0 ? 1.0 : 0.0;
        even[i] = i % 2 == 0 ? 1.0 : 0.0;
    }
    assert_true(rig_history_share_of(bursts, 2000).ess < 100.0);
    expect_near(rig_history_share_of(even, 2000).ess, 2000.0, 1e-9);
    expect_near(rig_history_share_of(even, 100).ess, 100.0, 1e-9); /* too few to tell */
}

static rig_history_run *run_of(const char *calls, int64_t seed)
{
    rig_history_run *run = rig_history_run_new();
    assert_non_null(run);
    free(run->calls);
    run->calls = strdup(calls);
    run->counts[RIG_HISTORY_SEED] = seed;
    assert_int_equal(rig_history_run_set(run, RIG_HISTORY_PLAN_SHA256, "a plan"), RIG_OK);
    return run;
}

static const rig_history_row *row_of(const rig_history_comparison *c, const char *name)
{
    for (size_t i = 0; i < c->n_rows; i++)
        if (strcmp(c->rows[i].name, name) == 0)
            return &c->rows[i];
    fail_msg("no row %s", name);
    return NULL;
}

/* Calls that are not known, or entered the stage in one run alone, are no pairs. */
static void test_who_is_a_pair(void **state)
{
    (void)state;
    rig_history_run *a = run_of("tqSSS?-mS", 1), *b = run_of("SqtqSSSm?", 1);
    rig_history_comparison c;
    assert_int_equal(rig_history_compare(a, NULL, b, NULL, &c), RIG_OK);
    assert_true(c.is_paired);
    const rig_history_row *trunk = row_of(&c, "lost_trunk"), *queue = row_of(&c, "lost_queue");
    assert_true(trunk->n == 6.0 && trunk->n_only_a == 1.0 && trunk->n_only_b == 1.0);
    assert_true(queue->n == 3.0 && queue->n_only_a == 0.0 && queue->n_only_b == 1.0);
    assert_int_equal(row_of(&c, "answered_wait_mean_s")->method, RIG_HISTORY_NOT_COMPARED);
    assert_int_equal(c.n_worse, 0);
    b->counts[RIG_HISTORY_SEED] = 2;
    assert_int_equal(rig_history_compare(a, NULL, b, NULL, &c), RIG_OK);
    assert_false(c.is_paired);
    assert_string_equal(c.why_unpaired, "the seeds differ");
    rig_history_run_free(a);
    rig_history_run_free(b);
}

/* 400 calls; in B every tenth that was served is lost at the trunk, and all wait 2 s longer. */
static void test_worse_by_a_margin(void **state)
{
    (void)state;
    char before[401], after[401];
    double waits_a[400], waits_b[400], p[RIG_HISTORY_MAX_ROWS];
    memset(before, 'S', 400);
    memset(after, 'S', 400);
    before[400] = after[400] = '\0';
    for (size_t i = 0; i < 400; i++) {
        if (i % 10 == 0)
            after[i] = 't';
        waits_a[i] = (double)(i % 7);
        waits_b[i] = after[i] == 't' ? (double)NAN : waits_a[i] + 2.0 + (i % 2 == 0 ? 0.5 : -0.5);
    }
    rig_history_run *a = run_of(before, 1), *b = run_of(after, 1);
    rig_history_comparison c;
    assert_int_equal(rig_history_compare(a, waits_a, b, waits_b, &c), RIG_OK);
    assert_int_equal(row_of(&c, "lost_trunk")->change, RIG_HISTORY_WORSE);
    assert_int_equal(row_of(&c, "connect_rate")->change, RIG_HISTORY_WORSE);
    const rig_history_row *wait = row_of(&c, "answered_wait_mean_s");
    assert_int_equal(wait->method, RIG_HISTORY_PAIRED_T);
    assert_int_equal(wait->change, RIG_HISTORY_WORSE);
    expect_near(wait->difference, 2.0, 0.1);
    assert_int_equal(rig_history_regressions(&c, 0.05, p), 2);
    assert_true(p[0] < 0.01 && isnan(p[6]));
    assert_int_equal(rig_history_regressions(&c, 0.09, p), 0); /* 10 +- 1.5 points: not certain */
    assert_int_equal(rig_history_compare(b, waits_b, a, waits_a, &c), RIG_OK);
    assert_int_equal(c.n_worse, 0);
    assert_int_equal(row_of(&c, "lost_trunk")->change, RIG_HISTORY_BETTER);
    rig_history_run_free(a);
    rig_history_run_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters),
        cmocka_unit_test(test_when),
        cmocka_unit_test(test_months),
        cmocka_unit_test(test_newcombe),
        cmocka_unit_test(test_mcnemar),
        cmocka_unit_test(test_holm),
        cmocka_unit_test(test_batches),
        cmocka_unit_test(test_who_is_a_pair),
        cmocka_unit_test(test_worse_by_a_margin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
