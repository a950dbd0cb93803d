/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenarios/: what is right reads as it is meant, and round-trips. */
#include "tests/unit/scenario_file.h"

static const char *scenarios; /* the folder of those that are shipped */

/* Written with all defaults and read again, nothing changes: the second copy has the same bytes. */
static void test_resolved_copy_is_the_same(void **state)
{
    (void)state;
    static const char rich[] =
        "name = \"rich\"; description = \"says \\\"hello\\\"\\nagain\"; seed = 12345678901L;\n"
        "time_scale = 6.5; interval_s = 7.25;\n"
        "traffic: { arrivals = \"regular\"; interpolation = \"step\"; duration_s = 100.125;\n"
        "  rate = ( { at_s = 0; per_min = 0.1; }, { at_s = 33.3; per_min = 785; } ); };\n"
        "callers: { first_number = \"4912345\"; dial = \"+4930785\"; hangs_up_share = 0.3;\n"
        "  patience_answer = { type = \"gamma\"; mean_s = 12.5; cv = 0.7; };\n"
        "  patience_queue = { type = \"lognormal\"; mean_s = 30; cv = 0.7; };\n"
        "  patience_ringing = { type = \"exponential\"; mean_s = 20; };\n"
        "  talk = { type = \"empirical\"; file = \"talk.csv\"; column = \"talk_s\"; }; };\n"
        "trunks = ( { name = \"A\"; e1 = 2; }, { name = \"B\"; circuits = 7; } );\n"
        "ivr: { ports = 11; menu = { type = \"uniform\"; mean_s = 8; cv = 0.2; };\n"
        "  hold_while_queued = false; self_service_share = 0.1; self_service = 4; };\n"
        "queue: { capacity = 9; timeout_s = 60; };\n"
        "agents = ( { name = \"x\"; count = 5; ring = 2.5; ring_timeout_s = 9; rest_s = 2.5; "
        "wrap_up = 3; } );\n"
        "gate: { margin_pp = 1.5; margin_share = 0.05; replays = 2000; max_lateness_p99_ms = 7;\n"
        "  stages: { queue: { margin_pp = 3.0; }; };\n"
        "  levels = ( { metric = \"connect_rate\"; min = 0.2; },\n"
        "             { metric = \"wait_p95_s\"; max = 30; } ); };\n"
        "target: { host = \"127.0.0.1\"; port = 5099; agents_listen = \"127.0.0.1:5098\";\n"
        "  scalable = true; marks = \"update\"; allow = ( \"10.1.2.3\", \"pbx\" ); };\n"
        "limits: { max_calls = 5000; max_rate_per_s = 99.5; max_run_s = 600; };\n";
    rig_scenario *first = NULL, *second = NULL;
    rig_error err = {0};
    char *a = NULL, *b = NULL;
    assert_int_equal(read_text(rich, NULL, &first, &err), RIG_OK);
    assert_int_equal(first->callers.talk.n_sample, 3);
    assert_true(first->callers.talk.mean_s == 20.0);
    assert_true(first->gate.margin[RIG_STAGE_QUEUE].margin_pp == 3.0);
    assert_true(first->gate.margin[RIG_STAGE_QUEUE].margin_share == 0.05);
    assert_int_equal(rig_scenario_write(first, copy_path, &err), RIG_OK);
    assert_int_equal(rig_file_read(copy_path, &a, NULL, &err), RIG_OK);
    assert_int_equal(rig_scenario_read(copy_path, NULL, 0, &second, &err), RIG_OK);
    assert_int_equal(rig_scenario_write(second, copy_path, &err), RIG_OK);
    assert_int_equal(rig_file_read(copy_path, &b, NULL, &err), RIG_OK);
    assert_string_equal(a, b);
    assert_string_equal(second->description, "says \"hello\"\nagain");
    assert_int_equal(rig_scenario_n_circuits(second), 67);
    assert_int_equal(second->target.n_allow, 2);
    assert_true(second->traffic.duration_s == 100.125);
    free(a);
    free(b);
    rig_scenario_free(first);
    rig_scenario_free(second);
}

/* Everything that can be written: read, written, read, written: the same bytes. */
static void test_everything_is_the_same(void **state)
{
    (void)state;
    static const char *const rows[][4] = {
        {NULL, NULL, NULL},
        {"queue.announcement=none", "queue.seconds_per_place=1", NULL}, /* see below */
        {"traffic.interpolation=step", "traffic.day_cv=0", "traffic.arrivals=regular"},
        {"ivr.choices=({name=\"all\";share=1;skill=\"any\";})",
         "agents=({name=\"order line\";count=4;ring=1;skills=(\"any\");})", "queue.overflow=()"},
    };
    char name[300];
    (void)snprintf(name, sizeof name, "%s/everything.cfg", scenarios);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = 0;
        while (rows[i][n] != NULL)
            n++;
        rig_scenario *first = NULL, *second = NULL;
        rig_error err = {0};
        rig_status status = rig_scenario_read(name, rows[i], n, &first, &err);
        if (i == 1) { /* a key that contradicts another is refused, not left out of the copy */
            assert_int_equal(status, RIG_EINPUT);
            continue;
        }
        if (status != RIG_OK)
            fail_msg("%s", err.text);
        char *a = resolved(first);
        if (rig_scenario_read(copy_path, NULL, 0, &second, &err) != RIG_OK)
            fail_msg("%s", err.text);
        char *b = resolved(second);
        assert_string_equal(a, b);
        free(a);
        free(b);
        rig_scenario_free(first);
        rig_scenario_free(second);
    }
}

static const char *const other_values[] = {
    "traffic.adverts[1].at_s=901",
    "traffic.adverts[1].peak_per_min=351",
    "traffic.adverts[1].rise_s=21",
    "traffic.adverts[1].decay_s=151",
    "traffic.day_cv=0.25",
    "callers.classes[0].name=\"x\"",
    "callers.classes[0].priority=11",
    "callers.classes=({name=\"a\";share=0.25;},{name=\"b\";share=0.75;})",
    "callers.redial.share=0.65",
    "callers.redial.delay=21",
    "callers.redial.max=6",
    "trunks=({name=\"carrier A\";e1=6;share=0.75;},{name=\"carrier B\";e1=4;share=0.25;})",
    "trunks[0].spare_share=0.15",
    "trunks[0].overflow=()",
    "ivr.choices[0].name=\"first\"",
    "ivr.choices=({share=0.75;skill=\"orders\";},{share=0.25;skill=\"service\";})",
    "ivr.choices=({share=0.8;skill=\"service\";},{share=0.2;skill=\"orders\";})",
    "queue.service_level_s=30",
    "queue.routing=\"longest_idle\"",
    "queue.routing=\"round_robin\"",
    "queue.seconds_per_place=3",
    "queue.overflow[0].after_s=41",
    "queue.overflow[0].skill=\"service\"",
    "queue.keep_place.share=0.35",
    "queue.keep_place.min_wait_s=61",
    "queue.keep_place.max=501",
    "queue.deflection.share=0.55",
    "queue.deflection.queue_from=81",
    "queue.deflection.announcement_s=7",
    "queue.deflection.wait_from_s=9",
    "queue.deflection.after_s=7",
    "callers.classes[0].never_deflected=false",
    "call_back.start_s=1201",
    "call_back.idle_agents=4",
    "call_back.attempts=4",
    "call_back.reached_share=0.75",
    "call_back.answer=9",
    "call_back.no_answer_s=26",
    "call_back.retry_delay=601",
    "agents[0].shifts[1].at_s=161",
    "agents[0].shifts[1].count=181",
    "agents[0].count=200",
    "agents[1].count=41",
    "agents[0].skills[0].level=4",
    "agents[0].skills=(\"orders\")",
    "agents[2].name=\"back\"",
    "reserves[0].name=\"x\"",
    "reserves[0].group=\"service desk\"",
    "reserves[0].count=31",
    "reserves[0].queue_above=21",
    "reserves[0].connect_rate_below=0.72",
    "reserves[0].window_s=61",
    "reserves[0].agents_below=4",
    "reserves[0].for_s=31",
    "reserves[0].arrive_after=121",
    "reserves[0].queue_below=3",
    "reserves[0].leave_after_s=301",
    "emergency.talk_factor=0.75",
    "emergency.talk_most_s=121",
    "emergency.queue_above=61",
    "emergency.queue_below=11",
    "faults[0].kind=\"ivr\"",
    "faults[0].trunk=\"carrier A\"",
    "faults[0].at_s=301",
    "faults[0].for_s=121",
    "faults[0].cuts_calls=false",
    "faults[1].cuts_calls=true",
    "faults[3].group=\"service desk\"",
    "faults[3].share=0.5",
    "limits.max_outside=100001"};

/* Each key is read and written: another value gives another copy, which reads back as it is. */
static void test_every_key_is_copied(void **state)
{
    (void)state;
    char name[300];
    rig_scenario *s = NULL, *again = NULL;
    rig_error err = {0};
    (void)snprintf(name, sizeof name, "%s/everything.cfg", scenarios);
    assert_int_equal(rig_scenario_read(name, NULL, 0, &s, &err), RIG_OK);
    char *plain = resolved(s);
    rig_scenario_free(s);
    for (size_t i = 0; i < sizeof other_values / sizeof *other_values; i++) {
        /* these two need a second change to make sense */
        bool is_back = strcmp(other_values[i], "agents[2].name=\"back\"") == 0;
        bool is_ivr = strcmp(other_values[i], "faults[0].kind=\"ivr\"") == 0;
        const char *const all[] = {other_values[i],
                                   is_back ? "queue.overflow[0].to=\"back\""
                                           : "faults=({kind=\"ivr\";at_s=1;for_s=2;})"};
        if (rig_scenario_read(name, all, is_back || is_ivr ? 2 : 1, &s, &err) != RIG_OK)
            fail_msg("%s: %s", other_values[i], err.text);
        char *changed = resolved(s);
        if (strcmp(changed, plain) == 0)
            fail_msg("%s: changes nothing in the copy", other_values[i]);
        if (rig_scenario_read(copy_path, NULL, 0, &again, &err) != RIG_OK)
            fail_msg("%s: %s", other_values[i], err.text);
        char *copied = resolved(again);
        assert_string_equal(copied, changed);
        free(copied);
        free(changed);
        rig_scenario_free(s);
        rig_scenario_free(again);
    }
    free(plain);
}

/* What everything.cfg says, where the simulator looks for it. */
static void test_everything_as_it_is_meant(void **state)
{
    (void)state;
    char name[300];
    rig_scenario *s = NULL;
    rig_error err = {0};
    (void)snprintf(name, sizeof name, "%s/everything.cfg", scenarios);
    if (rig_scenario_read(name, NULL, 0, &s, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_true(s->traffic.adverts[1].at_s == 240.0 && s->traffic.adverts[1].rise_s == 10.0);
    assert_true(s->traffic.adverts[1].peak_per_min == 120.0);
    assert_true(s->traffic.adverts[1].decay_s == 50.0 && s->traffic.day_cv == 0.15);
    assert_true(s->callers.classes[0].p_share == 0.1 && s->callers.classes[0].priority == 10);
    assert_true(s->callers.redial.p_redial == 0.6 && s->callers.redial.max_redials == 5);
    assert_int_equal(s->callers.redial.delay.kind, RIG_DIST_EXPONENTIAL);
    assert_true(s->trunks[0].p_share == 0.7 && s->trunks[1].p_spare == 0.2);
    assert_true(s->trunks[1].n_overflow == 1 && s->trunks[1].overflow[0] == 0);
    assert_true(s->trunks[0].n_overflow == 1 && s->trunks[0].overflow[0] == 1);
    assert_int_equal(s->ivr.choices[1].skill, 1);
    assert_string_equal(s->skills[1], "service");
    assert_true(s->agents[0].level[0] == 3 && s->agents[0].level[1] == 1);
    assert_true(s->agents[1].level[0] == 0 && s->agents[1].level[1] == 5);
    assert_true(s->agents[2].level[0] == 0 && s->agents[2].level[1] == 0);
    assert_true(s->agents[0].n_agents == 60 && s->agents[0].n_shifts == 3);
    assert_true(s->agents[0].shifts[2].at_s == 400.0 && s->agents[0].shifts[2].n_agents == 50);
    assert_int_equal(s->queue.routing, RIG_ROUTING_MOST_SKILLED);
    assert_int_equal(s->queue.announcement, RIG_ANNOUNCE_POSITION);
    assert_true(s->queue.seconds_per_place == 1.5 && s->queue.overflow[0].after_s == 20.0);
    assert_true(s->queue.overflow[0].skill == 0 && s->queue.overflow[0].group == 2);
    assert_true(s->queue.keep_place.min_wait_s == 10.0 && s->queue.keep_place.max_places == 500);
    assert_true(s->queue.deflection.queue_from == 8 && s->queue.deflection.announcement_s == 6.0);
    assert_true(s->queue.deflection.wait_from_s == 8.0 && s->queue.deflection.after_s == 6.0);
    assert_true(s->callers.classes[0].is_never_deflected);
    assert_true(s->call_back.start_s == 380.0 && s->call_back.idle_agents == 2);
    assert_true(s->call_back.no_answer_s == 25.0 && s->call_back.answer.cv == 0.4);
    assert_true(s->reserves[0].group == 0 && s->reserves[0].n_agents == 10);
    assert_true(s->reserves[0].queue_above == 8 && s->reserves[0].queue_below == 2);
    assert_true(s->reserves[0].for_s == 10.0 && s->reserves[0].leave_after_s == 100.0);
    assert_true(s->reserves[0].arrive_after.mean_s == 40.0);
    assert_true(s->reserves[0].connect_rate_below == 0.3 && s->reserves[0].window_s == 60.0);
    assert_true(s->reserves[0].agents_below == 3 && !s->reserves[0].ignores_queue);
    assert_true(s->emergency.talk_factor == 0.7 && s->emergency.talk_most_s == 120.0);
    assert_true(s->emergency.queue_above == 20 && s->emergency.queue_below == 4);
    assert_true(s->faults[0].kind == RIG_FAULT_TRUNK && s->faults[0].trunk == 1);
    assert_true(s->faults[1].kind == RIG_FAULT_IVR && !s->faults[1].cuts_calls);
    assert_true(s->faults[2].kind == RIG_FAULT_CENTRE && s->faults[2].cuts_calls);
    assert_true(s->faults[2].at_s == 340.0 && s->faults[2].for_s == 8.0);
    assert_true(s->faults[3].kind == RIG_FAULT_AGENTS && s->faults[3].has_group);
    assert_true(s->faults[3].group == 0 && s->faults[3].p_gone == 0.25);
    rig_scenario_free(s);
}

/* Read from another folder, a recorded file is found: its name is written as an absolute one. */
static void test_recorded_is_the_same(void **state)
{
    (void)state;
    rig_scenario *first = NULL, *second = NULL;
    rig_error err = {0};
    const char *const overrides[] = {"traffic.arrivals=recorded",
                                     "traffic.recorded={file=\"instants.csv\";column=\"t_s\";}"};
    write_text(path, good);
    assert_int_equal(rig_scenario_read(path, overrides, 2, &first, &err), RIG_OK);
    char *a = resolved(first);
    assert_non_null(strstr(a, instants_path));
    if (rig_scenario_read(copy_path, NULL, 0, &second, &err) != RIG_OK)
        fail_msg("%s", err.text);
    char *b = resolved(second);
    assert_string_equal(a, b);
    assert_int_equal(second->traffic.n_instants, 4);
    free(a);
    free(b);
    rig_scenario_free(first);
    rig_scenario_free(second);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_resolved_copy_is_the_same),
        cmocka_unit_test(test_everything_is_the_same),
        cmocka_unit_test(test_every_key_is_copied),
        cmocka_unit_test(test_everything_as_it_is_meant),
        cmocka_unit_test(test_recorded_is_the_same),
    };
    scenarios = argc > 1 ? argv[1] : "scenarios";
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
