/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is otherwise about call backs, and about a centre that is out of service, found in calls
 * made by hand. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/small_scenario.h"
#include "tests/test.h"
#include "verdict/diagnosis.h"

#define START_NS INT64_C(1700000000000000000)
#define START_S  1000.0 /* of the call backs */

enum { N = 40, MOST_BACKS = 2 * N };

/* N callers are promised a call back, the i-th at 10 i + 2; others may follow them. */
typedef struct scene {
    small_scenario small;
    rig_planned_call planned[2 * N];
    rig_schedule schedule;
    rig_call calls[2 * N], backs[MOST_BACKS];
    size_t n, n_backs;
} scene;

static int64_t at(double t_s)
{
    return START_NS + (int64_t)(t_s * 1e9);
}

static rig_call nothing(int64_t row)
{
    return (rig_call){.planned_index = row,
                      .t_provisional_ns = RIG_NO_TIME,
                      .t_menu_ns = RIG_NO_TIME,
                      .t_answer_ns = RIG_NO_TIME,
                      .t_queue_ns = RIG_NO_TIME,
                      .t_first_ring_ns = RIG_NO_TIME,
                      .t_agent_ring_ns = RIG_NO_TIME,
                      .t_agent_answer_ns = RIG_NO_TIME,
                      .t_end_ns = RIG_NO_TIME,
                      .n_legs = 1};
}

static rig_call deflected(int64_t row, double t_s)
{
    rig_call call = nothing(row);
    call.t_invite_ns = call.t_answer_ns = at(t_s);
    call.t_queue_ns = at(t_s + 1.0);
    call.t_end_ns = at(t_s + 2.0);
    call.final_code = 200;
    call.answered = true;
    call.bye = RIG_BYE_CALLEE;
    call.outcome = RIG_OUTCOME_DEFLECTED;
    return call;
}

/* It waits, then an agent talks for 3 s. */
static rig_call served(int64_t row, double t_s, double wait_s)
{
    rig_call call = nothing(row);
    call.t_invite_ns = call.t_answer_ns = call.t_queue_ns = at(t_s);
    call.t_first_ring_ns = call.t_agent_ring_ns = at(t_s + wait_s);
    call.t_agent_answer_ns = at(t_s + wait_s + 0.1);
    call.t_end_ns = at(t_s + wait_s + 3.0);
    call.final_code = 200;
    call.answered = true;
    call.bye = RIG_BYE_CALLER;
    call.n_legs = 2;
    call.outcome = RIG_OUTCOME_SERVED;
    return call;
}

static rig_call refused(int64_t row, double t_s)
{
    rig_call call = nothing(row);
    call.t_invite_ns = call.t_end_ns = at(t_s);
    call.final_code = 503;
    call.outcome = RIG_OUTCOME_LOST_TRUNK;
    (void)snprintf(call.reason, sizeof call.reason, "503 Q.850;cause=34");
    return call;
}

/* An agent dials at t_s; he is reached 5 s later and talks for 10 s, or it is given up then. */
static void call_back(scene *m, int64_t row, double t_s, bool is_reached)
{
    rig_call call = nothing(row);
    call.t_invite_ns = at(t_s);
    call.t_end_ns = at(t_s + 15.0);
    call.outcome = RIG_OUTCOME_LOST_IVR;
    if (is_reached) {
        call.t_agent_ring_ns = call.t_agent_answer_ns = at(t_s + 5.0);
        call.outcome = RIG_OUTCOME_SERVED;
        (void)snprintf(call.agent, sizeof call.agent, "agent1");
    }
    m->backs[m->n_backs++] = call;
}

static rig_scenario *make(scene *m)
{
    memset(m, 0, sizeof *m);
    rig_scenario *s = small_scenario_make(&m->small);
    s->traffic.duration_s = START_S;
    s->queue.deflection.p_accept = 1.0;
    s->call_back = (rig_call_back){.start_s = START_S, .idle_agents = 2, .n_attempts = 3};
    for (int i = 0; i < N; i++)
        m->calls[m->n++] = deflected(i, 10.0 * i);
    return s;
}

static rig_diagnosis *diagnose(scene *m)
{
    const rig_calls all = {.items = m->calls, .n = m->n, .backs = m->backs, .n_backs = m->n_backs};
    m->schedule = (rig_schedule){.calls = m->planned, .n = 2 * N, .seed = 1};
    const rig_diagnosis_input input = {.scenario = &m->small.scenario,
                                       .calls = &all,
                                       .start_epoch_ns = START_NS,
                                       .schedule = &m->schedule};
    rig_diagnosis *d = NULL;
    assert_int_equal(rig_diagnose(&input, &d, NULL), RIG_OK);
    return d;
}

static const rig_finding *of_kind(const rig_diagnosis *d, rig_finding_kind kind)
{
    for (size_t i = 0; i < d->n_findings; i++)
        if (d->findings[i].kind == kind)
            return &d->findings[i];
    return NULL;
}

static void expect_nothing(scene *m)
{
    rig_diagnosis *d = diagnose(m);
    if (d->n_findings > 0)
        fail_msg("%s", d->findings[0].text);
    rig_diagnosis_free(d);
}

static void test_who_is_never_called(void **state)
{
    (void)state;
    static const struct {
        int every, from; /* each of these is forgotten from a row on */
        size_t n;        /* that are found; 0: nothing is */
    } row[] = {{1000, 0, 0},
               {4, 0, 10},
               {1, N - 20, 20}, /* nobody behind them is called, but agents had time for them */
               {1, 0, 0},       /* nothing is known of call backs at all, nor of time after */
               {16, 0, 0}};     /* three are no sign yet */
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        scene m;
        (void)make(&m);
        for (int k = 0; k < N; k++)
            if (k < row[i].from || k % row[i].every != 0)
                call_back(&m, k, START_S + 20.0 * k, k % 3 != 0);
            else if (row[i].every == 1000)
                call_back(&m, k, START_S + 20.0 * k, true);
        rig_diagnosis *d = diagnose(&m);
        const rig_finding *f = of_kind(d, RIG_FINDING_CALL_BACKS_FORGOTTEN);
        if ((f != NULL) != (row[i].n > 0))
            fail_msg("row %zu: %s", i, f != NULL ? f->text : "nothing");
        if (f != NULL) {
            assert_int_equal(f->n_calls, row[i].n);
            assert_int_equal(f->n_touched, row[i].n);
            assert_true(f->expected == 0.0 && f->low > 0.0);
            assert_true(f->estimate == (double)row[i].n / N);
            assert_true(f->stage == RIG_STAGE_QUEUE);
        }
        assert_int_equal(d->n_findings, row[i].n > 0);
        rig_diagnosis_free(d);
    }
}

static void test_who_is_called_once_more(void **state)
{
    (void)state;
    for (int is_served = 0; is_served < 2; is_served++) {
        scene m;
        (void)make(&m);
        for (int again = 0; again < 2;
             again++) /* in vain, and once more: that is as it should be */
            for (int k = 0; k < N; k++)
                call_back(&m, k, START_S + 20.0 * (k + again * N), is_served || again);
        rig_diagnosis *d = diagnose(&m);
        const rig_finding *f = of_kind(d, RIG_FINDING_CALL_BACKS_DOUBLED);
        assert_int_equal(f != NULL, is_served);
        assert_int_equal(d->n_findings, is_served);
        if (f != NULL) {
            assert_true(f->n_calls == N && f->n_touched == N && f->estimate == 1.0);
            assert_non_null(strstr(f->text, "40 of 40 callers"));
        }
        rig_diagnosis_free(d);
    }
}

static void test_too_early(void **state)
{
    (void)state;
    for (int n = 0; n <= 10; n += 2) {
        scene m;
        (void)make(&m);
        for (int k = 0; k < N; k++)
            call_back(&m, k, k < n ? 500.0 + 20.0 * k : START_S + 20.0 * k, true);
        rig_diagnosis *d = diagnose(&m);
        const rig_finding *f = of_kind(d, RIG_FINDING_CALL_BACKS_EARLY);
        assert_int_equal(f != NULL, n > 3);
        assert_int_equal(d->n_findings, n > 3);
        if (f != NULL) {
            assert_true(f->expected == START_S && fabs(f->estimate - 500.0) < 1e-6 &&
                        f->high < 501.0);
            assert_int_equal(f->n_calls, n);
        }
        rig_diagnosis_free(d);
    }
}

/* Callers wait while one is called back: from before that on, or from then on. */
static void test_before_those_who_wait(void **state)
{
    (void)state;
    for (int is_first = 0; is_first < 2; is_first++) {
        scene m;
        rig_scenario *s = make(&m);
        m.small.agents[0].n_agents = 1;
        s->call_back.idle_agents = 1;
        for (int k = 0; k < N; k++) {
            const double t_s = START_S + 20.0 * k;
            call_back(&m, k, t_s, true);
            m.calls[m.n++] =
                is_first ? served(N + k, t_s - 1.0, 16.0) : served(N + k, t_s + 5.0, 10.0);
        }
        rig_diagnosis *d = diagnose(&m);
        const rig_finding *f = of_kind(d, RIG_FINDING_CALL_BACKS_FIRST);
        assert_int_equal(f != NULL, is_first);
        /* the agent who calls back is busy: none is missing. (That some wait and others are told
         * not to is made up here.) */
        for (size_t i = 0; i < d->n_findings && !is_first; i++)
            if (d->findings[i].kind != RIG_FINDING_DEFLECTION)
                fail_msg("%s", d->findings[i].text);
        if (f != NULL)
            assert_true(f->n_calls == N && f->estimate == 1.0 && f->low > 0.9);
        rig_diagnosis_free(d);
    }
}

/* Each caller keeps his place and is called 3 s later, before him who comes behind him; some are
 * not called. */
static void test_places_that_are_lost(void **state)
{
    (void)state;
    static const struct {
        int from, n_lost; /* of the callers */
        double crash_s;   /* of the centre, by the scenario: whoever waits is lost with it */
        size_t n;         /* that are found */
    } row[] = {{0, 0, INFINITY, 0},
               {10, 10, INFINITY, 10},
               {10, 10, 201.0, 0},  /* nobody came behind them until then */
               {0, 10, 201.0, 10}}; /* their turn was before */
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        scene m;
        rig_scenario *s = make(&m);
        rig_fault fault = {
            .kind = RIG_FAULT_CENTRE, .at_s = row[i].crash_s, .for_s = 2.0, .cuts_calls = true};
        s->faults = &fault;
        s->n_faults = isfinite(row[i].crash_s);
        s->queue.deflection.p_accept = 0.0;
        s->queue.keep_place.p_accept = 1.0;
        for (int k = 0; k < N; k++) {
            const bool is_lost = k >= row[i].from && k < row[i].from + row[i].n_lost;
            if (!is_lost)
                call_back(&m, k, 10.0 * k + 5.0, true);
            if (!is_lost || row[i].from == 0)
                m.calls[m.n++] = served(N + k, 10.0 * k + 3.0, 3.0);
        }
        rig_diagnosis *d = diagnose(&m);
        const rig_finding *f = of_kind(d, RIG_FINDING_PLACES_LOST);
        if ((f != NULL) != (row[i].n > 0))
            fail_msg("row %zu: %s", i, f != NULL ? f->text : "nothing");
        if (f != NULL)
            assert_int_equal(f->n_calls, row[i].n);
        rig_diagnosis_free(d);
    }
}

/* An agent who calls back holds a circuit: where it is the only one, callers are refused. */
static void test_they_hold_circuits(void **state)
{
    (void)state;
    scene m;
    (void)make(&m);
    m.small.trunks[0].n_circuits = 1;
    for (int k = 0; k < N; k++) {
        call_back(&m, k, START_S + 20.0 * k, true);
        m.calls[m.n++] = refused(N + k, START_S + 20.0 * k + 5.0);
    }
    expect_nothing(&m);
}

/* A call comes every 2 s; those from 100 s on are refused until the centre is back. */
static void test_a_centre_out_of_service(void **state)
{
    (void)state;
    static const struct {
        double back_s, estimate; /* NAN: nothing is found */
    } row[] = {{150.0, NAN},      {154.5, NAN},  {200.5, 100.0},
               {INFINITY, 138.0}, {120.5, 20.0}, {100.0, 0.0}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        scene m;
        rig_scenario *s = make(&m);
        rig_fault fault = {
            .kind = RIG_FAULT_CENTRE, .at_s = 100.0, .for_s = 50.0, .cuts_calls = true};
        s->queue.deflection.p_accept = 0.0;
        s->faults = &fault;
        s->n_faults = 1;
        m.n = 0;
        for (int k = 0; k < 2 * N; k++) {
            const double t_s = 120.0 + 2.0 * (k - N / 2);
            m.calls[m.n++] =
                t_s < 100.0 || t_s >= row[i].back_s ? served(k, t_s, 0.0) : refused(k, t_s);
        }
        rig_diagnosis *d = diagnose(&m);
        const rig_finding *f = of_kind(d, RIG_FINDING_OUTAGE);
        if ((f == NULL) != isnan(row[i].estimate))
            fail_msg("row %zu: %s", i, f != NULL ? f->text : "nothing");
        if (f != NULL) {
            assert_true(fabs(f->estimate - row[i].estimate) < 1e-6);
            assert_true(f->expected == 50.0 && f->fault == 1 && f->stage == RIG_STAGE_TRUNK);
            assert_true(f->low <= f->estimate && f->high >= row[i].back_s - 100.0);
            assert_int_equal(isinf(f->high), isinf(row[i].back_s));
        }
        assert_int_equal(d->n_findings, f != NULL);
        rig_diagnosis_free(d);
    }
}

/* The carrier is out as well, until 180 s: who is refused meanwhile says nothing of the centre. */
static void test_a_centre_and_its_carrier_out_of_service(void **state)
{
    (void)state;
    for (int is_carrier = 0; is_carrier < 2; is_carrier++) {
        scene m;
        rig_scenario *s = make(&m);
        rig_fault faults[] = {
            {.kind = RIG_FAULT_CENTRE, .at_s = 100.0, .for_s = 50.0, .cuts_calls = true},
            {.kind = RIG_FAULT_TRUNK, .at_s = 130.0, .for_s = 50.0, .cuts_calls = true}};
        s->queue.deflection.p_accept = 0.0;
        s->faults = faults;
        s->n_faults = is_carrier ? 2 : 1;
        m.n = 0;
        for (int k = 0; k < 2 * N; k++) {
            const double t_s = 80.0 + 2.0 * k;
            m.calls[m.n++] =
                t_s < 100.0 || t_s > 181.0 ? served(k, t_s, 0.0) : refused(k, t_s);
        }
        rig_diagnosis *d = diagnose(&m);
        const rig_finding *f = of_kind(d, RIG_FINDING_OUTAGE);
        if ((f != NULL) == is_carrier)
            fail_msg("%d: %s", is_carrier, f != NULL ? f->text : "nothing");
        assert_int_equal(d->n_findings, !is_carrier);
        rig_diagnosis_free(d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_never_called), cmocka_unit_test(test_who_is_called_once_more),
        cmocka_unit_test(test_too_early),           cmocka_unit_test(test_before_those_who_wait),
        cmocka_unit_test(test_places_that_are_lost),
        cmocka_unit_test(test_they_hold_circuits),  cmocka_unit_test(test_a_centre_out_of_service),
        cmocka_unit_test(test_a_centre_and_its_carrier_out_of_service),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
