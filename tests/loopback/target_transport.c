/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP and IPv6: the calls of docs/wire-contract.md over each transport, and what only a stream can
 * do. */
#include "target_peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/clock.h"

static void queue_caller(peer_centre *centre, peer_dialog *caller, unsigned k)
{
    peer_call_answered(centre, caller, k);
    peer_expect_stage(caller, "queue");
}

/* One call is served, one abandoned in the queue, one while it rings. */
static void calls(peer_centre *centre, rig_transport transport, int family)
{
    peer_dialog caller, waiting, phone;
    peer_message m, invite;
    char contact[96];
    peer_centre_use(centre, transport, family);
    peer_centre_start(centre);

    peer_call(centre, &caller, 0);
    peer_expect_in(&caller, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INVITE", &m);
    (void)snprintf(contact, sizeof contact, "<sip:%s:%u%s", centre->callers.host, centre->port,
                   transport == RIG_TRANSPORT_TCP ? ";transport=tcp" : "");
    assert_memory_equal(peer_header(&m, "Contact"), contact, strlen(contact));
    assert_non_null(strstr(peer_body(&m), family == AF_INET6 ? "\r\nc=IN IP6 ::1\r\n"
                                                             : "\r\nc=IN IP4 127.0.0.1\r\n"));
    peer_take_tag(&caller, &m);
    peer_ack(&caller);
    peer_expect_stage(&caller, "queue");
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_phone_answers(&phone, &invite, &caller);
    queue_caller(centre, &waiting, 1);
    peer_hang_up(&waiting);
    peer_hang_up(&phone);
    peer_expect_bye(&caller, "16");
    queue_caller(centre, &caller, 2);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_hang_up(&caller);
    peer_accept_cancel(&phone, &invite);
    size_t n_to_callers = centre->callers.n_accepted, n_to_phones = centre->phones.n_accepted;
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 1);
    assert_int_equal(centre->counts.n_ended_by_agent, 1);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 1);
    assert_int_equal(centre->counts.n_abandoned_ringing, 1);
    assert_int_equal(centre->counts.n_up_at_stop, 0);
    assert_int_equal(centre->counts.n_sip_errors, 0);
    /* The centre's own requests went by the connections that were open: the callers' own, and one
     * to the phones. */
    assert_int_equal(n_to_callers, 0);
    assert_int_equal(n_to_phones, transport == RIG_TRANSPORT_TCP ? 1 : 0);
}

static void calls_over_udp_6(void **state)
{
    calls(*state, RIG_TRANSPORT_UDP, AF_INET6);
}

static void calls_over_tcp_4(void **state)
{
    calls(*state, RIG_TRANSPORT_TCP, AF_INET);
}

static void calls_over_tcp_6(void **state)
{
    calls(*state, RIG_TRANSPORT_TCP, AF_INET6);
}

static void early_over_tcp(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    peer_message m;
    centre->scenario.target.marks = RIG_MARK_EARLY;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_use(centre, RIG_TRANSPORT_TCP, AF_INET);
    peer_centre_start(centre);
    peer_call(centre, &caller, 0);
    peer_expect_in(&caller, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&caller, "SIP/2.0 183 ", "INVITE", &m);
    peer_cancel(&caller);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ended_in_menu, 1);
}

/* The caller's connection is gone: the centre opens one to his Contact (RFC 3261, 18.1.1). */
static void a_lost_connection_is_replaced(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    centre->scenario.ivr.menu.mean_s = 0.4;
    peer_centre_use(centre, RIG_TRANSPORT_TCP, AF_INET);
    peer_centre_start(centre);
    peer_call_answered(centre, &caller, 0);
    /* The ACK must be there before the connection closes: the OPTIONS' answer says so. */
    peer_message m;
    peer_request(&caller, "OPTIONS", "", NULL);
    peer_expect_in(&caller, "SIP/2.0 200 ", "OPTIONS", &m);
    peer_disconnect(&centre->callers, centre->callers.current);
    peer_expect_stage(&caller, "queue");
    assert_int_equal(centre->callers.n_accepted, 1);
    peer_hang_up(&caller);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 1);
}

/* A stream has no bounds between messages: one in three pieces, two in one piece, keep-alives. */
static void messages_are_cut_out_of_the_stream(void **state)
{
    peer_centre *centre = *state;
    peer_message m;
    char text[2][1024];
    peer_centre_use(centre, RIG_TRANSPORT_TCP, AF_INET);
    peer_centre_start(centre);
    for (int i = 0; i < 2; i++)
        (void)snprintf(text[i], sizeof text[i],
                       "OPTIONS sip:800@127.0.0.1 SIP/2.0\r\n"
                       "Via: SIP/2.0/TCP 127.0.0.1:%u;branch=z9hG4bK%d\r\nFrom: <sip:a@b>;tag=1\r\n"
                       "To: <sip:800@b>\r\nCall-ID: piece-%d\r\nCSeq: 1 OPTIONS\r\n"
                       "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
                       centre->callers.port, i, i);
    size_t n = strlen(text[0]);
    peer_write(&centre->callers, "\r\n\r\n", 4);
    peer_write(&centre->callers, text[0], 30);
    peer_expect_silence(&centre->callers, 30);
    peer_write(&centre->callers, text[0] + 30, n - 40);
    peer_expect_silence(&centre->callers, 30);
    char rest[2048];
    (void)snprintf(rest, sizeof rest, "%s%s", text[0] + n - 10, text[1]);
    peer_write(&centre->callers, rest, strlen(rest));
    for (int i = 0; i < 2; i++) {
        char call_id[16];
        (void)snprintf(call_id, sizeof call_id, "piece-%d", i);
        peer_expect(&centre->callers, "SIP/2.0 200 ", &m);
        assert_string_equal(peer_header(&m, "Call-ID"), call_id);
    }
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_pings, 2);
}

/* A session of 20 kB goes through to the agent's phone, whole. */
static void a_big_message_goes_through(peer_centre *centre, rig_transport transport)
{
    enum { N_BODY = 20000 };
    peer_dialog caller = {.cseq = 0};
    peer_message m, invite;
    char *body = malloc(N_BODY + 1), *text = malloc(N_BODY + 2048);
    assert_non_null(body);
    assert_non_null(text);
    int n = snprintf(body, N_BODY + 1, "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=big\r\nt=0 0\r\na=x:");
    memset(body + n, 'x', (size_t)(N_BODY - n));
    memcpy(body + N_BODY - 6, "end\r\n", 6);
    peer_centre_use(centre, transport, AF_INET);
    peer_centre_start(centre);
    (void)snprintf(caller.call_id, sizeof caller.call_id, "big");
    caller.peer = &centre->callers;
    n = snprintf(
        text, N_BODY + 2048,
        "INVITE sip:800@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/%s 127.0.0.1:%u;branch=z9hG4bKb\r\n"
        "From: <sip:7000@127.0.0.1>;tag=big\r\nTo: <sip:800@127.0.0.1>\r\nCall-ID: big\r\n"
        "CSeq: 1 INVITE\r\nMax-Forwards: 70\r\nContact: <sip:7000@127.0.0.1:%u>\r\n"
        "Content-Type: application/sdp\r\nContent-Length: %zu\r\n\r\n%s",
        centre->callers.via, centre->callers.port, centre->callers.port, strlen(body), body);
    peer_write(&centre->callers, text, (size_t)n);
    peer_expect_in(&caller, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INVITE", &m);
    peer_take_tag(&caller, &m);
    (void)snprintf(caller.target, sizeof caller.target, "sip:127.0.0.1:%u", centre->port);
    (void)snprintf(caller.local, sizeof caller.local, "<sip:7000@127.0.0.1>");
    (void)snprintf(caller.remote, sizeof caller.remote, "<sip:800@127.0.0.1>");
    (void)snprintf(caller.local_tag, sizeof caller.local_tag, "big");
    caller.cseq = 1;
    peer_ack(&caller);
    peer_expect_stage(&caller, "queue");
    peer_expect(&centre->phones, "INVITE ", &invite);
    assert_string_equal(peer_body(&invite), body);
    free(body);
    free(text);
    peer_centre_stop(centre);
}

static void a_big_message_goes_through_udp(void **state)
{
    a_big_message_goes_through(*state, RIG_TRANSPORT_UDP);
}

static void a_big_message_goes_through_tcp(void **state)
{
    a_big_message_goes_through(*state, RIG_TRANSPORT_TCP);
}

static void bad_addresses_are_told_by_name(void **state)
{
    peer_centre *centre = *state;
    rig_error err = {0};
    rig_callcentre_counts counts;
    char text[64];
    centre->options.listen_host = "::1";
    centre->options.agents_host = "127.0.0.1";
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, &counts, &err),
                     RIG_EDOM);
    assert_non_null(strstr(err.text, "127.0.0.1"));
    centre->options.listen_host = "::";
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, &counts, &err),
                     RIG_EDOM);
    peer_centre_use(centre, RIG_TRANSPORT_TCP, AF_INET6);
    centre->options.listen_port = centre->phones.port; /* our own socket sits there */
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, &counts, &err),
                     RIG_EENV);
    (void)snprintf(text, sizeof text, "cannot listen on [::1]:%u/tcp", centre->phones.port);
    assert_memory_equal(err.text, text, strlen(text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(calls_over_udp_6),
        PEER_TEST(calls_over_tcp_4),
        PEER_TEST(calls_over_tcp_6),
        PEER_TEST(early_over_tcp),
        PEER_TEST(a_lost_connection_is_replaced),
        PEER_TEST(messages_are_cut_out_of_the_stream),
        PEER_TEST(a_big_message_goes_through_udp),
        PEER_TEST(a_big_message_goes_through_tcp),
        PEER_TEST(bad_addresses_are_told_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
