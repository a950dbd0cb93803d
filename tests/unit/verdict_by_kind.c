/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classes of callers: the rules that tell them, what each loses and waits, and who was served
 * first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analyzer/rules.h"
#include "scenarios/scope.h"
#include "tests/small_scenario.h"
#include "tests/test.h"
#include "verdict/by_kind.h"
#include "verdict/diagnosis.h"
#include "verdict/scenario_rules.h"

#define START_NS INT64_C(1700000000000000000)

typedef struct two_classes {
    small_scenario room;
    rig_caller_class classes[2];
    rig_schedule *schedule;
    rig_prediction *prediction;
    rig_observed_part parts[2];
} two_classes;

/* 66 calls a minute of 10 s on 10 agents, and who waits has patience for 12 s on the mean. */
static rig_scenario *make(two_classes *t)
{
    rig_scenario *s = small_scenario_make(&t->room);
    *t->classes = (rig_caller_class){.name = (char *)"vip", .p_share = 0.3, .priority = 9};
    t->classes[1] = (rig_caller_class){.name = (char *)"other", .p_share = 0.7};
    s->callers.classes = t->classes;
    s->callers.n_classes = 2;
    s->callers.patience_queue = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 12.0};
    t->room.trunks[0].n_circuits = 60;
    s->ivr.n_ports = 60;
    t->room.rate[0].rate_per_min = 72.0;
    s->traffic.duration_s = 300.0;
    t->room.agents[0].ring = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = 0.5};
    return s;
}

/* What was seen is the mean of the replays. */
static void observe(two_classes *t)
{
    const rig_scenario *s = &t->room.scenario;
    rig_error err = {.text = ""};
    assert_int_equal(rig_schedule_draw(s, 0, &t->schedule, &err), RIG_OK);
    const rig_predict_options how = {
        .n_replications = 999, .n_threads = 1, .schedule = t->schedule};
    if (rig_predict(s, &how, &t->prediction, &err) != RIG_OK)
        fail_msg("%s", err.text);
    const uint32_t first = rig_scope_first(s, RIG_SCOPE_CLASSES);
    for (uint32_t i = 0; i < 2; i++) {
        t->parts[i].is_seen = true;
        for (int m = 0; m < RIG_N_METRICS; m++)
            t->parts[i].metrics[m] = rig_prediction_samples_of(
                t->prediction, (rig_metric_ref){(rig_metric)m, first + i})[0];
    }
}

static void clear(two_classes *t)
{
    rig_schedule_free(t->schedule);
    rig_prediction_free(t->prediction);
}

static void judge(const two_classes *t, rig_parts_verdict *v)
{
    *v = (rig_parts_verdict){.n = 0};
    assert_int_equal(
        rig_by_kind_judge(&t->room.scenario, RIG_SCOPE_CLASSES, t->parts, t->prediction, 0.05, v),
        RIG_OK);
}

static void test_each_waits_as_it_should(void **state)
{
    (void)state;
    two_classes t;
    rig_parts_verdict v;
    (void)make(&t);
    observe(&t);
    judge(&t, &v);
    assert_int_equal(v.n, 4);
    for (size_t i = 0; i < v.n; i++)
        assert_int_equal(v.items[i].judgement, RIG_JUDGEMENT_PASS);
    assert_string_equal(v.items[0].name, "vip");
    assert_int_equal(v.items[1].metric, RIG_METRIC_WAIT_MEAN_S);
    assert_true(v.items[1].predicted < v.items[3].predicted); /* it has priority */
    assert_null(rig_by_part_failed(&v));
    rig_by_part_clear(&v);
    clear(&t);
}

static void test_a_wait_that_is_not_its_own(void **state)
{
    (void)state;
    two_classes t;
    rig_parts_verdict v;
    char text[300] = "";
    (void)make(&t);
    observe(&t);
    t.parts[0].metrics[RIG_METRIC_WAIT_MEAN_S] = t.parts[1].metrics[RIG_METRIC_WAIT_MEAN_S];
    judge(&t, &v);
    assert_int_equal(v.items[0].judgement, RIG_JUDGEMENT_PASS); /* what it loses is the same */
    assert_int_equal(v.items[1].judgement, RIG_JUDGEMENT_FAIL);
    assert_true(fabs(v.items[1].p_value_holm - 4 * 0.002) < 1e-9); /* the least of four */
    assert_ptr_equal(rig_by_part_failed(&v), &v.items[1]);
    rig_by_kind_say(RIG_SCOPE_CLASSES, &v.items[1], text, sizeof text);
    assert_non_null(strstr(text, "callers of class vip wait for "));
    assert_non_null(strstr(text, " in the queue, predicted "));
    rig_by_part_clear(&v);
    t.parts[0].metrics[RIG_METRIC_WAIT_MEAN_S] = INFINITY; /* nobody of it was served */
    judge(&t, &v);
    assert_int_equal(v.items[1].judgement, RIG_JUDGEMENT_FAIL);
    rig_by_part_clear(&v);
    t.parts[0].metrics[RIG_METRIC_WAIT_MEAN_S] = (double)NAN; /* not known */
    t.parts[1].is_seen = false;
    judge(&t, &v);
    assert_int_equal(v.n, 1);
    rig_by_part_clear(&v);
    const rig_metric_ref loss = {RIG_METRIC_P_LOST_PER_ENTRANT + RIG_STAGE_QUEUE,
                                 rig_scope_first(&t.room.scenario, RIG_SCOPE_CLASSES)};
    double *losses = t.prediction->part_samples +
                     (rig_prediction_samples_of(t.prediction, loss) - t.prediction->part_samples);
    losses[5] = (double)NAN; /* a replay does not know what it loses */
    judge(&t, &v);
    assert_int_equal(v.n, 0);
    rig_by_part_clear(&v);
    clear(&t);
}

/* A group whose phones never ring has no calls: how fine a margin the run resolves goes by those
 * that it should have had, else whatever was seen would be within it. */
static void test_a_group_that_is_never_called(void **state)
{
    (void)state;
    two_classes t = {.parts = {{.is_seen = false}}};
    rig_parts_verdict v = {.n = 0};
    rig_scenario *s = make(&t);
    rig_agent_group groups[2] = {t.room.agents[0], t.room.agents[0]};
    groups[0].talk = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 5.0};
    groups[1].name = (char *)"never called";
    s->agents = groups;
    s->n_agents = 2;
    observe(&t);
    const uint32_t first = rig_scope_first(s, RIG_SCOPE_AGENTS), n = rig_scope_n_parts(s);
    rig_observed_part *parts = calloc(n, sizeof *parts);
    assert_non_null(parts);
    for (uint32_t i = 0; i < 2; i++) {
        parts[first - 1 + i].is_seen = true;
        for (int m = 0; m < RIG_N_METRICS; m++)
            parts[first - 1 + i].metrics[m] = rig_prediction_samples_of(
                t.prediction, (rig_metric_ref){(rig_metric)m, first + i})[0];
    }
    for (int round = 0; round < 2; round++) {
        assert_int_equal(
            rig_by_kind_judge(s, RIG_SCOPE_AGENTS, parts, t.prediction, 0.05, &v), RIG_OK);
        assert_int_equal(v.n, round == 0 ? 4 : 3); /* how busy, and how long they talk */
        for (size_t i = 0; i < 2; i++)
            assert_int_equal(v.items[i].judgement, RIG_JUDGEMENT_PASS);
        assert_int_equal(v.items[1].metric, RIG_METRIC_TALK_MEAN_S);
        assert_int_equal(v.items[2].judgement,
                         round == 0 ? RIG_JUDGEMENT_PASS : RIG_JUDGEMENT_FAIL);
        assert_true(v.items[2].margin < 0.2);
        rig_by_part_clear(&v);
        rig_observed_part *never = &parts[first];
        never->metrics[RIG_METRIC_OCCUPANCY] = 0.0;
        never->metrics[RIG_METRIC_N_ENTERED + RIG_STAGE_AGENT] = 0.0;
        never->metrics[RIG_METRIC_TALK_MEAN_S] = (double)NAN;
    }
    free(parts);
    clear(&t);
}

static void test_one_class(void **state)
{
    (void)state;
    two_classes t = {.prediction = NULL};
    rig_parts_verdict v;
    make(&t)->callers.n_classes = 1;
    judge(&t, &v);
    assert_int_equal(v.n, 0);
}

/* A number with a '*' stands behind those that it would fit. */
static void test_rules_of_a_run(void **state)
{
    (void)state;
    two_classes t;
    rig_scenario *s = make(&t);
    char *text = NULL;
    rig_rules *rules = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_judge_rules_text(s, NULL, &text), RIG_OK);
    assert_null(text);
    t.classes[0].dial = (char *)"*5";
    t.classes[1].dial = (char *)"7#85";
    assert_int_equal(rig_judge_rules_text(s, NULL, &text), RIG_OK);
    if (rig_rules_read_text(text, "rules", &rules, &err) != RIG_OK)
        fail_msg("%s\n%s", err.text, text);
    assert_int_equal(rules->classes.n, 2);
    assert_int_equal(rules->carriers.n, 0);
    assert_string_equal(rules->classes.items[0].name, "other");
    assert_string_equal(rules->classes.items[0].pattern, "7%2385");
    assert_string_equal(rules->classes.items[1].pattern, "*5");
    rig_rules_free(rules);
    free(text);
    t.classes[1].dial = (char *)"*15"; /* what fits *15 fits *5, too */
    assert_int_equal(rig_judge_rules_text(s, NULL, &text), RIG_OK);
    assert_int_equal(rig_rules_read_text(text, "rules", &rules, &err), RIG_OK);
    assert_string_equal(rules->classes.items[0].pattern, "*15");
    rig_rules_free(rules);
    free(text);
}

/* ---- who was served first ---- */

static int64_t at(double t_s)
{
    return START_NS + (int64_t)(t_s * 1e9);
}

static void put(rig_call *call, const char *name, double enters_s, double rings_s)
{
    *call = (rig_call){.caller_class = (char *)name,
                       .planned_index = -1,
                       .t_invite_ns = at(enters_s - 1.0),
                       .t_provisional_ns = RIG_NO_TIME,
                       .t_menu_ns = RIG_NO_TIME,
                       .t_answer_ns = at(enters_s - 1.0),
                       .t_queue_ns = at(enters_s),
                       .t_first_ring_ns = at(rings_s),
                       .t_agent_ring_ns = at(rings_s),
                       .t_agent_answer_ns = at(rings_s + 1.0),
                       .t_end_ns = at(rings_s + 5.0),
                       .final_code = 200,
                       .answered = true,
                       .n_legs = 2,
                       .outcome = RIG_OUTCOME_SERVED};
}

enum { N_ROUNDS = 50 };

/* In each round two wait; the one who enters first, and the one who is taken first. */
static rig_diagnosis *diagnose(const rig_scenario *s, const char *first, const char *second,
                               bool is_second_taken, rig_call *calls)
{
    for (int i = 0; i < N_ROUNDS; i++) {
        const double t_s = 10.0 + 5.0 * i;
        put(&calls[2 * i], first, t_s, t_s + (is_second_taken ? 4.0 : 3.0));
        put(&calls[2 * i + 1], second, t_s + 1.0, t_s + (is_second_taken ? 3.0 : 4.0));
    }
    const rig_calls all = {.items = calls, .n = 2 * (size_t)N_ROUNDS};
    const rig_diagnosis_input input = {.scenario = s, .calls = &all, .start_epoch_ns = START_NS};
    rig_diagnosis *d = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_diagnose(&input, &d, &err), RIG_OK);
    return d;
}

static const rig_finding *priority_of(const rig_diagnosis *d)
{
    for (size_t i = 0; i < d->n_findings; i++) {
        assert_int_not_equal(d->findings[i].kind, RIG_FINDING_QUEUE_ORDER);
        if (d->findings[i].kind == RIG_FINDING_PRIORITY)
            return &d->findings[i];
    }
    return NULL;
}

static void test_who_is_served_first(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second;
        bool is_second_taken, is_found, is_reversed;
    } row[] = {
        {"vip", "other", false, false, false},    {"other", "vip", true, false, false},
        {"other", "vip", false, true, false},     {"vip", "other", true, true, true},
        {"nobody's", "vip", false, false, false},
    };
    two_classes t;
    rig_scenario *s = make(&t);
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        rig_call calls[2 * N_ROUNDS];
        rig_diagnosis *d = diagnose(s, row[i].first, row[i].second, row[i].is_second_taken, calls);
        const rig_finding *f = priority_of(d);
        assert_int_equal(f != NULL, row[i].is_found);
        if (f != NULL) {
            assert_int_equal(f->is_reversed, row[i].is_reversed);
            assert_int_equal(f->n_calls, N_ROUNDS);
            assert_true(f->estimate > 0.999 && f->low > 0.9);
        }
        rig_diagnosis_free(d);
    }
    t.classes[0].priority = 0; /* now they are equal: first in, first out */
    rig_call calls[2 * N_ROUNDS];
    rig_diagnosis *d = diagnose(s, "other", "vip", false, calls);
    assert_null(priority_of(d));
    rig_diagnosis_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_waits_as_it_should),
        cmocka_unit_test(test_a_wait_that_is_not_its_own),
        cmocka_unit_test(test_a_group_that_is_never_called),
        cmocka_unit_test(test_one_class),
        cmocka_unit_test(test_rules_of_a_run),
        cmocka_unit_test(test_who_is_served_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
