/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unpaired comparison: calls made by hand, with and without bursts. */
#include "verdict/unpaired.h"

#include <math.h>
#include <stdlib.h>

#include "core/random.h"
#include "tests/test.h"

#define N 4000

/* N calls a second apart; each run of `burst` calls is lost at the trunk, or served, together. */
static rig_calls make_calls(size_t n, size_t burst, double p, uint32_t seed)
{
    rig_calls calls = {.items = calloc(n + 1, sizeof(rig_call)), .n = n};
    assert_non_null(calls.items);
    for (size_t i = 0; i < n; i++) {
        double u = rig_random_uniform(seed, RIG_CAUSE_TALK, (uint64_t)(i / burst), 0, 0);
        calls.items[i] = (rig_call){.t_invite_ns = (int64_t)i * RIG_NS_PER_S,
                                    .outcome = u < p ? RIG_OUTCOME_LOST_TRUNK : RIG_OUTCOME_SERVED,
                                    .t_agent_answer_ns = 1,
                                    .t_agent_ring_ns = 1,
                                    .t_queue_ns = 1,
                                    .t_answer_ns = 1,
                                    .n_legs = 2};
    }
    return calls;
}

/* The trunk's comparison; all the other stages lose nothing, as predicted. */
static rig_unpaired compare(rig_calls calls, double p, double sd_of_run, double margin_pp)
{
    const rig_margin margin = {.margin_pp = margin_pp};
    const rig_unpaired_prediction predicted[RIG_N_STAGES] = {
        {p, sd_of_run, margin}, {0.0, 0.0, margin}, {0.0, 0.0, margin}, {0.0, 0.0, margin}};
    rig_unpaired made;
    rig_error err = {.text = ""};
    assert_int_equal(rig_unpaired_compare(&calls, predicted, &made, &err), RIG_OK);
    free(calls.items);
    return made;
}

static void test_bursts_count_as_one_call(void **state)
{
    (void)state;
    double single = 0.0, bursts = 0.0;
    for (uint32_t seed = 0; seed < 40; seed++) {
        single += compare(make_calls(N, 1, 0.2, seed), 0.2, 0.0, 2.0).stages[0].ess / 40.0;
        bursts += compare(make_calls(N, 20, 0.2, seed), 0.2, 0.0, 2.0).stages[0].ess / 40.0;
    }
    assert_true(single > 0.8 * N && single <= N);  /* of at most N */
    assert_true(bursts > 150.0 && bursts < 300.0); /* 200 bursts */
}

/* Predicted 20 %, margin 3 points, 4,000 calls: the standard error is 0.63 points. */
static void test_judges(void **state)
{
    (void)state;
    static const struct {
        double p;
        size_t n, burst;
        rig_judgement judgement;
    } rows[] = {{0.20, N, 1, RIG_JUDGEMENT_PASS},
                {0.28, N, 1, RIG_JUDGEMENT_FAIL},
                {0.12, N, 1, RIG_JUDGEMENT_FAIL},          /* far fewer deviate, too */
                {0.20, N, 40, RIG_JUDGEMENT_INCONCLUSIVE}, /* 100 bursts */
                {0.28, N, 40, RIG_JUDGEMENT_INCONCLUSIVE},
                {0.20, 150, 1, RIG_JUDGEMENT_INCONCLUSIVE}}; /* too few for batches, too */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_unpaired made =
            compare(make_calls(rows[i].n, rows[i].burst, rows[i].p, 3), 0.2, 0.0, 3.0);
        const rig_unpaired_stage *s = &made.stages[0];
        if (s->judgement != rows[i].judgement)
            fail_msg("row %zu: %s, %g (%g..%g), ESS %g", i, rig_judgement_name(s->judgement),
                     s->p_observed, s->low90, s->high90, s->ess);
        assert_int_equal(s->n_batches, rows[i].n < 200 ? 0 : 20);
        assert_int_equal(made.stages[1].n_lost, 0);
        assert_int_equal(made.stages[1].n_entered, s->n_entered - s->n_lost);
        assert_true(isnan(s->growth_to_decide) == (s->judgement != RIG_JUDGEMENT_INCONCLUSIVE));
        assert_true(s->low95 <= s->low90 && s->low90 < s->p_observed);
        assert_int_equal(made.judgement, made.stages[1].judgement == RIG_JUDGEMENT_INCONCLUSIVE &&
                                                 s->judgement == RIG_JUDGEMENT_PASS
                                             ? RIG_JUDGEMENT_INCONCLUSIVE
                                             : s->judgement);
    }
}

/* Nothing lost: at most 3 of the effective calls; by the runs' scatter where that is known. */
static void test_nothing_lost_is_three_calls(void **state)
{
    (void)state;
    rig_unpaired made = compare(make_calls(1000, 1, 0.0, 1), 0.0, 0.0, 1.0);
    assert_true(made.stages[0].ess == 1000.0);
    assert_true(fabs(made.stages[0].high95 - 0.003) < 1e-12);
    assert_int_equal(made.judgement, RIG_JUDGEMENT_PASS);
    /* runs that lose 1 % with a deviation of 1 %: each is worth 99 calls */
    made = compare(make_calls(1000, 1, 0.0, 1), 0.01, 0.01, 1.0);
    assert_true(fabs(made.stages[0].ess - 99.0) < 1e-9);
    assert_true(fabs(made.stages[0].high95 - 3.0 / 99.0) < 1e-12);
    assert_int_equal(made.stages[0].judgement, RIG_JUDGEMENT_INCONCLUSIVE);
    assert_true(fabs(made.minutes - 999.0 / 60.0) < 1e-9);
}

static void test_fates_that_are_not_known_are_left_out(void **state)
{
    (void)state;
    rig_calls calls = make_calls(100, 1, 0.0, 1);
    calls.items[3].outcome = RIG_OUTCOME_IN_PROGRESS;
    calls.items[4].outcome = RIG_OUTCOME_UNCLASSIFIED;
    assert_int_equal(compare(calls, 0.0, 0.0, 5.0).stages[0].n_entered, 98);
    rig_calls none = {0};
    rig_unpaired made;
    rig_error err = {.text = ""};
    const rig_unpaired_prediction predicted[RIG_N_STAGES] = {{0}};
    assert_int_equal(rig_unpaired_compare(&none, predicted, &made, &err), RIG_EINPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bursts_count_as_one_call),
        cmocka_unit_test(test_judges),
        cmocka_unit_test(test_nothing_lost_is_three_calls),
        cmocka_unit_test(test_fates_that_are_not_known_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
