/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the embedded centre dials of those who were promised a call back, and when. It has no SIP
 * stack here, so that each attempt is in vain at once: what counts is that it was made. */
#include <stdlib.h>

#include "callcentre/centre/centre.h"
#include "callcentre/centre/lines.h"
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
    assert_int_equal(rig_callcentre_resources_new(&capacity, &m->centre.resources, &err), RIG_OK);
    rig_callcentre_promise_make(&m->centre, &(rig_callcentre_promised){"1000", 0}, 0);
    m->centre.promises.has_begun = true;
}

static void end(scene *m)
{
    rig_callcentre_promises_clear(&m->centre);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_before_the_time),
        cmocka_unit_test(nobody_while_no_agent_is_to_spare),
        cmocka_unit_test(nobody_while_the_centre_is_dead),
        cmocka_unit_test(nobody_beyond_the_circuits),
        cmocka_unit_test(who_is_never_reached),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
