/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/theory/sim_check.h"

#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

rig_dist sim_dist(rig_dist_kind kind, double mean_s, double cv)
{
    rig_dist dist;
    if (kind == RIG_DIST_GAMMA)
        return (rig_dist){.kind = kind, .mean_s = mean_s, .cv = cv};
    assert_int_equal(rig_dist_make(kind, mean_s, cv, &dist, NULL), RIG_OK);
    return dist;
}

void sim_offer(small_scenario *room, double rate_per_s, double duration_s)
{
    room->scenario.traffic.duration_s = duration_s;
    room->scenario.interval_s = duration_s / 10.0;
    room->rate[0].rate_per_min = 60.0 * rate_per_s;
    room->scenario.limits.max_calls = UINT32_MAX - 1u;
    room->scenario.limits.max_outside = 1000000;
    room->scenario.callers.patience_answer = sim_dist(RIG_DIST_CONSTANT, 1e9, 0);
    room->scenario.callers.patience_queue = sim_dist(RIG_DIST_CONSTANT, 1e9, 0);
    room->scenario.callers.patience_ringing = sim_dist(RIG_DIST_CONSTANT, 1e9, 0);
}

void sim_size(small_scenario *room, uint32_t n_circuits, uint32_t n_ports, uint32_t n_agents)
{
    room->trunks[0].n_circuits = n_circuits;
    room->scenario.ivr.n_ports = n_ports;
    room->agents[0].n_agents = n_agents;
}

/* Share of the exact value that events may make up which are too rare to be sampled. */
#define RARE 1e-5

typedef struct sums {
    double sum, sum2; /* of the difference from the exact value: no cancellation */
} sums;

void sim_expect(const rig_scenario *scenario, uint32_t n_replications, const sim_expected *rows,
                size_t n_rows)
{
    const double n = (double)n_replications;
    const size_t n_intervals = rig_centre_n_intervals(scenario);
    rig_centre *centre = NULL;
    rig_error err = {0};
    rig_centre_output output = {
        .intervals = calloc(n_intervals, sizeof *output.intervals),
        .trunks = calloc(scenario->n_trunks * RIG_N_TRUNK_METRICS, sizeof *output.trunks),
        .groups = calloc(scenario->n_agents * RIG_N_GROUP_METRICS, sizeof *output.groups)};
    sums *all = calloc(n_rows, sizeof *all);
    assert_non_null(output.intervals);
    assert_non_null(output.trunks);
    assert_non_null(output.groups);
    assert_non_null(all);
    assert_int_equal(rig_centre_new(scenario, &centre), RIG_OK);
    const sim_run run = {scenario, &output, n_intervals};
    for (uint32_t r = 0; r < n_replications; r++) {
        const rig_centre_input input = {.replication = r + 1};
        if (rig_centre_simulate(centre, &input, &output, &err) != RIG_OK)
            fail_msg("%s", err.text);
        assert_true(rig_centre_is_idle(centre));
        for (size_t i = 0; i < n_rows; i++) {
            double d = rows[i].figure(&run, rows[i].arg) - rows[i].exact;
            all[i].sum += d;
            all[i].sum2 += d * d;
        }
    }
    size_t n_off = 0;
    for (size_t i = 0; i < n_rows; i++) {
        const double mean = all[i].sum / n;
        const double variance = (all[i].sum2 - n * mean * mean) / (n - 1.0);
        const double half = gsl_cdf_tdist_Pinv(0.9995, n - 1.0) * sqrt(fmax(variance, 0.0) / n);
        const bool is_right = fabs(mean) <= half + RARE * fabs(rows[i].exact);
        const bool is_sharp = half <= rows[i].precision * fabs(rows[i].exact);
        print_message("%-30s simulated %.7g +- %.2g, exact %.7g (at most +- %.2g)%s%s\n",
                      rows[i].name, rows[i].exact + mean, half, rows[i].exact,
                      rows[i].precision * fabs(rows[i].exact), is_right ? "" : " WRONG",
                      is_sharp ? "" : " TOO WIDE");
        n_off += !(is_right && is_sharp);
    }
    rig_centre_free(centre);
    free(output.intervals);
    free(output.trunks);
    free(output.groups);
    free(all);
    assert_int_equal(n_off, 0);
}

/* Weighted mean over the intervals from the second on. */
typedef double (*of_interval)(const rig_interval *in);

static double mean_over(const sim_run *run, of_interval value, of_interval weight)
{
    double sum = 0.0, weights = 0.0;
    for (size_t i = 1; i < run->n_intervals; i++) {
        const rig_interval *in = &run->output->intervals[i];
        double w = weight(in);
        if (w > 0.0) {
            sum += w * value(in);
            weights += w;
        }
    }
    return sum / weights;
}

static double one(const rig_interval *in)
{
    (void)in;
    return 1.0;
}

static double circuits(const rig_interval *in)
{
    return in->mean_circuits;
}

static double queue(const rig_interval *in)
{
    return in->mean_queue;
}

static double wait_mean(const rig_interval *in)
{
    return in->wait_mean_s;
}

static double served(const rig_interval *in)
{
    return in->n_served;
}

static double level(const rig_interval *in)
{
    return in->service_level;
}

static double queued(const rig_interval *in)
{
    return in->n_offered - in->n_lost[RIG_STAGE_TRUNK] - in->n_lost[RIG_STAGE_IVR];
}

static double busy(const rig_interval *in)
{
    return in->occupancy;
}

static double on_duty(const rig_interval *in)
{
    return in->mean_on_duty;
}

double sim_lost(const sim_run *run, size_t stage)
{
    double lost = 0.0, offered = 0.0;
    for (size_t i = 1; i < run->n_intervals; i++) {
        lost += run->output->intervals[i].n_lost[stage];
        offered += run->output->intervals[i].n_offered;
    }
    return lost / offered;
}

double sim_mean_circuits(const sim_run *run, size_t unused)
{
    (void)unused;
    return mean_over(run, circuits, one);
}

double sim_mean_queue(const sim_run *run, size_t unused)
{
    (void)unused;
    return mean_over(run, queue, one);
}

double sim_mean_wait(const sim_run *run, size_t unused)
{
    (void)unused;
    return mean_over(run, wait_mean, served);
}

double sim_service_level(const sim_run *run, size_t unused)
{
    (void)unused;
    return mean_over(run, level, queued);
}

double sim_occupancy(const sim_run *run, size_t unused)
{
    (void)unused;
    return mean_over(run, busy, on_duty);
}

double sim_lost_in(const sim_run *run, size_t stage_and_interval)
{
    return run->output->intervals[stage_and_interval / RIG_N_STAGES]
        .n_lost[stage_and_interval % RIG_N_STAGES];
}

double sim_offered_in(const sim_run *run, size_t interval)
{
    return run->output->intervals[interval].n_offered;
}

double sim_circuits_in(const sim_run *run, size_t interval)
{
    return run->output->intervals[interval].mean_circuits;
}

double sim_queue_in(const sim_run *run, size_t interval)
{
    return run->output->intervals[interval].mean_queue;
}

double sim_on_duty_in(const sim_run *run, size_t interval)
{
    return run->output->intervals[interval].mean_on_duty;
}

double sim_metric(const sim_run *run, size_t metric)
{
    return run->output->metrics[metric];
}

double sim_trunk(const sim_run *run, size_t group_and_metric)
{
    return run->output->trunks[group_and_metric];
}

double sim_group(const sim_run *run, size_t group_and_metric)
{
    return run->output->groups[group_and_metric];
}
