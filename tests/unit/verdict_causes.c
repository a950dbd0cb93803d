/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cause that a verdict names: what explains the deviation, or that nothing does. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "verdict/verdict.h"
#include "tests/unit/verdict_run.h"

/* The cause is where the finding that explains the deviation is, wherever the calls were lost. */
static void test_verdict_names_the_cause(void **state)
{
    (void)state;
    rig_finding findings[] = {
        {.stage = RIG_STAGE_AGENT, .share = 0.62, .text = "8 agents are missing"},
        {.stage = RIG_STAGE_IVR, .share = 0.25, .text = "a port is missing"}};
    rig_diagnosis diagnosis = {.findings = findings,
                               .n_findings = 2,
                               .is_explained = true,
                               .n_causes = 1,
                               .cause_share = 0.62};
    made_run *r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.20, 0.01);
    r->input.diagnosis = &diagnosis;
    expect_verdict(r, RIG_JUDGEMENT_FAIL,
                   "; the cause is in the agent stage: 8 agents are missing (explains 62 % of the "
                   "deviation)");
    r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.20, 0.01);
    findings[0].stage = RIG_STAGE_TRUNK;
    diagnosis.n_causes = 2;
    diagnosis.cause_share = 0.97;
    r->input.diagnosis = &diagnosis;
    expect_verdict(r, RIG_JUDGEMENT_FAIL,
                   "(19.05..20.95); 8 agents are missing, and a port is missing (together they "
                   "explain 97 % of the deviation)");
    r = make_run(); /* a stage that conforms needs no cause */
    r->input.diagnosis = &diagnosis;
    expect_verdict(r, RIG_JUDGEMENT_PASS, "every stage");
}

/* Where nothing explains enough, the two best candidates are named, and the stage that fails. */
static void test_verdict_finds_no_cause(void **state)
{
    (void)state;
    rig_finding findings[] = {{.stage = RIG_STAGE_AGENT, .share = 0.31, .text = "first"},
                              {.stage = RIG_STAGE_IVR, .share = 0.12, .text = "second"},
                              {.stage = RIG_STAGE_QUEUE, .share = 0.05, .text = "third"}};
    const rig_diagnosis diagnosis = {.findings = findings, .n_findings = 3, .is_explained = true};
    const rig_diagnosis nothing = {.is_explained = true};
    made_run *r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.20, 0.01);
    r->input.diagnosis = &diagnosis;
    expect_verdict(r, RIG_JUDGEMENT_FAIL,
                   "(19.05..20.95); cause not found: the best candidates are: first (would explain "
                   "31 % of the deviation); second (would explain 12 % of the deviation)");
    r = make_run();
    predict(r, RIG_METRIC_P_LOST_PER_ENTRANT, 0.20, 0.01);
    r->input.diagnosis = &nothing;
    expect_verdict(r, RIG_JUDGEMENT_FAIL, "(19.05..20.95); cause not found");
}

/* All stages conform, but a level is missed: what the diagnosis found is its cause. */
static void test_verdict_names_the_cause_of_a_level(void **state)
{
    (void)state;
    rig_finding finding = {.kind = RIG_FINDING_QUEUE_ORDER,
                           .stage = RIG_STAGE_QUEUE,
                           .text = "the newest was taken first"};
    const rig_diagnosis found = {.findings = &finding,
                                 .n_findings = 1,
                                 .is_explained = true,
                                 .n_causes = 1,
                                 .cause_share = 0.9},
                        nothing = {.n_findings = 0}, predicted = {.is_predicted = true};
    const rig_diagnosis *diagnoses[] = {&found, &nothing, &predicted};
    for (int i = 0; i < 3; i++) {
        made_run *r = make_run();
        rig_verdict *verdict = NULL;
        rig_error err = {0};
        r->levels[0] = (rig_level){{RIG_METRIC_CONNECT_RATE, RIG_METRIC_WHOLE}, true, 0.75};
        r->room.scenario.gate.levels = r->levels;
        r->room.scenario.gate.n_levels = 1;
        r->input.diagnosis = diagnoses[i];
        assert_int_equal(rig_verdict_new(&r->input, &verdict, &err), RIG_OK);
        assert_int_equal(verdict->judgement, RIG_JUDGEMENT_FAIL);
        assert_int_equal(verdict->cause, i == 0 ? RIG_STAGE_QUEUE : RIG_N_STAGES);
        assert_true((strstr(verdict->summary, "in the queue stage: the newest was taken first") !=
                     NULL) == (i == 0));
        assert_true((strstr(verdict->summary, "the model predicts as much") != NULL) == (i == 2));
        rig_verdict_free(verdict);
        free(r);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdict_names_the_cause),
        cmocka_unit_test(test_verdict_finds_no_cause),
        cmocka_unit_test(test_verdict_names_the_cause_of_a_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
