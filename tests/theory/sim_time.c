/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Traffic and staff that change, and days that differ, against exact results. Intervals:
 * sim_check.h. */
#include "tests/test.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_odeiv2.h>
#include <math.h>
#include <string.h>

#include "models/erlang_b.h"
#include "models/time_varying.h"
#include "tests/theory/markov.h"
#include "tests/theory/sim_check.h"

static double rate_at(double t_s, void *ctx)
{
    const rig_scenario *s = ctx;
    return t_s < 0.0 ? 0.0 : rig_traffic_rate_per_s(&s->traffic, t_s);
}

static double survival(double t_s, void *ctx)
{
    const rig_dist *dist = ctx;
    const double sigma2 = log1p(dist->cv * dist->cv);
    return gsl_cdf_lognormal_Q(t_s, log(dist->mean_s) - sigma2 / 2.0, sqrt(sigma2));
}

/* Two adverts on a rising rate, nobody lost: the mean of the circuits in use is the integral of
 * rate(t - x) P(S > x) (Eick, Massey & Whitt, 1993), here averaged over reporting intervals. */
static void test_adverts_fill_circuits(void **state)
{
    (void)state;
    enum { FIRST = 2, N_ROWS = 6, N_POINTS = 120 };
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_rate_point points[] = {{0.0, 60.0}, {600.0, 300.0}};
    rig_advert adverts[] = {{120.0, 900.0, 15.0, 60.0}, {330.0, 1500.0, 0.0, 40.0}};
    sim_expected rows[N_ROWS];
    sim_offer(&room, 1.0, 600.0);
    sim_size(&room, SIM_MANY, SIM_MANY, SIM_MANY);
    s->traffic.rate = points;
    s->traffic.n_rate = 2;
    s->traffic.adverts = adverts;
    s->traffic.n_adverts = 2;
    s->callers.talk = sim_dist(RIG_DIST_LOGNORMAL, 45.0, 0.6);
    for (size_t i = 0; i < N_ROWS; i++) {
        double sum_erl = 0.0;
        for (int k = 0; k < N_POINTS; k++) {
            double load_erl = NAN, t_s = ((double)(i + FIRST) + (k + 0.5) / N_POINTS) * 60.0;
            assert_int_equal(rig_time_varying_load_at(rate_at, s, survival, &s->callers.talk, t_s,
                                                      600.0, 0.5, &load_erl, NULL),
                             RIG_OK);
            sum_erl += load_erl;
        }
        rows[i] = (sim_expected){"adverts: circuits", sim_circuits_in, i + FIRST,
                                 sum_erl / N_POINTS, 0.006};
    }
    SIM_EXPECT(s, 1000, rows);
}

/* The centre of test_shifts: K circuits, agents by shifts; the state is (calls in, agents on duty).
 * Agents who are too many work to the end of their talk, so more than wanted may be on duty, and
 * then all of them are busy. */
enum { K = 14, MOST_AGENTS = 8, N_STATES = (K + 1) * (MOST_AGENTS + 1) };

static const double talk_s = 20.0;

static uint32_t at(uint32_t n_calls, uint32_t n_agents)
{
    return n_calls * (MOST_AGENTS + 1) + n_agents;
}

typedef struct shifts_ode {
    markov arrivals; /* per call a second */
    markov departures;
    const rig_scenario *scenario;
    uint32_t n_wanted;
} shifts_ode;

/* Beside the state: integrals of lost calls, calls in, waiting and agents on duty. */
enum { LOST = N_STATES, CALLS_IN, WAITING, ON_DUTY, N_EQUATIONS };

static int derivative(double t_s, const double y[], double dydt[], void *ctx)
{
    const shifts_ode *ode = ctx;
    const double rate = rate_at(t_s, (void *)(uintptr_t)ode->scenario);
    memset(dydt, 0, N_EQUATIONS * sizeof *dydt);
    markov_flow(&ode->arrivals, rate, y, dydt);
    markov_flow(&ode->departures, 1.0, y, dydt);
    for (uint32_t n = 0; n <= K; n++) {
        for (uint32_t a = 0; a <= MOST_AGENTS; a++) {
            const double p = y[at(n, a)];
            dydt[LOST] += n == K ? rate * p : 0.0;
            dydt[CALLS_IN] += n * p;
            dydt[WAITING] += n > a ? (n - a) * p : 0.0;
            dydt[ON_DUTY] += a * p;
        }
    }
    return GSL_SUCCESS;
}

/* The departures while so many are wanted. Who ends a talk leaves when there are too many. */
static markov departures(uint32_t n_wanted)
{
    markov chain = markov_new(N_STATES);
    for (uint32_t n = 1; n <= K; n++) {
        for (uint32_t a = n_wanted; a <= MOST_AGENTS; a++) {
            const uint32_t stay = a > n_wanted ? a - 1 : a;
            markov_add(&chain, at(n, a), at(n - 1, stay), (n < a ? n : a) / talk_s);
        }
    }
    return chain;
}

/* A shift begins: the missing come; idle ones leave, busy ones stay. */
static void change_shift(double *p, uint32_t n_wanted)
{
    for (uint32_t n = 0; n <= K; n++) {
        double moved[MOST_AGENTS + 1] = {0};
        for (uint32_t a = 0; a <= MOST_AGENTS; a++) {
            const uint32_t n_busy = n < a ? n : a;
            moved[n_busy > n_wanted ? n_busy : n_wanted] += p[at(n, a)];
        }
        memcpy(&p[at(n, 0)], moved, sizeof moved);
    }
}

/* Rate and agents change within some talk times: the transient chain, by Runge-Kutta. */
static void test_shifts(void **state)
{
    (void)state;
    enum { N_INTERVALS = 6 };
    const double step_s = 50.0;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_rate_point points[] = {{0.0, 6.0}, {120.0, 36.0}, {250.0, 15.0}};
    rig_shift shifts[] = {{0.0, 3}, {100.0, 8}, {200.0, 4}};
    sim_offer(&room, 1.0, N_INTERVALS * step_s);
    s->interval_s = step_s;
    sim_size(&room, K, SIM_MANY, MOST_AGENTS);
    s->traffic.rate = points;
    s->traffic.n_rate = 3;
    room.agents[0].shifts = shifts;
    room.agents[0].n_shifts = 3;
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, talk_s, 1.0);

    shifts_ode ode = {.arrivals = markov_new(N_STATES), .scenario = s};
    for (uint32_t n = 0; n < K; n++) {
        for (uint32_t a = 0; a <= MOST_AGENTS; a++)
            markov_add(&ode.arrivals, at(n, a), at(n + 1, a), 1.0);
    }
    gsl_odeiv2_system system = {derivative, NULL, N_EQUATIONS, &ode};
    gsl_odeiv2_driver *driver =
        gsl_odeiv2_driver_alloc_y_new(&system, gsl_odeiv2_step_rkf45, 0.01, 1e-10, 0.0);
    assert_non_null(driver);
    double y[N_EQUATIONS] = {0}, t_s = 0.0, before[N_EQUATIONS];
    y[at(0, shifts[0].n_agents)] = 1.0;
    sim_expected rows[4 * N_INTERVALS];
    for (size_t i = 0; i < N_INTERVALS; i++) {
        for (size_t k = 0; k < 3; k++) {
            if (shifts[k].at_s == (double)i * step_s) {
                markov_free(&ode.departures);
                ode.departures = departures(ode.n_wanted = shifts[k].n_agents);
                change_shift(y, ode.n_wanted);
            }
        }
        memcpy(before, y, sizeof y);
        for (double until_s = t_s + 10.0; t_s < (double)(i + 1) * step_s; until_s += 10.0)
            assert_int_equal(gsl_odeiv2_driver_apply(driver, &t_s, until_s, y), GSL_SUCCESS);
        rows[4 * i] = (sim_expected){"shifts: lost", sim_lost_in, SIM_AT(RIG_STAGE_TRUNK, i),
                                     y[LOST] - before[LOST], 0.05};
        rows[4 * i + 1] = (sim_expected){"shifts: circuits", sim_circuits_in, i,
                                         (y[CALLS_IN] - before[CALLS_IN]) / step_s, 0.02};
        rows[4 * i + 2] = (sim_expected){"shifts: queue", sim_queue_in, i,
                                         (y[WAITING] - before[WAITING]) / step_s, 0.05};
        rows[4 * i + 3] = (sim_expected){"shifts: on duty", sim_on_duty_in, i,
                                         (y[ON_DUTY] - before[ON_DUTY]) / step_s, 0.02};
    }
    gsl_odeiv2_driver_free(driver);
    markov_free(&ode.arrivals);
    markov_free(&ode.departures);
    rows[0].precision = 10.0; /* nobody is lost yet, as good as */
    SIM_EXPECT(s, 20000, rows);
}

static double offered_squared(const sim_run *run, size_t unused)
{
    const double n = run->output->metrics[RIG_METRIC_N_OFFERED];
    (void)unused;
    return n * n;
}

/* Days differ by a gamma variate of mean 1 and cv c: the calls of a day are negative binomial, of
 * mean m and variance m + (c m)^2; on a day of factor f Erlang B of f A is lost, so the lost are
 * the mixture, here by quadrature over the quantiles. */
static void test_days_differ(void **state)
{
    (void)state;
    enum { N = 20000 };
    const double rate = 20.0, cv = 0.25, shape = 1.0 / (cv * cv);
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    sim_offer(&room, rate, 200.0);
    sim_size(&room, 24, SIM_MANY, SIM_MANY);
    s->traffic.day_cv = cv;
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
    double lost = 0.0, mean_day = NAN;
    for (int i = 0; i < N; i++) {
        double p = NAN, factor = gsl_cdf_gamma_Pinv((i + 0.5) / N, shape, 1.0 / shape);
        assert_int_equal(rig_erlang_b(rate * factor, 24, &p, NULL), RIG_OK);
        lost += rate * factor * p * s->interval_s / N;
    }
    assert_int_equal(rig_erlang_b(rate, 24, &mean_day, NULL), RIG_OK);
    assert_true(lost > 1.5 * mean_day * rate * s->interval_s); /* days do matter */
    const double m = rate * s->traffic.duration_s;
    const sim_expected rows[] = {
        {"days: calls", sim_metric, RIG_METRIC_N_OFFERED, m, 0.03},
        {"days: calls squared", offered_squared, 0, m * m + m + cv * cv * m * m, 0.05},
        {"days: lost, second interval", sim_lost_in, SIM_AT(RIG_STAGE_TRUNK, 1), lost, 0.13},
        {"days: lost, last interval", sim_lost_in, SIM_AT(RIG_STAGE_TRUNK, 9), lost, 0.13}};
    SIM_EXPECT(s, 1500, rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_adverts_fill_circuits),
        cmocka_unit_test(test_shifts),
        cmocka_unit_test(test_days_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
