/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pictures of the report. Argument: the folder tests/fixtures/results. Needs gnuplot. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "reports/html.h"
#include "reports/plots/plots.h"
#include "tests/unit/reports_run.h"

static void test_pictures(void **state)
{
    (void)state;
    char *page = report_of("pass");
    for (int p = 0; p < RIG_N_PLOTS; p++) {
        for (int layout = 0; layout < RIG_N_SVG_LAYOUTS; layout++) {
            char *path = rig_plot_svg_path(run_dir, (rig_plot)p, (rig_layout)layout);
            assert_non_null(path);
            assert_int_equal(access(path, R_OK), 0);
            free(path);
            char id[64];
            (void)snprintf(id, sizeof id, "<g id=\"%s-%s-gnuplot_canvas\">",
                           rig_plot_name((rig_plot)p), rig_layout_name((rig_layout)layout));
            assert_has(page, id);
        }
    }
    assert_has(page, "<svg viewBox=\"0 0 1000 ");
    assert_has(page, "<svg viewBox=\"0 0 400 ");
    assert_has(page, "fill=\"var(--cffffff,#ffffff)\"");
    /* each axis has its name and unit */
    assert_has(page, "lost (% of the calls that entered)");
    assert_has(page, "calls per 10 s<");
    assert_has(page, "time (s, scenario)");
    assert_has(page, "circuits in use (mean of 10 s)");
    assert_has(page, "270 circuits in the scenario");
    assert_has(page, "INVITE minus plan (ms, wire time)");
    assert_has(page, "calls per bin of 0.1 ms");
    assert_has(page, "calls placed per 10 s");
    free(page);
}

/* Each stage's bins as steps, and those outside by where they are. */
static void test_bins_outside_the_band_are_marked(void **state)
{
    (void)state;
    char *page = report_of("fail_trunk");
    assert_has(page, "lost calls per 20 s<");
    assert_has(page, "arrival of the call (s, scenario)");
    assert_has(page, "trunk: 4 of 30 bins outside");
    assert_has(page, "ivr: 1 of 30 bins outside");
    assert_has(page, "agent: 0 of 30 bins outside");
    assert_has(page, "predicted mean");
    assert_has(page, "outside by more than the margin");
    char *data = text_of("plots/stages.dat"), *script = text_of("plots/stages.gp");
    /* middle of the bin, then above, far above, below, far below */
    assert_has(data, "\n110 NaN ");
    assert_has(data, "\n410 NaN NaN NaN ");
    assert_lacks(data, "\n130 NaN ");
    assert_has(data, "\n130 ");
    assert_has(data, "\n510 NaN NaN ");
    assert_lacks(data, "\n510 NaN NaN NaN ");
    /* of the trunk all four kinds, of the ivr one, of the others none */
    assert_has(script, "index 1 using 1:2 with points");
    assert_has(script, "index 1 using 1:5 with points");
    assert_has(script, "index 3 using 1:2 with points");
    assert_lacks(script, "index 3 using 1:3 with points");
    assert_lacks(script, "index 5 using 1:2 with points");
    assert_lacks(script, "index 7");
    free(data);
    free(script);
    free(page);
}

/* Lists of other lengths, none, no length of a bin: that stage has no picture, the others have. */
static void test_odd_bins_make_pictures_or_none(void **state)
{
    (void)state;
    static const char *const bins[] = {
        "{}",
        "null",
        "{\"bin_s\": 0, \"mean\": [1], \"low\": [0], \"high\": [2], \"observed\": [1]}",
        "{\"bin_s\": 20, \"mean\": [1, 2], \"low\": [0], \"high\": [2], \"observed\": [1]}",
        "{\"bin_s\": 20, \"mean\": [null], \"low\": [null], \"high\": [null], \"observed\": "
        "[null]}",
        "{\"bin_s\": 20, \"mean\": [1], \"low\": [0], \"high\": [2], \"observed\": [7], \"left\": "
        "3}",
    };
    for (size_t i = 0; i < sizeof bins / sizeof *bins; i++) {
        json_t *result = fixture("pass");
        json_object_set_new(json_array_get(json_object_get(result, "stages"), 1), "over_time",
                            json_loads(bins[i], JSON_DECODE_ANY, NULL));
        char *page = report(result);
        assert_has(page, "id=\"stages-wide-gnuplot_canvas\"");
        assert_has(page, "trunk: 0 of 30 bins outside");
        assert_has(page, i < 4    ? "not available"
                         : i == 4 ? "ivr: 0 of 1 bins"
                                  : "ivr: 1 of 1 bins");
        free(page);
        json_decref(result);
    }
}

/* Planned and placed calls are drawn over each other, from the numbers of the document. */
static void test_arrivals_are_overlaid(void **state)
{
    (void)state;
    json_t *result = fixture("pass");
    json_object_set_new(
        json_object_get(result, "load"), "arrivals",
        json_loads("{\"length_s\": 2.5, \"planned\": [7, 9], \"actual\": [6, 10]}", 0, NULL));
    char *page = report(result);
    char *data = text_of("plots/arrivals.dat"), *script = text_of("plots/arrivals.gp");
    assert_has(data, "\n0 7 6\n2.5 9 10\n5 9 10\n");
    assert_has(script, "plot 'arrivals.dat' using 1:2 ");
    assert_has(script, "     '' using 1:3 with steps");
    assert_has(page, ">planned<");
    assert_has(page, ">on the wire<");
    free(data);
    free(script);
    free(page);
    json_decref(result);
}

static void test_pictures_of_an_earlier_result_go(void **state)
{
    (void)state;
    free(report_of("pass"));
    assert_true(exists("plots/funnel-wide.svg"));
    char *page = report_of("minimal");
    assert_lacks(page, "gnuplot_canvas");
    assert_false(exists("plots/funnel-wide.svg"));
    assert_false(exists("plots/funnel.gp"));
    assert_false(exists("plots/calls.dat"));
    free(page);
}

/* A text of the document must not reach gnuplot, which has commands that run programs. */
static void test_scripts_hold_no_text_of_the_document(void **state)
{
    (void)state;
    static const char hostile[] = "`touch pwned`";
    json_t *result = fixture("pass");
    json_object_set_new(result, "name", json_string(hostile));
    json_object_set_new(json_array_get(json_object_get(result, "stages"), 1), "stage",
                        json_string(hostile));
    json_object_set_new(json_object_get(result, "intervals"), "length_s", json_string(hostile));
    char *page = report(result);
    char *script = text_of("plots/funnel.gp");
    assert_null(strstr(script, "touch"));
    assert_has(page, "picture not available"); /* over time: no length of the intervals */
    assert_false(exists("plots/pwned"));
    free(script);
    free(page);
    json_decref(result);
}

static void test_odd_figures_make_pictures_or_none(void **state)
{
    (void)state;
    static const char *const series[] = {
        "{\"observed\": [1, null, 3], \"mean\": [1, 2], \"low\": [], \"high\": [null, null, null]}",
        "{\"observed\": [0, 0, 0], \"mean\": [0, 0, 0], \"low\": [0, 0, 0], \"high\": [0, 0, 0]}",
        "{\"observed\": [1e300, -5]}",
        "{\"mean\": [5]}",
        "{\"observed\": [null]}",
        "{}",
    };
    for (size_t i = 0; i < sizeof series / sizeof *series; i++) {
        json_t *result = fixture("pass");
        json_t *all = json_object_get(json_object_get(result, "intervals"), "series");
        json_object_set_new(all, "circuits", json_loads(series[i], 0, NULL));
        json_object_set_new(all, "served", json_loads(series[i], 0, NULL));
        json_object_set_new(json_object_get(result, "trunk"), "circuits", json_null());
        json_t *stage = json_array_get(json_object_get(result, "stages"), 0);
        json_object_set_new(stage, i % 2 == 0 ? "p_observed" : "predicted_high", json_null());
        char *page = report(result); /* gnuplot must not fail */
        assert_has(page, "id=\"calls-wide-gnuplot_canvas\"");
        free(page);
        json_decref(result);
    }
}

static void test_without_gnuplot_the_report_is_there(void **state)
{
    (void)state;
    const char *path = getenv("PATH");
    char *kept = strdup(path != NULL ? path : "");
    json_t *result = fixture("pass");
    rig_error err;
    assert_int_equal(setenv("PATH", run_dir, 1), 0);
    rig_status status = rig_report_html(result, run_dir, NULL, rig_language_english(), &err);
    assert_int_equal(setenv("PATH", kept, 1), 0);
    assert_int_equal(status, RIG_EENV);
    assert_string_equal(err.text, "gnuplot: not found in PATH; install gnuplot-nox (ci/setup)");
    char *page = text_of("report.html");
    assert_has(page, "picture not available: gnuplot: not found in PATH");
    assert_has(page, "<section id=\"inputs\">");
    assert_lacks(page, "gnuplot_canvas");   /* none of an earlier run */
    assert_true(exists("plots/funnel.gp")); /* to run elsewhere */
    free(page);
    free(kept);
    json_decref(result);
}

static void test_a_gnuplot_that_fails_is_reported(void **state)
{
    (void)state;
    char program[128];
    const char *path = getenv("PATH");
    char *kept = strdup(path != NULL ? path : "");
    static const char broken[] = "#!/bin/sh\necho \"no terminal: $2\" >&2\nexit 3\n";
    json_t *result = fixture("pass");
    rig_error err;
    (void)snprintf(program, sizeof program, "%s/gnuplot", run_dir);
    assert_int_equal(rig_atomic_file_write(program, broken, sizeof broken - 1, &err), RIG_OK);
    assert_int_equal(chmod(program, 0755), 0);
    assert_int_equal(setenv("PATH", run_dir, 1), 0);
    rig_status status = rig_report_html(result, run_dir, NULL, rig_language_english(), &err);
    assert_int_equal(setenv("PATH", kept, 1), 0);
    assert_int_equal(unlink(program), 0);
    assert_int_equal(status, RIG_EENV);
    assert_non_null(strstr(err.text, "failed (exit code 3); see "));
    char *log = text_of("plots/funnel.gp.log");
    assert_string_equal(log, "no terminal: funnel.gp\n");
    free(log);
    free(kept);
    json_decref(result);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_bins_outside_the_band_are_marked),
        cmocka_unit_test(test_odd_bins_make_pictures_or_none),
        cmocka_unit_test(test_arrivals_are_overlaid),
        cmocka_unit_test(test_pictures_of_an_earlier_result_go),
        cmocka_unit_test(test_scripts_hold_no_text_of_the_document),
        cmocka_unit_test(test_odd_figures_make_pictures_or_none),
        cmocka_unit_test(test_without_gnuplot_the_report_is_there),
        cmocka_unit_test(test_a_gnuplot_that_fails_is_reported),
    };
    if (argc < 2)
        return 2;
    return RUN_REPORT_TESTS(tests, argv[1]);
}
