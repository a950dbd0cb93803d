/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conditions on calls: what holds and what not, line by line; mistakes with their columns. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/parties.h"
#include "analyzer/query.h"
#include "core/clock.h"

#define S(n) ((int64_t)(n)*1000000000)

static rig_agent_ring rings[2];
static rig_call_parties parties;
static rig_call call;
static rig_finished_call finished;

/* A call that waited 12.25 s in the queue; one phone rang in vain, "anna" answered and talked 60 s.
 */
static void make_call(void)
{
    rings[0] = (rig_agent_ring){
        .agent = "bob", .t_ring_ns = S(1003), .t_answer_ns = RIG_NO_TIME, .t_end_ns = S(1008)};
    rings[1] = (rig_agent_ring){
        .agent = "anna", .t_ring_ns = S(1010), .t_answer_ns = S(1014), .t_end_ns = S(1074)};
    parties = (rig_call_parties){.caller = {0, UINT64_C(0xffffc000020a), 5060},
                                 .centre = {0, UINT64_C(0xffffc6336405), 5060},
                                 .number = "+49301234",
                                 .called = "0800100",
                                 .carrier = "Alpha One",
                                 .has_carriers = true,
                                 .rings = rings,
                                 .n_rings = 2};
    call = (rig_call){.call_id = "abc@x",
                      .planned_index = -1,
                      .t_invite_ns = S(1000) + 123456789,
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_menu_ns = RIG_NO_TIME,
                      .t_answer_ns = S(1001),
                      .t_queue_ns = S(1001) + 750000000,
                      .t_agent_ring_ns = S(1010),
                      .t_agent_answer_ns = S(1014),
                      .t_end_ns = S(1074),
                      .final_code = 200,
                      .answered = true,
                      .bye = RIG_BYE_CALLER,
                      .n_messages = 20,
                      .n_legs = 3,
                      .attempts = 2,
                      .outcome = RIG_OUTCOME_SERVED,
                      .reason = "caller BYE, as \"he\" said"};
    finished = (rig_finished_call){.call = &call,
                                   .outcome_if_marks = RIG_OUTCOME_SERVED,
                                   .reason_if_marks = call.reason,
                                   .q850_cause = 16,
                                   .t_failed_ns = RIG_NO_TIME,
                                   .t_bye_done_ns = RIG_NO_TIME,
                                   .parties = &parties};
}

static bool holds(const char *text)
{
    rig_query *query = NULL;
    rig_error err = {.text = ""};
    if (rig_query_read(text, "--where", &query, &err) != RIG_OK)
        fail_msg("%s: %s", text, err.text);
    const rig_query_call of = {.finished = &finished, .t_capture_ns = S(990)};
    bool is_true = rig_query_holds(query, &of);
    assert_string_equal(rig_query_text(query), text);
    rig_query_free(query);
    return is_true;
}

/* Without rules for classes, a class is what was called. */
static void test_class_by_rules(void **state)
{
    (void)state;
    static char gold[] = "gold";
    make_call();
    parties.has_classes = true;
    assert_false(holds("class=0800100"));
    assert_true(holds("called=0800100"));
    call.caller_class = gold;
    assert_true(holds("class=gold"));
}

static const struct {
    const char *text;
    bool expected;
} held[] = {
    /* texts */
    {"call_id=abc@x", true},
    {"call_id=abc", false},
    {"call_id=abc*", true},
    {"call_id=\"abc*\"", false},
    {"call_id!=abc*", false},
    {"call_id=*", true},
    {"call_id~BC@", true},
    {"call_id~\"bc@x\"", true},
    {"call_id~zz", false},
    {"call_id = ABC@x", false},
    {"carrier='Alpha One'", true},
    {"carrier=Alpha*", true},
    {"reason~\"\\\"he\\\"\"", true},
    {"caller=+49*", true},
    {"class=0800100 and called~800", true},
    {"from=192.0.2.10", true},
    {"agent=anna", true},
    {"agent=bob", false},
    /* words */
    {"outcome=served", true},
    {"outcome!=served", false},
    {"outcome~serv", true},
    {"outcome~SERV", true},
    {"outcome~lost", false},
    {"bye=caller", true},
    {"bye=none", false},
    {"bye!=none", true},
    {"stage=agent", true},
    {"stage=trunk", false},
    /* numbers, exactly */
    {"code=200", true},
    {"code=200.0", true},
    {"final_code!=200", false},
    {"code>=200 and code<=200", true},
    {"code>200 or code<200", false},
    {"t_invite_s=1000.123456789", true},
    {"t_invite_s=1000.12345679", false},
    {"t_invite_s>1000.123456788", true},
    {"t_invite_s<1000.12345679", true},
    {"at_s=10.123456789", true},
    {"wait_s=12.25", true},
    {"talk_s=60", true},
    {"ring_s=4", true},
    {"setup_s=0.876543211", true},
    {"duration_s>-1", true},
    {"cause=16", true},
    {"n_legs=3", true},
    {"attempts=2", true},
    {"attempts>2", false},
    {"attempts=none", false},
    {"backwards=no", true},
    {"backwards=yes", false},
    {"rings=2", true},
    {"hour=0", true},
    {"date=1970-01-01", true},
    /* yes or no */
    {"answered=yes", true},
    {"answered=TRUE", true},
    {"answered=0", false},
    {"cancelled!=yes", true},
    {"lost=no", true},
    /* what is not there */
    {"planned_index=none", true},
    {"planned_index!=none", false},
    {"planned_index=0", false},
    {"planned_index!=0", true},
    {"planned_index<5", false},
    {"planned_index>=0", false},
    {"not planned_index<5", true},
    {"t_provisional_s=NONE", true},
    {"t_answer_s!=none", true},
    {"code=none", false},
    {"agent=\"none\"", false},
    /* joins: "and" before "or", "not" before both */
    {"code=1 and code=2 or code=200", true},
    {"code=200 or code=1 and code=2", true},
    {"(code=200 or code=1) and code=2", false},
    {"not code=1 and code=200", true},
    {"not (code=1 or code=200)", false},
    {"not not code=200", true},
    {"NOT code=1 AND code=200 Or code=3", true},
    {"((((code=200))))", true},
    {" \t code=200\n", true},
};

static void test_holds(void **state)
{
    (void)state;
    make_call();
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++) {
        if (holds(held[i].text) != held[i].expected)
            fail_msg("%s: expected %s", held[i].text, held[i].expected ? "true" : "false");
    }
}

/* "not" and "!=" say the same, whatever the field and whether or not the call has a value. */
static void test_not_is_not_equal(void **state)
{
    (void)state;
    make_call();
    for (int variant = 0; variant < 3; variant++) {
        if (variant == 1)
            finished.parties = NULL;
        if (variant == 2)
            call.final_code = 0, finished.q850_cause = -1, call.t_end_ns = RIG_NO_TIME;
        for (size_t i = 0; i < rig_query_n_fields(); i++) {
            const rig_query_field_info *field = rig_query_describe(i);
            static const char *const values[] = {"x", "16", "served", "yes"};
            const char *value = strcmp(field->name, "bye") == 0     ? "callee"
                                : strcmp(field->name, "stage") == 0 ? "queue"
                                                                    : values[field->type];
            char is[200], is_not[200], none[200], some[200];
            (void)snprintf(is, sizeof is, "not %s=%s", field->name, value);
            (void)snprintf(is_not, sizeof is_not, "%s!=%s", field->name, value);
            (void)snprintf(none, sizeof none, "not %s=none", field->name);
            (void)snprintf(some, sizeof some, "%s!=none", field->name);
            if (holds(is) != holds(is_not))
                fail_msg("%s, %s", is, is_not);
            if (field->type != RIG_QUERY_WORD && holds(none) != holds(some))
                fail_msg("%s, %s", none, some);
        }
    }
    make_call();
    call.final_code = 0;
    assert_true(holds("code=none and code=0 and code<100")); /* as calls.csv has it */
}

/* The outcome may depend on what the rest of the capture shows. */
static void test_if_marks(void **state)
{
    (void)state;
    make_call();
    rig_query *query = NULL;
    assert_int_equal(rig_query_read("outcome=self_served", "--where", &query, NULL), RIG_OK);
    finished.is_open = true;
    call.outcome = RIG_OUTCOME_UNCLASSIFIED;
    finished.outcome_if_marks = RIG_OUTCOME_SELF_SERVED;
    rig_query_fit fit = rig_query_fit_call(query, &finished, RIG_NO_TIME);
    assert_true(!fit.as_told && fit.if_marks);
    fit = rig_query_fit_call(NULL, &finished, RIG_NO_TIME);
    assert_true(fit.as_told && fit.if_marks);
    rig_query_free(query);
    rig_query_free(NULL);
}

static void test_needs_parties(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool needs;
    } cases[] = {{"code=1 or outcome=served", false},
                 {"code=1 or not agent=a", true},
                 {"carrier=a", true},
                 {"from=a", true}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_query *query = NULL;
        assert_int_equal(rig_query_read(cases[i].text, "--where", &query, NULL), RIG_OK);
        assert_int_equal(rig_query_needs_parties(query), cases[i].needs);
        rig_query_free(query);
    }
}

static void test_mistakes(void **state)
{
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", "--where: column 1: the end; expected a field"},
        {"colour=red", "--where: column 1: \"colour\" is no field; expected one of call_id, "},
        {"code=1 and colour=red", "column 12: \"colour\" is no field"},
        {"code", "column 5: the end after code; expected =, !=, <, <=, > or >="},
        {"code~5", "column 5: \"~\" after code; expected =, !=, <, <=, > or >="},
        {"reason<a", "column 7: \"<\" after reason; expected =, != or ~"},
        {"answered>no", "column 9: \">\" after answered; expected = or !="},
        {"code=", "column 6: the end; expected a value for code"},
        {"code=(", "column 6: \"(\"; expected a value"},
        {"code=\"\"", "expected a value for code"},
        {"code=5x", "column 6: code: \"5x\"; expected a number with at most nine decimals"},
        {"code=1.0123456789", "expected a number with at most nine decimals"},
        {"code=1e3", "expected a number"},
        {"code=9999999999999999999", "expected a number"},
        {"outcome=lost", "column 9: outcome: \"lost\"; expected one of lost_trunk, lost_ivr"},
        {"bye=me", "expected one of none, caller, callee"},
        {"answered=maybe", "expected yes or no"},
        {"reason='a", "column 8: the quote is never closed; expected another '"},
        {"(code=1",
         "column 8: the end; expected \"and\", \"or\" or the \")\" of the \"(\" in column 1"},
        {"code=1)", "column 7: \")\"; expected \"and\", \"or\" or the end"},
        {"code=1 code=2", "column 8: \"code\"; expected \"and\", \"or\" or the end"},
        {"code=1 and", "column 11: the end; expected a field, \"not\" or \"(\""},
        {"and code=1", "\"and\" is no field"},
        {"not", "column 4: the end; expected a field"},
        {"code ! 1", "column 6: \"!\" after code"},
        {"code==1", "expected a value for code"},
        {"code<none", "column 5: \"<\" before none; expected = or !="},
        {"code=1,2", "column 7: \",\"; expected"},
        {"\x01=1", "column 1: \"?\"; expected a field"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_query *query = NULL;
        rig_error err = {.text = ""};
        assert_int_equal(rig_query_read(cases[i].text, "--where", &query, &err), RIG_EINPUT);
        assert_null(query);
        if (strstr(err.text, cases[i].expected) == NULL)
            fail_msg("%s: \"%s\"; expected \"%s\"", cases[i].text, err.text, cases[i].expected);
    }
}

static char *repeated(const char *head, const char *part, size_t n, const char *tail)
{
    char *text = calloc(strlen(head) + n * strlen(part) + strlen(tail) + 1, 1);
    assert_non_null(text);
    char *at = stpcpy(text, head);
    for (size_t i = 0; i < n; i++)
        at = stpcpy(at, part);
    (void)stpcpy(at, tail);
    return text;
}

static void test_limits(void **state)
{
    (void)state;
    const struct {
        char *text;
        const char *expected; /* NULL: good */
    } cases[] = {
        {repeated("", "not ", 64, "code=200"), NULL},
        {repeated("", "not ", 65, "code=200"), "too deep; expected at most 64"},
        {repeated("", "(", 4000, ""), "too deep"},
        {repeated("code=1", " or code=1", 255, ""), NULL},
        {repeated("code=1", " or code=1", 256, ""), "too long; expected at most 512"},
        {repeated("reason~", "x", 4089, ""), NULL},
        {repeated("reason~", "x", 4090, ""), "4097 bytes; expected at most 4096"},
        {repeated("reason~\"", "\\\"", 2000, "\""), NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_query *query = NULL;
        rig_error err = {.text = ""};
        rig_status status = rig_query_read(cases[i].text, "--where", &query, &err);
        assert_int_equal(status, cases[i].expected == NULL ? RIG_OK : RIG_EINPUT);
        if (cases[i].expected != NULL && strstr(err.text, cases[i].expected) == NULL)
            fail_msg("case %zu: %s", i, err.text);
        rig_query_free(query);
        free(cases[i].text);
    }
}

static void test_values(void **state)
{
    (void)state;
    static const struct {
        const char *field, *expected; /* NULL: none */
    } cases[] = {
        {"t_invite_s", "1000.123456789"},
        {"t_answer_s", "1001.000000000"},
        {"t_menu_s", NULL},
        {"code", "200"},
        {"answered", "yes"},
        {"outcome", "served"},
        {"wait_s", "12.250000000"},
        {"talk_s", "60"},
        {"agent", "anna"},
        {"from", "192.0.2.10"},
        {"planned_index", NULL},
        {"carrier", "Alpha One"},
    };
    make_call();
    const rig_query_call of = {.finished = &finished, .t_capture_ns = S(1001)};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[RIG_QUERY_VALUE_SIZE];
        size_t field;
        assert_true(rig_query_find_field(rig_slice_of(cases[i].field), &field));
        bool is_there = rig_query_value(field, &of, text);
        assert_int_equal(is_there, cases[i].expected != NULL);
        assert_string_equal(text, is_there ? cases[i].expected : "");
    }
    char text[RIG_QUERY_VALUE_SIZE];
    size_t field;
    assert_true(rig_query_find_field(rig_slice_of("at_s"), &field));
    assert_true(rig_query_value(field, &of, text)); /* before the capture's first packet */
    assert_string_equal(text, "-0.876543211");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_class_by_rules),   cmocka_unit_test(test_holds),
        cmocka_unit_test(test_not_is_not_equal), cmocka_unit_test(test_if_marks),
        cmocka_unit_test(test_needs_parties),    cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_limits),           cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests_name("query", tests, NULL, NULL);
}
