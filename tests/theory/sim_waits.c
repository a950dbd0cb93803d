/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of the simulation against exact results. Intervals: sim_check.h. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>

#include "models/erlang_a.h"
#include "models/erlang_c.h"
#include "models/mmck.h"
#include "tests/theory/sim_check.h"

/* Agents alone: the service is the sum of ringing, talk and wrap-up; calls wait. */
static rig_scenario *agents_alone(small_scenario *room, double rate_per_s, double duration_s,
                                  uint32_t n_agents)
{
    rig_scenario *s = small_scenario_make(room);
    sim_offer(room, rate_per_s, duration_s);
    sim_size(room, SIM_MANY, SIM_MANY, n_agents);
    return s;
}

/* M/M/c/K by the queue's capacity: p_K, W_q, L_q, service level, occupancy. */
static void test_capacity_is_mmck(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = agents_alone(&room, 0.8, 150000.0, 8);
    const rig_mmck_input input = {
        .offered_erl = 8.0, .n_agents = 8, .n_places = 14, .aht_s = 10.0, .within_s = 4.0};
    rig_mmck_figures exact;
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 10.0, 1.0);
    s->queue.capacity = 6;
    s->queue.service_level_s = 4.0;
    assert_int_equal(rig_mmck(&input, &exact, NULL), RIG_OK);
    const sim_expected rows[] = {
        {"M/M/8/14: lost", sim_lost, RIG_STAGE_QUEUE, exact.p_block, 0.03},
        {"M/M/8/14: wait", sim_mean_wait, 0, exact.mean_wait_s, 0.02},
        {"M/M/8/14: queue", sim_mean_queue, 0, exact.mean_queue, 0.02},
        {"M/M/8/14: within 4 s", sim_service_level, 0, exact.p_served_within, 0.01},
        {"M/M/8/14: occupancy", sim_occupancy, 0, exact.p_busy, 0.005}};
    SIM_EXPECT(s, 20, rows);
}

/* Erlang C: mean, 95th percentile, service level, queue, occupancy. */
static void test_patient_callers_are_erlang_c(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = agents_alone(&room, 0.05, 2500000.0, 10);
    const rig_erlang_c_input input = {
        .offered_erl = 8.5, .n_agents = 10, .aht_s = 170.0, .within_s = 20.0};
    rig_erlang_c_figures exact;
    double p95_s = 0.0;
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 170.0, 1.0);
    s->queue.service_level_s = 20.0;
    assert_int_equal(rig_erlang_c(&input, &exact, NULL), RIG_OK);
    assert_int_equal(rig_erlang_c_wait_percentile(&input, 0.95, &p95_s, NULL), RIG_OK);
    const sim_expected rows[] = {
        {"Erlang C: mean wait", sim_mean_wait, 0, exact.mean_wait_s, 0.06},
        {"Erlang C: 95th percentile", sim_metric, RIG_METRIC_WAIT_P95_S, p95_s, 0.06},
        {"Erlang C: within 20 s", sim_service_level, 0, exact.p_served_within, 0.02},
        {"Erlang C: queue", sim_mean_queue, 0, exact.mean_queue, 0.06},
        {"Erlang C: occupancy", sim_occupancy, 0, exact.p_busy, 0.005}};
    SIM_EXPECT(s, 30, rows);
}

/* Erlang A, also in overload; the wait of those served is not that of all. With a service level of
 * 0 s the share of callers who do not wait. */
static void test_impatient_callers_are_erlang_a(void **state)
{
    (void)state;
    static const rig_erlang_a_input table[] = {
        {.offered_erl = 20, .n_agents = 20, .aht_s = 180, .patience_s = 60, .within_s = 20},
        {.offered_erl = 120, .n_agents = 100, .aht_s = 180, .patience_s = 90, .within_s = 20},
        {.offered_erl = 10, .n_agents = 10, .aht_s = 60, .patience_s = 60, .within_s = 0}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        small_scenario room;
        const rig_erlang_a_input *input = &table[i];
        const double rate_per_s = input->offered_erl / input->aht_s;
        rig_scenario *s = agents_alone(&room, rate_per_s, 50000.0 / rate_per_s, input->n_agents);
        rig_erlang_a_figures exact;
        s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, input->aht_s, 1.0);
        s->callers.patience_queue = sim_dist(RIG_DIST_EXPONENTIAL, input->patience_s, 1.0);
        s->queue.service_level_s = input->within_s;
        assert_int_equal(rig_erlang_a(input, &exact, NULL), RIG_OK);
        print_message("%g erlang, %u agents\n", input->offered_erl, input->n_agents);
        const sim_expected rows[] = {
            {"Erlang A: abandon", sim_lost, RIG_STAGE_QUEUE, exact.p_abandon, 0.03},
            {"Erlang A: wait of the served", sim_mean_wait, 0, exact.mean_wait_served_s, 0.03},
            {"Erlang A: served in time", sim_service_level, 0, exact.p_served_within, 0.03},
            {"Erlang A: queue", sim_mean_queue, 0, exact.mean_queue, 0.03},
            {"Erlang A: occupancy", sim_occupancy, 0, exact.p_busy, 0.005}};
        if (input->patience_s == input->aht_s) { /* M/M/inf: served at once = P(N < n) */
            double p_n = exp(-input->offered_erl), below = 0.0;
            for (uint32_t n = 0; n < input->n_agents; n++) {
                below += p_n;
                p_n *= input->offered_erl / (n + 1.0);
            }
            assert_true(fabs(below - exact.p_served_within) < 1e-9);
        }
        SIM_EXPECT(s, 30, rows);
    }
}

/* One agent: Pollaczek and Khinchine, W = rate E[S^2] / (2 (1 - rho)), wherever the service time is
 * spent. */
static void test_one_agent_is_pollaczek_khinchine(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        rig_dist_kind kind;
        double cv, precision;
        bool is_wrap_up;
    } table[] = {{"M/D/1: wait", RIG_DIST_CONSTANT, 0.0, 0.03, false},
                 {"M/U/1 in wrap-up: wait", RIG_DIST_UNIFORM, 0.5, 0.03, true},
                 {"M/LN/1: wait", RIG_DIST_LOGNORMAL, 1.5, 0.08, false},
                 {"M/LN/1 in wrap-up: wait", RIG_DIST_LOGNORMAL, 0.7, 0.04, true}};
    const double rho = 0.7;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        small_scenario room;
        rig_scenario *s = agents_alone(&room, rho / 10.0, 500000.0, 1);
        const rig_dist most = sim_dist(table[i].kind, 8.0, table[i].cv);
        const rig_dist rest = sim_dist(RIG_DIST_CONSTANT, 2.0, 0.0);
        s->callers.talk = table[i].is_wrap_up ? rest : most;
        room.agents[0].wrap_up = table[i].is_wrap_up ? most : rest;
        const double second_moment = 10.0 * 10.0 + pow(8.0 * table[i].cv, 2.0);
        const sim_expected rows[] = {{table[i].name, sim_mean_wait, 0,
                                      rho / 10.0 * second_moment / (2.0 * (1.0 - rho)),
                                      table[i].precision}};
        SIM_EXPECT(s, 30, rows);
    }
}

/* M/D/c: the number of calls one service time later depends on the present one by the arrivals
 * alone (Crommelin, 1932); its stationary distribution by iteration. @return mean waiting. */
static double mdc_mean_queue(double offered_erl, uint32_t c)
{
    enum { MOST = 300 };
    double p[MOST] = {[0] = 1.0}, next[MOST], arrive[MOST], change = 1.0, queue = 0.0;
    arrive[0] = exp(-offered_erl);
    for (uint32_t k = 1; k < MOST; k++)
        arrive[k] = arrive[k - 1] * offered_erl / k;
    for (int round = 0; round < 20000 && change > 1e-14; round++) {
        for (uint32_t j = 0; j < MOST; j++) {
            next[j] = 0.0;
            for (uint32_t i = 0; i < MOST && i <= c + j; i++)
                next[j] += p[i] * arrive[i <= c ? j : j - (i - c)];
        }
        change = 0.0;
        for (uint32_t j = 0; j < MOST; j++) {
            change += fabs(next[j] - p[j]);
            p[j] = next[j];
        }
    }
    assert_true(change <= 1e-14);
    for (uint32_t j = c + 1; j < MOST; j++)
        queue += (j - c) * p[j];
    return queue;
}

static void test_constant_service_is_mdc(void **state)
{
    (void)state;
    small_scenario room;
    const double offered_erl = 3.4, rate_per_s = offered_erl / 10.0;
    rig_scenario *s = agents_alone(&room, rate_per_s, 200000.0, 4);
    const double queue = mdc_mean_queue(offered_erl, 4);
    s->callers.talk = sim_dist(RIG_DIST_CONSTANT, 10.0, 0.0);
    assert_true(fabs(mdc_mean_queue(0.7, 1) - 0.49 / 0.6) < 1e-9); /* M/D/1 */
    const sim_expected rows[] = {{"M/D/4: wait", sim_mean_wait, 0, queue / rate_per_s, 0.04},
                                 {"M/D/4: queue", sim_mean_queue, 0, queue, 0.04}};
    SIM_EXPECT(s, 30, rows);
}

#define MOST_AHEAD 2000

/* Two priorities, the same exponential service. Who has the higher one waits longer than t with
 * probability C exp(-(c mu - rate_1) t) (Davis, 1966). Before the other go n callers, n geometric,
 * and those of the higher priority who come meanwhile: each goes at rate c mu, so he waits for the
 * emptying of a birth-death process, here by uniformization.
 * @param[out] mean_s  Of his wait, given that he waits. @return P(wait > t), given the same. */
static double low_waits_over(double rate_high, double c_mu, double rho, double t_s, double *mean_s)
{
    static double p[MOST_AHEAD + 2];
    const double speed = rate_high + c_mu, up = rate_high / speed;
    double weight = exp(-speed * t_s), over = 0.0, left = 1.0;
    *mean_s = 0.0;
    for (uint32_t n = 0; n <= MOST_AHEAD + 1; n++)
        p[n] = n >= 1 && n <= MOST_AHEAD ? (1.0 - rho) * pow(rho, n - 1.0) : 0.0;
    for (uint32_t k = 0; left > 1e-13; k++) {
        over += weight * left;
        *mean_s += left / speed;
        weight *= speed * t_s / (k + 1.0);
        double before = 0.0; /* p[n - 1] of the step before */
        left = 0.0;
        for (uint32_t n = 1; n <= MOST_AHEAD; n++) {
            const double here = p[n];
            p[n] = before * up + p[n + 1] * (1.0 - up);
            before = here;
            left += p[n];
        }
    }
    return over;
}

static void test_priorities(void **state)
{
    (void)state;
    const double rate_per_s = 0.85, share_high = 0.4;
    const uint32_t c = 10;
    const double c_mu = c / 10.0, rho = rate_per_s / c_mu, high = share_high * rate_per_s;
    const rig_erlang_c_input input = {.offered_erl = 8.5, .n_agents = c, .aht_s = 10.0};
    rig_caller_class classes[] = {{.p_share = share_high, .priority = 7},
                                  {.p_share = 1.0 - share_high, .priority = 3}};
    rig_erlang_c_figures fifo;
    assert_int_equal(rig_erlang_c(&input, &fifo, NULL), RIG_OK);
    static const double within_s[] = {2.0, 20.0};
    for (size_t i = 0; i < 2; i++) {
        small_scenario room;
        rig_scenario *s = agents_alone(&room, rate_per_s, 120000.0, c);
        const double t_s = within_s[i];
        double low_mean_s = 0.0;
        const double low_over = low_waits_over(high, c_mu, rho, t_s, &low_mean_s);
        const double high_over = exp(-(c_mu - high) * t_s);
        const double over = fifo.p_wait * (share_high * high_over + (1.0 - share_high) * low_over);
        const double fifo_over = fifo.p_wait * exp(-(c_mu - rate_per_s) * t_s);
        /* Cobham, 1954: W_2 = C / (c mu (1 - rho_1) (1 - rho)) */
        assert_true(fabs(low_mean_s * c_mu * (1.0 - high / c_mu) * (1.0 - rho) - 1.0) < 1e-6);
        assert_true(fabs(over - fifo_over) > 0.01); /* priorities do matter here */
        s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 10.0, 1.0);
        s->callers.classes = classes;
        s->callers.n_classes = 2;
        s->queue.service_level_s = t_s;
        const sim_expected rows[] = {
            {"priorities: served in time", sim_service_level, 0, 1.0 - over, 0.01},
            {"priorities: mean wait of all", sim_mean_wait, 0, fifo.mean_wait_s, 0.06}};
        SIM_EXPECT(s, 30, rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_capacity_is_mmck),
        cmocka_unit_test(test_patient_callers_are_erlang_c),
        cmocka_unit_test(test_impatient_callers_are_erlang_a),
        cmocka_unit_test(test_one_agent_is_pollaczek_khinchine),
        cmocka_unit_test(test_constant_service_is_mdc),
        cmocka_unit_test(test_priorities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
