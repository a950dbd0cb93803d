/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenarios/: each key of the call centre says what is wrong with it, where, and what is expected.
 */
#include "tests/unit/scenario_file.h"

static const char *scenarios; /* the folder of those that are shipped */

/* scenarios/everything.cfg with one passage replaced by another of as many lines. The message must
 * begin at the line of `at` (of the passage where that is NULL). */
typedef struct broken_row {
    const char *from, *to, *at, *message;
} broken_row;

static unsigned line_of(const char *text, const char *passage)
{
    const char *found = strstr(text, passage);
    if (found == NULL)
        fail_msg("everything.cfg lacks \"%s\"", passage);
    unsigned line = 1;
    for (const char *p = text; p < found; p++)
        line += *p == '\n';
    return line;
}

static void check_broken(const broken_row *rows, size_t n)
{
    char name[300];
    char *text = NULL, *broken = NULL;
    rig_error err = {0};
    (void)snprintf(name, sizeof name, "%s/everything.cfg", scenarios);
    assert_int_equal(rig_file_read(name, &text, NULL, &err), RIG_OK);
    for (size_t i = 0; i < n; i++) {
        rig_scenario *s = NULL;
        unsigned line = line_of(text, rows[i].at != NULL ? rows[i].at : rows[i].from);
        const char *found = strstr(text, rows[i].from);
        assert_non_null(found);
        assert_true(asprintf(&broken, "%.*s%s%s", (int)(found - text), text, rows[i].to,
                             found + strlen(rows[i].from)) > 0);
        char expected[400];
        (void)snprintf(expected, sizeof expected, "%s:%u: %s", path, line, rows[i].message);
        if (read_text(broken, NULL, &s, &err) != RIG_EINPUT)
            fail_msg("accepted: %s -> %s", rows[i].from, rows[i].to);
        if (strncmp(err.text, expected, strlen(expected)) != 0)
            fail_msg("\"%s\" does not begin with \"%s\"", err.text, expected);
        assert_null(s);
        free(broken);
    }
    free(text);
}

#define CHECK_BROKEN(rows) check_broken(rows, sizeof(rows) / sizeof *(rows))

static const broken_row traffic_rows[] = {
    {"adverts = (", "adverts = 3; x = (", NULL,
     "traffic.x: unknown key; expected one of: arrivals"},
    {"day_cv = 0.15", "day_cv = -1", NULL,
     "traffic.day_cv: -1 is out of range; expected a number in [0, 5]"},
    {"day_cv = 0.15", "day_cv = \"big\"", NULL, "traffic.day_cv: is a string; expected a num"},
    {"arrivals = \"poisson\"", "arrivals = \"regular\"", "day_cv",
     "traffic.day_cv: has no meaning here; expected 0, or traffic.arrivals = \"poisson\""},
    {"at_s = 20.0;  peak", "at_s = -1; peak", NULL, "traffic.adverts[0].at_s: -1 is out of"},
    {"peak_per_min = 170.0", "peak_per_min = -1", NULL,
     "traffic.adverts[0].peak_per_min: -1 is out of range; expected a number in [0, "
     "1000000000], calls a"},
    {"rise_s = 10.0; decay_s = 45.0", "rise_s = -1; decay_s = 45.0", NULL,
     "traffic.adverts[0].rise_s: -1 is out of range"},
    {"decay_s = 45.0", "decay_s = 0", NULL,
     "traffic.adverts[0].decay_s: 0 is out of range; expected a number in (0, 10000000], "
     "seconds"},
    {"decay_s = 45.0;", "", NULL, "traffic.adverts[0]: \"decay_s\" is missing"},
    {"decay_s = 45.0;", "decay_s = 45.0; colour = 1;", NULL,
     "traffic.adverts[0].colour: unknown key; expected one of: at_s, peak_per_min"},
    {"{ at_s = 20.0;", "3, { at_s = 20.0;", NULL,
     "traffic.adverts[0]: is a whole number; expected a group"},
    {"day_cv = 0.15;", "recorded = { file = \"a\"; column = \"b\"; };", NULL,
     "traffic.recorded: has no meaning here; expected only with arrivals = \"recorded\""},
    {"arrivals = \"poisson\"", "arrivals = \"recorded\"", "day_cv = 0.15",
     "traffic.day_cv: has no meaning here"},
};

static void test_traffic_keys(void **state)
{
    (void)state;
    CHECK_BROKEN(traffic_rows);
    static const struct {
        const char *override, *message;
    } recorded[] = {
        {"traffic={arrivals=\"recorded\";duration_s=60;}", "traffic: \"recorded\" is missing"},
        {"traffic={arrivals=\"recorded\";duration_s=60;recorded=3;}",
         "traffic.recorded: is a whole number; expected a group"},
        {"traffic={arrivals=\"recorded\";duration_s=60;recorded={column=\"t\";};}",
         "traffic.recorded: \"file\" is missing"},
        {"traffic={arrivals=\"recorded\";duration_s=60;recorded={file=\"talk.csv\";};}",
         "traffic.recorded: \"column\" is missing"},
        {"traffic={arrivals=\"recorded\";duration_s=60;recorded={file=\"no.csv\";column=\"t\";};}",
         "traffic.recorded.file: "},
        {"traffic={arrivals=\"recorded\";duration_s=60;rate=({at_s=0;per_min=1;});}",
         "traffic.rate: has no meaning here; with arrivals = \"recorded\" the calls are those of "
         "traffic.recorded"},
        {"traffic={arrivals=\"recorded\";duration_s=60;interpolation=\"step\";}",
         "traffic.interpolation: has no meaning here"},
        {"traffic={arrivals=\"recorded\";duration_s=60;adverts=({at_s=1;peak_per_min=9;decay_s=9;}"
         ");}",
         "traffic.adverts: has no meaning here"},
        {"traffic={duration_s=60;rate=({at_s=0;per_min=0;});adverts=({at_s=70;peak_per_min=9;"
         "decay_s=9;});}",
         "traffic.rate: no calls before duration_s = 60"},
    };
    for (size_t i = 0; i < sizeof recorded / sizeof *recorded; i++) {
        rig_scenario *s = NULL;
        rig_error err = {0};
        assert_int_equal(read_text(good, recorded[i].override, &s, &err), RIG_EINPUT);
        if (strstr(err.text, recorded[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, recorded[i].message);
    }
}

static void test_callers_keys(void **state)
{
    (void)state;
    static const broken_row rows[] = {
        {"share = 0.1; priority", "share = 0.2; priority", "classes = (",
         "callers.classes: the \"share\"s of all classes sum to 1.1; expected 1"},
        {"share = 0.1; priority", "share = -1; priority", NULL,
         "callers.classes[0].share: -1 is out of range; expected a share in [0, 1]"},
        {"share = 0.1; priority", "priority", NULL, "callers.classes[0]: \"share\" is missing"},
        {"priority = 10", "priority = 101", NULL,
         "callers.classes[0].priority: 101 is out of range; expected a whole number from 0 to 100"},
        {"priority = 10", "priority = 1.5", NULL, "callers.classes[0].priority: is a number; exp"},
        {"name = \"other\"", "name = \"regular customer\"", NULL,
         "callers.classes[1]: the name \"regular customer\" is taken by a class before"},
        {"name = \"other\"", "name = \"\"", NULL, "callers.classes[1].name: \"\" is no name; exp"},
        {"name = \"other\"", "name = 7", NULL, "callers.classes[1].name: is a whole number; exp"},
        {"priority = 10", "weight = 1", NULL, "callers.classes[0].weight: unknown key; expected"},
        {"redial = { share = 0.6;", "redial = { share = 1.6;", NULL,
         "callers.redial.share: 1.6 is out of range"},
        {"redial = { share = 0.6;", "redial = {", NULL, "callers.redial: \"share\" is missing"},
        {"delay = { type = \"exponential\"; mean_s = 20.0; };", "", NULL,
         "callers.redial: \"delay\" is missing"},
        {"delay = { type = \"exponential\"; mean_s = 20.0; };", "delay = \"soon\";", NULL,
         "callers.redial.delay: is a string; expected a distribution"},
        {"max = 5;", "max = 0;", NULL,
         "callers.redial.max: 0 is out of range; expected a whole number from 1 to 1000"},
        {"max = 5;", "most = 5;", NULL, "callers.redial.most: unknown key; expected one of: share"},
    };
    CHECK_BROKEN(rows);
}

static const broken_row step_rows[] = {
    {"circuits = 40; share", "circuits = 40; steps = ( { at_s = 0; circuits = 40; } ); share",
     NULL, "trunks[1]: expected either \"circuits\" or \"e1\" or \"steps\", not both"},
    {"circuits = 40; share", "share", NULL, "trunks[1]: \"circuits\" is missing; expected ei"},
    {"circuits = 40; share", "steps = (); share", NULL, "trunks[1].steps: has 0 steps; expected 1"},
    {"circuits = 40; share", "steps = 40; share", NULL,
     "trunks[1].steps: is a whole number; expected a list"},
    {"circuits = 40; share", "steps = ( 40 ); share", NULL,
     "trunks[1].steps[0]: is a whole number; expected a group"},
    {"circuits = 40; share", "steps = ( { at_s = 5; circuits = 40; } ); share", NULL,
     "trunks[1].steps[0]: at_s 5; expected 0 in the first step"},
    {"circuits = 40; share",
     "steps = ( { at_s = 0; circuits = 40; }, { at_s = 0.0; circuits = 50; } ); share", NULL,
     "trunks[1].steps[1]: at_s 0 is not later than the step before"},
    {"circuits = 40; share",
     "steps = ( { at_s = 0; circuits = 40; }, { at_s = 1e99; circuits = 50; } ); share", NULL,
     "trunks[1].steps[1].at_s: 1e+99 is out of range; expected a number in [0, 10000000]"},
    {"circuits = 40; share", "steps = ( { circuits = 40; } ); share", NULL,
     "trunks[1].steps[0]: \"at_s\" is missing"},
    {"circuits = 40; share", "steps = ( { at_s = 0; } ); share", NULL,
     "trunks[1].steps[0]: \"circuits\" is missing"},
    {"circuits = 40; share", "steps = ( { at_s = 0; circuits = -1; } ); share", NULL,
     "trunks[1].steps[0].circuits: -1 is out of range; expected a whole number from 0 to"},
    {"circuits = 40; share", "steps = ( { at_s = 0; ports = 40; } ); share", NULL,
     "trunks[1].steps[0].ports: unknown key; expected one of: at_s, circuits"},
    {"circuits = 40; share",
     "steps = ( { at_s = 0; circuits = 0; }, { at_s = 9; circuits = 0; } ); share", NULL,
     "trunks[1].steps: every number is 0; expected circuits in some step"},
};

static void test_trunk_keys(void **state)
{
    (void)state;
    static const broken_row rows[] = {
        {"share = 0.7; spare", "share = 0.8; spare", "trunks = (",
         "trunks: the \"share\"s of all groups of trunks sum to 1.1; expected 1"},
        {"share = 0.7; spare", "share = 7; spare", NULL, "trunks[0].share: 7 is out of range"},
        {"share = 0.7; spare", "spare", NULL,
         "trunks[0]: \"share\" is missing; expected on all groups or on none"},
        {"spare_share = 0.1", "spare_share = 1", NULL,
         "trunks[0].spare_share: 1 is out of range; expected a share in [0, 0.999999]"},
        {"overflow = (\"carrier B\")", "overflow = (\"carrier C\")", NULL,
         "trunks[0].overflow[0]: \"carrier C\" is not there; expected the name of a group of tru"},
        {"overflow = (\"carrier B\")", "overflow = (\"carrier A\")", NULL,
         "trunks[0].overflow[0]: \"carrier A\" is this group itself"},
        {"overflow = (\"carrier B\")", "overflow = (\"carrier B\", \"carrier B\")", NULL,
         "trunks[0].overflow[1]: \"carrier B\" is named twice"},
        {"overflow = (\"carrier B\")", "overflow = (1)", NULL,
         "trunks[0].overflow[0]: expected the name of a group of trunks as a string"},
        {"overflow = (\"carrier B\")", "overflow = \"carrier B\"", NULL,
         "trunks[0].overflow: is a string; expected a list"},
        {"name = \"carrier B\"; circuits", "name = \"carrier A\"; circuits", NULL,
         "trunks[1]: the name \"carrier A\" is taken by a group before"},
        {"kind = \"trunk\"; trunk", "kind = \"line\"; trunk", NULL,
         "faults[0].kind: \"line\" is not known; expected one of: \"trunk\", \"ivr\", \"centre\""},
        {"kind = \"trunk\"; trunk", "trunk", NULL, "faults[0]: \"kind\" is missing"},
        {"trunk = \"carrier B\"; at_s", "trunk = \"carrier C\"; at_s", NULL,
         "faults[0].trunk: \"carrier C\" is not there; expected the name of a group of trunks"},
        {"trunk = \"carrier B\"; at_s", "at_s", NULL, "faults[0]: \"trunk\" is missing"},
        {"kind = \"ivr\"; at_s", "kind = \"ivr\"; trunk = \"carrier A\"; at_s", NULL,
         "faults[1].trunk: has no meaning here; expected only with kind = \"trunk\""},
        {"at_s = 90.0; for_s", "at_s = -1; for_s", NULL, "faults[0].at_s: -1 is out of range"},
        {"at_s = 90.0; for_s", "for_s", NULL, "faults[0]: \"at_s\" is missing"},
        {"for_s = 40.0", "for_s = 0", NULL, "faults[0].for_s: 0 is out of range"},
        {"for_s = 40.0;", "", NULL, "faults[0]: \"for_s\" is missing"},
        {"cuts_calls = false", "cuts_calls = 0", NULL,
         "faults[1].cuts_calls: is a whole number; expected true or false"},
        {"for_s = 8.0; cuts_calls = true", "for_s = 8.0; cuts_calls = false", NULL,
         "faults[2].cuts_calls: has no meaning here; kind = \"centre\" cuts all calls"},
        {"kind = \"centre\"; at_s = 340.0", "kind = \"ivr\"; at_s = 197.0", NULL,
         "faults[2]: at_s = 197 and for_s = 8 overlap faults[1], of the same kind"},
        {"kind = \"centre\"; at_s = 340.0", "kind = \"ivr\"; at_s = 183.0", NULL,
         "faults[2]: at_s = 183 and for_s = 8 overlap faults[1], of the same kind"},
        {"at_s = 90.0; for_s", "when = 90.0; for_s", NULL, "faults[0].when: unknown key"},
    };
    CHECK_BROKEN(rows);
    CHECK_BROKEN(step_rows);
}

static const broken_row ivr_and_queue_rows[] = {
    {"share = 0.8; skill", "share = 0.7; skill", "choices = (",
     "ivr.choices: the \"share\"s of all choices sum to 0.9; expected 1"},
    {"share = 0.8; skill", "skill", NULL, "ivr.choices[0]: \"share\" is missing"},
    {"ports = 90;", "ports = 90; steps = ( { at_s = 0; ports = 90; } );", "ivr: {",
     "ivr: expected either \"ports\" or \"steps\", not both"},
    {"ports = 90;", "steps = ( { at_s = 1; ports = 90; } );", NULL,
     "ivr.steps[0]: at_s 1; expected 0 in the first step"},
    {"ports = 90;", "steps = ( { at_s = 0; ports = 90; }, { at_s = -1; ports = 9; } );", NULL,
     "ivr.steps[1].at_s: -1 is out of range"},
    {"ports = 90;", "steps = ( { at_s = 0; ports = 0; } );", NULL,
     "ivr.steps: every number is 0; expected ports in some step"},
    {"ports = 90;", "steps = ( { at_s = 0; circuits = 90; } );", NULL,
     "ivr.steps[0].circuits: unknown key; expected one of: at_s, ports"},
    {"skill = \"orders\"; }", "}", NULL, "ivr.choices[0]: \"skill\" is missing"},
    {"skill = \"orders\"; }", "skill = \"sales\"; }", "skill = \"orders\"; after_s",
     "queue.overflow[0].skill: \"orders\" is not there; expected the name of a skill of ivr."},
    {"}, \"service\" );", "}, \"sales\" );", NULL,
     "agents[0].skills[1]: \"sales\" is a skill that no choice of ivr.choices leads to"},
    {"name = \"2: service\"", "name = \"1: order\"", NULL,
     "ivr.choices[1]: the name \"1: order\" is taken by a choice before"},
    {"skill = \"orders\"; }", "skills = \"orders\"; }", NULL,
     "ivr.choices[0].skills: unknown key; expected one of: name, share, digits, skill"},
    {"digits = \"24#\"", "digits = \"12\"", NULL,
     "ivr.choices[1]: the digits \"12\" begin with \"1\", which lead to choices[0]; expected oth"},
    {"digits = \"24#\"", "digits = \"1\"", "name = \"1: order\"",
     "ivr.choices[0]: the digits \"1\" begin with \"1\", which lead to choices[1]"},
    {"digits = \"24#\"", "digits = \"x\"", NULL, "ivr.choices[1].digits: \"x\" cannot be keyed"},
    {"keyed_after_s = 2.0", "keyed_after_s = 3601.0", NULL,
     "ivr.keyed_after_s: 3601 is out of range"},
    {"service_level_s = 20.0", "service_level_s = -1", NULL,
     "queue.service_level_s: -1 is out of range"},
    {"routing = \"most_skilled\"", "routing = \"best\"", NULL,
     "queue.routing: \"best\" is not known; expected one of: \"longest_idle\""},
    {"announcement = \"position\"", "announcement = \"music\"", NULL,
     "queue.announcement: \"music\" is not known; expected one of: \"none\", \"position\""},
    {"announcement = \"position\"", "announcement = \"none\"", "seconds_per_place",
     "queue.seconds_per_place: has no meaning here; expected only with queue.announcement"},
    {"seconds_per_place = 1.5;", "", "queue: {", "queue: \"seconds_per_place\" is missing"},
    {"seconds_per_place = 1.5;", "seconds_per_place = 0;", NULL,
     "queue.seconds_per_place: 0 is out of range"},
    {"{ skill = \"orders\"; after_s", "{ skill = \"sales\"; after_s", NULL,
     "queue.overflow[0].skill: \"sales\" is not there; expected the name of a skill of ivr."},
    {"after_s = 20.0", "after_s = 0", NULL, "queue.overflow[0].after_s: 0 is out of range"},
    {"after_s = 20.0;", "", NULL, "queue.overflow[0]: \"after_s\" is missing"},
    {"to = \"back office\"", "to = \"attic\"", NULL,
     "queue.overflow[0].to: \"attic\" is not there; expected the name of a group of agents"},
    {"to = \"back office\"", "to = \"order line\"", NULL,
     "queue.overflow[0].to: agents[0].skills has \"orders\" already; expected a group with"},
    {"to = \"back office\"; }",
     "to = \"back office\"; }, { skill = \"orders\"; after_s = 9; to = \"back office\"; }", NULL,
     "queue.overflow[1]: \"skill\" and \"to\" are those of queue.overflow[0]"},
    {"to = \"back office\"", "into = \"back office\"", NULL,
     "queue.overflow[0].into: unknown key; expected one of: skill, after_s, to"},
    {"keep_place = { share = 0.3", "keep_place = { share = 2", NULL,
     "queue.keep_place.share: 2 is out of range"},
    {"keep_place = { share = 0.3; ", "keep_place = { ", NULL,
     "queue.keep_place: \"share\" is missing"},
    {"min_wait_s = 10.0", "min_wait_s = -1", NULL, "queue.keep_place.min_wait_s: -1 is out"},
    {"max = 500", "max = 0", NULL, "queue.keep_place.max: 0 is out of range"},
    {"max = 500", "max = 100001", NULL,
     "queue.keep_place.max: 100001 is more than limits.max_outside = 100000"},
    {"max = 500", "places = 500", NULL, "queue.keep_place.places: unknown key"},
    {"deflection = { share = 0.5", "deflection = { share = -1", NULL,
     "queue.deflection.share: -1 is out of range"},
    {"deflection = { share = 0.5; ", "deflection = { ", NULL,
     "queue.deflection: \"share\" is missing"},
    {"wait_from_s = 8.0", "wait_from_s = -1", NULL, "queue.deflection.wait_from_s: -1 is out of"},
    {" after_s = 6.0", " after_s = -1", NULL, "queue.deflection.after_s: -1 is out of"},
    {"never_deflected = true", "never_deflected = 1", NULL, "callers.classes[0].never_deflected: "},
    {"queue_from = 8", "queue_from = -1", NULL, "queue.deflection.queue_from: -1 is out of"},
    {"announcement_s = 6.0", "announcement_s = -1", NULL,
     "queue.deflection.announcement_s: -1 is out of range"},
    {"announcement_s = 6.0", "speech_s = 6.0", NULL, "queue.deflection.speech_s: unknown key"},
    {"start_s = 380.0", "start_s = -1", NULL, "call_back.start_s: -1 is out of range"},
    {"idle_agents = 2", "idle_agents = 0", NULL, "call_back.idle_agents: 0 is out of range"},
    {"idle_agents = 2", "idle_agents = 71", NULL,
     "call_back.idle_agents: 71, but the largest group of agents has 70, with its reserves"},
    {"attempts = 3", "attempts = -1", NULL, "call_back.attempts: -1 is out of range"},
    {"attempts = 3", "attempts = 0", NULL,
     "call_back.attempts: is 0, but queue.keep_place promises a call back; expected at least 1"},
    {"reached_share = 0.7", "reached_share = 7", NULL, "call_back.reached_share: 7 is out of"},
    {"answer = { type = \"uniform\"; mean_s = 8.0; cv = 0.4; }", "answer = \"quick\"", NULL,
     "call_back.answer: is a string; expected a distribution"},
    {"no_answer_s = 25.0", "no_answer_s = -1", NULL, "call_back.no_answer_s: -1 is out of"},
    {"retry_delay = 40.0", "retry_delay = -1", NULL, "call_back.retry_delay: -1 is out of"},
    {"retry_delay = 40.0", "retry = 40.0", NULL, "call_back.retry: unknown key; expected"},
    {"talk_factor = 0.7", "talk_factor = 0", NULL,
     "emergency.talk_factor: 0 is out of range; expected a number in (0, 1]"},
    {"talk_most_s = 120.0", "talk_most_s = -1", NULL, "emergency.talk_most_s: -1 is out of range"},
    {"queue_above = 20;", "", "emergency: {", "emergency: \"queue_above\" is missing"},
    {"queue_above = 20", "queue_above = -1", NULL, "emergency.queue_above: -1 is out of"},
    {"queue_below = 4", "queue_below = 21", "emergency: {",
     "emergency: queue_below = 21 is more than queue_above = 20"},
    {"queue_below = 4", "below = 10", NULL, "emergency.below: unknown key; expected one of"},
    {"max_outside = 100000", "max_outside = 0", NULL, "limits.max_outside: 0 is out of range"},
};

static void test_ivr_and_queue_keys(void **state)
{
    (void)state;
    CHECK_BROKEN(ivr_and_queue_rows);
    static const struct {
        const char *override, *message;
    } alone[] = {
        {"call_back={}", "call_back: nobody is promised a call back; expected only with queue.def"},
        {"queue={deflection={share=0.1;};}",
         "queue.deflection: promises a call back, but the section \"call_back\" is missing"},
        {"queue={keep_place={share=0.1;};}",
         "queue.keep_place: promises a call back, but the section \"call_back\" is missing"},
        {"trunks[0].overflow=()", "trunks[0].overflow: has no meaning here; without \"share\""},
        {"trunks[0].spare_share=0.1", "trunks[0].spare_share: has no meaning here; without"},
        {"agents[0].skills=(\"any\")", "agents[0].skills: has no meaning here; expected only with "
                                       "ivr.choices"},
        {"queue={overflow=({skill=\"any\";after_s=3;to=\"agents\";});}",
         "queue.overflow[0].to: agents[0].skills has \"any\" already"},
    };
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++) {
        rig_scenario *s = NULL;
        rig_error err = {0};
        assert_int_equal(read_text(good, alone[i].override, &s, &err), RIG_EINPUT);
        if (strstr(err.text, alone[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, alone[i].message);
    }
}

static const broken_row agents_rows[] = {
    {"count = 14;", "count = 14; shifts = ();", "{\n        name = \"service desk\"",
     "agents[1]: expected either \"count\" or \"shifts\", not both"},
    {"count = 14;", "", "{\n        name = \"service desk\"",
     "agents[1]: \"count\" is missing; expected either \"count\" or \"shifts\""},
    {"shifts = ( { at_s = 0.0;", "shifts = ( { at_s = 5.0;", NULL,
     "agents[0].shifts[0]: at_s 5; expected 0 in the first shift"},
    {"{ at_s = 160.0; count", "{ at_s = 0.0; count", NULL,
     "agents[0].shifts[1]: at_s 0 is not later than the shift before"},
    {"{ at_s = 160.0; count", "{ at_s = -1; count", NULL,
     "agents[0].shifts[1].at_s: -1 is out of range"},
    {"{ at_s = 160.0; count", "{ count", NULL, "agents[0].shifts[1]: \"at_s\" is missing"},
    {"count = 60", "count = -1", NULL, "agents[0].shifts[1].count: -1 is out of range"},
    {"count = 60;", "", NULL, "agents[0].shifts[1]: \"count\" is missing"},
    {"count = 60", "number = 60", NULL, "agents[0].shifts[1].number: unknown key; expected"},
    {"count = 46; }, { at_s = 160.0; count = 60; }, { at_s = 400.0; count = 50; }", "count = 0; }",
     NULL, "agents[0].shifts: every count is 0; expected agents in some shift"},
    {"skills = ( { name = \"orders\"; level = 3; }, \"service\" );", "",
     "{\n        name = \"order line\"", "agents[0]: \"skills\" is missing; expected on every"},
    {"{ name = \"orders\"; level = 3; }, ", "", "skill = \"orders\"; }",
     "ivr.choices[0].skill: \"orders\" is in no group's agents[].skills"},
    {"level = 3", "level = 0", NULL,
     "agents[0].skills[0].level: 0 is out of range; expected a whole number from 1 to 9"},
    {"level = 3", "level = 10", NULL, "agents[0].skills[0].level: 10 is out of range"},
    {"level = 3", "grade = 3", NULL, "agents[0].skills[0].grade: unknown key; expected one of"},
    {"}, \"service\" );", "}, \"orders\" );", NULL,
     "agents[0].skills[1]: the skill \"orders\" is named twice"},
    {"}, \"service\" );", "}, 3 );", NULL,
     "agents[0].skills[1]: expected the name of a skill as a string, or { name; level; }"},
    {"{ name = \"orders\"; level", "{ level", NULL, "agents[0].skills[0]: expected the name"},
    {"name = \"back office\";\n        count", "name = \"order line\";\n        count",
     "{\n        name = \"back office\"",
     "agents[2]: the name \"order line\" is taken by a group before"},
    {"{ skill = \"orders\"; after_s = 20.0; to = \"back office\"; }", "", "skills = ();",
     "agents[2].skills: is empty, and no rule of queue.overflow leads to \"back office\""},
    {"group = \"order line\"", "group = \"attic\"", NULL,
     "reserves[0].group: \"attic\" is not there; expected the name of a group of agents"},
    {"group = \"order line\";", "", "{\n        name = \"on call\"",
     "reserves[0]: \"group\" is missing"},
    {"count = 10", "count = 0", NULL, "reserves[0].count: 0 is out of range"},
    {"queue_above = 8", "queue_above = 1.5", NULL, "reserves[0].queue_above: is a number; exp"},
    {"agents_below = 3", "agents_below = -1", NULL, "reserves[0].agents_below: -1 is out of"},
    {"connect_rate_below = 0.3", "connect_rate_below = 30", NULL,
     "reserves[0].connect_rate_below: 30 is out of range"},
    {"window_s = 60.0;", "", "{\n        name = \"on call\"",
     "reserves[0]: \"window_s\" is missing; connect_rate_below is that of a window"},
    {"connect_rate_below = 0.3;", "", "window_s = 60.0",
     "reserves[0].window_s: has no meaning here; expected only with connect_rate_below"},
    {"for_s = 10.0", "for_s = -1", NULL, "reserves[0].for_s: -1 is out of range"},
    {"arrive_after = {", "arrive_after = 3; x = {", NULL, "reserves[0].x: unknown key"},
    {"arrive_after = { type = \"uniform\"; mean_s = 40.0; cv = 0.3; };", "",
     "{\n        name = \"on call\"", "reserves[0]: \"arrive_after\" is missing"},
    {"queue_below = 2;", "queue_below = 9;", "{\n        name = \"on call\"",
     "reserves[0]: queue_below = 9 is more than queue_above = 8"},
    {"queue_below = 2;", "queue_below = -1;", NULL, "reserves[0].queue_below: -1 is out of"},
    {"leave_after_s = 100.0", "leave_after_s = 0", NULL,
     "reserves[0].leave_after_s: 0 is out of range; expected a number in (0, 10000000], "
     "seconds"},
    {"leave_after_s = 100.0;", "", "{\n        name = \"on call\"",
     "reserves[0]: \"leave_after_s\" is missing"},
    {"name = \"on call\"", "name = \"\"", NULL, "reserves[0].name: \"\" is no name"},
};

static void test_agents_keys(void **state)
{
    (void)state;
    CHECK_BROKEN(agents_rows);
}

/* Lists that are too long. */
static void test_lists_have_bounds(void **state)
{
    (void)state;
    static const struct {
        const char *key, *element;
        int n;
        const char *message;
    } rows[] = {
        {"traffic.adverts", "{at_s=1;peak_per_min=1;decay_s=1;}", 65,
         "traffic.adverts: has 65 adverts; expected 0 to 64"},
        {"callers.classes", "{share=0.05;}", 17,
         "callers.classes: has 17 classes; expected 1 to 16"},
        {"callers.classes", "", 0, "callers.classes: has 0 classes; expected 1 to 16"},
        {"trunks", "{e1=1;}", 65, "trunks: has 65 groups; expected 1 to 64"},
        {"ivr.choices", "{share=0.05;skill=\"a\";}", 17, "ivr.choices: has 17 choices; expected 1"},
        {"agents", "{count=1;ring=1;}", 65, "agents: has 65 groups; expected 1 to 64"},
        {"reserves", "{}", 17, "reserves: has 17 reserves; expected 0 to 16"},
        {"faults", "{}", 65, "faults: has 65 faults; expected 0 to 64"},
        {"queue.overflow", "{}", 65, "queue.overflow: has 65 rules; expected 0 to 64"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char override[8000];
        size_t used = (size_t)snprintf(override, sizeof override, "%s=(", rows[i].key);
        for (int k = 0; k < rows[i].n; k++)
            used += (size_t)snprintf(override + used, sizeof override - used, "%s%s",
                                     k > 0 ? "," : "", rows[i].element);
        (void)snprintf(override + used, sizeof override - used, ")");
        rig_scenario *s = NULL;
        rig_error err = {0};
        assert_int_equal(read_text(good, override, &s, &err), RIG_EINPUT);
        if (strstr(err.text, rows[i].message) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, rows[i].message);
    }
}

/* Just not a contradiction; and just one. */
static void test_edges(void **state)
{
    (void)state;
    static const struct {
        const char *override;
        bool is_right;
    } rows[] = {
        {"faults=({kind=\"ivr\";at_s=5;for_s=5;},{kind=\"ivr\";at_s=10;for_s=5;})", true},
        {"faults=({kind=\"ivr\";at_s=10;for_s=5;},{kind=\"ivr\";at_s=5;for_s=5;})", true},
        {"faults=({kind=\"ivr\";at_s=10;for_s=5;},{kind=\"ivr\";at_s=5;for_s=5.1;})", false},
        {"faults=({kind=\"ivr\";at_s=10;for_s=5;},{kind=\"centre\";at_s=9;for_s=9;})", true},
        {"callers.classes=({share=0.5;},{share=0.5000009;})", true},
        {"callers.classes=({share=0.5;},{share=0.5000011;})", false},
        {"callers.classes=({share=0.5;},{share=0.4999989;})", false},
        {"emergency={talk_factor=1;queue_above=3;queue_below=3;}", true},
        {"agents=({count=1;ring=1;},{count=1;ring=1;})", true},
        {"trunks=({e1=1;name=\"trunks 2\";},{e1=1;})", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *s = NULL;
        rig_error err = {0};
        rig_status status = read_text(good, rows[i].override, &s, &err);
        if (status != (rows[i].is_right ? RIG_OK : RIG_EINPUT))
            fail_msg("%s: status %d: %s", rows[i].override, (int)status, err.text);
        rig_scenario_free(s);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_traffic_keys), cmocka_unit_test(test_callers_keys),
        cmocka_unit_test(test_trunk_keys),   cmocka_unit_test(test_ivr_and_queue_keys),
        cmocka_unit_test(test_agents_keys),  cmocka_unit_test(test_lists_have_bounds),
        cmocka_unit_test(test_edges),
    };
    scenarios = argc > 1 ? argv[1] : "scenarios";
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
