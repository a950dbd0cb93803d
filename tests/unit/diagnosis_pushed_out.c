/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A full queue that pushes callers out: the calls of a simulated centre that does, as the wire
 * would show them; that one that does not shows nothing; and that nobody is blamed for other cuts.
 */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/prediction.h"
#include "tests/small_scenario.h"
#include "tests/unit/simulated_run.h"

typedef struct room {
    small_scenario small;
    rig_caller_class classes[2];
} room;

/* Too few agents, and a queue that is often full. */
static rig_scenario *make(room *r)
{
    rig_scenario *s = small_scenario_make(&r->small);
    r->classes[0] = (rig_caller_class){.name = (char *)"gold", .p_share = 0.3, .priority = 9};
    r->classes[1] = (rig_caller_class){.name = (char *)"any", .p_share = 0.7, .priority = 1};
    s->callers.classes = r->classes;
    s->callers.n_classes = 2;
    s->traffic.duration_s = 600.0;
    s->trunks[0].n_circuits = 200;
    r->small.rate[0] = (rig_rate_point){0.0, 100.0};
    s->ivr.n_ports = 200;
    s->queue.capacity = 8;
    r->small.agents[0].n_agents = 20;
    s->callers.talk = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 15.0};
    s->callers.patience_queue = (rig_dist){.kind = RIG_DIST_EXPONENTIAL, .mean_s = 60.0};
    s->target.marks = RIG_MARK_UPDATE;
    return s;
}

/* @param is_by_centre  Who waited and was lost was sent away, and did not leave. */
static void record(const rig_scenario *s, const rig_schedule *schedule, size_t i,
                   const rig_prediction *p, bool is_by_centre, rig_call *call)
{
    const double t_s = schedule->calls[i].t_s;
    const rig_call_instants *at = &p->instants[i];
    *call = (rig_call){.planned_index = (int64_t)i,
                       .t_invite_ns = ns_of(s, t_s),
                       .t_provisional_ns = ns_of(s, t_s + 1e-4),
                       .t_menu_ns = RIG_NO_TIME,
                       .t_answer_ns = ns_of(s, t_s + 1e-4),
                       .t_queue_ns = ns_of(s, at->queue_s),
                       .t_first_ring_ns = ns_of(s, at->ring_s),
                       .t_agent_ring_ns = ns_of(s, at->ring_s),
                       .t_agent_answer_ns = ns_of(s, at->talk_s),
                       .t_end_ns = ns_of(s, at->end_s),
                       .final_code = 200,
                       .answered = true,
                       .bye = is_by_centre ? RIG_BYE_CALLEE : RIG_BYE_CALLER,
                       .n_legs = isnan(at->ring_s) ? 1 : 2,
                       .outcome = p->fates[i]};
}

/* Whether patience, or the centre, ended a wait. */
static bool is_by_centre(const rig_planned_call *planned, const rig_call_instants *at,
                         rig_outcome fate)
{
    return fate == RIG_OUTCOME_LOST_QUEUE &&
           at->end_s - at->queue_s < planned->patience_queue_s - 1e-6;
}

static rig_diagnosis *diagnose(const rig_scenario *s, const rig_centre_rules *rules,
                               bool all_by_centre)
{
    rig_schedule *schedule = NULL;
    rig_prediction *p = NULL;
    rig_error err = {.text = ""};
    assert_int_equal(rig_schedule_draw(s, 0, &schedule, &err), RIG_OK);
    const rig_predict_options how = {
        .n_replications = 2, .n_threads = 1, .schedule = schedule, .rules = rules};
    if (rig_predict(s, &how, &p, &err) != RIG_OK)
        fail_msg("%s", err.text);
    rig_call *items = calloc(schedule->n, sizeof *items);
    for (size_t i = 0; i < schedule->n; i++) {
        const bool by_centre = is_by_centre(&schedule->calls[i], &p->instants[i], p->fates[i]) ||
                               (all_by_centre && p->fates[i] == RIG_OUTCOME_LOST_QUEUE);
        record(s, schedule, i, p, by_centre, &items[i]);
    }
    rig_diagnosis *diagnosis = diagnose_run(s, schedule, items);
    rig_prediction_free(p);
    rig_schedule_free(schedule);
    return diagnosis;
}

static void test_pushed_out(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    for (s->seed = 1; s->seed <= 3; s->seed++) {
        rig_diagnosis *d = diagnose(s, &(rig_centre_rules){.pushes_out = true}, false);
        assert_int_equal(d->n_findings, 1);
        const rig_finding *f = &d->findings[0];
        assert_int_equal(f->kind, RIG_FINDING_PUSHED_OUT);
        assert_int_equal(f->stage, RIG_STAGE_QUEUE);
        assert_true(f->expected == 0.0 && f->low > 0.0 && f->estimate > 0.8);
        assert_true(f->n_touched == 2 * f->n_calls);
        rig_diagnosis_free(d);
    }
}

static void test_an_honest_queue_shows_nothing(void **state)
{
    (void)state;
    room r;
    rig_scenario *s = make(&r);
    for (s->seed = 1; s->seed <= 3; s->seed++) {
        rig_diagnosis *d = diagnose(s, NULL, false);
        assert_int_equal(d->n_findings, 0);
        rig_diagnosis_free(d);
    }
    /* one that cuts callers at any time does not push them out */
    s->seed = 1;
    s->time_scale = 15.0; /* many come in the instants in which somebody is cut */
    s->callers.patience_queue.mean_s = 12.0;
    rig_diagnosis *d = diagnose(s, NULL, true);
    for (size_t i = 0; i < d->n_findings; i++)
        assert_int_not_equal(d->findings[i].kind, RIG_FINDING_PUSHED_OUT);
    assert_true(d->n_findings > 0);
    rig_diagnosis_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pushed_out),
        cmocka_unit_test(test_an_honest_queue_shows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
