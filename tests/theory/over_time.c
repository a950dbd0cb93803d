/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model against itself over time: how often does a conforming centre lose its calls at other
 * times than the replays, and is a half-minute without circuits found that is made good later?
 *
 * The hard case is a real run at a low time scale: replays know each call so well that all of them
 * tell one history, and the run is another. Here menu and wrap-up are constant, so that the replays
 * are all alike, and in the observation phones ring up to 20 ms longer, which is enough for the
 * calls of a full centre to be lost by others. */
#include "verdict/verdict.h"

#include <math.h>
#include <stdlib.h>

#include "tests/small_scenario.h"
#include "tests/test.h"

enum { N_SCHEDULES = 3, N_OBSERVATIONS = 100, N_BROKEN = 20, N_REPLAYS = 999 };

/* Replications of the observations; those of the replays are 1 .. N_REPLAYS. */
#define FIRST_OBSERVATION 1000000u

static double late_s[] = {0.0, 0.002, 0.005, 0.010, 0.020};

static const rig_delays late = {
    .kind[RIG_DELAY_RING] = {.delay_s = late_s, .n = sizeof late_s / sizeof *late_s}};

static rig_dist of(rig_dist_kind kind, double mean_s)
{
    return (rig_dist){.kind = kind, .mean_s = mean_s};
}

/* Five minutes that lose at each of the stages, 40 % at the trunk. */
static rig_scenario *make_scenario(small_scenario *room)
{
    rig_scenario *s = small_scenario_make(room);
    s->seed = 5;
    s->interval_s = 5.0;
    s->traffic.duration_s = 300.0;
    room->rate[0].rate_per_min = 240.0;
    room->trunks[0].n_circuits = 60;
    room->agents[0].n_agents = 30;
    room->agents[0].ring = of(RIG_DIST_EXPONENTIAL, 2.0);
    room->agents[0].wrap_up = of(RIG_DIST_CONSTANT, 2.0);
    s->callers.patience_answer = of(RIG_DIST_EXPONENTIAL, 6.0);
    s->callers.patience_queue = of(RIG_DIST_EXPONENTIAL, 15.0);
    s->callers.patience_ringing = of(RIG_DIST_EXPONENTIAL, 20.0);
    s->callers.talk = of(RIG_DIST_EXPONENTIAL, 14.0);
    s->ivr.n_ports = 17;
    s->ivr.menu = of(RIG_DIST_CONSTANT, 5.0);
    for (int i = 0; i < RIG_N_STAGES; i++)
        s->gate.margin[i] = (rig_margin){.margin_pp = 0.0};
    return s;
}

/* Over all observations, whatever their totals say. */
typedef struct counts {
    unsigned n, n_open, n_certain; /* runs, by the worst of their stages */
    unsigned n_total_conforms;     /* runs whose trunk loses within 4 points of the replays */
    double sum_off;                /* of the trunk's deviations in total */
} counts;

static void judge(const rig_prediction *prediction, const rig_centre_output *observed,
                  double margin, counts *c)
{
    rig_over_time_finding worst = RIG_OVER_TIME_CONFORMS;
    for (int s = 0; s < RIG_N_STAGES; s++) {
        const rig_over_time made =
            rig_over_time_compare(prediction, observed->intervals, (rig_stage)s, margin, 0);
        worst = made.finding > worst ? made.finding : worst;
    }
    const rig_metric metric = RIG_METRIC_P_LOST_PER_ENTRANT;
    c->n++;
    c->n_open += worst == RIG_OVER_TIME_OPEN;
    c->n_certain += worst == RIG_OVER_TIME_CERTAIN;
    const double off = observed->metrics[metric] - prediction->metrics[metric].mean;
    c->n_total_conforms += fabs(off) < 0.04;
    c->sum_off += off;
}

static void observe(const rig_scenario *target, const rig_schedule *schedule,
                    const rig_prediction *prediction, double margin, unsigned n, counts *c)
{
    rig_centre *centre = NULL;
    rig_interval *intervals = calloc(prediction->n_intervals, sizeof *intervals);
    assert_non_null(intervals);
    assert_int_equal(rig_centre_new(target, &centre), RIG_OK);
    for (uint32_t i = 0; i < n; i++) {
        const rig_centre_input input = {
            .schedule = schedule, .delays = &late, .replication = FIRST_OBSERVATION + i};
        rig_centre_output observed = {.intervals = intervals};
        assert_int_equal(rig_centre_simulate(centre, &input, &observed, NULL), RIG_OK);
        judge(prediction, &observed, margin, c);
    }
    rig_centre_free(centre);
    free(intervals);
}

/* As many runs of each schedule at a target as said. */
static counts count(const rig_scenario *scenario, const rig_scenario *target, double margin,
                    unsigned n)
{
    counts c = {0};
    for (uint32_t which = 0; which < N_SCHEDULES; which++) {
        rig_schedule *schedule = NULL;
        rig_prediction *prediction = NULL;
        rig_error err;
        assert_int_equal(rig_schedule_draw(scenario, which + 1, &schedule, &err), RIG_OK);
        const rig_predict_options how = {.n_replications = N_REPLAYS, .schedule = schedule};
        assert_int_equal(rig_predict(scenario, &how, &prediction, &err), RIG_OK);
        for (int s = 0; s < RIG_N_STAGES; s++) { /* losses at each, and replays that are alike */
            assert_true(prediction->metrics[RIG_METRIC_N_LOST + s].mean > 20.0);
            assert_true(prediction->metrics[RIG_METRIC_N_LOST + s].sd < 1e-9);
        }
        observe(target, schedule, prediction, margin, n, &c);
        rig_prediction_free(prediction);
        rig_schedule_free(schedule);
    }
    print_message("%u runs: open %u, certain %u; %u lose as many in total, %+.4f on the mean\n",
                  c.n, c.n_open, c.n_certain, c.n_total_conforms, c.sum_off / c.n);
    return c;
}

/* Without any margin, the worst case: at most 1 %. */
static void test_another_history_conforms(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = make_scenario(&room);
    const counts c = count(s, s, 0.0, N_OBSERVATIONS);
    assert_true(c.n_certain == 0);
    assert_true(c.n_open * 100 <= c.n);
}

/* All circuits are dead for half a minute; before and after there are more than the scenario says.
 */
static void test_a_dead_half_minute_made_good(void **state)
{
    (void)state;
    small_scenario room, other;
    rig_scenario *s = make_scenario(&room), *broken = make_scenario(&other);
    rig_fault dead = {.kind = RIG_FAULT_TRUNK, .trunk = 0, .at_s = 150.0, .for_s = 30.0};
    broken->faults = &dead;
    broken->n_faults = 1;
    other.trunks[0].n_circuits = 62;
    const counts c = count(s, broken, 0.04, N_BROKEN);
    assert_true(c.n_certain * 10 >= c.n * 9);
    assert_true(c.n_total_conforms * 10 >= c.n * 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_another_history_conforms),
        cmocka_unit_test(test_a_dead_half_minute_made_good),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
