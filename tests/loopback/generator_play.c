/* A real play of SIPp at a scripted peer: each way in which a call can end, a stop in the middle,
 * and the death of the player. Nothing here depends on how fast the host is: a hang-up is checked
 * for not being early, never for not being late. */
#include "tests/test.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/atomic_file.h"
#include "core/clock.h"
#include "generator/capture.h"
#include "generator/play.h"
#include "generator/ports.h"
#include "tests/loopback/generator_peer.h"
#include "tests/small_scenario.h"

static const double NEVER_S = 60.0;
static const double SHORT_S = 0.3;
static const double EARLY_MS = 3.0; /* what the fine wait may be early by, and SIPp's own reading */

/* One kind of call: what the centre does, how this caller behaves, how it must end. */
typedef struct kind {
    const char *script;
    double patience_answer_s, patience_queue_s, patience_ringing_s, self_service_s, talk_s, ring_s;
    bool agent_hangs_up;
    rig_caller_end end;
    int agent_end; /* -1: no agent is rung */
} kind;

static const kind KINDS[] = {
    {"F", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1},
    {"1", 0.3, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
    {"X", 0.3, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
    {"A", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
    /* a self-server hangs up at the same instant wherever he is by then */
    {"AqrI", 60, 0.1, 0.1, 0.5, 0.1, 60, false, RIG_CALLER_SELF_SERVED, -1},
    {"AOMq", 60, 0.3, 60, -1, 60, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
    {"Aqgr", 60, 60, 0.3, -1, 60, 60, false, RIG_CALLER_HUNG_UP_RINGING, RIG_AGENT_CANCELLED},
    /* back in the queue: the first patience counts again, and has passed */
    {"Aqrghq", 60, 2.0, 60, -1, 60, 2.2, false, RIG_CALLER_HUNG_UP_QUEUE, RIG_AGENT_CENTRE_ENDED},
    /* four agents are skipped: the fifth attempt rings as long as the first would have */
    {"AqgrcqgcgcgcgrhI", 60, 60, 60, -1, 0.3, 1.0, false, RIG_CALLER_HUNG_UP_TALK,
     RIG_AGENT_CENTRE_ENDED},
    /* the marks overtake each other: the phone rings, the queue's patience does not count */
    {"ARQ", 60, 0.01, 0.4, -1, 60, 60, false, RIG_CALLER_HUNG_UP_RINGING, -1},
    {"AqdrdOIdu", 60, 60, 60, -1, 0.3, 60, false, RIG_CALLER_HUNG_UP_TALK, -1},
    {"AqgrhI", 60, 60, 60, -1, 0.3, 0.1, false, RIG_CALLER_HUNG_UP_TALK, RIG_AGENT_CENTRE_ENDED},
    {"AqgrhU", 60, 60, 60, -1, 0.3, 0.1, true, RIG_CALLER_CENTRE_ENDED_TALK, RIG_AGENT_HUNG_UP},
    {"AqB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE, -1},
    /* pings, and a caller whom the agents' phones do not know, do no harm */
    {"ApqPkB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE,
     RIG_AGENT_UNKNOWN_CALLER},
    {"AB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_UNMARKED, -1},
    {"AqrB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_RINGING, -1},
};
enum { N_KINDS = sizeof KINDS / sizeof *KINDS, N_ROUNDS = 3, N_PLAYED = N_KINDS * N_ROUNDS };

static char run_dir[64];
static small_scenario room;
static rig_scenario *scenario;
static rig_planned_call calls[N_PLAYED];
static rig_schedule schedule;
static bool can_capture;

/* How many agents the centre skips. */
static size_t n_skipped(const kind *k)
{
    size_t n = 0;
    for (const char *p = k->script; *p != '\0'; p++)
        n += *p == 'c';
    return n;
}

static int set_up(void **state)
{
    (void)state;
    (void)snprintf(run_dir, sizeof run_dir, "/tmp/rig-play-XXXXXX");
    assert_non_null(mkdtemp(run_dir));
    scenario = small_scenario_make(&room);
    scenario->time_scale = 2.0; /* everything below is said in wire time, and doubled here */
    schedule = (rig_schedule){.calls = calls, .n = N_PLAYED};
    for (size_t i = 0; i < N_PLAYED; i++) {
        const kind *k = &KINDS[i % N_KINDS];
        calls[i] = (rig_planned_call){.t_s = 0.02 * (double)i,
                                      .number = 1000 + i,
                                      .patience_answer_s = 2 * k->patience_answer_s,
                                      .patience_queue_s = 2 * k->patience_queue_s,
                                      .patience_ringing_s = 2 * k->patience_ringing_s,
                                      .self_service_s = 2 * k->self_service_s,
                                      .talk_s = 2 * k->talk_s,
                                      .caller_hangs_up = !k->agent_hangs_up};
        for (size_t r = 0; r < RIG_N_RING_ATTEMPTS; r++)
            calls[i].ring_s[r] = 2 * k->ring_s;
        for (size_t r = 1; r < RIG_N_RING_ATTEMPTS && n_skipped(k) > 0; r++)
            calls[i].ring_s[r] = 2 * (NEVER_S + (double)r);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    (void)snprintf(command, sizeof command, "rm -r %s", run_dir);
    return system(command);
}

static uint16_t free_port(void)
{
    uint16_t port;
    assert_int_equal(rig_ports_find_free("127.0.0.1", 1, 0, &port, NULL), RIG_OK);
    return port;
}

static rig_play_options options_for(const peer *centre, uint16_t agents_port)
{
    return (rig_play_options){.run_dir = run_dir,
                              .target_host = "127.0.0.1",
                              .target_port = peer_port(centre),
                              .agents_port = agents_port,
                              .without_capture = !can_capture};
}

static void start_peer(peer **centre, uint16_t *agents_port)
{
    static const char *scripts[N_KINDS];
    for (size_t i = 0; i < N_KINDS; i++)
        scripts[i] = KINDS[i].script;
    *centre = peer_new(scripts, N_KINDS);
    *agents_port = free_port();
    peer_start(*centre, *agents_port);
}

static void assert_no_child(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* Of the capture thread; read when the play is over. */
typedef struct wire {
    size_t n_packets, n_invites;
    bool is_bad;
} wire;

static void on_packet(void *ctx, int linktype, int64_t t_ns, const uint8_t *data, size_t caplen,
                      size_t len)
{
    wire *w = ctx;
    w->n_packets++;
    w->is_bad = w->is_bad || linktype != 1 || caplen != len ||
                llabs(t_ns - rig_clock_realtime_ns()) > 60 * RIG_NS_PER_S;
    const size_t n_headers = 14 + 20 + 8;
    static const char INVITE[] = "INVITE sip:785@";
    if (caplen > n_headers + sizeof INVITE &&
        memcmp(data + n_headers, INVITE, sizeof INVITE - 1) == 0)
        w->n_invites++;
}

static void check_not_early(const kind *k, const rig_caller_line *line)
{
    const struct {
        double from_ms, to_ms, planned_s;
        bool counts;
    } spans[] = {
        {line->invite_ms, line->cancel_ms, k->patience_answer_s, line->end == RIG_CALLER_CANCELLED},
        {line->answer_ms, line->bye_ms, k->self_service_s, line->end == RIG_CALLER_SELF_SERVED},
        {line->queue_ms, line->bye_ms, k->patience_queue_s, line->end == RIG_CALLER_HUNG_UP_QUEUE},
        {line->ring_ms, line->bye_ms, k->patience_ringing_s,
         line->end == RIG_CALLER_HUNG_UP_RINGING},
        {line->agent_ms, line->bye_ms, k->talk_s, line->end == RIG_CALLER_HUNG_UP_TALK},
        {line->due_ms, line->invite_ms, 0.0, true},
    };
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (spans[i].counts &&
            !(spans[i].from_ms > 0 &&
              spans[i].to_ms >= spans[i].from_ms + spans[i].planned_s * 1e3 - EARLY_MS))
            fail_msg("%s: span %zu of %.3f s is only %.3f ms", k->script, i, spans[i].planned_s,
                     spans[i].to_ms - spans[i].from_ms);
}

static char *read_log(const char *name)
{
    char path[128], *text;
    (void)snprintf(path, sizeof path, "%s/logs/%s.log", run_dir, name);
    assert_int_equal(rig_file_read(path, &text, NULL, NULL), RIG_OK);
    return text;
}

static void check_agents_log(void)
{
    char *text = read_log("agents");
    size_t n_attempts[N_PLAYED] = {0};
    for (char *at = text; *at != '\0';) {
        size_t n = strcspn(at, "\n");
        rig_agent_line line;
        assert_true(rig_agent_line_parse((rig_slice){at, n}, &line));
        if (line.end != RIG_AGENT_UNKNOWN_CALLER) {
            size_t i = line.number - calls[0].number;
            assert_in_range(i, 0, N_PLAYED - 1);
            double ring_s = calls[i].ring_s[n_attempts[i]++ % RIG_N_RING_ATTEMPTS];
            assert_true(fabs(line.planned_ring_ms - ring_s / 2 * 1e3) < 0.01);
        }
        if (line.answer_ms > 0)
            assert_true(line.answer_ms - line.invite_ms >= line.planned_ring_ms - EARLY_MS);
        if (line.end == RIG_AGENT_HUNG_UP)
            assert_true(line.end_ms - line.answer_ms >= line.planned_talk_ms - EARLY_MS);
        at += n + (at[n] == '\n');
    }
    free(text);
}

static void check_callers_log(void)
{
    size_t n_lines = 0;
    char *text = read_log("callers0");
    for (char *at = text; *at != '\0'; n_lines++) {
        size_t n = strcspn(at, "\n");
        rig_caller_line line;
        assert_true(rig_caller_line_parse((rig_slice){at, n}, &line));
        const kind *k = &KINDS[line.planned_index % N_KINDS];
        if (line.end != k->end)
            fail_msg("%s: %s instead of %s", k->script, rig_caller_end_name(line.end),
                     rig_caller_end_name(k->end));
        check_not_early(k, &line);
        /* The one upper bound here: a new patience at the second mark would end at twice this. */
        if (line.end == RIG_CALLER_HUNG_UP_QUEUE && k->ring_s < NEVER_S)
            assert_true(line.bye_ms - line.queue_ms < 2e3 * k->patience_queue_s);
        at += n + (at[n] == '\n');
    }
    assert_int_equal(n_lines, N_PLAYED);
    free(text);
}

static void plays_every_way_to_end(void **state)
{
    (void)state;
    peer *centre;
    uint16_t agents_port;
    start_peer(&centre, &agents_port);
    rig_error err = {0};
    rig_play_report report;
    wire seen = {0};
    rig_play_options options = options_for(centre, agents_port);
    options.packet = on_packet;
    options.packet_ctx = &seen;
    if (rig_play(scenario, &schedule, &options, &report, &err) != RIG_OK)
        fail_msg("%s", err.text);
    peer_counts counts = peer_count(centre);
    peer_free(centre);

    size_t n_ends[RIG_N_CALLER_ENDS] = {0}, n_agent_ends[RIG_N_AGENT_ENDS] = {0};
    for (size_t i = 0; i < N_PLAYED; i++) {
        n_ends[KINDS[i % N_KINDS].end]++;
        if (KINDS[i % N_KINDS].agent_end >= 0)
            n_agent_ends[KINDS[i % N_KINDS].agent_end]++;
        n_agent_ends[RIG_AGENT_CANCELLED] += n_skipped(&KINDS[i % N_KINDS]);
    }
    assert_string_equal(counts.bad, "");
    assert_int_equal(counts.n_calls, N_PLAYED);
    assert_int_equal(counts.n_up, 0);
    assert_int_equal(counts.n_agents_up, 0);
    assert_int_equal(counts.n_refused, N_ROUNDS); /* the MESSAGEs */
    check_callers_log();
    check_agents_log();
    for (int e = 0; e < RIG_N_CALLER_ENDS; e++)
        assert_int_equal(report.n_caller_ends[e], n_ends[e]);
    for (int e = 0; e < RIG_N_AGENT_ENDS; e++)
        assert_int_equal(report.n_agent_ends[e], n_agent_ends[e]);
    assert_int_equal(report.n_planned, N_PLAYED);
    assert_int_equal(report.n_sipp_lines, N_PLAYED);
    assert_int_equal(report.n_missing_lines, 0);
    assert_int_equal(report.n_repeated_lines, 0);
    assert_false(report.was_stopped || report.ran_over);
    assert_int_equal(report.n_workers, 1);
    assert_int_equal(report.callers[0].exit_code, 0);
    assert_int_equal(report.callers[0].n_bad_lines, 0);
    assert_int_equal(report.agents.exit_code, 0);
    assert_false(report.callers[0].was_killed || report.agents.was_killed);
    assert_int_equal(report.agents.port, agents_port);
    assert_no_child();
    if (can_capture) {
        assert_int_equal(seen.n_invites, N_PLAYED);
        assert_int_equal(seen.n_packets, report.capture.n_packets);
        assert_false(seen.is_bad);
        assert_int_equal(report.capture.n_kernel_dropped, 0);
        char path[128];
        struct stat file;
        (void)snprintf(path, sizeof path, "%s/capture.pcap", run_dir);
        assert_int_equal(stat(path, &file), 0);
        assert_true((size_t)file.st_size > 24 + seen.n_packets * 16);
    }
}

/* Deals the calls to several workers; together they play all. */
static void plays_with_several_workers(void **state)
{
    (void)state;
    peer *centre;
    uint16_t agents_port;
    start_peer(&centre, &agents_port);
    rig_error err = {0};
    rig_play_report report;
    rig_play_options options = options_for(centre, agents_port);
    options.n_workers = 3;
    if (rig_play(scenario, &schedule, &options, &report, &err) != RIG_OK)
        fail_msg("%s", err.text);
    peer_counts counts = peer_count(centre);
    peer_free(centre);
    assert_string_equal(counts.bad, "");
    assert_int_equal(counts.n_calls, N_PLAYED);
    assert_int_equal(counts.n_up, 0);
    assert_int_equal(report.n_workers, 3);
    assert_int_equal(report.n_sipp_lines, N_PLAYED);
    for (size_t k = 0; k < 3; k++) {
        assert_int_equal(report.callers[k].n_calls, N_KINDS);
        assert_int_equal(report.callers[k].n_lines, N_KINDS);
    }
    assert_no_child();
}

/* Stops when the given number of calls is up. */
typedef struct stopper {
    peer *centre;
    int n_up, n_agents_up;
    volatile sig_atomic_t stop;
    int64_t stopped_ns;
} stopper;

static void stop_when_up(void *ctx, const rig_play_progress *progress)
{
    stopper *s = ctx;
    peer_counts counts = peer_count(s->centre);
    if (s->stop || counts.n_up < s->n_up || counts.n_agents_up < s->n_agents_up)
        return;
    assert_int_equal(progress->n_planned, N_PLAYED);
    s->stop = 1;
    s->stopped_ns = rig_clock_monotonic_ns();
}

static void stops_gracefully(void **state)
{
    (void)state;
    static const char *const scripts[] = {"1", "A", "Aq", "Aqgr", "AqgrhI"};
    enum { N_SCRIPTS = 5, N_EARLY = 30 };
    for (size_t i = 0; i < N_PLAYED; i++) {
        rig_planned_call *c = &calls[i];
        c->patience_answer_s = c->patience_queue_s = c->patience_ringing_s = c->talk_s =
            2 * NEVER_S;
        c->self_service_s = -1;
        c->caller_hangs_up = true;
        for (size_t r = 0; r < RIG_N_RING_ATTEMPTS; r++)
            c->ring_s[r] = i % N_SCRIPTS == 4 ? 2 * SHORT_S : 2 * NEVER_S;
        if (i >= N_EARLY)
            c->t_s += 2 * NEVER_S; /* not placed when we stop */
    }
    peer *centre = peer_new(scripts, N_SCRIPTS);
    uint16_t agents_port = free_port();
    peer_start(centre, agents_port);
    stopper s = {.centre = centre, .n_up = N_EARLY, .n_agents_up = 2 * N_EARLY / N_SCRIPTS};
    rig_error err = {0};
    rig_play_report report;
    rig_play_options options = options_for(centre, agents_port);
    options.stop = &s.stop;
    options.progress = stop_when_up;
    options.progress_ctx = &s;
    if (rig_play(scenario, &schedule, &options, &report, &err) != RIG_OK)
        fail_msg("%s", err.text);
    int64_t took_ns = rig_clock_monotonic_ns() - s.stopped_ns;
    peer_counts counts = peer_count(centre);
    peer_free(centre);

    assert_true(s.stop && report.was_stopped);
    assert_true(took_ns < 10 * RIG_NS_PER_S);
    assert_string_equal(counts.bad, "");
    assert_int_equal(counts.n_calls, N_EARLY);
    assert_int_equal(counts.n_up, 0);
    assert_int_equal(counts.n_agents_up, 0);
    assert_int_equal(report.n_caller_ends[RIG_CALLER_NOT_PLACED], N_PLAYED - N_EARLY);
    assert_int_equal(report.n_caller_ends[RIG_CALLER_STOPPED], N_EARLY);
    assert_int_equal(report.n_missing_lines, 0);
    assert_false(report.callers[0].was_killed);
    assert_no_child();
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
    static const char *const scripts[] = {"A"};
    for (size_t i = 0; i < N_PLAYED; i++)
        calls[i].self_service_s = 2 * NEVER_S;
    peer *centre = peer_new(scripts, 1);
    uint16_t agents_port = free_port();
    rig_play_options options = options_for(centre, agents_port);
    options.without_capture = true;
    /* The player's children become ours when it dies, so that none is missed. */
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    pid_t player = fork(); /* before the peer's thread is started */
    if (player == 0) {
        rig_play_report report;
        _exit(rig_play(scenario, &schedule, &options, &report, NULL) == RIG_OK ? 0 : 1);
    }
    assert_true(player > 0);
    peer_start(centre, agents_port);
    int64_t until_ns = rig_clock_monotonic_ns() + 60 * RIG_NS_PER_S;
    while (peer_count(centre).n_up < N_PLAYED && rig_clock_monotonic_ns() < until_ns)
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
    peer_free(centre);
    assert_no_child();
}

static void refuses_what_cannot_be_played(void **state)
{
    (void)state;
    peer *centre;
    uint16_t agents_port;
    start_peer(&centre, &agents_port);
    rig_error err = {0};
    rig_play_report report = {.n_planned = 77};
    rig_play_options options = options_for(centre, agents_port);

    options.sipp_path = "/nowhere/sipp";
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "/nowhere/sipp"));
    options.sipp_path = NULL;

    options.target_host = "192.0.2.1"; /* a documentation address: nothing is sent there */
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "192.0.2.1"));
    options.target_host = "127.0.0.1";

    options.target_port = free_port();
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "nobody answers SIP at 127.0.0.1"));
    options.target_port = peer_port(centre);

    options.agents_port = peer_port(centre); /* taken */
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EENV);
    options.agents_port = agents_port;

    options.lead_s = 1e-3;
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "longer lead"));
    options.lead_s = 0;

    volatile sig_atomic_t stop = 1;
    options.stop = &stop;
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_ECANCELLED);
    options.stop = NULL;

    options.run_dir = "/nowhere";
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EIO);
    options.run_dir = run_dir;

    options.n_workers = RIG_PLAY_MAX_WORKERS + 1;
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EDOM);
    options.n_workers = 0;

    schedule.n = 0;
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EDOM);

    assert_int_equal(report.n_planned, 77);
    assert_int_equal(peer_count(centre).n_up, 0); /* those that came too soon have been ended */
    peer_free(centre);
    assert_no_child();
}

/* Whether this process may capture at all: else the tests play without. */
static bool may_capture(void)
{
    rig_capture *capture;
    const uint16_t port = 9;
    char path[] = "/tmp/rig-may-capture.pcap";
    if (rig_capture_start("lo", &port, 1, path, NULL, NULL, &capture, NULL) != RIG_OK)
        return false;
    rig_capture_abandon(capture);
    return true;
}

int main(void)
{
    can_capture = may_capture();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plays_every_way_to_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plays_with_several_workers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stops_gracefully, set_up, tear_down),
        cmocka_unit_test_setup_teardown(dies_with_its_player, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_cannot_be_played, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
