/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carriers in the diagnosis: the calls of a simulated centre that is otherwise than the scenario
 * about one carrier, as the wire would show them; and that an honest one shows nothing. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/prediction.h"
#include "tests/small_scenario.h"
#include "tests/unit/simulated_run.h"

enum { A, B, C, N_CARRIERS };

/* 37 erlang on 20, 12 and 10 circuits: A overflows to B and C, B to C, which keeps a fifth. */
typedef struct room {
    small_scenario small;
    rig_trunk_group trunks[N_CARRIERS];
    uint32_t overflow_a[2], overflow_b[1];
    rig_fault fault;
} room;

static rig_scenario *make(room *r)
{
    rig_scenario *s = small_scenario_make(&r->small);
    r->overflow_a[0] = B;
    r->overflow_a[1] = r->overflow_b[0] = C;
    r->trunks[A] = (rig_trunk_group){.name = (char *)"A",
                                     .n_circuits = 20,
                                     .p_share = 0.5,
                                     .overflow = r->overflow_a,
                                     .n_overflow = 2};
    r->trunks[B] = (rig_trunk_group){.name = (char *)"B",
                                     .n_circuits = 12,
                                     .p_share = 0.3,
                                     .overflow = r->overflow_b,
                                     .n_overflow = 1};
    r->trunks[C] =
        (rig_trunk_group){.name = (char *)"C", .n_circuits = 10, .p_share = 0.2, .p_spare = 0.2};
    s->trunks = r->trunks;
    s->n_trunks = N_CARRIERS;
    s->traffic.duration_s = 600.0;
    r->small.rate[0] = (rig_rate_point){0.0, 200.0};
    s->ivr.n_ports = 100;
    r->small.agents[0].n_agents = 60;
    s->callers.talk = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 11.0};
    return s;
}

static void record(const rig_scenario *s, const rig_schedule *schedule, size_t i,
                   const rig_prediction *p, rig_call *call)
{
    const double t_s = schedule->calls[i].t_s;
    const bool is_refused = p->fates[i] == RIG_OUTCOME_LOST_TRUNK;
    *call =
        (rig_call){.planned_index = (int64_t)i,
                   .t_invite_ns = ns_of(s, t_s),
                   .t_provisional_ns = is_refused ? RIG_NO_TIME : ns_of(s, t_s + 1e-4),
                   .t_menu_ns = RIG_NO_TIME,
                   .t_answer_ns = is_refused ? RIG_NO_TIME : ns_of(s, t_s + 1e-4),
                   .t_queue_ns = RIG_NO_TIME,
                   .t_first_ring_ns = RIG_NO_TIME,
                   .t_agent_ring_ns = RIG_NO_TIME,
                   .t_agent_answer_ns = RIG_NO_TIME,
                   .t_end_ns = is_refused ? ns_of(s, t_s + 1e-4) : ns_of(s, p->instants[i].end_s),
                   .final_code = is_refused ? 503 : 200,
                   .answered = !is_refused,
                   .n_legs = 1,
                   .outcome = p->fates[i]};
}

/* @param real  What the centre is; the schedule is the scenario's. @param moved  Calls of this
 * carrier are booked on the next group; N_CARRIERS: none. */
static rig_diagnosis *diagnose(const rig_scenario *s, const rig_scenario *real, uint32_t moved)
{
    rig_schedule *schedule = NULL;
    rig_prediction *p = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_OK);
    rig_schedule played = *schedule;
    played.calls = malloc(schedule->n * sizeof *played.calls);
    memcpy(played.calls, schedule->calls, schedule->n * sizeof *played.calls);
    for (size_t i = 0; i < played.n; i++) {
        if (played.calls[i].trunk == moved)
            played.calls[i].trunk = (uint16_t)((moved + 1) % N_CARRIERS);
    }
    const rig_predict_options how = {.n_replications = 2, .n_threads = 1, .schedule = &played};
    if (rig_predict(real, &how, &p, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_call *items = calloc(schedule->n, sizeof *items);
    for (size_t i = 0; i < schedule->n; i++)
        record(s, schedule, i, p, &items[i]);
    rig_diagnosis *diagnosis = diagnose_run(s, schedule, items);
    free(played.calls);
    rig_prediction_free(p);
    rig_schedule_free(schedule);
    return diagnosis;
}

static void test_an_honest_centre_shows_nothing(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    for (s->seed = 1; s->seed <= 5; s->seed++) {
        rig_diagnosis *d = diagnose(s, s, N_CARRIERS);
        assert_int_equal(d->n_findings, 0);
        rig_diagnosis_free(d);
    }
    /* nor one whose carrier is out of service as the scenario says */
    r.fault = (rig_fault){.kind = RIG_FAULT_TRUNK, .trunk = A, .at_s = 200.0, .for_s = 100.0};
    s->faults = &r.fault;
    s->n_faults = 1;
    rig_diagnosis *d = diagnose(s, s, N_CARRIERS);
    assert_int_equal(d->n_findings, 0);
    rig_diagnosis_free(d);
}

static void test_another_number_of_circuits(void **state)
{
    (void)state;
    static const struct {
        uint32_t carrier, n;
    } rows[] = {{A, 14}, {A, 0}, {B, 8}, {C, 5}, {C, 16}, {A, 30}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        room r, other;
        rig_scenario *s = make(&r), *real = make(&other);
        other.trunks[rows[i].carrier].n_circuits = rows[i].n;
        rig_diagnosis *d = diagnose(s, real, N_CARRIERS);
        assert_int_equal(d->n_findings, 1);
        const rig_finding *f = &d->findings[0];
        assert_int_equal(f->kind, RIG_FINDING_CIRCUITS);
        assert_int_equal(f->trunk, rows[i].carrier + 1);
        assert_true(f->low <= rows[i].n && rows[i].n <= f->high);
        /* where nobody is refused any more, how many there are cannot be seen */
        assert_true(f->high - f->low <= 2.0 || (rows[i].carrier == A && rows[i].n == 30));
        assert_true(f->n_touched > 0);
        rig_diagnosis_free(d);
    }
}

static void test_no_overflow(void **state)
{
    (void)state;
    room r, other;
    rig_scenario *s = make(&r), *real = make(&other);
    other.trunks[A].n_overflow = 0;
    rig_diagnosis *d = diagnose(s, real, N_CARRIERS);
    assert_int_equal(d->n_findings, 1);
    assert_int_equal(d->findings[0].kind, RIG_FINDING_NO_OVERFLOW);
    assert_int_equal(d->findings[0].trunk, A + 1);
    assert_true(d->findings[0].low > 0.0);
    rig_diagnosis_free(d);
}

static void test_misrouted(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    rig_diagnosis *d = diagnose(s, s, C);
    assert_true(d->n_findings >= 1);
    assert_int_equal(d->findings[0].kind, RIG_FINDING_MISROUTED);
    assert_int_equal(d->findings[0].trunk, C + 1);
    assert_int_equal(d->findings[0].other_trunk, A + 1);
    rig_diagnosis_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_honest_centre_shows_nothing),
        cmocka_unit_test(test_another_number_of_circuits),
        cmocka_unit_test(test_no_overflow),
        cmocka_unit_test(test_misrouted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
