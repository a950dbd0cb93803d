/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON files and the accessors that trust nothing. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/json_file.h"
#include "reports/json/over_time.h"
#include "reports/play_json.h"
#include "reports/prediction_json.h"
#include "tests/small_scenario.h"

static char folder[] = "/tmp/peakrig-json-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    (void)snprintf(path, sizeof path, "%s/a.json", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void write_text(const char *text)
{
    assert_int_equal(rig_atomic_file_write(path, text, strlen(text), NULL), RIG_OK);
}

static void test_what_is_written_is_read(void **state)
{
    (void)state;
    json_t *out = json_pack("{s:s, s:f, s:f, s:i, s:n, s:[f,f]}", "z", "9 E1 \"\xC3\xA9\"", "share",
                            0.1, "third", 1.0 / 3.0, "count", 7824, "none", "pair", -0.5, 12.25);
    json_t *in = NULL;
    rig_error err;
    assert_int_equal(rig_json_write(out, path, &err), RIG_OK);
    char *text;
    assert_int_equal(rig_file_read(path, &text, NULL, &err), RIG_OK);
    assert_ptr_equal(strstr(text, "{\n  \"z\": "), text); /* the order is kept; indented by two */
    assert_non_null(strstr(text, "\"share\": 0.1,\n"));   /* not 0.10000000000000001 */
    assert_non_null(strstr(text, "0.333333333333,\n"));   /* 12 digits */
    assert_int_equal(text[strlen(text) - 1], '\n');
    free(text);
    assert_int_equal(rig_json_read(path, &in, &err), RIG_OK);
    assert_string_equal(rig_json_text(in, "z"), "9 E1 \"\xC3\xA9\"");
    assert_true(fabs(rig_json_number(in, "third") - 1.0 / 3.0) < 1e-12);
    assert_true(rig_json_number(in, "count") == 7824.0);
    json_decref(in);
    json_decref(out);
}

static void test_malformed_files_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *place;
    } rows[] = {
        {"", ":1:0: "},
        {"{", ":1:1: "},
        {"{\n  \"a\": 1,\n  \"b\": }\n", ":3:8: "},
        {"{\"a\": 1, \"a\": 2}", ":1:"},
        {"{\"a\": nan}", ":1:9: "},
        {"{} {}", ":1:4: "},
        {"{\"a\": \"\xFF\"}", ":1:"},
        {"\x7F\x45LF", ":1:"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *untouched = NULL;
        rig_error err;
        char expected[128];
        write_text(rows[i].text);
        assert_int_equal(rig_json_read(path, &untouched, &err), RIG_EINPUT);
        assert_int_equal(err.status, RIG_EINPUT);
        (void)snprintf(expected, sizeof expected, "%s%s", path, rows[i].place);
        if (strncmp(err.text, expected, strlen(expected)) != 0)
            fail_msg("row %zu: \"%s\" does not begin with \"%s\"", i, err.text, expected);
        assert_null(untouched);
    }
}

static void test_a_bottomless_file_is_refused(void **state)
{
    (void)state;
    char *deep = malloc(200001);
    assert_non_null(deep);
    memset(deep, '[', 200000);
    deep[200000] = '\0';
    write_text(deep);
    free(deep);
    json_t *untouched = NULL;
    assert_int_equal(rig_json_read(path, &untouched, NULL), RIG_EINPUT);
}

static void test_files_that_cannot_be_read_or_written(void **state)
{
    (void)state;
    json_t *untouched = NULL;
    rig_error err;
    assert_int_equal(rig_json_read("/nonexistent/a.json", &untouched, &err), RIG_EIO);
    assert_non_null(strstr(err.text, "/nonexistent/a.json"));
    json_t *object = json_object(), *scalar = json_integer(1);
    assert_int_equal(rig_json_write(object, "/nonexistent/a.json", &err), RIG_EIO);
    assert_int_equal(rig_json_write(object, "/dev/full/a.json", &err), RIG_EIO);
    assert_int_equal(rig_json_write(scalar, path, &err), RIG_EDOM);
    assert_int_equal(rig_json_write(NULL, path, &err), RIG_EDOM);
    json_decref(object);
    json_decref(scalar);
}

static void test_the_defects_of_a_play_are_kept(void **state)
{
    (void)state;
    rig_play_facts out = {.n_planned = 7, .n_defects = 2}, in = {.n_planned = 0};
    rig_error err;
    (void)snprintf(out.defects[0], sizeof out.defects[0], "circuits=7@1..2");
    (void)snprintf(out.defects[1], sizeof out.defects[1], "trunk_dead=carrier \"B\"");
    assert_int_equal(rig_json_play_write(&out, "", path, &err), RIG_OK);
    assert_int_equal(rig_json_play_read(path, &in, &err), RIG_OK);
    assert_int_equal(in.n_planned, 7);
    assert_int_equal(in.n_defects, 2);
    assert_string_equal(in.defects[0], out.defects[0]);
    assert_string_equal(in.defects[1], out.defects[1]);
    /* a file of before: none */
    json_t *document = NULL;
    assert_int_equal(rig_json_read(path, &document, &err), RIG_OK);
    assert_int_equal(json_object_del(document, "defects"), 0);
    assert_int_equal(rig_json_write(document, path, &err), RIG_OK);
    assert_int_equal(rig_json_play_read(path, &in, &err), RIG_OK);
    assert_int_equal(in.n_defects, 0);
    json_decref(document);
}

static void test_format(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message; /* "" = accepted */
    } rows[] = {
        {"{\"format\": \"peakrig result 1\"}", ""},
        {"{\"format\": \"peakrig result 2\"}",
         "\"peakrig result 2\"; expected \"peakrig result 1\""},
        {"{\"format\": 1}", "format: a whole number; expected"},
        {"{}", "missing"},
        {"[]", "is a list; expected a JSON object"},
        {"7", "is a whole number; expected a JSON object"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *document = NULL;
        rig_error err = {.text = ""};
        write_text(rows[i].text);
        assert_int_equal(rig_json_read(path, &document, &err), RIG_OK);
        rig_status status = rig_json_expect_format(document, path, "peakrig result 1", &err);
        assert_int_equal(status, rows[i].message[0] == '\0' ? RIG_OK : RIG_EINPUT);
        assert_non_null(strstr(err.text, rows[i].message));
        json_decref(document);
    }
    assert_int_equal(rig_json_expect_format(NULL, path, "peakrig result 1", NULL), RIG_EINPUT);
}

static void test_accessors_take_anything(void **state)
{
    (void)state;
    json_t *object =
        json_pack("{s:n, s:s, s:i, s:f, s:b, s:[i,s,n], s:{s:i}}", "null", "text", "word", "whole",
                  4, "real", 0.5, "yes", 1, "list", 1, "a", "object", "x", 1);
    static const char *const keys[] = {"null", "text", "whole",  "real",
                                       "yes",  "list", "object", "missing"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *key = keys[i];
        assert_string_equal(rig_json_text(object, key), strcmp(key, "text") == 0 ? "word" : "");
        bool is_number = strcmp(key, "whole") == 0 || strcmp(key, "real") == 0;
        assert_int_equal(isnan(rig_json_number(object, key)) == 0, is_number);
        assert_int_equal(rig_json_is_true(object, key), strcmp(key, "yes") == 0);
        assert_int_equal(rig_json_list(object, key) != NULL, strcmp(key, "list") == 0);
        assert_int_equal(rig_json_object(object, key) != NULL, strcmp(key, "object") == 0);
    }
    assert_true(rig_json_number(object, "whole") == 4.0);
    int64_t whole = -1;
    assert_false(rig_json_integer(object, "real", &whole));
    assert_false(rig_json_integer(object, "missing", &whole));
    assert_false(rig_json_integer(NULL, "whole", &whole));
    assert_int_equal(whole, -1);
    assert_true(rig_json_integer(object, "whole", &whole));
    assert_int_equal(whole, 4);
    const json_t *list = rig_json_list(object, "list");
    assert_true(rig_json_number_at(list, 0) == 1.0);
    for (size_t i = 1; i < 5; i++)
        assert_true(isnan(rig_json_number_at(list, i)));
    assert_true(isnan(rig_json_number_at(NULL, 0)));
    assert_true(isnan(rig_json_number(NULL, "a")));
    assert_true(isnan(rig_json_number(list, "a"))); /* a list has no members */
    assert_string_equal(rig_json_text(NULL, "a"), "");
    assert_false(rig_json_is_true(NULL, "a"));
    assert_null(rig_json_list(NULL, "a"));
    assert_null(rig_json_object(NULL, "a"));
    json_decref(object);
}

/* The figure of a name in a list of figures. */
static const json_t *figure(const json_t *list, const char *name)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (strcmp(rig_json_text(json_array_get(list, i), "name"), name) == 0)
            return json_array_get(list, i);
    }
    fail_msg("no figure \"%s\"", name);
    return NULL;
}

/* Each figure and series under its name, with the numbers of the prediction; groups, too. */
static void test_prediction(void **state)
{
    (void)state;
    small_scenario room;
    rig_scenario *s = small_scenario_make(&room);
    const rig_predict_options how = {.n_replications = 5, .n_threads = 1};
    rig_prediction *p = NULL;
    json_t *document = NULL;
    room.trunks[0].name = (char *)"carrier";
    room.agents[0].name = (char *)"order line";
    assert_int_equal(rig_predict(s, &how, &p, NULL), RIG_OK);
    assert_int_equal(rig_json_of_prediction(p, s, "ab", &document), RIG_OK);
    const json_t *metrics = rig_json_list(document, "metrics");
    assert_int_equal(json_array_size(metrics), RIG_N_METRICS);
    for (int m = 0; m < RIG_N_METRICS; m++) {
        const json_t *one = figure(metrics, rig_metric_describe((rig_metric)m)->name);
        assert_ptr_equal(one, json_array_get(metrics, (size_t)m)); /* no name twice */
        double mean = rig_json_number(one, "mean");
        assert_true(mean == p->metrics[m].mean || (isnan(mean) && p->metrics[m].n == 0));
    }
    const json_t *trunk = json_array_get(rig_json_list(document, "trunks"), 0);
    assert_string_equal(rig_json_text(trunk, "name"), "carrier");
    assert_true(rig_json_number(trunk, "circuits") == 10.0);
    const json_t *one = figure(rig_json_list(trunk, "metrics"), "mean_circuits");
    assert_true(rig_json_number(one, "mean") == p->trunks[RIG_TRUNK_MEAN_CIRCUITS].mean);
    const json_t *agents = json_array_get(rig_json_list(document, "agents"), 0);
    assert_string_equal(rig_json_text(agents, "name"), "order line");
    for (int m = 0; m < RIG_N_GROUP_METRICS; m++) {
        const char *name = rig_group_metric_describe((rig_group_metric)m)->name;
        one = figure(rig_json_list(agents, "metrics"), name);
        assert_true(rig_json_number_at(rig_json_list(one, "prediction_95_of_one_run"), 1) ==
                    p->groups[m].high);
    }
    const json_t *series = rig_json_object(rig_json_object(document, "intervals"), "series");
    assert_int_equal(json_object_size(series), RIG_N_SERIES);
    for (int k = 0; k < RIG_N_SERIES; k++) {
        const json_t *of = rig_json_object(series, rig_series_name((rig_series)k));
        double mean = rig_prediction_band(p, (rig_series)k, 3).mean;
        double written = rig_json_number_at(rig_json_list(of, "mean"), 3);
        assert_true(written == mean || (isnan(written) && isnan(mean)));
    }
    json_decref(document);
    rig_prediction_free(p);
}

/* Three intervals a bin, the last bin of two. */
static void test_over_time(void **state)
{
    (void)state;
    double mean[] = {6.0, 0.0}, half[] = {60.0, 25.0};
    rig_interval seen[5] = {{0}};
    rig_observed observed = {.intervals = seen, .n_intervals = 5};
    rig_prediction prediction = {.interval_s = 10.0, .n_intervals = 5};
    prediction.envelopes[RIG_STAGE_QUEUE] =
        (rig_envelope){.n_bins = 2, .n_together = 3, .n_levels = 1, .mean = mean, .half = half};
    for (int i = 0; i < 5; i++) {
        seen[i].n_offered = 20.0;
        seen[i].n_lost[RIG_STAGE_QUEUE] = i < 3 ? i + 1.0 : 15.0;
        seen[i].n_lost[RIG_STAGE_AGENT] = 99.0;
    }
    const rig_stage_verdict stage = {
        .stage = RIG_STAGE_QUEUE,
        .over_time = rig_over_time_compare(&prediction, seen, RIG_STAGE_QUEUE, 0.1, 0)};
    const rig_result result = {.prediction = &prediction, .observed = &observed};
    rig_json_builder b;
    json_t *document = NULL;
    rig_json_begin(&b);
    rig_json_add_over_time(&b, &result, &stage);
    assert_int_equal(rig_json_end(&b, &document), RIG_OK);
    const json_t *json = json_object_get(document, "over_time");
    json_t *expected = json_loads(
        "{\"bin_s\": 30.0, \"mean\": [6.0, 0.0], \"low\": [0.0, 0.0], \"high\": [66.0, 25.0],"
        " \"observed\": [6.0, 30.0], \"left_bins\": 1, \"beyond_margin_bins\": 1, \"left\": ["
        "{\"from_s\": 30.0, \"to_s\": 50.0, \"observed\": 30.0, \"predicted\": 0.0, \"low\": 0.0,"
        " \"high\": 25.0, \"beyond_margin\": true}], \"finding\": \"open\", \"worst\": {"
        "\"from_s\": 30.0, \"to_s\": 50.0, \"observed\": 30.0, \"predicted\": 0.0, \"low\": 0.0,"
        " \"high\": 25.0, \"beyond_margin\": true}}",
        0, NULL);
    assert_non_null(expected);
    if (!json_equal(json, expected))
        fail_msg("%s", json_dumps(json, JSON_COMPACT));
    json_decref(expected);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_written_is_read),
        cmocka_unit_test(test_malformed_files_are_named_with_their_place),
        cmocka_unit_test(test_a_bottomless_file_is_refused),
        cmocka_unit_test(test_files_that_cannot_be_read_or_written),
        cmocka_unit_test(test_the_defects_of_a_play_are_kept),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_accessors_take_anything),
        cmocka_unit_test(test_prediction),
        cmocka_unit_test(test_over_time),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
