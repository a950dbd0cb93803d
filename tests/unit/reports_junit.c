/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JUnit XML, read back with libxml2. Argument: the folder tests/fixtures/results. */
#include "tests/test.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/json_file.h"
#include "reports/junit.h"
#include "tests/unit/two_carriers.h"

static const char *fixtures;
static char folder[] = "/tmp/peakrig-junit-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/junit.xml", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static json_t *fixture(const char *name)
{
    char file[512];
    json_t *result = NULL;
    rig_error err = {.text = ""};
    (void)snprintf(file, sizeof file, "%s/%s.json", fixtures, name);
    if (rig_json_read(file, &result, &err) != RIG_OK)
        fail_msg("%s", err.text);
    return result;
}

/* Write and parse back, strictly. */
static xmlDoc *written(const json_t *result)
{
    rig_error err = {.text = ""};
    if (rig_report_junit(result, path, &err) != RIG_OK)
        fail_msg("%s", err.text);
    xmlDoc *doc = xmlReadFile(path, NULL, XML_PARSE_NONET | XML_PARSE_NOBLANKS);
    assert_non_null(doc);
    return doc;
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static xmlNode *child(const xmlNode *parent, const char *name)
{
    for (xmlNode *node = parent->children; node != NULL; node = node->next) {
        if (is_element(node, name))
            return node;
    }
    return NULL;
}

static void assert_attribute(xmlNode *node, const char *name, const char *expected)
{
    xmlChar *value = xmlGetProp(node, BAD_CAST name);
    assert_non_null(value);
    assert_string_equal((const char *)value, expected);
    xmlFree(value);
}

static xmlNode *suite_of(xmlDoc *doc)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    assert_true(is_element(root, "testsuites"));
    xmlNode *suite = child(root, "testsuite");
    assert_non_null(suite);
    return suite;
}

static xmlNode *case_of(xmlDoc *doc, const char *name)
{
    for (xmlNode *node = suite_of(doc)->children; node != NULL; node = node->next) {
        xmlChar *found = is_element(node, "testcase") ? xmlGetProp(node, BAD_CAST "name") : NULL;
        bool is_it = found != NULL && strcmp((const char *)found, name) == 0;
        xmlFree(found);
        if (is_it)
            return node;
    }
    fail_msg("no test case \"%s\"", name);
    return NULL;
}

static void assert_passed(xmlDoc *doc, const char *name)
{
    xmlNode *node = case_of(doc, name);
    assert_null(child(node, "failure"));
    assert_null(child(node, "error"));
    assert_null(child(node, "skipped"));
}

/* `kind` is "failure" or "error"; `words` must be in its message. */
static void assert_ended(xmlDoc *doc, const char *name, const char *kind, const char *type,
                         const char *words)
{
    xmlNode *end = child(case_of(doc, name), kind);
    assert_non_null(end);
    assert_attribute(end, "type", type);
    xmlChar *message = xmlGetProp(end, BAD_CAST "message");
    assert_non_null(message);
    assert_non_null(strstr((const char *)message, words));
    xmlFree(message);
}

/* The counts that are written are the counts that are there. */
static void assert_counts(xmlDoc *doc, size_t n_cases, size_t n_failures, size_t n_errors)
{
    size_t found[3] = {0, 0, 0};
    xmlNode *suite = suite_of(doc);
    for (xmlNode *node = suite->children; node != NULL; node = node->next) {
        if (!is_element(node, "testcase"))
            continue;
        found[0]++;
        found[1] += child(node, "failure") != NULL;
        found[2] += child(node, "error") != NULL;
    }
    assert_int_equal(found[0], n_cases);
    assert_int_equal(found[1], n_failures);
    assert_int_equal(found[2], n_errors);
    static const char *const names[] = {"tests", "failures", "errors"};
    for (int i = 0; i < 3; i++) {
        char text[24];
        (void)snprintf(text, sizeof text, "%zu", found[i]);
        assert_attribute(suite, names[i], text);
        assert_attribute(xmlDocGetRootElement(doc), names[i], text);
    }
    assert_attribute(suite, "skipped", "0");
}

static void assert_lacks_words(xmlDoc *doc, const char *name, const char *words)
{
    xmlNode *end = child(case_of(doc, name), "error");
    assert_non_null(end);
    xmlChar *message = xmlGetProp(end, BAD_CAST "message");
    assert_null(strstr((const char *)message, words));
    xmlFree(message);
}

static void test_pass(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    xmlDoc *doc = written(result);
    assert_counts(doc, 9 + 4 + 3 + 1, 0, 0);
    xmlNode *suite = suite_of(doc);
    assert_attribute(suite, "name", "peakrig.tv-peak-785");
    assert_attribute(suite, "time", "118.420");
    assert_attribute(suite, "timestamp", "2026-03-14T09:28:47");
    assert_passed(doc, "verdict");
    assert_passed(doc, "G2 trunk");
    assert_passed(doc, "G3 wait_p95_s");
    assert_attribute(case_of(doc, "G2 trunk"), "classname", "peakrig.tv-peak-785.G2");
    assert_attribute(case_of(doc, "G2 trunk"), "time", "0.000");
    xmlFreeDoc(doc);
    json_decref(result);
}

static void test_fail(void **state)
{
    (void)state;
    json_t *result = fixture("fail_trunk");
    xmlDoc *doc = written(result);
    assert_counts(doc, 17, 4, 2); /* trunk, ivr, queue, verdict; agent, wait_p95_s */
    assert_ended(doc, "G2 trunk", "failure", "fail", "lost 65.35 % (5,113 of 7,824 calls)");
    /* what fails names its cause, also where that is another stage */
    assert_ended(doc, "G2 trunk", "failure", "fail",
                 "margin 2.00 pp; the cause is in the trunk stage: refusals");
    assert_ended(doc, "G2 queue", "failure", "fail",
                 "; the cause is in the trunk stage: refusals began at 180");
    assert_lacks_words(doc, "G2 agent", "cause");
    assert_ended(doc, "G2 agent", "error", "inconclusive", "a run of about 35 minutes would");
    assert_ended(doc, "G3 wait_p95_s", "error", "inconclusive", "expected at most 30 s");
    assert_ended(doc, "verdict", "failure", "fail", "refusals began at 180 circuits");
    assert_passed(doc, "G3 connect_rate");
    /* the gap in the capture turned nothing: it is told, and fails nothing */
    assert_passed(doc, "G1 kernel drops");
    xmlChar *said = xmlNodeGetContent(child(case_of(doc, "G1 kernel drops"), "system-out"));
    assert_non_null(strstr((const char *)said, "12 of 96311 packets"));
    assert_non_null(strstr((const char *)said, "turns no judgement"));
    xmlFree(said);
    xmlFreeDoc(doc);
    json_decref(result);
}

/* A carrier that fails is a failure of its own; one that is undecided holds nothing up. */
static void test_carriers(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_object_set_new(result, "carriers", two_carriers());
    xmlDoc *doc = written(result);
    assert_counts(doc, 17 + 2, 1, 0);
    assert_ended(doc, "G2 trunk[mobile]", "failure", "fail",
                 "lost 25.00 % (100 of 400 calls), predicted 10.00 % (5.00");
    assert_passed(doc, "G2 trunk[fixed]");
    xmlChar *said = xmlNodeGetContent(child(case_of(doc, "G2 trunk[fixed]"), "system-out"));
    assert_non_null(strstr((const char *)said, "undecided by itself"));
    xmlFree(said);
    xmlFreeDoc(doc);
    json_decref(result);
}

/* So are figures of a class of callers. */
static void test_classes(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_object_set_new(result, "classes", two_class_figures());
    xmlDoc *doc = written(result);
    assert_counts(doc, 17 + 2, 1, 0);
    assert_ended(doc, "G2 wait_mean_s[gold]", "failure", "fail",
                 "13.5 s of 70 calls that entered the queue, predicted 3.9 s (3.7 s to 4.1 s)");
    assert_passed(doc, "G2 lost_queue[gold]");
    xmlFreeDoc(doc);
    json_decref(result);
}

/* And what the queue tells its callers, which is of the whole: by the figure's name alone. */
static void test_told(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_object_set_new(result, "told", two_told_figures());
    xmlDoc *doc = written(result);
    assert_counts(doc, 17 + 2, 1, 0);
    assert_passed(doc, "G2 deflection_rate");
    assert_ended(doc, "G2 announcement_error_s", "failure", "fail",
                 "13.5 s of 400 calls that entered the queue, predicted 3.9 s (3.7 s to 4.1 s)");
    xmlFreeDoc(doc);
    json_decref(result);
}

static void test_a_gap_that_leaves_a_stage_open(void **state)
{
    (void)state;
    json_t *result = fixture("fail_trunk");
    json_t *agent = json_array_get(json_object_get(result, "stages"), 3);
    json_object_set_new(agent, "minutes_to_decide", json_null());
    xmlDoc *doc = written(result);
    assert_counts(doc, 17, 4, 3);
    assert_ended(doc, "G1 kernel drops", "error", "inconclusive", "12 of 96311 packets");
    xmlFreeDoc(doc);
    json_decref(result);
}

static void test_an_invalid_load_judges_nothing(void **state)
{
    (void)state;
    json_t *result = fixture("stopped");
    json_t *trunk = json_array_get(json_object_get(result, "stages"), 0);
    json_object_set_new(trunk, "judgement", json_string("PASS"));
    xmlDoc *doc = written(result);
    assert_counts(doc, 17, 0, 2 + 4 + 3 + 1);
    assert_ended(doc, "G0 completed", "error", "invalid", "stopped before its end");
    assert_ended(doc, "G2 trunk", "error", "invalid", "nothing is judged");
    assert_ended(doc, "verdict", "error", "invalid", "stopped by the user");
    assert_passed(doc, "G0 lateness");
    xmlFreeDoc(doc);
    json_decref(result);
}

static void test_a_stopped_run_never_passes(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_object_set_new(result, "status", json_string("stopped"));
    xmlDoc *doc = written(result);
    assert_ended(doc, "verdict", "error", "invalid", "stopped by the user");
    xmlFreeDoc(doc);
    json_decref(result);
}

static void test_missing_parts(void **state)
{
    (void)state;
    json_t *result = fixture("minimal");
    xmlDoc *doc = written(result);
    assert_counts(doc, 3 + 3 + 1 + 1, 0, 8); /* what is not known has not passed */
    assert_ended(doc, "verdict", "error", "missing", "");
    assert_attribute(suite_of(doc), "time", "0.000");
    xmlFreeDoc(doc);
    json_decref(result);
    result = json_pack("{s:s}", "format", "peakrig result 1");
    doc = written(result);
    assert_counts(doc, 1, 0, 1);
    xmlFreeDoc(doc);
    json_decref(result);
}

static void test_hostile_texts(void **state)
{
    (void)state;
    json_t *result = fixture("fail_trunk");
    char name[200]; /* cut in the midst of a character */
    memset(name, 'x', sizeof name);
    for (size_t i = 1; i + 3 < sizeof name; i += 2)
        memcpy(name + i, "\xC3\xA9", 2);
    name[sizeof name - 1] = '\0';
    name[sizeof name - 2] = 'x';
    json_object_set_new(result, "name", json_string(name));
    json_object_set_new(json_object_get(result, "verdict"), "summary",
                        json_string("a < b & \"c\" ]]> \x01\x1B \xEF\xBF\xBF"));
    xmlDoc *doc = written(result);
    assert_ended(doc, "verdict", "failure", "fail",
                 "a < b & \"c\" ]]> \xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD");
    xmlFreeDoc(doc);
    json_decref(result);
}

static void test_other_documents_are_refused(void **state)
{
    (void)state;
    static const char old[] = "old";
    json_t *result = json_pack("{s:s}", "format", "peakrig prediction 1");
    rig_error err;
    assert_int_equal(rig_atomic_file_write(path, old, sizeof old - 1, &err), RIG_OK);
    assert_int_equal(rig_report_junit(result, path, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "peakrig prediction 1"));
    char *text;
    assert_int_equal(rig_file_read(path, &text, NULL, &err), RIG_OK);
    assert_string_equal(text, old);
    free(text);
    json_object_set_new(result, "format", json_string("peakrig result 1"));
    assert_int_equal(rig_report_junit(result, "/nonexistent/junit.xml", &err), RIG_EIO);
    json_decref(result);
}

/* What Jenkins' xUnit plugin accepts of each element (its documentation of the JUnit format, in
 * words): the attributes that may be there, those that must, and where the element may stand.
 * `skipped` is counted for a suite and not for all of them. */
static const struct {
    const char *element, *parent, *may, *must;
} accepted[] = {
    {"testsuites", "", " name time tests failures errors ", ""},
    {"testsuite", " testsuites testsuite ",
     " name tests failures errors group time skipped timestamp hostname id package file log url "
     "version ",
     " name tests failures errors "},
    {"properties", " testsuite ", " ", ""},
    {"property", " properties ", " name value ", " name value "},
    {"testcase", " testsuite ", " name assertions classname status class file line time ",
     " name "},
    {"failure", " testcase ", " type message ", ""},
    {"error", " testcase ", " type message ", ""},
    {"system-out", " testcase testsuite ", " ", ""},
};

static bool has_word(const char *list, const char *word)
{
    char spaced[80];
    (void)snprintf(spaced, sizeof spaced, " %s ", word);
    return strstr(list, spaced) != NULL;
}

static bool is_time(const char *text)
{
    const size_t n = strspn(text, "0123456789");
    return n > 0 &&
           (text[n] == '\0' ||
            (text[n] == '.' && strspn(text + n + 1, "0123456789") == strlen(text + n + 1) &&
             strlen(text + n + 1) <= 3));
}

static void check_element(const xmlNode *node)
{
    const char *name = (const char *)node->name;
    size_t row = 0, n_must = 0;
    const size_t n_rows = sizeof accepted / sizeof *accepted;
    while (row < n_rows && strcmp(accepted[row].element, name) != 0)
        row++;
    if (row == n_rows)
        fail_msg("<%s> is not accepted", name);
    const bool is_root = node->parent->type != XML_ELEMENT_NODE;
    assert_true(is_root ? accepted[row].parent[0] == '\0'
                        : has_word(accepted[row].parent, (const char *)node->parent->name));
    for (const xmlAttr *a = node->properties; a != NULL; a = a->next) {
        if (!has_word(accepted[row].may, (const char *)a->name))
            fail_msg("<%s %s=> is not accepted", name, (const char *)a->name);
        n_must += has_word(accepted[row].must, (const char *)a->name);
        if (strcmp((const char *)a->name, "time") == 0)
            assert_true(is_time((const char *)a->children->content));
    }
    size_t n_expected = 0;
    for (const char *p = accepted[row].must; *p != '\0'; p++)
        n_expected += *p == ' ' && p[1] != '\0';
    assert_int_equal(n_must, n_expected);
    for (const xmlNode *child_node = node->children; child_node != NULL;
         child_node = child_node->next) {
        if (child_node->type == XML_ELEMENT_NODE)
            check_element(child_node);
    }
}

/* Found by giving junit.xml to three readers of npm (junit2json, test-results-parser,
 * junit-to-ctrf): they take a case with <error> for a failed one, as wanted; two show the text of
 * the element and one its message, so both are there. */
static void test_readers(void **state)
{
    (void)state;
    static const char *const names[] = {"pass", "fail_trunk", "stopped", "minimal"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        json_t *result = fixture(names[i]);
        json_object_set_new(result, "inputs", json_pack("{s:[s]}", "changed", "calls.csv"));
        xmlDoc *doc = written(result);
        check_element(xmlDocGetRootElement(doc));
        xmlNode *end = child(case_of(doc, "verdict"), "failure");
        if (end == NULL)
            end = child(case_of(doc, "verdict"), "error");
        assert_int_equal(end == NULL, strcmp(names[i], "pass") == 0);
        if (end != NULL) {
            xmlChar *message = xmlGetProp(end, BAD_CAST "message"), *text = xmlNodeGetContent(end);
            assert_string_equal((const char *)message, (const char *)text);
            xmlFree(message);
            xmlFree(text);
        }
        bool is_said = false;
        for (xmlNode *p = child(suite_of(doc), "properties")->children; p != NULL; p = p->next) {
            xmlChar *value = xmlGetProp(p, BAD_CAST "value");
            is_said |= value != NULL && strcmp((const char *)value, "calls.csv") == 0;
            xmlFree(value);
        }
        assert_true(is_said);
        xmlFreeDoc(doc);
        json_decref(result);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pass),
        cmocka_unit_test(test_fail),
        cmocka_unit_test(test_carriers),
        cmocka_unit_test(test_classes),
        cmocka_unit_test(test_told),
        cmocka_unit_test(test_a_gap_that_leaves_a_stage_open),
        cmocka_unit_test(test_an_invalid_load_judges_nothing),
        cmocka_unit_test(test_a_stopped_run_never_passes),
        cmocka_unit_test(test_missing_parts),
        cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_readers),
        cmocka_unit_test(test_other_documents_are_refused),
    };
    if (argc < 2)
        return 2;
    fixtures = argv[1];
    int failed = cmocka_run_group_tests(tests, make_folder, remove_folder);
    xmlCleanupParser();
    return failed;
}
