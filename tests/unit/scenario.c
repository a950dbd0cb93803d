/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenarios/: defaults, overrides, the rate, and what a run can play. */
#include "tests/unit/scenario_file.h"

#include <math.h>

static void test_defaults(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    assert_int_equal(read_text(good, NULL, &s, &err), RIG_OK);
    assert_int_equal(rig_scenario_n_circuits(s), 60);
    assert_int_equal(s->ivr.n_ports, 60);
    assert_true(s->time_scale == 1.0);
    assert_true(rig_target_is_embedded(&s->target));
    assert_int_equal(s->gate.n_replays, 999);
    /* no extra limit: the ring time-out, 20 s, comes first */
    assert_true(s->callers.patience_ringing.kind == RIG_DIST_CONSTANT &&
                s->callers.patience_ringing.mean_s == 200.0);
    assert_true(s->gate.margin[RIG_STAGE_AGENT].margin_pp == 0.1);
    rig_scenario_free(s);
}

static void test_overrides_replace(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    const char *const overrides[] = {"trunks[0].circuits=250",
                                     "agents[0].count=7",
                                     "name=other",
                                     "time_scale=6",
                                     "traffic.rate=({at_s=0;per_min=10;},{at_s=30;per_min=20;})",
                                     "seed=9000000000L",
                                     "gate.stages.ivr.margin_pp=4",
                                     "traffic.rate[1].per_min=25"};
    const size_t n = sizeof overrides / sizeof *overrides;
    write_text(path, good);
    assert_int_equal(rig_scenario_read(path, overrides, n, &s, &err), RIG_OK);
    assert_true(s->gate.margin[RIG_STAGE_IVR].margin_pp == 4.0);
    assert_true(s->traffic.rate[1].rate_per_min == 25.0);
    assert_int_equal(rig_scenario_n_circuits(s), 250);
    assert_int_equal(s->agents[0].n_agents, 7);
    assert_string_equal(s->name, "other");
    assert_int_equal(s->traffic.n_rate, 2);
    assert_true(s->seed == 9000000000u);
    rig_scenario_free(s);
}

/* A margin that somebody has set is meant as it is; one that nobody set widens. */
static void test_margins_widen_by_default(void **state)
{
    (void)state;
    static const struct {
        const char *override;
        bool widens[RIG_N_STAGES];
    } rows[] = {
        {"seed=1L", {true, true, true, true}},
        {"gate.replays=2000", {true, true, true, true}},
        {"gate.margin_pp=2", {false, false, false, false}},
        {"gate.margin_share=0.1", {false, false, false, false}},
        {"gate={margin_pp=2;margin_widens=true;}", {true, true, true, true}},
        {"gate.margin_widens=false", {false, false, false, false}},
        {"gate.stages.queue.margin_pp=3", {true, true, false, true}},
        {"gate={stages={queue={margin_share=0.2;};};}", {true, true, false, true}},
        {"gate={stages={trunk={margin_pp=3;margin_widens=true;};};}", {true, true, true, true}},
        {"gate={margin_pp=2;stages={agent={margin_widens=true;};};}", {false, false, false, true}},
    };
    write_text(path, good);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *s = NULL, *again = NULL;
        rig_error err = {0};
        assert_int_equal(rig_scenario_read(path, &rows[i].override, 1, &s, &err), RIG_OK);
        assert_int_equal(rig_scenario_write(s, "margins.cfg", &err), RIG_OK);
        assert_int_equal(rig_scenario_read("margins.cfg", NULL, 0, &again, &err), RIG_OK);
        for (int k = 0; k < RIG_N_STAGES; k++) {
            if (s->gate.margin[k].margin_widens != rows[i].widens[k] ||
                again->gate.margin[k].margin_widens != rows[i].widens[k])
                fail_msg("%s: %s", rows[i].override, rig_stage_name((rig_stage)k));
        }
        rig_scenario_free(s);
        rig_scenario_free(again);
    }
    assert_int_equal(unlink("margins.cfg"), 0);
}

static void test_rate_profile(void **state)
{
    (void)state;
    rig_rate_point points[] = {{10, 60}, {20, 120}, {40, 0}};
    rig_traffic linear = {
        .interpolation = RIG_INTERPOLATION_LINEAR, .duration_s = 50, .rate = points, .n_rate = 3};
    rig_traffic step = linear;
    step.interpolation = RIG_INTERPOLATION_STEP;
    static const struct {
        double at_s, linear_per_s, step_per_s, linear_calls, step_calls;
    } rows[] = {{0, 1, 1, 0, 0},    {10, 1, 1, 10, 10}, {15, 1.5, 1, 16.25, 15},
                {20, 2, 2, 25, 20}, {30, 1, 2, 40, 40}, {40, 0, 0, 45, 60},
                {45, 0, 0, 45, 60}, {50, 0, 0, 45, 60}, {99, 0, 0, 45, 60}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(fabs(rig_traffic_rate_per_s(&linear, rows[i].at_s) - rows[i].linear_per_s) <
                    1e-12);
        assert_true(fabs(rig_traffic_rate_per_s(&step, rows[i].at_s) - rows[i].step_per_s) < 1e-12);
        assert_true(fabs(rig_traffic_expected_calls(&linear, rows[i].at_s) - rows[i].linear_calls) <
                    1e-9);
        assert_true(fabs(rig_traffic_expected_calls(&step, rows[i].at_s) - rows[i].step_calls) <
                    1e-9);
    }
    assert_true(rig_traffic_peak_rate_per_s(&linear) == 2.0);
}

/* What the simulator may rely on when no key of these is in the file. */
static void test_defaults_of_the_centre(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    assert_int_equal(read_text(good, "trunks=({e1=1;},{e1=2;},{e1=3;})", &s, &err), RIG_OK);
    assert_int_equal(s->callers.n_classes, 1);
    assert_string_equal(s->callers.classes[0].name, "caller");
    assert_true(s->callers.classes[0].p_share == 1.0 && s->callers.classes[0].priority == 0);
    assert_true(s->callers.redial.p_redial == 0.0 && s->callers.redial.max_redials == 5);
    assert_string_equal(s->trunks[0].name, "trunks");
    assert_string_equal(s->trunks[2].name, "trunks 3");
    assert_int_equal(s->trunks[0].n_overflow, 2); /* hunting */
    assert_int_equal(s->trunks[0].overflow[0], 1);
    assert_int_equal(s->trunks[0].overflow[1], 2);
    assert_int_equal(s->trunks[1].n_overflow + s->trunks[2].n_overflow, 0);
    assert_int_equal(s->ivr.n_choices, 1);
    assert_true(s->ivr.choices[0].p_share == 1.0 && s->ivr.choices[0].skill == 0);
    assert_int_equal(s->n_skills, 1);
    assert_string_equal(s->skills[0], "any");
    assert_int_equal(s->agents[0].level[0], 1);
    assert_int_equal(s->agents[0].n_shifts, 1);
    assert_true(s->agents[0].shifts[0].at_s == 0.0 && s->agents[0].shifts[0].n_agents == 5);
    assert_true(s->queue.service_level_s == 20.0);
    assert_int_equal(s->queue.routing, RIG_ROUTING_LONGEST_IDLE);
    assert_int_equal(s->queue.announcement, RIG_ANNOUNCE_NOTHING);
    assert_true(s->queue.keep_place.p_accept == 0.0 && s->queue.deflection.p_accept == 0.0);
    assert_true(s->emergency.talk_factor == 1.0 && s->traffic.day_cv == 0.0);
    assert_true(s->call_back.start_s == 60.0 && s->call_back.p_reached == 0.7);
    assert_true(s->call_back.answer.mean_s == 8.0 && s->call_back.retry_delay.mean_s == 600.0);
    assert_int_equal(s->n_reserves + s->n_faults + s->traffic.n_adverts, 0);
    assert_int_equal(s->limits.max_outside, 1000000);
    rig_scenario_free(s);
}

/* Overrides make groups that are not there, and replace what excludes them. */
static void test_overrides_of_the_centre(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    rig_error err = {0};
    const char *const overrides[] = {
        "agents[0].shifts=({at_s=0;count=3;},{at_s=9;count=8;})",
        "agents[0].shifts[1].count=9",
        "emergency={talk_factor=0.5;queue_above=7;}",
        "emergency.queue_below=6",
        "queue.keep_place.share=0.25",
        "queue.deflection.share=0.5",
        "call_back.attempts=2",
        "call_back.answer={type=\"exponential\";mean_s=9;}",
        "queue.routing=round_robin",
        "callers.redial.share=0.5",
        "callers.redial.delay=15",
        "limits.max_outside=2000",
        "traffic.arrivals=recorded",
        "traffic.recorded={file=\"instants.csv\";column=\"t_s\";}",
        "ivr.choices=({share=0.5;skill=\"a\";},{share=0.5;skill=\"b\";})",
        "agents[0].skills=(\"a\",{name=\"b\";level=4;})"};
    write_text(path, good);
    if (rig_scenario_read(path, overrides, sizeof overrides / sizeof *overrides, &s, &err) !=
        RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(s->agents[0].n_agents, 9);
    assert_int_equal(s->agents[0].shifts[0].n_agents, 3);
    assert_int_equal(s->emergency.queue_below, 6);
    assert_true(s->queue.keep_place.p_accept == 0.25);
    assert_int_equal(s->call_back.n_attempts, 2);
    assert_int_equal(s->call_back.answer.kind, RIG_DIST_EXPONENTIAL);
    assert_int_equal(s->queue.routing, RIG_ROUTING_ROUND_ROBIN);
    assert_true(s->callers.redial.p_redial == 0.5 && s->callers.redial.delay.mean_s == 15.0);
    assert_int_equal(s->limits.max_outside, 2000);
    assert_int_equal(s->traffic.n_instants, 4);
    assert_int_equal(s->traffic.n_rate, 0);
    assert_int_equal(s->agents[0].level[1], 4);
    assert_string_equal(s->skills[1], "b");
    rig_scenario_free(s);
    const char *const back[] = {"agents[0].shifts=({at_s=0;count=3;})", "agents[0].count=6"};
    assert_int_equal(rig_scenario_read(path, back, 2, &s, &err), RIG_OK);
    assert_int_equal(s->agents[0].n_agents, 6);
    rig_scenario_free(s);
    const char *const steps[] = {"trunks[0].steps=({at_s=0;circuits=3;},{at_s=9;circuits=8;})",
                                 "ivr.ports=7", "ivr.steps=({at_s=0;ports=3;},{at_s=9;ports=5;})"};
    assert_int_equal(rig_scenario_read(path, steps, 3, &s, &err), RIG_OK);
    assert_int_equal(s->trunks[0].n_circuits, 8);
    assert_int_equal(s->ivr.n_steps, 2);
    assert_int_equal(s->ivr.n_ports, 5);
    rig_scenario_free(s);
    const char *const numbers[] = {steps[0], steps[2], "ivr.ports=7", "trunks[0].circuits=6"};
    assert_int_equal(rig_scenario_read(path, numbers, 4, &s, &err), RIG_OK);
    assert_int_equal(s->trunks[0].n_circuits, 6);
    assert_int_equal(s->trunks[0].n_steps + s->ivr.n_steps, 0);
    assert_int_equal(s->ivr.n_ports, 7);
    rig_scenario_free(s);
}

/* Adverts over a constant rate of 1 a second; the integrals by hand. */
static void test_rate_with_adverts(void **state)
{
    (void)state;
    rig_rate_point points[] = {{0, 60}};
    rig_advert adverts[] = {{10, 120, 4, 5}, {30, 60, 0, 10}};
    const rig_traffic traffic = {
        .duration_s = 60, .rate = points, .n_rate = 1, .adverts = adverts, .n_adverts = 2};
    const double e = exp(-1.0);
    const struct {
        double at_s, per_s, n_calls;
    } rows[] = {
        {5, 1, 5},
        {10, 1, 10},
        {12, 2, 13},                                        /* half way up: 1 + 2 * 2 / 4 */
        {14, 3, 18},                                        /* the peak: 4 s of 1 on average */
        {19, 1 + 2 * e, 23 + 10 * (1 - e)},                 /* one time constant later */
        {30, 2 + 2 * exp(-3.2), 34 + 10 * (1 - exp(-3.2))}, /* the second begins at its peak */
        {40, 1 + 2 * exp(-5.2) + e, 44 + 10 * (1 - exp(-5.2)) + 10 * (1 - e)},
        {60, 1 + 2 * exp(-9.2) + exp(-3), 64 + 10 * (1 - exp(-9.2)) + 10 * (1 - exp(-3))},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double per_s = rig_traffic_rate_per_s(&traffic, rows[i].at_s);
        double n_calls = rig_traffic_expected_calls(&traffic, rows[i].at_s);
        if (fabs(per_s - rows[i].per_s) > 1e-12 || fabs(n_calls - rows[i].n_calls) > 1e-10)
            fail_msg("at %g s: %.12g a second, %.12g calls; expected %.12g, %.12g", rows[i].at_s,
                     per_s, n_calls, rows[i].per_s, rows[i].n_calls);
    }
    assert_true(fabs(rig_traffic_peak_rate_per_s(&traffic) - 3.0) < 1e-12);
    /* a step down at the very peak: the rate before it counts */
    rig_rate_point steps[] = {{0, 60}, {14, 0}};
    rig_traffic stepped = traffic;
    stepped.interpolation = RIG_INTERPOLATION_STEP;
    stepped.rate = steps;
    stepped.n_rate = 2;
    assert_true(fabs(rig_traffic_peak_rate_per_s(&stepped) - 3.0) < 1e-12);
}

static void test_recorded_traffic(void **state)
{
    (void)state;
    static const char recorded[] =
        "name = \"past\";\n"
        "traffic: { arrivals = \"recorded\"; duration_s = 60.0;\n"
        "  recorded = { file = \"instants.csv\"; column = \"t_s\"; }; };\n"
        "callers: { patience_answer = 10; patience_queue = 20; talk = 30; };\n"
        "trunks = ( { e1 = 2; } ); agents = ( { count = 5; ring = 2; } );\n";
    rig_scenario *s = NULL;
    rig_error err = {0};
    if (read_text(recorded, NULL, &s, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(s->traffic.n_instants, 4);
    assert_true(s->traffic.instant_s[1] == 1.5 && s->traffic.instant_s[3] == 59.25);
    assert_true(s->traffic.instants_path[0] == '/');
    assert_true(rig_traffic_rate_per_s(&s->traffic, 1.5) == 0.0);
    assert_true(rig_traffic_expected_calls(&s->traffic, 1.4) == 1.0);
    assert_true(rig_traffic_expected_calls(&s->traffic, 1.5) == 3.0);
    assert_true(rig_traffic_expected_calls(&s->traffic, 60.0) == 4.0);
    assert_true(rig_traffic_peak_rate_per_s(&s->traffic) == 2.0);
    assert_int_equal(rig_scenario_check_playable(s, &err), RIG_OK);
    rig_scenario_free(s);
    static const struct {
        const char *csv, *message;
    } rows[] = {
        {"t_s\n1\n0.5\n", "instants.csv:3: t_s: 0.5; expected instants in ascending order"},
        {"t_s\n-1\n", "instants.csv:2: t_s: -1; expected seconds >= 0"},
        {"t_s\n1\n\n60\n", "t_s: 60; expected instants before traffic.duration_s"},
        {"t_s\n59.9999999\n", "t_s: 59.9999999; expected instants before"},
        {"t_s\nnoon\n", "instants.csv:2: t_s: \"noon\" is not a number"},
        {"t_s\n", "no rows; expected at least one instant"},
        {"at\n1\n", "no column \"t_s\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_text(instants_path, rows[i].csv);
        assert_int_equal(rig_scenario_read(path, NULL, 0, &s, &err), RIG_EINPUT);
        if (strstr(err.text, rows[i].message) == NULL ||
            strstr(err.text, "a.cfg:3: traffic.recorded.file: ") == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].message);
    }
    write_text(instants_path, "t_s\n1\n2\n");
    const char *const few = "limits.max_calls=1";
    assert_int_equal(rig_scenario_read(path, &few, 1, &s, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "2 instants; expected at most limits.max_calls = 1"));
}

/* One override of the good scenario a row; NULL: a run can play it. */
static void test_what_a_run_can_play(void **state)
{
    (void)state;
    static const struct {
        const char *override, *key;
    } rows[] = {
        {"traffic.adverts=({at_s=1;peak_per_min=9;decay_s=9;})", NULL},
        {"traffic.day_cv=0.3", NULL},
        {"queue={service_level_s=10;capacity=3;}", NULL},
        {"limits.max_outside=9", NULL},
        {"trunks=({e1=1;},{e1=2;})", NULL},
        {"trunks=({e1=1;share=1;})", NULL},
        {"trunks=({e1=1;share=0.5;overflow=(\"trunks 2\");},{e1=2;share=0.5;spare_share=0.1;})",
         NULL},
        {"faults=({kind=\"ivr\";at_s=1;for_s=1;})", NULL},
        {"faults=({kind=\"trunk\";trunk=\"trunks\";at_s=1;for_s=1;cuts_calls=false;})", NULL},
        {"callers.classes=({share=1;priority=3;})", NULL},
        {"callers.redial={share=0;}", NULL},
        {"emergency={talk_factor=1;queue_above=3;}", NULL},
        {"agents=({shifts=({at_s=0;count=3;});ring=2;})", NULL},
        {"callers.classes=({share=0.5;dial=\"7851\";},{share=0.5;priority=3;})", NULL},
        {"callers.redial={share=0.5;delay=3;}", NULL},
        {"queue.routing=\"round_robin\"", NULL},
        {"queue.announcement=\"expected_wait\"", NULL},
        {"queue={announcement=\"position\";seconds_per_place=3;}", NULL},
        {"agents=({count=3;ring=2;},{count=3;ring=2;})", NULL},
        {"queue.overflow=()", NULL},
        {"agents=({shifts=({at_s=0;count=3;},{at_s=5;count=4;});ring=2;})", NULL},
        {"faults=({kind=\"agents\";at_s=1;for_s=1;})", NULL},
        {"faults=({kind=\"agents\";group=\"agents\";share=0.5;at_s=1;for_s=1;})", NULL},
        {"reserves=({group=\"agents\";count=1;queue_above=1;arrive_after=1;leave_after_s=1;})",
         NULL},
        {"reserves=({group=\"agents\";count=1;agents_below=1;arrive_after=1;leave_after_s=1;})",
         NULL},
        {"emergency={talk_factor=0.9;queue_above=3;}", NULL},
        {"emergency={talk_most_s=90;queue_above=3;}", NULL},
        {"faults=({kind=\"centre\";at_s=1;for_s=1;})", NULL},
    };
    rig_scenario *s = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_error err = {0};
        if (read_text(good, rows[i].override, &s, &err) != RIG_OK)
            fail_msg("%s: %s", rows[i].override, err.text);
        rig_status expected = rows[i].key == NULL ? RIG_OK : RIG_EINPUT;
        if (rig_scenario_check_playable(s, &err) != expected)
            fail_msg("%s: expected status %d; \"%s\"", rows[i].override, (int)expected, err.text);
        char message[600];
        (void)snprintf(
            message, sizeof message,
            "%s (--set): %s: a run cannot play it yet; peakrig predict and plan simulate "
            "it, or leave it out",
            path, rows[i].key != NULL ? rows[i].key : "");
        if (rows[i].key != NULL && strstr(err.text, message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, message);
        rig_scenario_free(s);
    }
}

/* All keys are named, each with its line; an unused one is not. */
static void test_all_that_a_run_cannot_play(void **state)
{
    (void)state;
    static const struct {
        const char *overrides[3], *message;
    } rows[] = {
        {{"trunks=({e1=1;share=1;},{e1=2;share=0;})", "target.host=\"127.0.0.1\"", NULL},
         "2 keys that a run cannot play: trunks[0].share (--set; only at the embedded call centre, "
         "or with trunks[].port), trunks[1].share (--set; only"},
        {{"queue.keep_place.share=0.5", "call_back={}", "target.host=\"127.0.0.1\""},
         "queue.keep_place (--set; only at the embedded call centre)"},
        {{"queue.deflection.share=0.5", "call_back={}", "target.marks=\"quiet\""},
         " (--set): call_back: a run cannot play it (only at the embedded call centre, and not "
         "with target.marks"},
        {{"target.kind=\"asterisk\"", NULL, NULL},
         " (--set): target.kind: a run cannot play it (not at the embedded call centre, which is"},
        {{"queue.deflection.share=0.5", "call_back={attempts=0;}", "target.host=\"127.0.0.1\""},
         " (--set): queue.deflection: a run cannot play it (only at the embedded call centre);"},
        {{"queue.announcement=\"expected_wait\"", "target.marks=\"quiet\"", NULL},
         " (--set): queue.announcement: a run cannot play it (only at the embedded call centre, "
         "and not"},
        {{"queue.announcement=\"expected_wait\"", "target.host=\"127.0.0.1\"", NULL},
         " (--set): queue.announcement: a run cannot play it (only at the embedded call centre, "
         "and not"},
        {{"emergency={talk_most_s=90;queue_above=3;}", "target.host=\"127.0.0.1\"", NULL},
         " (--set): emergency: a run cannot play it (only at the embedded call centre); "
         "peakrig predict"},
        {{"faults=({kind=\"ivr\";at_s=1;for_s=1;})", "target.host=\"127.0.0.1\"", NULL},
         " (--set): faults: a run cannot play it (only at the embedded call centre);"},
    };
    rig_scenario *s = NULL;
    write_text(path, good);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_error err = {0};
        size_t n = 0;
        while (n < 3 && rows[i].overrides[n] != NULL)
            n++;
        if (rig_scenario_read(path, rows[i].overrides, n, &s, &err) != RIG_OK)
            fail_msg("%s: %s", rows[i].overrides[0], err.text);
        assert_int_equal(rig_scenario_check_playable(s, &err), RIG_EINPUT);
        if (strstr(err.text, rows[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].message);
        rig_scenario_free(s);
    }
}

static void test_lines_of_what_a_run_cannot_play(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    static const char lines[] =
        "name = \"x\";\n"
        "traffic: { duration_s = 60.0; rate = ( { at_s = 0; per_min = 60; } );\n"
        "  warm_up_s = 10.0; };\n" /* a run plays that */
        "callers: { patience_answer = 10; patience_queue = 20; talk = 30;\n"
        "  classes = ( { share = 0.5; },\n"
        "    { share = 0.5; } ); };\n"
        "trunks = ( { e1 = 2; } ); agents = ( { count = 5; ring = 2; } );\n"
        "faults = (\n { kind = \"centre\"; at_s = 1; for_s = 1; } );\n";
    rig_error err = {0};
    if (read_text(lines, "target.kind=\"asterisk\"", &s, &err) != RIG_OK)
        fail_msg("%s", err.text);
    assert_int_equal(s->n_refused, 1);
    assert_string_equal(s->refused[0].path, "target.kind");
    assert_int_equal(s->refused[0].line, 0);
    assert_int_equal(rig_scenario_check_playable(s, &err), RIG_EINPUT);
    assert_non_null(
        strstr(err.text, "target.kind: a run cannot play it (not at the embedded call"));
    rig_scenario_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_defaults_of_the_centre),
        cmocka_unit_test(test_overrides_replace),
        cmocka_unit_test(test_overrides_of_the_centre),
        cmocka_unit_test(test_margins_widen_by_default),
        cmocka_unit_test(test_rate_profile),
        cmocka_unit_test(test_rate_with_adverts),
        cmocka_unit_test(test_recorded_traffic),
        cmocka_unit_test(test_what_a_run_can_play),
        cmocka_unit_test(test_all_that_a_run_cannot_play),
        cmocka_unit_test(test_lines_of_what_a_run_cannot_play),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
