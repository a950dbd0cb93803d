/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys of the load: callers' SIP, workers, marks and transport; good ones and bad ones. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "scenarios/scenario.h"

static const char BASE[] =
    "name = \"load\"; traffic: { duration_s = 60; rate = ( { at_s = 0; per_min = 60; } ); };\n"
    "trunks = ( { circuits = 10; } ); agents = ( { count = 5; ring = 1; } );\n";

static char path[64], copy_path[80];

static rig_status read_with(const char *callers, const char *rest, rig_scenario **scenario,
                            rig_error *err)
{
    char text[4096];
    int n = snprintf(text, sizeof text,
                     "%scallers: { patience_answer = 9; patience_queue = 9; talk = 9;\n%s };\n%s\n",
                     BASE, callers, rest);
    assert_int_equal(rig_atomic_file_write(path, text, (size_t)n, NULL), RIG_OK);
    return rig_scenario_read(path, NULL, 0, scenario, err);
}

static void test_defaults(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    assert_int_equal(read_with("", "", &s, NULL), RIG_OK);
    assert_int_equal(s->target.marks, RIG_MARK_REINVITE);
    assert_int_equal(s->target.transport, RIG_TRANSPORT_UDP);
    assert_null(s->target.listen);
    assert_null(s->callers.auth.user);
    assert_null(s->callers.dtmf.digits);
    assert_null(s->callers.sipp_xml);
    assert_false(s->callers.has_audio);
    assert_int_equal(s->load.n_workers, 0);
    assert_int_equal(s->load.n_local, 0);
    rig_scenario_free(s);
}

static void check_rich(const rig_scenario *s)
{
    assert_int_equal(s->target.marks, RIG_MARK_QUIET);
    assert_int_equal(s->target.transport, RIG_TRANSPORT_TCP);
    assert_string_equal(s->target.listen, "::1");
    assert_int_equal(s->target.port, 5070);
    assert_string_equal(s->callers.auth.user, "alice");
    assert_string_equal(s->callers.dtmf.digits, "1#A*");
    assert_true(s->callers.dtmf.after_s == 2.5);
    assert_true(s->callers.has_audio);
    assert_int_equal(s->load.n_workers, 3);
    assert_int_equal(s->load.n_local, 3);
    assert_string_equal(s->load.local[0], "127.0.0.2");
    assert_string_equal(s->load.local[1], "127.0.0.3:20000-20999");
    assert_string_equal(s->load.local[2], "[::1]:30000-30009");
}

/* What was read is written, and read again. */
static void test_round_trip(void **state)
{
    (void)state;
    static const char callers[] = "auth = { user = \"alice\"; password = \"won(der)/land\"; };\n"
                                  "dtmf = { digits = \"1#A*\"; after_s = 2.5; }; audio = true;";
    static const char rest[] =
        "target: { marks = \"quiet\"; transport = \"tcp\"; listen = \"::1\"; port = 5070; };\n"
        "load: { workers = 3; local = ( \"127.0.0.2\", \"127.0.0.3:20000-20999\", "
        "\"[::1]:30000-30009\" ); };";
    rig_scenario *first = NULL, *second = NULL;
    rig_error err = {0};
    if (read_with(callers, rest, &first, &err) != RIG_OK)
        fail_msg("%s", err.text);
    check_rich(first);
    assert_string_equal(first->callers.auth.password, "won(der)/land");
    assert_int_equal(rig_scenario_write(first, copy_path, &err), RIG_OK);
    assert_int_equal(rig_scenario_read(copy_path, NULL, 0, &second, &err), RIG_OK);
    check_rich(second);
    assert_null(second->callers.auth.password); /* a secret is not written */
    rig_scenario_free(first);
    rig_scenario_free(second);
}

/* A file is named relative to the scenario. */
static void test_own_scenario_is_beside_the_file(void **state)
{
    (void)state;
    rig_scenario *s = NULL;
    char expected[80];
    assert_int_equal(read_with("sipp_xml = \"own.xml\";", "", &s, NULL), RIG_OK);
    (void)snprintf(expected, sizeof expected, "%.*s/own.xml", (int)(strrchr(path, '/') - path),
                   path);
    assert_string_equal(s->callers.sipp_xml, expected);
    rig_scenario_free(s);
    assert_int_equal(read_with("sipp_xml = \"/etc/own.xml\";", "", &s, NULL), RIG_OK);
    assert_string_equal(s->callers.sipp_xml, "/etc/own.xml");
    rig_scenario_free(s);
}

static void test_errors_name_the_key(void **state)
{
    (void)state;
    static const struct {
        const char *callers, *rest, *message;
    } rows[] = {
        {"", "target: { marks = \"loud\"; };", "marks: \"loud\""},
        {"", "target: { agent_mark = \"info\"; };", "agent_mark"},
        {"", "target: { transport = \"tls\"; };", "transport: \"tls\""},
        {"",
         "ivr: { menu = { type = \"exponential\"; mean_s = 3; }; };\n"
         "target: { marks = \"quiet\"; };",
         "ivr.menu: not constant, but target.marks is \"quiet\""},
        {"", "target: { listen = \"localhost\"; };", "listen: \"localhost\""},
        {"", "target: { listen = \"[::1]\"; };", "listen: \"[::1]\""},
        {"", "target: { listen = \"0.0.0.0\"; };", "listen: \"0.0.0.0\""},
        {"", "target: { listen = \"::\"; };", "listen: \"::\""},
        {"", "target: { listen = 7; };", "listen: is a whole number"},
        {"", "target: { host = \"127.0.0.1\"; listen = \"::1\"; };",
         "listen: the embedded call centre would listen there, but target.host is \"127.0.0.1\""},
        {"auth = { password = \"a\"; };", "", "user"},
        {"auth = { user = \"a\"; password = \"b\"; password_file = \"c\"; };", "",
         "password_file: beside password"},
        {"auth = { user = \"\"; password = \"x\"; };", "", "user: \"\""},
        {"auth = { user = \"a b\"; password = \"x\"; };", "", "user: \"a b\""},
        {"auth = { user = \"a\"; password = \"x]y\"; };", "", "password: has a character"},
        {"dtmf = { digits = \"12x\"; };", "", "digits: \"12x\""},
        {"dtmf = { digits = \"\"; };", "", "digits: \"\""},
        {"dtmf = { digits = \"1\"; after_s = -1.0; };", "", "after_s: -1"},
        {"dtmf = { digits = \"1\"; };", "target: { marks = \"early\"; };", "callers.dtmf: not"},
        {"sipp_xml = \"own.xml\"; audio = true;", "", "callers.audio: not with callers.sipp_xml"},
        {"sipp_xml = \"own.xml\"; redial = { share = 0.5; delay = 3.0; };", "",
         "callers.redial: not with callers.sipp_xml"},
        {"redial = { share = 0.5; delay = 3.0; };", "target: { transport = \"tcp\"; };",
         "callers.redial: not over TCP"},
        {"audio = \"yes\";", "", "audio"},
        {"", "load: { workers = 17; };", "workers: 17"},
        {"", "load: { local = ( \"nowhere\" ); };", "\"nowhere\" is no local address"},
        {"", "load: { local = ( \"127.0.0.1:9-5\" ); };", "\"127.0.0.1:9-5\""},
        {"", "load: { local = ( \"127.0.0.1:20000-20005\" ); };", "at least 10 ports"},
        {"", "load: { local = ( 7 ); };", "local"},
        {"", "load: { threads = 2; };", "threads"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_scenario *s = NULL;
        rig_error err = {0};
        rig_status status = read_with(rows[i].callers, rows[i].rest, &s, &err);
        if (status != RIG_EINPUT || strstr(err.text, rows[i].message) == NULL ||
            strncmp(err.text, path, strlen(path)) != 0)
            fail_msg("%s %s: status %d, \"%s\"", rows[i].callers, rows[i].rest, (int)status,
                     err.text);
        assert_null(s);
    }
}

int main(void)
{
    char folder[] = "/tmp/rig-scenario-XXXXXX";
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/load.cfg", folder);
    (void)snprintf(copy_path, sizeof copy_path, "%s/copy.cfg", folder);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_own_scenario_is_beside_the_file),
        cmocka_unit_test(test_errors_name_the_key),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    (void)remove(path);
    (void)remove(copy_path);
    return rmdir(folder) != 0 ? 1 : failed;
}
