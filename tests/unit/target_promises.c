/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the embedded centre dials of those who were promised a call back, and when. It has no SIP
 * stack here, so that each attempt is in vain at once: what counts is that it was made. */
#include <stdio.h>
#include <stdlib.h>

#include "callcentre/centre/centre.h"
#include "callcentre/centre/lines.h"
#include "callcentre/centre/places.h"
#include "callcentre/centre/told.h"
#include "core/clock.h"
#include "tests/small_scenario.h"
#include "tests/test.h"

static small_scenario room;

typedef struct scene {
    rig_scenario *scenario;
    rig_fault fault; /* of the centre; not on */
    rig_callcentre_entrance entrance;
    rig_callcentre_centre centre;
} scene;

/* One agent and some circuits, free; a caller who was promised a call back, whose time it is. */
static void begin(scene *m, uint32_t n_circuits)
{
    static const uint32_t one = 1;
    static const uint8_t level = 1;
    const rig_callcentre_capacity capacity = {.n_circuits = &n_circuits,
                                              .n_groups = 1,
                                              .n_ports = 1,
                                              .n_lines = 1,
                                              .n_agents = &one,
                                              .n_on_duty = &one,
                                              .n_agent_groups = 1,
                                              .n_skills = 1,
                                              .level = &level};
    rig_error err = {.text = ""};
    m->scenario = small_scenario_make(&room);
    m->scenario->queue.deflection.p_accept = 1.0;
    m->scenario->call_back =
        (rig_call_back){.idle_agents = 1, .n_attempts = 2, .retry_delay = {.mean_s = 1000}};
    m->fault = (rig_fault){.kind = RIG_FAULT_CENTRE, .for_s = 1};
    m->scenario->faults = &m->fault;
    m->scenario->n_faults = 1;
    m->entrance = (rig_callcentre_entrance){.port = 5060};
    m->centre = (rig_callcentre_centre){.scenario = m->scenario,
                                        .first_invite_ns = RIG_NO_TIME,
                                        .sdp = (char *)"v=0\r\n",
                                        .entrances = &m->entrance,
                                        .n_entrances = 1};
    assert_int_equal(rig_callcentre_faults_make(&m->centre, &err), RIG_OK);
    assert_int_equal(rig_callcentre_promises_make(&m->centre, &err), RIG_OK);
    assert_int_equal(rig_callcentre_steps_make(&m->centre, &err), RIG_OK);
    assert_int_equal(rig_callcentre_resources_new(&capacity, &m->centre.resources, &err), RIG_OK);
    rig_callcentre_promise_make(&m->centre, &(rig_callcentre_promised){"1000", 0}, 0);
    m->centre.promises.has_begun = true;
}

static void end(scene *m)
{
    rig_callcentre_promises_clear(&m->centre);
    rig_callcentre_steps_clear(&m->centre);
    rig_callcentre_resources_free(m->centre.resources);
    free(m->centre.faults);
    rig_callcentre_timers_clear(&m->centre.timers);
}

static uint64_t dialled(scene *m)
{
    rig_callcentre_promises_look(&m->centre);
    return m->centre.counts.n_call_backs;
}

static void nobody_before_the_time(void **state)
{
    (void)state;
    scene m;
    begin(&m, 1);
    m.centre.promises.has_begun = false;
    assert_int_equal(dialled(&m), 0);
    m.centre.promises.has_begun = true;
    assert_int_equal(dialled(&m), 1);
    assert_int_equal(dialled(&m), 1); /* he is due again later */
    end(&m);
}

static void nobody_while_no_agent_is_to_spare(void **state)
{
    (void)state;
    scene m;
    begin(&m, 1);
    m.scenario->call_back.idle_agents = 2;
    assert_int_equal(dialled(&m), 0);
    m.scenario->call_back.idle_agents = 1;
    assert_int_equal(dialled(&m), 1);
    end(&m);
}

/* The promise is kept in mind, and dialled when the centre is there again. */
static void nobody_while_the_centre_is_dead(void **state)
{
    (void)state;
    scene m;
    begin(&m, 1);
    m.centre.faults[0].is_on = true;
    assert_int_equal(dialled(&m), 0);
    m.centre.faults[0].is_on = false;
    assert_int_equal(dialled(&m), 1);
    end(&m);
}

/* A defect that leaves fewer circuits leaves them for call backs, too. */
static void nobody_beyond_the_circuits(void **state)
{
    (void)state;
    rig_callcentre_defect defect;
    size_t group = 9;
    scene m;
    begin(&m, 2);
    assert_int_equal(rig_callcentre_defect_read("circuits=1", &defect, NULL), RIG_OK);
    m.centre.defects = &defect;
    m.centre.n_defects = 1;
    assert_true(rig_callcentre_lines_seize(&m.centre, 0, &group));
    assert_int_equal(dialled(&m), 0);
    m.centre.n_defects = 0;
    assert_int_equal(dialled(&m), 1);
    end(&m);
}

/* A promise is broken by its last attempt, not by the end of the centre. */
static void who_is_never_reached(void **state)
{
    (void)state;
    scene m;
    begin(&m, 1);
    m.scenario->call_back.n_attempts = 1;
    assert_int_equal(dialled(&m), 1);
    assert_int_equal(m.centre.counts.n_vain_call_backs, 1);
    assert_int_equal(m.centre.counts.n_never_reached, 1);
    assert_null(m.centre.promises.all);
    rig_callcentre_promise_make(&m.centre, &(rig_callcentre_promised){"1001", 0}, 0);
    m.centre.is_stopping = true;
    assert_int_equal(dialled(&m), 2);
    assert_int_equal(m.centre.counts.n_vain_call_backs, 1);
    assert_int_equal(m.centre.counts.n_never_reached, 1);
    assert_null(m.centre.promises.all);
    end(&m);
}

static rig_callcentre_promised who_is(const scene *m, char number[24])
{
    (void)snprintf(number, 24, "%llu", (unsigned long long)m->scenario->callers.first_number);
    return (rig_callcentre_promised){.number = number};
}

/* A kept place is no call that waits, but stands in front of others; it is dialled at its turn,
 * passed over while nobody may be called, and a promise when that was in vain. */
static void who_keeps_his_place(void **state)
{
    (void)state;
    char number[24];
    uint32_t agent = 9;
    scene m;
    begin(&m, 1);
    rig_callcentre_promises_clear(&m.centre);
    m.scenario->queue.keep_place = (rig_keep_place){.p_accept = 1, .max_places = 1};
    const rig_callcentre_promised who = who_is(&m, number);
    rig_callcentre_resources *r = m.centre.resources;
    const rig_callcentre_usage *usage = rig_callcentre_resources_usage(r);
    rig_callcentre_waiter waiter = {.owner = &m};
    assert_true(rig_callcentre_place_is_kept(&m.centre, &who, &waiter));
    rig_callcentre_place_keep(&m.centre, &who, &waiter);
    assert_int_equal(usage->n_waiting, 0);
    assert_int_equal(usage->n_places, 1);
    assert_int_equal(rig_callcentre_queue_n_before(r, &waiter), 1);
    assert_false(rig_callcentre_place_is_kept(&m.centre, &who, &waiter)); /* one is enough */
    assert_int_equal(dialled(&m), 0); /* not as a promise, though the time has begun */
    rig_callcentre_queue_pass_places(r, true);
    assert_null(rig_callcentre_queue_match(r, &agent));
    assert_true(rig_callcentre_queue_join(r, &waiter, false));
    assert_ptr_equal(rig_callcentre_queue_match(r, &agent), &waiter); /* the call behind it */
    rig_callcentre_agent_release(r, agent);
    rig_callcentre_places_look(&m.centre); /* there is a circuit */
    rig_callcentre_waiter *place = rig_callcentre_queue_match(r, &agent);
    assert_non_null(place);
    assert_true(place->is_place);
    rig_callcentre_place_dial(place->owner, agent);
    assert_int_equal(m.centre.counts.n_call_backs, 1);
    assert_int_equal(usage->n_places, 0);
    assert_non_null(m.centre.promises.all); /* is due again later */
    end(&m);
}

static void who_may_not_keep_his_place(void **state)
{
    (void)state;
    char number[24];
    scene m;
    begin(&m, 1);
    m.scenario->queue.keep_place = (rig_keep_place){.p_accept = 1, .max_places = 1};
    const rig_callcentre_promised who = who_is(&m, number);
    const rig_callcentre_waiter waiter = {.owner = &m};
    const double wait_s = rig_callcentre_expected_wait_s(&m.centre, &waiter);
    m.scenario->queue.keep_place.min_wait_s = wait_s;
    assert_true(rig_callcentre_place_is_kept(&m.centre, &who, &waiter));
    m.scenario->queue.keep_place.min_wait_s = wait_s + 0.1;
    assert_false(rig_callcentre_place_is_kept(&m.centre, &who, &waiter));
    m.scenario->queue.keep_place.min_wait_s = 0.0;
    assert_false(rig_callcentre_place_is_kept(
        &m.centre, &(rig_callcentre_promised){.number = "anonymous"}, &waiter));
    m.scenario->queue.keep_place.p_accept = 0.0;
    assert_false(rig_callcentre_place_is_kept(&m.centre, &who, &waiter));
    end(&m);
}

/* The queue of a dead centre is lost, and the places in it; promises are not. */
static void places_are_lost_with_the_queue(void **state)
{
    (void)state;
    char number[24];
    scene m;
    begin(&m, 1);
    m.scenario->queue.keep_place = (rig_keep_place){.p_accept = 1, .max_places = 9};
    const rig_callcentre_promised who = who_is(&m, number);
    const rig_callcentre_waiter waiter = {.owner = &m};
    rig_callcentre_place_keep(&m.centre, &who, &waiter);
    rig_callcentre_place_keep(&m.centre, &who, &waiter);
    rig_callcentre_places_lose(&m.centre);
    assert_int_equal(rig_callcentre_resources_usage(m.centre.resources)->n_places, 0);
    assert_int_equal(m.centre.counts.n_never_reached, 2);
    assert_non_null(m.centre.promises.first);
    end(&m);
}

/* Enough others wait, he would wait long enough, and his class may be. */
static void who_is_told_not_to_wait(void **state)
{
    (void)state;
    char number[24];
    scene m;
    begin(&m, 1);
    rig_caller_class only = {.p_share = 1};
    rig_deflection *d = &m.scenario->queue.deflection;
    rig_callcentre_waiter one = {.owner = &m}, two = {.owner = &m};
    const rig_callcentre_asked asked = {.number = who_is(&m, number).number, .waiter = &one};
    m.scenario->callers.classes = &only;
    m.scenario->callers.n_classes = 1;
    assert_true(rig_callcentre_is_deflected(&m.centre, &asked));
    d->queue_from = 1;
    assert_false(rig_callcentre_is_deflected(&m.centre, &asked));
    assert_true(rig_callcentre_queue_join(m.centre.resources, &one, false));
    assert_false(rig_callcentre_is_deflected(&m.centre, &asked)); /* he himself does not count */
    const double wait_s = rig_callcentre_expected_wait_s(&m.centre, &one);
    assert_true(rig_callcentre_queue_join(m.centre.resources, &two, false));
    assert_true(rig_callcentre_is_deflected(&m.centre, &asked));
    d->wait_from_s = wait_s;
    assert_true(rig_callcentre_is_deflected(&m.centre, &asked)); /* who is behind him neither */
    d->wait_from_s = wait_s + 0.1;
    assert_false(rig_callcentre_is_deflected(&m.centre, &asked));
    d->wait_from_s = 0.0;
    only.is_never_deflected = true;
    assert_false(rig_callcentre_is_deflected(&m.centre, &asked));
    end(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_keeps_his_place),
        cmocka_unit_test(who_may_not_keep_his_place),
        cmocka_unit_test(places_are_lost_with_the_queue),
        cmocka_unit_test(who_is_told_not_to_wait),
        cmocka_unit_test(nobody_before_the_time),
        cmocka_unit_test(nobody_while_no_agent_is_to_spare),
        cmocka_unit_test(nobody_while_the_centre_is_dead),
        cmocka_unit_test(nobody_beyond_the_circuits),
        cmocka_unit_test(who_is_never_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
