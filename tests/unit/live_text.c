/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wallboard as JSON, as Prometheus reads it, and as lines for a terminal. */
#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/test.h"

#include "live/board_json.h"
#include "live/board_metrics.h"
#include "live/board_screen.h"
#include "tests/live_run.h"

static rig_board_view view;

/* A run in its middle; what is on the wire is hostile. */
static void make(live_run *run)
{
    live_run_start(run);
    live_run_predict(run);
    for (uint64_t i = 0; i < 30; i++)
        live_run_refuse(run, (double)i, i, "503 \033[2J\"</script>\xff\u202e\n");
    live_run_publish(run, RIG_BOARD_PLACING, 25.0);
    rig_board_read(run->board, &view);
}

static void test_json(void **state)
{
    (void)state;
    live_run run;
    char *text = NULL;
    json_error_t error;
    make(&run);
    assert_int_equal(rig_board_json(&view, &text), RIG_OK);
    for (const char *at = text; *at != '\0'; at++)
        assert_true(*at >= ' ' && *at < 0x7f);
    json_t *d = json_loads(text, 0, &error);
    assert_non_null(d);
    assert_string_equal(json_string_value(json_object_get(d, "phase")), "placing");
    assert_int_equal(json_array_size(json_object_get(d, "stages")), RIG_N_STAGES);
    assert_int_equal(json_array_size(json_object_get(d, "intervals")), 6);
    assert_int_equal(json_array_size(json_object_get(d, "lost")), RIG_BOARD_SHOWN_LOST);
    const json_t *calls = json_object_get(d, "calls");
    assert_int_equal(json_integer_value(json_object_get(calls, "offered")), 30);
    const json_t *level = json_array_get(json_object_get(d, "levels"), 1);
    assert_true(json_is_null(json_object_get(level, "value")));
    assert_string_equal(json_string_value(json_object_get(level, "unit")), "s");
    level = json_array_get(json_object_get(d, "levels"), 0);
    assert_string_equal(json_string_value(json_object_get(level, "unit")), "1");
    assert_true(json_is_null(json_object_get(d, "end")));
    json_decref(d);
    free(text);
    rig_board_free(run.board);
}

static void test_json_of_a_board_that_knows_nothing(void **state)
{
    (void)state;
    live_run run;
    char *text = NULL;
    live_run_make(&run);
    rig_board_read(run.board, &view);
    assert_int_equal(rig_board_json(&view, &text), RIG_OK);
    json_t *d = json_loads(text, 0, NULL);
    assert_non_null(d);
    assert_true(json_is_null(json_object_get(d, "left_wire_s")));
    const json_t *stage = json_array_get(json_object_get(d, "stages"), 0);
    assert_true(json_is_null(json_object_get(stage, "loss")));
    json_decref(d);
    free(text);
    rig_board_free(run.board);
}

/* ---- Prometheus ---- */

enum { MAX_LINES = 400 };

static bool is_name(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!islower((unsigned char)name[i]) && name[i] != '_')
            return false;
    }
    return n > 8 && strncmp(name, "peakrig_", 8) == 0;
}

/* One line of a family that HELP and TYPE have opened: NAME or NAME{..}, and a number. */
static void check_sample(const char *line, const char *family, bool is_counter)
{
    char *end = NULL;
    const char *value = strrchr(line, ' ');
    const size_t n = strcspn(line, "{ ");
    assert_true(is_name(line, n));
    assert_int_equal(n, strlen(family));
    assert_memory_equal(line, family, n);
    const bool is_total = n > 6 && strncmp(line + n - 6, "_total", 6) == 0;
    assert_int_equal(is_total, is_counter);
    assert_non_null(value);
    (void)strtod(value + 1, &end);
    assert_true(end > value + 1 && *end == '\0');
    if (line[n] == '{')
        assert_true(value[-1] == '}' && value[-2] == '"');
}

/* https://prometheus.io/docs/instrumenting/exposition_formats/ */
static size_t check_exposition(char *text)
{
    char *lines[MAX_LINES], *family = NULL;
    const char *families[MAX_LINES];
    size_t n = 0, n_families = 0;
    bool is_counter = false;
    assert_true(text[strlen(text) - 1] == '\n');
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        if (strncmp(line, "# HELP ", 7) == 0) {
            family = line + 7;
            char *help = strchr(family, ' ');
            assert_true(help != NULL && strlen(help) > 10 && help[strlen(help) - 1] == '.');
            *help = '\0';
            for (size_t i = 0; i < n_families; i++)
                assert_string_not_equal(families[i], family);
            families[n_families++] = family;
        } else if (strncmp(line, "# TYPE ", 7) == 0) {
            assert_non_null(family);
            assert_int_equal(strncmp(line + 7, family, strlen(family)), 0);
            const char *type = line + 7 + strlen(family);
            is_counter = strcmp(type, " counter") == 0;
            assert_true(is_counter || strcmp(type, " gauge") == 0);
        } else {
            assert_non_null(family);
            check_sample(line, family, is_counter);
            *strrchr(line, ' ') = '\0';
            for (size_t i = 0; i < n; i++)
                assert_string_not_equal(lines[i], line);
            assert_true(n < MAX_LINES);
            lines[n++] = line;
        }
    }
    return n;
}

static void test_metrics(void **state)
{
    (void)state;
    live_run run;
    char *text = NULL;
    make(&run);
    assert_int_equal(rig_board_metrics(&view, &text), RIG_OK);
    assert_non_null(strstr(text, "\npeakrig_calls_ended{outcome=\"lost_trunk\"} 30\n"));
    assert_non_null(strstr(text, "\npeakrig_packets_dropped_total 1\n"));
    assert_non_null(strstr(text, "\npeakrig_run_phase{phase=\"placing\"} 1\n"));
    assert_non_null(strstr(text, "\npeakrig_stage_compared_lost_calls{stage=\"trunk\"} 20\n"));
    assert_non_null(strstr(text, "\npeakrig_fault_active{index=\"0\",fault=\"ivr\"} 1\n"));
    assert_null(strstr(text, " nan"));
    assert_true(check_exposition(text) > 50);
    free(text);
    rig_board_finish(run.board, &(rig_board_end){.has_judgement = true,
                                                 .judgement = RIG_JUDGEMENT_PASS,
                                                 .verdict = "\"ok\"\n"});
    rig_board_read(run.board, &view);
    assert_int_equal(rig_board_metrics(&view, &text), RIG_OK);
    assert_non_null(strstr(text, "\npeakrig_run_judgement{judgement=\"PASS\"} 1\n"));
    (void)check_exposition(text);
    free(text);
    rig_board_free(run.board);
}

static void test_blind(void **state)
{
    (void)state;
    static char screen[RIG_BOARD_SCREEN_SIZE];
    live_run run;
    char *text = NULL;
    make(&run);
    view.is_blind = true;
    assert_int_equal(rig_board_metrics(&view, &text), RIG_OK);
    assert_null(strstr(text, "lost"));
    assert_non_null(strstr(text, "\npeakrig_calls_due_total 25\n"));
    (void)check_exposition(text);
    free(text);
    assert_int_equal(rig_board_screen(&view, &(rig_board_terminal){80, 24, false, NULL}, screen),
                     3);
    assert_non_null(strstr(screen, "\ncalls    25 of 60 due\nanother program captures"));
    rig_board_free(run.board);
}

static void test_labels_are_escaped(void **state)
{
    (void)state;
    live_run run;
    char *text = NULL;
    make(&run);
    (void)snprintf(view.name, sizeof view.name, "a\"b\\c\nd");
    assert_int_equal(rig_board_metrics(&view, &text), RIG_OK);
    assert_non_null(strstr(text, "{scenario=\"a\\\"b\\\\c\\nd\","));
    free(text);
    rig_board_free(run.board);
}

static void test_metrics_of_a_board_that_knows_nothing(void **state)
{
    (void)state;
    live_run run;
    char *text = NULL;
    live_run_make(&run);
    rig_board_read(run.board, &view);
    assert_int_equal(rig_board_metrics(&view, &text), RIG_OK);
    assert_null(strstr(text, "figure_ratio"));
    (void)check_exposition(text);
    free(text);
    rig_board_free(run.board);
}

/* ---- terminal ---- */

static size_t columns(const char *line, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += (line[i] & 0xc0) != 0x80;
    return count;
}

static unsigned check_lines(const char *text, unsigned width, bool is_utf8)
{
    unsigned n = 0;
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1, n++) {
        assert_true(columns(text, (size_t)(end - text)) < width);
        for (const char *at = text; at < end; at++) {
            assert_true((unsigned char)*at >= ' ' && *at != 0x7f);
            assert_true(is_utf8 || (unsigned char)*at < 0x80);
        }
    }
    assert_string_equal(text, "");
    return n;
}

static void test_screen_fits(void **state)
{
    (void)state;
    static char text[RIG_BOARD_SCREEN_SIZE];
    live_run run;
    make(&run);
    for (size_t i = 0; i < RIG_BOARD_MAX_LOST; i++) /* ASCII alone where the terminal is */
        (void)snprintf(view.lost[i].reason, sizeof view.lost[i].reason, "503 \033[2J");
    for (unsigned width = 1; width < 300; width++) {
        for (unsigned height = 0; height < 30; height++) {
            const rig_board_terminal terminal = {width, height, width % 2 == 0, NULL};
            const unsigned n = rig_board_screen(&view, &terminal, text);
            assert_int_equal(check_lines(text, width, terminal.is_utf8), n);
            assert_true(n == 0 || n < height);
            assert_int_equal(n > 0, width >= RIG_BOARD_SCREEN_LEAST_WIDTH && height >= 2);
        }
    }
    rig_board_free(run.board);
}

static void test_screen_says_what_matters_at_60_columns(void **state)
{
    (void)state;
    static char text[RIG_BOARD_SCREEN_SIZE];
    static const rig_board_terminal terminal = {60, 24, false, NULL};
    live_run run;
    make(&run);
    (void)rig_board_screen(&view, &terminal, text);
    assert_non_null(strstr(text, "placing: 25 of 60 s, 0:35 left"));
    assert_non_null(strstr(text, "stage  entered    lost    loss    by 20 s  predicted\n"));
    assert_non_null(strstr(text, "trunk       30      30 100.00%      20   0..4 +-5 MORE\n"));
    assert_non_null(strstr(text, "level    connect_rate 0.00% (at least 90%)\n"));
    assert_non_null(strstr(text, "level    wait_p95_s at the end (at most 10 s)\n"));
    assert_non_null(strstr(text, "fault    ivr, until 30 s\n"));
    assert_non_null(strstr(text, "lost     29.0 s lost_trunk: 503 \\u001b[2J\"</script>"));
    rig_board_free(run.board);
}

/* How many columns a line takes up to the end of what is looked for in it. */
static size_t columns_to(const char *text, const char *line, const char *what)
{
    char begin[200] = "";
    const char *from = strstr(text, line);
    assert_non_null(from);
    const char *to = strstr(from, what);
    assert_non_null(to);
    (void)snprintf(begin, sizeof begin, "%.*s", (int)(to + strlen(what) - from), from);
    assert_null(strchr(begin, '\n'));
    return rig_columns(begin);
}

/* In Chinese at every width: no line is too wide, all is told, and the columns are in line. */
static void test_screen_in_chinese(void **state)
{
    (void)state;
    static char text[RIG_BOARD_SCREEN_SIZE];
    live_run run;
    make(&run);
    const rig_language *chinese = rig_language_find("zh");
    for (unsigned width = RIG_BOARD_SCREEN_LEAST_WIDTH; width < 200; width++) {
        const rig_board_terminal terminal = {width, 24, true, chinese};
        (void)rig_board_screen(&view, &terminal, text);
        for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
            assert_in_range(rig_columns(line), 1, width - 1);
    }
    const rig_board_terminal terminal = {80, 24, true, chinese};
    (void)rig_board_screen(&view, &terminal, text);
    assert_non_null(strstr(text, "正在发起：25 / 60 s，还剩 0:35"));
    assert_non_null(strstr(text, "\n呼叫     应发起 "));
    assert_non_null(strstr(text, "0..4 +-5 偏多\n"));
    assert_non_null(strstr(text, "指标     connect_rate 0.00%（至少 90%）\n"));
    assert_non_null(strstr(text, "指标     wait_p95_s 结束时可知（至多 10 s）\n"));
    assert_non_null(strstr(text, "故障     IVR，至 30 s\n"));
    static const char *const english[] = {"calls", "now",   "expected", "lost ",
                                          "level", "least", "MORE"};
    for (size_t i = 0; i < sizeof english / sizeof *english; i++)
        assert_null(strstr(text, english[i]));
    const size_t head = columns_to(text, "环节", "呼损率");
    assert_int_equal(columns_to(text, "中继 ", "100.00%"), head);
    assert_int_equal(columns_to(text, "IVR ", "       -"), head);
    /* where the terminal shows ASCII alone it is English */
    const rig_board_terminal ascii = {80, 24, false, chinese};
    (void)rig_board_screen(&view, &ascii, text);
    assert_non_null(strstr(text, "\ncalls "));
    assert_null(strstr(text, "呼叫"));
    rig_board_free(run.board);
}

static void test_wide_letters_take_two_columns(void **state)
{
    (void)state;
    static char text[RIG_BOARD_SCREEN_SIZE];
    static const rig_board_terminal terminal = {41, 2, true, NULL};
    live_run run;
    make(&run);
    for (size_t i = 0; i < 40; i++)
        memcpy(view.name + 3 * i, "\xe5\x91\xbc", 4);
    assert_int_equal(rig_board_screen(&view, &terminal, text), 1);
    const char *at = strstr(text, "\xe5\x91\xbc");
    assert_non_null(at);
    const size_t n_wide = strcspn(at, "\n") / 3, before = (size_t)(at - text);
    assert_true(before + 2 * n_wide <= 40 && before + 2 * n_wide >= 39);
    rig_board_free(run.board);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_of_a_board_that_knows_nothing),
        cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_blind),
        cmocka_unit_test(test_labels_are_escaped),
        cmocka_unit_test(test_metrics_of_a_board_that_knows_nothing),
        cmocka_unit_test(test_screen_fits),
        cmocka_unit_test(test_screen_in_chinese),
        cmocka_unit_test(test_screen_says_what_matters_at_60_columns),
        cmocka_unit_test(test_wide_letters_take_two_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
