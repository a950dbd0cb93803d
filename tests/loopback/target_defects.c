/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/defects.md, trunk to queue: each defect as it is seen on the wire, and what it gives back.
 */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

static double since_s(int64_t begin_ns)
{
    return rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns);
}

static void long_menu(peer_centre *centre)
{
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
}

static void expect_no_circuit(peer_centre *centre, unsigned k)
{
    peer_dialog refused;
    peer_call(centre, &refused, k);
    peer_expect_failure(&refused, "503", "34");
}

static void expect_waits(peer_centre *centre, peer_dialog *call, unsigned k)
{
    peer_message m;
    peer_call(centre, call, k);
    peer_expect_in(call, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(call, "SIP/2.0 180 ", "INVITE", &m);
}

static void queue_caller(peer_centre *centre, peer_dialog *caller, unsigned k)
{
    peer_call_answered(centre, caller, k);
    peer_expect_stage(caller, "queue");
}

/* The only agent talks with caller 0. */
static void occupy_the_agent(peer_centre *centre, peer_dialog *caller, peer_dialog *phone)
{
    peer_message invite;
    queue_caller(centre, caller, 0);
    peer_phone_rings(centre, phone, &invite, 1, caller);
    peer_phone_answers(phone, &invite, caller);
}

static void circuits_are_fewer_for_a_while(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call[4];
    long_menu(centre);
    centre->scenario.time_scale = 2;
    peer_centre_break(centre, "circuits=1@0..1.6"); /* 0.8 s */
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_call_answered(centre, &call[0], 0);
    expect_no_circuit(centre, 1);
    peer_hang_up(&call[0]);
    peer_call_answered(centre, &call[1], 2);
    bool was_in_time = since_s(begin_ns) < 0.8;
    peer_expect_silence(&centre->callers, 850);
    peer_call_answered(centre, &call[2], 3);
    peer_call_answered(centre, &call[3], 4);
    peer_centre_stop(centre);
    assert_true(was_in_time);
    assert_int_equal(centre->counts.n_no_circuit, 1);
    assert_int_equal(centre->counts.n_peak_circuits, 3);
}

static void a_cancel_leaks_its_circuit(void **state)
{
    peer_centre *centre = *state;
    peer_dialog holder, waiting, next;
    long_menu(centre);
    centre->trunks[0].n_circuits = 2;
    centre->scenario.ivr.n_ports = 1;
    peer_centre_break(centre, "leak_on_cancel");
    peer_centre_start(centre);
    peer_call_answered(centre, &holder, 0);
    expect_waits(centre, &waiting, 1);
    peer_cancel(&waiting);
    expect_no_circuit(centre, 2);
    peer_hang_up(&holder); /* a BYE gives back, the circuit and the port */
    peer_call_answered(centre, &next, 3);
    expect_no_circuit(centre, 4);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_leaked_circuits, 1);
    assert_int_equal(centre->counts.n_no_circuit, 2);
    assert_int_equal(centre->counts.n_peak_circuits, 2);
}

static void a_dead_trunk_takes_no_new_call(void **state)
{
    peer_centre *centre = *state;
    peer_dialog old, other, late;
    long_menu(centre);
    centre->scenario.n_trunks = 2;
    centre->trunks[0].n_circuits = 3;
    centre->trunks[1].n_circuits = 1;
    peer_centre_break(centre, "trunk_dead=a@0.5..1.5");
    peer_centre_start(centre);
    peer_call_answered(centre, &old, 0); /* on a */
    peer_expect_silence(&centre->callers, 600);
    peer_call_answered(centre, &other, 1); /* on b: a is dead */
    expect_no_circuit(centre, 2);
    peer_hang_up(&old); /* the one that was up on a lives, and gives its circuit back */
    expect_no_circuit(centre, 3);
    peer_expect_silence(&centre->callers, 1000);
    peer_call_answered(centre, &late, 4);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_no_circuit, 2);
    assert_int_equal(centre->counts.n_answered, 3);
}

static void from_an_instant_on_all_are_refused(void **state)
{
    peer_centre *centre = *state;
    peer_dialog early, refused;
    long_menu(centre);
    peer_centre_break(centre, "refuse_after=0.3");
    peer_centre_start(centre);
    peer_call_answered(centre, &early, 0);
    peer_expect_silence(&centre->callers, 350);
    for (unsigned k = 1; k < 3; k++) {
        peer_call(centre, &refused, k);
        peer_expect_failure(&refused, "503", "41");
    }
    peer_hang_up(&early);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_refused, 2);
    assert_int_equal(centre->counts.n_no_circuit, 0);
    assert_int_equal(centre->counts.n_peak_circuits, 1);
}

static void every_second_invite_is_mute(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call[4];
    long_menu(centre);
    peer_centre_break(centre, "mute_every=2");
    peer_centre_start(centre);
    for (unsigned k = 0; k < 4; k += 2) {
        peer_call_answered(centre, &call[k], k);
        peer_call(centre, &call[k + 1], k + 1);
        peer_call_again(centre, &call[k + 1], k + 1);
        peer_expect_silence(&centre->callers, 400);
    }
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_muted, 2);
    assert_int_equal(centre->counts.n_answered, 2);
    assert_int_equal(centre->counts.n_peak_circuits, 2);
}

static void the_first_response_is_slow(void **state)
{
    peer_centre *centre = *state;
    peer_dialog call, cancelled;
    peer_message m;
    long_menu(centre);
    peer_centre_break(centre, "slow=0.4");
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_call(centre, &call, 0);
    peer_call_again(centre, &call, 0);
    peer_expect_in(&call, "SIP/2.0 100 ", "INVITE", &m);
    assert_true(since_s(begin_ns) >= 0.4);
    peer_expect_in(&call, "SIP/2.0 200 ", "INVITE", &m);
    peer_take_tag(&call, &m);
    peer_ack(&call);
    peer_call(centre, &cancelled, 1);
    peer_cancel(&cancelled);
    begin_ns = rig_clock_monotonic_ns();
    peer_hang_up(&call); /* only INVITEs are slow */
    assert_true(since_s(begin_ns) < 0.4);
    peer_expect_silence(&centre->callers, 450);
    peer_call(centre, &call, 2);
    peer_expect_silence(&centre->callers, 50);
    peer_centre_tell_stop(centre);
    peer_expect_failure(&call, "503", "41");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_offered, 3);
    assert_int_equal(centre->counts.n_cancelled, 1);
    assert_int_equal(centre->counts.n_ended_in_menu, 1);
    assert_int_equal(centre->counts.n_stopped_unanswered, 1);
}

static void ports_are_fewer_for_a_while(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second;
    peer_message m;
    long_menu(centre);
    peer_centre_break(centre, "ports=1@0..0.6");
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_call_answered(centre, &first, 0);
    expect_waits(centre, &second, 1);
    peer_expect_in(&second, "SIP/2.0 200 ", "INVITE", &m);
    assert_true(since_s(begin_ns) >= 0.55);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_peak_ports, 2);
}

static void the_ivr_answers_late(void **state)
{
    peer_centre *centre = *state;
    peer_dialog first, second;
    peer_message m;
    long_menu(centre);
    centre->scenario.ivr.n_ports = 1;
    peer_centre_break(centre, "ivr_late=0.3");
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    expect_waits(centre, &first, 0); /* it has the port already */
    expect_waits(centre, &second, 1);
    peer_expect_in(&first, "SIP/2.0 200 ", "INVITE", &m);
    assert_true(since_s(begin_ns) >= 0.3);
    peer_take_tag(&first, &m);
    peer_ack(&first);
    peer_hang_up(&first);
    peer_expect_silence(&centre->callers, 150); /* late again */
    peer_cancel(&second);
    expect_waits(centre, &first, 2); /* the port is free */
    peer_expect_in(&first, "SIP/2.0 200 ", "INVITE", &m);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_answered, 2);
    assert_int_equal(centre->counts.n_cancelled, 1);
    assert_int_equal(centre->counts.n_peak_ports, 1);
}

static void the_queue_is_shorter(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting, third;
    peer_centre_break(centre, "queue_limit=1");
    peer_centre_start(centre);
    occupy_the_agent(centre, &talking, &phone);
    queue_caller(centre, &waiting, 1);
    queue_caller(centre, &third, 2);
    peer_expect_bye(&third, "42");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queue_full, 1);
}

static void the_last_in_the_queue_is_first(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting[3];
    peer_message invite;
    peer_centre_break(centre, "lifo");
    peer_centre_start(centre);
    occupy_the_agent(centre, &talking, &phone);
    for (unsigned k = 0; k < 3; k++)
        queue_caller(centre, &waiting[k], k + 1);
    peer_hang_up(&talking);
    peer_expect_bye(&phone, "16");
    peer_phone_rings(centre, &phone, &invite, 1, &waiting[2]);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_peak_waiting, 3);
}

static void a_message_sends_callers_away(void **state)
{
    peer_centre *centre = *state;
    peer_dialog talking, phone, waiting;
    peer_centre_break(centre, "message=1:0.2");
    peer_centre_start(centre);
    occupy_the_agent(centre, &talking, &phone);
    int64_t begin_ns = rig_clock_monotonic_ns();
    queue_caller(centre, &waiting, 1);
    peer_expect_bye(&waiting, "16");
    assert_true(since_s(begin_ns) >= 0.2);
    peer_expect_silence(&centre->callers, 300); /* who talks, talks on */
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_deflected, 1);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 0);
    assert_int_equal(centre->counts.n_stopped_answered, 1);
}

static void a_defect_that_does_not_fit_is_refused(void **state)
{
    peer_centre *centre = *state;
    rig_error err = {0};
    peer_centre_break(centre, "trunk_dead=nowhere");
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, NULL, &err),
                     RIG_EINPUT);
    assert_non_null(strstr(err.text, "nowhere"));
    centre->options.n_defects = 0;
    peer_centre_break(centre, "crash=1:1");
    peer_centre_break(centre, "crash=2:1");
    assert_int_equal(rig_callcentre_run(&centre->scenario, &centre->options, NULL, &err),
                     RIG_EINPUT);
    assert_non_null(strstr(err.text, "crash"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(circuits_are_fewer_for_a_while), PEER_TEST(a_cancel_leaks_its_circuit),
        PEER_TEST(a_dead_trunk_takes_no_new_call), PEER_TEST(from_an_instant_on_all_are_refused),
        PEER_TEST(every_second_invite_is_mute),    PEER_TEST(the_first_response_is_slow),
        PEER_TEST(ports_are_fewer_for_a_while),    PEER_TEST(the_ivr_answers_late),
        PEER_TEST(the_queue_is_shorter),           PEER_TEST(the_last_in_the_queue_is_first),
        PEER_TEST(a_message_sends_callers_away),   PEER_TEST(a_defect_that_does_not_fit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
