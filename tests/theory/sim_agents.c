/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ringing, routing and skills of the simulation against exact results. Intervals: sim_check.h. */
#include "tests/test.h"

#include <math.h>

#include "models/erlang_b.h"
#include "models/erlang_c.h"
#include "tests/theory/sim_check.h"

static double lost_per_offered(const sim_run *run, size_t stage)
{
    return run->output->metrics[RIG_METRIC_P_LOST_PER_OFFERED + stage];
}

/* There is always another agent. Each of the RIG_N_RING_ATTEMPTS ring times of a call is longer
 * than the time-out with probability p; who has only such ones is lost when his patience is over.
 * The wait of the others: k time-outs, k geometric (cut off), and a ring shorter than one. */
static void test_ring_timeouts_are_geometric(void **state)
{
    (void)state;
    const double mean_s = 5.0, timeout_s = 4.0, n = RIG_N_RING_ATTEMPTS;
    const double p = exp(-timeout_s / mean_s), p_all = pow(p, n);
    const double short_s = mean_s - timeout_s * p / (1.0 - p); /* E[ring | ring < timeout] */
    double skipped = 0.0;
    for (int k = 1; k < RIG_N_RING_ATTEMPTS; k++)
        skipped += k * pow(p, k) * (1.0 - p);
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    sim_offer(&room, 10.0, 2000.0);
    sim_size(&room, SIM_MANY, SIM_MANY, SIM_MANY);
    s->callers.patience_queue = sim_dist(RIG_DIST_CONSTANT, 10.0 * timeout_s, 0.0);
    room.agents[0].ring = sim_dist(RIG_DIST_EXPONENTIAL, mean_s, 1.0);
    room.agents[0].ring_timeout_s = timeout_s;
    const sim_expected rows[] = {
        {"rings: nobody ever answers", lost_per_offered, RIG_STAGE_QUEUE, p_all, 0.04},
        {"rings: wait of the served", sim_metric, RIG_METRIC_WAIT_MEAN_S,
         skipped / (1.0 - p_all) * timeout_s + short_s, 0.01}};
    SIM_EXPECT(s, 20, rows);
}

static double erlang_b(double offered_erl, uint32_t n)
{
    double p = NAN;
    assert_int_equal(rig_erlang_b(offered_erl, n, &p, NULL), RIG_OK);
    return p;
}

static rig_agent_group group_of(uint32_t n, uint8_t *level)
{
    return (rig_agent_group){.n_agents = n,
                             .level = level,
                             .ring_timeout_s = 1e6,
                             .rest_s = 1.0,
                             .ring = sim_dist(RIG_DIST_CONSTANT, 0.0, 0.0),
                             .wrap_up = sim_dist(RIG_DIST_CONSTANT, 0.0, 0.0)};
}

/* As many circuits as agents: nobody waits. The most skilled group is hunted first and carries what
 * a group of its own would; longest idle treats all agents alike. Either way Erlang B is lost. */
static void test_routing_shares_the_load(void **state)
{
    (void)state;
    const double a = 20.0;
    const double p1 = erlang_b(a, 12), p12 = erlang_b(a, 24);
    static const rig_routing routings[] = {RIG_ROUTING_MOST_SKILLED, RIG_ROUTING_LONGEST_IDLE,
                                           RIG_ROUTING_ROUND_ROBIN};
    for (size_t i = 0; i < 3; i++) {
        const bool by_skill = routings[i] == RIG_ROUTING_MOST_SKILLED;
        uint8_t expert[] = {9}, novice[] = {2};
        rig_agent_group groups[] = {group_of(12, novice), group_of(12, expert)};
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        sim_offer(&room, a, 2000.0);
        sim_size(&room, 24, SIM_MANY, 1);
        s->agents = groups;
        s->n_agents = 2;
        s->n_skills = 1;
        s->queue.routing = routings[i];
        s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 1.0, 1.0);
        print_message("routing %d\n", (int)routings[i]);
        const double alike = a * (1.0 - p12) / 24.0;
        const sim_expected rows[] = {
            {"routing: lost", sim_lost, RIG_STAGE_TRUNK, p12, 0.06},
            {"routing: novices' occupancy", sim_group, SIM_GROUP(0, RIG_GROUP_OCCUPANCY),
             by_skill ? a * (p1 - p12) / 12.0 : alike, 0.02},
            {"routing: experts' occupancy", sim_group, SIM_GROUP(1, RIG_GROUP_OCCUPANCY),
             by_skill ? a * (1.0 - p1) / 12.0 : alike, 0.02}};
        SIM_EXPECT(s, 20, rows);
    }
}

static double most_over_mean(const sim_run *run, size_t unused)
{
    (void)unused;
    return run->output->groups[RIG_GROUP_MOST_TALKS] - run->output->groups[RIG_GROUP_MEAN_TALKS];
}

/* Calls far apart: longest idle and round robin go round the agents, so that nobody has a whole
 * talk more than the mean. Regular arrivals, 1000 calls on 8 agents: 125 each. */
static void test_turns_are_taken(void **state)
{
    (void)state;
    static const rig_routing routings[] = {RIG_ROUTING_LONGEST_IDLE, RIG_ROUTING_ROUND_ROBIN};
    for (size_t i = 0; i < 2; i++) {
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        sim_offer(&room, 0.01, 100000.0);
        sim_size(&room, SIM_MANY, SIM_MANY, 8);
        s->traffic.arrivals = RIG_ARRIVALS_REGULAR;
        s->queue.routing = routings[i];
        s->callers.talk = sim_dist(RIG_DIST_UNIFORM, 20.0, 0.5);
        const sim_expected rows[] = {{"turns: talks of an agent", sim_group,
                                      SIM_GROUP(0, RIG_GROUP_MEAN_TALKS), 125.0, 1e-9},
                                     {"turns: most, above the mean", most_over_mean, 0, 0.0, 1e-9}};
        SIM_EXPECT(s, 3, rows);
    }
}

/* Two skills: agents who all have both are one M/M/c; agents with one each are two of them. */
static void test_pooled_skills(void **state)
{
    (void)state;
    for (int is_pooled = 0; is_pooled <= 1; is_pooled++) {
        uint8_t first[] = {1, (uint8_t)is_pooled}, second[] = {(uint8_t)is_pooled, 1};
        rig_agent_group groups[] = {group_of(5, first), group_of(5, second)};
        rig_choice choices[] = {{.p_share = 0.5, .skill = 0}, {.p_share = 0.5, .skill = 1}};
        rig_erlang_c_figures exact;
        const double part = is_pooled ? 1.0 : 0.5;
        const rig_erlang_c_input input = {.offered_erl = 7.5 * part,
                                          .n_agents = is_pooled ? 10 : 5,
                                          .aht_s = 10.0,
                                          .within_s = 5.0};
        small_scenario room;
        rig_scenario *s = small_scenario_make(&room);
        sim_offer(&room, 0.75, 100000.0);
        sim_size(&room, SIM_MANY, SIM_MANY, 1);
        s->agents = groups;
        s->n_agents = 2;
        s->n_skills = 2;
        s->ivr.choices = choices;
        s->ivr.n_choices = 2;
        s->queue.service_level_s = 5.0;
        s->callers.talk = sim_dist(RIG_DIST_EXPONENTIAL, 10.0, 1.0);
        assert_int_equal(rig_erlang_c(&input, &exact, NULL), RIG_OK);
        const sim_expected rows[] = {
            {is_pooled ? "skills pooled: wait" : "skills apart: wait", sim_mean_wait, 0,
             exact.mean_wait_s, 0.07},
            {"skills: within 5 s", sim_service_level, 0, exact.p_served_within, 0.015},
            {"skills: queue of all", sim_mean_queue, 0, exact.mean_queue / part, 0.07}};
        SIM_EXPECT(s, 30, rows);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ring_timeouts_are_geometric),
        cmocka_unit_test(test_routing_shares_the_load),
        cmocka_unit_test(test_turns_are_taken),
        cmocka_unit_test(test_pooled_skills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
