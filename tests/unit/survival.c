/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The product-limit estimate against published values, by hand, and against known patience. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/test.h"

#include "analyzer/patience.h"
#include "analyzer/survival.h"
#include "core/clock.h"
#include "core/random.h"

#define S(n) ((int64_t)(n)*1000000000)

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%.12g; expected %.12g", got, expected);
}

/* Remission of 21 patients under 6-MP, weeks (Freireich et al., Blood 21, 1963), as in Kalbfleisch
 * & Prentice and every textbook: S and Greenwood's standard error at each event. */
static void test_published(void **state)
{
    (void)state;
    static const int weeks[] = {6, 6, 6, 7, 10, 13, 16, 22, 23}; /* events */
    static const int cut[] = {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35};
    static const struct {
        double t_s, p, se;
        unsigned n_at_risk;
    } expected[] = {
        {6, 0.8571, 0.0764, 21},  {7, 0.8067, 0.0869, 17},  {10, 0.7529, 0.0963, 15},
        {13, 0.6902, 0.1068, 12}, {16, 0.6275, 0.1141, 11}, {22, 0.5378, 0.1282, 7},
        {23, 0.4482, 0.1346, 6},
    };
    rig_lasting observed[21];
    size_t n = 0;
    for (size_t i = 0; i < sizeof cut / sizeof cut[0]; i++) /* in no order */
        observed[n++] = rig_lasting_of(S(cut[i]), false);
    for (size_t i = 0; i < sizeof weeks / sizeof weeks[0]; i++)
        observed[n++] = rig_lasting_of(S(weeks[i]), true);
    rig_survival *s = NULL;
    assert_int_equal(rig_survival_estimate(observed, n, &s, NULL), RIG_OK);
    assert_int_equal(s->n, 21);
    assert_int_equal(s->n_events, 9);
    assert_int_equal(s->n_steps, 7);
    assert_int_equal(s->steps[0].n_events, 3);
    assert_int_equal(s->steps[0].n_censored, 1); /* 6+ was still there at 6 */
    assert_near(s->longest_s, 35, 1e-9);
    assert_near(s->total_s, 359, 1e-9);
    for (size_t i = 0; i < s->n_steps; i++) {
        assert_near(s->steps[i].t_s, expected[i].t_s, 1e-9);
        assert_near(s->steps[i].p_left, expected[i].p, 5e-5);
        assert_near(s->steps[i].se, expected[i].se, 5e-5);
        assert_int_equal(s->steps[i].n_at_risk, expected[i].n_at_risk);
        assert_true(s->steps[i].low > 0 && s->steps[i].low < s->steps[i].p_left);
        assert_true(s->steps[i].high < 1 && s->steps[i].high > s->steps[i].p_left);
    }
    /* by log(-log S): exp(log(0.8571) exp(+-1.96 sqrt(3/(21*18)) / log(0.8571))) */
    assert_near(s->steps[0].low, 0.6197, 5e-4);
    assert_near(s->steps[0].high, 0.9516, 5e-4);
    rig_survival_quantile median = rig_survival_find(s, 0.5);
    assert_near(median.t_s, 23, 1e-9);
    assert_near(median.low_s, 13, 1e-9); /* R's survfit with log-log: 23 (13, NA) */
    assert_true(isnan(median.high_s));
    assert_near(rig_survival_at(s, 5.9), 1, 0);
    assert_near(rig_survival_at(s, 15), 0.6902, 5e-5);
    assert_near(rig_survival_at(s, 35), 0.4482, 5e-5);
    assert_true(isnan(rig_survival_at(s, 36)));
    rig_survival_quantile mean = rig_survival_exponential_mean(s);
    assert_near(mean.t_s, 359.0 / 9, 1e-9);
    assert_near(mean.low_s, 2 * 359 / 31.5264, 1e-3); /* chi-square with 18 degrees of freedom */
    assert_near(mean.high_s, 2 * 359 / 8.2307, 1e-2);
    rig_survival_free(s);
}

/* As many events as GSL's inverse of chi-squared does not converge for, and as it does. */
static void test_many_events(void **state)
{
    (void)state;
    static const size_t counts[] = {1159, 1160, 1736, 2697};
    for (size_t k = 0; k < sizeof counts / sizeof counts[0]; k++) {
        const size_t n = counts[k];
        rig_survival *s = NULL;
        rig_lasting *all = calloc(n, sizeof *all);
        for (size_t i = 0; i < n; i++)
            all[i] = rig_lasting_of(S(10), true);
        assert_int_equal(rig_survival_estimate(all, n, &s, NULL), RIG_OK);
        const rig_survival_quantile mean = rig_survival_exponential_mean(s);
        /* Wilson and Hilferty's approximation of chi-squared with 2 n degrees */
        const double d = 1.0 / (9.0 * (double)n);
        assert_near(mean.low_s, 10.0 / pow(1.0 - d + 1.959964 * sqrt(d), 3.0), 0.02);
        assert_near(mean.high_s, 10.0 / pow(1.0 - d - 1.959964 * sqrt(d), 3.0), 0.02);
        rig_survival_free(s);
        free(all);
    }
}

static void test_edges(void **state)
{
    (void)state;
    rig_survival *s = NULL;
    assert_int_equal(rig_survival_estimate(NULL, 0, &s, NULL), RIG_OK);
    assert_int_equal(s->n_steps, 0);
    assert_true(isnan(s->longest_s) && isnan(rig_survival_at(s, 1)));
    assert_true(isnan(rig_survival_find(s, 0.5).t_s));
    assert_true(isnan(rig_survival_exponential_mean(s).t_s));
    rig_survival_free(s);
    /* all hang up: nobody is left, and there is no variance */
    rig_lasting all[] = {rig_lasting_of(S(3), true), rig_lasting_of(S(1), true)};
    assert_int_equal(rig_survival_estimate(all, 2, &s, NULL), RIG_OK);
    assert_near(s->steps[0].p_left, 0.5, 1e-12);
    assert_near(s->steps[0].se, sqrt(0.125), 1e-12);
    assert_near(s->steps[1].p_left, 0, 0);
    assert_true(isnan(s->steps[1].se) && isnan(s->steps[1].low) && isnan(s->steps[1].high));
    assert_near(rig_survival_find(s, 0.5).t_s, 1, 1e-12);
    assert_near(rig_survival_find(s, 0.75).t_s, 3, 1e-12);
    assert_near(rig_survival_at(s, 1000), 0, 0);
    rig_survival_free(s);
    /* nobody does */
    rig_lasting none[] = {rig_lasting_of(S(3), false), rig_lasting_of(0, false)};
    assert_int_equal(rig_survival_estimate(none, 2, &s, NULL), RIG_OK);
    assert_int_equal(s->n_steps, 0);
    assert_int_equal(s->n_censored_first, 2);
    assert_near(rig_survival_at(s, 2), 1, 0);
    rig_survival_free(s);
}

static double exponential(double mean_s, uint64_t i, uint32_t what)
{
    return -mean_s * log(rig_random_uniform(17, RIG_CAUSE_PATIENCE_QUEUE, i, what, 0));
}

static rig_finished_call waited(rig_call *call, int64_t wait_ns, bool is_served)
{
    *call = (rig_call){.t_invite_ns = S(1000),
                       .t_provisional_ns = RIG_NO_TIME,
                       .t_menu_ns = RIG_NO_TIME,
                       .t_answer_ns = S(1000),
                       .t_queue_ns = S(1001),
                       .t_agent_ring_ns = RIG_NO_TIME,
                       .t_agent_answer_ns = is_served ? S(1001) + wait_ns : RIG_NO_TIME,
                       .t_end_ns = is_served ? S(1100) + wait_ns : S(1001) + wait_ns,
                       .answered = true,
                       .bye = RIG_BYE_CALLER,
                       .outcome = is_served ? RIG_OUTCOME_SERVED : RIG_OUTCOME_LOST_QUEUE};
    return (rig_finished_call){.call = call, .outcome_if_marks = call->outcome};
}

/* Patience with mean 60 s behind offered waits with mean 45 s: those who are served are censored,
 * and what comes out is the patience, not the mean wait of those who hung up (25.7 s). */
static void test_simulated(void **state)
{
    (void)state;
    enum { N = 20000 };
    rig_patience patience = {0};
    rig_survival *s = NULL;
    for (uint64_t i = 0; i < N; i++) {
        double p_s = exponential(60, i, 0), offered_s = exponential(45, i, 1);
        rig_call call;
        const rig_finished_call finished =
            waited(&call, rig_clock_ns_of_s(fmin(p_s, offered_s)), offered_s < p_s);
        assert_int_equal(rig_patience_take(&patience, &finished, NULL), RIG_OK);
    }
    assert_int_equal(rig_patience_finish(&patience, S(5000), &s, NULL), RIG_OK);
    assert_int_equal(s->n, N);
    assert_near((double)s->n_events / N, 45.0 / 105, 0.01);
    static const double shares[] = {0.1, 0.25, 0.5, 0.75};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        const double truth = -60 * log(1 - shares[i]);
        rig_survival_quantile q = rig_survival_find(s, shares[i]);
        if (!(q.low_s <= truth && truth <= q.high_s))
            fail_msg("%g: %g (%g..%g); expected %g", shares[i], q.t_s, q.low_s, q.high_s, truth);
        assert_true(q.high_s - q.low_s < 0.12 * truth);
    }
    for (double t_s = 10; t_s <= 100; t_s += 30)
        assert_near(rig_survival_at(s, t_s), exp(-t_s / 60), 0.02);
    rig_survival_quantile mean = rig_survival_exponential_mean(s);
    assert_true(mean.low_s < 60 && mean.high_s > 60 && mean.high_s - mean.low_s < 3);
    rig_survival_free(s);
    rig_patience_clear(&patience);
}

/* What counts as the caller's patience, and what cuts it off. */
static void test_what_is_an_event(void **state)
{
    (void)state;
    static const struct {
        rig_outcome outcome;
        rig_bye bye;
        bool cancelled, has_queue, is_over;
        int n, n_events, n_left_out;
    } cases[] = {
        {RIG_OUTCOME_LOST_QUEUE, RIG_BYE_CALLER, false, true, true, 1, 1, 0},
        {RIG_OUTCOME_LOST_AGENT, RIG_BYE_CALLER, false, true, true, 1, 1, 0},
        {RIG_OUTCOME_LOST_QUEUE, RIG_BYE_NONE, true, true, true, 1, 1, 0},
        {RIG_OUTCOME_LOST_QUEUE, RIG_BYE_CALLEE, false, true, true, 1, 0, 0},
        {RIG_OUTCOME_DEFLECTED, RIG_BYE_CALLER, false, true, true, 1, 0, 0},
        {RIG_OUTCOME_DROPPED, RIG_BYE_CALLEE, false, true, true, 1, 0, 0},
        {RIG_OUTCOME_IN_PROGRESS, RIG_BYE_NONE, false, true, false, 1, 0, 0},
        {RIG_OUTCOME_SELF_SERVED, RIG_BYE_CALLER, false, true, true, 0, 0, 1},
        {RIG_OUTCOME_UNCLASSIFIED, RIG_BYE_NONE, false, true, false, 0, 0, 1},
        {RIG_OUTCOME_LOST_QUEUE, RIG_BYE_NONE, false, true, false, 0, 0, 1},
        {RIG_OUTCOME_LOST_IVR, RIG_BYE_NONE, true, false, true, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_patience patience = {0};
        rig_survival *s = NULL;
        rig_call call;
        rig_finished_call finished = waited(&call, S(7), false);
        call.outcome = finished.outcome_if_marks = cases[i].outcome;
        call.bye = cases[i].bye;
        call.cancelled = cases[i].cancelled;
        if (!cases[i].has_queue)
            call.t_queue_ns = RIG_NO_TIME;
        if (!cases[i].is_over)
            call.t_end_ns = RIG_NO_TIME;
        assert_int_equal(rig_patience_take(&patience, &finished, NULL), RIG_OK);
        assert_int_equal(rig_patience_finish(&patience, S(1031), &s, NULL), RIG_OK);
        if (s->n != (uint64_t)cases[i].n || s->n_events != (uint64_t)cases[i].n_events ||
            patience.n_left_out != (uint64_t)cases[i].n_left_out)
            fail_msg("case %zu: %llu, %llu, %llu", i, (unsigned long long)s->n,
                     (unsigned long long)s->n_events, (unsigned long long)patience.n_left_out);
        if (cases[i].n == 1)
            assert_near(s->longest_s, cases[i].is_over ? 7 : 30, 1e-9);
        rig_survival_free(s);
        rig_patience_clear(&patience);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_many_events),
        cmocka_unit_test(test_edges),
        cmocka_unit_test(test_simulated),
        cmocka_unit_test(test_what_is_an_event),
    };
    return cmocka_run_group_tests_name("survival", tests, NULL, NULL);
}
