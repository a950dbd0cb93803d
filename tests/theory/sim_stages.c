/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several stages of the simulation together against exact results. Intervals: sim_check.h. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>

#include "models/erlang_c.h"
#include "tests/theory/markov.h"
#include "tests/theory/sim_check.h"

/* Tandem of ports and agents, nobody lost: the departures of M/M/c are Poisson (Burke, 1956), so
 * the queue is Erlang C on its own, and the wait for a port is another one (Jackson, 1957). The
 * circuits hold both. */
static void test_tandem_has_product_form(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    sim_offer(&room, 0.5, 200000.0);
    sim_size(&room, SIM_MANY, 4, 8);
    s->ivr.menu = sim_dist(RIG_DIST_EXPONENTIAL, 6.0, 1.0);
    s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 13.0, 1.0);
    const rig_erlang_c_input ports = {.offered_erl = 3.0, .n_agents = 4, .aht_s = 6.0},
                             agents = {.offered_erl = 6.5, .n_agents = 8, .aht_s = 13.0};
    rig_erlang_c_figures port, agent;
    double setup_s = 0.0, wait_s = 0.0;
    assert_int_equal(rig_erlang_c(&ports, &port, NULL), RIG_OK);
    assert_int_equal(rig_erlang_c(&agents, &agent, NULL), RIG_OK);
    assert_int_equal(rig_erlang_c_wait_percentile(&ports, 0.95, &setup_s, NULL), RIG_OK);
    assert_int_equal(rig_erlang_c_wait_percentile(&agents, 0.95, &wait_s, NULL), RIG_OK);
    const double in_use = 3.0 + port.mean_queue + 6.5 + agent.mean_queue;
    const sim_expected rows[] = {
        {"tandem: set-up, 95th percentile", sim_metric, RIG_METRIC_SETUP_P95_S, setup_s, 0.03},
        {"tandem: mean wait", sim_mean_wait, 0, agent.mean_wait_s, 0.06},
        {"tandem: wait, 95th percentile", sim_metric, RIG_METRIC_WAIT_P95_S, wait_s, 0.06},
        {"tandem: circuits", sim_mean_circuits, 0, in_use, 0.02}};
    SIM_EXPECT(s, 30, rows);
}

enum { N_CIRCUITS = 6, N_PORTS = 3, N_AGENTS = 2, MOST_STATES = 4096 };

static const double rate = 1.0; /* calls a second; means, s: */
static const double menu_s = 1.5, ring_s = 0.5, talk_s = 2.0, wrap_up_s = 0.7;
static const double answer_s = 2.5, queue_s = 3.0, ringing_s = 4.0; /* patience */

/* Calls that wait for a port, hear the menu, wait for an agent, ring and talk; agents who wrap up.
 */
typedef struct whole {
    int waits, menu, queue, rings, talks, wraps;
} whole;

static uint32_t number_of(const whole *w)
{
    const uint32_t n = N_CIRCUITS + 1, a = N_AGENTS + 1;
    return ((((uint32_t)w->waits * n + (uint32_t)w->queue) * (N_PORTS + 1 + N_CIRCUITS) +
             (uint32_t)w->menu) *
                a +
            (uint32_t)w->rings) *
               a * a +
           (uint32_t)w->talks * a + (uint32_t)w->wraps;
}

static int ports_in_use(const whole *w, bool is_held)
{
    return w->menu + (is_held ? w->queue + w->rings : 0);
}

/* Who waits moves on as far as he can. */
static whole settled(whole w, bool is_held)
{
    if (w.queue > 0 && w.rings + w.talks + w.wraps < N_AGENTS) {
        w.queue--;
        w.rings++;
    }
    if (w.waits > 0 && ports_in_use(&w, is_held) < N_PORTS) {
        w.waits--;
        w.menu++;
    }
    return w;
}

typedef struct builder {
    markov chain;
    uint32_t *number; /* of a state's own number; UINT32_MAX = not met */
    whole states[MOST_STATES];
    uint32_t n;
    bool is_held;
} builder;

static uint32_t state_of(builder *b, whole w)
{
    uint32_t *at = &b->number[number_of(&w)];
    if (*at == UINT32_MAX) {
        assert_true(b->n < MOST_STATES);
        b->states[b->n] = w;
        *at = b->n++;
    }
    return *at;
}

static void go(builder *b, uint32_t from, whole to, double per_s)
{
    if (per_s > 0.0)
        markov_add(&b->chain, from, state_of(b, settled(to, b->is_held)), per_s);
}

static void build(builder *b)
{
    const uint32_t empty = state_of(b, (whole){0});
    for (uint32_t i = empty; i < b->n; i++) {
        const whole w = b->states[i];
        whole to = w;
        if (w.waits + w.menu + w.queue + w.rings + w.talks < N_CIRCUITS) {
            to.waits++;
            go(b, i, to, rate);
        }
        to = w;
        to.waits--;
        go(b, i, to, w.waits / answer_s);
        to = w;
        to.menu--;
        to.queue++;
        go(b, i, to, w.menu / menu_s);
        to = w;
        to.queue--;
        go(b, i, to, w.queue / queue_s);
        to = w;
        to.rings--;
        to.talks++;
        go(b, i, to, w.rings / ring_s);
        to = w;
        to.rings--;
        go(b, i, to, w.rings / ringing_s);
        to = w;
        to.talks--;
        to.wraps++;
        go(b, i, to, w.talks / talk_s);
        to = w;
        to.wraps--;
        go(b, i, to, w.wraps / wrap_up_s);
    }
}

/* The whole centre, all times exponential, as one Markov chain of some hundred states: each stage
 * loses just what the chain says, whether the port is held while queued or not. */
static void test_whole_centre_is_a_markov_chain(void **state)
{
    (void)state;
    for (int is_held = 0; is_held <= 1; is_held++) {
        builder *b = calloc(1, sizeof *b);
        double *p = calloc(MOST_STATES, sizeof *p), mean[6] = {0}, full = 0.0;
        const whole most = {N_CIRCUITS, N_PORTS + N_CIRCUITS, N_CIRCUITS, N_AGENTS, N_AGENTS,
                            N_AGENTS};
        assert_non_null(b);
        assert_non_null(p);
        b->number = malloc((number_of(&most) + 1u) * sizeof *b->number);
        assert_non_null(b->number);
        for (uint32_t i = 0; i <= number_of(&most); i++)
            b->number[i] = UINT32_MAX;
        b->is_held = is_held;
        b->chain = markov_new(MOST_STATES);
        build(b);
        b->chain.n = b->n;
        markov_solve(&b->chain, p);
        for (uint32_t i = 0; i < b->n; i++) {
            const whole *w = &b->states[i];
            const int in[6] = {w->waits, w->menu, w->queue, w->rings, w->talks, w->wraps};
            for (int k = 0; k < 6; k++)
                mean[k] += p[i] * in[k];
            full += w->waits + w->menu + w->queue + w->rings + w->talks == N_CIRCUITS ? p[i] : 0.0;
        }
        print_message("port %s while queued: %u states\n", is_held ? "held" : "free", b->n);
        markov_free(&b->chain);
        free(b->number);
        free(b);
        free(p);
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        sim_offer(&room, rate, 60000.0);
        sim_size(&room, N_CIRCUITS, N_PORTS, N_AGENTS);
        s->ivr.hold_while_queued = is_held;
        s->ivr.menu = sim_dist(RIG_DIST_EXPONENTIAL, menu_s, 1.0);
        room.agents[0].ring = sim_dist(RIG_DIST_EXPONENTIAL, ring_s, 1.0);
        room.agents[0].wrap_up = sim_dist(RIG_DIST_EXPONENTIAL, wrap_up_s, 1.0);
        s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, talk_s, 1.0);
        s->callers.patience_answer = sim_dist(RIG_DIST_EXPONENTIAL, answer_s, 1.0);
        s->callers.patience_queue = sim_dist(RIG_DIST_EXPONENTIAL, queue_s, 1.0);
        s->callers.patience_ringing = sim_dist(RIG_DIST_EXPONENTIAL, ringing_s, 1.0);
        const double up = mean[0] + mean[1] + mean[2] + mean[3] + mean[4];
        const sim_expected rows[] = {
            {"centre: lost at the trunk", sim_lost, RIG_STAGE_TRUNK, full, 0.02},
            {"centre: lost at the IVR", sim_lost, RIG_STAGE_IVR, mean[0] / answer_s / rate, 0.03},
            {"centre: lost in the queue", sim_lost, RIG_STAGE_QUEUE, mean[2] / queue_s / rate,
             0.02},
            {"centre: lost at the agent", sim_lost, RIG_STAGE_AGENT, mean[3] / ringing_s / rate,
             0.02},
            {"centre: circuits", sim_mean_circuits, 0, up, 0.01},
            {"centre: queue", sim_mean_queue, 0, mean[2], 0.02},
            {"centre: occupancy", sim_occupancy, 0, (mean[3] + mean[4] + mean[5]) / N_AGENTS,
             0.01}};
        SIM_EXPECT(s, 30, rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tandem_has_product_form),
        cmocka_unit_test(test_whole_centre_is_a_markov_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
