/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run in which all is well, for the tests of the set-up gate. */
#ifndef RIG_TESTS_UNIT_SET_UP_WORLD_H
#define RIG_TESTS_UNIT_SET_UP_WORLD_H

#include <string.h>

#include "tests/small_scenario.h"
#include "tests/test.h"
#include "verdict/set_up.h"

#define START_NS INT64_C(1700000000000000000)

enum { N_CALLS = 40 };

/* A run in which all is well: each call is answered, waits, and is served. */
typedef struct world {
    small_scenario small;
    rig_scenario *scenario;
    rig_planned_call planned[N_CALLS];
    rig_schedule schedule;
    rig_call calls[N_CALLS];
    const rig_call *observed[N_CALLS];
    rig_join join;
    rig_play_facts play;
    rig_wire_facts wire;
    rig_said_call said[N_CALLS];
    rig_set_up_input input;
} world;

static int64_t at(double s)
{
    return START_NS + (int64_t)(s * 1e9);
}

static void begin(world *w)
{
    *w = (world){
        .schedule = {.calls = w->planned, .n = N_CALLS},
        .join = {.n_planned = N_CALLS, .observed = w->observed},
        .play = {.start_epoch_ns = START_NS, .agents_host = "127.0.0.1", .agents_port = 5080}};
    w->scenario = small_scenario_make(&w->small);
    w->scenario->target.marks = RIG_MARK_REINVITE;
    for (size_t i = 0; i < N_CALLS; i++) {
        const double t_s = (double)i;
        w->planned[i].t_s = t_s;
        w->calls[i] = (rig_call){.planned_index = (int64_t)i,
                                 .t_invite_ns = at(t_s),
                                 .t_provisional_ns = at(t_s + 0.1),
                                 .t_menu_ns = RIG_NO_TIME,
                                 .t_answer_ns = at(t_s + 0.2),
                                 .t_queue_ns = at(t_s + 2.0),
                                 .t_agent_ring_ns = at(t_s + 3.0),
                                 .t_agent_answer_ns = at(t_s + 4.0),
                                 .t_end_ns = at(t_s + 9.0),
                                 .final_code = 200,
                                 .answered = true,
                                 .bye = RIG_BYE_CALLER,
                                 .n_legs = 2,
                                 .outcome = RIG_OUTCOME_SERVED,
                                 .reason = "caller BYE"};
        w->observed[i] = &w->calls[i];
        w->said[i] = (rig_said_call){.is_said = true,
                                     .is_placed = true,
                                     .is_heard = true,
                                     .late_ms = 1.0F,
                                     .call_id_hash = rig_said_call_hash("r1@here", 7)};
        w->calls[i].call_id = (char *)"r1@here";
    }
    w->wire = (rig_wire_facts){
        .is_known = true,
        .callers = {.n_asked = 120, .n_sent = 80, .n_marks = 80, .n_reinvites = 40},
        .phones =
            {.n_asked = 80, .n_invites = 40, .n_taken = 40, .invite_max_ms = 1.0, .n_sent = 10},
        .capture = {.n_packets = 1000, .n_messages = 900}};
    w->play.n_packets = 1000;
    w->play.n_rung = 40;
    w->input = (rig_set_up_input){.scenario = w->scenario,
                                  .schedule = &w->schedule,
                                  .play = &w->play,
                                  .join = &w->join,
                                  .wire = &w->wire,
                                  .said = w->said,
                                  .n_served = 40.0};
}

/* The one check that does not hold has this name, and says this. */
static void expect(const world *w, const char *name, const char *text)
{
    rig_check checks[RIG_SET_UP_N_CHECKS];
    const size_t n = rig_set_up_judge(&w->input, checks);
    bool is_found = name == NULL;
    assert_in_range(n, 1, RIG_SET_UP_N_CHECKS);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(checks[i].gate, "G0b");
        if (checks[i].is_ok)
            continue;
        if (name == NULL || strcmp(checks[i].name, name) != 0)
            fail_msg("%s: %s", checks[i].name, checks[i].text);
        if (strstr(checks[i].text, text) == NULL)
            fail_msg("\"%s\" is not in \"%s\"", text, checks[i].text);
        is_found = true;
    }
    if (!is_found)
        fail_msg("%s: holds", name);
}

#endif
