/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/defects.md, the agents' defects: as they are seen on the wire, and what they give back. */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

static double since_s(int64_t begin_ns)
{
    return rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns);
}

static void queue_caller(peer_centre *centre, peer_dialog *caller, unsigned k)
{
    peer_call_answered(centre, caller, k);
    peer_expect_stage(caller, "queue");
}

static void a_dead_phone_costs_its_ring_time(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, next, phone;
    peer_message invite;
    centre->agents.n_agents = 2;
    centre->agents.ring_timeout_s = 0.3;
    centre->agents.rest_s = 60;
    peer_centre_break(centre, "dead_agents=1");
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone, &invite, 2, &caller);
    assert_true(since_s(begin_ns) >= 0.3);
    peer_phone_answers(&phone, &invite, &caller);
    queue_caller(centre, &next, 1); /* the dead one rests, the other talks */
    peer_expect_silence(&centre->phones, 400);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_agent_invites, 1);
    assert_int_equal(centre->counts.n_ring_timeouts, 1);
    assert_int_equal(centre->counts.n_peak_agents, 2);
}

static void a_caller_may_leave_a_dead_phone(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    peer_centre_break(centre, "dead_agents=1@0..0.6"); /* the only one */
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_expect_silence(&centre->phones, 50);
    peer_hang_up(&caller);
    peer_expect_silence(&centre->phones, 650);
    queue_caller(centre, &caller, 1);
    peer_phone_rings(centre, &phone, &invite, 1, &caller); /* he was given back */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 1);
    assert_int_equal(centre->counts.n_agent_invites, 1);
    assert_int_equal(centre->counts.n_ring_timeouts, 0);
}

static void the_ring_time_out_is_ignored(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    centre->agents.ring_timeout_s = 0.1;
    peer_centre_break(centre, "no_ring_timeout");
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_expect_silence(&centre->phones, 500);
    peer_hang_up(&caller);
    peer_accept_cancel(&phone, &invite);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ring_timeouts, 0);
    assert_int_equal(centre->counts.n_abandoned_ringing, 1);
}

static void an_agent_is_stuck_after_an_abandon(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    centre->scenario.time_scale = 2;
    peer_centre_break(centre, "stuck_agents=1"); /* 0.5 s */
    peer_centre_start(centre);
    queue_caller(centre, &caller, 0);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_hang_up(&caller);
    peer_accept_cancel(&phone, &invite);
    queue_caller(centre, &caller, 1);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    assert_true(since_s(begin_ns) >= 0.5);
    peer_phone_answers(&phone, &invite, &caller);
    begin_ns = rig_clock_monotonic_ns();
    peer_hang_up(&caller); /* after a talk he is not stuck */
    peer_expect_bye(&phone, "16");
    queue_caller(centre, &caller, 2);
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    assert_true(since_s(begin_ns) < 0.5);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_ringing, 1);
}

static void a_talk_is_cut(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message invite;
    peer_centre_break(centre, "drop=1:0.2");
    peer_centre_start(centre);
    for (unsigned k = 0; k < 2; k++) { /* the second one finds the agent idle again */
        queue_caller(centre, &caller, k);
        peer_phone_rings(centre, &phone, &invite, 1, &caller);
        int64_t begin_ns = rig_clock_monotonic_ns();
        peer_phone_answers(&phone, &invite, &caller);
        peer_expect_bye(&caller, "41");
        peer_expect_bye(&phone, "41");
        assert_true(since_s(begin_ns) >= 0.2);
    }
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 2);
    assert_int_equal(centre->counts.n_dropped, 2);
    assert_int_equal(centre->counts.n_up_at_stop, 0);
}

static void only_its_share_is_cut(void **state)
{
    enum { N_CALLS = 20 };
    peer_centre *centre = *state;
    peer_dialog caller[N_CALLS], phone[N_CALLS];
    peer_message invite, m;
    unsigned n_dropped = 0;
    centre->trunks[0].n_circuits = centre->scenario.ivr.n_ports = N_CALLS;
    centre->agents.n_agents = N_CALLS;
    peer_centre_break(centre, "drop=0.5:0.6");
    peer_centre_start(centre);
    for (unsigned k = 0; k < N_CALLS; k++) {
        queue_caller(centre, &caller[k], k);
        peer_phone_rings(centre, &phone[k], &invite, k + 1, &caller[k]);
        peer_phone_answers(&phone[k], &invite, &caller[k]);
        while (peer_receive(&centre->callers, &m, 0)) {
            assert_memory_equal(m.text, "BYE ", 4);
            peer_reply(&centre->callers, &m, "200 OK", "", "", NULL);
            n_dropped++;
        }
        while (peer_receive(&centre->phones, &m, 0))
            peer_reply(&centre->phones, &m, "200 OK", "", "", NULL);
    }
    while (peer_receive(&centre->callers, &m, 1000)) {
        assert_memory_equal(m.text, "BYE ", 4);
        peer_reply(&centre->callers, &m, "200 OK", "", "", NULL);
        n_dropped++;
    }
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_dropped, n_dropped);
    assert_in_range(n_dropped, 4, 16); /* binomial, 20 and 1/2: outside in 0.3 % of all seeds; the
                                          seed is fixed */
    assert_int_equal(centre->counts.n_stopped_answered, N_CALLS - n_dropped);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(a_dead_phone_costs_its_ring_time),
        PEER_TEST(a_caller_may_leave_a_dead_phone),
        PEER_TEST(the_ring_time_out_is_ignored),
        PEER_TEST(an_agent_is_stuck_after_an_abandon),
        PEER_TEST(a_talk_is_cut),
        PEER_TEST(only_its_share_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
