/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What callers do is the same, to the last bit, whether it is drawn alone, for an attempt together,
 * or for callers who follow each other. */
#include "tests/test.h"

#include <math.h>
#include <string.h>

#include "models/schedule/callers.h"
#include "scenarios/own_durations.h"

enum { N_TRAITS = 7, N_CALLERS = 400 };

/* Of all kinds; empirical and hand-made ones have no table. */
typedef struct mix {
    const char *name;
    rig_dist_kind kinds[5]; /* patience to answer, in queue, ringing; talk; ring */
    double p_self_service;
    bool is_by_hand; /* { kind, mean_s, cv } */
    size_t n_groups;
    uint32_t n_random; /* of what is drawn together */
    bool has_own;      /* a class and a choice of two have talks, the class its patience, too */
} mix;

static const mix mixes[] = {
    {"as in a peak",
     {RIG_DIST_LOGNORMAL, RIG_DIST_LOGNORMAL, RIG_DIST_EXPONENTIAL, RIG_DIST_GAMMA, RIG_DIST_GAMMA},
     0.3,
     false,
     1,
     7,
     false},
    {"M/M/1",
     {RIG_DIST_CONSTANT, RIG_DIST_CONSTANT, RIG_DIST_CONSTANT, RIG_DIST_EXPONENTIAL,
      RIG_DIST_CONSTANT},
     0.0,
     false,
     1,
     1,
     false},
    {"nothing random",
     {RIG_DIST_CONSTANT, RIG_DIST_CONSTANT, RIG_DIST_CONSTANT, RIG_DIST_CONSTANT,
      RIG_DIST_CONSTANT},
     0.0,
     false,
     1,
     0,
     false},
    {"two groups",
     {RIG_DIST_UNIFORM, RIG_DIST_UNIFORM, RIG_DIST_CONSTANT, RIG_DIST_LOGNORMAL, RIG_DIST_GAMMA},
     1.0,
     false,
     2,
     6,
     false},
    {"by hand",
     {RIG_DIST_GAMMA, RIG_DIST_LOGNORMAL, RIG_DIST_EXPONENTIAL, RIG_DIST_GAMMA, RIG_DIST_GAMMA},
     0.5,
     true,
     1,
     7,
     false},
    {"of their own",
     {RIG_DIST_LOGNORMAL, RIG_DIST_CONSTANT, RIG_DIST_EXPONENTIAL, RIG_DIST_GAMMA, RIG_DIST_GAMMA},
     0.3,
     false,
     1,
     7,
     true},
    {"of their own, by hand",
     {RIG_DIST_GAMMA, RIG_DIST_LOGNORMAL, RIG_DIST_EXPONENTIAL, RIG_DIST_CONSTANT, RIG_DIST_GAMMA},
     0.3,
     true,
     1,
     7,
     true},
};

static void make_dist(const mix *m, rig_dist_kind kind, double mean_s, rig_dist *dist)
{
    const double cv = kind == RIG_DIST_CONSTANT ? 0.0 : kind == RIG_DIST_EXPONENTIAL ? 1.0 : 0.5;
    *dist = (rig_dist){.kind = kind, .mean_s = mean_s, .cv = cv};
    if (!m->is_by_hand)
        assert_int_equal(rig_dist_make(kind, mean_s, cv, dist, NULL), RIG_OK);
}

static void ask(const rig_callers_source *from, uint32_t caller, uint32_t attempt,
                const double *drawn, double trait[N_TRAITS])
{
    const uint32_t group = (uint32_t)from->scenario->n_agents - 1;
    trait[0] = rig_callers_patience_answer_s(from, caller, attempt, drawn);
    trait[1] = rig_callers_patience_queue_s(from, caller, attempt, drawn);
    trait[2] = rig_callers_patience_ringing_s(from, caller, attempt, drawn);
    trait[3] = rig_callers_talk_s(from, caller, attempt, RIG_NO_GROUP, drawn);
    trait[4] = rig_callers_self_service_s(from, caller, attempt, drawn);
    trait[5] = rig_callers_ring_s(from, caller, attempt, group, caller % 2, drawn);
    trait[6] = rig_callers_wrap_up_u(from, caller, attempt, drawn);
}

static void expect_same(const mix *m, const rig_callers_source *from, uint32_t caller,
                        uint32_t attempt, const double *drawn)
{
    double alone[N_TRAITS], together[N_TRAITS];
    ask(from, caller, attempt, NULL, alone);
    ask(from, caller, attempt, drawn, together);
    for (int i = 0; i < N_TRAITS; i++) {
        if (memcmp(&alone[i], &together[i], sizeof alone[i]) != 0)
            fail_msg("%s, caller %u, attempt %u, trait %d: %.17g alone, %.17g together", m->name,
                     caller, attempt, i, alone[i], together[i]);
    }
}

static void check(const mix *m)
{
    static rig_scenario scenario;
    rig_agent_group agents[2] = {{.n_agents = 1}, {.n_agents = 1}};
    rig_callers *callers = &scenario.callers;
    scenario = (rig_scenario){.seed = 7, .agents = agents, .n_agents = m->n_groups};
    scenario.ivr.p_self_service = m->p_self_service;
    make_dist(m, m->kinds[0], 12.0, &callers->patience_answer);
    make_dist(m, m->kinds[1], 30.0, &callers->patience_queue);
    make_dist(m, m->kinds[2], 60.0, &callers->patience_ringing);
    make_dist(m, m->kinds[3], 35.0, &callers->talk);
    make_dist(m, RIG_DIST_UNIFORM, 5.0, &scenario.ivr.self_service);
    for (size_t g = 0; g < 2; g++) {
        make_dist(m, m->kinds[4], 3.0 + (double)g, &agents[g].ring);
        make_dist(m, m->n_random > 1 ? RIG_DIST_GAMMA : RIG_DIST_CONSTANT, 5.0, &agents[g].wrap_up);
    }
    rig_caller_class classes[2] = {{.p_share = 0.4}, {.p_share = 0.6}};
    rig_choice choices[2] = {{.p_share = 0.7}, {.p_share = 0.3, .skill = 1}};
    if (m->has_own) {
        make_dist(m, RIG_DIST_EXPONENTIAL, 8.0, &classes[1].talk);
        make_dist(m, RIG_DIST_LOGNORMAL, 9.0, &classes[1].patience_queue);
        make_dist(m, RIG_DIST_CONSTANT, 70.0, &choices[1].talk);
        callers->classes = classes;
        callers->n_classes = 2;
        scenario.ivr.choices = choices;
        scenario.ivr.n_choices = 2;
    }
    const rig_callers_source from = {.scenario = &scenario, .replication = 3};
    assert_int_equal(rig_callers_n_drawn(&scenario), m->n_random);
    for (uint32_t first = 0; first < N_CALLERS; first += RIG_RANDOM_BLOCK) {
        double block[RIG_RANDOM_BLOCK][RIG_RANDOM_BLOCK], one[RIG_RANDOM_BLOCK];
        rig_callers_draw_block(&from, first, block);
        for (uint32_t k = 0; k < RIG_RANDOM_BLOCK; k++) {
            if (m->n_random <= 1) /* nobody asks for a wrap-up that does not vary */
                block[k][RIG_RANDOM_BLOCK - 1] = rig_callers_wrap_up_u(&from, first + k, 0, NULL);
            expect_same(m, &from, first + k, 0, block[k]);
            for (uint32_t attempt = 0; attempt < 3; attempt++) {
                rig_callers_draw(&from, first + k, attempt, one);
                expect_same(m, &from, first + k, attempt, one);
            }
        }
    }
    rig_dist *made[] = {&callers->patience_answer,
                        &callers->patience_queue,
                        &callers->patience_ringing,
                        &callers->talk,
                        &scenario.ivr.self_service,
                        &agents[0].ring,
                        &agents[1].ring,
                        &agents[0].wrap_up,
                        &agents[1].wrap_up,
                        &classes[1].talk,
                        &classes[1].patience_queue};
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        rig_dist_clear(made[i]);
}

static void test_drawn_together(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mixes / sizeof *mixes; i++)
        check(&mixes[i]);
}

static void expect_about(double got, double expected)
{
    assert_true(fabs(got - expected) < 1e-9);
}

/* Who talks for how long: of a class of its own, whatever is chosen; else by the choice. */
static void test_whose_talk(void **state)
{
    (void)state;
    rig_caller_class classes[] = {{.p_share = 0.75, .talk = {.mean_s = 0.0}},
                                  {.p_share = 0.25, .talk = {.mean_s = 8.0}}};
    rig_choice choices[] = {{.p_share = 0.6}, {.p_share = 0.4, .skill = 1, .talk = {.mean_s = 70.0}}};
    rig_scenario scenario = {.callers = {.talk = {.mean_s = 40.0},
                                         .patience_queue = {.mean_s = 30.0},
                                         .classes = classes,
                                         .n_classes = 2},
                             .ivr = {.choices = choices, .n_choices = 2}};
    const rig_callers_source from = {.scenario = &scenario};
    uint32_t n[2][2] = {{0}};
    for (uint32_t i = 0; i < 4000; i++) {
        const uint32_t c = rig_callers_class(&from, i), k = rig_callers_choice(&from, i);
        const double expected_s = c == 1 ? 8.0 : k == 1 ? 70.0 : 40.0;
        assert_true(rig_callers_talk_s(&from, i, i % 3, RIG_NO_GROUP, NULL) == expected_s);
        n[c][k]++;
    }
    assert_true(n[0][0] > 1500 && n[0][1] > 1000 && n[1][0] > 450 && n[1][1] > 300);
    expect_about(rig_scenario_mean_talk_s(&scenario, 0, RIG_NO_GROUP), 0.75 * 40 + 0.25 * 8);
    expect_about(rig_scenario_mean_talk_s(&scenario, 1, RIG_NO_GROUP), 0.75 * 70 + 0.25 * 8);
    expect_about(rig_scenario_mean_talk_s(&scenario, RIG_ANY_SKILL, RIG_NO_GROUP),
                 0.6 * 32.0 + 0.4 * 54.5);
    expect_about(rig_scenario_mean_talk_s(&scenario, 2, RIG_NO_GROUP), 40.0); /* nobody asks for it */
    expect_about(rig_scenario_mean_patience_s(&scenario), 30.0);
    classes[1].patience_queue.mean_s = 10.0;
    expect_about(rig_scenario_mean_patience_s(&scenario), 25.0);
    assert_true(rig_scenario_patience_of(&scenario, 0)->mean_s == 30.0);
}

/* Of agents with a talk of their own, whatever is chosen, but a class of its own; with the same
 * number, in the simulation and of the rows of a schedule. */
static void test_talks_of_groups(void **state)
{
    (void)state;
    rig_caller_class classes[] = {{.p_share = 0.75, .talk = {.mean_s = 0.0}},
                                  {.p_share = 0.25, .talk = {.mean_s = 8.0}}};
    rig_choice choices[] = {{.p_share = 0.6}, {.p_share = 0.4, .talk = {.mean_s = 70.0}}};
    rig_agent_group agents[] = {{.n_agents = 1},
                                {.n_agents = 1, .talk = {RIG_DIST_EXPONENTIAL, .mean_s = 20.0}}};
    rig_scenario scenario = {.seed = 5,
                             .callers = {.talk = {RIG_DIST_EXPONENTIAL, .mean_s = 40.0},
                                         .classes = classes,
                                         .n_classes = 2},
                             .ivr = {.choices = choices, .n_choices = 2},
                             .agents = agents,
                             .n_agents = 2};
    const rig_callers_source from = {.scenario = &scenario};
    uint32_t n_short = 0;
    for (uint32_t i = 0; i < 400; i++) {
        double drawn[RIG_RANDOM_BLOCK];
        rig_callers_draw(&from, i, 0, drawn);
        const uint32_t c = rig_callers_class(&from, i), k = rig_callers_choice(&from, i);
        const double usual_s = rig_callers_talk_s(&from, i, 0, RIG_NO_GROUP, drawn);
        const double fast_s = rig_callers_talk_s(&from, i, 0, 1, drawn);
        assert_true(rig_callers_talk_s(&from, i, 0, 0, drawn) == usual_s);
        assert_true(rig_callers_talk_s(&from, i, 0, 1, NULL) == fast_s);
        if (c == 1)
            assert_true(fast_s == 8.0);
        else if (k == 0)
            assert_true(fabs(fast_s - usual_s / 2.0) < 2e-6); /* microseconds */
        else
            n_short += fast_s < 70.0;
    }
    assert_true(n_short > 80);
    expect_about(rig_scenario_mean_talk_s(&scenario, RIG_ANY_SKILL, 0),
                 0.75 * (0.6 * 40.0 + 0.4 * 70.0) + 0.25 * 8.0);
    expect_about(rig_scenario_mean_talk_s(&scenario, RIG_ANY_SKILL, 1), 0.75 * 20.0 + 0.25 * 8.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_drawn_together),
                                       cmocka_unit_test(test_talks_of_groups),
                                       cmocka_unit_test(test_whose_talk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
