/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verdict on a made run: G0 to G3, the looks, and the sentence that says it. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "verdict/early_stop.h"
#include "verdict/verdict.h"
#include "tests/unit/verdict_run.h"

static void test_verdict_passes(void **state)
{
    (void)state;
    expect_verdict(make_run(), RIG_JUDGEMENT_PASS, "every stage loses what the model predicts");
}

static void test_verdict_needs_a_valid_load(void **state)
{
    (void)state;
    made_run *r = make_run();
    r->load.was_stopped = true;
    expect_verdict(r, RIG_JUDGEMENT_INVALID, "stopped before its end");
    r = make_run();
    rig_tally_add(&r->tally, RIG_OUTCOME_NOT_PLACED, RIG_STAGE_TRUNK);
    r->load.n_planned = 1001;
    expect_verdict(r, RIG_JUDGEMENT_INVALID, "1 of 1001 calls not placed");
    r = make_run();
    r->load.lateness_p99_ms = 20.5;
    expect_verdict(r, RIG_JUDGEMENT_INVALID, "within 20.50 ms");
    r = make_run();
    r->load.lateness_p99_ms = (double)NAN;
    expect_verdict(r, RIG_JUDGEMENT_INVALID, "INVITEs within");
    r = make_run();
    r->load.ks_distance = 0.02;
    expect_verdict(r, RIG_JUDGEMENT_INVALID, "Kolmogorov-Smirnov");
    r = make_run(); /* as much as permitted lateness makes of it, and a hundredth */
    r->load.ks_distance = 0.0249;
    r->load.p_window = 0.015;
    expect_verdict(r, RIG_JUDGEMENT_PASS, "");
    r = make_run();
    r->load.ks_distance = 0.0251;
    r->load.p_window = 0.015;
    expect_verdict(r, RIG_JUDGEMENT_INVALID, "expected at most 0.02500");
    r = make_run();
    r->load.clock_step_ms = 9.9;
    expect_verdict(r, RIG_JUDGEMENT_PASS, "");
    for (int sign = -1; sign <= 1; sign += 2) {
        r = make_run();
        r->load.clock_step_ms = sign * 10.1;
        expect_verdict(r, RIG_JUDGEMENT_INVALID, "the wall clock moved by");
    }
    r = make_run();
    r->load.n_planned = 999;
    expect_verdict(r, RIG_JUDGEMENT_INVALID, "999 planned = 1000 offered");
}

static void test_verdict_names_the_first_stage(void **state)
{
    (void)state;
    made_run *r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.20, 0.01);
    predict(r, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE), 0.20, 0.01);
    expect_verdict(r, RIG_JUDGEMENT_FAIL,
                   "the trunk stage loses 30.00 % of its calls, predicted 20.00 %");
    r = make_run();
    predict(r, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE), 0.20, 0.01);
    expect_verdict(r, RIG_JUDGEMENT_FAIL, "the queue stage loses 0.00 %");
}

/* One percentage point off and the margin two: decided only while no call's fate is in doubt. */
static void test_verdict_bounds_by_the_gaps_of_the_capture(void **state)
{
    (void)state;
    made_run *r = make_run();
    r->load.n_kernel_dropped = 5;
    expect_verdict(r, RIG_JUDGEMENT_PASS, "every stage");
    r = make_run();
    r->load.n_kernel_dropped = 20; /* 320 of 1020 would be too many */
    expect_verdict(r, RIG_JUDGEMENT_INCONCLUSIVE,
                   "could turn the verdict: 20 of 9020 packets dropped by the kernel");
    r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.31, 0.01);
    r->load.n_kernel_dropped = 20; /* 300 of 1020 would be too few */
    expect_verdict(r, RIG_JUDGEMENT_INCONCLUSIVE, "could turn the verdict: ");
    r = make_run();
    r->load.n_placed_by_rig = 1050;
    expect_verdict(r, RIG_JUDGEMENT_INCONCLUSIVE, "could turn the verdict: ");
}

/* D is 0.0297: outside by its own interval (p = 0.03), but four stages were looked at (0.12). */
static void test_verdict_corrects_for_four_stages(void **state)
{
    (void)state;
    made_run *r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.2703, 0.01);
    expect_verdict(r, RIG_JUDGEMENT_INCONCLUSIVE, "the trunk stage is undecided");
}

static void test_verdict_says_how_long_would_decide(void **state)
{
    (void)state;
    made_run *r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.30, 0.05);
    r->room.scenario.traffic.duration_s = 120.0; /* (0.045 / 0.02)^2 of two minutes */
    expect_verdict(r, RIG_JUDGEMENT_INCONCLUSIVE,
                   "a run of about 11 minutes would decide, this one had 2");
}

/* Six bins in which 50 of 220 calls are lost at the IVR; in one of them it is another number. */
static void expect_over_time(double lost, uint64_t n_dropped, rig_judgement judgement,
                             const char *words)
{
    double mean[6], half[6];
    rig_interval intervals[6];
    made_run *r = make_run();
    for (int i = 0; i < 6; i++) {
        mean[i] = 50.0;
        half[i] = 5.0;
        intervals[i] = (rig_interval){.n_offered = 220.0, .n_lost = {60.0, i == 2 ? lost : 50.0}};
    }
    r->prediction.n_intervals = 6;
    r->prediction.interval_s = 10.0;
    r->prediction.envelopes[RIG_STAGE_IVR] =
        (rig_envelope){.n_bins = 6, .n_together = 1, .n_levels = 1, .mean = mean, .half = half};
    r->input.observed_intervals = intervals;
    r->load.n_kernel_dropped = n_dropped;
    expect_verdict(r, judgement, words);
}

/* Six periods are looked at. A second run could lose 25.2 to 80.1 calls in one of them at 1 %, 17.5
 * to 92.2 at 0.01 %; the margin of 2 points is 3.2 of the 160 calls that reach the IVR. */
static void test_verdict_looks_over_time(void **state)
{
    (void)state;
    expect_over_time(83.0, 0, RIG_JUDGEMENT_PASS, "");
    expect_over_time(22.0, 0, RIG_JUDGEMENT_PASS, "");
    expect_over_time(
        84.0, 0, RIG_JUDGEMENT_INCONCLUSIVE,
        "ivr stage is undecided: in total it loses 0.00 % of its calls, predicted 0.00 "
        "%, but from 20 s to 30 s it lost 84 calls, predicted 50 (26..80)");
    expect_over_time(21.0, 0, RIG_JUDGEMENT_INCONCLUSIVE, "lost 21 calls");
    expect_over_time(95.0, 0, RIG_JUDGEMENT_INCONCLUSIVE, "lost 95 calls");
    expect_over_time(96.0, 0, RIG_JUDGEMENT_FAIL,
                     "the ivr stage: in total it loses 0.00 % of its calls, predicted 0.00 %, but "
                     "from 20 s to 30 s it lost 96 calls");
    expect_over_time(14.0, 0, RIG_JUDGEMENT_FAIL, "it lost 14 calls");
    /* calls that the capture may have lost could be those */
    expect_over_time(96.0, 1, RIG_JUDGEMENT_INCONCLUSIVE, "lost 96 calls");
    expect_over_time(97.0, 1, RIG_JUDGEMENT_FAIL, "lost 97 calls");
    expect_over_time(14.0, 1, RIG_JUDGEMENT_INCONCLUSIVE, "lost 14 calls");
}

static void test_verdict_judges_levels(void **state)
{
    (void)state;
    made_run *r = make_run();
    r->levels[0] = (rig_level){{RIG_METRIC_CONNECT_RATE, RIG_METRIC_WHOLE}, true, 0.75};
    r->room.scenario.gate.levels = r->levels;
    r->room.scenario.gate.n_levels = 1;
    expect_verdict(r, RIG_JUDGEMENT_FAIL, "connect_rate is 0.7 (");
    r = make_run();
    r->levels[0] = (rig_level){{RIG_METRIC_DROP_RATE, RIG_METRIC_WHOLE}, false, 0.001};
    r->room.scenario.gate.levels = r->levels;
    r->room.scenario.gate.n_levels = 1;
    expect_verdict(r, RIG_JUDGEMENT_INCONCLUSIVE, "undecided: drop_rate is 0 ("); /* 0 of 700 */
    r = make_run();
    r->levels[0] = (rig_level){{RIG_METRIC_DROP_RATE, RIG_METRIC_WHOLE}, false, 0.01};
    r->room.scenario.gate.levels = r->levels;
    r->room.scenario.gate.n_levels = 1;
    expect_verdict(r, RIG_JUDGEMENT_PASS, "service levels are met");
    static const struct { /* the same in all replays, and no share of counts that are known */
        double min;
        rig_judgement judgement;
        const char *words;
    } rows[] = {{0.97, RIG_JUDGEMENT_PASS, "service levels are met"},
                {0.99, RIG_JUDGEMENT_FAIL, "served_in_the_end is 0.98 ("}};
    for (size_t i = 0; i < 2; i++) {
        r = make_run();
        predict(r, RIG_METRIC_SERVED_IN_THE_END, 0.98, 0.0);
        r->metrics[RIG_METRIC_SERVED_IN_THE_END] = 0.98;
        r->levels[0] = (rig_level){
            {RIG_METRIC_SERVED_IN_THE_END, RIG_METRIC_WHOLE}, true, rows[i].min};
        r->room.scenario.gate.levels = r->levels;
        r->room.scenario.gate.n_levels = 1;
        expect_verdict(r, rows[i].judgement, rows[i].words);
    }
}

/* A run that could have been stopped early needs p < 0.0216 at its end, not 0.05: here p is 0.024
 * after Holm, from 2 of 999 replays. */
static void test_verdict_after_looks_needs_a_smaller_p(void **state)
{
    (void)state;
    for (int is_on = 0; is_on < 2; is_on++) {
        made_run *r = make_run();
        double *lost = r->samples + (size_t)RIG_METRIC_P_LOST_PER_ENTRANT * N;
        predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.26, 0.01);
        for (int i = 0; i < N; i++)
            lost[i] = i < 2 ? 0.285 : 0.26; /* D - margin is 0.02 */
        r->input.interim.is_on = is_on != 0;
        expect_verdict(r, is_on ? RIG_JUDGEMENT_INCONCLUSIVE : RIG_JUDGEMENT_FAIL,
                       "the trunk stage");
    }
    made_run *r = make_run();
    r->input.interim.is_on = true;
    expect_verdict(r, RIG_JUDGEMENT_PASS, "every stage"); /* PASS does not depend on looks */
    r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.20, 0.01);
    r->input.interim.is_on = true;
    expect_verdict(r, RIG_JUDGEMENT_FAIL, "the trunk stage loses 30.00 %");
}

/* A run that a look has stopped: calls in progress and what was not due leave it valid, but it
 * never passes. */
static void test_verdict_of_a_stopped_run(void **state)
{
    (void)state;
    static const struct {
        double predicted;
        unsigned look;
        uint64_t n_dropped;
        rig_judgement judgement;
        const char *words;
    } rows[] = {
        {0.20, 1, 0, RIG_JUDGEMENT_FAIL,
         "stopped early, at 40 % of the calls: the trunk stage had lost 30.00 % of its calls where "
         "the model predicts 20.00 % (p < 1e-12)"},
        {0.40, 0, 0, RIG_JUDGEMENT_FAIL, "stopped early, at 20 %"},
        {0.20, 1, 200, RIG_JUDGEMENT_INCONCLUSIVE,
         "do not confirm"},                                          /* 300 of 1200 would be 25 % */
        {0.255, 0, 0, RIG_JUDGEMENT_INCONCLUSIVE, "do not confirm"}, /* 4.3 sd: p = 7e-5 */
        {0.255, 1, 0, RIG_JUDGEMENT_FAIL, "stopped early, at 40 %"},
        {0.30, 3, 0, RIG_JUDGEMENT_INCONCLUSIVE, "do not confirm"}, /* as predicted: no PASS */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        made_run *r = make_run();
        r->levels[0] = (rig_level){
            {RIG_METRIC_CONNECT_RATE, RIG_METRIC_WHOLE}, true, 0.75}; /* is not judged */
        r->room.scenario.gate.levels = r->levels;
        r->room.scenario.gate.n_levels = 1;
        r->tally.n_outcome[RIG_OUTCOME_SERVED] -= 200;
        r->tally.n_outcome[RIG_OUTCOME_IN_PROGRESS] += 200;
        predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, rows[i].predicted, 0.01);
        for (int s = 0; s < RIG_N_STAGES; s++)
            predict(r, (rig_metric)(RIG_METRIC_N_ENTERED + s), 800, 10);
        r->load.was_stopped = false;
        r->load.n_kernel_dropped = rows[i].n_dropped;
        r->load.ks_distance = 0.02; /* of 40 % of the calls; of all it would be 0.008 */
        r->input.interim =
            (rig_interim_facts){.is_on = true, .is_stopped = true, .look = rows[i].look};
        if (rows[i].look == 3)
            r->load.ks_distance = 0.01;
        expect_verdict(r, rows[i].judgement, rows[i].words);
    }
    made_run *r = make_run();
    r->input.interim = (rig_interim_facts){.is_on = true, .is_stopped = true, .look = 1};
    r->load.ks_distance = 0.026;
    expect_verdict(r, RIG_JUDGEMENT_INVALID, "expected at most 0.025");
    r = make_run();
    r->input.interim = (rig_interim_facts){.is_on = true, .is_stopped = true, .look = 4};
    rig_verdict *verdict = NULL;
    assert_int_equal(rig_verdict_new(&r->input, &verdict, NULL), RIG_EDOM);
    free(r);
}

/* Replays in which nobody has come so far say nothing, though their loss is noted as 0. */
static void test_verdict_of_a_stopped_run_without_entrants(void **state)
{
    (void)state;
    for (int n_known = 0; n_known <= N; n_known += N) {
        made_run *r = make_run();
        predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.0, 0.0);
        for (int i = 0; i < N; i++)
            r->samples[(size_t)RIG_METRIC_N_ENTERED * N + (size_t)i] = i < n_known ? 900 : 0;
        r->input.interim = (rig_interim_facts){.is_on = true, .is_stopped = true, .look = 1};
        expect_verdict(r, n_known > 0 ? RIG_JUDGEMENT_FAIL : RIG_JUDGEMENT_INCONCLUSIVE,
                       "stopped early");
    }
}

static void test_verdict_needs_replays(void **state)
{
    (void)state;
    made_run *r = make_run();
    rig_verdict *verdict = NULL;
    r->prediction.n_replications = 998;
    assert_int_equal(rig_verdict_new(&r->input, &verdict, NULL), RIG_EDOM);
    assert_null(verdict);
    r->input.interim.is_on = r->input.interim.is_stopped = true; /* a look does with fewer */
    r->prediction.n_replications = RIG_LOOK_MIN_REPLAYS - 1;
    assert_int_equal(rig_verdict_new(&r->input, &verdict, NULL), RIG_EDOM);
    assert_null(verdict);
    r->prediction.n_replications = RIG_LOOK_MIN_REPLAYS;
    assert_int_equal(rig_verdict_new(&r->input, &verdict, NULL), RIG_OK);
    assert_int_not_equal(verdict->judgement, RIG_JUDGEMENT_PASS);
    rig_verdict_free(verdict);
    free(r);
    assert_int_equal(rig_judgement_exit_code(RIG_JUDGEMENT_PASS), 0);
    assert_int_equal(rig_judgement_exit_code(RIG_JUDGEMENT_FAIL), 1);
    assert_int_equal(rig_judgement_exit_code(RIG_JUDGEMENT_INCONCLUSIVE), 3);
    assert_int_equal(rig_judgement_exit_code(RIG_JUDGEMENT_INVALID), 4);
}

/* Every stage conforms, and one class waits too long. */
static void test_verdict_of_a_class(void **state)
{
    (void)state;
    rig_caller_class classes[] = {{.name = (char *)"vip", .p_share = 0.5, .priority = 1},
                                  {.name = (char *)"other", .p_share = 0.5}};
    static const double waits_s[] = {4.0, 10.0};
    double *samples = calloc((size_t)2 * RIG_N_METRICS * N, sizeof *samples);
    assert_non_null(samples);
    for (int i = 0; i < 3; i++) { /* as it should; too long; too long in a run that was stopped */
        made_run *r = make_run();
        rig_observed_part parts[2] = {{.is_seen = true}, {.is_seen = true}};
        r->room.scenario.callers.classes = classes;
        r->room.scenario.callers.n_classes = 2;
        r->prediction.part_samples = samples;
        r->input.observed_parts = parts;
        r->load.was_stopped = i == 2;
        for (size_t k = 0; k < 2; k++) {
            spread(waits_s[k], 0.1, samples + (k * RIG_N_METRICS + RIG_METRIC_WAIT_MEAN_S) * N);
            parts[k].metrics[RIG_METRIC_WAIT_MEAN_S] = i == 0 ? waits_s[k] : 20.0 - waits_s[k];
        }
        parts[1].metrics[RIG_METRIC_WAIT_MEAN_S] = waits_s[1];
        rig_verdict *verdict = NULL;
        assert_int_equal(rig_verdict_new(&r->input, &verdict, NULL), RIG_OK);
        const rig_parts_verdict *v = &verdict->kinds[RIG_SCOPE_CLASSES];
        static const rig_judgement expected[] = {RIG_JUDGEMENT_PASS, RIG_JUDGEMENT_PASS,
                                                 RIG_JUDGEMENT_INVALID};
        assert_int_equal(v->n, 4);
        for (size_t k = 0; k < 4; k++)
            assert_int_equal(v->items[k].judgement,
                             i == 1 && k == 1 ? RIG_JUDGEMENT_FAIL : expected[i]);
        rig_verdict_free(verdict);
        expect_verdict(
            r,
            i == 0   ? RIG_JUDGEMENT_PASS
            : i == 1 ? RIG_JUDGEMENT_FAIL
                     : RIG_JUDGEMENT_INVALID,
            i == 1 ? "callers of class vip wait for 16.00 s in the queue, predicted 4.00 s" : "");
    }
    free(samples);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_passes),
        cmocka_unit_test(test_verdict_needs_a_valid_load),
        cmocka_unit_test(test_verdict_names_the_first_stage),
        cmocka_unit_test(test_verdict_of_a_class),
        cmocka_unit_test(test_verdict_bounds_by_the_gaps_of_the_capture),
        cmocka_unit_test(test_verdict_corrects_for_four_stages),
        cmocka_unit_test(test_verdict_says_how_long_would_decide),
        cmocka_unit_test(test_verdict_looks_over_time),
        cmocka_unit_test(test_verdict_judges_levels),
        cmocka_unit_test(test_verdict_after_looks_needs_a_smaller_p),
        cmocka_unit_test(test_verdict_of_a_stopped_run),
        cmocka_unit_test(test_verdict_of_a_stopped_run_without_entrants),
        cmocka_unit_test(test_verdict_needs_replays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
