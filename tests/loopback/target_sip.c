/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The caller's side of docs/wire-contract.md, row by row: circuits, ports, menu, queue, and what
 * belongs to no call. */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

static void strays_are_answered_and_change_nothing(void **state)
{
    peer_centre *centre = *state;
    static const struct {
        const char *method, *to_tag, *answer;
    } row[] = {
        {"OPTIONS", "", "SIP/2.0 200 "},      {"BYE", "", "SIP/2.0 481 "},
        {"BYE", ";tag=x", "SIP/2.0 481 "},    {"INFO", ";tag=x", "SIP/2.0 481 "},
        {"UPDATE", ";tag=x", "SIP/2.0 481 "}, {"INVITE", ";tag=x", "SIP/2.0 481 "},
        {"CANCEL", "", "SIP/2.0 481 "},       {"REGISTER", "", "SIP/2.0 405 "},
        {"MESSAGE", "", "SIP/2.0 405 "},
    };
    peer_message m;
    peer_centre_start(centre);
    peer_send(&centre->callers, "this is not SIP\r\n\r\n");
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        peer_send(
            &centre->callers,
            "%s sip:800@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bK%zu\r\n"
            "From: <sip:a@b>;tag=1\r\nTo: <sip:800@b>%s\r\nCall-ID: stray-%zu\r\n"
            "CSeq: 1 %s\r\nContact: <sip:a@127.0.0.1:%u>\r\nMax-Forwards: 70\r\n"
            "Content-Length: 0\r\n\r\n",
            row[i].method, centre->callers.port, i, row[i].to_tag, i, row[i].method,
            centre->callers.port);
        /* A stray ACK gets no answer: the next row's must be the next to come. */
        peer_send(
            &centre->callers,
            "ACK sip:800@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:%u;branch=z9hG4bKa%zu\r\n"
            "From: <sip:a@b>;tag=1\r\nTo: <sip:800@b>;tag=y\r\nCall-ID: ack-%zu\r\n"
            "CSeq: 1 ACK\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n",
            centre->callers.port, i, i);
        peer_expect(&centre->callers, row[i].answer, &m);
        char cseq[32];
        (void)snprintf(cseq, sizeof cseq, "1 %s", row[i].method);
        assert_string_equal(peer_header(&m, "CSeq"), cseq);
        if (strncmp(row[i].answer, "SIP/2.0 481", 11) != 0)
            assert_non_null(strstr(peer_header(&m, "Allow"), "INVITE"));
    }
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_offered, 0);
    assert_int_equal(centre->counts.n_pings, 1);
    assert_int_equal(centre->counts.n_unknown_dialog, 6);
    assert_int_equal(centre->counts.n_sip_errors, 1);
}

static void beyond_the_last_circuit_is_503_with_cause_34(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call[3], refused;
    peer_message m;
    centre->scenario.n_trunks = 2;
    centre->trunks[0].n_circuits = 1;
    centre->trunks[1].n_circuits = 1;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    peer_call_answered(centre, &call[0], 0);
    peer_call_answered(centre, &call[1], 1);

    peer_call(centre, &refused, 2);
    peer_expect_in(&refused, "SIP/2.0 503 ", "INVITE", &m);
    assert_string_equal(peer_header(&m, "Reason"), "Q.850;cause=34;text=\"No circuit available\"");
    (void)snprintf(refused.remote_tag, sizeof refused.remote_tag, "%s",
                   strstr(peer_header(&m, "To"), ";tag=") + 5);
    peer_request(&refused, "ACK", NULL, NULL);

    peer_hang_up(&call[0]);
    peer_call_answered(centre, &call[2], 3); /* the circuit is free again */
    peer_hang_up(&call[1]);
    peer_hang_up(&call[2]);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_offered, 4);
    assert_int_equal(centre->counts.n_no_circuit, 1);
    assert_int_equal(centre->counts.n_answered, 3);
    assert_int_equal(centre->counts.n_ended_in_menu, 3);
    assert_int_equal(centre->counts.n_peak_circuits, 2);
    assert_int_equal(centre->counts.n_peak_ports, 2);
    assert_int_equal(centre->counts.n_up_at_stop, 0);
    assert_int_equal(centre->counts.n_sip_errors, 0);
}

static void a_free_port_answers_at_once_with_sdp(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call;
    peer_message m;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    peer_call(centre, &call, 0);
    peer_expect_in(&call, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&call, "SIP/2.0 200 ", "INVITE", &m);
    char contact[64];
    (void)snprintf(contact, sizeof contact, "<sip:127.0.0.1:%u", centre->port);
    assert_memory_equal(peer_header(&m, "Contact"), contact, strlen(contact));
    assert_string_equal(peer_header(&m, "Content-Type"), "application/sdp");
    assert_non_null(strstr(peer_body(&m), "c=IN IP4 127.0.0.1\r\n"));
    assert_non_null(strstr(peer_body(&m), "m=audio "));
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_stopped_answered, 1);
}

static void calls_wait_for_a_port_in_their_order(void **state)
{
    peer_centre *centre = *state;
    peer_dialog holder, waiting[3];
    peer_message m;
    centre->scenario.ivr.n_ports = 1;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    peer_call_answered(centre, &holder, 0);
    for (unsigned k = 0; k < 3; k++) {
        peer_call(centre, &waiting[k], k + 1);
        peer_expect_in(&waiting[k], "SIP/2.0 100 ", "INVITE", &m);
        peer_expect_in(&waiting[k], "SIP/2.0 180 ", "INVITE", &m);
    }
    /* The first in line gives up: 200 to CANCEL, 487 to INVITE. */
    peer_request(&waiting[0], "CANCEL", NULL, NULL);
    peer_expect_in(&waiting[0], "SIP/2.0 200 ", "CANCEL", &m);
    peer_expect_in(&waiting[0], "SIP/2.0 487 ", "INVITE", &m);
    (void)snprintf(waiting[0].remote_tag, sizeof waiting[0].remote_tag, "%s",
                   strstr(peer_header(&m, "To"), ";tag=") + 5);
    peer_request(&waiting[0], "ACK", NULL, NULL);
    peer_expect_silence(&centre->callers, 50);

    peer_request(&holder, "BYE", "", NULL);
    peer_expect_in(&holder, "SIP/2.0 200 ", "BYE", &m);
    peer_expect_in(&waiting[1], "SIP/2.0 200 ", "INVITE", &m);
    peer_ack(&waiting[1]);
    peer_expect_silence(&centre->callers, 50); /* there is one port: the third waits on */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_cancelled, 1);
    assert_int_equal(centre->counts.n_answered, 2);
    assert_int_equal(centre->counts.n_stopped_unanswered, 1);
    assert_int_equal(centre->counts.n_peak_ports, 1);
    assert_int_equal(centre->counts.n_peak_circuits, 4);
}

static void an_early_bye_is_a_caller_who_gave_up(void **state)
{
    peer_centre *centre = *state;
    peer_dialog holder, waiting;
    peer_message m;
    centre->scenario.ivr.n_ports = 1;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    peer_call_answered(centre, &holder, 0);
    peer_call(centre, &waiting, 1);
    peer_expect_in(&waiting, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&waiting, "SIP/2.0 180 ", "INVITE", &m);
    (void)snprintf(waiting.remote_tag, sizeof waiting.remote_tag, "%s",
                   strstr(peer_header(&m, "To"), ";tag=") + 5);
    peer_request(&waiting, "BYE", "", NULL);
    peer_expect_in(&waiting, "SIP/2.0 200 ", "BYE", &m);
    peer_expect_in(&waiting, "SIP/2.0 487 ", "INVITE", &m);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_cancelled, 1);
}

static void the_menu_lasts_its_time_divided_by_the_scale(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call;
    centre->scenario.time_scale = 50;
    centre->scenario.ivr.menu.mean_s = 10; /* 0.2 s on the wire */
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_call_answered(centre, &call, 0);
    peer_expect_stage(&call, "queue");
    double took_s = rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns);
    assert_true(took_s >= 0.2);
    assert_true(took_s < 8); /* unscaled it would be 10 s */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queued, 1);
}

/* One agent is busy with call 0 for the rest of the test. */
static void occupy_the_agent(peer_centre *centre, peer_dialog *caller, peer_dialog *phone)
{
    peer_message invite;
    peer_call_answered(centre, caller, 0);
    peer_expect_stage(caller, "queue");
    peer_phone_rings(centre, phone, &invite, 1, caller);
    peer_phone_answers(phone, &invite, caller);
}

static void a_full_queue_says_so_and_hangs_up(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting, third;
    centre->scenario.queue.capacity = 1;
    peer_centre_start(centre);
    occupy_the_agent(centre, &talking, &phone);
    peer_call_answered(centre, &waiting, 1);
    peer_expect_stage(&waiting, "queue");
    peer_call_answered(centre, &third, 2);
    peer_expect_stage(&third, "queue");
    peer_expect_bye(&third, "42");
    peer_hang_up(&waiting);
    peer_call_answered(centre, &third, 3); /* there is room again */
    peer_expect_stage(&third, "queue");
    peer_expect_silence(&centre->callers, 50);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queued, 4);
    assert_int_equal(centre->counts.n_queue_full, 1);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 1);
    assert_int_equal(centre->counts.n_peak_waiting, 1);
}

static void a_call_that_waits_too_long_is_ended(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting;
    centre->scenario.time_scale = 10;
    centre->scenario.queue.timeout_s = 1.5; /* 0.15 s on the wire */
    peer_centre_start(centre);
    occupy_the_agent(centre, &talking, &phone);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_call_answered(centre, &waiting, 1);
    peer_expect_stage(&waiting, "queue");
    peer_expect_bye(&waiting, "102");
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) >= 0.15);
    peer_expect_silence(&centre->callers, 300); /* the one who talks is not timed out */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queue_timeout, 1);
    assert_int_equal(centre->counts.n_stopped_answered, 1);
}

static void a_port_may_be_held_until_an_agent_answers(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second, phone;
    peer_message m, invite;
    centre->scenario.ivr.n_ports = 1;
    peer_centre_start(centre);
    peer_call_answered(centre, &first, 0);
    peer_expect_stage(&first, "queue");
    peer_phone_rings(centre, &phone, &invite, 1, &first);
    peer_call(centre, &second, 1);
    peer_expect_in(&second, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&second, "SIP/2.0 180 ", "INVITE", &m);
    peer_expect_silence(&centre->callers, 50);
    peer_reply(&centre->phones, &invite, "200 OK", phone.local_tag, "", NULL);
    peer_expect_in(&first, "INVITE ", "INVITE", &m);
    peer_expect_in(&second, "SIP/2.0 200 ", "INVITE", &m);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_answered, 2);
    assert_int_equal(centre->counts.n_peak_ports, 1);
}

static void a_port_may_be_freed_at_the_queue(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second, phone;
    peer_message invite;
    centre->scenario.ivr.n_ports = 1;
    centre->scenario.ivr.hold_while_queued = false;
    peer_centre_start(centre);
    peer_call_answered(centre, &first, 0);
    peer_expect_stage(&first, "queue");
    peer_phone_rings(centre, &phone, &invite, 1, &first);
    peer_call_answered(centre, &second, 1);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_answered, 2);
    assert_int_equal(centre->counts.n_peak_ports, 1);
}

static void an_invite_that_comes_again_is_one_call(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call;
    peer_message m;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    peer_call(centre, &call, 0);
    peer_expect_in(&call, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&call, "SIP/2.0 200 ", "INVITE", &m);
    (void)snprintf(call.remote_tag, sizeof call.remote_tag, "%s",
                   strstr(peer_header(&m, "To"), ";tag=") + 5);
    peer_call_again(centre, &call, 0);
    /* A copy by another way has another branch: loop or fork, not a second call. */
    (void)snprintf(call.invite_branch, sizeof call.invite_branch, "z9hG4bK-other");
    peer_call_again(centre, &call, 0);
    peer_expect_in(&call, "SIP/2.0 482 ", "INVITE", &m);
    assert_true(centre->callers.n_again >= 1);
    assert_memory_equal(centre->callers.last_again.text, "SIP/2.0 200 ", 12);
    peer_ack(&call);
    peer_hang_up(&call);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_offered, 1);
    assert_true(centre->counts.n_retransmissions_received >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(strays_are_answered_and_change_nothing),
        PEER_TEST(beyond_the_last_circuit_is_503_with_cause_34),
        PEER_TEST(a_free_port_answers_at_once_with_sdp),
        PEER_TEST(calls_wait_for_a_port_in_their_order),
        PEER_TEST(an_early_bye_is_a_caller_who_gave_up),
        PEER_TEST(the_menu_lasts_its_time_divided_by_the_scale),
        PEER_TEST(a_full_queue_says_so_and_hangs_up),
        PEER_TEST(a_call_that_waits_too_long_is_ended),
        PEER_TEST(a_port_may_be_held_until_an_agent_answers),
        PEER_TEST(a_port_may_be_freed_at_the_queue),
        PEER_TEST(an_invite_that_comes_again_is_one_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
