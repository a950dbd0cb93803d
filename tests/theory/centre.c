/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulated call centre against exact formulas: fixed seed, 99.9 % interval of the mean. Each
 * run begins empty; it is so long that this shifts no mean by more than a tenth of its interval. */
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "models/erlang_b.h"
#include "models/prediction.h"
#include "tests/small_scenario.h"

#define N_REPLICATIONS 40

static rig_dist dist_of(rig_dist_kind kind, double mean_s, double cv)
{
    rig_dist dist;
    assert_int_equal(rig_dist_make(kind, mean_s, cv, &dist, NULL), RIG_OK);
    return dist;
}

/* Calls a second for so many erlang of a talk time. */
static void offer(small_scenario *room, double offered_erl, double duration_s)
{
    room->scenario.traffic.duration_s = duration_s;
    room->scenario.interval_s = duration_s / 10.0;
    room->rate[0].rate_per_min = 60.0 * offered_erl / room->scenario.callers.talk.mean_s;
}

static void expect_mean(const rig_scenario *scenario, rig_metric metric, double expected)
{
    const rig_predict_options how = {.n_replications = N_REPLICATIONS};
    rig_prediction *p = NULL;
    rig_error err = {0};
    if (rig_predict(scenario, &how, &p, &err) != RIG_OK)
        fail_msg("%s", err.text);
    const rig_summary *got = &p->metrics[metric];
    double half =
        gsl_cdf_tdist_Pinv(0.9995, N_REPLICATIONS - 1) * got->sd / sqrt((double)N_REPLICATIONS);
    print_message("%s: simulated %.6f +- %.6f, formula %.6f\n", rig_metric_describe(metric)->name,
                  got->mean, half, expected);
    bool is_inside = fabs(got->mean - expected) <= half;
    bool is_sharp =
        half < 0.05 * expected + 1e-9; /* an interval that holds anything proves nothing */
    rig_prediction_free(p);
    assert_true(is_inside);
    assert_true(is_sharp);
}

/* Only circuits: Erlang B, whatever the distribution of the holding time. */
static void test_circuits_are_erlang_b(void **state)
{
    (void)state;
    static const struct {
        double offered_erl;
        uint32_t n_circuits;
        rig_dist_kind kind;
        double cv, duration_s;
    } rows[] = {{25, 30, RIG_DIST_EXPONENTIAL, 1, 20000}, {25, 30, RIG_DIST_CONSTANT, 0, 20000},
                {25, 30, RIG_DIST_LOGNORMAL, 2, 20000},   {10, 16, RIG_DIST_GAMMA, 0.5, 40000},
                {95, 100, RIG_DIST_UNIFORM, 0.3, 10000},  {60, 30, RIG_DIST_EXPONENTIAL, 1, 5000}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        double p_block = 0.0;
        assert_int_equal(rig_erlang_b(rows[i].offered_erl, rows[i].n_circuits, &p_block, NULL),
                         RIG_OK);
        s->callers.talk = dist_of(rows[i].kind, 10.0, rows[i].cv);
        room.trunks[0].n_circuits = s->ivr.n_ports = room.agents[0].n_agents = rows[i].n_circuits;
        offer(&room, rows[i].offered_erl, rows[i].duration_s);
        expect_mean(s, RIG_METRIC_P_LOST_PER_ENTRANT, p_block);
    }
}

/* Circuits and fewer agents, patient callers: M/M/c/K, p_K of Gross et al., section 2.5. */
static void test_circuits_and_agents_are_mmck(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->callers.talk = dist_of(RIG_DIST_EXPONENTIAL, 1.0, 1);
    s->callers.patience_queue = dist_of(RIG_DIST_CONSTANT, 1e9, 0);
    room.trunks[0].n_circuits = s->ivr.n_ports = 6;
    room.agents[0].n_agents = 4;
    offer(&room, 5.0, 10000.0);
    expect_mean(s, RIG_METRIC_P_LOST_PER_ENTRANT, 0.293543);
}

/* Impatient callers, talk and patience of the same mean: Erlang A with theta = mu is M/M/inf;
 * 100 erlang on 100 agents lose 0.039861. */
static void test_queue_is_erlang_a(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->callers.talk = dist_of(RIG_DIST_EXPONENTIAL, 10.0, 1);
    s->callers.patience_queue = dist_of(RIG_DIST_EXPONENTIAL, 10.0, 1);
    room.trunks[0].n_circuits = s->ivr.n_ports = 1000;
    room.agents[0].n_agents = 100;
    offer(&room, 100.0, 10000.0);
    expect_mean(s, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE), 0.039861);
}

/* Ports alone, with impatience before the answer: the same Erlang A, one stage earlier. */
static void test_ports_are_erlang_a(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->callers.talk = dist_of(RIG_DIST_EXPONENTIAL, 10.0, 1); /* only sets the rate here */
    s->ivr.menu = dist_of(RIG_DIST_EXPONENTIAL, 10.0, 1);
    s->ivr.n_ports = 100;
    s->callers.patience_answer = dist_of(RIG_DIST_EXPONENTIAL, 10.0, 1);
    room.trunks[0].n_circuits = 1000;
    room.agents[0].n_agents = 1000;
    offer(&room, 100.0, 10000.0);
    expect_mean(s, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_IVR), 0.039861);
}

/* Ringing against patience: independent exponentials, the smaller wins: ring / (ring + patience).
 */
static void test_ringing_is_a_race(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    room.agents[0].ring = dist_of(RIG_DIST_EXPONENTIAL, 3.0, 1);
    s->callers.patience_ringing = dist_of(RIG_DIST_EXPONENTIAL, 27.0, 1);
    room.trunks[0].n_circuits = s->ivr.n_ports = room.agents[0].n_agents = 1000;
    offer(&room, 50.0, 10000.0);
    expect_mean(s, (rig_metric)(RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_AGENT), 0.1);
}

/* Little's law on the circuits: mean in use = arrival rate x holding time. */
static void test_circuits_obey_little(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    const rig_predict_options how = {.n_replications = N_REPLICATIONS};
    rig_prediction *p = NULL;
    s->callers.talk = dist_of(RIG_DIST_GAMMA, 10.0, 0.5);
    s->ivr.menu = dist_of(RIG_DIST_CONSTANT, 5.0, 0);
    room.trunks[0].n_circuits = s->ivr.n_ports = room.agents[0].n_agents = 1000;
    offer(&room, 50.0, 10000.0);
    assert_int_equal(rig_predict(s, &how, &p, NULL), RIG_OK);
    double sum = 0.0;
    for (size_t i = 1; i < p->n_intervals; i++)
        sum += rig_prediction_band(p, RIG_SERIES_CIRCUITS, i).mean;
    double mean_erl = sum / (double)(p->n_intervals - 1);
    print_message("circuits in use: simulated %.3f, 5 calls/s x 15 s = 75\n", mean_erl);
    assert_true(fabs(mean_erl - 75.0) < 0.25);
    rig_prediction_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_circuits_are_erlang_b),
        cmocka_unit_test(test_circuits_and_agents_are_mmck),
        cmocka_unit_test(test_queue_is_erlang_a),
        cmocka_unit_test(test_ports_are_erlang_a),
        cmocka_unit_test(test_ringing_is_a_race),
        cmocka_unit_test(test_circuits_obey_little),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
