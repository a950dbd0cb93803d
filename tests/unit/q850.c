/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causes and what became of attempts: every response that RFC 3398 maps, and each kind of end. */
#include <stdio.h>
#include <string.h>

#include "tests/test.h"

#include "analyzer/q850.h"
#include "analyzer/sessions.h"
#include "core/clock.h"

/* RFC 3398 section 8.2.6.1, and the classes of codes that it lacks. */
static void test_codes(void **state)
{
    (void)state;
    static const struct {
        int code, cause;
    } cases[] = {
        {400, 41},  {401, 21},  {402, 21},  {403, 21},  {404, 1},   {405, 63}, {406, 79},
        {407, 21},  {408, 102}, {410, 22},  {413, 127}, {414, 127}, {415, 79}, {416, 127},
        {420, 127}, {421, 127}, {423, 127}, {480, 18},  {481, 41},  {482, 25}, {483, 25},
        {484, 28},  {485, 1},   {486, 17},  {487, -1},  {488, 31},  {500, 41}, {501, 79},
        {502, 38},  {503, 41},  {504, 102}, {505, 127}, {513, 127}, {600, 17}, {603, 21},
        {604, 1},   {606, 31},  {499, 41},  {580, 41},  {607, 17},  {0, -1},   {100, -1},
        {180, -1},  {200, -1},  {302, -1},  {399, -1},  {700, -1},  {-5, -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (rig_q850_of_code(cases[i].code) != cases[i].cause)
            fail_msg("%d: %d; expected %d", cases[i].code, rig_q850_of_code(cases[i].code),
                     cases[i].cause);
    }
    assert_string_equal(rig_q850_name(17), "user busy");
    assert_string_equal(rig_q850_name(47), "resource unavailable");
    assert_string_equal(rig_q850_name(0), "?");
    assert_string_equal(rig_q850_name(128), "?");
}

typedef struct attempt {
    int code;
    int cause; /* of a Reason header; -1: none */
    bool has_rung, is_answered, is_cancelled;
    rig_bye bye;
    rig_outcome outcome;
    rig_delivery expected;
} attempt;

#define A RIG_DELIVERY_ANSWERED
#define U RIG_DELIVERY_BY_USER
#define F RIG_DELIVERY_FAILED
#define G RIG_DELIVERY_ABANDONED
#define E RIG_DELIVERY_ELSEWHERE
#define P RIG_DELIVERY_PENDING

static const attempt attempts[] = {
    {200, -1, true, true, false, RIG_BYE_CALLER, RIG_OUTCOME_SERVED, A},
    {200, 41, false, true, false, RIG_BYE_CALLEE, RIG_OUTCOME_DROPPED, A},
    {200, -1, false, true, false, RIG_BYE_NONE, RIG_OUTCOME_IN_PROGRESS, A},
    {0, -1, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_IN_PROGRESS, P},
    /* by the response alone */
    {486, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {600, -1, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {603, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {480, -1, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {403, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {404, -1, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {500, -1, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {503, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {408, -1, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {0, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {0, 17, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    /* the Reason header says more than the response */
    {603, 41, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {603, 44, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {603, 47, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {603, 102, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {603, 27, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {603, 16, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {603, 26, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {603, 0, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U}, /* 0 is none */
    {486, 34, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, F},
    {500, 17, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {503, 19, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {480, 20, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_TRUNK, U},
    {487, 38, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_IVR, F},
    /* the caller gives up */
    {487, -1, true, false, true, RIG_BYE_NONE, RIG_OUTCOME_LOST_IVR, U},
    {487, -1, false, false, true, RIG_BYE_NONE, RIG_OUTCOME_LOST_IVR, G},
    {487, 16, true, false, true, RIG_BYE_NONE, RIG_OUTCOME_LOST_IVR, U},
    {0, -1, true, false, true, RIG_BYE_NONE, RIG_OUTCOME_LOST_IVR, U},
    {487, -1, true, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_IVR, U},
    {487, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_LOST_IVR, G},
    {0, -1, true, false, false, RIG_BYE_CALLER, RIG_OUTCOME_LOST_IVR, U},
    {0, -1, false, false, false, RIG_BYE_CALLER, RIG_OUTCOME_LOST_IVR, G},
    /* sent elsewhere */
    {302, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_UNCLASSIFIED, E},
    {401, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_UNCLASSIFIED, E},
    {407, -1, false, false, false, RIG_BYE_NONE, RIG_OUTCOME_UNCLASSIFIED, E},
};

static void test_deliveries(void **state)
{
    (void)state;
    uint64_t n_delivered = 0, n_deliverable = 0, n_seized = 0;
    static rig_sessions sessions;
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        const attempt *c = &attempts[i];
        const rig_call call = {.t_invite_ns = 1,
                               .t_provisional_ns = c->has_rung ? 2 : RIG_NO_TIME,
                               .t_menu_ns = RIG_NO_TIME,
                               .t_answer_ns = c->is_answered ? 3 : RIG_NO_TIME,
                               .t_queue_ns = RIG_NO_TIME,
                               .t_agent_ring_ns = RIG_NO_TIME,
                               .t_agent_answer_ns = RIG_NO_TIME,
                               .t_end_ns = 4,
                               .final_code = c->code,
                               .answered = c->is_answered,
                               .cancelled = c->is_cancelled,
                               .bye = c->bye,
                               .outcome = c->outcome};
        const rig_finished_call finished = {.call = &call,
                                            .outcome_if_marks = c->outcome,
                                            .q850_cause = c->cause,
                                            .t_failed_ns = RIG_NO_TIME,
                                            .t_bye_done_ns = RIG_NO_TIME};
        rig_delivery got = rig_delivery_of_call(&finished);
        if (got != c->expected)
            fail_msg("case %zu: %d with cause %d: %d; expected %d", i, c->code, c->cause, (int)got,
                     (int)c->expected);
        const rig_session_counts counts = rig_session_counts_of(&finished);
        assert_int_equal(counts.is_offered, got != P);
        assert_int_equal(counts.is_delivered, got == A || got == U);
        assert_int_equal(counts.is_deliverable, got != P && got != E);
        if (counts.is_offered && c->has_rung)
            assert_true(counts.is_seized); /* who rings has seized */
        n_delivered += counts.is_delivered;
        n_deliverable += counts.is_deliverable;
        n_seized += counts.is_seized;
        rig_sessions_add(&sessions, &finished);
    }
    assert_int_equal(sessions.n_delivered, n_delivered);
    assert_int_equal(sessions.n_deliverable, n_deliverable);
    assert_int_equal(sessions.n_seizures, n_seized);
    assert_int_equal(sessions.n_why[41], 3); /* 500, 503, and the 603 that says so */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_codes),
                                       cmocka_unit_test(test_deliveries)};
    return cmocka_run_group_tests_name("q850", tests, NULL, NULL);
}
