/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Early stop: how the 5 % are shared among the looks, and how often a run is stopped wrongly. */
#include "verdict/early_stop.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "core/random.h"
#include "tests/test.h"

#define N_REPLAYS 999
#define N_RUNS    1000

static double normal(uint32_t seed, uint64_t index, uint32_t sub)
{
    return gsl_cdf_ugaussian_Pinv(rig_random_uniform(seed, RIG_CAUSE_TALK, index, 0, sub));
}

/* Of the O'Brien-Fleming kind at 5 %: 2 - 2 Phi(1.959964 / sqrt(t)). */
static void test_the_looks_share_five_percent(void **state)
{
    (void)state;
    static const double spent[RIG_N_LOOKS] = {1.17e-5, 0.001943, 0.011395, 0.028431, 0.05};
    double sum = 0.0;
    for (unsigned look = 0; look < RIG_N_LOOKS; look++) {
        sum += rig_early_stop_alpha(look);
        assert_true(fabs(rig_early_stop_share(look) - 0.2 * (look + 1)) < 1e-12);
        assert_true(fabs(sum - spent[look]) < 2e-6);
    }
}

/* A run of five equal parts, whose replays and observation are random walks of mean losses. */
typedef struct made_looks {
    double replayed[RIG_N_LOOKS][N_REPLAYS];
} made_looks;

static void make_replays(made_looks *made)
{
    for (uint64_t r = 0; r < N_REPLAYS; r++) {
        double sum = 0.0;
        for (uint32_t look = 0; look < RIG_N_LOOKS; look++) {
            sum += normal(1, r, look);
            made->replayed[look][r] = 0.3 + 0.01 * sum / (look + 1.0);
        }
    }
}

/* The first look that stops a run whose trunk's true loss is off by `off`; RIG_N_LOOKS = none. */
static unsigned stops_at(const made_looks *made, double off, uint64_t run)
{
    double sum[RIG_N_STAGES] = {0.0};
    for (unsigned look = 0; look < RIG_N_LOOKS; look++) {
        rig_look_stage stages[RIG_N_STAGES];
        rig_look_result result;
        for (uint32_t s = 0; s < RIG_N_STAGES; s++) {
            sum[s] += normal(2 + s, run, look);
            stages[s] = (rig_look_stage){.replayed = made->replayed[look],
                                         .observed = 0.3 + (s == 0 ? off : 0.0) +
                                                     0.01 * sum[s] / (look + 1.0),
                                         .margin = {.margin_pp = 2.0}};
        }
        assert_int_equal(rig_early_stop_look(look, stages, N_REPLAYS, &result), RIG_OK);
        assert_int_equal(result.is_certain_to_fail, result.stage != RIG_N_STAGES);
        if (result.is_certain_to_fail)
            return look;
    }
    return RIG_N_LOOKS;
}

static void test_a_loss_at_the_edge_of_the_margin_is_rarely_stopped(void **state)
{
    (void)state;
    static made_looks made;
    make_replays(&made);
    unsigned n_edge = 0, n_inside = 0, n_early = 0;
    for (uint64_t run = 0; run < N_RUNS; run++) {
        unsigned look = stops_at(&made, 0.02, run);
        n_edge += look < RIG_N_LOOKS;
        n_early += look < 2;
        n_inside += stops_at(&made, 0.0, run) < RIG_N_LOOKS;
    }
    assert_true(n_edge <= N_RUNS * 5 / 100); /* the worst case of a conforming target */
    assert_true(n_early <= N_RUNS / 100);
    assert_true(n_inside <= N_RUNS / 1000);
}

static void test_a_certain_failure_is_stopped_soon(void **state)
{
    (void)state;
    static made_looks made;
    make_replays(&made);
    unsigned n_by_two = 0, n_by_four = 0;
    for (uint64_t run = 0; run < 200; run++) {
        n_by_two += stops_at(&made, 0.10, run) < 2; /* 8 points beyond, s = 1 point in each part */
        n_by_four += stops_at(&made, 0.05, run) < 4;
    }
    assert_true(n_by_two > 190);
    assert_true(n_by_four > 150);
}

static void test_what_is_not_known_stops_nothing(void **state)
{
    (void)state;
    const double nan = (double)NAN, replayed[] = {0.3, 0.3, 0.3}, none[] = {nan, nan, nan};
    rig_look_stage stages[RIG_N_STAGES];
    rig_look_result result;
    for (int s = 0; s < RIG_N_STAGES; s++)
        stages[s] =
            (rig_look_stage){.replayed = replayed, .observed = nan, .margin = {.margin_pp = 1.0}};
    stages[3] = (rig_look_stage){.replayed = none, .observed = 0.9, .margin = {.margin_pp = 1.0}};
    assert_int_equal(rig_early_stop_look(4, stages, 3, &result), RIG_OK);
    assert_false(result.is_certain_to_fail);
    assert_int_equal(rig_early_stop_look(RIG_N_LOOKS, stages, 3, &result), RIG_EDOM);
    /* replays that all agree: what lies beyond the margin deviates, far fewer losses, too */
    stages[2].observed = 0.2;
    assert_int_equal(rig_early_stop_look(0, stages, 3, &result), RIG_OK);
    assert_true(result.is_certain_to_fail && result.stage == RIG_STAGE_QUEUE);
    stages[2].observed = 0.295;
    assert_int_equal(rig_early_stop_look(0, stages, 3, &result), RIG_OK);
    assert_false(result.is_certain_to_fail);
}

static void test_the_tail_is_normal_and_one_replay_vetoes(void **state)
{
    (void)state;
    static double replayed[N_REPLAYS];
    rig_look_stage stages[RIG_N_STAGES];
    rig_look_result result;
    for (int r = 0; r < N_REPLAYS; r++) /* a standard deviation of 0.01 */
        replayed[r] = 0.3 + (r == 0 ? 0.0 : r % 2 == 0 ? 0.01 : -0.01);
    for (int s = 0; s < RIG_N_STAGES; s++)
        stages[s] = (rig_look_stage){
            .replayed = replayed, .observed = s == 1 ? 0.35 : 0.3, .margin = {.margin_pp = 2.0}};
    assert_int_equal(rig_early_stop_look(4, stages, N_REPLAYS, &result), RIG_OK);
    assert_int_equal(result.stage, RIG_STAGE_IVR); /* 3 deviations beyond the margin, 4 stages */
    assert_true(fabs(result.p_value[RIG_STAGE_IVR] - 4.0 * 0.0026998) < 1e-5);
    replayed[0] = 0.34;
    assert_int_equal(rig_early_stop_look(4, stages, N_REPLAYS, &result), RIG_OK);
    assert_false(result.is_certain_to_fail);
}

/* Replays that all agree know nothing of a rare event: one call of 30 is none that stops a run. */
static void test_a_single_call_stops_nothing(void **state)
{
    (void)state;
    const double replayed[] = {0.0, 0.0, 0.0};
    rig_look_stage stages[RIG_N_STAGES];
    rig_look_result result;
    for (int s = 0; s < RIG_N_STAGES; s++)
        stages[s] =
            (rig_look_stage){replayed, s == 1 ? 1.0 / 30 : 0.0, {.margin_pp = 2.0}, 30, 0.0};
    assert_int_equal(rig_early_stop_look(3, stages, 3, &result), RIG_OK);
    assert_false(result.is_certain_to_fail);
    stages[1].observed = 15.0 / 30;
    assert_int_equal(rig_early_stop_look(3, stages, 3, &result), RIG_OK);
    assert_int_equal(result.stage, RIG_STAGE_IVR);
    assert_true(result.p_value_alone[RIG_STAGE_IVR] < 1e-12);
    stages[1].doubt = 0.45; /* as far as gaps of the capture may reach */
    assert_int_equal(rig_early_stop_look(3, stages, 3, &result), RIG_OK);
    assert_false(result.is_certain_to_fail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_looks_share_five_percent),
        cmocka_unit_test(test_a_loss_at_the_edge_of_the_margin_is_rarely_stopped),
        cmocka_unit_test(test_a_certain_failure_is_stopped_soon),
        cmocka_unit_test(test_the_tail_is_normal_and_one_replay_vetoes),
        cmocka_unit_test(test_a_single_call_stops_nothing),
        cmocka_unit_test(test_what_is_not_known_stops_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
