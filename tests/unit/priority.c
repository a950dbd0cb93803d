/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The priority of the load: taken where it is allowed, inherited, given back; left alone where the
 * user has chosen one; none without the right. Each in a process of its own. */
#include "tests/test.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/priority.h"

enum { FINE = 0, WRONG = 1, NOT_ALLOWED = 2 };

/* @return what a process says in which `act` has run. */
static int in_process(int (*act)(void))
{
    int how = 0;
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        _exit(act());
    assert_int_equal(waitpid(pid, &how, 0), pid);
    assert_true(WIFEXITED(how));
    return WEXITSTATUS(how);
}

static void *note_nice(void *found)
{
    *(int *)found = rig_priority_nice();
    return NULL;
}

static int nice_of_thread(void)
{
    pthread_t thread;
    int found = 99;
    if (pthread_create(&thread, NULL, note_nice, &found) != 0 || pthread_join(thread, NULL) != 0)
        return 99;
    return found;
}

static int nice_of_child(void)
{
    int how = 0;
    const pid_t pid = fork();
    if (pid == 0)
        _exit(rig_priority_nice() + 50);
    return pid > 0 && waitpid(pid, &how, 0) == pid ? WEXITSTATUS(how) - 50 : 99;
}

static int raise_and_lower(void)
{
    if (setpriority(PRIO_PROCESS, 0, 0) != 0 || rig_priority_nice() != 0)
        return NOT_ALLOWED; /* the tests were started with a nice value */
    if (!rig_priority_raise())
        return rig_priority_nice() == 0 ? NOT_ALLOWED : WRONG;
    if (rig_priority_nice() != RIG_PRIORITY_LOAD_NICE ||
        nice_of_thread() != RIG_PRIORITY_LOAD_NICE || nice_of_child() != RIG_PRIORITY_LOAD_NICE)
        return WRONG;
    rig_priority_lower(true);
    return rig_priority_nice() == 0 && nice_of_thread() == 0 ? FINE : WRONG;
}

static void test_the_load_goes_first_and_what_it_starts(void **state)
{
    (void)state;
    const int found = in_process(raise_and_lower);
    if (found == NOT_ALLOWED)
        skip(); /* neither CAP_SYS_NICE nor RLIMIT_NICE here */
    assert_int_equal(found, FINE);
}

static int raise_niced(void)
{
    const int chosen = rig_priority_nice() + 1; /* 20 is taken for 19 */
    if (setpriority(PRIO_PROCESS, 0, chosen) != 0)
        return WRONG;
    const int before = rig_priority_nice();
    if (before == 0)
        return FINE; /* it was -1: nobody's choice any more */
    const bool was_raised = rig_priority_raise();
    rig_priority_lower(was_raised);
    return !was_raised && rig_priority_nice() == before ? FINE : WRONG;
}

static void test_a_chosen_nice_value_stays(void **state)
{
    (void)state;
    assert_int_equal(in_process(raise_niced), FINE);
}

static int raise_without_right(void)
{
    const struct rlimit none = {0, 0};
    const int before = rig_priority_nice();
    if (setrlimit(RLIMIT_NICE, &none) != 0 || (geteuid() == 0 && setuid(65534) != 0))
        return WRONG;
    const bool was_raised = rig_priority_raise();
    rig_priority_lower(was_raised);
    return !was_raised && rig_priority_nice() == before ? FINE : WRONG;
}

static void test_without_the_right_all_stays(void **state)
{
    (void)state;
    assert_int_equal(in_process(raise_without_right), FINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_load_goes_first_and_what_it_starts),
        cmocka_unit_test(test_a_chosen_nice_value_stays),
        cmocka_unit_test(test_without_the_right_all_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
