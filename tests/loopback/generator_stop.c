/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A play that is stopped in its middle, over UDP and TCP, and one whose player is killed. */
#include "tests/test.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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
    int64_t ordered_ns; /* when a stranger gave his orders */
    int n_up_before_stop, n_agents_up_before_stop;
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

/* The value of an option of a running program; "" when it has none. */
static void option_of(pid_t pid, const char *option, char *value, size_t size)
{
    char path[64], text[8192];
    (void)snprintf(path, sizeof path, "/proc/%d/cmdline", (int)pid);
    FILE *in = fopen(path, "re");
    size_t n = in != NULL ? fread(text, 1, sizeof text - 1, in) : 0;
    if (in != NULL)
        fclose(in);
    text[n] = '\0';
    value[0] = '\0';
    for (const char *p = text; p < text + n; p += strlen(p) + 1)
        if (strcmp(p, option) == 0 && p + strlen(p) + 1 < text + n)
            (void)snprintf(value, size, "%s", p + strlen(p) + 1);
}

static void send_order(int fd, uint16_t port, const char *method, const char *call_id,
                       const char *header)
{
    char text[1024];
    const struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int n = snprintf(text, sizeof text,
                     "%s sip:127.0.0.1:%u SIP/2.0\r\n"
                     "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKstranger%s%s\r\n"
                     "From: <sip:stranger@127.0.0.1>;tag=s\r\nTo: <sip:127.0.0.1>\r\n"
                     "Call-ID: %s\r\nCSeq: 1 %s\r\n%s\r\nContent-Length: 0\r\n\r\n",
                     method, port, method, call_id, call_id, method, header);
    assert_int_equal(sendto(fd, text, (size_t)n, 0, (const struct sockaddr *)&to, sizeof to), n);
}

/* Orders as peakrig gives them, but for the secret, to each SIPp and to calls by the Call-IDs that
 * a stranger could guess. */
static void order_as_stranger(void)
{
    pid_t workers[8];
    size_t n = children_of(getpid(), workers, 8);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++) {
        char port[16], call_id[64];
        option_of(workers[i], "-p", port, sizeof port);
        const uint16_t to = (uint16_t)strtoul(port, NULL, 10);
        assert_true(to > 0);
        send_order(fd, to, "OPTIONS", "stop1", "X-Rig-Stop: 1");
        send_order(fd, to, "OPTIONS", "stop2", "X-Rig-Stop: 00000000000000000000000000000000");
        send_order(fd, to, "OPTIONS", "stop3", "X-Rig-Stop:");
        for (int row = 1; row <= N_PLAYED; row++) {
            (void)snprintf(call_id, sizeof call_id, "r%d-%d@127.0.0.1", row, (int)workers[i]);
            send_order(fd, to, "X-TELL", call_id, "X-Rig-Stage: talk");
            send_order(fd, to, "BYE", call_id, "X-Rig-Stage: talk");
        }
    }
    close(fd);
}

static void stop_long_after_orders(void *ctx, const rig_play_progress *progress)
{
    stopper *s = ctx;
    peer_counts counts = peer_count(room.centre);
    (void)progress;
    if (rig_stop_is_set(&s->stop) ||
        (s->ordered_ns == 0 && (counts.n_up < s->n_up || counts.n_agents_up < s->n_agents_up)))
        return;
    const int64_t now_ns = rig_clock_monotonic_ns();
    if (s->ordered_ns == 0) {
        s->ordered_ns = now_ns;
        order_as_stranger();
    } else if (now_ns >= s->ordered_ns + 4 * RIG_NS_PER_S) {
        s->n_up_before_stop = counts.n_up;
        s->n_agents_up_before_stop = counts.n_agents_up;
        rig_stop_set(&s->stop);
    }
}

/* Who does not know the secret of the run stops nothing and tells no call anything. */
static void strangers_give_no_orders(void **state)
{
    (void)state;
    room_start_peer(&room, PEER_UDP);
    stopper s = {.n_up = N_PLAYED, .n_agents_up = 2 * N_PLAYED / N_SCRIPTS};
    room.options.stop = &s.stop;
    room.options.progress = stop_long_after_orders;
    room.options.progress_ctx = &s;
    room_play(&room);
    assert_int_equal(s.n_up_before_stop, N_PLAYED);
    assert_int_equal(s.n_agents_up_before_stop, 2 * N_PLAYED / N_SCRIPTS);
    assert_string_equal(room.counts.bad, "");
    assert_int_equal(room.report.n_caller_ends[RIG_CALLER_STOPPED], N_PLAYED);
    assert_no_child();
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
        cmocka_unit_test_setup_teardown(strangers_give_no_orders, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dies_with_its_player, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
