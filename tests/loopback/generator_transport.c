/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What callers can do beside UDP over IPv4: TCP, IPv6, digest authentication, keyed digits, audio,
 * and a SIPp scenario of one's own. */
#include "tests/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/atomic_file.h"
#include "generator/recorder.h"
#include "generator/sipp_files.h"
#include "tests/loopback/generator_room.h"

static play_room room;

static int tear_down(void **state)
{
    (void)state;
    room_tear_down(&room);
    return 0;
}

/* Ends of every sort, and agents' legs. */
static const kind KINDS[] = {
    {"F", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1},
    {"1", 0.3, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
    {"X", 0.3, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
    {"Aq", 60, 0.3, 60, -1, 60, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
    {"Aqgr", 60, 60, 0.3, -1, 60, 60, false, RIG_CALLER_HUNG_UP_RINGING, RIG_AGENT_CANCELLED},
    {"AqgrhI", 60, 60, 60, -1, 0.3, 0.1, false, RIG_CALLER_HUNG_UP_TALK, RIG_AGENT_CENTRE_ENDED},
    {"AqgrhI", 60, 60, 60, -1, 0.3, 0.1, true, RIG_CALLER_CENTRE_ENDED_TALK, RIG_AGENT_HUNG_UP},
    {"AqB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE, -1}};

/* Of the capture thread. */
typedef struct wire {
    size_t n_tcp, n_udp, n_v6;
} wire;

static void see_packet(void *ctx, int linktype, int64_t t_ns, const uint8_t *data, size_t caplen,
                       size_t len)
{
    enum { ETHERNET = 14, ETHERTYPE_AT = 12, IP4_PROTOCOL_AT = 9, IP6_NEXT_AT = 6, TCP = 6 };
    wire *w = ctx;
    (void)linktype;
    (void)t_ns;
    (void)len;
    if (caplen < ETHERNET + 20)
        return;
    bool is_v6 = data[ETHERTYPE_AT] == 0x86;
    int protocol = data[ETHERNET + (is_v6 ? IP6_NEXT_AT : IP4_PROTOCOL_AT)];
    w->n_v6 += is_v6;
    w->n_tcp += protocol == TCP;
    w->n_udp += protocol != TCP;
}

static void play_over(peer_kind how, rig_marks marks, const kind *kinds, size_t n)
{
    wire seen = {0};
    room_set_up(&room, kinds, n, 4);
    room.scenario->target.marks = marks;
    room_start_peer(&room, how);
    room.options.packet = see_packet;
    room.options.packet_ctx = &seen;
    room_play(&room);
    room_check(&room);
    if (!room.can_capture)
        return;
    bool is_tcp = how == PEER_TCP || how == PEER_TCP6;
    bool is_v6 = how == PEER_TCP6 || how == PEER_UDP6;
    size_t n_packets = seen.n_tcp + seen.n_udp;
    assert_in_range(n_packets, 4 * n * 2, 100000); /* at least a request and a response a call */
    assert_int_equal(is_tcp ? seen.n_udp : seen.n_tcp, 0);
    assert_int_equal(seen.n_v6, is_v6 ? n_packets : 0);
    assert_int_equal(room.report.capture.n_kernel_dropped, 0);
}

static void plays_over_tcp(void **state)
{
    (void)state;
    play_over(PEER_TCP, RIG_MARK_REINVITE, KINDS, sizeof KINDS / sizeof *KINDS);
}

static void plays_over_ipv6(void **state)
{
    (void)state;
    play_over(PEER_UDP6, RIG_MARK_REINVITE, KINDS, sizeof KINDS / sizeof *KINDS);
}

static void plays_over_tcp_and_ipv6(void **state)
{
    (void)state;
    play_over(PEER_TCP6, RIG_MARK_REINVITE, KINDS, sizeof KINDS / sizeof *KINDS);
}

/* The callers are told over TCP, too. */
static void plays_quiet_over_tcp(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"Agw", 60, 0.2, 0.6, -1, 60, 60, false, RIG_CALLER_HUNG_UP_RINGING, RIG_AGENT_CANCELLED},
        {"Aghw", 60, 0.4, 0.4, -1, 0.9, 0.1, false, RIG_CALLER_HUNG_UP_TALK,
         RIG_AGENT_CENTRE_ENDED}};
    play_over(PEER_TCP, RIG_MARK_QUIET, kinds, sizeof kinds / sizeof *kinds);
}

/* The INVITE of the planned instant is the first one; what follows rests on the second. */
static void authenticates(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"CF", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1},
        {"C1", 0.4, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
        {"DAq", 60, 0.3, 60, -1, 60, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
        {"CAqgrhI", 60, 60, 60, -1, 0.3, 0.1, false, RIG_CALLER_HUNG_UP_TALK,
         RIG_AGENT_CENTRE_ENDED},
        {"DAqB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE, -1},
        {"AqB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE, -1}};
    room_set_up(&room, kinds, sizeof kinds / sizeof *kinds, 4);
    room.scenario->callers.auth = (rig_auth){.user = (char *)PEER_USER, .password = (char *)PEER_PASSWORD};
    room_start_peer(&room, PEER_UDP);
    room_play(&room);
    room_check(&room);
}

/* A wrong password is asked for again, and then it is a refusal. */
static void is_refused_with_a_wrong_password(void **state)
{
    (void)state;
    static const kind kinds[] = {{"CA", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1}};
    room_set_up(&room, kinds, 1, 8);
    room.scenario->callers.auth = (rig_auth){.user = (char *)PEER_USER, .password = (char *)"guess"};
    room_start_peer(&room, PEER_UDP);
    room_play(&room);
    room_check(&room);
}

/* Digits are keyed in the menu, at their time; not once the call has left it. */
static void keys_digits(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"A", 60, 60, 60, 1.5, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
        {"Aq", 60, 1.5, 60, -1, 60, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1}};
    room_set_up(&room, kinds, sizeof kinds / sizeof *kinds, 1);
    room.scenario->callers.dtmf = (rig_dtmf){(char *)"1#*", 2 * 0.5};
    room_start_peer(&room, PEER_UDP);
    room_play(&room);
    room_check(&room);
    assert_string_equal(room.counts.digits, "1#*");
}

static void see_rtp(void *ctx, int linktype, int64_t t_ns, const uint8_t *data, size_t caplen,
                    size_t len)
{
    enum { HEADERS = 14 + 20 + 8, RTP_HEADER = 12, SAMPLES = 160 };
    size_t *n = ctx;
    (void)linktype;
    (void)t_ns;
    (void)len;
    if (caplen == HEADERS + RTP_HEADER + SAMPLES && data[HEADERS] == 0x80 &&
        (data[HEADERS + 1] & 0x7f) == 0)
        ++*n;
}

/* G.711 of 20 ms a packet, from the answer to the hang-up, to where the answer's description says.
 */
static void sends_audio(void **state)
{
    (void)state;
    static const kind kinds[] = {{"A", 60, 60, 60, 1.0, 60, 60, false, RIG_CALLER_SELF_SERVED, -1}};
    enum { N = 4 };
    const uint16_t port = 9; /* of the peer's description */
    size_t n_rtp = 0;
    rig_recorder *capture = NULL;
    room_set_up(&room, kinds, 1, N);
    room.scenario->callers.has_audio = true;
    room_start_peer(&room, PEER_UDP);
    if (room.can_capture)
        assert_int_equal(rig_recorder_start("lo", &port, 1, 0, "/tmp/rig-rtp.pcap", see_rtp, &n_rtp,
                                            &capture, NULL),
                         RIG_OK);
    room_play(&room);
    room_check(&room);
    if (capture != NULL) {
        rig_recorder_totals totals;
        assert_int_equal(rig_recorder_stop(capture, &totals, NULL), RIG_OK);
        assert_int_equal(remove("/tmp/rig-rtp.pcap"), 0);
        assert_in_range(n_rtp, N * 25, N * 60); /* 50 a second and call; a busy host sends fewer */
    }
}

/* The example that is shipped, in the place of ours. */
static void plays_an_own_scenario(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"A", 60, 60, 60, -1, 0.3, 60, false, RIG_CALLER_HUNG_UP_UNMARKED, -1},
        {"F", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1}};
    room_set_up(&room, kinds, sizeof kinds / sizeof *kinds, 4);
    room.scenario->callers.sipp_xml = (char *)PEAKRIG_SOURCE "/scenarios/examples/own-caller.xml";
    room_start_peer(&room, PEER_UDP);
    room_play(&room);
    room_check(&room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(plays_over_tcp, tear_down),
        cmocka_unit_test_teardown(plays_over_ipv6, tear_down),
        cmocka_unit_test_teardown(plays_over_tcp_and_ipv6, tear_down),
        cmocka_unit_test_teardown(plays_quiet_over_tcp, tear_down),
        cmocka_unit_test_teardown(authenticates, tear_down),
        cmocka_unit_test_teardown(is_refused_with_a_wrong_password, tear_down),
        cmocka_unit_test_teardown(keys_digits, tear_down),
        cmocka_unit_test_teardown(sends_audio, tear_down),
        cmocka_unit_test_teardown(plays_an_own_scenario, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
