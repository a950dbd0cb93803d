/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outcome table: each row by the facts that lead to it, and every combination of facts has one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "analyzer/outcome.h"
#include "analyzer/why/rule_words.h"
#include "analyzer/sip.h"

#define NO RIG_SIP_NO_CAUSE

typedef struct expectation {
    rig_call_facts facts;
    const char *text; /* of the Reason */
    rig_outcome outcome;
    const char *reason;
} expectation;

/* Facts by their order: end, phase, code, early BYE, answer seen, crossed, agent leg, agent end,
 * marks, cause. */
#define FACTS(e, p, code, early, seen, crossed, leg, agent, marks, cause)                          \
    {                                                                                              \
        .end = RIG_END_##e, .phase = RIG_PHASE_##p, .final_code = code, .is_early_bye = early,     \
        .is_answer_seen = seen, .is_answer_crossed = crossed, .has_agent_leg = leg,                \
        .agent_end = RIG_AGENT_END_##agent, .capture_has_queue_marks = marks, .q850_cause = cause  \
    }

static const expectation rows[] = {
    /* clang-format off */
    {FACTS(NONE, OFFERED, 0, 0, 0, 0, 0, UNKNOWN, 0, NO), "",
     RIG_OUTCOME_IN_PROGRESS, "not over at the end of the capture"},
    {FACTS(NONE, TALKING, 200, 0, 1, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_IN_PROGRESS, "not over at the end of the capture"},
    {FACTS(NO_RESPONSE, OFFERED, 0, 0, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_TRUNK, "no response"},
    {FACTS(CHALLENGED, OFFERED, 407, 0, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_UNCLASSIFIED, "407 without a further attempt"},

    {FACTS(REFUSED, OFFERED, 503, 0, 0, 0, 0, UNKNOWN, 0, 34), "No circuit available",
     RIG_OUTCOME_LOST_TRUNK, "503 Q.850;cause=34"},
    {FACTS(REFUSED, OFFERED, 400, 0, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_TRUNK, "400"},
    {FACTS(REFUSED, OFFERED, 603, 0, 0, 0, 0, UNKNOWN, 1, 0), "",
     RIG_OUTCOME_LOST_TRUNK, "603 Q.850;cause=0"},
    {FACTS(REFUSED, OFFERED, 487, 0, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_IVR, "487; its CANCEL was not captured"},
    {FACTS(REFUSED, QUEUE, 487, 0, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_QUEUE, "487 from the queue"},
    {FACTS(REFUSED, QUEUE, 480, 0, 0, 0, 0, UNKNOWN, 1, 31), "",
     RIG_OUTCOME_LOST_QUEUE, "480 Q.850;cause=31 from the queue"},
    {FACTS(REFUSED, RINGING, 480, 0, 0, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_QUEUE, "480 from the queue"},
    {FACTS(REFUSED, TALKING, 500, 0, 0, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_DROPPED, "500 after an agent's answer"},

    {FACTS(CANCELLED, OFFERED, 487, 0, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_IVR, "caller CANCEL"},
    {FACTS(CANCELLED, OFFERED, 0, 1, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_IVR, "caller BYE before the answer"},
    {FACTS(CANCELLED, QUEUE, 487, 0, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_QUEUE, "caller CANCEL"},
    {FACTS(CANCELLED, QUEUE, 0, 1, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_QUEUE, "caller BYE before the answer"},
    {FACTS(CANCELLED, RINGING, 487, 0, 0, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_AGENT, "caller CANCEL"},
    {FACTS(CANCELLED, TALKING, 487, 0, 0, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_AGENT, "caller CANCEL"},
    {FACTS(CANCELLED, RINGING, 0, 1, 0, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_AGENT, "caller BYE before the answer"},

    {FACTS(CROSSED, OFFERED, 200, 0, 1, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_IVR, "answer crossed CANCEL"},
    {FACTS(CROSSED, QUEUE, 200, 0, 1, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_QUEUE, "answer crossed CANCEL"},
    {FACTS(CROSSED, RINGING, 200, 0, 1, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_AGENT, "answer crossed CANCEL"},

    {FACTS(CALLER_BYE, MENU, 200, 0, 1, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_SELF_SERVED, "caller BYE"},
    {FACTS(CALLER_BYE, MENU, 200, 0, 1, 0, 0, UNKNOWN, 0, NO), "",
     RIG_OUTCOME_UNCLASSIFIED, "left after the answer; the target shows no queue marks"},
    {FACTS(CALLER_BYE, MENU, 0, 0, 0, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_UNCLASSIFIED, "caller BYE; the answer was not captured"},
    {FACTS(CALLER_BYE, QUEUE, 200, 0, 1, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_QUEUE, "caller BYE"},
    {FACTS(CALLER_BYE, QUEUE, 200, 0, 1, 0, 1, UNKNOWN, 0, 16), "",
     RIG_OUTCOME_LOST_QUEUE, "caller BYE"},
    {FACTS(CALLER_BYE, RINGING, 200, 0, 1, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_AGENT, "caller BYE"},
    {FACTS(CALLER_BYE, RINGING, 200, 0, 1, 1, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_LOST_AGENT, "caller BYE; the agent's answer crossed it"},
    {FACTS(CALLER_BYE, TALKING, 200, 0, 1, 0, 1, BY_CENTRE, 1, NO), "",
     RIG_OUTCOME_SERVED, "caller BYE"},

    {FACTS(CENTRE_BYE, MENU, 200, 0, 1, 0, 0, UNKNOWN, 1, 16), "",
     RIG_OUTCOME_DROPPED, "centre BYE Q.850;cause=16 before the queue"},
    {FACTS(CENTRE_BYE, MENU, 200, 0, 1, 0, 0, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_DROPPED, "centre BYE before the queue"},
    {FACTS(CENTRE_BYE, MENU, 200, 0, 1, 0, 0, UNKNOWN, 0, 41), "",
     RIG_OUTCOME_DROPPED, "centre BYE Q.850;cause=41 before the queue"},
    {FACTS(CENTRE_BYE, MENU, 200, 0, 1, 0, 0, UNKNOWN, 0, 42), "QUEUE FULL",
     RIG_OUTCOME_LOST_QUEUE, "centre BYE Q.850;cause=42 (QUEUE FULL)"},
    {FACTS(CENTRE_BYE, MENU, 200, 0, 1, 0, 0, UNKNOWN, 0, 16), "",
     RIG_OUTCOME_UNCLASSIFIED,
     "centre BYE Q.850;cause=16 after the answer; the target shows no queue marks"},
    {FACTS(CENTRE_BYE, MENU, 200, 0, 1, 0, 0, UNKNOWN, 0, 0), "",
     RIG_OUTCOME_UNCLASSIFIED,
     "centre BYE Q.850;cause=0 after the answer; the target shows no queue marks"},
    {FACTS(CENTRE_BYE, QUEUE, 200, 0, 1, 0, 0, UNKNOWN, 1, 102), "Queue timeout",
     RIG_OUTCOME_LOST_QUEUE, "centre BYE Q.850;cause=102 (Queue timeout)"},
    {FACTS(CENTRE_BYE, QUEUE, 200, 0, 1, 0, 0, UNKNOWN, 1, 16), "",
     RIG_OUTCOME_LOST_QUEUE, "centre BYE Q.850;cause=16"},
    {FACTS(CENTRE_BYE, RINGING, 200, 0, 1, 0, 1, UNKNOWN, 1, 102), "Queue timeout",
     RIG_OUTCOME_LOST_QUEUE, "centre BYE Q.850;cause=102 (Queue timeout)"},
    {FACTS(CENTRE_BYE, RINGING, 200, 0, 1, 0, 1, UNKNOWN, 1, 16), "",
     RIG_OUTCOME_LOST_QUEUE, "centre BYE Q.850;cause=16 while an agent's phone rang"},
    {FACTS(CENTRE_BYE, RINGING, 200, 0, 1, 0, 1, UNKNOWN, 1, 0), "",
     RIG_OUTCOME_LOST_QUEUE, "centre BYE Q.850;cause=0 while an agent's phone rang"},
    {FACTS(CENTRE_BYE, RINGING, 200, 0, 1, 0, 1, UNKNOWN, 1, 41), "",
     RIG_OUTCOME_DROPPED, "centre BYE Q.850;cause=41 while an agent's phone rang"},
    {FACTS(CENTRE_BYE, TALKING, 200, 0, 1, 0, 1, BY_AGENT, 1, 16), "",
     RIG_OUTCOME_SERVED, "agent BYE"},
    {FACTS(CENTRE_BYE, TALKING, 200, 0, 1, 0, 1, BY_AGENT, 1, 0), "",
     RIG_OUTCOME_SERVED, "agent BYE"},
    {FACTS(CENTRE_BYE, TALKING, 200, 0, 1, 0, 1, BY_AGENT, 1, 41), "",
     RIG_OUTCOME_DROPPED, "centre BYE Q.850;cause=41"},
    {FACTS(CENTRE_BYE, TALKING, 200, 0, 1, 0, 1, BY_CENTRE, 1, 16), "",
     RIG_OUTCOME_DROPPED, "centre BYE to the caller and to the agent Q.850;cause=16"},
    {FACTS(CENTRE_BYE, TALKING, 200, 0, 1, 0, 1, UNKNOWN, 1, NO), "",
     RIG_OUTCOME_UNCLASSIFIED, "centre BYE; the end of the agent's leg was not captured"},
    {FACTS(CENTRE_BYE, TALKING, 200, 0, 1, 0, 0, UNKNOWN, 1, 16), "",
     RIG_OUTCOME_SERVED, "centre BYE Q.850;cause=16"},
    {FACTS(CENTRE_BYE, TALKING, 200, 0, 1, 0, 0, UNKNOWN, 1, 38), "Network",
     RIG_OUTCOME_DROPPED, "centre BYE Q.850;cause=38 (Network)"},
    /* clang-format on */
};

static void test_rows(void **state)
{
    (void)state;
    int n_wrong = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_call_facts facts = rows[i].facts;
        facts.q850_text = rig_slice_of(rows[i].text);
        rig_outcome outcome = RIG_OUTCOME_NOT_PLACED;
        char reason[RIG_CALL_REASON_SIZE] = "";
        rig_outcomes_decide(&facts, &outcome, reason);
        if (outcome == rows[i].outcome && strcmp(reason, rows[i].reason) == 0)
            continue;
        fprintf(stderr, "row %zu: %s \"%s\"; expected %s \"%s\"\n", i, rig_outcome_name(outcome),
                reason, rig_outcome_name(rows[i].outcome), rows[i].reason);
        n_wrong++;
    }
    assert_int_equal(n_wrong, 0);
}

/* Whatever is known of a call, a row decides. */
static void test_no_gap(void **state)
{
    (void)state;
    static const int causes[] = {NO, 0, 16, 42};
    for (int end = 0; end < RIG_N_ENDS; end++) {
        for (unsigned bits = 0; bits < 32; bits++) {
            for (int phase = 0; phase < RIG_N_PHASES; phase++) {
                for (int agent = 0; agent <= RIG_AGENT_END_BY_CENTRE; agent++) {
                    for (size_t c = 0; c < 8; c++) {
                        rig_call_facts facts = {
                            .end = (rig_end)end,
                            .phase = (rig_phase)phase,
                            .final_code = 487,
                            .is_early_bye = bits & 1,
                            .is_answer_seen = (bits & 2) != 0,
                            .is_answer_crossed = (bits & 4) != 0,
                            .has_agent_leg = (bits & 8) != 0,
                            .agent_end = (rig_agent_end)agent,
                            .capture_has_queue_marks = (bits & 16) != 0,
                            .q850_cause = causes[c / 2],
                            .q850_text = rig_slice_of(c % 2 ? "in the queue" : ""),
                        };
                        rig_outcome outcome = RIG_OUTCOME_NOT_PLACED;
                        char reason[RIG_CALL_REASON_SIZE] = "";
                        rig_outcomes_decide(&facts, &outcome, reason);
                        assert_true(outcome < RIG_OUTCOME_NOT_PLACED);
                        assert_true(reason[0] != '\0');
                        assert_string_not_equal(reason, "no rule fits");
                    }
                }
            }
        }
    }
}

/* Text of the wire is bounded, and made printable ASCII. */
static void test_reason_is_printable_and_fits(void **state)
{
    (void)state;
    char text[300];
    memset(text, 'x', sizeof text);
    text[0] = '\r';
    text[1] = (char)0xc3;
    text[2] = '\0';
    rig_call_facts facts = {.end = RIG_END_CENTRE_BYE,
                            .phase = RIG_PHASE_QUEUE,
                            .q850_cause = 42,
                            .q850_text = {.p = text, .n = sizeof text}};
    rig_outcome outcome;
    char reason[RIG_CALL_REASON_SIZE];
    memset(reason, 0x7f, sizeof reason);
    rig_outcomes_decide(&facts, &outcome, reason);
    assert_int_equal(strlen(reason), sizeof reason - 1);
    assert_memory_equal(reason, "centre BYE Q.850;cause=42 (???xxx", 33);
}

/* A failure that Q.850 has no number for: of SIP, or of the centre's own. */
static void test_other_causes(void **state)
{
    (void)state;
    rig_call_facts facts = {.end = RIG_END_CENTRE_BYE,
                            .phase = RIG_PHASE_TALKING,
                            .has_agent_leg = true,
                            .agent_end = RIG_AGENT_END_BY_AGENT,
                            .q850_cause = NO,
                            .other_cause = 604,
                            .q850_text = rig_slice_of("MEDIA_TIMEOUT")};
    rig_outcome outcome;
    rig_call call = {.final_code = 200};
    rig_outcomes_decide(&facts, &outcome, call.reason);
    assert_int_equal(outcome, RIG_OUTCOME_DROPPED);
    assert_string_equal(call.reason, "centre BYE cause=604 (MEDIA_TIMEOUT)");
    assert_int_equal(rig_call_other_cause(&call), 604);
    assert_int_equal(rig_call_cause(&call), 0);
    facts.q850_cause = 16; /* Q.850 counts where it is named */
    rig_outcomes_decide(&facts, &outcome, call.reason);
    assert_int_equal(outcome, RIG_OUTCOME_SERVED);
    facts.q850_cause = 41;
    facts.q850_text = rig_slice_of("Q.850;cause=1 cause=2");
    rig_outcomes_decide(&facts, &outcome, call.reason);
    assert_int_equal(rig_call_cause(&call), 41);
    assert_int_equal(rig_call_other_cause(&call), 0);
    facts.q850_cause = facts.other_cause = NO;
    facts.agent_end = RIG_AGENT_END_BY_CENTRE; /* its reason is said: words of the wire are none */
    rig_outcomes_decide(&facts, &outcome, call.reason);
    assert_int_equal(rig_call_cause(&call), 0);
}

static void test_flags(void **state)
{
    (void)state;
    rig_call_facts facts = {.end = RIG_END_CALLER_BYE,
                            .phase = RIG_PHASE_QUEUE,
                            .is_answer_seen = true,
                            .is_deflected = true,
                            .q850_cause = NO};
    rig_outcome outcome;
    char reason[RIG_CALL_REASON_SIZE];
    rig_outcomes_decide(&facts, &outcome, reason);
    assert_int_equal(outcome, RIG_OUTCOME_DEFLECTED);
    facts.end = RIG_END_CENTRE_BYE;
    rig_outcomes_decide(&facts, &outcome, reason);
    assert_int_equal(outcome, RIG_OUTCOME_DEFLECTED);
    facts.end = RIG_END_REFUSED; /* by a centre that answers for the agent alone */
    facts.final_code = 480;
    rig_outcomes_decide(&facts, &outcome, reason);
    assert_int_equal(outcome, RIG_OUTCOME_DEFLECTED);
    assert_string_equal(reason, "480; a call back was promised");
    facts.end = RIG_END_CENTRE_BYE;
    facts.phase = RIG_PHASE_TALKING; /* an agent has taken the call after all */
    rig_outcomes_decide(&facts, &outcome, reason);
    assert_int_equal(outcome, RIG_OUTCOME_SERVED);
    facts = (rig_call_facts){.end = RIG_END_NONE, .is_silent = true, .q850_cause = NO};
    rig_outcomes_decide(&facts, &outcome, reason);
    assert_int_equal(outcome, RIG_OUTCOME_UNCLASSIFIED);
    assert_string_equal(reason, "nothing was heard of it any more");
}

/* What only rules of a file ask for: codes, causes, times. */
static void test_numbers(void **state)
{
    (void)state;
    const rig_outcome_rule rule = {.end = RIG_END_REFUSED,
                                   .phases = (1u << RIG_N_PHASES) - 1,
                                   .causes = RIG_Q850_ANY,
                                   .has_times = true,
                                   .min_answered_ns = 10,
                                   .max_answered_ns = 20,
                                   .max_waited_ns = RIG_RULE_NO_LIMIT_NS,
                                   .n_codes = 2,
                                   .codes = {{480, 489}, {600, 600}},
                                   .n_q850 = 2,
                                   .q850 = {17, 21}};
    const struct {
        int code, cause;
        int64_t answered_ns;
        bool fits;
    } cases[] = {
        {480, 17, 10, true},  {489, 21, 19, true},  {600, 17, 15, true},  {479, 17, 15, false},
        {490, 17, 15, false}, {601, 17, 15, false}, {486, 16, 15, false}, {486, NO, 15, false},
        {486, 17, 9, false},  {486, 17, 20, false}, {486, 17, -1, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        rig_call_facts facts = {.end = RIG_END_REFUSED,
                                .final_code = cases[i].code,
                                .q850_cause = cases[i].cause,
                                .answered_ns = cases[i].answered_ns,
                                .waited_ns = -1};
        if ((rig_outcomes_find(&rule, 1, &facts) == &rule) != cases[i].fits)
            fail_msg("case %zu", i);
    }
    /* A limit that is asked for wants the time to be known. */
    rig_outcome_rule waited = rule;
    waited.n_codes = waited.n_q850 = 0;
    waited.min_answered_ns = 0;
    waited.max_answered_ns = RIG_RULE_NO_LIMIT_NS;
    waited.max_waited_ns = 5;
    rig_call_facts facts = {.end = RIG_END_REFUSED, .answered_ns = -1, .waited_ns = -1};
    assert_null(rig_outcomes_find(&waited, 1, &facts));
    facts.waited_ns = 4;
    assert_ptr_equal(rig_outcomes_find(&waited, 1, &facts), &waited);
    assert_null(rig_outcomes_find(&waited, 0, &facts));
}

static void test_reasons(void **state)
{
    (void)state;
    assert_true(rig_outcomes_reason_is_good("busy %c%q%t."));
    assert_false(rig_outcomes_reason_is_good(""));
    assert_false(rig_outcomes_reason_is_good("100%"));
    assert_false(rig_outcomes_reason_is_good("%s"));
    assert_false(rig_outcomes_reason_is_good("a\tb"));
    char text[RIG_CALL_REASON_SIZE + 1];
    memset(text, 'x', sizeof text);
    text[RIG_CALL_REASON_SIZE] = '\0';
    assert_false(rig_outcomes_reason_is_good(text));
    text[RIG_CALL_REASON_SIZE - 1] = '\0';
    assert_true(rig_outcomes_reason_is_good(text));
    rig_call_facts facts = {.q850_cause = NO};
    char reason[RIG_CALL_REASON_SIZE];
    assert_int_equal(rig_outcomes_say(NULL, &facts, reason), RIG_OUTCOME_UNCLASSIFIED);
    assert_string_equal(reason, "no rule fits");
}

/* Every end, phase, cause and condition of a rule has its word: nothing is said without one. */
static void test_rules_are_said_whole(void **state)
{
    (void)state;
    char text[400];
    size_t n;
    const rig_outcome_rule *rules = rig_outcomes_built_in(&n);
    bool has_refused = false;
    for (size_t i = 0; i < n; i++) {
        rig_rule_words(&rules[i], text, sizeof text);
        assert_null(strstr(text, "when;"));
        assert_null(strstr(text, "when)"));
        assert_null(strstr(text, "(null)"));
        has_refused |= strstr(text, "; when connect_refused") != NULL;
    }
    assert_true(has_refused);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_are_said_whole),
        cmocka_unit_test(test_other_causes),
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_no_gap),
        cmocka_unit_test(test_reason_is_printable_and_fits),
    };
    return cmocka_run_group_tests_name("analyzer_outcome", tests, NULL, NULL);
}
