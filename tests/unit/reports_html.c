/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The HTML report. Argument: the folder tests/fixtures/results. Needs gnuplot. */
#include "tests/test.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/html.h"
#include "reports/json_file.h"
#include "tests/unit/reports_run.h"

/* --- well-formed ------------------------------------------------------------------------------ */

/* libxml2 knows the elements of HTML 4: those that came later are no errors. */
static void count_error(void *context, const xmlError *error)
{
    if (error->code == XML_HTML_UNKNOWN_TAG || error->level < XML_ERR_ERROR)
        return;
    print_message("line %d: %s", error->line, error->message);
    ++*(int *)context;
}

static void assert_parses_as_html(const char *page)
{
    int n_errors = 0;
    htmlParserCtxt *parser = htmlNewParserCtxt();
    assert_non_null(parser);
    xmlSetStructuredErrorFunc(&n_errors, (xmlStructuredErrorFunc)count_error);
    xmlDoc *doc =
        htmlCtxtReadMemory(parser, page, (int)strlen(page), NULL, "utf-8", HTML_PARSE_NONET);
    xmlSetStructuredErrorFunc(NULL, NULL);
    htmlFreeParserCtxt(parser);
    assert_non_null(doc);
    xmlFreeDoc(doc);
    assert_int_equal(n_errors, 0);
}

/* All values of an attribute, in the order of the document. */
typedef struct values {
    char *items[4096];
    size_t n;
} values;

static void collect(const xmlNode *element, const char *name, values *v)
{
    xmlChar *value = xmlGetNoNsProp((xmlNode *)element, BAD_CAST name);
    if (value != NULL) {
        assert_true(v->n < sizeof v->items / sizeof *v->items);
        v->items[v->n++] = strdup((const char *)value);
        xmlFree(value);
    }
    for (const xmlNode *node = element->children; node != NULL; node = node->next) {
        if (node->type == XML_ELEMENT_NODE)
            collect(node, name, v);
    }
}

static void free_values(values *v)
{
    for (size_t i = 0; i < v->n; i++)
        free(v->items[i]);
    v->n = 0;
}

static bool holds(const values *v, const char *item)
{
    for (size_t i = 0; i < v->n; i++) {
        if (strcmp(v->items[i], item) == 0)
            return true;
    }
    return false;
}

/* Each id is there once, and each reference leads to one: also inside the pictures. */
static void assert_references_hold(const char *page)
{
    static values ids, references;
    xmlDoc *doc = xmlReadMemory(page, (int)strlen(page), NULL, NULL, XML_PARSE_NONET);
    assert_non_null(doc);
    collect(xmlDocGetRootElement(doc), "id", &ids);
    collect(xmlDocGetRootElement(doc), "href", &references);
    for (size_t i = 0; i < ids.n; i++) {
        for (size_t k = i + 1; k < ids.n; k++)
            assert_string_not_equal(ids.items[i], ids.items[k]);
    }
    for (size_t i = 0; i < references.n; i++) {
        const char *reference = references.items[i];
        if (reference[0] == '#' && !holds(&ids, reference + 1))
            fail_msg("%s leads nowhere", reference);
        if (reference[0] != '#')
            assert_string_equal(reference, "data:,"); /* the icon: nothing to fetch */
    }
    xmlFreeDoc(doc);
    free_values(&ids);
    free_values(&references);
}

static void assert_nothing_from_outside(const char *page)
{
    static const char *const forbidden[] = {
        "http:",   "https:",  "//",   "src=",  "@import", "<script",
        "<iframe", "<object", "url(", "xlink", "onload",  "standalone"};
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        assert_lacks(page, forbidden[i]);
}

static void test_pages_are_well_formed(void **state)
{
    (void)state;
    static const char *const names[] = {"pass", "fail_trunk", "stopped", "minimal"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *page = report_of(names[i]);
        assert_parses_as_html(page);
        assert_references_hold(page);
        assert_nothing_from_outside(page);
        free(page);
    }
}

/* --- content ---------------------------------------------------------------------------------- */

static void test_every_section_is_there_in_its_order(void **state)
{
    (void)state;
    static const char *const ids[] = {"stages",   "diagnosis", "losses",   "service",   "agents",
                                      "levels",   "costs",     "checks",   "time",      "trunk",
                                      "lateness", "load",      "outcomes", "agreement", "different",
                                      "metrics",  "parts",     "delays",   "notes",     "inputs"};
    static const char *const pages[] = {"pass", "minimal"};
    for (size_t p = 0; p < 2; p++) {
        char *page = report_of(pages[p]), *at = page;
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
            char begin[64];
            (void)snprintf(begin, sizeof begin, "<section id=\"%s\">", ids[i]);
            at = strstr(at, begin);
            if (at == NULL)
                fail_msg("%s: no section %s behind the one before", pages[p], ids[i]);
        }
        free(page);
    }
}

static void test_figures_of_a_failed_run(void **state)
{
    (void)state;
    char *page = report_of("fail_trunk");
    assert_has(page, "<title>FAIL: tv-peak-785 - peakrig</title>");
    assert_has(page, "<span class=\"badge fail\">");
    assert_has(page, "refusals began at 180 circuits in use, the scenario says 270</p>");
    assert_has(page, "<th scope=\"row\">trunk</th><td data-label=\"entered\">7,824</td>");
    assert_has(page, "<b>51.22 %</b><small>50.60 to 51.84 %</small>");
    assert_has(page, "<b>65.35 %</b><small>5,113 calls</small><small>bounds 65.25 to 65.40 %");
    assert_has(page, "<b>+14.13 pp</b>");
    assert_has(page, "margin &#177;2.00 pp");
    assert_has(page, "p = 0.008");
    assert_has(page, "a run of about 35 min would decide");
    assert_has(page,
               "<p class=\"finding\">The cause is in the <b>trunk</b> stage: refusals began at "
               "180 circuits in use, 270 were expected: 3 E1 are missing (<a "
               "href=\"#diagnosis\">");
    assert_has(page, "at least 20.00 %");
    assert_has(page, "8 of 9 checks hold");
    assert_has(page, "<li class=\"failed\">");
    assert_has(page, "Refusals began at <b>180 circuits in use</b>");
    assert_has(page, "class=\"finding warn\"");
    assert_has(page, "<td class=\"n\">1.8 ms</td>");
    assert_has(page, "<b>80.12 %</b> of the planned calls");
    assert_has(page, "&#9650; above</b>");
    assert_has(page, "&#9660; below</b>");
    assert_has(page, "3 durations matched no timer");
    assert_has(page, "<dd>18014398509481985</dd>");       /* a seed has more digits than a double */
    assert_lacks(page, "<td>served</td><td>served</td>"); /* no confusion */
    assert_lacks(page, "NOT JUDGED");
    assert_lacks(page, "nan");
    /* the biggest confusion first, wherever it stands in the list */
    char *rare = strstr(page, "<td>lost_trunk</td><td>lost_ivr</td><td class=\"n\">41</td>");
    char *frequent = strstr(page, "<td>served</td><td>lost_trunk</td><td class=\"n\">988</td>");
    char *middle = strstr(page, "<td>lost_ivr</td><td>lost_trunk</td><td class=\"n\">118</td>");
    assert_non_null(rare);
    assert_non_null(frequent);
    assert_non_null(middle);
    assert_true(frequent < middle && middle < rare);
    free(page);
}

static void test_calls_that_differ_are_named(void **state)
{
    (void)state;
    char *page = report_of("fail_trunk");
    assert_has(page, "<tr><td>trunk</td><td class=\"n\">3,804</td><td class=\"n\">118</td>"
                     "<td class=\"n\">1,309</td></tr>");
    assert_has(page, "<p>1,554 of 7,824 planned calls ended otherwise than in one replay");
    assert_has(page, "<tr><td class=\"n\">1,212</td><td class=\"n\">83.22 s</td><td>served</td>"
                     "<td>lost_trunk</td><td>1212-&lt;7&gt;@127.0.0.1</td></tr>");
    assert_has(page, "<td>not_placed</td><td>n/a</td></tr>");
    assert_has(page, "The messages of these calls are not shown");
    free(page);
    page = report_of("pass");
    assert_has(page, "<p>Every planned call ended as in the replay.</p>");
    free(page);
}

/* A call of a capture, its ladder by hand: one message. */
static void test_calls_that_differ_show_their_messages(void **state)
{
    (void)state;
    json_t *result = fixture("fail_trunk");
    json_array_append_new(json_object_get(json_object_get(result, "agreement"), "first_different"),
                          json_pack("{s:i, s:f, s:s, s:s, s:s}", "planned_index", 1300, "t_s", 90.0,
                                    "replayed", "served", "observed", "lost_ivr", "call_id",
                                    "1300-7@127.0.0.1"));
    rig_ladder_message invite = {.to = 1, .leg = 0, .is_request = true, .frame = 1, .cseq = 1};
    rig_ladder item = {.call = {.call_id = (char *)"1212-<7>@127.0.0.1",
                                .outcome = RIG_OUTCOME_LOST_TRUNK,
                                .t_end_ns = RIG_NO_TIME},
                       .ends = {{.role = RIG_LADDER_CALLER}, {.role = RIG_LADDER_CENTRE}},
                       .n_ends = 2,
                       .messages = &invite,
                       .n_messages = 1,
                       .n_legs = 1};
    const rig_ladders ladders = {.items = &item, .n = 1};
    rig_error err = {.text = ""};
    if (rig_report_html(result, run_dir, &(rig_report_wire){.ladders = &ladders},
                        rig_language_english(), &err) != RIG_OK)
        fail_msg("%s", err.text);
    char *page = text_of("report.html");
    assert_has(page, "<td class=\"id\"><a href=\"#ladder-1\">1212-&lt;7&gt;@127.0.0.1</a></td>");
    assert_has(page, "<details class=\"messages\" id=\"ladder-1\"><summary>call 1,212 at 83.22 s: "
                     "served in the replay, <b>lost_trunk</b> on the wire</summary>");
    assert_has(page, "<svg class=\"ladder\" viewBox=\"0 0 1280 ");
    assert_has(page, "\n.ladder .id{"); /* the picture's rules hold for it alone */
    assert_has(page, "\n.ladder .soft,.ladder .at{");
    assert_lacks(page, "\ntext{");
    assert_has(page, "<td>1300-7@127.0.0.1</td>"); /* no ladder of that one was collected */
    assert_lacks(page, "ladder-2");
    assert_lacks(page, "are not shown");
    assert_parses_as_html(page);
    assert_references_hold(page);
    assert_nothing_from_outside(page);
    free(page);
    json_decref(result);
}

static void test_text_is_escaped(void **state)
{
    (void)state;
    json_t *result = fixture("fail_trunk");
    static const char hostile[] = "<script>x</script>\"'&";
    static const char harmless[] = "&lt;script&gt;x&lt;/script&gt;&quot;&#39;&amp;";
    json_object_set_new(result, "name", json_string(hostile));
    json_object_set_new(result, "peakrig", json_string(hostile));
    json_object_set_new(json_object_get(result, "run"), "target", json_string(hostile));
    json_object_set_new(json_object_get(result, "run"), "sipp", json_string(hostile));
    json_object_set_new(json_object_get(result, "inputs"), hostile, json_string(hostile));
    json_t *calls = json_object_get(result, "calls");
    json_object_set_new(json_object_get(calls, "outcomes"), hostile, json_integer(1));
    static const char *const lists[] = {"checks", "stages",  "diagnosis",
                                        "levels", "metrics", "rig_delays"};
    static const char *const keys[] = {"gate",   "name", "text",        "stage", "judgement",
                                       "metric", "unit", "description", "kind"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        json_t *item = json_array_get(json_object_get(result, lists[i]), 0);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            json_object_set_new(item, keys[k], json_string(hostile));
    }
    json_object_set_new(result, "parts",
                        json_pack("[{s:s, s:s, s:[{s:s, s:s, s:s}]}]", "of", hostile, "name",
                                  hostile, "metrics", "name", hostile, "description", hostile,
                                  "unit", hostile));
    json_t *reason = json_array_get(json_object_get(calls, "reasons"), 0);
    json_object_set_new(reason, "outcome", json_string(hostile));
    json_object_set_new(reason, "reason", json_string(hostile));
    json_t *pair =
        json_array_get(json_object_get(json_object_get(result, "agreement"), "confusion"), 0);
    json_object_set_new(pair, "replayed", json_string(hostile));
    json_object_set_new(pair, "observed", json_sprintf("another %s", hostile));
    json_t *costs = json_object_get(result, "costs");
    json_object_set_new(costs, "currency", json_string(hostile));
    json_object_set_new(json_array_get(json_object_get(costs, "items"), 0), "of",
                        json_string(hostile));
    char *page = report(result);
    assert_lacks(page, "<script");
    assert_has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"); /* of the fixture */
    size_t n = 0;
    for (char *at = page; (at = strstr(at, harmless)) != NULL; at++)
        n++;
    /* name (title, heading), version (three times), target, SIPp, input and its digest, outcome,
     * check (gate, name, text), stage (also over time, with four bins), level (name, description),
     * metric (description, name), timer, reason (two), pair (two), finding (stage, text, unit
     * twice), costs (currency, what), part (of and name, in the caption and for readers; its
     * figure's description, name) */
    assert_int_equal(n, 2 + 3 + 1 + 1 + 2 + 1 + 3 + 6 + 2 + 2 + 1 + 2 + 2 + 4 + 2 + 6);
    assert_parses_as_html(page);
    assert_references_hold(page);
    free(page);
    json_decref(result);
}

static void test_a_stopped_run_is_marked(void **state)
{
    (void)state;
    json_t *result = fixture("stopped");
    json_object_set_new(json_array_get(json_object_get(result, "stages"), 0), "judgement",
                        json_string("PASS"));
    json_object_set_new(json_array_get(json_object_get(result, "levels"), 0), "judgement",
                        json_string("PASS"));
    char *page = report(result);
    json_decref(result);
    char *mark = strstr(page, "<p class=\"stopped\""), *heading = strstr(page, "<h1>");
    assert_non_null(mark);
    assert_true(mark < heading); /* at the top */
    assert_has(page, "NOT JUDGED");
    assert_lacks(page, "badge pass");
    free(page);
    page = report_of("pass");
    assert_lacks(page, "<p class=\"stopped\"");
    free(page);
}

/* Nobody may take a run at a centre that was broken on purpose for an honest one. */
static void test_a_broken_centre_is_marked(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_object_set_new(
        result, "target",
        json_pack("{s:[s,s,i]}", "defects", "drop=0.02@60..120", "trunk_dead=<A>", 7));
    char *page = report(result);
    char *mark = strstr(page, "broken on purpose"), *heading = strstr(page, "<h1>");
    assert_non_null(mark);
    assert_true(mark < heading);
    assert_has(page,
               "<code>drop=0.02@60..120</code>, <code>trunk_dead=&lt;A&gt;</code>, <code>?</code>");
    free(page);
    json_object_set_new(result, "target", json_pack("{s:[]}", "defects"));
    page = report(result);
    assert_lacks(page, "broken on purpose");
    free(page);
    json_decref(result);
}

/* A caller has several calls, and one end; a row that nobody had is left out. */
static void test_ends_of_calls_and_callers(void **state)
{
    (void)state;
    json_t *result = json_pack(
        "{s:s, s:{s:[{s:s,s:i,s:f,s:i,s:i}, {s:s,s:i,s:f,s:i,s:i}, {s:s,s:i,s:f,s:i,s:i}],"
        " s:[{s:s,s:i,s:f,s:i,s:i}]}}",
        "format", "peakrig result 1", "ends", "calls", "end", "served", "observed", 1200,
        "predicted", 1190.5, "low", 1100, "high", 1300, "end", "lost_ivr", "observed", 0,
        "predicted", 0.0, "low", 0, "high", 0, "end", "lost_trunk", "observed", 300, "predicted",
        310.25, "low", 250, "high", 350, "callers", "end", "called_back", "observed", 77,
        "predicted", 70.0, "low", 60, "high", 80);
    assert_non_null(result);
    char *page = report(result);
    assert_has(page, "<th scope=\"row\">served by an agent</th>");
    assert_has(page, "1190.5");
    assert_has(page, "80.00 %");
    assert_has(page, "250 to 350");
    assert_lacks(page, "<th scope=\"row\">lost in the IVR</th>");
    assert_has(page, "The 1,500 calls are those of 77 callers.");
    assert_has(page, "<th scope=\"row\">called back and served</th>");
    free(page);
    json_array_clear(json_object_get(json_object_get(result, "ends"), "callers"));
    page = report(result);
    assert_has(page, "A caller has one call here, and its end is his.");
    free(page);
    json_decref(result);
}

static void test_missing_parts_are_named(void **state)
{
    (void)state;
    json_t *result = json_pack("{s:s}", "format", "peakrig result 1");
    char *page = report(result);
    size_t n = 0;
    for (char *at = page; (at = strstr(at, "<p class=\"none\">not available</p>")) != NULL; at++)
        n++;
    assert_int_equal(n, 18); /* all sections but over time and notes */
    assert_has(page, "picture not available</p>");
    assert_lacks(page, "<svg");
    free(page);
    json_decref(result);
}

static void test_other_documents_are_refused(void **state)
{
    (void)state;
    rig_error err;
    json_t *result = json_pack("{s:s}", "format", "peakrig result 2");
    assert_int_equal(rig_report_html(result, run_dir, NULL, rig_language_english(), &err),
                     RIG_EINPUT);
    assert_non_null(strstr(err.text, "peakrig result 2"));
    json_object_set_new(result, "format", json_string("peakrig result 1"));
    assert_int_equal(rig_report_html(result, "/nonexistent", NULL, rig_language_english(), &err),
                     RIG_EIO);
    assert_non_null(strstr(err.text, "/nonexistent"));
    json_decref(result);
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        int n_refusals, begin; /* -1 = null */
        const char *text;
        int n_carriers;
    } rows[] = {
        {0, -1, "No call was refused", 0},
        {9, 270, "270 circuits in use</b>", 0},
        {9, 270, "the scenario has 270: calls were refused only when all circuits were taken.", 0},
        {9, 268, "<p class=\"finding\">Refusals began at <b>268", 0},
        {9, 268, "the scenario has 270.</p>", 0},
        {9, 261, "<p class=\"finding warn\">Refusals began at <b>261", 0},
        {9, 108, "<p class=\"finding\">Refusals began at <b>108", 2},
        {9, 108, "the scenario has 270 of all carriers together: each refuses", 2},
        {9, -1, "<dt>calls refused</dt><dd>9</dd>", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *at = json_null();
        if (rows[i].begin >= 0)
            at = json_pack("{s:i, s:i, s:i}", "min", rows[i].begin, "median", 270, "max", 270);
        json_t *result =
            json_pack("{s:s, s:{s:i, s:i, s:o}}", "format", "peakrig result 1", "trunk", "circuits",
                      270, "refusals", rows[i].n_refusals, "in_use_at_refusal", at);
        json_t *carriers = json_array();
        for (int k = 0; k < rows[i].n_carriers; k++)
            json_array_append_new(carriers, json_pack("{s:s}", "name", "A"));
        json_object_set_new(result, "carriers", carriers);
        char *page = report(result);
        assert_has(page, rows[i].text);
        free(page);
        json_decref(result);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pages_are_well_formed),
        cmocka_unit_test(test_every_section_is_there_in_its_order),
        cmocka_unit_test(test_figures_of_a_failed_run),
        cmocka_unit_test(test_calls_that_differ_are_named),
        cmocka_unit_test(test_calls_that_differ_show_their_messages),
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_a_stopped_run_is_marked),
        cmocka_unit_test(test_a_broken_centre_is_marked),
        cmocka_unit_test(test_ends_of_calls_and_callers),
        cmocka_unit_test(test_missing_parts_are_named),
        cmocka_unit_test(test_other_documents_are_refused),
        cmocka_unit_test(test_refusals),
    };
    if (argc < 2)
        return 2;
    int failed = RUN_REPORT_TESTS(tests, argv[1]);
    xmlCleanupParser();
    return failed;
}
