/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wire.json: what is written is read, of earlier versions too; what cannot be is refused. */
#include "reports/wire_json.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "tests/test.h"

static const char PATH[] = "wire-json-test.json";

static const rig_wire_facts written = {
    .is_known = true,
    .callers =
        {.n_lost_here = 7, .n_cut_off = 12, .cut_off_s = 1.04, .n_strange = 3, .stranger = "+1"},
    .phones = {.invite_p99_ms = 2.5, .invite_max_ms = 9.0, .not_found = "agent3"},
    .capture = {.n_packets = 7, .n_messages = 5, .early_max_ns = 4, .apart_ns = -6}};

/* Read the file with a key of callers changed; value NULL: without it. */
static rig_status read_with(const char *key, const char *value, rig_wire_facts *facts,
                            rig_error *err)
{
    assert_int_equal(rig_json_wire_write(&written, "0", PATH, NULL), RIG_OK);
    json_t *document = json_load_file(PATH, 0, NULL), *callers;
    assert_non_null(callers = json_object_get(document, "callers"));
    if (value == NULL)
        assert_int_equal(json_object_del(callers, key), 0);
    else
        json_object_set_new(callers, key, json_loads(value, JSON_DECODE_ANY, NULL));
    assert_int_equal(json_dump_file(document, PATH, 0), 0);
    json_decref(document);
    const rig_status status = rig_json_wire_read(PATH, facts, err);
    assert_int_equal(unlink(PATH), 0);
    return status;
}

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    rig_wire_facts read = {.is_known = false};
    assert_int_equal(rig_json_wire_write(&written, "0", PATH, NULL), RIG_OK);
    assert_int_equal(rig_json_wire_read(PATH, &read, NULL), RIG_OK);
    assert_true(read.is_known && read.callers.n_cut_off == 12 && read.callers.cut_off_s == 1.04);
    assert_true(read.callers.n_strange == 3 && read.phones.n_cut_off == 0);
    assert_true(read.callers.n_lost_here == 7 && read.phones.n_lost_here == 0);
    assert_string_equal(read.callers.stranger, "+1");
    assert_true(read.phones.invite_p99_ms == 2.5 && read.phones.invite_max_ms == 9.0);
    assert_string_equal(read.phones.not_found, "agent3");
    assert_true(read.capture.n_packets == 7 && read.capture.n_messages == 5);
    assert_true(read.capture.early_max_ns == 4 && read.capture.apart_ns == -6);
    assert_int_equal(unlink(PATH), 0);
    assert_int_equal(rig_json_wire_read(PATH, &read, NULL), RIG_OK); /* no such file */
    assert_false(read.is_known);
}

static void test_earlier_versions(void **state)
{
    (void)state;
    rig_wire_facts read = {.is_known = false};
    assert_int_equal(read_with("n_cut_off", NULL, &read, NULL), RIG_OK);
    assert_true(read.is_known && read.callers.n_cut_off == 0 && read.callers.cut_off_s == 0.0);
    assert_int_equal(read_with("n_lost_here", NULL, &read, NULL), RIG_OK);
    assert_int_equal(read.callers.n_lost_here, 0);
    assert_int_equal(read_with("n_strange", NULL, &read, NULL), RIG_OK);
    assert_int_equal(read.callers.n_strange, 0);
}

static void test_refused(void **state)
{
    (void)state;
    static const struct {
        const char *key, *value, *expected;
    } cases[] = {{"n_cut_off", "-1", "n_cut_off, at least 0"},
                 {"n_cut_off", "\"many\"", "n_cut_off, at least 0"},
                 {"cut_off_s", "null", "and cut_off_s"},
                 {"n_lost_here", "-1", "n_lost_here, at least 0"},
                 {"n_strange", "-1", "n_strange, at least 0"},
                 {"stranger", NULL, "the text stranger"},
                 {"invite_p99_ms", NULL, "invite_p99_ms"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        rig_wire_facts read = {.is_known = false};
        rig_error err = {.text = ""};
        assert_int_equal(read_with(cases[i].key, cases[i].value, &read, &err), RIG_EINPUT);
        assert_false(read.is_known);
        if (strstr(err.text, "callers") == NULL || strstr(err.text, cases[i].expected) == NULL)
            fail_msg("\"%s\" lacks \"%s\"", err.text, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_earlier_versions),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
