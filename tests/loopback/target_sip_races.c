/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that cross, come again, come late or never. */
#include "target_peer.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

static void read_remote_tag(peer_dialog *dialog, const peer_message *response)
{
    const char *at = strstr(peer_header(response, "To"), ";tag=");
    assert_non_null(at);
    (void)snprintf(dialog->remote_tag, sizeof dialog->remote_tag, "%s", at + 5);
}

/* A caller whose agent's phone rings. */
static void ring(peer_centre *centre, peer_dialog *caller, peer_dialog *phone, peer_message *invite,
                 unsigned k)
{
    peer_call_answered(centre, caller, k);
    peer_expect_stage(caller, "queue");
    peer_phone_rings(centre, phone, invite, 1, caller);
}

/* The agent has answered, and the caller has the centre's re-INVITE, still unanswered. */
static void ring_and_answer(peer_centre *centre, peer_dialog *caller, peer_dialog *phone,
                            peer_message *reinvite, unsigned k)
{
    peer_message invite, m;
    ring(centre, caller, phone, &invite, k);
    peer_reply(&centre->phones, &invite, "200 OK", phone->local_tag, "", NULL);
    peer_expect_in(phone, "ACK ", "ACK", &m);
    peer_expect_in(caller, "INVITE ", "INVITE", reinvite);
}

static void the_agents_200_crosses_our_cancel(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite, m;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_hang_up(&caller);
    peer_expect_in(&phone, "CANCEL ", "CANCEL", &m);
    peer_reply(&centre->phones, &invite, "200 OK", phone.local_tag, "", NULL);
    peer_reply(&centre->phones, &m, "481 Call/Transaction Does Not Exist", "", "", NULL);
    peer_expect_in(&phone, "ACK ", "ACK", &m);
    peer_expect_bye(&phone, "16");
    ring(centre, &caller, &phone, &invite, 1); /* the agent is free again */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_crossed_cancels, 1);
    assert_int_equal(centre->counts.n_talks, 0);
    assert_int_equal(centre->counts.n_abandoned_ringing, 1);
}

static void the_callers_cancel_crosses_our_200(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    peer_message m;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    peer_call(centre, &caller, 0);
    peer_request(&caller, "CANCEL", NULL, NULL);
    peer_expect_in(&caller, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INVITE", &m);
    read_remote_tag(&caller, &m);
    peer_expect_in(&caller, "SIP/2.0 481 ", "CANCEL", &m);
    peer_ack(&caller);
    peer_hang_up(&caller);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_answered, 1);
    assert_int_equal(centre->counts.n_cancelled, 0);
    assert_int_equal(centre->counts.n_ended_in_menu, 1);
}

static void a_cancel_before_any_answer_of_the_phone_is_sent_late(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite, m;
    peer_centre_start(centre);
    peer_call_answered(centre, &caller, 0);
    peer_expect_stage(&caller, "queue");
    peer_expect(&centre->phones, "INVITE ", &invite);
    peer_phone_dialog(&phone, &centre->phones, &invite);
    peer_hang_up(&caller);
    peer_expect_silence(&centre->phones, 50); /* RFC 3261, 9.1 */
    peer_reply(&centre->phones, &invite, "180 Ringing", phone.local_tag, "", NULL);
    peer_expect_in(&phone, "CANCEL ", "CANCEL", &m);
    peer_reply(&centre->phones, &m, "200 OK", phone.local_tag, "", NULL);
    peer_reply(&centre->phones, &invite, "487 Request Terminated", phone.local_tag, "", NULL);
    peer_expect_in(&phone, "ACK ", "ACK", &m);
    ring(centre, &caller, &phone, &invite, 1);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 1); /* nothing rang */
    assert_int_equal(centre->counts.n_agent_rings, 1);
}

static void the_caller_hangs_up_while_our_reinvite_is_open(void **state)
{
    static const char *const answers[] = {"487 Request Terminated", "200 OK"};
    peer_centre *centre = *state;
    peer_message reinvite, m;
    peer_centre_start(centre);
    for (unsigned k = 0; k < 2; k++) {
        peer_dialog caller, phone;
        ring_and_answer(centre, &caller, &phone, &reinvite, k);
        peer_hang_up(&caller);
        peer_expect_bye(&phone, "16");
        peer_reply(&centre->callers, &reinvite, answers[k], "", "", NULL);
        peer_expect_in(&caller, "ACK ", "ACK", &m);
    }
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 2);
    assert_int_equal(centre->counts.n_ended_by_caller, 2);
    assert_int_equal(centre->counts.n_dropped, 0);
}

static void a_reinvite_that_meets_another_is_sent_again(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message reinvite, m;
    peer_centre_start(centre);
    ring_and_answer(centre, &caller, &phone, &reinvite, 0);
    /* The caller's own re-INVITE meets it: both get 491 (RFC 3261, 14). */
    peer_request(&caller, "INVITE", "", "v=0\r\n");
    peer_expect_in(&caller, "SIP/2.0 491 ", "INVITE", &m);
    peer_ack(&caller);
    peer_reply(&centre->callers, &reinvite, "491 Request Pending", "", "", NULL);
    peer_expect_in(&caller, "ACK ", "ACK", &m);
    peer_expect_in(&caller, "INVITE ", "INVITE", &m);
    assert_string_not_equal(peer_header(&m, "CSeq"), peer_header(&reinvite, "CSeq"));
    peer_reply(&centre->callers, &m, "200 OK", "", "", NULL);
    peer_expect_in(&caller, "ACK ", "ACK", &m);
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_mark_retries, 1);
    assert_int_equal(centre->counts.n_ended_by_caller, 1);
}

static void a_reinvite_that_fails_leaves_the_call_as_it_was(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message reinvite, m;
    peer_centre_start(centre);
    ring_and_answer(centre, &caller, &phone, &reinvite, 0);
    peer_reply(&centre->callers, &reinvite, "488 Not Acceptable Here", "", "", NULL);
    peer_expect_in(&caller, "ACK ", "ACK", &m);
    peer_expect_silence(&centre->callers, 100);
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_dropped, 0);
    assert_int_equal(centre->counts.n_mark_retries, 0);
}

static void a_reinvite_to_a_caller_who_is_gone_drops_the_call(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message reinvite, m;
    peer_centre_start(centre);
    ring_and_answer(centre, &caller, &phone, &reinvite, 0);
    peer_reply(&centre->callers, &reinvite, "481 Call/Transaction Does Not Exist", "", "", NULL);
    peer_expect_in(&caller, "ACK ", "ACK", &m);
    peer_expect_bye(&caller, "41");
    peer_expect_bye(&phone, "41");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_dropped, 1);
    assert_int_equal(centre->counts.n_talks, 1);
    assert_int_equal(centre->counts.n_ended_by_caller + centre->counts.n_ended_by_agent, 0);
}

static void two_byes_cross(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message reinvite, to_caller, to_phone, m;
    peer_centre_start(centre);
    ring_and_answer(centre, &caller, &phone, &reinvite, 0);
    peer_reply(&centre->callers, &reinvite, "200 OK", "", "", NULL);
    peer_expect_in(&caller, "ACK ", "ACK", &m);
    /* The agent hangs up; the caller's BYE crosses ours. */
    peer_hang_up(&phone);
    peer_expect_in(&caller, "BYE ", "BYE", &to_caller);
    peer_hang_up(&caller);
    peer_reply(&centre->callers, &to_caller, "200 OK", "", "", NULL);
    /* The other way about. */
    ring_and_answer(centre, &caller, &phone, &reinvite, 1);
    peer_reply(&centre->callers, &reinvite, "200 OK", "", "", NULL);
    peer_expect_in(&caller, "ACK ", "ACK", &m);
    peer_hang_up(&caller);
    peer_expect_in(&phone, "BYE ", "BYE", &to_phone);
    peer_hang_up(&phone);
    peer_reply(&centre->phones, &to_phone, "481 Call/Transaction Does Not Exist", "", "", NULL);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ended_by_agent, 1);
    assert_int_equal(centre->counts.n_ended_by_caller, 1);
    assert_int_equal(centre->counts.n_unknown_dialog, 0);
}

static void what_comes_again_is_answered_again(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite, m;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_reply(&centre->phones, &invite, "200 OK", phone.local_tag, "", NULL);
    peer_expect_in(&phone, "ACK ", "ACK", &m);
    peer_reply(&centre->phones, &invite, "200 OK", phone.local_tag, "", NULL);
    peer_expect_in(&phone, "ACK ", "ACK", &m);

    peer_expect_in(&caller, "INVITE ", "INVITE", &invite);
    peer_reply(&centre->callers, &invite, "200 OK", "", "", NULL);
    peer_expect_in(&caller, "ACK ", "ACK", &m);
    peer_reply(&centre->callers, &invite, "200 OK", "", "", NULL);
    peer_expect_in(&caller, "ACK ", "ACK", &m);

    peer_hang_up(&caller);
    size_t n_again = centre->callers.n_again;
    caller.cseq--; /* the same BYE, byte for byte */
    peer_request(&caller, "BYE", "", NULL);
    peer_expect_bye(&phone, "16");
    peer_call_answered(centre, &caller, 1); /* so that the second 200 has come */
    assert_true(centre->callers.n_again > n_again);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_acks_again, 2);
    assert_int_equal(centre->counts.n_talks, 1);
    assert_int_equal(centre->counts.n_ended_by_caller, 1);
    assert_int_equal(centre->counts.n_unknown_dialog, 0);
}

/* An agent's phone that another one answers for as well, or that answers when it was given up. */
static void an_answer_that_nobody_waits_for_is_hung_up(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite, m;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_reply(&centre->phones, &invite, "486 Busy Here", phone.local_tag, "", NULL);
    peer_expect_in(&phone, "ACK ", "ACK", &m);
    peer_reply(&centre->phones, &invite, "200 OK", "other", "", NULL);
    peer_expect_in(&phone, "ACK ", "ACK", &m);
    assert_non_null(strstr(m.text, "tag=other"));
    peer_expect_in(&phone, "BYE ", "BYE", &m);
    assert_non_null(strstr(m.text, "tag=other"));
    peer_expect_stage(&caller, "queue");
    peer_hang_up(&caller);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_late_answers, 1);
    assert_int_equal(centre->counts.n_acks_again, 0);
    assert_int_equal(centre->counts.n_talks, 0);
}

static void our_200_comes_again_until_its_ack_and_the_menu_waits_for_it(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    peer_message m;
    centre->scenario.queue.capacity = 1;
    peer_centre_start(centre);
    peer_call(centre, &caller, 0);
    peer_expect_in(&caller, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INVITE", &m);
    read_remote_tag(&caller, &m);
    /* The menu is of 0 s, but no INFO and no BYE may come before the ACK. */
    while (centre->callers.n_again == 0)
        peer_expect_silence(&centre->callers, 100);
    assert_memory_equal(centre->callers.last_again.text, "SIP/2.0 200 ", 12);
    peer_ack(&caller);
    peer_expect_stage(&caller, "queue");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queued, 1);
    assert_int_equal(centre->counts.n_dropped, 0);
}

static void a_bye_may_overtake_the_ack(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    peer_message m;
    peer_centre_start(centre);
    peer_call(centre, &caller, 0);
    peer_expect_in(&caller, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INVITE", &m);
    read_remote_tag(&caller, &m);
    peer_hang_up(&caller);
    caller.cseq = 1;
    peer_ack(&caller);
    peer_expect_silence(&centre->callers, 50);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ended_in_menu, 1);
    assert_int_equal(centre->counts.n_queued, 0);
}

static void requests_within_a_talk_are_answered(void **state)
{
    static const struct {
        const char *method, *body, *status;
    } row[] = {
        {"INFO", NULL, "SIP/2.0 200 "},        {"OPTIONS", NULL, "SIP/2.0 200 "},
        {"UPDATE", NULL, "SIP/2.0 200 "},      {"UPDATE", "v=0\r\n", "SIP/2.0 200 "},
        {"INVITE", "v=0\r\n", "SIP/2.0 200 "}, {"MESSAGE", NULL, "SIP/2.0 405 "},
        {"REFER", NULL, "SIP/2.0 405 "},
    };
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite, m;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_phone_answers(&phone, &invite, &caller);
    caller.cseq = UINT_MAX; /* the next is 0: older than the INVITE (RFC 3261, 12.2.2) */
    peer_request(&caller, "INFO", "", NULL);
    peer_expect_in(&caller, "SIP/2.0 500 ", "INFO", &m);
    caller.cseq = 1;
    peer_dialog *const sides[] = {&caller, &phone};
    const char *const sessions[] = {"s=agent\r\n", "s=caller-0\r\n"};
    for (size_t side = 0; side < 2; side++) {
        for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
            peer_request(sides[side], row[i].method, "", row[i].body);
            peer_expect_in(sides[side], row[i].status, row[i].method, &m);
            if (row[i].body) /* an offer is answered with the other side's session */
                assert_non_null(strstr(peer_body(&m), sessions[side]));
            if (strcmp(row[i].method, "INVITE") == 0)
                peer_ack(sides[side]);
        }
    }
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 1);
    assert_int_equal(centre->counts.n_dropped, 0);
}

static void a_phone_cannot_hang_up_before_it_answers(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite, m;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_request(&phone, "BYE", "", NULL);
    peer_expect_in(&phone, "SIP/2.0 481 ", "BYE", &m);
    peer_phone_answers(&phone, &invite, &caller);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(the_agents_200_crosses_our_cancel),
        PEER_TEST(the_callers_cancel_crosses_our_200),
        PEER_TEST(a_cancel_before_any_answer_of_the_phone_is_sent_late),
        PEER_TEST(the_caller_hangs_up_while_our_reinvite_is_open),
        PEER_TEST(a_reinvite_that_meets_another_is_sent_again),
        PEER_TEST(a_reinvite_that_fails_leaves_the_call_as_it_was),
        PEER_TEST(a_reinvite_to_a_caller_who_is_gone_drops_the_call),
        PEER_TEST(two_byes_cross),
        PEER_TEST(what_comes_again_is_answered_again),
        PEER_TEST(an_answer_that_nobody_waits_for_is_hung_up),
        PEER_TEST(our_200_comes_again_until_its_ack_and_the_menu_waits_for_it),
        PEER_TEST(a_bye_may_overtake_the_ack),
        PEER_TEST(requests_within_a_talk_are_answered),
        PEER_TEST(a_phone_cannot_hang_up_before_it_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
