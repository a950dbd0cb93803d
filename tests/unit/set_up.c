/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set-up gate: each fault alone is found and named, and what is well or the centre's own matter
 * is not. */
#include "verdict/set_up.h"

#include <string.h>

#include "tests/small_scenario.h"
#include "tests/test.h"
#include "tests/unit/set_up_world.h"

static void test_all_is_well(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    expect(&w, NULL, "");
    w.input.wire = NULL; /* of a run of an earlier version */
    w.input.said = NULL;
    expect(&w, NULL, "");
}

static void test_own_side(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    (void)strcpy(w.play.trouble, "our agents' SIPp ended by itself");
    expect(&w, "own programs", "our agents' SIPp ended by itself");
    begin(&w);
    w.play.n_placed = 40;
    w.play.n_centre_offered = 42;
    expect(&w, "strangers", "offered 42 calls, of which 40 are ours: others call it, too");
    w.calls[3].invite_retransmissions = 1; /* of ours, some went out again */
    expect(&w, "strangers",
           "of which 40 are ours: it took INVITEs that we sent again for new calls");
    w.join.n_foreign = 2; /* but others are in the capture */
    expect(&w, "strangers", "offered 42 calls, of which 40 are ours: others call it, too");
    w.join.n_foreign = 0;
    w.calls[3].invite_retransmissions = 0;
    w.play.n_missing_lines = 2;
    expect(&w, NULL, "");
    w.play.n_missing_lines = 0;
    w.play.n_centre_offered = 41; /* one says nothing; fewer are the network's matter */
    expect(&w, NULL, "");
    w.play.n_centre_offered = 30;
    expect(&w, NULL, "");
    begin(&w);
    w.wire.phones.n_late = 2;
    expect(&w, "phones", "our agents' phones were ill, not the centre: 2 of the 80");
    begin(&w);
    w.wire.phones.n_late = 1; /* one says nothing */
    expect(&w, NULL, "");
    begin(&w);
    w.wire.phones.n_invites = 100;
    w.wire.phones.invite_p99_ms = w.scenario->gate.max_lateness_p99_ms + 1.0;
    expect(&w, "phones", "gate.max_lateness_p99_ms");
    begin(&w);
    w.wire.callers.n_late = 2;
    expect(&w, "callers", "our callers were ill");
    begin(&w);
    w.wire.callers.n_unheard = 2;
    expect(&w, "callers", "although their answer had been captured");
    begin(&w);
    w.wire.callers.n_lost = 2;
    w.wire.phones.n_lost = 1;
    expect(&w, "network", "loses packets");
    begin(&w);
    w.wire.callers.n_cut_off = 12;
    w.wire.callers.cut_off_s = 1.04;
    expect(&w, "network", "nothing passed between us and the centre for 1.0 s: 12 of our requests");
    begin(&w);
    w.wire.callers.n_cut_off = 2; /* few */
    expect(&w, NULL, "");
    begin(&w);
    w.wire.capture.n_unreachable = 40;
    expect(&w, "ICMP", "40 ICMP messages said that a port or host cannot be reached; expected at");
    w.play.was_stopped = true; /* they ended before their calls */
    expect(&w, NULL, "");
    begin(&w);
    w.wire.capture.n_unreachable = 2;
    expect(&w, NULL, "");
}

/* Slow, or lost between the capture and us: nine of ten must speak for it. */
static void test_lost_on_this_host(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    w.wire.phones.n_late = 10;
    w.wire.phones.n_lost_here = 8;
    expect(&w, "phones",
           "or packets were lost between the capture and them, the wire does not tell");
    w.wire.phones.n_lost_here = 9;
    expect(&w, "phones",
           "packets were lost on this host, between the capture and our agents' phones, not at the "
           "centre: 10 of the 80");
    expect(&w, "phones", "so look at this host's firewall");
    w.play.n_workers = 1;
    w.play.n_socket_drops = w.play.workers[0].n_socket_drops = 3; /* the callers' own */
    expect(&w, "phones", "so look at this host's firewall");
    w.play.n_socket_drops = 4;
    expect(&w, "phones", "the kernel dropped some at SIPp's sockets");
    begin(&w);
    w.wire.callers.n_late = 2;
    w.wire.callers.n_lost_here = 2;
    expect(&w, "callers", "lost on this host, between the capture and our callers, not at the");
    w.play.n_workers = 1;
    w.play.n_socket_drops = w.play.workers[0].n_socket_drops = 3;
    expect(&w, "callers", "the kernel dropped some at SIPp's sockets");
}

static void test_what_sipp_says(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    for (int i = 3; i < 5; i++)
        w.said[i].late_ms = -500.0F;
    expect(&w, "SIPp's log",
           "2 of 40 calls; expected at most 1. The first, call 3, was on the wire at another");
    begin(&w);
    w.said[0].is_unheard = w.said[1].is_unheard = true;
    expect(&w, "SIPp's log", "SIPp heard nothing");
    begin(&w);
    w.said[7].code = w.said[8].code = 503;
    expect(&w, "SIPp's log", "another code");
    begin(&w); /* nothing came, and nothing is on the wire: that is the centre's */
    for (int i = 0; i < 9; i++) {
        w.said[i].is_unheard = true;
        w.calls[i].t_provisional_ns = RIG_NO_TIME;
        w.calls[i].final_code = 0;
    }
    expect(&w, NULL, "");
}

/* Every call that either of the two knows is compared. */
static void test_what_sipp_does_not_say(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    for (int i = 3; i < 5; i++)
        w.said[i] = (rig_said_call){.is_said = false};
    expect(&w, "SIPp's log",
           "of 40 calls; expected at most 1. The first, call 3, is on the wire, "
           "and SIPp says nothing of it");
    w.play.was_stopped = true; /* or is up, or was cut */
    expect(&w, NULL, "");
    w.play.was_stopped = false;
    w.scenario->callers.sipp_xml = (char *)"own.xml"; /* may log otherwise */
    expect(&w, NULL, "");
    w.scenario->callers.sipp_xml = NULL;
    begin(&w);
    for (int i = 7; i < 9; i++)
        w.said[i].is_placed = w.said[i].is_heard = false;
    expect(&w, "SIPp's log", "call 7, is on the wire, and SIPp did not place it");
}

/* The embedded centre's own count against the wire. */
static void test_what_never_came_to_the_wire(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    w.play.n_centre_rang = 42;
    expect(&w, "network",
           "called our phones 42 times, and 2 of its INVITEs never came to the wire");
    w.play.n_defects = 1; /* which may call others */
    expect(&w, NULL, "");
    w.play.n_defects = 0;
    w.play.n_centre_rang = 41; /* one says nothing */
    expect(&w, NULL, "");
    w.play.n_centre_rang = 30; /* sent again, say */
    expect(&w, NULL, "");
}

/* What the network loses is late at our side, too: the greater part is told first. */
static void test_what_is_told_first(void **state)
{
    static world w;
    rig_check checks[RIG_SET_UP_N_CHECKS];
    (void)state;
    for (uint64_t n_lost = 8; n_lost <= 9; n_lost++) {
        begin(&w);
        w.wire.callers.n_lost = n_lost;
        w.wire.callers.n_late = 4;
        (void)rig_set_up_judge(&w.input, checks);
        const rig_check *first = checks;
        while (first->is_ok)
            first++;
        assert_string_equal(first->name, n_lost == 8 ? "callers" : "network");
    }
}

/* At our phones' and callers' ports they take nothing of the centre: told, and no more. */
static void test_strangers_at_our_ports(void **state)
{
    static world w;
    rig_check checks[RIG_SET_UP_N_CHECKS];
    (void)state;
    begin(&w);
    w.wire.phones.n_strange = 20;
    w.wire.callers.n_strange = 3;
    w.play.n_rung = 60; /* the phones rang for them, too */
    (void)strcpy(w.wire.phones.stranger, "192.0.2.9:4567");
    expect(&w, NULL, "");
    const size_t n = rig_set_up_judge(&w.input, checks);
    const rig_check *noted = checks;
    while (noted < checks + n && !noted->is_noted)
        noted++;
    assert_in_range(noted - checks, 0, n - 1);
    assert_non_null(strstr(noted->text, "strangers sent 20 requests to our phones and 3 to our "
                                        "callers, the first from 192.0.2.9:4567"));
    w.play.n_placed = 40; /* those at the centre's port do */
    w.play.n_centre_offered = 60;
    expect(&w, "strangers", "others call it, too");
}

/* All INVITEs that were captured are later by so much. */
static void shift(world *w, double s)
{
    for (size_t i = 0; i < N_CALLS; i++)
        w->calls[i].t_invite_ns += (int64_t)(s * 1e9);
}

static void rename_calls(world *w)
{
    for (size_t i = 0; i < N_CALLS; i++)
        w->calls[i].call_id = (char *)"r1@there";
}

static void test_other_captures(void **state)
{
    static const double offsets_s[] = {0.5, -0.5, 3600.0, -0.25};
    static world w;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        begin(&w);
        shift(&w, offsets_s[i]);
        expect(&w, "capture", offsets_s[i] > 0 ? "ahead" : "behind");
        rename_calls(&w);
        expect(&w, "capture", "of another run: 40 of 40");
    }
    begin(&w);
    shift(&w, 0.5);
    expect(&w, "capture", "editcap -t -0.499");
    begin(&w); /* behind a border controller calls have other Call-IDs, at the right times */
    rename_calls(&w);
    expect(&w, NULL, "");
    begin(&w); /* no two calls are late by the same: that is no clock */
    for (size_t i = 0; i < N_CALLS; i++)
        w.calls[i].t_invite_ns += (int64_t)i * 100000000;
    expect(&w, "SIPp's log", "at another time");
    rename_calls(&w);
    expect(&w, "capture", "of another run");
}

static void forget(world *w, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        w->observed[i] = NULL;
}

static void test_what_a_capture_lost(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    forget(&w, 10, 12);
    expect(&w, "capture", "lacks the INVITEs of 2");
    w.wire.capture.n_packets = 900;
    expect(&w, "capture", "lost 100 of the 1000 packets that were captured");
    w.play.n_kernel_dropped = 500;
    expect(&w, "capture", "lost 500 of 1500 packets (the kernel dropped them");
    begin(&w);
    forget(&w, 30, N_CALLS);
    expect(&w, "capture", "; it ends 29.0 s into the run");
    w.wire.capture.is_broken = true;
    expect(&w, "capture", "; it ends or is damaged 29.0 s into the run");
    begin(&w);
    forget(&w, 0, 5);
    expect(&w, "capture", "; it begins 5.0 s into the run");
    begin(&w);
    forget(&w, 3, 4); /* one says nothing */
    expect(&w, NULL, "");
    begin(&w); /* SIPp heard nothing either: they never reached the wire */
    forget(&w, 3, 6);
    for (size_t i = 3; i < 6; i++)
        w.said[i] = (rig_said_call){.is_said = true, .is_placed = true, .is_unheard = true};
    expect(&w, "SIPp's log", "call 3, was sent by SIPp, and is not on the wire");
    begin(&w);
    for (size_t i = 0; i < N_CALLS; i++) {
        w.calls[i].t_provisional_ns = w.calls[i].t_answer_ns = RIG_NO_TIME;
        w.calls[i].final_code = 0;
    }
    expect(&w, "capture", "one direction only");
}

static void test_how_a_capture_was_made(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    w.wire.phones.n_invites = w.wire.phones.n_taken = 0;
    expect(&w, "capture", "lacks the phones' legs: our phones rang 40 times");
    w.wire.phones.n_invites = 30;
    expect(&w, "capture", "it has 30 INVITEs");
    w.play.looks.is_stopped = true; /* judged as far as a look went */
    w.play.looks.at_s = 100.0;
    expect(&w, NULL, "");
    begin(&w);
    w.wire.capture.n_cut = 300;
    expect(&w, "capture", "cuts packets: 300");
    begin(&w); /* cut behind what is needed to follow a call: marks may have stood there */
    w.wire.capture = rig_set_up_capture_facts(&(rig_capture_counts){
        .n_messages = 900, .n_messages_part = 250, .n_messages_cut = 40, .packets.n_cut = 10});
    expect(&w, "capture", "cuts packets: 300");
    begin(&w);
    w.wire.capture.n_early = 300;
    w.wire.capture.early_max_ns = 200000; /* bursts: what hangs on the order is bounded elsewhere */
    expect(&w, NULL, "");
    w.wire.capture.early_max_ns = 50000000;
    expect(&w, "capture", "not in order: 300 of 900");
    w.wire.capture.apart_ns = -49500000;
    expect(&w, "capture", "the clocks of its two directions differ by 49.5 ms");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_well),
        cmocka_unit_test(test_own_side),
        cmocka_unit_test(test_lost_on_this_host),
        cmocka_unit_test(test_what_sipp_says),
        cmocka_unit_test(test_what_sipp_does_not_say),
        cmocka_unit_test(test_what_is_told_first),
        cmocka_unit_test(test_strangers_at_our_ports),
        cmocka_unit_test(test_what_never_came_to_the_wire),
        cmocka_unit_test(test_other_captures),
        cmocka_unit_test(test_what_a_capture_lost),
        cmocka_unit_test(test_how_a_capture_was_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
