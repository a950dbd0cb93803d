/* A play that is stopped in its middle, over UDP and TCP, and one whose player is killed. */
#include "tests/test.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "tests/loopback/generator_room.h"

enum { N_SCRIPTS = 5, N_PLAYED = 50, N_EARLY = 30 };

static const double FOREVER_S = ROOM_NEVER_S;

/* Unanswered; in the menu, the queue; a phone rings; in the talk. */
static const kind KINDS[N_SCRIPTS] = {
    {"1", FOREVER_S, FOREVER_S, FOREVER_S, -1, FOREVER_S, FOREVER_S, false, RIG_CALLER_STOPPED, -1},
    {"A", FOREVER_S, FOREVER_S, FOREVER_S, -1, FOREVER_S, FOREVER_S, false, RIG_CALLER_STOPPED, -1},
    {"Aq", FOREVER_S, FOREVER_S, FOREVER_S, -1, FOREVER_S, FOREVER_S, false, RIG_CALLER_STOPPED,
     -1},
    {"Aqgr", FOREVER_S, FOREVER_S, FOREVER_S, -1, FOREVER_S, FOREVER_S, false, RIG_CALLER_STOPPED,
     RIG_AGENT_CANCELLED},
    {"AqgrhI", FOREVER_S, FOREVER_S, FOREVER_S, -1, FOREVER_S, 0.3, false, RIG_CALLER_STOPPED,
     RIG_AGENT_CENTRE_ENDED}};

static play_room room;

static int set_up(void **state)
{
    (void)state;
    room_set_up(&room, KINDS, N_SCRIPTS, N_PLAYED / N_SCRIPTS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    room_tear_down(&room);
    return 0;
}

/* Stops when the given number of calls is up. */
typedef struct stopper {
    int n_up, n_agents_up;
    rig_stop stop;
    int64_t stopped_ns;
} stopper;

static void stop_when_up(void *ctx, const rig_play_progress *progress)
{
    stopper *s = ctx;
    peer_counts counts = peer_count(room.centre);
    if (rig_stop_is_set(&s->stop) || counts.n_up < s->n_up || counts.n_agents_up < s->n_agents_up)
        return;
    assert_int_equal(progress->n_planned, N_PLAYED);
    rig_stop_set(&s->stop);
    s->stopped_ns = rig_clock_monotonic_ns();
}

static void stop_over(peer_kind how)
{
    for (size_t i = N_EARLY; i < N_PLAYED; i++)
        room.calls[i].t_s += 2 * FOREVER_S; /* not placed when we stop */
    room_start_peer(&room, how);
    stopper s = {.n_up = N_EARLY, .n_agents_up = 2 * N_EARLY / N_SCRIPTS};
    room.options.stop = &s.stop;
    room.options.progress = stop_when_up;
    room.options.progress_ctx = &s;
    room_play(&room);
    int64_t took_ns = rig_clock_monotonic_ns() - s.stopped_ns;

    assert_true(rig_stop_is_set(&s.stop) && room.report.was_stopped);
    assert_true(took_ns < 10 * RIG_NS_PER_S);
    assert_string_equal(room.counts.bad, "");
    assert_int_equal(room.counts.n_calls, N_EARLY);
    assert_int_equal(room.counts.n_up, 0);
    assert_int_equal(room.counts.n_agents_up, 0);
    assert_int_equal(room.report.n_caller_ends[RIG_CALLER_NOT_PLACED], N_PLAYED - N_EARLY);
    assert_int_equal(room.report.n_caller_ends[RIG_CALLER_STOPPED], N_EARLY);
    assert_int_equal(room.report.n_missing_lines, 0);
    assert_false(room.report.callers[0].was_killed);
    assert_no_child();
}

static void stops_gracefully(void **state)
{
    (void)state;
    stop_over(PEER_UDP);
}

static void stops_gracefully_over_tcp(void **state)
{
    (void)state;
    stop_over(PEER_TCP);
}

/* The process ids of a process's children; their count. */
static size_t children_of(pid_t pid, pid_t *children, size_t max)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    FILE *in = fopen(path, "re");
    size_t n = 0;
    int child;
    if (in == NULL)
        return 0;
    while (n < max && fscanf(in, "%d", &child) == 1)
        children[n++] = (pid_t)child;
    fclose(in);
    return n;
}

static const struct timespec STEP = {.tv_nsec = 5000000};

static void dies_with_its_player(void **state)
{
    (void)state;
    /* The player's children become ours when it dies, so that none is missed. */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    room_start_peer(&room, PEER_UDP);
    room.options.without_capture = true;
    pid_t player = fork();
    if (player == 0) { /* the peer's thread is not ours here; its socket does no harm */
        rig_play_report report;
        _exit(rig_play(room.scenario, &room.schedule, &room.options, &report, NULL) == RIG_OK ? 0
                                                                                              : 1);
    }
    assert_true(player > 0);
    int64_t until_ns = rig_clock_monotonic_ns() + 60 * RIG_NS_PER_S;
    while (peer_count(room.centre).n_up < N_PLAYED && rig_clock_monotonic_ns() < until_ns)
        (void)nanosleep(&STEP, NULL);
    pid_t workers[8];
    size_t n = children_of(player, workers, 8);
    assert_int_equal(n, 2); /* callers and agents */
    assert_int_equal(kill(player, SIGKILL), 0);
    assert_int_equal(waitpid(player, NULL, 0), player);
    for (size_t i = 0; i < n; i++) {
        int how;
        pid_t got = 0;
        while (got == 0 && rig_clock_monotonic_ns() < until_ns) {
            got = waitpid(workers[i], &how, WNOHANG);
            if (got == 0)
                (void)nanosleep(&STEP, NULL);
        }
        if (got != workers[i])
            (void)kill(workers[i], SIGKILL);
        assert_int_equal(got, workers[i]);
        assert_true(WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL);
    }
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 0), 0);
    assert_no_child();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(stops_gracefully, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stops_gracefully_over_tcp, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dies_with_its_player, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
