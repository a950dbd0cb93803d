/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The agents' side of docs/wire-contract.md: ringing, answering, talking, wrapping up, and phones
 * that do not play along. */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

/* A caller in the queue, whom an idle agent's phone is about to be rung for. */
static void queue_caller(peer_centre *centre, peer_dialog *caller, unsigned k)
{
    peer_call_answered(centre, caller, k);
    peer_expect_stage(caller, "queue");
}

/* A caller who talks with agent `agent`. */
static void talk(peer_centre *centre, peer_dialog *caller, peer_dialog *phone, unsigned k,
                 unsigned agent)
{
    peer_message invite;
    queue_caller(centre, caller, k);
    peer_phone_rings(centre, phone, &invite, agent, caller);
    peer_phone_answers(phone, &invite, caller);
}

static void the_agents_invite_carries_the_caller(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    peer_message invite;
    char from[64];
    peer_centre_start(centre);
    queue_caller(centre, &caller, 42);
    peer_expect(&centre->phones, "INVITE ", &invite);
    (void)snprintf(from, sizeof from, "<sip:7042@127.0.0.1:%u>;tag=", centre->port);
    assert_memory_equal(peer_header(&invite, "From"), from, strlen(from));
    (void)snprintf(from, sizeof from, "<sip:agent1@127.0.0.1:%u>", centre->phones.port);
    assert_string_equal(peer_header(&invite, "To"), from);
    assert_string_equal(peer_header(&invite, "X-Caller-Call-ID"), "call-42");
    assert_string_not_equal(peer_header(&invite, "Call-ID"), "call-42");
    assert_string_equal(peer_header(&invite, "Content-Type"), "application/sdp");
    assert_non_null(strstr(peer_body(&invite), "s=caller-42\r\n"));
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_agent_invites, 1);
    assert_int_equal(centre->counts.n_agent_rings, 0);
}

static void the_caller_ends_the_talk(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_centre_start(centre);
    talk(centre, &caller, &phone, 0, 1);
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    talk(centre, &caller, &phone, 1, 1); /* no wrap-up: the agent is idle again */
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 2);
    assert_int_equal(centre->counts.n_ended_by_caller, 2);
    assert_int_equal(centre->counts.n_ended_by_agent, 0);
    assert_int_equal(centre->counts.n_peak_agents, 1);
    assert_int_equal(centre->counts.n_up_at_stop, 0);
    assert_int_equal(centre->counts.n_sip_errors, 0);
}

static void the_agent_ends_the_talk(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message m;
    peer_centre_start(centre);
    talk(centre, &caller, &phone, 0, 1);
    peer_hang_up(&phone);
    peer_expect_bye(&caller, "16");
    peer_request(&caller, "OPTIONS", "", NULL);
    peer_expect_in(&caller, "SIP/2.0 ", "OPTIONS",
                   &m); /* no longer a dialog, but still an answer */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 1);
    assert_int_equal(centre->counts.n_ended_by_agent, 1);
    assert_int_equal(centre->counts.n_ended_by_caller, 0);
    assert_int_equal(centre->counts.n_dropped, 0);
}

static void update_may_mark_the_answer(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message m, invite;
    centre->scenario.target.marks = RIG_MARK_UPDATE;
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_reply(&centre->phones, &invite, "200 OK", phone.local_tag, "", NULL);
    peer_expect_in(&phone, "ACK ", "ACK", &m);
    peer_expect_in(&caller, "UPDATE ", "UPDATE", &m);
    peer_reply(&centre->callers, &m, "200 OK", "", "", NULL);
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 1);
}

static void a_phone_that_answers_without_ringing_is_marked_all_the_same(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message m, invite;
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_expect(&centre->phones, "INVITE ", &invite);
    peer_phone_dialog(&phone, &centre->phones, &invite);
    peer_reply(&centre->phones, &invite, "200 OK", phone.local_tag, "", NULL);
    peer_expect_in(&phone, "ACK ", "ACK", &m);
    peer_expect_stage(&caller, "ringing");
    peer_expect_in(&caller, "INVITE ", "INVITE", &m);
    /* The phone gave no session: the centre's own takes its place. */
    assert_non_null(strstr(peer_body(&m), "s=peakrig\r\n"));
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_agent_rings, 1);
    assert_int_equal(centre->counts.n_talks, 1);
}

static void an_agent_who_does_not_answer_is_skipped(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second, phone[2];
    peer_message invite[2];
    centre->agents.n_agents = 2;
    centre->agents.ring_timeout_s = 4;
    centre->scenario.time_scale = 20; /* 0.2 s */
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    queue_caller(centre, &first, 0);
    peer_phone_rings(centre, &phone[0], &invite[0], 1, &first);
    peer_accept_cancel(&phone[0], &invite[0]);
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) >= 0.2);
    peer_expect_stage(&first, "queue");
    peer_phone_rings(centre, &phone[1], &invite[1], 2, &first);
    peer_phone_answers(&phone[1], &invite[1], &first);
    /* Agent 1 is idle again, the last of the idle. */
    talk(centre, &second, &phone[0], 1, 1);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_agent_invites, 3);
    assert_int_equal(centre->counts.n_agent_rings, 3);
    assert_int_equal(centre->counts.n_ring_timeouts, 1);
    assert_int_equal(centre->counts.n_talks, 2);
    assert_int_equal(centre->counts.n_queued, 2);
    assert_int_equal(centre->counts.n_agent_failures, 0);
}

static void a_skipped_call_that_nobody_waits_beside_is_looked_at_at_once(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone[2];
    peer_message invite[2];
    centre->agents.n_agents = 2;
    centre->agents.ring_timeout_s = 0.2;
    centre->scenario.queue.look_every_s = 60; /* longer than a peer waits */
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone[0], &invite[0], 1, &caller);
    peer_accept_cancel(&phone[0], &invite[0]);
    peer_expect_stage(&caller, "queue");
    peer_phone_rings(centre, &phone[1], &invite[1], 2, &caller);
    peer_phone_answers(&phone[1], &invite[1], &caller);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 1);
}

static void the_skipped_call_goes_before_the_waiting_one(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second, phone;
    peer_message invite, m;
    centre->agents.ring_timeout_s = 0.2;
    centre->agents.rest_s = 0.5;         /* the only agent: not rung again before */
    centre->scenario.queue.capacity = 1; /* the first finds its place again although one waits */
    peer_centre_start(centre);
    queue_caller(centre, &first, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &first);
    queue_caller(centre, &second, 1);
    int64_t skipped_ns = rig_clock_monotonic_ns();
    peer_accept_cancel(&phone, &invite);
    peer_expect_stage(&first, "queue");
    peer_expect(&centre->phones, "INVITE ", &m);
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - skipped_ns) >= 0.5);
    assert_string_equal(peer_header(&m, "X-Caller-Call-ID"), first.call_id);
    peer_centre_stop(centre);
    assert_true(centre->counts.n_ring_timeouts >= 1);
    assert_int_equal(centre->counts.n_peak_waiting, 2);
}

static void a_caller_who_hangs_up_while_it_rings_frees_the_agent(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    centre->agents.wrap_up.mean_s = PEER_FOREVER_S; /* there is none without a talk */
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_hang_up(&caller);
    peer_accept_cancel(&phone, &invite);
    queue_caller(centre, &caller, 1);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_ringing, 1);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 0);
    assert_int_equal(centre->counts.n_ring_timeouts, 0);
}

static void the_agent_wraps_up_after_the_talk(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second, phone;
    peer_message invite;
    centre->agents.wrap_up.mean_s = 3;
    centre->scenario.time_scale = 10; /* 0.3 s */
    peer_centre_start(centre);
    talk(centre, &first, &phone, 0, 1);
    queue_caller(centre, &second, 1);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_hang_up(&first);
    peer_expect_bye(&phone, "16");
    peer_expect(&centre->phones, "INVITE ", &invite);
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) >= 0.3);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_agent_invites, 2);
}

static void a_phone_that_refuses_rests_and_the_call_stays_first(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second, phone;
    peer_message invite, m;
    centre->scenario.time_scale = 4; /* rest of 1 s: 0.25 s */
    peer_centre_start(centre);
    queue_caller(centre, &first, 0);
    peer_expect(&centre->phones, "INVITE ", &invite);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_reply(&centre->phones, &invite, "486 Busy Here", "phone", "", NULL);
    peer_expect(&centre->phones, "ACK ", &m);
    queue_caller(centre, &second, 1);
    /* It did not ring: the caller has heard of nothing. Again, and now it rings before it refuses.
     */
    peer_phone_rings(centre, &phone, &invite, 1, &first);
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) >= 0.25);
    peer_reply(&centre->phones, &invite, "603 Decline", phone.local_tag, "", NULL);
    peer_expect_stage(&first, "queue");
    peer_expect(&centre->phones, "ACK ", &m);
    peer_phone_rings(centre, &phone, &invite, 1, &first);
    peer_phone_answers(&phone, &invite, &first);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_agent_failures, 2);
    assert_int_equal(centre->counts.n_agent_invites, 3);
    assert_int_equal(centre->counts.n_agent_rings, 2);
    assert_int_equal(centre->counts.n_talks, 1);
}

static void an_unreachable_phone_makes_no_hot_loop(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller;
    centre->options.agents_port = 9; /* the discard port: nobody listens there */
    centre->agents.n_agents = 3;
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_expect_silence(&centre->callers, 1300);
    peer_hang_up(&caller);
    peer_centre_stop(centre);
    /* Each agent once, and once more after the rest of 1 s. */
    assert_in_range(centre->counts.n_agent_failures, 3, 30);
    assert_int_equal(centre->counts.n_agent_rings, 0);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 1);
}

static void the_queue_time_out_spares_a_call_that_rings(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    centre->scenario.queue.timeout_s = 0.1;
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_expect_silence(&centre->callers, 300);
    peer_phone_answers(&phone, &invite, &caller);
    peer_expect_silence(&centre->callers, 300);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queue_timeout, 0);
    assert_int_equal(centre->counts.n_talks, 1);
}

static void the_queue_time_out_takes_effect_on_return_to_the_queue(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    centre->scenario.queue.timeout_s = 0.1;
    centre->agents.ring_timeout_s = 0.4;
    centre->agents.n_agents = 2; /* another is idle: the call must end all the same */
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_accept_cancel(&phone, &invite);
    peer_expect_stage(&caller, "queue");
    peer_expect_bye(&caller, "102");
    peer_expect_silence(&centre->phones, 100);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queue_timeout, 1);
    assert_int_equal(centre->counts.n_ring_timeouts, 1);
    assert_int_equal(centre->counts.n_agent_invites, 1);
}

static void the_stop_ends_every_call_in_its_own_way(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone[2], ringing, queued, unanswered;
    peer_message invite, m;
    centre->agents.n_agents = 2;
    centre->scenario.ivr.n_ports = 2; /* the two who wait hold them */
    peer_centre_start(centre);
    talk(centre, &talking, &phone[0], 0, 1);
    queue_caller(centre, &ringing, 1);
    peer_phone_rings(centre, &phone[1], &invite, 2, &ringing);
    queue_caller(centre, &queued, 2);
    peer_call(centre, &unanswered, 3);
    peer_expect_in(&unanswered, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&unanswered, "SIP/2.0 180 ", "INVITE", &m);

    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_centre_tell_stop(centre);
    /* The newest first. */
    peer_expect_in(&unanswered, "SIP/2.0 503 ", "INVITE", &m);
    assert_string_equal(peer_header(&m, "Reason"), "Q.850;cause=41;text=\"Temporary failure\"");
    peer_expect_bye(&queued, "41");
    peer_expect_bye(&ringing, "41");
    peer_expect_bye(&talking, "41");
    peer_accept_cancel(&phone[1], &invite);
    peer_expect_bye(&phone[0], "41");
    peer_centre_stop(centre);
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) < 25);
    assert_int_equal(centre->counts.n_up_at_stop, 4);
    assert_int_equal(centre->counts.n_stopped_answered, 3);
    assert_int_equal(centre->counts.n_stopped_unanswered, 1);
    assert_int_equal(centre->counts.n_dropped, 0);
}

static void a_port_in_use_is_told_by_name(void **state)
{
    peer_centre *centre = *state;
    char text[64];
    centre->options.listen_port = centre->callers.port; /* our own socket sits there */
    rig_error err = {0};
    rig_callcentre_counts counts;
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, &counts, &err),
                     RIG_EENV);
    (void)snprintf(text, sizeof text, "cannot listen on 127.0.0.1:%u/udp", centre->callers.port);
    assert_memory_equal(err.text, text, strlen(text));
    centre->options.listen_port = 0;
    centre->options.agents_port = 0;
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, &counts, &err),
                     RIG_EDOM);
    centre->options.agents_port = 9;
    centre->options.listen_host = "host.invalid";
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, &counts, &err),
                     RIG_EENV);
    centre->options.listen_host = "0.0.0.0";
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, &counts, &err),
                     RIG_EDOM);
    centre->options.listen_host = NULL;
    centre->trunks[0].n_circuits = 0;
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, &counts, &err),
                     RIG_EDOM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(the_agents_invite_carries_the_caller),
        PEER_TEST(the_caller_ends_the_talk),
        PEER_TEST(the_agent_ends_the_talk),
        PEER_TEST(update_may_mark_the_answer),
        PEER_TEST(a_phone_that_answers_without_ringing_is_marked_all_the_same),
        PEER_TEST(an_agent_who_does_not_answer_is_skipped),
        PEER_TEST(a_skipped_call_that_nobody_waits_beside_is_looked_at_at_once),
        PEER_TEST(the_skipped_call_goes_before_the_waiting_one),
        PEER_TEST(a_caller_who_hangs_up_while_it_rings_frees_the_agent),
        PEER_TEST(the_agent_wraps_up_after_the_talk),
        PEER_TEST(a_phone_that_refuses_rests_and_the_call_stays_first),
        PEER_TEST(an_unreachable_phone_makes_no_hot_loop),
        PEER_TEST(the_queue_time_out_spares_a_call_that_rings),
        PEER_TEST(the_queue_time_out_takes_effect_on_return_to_the_queue),
        PEER_TEST(the_stop_ends_every_call_in_its_own_way),
        PEER_TEST(a_port_in_use_is_told_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
