/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The trunk stage of the simulation against exact results. Intervals: sim_check.h. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>

#include "models/erlang_b.h"
#include "models/extended_b.h"
#include "models/gi_loss.h"
#include "tests/theory/markov.h"
#include "tests/theory/sim_check.h"

static double erlang_b(double offered_erl, uint32_t n_circuits)
{
    double p_block = NAN;
    assert_int_equal(rig_erlang_b(offered_erl, n_circuits, &p_block, NULL), RIG_OK);
    return p_block;
}

/* A circuit is held through every stage: Erlang B of the sum of menu, ring and talk, whatever their
 * distributions; the carried traffic is A (1 - B). */
static void test_all_stages_hold_the_circuit(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    sim_offer(&room, 5.0, 16000.0);
    sim_size(&room, 60, SIM_MANY, SIM_MANY);
    s->ivr.menu = sim_dist(RIG_DIST_UNIFORM, 2.0, 0.5);
    room.agents[0].ring = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
    s->callers.talk = sim_dist(RIG_DIST_LOGNORMAL, 8.0, 2.0);
    const double p = erlang_b(55.0, 60);
    const sim_expected rows[] = {
        {"Erlang B, three stages: lost", sim_lost, RIG_STAGE_TRUNK, p, 0.05},
        {"Erlang B: carried, erlang", sim_mean_circuits, 0, 55.0 * (1.0 - p), 0.005}};
    SIM_EXPECT(s, 30, rows);
}

/* Two groups hunted in order: together one group; the first carries A (1 - B(n1)), the second what
 * overflows less what both lose (Brockmeyer's system); no insensitivity is needed for either. */
static void test_hunted_groups(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    uint32_t second[] = {1};
    rig_trunk_group groups[] = {{.n_circuits = 20, .overflow = second, .n_overflow = 1},
                                {.n_circuits = 8}};
    sim_offer(&room, 22.0, 4000.0);
    sim_size(&room, 1, SIM_MANY, SIM_MANY);
    s->trunks = groups;
    s->n_trunks = 2;
    s->callers.talk = sim_dist(RIG_DIST_LOGNORMAL, 1.0, 1.5);
    const double p1 = erlang_b(22.0, 20), p12 = erlang_b(22.0, 28);
    const sim_expected rows[] = {{"hunting: lost by both", sim_lost, RIG_STAGE_TRUNK, p12, 0.04},
                                 {"hunting: first carries", sim_trunk,
                                  SIM_TRUNK(0, RIG_TRUNK_MEAN_CIRCUITS), 22.0 * (1.0 - p1), 0.005},
                                 {"hunting: second carries", sim_trunk,
                                  SIM_TRUNK(1, RIG_TRUNK_MEAN_CIRCUITS), 22.0 * (p1 - p12), 0.015}};
    SIM_EXPECT(s, 30, rows);
}

static double sim_backup_share(const sim_run *run, size_t unused)
{
    const double *metrics = run->output->metrics;
    (void)unused;
    return metrics[RIG_METRIC_N_BACKUP_CALLS] / (double)run->output->tally.n_offered;
}

/* Who finds the first number's group full dials the backup number at once, and no third time: both
 * groups together are one, and all that the first refuses are calls at the backup number. */
static void test_backup_number(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_trunk_group groups[] = {{.name = (char *)"first", .n_circuits = 20, .p_share = 1.0},
                                {.name = (char *)"second", .n_circuits = 8}};
    sim_offer(&room, 22.0, 4000.0);
    sim_size(&room, 1, SIM_MANY, SIM_MANY);
    s->trunks = groups;
    s->n_trunks = 2;
    s->limits.max_outside = 1000;
    s->callers.redial =
        (rig_redial){.p_redial = 1.0,
                     .max_redials = 1,
                     .delay = {.kind = RIG_DIST_CONSTANT, .mean_s = 1e-6},
                     .backup = {.p_backup = 1.0, .dial = (char *)"786", .trunk = (char *)"second"}};
    s->callers.talk = sim_dist(RIG_DIST_LOGNORMAL, 1.0, 1.5);
    const double p1 = erlang_b(22.0, 20), p12 = erlang_b(22.0, 28);
    const sim_expected rows[] = {
        {"backup: connected of its calls", sim_metric, RIG_METRIC_BACKUP_CONNECT_RATE,
         1.0 - p12 / p1, 0.01},
        {"backup: calls of all", sim_backup_share, 0, p1 / (1.0 + p1), 0.02},
        {"backup: served in the end", sim_metric, RIG_METRIC_SERVED_IN_THE_END, 1.0 - p12, 0.005},
        {"backup: first carries", sim_trunk, SIM_TRUNK(0, RIG_TRUNK_MEAN_CIRCUITS),
         22.0 * (1.0 - p1), 0.005},
        {"backup: second carries", sim_trunk, SIM_TRUNK(1, RIG_TRUNK_MEAN_CIRCUITS),
         22.0 * (p1 - p12), 0.015}};
    SIM_EXPECT(s, 30, rows);
}

#define N_CUTS 64u

/* Calls that the cuts found up in the second group: mean, and mean square about the exact mean. */
static double riordan_mean_erl;

static double overflow_up(const sim_run *run, size_t is_square)
{
    double sum = 0.0;
    for (size_t i = 1; i < N_CUTS; i++) {
        double n = run->output->intervals[i].n_dropped;
        sum += is_square ? (n - riordan_mean_erl) * (n - riordan_mean_erl) : n;
    }
    return sum / (N_CUTS - 1.0);
}

/* The number of calls that overflow keeps up on an endless second group has Riordan's mean and
 * variance: v = m (1 - m + A / (N + 1 + m - A)). A fault that cuts the second group at the end of
 * each interval counts them; 14 holding times later the group is as before. */
static void test_overflow_has_riordans_moments(void **state)
{
    (void)state;
    const double a = 8.0, n = 8.0, step_s = 14.0;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    uint32_t second[] = {1};
    rig_trunk_group groups[] = {{.n_circuits = 8, .overflow = second, .n_overflow = 1},
                                {.n_circuits = SIM_MANY}};
    rig_fault faults[N_CUTS];
    for (unsigned i = 0; i < N_CUTS; i++)
        faults[i] = (rig_fault){.kind = RIG_FAULT_TRUNK,
                                .trunk = 1,
                                .cuts_calls = true,
                                .at_s = step_s * (i + 1.0) - 1e-4,
                                .for_s = 1e-5};
    sim_offer(&room, a, step_s * N_CUTS);
    s->interval_s = step_s;
    sim_size(&room, 1, SIM_MANY, SIM_MANY);
    s->trunks = groups;
    s->n_trunks = 2;
    s->faults = faults;
    s->n_faults = N_CUTS;
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
    const double m = riordan_mean_erl = a * erlang_b(a, (uint32_t)n);
    const double v = m * (1.0 - m + a / (n + 1.0 + m - a));
    const sim_expected rows[] = {{"overflow: mean", overflow_up, 0, m, 0.02},
                                 {"overflow: variance", overflow_up, 1, v, 0.05}};
    assert_true(v > 1.5 * m); /* far from Poisson */
    SIM_EXPECT(s, 500, rows);
}

/* Trunk reservation: calls that overflow leave two circuits free. Exact: the chain of the calls up
 * in both groups. */
static void test_reservation(void **state)
{
    (void)state;
    enum { N0 = 6, N1 = 10, SPARE = 2 };
    const double rate0 = 6.0, rate1 = 6.0;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    uint32_t other[] = {1};
    rig_trunk_group groups[] = {
        {.n_circuits = N0, .p_share = 0.5, .overflow = other, .n_overflow = 1},
        {.n_circuits = N1, .p_share = 0.5, .p_spare = 0.2}};
    sim_offer(&room, rate0 + rate1, 5000.0);
    sim_size(&room, 1, SIM_MANY, SIM_MANY);
    s->trunks = groups;
    s->n_trunks = 2;
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
    markov chain = markov_new((N0 + 1) * (N1 + 1));
    double p[(N0 + 1) * (N1 + 1)], lost0 = 0.0, lost1 = 0.0, taken = 0.0, up1 = 0.0;
    for (uint32_t i = 0; i <= N0; i++) {
        for (uint32_t j = 0; j <= N1; j++) {
            const uint32_t at = i * (N1 + 1) + j;
            if (i < N0)
                markov_add(&chain, at, at + N1 + 1, rate0);
            else if (N1 - j > SPARE)
                markov_add(&chain, at, at + 1, rate0);
            if (j < N1)
                markov_add(&chain, at, at + 1, rate1);
            if (i > 0)
                markov_add(&chain, at, at - N1 - 1, i);
            if (j > 0)
                markov_add(&chain, at, at - 1, j);
        }
    }
    markov_solve(&chain, p);
    for (uint32_t i = 0; i <= N0; i++) {
        for (uint32_t j = 0; j <= N1; j++) {
            const double here = p[i * (N1 + 1) + j];
            lost0 += i == N0 && N1 - j <= SPARE ? here : 0.0;
            taken += i == N0 && N1 - j > SPARE ? here : 0.0;
            lost1 += j == N1 ? here : 0.0;
            up1 += j * here;
        }
    }
    markov_free(&chain);
    const double seconds = s->traffic.duration_s;
    const sim_expected rows[] = {{"reservation: group 0 refused", sim_trunk,
                                  SIM_TRUNK(0, RIG_TRUNK_N_REFUSED), lost0 * rate0 * seconds, 0.03},
                                 {"reservation: group 1 refused", sim_trunk,
                                  SIM_TRUNK(1, RIG_TRUNK_N_REFUSED), lost1 * rate1 * seconds, 0.03},
                                 {"reservation: taken by group 1", sim_trunk,
                                  SIM_TRUNK(1, RIG_TRUNK_N_OVERFLOWED_IN), taken * rate0 * seconds,
                                  0.02},
                                 {"reservation: group 1 carries", sim_trunk,
                                  SIM_TRUNK(1, RIG_TRUNK_MEAN_CIRCUITS), up1, 0.01}};
    SIM_EXPECT(s, 30, rows);
}

static double attempts_per_caller(const sim_run *run, size_t unused)
{
    (void)unused;
    return run->output->metrics[RIG_METRIC_N_OFFERED] / run->output->metrics[RIG_METRIC_N_CALLERS];
}

/* Redials after exponential pauses: the chain of calls up and callers outside is exact. */
static void test_redials_are_a_retrial_queue(void **state)
{
    (void)state;
    enum { N = 5, MOST_OUTSIDE = 150 };
    const double rate = 6.0, p_redial = 0.7, delay_s = 3.0;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    sim_offer(&room, rate, 10000.0);
    sim_size(&room, N, SIM_MANY, SIM_MANY);
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
    s->callers.redial = (rig_redial){.p_redial = p_redial,
                                     .max_redials = 1000,
                                     .delay = sim_dist(RIG_DIST_EXPONENTIAL, delay_s, 1.0)};
    const uint32_t row = MOST_OUTSIDE + 1;
    markov chain = markov_new((N + 1) * row);
    double *p = calloc(chain.n, sizeof *p);
    assert_non_null(p);
    for (uint32_t i = 0; i <= N; i++) {
        for (uint32_t m = 0; m <= MOST_OUTSIDE; m++) {
            const uint32_t at = i * row + m;
            const double back = m / delay_s;
            if (i < N) {
                markov_add(&chain, at, at + row, rate);
                if (m > 0)
                    markov_add(&chain, at, at + row - 1, back);
            } else {
                if (m < MOST_OUTSIDE)
                    markov_add(&chain, at, at + 1, rate * p_redial);
                if (m > 0)
                    markov_add(&chain, at, at - 1, back * (1.0 - p_redial));
            }
            if (i > 0)
                markov_add(&chain, at, at - row, i);
        }
    }
    markov_solve(&chain, p);
    double attempts = 0.0, lost = 0.0, at_the_edge = 0.0;
    for (uint32_t i = 0; i <= N; i++) {
        for (uint32_t m = 0; m <= MOST_OUTSIDE; m++) {
            const double flow = p[i * row + m] * (rate + m / delay_s);
            attempts += flow;
            lost += i == N ? flow : 0.0;
            at_the_edge += m == MOST_OUTSIDE ? p[i * row + m] : 0.0;
        }
    }
    assert_true(at_the_edge < 1e-9);
    markov_free(&chain);
    free(p);
    const sim_expected rows[] = {
        {"redials: lost per attempt", sim_lost, RIG_STAGE_TRUNK, lost / attempts, 0.01},
        {"redials: callers served", sim_metric, RIG_METRIC_SERVED_IN_THE_END,
         1.0 - lost * (1.0 - p_redial) / rate, 0.005},
        {"redials: attempts per caller", attempts_per_caller, 0, attempts / rate, 0.01}};
    SIM_EXPECT(s, 30, rows);
}

/* After pauses of 200 holding times the redials are as good as Poisson calls of their own: extended
 * Erlang B, the limit of ever longer pauses. */
static void test_late_redials_are_extended_b(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    rig_extended_b_figures exact;
    sim_offer(&room, 55.0, 12000.0);
    s->interval_s = 2000.0; /* the first is ten pauses long */
    sim_size(&room, 50, SIM_MANY, SIM_MANY);
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
    s->callers.redial = (rig_redial){
        .p_redial = 0.6, .max_redials = 1000, .delay = sim_dist(RIG_DIST_EXPONENTIAL, 200.0, 1.0)};
    assert_int_equal(rig_extended_b(55.0, 50, 0.6, &exact, NULL), RIG_OK);
    const sim_expected rows[] = {
        {"extended B: lost per attempt", sim_lost, RIG_STAGE_TRUNK, exact.p_block, 0.02},
        {"extended B: carried, erlang", sim_mean_circuits, 0, exact.carried_erl, 0.005}};
    SIM_EXPECT(s, 10, rows);
}

/* Regular arrivals: D/M/c/c. At 392.5 erl and 418 circuits 0.275 % are lost, of Poisson calls
 * 1.12 %. */
static void test_regular_arrivals(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double offered_erl, duration_s, precision;
        uint32_t n_circuits, n_replications;
    } table[] = {{"D/M/10/10: lost", 9.0, 20000.0, 0.01, 10, 20},
                 {"D/M/418/418: lost", 392.5, 1000.0, 0.1, 418, 24}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        double p = NAN;
        sim_offer(&room, table[i].offered_erl, table[i].duration_s);
        sim_size(&room, table[i].n_circuits, SIM_MANY, SIM_MANY);
        s->traffic.arrivals = RIG_ARRIVALS_REGULAR;
        s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
        assert_int_equal(
            rig_gi_loss_gamma(table[i].offered_erl, 0.0, table[i].n_circuits, &p, NULL), RIG_OK);
        if (table[i].n_circuits == 418)
            assert_true(fabs(p - 0.00275) < 5e-6);
        const sim_expected rows[] = {
            {table[i].name, sim_lost, RIG_STAGE_TRUNK, p, table[i].precision}};
        SIM_EXPECT(s, table[i].n_replications, rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_stages_hold_the_circuit),
        cmocka_unit_test(test_hunted_groups),
        cmocka_unit_test(test_backup_number),
        cmocka_unit_test(test_overflow_has_riordans_moments),
        cmocka_unit_test(test_reservation),
        cmocka_unit_test(test_redials_are_a_retrial_queue),
        cmocka_unit_test(test_late_redials_are_extended_b),
        cmocka_unit_test(test_regular_arrivals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
