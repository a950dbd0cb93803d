/* SPDX-License-Identifier: GPL-3.0-or-later */
/* core/child.h, core/oom_kill.h: how a child ended, and who ended it. */
#include "tests/test.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/child.h"
#include "core/oom_kill.h"

static const char PATH[] = "child-test.vmstat";

static uint64_t count_of(const char *text)
{
    FILE *out = fopen(PATH, "w");
    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
    const uint64_t n = rig_oom_kills_of(PATH);
    assert_int_equal(unlink(PATH), 0);
    return n;
}

static void test_counts_of_the_kernel(void **state)
{
    (void)state;
    assert_int_equal(count_of("pgfault 12\noom_kill 3\ndrop_slab 4\n"), 3);
    assert_int_equal(count_of("oom_kill 18446744073709551615\n"), UINT64_MAX);
    assert_int_equal(count_of("pgfault 12\noom_kill_other 3\n"), 0);
    assert_int_equal(count_of("oom_kill\nxoom_kill 3\n"), 0);
    assert_int_equal(count_of(""), 0);
    assert_int_equal(rig_oom_kills_of("no-such-file"), 0);
}

static void test_counts_between_two_marks(void **state)
{
    (void)state;
    static const struct {
        rig_oom_mark before, after;
        uint64_t n;
    } rows[] = {{{"a", 3}, {"a", 5}, 2},
                {{"a", 3}, {"a", 3}, 0},
                {{"a", 3}, {"b", 5}, 0},
                {{"", 3}, {"", 5}, 0},
                {{"a", 5}, {"a", 0}, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(rig_oom_kills_between(&rows[i].before, &rows[i].after), rows[i].n);
    rig_oom_mark now;
    rig_oom_mark_now(&now);
    assert_int_equal(strlen(now.boot), 36); /* a UUID */
}

static void test_who_killed_a_child(void **state)
{
    (void)state;
    static const struct {
        int exit_code;
        uint64_t n_kills;
        bool is_running, is_named;
    } rows[] = {{128 + SIGKILL, 1, false, true},
                {128 + SIGKILL, 0, false, false},
                {128 + SIGSEGV, 1, false, false},
                {1, 1, false, false},
                {0, 1, false, false},
                {0, 7, true, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const rig_child child = {.pid = 1,
                                 .is_running = rows[i].is_running,
                                 .exit_code = rows[i].exit_code,
                                 .oom_kills = rows[i].n_kills};
        assert_int_equal(strstr(rig_child_killer(&child), "no memory any more") != NULL,
                         rows[i].is_named);
    }
}

/* From its start to its end, not since the host's start. */
static void test_a_child_that_is_killed(void **state)
{
    (void)state;
    const char *const argv[] = {"sleep", "60", NULL};
    const rig_child_spec spec = {.argv = argv};
    rig_child child;
    const uint64_t before = rig_oom_kills();
    assert_int_equal(rig_child_start(&spec, &child, NULL), RIG_OK);
    assert_true(child.oom_kills >= before);
    rig_child_signal(&child, SIGKILL);
    assert_true(rig_child_wait(&child, 30.0));
    assert_int_equal(rig_child_signal_of(child.exit_code), SIGKILL);
    assert_true(child.oom_kills <= rig_oom_kills() - before);
    if (rig_oom_kills() == before)
        assert_string_equal(rig_child_killer(&child), "");
}

/* The count is not known at its end: fewer than at its start are no kills. */
static void test_a_count_that_is_lost(void **state)
{
    (void)state;
    const char *const argv[] = {"sleep", "60", NULL};
    const rig_child_spec spec = {.argv = argv};
    rig_child child;
    assert_int_equal(rig_child_start(&spec, &child, NULL), RIG_OK);
    child.oom_kills = UINT64_MAX / 2;
    rig_child_signal(&child, SIGKILL);
    assert_true(rig_child_wait(&child, 30.0));
    assert_string_equal(rig_child_killer(&child), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_of_the_kernel),
        cmocka_unit_test(test_counts_between_two_marks),
        cmocka_unit_test(test_who_killed_a_child),
        cmocka_unit_test(test_a_child_that_is_killed),
        cmocka_unit_test(test_a_count_that_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
