/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What single sections of the report say. Argument: the folder tests/fixtures/results. Needs
 * gnuplot. */
#include "tests/test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html.h"
#include "reports/html/costs.h"
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

/* So has what the queue tells its callers; its figures are no losses, and say their name once. */
static void test_what_is_told_has_a_table(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    char *page = report(result);
    assert_lacks(page, "What the queue tells callers and agents");
    free(page);
    json_object_set_new(result, "told", two_told_figures());
    page = report(result);
    const char *table = strstr(page, "What the queue tells callers and agents");
    assert_non_null(table);
    assert_has(table, "<th scope=\"row\">deflection_rate</th><td data-label=\"entered\">400</td>"
                      "<td data-label=\"predicted\"><b>21.00 %</b><small>18.00 % to 24.00 %</small>"
                      "</td><td data-label=\"observed\"><b>20.00 %</b></td>");
    assert_has(table, "<th scope=\"row\">announcement_error_s</th>");
    assert_has(table, "<td data-label=\"observed\"><b>13.5 s</b></td>");
    assert_has(table, "<td data-label=\"margin\">&#177;2.00 pp</td>");
    assert_has(table, "<td data-label=\"margin\">&#177;0.6 s</td>");
    free(page);
    json_t *number = json_array_get(json_object_get(result, "told"), 0); /* no share */
    json_object_set_new(number, "unit", json_string("calls"));
    json_object_set_new(number, "margin", json_real(20.31));
    page = report(result);
    assert_has(page, "<td data-label=\"margin\">&#177;20.3</td>");
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

/* Waits, queue and agents: what lies outside the band by more than the wire can show is counted,
 * and the furthest is told; what is not known is no zero. */
static void test_what_is_outside_over_time(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    char *page = report(result);
    assert_has(page, "mean wait of the answered<small>s</small></th>"
                     "<td class=\"n\" data-label=\"intervals\">59</td>"
                     "<td class=\"n\" data-label=\"above\">0</td>");
    assert_has(page, "calls in the queue<small>calls (mean)</small></th>"
                     "<td class=\"n\" data-label=\"intervals\">60</td>"
                     "<td class=\"n\" data-label=\"above\">2</td>"
                     "<td class=\"n\" data-label=\"below\">1</td>"
                     "<td data-label=\"furthest\">at 300 s: 90, predicted 62 (57 to 67)</td>");
    assert_has(page,
               "busy agents<small>agents (mean)</small></th>"
               "<td class=\"n\" data-label=\"intervals\">60</td>"
               "<td class=\"n\" data-label=\"above\">0</td>"
               "<td class=\"n\" data-label=\"below\">0</td><td data-label=\"furthest\"></td>");
    free(page);
    json_object_del(json_object_get(json_object_get(result, "intervals"), "series"), "busy");
    page = report(result);
    assert_has(page, "busy agents<small>agents (mean)</small></th>"
                     "<td class=\"n\" data-label=\"intervals\">0</td>"
                     "<td class=\"n\" data-label=\"above\">&#8211;</td>");
    free(page);
    json_decref(result);
}

/* In the table with their numbers, and in each picture over time; one after the end in the table
 * alone. A result of an earlier version has none. */
static void test_faults_are_marked(void **state)
{
    (void)state;
    static const char *const scripts[] = {"stages", "calls", "service", "circuits", "arrivals"};
    char *page = report_of("fail_trunk");
    assert_has(page, "<th scope=\"row\">1</th><td>no circuits of &lt;b&gt;&#39;A&#39;</td>"
                     "<td class=\"n\">120</td><td class=\"n\">180</td>");
    assert_has(page, "<th scope=\"row\">2</th><td>the centre is dead</td>"
                     "<td class=\"n\">590</td><td class=\"n\">620</td>");
    assert_has(page, "<th scope=\"row\">3</th><td>no IVR port answers</td>");
    free(page);
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        char name[64];
        (void)snprintf(name, sizeof name, "plots/%s.gp", scripts[i]);
        char *script = text_of(name);
        assert_has(script, "set object 1 rectangle from first 120,graph 0 to first 180,graph 1");
        assert_has(script, "set object 2 rectangle from first 590,graph 0 to first 600,graph 1");
        assert_lacks(script, "set object 3");
        free(script);
    }
    json_t *result = fixture("pass");
    json_object_set_new(result, "faults",
                        json_loads("[{\"kind\": \"agents\", \"group\": \"<desk>\", \"at_s\": 10, "
                                   "\"for_s\": 5}, {\"kind\": \"agents\", \"group\": null, "
                                   "\"at_s\": 20, \"for_s\": 5}]",
                                   0, NULL));
    page = report(result);
    assert_has(page, "<th scope=\"row\">1</th><td>agents are gone: &lt;desk&gt;</td>");
    assert_has(page, "<th scope=\"row\">2</th><td>agents are gone</td>");
    free(page);
    json_decref(result);
    page = report_of("pass");
    assert_lacks(page, "shaded in the pictures");
    free(page);
    char *script = text_of("plots/service.gp");
    assert_lacks(script, "set object");
    assert_lacks(script, "'fault'");
    free(script);
}

/* Values where the pointer rests, without a script: of each interval that has one. */
static void test_values_under_the_pointer(void **state)
{
    (void)state;
    json_t *result = fixture("fail_trunk");
    char *page = report(result);
    assert_has(page,
               "<title>calls in the queue: from 300 to 310 s observed 90, predicted 62 (57 to "
               "67)</title></rect>");
    assert_has(page,
               "<title>mean wait of the answered: from 0 to 10 s observed n/a, predicted 2 (0 "
               "to 4)</title>");
    assert_has(page, "<title>occupancy of the agents: from 590 to 600 s observed 9");
    assert_has(page, "<title>circuits in use: from 0 to 10 s observed ");
    assert_has(page, "<title>trunk: from 100 to 120 s observed ");
    /* in the wide pictures alone: stages, service, calls and circuits */
    size_t n = 0;
    for (const char *at = page; (at = strstr(at, "<g class=\"hover\">")) != NULL; at++)
        n++;
    assert_int_equal(n, 4);
    free(page);
    json_t *series = json_object_get(json_object_get(result, "intervals"), "series");
    json_t *queue = json_object_get(series, "queue");
    json_t *mean = json_object_get(queue, "mean");
    while (json_array_size(mean) <= 400) /* too narrow to be pointed at */
        json_array_append_new(mean, json_real(1.0));
    page = report(result);
    assert_lacks(page, "<title>calls in the queue");
    assert_has(page, "<title>circuits in use: from 0 to 10 s observed ");
    free(page);
    json_decref(result);
}

/* Each colour of a picture can be given another value, and the dark page has one for each that its
 * pictures have. */
static void test_pictures_in_the_dark(void **state)
{
    (void)state;
    char *page = report_of("fail_trunk");
    const char *dark = strstr(page, "@media screen and (prefers-color-scheme:dark)");
    assert_non_null(dark);
    size_t n = 0;
    for (const char *at = page; (at = strstr(at, "=\"var(--c")) != NULL; at++) {
        char name[16];
        (void)snprintf(name, sizeof name, "--c%.6s:", at + strlen("=\"var(--c"));
        const char *set = strstr(dark, name);
        if (set == NULL || set > strstr(dark, "</style>"))
            fail_msg("%s has no value in the dark", name);
        n++;
    }
    assert_true(n > 200);
    assert_lacks(page, "=\"rgb("); /* none is fixed */
    assert_lacks(page, "fill=\"#");
    assert_lacks(page, "stroke=\"#");
    free(page);
}

/* Agents of made-up figures: agent i answered i + 1 calls and missed i % 4 rings. */
static void make_agents(rig_call_group *groups, char (*names)[24], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        (void)snprintf(names[i], sizeof names[i], "<a%zu>", i);
        groups[i] = (rig_call_group){.name = names[i],
                                     .n_rings = i + 1 + i % 4,
                                     .n_missed = i % 4,
                                     .ring = {.n = 1, .mean_s = 2.0 + (double)i},
                                     .talk = {.n = i + 1,
                                              .mean_s = i == 2 ? (double)NAN : 30.0,
                                              .total_s = 30.0 * (double)(i + 1)}};
    }
}

/* Agents in the tables of a page. */
static size_t count_agents(const char *page)
{
    size_t n = 0;
    for (const char *at = page; (at = strstr(at, "<th scope=\"row\">&lt;a")) != NULL; at++)
        n++;
    return n;
}

static char *page_with_agents(size_t n)
{
    static rig_call_group groups[600];
    static char names[600][24];
    make_agents(groups, names, n);
    const rig_call_group_table agents = {.groups = groups, .n = n};
    rig_error err;
    json_t *result = fixture("pass");
    assert_int_equal(rig_report_html(result, run_dir, &(rig_report_wire){.agents = &agents},
                                     rig_language_english(), &err),
                     RIG_OK);
    json_decref(result);
    return text_of("report.html");
}

static void test_costs(void **state)
{
    (void)state;
    char *page = report_of("pass");
    assert_has(page, "<section id=\"costs\">");
    assert_has(page,
               "<th scope=\"row\">lost calls</th><td class=\"n\" data-label=\"price\">60</td>");
    assert_has(page, "<th scope=\"row\">agents on duty, hours</th>");
    assert_has(page, "<td class=\"n\" data-label=\"number\">25</td>"
                     "<td class=\"n\" data-label=\"observed\">1,125</td>"
                     "<td class=\"n\" data-label=\"predicted (95 %)\">1,125</td>");
    assert_has(page, "<th scope=\"row\">in all, CNY &lt;b&gt;</th>");
    free(page);
    json_t *result = fixture("pass");
    const json_t *lost = json_object_get(
        json_array_get(json_object_get(json_object_get(result, "costs"), "items"), 0), "amount");
    char *want = NULL;
    const double observed = json_number_value(json_object_get(lost, "observed"));
    assert_true(asprintf(&want,
                         "data-label=\"observed\">%s</td><td class=\"n\" data-label=\"predicted "
                         "(95 %%)\">%s<small>%s</small></td>",
                         rig_html_count(observed).text,
                         rig_html_count(json_number_value(json_object_get(lost, "predicted"))).text,
                         rig_html_amount_range(lost).text) > 0);
    page = report(result);
    assert_has(page, want);
    assert_non_null(strstr(want, " to "));
    free(want);
    free(page);
    json_object_set_new(result, "costs", json_null());
    page = report(result);
    assert_has(page, "The scenario names no price");
    free(page);
    json_decref(result);
}

/* Few agents are all shown; of many those who stand out, and the spread of all. */
static void test_agents_one_by_one(void **state)
{
    (void)state;
    char *page = page_with_agents(4);
    assert_has(page, "<b>4 agents</b> were rung 16 times; 6 rings were missed");
    assert_has(page, "2.5 on the mean, with a standard deviation of 51.64 % of it");
    assert_has(page, "<th scope=\"row\">&lt;a2&gt;</th><td class=\"n\">3</td><td "
                     "class=\"n\">2</td><td class=\"n\">4</td><td class=\"n\">n/a</td><td "
                     "class=\"n\">90</td>");
    assert_has(page, "<th scope=\"row\">missed rings</th><td class=\"n\">1.5</td><td "
                     "class=\"n\">0</td>");
    assert_true(strstr(page, "&lt;a3&gt;") < strstr(page, "&lt;a0&gt;")); /* most calls first */
    free(page);
    page = page_with_agents(24);
    assert_int_equal(count_agents(page), 24);
    free(page);
    page = page_with_agents(500);
    assert_has(page, "<b>500 agents</b>");
    assert_has(page, "<th scope=\"row\">calls answered</th><td class=\"n\">250.5</td><td "
                     "class=\"n\">1</td><td class=\"n\">25</td><td class=\"n\">250</td><td "
                     "class=\"n\">475</td><td class=\"n\">500</td>");
    assert_int_equal(count_agents(page), 14); /* a3 is among the fewest, too */
    assert_has(page, "&lt;a499&gt;");
    assert_has(page, "&lt;a0&gt;");
    assert_has(page, "&lt;a3&gt;"); /* the first of those who missed most */
    assert_lacks(page, "&lt;a250&gt;");
    free(page);
    page = report_of("pass");
    assert_has(page, "no capture that shows the agents' legs");
    free(page);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_carriers_in_the_table_of_stages),
        cmocka_unit_test(test_classes_have_a_table),
        cmocka_unit_test(test_what_is_told_has_a_table),
        cmocka_unit_test(test_the_proof_of_the_load),
        cmocka_unit_test(test_the_diagnosis_names_what_is_different),
        cmocka_unit_test(test_the_cause_is_the_one_of_the_verdict),
        cmocka_unit_test(test_losses_over_time_are_told_in_words),
        cmocka_unit_test(test_what_is_outside_over_time),
        cmocka_unit_test(test_faults_are_marked),
        cmocka_unit_test(test_values_under_the_pointer),
        cmocka_unit_test(test_pictures_in_the_dark),
        cmocka_unit_test(test_agents_one_by_one),
        cmocka_unit_test(test_costs),
    };
    return argc < 2 ? 2 : RUN_REPORT_TESTS(tests, argv[1]);
}
