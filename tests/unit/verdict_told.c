/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the queue tells its callers, in a judgement: who was told not to wait, and how many waited
 * then. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/schedule/callers.h"
#include "tests/small_scenario.h"
#include "tests/test.h"
#include "verdict/diagnosis.h"
#include "verdict/diagnosis/told.h"
#include "verdict/measured.h"
#include "verdict/told.h"

#define START_NS INT64_C(1700000000000000000)

enum { N_CALLS = 120 };

typedef struct room {
    small_scenario small;
    rig_call calls[N_CALLS];
} room;

static rig_scenario *make(room *r)
{
    memset(r, 0, sizeof *r);
    rig_scenario *s = small_scenario_make(&r->small);
    s->queue.deflection = (rig_deflection){.p_accept = 0.5, .queue_from = 3, .announcement_s = 2.0};
    s->traffic.duration_s = 1000.0;
    s->ivr.n_ports = 100;
    r->small.trunks[0].n_circuits = 100;
    return s;
}

static int64_t at_ns(double s)
{
    return START_NS + (int64_t)llrint(s * 1e9);
}

/* A caller comes each 5 s and waits for 40 s; so 8 wait, fewer in the beginning. Whom `tells` says
 * so is deflected. */
static void play(room *r, bool (*tells)(const rig_scenario *s, const rig_call *call, int n_waiting))
{
    double until_s[N_CALLS];
    for (int i = 0; i < N_CALLS; i++) {
        /* in rushes of ten, with an empty queue before each */
        const double t_s = 2.0 + 8.0 * i + 60.0 * (i / 10);
        rig_call *call = &r->calls[i];
        int n_waiting = 0;
        for (int k = 0; k < i; k++)
            n_waiting += until_s[k] > t_s;
        *call = (rig_call){.planned_index = i,
                           .t_invite_ns = at_ns(t_s - 1.0),
                           .t_provisional_ns = RIG_NO_TIME,
                           .t_menu_ns = RIG_NO_TIME,
                           .t_answer_ns = at_ns(t_s - 1.0),
                           .t_queue_ns = at_ns(t_s),
                           .t_first_ring_ns = at_ns(t_s + 40.0),
                           .t_agent_ring_ns = at_ns(t_s + 40.0),
                           .t_agent_answer_ns = at_ns(t_s + 40.0),
                           .t_end_ns = at_ns(t_s + 50.0),
                           .final_code = 200,
                           .answered = true,
                           .bye = RIG_BYE_CALLER,
                           .n_legs = 2,
                           .outcome = RIG_OUTCOME_SERVED};
        until_s[i] = t_s + 40.0;
        if (!tells(&r->small.scenario, call, n_waiting))
            continue;
        call->t_first_ring_ns = call->t_agent_ring_ns = call->t_agent_answer_ns = RIG_NO_TIME;
        call->t_end_ns = at_ns(t_s + 2.0);
        call->bye = RIG_BYE_CALLEE;
        call->n_legs = 1;
        call->outcome = RIG_OUTCOME_DEFLECTED;
        until_s[i] = 0.0;
    }
}

static bool takes_promise(const rig_scenario *s, const rig_call *call)
{
    const rig_diagnosis_input input = {.scenario = s};
    return rig_told_takes_promise(&input, call);
}

static bool as_it_should(const rig_scenario *s, const rig_call *call, int n_waiting)
{
    return n_waiting >= 3 && takes_promise(s, call);
}

static bool never(const rig_scenario *s, const rig_call *call, int n_waiting)
{
    (void)s;
    (void)call;
    (void)n_waiting;
    return false;
}

static bool sooner(const rig_scenario *s, const rig_call *call, int n_waiting)
{
    return n_waiting >= 1 && takes_promise(s, call);
}

static bool whoever_comes(const rig_scenario *s, const rig_call *call, int n_waiting)
{
    (void)s;
    (void)call;
    return n_waiting >= 3;
}

static const rig_finding *of_kind(const rig_diagnosis *d, rig_finding_kind kind)
{
    for (size_t i = 0; i < d->n_findings; i++)
        if (d->findings[i].kind == kind)
            return &d->findings[i];
    return NULL;
}

static rig_diagnosis *diagnose(room *r)
{
    rig_diagnosis *d = NULL;
    rig_error err = {.text = ""};
    const rig_calls calls = {.items = r->calls, .n = N_CALLS};
    const rig_diagnosis_input input = {
        .scenario = &r->small.scenario, .calls = &calls, .start_epoch_ns = START_NS};
    if (rig_diagnose(&input, &d, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return d;
}

static void test_who_is_told_not_to_wait(void **state)
{
    (void)state;
    static const struct {
        bool (*tells)(const rig_scenario *s, const rig_call *call, int n_waiting);
        rig_finding_kind kind; /* RIG_N_FINDING_KINDS: none of deflection */
        double estimate;
        const char *text;
    } rows[] = {
        {as_it_should, RIG_N_FINDING_KINDS, 0.0, NULL},
        {never, RIG_FINDING_DEFLECTION, INFINITY,
         "no caller was told not to wait; from 3 waiting calls on was expected"},
        {sooner, RIG_FINDING_DEFLECTION, 1.0,
         "callers were told not to wait when 1 calls waited or more; from 3 on was expected"},
        {whoever_comes, RIG_FINDING_DEFLECTION_SHARE, 0.0,
         "callers who do not take the promise of a call back were told not to wait"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        room r;
        (void)make(&r);
        play(&r, rows[i].tells);
        rig_diagnosis *d = diagnose(&r);
        for (int kind = RIG_FINDING_DEFLECTION; kind <= RIG_FINDING_DEFLECTION_SHARE; kind++) {
            const rig_finding *f = of_kind(d, (rig_finding_kind)kind);
            if (kind != (int)rows[i].kind) {
                assert_null(f);
                continue;
            }
            assert_non_null(f);
            assert_non_null(strstr(f->text, rows[i].text));
            if (kind == RIG_FINDING_DEFLECTION)
                assert_true(f->estimate == rows[i].estimate);
            else
                assert_true(f->low > 0.3 && f->high < 1.0);
        }
        rig_diagnosis_free(d);
    }
}

/* One who hangs up while he is told is no longer one who waits; one of the others is. */
static void test_who_hangs_up_in_the_announcement(void **state)
{
    (void)state;
    room r;
    const rig_diagnosis_input input = {.scenario = make(&r)};
    rig_call call = {.outcome = RIG_OUTCOME_LOST_QUEUE,
                     .answered = true,
                     .bye = RIG_BYE_CALLER,
                     .n_legs = 1,
                     .t_queue_ns = at_ns(5.0),
                     .t_end_ns = at_ns(6.9)};
    size_t n_told = 0;
    for (call.planned_index = 0; call.planned_index < 100; call.planned_index++) {
        const bool takes = rig_told_takes_promise(&input, &call);
        assert_int_equal(rig_told_not_to_wait(&input, &call), takes);
        n_told += takes;
    }
    assert_in_range(n_told, 30, 70);
    call.planned_index = 0;
    while (!rig_told_takes_promise(&input, &call))
        call.planned_index++;
    call.t_end_ns = at_ns(7.2); /* the announcement was over */
    assert_false(rig_told_not_to_wait(&input, &call));
    r.small.scenario.queue.deflection.after_s = 2.0; /* he is told from 7 s on */
    assert_true(rig_told_not_to_wait(&input, &call));
    call.t_end_ns = at_ns(6.9);
    assert_false(rig_told_not_to_wait(&input, &call));
    r.small.scenario.queue.deflection.after_s = 0.0;
    call.planned_index = -1; /* a stranger */
    call.t_end_ns = at_ns(6.0);
    assert_false(rig_told_not_to_wait(&input, &call));
}

/* Who keeps his place ends as deflected as well, and stands in front of others, unseen. */
static void test_places_that_are_kept(void **state)
{
    (void)state;
    for (int is_kept = 0; is_kept < 2; is_kept++) {
        room r;
        rig_scenario *s = make(&r);
        s->queue.announcement = RIG_ANNOUNCE_POSITION;
        s->queue.keep_place.p_accept = is_kept ? 0.5 : 0.0;
        play(&r, whoever_comes);
        for (int i = 0; i < N_CALLS; i++)
            r.calls[i].announced_position = 9;
        rig_diagnosis *d = diagnose(&r);
        assert_int_equal(of_kind(d, RIG_FINDING_DEFLECTION_SHARE) == NULL, is_kept);
        assert_int_equal(of_kind(d, RIG_FINDING_ANNOUNCEMENT) == NULL, is_kept);
        rig_diagnosis_free(d);
    }
}

/* A redial is the first call's caller's, in another attempt: the same draw as that of model and
 * centre. */
static void test_who_takes_the_promise_in_a_redial(void **state)
{
    (void)state;
    enum { N = 60 };
    room r;
    static rig_planned_call rows[2 * N];
    const rig_schedule schedule = {.calls = rows, .n = 2 * N, .n_redials = N, .seed = 1};
    rig_scenario *s = make(&r);
    const rig_diagnosis_input input = {.scenario = s, .schedule = &schedule};
    const rig_callers_source from = {.scenario = s};
    for (uint32_t i = 0; i < N; i++)
        rows[N + i] = (rig_planned_call){.first = i / 2, .attempt = 1 + i % 2};
    for (uint32_t i = 0; i < 2 * N; i++) {
        const rig_call call = {.planned_index = i};
        const uint32_t caller = i < N ? i : rows[i].first;
        assert_int_equal(rig_told_takes_promise(&input, &call),
                         rig_callers_takes_promise(&from, caller, rows[i].attempt));
    }
}

/* Each is told his place, right or half of it. */
static void test_what_is_announced(void **state)
{
    (void)state;
    static const double factors[] = {1.0, 0.5, 2.0};
    for (size_t k = 0; k < sizeof factors / sizeof *factors; k++) {
        for (int with_wait = 0; with_wait < 2; with_wait++) {
            room r;
            rig_scenario *s = make(&r);
            s->queue.deflection.p_accept = 0.0;
            s->queue.announcement = with_wait ? RIG_ANNOUNCE_EXPECTED_WAIT : RIG_ANNOUNCE_POSITION;
            s->queue.seconds_per_place = 4.0;
            const rig_agent_group *group = &s->agents[0];
            const double place_s =
                (group->ring.mean_s + s->callers.talk.mean_s + group->wrap_up.mean_s) /
                group->n_agents / s->time_scale;
            play(&r, never);
            for (int i = 0; i < N_CALLS; i++) {
                const int n_before = i % 10 < 5 ? i % 10 : 5; /* 8 s apart, each waits 40 s */
                const double told = fmax(1.0, round(factors[k] * (n_before + 1)));
                if (with_wait)
                    r.calls[i].announced_wait_s = told * place_s;
                else
                    r.calls[i].announced_position = (uint32_t)told;
                assert_true(fabs(rig_measured_announced_s(&r.calls[i], s) -
                                 told * (with_wait ? place_s * s->time_scale : 4.0)) < 1e-9);
            }
            rig_diagnosis *d = diagnose(&r);
            const rig_finding *f = of_kind(d, RIG_FINDING_ANNOUNCEMENT);
            if (k == 0) {
                assert_null(f);
            } else {
                assert_non_null(f);
                assert_true(fabs(f->estimate / factors[k] - 1.0) < 0.25);
                assert_true(f->low < f->estimate && f->estimate < f->high);
                assert_non_null(strstr(f->text, " callers were told of their position or wait"));
            }
            rig_diagnosis_free(d);
        }
    }
}

/* Where agents are to be gone for a time, a centre that announces twice the wait may be right. */
static void test_a_wait_while_agents_are_gone(void **state)
{
    (void)state;
    for (int are_gone = 0; are_gone < 2; are_gone++) {
        room r;
        rig_scenario *s = make(&r);
        rig_fault fault = {.kind = RIG_FAULT_AGENTS, .p_gone = 0.5, .at_s = 1.0, .for_s = 900.0};
        s->queue.deflection.p_accept = 0.0;
        s->queue.announcement = RIG_ANNOUNCE_EXPECTED_WAIT;
        s->faults = &fault;
        s->n_faults = are_gone ? 1 : 0;
        const rig_agent_group *group = &s->agents[0];
        const double place_s =
            (group->ring.mean_s + s->callers.talk.mean_s + group->wrap_up.mean_s) /
            group->n_agents / s->time_scale;
        play(&r, never);
        for (int i = 0; i < N_CALLS; i++)
            r.calls[i].announced_wait_s = 2.0 * place_s * (i % 10 < 5 ? i % 10 + 1 : 6);
        rig_diagnosis *d = diagnose(&r);
        assert_int_equal(of_kind(d, RIG_FINDING_ANNOUNCEMENT) != NULL, !are_gone);
        rig_diagnosis_free(d);
    }
}

static void test_how_many_are_deflected_is_judged(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    rig_schedule *schedule = NULL;
    rig_prediction *prediction = NULL;
    rig_error err = {.text = ""};
    rig_parts_verdict told = {.n = 0};
    double observed[RIG_N_METRICS];
    char text[300] = "";
    s->traffic.duration_s = 300.0;
    r.small.rate[0].rate_per_min = 100.0;
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_OK);
    const rig_predict_options how = {.n_replications = 999, .n_threads = 1, .schedule = schedule};
    if (rig_predict(s, &how, &prediction, &err) != RIG_OK)
        fail_msg("%s", err.text);
    for (int m = 0; m < RIG_N_METRICS; m++)
        observed[m] = rig_prediction_samples(prediction, (rig_metric)m)[0];
    assert_int_equal(rig_told_judge(s, observed, prediction, 0.05, &told), RIG_OK);
    assert_int_equal(told.n, 1);
    assert_int_equal(told.items[0].metric, RIG_METRIC_DEFLECTION_RATE);
    assert_int_equal(told.items[0].judgement, RIG_JUDGEMENT_PASS);
    assert_true(told.items[0].predicted > 0.1);
    rig_by_part_clear(&told);
    observed[RIG_METRIC_DEFLECTION_RATE] = 0.0;
    assert_int_equal(rig_told_judge(s, observed, prediction, 0.05, &told), RIG_OK);
    assert_int_equal(told.items[0].judgement, RIG_JUDGEMENT_FAIL);
    rig_told_say(&told.items[0], text, sizeof text);
    assert_non_null(strstr(text, "deflection_rate is 0.00 %, predicted "));
    rig_by_part_clear(&told);
    observed[RIG_METRIC_DEFLECTION_RATE] = (double)NAN; /* not known */
    assert_int_equal(rig_told_judge(s, observed, prediction, 0.05, &told), RIG_OK);
    assert_int_equal(told.n, 0);
    rig_metric figures[RIG_TOLD_MOST];
    s->queue.announcement = RIG_ANNOUNCE_POSITION;
    assert_int_equal(rig_told_figures(s, figures), 4);
    assert_int_equal(figures[1], RIG_METRIC_ANNOUNCED_WAIT_MEAN_S);
    s->queue.announcement = RIG_ANNOUNCE_NOTHING;
    s->queue.deflection.p_accept = 0.0; /* nobody is told anything */
    assert_int_equal(rig_told_figures(s, figures), 0);
    rig_prediction_free(prediction);
    rig_schedule_free(schedule);
}

/* In each rush of ten the script is on from the third who waits until nobody does: the talks begin
 * 40 s after their calls. */
static void test_who_is_told_to_be_brief(void **state)
{
    (void)state;
    static const struct {
        int n_told; /* of the ten of each rush, the first ones */
        double estimate;
    } rows[] = {{10, 0.0}, {0, 1.0}, {5, 0.444}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        room r;
        rig_scenario *s = make(&r);
        s->queue.deflection.p_accept = 0.0;
        s->emergency = (rig_emergency){.talk_factor = 0.5, .queue_above = 2};
        play(&r, never);
        for (int k = 0; k < N_CALLS; k++)
            r.calls[k].is_emergency = k % 10 < rows[i].n_told;
        rig_diagnosis *d = diagnose(&r);
        const rig_finding *f = of_kind(d, RIG_FINDING_EMERGENCY);
        assert_int_equal(f != NULL, rows[i].n_told < 10);
        if (f != NULL) {
            assert_true(fabs(f->estimate - rows[i].estimate) < 0.001);
            assert_non_null(strstr(f->text, " talks that began while the queue was long were not "));
        }
        rig_diagnosis_free(d);
        s->emergency = (rig_emergency){.talk_factor = 1.0};
        d = diagnose(&r);
        assert_null(of_kind(d, RIG_FINDING_EMERGENCY));
        rig_diagnosis_free(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_told_not_to_wait),
        cmocka_unit_test(test_who_is_told_to_be_brief),
        cmocka_unit_test(test_who_hangs_up_in_the_announcement),
        cmocka_unit_test(test_who_takes_the_promise_in_a_redial),
        cmocka_unit_test(test_places_that_are_kept),
        cmocka_unit_test(test_what_is_announced),
        cmocka_unit_test(test_a_wait_while_agents_are_gone),
        cmocka_unit_test(test_how_many_are_deflected_is_judged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
