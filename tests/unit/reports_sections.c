/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What single sections of the report say. Argument: the folder tests/fixtures/results. Needs
 * gnuplot. */
#include "tests/test.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/reports_run.h"
#include "tests/unit/two_carriers.h"

/* The proof that the load was the planned one. */
static void test_the_proof_of_the_load(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_t *load = json_object_get(result, "load");
    json_object_set_new(load, "clock", json_pack("{s:f, s:f}", "step_ms", -71.0, "at_s", 55.1));
    json_object_set_new(load, "not_placed",
                        json_loads("{\"n\": 12, \"causes\": [{\"cause\": \"SIPp ended without "
                                   "placing them\", \"n\": 12}]}",
                                   0, NULL));
    char *page = report(result);
    assert_has(page,
               "<dt>not placed</dt><dd>12<small>12: SIPp ended without placing them</small></dd>");
    assert_has(
        page,
        "<dt>off by more than 10 ms</dt><dd>3<small>3: between SIPp and the wire</small></dd>");
    assert_has(page, "<dt>greatest step of the clock</dt><dd>\xe2\x88\x92"
                     "71 ms at 55.1 s</dd>");
    assert_has(page,
               "<dt>its standard deviation / mean (planned / actual)</dt><dd>1.012 / 1.011</dd>");
    assert_has(page,
               "<dt>median lateness, first / last fifth of the calls</dt><dd>0.13 / 0.14 ms</dd>");
    assert_has(page, "<dt>distance of the arrival curves (0 to 1)</dt><dd>0.00021</dd>");
    assert_has(page, "<dt>burstiness (planned / actual)</dt><dd>1.032 / 1.031</dd>");
    assert_has(page, "<dt>99 % are off by at most</dt>");
    free(page);
    json_decref(result);
}

/* A carrier's and a skill's figures; what the wire does not show is not made up. */
static void test_parts(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_object_set_new(result, "parts", json_array());
    char *page = report(result);
    assert_has(page, "The scenario has one carrier, one class of callers");
    free(page);
    json_object_set_new(
        result, "parts",
        json_loads("[{\"of\": \"trunks\", \"name\": \"mobile\", \"metrics\": [{\"name\": "
                   "\"lost_trunk[mobile]\", \"description\": \"loss at the trunk\", \"unit\": "
                   "\"1\", \"observed\": 0.25, \"predicted\": 0.1, \"low\": 0.05, \"high\": "
                   "0.15}]}, {\"of\": \"agents\", \"name\": \"sales\", \"metrics\": [{\"name\": "
                   "\"occupancy[sales]\", \"description\": \"occupancy\", \"unit\": \"1\", "
                   "\"observed\": null, \"predicted\": 0.8, \"low\": 0.7, \"high\": 0.9}]}]",
                   0, NULL));
    page = report(result);
    assert_has(page, "<caption>trunks: mobile</caption>");
    assert_has(page, "<code>lost_trunk[mobile]</code>");
    assert_has(page, "25.00 %");
    assert_has(page, "<caption>agents: sales</caption>");
    assert_has(page, "<td class=\"n\">n/a</td><td class=\"n\">80.00 %</td>");
    free(page);
    json_decref(result);
}

/* Carriers stand below the trunk stage that they make up. */
static void test_carriers_in_the_table_of_stages(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_object_set_new(result, "carriers", json_array());
    char *page = report(result);
    assert_null(strstr(page, "trunk, by "));
    free(page);
    json_object_set_new(result, "carriers", two_carriers());
    page = report(result);
    const char *carrier =
        strstr(page, "<tr class=\"part\"><th scope=\"row\">trunk, by mobile</th>");
    assert_non_null(carrier);
    assert_non_null(strstr(carrier, "<b>25.00 %</b><small>100 calls</small>"));
    assert_non_null(strstr(carrier, "trunk, by fixed"));
    assert_non_null(strstr(carrier, "<th scope=\"row\">ivr</th>"));
    free(page);
    json_decref(result);
}

/* Classes of callers have a table of their own. */
static void test_classes_have_a_table(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    char *page = report(result);
    assert_null(strstr(page, "The queue of each class"));
    free(page);
    json_object_set_new(result, "classes", two_class_figures());
    page = report(result);
    const char *table = strstr(page, "The queue of each class of callers");
    assert_non_null(table);
    assert_non_null(strstr(table, "gold<small>lost in the queue</small>"));
    assert_non_null(strstr(table, "<b>10.00 %</b><small>7 calls</small>"));
    assert_non_null(strstr(table, "gold<small>mean wait</small>"));
    assert_non_null(strstr(table, "<b>3.9 s</b><small>3.7 s to 4.1 s</small>"));
    free(page);
    json_decref(result);
}

static void test_the_diagnosis_names_what_is_different(void **state)
{
    (void)state;
    char *page = report_of("fail_trunk");
    assert_has(page, "<b>refusals began at 180 circuits in use, 270 were expected: 3 E1 are "
                     "missing</b><small>0.2 to 599.1 s of the scenario</small>");
    assert_has(page, "<td data-label=\"scenario\">270 circuits</td>"
                     "<td data-label=\"on the wire\">180 circuits<small>180 to 181</small></td>"
                     "<td data-label=\"explains\">4,870 calls</td>");
    /* nothing is set, no end of the interval, no time; escaped */
    assert_has(page, "20.0 s in the queue, &lt;none&gt; was expected</td>"
                     "<td data-label=\"scenario\">none</td>"
                     "<td data-label=\"on the wire\">20.03 s<small>at least 19.9</small></td>");
    /* shares */
    assert_has(page, "<td data-label=\"scenario\">0.00 %</td><td data-label=\"on the wire\">1.23 %"
                     "<small>0.83 % to 1.75 %</small>");
    free(page);
    page = report_of("pass");
    assert_has(page, "Nothing on the wire contradicts the scenario");
    free(page);
    page = report_of("minimal");
    assert_lacks(page, "Nothing on the wire contradicts the scenario");
    free(page);
}

/* The verdict's stage and the diagnosis decide what is said, not the order of the stages. */
static void test_the_cause_is_the_one_of_the_verdict(void **state)
{
    (void)state;
    json_t *result = fixture("fail_trunk");
    json_object_set_new(json_object_get(result, "verdict"), "stage", json_string("agent"));
    json_object_set_new(json_array_get(json_object_get(result, "diagnosis"), 0), "stage",
                        json_string("agent"));
    char *page = report(result);
    assert_has(page, "The cause is in the <b>agent</b> stage: refusals began");
    free(page);
    /* without a finding the verdict names the first stage that deviates, and no cause */
    json_object_set_new(json_object_get(result, "verdict"), "stage", json_string("trunk"));
    json_object_set_new(result, "diagnosis", json_array());
    page = report(result);
    assert_has(page, "No cause was found call by call. The first stage that deviates is the "
                     "<b>trunk</b> stage");
    assert_lacks(page, "The cause is in");
    free(page);
    json_decref(result);
    page = report_of("pass");
    assert_lacks(page, "The cause is in");
    assert_lacks(page, "No cause was found");
    free(page);
}

static void test_losses_over_time_are_told_in_words(void **state)
{
    (void)state;
    char *page = report_of("fail_trunk");
    assert_has(page, "in bins of 20 s. The band holds the whole run: 99 of 100 runs");
    assert_has(page, "<p class=\"finding warn\"><b>5 of 120 bins</b> are outside (trunk 4, ivr 1, "
                     "queue 0, agent 0); 2 by more than the margin.</p>");
    assert_has(page, "<summary>The bins outside, as a table (5)</summary>");
    assert_has(page, "<tr><th scope=\"row\">trunk</th><td class=\"n\">100 to 120 s</td>");
    static const struct {
        const char *bin, *says;
    } rows[] = {{"100 to 120 s", "<td>&#9650; above, <b>beyond the margin</b></td></tr>"},
                {"120 to 140 s", "<td>&#9650; above</td></tr>"},
                {"400 to 420 s", "<td>&#9660; below, <b>beyond the margin</b></td></tr>"},
                {"500 to 520 s", "<td>&#9660; below</td></tr>"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *row = strstr(page, rows[i].bin);
        assert_non_null(row);
        char *said = strstr(row, rows[i].says);
        assert_non_null(said);
        assert_true(said < strchr(row, '\n'));
    }
    free(page);
    page = report_of("pass");
    assert_has(page, "No bin of 120 is outside.");
    assert_lacks(page, "as a table");
    free(page);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_carriers_in_the_table_of_stages),
        cmocka_unit_test(test_classes_have_a_table),
        cmocka_unit_test(test_the_proof_of_the_load),
        cmocka_unit_test(test_the_diagnosis_names_what_is_different),
        cmocka_unit_test(test_the_cause_is_the_one_of_the_verdict),
        cmocka_unit_test(test_losses_over_time_are_told_in_words),
    };
    return argc < 2 ? 2 : RUN_REPORT_TESTS(tests, argv[1]);
}
