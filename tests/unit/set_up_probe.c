/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one probing call shows. */
#include "verdict/set_up.h"

#include <string.h>

#include "tests/test.h"
#include "tests/unit/set_up_world.h"

static const rig_check *check_named(const rig_check *checks, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(checks[i].name, name) == 0)
            return &checks[i];
    fail_msg("no check \"%s\"", name);
    return NULL;
}

/* How one probing call ended. */
static void test_how_a_probe_ended(void **state)
{
    static world w;
    static const struct {
        double answer_s, end_s; /* after the INVITE; 0: not */
        rig_bye bye;
        rig_outcome outcome;
        bool is_ok, is_unknown;
        const char *text;
    } rows[] = {
        {4.0, 9.0, RIG_BYE_CALLER, RIG_OUTCOME_SERVED, true, false, "a talk of 5.0 s: caller BYE"},
        {4.0, 5.0, RIG_BYE_CALLEE, RIG_OUTCOME_DROPPED, false, false,
         "the centre cut the talk after 1.0 s, planned were 5 s"},
        {4.0, 0.0, RIG_BYE_NONE, RIG_OUTCOME_IN_PROGRESS, false, true, "the talk was not over"},
        {0.0, 3.0, RIG_BYE_CALLEE, RIG_OUTCOME_LOST_QUEUE, false, false,
         "sent the caller away before an agent answered"},
        {0.0, 9.0, RIG_BYE_CALLER, RIG_OUTCOME_LOST_QUEUE, false, true, "no agent answered before"},
    };
    (void)state;
    begin(&w);
    expect(&w, NULL, ""); /* nothing else is ill */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_check checks[RIG_SET_UP_N_PROBE_CHECKS];
        begin(&w);
        w.input.is_probe = true;
        w.calls[0].t_agent_answer_ns = rows[i].answer_s > 0.0 ? at(rows[i].answer_s) : RIG_NO_TIME;
        w.calls[0].t_end_ns = rows[i].end_s > 0.0 ? at(rows[i].end_s) : RIG_NO_TIME;
        w.calls[0].bye = rows[i].bye;
        w.calls[0].outcome = rows[i].outcome;
        const rig_set_up_probe_facts facts = {
            .set_up = &w.input, .shown_call_id = "", .has_audio = true, .talk_s = 5.0};
        const rig_check *end = check_named(checks, rig_set_up_probe(&facts, checks), "end");
        if (strstr(end->text, rows[i].text) == NULL)
            fail_msg("%s", end->text);
        assert_true(end->is_ok == rows[i].is_ok && end->is_unknown == rows[i].is_unknown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_how_a_probe_ended),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
