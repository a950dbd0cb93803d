/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carriers apart: the rules that tell them, the schedule's columns, and each one's judgement. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analyzer/rules.h"
#include "core/atomic_file.h"
#include "tests/small_scenario.h"
#include "verdict/carriers.h"
#include "verdict/scenario_rules.h"

/* Two carriers, 5 circuits each, no overflow, for 60 calls of 10 s in a minute. */
typedef struct two_carriers {
    small_scenario room;
    rig_trunk_group trunks[2];
    rig_schedule *schedule;
    rig_prediction *prediction;
    rig_call *calls;
    const rig_call **observed;
    rig_join join;
} two_carriers;

static rig_scenario *make(two_carriers *t, double p_first)
{
    rig_scenario *s = small_scenario_make(&t->room);
    t->trunks[0] = (rig_trunk_group){.name = (char *)"a", .n_circuits = 5, .p_share = p_first};
    t->trunks[1] = (rig_trunk_group){
        .name = (char *)"b", .n_circuits = 5, .p_share = p_first > 0 ? 1 - p_first : 0};
    s->trunks = t->trunks;
    s->n_trunks = 2;
    return s;
}

/* What was seen is what the replay says. */
static void observe(two_carriers *t)
{
    const rig_scenario *s = &t->room.scenario;
    rig_error err = {.text = ""};
    assert_int_equal(rig_schedule_draw(s, 0, &t->schedule, &err), RIG_OK);
    const rig_predict_options how = {
        .n_replications = 999, .n_threads = 1, .schedule = t->schedule};
    if (rig_predict(s, &how, &t->prediction, &err) != RIG_OK)
        fail_msg("%s", err.text);
    t->calls = calloc(t->schedule->n, sizeof *t->calls);
    t->observed = calloc(t->schedule->n, sizeof *t->observed);
    for (size_t i = 0; i < t->schedule->n; i++) {
        t->calls[i].outcome = t->prediction->fates[i];
        t->observed[i] = &t->calls[i];
    }
    t->join = (rig_join){.n_planned = t->schedule->n, .observed = t->observed};
}

static void clear(two_carriers *t)
{
    rig_schedule_free(t->schedule);
    rig_prediction_free(t->prediction);
    free(t->calls);
    free(t->observed);
}

static void judge(two_carriers *t, rig_parts_verdict *v)
{
    *v = (rig_parts_verdict){.n = 0};
    assert_int_equal(
        rig_by_carrier_judge(&t->join, t->schedule, &t->room.scenario, t->prediction, 0.05, v),
        RIG_OK);
}

static void test_each_loses_what_it_should(void **state)
{
    (void)state;
    two_carriers t;
    rig_parts_verdict v;
    (void)make(&t, 0.7);
    observe(&t);
    judge(&t, &v);
    assert_int_equal(v.n, 2);
    assert_int_equal(v.items[0].n_entered + v.items[1].n_entered, t.schedule->n);
    assert_true(v.items[0].n_lost > 0); /* 42 calls a minute of 10 s: 7 erlang on 5 circuits */
    assert_int_equal(v.items[0].judgement, RIG_JUDGEMENT_PASS);
    assert_int_equal(v.items[1].judgement, RIG_JUDGEMENT_PASS);
    assert_null(rig_by_part_failed(&v));
    rig_by_part_clear(&v);
    clear(&t);
}

/* As many calls lost in all, but by the other carrier. */
static void test_one_pays_for_the_other(void **state)
{
    (void)state;
    two_carriers t;
    rig_parts_verdict v;
    size_t n_moved = 0;
    char text[200];
    (void)make(&t, 0.7);
    observe(&t);
    for (size_t i = 0; i < t.schedule->n; i++) {
        if (t.schedule->calls[i].trunk == 0 && t.calls[i].outcome == RIG_OUTCOME_LOST_TRUNK) {
            t.calls[i].outcome = RIG_OUTCOME_SERVED;
            n_moved++;
        }
    }
    for (size_t i = 0; i < t.schedule->n && n_moved > 0; i++) {
        if (t.schedule->calls[i].trunk == 1 && t.calls[i].outcome == RIG_OUTCOME_SERVED) {
            t.calls[i].outcome = RIG_OUTCOME_LOST_TRUNK;
            n_moved--;
        }
    }
    judge(&t, &v);
    assert_int_equal(v.items[0].n_lost, 0);
    assert_int_equal(v.items[0].judgement, RIG_JUDGEMENT_FAIL);
    assert_int_equal(v.items[1].judgement, RIG_JUDGEMENT_FAIL);
    assert_ptr_equal(rig_by_part_failed(&v), &v.items[0]);
    rig_by_carrier_say(&v.items[0], text, sizeof text);
    assert_non_null(strstr(text, "calls by a lose 0.00 % at the trunk, predicted "));
    rig_by_part_clear(&v);
    clear(&t);
}

/* What the capture shows goes before the plan. */
static void test_seen_carrier(void **state)
{
    (void)state;
    two_carriers t;
    rig_parts_verdict before, after;
    (void)make(&t, 0.7);
    observe(&t);
    judge(&t, &before);
    size_t i = 0;
    while (t.schedule->calls[i].trunk != 0)
        i++;
    t.calls[i].carrier = (char *)"b";
    judge(&t, &after);
    assert_int_equal(after.items[0].n_entered, before.items[0].n_entered - 1);
    assert_int_equal(after.items[1].n_entered, before.items[1].n_entered + 1);
    t.calls[i].carrier = (char *)"nobody's";
    rig_by_part_clear(&after);
    judge(&t, &after);
    assert_int_equal(after.items[0].n_entered, before.items[0].n_entered);
    rig_by_part_clear(&before);
    rig_by_part_clear(&after);
    clear(&t);
}

static void test_not_apart(void **state)
{
    (void)state;
    two_carriers t;
    rig_parts_verdict v;
    (void)make(&t, 0.0);
    observe(&t);
    judge(&t, &v);
    assert_int_equal(v.n, 0);
    clear(&t);
    (void)make(&t, 0.7);
    observe(&t);
    t.join.is_cut = true;
    judge(&t, &v);
    assert_int_equal(v.n, 0);
    clear(&t);
}

/* The text of the rules can be read again. */
static rig_rules *read_rules(const rig_scenario *s, const rig_carrier_ends *ends)
{
    char *text = NULL;
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_judge_rules_text(s, ends, &text), RIG_OK);
    assert_non_null(text);
    if (rig_rules_read_text(text, "rules", &rules, &err) != RIG_OK)
        fail_msg("%s\n%s", err.text, text);
    free(text);
    return rules;
}

static void test_rules_of_a_run(void **state)
{
    (void)state;
    two_carriers t;
    static const uint16_t ports[] = {5060, 5061};
    static const rig_marks all[] = {RIG_MARK_REINVITE, RIG_MARK_EARLY, RIG_MARK_QUIET};
    rig_fault fault = {.kind = RIG_FAULT_TRUNK, .at_s = 1, .for_s = 1};
    rig_scenario *s = make(&t, 0.7);
    char *text = NULL;
    assert_int_equal(rig_judge_rules_text(s, NULL, &text), RIG_OK);
    assert_null(text); /* the built-in rules */
    t.trunks[1].name = (char *)"b \"quoted\\";
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const rig_carrier_ends v4 = {"127.0.0.1", ports, 2}, v6 = {"::1", ports, 2};
        s->target.marks = all[i];
        s->n_faults = 0;
        rig_rules *rules = read_rules(s, &v4);
        assert_int_equal(rules->carriers.n, 2);
        assert_string_equal(rules->carriers.items[1].name, t.trunks[1].name);
        assert_int_equal(rules->carriers.items[1].port, 5061);
        rig_rules_free(rules);
        s->faults = &fault;
        s->n_faults = 1;
        rules = read_rules(s, &v6);
        assert_int_equal(rules->carriers.n, 2);
        assert_int_equal(rules->carriers.items[0].ip_low, 1);
        rig_rules_free(rules);
    }
}

/* Carrier, class and choice go through the file; a scenario that has them not is told. */
static void test_schedule_file(void **state)
{
    (void)state;
    two_carriers t;
    char path[] = "/tmp/peakrig-schedule-XXXXXX";
    rig_schedule *read = NULL;
    rig_error err = {.text = ""};
    rig_scenario *s = make(&t, 0.7);
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    assert_int_equal(rig_schedule_draw(s, 0, &t.schedule, &err), RIG_OK);
    t.schedule->calls[1].choice = 3;
    assert_int_equal(rig_schedule_write(t.schedule, path, "00", &err), RIG_OK);
    assert_int_equal(rig_schedule_read(path, &read, &err), RIG_OK);
    for (size_t i = 0; i < read->n; i++)
        assert_int_equal(read->calls[i].trunk, t.schedule->calls[i].trunk);
    assert_int_equal(read->calls[1].choice, 3);
    assert_int_equal(rig_schedule_check(read, s, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "call 1 of the schedule: carrier "));
    rig_prediction *prediction = NULL;
    const rig_predict_options how = {.n_replications = 2, .schedule = read};
    assert_int_equal(rig_predict(s, &how, &prediction, &err), RIG_EINPUT);
    read->calls[1].choice = 0;
    assert_int_equal(rig_schedule_check(read, s, &err), RIG_OK);
    read->calls[0].trunk = 2;
    assert_int_equal(rig_schedule_check(read, s, &err), RIG_EINPUT);
    rig_schedule_free(read);
    static const char bad[] =
        "# format: peakrig schedule 1\n# seed: 1\n# replication: 0\n"
        "planned_index,number,hangs_up,t_s,patience_answer_s,patience_queue_s,"
        "patience_ringing_s,self_service_s,talk_s,ring_0_s,ring_1_s,ring_2_s,"
        "ring_3_s,carrier\n0,1,caller,0,1,1,1,-1,1,1,1,1,1,-1\n";
    assert_int_equal(rig_atomic_file_write(path, bad, sizeof bad - 1, NULL), RIG_OK);
    assert_int_equal(rig_schedule_read(path, &read, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, ":5: carrier: \"-1\"; expected its number in the scenario"));
    rig_schedule_free(t.schedule);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_loses_what_it_should),
        cmocka_unit_test(test_one_pays_for_the_other),
        cmocka_unit_test(test_seen_carrier),
        cmocka_unit_test(test_not_apart),
        cmocka_unit_test(test_rules_of_a_run),
        cmocka_unit_test(test_schedule_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
