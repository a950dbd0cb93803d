/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON builder: each kind of value, texts that are no UTF-8, and errors that stick. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "reports/json_builder.h"

static void assert_compact(rig_json_builder *b, const char *expected)
{
    json_t *document = NULL;
    assert_int_equal(rig_json_end(b, &document), RIG_OK);
    char *text = json_dumps(document, JSON_COMPACT);
    assert_string_equal(text, expected);
    free(text);
    json_decref(document);
}

static void test_each_kind_in_its_order(void **state)
{
    (void)state;
    rig_json_builder b;
    rig_json_begin(&b);
    rig_json_add_text(&b, "z", "a \"b\"");
    rig_json_add_text(&b, "none", NULL);
    rig_json_add_real(&b, "half", 0.5);
    rig_json_add_real(&b, "nan", (double)NAN);
    rig_json_add_real(&b, "inf", -INFINITY);
    rig_json_add_integer(&b, "low", INT64_MIN);
    rig_json_add_count(&b, "high", UINT64_MAX);
    rig_json_add_truth(&b, "yes", true);
    rig_json_add_truth(&b, "no", false);
    rig_json_add_null(&b, "null");
    rig_json_add_interval(&b, "pair", 1.5, (double)NAN);
    rig_json_open_list(&b, "list");
    rig_json_add_count(&b, NULL, 0);
    rig_json_open_object(&b, NULL);
    rig_json_close(&b);
    rig_json_open_list(&b, NULL);
    rig_json_close(&b);
    rig_json_close(&b);
    rig_json_add_part(&b, "part", json_integer(7));
    assert_compact(&b,
                   "{\"z\":\"a \\\"b\\\"\",\"none\":null,\"half\":0.5,\"nan\":null,\"inf\":null,"
                   "\"low\":-9223372036854775808,\"high\":9223372036854775807,"
                   "\"yes\":true,\"no\":false,\"null\":null,\"pair\":[1.5,null],"
                   "\"list\":[0,{},[]],\"part\":7}");
    rig_json_begin_list(&b);
    rig_json_add_count(&b, NULL, 3);
    assert_compact(&b, "[3]");
}

/* RFC 3629, section 4: what is no character is replaced, and what is beside it stays. */
static void test_bytes_that_are_no_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *text, *mended;
    } rows[] = {
        {"plain", "plain"},
        {"\xC3\xA9", "\xC3\xA9"},
        {"\xF0\x9F\x93\x9E", "\xF0\x9F\x93\x9E"},
        {"a\xFFz", "a\xEF\xBF\xBDz"},
        {"\xC3", "\xEF\xBF\xBD"},                 /* cut */
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"}, /* overlong */
        {"\xE0\x80\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, /* surrogate */
        {"\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"}, /* cut */
        {"\x80q", "\xEF\xBF\xBDq"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_json_builder b;
        json_t *document = NULL;
        rig_json_begin(&b);
        rig_json_add_text(&b, "t", rows[i].text);
        assert_int_equal(rig_json_end(&b, &document), RIG_OK);
        assert_string_equal(json_string_value(json_object_get(document, "t")), rows[i].mended);
        json_decref(document);
    }
    assert_int_equal(rig_utf8_length(""), 1);
    assert_int_equal(rig_utf8_length("\xF0\x9F\x93\x9E"), 4);
}

static void test_an_error_sticks(void **state)
{
    (void)state;
    rig_json_builder b;
    json_t *untouched = NULL;
    rig_json_begin(&b);
    rig_json_add_text(&b, "a", "b");
    rig_json_open_list(&b, "list");
    rig_json_fail(&b);
    rig_json_add_count(&b, NULL, 1);
    rig_json_open_object(&b, NULL);
    rig_json_close(&b);
    rig_json_close(&b);
    assert_int_equal(rig_json_end(&b, &untouched), RIG_ENOMEM);
    assert_null(untouched);
    rig_json_begin(&b);
    rig_json_add_part(&b, "part", NULL);
    rig_json_add_part(&b, "next", json_integer(1));
    assert_int_equal(rig_json_end(&b, &untouched), RIG_ENOMEM);
    assert_null(untouched);
}

static void test_what_is_opened_must_be_closed(void **state)
{
    (void)state;
    rig_json_builder b;
    json_t *untouched = NULL;
    rig_json_begin(&b);
    rig_json_open_list(&b, "list");
    assert_int_equal(rig_json_end(&b, &untouched), RIG_EDOM);
    rig_json_begin(&b);
    rig_json_close(&b);
    rig_json_add_count(&b, "lost", 1);
    assert_int_equal(rig_json_end(&b, &untouched), RIG_EDOM);
    rig_json_begin_list(&b); /* deeper than there is room */
    for (int i = 0; i < RIG_JSON_MAX_DEPTH + 3; i++)
        rig_json_open_list(&b, NULL);
    rig_json_add_count(&b, NULL, 1);
    for (int i = 0; i < RIG_JSON_MAX_DEPTH + 3; i++)
        rig_json_close(&b);
    assert_int_equal(rig_json_end(&b, &untouched), RIG_EDOM);
    assert_null(untouched);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind_in_its_order),
        cmocka_unit_test(test_bytes_that_are_no_utf8),
        cmocka_unit_test(test_an_error_sticks),
        cmocka_unit_test(test_what_is_opened_must_be_closed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
