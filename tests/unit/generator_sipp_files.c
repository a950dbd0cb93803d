/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SIPp's scenarios made of parts: what is assembled for each profile, and what is refused. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "generator/play/sipp_assemble.h"
#include "generator/sipp_files.h"
#include "tests/small_scenario.h"

static rig_slice part(const char *name)
{
    static const struct {
        const char *name, *text;
    } parts[] = {
        {"plain", "one\n  two @ X@ a@b\n"},
        {"symbols", "  @A@-@B@ user@host @A@\n"},
        {"sets", "<?rig set C=[$x] D=two words E=?>\n@C@|@D@|@E@|\n"},
        {"ifs", "<?rig if A?>\nA\n<?rig if not B?>\nno B\n<?rig else?>\nB\n<?rig end?>\n"
                "<?rig else?>\nno A\n<?rig end?>\n"},
        {"outer", "begin\n  <?rig include inner X=1 Y=blue sky?>\nend <@A@>\n"},
        {"inner", "<?rig set A=inside?>\n@X@ @Y@ @A@\n"},
        {"skipped", "<?rig if E?>\n@NOT_SET@\n<?rig include nowhere?>\n<?rig end?>\nok\n"},
        {"unset", "fine\n@NOT_SET@\n"},
        {"missing", "\n<?rig include nowhere?>\n"},
        {"endless", "<?rig include endless?>\n"},
        {"open", "<?rig if A?>\n"},
        {"closed", "<?rig end?>\n"},
        {"unknown", "<?rig loop A?>\n"},
        {"bad_set", "<?rig set a=1?>\n"},
        {"bad_if", "<?rig if A B?>\n"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strcmp(parts[i].name, name) == 0)
            return rig_slice_of(parts[i].text);
    return (rig_slice){NULL, 0};
}

static void test_assembles(void **state)
{
    (void)state;
    static const rig_sipp_symbol symbols[] = {{"A", "a"}, {"B", "b"}, {"E", ""}};
    static const struct {
        const char *name, *expected;
    } rows[] = {
        {"plain", "one\n  two @ X@ a@b\n"},
        {"symbols", "  a-b user@host a\n"},
        {"sets", "[$x]|two words||\n"},
        {"ifs", "A\nB\n"},
        {"outer", "begin\n1 blue sky inside\nend <a>\n"},
        {"skipped", "ok\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = NULL;
        rig_error err = {0};
        if (rig_sipp_assemble(part, rows[i].name, symbols, 3, &text, &err) != RIG_OK)
            fail_msg("%s: %s", rows[i].name, err.text);
        assert_string_equal(text, rows[i].expected);
        free(text);
    }
}

static void test_refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name, *message;
    } rows[] = {
        {"unset", "unset:2: @NOT_SET@ is not set"},
        {"missing", "missing:2: nowhere: there is no such part"},
        {"endless", "parts include each other"},
        {"open", "open:1: if without end"},
        {"closed", "closed:1: end without if"},
        {"unknown", "unknown:1: \"loop\"; expected include, set, if, else or end"},
        {"bad_set", "bad_set:1: \"a=1\"; expected NAME=VALUE"},
        {"bad_if", "bad_if:1: if: expected one NAME"},
        {"nobody", "nobody: there is no such part"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = NULL;
        rig_error err = {0};
        assert_int_equal(rig_sipp_assemble(part, rows[i].name, NULL, 0, &text, &err), RIG_EINPUT);
        if (strstr(err.text, rows[i].message) == NULL)
            fail_msg("%s: %s", rows[i].name, err.text);
        assert_null(text);
    }
}

static const rig_secret SECRET = {"0123456789abcdef0123456789abcdef"};

/* How often a text is in another. */
static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at += strlen(what))
        n++;
    return n;
}

/* Every profile's file is whole, and has what makes the profile. */
static void test_files_of_the_profiles(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    static const struct {
        rig_marks marks;
        size_t n_agent_marks, n_marks, n_told_by_phone;
    } rows[] = {
        {RIG_MARK_REINVITE, 1, 1, 0},
        {RIG_MARK_UPDATE, 1, 1, 0},
        {RIG_MARK_INFO, 0, 1, 0},
        {RIG_MARK_EARLY, 0, 5, 3}, /* INFO, 180, 182, and told before and after the answer */
        {RIG_MARK_QUIET, 0, 2, 3}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *caller = NULL, *agent = NULL, *stop = NULL;
        rig_error err = {0};
        s->target.marks = rows[i].marks;
        if (rig_sipp_file_make(RIG_SIPP_CALLER_XML, s, &SECRET, &caller, &err) != RIG_OK ||
            rig_sipp_file_make(RIG_SIPP_AGENT_XML, s, &SECRET, &agent, &err) != RIG_OK ||
            rig_sipp_file_make(RIG_SIPP_STOP_XML, s, &SECRET, &stop, &err) != RIG_OK)
            fail_msg("%s: %s", rig_marks_name(s->target.marks), err.text);
        assert_int_equal(count(caller, "<?rig"), 0);
        assert_int_equal(count(caller, "</scenario>"), 1);
        assert_int_equal(count(caller, "The agent has answered:"), rows[i].n_agent_marks);
        assert_int_equal(count(caller, "<!-- A mark:"), rows[i].n_marks);
        assert_int_equal(count(agent, "message=\"TELL;"), rows[i].n_told_by_phone);
        assert_int_equal(count(caller, "[authentication"), 0);
        assert_int_equal(count(caller, "rtp_stream"), 0);
        free(caller);
        free(agent);
        free(stop);
    }
}

static void test_what_callers_do(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    char *text = NULL;
    s->time_scale = 2.0;
    s->callers.auth = (rig_auth){.user = (char *)"alice", .password = (char *)"secret"};
    s->callers.dtmf = (rig_dtmf){(char *)"42", 3.0};
    s->callers.has_audio = true;
    assert_int_equal(rig_sipp_file_make(RIG_SIPP_CALLER_XML, s, &SECRET, &text, NULL), RIG_OK);
    assert_int_equal(count(text, "[authentication username=alice password=secret]"), 2);
    assert_int_equal(count(text, "value=\"42-\""), 1);
    assert_int_equal(count(text, "value=\"1500.000\""), 1); /* wire time, ms */
    assert_int_equal(count(text, "rtp_stream=\"tone.ulaw,-1,0\""), 1);
    assert_int_equal(count(text, "[media_port]"), 0);
    free(text);
}

/* SIPp takes no file of 64 KiB or more. Callers who do all at once have none, for what is not for
 * SIPp is left out; those who do little have our comments. */
static void test_is_not_too_long(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    s->target.marks = RIG_MARK_EARLY;
    for (int does_all = 0; does_all <= 1; does_all++) {
        char *text = NULL;
        if (does_all) {
            s->callers.auth = (rig_auth){.user = (char *)"alice", .password = (char *)"secret"};
            s->callers.session_timer = (rig_session_timer){.expires_s = 1800};
            s->callers.has_prack = s->callers.has_audio = true;
            s->callers.redirected_to = (char *)"4711#";
            s->callers.redial.p_redial = 0.5;
            s->queue.announcement = RIG_ANNOUNCE_POSITION;
        }
        assert_int_equal(rig_sipp_file_make(RIG_SIPP_CALLER_XML, s, &SECRET, &text, NULL), RIG_OK);
        assert_in_range(strlen(text), 30000, 65535);
        assert_int_equal(count(text, "<!--") == 0, does_all);
        assert_int_equal(count(text, "Session-Expires: [$expires]"), 3 * does_all);
        assert_int_equal(count(text, "Supported: timer, 100rel") > 0, does_all);
        assert_int_equal(count(text, "value=\"4711%23\""), 3 * does_all);
        free(text);
    }
    s->callers.redirected_to = NULL;
}

/* All INVITEs, but the end of a call only where a tick is much of the scenario's time. */
static void test_what_is_polled_for(void **state)
{
    (void)state;
    static const struct {
        double time_scale;
        size_t n_not_polled; /* of the waits for an answer, in the call */
    } rows[] = {{0.5, 2}, {1.0, 2}, {60.0, 0}};
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = NULL;
        s->time_scale = rows[i].time_scale;
        assert_int_equal(rig_sipp_file_make(RIG_SIPP_CALLER_XML, s, &SECRET, &text, NULL), RIG_OK);
        assert_int_equal(count(text, "<subtract assign_to=\"left\" value="), 3);
        assert_int_equal(count(text, "<subtract assign_to=\"left\" value=\"0.000\"/>"),
                         rows[i].n_not_polled);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_assembles),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_files_of_the_profiles),
        cmocka_unit_test(test_what_callers_do),
        cmocka_unit_test(test_is_not_too_long),
        cmocka_unit_test(test_what_is_polled_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
