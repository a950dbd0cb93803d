/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of groups: counts, order, percentiles, rings of agents, outcomes that are told late. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/call_groups.h"
#include "analyzer/parties.h"
#include "core/clock.h"

#define S(n) ((int64_t)(n)*1000000000)

static rig_call_group_by by_of(const char *text)
{
    rig_call_group_by by = {.n = 0};
    rig_error err = {.text = ""};
    if (rig_groups_by_read(text, "--by", &by, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return by;
}

static rig_call call_with(int code, rig_outcome outcome)
{
    bool is_answered = code / 100 == 2;
    return (rig_call){.call_id = "x",
                      .planned_index = -1,
                      .t_invite_ns = S(1000),
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_menu_ns = RIG_NO_TIME,
                      .t_answer_ns = is_answered ? S(1001) : RIG_NO_TIME,
                      .t_queue_ns = RIG_NO_TIME,
                      .t_agent_ring_ns = RIG_NO_TIME,
                      .t_agent_answer_ns = RIG_NO_TIME,
                      .t_end_ns = S(1100),
                      .final_code = code,
                      .answered = is_answered,
                      .outcome = outcome};
}

static rig_finished_call finish(const rig_call *call, const rig_call_parties *parties)
{
    return (rig_finished_call){.call = call,
                               .outcome_if_marks = call->outcome,
                               .reason_if_marks = "",
                               .q850_cause = -1,
                               .t_failed_ns = RIG_NO_TIME,
                               .t_bye_done_ns = RIG_NO_TIME,
                               .parties = parties};
}

static rig_call_groups *groups_of(const char *text)
{
    rig_call_group_by by = by_of(text);
    rig_call_groups *groups = NULL;
    assert_int_equal(rig_groups_new(&by, &groups, NULL), RIG_OK);
    return groups;
}

static void take(rig_call_groups *groups, const rig_finished_call *finished)
{
    assert_int_equal(rig_groups_take(groups, finished, NULL), RIG_OK);
}

static rig_call_group_table *table_of(rig_call_groups *groups, bool has_marks)
{
    rig_call_group_table *table = NULL;
    assert_int_equal(rig_groups_finish(groups, has_marks, &table, NULL), RIG_OK);
    rig_groups_free(groups);
    return table;
}

static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected; /* what it is called, or what the message says */
        bool is_good, needs_parties, is_agent;
    } cases[] = {
        {"carrier", "carrier", true, true, false},
        {"agent", "agent", true, true, true},
        {"hour, code", "hour / code", true, false, false},
        {"agent,hour", "agent / hour", true, true, false},
        {"a", "\"a\" is no field to group by; expected one of final_code, answered", false, 0, 0},
        {"", "\"\" is no field", false, 0, 0},
        {"code,", "\"\" is no field", false, 0, 0},
        {"t_invite_s", "\"t_invite_s\" is no field to group by", false, 0, 0},
        {"code,hour,outcome,bye", "more than 3 fields", false, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_call_group_by by = {.n = 99};
        rig_error err = {.text = ""};
        char text[200];
        rig_status status = rig_groups_by_read(cases[i].text, "--by", &by, &err);
        assert_int_equal(status, cases[i].is_good ? RIG_OK : RIG_EINPUT);
        if (!cases[i].is_good) {
            assert_int_equal(by.n, 99);
            if (strstr(err.text, cases[i].expected) == NULL)
                fail_msg("%s", err.text);
            continue;
        }
        rig_groups_by_text(&by, text, sizeof text);
        assert_string_equal(text, cases[i].expected);
        assert_int_equal(rig_groups_by_needs_parties(&by), cases[i].needs_parties);
        assert_int_equal(rig_groups_by_is_agent(&by), cases[i].is_agent);
    }
}

/* Ten calls a code in no order; waits of 1 to 10 s. */
static void test_counts(void **state)
{
    (void)state;
    static const int codes[] = {503, 0, 1000, 200, 486};
    rig_call_groups *groups = groups_of("code");
    for (int i = 1; i <= 10; i++) {
        for (size_t c = 0; c < 5; c++) {
            rig_call call =
                call_with(codes[c], codes[c] == 200 ? RIG_OUTCOME_SERVED : RIG_OUTCOME_LOST_TRUNK);
            if (codes[c] == 200) {
                call.t_queue_ns = S(1002);
                call.t_agent_answer_ns = S(1002 + i);
                call.t_end_ns = call.t_agent_answer_ns + S(100 * i);
            }
            const rig_finished_call finished = finish(&call, NULL);
            take(groups, &finished);
        }
    }
    rig_call_group_table *table = table_of(groups, false);
    static const char *const names[] = {"0", "200", "486", "503", "1000"}; /* by size */
    assert_int_equal(table->n, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(table->groups[i].name, names[i]);
        assert_int_equal(table->groups[i].n_calls, 10);
    }
    const rig_call_group *served = &table->groups[1], *busy = &table->groups[2],
                         *refused = &table->groups[3];
    assert_int_equal(served->n_answered, 10);
    assert_true(served->asr_offered == 1 && served->asr_seized == 1 && served->ner == 1);
    assert_true(busy->asr_offered == 0 && isnan(busy->asr_seized) && busy->ner == 1);
    assert_true(refused->ner == 0);
    assert_int_equal(refused->n_outcome[RIG_OUTCOME_LOST_TRUNK], 10);
    assert_int_equal(served->wait.n, 10);
    assert_true(served->wait.mean_s == 5.5 && served->wait.p50_s == 5 && served->wait.p95_s == 10);
    assert_true(served->wait.max_s == 10 && served->wait_all.mean_s == 5.5);
    assert_true(served->talk.mean_s == 550 && served->talk.total_s == 5500);
    assert_int_equal(refused->wait.n, 0);
    assert_true(isnan(refused->wait.mean_s) && isnan(refused->talk.p95_s));
    rig_groups_table_free(table);
    rig_groups_table_free(NULL);
}

/* Rings go to the agents whose phones they were; calls to those who answered. */
static void test_agents(void **state)
{
    (void)state;
    const rig_agent_ring rings[] = {
        {.agent = "bob", .t_ring_ns = S(10), .t_answer_ns = RIG_NO_TIME, .t_end_ns = S(30)},
        {.agent = "anna", .t_ring_ns = S(30), .t_answer_ns = S(34), .t_end_ns = S(90)},
        {.agent = "",
         .at = {0, UINT64_C(0xffff0a000001), 5060},
         .t_ring_ns = S(31),
         .t_answer_ns = RIG_NO_TIME,
         .t_end_ns = RIG_NO_TIME},
    };
    const rig_call_parties all = {.number = "", .called = "", .rings = rings, .n_rings = 3},
                           first = {.number = "", .called = "", .rings = rings, .n_rings = 1},
                           none = {.number = "", .called = ""};
    rig_call served = call_with(200, RIG_OUTCOME_SERVED), lost = served, menu = served;
    served.t_queue_ns = S(10);
    served.t_agent_answer_ns = S(34);
    served.t_end_ns = S(90);
    lost.outcome = RIG_OUTCOME_LOST_AGENT;
    menu.outcome = RIG_OUTCOME_SELF_SERVED;
    const rig_finished_call calls[] = {finish(&served, &all), finish(&lost, &first),
                                       finish(&menu, &none)};
    rig_call_groups *by_agent = groups_of("agent"), *by_outcome = groups_of("outcome");
    for (size_t i = 0; i < 3; i++) {
        take(by_agent, &calls[i]);
        take(by_outcome, &calls[i]);
    }
    rig_call_group_table *table = table_of(by_agent, true);
    assert_int_equal(table->n, 4);
    const rig_call_group *g = table->groups;
    assert_string_equal(g[0].name, "10.0.0.1:5060");
    assert_string_equal(g[1].name, "anna");
    assert_string_equal(g[2].name, "bob");
    assert_string_equal(g[3].name, "none"); /* behind all others */
    assert_int_equal(g[0].n_calls, 0);
    assert_int_equal(g[0].n_rings, 1);
    assert_int_equal(g[0].n_missed, 0); /* it still rings */
    assert_int_equal(g[1].n_calls, 1);
    assert_int_equal(g[1].n_rings, 1);
    assert_int_equal(g[1].n_missed, 0);
    assert_true(g[1].ring.mean_s == 4 && g[1].talk.total_s == 56);
    assert_int_equal(g[2].n_calls, 1); /* the one that he let ring */
    assert_int_equal(g[2].n_rings, 2);
    assert_int_equal(g[2].n_missed, 2);
    assert_true(g[2].ring.mean_s == 20);
    assert_int_equal(g[3].n_calls, 1);
    rig_groups_table_free(table);
    table = table_of(by_outcome, true);
    assert_int_equal(table->n, 3);
    assert_string_equal(table->groups[2].name, "served");
    assert_int_equal(table->groups[2].n_rings, 3);
    rig_groups_table_free(table);
}

/* A call whose outcome the end of the capture decides is in one group or the other. */
static void test_open_calls(void **state)
{
    (void)state;
    for (int has_marks = 0; has_marks < 2; has_marks++) {
        rig_call_groups *groups = groups_of("outcome,bye");
        rig_call call = call_with(200, RIG_OUTCOME_UNCLASSIFIED);
        call.bye = RIG_BYE_CALLER;
        rig_finished_call finished = finish(&call, NULL);
        finished.is_open = true;
        finished.outcome_if_marks = RIG_OUTCOME_SELF_SERVED;
        take(groups, &finished);
        take(groups, &finished);
        call.outcome = RIG_OUTCOME_SELF_SERVED;
        finished = finish(&call, NULL);
        take(groups, &finished);
        rig_call_group_table *table = table_of(groups, has_marks == 1);
        assert_int_equal(table->n, has_marks == 1 ? 1 : 2);
        assert_string_equal(table->groups[0].name, "self_served / caller");
        assert_int_equal(table->groups[0].n_calls, has_marks == 1 ? 3 : 1);
        assert_int_equal(table->groups[0].n_outcome[RIG_OUTCOME_SELF_SERVED],
                         has_marks == 1 ? 3 : 1);
        rig_groups_table_free(table);
    }
}

static void test_hours_and_many(void **state)
{
    (void)state;
    rig_call_groups *hours = groups_of("hour"), *many = groups_of("caller");
    char number[32];
    rig_call_parties parties = {.number = number, .called = ""};
    enum { N = RIG_CALL_GROUPS_MAX + 1000 };
    for (int i = 0; i < N; i++) {
        rig_call call = call_with(503, RIG_OUTCOME_LOST_TRUNK);
        (void)snprintf(number, sizeof number, "%d", i);
        const rig_finished_call finished = finish(&call, &parties);
        if (i < 3) {
            call.t_invite_ns = S(3600) * (25 - i);
            take(hours, &finished);
        }
        take(many, &finished);
    }
    rig_call_group_table *table = table_of(hours, false);
    assert_int_equal(table->n, 3);
    assert_string_equal(table->groups[0].name, "1970-01-01T23");
    assert_string_equal(table->groups[2].name, "1970-01-02T01");
    rig_groups_table_free(table);
    table = table_of(many, false);
    assert_int_equal(table->n, RIG_CALL_GROUPS_MAX);
    uint64_t n_calls = 0;
    for (size_t i = 0; i < table->n; i++)
        n_calls += table->groups[i].n_calls;
    assert_int_equal(n_calls, N); /* nothing is lost */
    assert_string_equal(table->groups[table->n - 1].name, "(others)");
    assert_int_equal(table->groups[table->n - 1].n_calls, N - RIG_CALL_GROUPS_MAX + 1);
    rig_groups_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),           cmocka_unit_test(test_counts),
        cmocka_unit_test(test_agents),         cmocka_unit_test(test_open_calls),
        cmocka_unit_test(test_hours_and_many),
    };
    return cmocka_run_group_tests_name("call_groups", tests, NULL, NULL);
}
