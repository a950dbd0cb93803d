/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/defects.md, crash: all is lost without a word, nothing answers for a while, then the centre
 * is as new. */
#include "target_peer.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/clock.h"

/* Crashes at 1 s, is back at 1.6 s. */
static const char *const crash = "crash=1:0.6";

static void wait_until(peer_centre *centre, int64_t begin_ns, double at_s)
{
    double left_s = at_s - rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns);
    assert_true(left_s > 0); /* else the machine was too slow for what this tests */
    peer_expect_silence(&centre->callers, (int)(left_s * 1000));
}

/* A datagram to the crashed centre meets no error: its port is occupied. */
static void expect_no_icmp(const peer_centre *centre)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(centre->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof to), 0);
    assert_int_equal(send(fd, "x", 1, 0), 1);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&wait, 1, 30), 0);
    close(fd);
}

static void queue_caller(peer_centre *centre, peer_dialog *caller, unsigned k)
{
    peer_call_answered(centre, caller, k);
    peer_expect_stage(caller, "queue");
}

static void everything_is_lost_without_a_word(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting, unanswered, dead, next, again;
    peer_message m, invite;
    centre->trunks[0].n_circuits = 3;
    centre->scenario.ivr.n_ports = 1;
    centre->agents.wrap_up.mean_s = PEER_FOREVER_S;
    peer_centre_break(centre, crash);
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    queue_caller(centre, &talking, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &talking);
    peer_phone_answers(&phone, &invite, &talking);
    queue_caller(centre, &waiting, 1); /* holds the port */
    peer_call(centre, &unanswered, 2);
    peer_expect_in(&unanswered, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&unanswered, "SIP/2.0 180 ", "INVITE", &m);
    wait_until(centre, begin_ns, 1.2); /* crashed: no BYE, no 500 */
    expect_no_icmp(centre);
    peer_call(centre, &dead, 3);
    wait_until(centre, begin_ns, 1.5);
    peer_expect_silence(&centre->phones, 0);
    peer_expect_silence(&centre->callers, 300); /* back; what was sent to it meanwhile is lost */

    /* As new: three circuits, the port, the agent, and nothing known of what was. */
    peer_call_again(centre, &dead, 3);
    peer_expect_in(&dead, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&dead, "SIP/2.0 200 ", "INVITE", &m);
    peer_take_tag(&dead, &m);
    peer_ack(&dead);
    peer_expect_stage(&dead, "queue");
    peer_phone_rings(centre, &phone, &invite, 1, &dead);
    peer_phone_answers(&phone, &invite, &dead);
    peer_request(&talking, "BYE", "", NULL);
    peer_expect_in(&talking, "SIP/2.0 481 ", "BYE", &m);
    queue_caller(centre, &next, 4);
    peer_call(centre, &again, 5);
    peer_expect_in(&again, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&again, "SIP/2.0 180 ", "INVITE", &m);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_offered, 6);
    assert_int_equal(centre->counts.n_crashed_answered, 2);
    assert_int_equal(centre->counts.n_crashed_unanswered, 1);
    assert_int_equal(centre->counts.n_stopped_answered, 2);
    assert_int_equal(centre->counts.n_stopped_unanswered, 1);
    assert_int_equal(centre->counts.n_unknown_dialog, 1);
    assert_int_equal(centre->counts.n_peak_circuits, 3);
}

/* An agent who was wrapping up is idle after the crash; the wrap-up's end changes nothing. */
static void a_wrap_up_is_forgotten(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, second, phone;
    peer_message invite;
    centre->agents.wrap_up.mean_s = 2.2;
    peer_centre_break(centre, crash);
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_phone_answers(&phone, &invite, &caller);
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    wait_until(centre, begin_ns, 1.7);
    queue_caller(centre, &caller, 1);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) < 2.2);
    wait_until(centre, begin_ns, 2.6);
    queue_caller(centre, &second, 2);
    peer_expect_silence(&centre->phones, 100);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_peak_agents, 1);
}

static void over_tcp_connections_are_lost_too(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_use(centre, RIG_TRANSPORT_TCP, AF_INET);
    peer_centre_break(centre, crash);
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_call_answered(centre, &first, 0);
    size_t connection = centre->callers.current;
    wait_until(centre, begin_ns, 1.8);
    assert_int_equal(centre->callers.connections[connection].fd, -1); /* the centre closed it */
    peer_call_answered(centre, &second, 1);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_crashed_answered, 1);
    assert_int_equal(centre->counts.n_stopped_answered, 1);
}

static void a_stop_may_come_while_it_is_down(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_break(centre, "crash=0.2:1000");
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_call_answered(centre, &call, 0);
    peer_expect_silence(&centre->callers, 400);
    peer_centre_stop(centre);
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) < 60);
    assert_int_equal(centre->counts.n_crashed_answered, 1);
}

static void what_a_defect_holds_is_lost_too(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call;
    peer_centre_break(centre, "slow=0.5");
    peer_centre_break(centre, "crash=0.2:0.1");
    peer_centre_start(centre);
    peer_call(centre, &call, 0);
    peer_expect_silence(&centre->callers, 700);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_offered, 1);
    assert_int_equal(centre->counts.n_crashed_unanswered, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(everything_is_lost_without_a_word), PEER_TEST(a_wrap_up_is_forgotten),
        PEER_TEST(over_tcp_connections_are_lost_too), PEER_TEST(a_stop_may_come_while_it_is_down),
        PEER_TEST(what_a_defect_holds_is_lost_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
