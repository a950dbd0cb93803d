/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The call centre's agents in groups, and the queue of several skills: docs/scenario.md, "Agents"
 * and "The queue". */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "callcentre/centre/centre.h"
#include "callcentre/centre/resources.h"
#include "callcentre/centre/skills.h"
#include "core/clock.h"
#include "tests/small_scenario.h"

/* A digit and a letter: take an agent of groups A.. for the level of that skill; "x": nobody is
 * there. */
typedef struct step {
    char what; /* 's' seize, 'r' release */
    rig_callcentre_groups groups;
    uint32_t agent; /* expected, or to be released; 99: nobody */
} step;

enum { A = 1, B = 2, C = 4, NOBODY = 99 };

/* Groups A: 0 and 1, B: 2, C: 3 and 4. */
static void play(rig_routing routing, const uint8_t *level, const step *steps, size_t n)
{
    static const uint32_t n_agents[] = {2, 1, 2};
    rig_callcentre_staff *staff = NULL;
    assert_int_equal(
        rig_callcentre_staff_new(
            &(rig_callcentre_crew){.n_agents = n_agents, .n_groups = 3, .routing = routing}, &staff,
            NULL),
        RIG_OK);
    for (size_t i = 0; i < n; i++) {
        uint32_t agent = NOBODY;
        if (steps[i].what == 'r') {
            rig_callcentre_staff_release(staff, steps[i].agent);
            continue;
        }
        const bool is_taken = rig_callcentre_staff_seize(staff, steps[i].groups, level, &agent);
        assert_int_equal(is_taken, steps[i].agent != NOBODY);
        if (agent != steps[i].agent)
            fail_msg("routing %d, step %zu: agent %u; expected %u", (int)routing, i, agent,
                     steps[i].agent);
    }
    rig_callcentre_staff_free(staff);
}

#define PLAY(routing, level, steps) play(routing, level, steps, sizeof(steps) / sizeof *(steps))

static void the_longest_idle_of_all_groups_is_rung(void **state)
{
    static const step steps[] = {{'s', A | B | C, 0}, {'s', B | C, 2}, {'s', C, 3},
                                 {'r', 0, 3},         {'r', 0, 0},     {'s', A | B | C, 1},
                                 {'s', A | B | C, 4}, {'s', A | B, 0}, {'s', A | B, NOBODY},
                                 {'s', A | B | C, 3}, {'s', C, NOBODY}};
    (void)state;
    PLAY(RIG_ROUTING_LONGEST_IDLE, NULL, steps);
}

static void numbers_are_taken_in_turn(void **state)
{
    static const step steps[] = {{'s', A | B | C, 0}, {'r', 0, 0},          {'s', A | B | C, 1},
                                 {'s', C, 3},         {'s', A | B | C, 4},  {'s', A | B | C, 0},
                                 {'r', 0, 1},         {'r', 0, 3},          {'s', A | B | C, 1},
                                 {'s', A | C, 3},     {'s', A | C, NOBODY}, {'s', B, 2}};
    (void)state;
    PLAY(RIG_ROUTING_ROUND_ROBIN, NULL, steps);
}

static void the_most_skilled_go_first(void **state)
{
    static const uint8_t level[] = {2, 5, 0};
    static const step steps[] = {
        {'s', A | B | C, 2}, {'s', A | B | C, 0}, {'s', A | B | C, 1}, {'s', A | B | C, 3},
        {'r', 0, 1},         {'s', A | B | C, 1}, {'s', A | C, 4},     {'s', A | B | C, NOBODY}};
    static const uint8_t equal[] = {3, 3, 1};
    static const step of_equals[] = {
        {'s', A | B, 0}, {'r', 0, 0}, {'s', A | B, 1}, {'s', A | B, 2}};
    (void)state;
    PLAY(RIG_ROUTING_MOST_SKILLED, level, steps);
    PLAY(RIG_ROUTING_MOST_SKILLED, equal, of_equals);
}

static void no_agents_are_refused(void **state)
{
    static const uint32_t none[] = {0, 0};
    rig_callcentre_staff *staff = NULL;
    rig_error err = {.text = ""};
    (void)state;
    rig_callcentre_crew crew = {.n_agents = none, .n_groups = 2};
    assert_int_equal(rig_callcentre_staff_new(&crew, &staff, &err), RIG_EDOM);
    crew.n_groups = RIG_MAX_GROUPS + 1;
    assert_int_equal(rig_callcentre_staff_new(&crew, &staff, &err), RIG_EDOM);
    assert_null(staff);
}

/* ---- duty ---- */

/* Group A: 0 to 3, of whom two are on duty at first; its pool 4 and 5; group B: 6. */
static rig_callcentre_staff *make_staff(rig_routing routing)
{
    static const uint32_t n_agents[] = {4, 1}, n_on_duty[] = {2, 1};
    static const rig_callcentre_pool pool = {.group = 0, .n_agents = 2};
    rig_callcentre_staff *staff = NULL;
    assert_int_equal(rig_callcentre_staff_new(&(rig_callcentre_crew){.n_agents = n_agents,
                                                                     .n_on_duty = n_on_duty,
                                                                     .n_groups = 2,
                                                                     .pools = &pool,
                                                                     .n_pools = 1,
                                                                     .routing = routing},
                                              &staff, NULL),
                     RIG_OK);
    return staff;
}

/* Take an idle agent of group A. */
static uint32_t take(rig_callcentre_staff *staff)
{
    uint32_t agent = NOBODY;
    (void)rig_callcentre_staff_seize(staff, A, NULL, &agent);
    return agent;
}

static void shifts_come_and_leave(void **state)
{
    (void)state;
    rig_callcentre_staff *staff = make_staff(RIG_ROUTING_LONGEST_IDLE);
    assert_int_equal(take(staff), 0);
    assert_int_equal(take(staff), 1);
    assert_int_equal(take(staff), NOBODY);
    rig_callcentre_staff_keep(staff, 0, 3); /* the lowest number that is off duty comes */
    assert_int_equal(rig_callcentre_staff_on_duty(staff, 0), 3);
    assert_int_equal(take(staff), 2);
    rig_callcentre_staff_release(staff, 1);
    rig_callcentre_staff_keep(staff, 0, 1); /* who is idle leaves; two too many are busy */
    assert_int_equal(rig_callcentre_staff_on_duty(staff, 0), 2);
    assert_int_equal(take(staff), NOBODY);
    rig_callcentre_staff_release(staff, 2); /* the first to be free leaves */
    assert_int_equal(take(staff), NOBODY);
    rig_callcentre_staff_release(staff, 0); /* the number is right */
    assert_int_equal(take(staff), 0);
    rig_callcentre_staff_keep(staff, 0, 0);
    assert_int_equal(rig_callcentre_staff_on_duty(staff, 0), 1);
    rig_callcentre_staff_keep(staff, 0, 1); /* he was to leave, and stays */
    rig_callcentre_staff_release(staff, 0);
    assert_int_equal(take(staff), 0);
    rig_callcentre_staff_free(staff);
}

static void the_longest_idle_leave_first(void **state)
{
    (void)state;
    rig_callcentre_staff *staff = make_staff(RIG_ROUTING_LONGEST_IDLE);
    assert_int_equal(take(staff), 0);
    rig_callcentre_staff_release(staff, 0); /* behind 1 */
    rig_callcentre_staff_keep(staff, 0, 1);
    assert_int_equal(take(staff), 0);
    rig_callcentre_staff_free(staff);
    staff = make_staff(RIG_ROUTING_ROUND_ROBIN); /* there the lowest number leaves */
    assert_int_equal(take(staff), 0);
    rig_callcentre_staff_release(staff, 0);
    rig_callcentre_staff_keep(staff, 0, 1);
    assert_int_equal(take(staff), 1);
    rig_callcentre_staff_free(staff);
}

static void a_pool_comes_and_leaves_by_itself(void **state)
{
    (void)state;
    rig_callcentre_staff *staff = make_staff(RIG_ROUTING_LONGEST_IDLE);
    rig_callcentre_staff_keep(staff, 2, 2);
    rig_callcentre_staff_keep(staff, 0, 0);
    assert_int_equal(take(staff), 4);
    assert_int_equal(take(staff), 5);
    rig_callcentre_staff_keep(staff, 2, 1);
    rig_callcentre_staff_release(staff, 4);
    assert_int_equal(rig_callcentre_staff_on_duty(staff, 2), 1);
    rig_callcentre_staff_release(staff, 5);
    assert_int_equal(take(staff), 5);
    rig_callcentre_staff_free(staff);
}

static void reserves_come_one_by_one(void **state)
{
    (void)state;
    rig_callcentre_staff *staff = make_staff(RIG_ROUTING_LONGEST_IDLE);
    rig_callcentre_staff_keep(staff, 0, 0);
    assert_false(rig_callcentre_staff_is_on_duty(staff, 4));
    rig_callcentre_staff_bring(staff, 5);
    rig_callcentre_staff_bring(staff, 5); /* he is there already */
    assert_int_equal(rig_callcentre_staff_on_duty(staff, 2), 1);
    assert_int_equal(take(staff), 5);
    assert_int_equal(take(staff), NOBODY);
    rig_callcentre_staff_bring(staff, 4);
    rig_callcentre_staff_keep(staff, 2, 0); /* who is idle leaves; 5 finishes his call */
    assert_false(rig_callcentre_staff_is_on_duty(staff, 4));
    assert_true(rig_callcentre_staff_is_on_duty(staff, 5));
    rig_callcentre_staff_keep(staff, 2, 1); /* called again: he stays, and the other comes */
    rig_callcentre_staff_bring(staff, 4);
    rig_callcentre_staff_release(staff, 5);
    assert_int_equal(take(staff), 4);
    assert_int_equal(take(staff), 5);
    rig_callcentre_staff_free(staff);
}

static void who_is_sent_away_is_gone_at_once(void **state)
{
    uint32_t agent = NOBODY;
    bool is_taken = false;
    (void)state;
    rig_callcentre_staff *staff = make_staff(RIG_ROUTING_LONGEST_IDLE);
    assert_int_equal(take(staff), 0);
    assert_true(rig_callcentre_staff_send_away(staff, 0, &agent, &is_taken));
    assert_true(agent == 0 && is_taken);
    assert_true(rig_callcentre_staff_send_away(staff, 0, &agent, &is_taken));
    assert_true(agent == 1 && !is_taken);
    assert_false(rig_callcentre_staff_send_away(staff, 0, &agent, &is_taken));
    assert_int_equal(take(staff), NOBODY);
    rig_callcentre_staff_keep(staff, 0, 3); /* 0 is still held by his call: 1, 2 and 3 come */
    assert_int_equal(take(staff), 1);
    rig_callcentre_staff_keep(staff, 0, 4);
    rig_callcentre_staff_release(staff, 0);
    assert_int_equal(take(staff), 2);
    assert_int_equal(take(staff), 3);
    assert_int_equal(take(staff), 0);
    rig_callcentre_staff_free(staff);
}

/* ---- the queue of several skills ---- */

enum { ORDERS = 0, SERVICE = 1 };

/* Group A takes orders, B both, C what overflows. One agent each, two lines. */
static rig_callcentre_resources *centre(uint32_t n_queue)
{
    static const uint32_t one[] = {9}, n_agents[] = {1, 1, 1};
    static const uint8_t level[] = {1, 1, 0, 0, 1, 0};
    const rig_callcentre_capacity capacity = {.n_circuits = one,
                                              .n_groups = 1,
                                              .n_ports = 9,
                                              .n_queue = n_queue,
                                              .n_agents = n_agents,
                                              .n_agent_groups = 3,
                                              .n_lines = 2,
                                              .n_skills = 2,
                                              .level = level};
    rig_callcentre_resources *r = NULL;
    assert_int_equal(rig_callcentre_resources_new(&capacity, &r, NULL), RIG_OK);
    return r;
}

/* All are busy. */
static rig_callcentre_resources *busy_centre(uint32_t n_queue)
{
    rig_callcentre_resources *r = centre(n_queue);
    for (uint32_t i = 0; i < 3; i++) {
        rig_callcentre_waiter w = {.skill = ORDERS, .also = C};
        uint32_t agent = NOBODY;
        assert_true(rig_callcentre_queue_join(r, &w, false));
        assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w);
        assert_int_equal(agent, i);
    }
    return r;
}

static void expect_match(rig_callcentre_resources *r, const rig_callcentre_waiter *w,
                         uint32_t agent)
{
    uint32_t got = NOBODY;
    assert_ptr_equal(rig_callcentre_queue_match(r, &got), w);
    assert_int_equal(got, agent);
}

static void each_skill_has_its_line(void **state)
{
    rig_callcentre_resources *r = busy_centre(0);
    rig_callcentre_waiter first = {.line = 1, .skill = ORDERS},
                          second = {.line = 1, .skill = SERVICE},
                          vip = {.line = 0, .skill = SERVICE};
    (void)state;
    assert_true(rig_callcentre_queue_join(r, &first, false));
    assert_true(rig_callcentre_queue_join(r, &second, false));
    assert_true(rig_callcentre_queue_join(r, &vip, false));
    expect_match(r, NULL, NOBODY);
    assert_ptr_equal(rig_callcentre_queue_last(r), &second); /* of the last line, both skills */
    rig_callcentre_agent_release(r, 2);
    expect_match(r, NULL, NOBODY); /* C has no skill */
    rig_callcentre_agent_release(r, 0);
    expect_match(r, &first, 0); /* past the greater priority, whom A may not take */
    rig_callcentre_agent_release(r, 1);
    expect_match(r, &vip, 1);
    rig_callcentre_agent_release(r, 0);
    rig_callcentre_waiter third = {.line = 1, .skill = ORDERS};
    assert_true(rig_callcentre_queue_join(r, &third, false));
    rig_callcentre_agent_release(r, 1);
    expect_match(r, &second,
                 1); /* B takes who entered first, of both skills; A could take the third alone */
    expect_match(r, &third, 0);
    rig_callcentre_resources_free(r);
}

static void others_help_after_a_time(void **state)
{
    rig_callcentre_resources *r = busy_centre(0);
    rig_callcentre_waiter back = {.skill = ORDERS}, old = {.skill = ORDERS},
                          young = {.skill = ORDERS};
    (void)state;
    assert_true(rig_callcentre_queue_join(r, &old, false));
    assert_true(rig_callcentre_queue_join(r, &young, false));
    rig_callcentre_queue_rejoin(r, &back); /* an agent did not answer */
    rig_callcentre_agent_release(r, 2);
    expect_match(r, NULL, NOBODY);
    old.also |= C;
    expect_match(r, &old, 2); /* past the one in front, who has not waited so long */
    rig_callcentre_agent_release(r, 0);
    expect_match(r, &back, 0);
    rig_callcentre_agent_release(r, 2);
    expect_match(r, NULL, NOBODY);
    rig_callcentre_queue_leave(r, &young);
    rig_callcentre_resources_free(r);
}

static void a_full_queue_refuses_nobody_who_is_awaited(void **state)
{
    rig_callcentre_resources *r = busy_centre(1);
    rig_callcentre_waiter orders = {.skill = ORDERS}, service = {.skill = SERVICE},
                          more = {.skill = SERVICE};
    (void)state;
    assert_true(rig_callcentre_queue_join(r, &service, false));
    assert_false(rig_callcentre_queue_join(r, &orders, false));
    rig_callcentre_agent_release(r, 0);
    assert_false(rig_callcentre_queue_join(r, &more, false)); /* A is idle, but not for service */
    assert_true(rig_callcentre_queue_join(r, &orders, false));
    expect_match(r, &orders, 0);
    rig_callcentre_agent_release(r, 1);
    assert_false(rig_callcentre_queue_join(r, &more, false)); /* B is idle, and for another one */
    expect_match(r, &service, 1);
    rig_callcentre_resources_free(r);
}

/* The skill that each choice leads to, and who helps when, with no defect and with each that
 * changes it. */
static void choices_lead_to_skills(void **state)
{
    static const struct {
        const char *text;
        uint32_t skill[2];
        rig_callcentre_groups after_20_s;
    } row[] = {{NULL, {ORDERS, SERVICE}, C},
               {"lifo", {ORDERS, SERVICE}, C},
               {"wrong_skill=orders", {SERVICE, SERVICE}, C},
               {"wrong_skill=service", {ORDERS, ORDERS}, C},
               {"no_queue_overflow", {ORDERS, SERVICE}, 0}};
    static char *skills[] = {(char *)"orders", (char *)"service"};
    rig_choice choices[] = {{.skill = ORDERS}, {.skill = SERVICE}};
    rig_queue_overflow rules[] = {{.skill = ORDERS, .after_s = 20.0, .group = 2},
                                  {.skill = ORDERS, .after_s = 30.0, .group = 1}};
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    (void)state;
    s->ivr.choices = choices;
    s->ivr.n_choices = 2;
    s->skills = skills;
    s->n_skills = 2;
    s->queue.overflow = rules;
    s->queue.n_overflow = 2;
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        rig_callcentre_defect defect = {.kind = RIG_DEFECT_CIRCUITS};
        const rig_callcentre_centre centre = {.scenario = s,
                                              .first_invite_ns = RIG_NO_TIME,
                                              .defects = &defect,
                                              .n_defects = row[i].text != NULL};
        if (row[i].text != NULL)
            assert_int_equal(rig_callcentre_defect_read(row[i].text, &defect, NULL), RIG_OK);
        for (size_t k = 0; k < 2; k++)
            assert_int_equal(rig_callcentre_skill_of(&centre, k), row[i].skill[k]);
        assert_int_equal(rig_callcentre_overflow_of(&centre, ORDERS, 19.0), 0);
        assert_int_equal(rig_callcentre_overflow_of(&centre, ORDERS, 20.0), row[i].after_20_s);
        assert_int_equal(rig_callcentre_overflow_of(&centre, SERVICE, 99.0), 0);
    }
    assert_true(rig_callcentre_overflow_next_s(s, ORDERS, 0.0) == 20.0);
    assert_true(rig_callcentre_overflow_next_s(s, ORDERS, 20.0) == 30.0);
    assert_true(isinf(rig_callcentre_overflow_next_s(s, ORDERS, 30.0)));
    assert_true(isinf(rig_callcentre_overflow_next_s(s, SERVICE, 0.0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_idle_of_all_groups_is_rung),
        cmocka_unit_test(numbers_are_taken_in_turn),
        cmocka_unit_test(the_most_skilled_go_first),
        cmocka_unit_test(no_agents_are_refused),
        cmocka_unit_test(shifts_come_and_leave),
        cmocka_unit_test(the_longest_idle_leave_first),
        cmocka_unit_test(a_pool_comes_and_leaves_by_itself),
        cmocka_unit_test(reserves_come_one_by_one),
        cmocka_unit_test(who_is_sent_away_is_gone_at_once),
        cmocka_unit_test(each_skill_has_its_line),
        cmocka_unit_test(others_help_after_a_time),
        cmocka_unit_test(a_full_queue_refuses_nobody_who_is_awaited),
        cmocka_unit_test(choices_lead_to_skills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
