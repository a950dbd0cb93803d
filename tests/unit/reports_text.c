/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Escaping and figures of the reports. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "reports/html/text.h"

#define MINUS "\xE2\x88\x92"
#define WRONG "\xEF\xBF\xBD"

static const double none = (double)NAN;

static void test_escaping(void **state)
{
    (void)state;
    static const struct {
        const char *text, *html, *xml;
    } rows[] = {
        {"", "", ""},
        {"a<b>&\"'", "a&lt;b&gt;&amp;&quot;&#39;", "a<b>&\"'"},
        {"\xC3\xA9 \xE2\x88\x92 \xF0\x9F\x93\x9E", "\xC3\xA9 \xE2\x88\x92 \xF0\x9F\x93\x9E",
         "\xC3\xA9 \xE2\x88\x92 \xF0\x9F\x93\x9E"},
        {"\t\r\n", "\t\r\n", "\t\r\n"},
        {"\x01x\x1F\x7F", WRONG "x" WRONG WRONG, WRONG "x" WRONG WRONG},
        {"\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD", WRONG WRONG WRONG, WRONG WRONG WRONG},
        {"a\xE2\x80\xAE" "b\xE2\x81\xA6\xC2\x9B\xD8\x9C\xE2\x80\xA8",
         "a" WRONG "b" WRONG WRONG WRONG WRONG, "a" WRONG "b" WRONG WRONG WRONG WRONG},
        {"\xE2\x80\x8D \xE4\xB8\xAD \xD7\x90", "\xE2\x80\x8D \xE4\xB8\xAD \xD7\x90",
         "\xE2\x80\x8D \xE4\xB8\xAD \xD7\x90"}, /* letters of any direction, joiners */
        {"cut \xC3", "cut " WRONG, "cut " WRONG},
        {"cut \xE2\x88", "cut " WRONG WRONG, "cut " WRONG WRONG},
        {"\xC3<\xFF", WRONG "&lt;" WRONG, WRONG "<" WRONG},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *html = NULL;
        size_t size;
        FILE *out = open_memstream(&html, &size);
        assert_non_null(out);
        rig_html_text(out, rows[i].text);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(html, rows[i].html);
        free(html);
        char *xml = rig_xml_text(rows[i].text);
        assert_string_equal(xml, rows[i].xml);
        free(xml);
    }
}

static void test_counts(void **state)
{
    (void)state;
    const struct {
        double n;
        const char *text;
    } rows[] = {
        {0, "0"},         {-0.0, "0"},
        {7, "7"},         {999, "999"},
        {1000, "1,000"},  {7824, "7,824"},
        {999.6, "1,000"}, {1234567, "1,234,567"},
        {-0.4, "0"},      {-1234, MINUS "1,234"},
        {none, "n/a"},    {(double)INFINITY, "n/a"},
        {1e300, "n/a"},   {999999999999999.0, "999,999,999,999,999"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(rig_html_count(rows[i].n).text, rows[i].text);
}

static void test_shares(void **state)
{
    (void)state;
    assert_string_equal(rig_html_percent(0.518).text, "51.80 %");
    assert_string_equal(rig_html_percent(0.0).text, "0.00 %");
    assert_string_equal(rig_html_percent(-1e-9).text, "0.00 %");
    assert_string_equal(rig_html_percent(none).text, "n/a");
    assert_string_equal(rig_html_percent(1e300).text, "n/a");
    assert_string_equal(rig_html_points(0.0058).text, "+0.58 pp");
    assert_string_equal(rig_html_points(-0.041).text, MINUS "4.10 pp");
    assert_string_equal(rig_html_points(0.0).text, "0.00 pp");
    assert_string_equal(rig_html_points(-1e-9).text, "0.00 pp");
    assert_string_equal(rig_html_points(none).text, "n/a");
    assert_string_equal(rig_html_size_in_points(0.02).text, "2.00 pp");
    assert_string_equal(rig_html_percent_range(0.506, 0.5184).text, "50.60 to 51.84 %");
    assert_string_equal(rig_html_percent_range(none, 0.5184).text, "n/a");
    assert_string_equal(rig_html_percent_range(0.1, none).text, "n/a");
    assert_string_equal(rig_html_points_range(-0.001, 0.0115).text, MINUS "0.10 to +1.15 pp");
}

static void test_numbers_in_units(void **state)
{
    (void)state;
    const struct {
        double value;
        const char *unit, *text;
    } rows[] = {
        {0.28514, "1", "28.51 %"},
        {7824, "calls", "7,824"},
        {722.54, "calls", "722.5"},
        {4007.4, "calls", "4,007"},
        {270, "circuits", "270"},
        {14.62, "s", "14.62 s"},
        {30, "s", "30 s"},
        {-0.194, "ms", MINUS "0.194 ms"},
        {0.5, "", "0.5 "},
        {none, "s", "n/a"},
        {none, "1", "n/a"},
        {(double)INFINITY, "s", "n/a"},
        {1, "a unit with a long name", "1 a unit with"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(rig_html_in_unit(rows[i].value, rows[i].unit).text, rows[i].text);
    assert_string_equal(rig_html_number(1.13456, 3).text, "1.13");
    assert_string_equal(rig_html_number(785, 17).text, "785");
    assert_string_equal(rig_html_number(none, 3).text, "n/a");
    assert_string_equal(rig_html_seed(785).text, "785");
    assert_string_equal(rig_html_seed(-1).text, "18446744073709551615");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escaping),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_numbers_in_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
