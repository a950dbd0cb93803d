/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person reads of the calls that differ, and paragraphs on a terminal. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/console.h"
#include "cli/print_calls.h"
#include "core/atomic_file.h"
#include "tests/test.h"

#define N 14

static char folder[] = "/tmp/peakrig-print-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {"capture.pcap", "rules.cfg", "out"};
    char path[128];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        (void)unlink(path);
    }
    return rmdir(folder);
}

static void make_file(const char *path)
{
    assert_int_equal(rig_atomic_file_write(path, "x", 1, NULL), RIG_OK);
}

/* What is printed; the caller frees. */
static char *printed(const rig_result *result, const rig_run_dir *run)
{
    char path[128], *text = NULL;
    snprintf(path, sizeof path, "%s/out", folder);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO), fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    assert_true(kept >= 0 && fd >= 0);
    assert_true(dup2(fd, STDOUT_FILENO) >= 0);
    rig_print_different_calls(result, run);
    fflush(stdout);
    assert_true(dup2(kept, STDOUT_FILENO) >= 0);
    close(kept);
    close(fd);
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    return text;
}

/* The first two calls end as in the replay, the third was not placed. */
static void test_ten_earliest_calls(void **state)
{
    (void)state;
    rig_call lost = {.call_id = (char *)"r1-7@127.0.0.1", .outcome = RIG_OUTCOME_LOST_TRUNK};
    rig_planned_call planned[N] = {0};
    rig_outcome fates[N];
    const rig_call *observed[N];
    for (int i = 0; i < N; i++) {
        planned[i].t_s = 100.0 * i + 0.256;
        observed[i] = i == 2 ? NULL : &lost;
        fates[i] = i < 2 ? RIG_OUTCOME_LOST_TRUNK : RIG_OUTCOME_SELF_SERVED;
    }
    rig_schedule schedule = {.calls = planned, .n = N};
    rig_join join = {.n_planned = N, .n_due = N, .observed = observed};
    rig_prediction prediction = {.fates = fates};
    const rig_result result = {.schedule = &schedule, .join = &join, .prediction = &prediction};
    rig_run_dir run;
    assert_int_equal(rig_run_dir_of(folder, &run, NULL), RIG_OK);
    char *text = printed(&result, &run);
    static const char expected[] =
        "12 of 14 planned calls ended otherwise than in one replay; the earliest:\n"
        "   call |   at (s) | in the replay | on the wire  | Call-ID\n"
        "--------+----------+---------------+--------------+----------------------------\n"
        "      2 |   200.26 | self_served   | not_placed   | none\n"
        "      3 |   300.26 | self_served   | lost_trunk   | r1-7@127.0.0.1\n";
    assert_memory_equal(text, expected, sizeof expected - 1);
    assert_non_null(strstr(text, "\n     11 |  1100.26 |"));
    assert_null(strstr(text, "\n     12 |"));
    assert_null(strstr(text, "peakrig analyze")); /* there is no capture */
    free(text);
    make_file(run.capture);
    text = printed(&result, &run);
    char hint[4096];
    snprintf(hint, sizeof hint,
             "\nmessages of a call:\n  peakrig analyze %s --ladder r1-7@127.0.0.1\n", run.capture);
    assert_non_null(strstr(text, hint));
    free(text);
    make_file(run.rules);
    text = printed(&result, &run);
    snprintf(hint, sizeof hint, " %s --rules %s --ladder ", run.capture, run.rules);
    assert_non_null(strstr(text, hint));
    free(text);
    join.n_planned = join.n_due = schedule.n = 2;
    text = printed(&result, &run);
    assert_string_equal(text, "every planned call ended as in the replay\n");
    free(text);
}

static void test_paragraphs_are_broken_at_blanks(void **state)
{
    (void)state;
    static const struct {
        unsigned width;
        const char *text, *expected;
    } rows[] = {
        {0, "one two three", "one two three\n"},
        {13, "one two three", "one two three\n"},
        {12, "one two three", "one two\n  three\n"},
        {7, "one two three four", "one two\n  three\n  four\n"},
        {8, "antidisestablishment of it", "antidisestablishment\n  of it\n"},
        {80, "", "\n"},
        {10, "  one two three", "  one two\n  three\n"},
        {20, "name      4.5 (3..6)", "name      4.5 (3..6)\n"}, /* columns stay */
        {19, "name      4.5 (3..6)", "name      4.5\n  (3..6)\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *got = NULL;
        size_t n;
        FILE *out = open_memstream(&got, &n);
        assert_non_null(out);
        rig_console_wrap(out, rows[i].text, rows[i].width);
        fclose(out);
        assert_string_equal(got, rows[i].expected);
        free(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ten_earliest_calls),
        cmocka_unit_test(test_paragraphs_are_broken_at_blanks),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
