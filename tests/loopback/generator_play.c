/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A real play of SIPp at a scripted peer: each way in which a call can end, by one worker and by
 * several; and what cannot be played. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/clock.h"
#include "tests/loopback/generator_room.h"

static const kind KINDS[] = {
    {"F", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1},
    {"1", 0.3, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
    {"X", 0.3, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
    {"Y", 0.3, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
    {"A", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
    {"L", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
    /* a self-server hangs up at the same instant wherever he is by then */
    {"AqrI", 60, 0.1, 0.1, 0.5, 0.1, 60, false, RIG_CALLER_SELF_SERVED, -1},
    /* a re-INVITE in the menu only refreshes the session: no agent has answered */
    {"AIq", 60, 0.4, 60, -1, 0.1, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
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
    {"AqgrhI", 60, 60, 60, -1, 0.3, 0.1, true, RIG_CALLER_CENTRE_ENDED_TALK, RIG_AGENT_HUNG_UP},
    {"AqB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE, -1},
    /* pings, and a caller whom the agents' phones do not know, do no harm */
    {"ApqPkB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE,
     RIG_AGENT_UNKNOWN_CALLER},
    {"AB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_UNMARKED, -1},
    {"AqrB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_RINGING, -1},
};
enum { N_KINDS = sizeof KINDS / sizeof *KINDS, N_ROUNDS = 3, N_PLAYED = N_KINDS * N_ROUNDS };

static play_room room;

static int set_up(void **state)
{
    (void)state;
    room_set_up(&room, KINDS, N_KINDS, N_ROUNDS);
    room_start_peer(&room, PEER_UDP);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    room_tear_down(&room);
    return 0;
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

static void plays_every_way_to_end(void **state)
{
    (void)state;
    wire seen = {0};
    room.options.packet = on_packet;
    room.options.packet_ctx = &seen;
    room_play(&room);
    room_check(&room);
    assert_int_equal(room.counts.n_refused, N_ROUNDS); /* the MESSAGEs */
    assert_int_equal(room.report.n_workers, 1);
    assert_true(llabs(room.report.clock_step_ns) < 5 * RIG_NS_PER_S / 1000); /* nobody has set it */
    if (!room.can_capture)
        return;
    assert_int_equal(seen.n_invites, N_PLAYED);
    assert_int_equal(seen.n_packets, room.report.capture.n_packets);
    assert_false(seen.is_bad);
    assert_int_equal(room.report.capture.n_kernel_dropped, 0);
    char path[128];
    struct stat file;
    (void)snprintf(path, sizeof path, "%s/capture.pcap", room.run_dir);
    assert_int_equal(stat(path, &file), 0);
    assert_true((size_t)file.st_size > 24 + seen.n_packets * 16);
}

/* Deals the calls to several workers, over two of our addresses and a range of ports; together they
 * play all. */
static void plays_with_several_workers(void **state)
{
    (void)state;
    char *local[] = {(char *)"127.0.0.2", (char *)"127.0.0.3:23000-23999"};
    room.scenario->load.local = local;
    room.scenario->load.n_local = 2;
    room.options.n_workers = 3;
    room_play(&room);
    room_check(&room);
    assert_int_equal(room.report.n_workers, 3);
    for (size_t k = 0; k < 3; k++) {
        const rig_play_worker *worker = &room.report.callers[k];
        assert_int_equal(worker->n_calls, N_KINDS);
        assert_int_equal(worker->n_lines, N_KINDS);
        assert_string_equal(worker->host, k == 1 ? "127.0.0.3" : "127.0.0.2");
        if (k == 1)
            assert_in_range(worker->port, 23000, 23999);
    }
}

static void refuses_what_cannot_be_played(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_play_report report = {.n_planned = 77};
    rig_play_options options = room.options;
    rig_scenario *scenario = room.scenario;
    const rig_schedule schedule = room.schedule;

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
    options.target_port = peer_port(room.centre);

    options.agents_port = peer_port(room.centre); /* taken */
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EENV);
    options.agents_port = room.agents_port;

    options.lead_s = 1e-3;
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "longer lead"));
    options.lead_s = 0;

    rig_stop stop = {.is_set = 1};
    options.stop = &stop;
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_ECANCELLED);
    options.stop = NULL;

    options.run_dir = "/nowhere";
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EIO);
    options.run_dir = room.run_dir;

    options.n_workers = RIG_MAX_WORKERS + 1;
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EDOM);
    options.n_workers = 0;

    assert_int_equal(report.n_planned, 77);
    assert_int_equal(peer_count(room.centre).n_up,
                     0); /* those that came too soon have been ended */
    assert_no_child();
}

static void refuses_a_scenario_that_cannot_be_played(void **state)
{
    (void)state;
    rig_error err = {0};
    rig_play_report report = {.n_planned = 77};
    const rig_play_options options = room.options;
    rig_scenario *scenario = room.scenario;
    const rig_schedule schedule = room.schedule;

    char *nobody[] = {(char *)"192.0.2.7"}; /* no address of ours */
    scenario->load.local = nobody;
    scenario->load.n_local = 1;
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EENV);
    assert_non_null(strstr(err.text, "192.0.2.7"));
    scenario->load.n_local = 0;

    scenario->callers.sipp_xml = (char *)"/nowhere/own.xml";
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "/nowhere/own.xml"));
    scenario->callers.sipp_xml = (char *)"/proc/self/status"; /* no scenario */
    assert_int_equal(rig_play(scenario, &schedule, &options, &report, &err), RIG_EINPUT);
    assert_non_null(strstr(err.text, "has no \"<scenario\""));
    scenario->callers.sipp_xml = NULL;

    const rig_schedule none = {.calls = room.calls, .n = 0};
    assert_int_equal(rig_play(scenario, &none, &options, &report, &err), RIG_EDOM);

    assert_int_equal(report.n_planned, 77);
    assert_no_child();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(plays_every_way_to_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(plays_with_several_workers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_what_cannot_be_played, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refuses_a_scenario_that_cannot_be_played, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
