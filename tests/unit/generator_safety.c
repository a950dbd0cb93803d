/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is refused before the first packet. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "generator/dial.h"
#include "generator/route.h"
#include "generator/safety.h"

/* Each listed number, in each form, is found: rows of a form, the number in the place of '@'. */
static const struct {
    const char *form;
    rig_dial_kind kind;
} FORMS[] = {
    {"@", RIG_DIAL_EMERGENCY},
    {"+@", RIG_DIAL_EMERGENCY},
    /* an outside line */
    {"0@", RIG_DIAL_EMERGENCY},
    {"9@", RIG_DIAL_EMERGENCY},
    {"8@", RIG_DIAL_EMERGENCY},
    {"00@", RIG_DIAL_EMERGENCY},
    {"99@", RIG_DIAL_EMERGENCY},
    {"88@", RIG_DIAL_EMERGENCY},
    /* a country code, with and without the national prefix */
    {"+49@", RIG_DIAL_EMERGENCY},
    {"+1@", RIG_DIAL_EMERGENCY},
    {"+354@", RIG_DIAL_EMERGENCY},
    {"+490@", RIG_DIAL_EMERGENCY},
    {"0044@", RIG_DIAL_EMERGENCY},
    {"01144@", RIG_DIAL_EMERGENCY},
    {"001161@", RIG_DIAL_EMERGENCY},
    {"90044@", RIG_DIAL_EMERGENCY},
    /* feature codes */
    {"*@", RIG_DIAL_EMERGENCY},
    {"#@", RIG_DIAL_EMERGENCY},
    {"@#", RIG_DIAL_EMERGENCY},
    {"*67@", RIG_DIAL_EMERGENCY},
    {"*82@", RIG_DIAL_EMERGENCY},
    {"*679@", RIG_DIAL_EMERGENCY},
    {"*1167@", RIG_DIAL_EMERGENCY},
    {"#31#@", RIG_DIAL_EMERGENCY},
    {"*31#@", RIG_DIAL_EMERGENCY},
    {"*31#0049@", RIG_DIAL_EMERGENCY},
    {"**21*@#", RIG_DIAL_EMERGENCY},
    {"*21*+49@#", RIG_DIAL_EMERGENCY},
    {"#9@", RIG_DIAL_EMERGENCY},
    {"*#*@", RIG_DIAL_EMERGENCY},
    /* carriers, and the caller's number hidden */
    {"1010321@", RIG_DIAL_EMERGENCY},
    {"10321@", RIG_DIAL_EMERGENCY},
    {"01013@", RIG_DIAL_EMERGENCY},
    {"010013@", RIG_DIAL_EMERGENCY},
    {"17951@", RIG_DIAL_EMERGENCY},
    {"141@", RIG_DIAL_EMERGENCY},
    {"1470@", RIG_DIAL_EMERGENCY},
    {"184@", RIG_DIAL_EMERGENCY},
    {"1831@", RIG_DIAL_EMERGENCY},
    {"91010321@", RIG_DIAL_EMERGENCY},
    /* an access code that no table has */
    {"7@", RIG_DIAL_SUSPECT},
    {"42@", RIG_DIAL_SUSPECT},
    {"555@", RIG_DIAL_SUSPECT},
    /* as somebody writes them */
    {"sip:@@centre.example", RIG_DIAL_EMERGENCY},
    {"SIPS:9@;user=phone@centre.example:5061", RIG_DIAL_EMERGENCY},
    {"<sip:@:secret@h>", RIG_DIAL_EMERGENCY},
    {"tel:@", RIG_DIAL_EMERGENCY},
    {"tel:@;phone-context=+49", RIG_DIAL_EMERGENCY},
    {"tel:@;phone-context=example.com", RIG_DIAL_EMERGENCY},
    {"tel:@;isub=12", RIG_DIAL_EMERGENCY},
    {"tel:@;ext=7", RIG_DIAL_EMERGENCY},
    {"tel:+4930785;ext=@", RIG_DIAL_EMERGENCY},
    {"tel:+4930785;postd=p@", RIG_DIAL_EMERGENCY},
    {"tel:+49-@", RIG_DIAL_EMERGENCY},
    {"9,@", RIG_DIAL_EMERGENCY},
    {"9pp@", RIG_DIAL_EMERGENCY},
    {"(0) @", RIG_DIAL_EMERGENCY},
    {"%39@", RIG_DIAL_EMERGENCY},
    {"%2a67@", RIG_DIAL_EMERGENCY},
    {"A@", RIG_DIAL_EMERGENCY},
};

/* The form with the number in the place of its first lone '@'. */
static void write_form(const char *form, const char *number, char *text, size_t size)
{
    const char *at = strchr(form, '@');
    (void)snprintf(text, size, "%.*s%s%s", (int)(at - form), form, number, at + 1);
}

#define EMERGENCY(number, countries) number,
static const char *const LISTED[] = {
#include "generator/dial/emergency.def"
};

static void knows_each_number_in_each_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof LISTED / sizeof *LISTED; i++) {
        char number[16], text[128];
        (void)snprintf(number, sizeof number, "%s", LISTED[i]);
        for (char *p = number; *p != '\0'; p++)
            *p = *p == 'x' ? '7' : *p;
        for (size_t k = 0; k < sizeof FORMS / sizeof *FORMS; k++) {
            write_form(FORMS[k].form, number, text, sizeof text);
            /* two digits behind a code are too often something else */
            const bool is_short = strlen(number) == 2;
            const bool is_guess = FORMS[k].kind == RIG_DIAL_SUSPECT;
            if ((is_short || strchr(LISTED[i], 'x') != NULL) && is_guess)
                continue;
            const rig_dial_kind least = is_short ? RIG_DIAL_SUSPECT : FORMS[k].kind;
            if (rig_dial_judge(text).kind < least)
                fail_msg("%s: an emergency number of %s was not found", text, number);
        }
    }
}

static const struct {
    const char *dial;
    rig_dial_kind kind;
} WRITTEN[] = {
    {"1-1-2", RIG_DIAL_EMERGENCY},
    {"9-911", RIG_DIAL_EMERGENCY},
    {"1*1*2", RIG_DIAL_EMERGENCY},
    {"1#12", RIG_DIAL_EMERGENCY},
    {"1.1.2", RIG_DIAL_EMERGENCY},
    {"sip:%31%31%32@h", RIG_DIAL_EMERGENCY},
    {"sip:%2531%2531%2532@h", RIG_DIAL_EMERGENCY},
    {"sip:112", RIG_DIAL_EMERGENCY},
    {"urn:service:sos", RIG_DIAL_EMERGENCY},
    {"URN:service:sos.police", RIG_DIAL_EMERGENCY},
    {"sip:sos@h", RIG_DIAL_EMERGENCY},
    {"sip:SOS.fire@h", RIG_DIAL_EMERGENCY},
    {"02", RIG_DIAL_EMERGENCY},
    {"15", RIG_DIAL_EMERGENCY},
    {"1355", RIG_DIAL_EMERGENCY},
    {"10111", RIG_DIAL_EMERGENCY},
    {"116117", RIG_DIAL_EMERGENCY},
    {"1120", RIG_DIAL_SUSPECT},
    {"7112", RIG_DIAL_SUSPECT},
    {"1911", RIG_DIAL_SUSPECT},
    {"030112", RIG_DIAL_SUSPECT},
    {"0211110", RIG_DIAL_SUSPECT},
    {"+4930112", RIG_DIAL_EMERGENCY},
    {"+4989112", RIG_DIAL_SUSPECT},
    {"sip:\xd9\xa1\xd9\xa1\xd9\xa2@h", RIG_DIAL_UNREADABLE},
    {"sip:%EF%BC%91%EF%BC%91@h", RIG_DIAL_UNREADABLE},
    {"sip:1%001@h", RIG_DIAL_UNREADABLE},
    {"sip:1%@h", RIG_DIAL_UNREADABLE},
    {"1234567890123456789012345678901234567890123456789012345678901234", RIG_DIAL_UNREADABLE},
    {"785", RIG_DIAL_SHORT},
    {"*21#", RIG_DIAL_SHORT},
    {"4930785", RIG_DIAL_PLAIN},
    {"+4930785", RIG_DIAL_PLAIN},
    {"0800112112", RIG_DIAL_PLAIN},
    {"+493011278", RIG_DIAL_PLAIN},
    {"1112223", RIG_DIAL_PLAIN},
    {"+4930911911", RIG_DIAL_PLAIN},
    {"00493011211", RIG_DIAL_PLAIN},
    {"+862112345678", RIG_DIAL_PLAIN},
    {"4008123785", RIG_DIAL_PLAIN},
    {"10086", RIG_DIAL_PLAIN},
    {"agent112", RIG_DIAL_PLAIN},
    {"sip:service@127.0.0.1:5060", RIG_DIAL_PLAIN},
    {"sip:127.0.0.1:5060", RIG_DIAL_PLAIN},
    {"sip:[::1]:5060", RIG_DIAL_PLAIN},
    {"", RIG_DIAL_PLAIN},
};

static void knows_numbers_as_they_are_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof WRITTEN / sizeof *WRITTEN; i++) {
        const rig_dial_finding found = rig_dial_judge(WRITTEN[i].dial);
        if (found.kind != WRITTEN[i].kind)
            fail_msg("\"%s\" is judged %d (%s); expected %d", WRITTEN[i].dial, (int)found.kind,
                     found.number, (int)WRITTEN[i].kind);
        assert_true((found.kind == RIG_DIAL_EMERGENCY || found.kind == RIG_DIAL_SUSPECT) ==
                    (found.number[0] != '\0'));
    }
}

static rig_route route_to(const char *host)
{
    rig_route route;
    rig_error err = {0};
    assert_int_equal(rig_route_find(host, 5060, &route, &err), RIG_OK);
    return route;
}

static void finds_the_way(void **state)
{
    (void)state;
    static const char *const loopback[] = {"127.0.0.1", "127.1.2.3", "localhost"};
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
        rig_route route = route_to(loopback[i]);
        assert_true(route.is_loopback);
        assert_string_equal(route.interface, "lo");
        assert_int_equal(strncmp(route.local, "127.", 4), 0);
        assert_int_equal(route.port, 5060);
    }
    rig_route route = {.port = 77};
    rig_error err = {0};
    assert_int_equal(rig_route_find("no such host.invalid", 5060, &route, &err), RIG_EENV);
    assert_int_equal(route.port, 77);
}

static void allows_only_who_is_named(void **state)
{
    (void)state;
    char ip[] = "192.0.2.7", name[] = "Centre.example", other[] = "192.0.2.8";
    char *const by_ip[] = {ip}, *const by_name[] = {other, name}, *const by_other[] = {other};
    const rig_route far = {.target = "192.0.2.7", .port = 5060};
    rig_route near = route_to("127.0.0.1");
    assert_true(rig_safety_is_allowed(&near, "127.0.0.1", NULL, 0));
    assert_false(rig_safety_is_allowed(&far, "centre.example", NULL, 0));
    assert_true(rig_safety_is_allowed(&far, "192.0.2.7", by_ip, 1));
    assert_true(rig_safety_is_allowed(&far, "centre.example", by_name, 2));
    assert_false(rig_safety_is_allowed(&far, "centre.example", by_other, 1));
}

/* A scenario of two calls, and two ways to a target. */
typedef struct room {
    char dial[8], host[16];
    char *hosts[1], *dials[1];
    rig_permits permits;
    rig_rate_point rate[1];
    rig_trunk_group trunks[1];
    rig_agent_group agents[1];
    rig_planned_call calls[2];
    rig_schedule schedule;
    rig_scenario scenario;
    rig_route near, far;
} room;

static void set_up(room *r)
{
    *r = (room){.dial = "785",
                .host = "192.0.2.7",
                .rate = {{0.0, 600.0}},
                .trunks = {{.n_circuits = 30}},
                .agents = {{.n_agents = 3, .ring_timeout_s = 20.0}},
                .calls = {{.t_s = 10.0, .patience_answer_s = 5.0, .talk_s = 60.0},
                          {.t_s = 20.0, .patience_answer_s = 5.0, .talk_s = 60.0}},
                .near = route_to("127.0.0.1"),
                .far = {.target = "192.0.2.7", .port = 5060}};
    r->hosts[0] = r->host;
    r->dials[0] = r->dial;
    r->schedule = (rig_schedule){.calls = r->calls, .n = 2};
    r->scenario = (rig_scenario){.time_scale = 2.0,
                                 .traffic = {.duration_s = 60, .rate = r->rate, .n_rate = 1},
                                 .callers = {.dial = r->dial},
                                 .trunks = r->trunks,
                                 .n_trunks = 1,
                                 .agents = r->agents,
                                 .n_agents = 1,
                                 .limits = {2, 20.0, 60.0, 0}};
    assert_int_equal(rig_dist_make(RIG_DIST_CONSTANT, 1.0, 0.0, &r->scenario.ivr.menu, NULL),
                     RIG_OK);
}

/* What is refused says `words`; NULL: nothing is refused. */
static void expect(const room *r, const rig_route *route, const char *words)
{
    rig_error err = {0};
    const rig_status status =
        rig_safety_check(&r->scenario, NULL, &r->schedule, route,
                         route->is_loopback ? "127.0.0.1" : "192.0.2.7", &r->permits, &err);
    if (words == NULL ? status != RIG_OK : status != RIG_EINPUT || strstr(err.text, words) == NULL)
        fail_msg("%s: \"%s\"; expected \"%s\"", rig_status_text(status), err.text,
                 words != NULL ? words : "");
}

static void asks_who_may_be_called(void **state)
{
    (void)state;
    room r;
    set_up(&r);
    expect(&r, &r.near, NULL);
    expect(&r, &r.far, "--allow 192.0.2.7");
    r.permits.hosts = r.hosts;
    r.permits.n_hosts = 1;
    /* short numbers must be allowed, too, where the target is not loopback */
    expect(&r, &r.far, "--allow-dial 785");
    r.permits.dials = r.dials;
    r.permits.n_dials = 1;
    expect(&r, &r.far, NULL);
    r.permits.n_hosts = 0;
    r.scenario.target.allow = r.hosts;
    r.scenario.target.n_allow = 1;
    expect(&r, &r.far, NULL);
}

static void asks_what_is_dialled(void **state)
{
    (void)state;
    room r;
    set_up(&r);
    (void)snprintf(r.dial, sizeof r.dial, "112");
    expect(&r, &r.near, "emergency number: 112");
    r.permits.dials = r.dials;
    r.permits.n_dials = 1;
    expect(&r, &r.near, "emergency number: 112"); /* nothing allows one */
    (void)snprintf(r.dial, sizeof r.dial, "7112");
    expect(&r, &r.near, NULL);
    r.permits.n_dials = 0;
    expect(&r, &r.near, "--allow-dial 7112");
}

/* A class's own number is asked for like that of all. */
static void asks_what_each_class_dials(void **state)
{
    (void)state;
    rig_caller_class classes[] = {{.dial = NULL}, {.dial = (char *)"785"}, {.dial = (char *)"112"}};
    room r;
    set_up(&r);
    r.scenario.callers.classes = classes;
    r.scenario.callers.n_classes = 2;
    expect(&r, &r.near, NULL);
    r.scenario.callers.n_classes = 3;
    expect(&r, &r.near, "callers.classes[2].dial");
    expect(&r, &r.near, "emergency number: 112");
}

/* What callers show is what a centre dials that calls back. */
static void asks_what_callers_show(void **state)
{
    static const struct {
        uint64_t number;
        const char *words;
    } rows[] = {
        {911, "call 1 would show \"911\", which is or could reach an emergency number: 911"},
        {113, "call 0 would show \"112\""},
        {9911, "\"9911\""},
        {10103210911, "\"10103210911\""}, /* behind a carrier's code */
        {4930112, NULL},
        {4930000000112, NULL},
        {7112, NULL}};
    room r;
    (void)state;
    set_up(&r);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        r.calls[0].number = rows[i].number - 1;
        r.calls[1].number = rows[i].number;
        expect(&r, &r.near, rows[i].words);
    }
}

static void keeps_the_limits(void **state)
{
    (void)state;
    static const struct {
        rig_limits limits;
        const char *named;
    } passed[] = {
        {{1, 20.0, 60.0, 1}, "limits.max_calls"},
        {{2, 19.0, 60.0, 1}, "limits.max_rate_per_s"}, /* 10 calls/s, played twice as fast */
        {{2, 20.0, 20.0, 1}, "limits.max_run_s"}};
    room r;
    set_up(&r);
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++) {
        r.scenario.limits = passed[i].limits;
        expect(&r, &r.near, passed[i].named);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_each_number_in_each_form),
        cmocka_unit_test(knows_numbers_as_they_are_written),
        cmocka_unit_test(finds_the_way),
        cmocka_unit_test(allows_only_who_is_named),
        cmocka_unit_test(asks_who_may_be_called),
        cmocka_unit_test(asks_what_is_dialled),
        cmocka_unit_test(asks_what_each_class_dials),
        cmocka_unit_test(asks_what_callers_show),
        cmocka_unit_test(keeps_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
