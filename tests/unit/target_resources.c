/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The call centre's pure parts: circuits, ports, queue, agents; and the timers' heap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "callcentre/centre/resources.h"
#include "callcentre/sip/timers.h"

static rig_callcentre_resources *make(const uint32_t *circuits, size_t n_groups, uint32_t n_ports,
                                      uint32_t n_queue, uint32_t n_agents)
{
    const rig_callcentre_capacity capacity = {.n_circuits = circuits,
                                              .n_groups = n_groups,
                                              .n_ports = n_ports,
                                              .n_queue = n_queue,
                                              .n_agents = &n_agents,
                                              .n_agent_groups = 1,
                                              .n_lines = 1};
    rig_callcentre_resources *r = NULL;
    assert_int_equal(rig_callcentre_resources_new(&capacity, &r, NULL), RIG_OK);
    return r;
}

static void nothing_may_be_missing(void **state)
{
    (void)state;
    static const uint32_t one[] = {1}, none[] = {1, 0};
    static const struct {
        rig_callcentre_capacity capacity;
        rig_status status;
    } row[] = {
        {{one, 1, 1, 0, one, 1, .n_lines = 0}, RIG_OK},
        {{one, 0, 1, 0, one, 1, .n_lines = 0}, RIG_EDOM},
        {{one, 1, 0, 0, one, 1, .n_lines = 0}, RIG_EDOM},
        {{one, 1, 1, 0, one, 0, .n_lines = 0}, RIG_EDOM},
        {{one, 1, 1, 0, none + 1, 1, .n_lines = 0}, RIG_EDOM},
        {{none, 2, 1, 0, one, 1, .n_lines = 0}, RIG_EDOM},
        {{none, 1, 1, 0, one, 1, .n_lines = 0}, RIG_OK},
        {{one, 1, 1, 0, one, 1, .n_skills = 3}, RIG_OK},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        rig_callcentre_resources *r = NULL;
        rig_error err = {0};
        assert_int_equal(rig_callcentre_resources_new(&row[i].capacity, &r, &err), row[i].status);
        assert_int_equal(r != NULL, row[i].status == RIG_OK);
        assert_int_equal(err.text[0] != '\0', row[i].status != RIG_OK);
        rig_callcentre_resources_free(r);
    }
}

/* '0'..'9': seize, this group is expected; '-': seize, none is expected; 'a'..'j': release group
 * 0..9; 'A'..'J': group 0..9 goes out of service; 'P'..'Y': it is back. */
static void circuits_are_taken_from_the_first_group_with_one_free(void **state)
{
    (void)state;
    static const struct {
        uint32_t circuits[3];
        size_t n_groups;
        const char *steps;
        uint32_t n_peak;
    } row[] = {
        {{1}, 1, "0--a0-", 1},
        {{2, 1}, 2, "001-b1-a0-", 3},
        {{1, 1, 1}, 3, "012-b1c2a0-", 3},
        {{3, 1}, 2, "00a0aa00", 2},
        {{2, 1}, 2, "0A1-ab1-P00-", 3},
        {{1}, 1, "A-P0-", 1},
    };
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        rig_callcentre_resources *r = make(row[i].circuits, row[i].n_groups, 1, 0, 1);
        for (const char *s = row[i].steps; *s; s++) {
            size_t group = 99;
            if (*s >= 'a') {
                rig_callcentre_circuit_release(r, (size_t)(*s - 'a'));
                continue;
            }
            if (*s >= 'A') {
                bool is_back = *s >= 'P';
                rig_callcentre_circuit_serve(r, (size_t)(*s - (is_back ? 'P' : 'A')), is_back);
                continue;
            }
            assert_int_equal(rig_callcentre_circuit_seize(r, &group), *s != '-');
            assert_int_equal(group, *s == '-' ? 99 : (size_t)(*s - '0'));
        }
        assert_int_equal(rig_callcentre_resources_usage(r)->n_peak_circuits, row[i].n_peak);
        rig_callcentre_resources_free(r);
    }
}

static void who_waits_for_a_port_goes_first(void **state)
{
    (void)state;
    static const uint32_t circuits[] = {9};
    rig_callcentre_resources *r = make(circuits, 1, 1, 0, 1);
    const rig_callcentre_usage *usage = rig_callcentre_resources_usage(r);
    rig_callcentre_waiter w[3] = {{0}};
    assert_null(rig_callcentre_port_grant(r));
    assert_true(rig_callcentre_port_seize(r));
    assert_false(rig_callcentre_port_seize(r));
    for (size_t i = 0; i < 3; i++)
        rig_callcentre_port_wait(r, &w[i]);
    assert_int_equal(usage->n_waiting_for_port, 3);
    assert_null(rig_callcentre_port_grant(r)); /* none is free */
    rig_callcentre_port_leave(r, &w[0]);
    rig_callcentre_port_release(r);
    assert_int_equal(usage->n_ports, 0);
    assert_false(rig_callcentre_port_seize(r)); /* free, but others wait */
    assert_ptr_equal(rig_callcentre_port_grant(r), &w[1]);
    assert_null(w[1].next);
    assert_null(rig_callcentre_port_grant(r));
    rig_callcentre_port_release(r);
    assert_ptr_equal(rig_callcentre_port_grant(r), &w[2]);
    rig_callcentre_port_release(r);
    assert_true(rig_callcentre_port_seize(r));
    assert_int_equal(usage->n_peak_ports, 1);
    assert_int_equal(usage->n_waiting_for_port, 0);
    rig_callcentre_resources_free(r);
}

static void the_queue_is_first_in_first_out_and_has_an_end(void **state)
{
    (void)state;
    static const uint32_t circuits[] = {9};
    rig_callcentre_resources *r = make(circuits, 1, 1, 2, 1);
    const rig_callcentre_usage *usage = rig_callcentre_resources_usage(r);
    rig_callcentre_waiter w[4] = {{0}};
    uint32_t agent = 99;
    assert_null(rig_callcentre_queue_match(r, &agent));
    assert_int_equal(agent, 99);
    assert_true(rig_callcentre_queue_join(r, &w[0], false));
    assert_true(rig_callcentre_queue_join(r, &w[1], false));
    assert_false(rig_callcentre_queue_join(r, &w[2], false));
    assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w[0]);
    assert_int_equal(agent, 0);
    assert_null(rig_callcentre_queue_match(r, &agent)); /* no agent left */
    assert_true(rig_callcentre_queue_join(r, &w[2], false));
    rig_callcentre_queue_rejoin(r, &w[0]); /* its head is open to him, full as it is */
    assert_int_equal(usage->n_waiting, 3);
    assert_int_equal(usage->n_peak_waiting, 3);
    assert_false(rig_callcentre_queue_join(r, &w[3], false));
    rig_callcentre_queue_leave(r, &w[1]);
    rig_callcentre_agent_release(r, 0);
    assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w[0]);
    rig_callcentre_agent_release(r, 0);
    assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w[2]);
    assert_int_equal(usage->n_waiting, 0);
    rig_callcentre_resources_free(r);
}

static void who_joins_at_the_head_goes_first(void **state)
{
    (void)state;
    static const uint32_t circuits[] = {9};
    rig_callcentre_resources *r = make(circuits, 1, 1, 3, 1);
    rig_callcentre_waiter w[4] = {{0}};
    uint32_t agent = 99;
    assert_true(rig_callcentre_queue_join(r, &w[0], false));
    assert_true(rig_callcentre_queue_join(r, &w[1], true));
    assert_true(rig_callcentre_queue_join(r, &w[2], true));
    assert_false(rig_callcentre_queue_join(r, &w[3], true)); /* full all the same */
    for (int i = 2; i >= 0; i--) {
        assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w[i]);
        rig_callcentre_agent_release(r, agent);
    }
    rig_callcentre_resources_free(r);
}

static void a_capacity_of_0_is_no_limit(void **state)
{
    (void)state;
    static const uint32_t circuits[] = {9};
    rig_callcentre_resources *r = make(circuits, 1, 1, 0, 1);
    static rig_callcentre_waiter w[1000];
    memset(w, 0, sizeof w);
    for (size_t i = 0; i < 1000; i++)
        assert_true(rig_callcentre_queue_join(r, &w[i], false));
    rig_callcentre_resources_free(r);
}

/* A digit: match, this agent is expected; '-': match, none is expected; 'a'..: release agent 0.. */
static void the_longest_idle_agent_is_next(void **state)
{
    (void)state;
    static const struct {
        uint32_t n_agents;
        const char *steps;
        uint32_t n_peak;
    } row[] = {
        {1, "0-a0-", 1},
        {3, "012-cab201-", 3},
        {3, "0a1b2c0", 1},
        {2, "01ab01ba10", 2},
    };
    static const uint32_t circuits[] = {9};
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        rig_callcentre_resources *r = make(circuits, 1, 1, 0, row[i].n_agents);
        for (const char *s = row[i].steps; *s; s++) {
            rig_callcentre_waiter w = {0};
            uint32_t agent = 99;
            if (*s >= 'a') {
                rig_callcentre_agent_release(r, (uint32_t)(*s - 'a'));
                continue;
            }
            assert_true(rig_callcentre_queue_join(r, &w, false));
            rig_callcentre_waiter *got = rig_callcentre_queue_match(r, &agent);
            assert_ptr_equal(got, *s == '-' ? NULL : &w);
            assert_int_equal(agent, *s == '-' ? 99 : (uint32_t)(*s - '0'));
            if (!got)
                rig_callcentre_queue_leave(r, &w);
        }
        assert_int_equal(rig_callcentre_resources_usage(r)->n_peak_agents, row[i].n_peak);
        rig_callcentre_resources_free(r);
    }
}

enum { N_TIMERS = 300 };

typedef struct probe {
    rig_callcentre_timer timer;
    rig_callcentre_timers *timers;
    int64_t *last_ns;
    int n_fired;
    int64_t again_ns; /* 0 = not again */
} probe;

static void on_probe(void *arg)
{
    probe *p = arg;
    assert_int_equal(p->timer.slot, 0);
    assert_true(p->timer.at_ns >= *p->last_ns);
    *p->last_ns = p->timer.at_ns;
    p->n_fired++;
    if (p->again_ns) {
        rig_callcentre_timers_set(p->timers, &p->timer, p->again_ns);
        p->again_ns = 0;
    }
}

static void timers_fire_in_the_order_of_their_instants(void **state)
{
    (void)state;
    rig_callcentre_timers timers = {0};
    static probe p[N_TIMERS];
    int64_t last_ns = INT64_MIN;
    memset(p, 0, sizeof p);
    assert_true(rig_callcentre_timers_next_ns(&timers) == INT64_MAX);
    uint32_t x = 12345;
    for (int i = 0; i < N_TIMERS; i++) {
        p[i] = (probe){
            .timer = {.fire = on_probe, .arg = &p[i]}, .timers = &timers, .last_ns = &last_ns};
        assert_true(rig_callcentre_timers_reserve(&timers));
        x = x * 1664525u + 1013904223u;
        rig_callcentre_timers_set(&timers, &p[i].timer, 1000 + x % 1000);
    }
    for (int i = 0; i < N_TIMERS; i += 3) { /* a third is moved, back and forth */
        x = x * 1664525u + 1013904223u;
        rig_callcentre_timers_set(&timers, &p[i].timer, 1000 + x % 1000);
    }
    for (int i = 1; i < N_TIMERS; i += 3) /* a third is disarmed, once more than needed */
        for (int k = 0; k < 2; k++)
            rig_callcentre_timers_cancel(&timers, &p[i].timer);
    p[0].again_ns = 2500;
    assert_int_equal(rig_callcentre_timers_run(&timers, 999), 0);
    size_t n_first = rig_callcentre_timers_run(&timers, 1500);
    assert_true(last_ns <= 1500);
    assert_true(rig_callcentre_timers_next_ns(&timers) > 1500);
    size_t n_second = rig_callcentre_timers_run(&timers, 2000);
    assert_int_equal(n_first + n_second, 2 * N_TIMERS / 3);
    assert_int_equal(rig_callcentre_timers_next_ns(&timers), 2500);
    assert_int_equal(rig_callcentre_timers_run(&timers, 2500), 1);
    for (int i = 0; i < N_TIMERS; i++) {
        assert_int_equal(p[i].n_fired, i == 0 ? 2 : i % 3 != 1);
        rig_callcentre_timers_unreserve(&timers, &p[i].timer);
    }
    assert_int_equal(timers.n, 0);
    assert_int_equal(timers.n_reserved, 0);
    rig_callcentre_timers_clear(&timers);
}

/* Two lines: the first is served first, whoever came first; in each who waits longest, or came back
 * to its head. The queue's places are of both. */
static void the_first_line_is_served_first(void **state)
{
    (void)state;
    static const uint32_t one[] = {1};
    const rig_callcentre_capacity capacity = {one, 1, 1, 4, one, 1, .n_lines = 2};
    rig_callcentre_waiter w[6] = {{0}};
    static const uint32_t line[] = {1, 1, 0, 0, 1, 0};
    static const size_t order[] = {2, 3, 0, 1};
    rig_callcentre_resources *r = NULL;
    uint32_t agent = 0;
    assert_int_equal(rig_callcentre_resources_new(&capacity, &r, NULL), RIG_OK);
    assert_null(rig_callcentre_queue_last(r));
    for (size_t i = 0; i < 6; i++)
        w[i].line = line[i];
    for (size_t i = 0; i < 4; i++)
        assert_true(rig_callcentre_queue_join(r, &w[i], false));
    assert_false(rig_callcentre_queue_join(r, &w[4], false)); /* full for either line */
    assert_false(rig_callcentre_queue_join(r, &w[5], true));
    assert_ptr_equal(rig_callcentre_queue_last(r), &w[1]);
    for (size_t i = 0; i < 4; i++) {
        assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w[order[i]]);
        assert_null(rig_callcentre_queue_match(r, &agent)); /* the agent is busy */
        rig_callcentre_agent_release(r, agent);
    }
    assert_null(rig_callcentre_queue_match(r, &agent));
    for (size_t i = 0; i < 3; i++)
        assert_true(rig_callcentre_queue_join(r, &w[i], false));
    rig_callcentre_queue_rejoin(r, &w[4]); /* to the head of its own line, not of the queue */
    assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w[2]);
    rig_callcentre_agent_release(r, agent);
    assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w[4]);
    rig_callcentre_queue_leave(r, &w[0]);
    assert_ptr_equal(rig_callcentre_queue_last(r), &w[1]);
    assert_int_equal(rig_callcentre_resources_usage(r)->n_waiting, 1);
    rig_callcentre_resources_free(r);
}

static void who_stands_in_front_of_one_who_comes(void **state)
{
    (void)state;
    static const uint32_t circuits[] = {9}, agents[] = {1, 1};
    static const uint8_t level[] = {1, 0, 0, 1}; /* a group for each of two skills */
    const rig_callcentre_capacity capacity = {.n_circuits = circuits,
                                              .n_groups = 1,
                                              .n_ports = 9,
                                              .n_agents = agents,
                                              .n_agent_groups = 2,
                                              .n_lines = 2,
                                              .n_skills = 2,
                                              .level = level};
    rig_callcentre_resources *r = NULL;
    rig_callcentre_waiter w[4] = {{.skill = 0, .line = 1}, {.skill = 0, .line = 0}, {.skill = 1}};
    rig_callcentre_waiter first = {.skill = 0, .line = 0}, last = {.skill = 0, .line = 1},
                          other = {.skill = 1, .line = 1};
    uint32_t agent;
    assert_int_equal(rig_callcentre_resources_new(&capacity, &r, NULL), RIG_OK);
    assert_true(rig_callcentre_queue_is_awaited(r, &last));
    for (int i = 0; i < 3; i++)
        assert_true(rig_callcentre_queue_join(r, &w[i], false));
    assert_false(rig_callcentre_queue_is_awaited(r, &last)); /* others are first */
    assert_int_equal(rig_callcentre_queue_n_before(r, &last), 2);
    assert_int_equal(rig_callcentre_queue_n_before(r, &first), 1);
    assert_int_equal(rig_callcentre_queue_n_before(r, &other), 1);
    assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &w[1]);
    assert_int_equal(rig_callcentre_queue_n_before(r, &last), 1);
    assert_int_equal(rig_callcentre_queue_n_before(r, &first), 0);
    rig_callcentre_queue_rejoin(r, &w[1]);
    assert_int_equal(rig_callcentre_queue_n_before(r, &first), 1);
    rig_callcentre_queue_leave(r, &w[0]);
    assert_int_equal(rig_callcentre_queue_n_before(r, &last), 1);
    rig_callcentre_resources_free(r);
}

/* Callers look by themselves: it is the turn of so many of a skill as agents are idle for it, and
 * nobody but a kept place, in front of which nobody waits, is given one. */
static void callers_who_look_by_themselves(void **state)
{
    (void)state;
    static const uint32_t circuits[] = {9}, agents[] = {2, 1};
    static const uint8_t level[] = {1, 0, 0, 1}; /* a group for each of two skills */
    const rig_callcentre_capacity capacity = {.n_circuits = circuits,
                                              .n_groups = 1,
                                              .n_ports = 9,
                                              .n_queue = 3,
                                              .n_agents = agents,
                                              .n_agent_groups = 2,
                                              .n_lines = 2,
                                              .n_skills = 2,
                                              .level = level,
                                              .do_callers_look = true};
    rig_callcentre_resources *r = NULL;
    rig_callcentre_waiter low = {.line = 1}, vip = {.line = 0}, third = {.line = 1},
                          fourth = {.line = 1}, place = {.skill = 1};
    uint32_t agent = 99;
    assert_int_equal(rig_callcentre_resources_new(&capacity, &r, NULL), RIG_OK);
    assert_false(rig_callcentre_queue_wants(r, 0));
    assert_true(rig_callcentre_queue_is_awaited(r, &low));
    assert_true(rig_callcentre_queue_join(r, &low, false));
    assert_true(rig_callcentre_queue_wants(r, 0));
    assert_false(rig_callcentre_queue_wants(r, 1));
    assert_true(rig_callcentre_queue_is_awaited(r, &third)); /* of two idle the second is his */
    assert_true(rig_callcentre_queue_join(r, &third, false));
    assert_true(rig_callcentre_queue_is_awaited(r, &vip)); /* he stands before both */
    assert_true(rig_callcentre_queue_join(r, &vip, false));
    assert_true(rig_callcentre_queue_is_turn(r, &vip));
    assert_true(rig_callcentre_queue_is_turn(r, &low));
    assert_false(rig_callcentre_queue_is_turn(r, &third));
    assert_false(rig_callcentre_queue_join(r, &fourth, false)); /* full, though two are idle */
    assert_null(rig_callcentre_queue_match(r, &agent));
    rig_callcentre_queue_keep(r, &place);
    assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &place);
    assert_int_equal(agent, 2);
    assert_null(rig_callcentre_queue_match(r, &agent));
    assert_true(rig_callcentre_agent_seize(r, &low, &agent)); /* one is idle */
    assert_true(rig_callcentre_queue_is_turn(r, &vip));
    assert_false(rig_callcentre_queue_is_turn(r, &third));
    rig_callcentre_resources_free(r);
}

/* One at a time, or all phones for one: of two idle agents none is the second's. */
static void the_first_in_line_looks_alone(void **state)
{
    (void)state;
    static const uint32_t circuits[] = {9}, agents[] = {2};
    rig_callcentre_capacity capacity = {.n_circuits = circuits,
                                        .n_groups = 1,
                                        .n_ports = 9,
                                        .n_queue = 3,
                                        .n_agents = agents,
                                        .n_agent_groups = 1,
                                        .do_callers_look = true};
    for (int is_alone = 0; is_alone < 2; is_alone++) {
        rig_callcentre_resources *r = NULL;
        rig_callcentre_waiter first = {.line = 0}, second = {.line = 0};
        capacity.has_first_alone = is_alone;
        assert_int_equal(rig_callcentre_resources_new(&capacity, &r, NULL), RIG_OK);
        assert_true(rig_callcentre_queue_is_awaited(r, &first));
        assert_true(rig_callcentre_queue_join(r, &first, false));
        assert_int_equal(rig_callcentre_queue_is_awaited(r, &second), !is_alone);
        assert_true(rig_callcentre_queue_join(r, &second, false));
        assert_true(rig_callcentre_queue_is_turn(r, &first));
        assert_int_equal(rig_callcentre_queue_is_turn(r, &second), !is_alone);
        rig_callcentre_resources_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_in_line_looks_alone),
        cmocka_unit_test(callers_who_look_by_themselves),
        cmocka_unit_test(who_stands_in_front_of_one_who_comes),
        cmocka_unit_test(nothing_may_be_missing),
        cmocka_unit_test(the_first_line_is_served_first),
        cmocka_unit_test(circuits_are_taken_from_the_first_group_with_one_free),
        cmocka_unit_test(who_waits_for_a_port_goes_first),
        cmocka_unit_test(the_queue_is_first_in_first_out_and_has_an_end),
        cmocka_unit_test(who_joins_at_the_head_goes_first),
        cmocka_unit_test(a_capacity_of_0_is_no_limit),
        cmocka_unit_test(the_longest_idle_agent_is_next),
        cmocka_unit_test(timers_fire_in_the_order_of_their_instants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
