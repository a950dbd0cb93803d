/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Simulation against exact values: independent replications of a fixed seed, and for each figure
 * the 99.9 % interval of its mean (Student t). It must hold the exact value, and must be so narrow
 * that it could fail: half of it at most `precision` of the value.
 *
 * A run begins empty. Figures "of the intervals" leave out the first reporting interval, a tenth of
 * the run unless a test says otherwise; figures of the whole run are used where the empty beginning
 * shifts them by less than a tenth of the interval. */
#ifndef RIG_TESTS_THEORY_SIM_CHECK_H
#define RIG_TESTS_THEORY_SIM_CHECK_H

#include "models/centre.h"
#include "tests/small_scenario.h"

/** One run, and what a figure is taken from. */
typedef struct sim_run {
    const rig_scenario *scenario;
    const rig_centre_output *output;
    size_t n_intervals;
} sim_run;

/** A figure of a run; NAN fails the test. */
typedef double (*sim_figure)(const sim_run *run, size_t arg);

/** What is expected of it. */
typedef struct sim_expected {
    const char *name;
    sim_figure figure;
    size_t arg;
    double exact;
    double precision; /**< most of half the interval / |exact| */
} sim_expected;

/** Simulate, print every figure, then fail when one is off or its interval too wide. */
void sim_expect(const rig_scenario *scenario, uint32_t n_replications, const sim_expected *rows,
                size_t n_rows);

/** sim_expect of an array. */
#define SIM_EXPECT(scenario, n_replications, rows)                                                 \
    sim_expect(scenario, n_replications, rows, sizeof(rows) / sizeof *(rows))

/** A distribution without a table to free (gamma draws are slower); fails the test when invalid. */
rig_dist sim_dist(rig_dist_kind kind, double mean_s, double cv);

/** A steady rate over a duration of ten intervals; room for every call. */
void sim_offer(small_scenario *room, double rate_per_s, double duration_s);

/** So many circuits, ports and agents of group 0; SIM_MANY is enough for nobody to be refused. */
#define SIM_MANY 20000u
void sim_size(small_scenario *room, uint32_t n_circuits, uint32_t n_ports, uint32_t n_agents);

/* Of the intervals from the second on. */
double sim_lost(const sim_run *run, size_t stage); /**< per offered */
double sim_mean_circuits(const sim_run *run, size_t unused);
double sim_mean_queue(const sim_run *run, size_t unused);
double sim_mean_wait(const sim_run *run, size_t unused); /**< of the served */
double sim_service_level(const sim_run *run, size_t unused);
double sim_occupancy(const sim_run *run, size_t unused);

/* Of one interval, or of the whole run. */
double sim_lost_in(const sim_run *run, size_t stage_and_interval); /**< calls; SIM_AT */
double sim_offered_in(const sim_run *run, size_t interval);
double sim_circuits_in(const sim_run *run, size_t interval);
double sim_queue_in(const sim_run *run, size_t interval);
double sim_on_duty_in(const sim_run *run, size_t interval);
#define SIM_AT(stage, interval) ((size_t)(interval)*RIG_N_STAGES + (size_t)(stage))
double sim_metric(const sim_run *run, size_t metric);
double sim_trunk(const sim_run *run, size_t group_and_metric); /**< SIM_TRUNK */
#define SIM_TRUNK(group, metric) ((size_t)(group)*RIG_N_TRUNK_METRICS + (size_t)(metric))
double sim_group(const sim_run *run, size_t group_and_metric); /**< SIM_GROUP */
#define SIM_GROUP(group, metric) ((size_t)(group)*RIG_N_GROUP_METRICS + (size_t)(metric))

#endif
