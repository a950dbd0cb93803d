/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ranks decide without talking to each other: who simulates which replications, with how many
 * threads, whether there are others, and how one ended. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "ranks/dealing.h"
#include "ranks/environment.h"
#include "ranks/guard.h"
#include "ranks/threads.h"
#include "tests/test.h"

/* Ranks that take a chunk whenever they may, and finish theirs in turn. @return chunks dealt. */
static uint32_t deal_all(uint32_t n, const uint32_t *n_threads, uint32_t n_ranks, uint32_t most)
{
    rig_rank_deal d = {.n = n, .most = most};
    uint32_t n_at_hand[8] = {0}, n_chunks = 0, expected = 0, first = 0;
    for (uint32_t rank = 0; rank < n_ranks; rank++)
        d.n_threads += n_threads[rank];
    while (d.next < n) {
        for (uint32_t rank = 0; rank < n_ranks; rank++) {
            const uint32_t n_left = n - d.next;
            const uint32_t got = rig_rank_deal_next(&d, n_threads[rank], n_at_hand[rank], &first);
            if (got == 0)
                continue;
            assert_int_equal(first, expected); /* in order, none twice, none left out */
            assert_true(got <= most && got <= n_left);
            assert_true(n_at_hand[rank] < (n_left > d.n_threads ? 2u : 1u));
            expected += got;
            n_at_hand[rank]++;
            n_chunks++;
        }
        for (uint32_t rank = 0; rank < n_ranks; rank++)
            n_at_hand[rank] -= n_at_hand[rank] > 0;
    }
    assert_int_equal(expected, n);
    return n_chunks;
}

static void test_every_replication_is_dealt_once(void **state)
{
    (void)state;
    const uint32_t even[] = {1, 1, 1, 1}, uneven[] = {8, 1, 3};
    const uint32_t sizes[] = {1, 2, 3, 7, 20, 999, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (uint32_t n_ranks = 1; n_ranks <= 4; n_ranks++)
            (void)deal_all(sizes[i], even, n_ranks, RIG_MOST_OF_CHUNK);
        (void)deal_all(sizes[i], uneven, 3, RIG_MOST_OF_CHUNK);
        assert_int_equal(deal_all(sizes[i], uneven, 3, 1), sizes[i]);
    }
    assert_true(deal_all(100000, even, 2, RIG_MOST_OF_CHUNK) < 100); /* few messages */
}

/* More ranks than replications: none gets two while another has none. */
static void test_few_replications_go_round(void **state)
{
    (void)state;
    rig_rank_deal d = {.n = 5, .n_threads = 8, .most = RIG_MOST_OF_CHUNK};
    uint32_t first = 77;
    for (uint32_t rank = 0; rank < 5; rank++) {
        assert_int_equal(rig_rank_deal_next(&d, 1, 0, &first), 1);
        assert_int_equal(first, rank);
        assert_int_equal(rig_rank_deal_next(&d, 1, 1, &first), 0);
    }
    assert_int_equal(rig_rank_deal_next(&d, 1, 0, &first), 0);
    assert_int_equal(first, 4);
}

/* A rank's share is that of its threads; one that has many gets one for each at the end. */
static void test_chunks_go_by_threads(void **state)
{
    (void)state;
    rig_rank_deal d = {.n = 1000, .n_threads = 10, .most = RIG_MOST_OF_CHUNK};
    uint32_t first;
    assert_int_equal(rig_rank_deal_next(&d, 8, 0, &first), 400);
    assert_int_equal(rig_rank_deal_next(&d, 2, 0, &first), 60);
    d.next = 990;
    assert_int_equal(rig_rank_deal_next(&d, 8, 0, &first), 8);
    assert_int_equal(rig_rank_deal_next(&d, 8, 0, &first), 2);
}

/* --- threads ---------------------------------------------------------------------------------- */

static rig_rank_site site(const char *host, unsigned from, unsigned to)
{
    rig_rank_site made = {.host = ""};
    (void)strncpy(made.host, host, sizeof made.host - 1);
    for (unsigned cpu = from; cpu <= to; cpu++)
        CPU_SET(cpu, &made.processors);
    return made;
}

static void test_threads_do_not_exceed_processors(void **state)
{
    (void)state;
    const rig_rank_site bound[] = {site("a", 0, 0), site("a", 1, 1)};
    const rig_rank_site free_ones[] = {site("a", 0, 4), site("a", 0, 4), site("a", 0, 4)};
    const rig_rank_site hosts[] = {site("a", 0, 3), site("b", 0, 7), site("b", 0, 7)};
    const rig_rank_site many[] = {site("a", 0, 0), site("a", 0, 0), site("a", 0, 0)};
    assert_int_equal(rig_rank_threads(bound, 2, 0), 1);
    assert_int_equal(rig_rank_threads(bound, 2, 1), 1);
    assert_int_equal(rig_rank_threads(free_ones, 3, 0), 2); /* 2 + 2 + 1 of 5 */
    assert_int_equal(rig_rank_threads(free_ones, 3, 1), 2);
    assert_int_equal(rig_rank_threads(free_ones, 3, 2), 1);
    assert_int_equal(rig_rank_threads(hosts, 3, 0), 4);
    assert_int_equal(rig_rank_threads(hosts, 3, 1), 4);
    assert_int_equal(rig_rank_threads(many, 3, 2), 1); /* at least one */
}

/* --- environment ------------------------------------------------------------------------------ */

static char *get_mpirun(const char *name)
{
    static char size[] = "4", rank[] = "3", space[] = "1530789889";
    return strcmp(name, "OMPI_COMM_WORLD_SIZE") == 0 ? size
           : strcmp(name, "PMIX_RANK") == 0          ? rank
           : strcmp(name, "PMIX_NAMESPACE") == 0     ? space
                                                     : NULL;
}

static char *get_mpirun_of_one(const char *name)
{
    static char one[] = "1";
    return strcmp(name, "OMPI_COMM_WORLD_SIZE") == 0 ? one : get_mpirun(name);
}

static char *get_slurm(const char *name)
{
    static char size[] = "16";
    return strcmp(name, "OMPI_COMM_WORLD_SIZE") == 0   ? NULL
           : strcmp(name, "SLURM_STEP_NUM_TASKS") == 0 ? size
                                                       : get_mpirun(name);
}

static char *get_mpich(const char *name)
{
    static char size[] = "2", rank[] = "1";
    return strcmp(name, "PMI_SIZE") == 0 ? size : strcmp(name, "PMI_RANK") == 0 ? rank : NULL;
}

/* Left over in a shell: not enough to call MPI. */
static char *get_left_over(const char *name)
{
    static char size[] = "4";
    return strcmp(name, "OMPI_COMM_WORLD_SIZE") == 0 ? size : NULL;
}

static char *get_garbage(const char *name)
{
    static char text[] = "-1x";
    (void)name;
    return text;
}

static char *get_nothing(const char *name)
{
    (void)name;
    return NULL;
}

static void test_environment(void **state)
{
    (void)state;
    const struct {
        char *(*get)(const char *name);
        rig_rank_place place;
    } rows[] = {{get_nothing, {RIG_STARTED_ALONE, 0, 1}},
                {get_mpirun, {RIG_STARTED_BY_OPEN_MPI, 3, 4}},
                {get_mpirun_of_one, {RIG_STARTED_ALONE, 0, 1}},
                {get_slurm, {RIG_STARTED_BY_OPEN_MPI, 3, 16}},
                {get_mpich, {RIG_STARTED_BY_OTHER_MPI, 1, 2}},
                {get_left_over, {RIG_STARTED_ALONE, 0, 1}},
                {get_garbage, {RIG_STARTED_ALONE, 0, 1}}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const rig_rank_place place = rig_rank_place_find(rows[i].get);
        assert_int_equal(place.starter, rows[i].place.starter);
        assert_int_equal(place.rank, rows[i].place.rank);
        assert_int_equal(place.n_ranks, rows[i].place.n_ranks);
    }
}

/* --- guard ------------------------------------------------------------------------------------ */

#define EXIT_LET       98
#define EXIT_SIGNALLED 100 /* + signal: how the process here below says what its guard saw */

/* A process that is guarded: it exits with 7, or writes its process number and raises a signal, or
 * waits for one; before that it may let the others go on. */
static pid_t start_guarded(int number, bool lets_others_go_on, int *ready)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0) {
        (void)close(ends[1]);
        *ready = ends[0];
        return pid;
    }
    rig_guard_end end;
    if (rig_guard(&end, NULL) != RIG_OK)
        _exit(99);
    if (end.is_guard)
        _exit(end.was_let      ? EXIT_LET
              : end.signal > 0 ? EXIT_SIGNALLED + end.signal
                               : end.exit_code);
    if (number == 0)
        _exit(7);
    const pid_t own = getpid();
    if (lets_others_go_on)
        rig_guard_let_others_go_on();
    (void)!write(ends[1], &own, sizeof own);
    if (number > 0)
        (void)raise(number);
    for (;;)
        (void)pause();
}

static int end_of(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_guard_tells_the_end(void **state)
{
    (void)state;
    int ready;
    pid_t guarded;
    assert_int_equal(end_of(start_guarded(0, false, &ready)), 7);
    (void)close(ready);
    assert_int_equal(end_of(start_guarded(SIGKILL, false, &ready)), EXIT_SIGNALLED + SIGKILL);
    (void)close(ready);
    const pid_t pid = start_guarded(-1, false, &ready);
    assert_int_equal(read(ready, &guarded, sizeof guarded), sizeof guarded); /* it waits */
    assert_int_equal(kill(pid, SIGTERM), 0); /* the guard passes it on */
    assert_int_equal(end_of(pid), EXIT_SIGNALLED + SIGTERM);
    (void)close(ready);
}

/* Its guard is there until mpirun ends it, for its end would be that of all. */
static void test_guard_lets_the_others_go_on(void **state)
{
    (void)state;
    int ready, status = 0;
    pid_t guarded;
    const struct timespec nap = {.tv_nsec = 1000000};
    const pid_t pid = start_guarded(SIGKILL, true, &ready);
    assert_int_equal(read(ready, &guarded, sizeof guarded), sizeof guarded);
    while (kill(guarded, 0) == 0) /* until its guard has seen its end */
        (void)nanosleep(&nap, NULL);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
        (void)nanosleep(&nap, NULL);
    }
    assert_int_equal(kill(pid, SIGTERM), 0);
    assert_int_equal(end_of(pid), EXIT_LET);
    (void)close(ready);
}

static void wait_until_stopped(pid_t pid)
{
    char path[40], state = '?';
    (void)snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    for (int i = 0; i < 5000 && state != 'T'; i++) {
        FILE *in = fopen(path, "re");
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        if (in == NULL || fscanf(in, "%*d (%*[^)]) %c", &state) != 1)
            _exit(99);
        (void)fclose(in);
    }
}

/* Its last word and its end come together, while its guard looks at neither. @param ends_itself  With
 * 7, else it is killed. @return how the guard ended. */
static int end_behind_a_last_word(bool ends_itself)
{
    const struct timespec nap = {.tv_nsec = 100000000};
    const pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        rig_guard_end end;
        if (rig_guard(&end, NULL) != RIG_OK)
            _exit(99);
        if (end.is_guard)
            _exit(end.was_let ? EXIT_LET : end.exit_code);
        const pid_t guard = getppid();
        if (fork() == 0) { /* who wakes the guard, and then is mpirun */
            (void)nanosleep(&nap, NULL);
            (void)kill(guard, SIGCONT);
            (void)nanosleep(&nap, NULL);
            if (!ends_itself)
                (void)kill(guard, SIGTERM);
            _exit(0);
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = 30000000}, NULL); /* it waits, mostly */
        (void)kill(guard, SIGSTOP);
        wait_until_stopped(guard); /* else it takes the word with what it waits for */
        (void)kill(guard, SIGUSR1);
        if (ends_itself)
            _exit(7);
        (void)raise(SIGKILL);
    }
    return end_of(pid);
}

static void test_guard_hears_a_last_word(void **state)
{
    (void)state;
    assert_int_equal(end_behind_a_last_word(false), EXIT_LET);
    assert_int_equal(end_behind_a_last_word(true), 7); /* the word itself is not its guard's end */
}

/* mpirun ends all: nobody goes on, and the guard waits for no second word. */
static void test_guard_ends_with_all(void **state)
{
    (void)state;
    int ready;
    pid_t guarded;
    const pid_t pid = start_guarded(-1, true, &ready);
    assert_int_equal(read(ready, &guarded, sizeof guarded), sizeof guarded);
    assert_int_equal(kill(pid, SIGTERM), 0);
    assert_int_equal(end_of(pid), EXIT_LET);
    (void)close(ready);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_replication_is_dealt_once),
                                       cmocka_unit_test(test_few_replications_go_round),
                                       cmocka_unit_test(test_chunks_go_by_threads),
                                       cmocka_unit_test(test_threads_do_not_exceed_processors),
                                       cmocka_unit_test(test_environment),
                                       cmocka_unit_test(test_guard_tells_the_end),
                                       cmocka_unit_test(test_guard_lets_the_others_go_on),
                                       cmocka_unit_test(test_guard_hears_a_last_word),
                                       cmocka_unit_test(test_guard_ends_with_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
