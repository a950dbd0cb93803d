/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules: what a file says, what is wrong with it (with file, line and key), and which messages are
 * marks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

#include "analyzer/rules.h"
#include "core/atomic_file.h"
#include "core/clock.h"
#include "core/slice.h"

#define FORMAT "format = \"peakrig rules 1\";\n"

static rig_rules *made_of(const char *text)
{
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    if (rig_rules_read_text(text, "x.cfg", &rules, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return rules;
}

static const struct {
    const char *text;
    const char *error; /* a part of it */
} mistakes[] = {
    {"", "x.cfg: \"format\" is missing"},
    {"format = \"peakrig rules 2\";", "x.cfg:1: format: is \"peakrig rules 2\""},
    {"format = ", "x.cfg:1: "},
    {FORMAT "mark = ();", "x.cfg:2: mark: unknown key"},
    {FORMAT "marks = 1;", "x.cfg:2: marks: is a whole number"},
    {FORMAT "marks = ( 1 );", "marks[0]: is a whole number; expected a group"},
    {FORMAT "marks = ( { } );", "marks[0]: \"means\" is missing"},
    {FORMAT "marks = ( { means = \"quiet\"; } );", "marks[0].means: \"quiet\" is not known"},
    {FORMAT "marks = ( { means = \"queue\"; } );", "marks[0]: says no message"},
    {FORMAT "marks = ( { means = \"queue\"; method = \"invite\"; } );", "marks[0].method"},
    {FORMAT "marks = ( { means = \"queue\"; methods = [ \"INFO\", \"X\" ]; } );",
     "marks[0].methods[1]: \"X\" is not known"},
    {FORMAT "marks = ( { means = \"queue\"; method = \"INFO\"; methods = [ \"INFO\" ]; } );",
     "stands beside \"method\""},
    {FORMAT "marks = ( { means = \"queue\"; codes = [ 99 ]; } );", "marks[0].codes[0]: is no "
                                                                   "response code"},
    {FORMAT "marks = ( { means = \"queue\"; codes = ( \"189-180\" ); } );", "codes[0]"},
    {FORMAT "marks = ( { means = \"queue\"; codes = ( \"18x\" ); } );", "codes[0]"},
    {FORMAT "marks = ( { means = \"queue\"; codes = ( \"180-\" ); } );", "codes[0]"},
    {FORMAT "marks = ( { means = \"queue\"; codes = (); } );", "codes: has 0 elements"},
    {FORMAT "marks = ( { means = \"queue\"; method = \"INFO\"; value = \"x\"; } );",
     "\"header\" is missing"},
    {FORMAT "marks = ( { means = \"queue\"; method = \"INFO\"; header = \"a b\"; } );",
     "marks[0].header: \"a b\" is no header name"},
    {FORMAT "marks = ( { means = \"queue\"; method = \"INFO\"; header = \"X\"; value = \"\"; } );",
     "marks[0].value: is empty"},
    {FORMAT "marks = ( { means = \"queue\"; method = \"INFO\"; header = \"X\"; value = \"a\"; "
            "contains = \"b\"; } );",
     "marks[0].contains: stands beside"},
    {FORMAT "marks = ( { means = \"queue\"; method = \"INFO\"; leg = \"x\"; } );", "marks[0].leg"},
    {FORMAT "marks = ( { means = \"queue\"; method = \"INFO\"; from = \"x\"; } );",
     "marks[0].from"},
    {FORMAT "marks = ( { means = \"queue\"; after_answer_s = -1; } );", "after_answer_s: -1"},
    {FORMAT "marks = ( { means = \"queue\"; after_menu_s = -1; } );", "after_menu_s: -1"},
    {FORMAT "marks = ( { means = \"queue\"; after_menu_s = 1; after_answer_s = 1; } );",
     "after_answer_s"},
    {FORMAT "marks = ( { means = \"queue\"; after_answer_s = 1; codes = [ 180 ]; } );",
     "marks[0].codes: unknown key"},
    {FORMAT "joins = ( { } );", "joins[0]: \"by\" is missing"},
    {FORMAT "joins = ( { by = \"x\"; } );", "joins[0].by: \"x\" is not known"},
    {FORMAT "joins = ( { by = \"call_id\"; } );", "joins[0]: \"header\" is missing"},
    {FORMAT "joins = ( { by = \"call_id\"; header = \"X\"; window_s = 1; } );",
     "joins[0].window_s: has no meaning"},
    {FORMAT "joins = ( { by = \"number\"; header = \"X\"; } );",
     "joins[0].header: has no meaning for by = \"number\""},
    {FORMAT "joins = ( { by = \"bye\"; window_s = 60; } );", "joins[0].window_s: is longer"},
    {FORMAT "agents = { ringing_on = \"x\"; };", "agents.ringing_on"},
    {FORMAT "outcomes = ( { outcome = \"served\"; reason = \"x\"; } );", "\"end\" is missing"},
    {FORMAT "outcomes = ( { end = \"bye\"; outcome = \"served\"; reason = \"x\"; } );",
     "outcomes[0].end: \"bye\" is not known"},
    {FORMAT "outcomes = ( { end = \"none\"; reason = \"x\"; } );", "\"outcome\" is missing"},
    {FORMAT "outcomes = ( { end = \"none\"; outcome = \"not_placed\"; reason = \"x\"; } );",
     "outcomes[0].outcome: \"not_placed\" is no outcome"},
    {FORMAT "outcomes = ( { end = \"none\"; outcome = \"served\"; } );", "\"reason\" is missing"},
    {FORMAT "outcomes = ( { end = \"none\"; outcome = \"served\"; reason = \"%d\"; } );",
     "outcomes[0].reason: expected"},
    {FORMAT "outcomes = ( { end = \"none\"; outcome = \"served\"; reason = \"x\"; "
            "phases = [ \"ivr\" ]; } );",
     "outcomes[0].phases[0]: \"ivr\" is not known"},
    {FORMAT "outcomes = ( { end = \"none\"; outcome = \"served\"; reason = \"x\"; "
            "q850 = [ 128 ]; } );",
     "outcomes[0].q850[0]: is no cause"},
    {FORMAT "outcomes = ( { end = \"none\"; outcome = \"served\"; reason = \"x\"; "
            "when = [ \"x\" ]; } );",
     "outcomes[0].when[0]"},
    /* cut to 32 bits these would be 182 and 16 */
    {FORMAT "marks = ( { means = \"queue\";\ncodes = [ 4294967478 ]; } );",
     "x.cfg:3: 4294967478: does not fit into 32 bits; expected an L behind it"},
    {FORMAT "outcomes = ( { end = \"none\"; outcome = \"served\"; reason = \"x\"; "
            "q850 = [ 4294967312 ]; } );",
     "4294967312: does not fit into 32 bits"},
    {FORMAT "marks = ( { means = \"queue\"; codes = [ 4294967478L ]; } );",
     "marks[0].codes[0]: is no response code"},
};

static void test_errors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        rig_rules *rules = NULL;
        rig_error err = {.text = ""};
        rig_status status = rig_rules_read_text(mistakes[i].text, "x.cfg", &rules, &err);
        if (status != RIG_EINPUT || strstr(err.text, mistakes[i].error) == NULL || rules != NULL)
            fail_msg("case %zu: status %d, \"%s\"; expected \"%s\"", i, (int)status, err.text,
                     mistakes[i].error);
    }
}

static void test_limits(void **state)
{
    (void)state;
    char text[8192] = FORMAT "marks = (";
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    for (int i = 0; i <= RIG_RULES_MAX_MARKS; i++)
        strcat(text, i == 0 ? " { means = \"queue\"; codes = [ 182 ]; }"
                            : ", { means = \"queue\"; codes = [ 182 ]; }");
    strcat(text, " );");
    assert_int_equal(rig_rules_read_text(text, "x.cfg", &rules, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "marks: has 49 elements; at most 48"));
    strcpy(text, FORMAT "joins = (");
    for (int i = 0; i <= RIG_RULES_MAX_JOINS; i++)
        strcat(text, i == 0 ? " { by = \"number\"; }" : ", { by = \"number\"; }");
    strcat(text, " );");
    assert_int_equal(rig_rules_read_text(text, "x.cfg", &rules, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "joins: has 9 elements"));
}

static void test_files(void **state)
{
    (void)state;
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_rules_read("/nonexistent/rules.cfg", &rules, &err), RIG_EIO);
    assert_non_null(strstr(err.text, "/nonexistent/rules.cfg"));
    char path[] = "/tmp/peakrig-rules-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    assert_non_null(file);
    fwrite("format\0", 1, 7, file);
    fclose(file);
    assert_int_equal(rig_rules_read(path, &rules, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "NUL"));
    remove(path);
}

/* An included file is looked up beside the file, and its numbers are not cut either. */
static void test_included(void **state)
{
    (void)state;
    static const struct {
        const char *included, *error; /* NULL: right */
    } cases[] = {{"marks = ( { means = \"queue\"; codes = [ 182 ]; } );\n", NULL},
                 {"marks = ( { means = \"queue\"; codes = [ 4294967478 ]; } );\n",
                  "more.cfg:1: 4294967478: does not fit into 32 bits"}};
    char folder[] = "/tmp/peakrig-rules-XXXXXX", path[64], more[64];
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/rules.cfg", folder);
    (void)snprintf(more, sizeof more, "%s/more.cfg", folder);
    static const char text[] = FORMAT "\n@include \"more.cfg\"\n";
    assert_int_equal(rig_atomic_file_write(path, text, strlen(text), NULL), RIG_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_rules *rules = NULL;
        rig_error err = {.text = ""};
        assert_int_equal(
            rig_atomic_file_write(more, cases[i].included, strlen(cases[i].included), NULL),
            RIG_OK);
        rig_status status = rig_rules_read(path, &rules, &err);
        if (status != (cases[i].error == NULL ? RIG_OK : RIG_EINPUT) ||
            (cases[i].error != NULL && strstr(err.text, cases[i].error) == NULL))
            fail_msg("status %d, \"%s\"", (int)status, err.text);
        if (status == RIG_OK)
            assert_int_equal(rules->n_marks, 1);
        rig_rules_free(rules);
    }
    remove(path);
    remove(more);
    remove(folder);
}

/* embedded.cfg spells out the built-in rules: the same marks and joins, field by field. */
static void test_built_in(void **state)
{
    (void)state;
    rig_rules *built_in = NULL, *read = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_rules_new(&built_in, NULL), RIG_OK);
    if (rig_rules_read(PEAKRIG_SOURCE "/scenarios/rules/embedded.cfg", &read, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_string_equal(read->name, built_in->name);
    assert_int_equal(read->n_joins, built_in->n_joins);
    for (size_t i = 0; i < read->n_joins; i++) {
        assert_string_equal(read->joins[i].name, built_in->joins[i].name);
        assert_int_equal(read->joins[i].kind, built_in->joins[i].kind);
        assert_int_equal(read->joins[i].header, built_in->joins[i].header);
        assert_int_equal(read->joins[i].window_ns, built_in->joins[i].window_ns);
    }
    assert_int_equal(read->n_marks, built_in->n_marks);
    for (size_t i = 0; i < read->n_marks; i++) {
        const rig_mark_rule *a = &read->marks[i], *b = &built_in->marks[i];
        assert_string_equal(a->name, b->name);
        assert_int_equal(a->meaning, b->meaning);
        assert_int_equal(a->is_request, b->is_request);
        assert_int_equal(a->methods, b->methods);
        assert_int_equal(a->n_codes, b->n_codes);
        assert_memory_equal(a->codes, b->codes, sizeof a->codes);
        assert_int_equal(a->leg, b->leg);
        assert_int_equal(a->from, b->from);
        assert_int_equal(a->header, b->header);
        assert_int_equal(a->value_match, b->value_match);
        assert_string_equal(a->value != NULL ? a->value : "", b->value != NULL ? b->value : "");
        assert_null(a->body_text);
    }
    assert_memory_equal(&read->wanted, &built_in->wanted, sizeof read->wanted);
    assert_int_equal(read->n_elapsed, 0);
    assert_int_equal(read->n_outcomes, 0);
    assert_true(read->has_built_in_outcomes);
    assert_false(read->rings_on_18x);
    rig_rules_free(built_in);
    rig_rules_free(read);
    rig_rules_free(NULL);
}

static void test_shipped(void **state)
{
    (void)state;
    static const char *const names[] = {"asterisk", "quiet"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[512];
        rig_rules *rules = NULL;
        rig_error err = {.text = ""};
        snprintf(path, sizeof path, "%s/scenarios/rules/%s.cfg", PEAKRIG_SOURCE, names[i]);
        if (rig_rules_read(path, &rules, &err) != RIG_OK)
            fail_msg("%s", err.text);
        rig_rules_free(rules);
    }
}

/* A section that is absent is the built-in one; one that is there stands in its place. */
static void test_sections(void **state)
{
    (void)state;
    rig_rules *rules = made_of(FORMAT);
    assert_string_equal(rules->name, "x.cfg");
    assert_int_equal(rules->n_joins, 2);
    assert_int_equal(rules->n_marks, 6);
    rig_rules_free(rules);
    rules = made_of(FORMAT "joins = (); marks = (); agents = { ringing_on = \"18x\"; };"
                           "built_in_outcomes = false;");
    assert_int_equal(rules->n_joins, 0);
    assert_int_equal(rules->n_marks, 0);
    assert_true(rules->rings_on_18x);
    rig_call_facts facts = {.end = RIG_END_NONE};
    assert_null(rig_rules_decide(rules, &facts));
    rig_rules_free(rules);
    /* Those that go by the time are ordered by it. */
    rules = made_of(FORMAT "marks = ( { means = \"queue\"; after_answer_s = 30; },"
                           "{ means = \"talking\"; after_answer_s = 90; },"
                           "{ means = \"menu\"; after_answer_s = 2.5; } );");
    assert_int_equal(rules->n_elapsed, 3);
    assert_int_equal(rules->elapsed[0].after_ns, 5 * RIG_NS_PER_S / 2);
    assert_string_equal(rules->elapsed[0].name, "marks[2]");
    assert_int_equal(rules->elapsed[2].meaning, RIG_MEANS_TALKING);
    rig_rules_free(rules);
    rules = made_of(FORMAT "joins = ( { by = \"bye\"; }, { by = \"same\"; header = \"X-CID\"; "
                           "window_s = 5; } );");
    assert_int_equal(rules->bye_window_ns, 12000000);
    assert_int_equal(rules->joins[1].window_ns, 5 * RIG_NS_PER_S);
    rig_rules_free(rules);
}

/* Outcome rules: those of the file come first, in their order; every field counts. */
static void test_outcomes(void **state)
{
    (void)state;
    rig_rules *rules = made_of(
        FORMAT
        "outcomes = ("
        "{ name = \"early\"; end = \"caller_bye\"; phases = [ \"menu\" ]; when = [ \"marks\", "
        "\"answer_seen\" ]; cause = [ \"none\" ]; answered_max_s = 2.0; outcome = \"lost_ivr\"; "
        "reason = \"hung up at once\"; },"
        "{ end = \"refused\"; codes = ( 486, \"600-603\" ); q850 = [ 17 ]; "
        "outcome = \"lost_agent\"; reason = \"%c%q\"; } );");
    rig_call_facts facts = {.end = RIG_END_CALLER_BYE,
                            .phase = RIG_PHASE_MENU,
                            .is_answer_seen = true,
                            .capture_has_queue_marks = true,
                            .q850_cause = RIG_SIP_NO_CAUSE,
                            .answered_ns = RIG_NS_PER_S,
                            .waited_ns = -1};
    const rig_outcome_rule *rule = rig_rules_decide(rules, &facts);
    assert_ptr_equal(rule, &rules->outcomes[0]);
    assert_string_equal(rule->name, "early");
    facts.answered_ns = 2 * RIG_NS_PER_S; /* now the built-in ones */
    rule = rig_rules_decide(rules, &facts);
    assert_null(rule->name);
    assert_int_equal(rule->outcome, RIG_OUTCOME_SELF_SERVED);
    facts = (rig_call_facts){
        .end = RIG_END_REFUSED, .phase = RIG_PHASE_OFFERED, .final_code = 602, .q850_cause = 17};
    char reason[RIG_CALL_REASON_SIZE];
    rule = rig_rules_decide(rules, &facts);
    assert_int_equal(rig_outcomes_say(rule, &facts, reason), RIG_OUTCOME_LOST_AGENT);
    assert_string_equal(reason, "602 Q.850;cause=17");
    facts.q850_cause = 18;
    assert_int_equal(rig_rules_decide(rules, &facts)->outcome, RIG_OUTCOME_LOST_TRUNK);
    rig_rules_free(rules);
}

#define HEADS                                                                                      \
    "Via: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=a\r\nTo: <sip:b@c>;tag=b\r\n"       \
    "Call-ID: x\r\n"

static void test_marks(void **state)
{
    (void)state;
    rig_rules *rules = made_of(
        FORMAT
        "marks = ("
        "{ means = \"queue\"; codes = ( \"181-182\", 183 ); },"                       /* 1 */
        "{ means = \"ringing\"; codes = [ 200 ]; methods = [ \"INFO\", \"BYE\" ]; }," /* 2 */
        "{ means = \"queue\"; method = \"NOTIFY\"; header = \"Event\"; value = \"QUEUE\"; }," /* 4
                                                                                               */
        "{ means = \"menu\"; method = \"NOTIFY\"; header = \"Event\"; contains = \"men\"; }," /* 8
                                                                                               */
        "{ means = \"talking\"; method = \"MESSAGE\"; body = \"agent\"; },"          /* 16 */
        "{ means = \"deflected\"; method = \"BYE\"; header = \"X-Callback\"; } );"); /* 32 */
    static const struct {
        const char *text;
        uint64_t expected;
    } cases[] = {
        {"SIP/2.0 182 Q\r\n" HEADS "CSeq: 1 INVITE\r\n\r\n", 1},
        {"SIP/2.0 183 Q\r\n" HEADS "CSeq: 1 INVITE\r\n\r\n", 1},
        {"SIP/2.0 180 Q\r\n" HEADS "CSeq: 1 INVITE\r\n\r\n", 0},
        {"SIP/2.0 184 Q\r\n" HEADS "CSeq: 1 INVITE\r\n\r\n", 0},
        {"SIP/2.0 182 Q\r\n" HEADS "CSeq: 1 PRACK\r\n\r\n", 0},
        {"SIP/2.0 200 Q\r\n" HEADS "CSeq: 1 INFO\r\n\r\n", 2},
        {"SIP/2.0 200 Q\r\n" HEADS "CSeq: 1 BYE\r\n\r\n", 2},
        {"SIP/2.0 200 Q\r\n" HEADS "CSeq: 1 INVITE\r\n\r\n", 0},
        {"INFO sip:c SIP/2.0\r\n" HEADS "CSeq: 1 INFO\r\n\r\n", 0},
        {"NOTIFY sip:c SIP/2.0\r\n" HEADS "CSeq: 1 NOTIFY\r\no: queue\r\n\r\n", 4},
        {"NOTIFY sip:c SIP/2.0\r\n" HEADS "CSeq: 1 NOTIFY\r\nEvent: queued\r\n\r\n", 0},
        {"NOTIFY sip:c SIP/2.0\r\n" HEADS "CSeq: 1 NOTIFY\r\nEVENT : a menu\r\n\r\n", 8},
        {"NOTIFY sip:c SIP/2.0\r\n" HEADS "CSeq: 1 NOTIFY\r\n\r\nEvent: queue", 0},
        {"MESSAGE sip:c SIP/2.0\r\n" HEADS "CSeq: 1 MESSAGE\r\n\r\nan AGENT is here", 16},
        {"MESSAGE sip:c SIP/2.0\r\n" HEADS "CSeq: 1 MESSAGE\r\nl: 5\r\n\r\nan AGENT is here", 0},
        {"MESSAGE sip:c SIP/2.0\r\n" HEADS "CSeq: 1 MESSAGE\r\nX: agent\r\n\r\nnobody", 0},
        {"BYE sip:c SIP/2.0\r\n" HEADS "CSeq: 1 BYE\r\nX-Callback: yes\r\n\r\n", 32},
        {"BYE sip:c SIP/2.0\r\n" HEADS "CSeq: 1 BYE\r\n\r\n", 0},
    };
    assert_int_equal(rules->queue_marks, 1 | 4);
    assert_int_equal(rules->ringing_marks, 2);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_sip sip;
        assert_int_equal(rig_sip_parse(rig_slice_of(cases[i].text), false, &rules->wanted, &sip),
                         RIG_SIP_OK);
        uint64_t got = rig_rules_match(rules, &sip);
        if (got != cases[i].expected)
            fail_msg("case %zu: marks %llx; expected %llx", i, (unsigned long long)got,
                     (unsigned long long)cases[i].expected);
    }
    rig_rules_free(rules);
}

static void test_least_talk_and_relay(void **state)
{
    (void)state;
    static const char head[] = "format = \"peakrig rules 1\";\n";
    char text[512];
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_rules_new(&rules, NULL), RIG_OK);
    assert_int_equal(rules->least_talk_ns, RIG_RULES_LEAST_TALK_NS);
    rig_rules_free(rules);
    snprintf(text, sizeof text,
             "%sagents = { least_talk_s = 0.5; };\n"
             "joins = ( { by = \"number\"; same_dialled = \"agent\";\n"
             "            relays = ( \"192.0.2.0/28\", \"2001:db8::7\" ); } );\n",
             head);
    if (rig_rules_read_text(text, "r", &rules, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(rules->least_talk_ns, RIG_NS_PER_S / 2);
    assert_true(rules->joins[0].same_dialled_is_agent);
    assert_true(rules->has_number_join);
    const uint64_t v4 = UINT64_C(0xffff00000000) | UINT64_C(0xc0000200);
    assert_true(rules->knows_relays);
    assert_true(rig_rules_is_relay(rules, (rig_endpoint){.ip_low = v4 + 15, .port = 9}));
    assert_false(rig_rules_is_relay(rules, (rig_endpoint){.ip_low = v4 + 16, .port = 9}));
    assert_true(rig_rules_is_relay(
        rules, (rig_endpoint){.ip_high = UINT64_C(0x20010db800000000), .ip_low = 7}));
    rig_rules_free(rules);
    static const char *const bad[] = {
        "joins = ( { by = \"bye\"; relays = ( \"192.0.2.1\" ); } );\n",
        "joins = ( { by = \"number\"; relays = ( \"192.0.2.1/24\" ); } );\n",
        "joins = ( { by = \"number\"; relays = ( \"centre\" ); } );\n",
        "joins = ( { by = \"number\"; relays = ( 7 ); } );\n",
        "joins = ( { by = \"number\"; relays = \"192.0.2.1\"; } );\n",
        "joins = ( { by = \"bye\"; same_dialled = \"agent\"; } );\n",
        "joins = ( { by = \"number\"; same_dialled = \"hop\"; } );\n",
        "agents = { least_talk_s = -1; };\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(text, sizeof text, "%s%s", head, bad[i]);
        assert_int_equal(rig_rules_read_text(text, "r", &rules, &err), RIG_EINPUT);
        assert_non_null(strstr(err.text, "r:2: "));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_errors),   cmocka_unit_test(test_limits),
        cmocka_unit_test(test_files),    cmocka_unit_test(test_included),
        cmocka_unit_test(test_built_in), cmocka_unit_test(test_shipped),
        cmocka_unit_test(test_sections), cmocka_unit_test(test_outcomes),
        cmocka_unit_test(test_marks),    cmocka_unit_test(test_least_talk_and_relay),
    };
    return cmocka_run_group_tests_name("analyzer_rules", tests, NULL, NULL);
}
