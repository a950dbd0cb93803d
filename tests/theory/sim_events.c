/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Faults and calling back in the simulation against exact results. Intervals: sim_check.h. */
#include "tests/test.h"

#include <math.h>

#include "models/erlang_b.h"
#include "tests/theory/sim_check.h"

static double not_lost_in(const sim_run *run, size_t interval)
{
    const rig_interval *in = &run->output->intervals[interval];
    return in->n_offered - in->n_lost[RIG_STAGE_TRUNK];
}

/* While the centre is down every call is lost, and no other one is; those up at its start, Poisson
 * of the mean of M/G/inf, are cut. The window is the fourth interval. */
static void test_centre_down(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_fault fault = {.kind = RIG_FAULT_CENTRE, .at_s = 300.0, .for_s = 100.0, .cuts_calls = true};
    sim_offer(&room, 10.0, 1000.0);
    sim_size(&room, SIM_MANY, SIM_MANY, SIM_MANY);
    s->callers.talk = sim_dist(RIG_DIST_LOGNORMAL, 20.0, 0.5);
    s->faults = &fault;
    s->n_faults = 1;
    const sim_expected rows[] = {
        {"centre down: lost in it", sim_lost_in, SIM_AT(RIG_STAGE_TRUNK, 3), 1000.0, 0.01},
        {"centre down: not lost in it", not_lost_in, 3, 0.0, 1.0},
        {"centre down: lost before", sim_lost_in, SIM_AT(RIG_STAGE_TRUNK, 2), 0.0, 1.0},
        {"centre down: lost after", sim_lost_in, SIM_AT(RIG_STAGE_TRUNK, 4), 0.0, 1.0},
        {"centre down: cut", sim_metric, RIG_METRIC_N_DROPPED, 200.0, 0.02}};
    SIM_EXPECT(s, 300, rows);
}

/* A carrier fails for half of the day: Erlang B of the circuits that are left, and of all. */
static void test_carrier_down(void **state)
{
    (void)state;
    const double rate = 20.0, step_s = 400.0;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    uint32_t second[] = {1};
    rig_trunk_group groups[] = {{.n_circuits = 12, .overflow = second, .n_overflow = 1},
                                {.n_circuits = 12}};
    rig_fault fault = {.kind = RIG_FAULT_TRUNK,
                       .trunk = 0,
                       .at_s = 5.0 * step_s - 20.0,
                       .for_s = 5.0 * step_s + 20.0};
    double with_all = NAN, with_half = NAN;
    sim_offer(&room, rate, 10.0 * step_s);
    sim_size(&room, 1, SIM_MANY, SIM_MANY);
    s->trunks = groups;
    s->n_trunks = 2;
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
    s->faults = &fault;
    s->n_faults = 1;
    assert_int_equal(rig_erlang_b(rate, 24, &with_all, NULL), RIG_OK);
    assert_int_equal(rig_erlang_b(rate, 12, &with_half, NULL), RIG_OK);
    const sim_expected rows[] = {
        {"carrier up: lost", sim_lost_in, SIM_AT(RIG_STAGE_TRUNK, 2), with_all * rate * step_s,
         0.06},
        {"carrier down: lost", sim_lost_in, SIM_AT(RIG_STAGE_TRUNK, 5), with_half * rate * step_s,
         0.02},
        {"carrier down: circuits", sim_circuits_in, 6, rate * (1.0 - with_half), 0.01},
        {"carrier down: nobody is cut", sim_metric, RIG_METRIC_N_DROPPED, 0.0, 1.0}};
    SIM_EXPECT(s, 100, rows);
}

static double never_reached(const sim_run *run, size_t unused)
{
    (void)unused;
    return (double)run->output->counts.n_never_reached / (double)run->output->counts.n_promised;
}

static double dials_per_promise(const sim_run *run, size_t unused)
{
    (void)unused;
    return (double)run->output->counts.n_call_backs / (double)run->output->counts.n_promised;
}

static double promised_per_caller(const sim_run *run, size_t unused)
{
    (void)unused;
    return (double)run->output->counts.n_promised / (double)run->output->counts.n_callers;
}

static double callers_in_the_end(const sim_run *run, size_t unused)
{
    (void)unused;
    return run->output->metrics[RIG_METRIC_SERVED_IN_THE_END];
}

/* Who finds no agent is promised a call back after the peak, so the agents are a loss system:
 * Erlang B is promised. Each is dialled until he is reached, at most n times: never with
 * probability (1 - p)^n, after (1 - (1 - p)^n) / p dials in the mean. */
static void test_calling_back(void **state)
{
    (void)state;
    /* who would answer later than anybody waits for him is not reached, either */
    const double p_reached = 0.4, waits_s = 2.0;
    const double p = p_reached * (1.0 - exp(-waits_s)), n = 3.0, never = pow(1.0 - p, n);
    double promised = NAN;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    sim_offer(&room, 10.0, 2000.0);
    sim_size(&room, SIM_MANY, SIM_MANY, 10);
    s->callers.talk = sim_dist(RIG_DIST_LOGNORMAL, 1.0, 1.0);
    s->queue.deflection = (rig_deflection){.p_accept = 1.0};
    s->call_back = (rig_call_back){.start_s = s->traffic.duration_s,
                                   .idle_agents = 1,
                                   .n_attempts = (uint32_t)n,
                                   .p_reached = p_reached,
                                   .answer = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0),
                                   .no_answer_s = waits_s,
                                   .retry_delay = sim_dist(RIG_DIST_EXPONENTIAL, 30.0, 1.0)};
    assert_int_equal(rig_erlang_b(10.0, 10, &promised, NULL), RIG_OK);
    const sim_expected rows[] = {
        {"call back: promised", promised_per_caller, 0, promised, 0.03},
        {"call back: never reached", never_reached, 0, never, 0.03},
        {"call back: dials a promise", dials_per_promise, 0, (1.0 - never) / p, 0.01},
        {"call back: served in the end", callers_in_the_end, 0, 1.0 - promised * never, 0.005}};
    SIM_EXPECT(s, 30, rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_centre_down),
        cmocka_unit_test(test_carrier_down),
        cmocka_unit_test(test_calling_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
