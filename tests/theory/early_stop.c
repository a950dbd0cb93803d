/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model against itself through all looks: how often is a conforming centre stopped or failed
 * wrongly, how soon is a broken one given up?
 *
 * An observation is one more replication of the simulated centre, cut at each look as a run is, and
 * judged by rig_verdict_new with replays that are cut there, too. The margin is 0, so that every
 * deviation counts: the worst case for the rate of wrong FAILs, which the looks and the end
 * together must keep below 5 %. */
#include "verdict/early_stop.h"
#include "verdict/verdict.h"
#include "tests/small_scenario.h"
#include "tests/test.h"

/* Replications of the observations; those of the replays are 1 .. 999. */
#define FIRST_OBSERVATION 1000000u

enum { N_SCHEDULES = 4, N_OBSERVATIONS = 100, N_BROKEN = 10 };

static rig_dist exponential(double mean_s)
{
    return (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = mean_s};
}

/* Five minutes that lose at each of the stages; menu and wrap-up scatter. */
static rig_scenario *make_scenario(small_scenario *room)
{
    rig_scenario *s = small_scenario_make(room);
    s->seed = 5;
    s->traffic.duration_s = 300.0;
    room->rate[0].rate_per_min = 180.0;
    room->trunks[0].n_circuits = 54;
    room->agents[0].n_agents = 24;
    room->agents[0].ring = exponential(2.0);
    room->agents[0].wrap_up = exponential(2.0);
    s->callers.patience_answer = exponential(6.0);
    s->callers.patience_queue = exponential(15.0);
    s->callers.patience_ringing = exponential(20.0);
    s->callers.talk = exponential(12.0);
    s->ivr.n_ports = 14;
    s->ivr.menu = exponential(5.0);
    for (int i = 0; i < RIG_N_STAGES; i++)
        s->gate.margin[i] = (rig_margin){.margin_pp = 0.0};
    return s;
}

/* The instants of the looks; the last is the end. */
static double look_s(const rig_schedule *schedule, unsigned look)
{
    if (look == RIG_N_LOOKS - 1)
        return 0.0;
    return schedule->calls[(schedule->n * (look + 1) + RIG_N_LOOKS - 1) / RIG_N_LOOKS - 1].t_s;
}

static rig_judgement judge(const rig_scenario *scenario, const rig_prediction *prediction,
                           unsigned look, const rig_centre_output *observed)
{
    const uint64_t n = observed->tally.n_offered;
    const rig_load_facts load = {.n_planned = n, .n_placed_by_rig = n};
    const rig_verdict_input input = {.scenario = scenario,
                                     .load = &load,
                                     .interim = {.is_on = true,
                                                 .is_stopped = look < RIG_N_LOOKS - 1,
                                                 .look = look < RIG_N_LOOKS - 1 ? look : 0},
                                     .prediction = prediction,
                                     .observed = &observed->tally,
                                     .observed_metrics = observed->metrics};
    rig_verdict *verdict = NULL;
    rig_error err;
    if (rig_verdict_new(&input, &verdict, &err) != RIG_OK)
        fail_msg("%s", err.text);
    const rig_judgement judgement = verdict->judgement;
    assert_true(judgement != RIG_JUDGEMENT_INVALID);
    assert_true(look == RIG_N_LOOKS - 1 || judgement != RIG_JUDGEMENT_PASS);
    rig_verdict_free(verdict);
    return judgement;
}

/* The look that fails an observation; RIG_N_LOOKS = none. */
static unsigned fails_at(const rig_scenario *scenario, rig_centre *target,
                         const rig_schedule *schedule, rig_prediction *const *predictions,
                         uint32_t observation)
{
    for (unsigned look = 0; look < RIG_N_LOOKS; look++) {
        const rig_centre_input input = {.schedule = schedule,
                                        .replication = FIRST_OBSERVATION + observation,
                                        .end_s = look_s(schedule, look)};
        rig_centre_output observed = {0};
        assert_int_equal(rig_centre_simulate(target, &input, &observed, NULL), RIG_OK);
        if (judge(scenario, predictions[look], look, &observed) == RIG_JUDGEMENT_FAIL)
            return look;
    }
    return RIG_N_LOOKS;
}

/* Observations by the look that failed them. */
static void count(const rig_scenario *scenario, const rig_scenario *target, uint32_t which,
                  uint32_t n, rig_prediction *const *predictions, const rig_schedule *schedule,
                  unsigned counts[RIG_N_LOOKS + 1])
{
    rig_centre *centre = NULL;
    assert_int_equal(rig_centre_new(target, &centre), RIG_OK);
    for (uint32_t i = 0; i < n; i++)
        counts[fails_at(scenario, centre, schedule, predictions, which * N_OBSERVATIONS + i)]++;
    rig_centre_free(centre);
}

static void say(const char *what, const unsigned counts[RIG_N_LOOKS + 1])
{
    print_message("%s: failed at 20 %% %u, 40 %% %u, 60 %% %u, 80 %% %u, at the end %u, not %u\n",
                  what, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
}

static void test_wrong_and_right_stops(void **state)
{
    (void)state;
    small_scenario room, few;
    rig_scenario *s = make_scenario(&room), *broken = make_scenario(&few);
    few.trunks[0].n_circuits = 46;
    unsigned honest[RIG_N_LOOKS + 1] = {0}, found[RIG_N_LOOKS + 1] = {0};
    for (uint32_t which = 0; which < N_SCHEDULES; which++) {
        rig_schedule *schedule = NULL;
        rig_prediction *predictions[RIG_N_LOOKS];
        rig_error err;
        assert_int_equal(rig_schedule_draw(s, which + 1, &schedule, &err), RIG_OK);
        for (unsigned look = 0; look < RIG_N_LOOKS; look++) {
            const rig_predict_options how = {
                .n_replications = 999, .schedule = schedule, .end_s = look_s(schedule, look)};
            assert_int_equal(rig_predict(s, &how, &predictions[look], &err), RIG_OK);
        }
        for (int i = 0; i < RIG_N_STAGES; i++) { /* every stage can be wrong */
            const double n_lost = predictions[RIG_N_LOOKS - 1]->metrics[RIG_METRIC_N_LOST + i].mean;
            assert_true(n_lost > 20.0);
        }
        count(s, s, which, N_OBSERVATIONS, predictions, schedule, honest);
        count(s, broken, which, N_BROKEN, predictions, schedule, found);
        for (unsigned look = 0; look < RIG_N_LOOKS; look++)
            rig_prediction_free(predictions[look]);
        rig_schedule_free(schedule);
    }
    say("honest", honest);
    say("46 of 54 circuits", found);
    const unsigned n = N_SCHEDULES * N_OBSERVATIONS;
    assert_true(n - honest[RIG_N_LOOKS] <= n * 5 / 100);
    assert_true(found[RIG_N_LOOKS] == 0);
    assert_true(found[0] + found[1] >= N_SCHEDULES * N_BROKEN * 9 / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_wrong_and_right_stops)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
