/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The profile "early" of docs/wire-contract.md: nothing is answered before an agent answers. */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

static int setup(void **state)
{
    if (peer_setup(state) != 0)
        return -1;
    peer_centre *centre = *state;
    centre->scenario.target.marks = RIG_MARK_EARLY;
    return 0;
}

/* INVITE, 100, 183 with the centre's session. */
static void take(peer_centre *centre, peer_dialog *caller, unsigned k)
{
    peer_message m;
    peer_call(centre, caller, k);
    peer_expect_in(caller, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(caller, "SIP/2.0 183 ", "INVITE", &m);
    assert_string_equal(peer_header(&m, "Content-Type"), "application/sdp");
    assert_non_null(strstr(peer_body(&m), "s=peakrig\r\n"));
    peer_take_tag(caller, &m);
}

static void queue_caller(peer_centre *centre, peer_dialog *caller, unsigned k)
{
    take(centre, caller, k);
    peer_expect_provisional(caller, "182", "queue");
}

static void ring(peer_centre *centre, peer_dialog *caller, peer_dialog *phone, peer_message *invite,
                 unsigned k)
{
    queue_caller(centre, caller, k);
    peer_phone_is_rung(centre, phone, invite, 1, caller);
    peer_expect_provisional(caller, "180", "ringing");
}

static void expect_answer(peer_dialog *caller)
{
    peer_message m;
    peer_expect_in(caller, "SIP/2.0 200 ", "INVITE", &m);
    assert_non_null(strstr(peer_body(&m), "s=peakrig\r\n")); /* as the 183 had it */
    peer_ack(caller);
}

static void talk(peer_centre *centre, peer_dialog *caller, peer_dialog *phone, unsigned k)
{
    peer_message invite;
    ring(centre, caller, phone, &invite, k);
    peer_phone_takes(phone, &invite);
    expect_answer(caller);
}

static void the_agents_answer_is_the_answer(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_centre_start(centre);
    talk(centre, &caller, &phone, 0);
    peer_expect_silence(&centre->callers, 60);
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    talk(centre, &caller, &phone, 1);
    peer_hang_up(&phone);
    peer_expect_bye(&caller, "16");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_answered, 2);
    assert_int_equal(centre->counts.n_talks, 2);
    assert_int_equal(centre->counts.n_ended_by_caller, 1);
    assert_int_equal(centre->counts.n_ended_by_agent, 1);
    assert_int_equal(centre->counts.n_sip_errors, 0);
}

static void satisfied_in_the_menu(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    peer_message m;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    take(centre, &caller, 0);
    peer_request(&caller, "INFO", "Content-Type: application/dtmf-relay\r\n", NULL);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INFO", &m);
    caller.cseq = 1; /* CANCEL has the INVITE's number */
    peer_cancel(&caller);
    take(centre, &caller, 1); /* some callers say BYE in the early dialog */
    peer_hang_up(&caller);
    peer_expect_failure(&caller, "487", "");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ended_in_menu, 2);
    assert_int_equal(centre->counts.n_cancelled, 0);
    assert_int_equal(centre->counts.n_keys, 1);
    assert_int_equal(centre->counts.n_up_at_stop, 0);
}

static void abandoned_in_the_queue(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting, next;
    centre->trunks[0].n_circuits = 2;
    peer_centre_start(centre);
    talk(centre, &talking, &phone, 0);
    queue_caller(centre, &waiting, 1);
    peer_cancel(&waiting);
    queue_caller(centre, &next, 2); /* its circuit is free again */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 1);
    assert_int_equal(centre->counts.n_no_circuit, 0);
    assert_int_equal(centre->counts.n_stopped_answered, 2);
}

static void abandoned_while_it_rings(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_cancel(&caller);
    peer_accept_cancel(&phone, &invite);
    ring(centre, &caller, &phone, &invite, 1); /* the agent is idle again */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_ringing, 1);
}

static void an_agent_is_skipped(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    centre->agents.ring_timeout_s = 0.2;
    centre->agents.rest_s = 0.1;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_accept_cancel(&phone, &invite);
    /* The second 182 and 180 are the first ones' equals: to us a retransmission. */
    peer_phone_is_rung(centre, &phone, &invite, 1, &caller);
    peer_phone_takes(&phone, &invite);
    expect_answer(&caller);
    assert_int_equal(centre->callers.n_again, 2);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ring_timeouts, 1);
    assert_int_equal(centre->counts.n_talks, 1);
}

static void a_full_queue_is_486_with_cause_42(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting, third;
    centre->scenario.queue.capacity = 1;
    peer_centre_start(centre);
    talk(centre, &talking, &phone, 0);
    queue_caller(centre, &waiting, 1);
    queue_caller(centre, &third, 2);
    peer_expect_failure(&third, "486", "42");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queue_full, 1);
    assert_int_equal(centre->counts.n_peak_waiting, 1);
}

static void a_queue_time_out_is_480_with_cause_102(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting;
    centre->scenario.queue.timeout_s = 0.15;
    peer_centre_start(centre);
    talk(centre, &talking, &phone, 0);
    queue_caller(centre, &waiting, 1);
    peer_expect_failure(&waiting, "480", "102");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queue_timeout, 1);
}

static void offers_before_the_answer_must_come_later(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    peer_message m;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    take(centre, &caller, 0);
    peer_request(&caller, "UPDATE", "", "v=0\r\n");
    peer_expect_in(&caller, "SIP/2.0 500 ", "UPDATE", &m);
    assert_string_not_equal(peer_header(&m, "Retry-After"), "");
    peer_request(&caller, "UPDATE", "", NULL);
    peer_expect_in(&caller, "SIP/2.0 200 ", "UPDATE", &m);
    peer_centre_stop(centre);
}

/* The agent hangs up before the caller's ACK: no BYE may come before that (RFC 3261, 15). */
static void the_bye_waits_for_the_ack(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message m, invite;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_phone_takes(&phone, &invite);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INVITE", &m);
    peer_hang_up(&phone);
    peer_expect_silence(&centre->callers, 150);
    peer_ack(&caller);
    peer_expect_bye(&caller, "16");
    /* The same, but the caller's own BYE comes first. */
    ring(centre, &caller, &phone, &invite, 1);
    peer_phone_takes(&phone, &invite);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INVITE", &m);
    peer_hang_up(&phone);
    peer_hang_up(&caller);
    caller.cseq = 1;
    peer_ack(&caller);
    peer_expect_silence(&centre->callers, 150);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ended_by_agent, 2);
    assert_int_equal(centre->counts.n_up_at_stop, 0);
}

static void the_stop_refuses_who_is_not_answered(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting;
    peer_centre_start(centre);
    talk(centre, &talking, &phone, 0);
    queue_caller(centre, &waiting, 1);
    peer_centre_tell_stop(centre);
    peer_expect_failure(&waiting, "503", "41");
    peer_expect_bye(&talking, "41");
    peer_expect_bye(&phone, "41");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_stopped_answered, 2);
}

#define EARLY_TEST(f) cmocka_unit_test_setup_teardown(f, setup, peer_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EARLY_TEST(the_agents_answer_is_the_answer),
        EARLY_TEST(satisfied_in_the_menu),
        EARLY_TEST(abandoned_in_the_queue),
        EARLY_TEST(abandoned_while_it_rings),
        EARLY_TEST(an_agent_is_skipped),
        EARLY_TEST(a_full_queue_is_486_with_cause_42),
        EARLY_TEST(a_queue_time_out_is_480_with_cause_102),
        EARLY_TEST(offers_before_the_answer_must_come_later),
        EARLY_TEST(the_bye_waits_for_the_ack),
        EARLY_TEST(the_stop_refuses_who_is_not_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
