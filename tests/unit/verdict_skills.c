/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of agents and skills in a judgement: who answered, how busy each group is, calls that were
 * given to agents who may not take them, help that never came. */
#include "tests/unit/skills_room.h"

static void test_whose_phone_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *user;
        size_t group;
    } row[] = {{"agent1", DESK}, {"agent2", DESK}, {"agent3", EXPERTS}, {"agent6", HELPERS},
               {"agent7", 3},    {"agent0", 3},    {"agent01", 3},      {"agent", 3},
               {"bob", 3},       {"", 3},          {"agent1x", 3}};
    room r;
    rig_scenario *s = make(&r);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++)
        if (rig_scenario_group_of_user(s, row[i].user) != row[i].group)
            fail_msg("%s: group %zu", row[i].user, rig_scenario_group_of_user(s, row[i].user));
    rig_reserve tiers[] = {{.group = DESK, .n_agents = 3}, {.group = HELPERS, .n_agents = 1}};
    s->reserves = tiers; /* numbered behind the agents of their group: 3 to 5, and 10 */
    s->n_reserves = 2;
    assert_int_equal(rig_scenario_group_of_user(s, "agent5"), DESK);
    assert_int_equal(rig_scenario_group_of_user(s, "agent6"), EXPERTS);
    assert_int_equal(rig_scenario_group_of_user(s, "agent10"), HELPERS);
    assert_int_equal(rig_scenario_group_of_user(s, "agent11"), 3);
    s->n_reserves = 0;
    r.agents[EXPERTS].registration.first_user = (char *)"x08";
    assert_int_equal(rig_scenario_group_of_user(s, "x09"), EXPERTS);
    assert_int_equal(rig_scenario_group_of_user(s, "x9"), 3);
    assert_int_equal(rig_scenario_group_of_user(s, "x10"), 3);
    assert_int_equal(rig_scenario_group_of_user(s, "agent3"), 3);
    assert_int_equal(rig_scenario_group_of_user(s, "agent5"), HELPERS);
}

/* Where the traffic ends, long wrap-ups are cut and short ones are not: as much of each counts as is
 * to be expected, and not its mean. */
static void test_wrap_ups_at_the_end(void **state)
{
    (void)state;
    const rig_dist half_hour = {.kind = RIG_DIST_EXPONENTIAL, .mean_s = 1800.0};
    const rig_busy_span span = {100.0, 106.0, 2.0, &half_hour};
    assert_true(fabs(rig_busy_span_within(&span, 0.0, 1e9) - 2.0 * 1806.0) < 1e-6);
    assert_true(fabs(rig_busy_span_within(&span, 0.0, 103.0) - 2.0 * 3.0) < 1e-9);
    /* 6 s, and 1800 (1 - exp(-1/2)) of the 900 s that are left */
    assert_true(fabs(rig_busy_span_within(&span, 0.0, 1006.0) -
                     2.0 * (6.0 - 1800.0 * expm1(-0.5))) < 1e-6);
    assert_true(fabs(rig_busy_span_within(&span, 1006.0, 1906.0) -
                     2.0 * 1800.0 * (exp(-0.5) - exp(-1.0))) < 1e-6);
    assert_true(rig_busy_span_within(&span, 0.0, 50.0) == 0.0);
}

/* Phones of all groups ring in each replay as long as they did in the run. */
static void test_ring_times_are_the_schedules(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    const rig_callers_source replay = {
        .scenario = s, .planned = r.planned, .replication = 7, .planned_replication = 0};
    size_t n_other = 0;
    for (uint32_t i = 0; i < N_CALLS; i++) {
        r.planned[i].ring_s[2] = 3.5;
        assert_true(rig_schedule_ring_s(&r.schedule, s, i, DESK, 6) == 3.5);
        for (uint32_t k = 0; k < 5; k++) {
            const double ring_s = rig_schedule_ring_s(&r.schedule, s, i, EXPERTS, k);
            assert_true(ring_s == rig_callers_ring_s(&replay, i, 0, EXPERTS, k, NULL));
            n_other += ring_s != rig_schedule_ring_s(&r.schedule, s, i, EXPERTS, k + 1);
        }
        /* a second attempt is drawn anew */
        n_other += rig_callers_ring_s(&replay, i, 1, EXPERTS, 0, NULL) !=
                   rig_schedule_ring_s(&r.schedule, s, i, EXPERTS, 0);
    }
    assert_int_equal(n_other, 6 * N_CALLS);
}

static void test_how_busy_a_group_is(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    const rig_call *observed[N_CALLS];
    double arrival_s[N_CALLS];
    r.agents[EXPERTS].wrap_up = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 4.0};
    for (int i = 0; i < N_CALLS; i++) {
        put(&r, i, i % 3 == 0 ? SERVICE : ORDERS, 0.0, i % 3 == 0 ? "agent4" : "agent1");
        observed[i] = &r.calls[i];
        arrival_s[i] = 10.0 * i;
    }
    const rig_join join = {.n_planned = N_CALLS, .observed = observed, .arrival_s = arrival_s};
    /* 20 calls of 6 + 4 s, 40 of 6 s, on two agents each, in 1000 s */
    assert_true(fabs(rig_occupancy(&join, s, START_NS, &r.agents[EXPERTS]) - 0.1) < 1e-9);
    assert_true(fabs(rig_occupancy(&join, s, START_NS, &r.agents[DESK]) - 0.12) < 1e-9);
    assert_true(rig_occupancy(&join, s, START_NS, &r.agents[HELPERS]) == 0.0);
    assert_true(fabs(rig_occupancy(&join, s, START_NS, NULL) - 0.44 / 6.0) < 1e-9);
}

/* Whose agent dialled in vain no phone tells: the groups share these call backs as they share those
 * that were answered; where none was, as they share the agents. */
static void test_who_calls_back(void **state)
{
    (void)state;
    static const struct {
        int n_desk, n_experts; /* that were answered: 10 s each; of 16, the others took 20 s */
        double desk_s, experts_s, helpers_s;
    } row[] = {{2, 6, 20.0 + 0.25 * 160.0, 60.0 + 0.75 * 160.0, 0.0},
               {8, 0, 80.0 + 160.0, 0.0, 0.0},
               {0, 0, 320.0 / 3.0, 320.0 / 3.0, 320.0 / 3.0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        room r;
        rig_scenario *s = make(&r);
        rig_call backs[16];
        const int n_answered = row[i].n_desk + row[i].n_experts;
        for (int k = 0; k < 16; k++) {
            put(&r, 0, ORDERS, 0.0, k < row[i].n_desk ? "agent1" : "agent4");
            backs[k] = r.calls[0];
            backs[k].t_invite_ns = at(30.0 * k);
            backs[k].t_end_ns = at(30.0 * k + (k < n_answered ? 10.0 : 20.0));
            if (k < n_answered)
                continue;
            backs[k].t_agent_ring_ns = backs[k].t_agent_answer_ns = RIG_NO_TIME;
            backs[k].agent[0] = '\0';
            backs[k].outcome = RIG_OUTCOME_LOST_IVR;
        }
        const rig_join join = {.calls_back = backs, .n_calls_back = 16};
        const double desk = rig_occupancy(&join, s, START_NS, &r.agents[DESK]);
        const double experts = rig_occupancy(&join, s, START_NS, &r.agents[EXPERTS]);
        const double helpers = rig_occupancy(&join, s, START_NS, &r.agents[HELPERS]);
        assert_true(fabs(desk - row[i].desk_s / 2000.0) < 1e-9);
        assert_true(fabs(experts - row[i].experts_s / 2000.0) < 1e-9);
        assert_true(fabs(helpers - row[i].helpers_s / 2000.0) < 1e-9);
        assert_true(fabs(rig_occupancy(&join, s, START_NS, NULL) -
                         (desk + experts + helpers) / 3.0) < 1e-9);
        /* who calls back beyond his shift is on duty until that is over: here the last of 450..470
         */
        rig_shift shifts[] = {{0, 2}, {460, 0}};
        if (i > 0)
            continue;
        r.agents[DESK].shifts = shifts;
        r.agents[DESK].n_shifts = 2;
        assert_true(fabs(rig_occupancy(&join, s, START_NS, &r.agents[DESK]) -
                         60.0 / (920.0 + 0.25 * 10.0)) < 1e-9);
    }
}

/* Of a capture that shows whose phones rang; of one that does not, nothing is known of groups. */
static void test_what_is_seen_of_a_group(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    const rig_call *seen[N_CALLS];
    const uint32_t part = rig_scope_first(s, RIG_SCOPE_AGENTS) + EXPERTS;
    for (int i = 0; i < N_CALLS; i++) {
        put(&r, i, i % 3 == 0 ? SERVICE : ORDERS, 0.0, i % 3 == 0 ? "agent4" : "agent1");
        seen[i] = &r.calls[i];
    }
    const rig_join join = {.n_planned = N_CALLS, .observed = seen, .n_due = N_CALLS};
    for (int k = 0; k < 2; k++) {
        rig_observed observed = {.n_parts = 0};
        assert_int_equal(rig_observed_add_parts(&join, &r.schedule, s, START_NS, &observed),
                         RIG_OK);
        const rig_observed_part *o = &observed.parts[part - 1];
        assert_int_equal(o->is_seen, k == 0);
        if (k == 0) {
            assert_true(fabs(o->metrics[RIG_METRIC_OCCUPANCY] - 0.06) < 1e-9);
            assert_true(o->metrics[RIG_METRIC_N_ENTERED + RIG_STAGE_AGENT] == 20.0);
        } else {
            assert_true(isnan(o->metrics[RIG_METRIC_OCCUPANCY]));
        }
        free(observed.parts);
        (void)snprintf(r.calls[N_CALLS - 1].agent, sizeof r.calls[0].agent, "bob");
    }
}

/* On duty are who should be, or who is busy beyond that; who is gone is not. */
static void test_how_busy_a_group_with_shifts_is(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    const rig_call *observed[N_CALLS];
    double arrival_s[N_CALLS];
    rig_shift shifts[] = {{0, 2}, {500, 1}, {504, 0}};
    rig_fault fault = {.kind = RIG_FAULT_AGENTS, .p_gone = 0.5, .at_s = 100, .for_s = 200};
    for (int i = 0; i < N_CALLS; i++) {
        put(&r, i, ORDERS, 0.0, "agent1");
        observed[i] = &r.calls[i];
        arrival_s[i] = 10.0 * i;
    }
    const rig_join join = {.n_planned = N_CALLS, .observed = observed, .arrival_s = arrival_s};
    r.agents[DESK].shifts = shifts;
    r.agents[DESK].n_shifts = 3;
    /* each call takes 6 s of every 10, of 600 s: 1 is on duty from 500 to 504, then who is busy */
    const double busy_s = rig_occupancy(&join, s, START_NS, &r.agents[DESK]) * 1.0;
    double wanted_s = 2 * 500.0 + 4.0, n_s = 0.0, beyond_s = 0.0;
    for (int i = 0; i < N_CALLS; i++) {
        const double from_s = rig_clock_s_of_ns(r.calls[i].t_agent_ring_ns - START_NS);
        const double to_s = rig_clock_s_of_ns(r.calls[i].t_end_ns - START_NS);
        n_s += to_s - from_s;
        beyond_s += fmax(0.0, to_s - fmax(from_s, 504.0));
    }
    assert_true(beyond_s > 10.0);
    assert_true(fabs(busy_s - n_s / (wanted_s + beyond_s)) < 1e-9);
    s->faults = &fault;
    s->n_faults = 1;
    assert_true(fabs(rig_occupancy(&join, s, START_NS, &r.agents[DESK]) -
                     n_s / (wanted_s - 200.0 + beyond_s)) < 1e-9);
    assert_true(rig_occupancy_on_duty(s, &r.agents[DESK], 200, 400) == 1.5);
    assert_true(rig_occupancy_on_duty(s, &r.agents[DESK], 499, 501) == 1.5);
    assert_true(isnan(rig_occupancy_on_duty(s, &r.agents[DESK], 600, 700)));
}

static void test_agents_who_may_not_take_a_call(void **state)
{
    (void)state;
    static const struct {
        const char *agent;  /* of calls for service */
        const char *helper; /* of orders that waited */
        double wait_s;
        bool is_wrong, is_orders;
    } row[] = {{"agent3", "agent5", 25.0, false, false},
               {"agent3", "agent5", 19.99, false, false}, /* a moment early: the wire's grain */
               {"agent3", "agent5", 12.0, true, true},
               {"agent2", "agent5", 25.0, true, false},
               {"agent6", "agent5", 25.0, true, false}};
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        room r;
        (void)make(&r);
        for (int i = 0; i < N_CALLS; i++) {
            if (i % 3 == 0)
                put(&r, i, SERVICE, 0.0, row[k].agent);
            else
                put(&r, i, ORDERS, i % 3 == 1 ? 0.0 : row[k].wait_s,
                    i % 3 == 1 ? "agent1" : row[k].helper);
        }
        rig_diagnosis *d = diagnose(&r);
        const rig_finding *f = of_kind(d, RIG_FINDING_WRONG_SKILL);
        if ((f != NULL) != row[k].is_wrong)
            fail_msg("row %zu: %s", k, f != NULL ? f->text : "nothing found");
        if (f != NULL) {
            assert_int_equal(f->n_calls, 20);
            assert_int_equal(f->skill, 1 + (row[k].is_orders ? ORDERS : SERVICE));
            assert_int_equal(f->n_touched, 20);
            if (!row[k].is_orders) /* the only other skill that any group has */
                assert_int_equal(f->other_skill, 1 + ORDERS);
        }
        rig_diagnosis_free(d);
    }
}

/* Whose phone rang is not known: such a call is neither counted nor shown. */
static void test_an_agent_who_is_not_known(void **state)
{
    (void)state;
    room r;
    (void)make(&r);
    for (int i = 0; i < N_CALLS; i++)
        put(&r, i, SERVICE, 0.0, i % 3 == 0 ? "agent2" : i % 3 == 1 ? "agent3" : "");
    rig_diagnosis *d = diagnose(&r);
    const rig_finding *f = of_kind(d, RIG_FINDING_WRONG_SKILL);
    assert_non_null(f);
    assert_int_equal(f->n_calls, 20);
    assert_int_equal(f->n_touched, 20);
    assert_non_null(strstr(f->text, ": 20 of 40"));
    rig_diagnosis_free(d);
}

static void test_help_that_never_came(void **state)
{
    (void)state;
    static const struct {
        const char *helper;
        double wait_s, busy_s; /* helpers with each of 15 calls for service */
        bool is_found;
    } row[] = {{"agent1", 25.0, 0.0, true},
               {"agent1", 19.0, 0.0, false},
               {"agent6", 25.0, 0.0, false},
               {"agent1", 25.0, 100.0, true}, /* 0.75 of their time */
               {"agent1", 25.0, 130.0, false}};
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        room r;
        (void)make(&r);
        for (int i = 0; i < N_CALLS; i++)
            put(&r, i, ORDERS, i % 4 == 0 ? row[k].wait_s : 0.0,
                i % 4 == 0 ? row[k].helper : "agent2");
        r.overflow[1] = (rig_queue_overflow){.skill = SERVICE, .group = HELPERS};
        r.small.scenario.queue.n_overflow = row[k].busy_s > 0.0 ? 2 : 1;
        for (int i = 2; i < N_CALLS && row[k].busy_s > 0.0; i += 4) {
            put(&r, i, SERVICE, 0.0, i % 8 == 2 ? "agent5" : "agent6");
            r.calls[i].t_end_ns = at(10.0 * i + row[k].busy_s);
        }
        rig_diagnosis *d = diagnose(&r);
        const rig_finding *f = of_kind(d, RIG_FINDING_NO_QUEUE_OVERFLOW);
        assert_int_equal(f != NULL, row[k].is_found);
        if (f != NULL)
            assert_non_null(strstr(
                f->text, "15 calls for skill orders waited for longer than 20.0 s, and helpers"));
        assert_null(of_kind(d, RIG_FINDING_WRONG_SKILL));
        rig_diagnosis_free(d);
    }
}

/* What is replayed when calls for a skill go to others, and when nobody helps. */
static void test_findings_are_put_in(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    static const double arrival_s[N_CALLS];
    const rig_predict_options how = {.schedule = &r.schedule, .arrival_s = arrival_s};
    const rig_refit_base base = {.scenario = s, .how = &how};
    rig_finding f = {
        .kind = RIG_FINDING_WRONG_SKILL, .skill = 1 + SERVICE, .other_skill = 1 + ORDERS};
    rig_refit *refit = NULL;
    assert_int_equal(rig_refit_new(&base, &refit), RIG_OK);
    assert_true(rig_refit_can(s, &f));
    assert_int_equal(rig_refit_put(refit, &f), RIG_OK);
    for (int g = 0; g < 3; g++) {
        assert_int_equal(refit->agents[g].level[ORDERS], levels[g][ORDERS]);
        assert_int_equal(refit->agents[g].level[SERVICE], levels[g][ORDERS]);
    }
    const rig_queue *queue = &refit->scenario.queue;
    assert_int_equal(queue->n_overflow, 2);
    for (uint32_t i = 0; i < 2; i++) {
        assert_int_equal(queue->overflow[i].skill, i);
        assert_int_equal(queue->overflow[i].group, HELPERS);
        assert_true(queue->overflow[i].after_s == 20.0);
    }
    f.kind = RIG_FINDING_NO_QUEUE_OVERFLOW;
    assert_int_equal(rig_refit_put(refit, &f), RIG_OK);
    assert_int_equal(queue->n_overflow, 0);
    rig_refit_free(refit);
}

/* How busy agents are is not known better than to a point. */
static void test_margin_of_the_busy(void **state)
{
    (void)state;
    room r;
    const rig_margin margin = rig_by_kind_margin(make(&r), RIG_METRIC_OCCUPANCY);
    assert_true(margin.margin_pp == 1.0);
    assert_true(margin.margin_widens);
}

static void test_what_is_said(void **state)
{
    (void)state;
    static const struct {
        rig_scope_kind kind;
        rig_metric metric;
        const char *text;
    } row[] = {
        {RIG_SCOPE_AGENTS, RIG_METRIC_OCCUPANCY,
         "it: agents of x are busy for 50.00 % of their time, predicted 40.00 %"},
        {RIG_SCOPE_SKILLS, RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE,
         "it: calls for skill x lose 50.00 %"},
        {RIG_SCOPE_SKILLS, RIG_METRIC_WAIT_MEAN_S, "it: calls for skill x wait for 0.50 s"},
        {RIG_SCOPE_CLASSES, RIG_METRIC_WAIT_MEAN_S, "it: callers of class x wait for 0.50 s"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        const rig_part_verdict v = {.name = "x",
                                    .metric = row[i].metric,
                                    .observed = 0.5,
                                    .predicted = 0.4,
                                    .low = 0.3,
                                    .high = 0.45};
        char text[200] = "it: ", small[12] = "it: ";
        rig_by_kind_say(row[i].kind, &v, text, sizeof text);
        if (strncmp(text, row[i].text, strlen(row[i].text)) != 0)
            fail_msg("\"%s\"", text);
        rig_by_kind_say(row[i].kind, &v, small, sizeof small);
        assert_int_equal(strlen(small), sizeof small - 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whose_phone_it_is),
        cmocka_unit_test(test_ring_times_are_the_schedules),
        cmocka_unit_test(test_wrap_ups_at_the_end),
        cmocka_unit_test(test_how_busy_a_group_is),
        cmocka_unit_test(test_who_calls_back),
        cmocka_unit_test(test_how_busy_a_group_with_shifts_is),
        cmocka_unit_test(test_agents_who_may_not_take_a_call),
        cmocka_unit_test(test_an_agent_who_is_not_known),
        cmocka_unit_test(test_help_that_never_came),
        cmocka_unit_test(test_what_is_seen_of_a_group),
        cmocka_unit_test(test_findings_are_put_in),
        cmocka_unit_test(test_margin_of_the_busy),
        cmocka_unit_test(test_what_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
