/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The profiles "info" and "quiet" of docs/wire-contract.md, row by row: what the caller's leg is
 * told after the 200, and what it is not. */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

/* Whether INFO tells the stages; else nothing is told. */
static bool tells(const peer_centre *centre)
{
    return centre->scenario.target.marks == RIG_MARK_INFO;
}

static void expect_stage(const peer_centre *centre, peer_dialog *caller, const char *stage)
{
    if (tells(centre))
        peer_expect_stage(caller, stage);
}

static void queue_caller(peer_centre *centre, peer_dialog *caller, unsigned k)
{
    peer_call_answered(centre, caller, k);
    expect_stage(centre, caller, "queue");
}

static void ring(peer_centre *centre, peer_dialog *caller, peer_dialog *phone, peer_message *invite,
                 unsigned k)
{
    queue_caller(centre, caller, k);
    peer_phone_is_rung(centre, phone, invite, 1, caller);
    expect_stage(centre, caller, "ringing");
}

static void talk(peer_centre *centre, peer_dialog *caller, peer_dialog *phone, unsigned k)
{
    peer_message invite;
    ring(centre, caller, phone, &invite, k);
    peer_phone_takes(phone, &invite);
    expect_stage(centre, caller, "talk");
    peer_expect_silence(&centre->callers, 60); /* no re-INVITE, no UPDATE */
}

static void served(peer_centre *centre)
{
    peer_dialog caller, phone;
    peer_centre_start(centre);
    talk(centre, &caller, &phone, 0);
    peer_hang_up(&caller);
    peer_expect_bye(&phone, "16");
    talk(centre, &caller, &phone, 1);
    peer_hang_up(&phone);
    peer_expect_bye(&caller, "16");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_talks, 2);
    assert_int_equal(centre->counts.n_ended_by_caller, 1);
    assert_int_equal(centre->counts.n_ended_by_agent, 1);
    assert_int_equal(centre->counts.n_sip_errors, 0);
}

static void abandoned_in_the_queue(peer_centre *centre)
{
    peer_dialog talking, phone, waiting;
    peer_centre_start(centre);
    talk(centre, &talking, &phone, 0);
    queue_caller(centre, &waiting, 1);
    peer_expect_silence(&centre->callers, 60);
    peer_hang_up(&waiting);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_in_queue, 1);
}

static void abandoned_while_it_rings(peer_centre *centre)
{
    peer_dialog caller, phone;
    peer_message invite;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_expect_silence(&centre->callers, 60);
    peer_hang_up(&caller);
    peer_accept_cancel(&phone, &invite);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_abandoned_ringing, 1);
}

static void an_agent_is_skipped(peer_centre *centre)
{
    peer_dialog caller, phone;
    peer_message invite;
    centre->agents.ring_timeout_s = 0.2;
    centre->agents.rest_s = 0.1;
    peer_centre_start(centre);
    ring(centre, &caller, &phone, &invite, 0);
    peer_accept_cancel(&phone, &invite);
    expect_stage(centre, &caller, "queue");
    peer_phone_is_rung(centre, &phone, &invite, 1, &caller);
    expect_stage(centre, &caller, "ringing");
    peer_phone_takes(&phone, &invite);
    expect_stage(centre, &caller, "talk");
    peer_expect_silence(&centre->callers, 60);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ring_timeouts, 1);
    assert_int_equal(centre->counts.n_talks, 1);
}

static void the_queue_is_full(peer_centre *centre)
{
    peer_dialog talking, phone, waiting, third;
    centre->scenario.queue.capacity = 1;
    peer_centre_start(centre);
    talk(centre, &talking, &phone, 0);
    queue_caller(centre, &waiting, 1);
    queue_caller(centre, &third, 2);
    peer_expect_bye(&third, "42");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queue_full, 1);
}

static void the_queue_times_out(peer_centre *centre)
{
    peer_dialog talking, phone, waiting;
    centre->scenario.queue.timeout_s = 0.15;
    peer_centre_start(centre);
    talk(centre, &talking, &phone, 0);
    int64_t begin_ns = rig_clock_monotonic_ns();
    queue_caller(centre, &waiting, 1);
    peer_expect_bye(&waiting, "102");
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) >= 0.15);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_queue_timeout, 1);
}

static void satisfied_in_the_menu(peer_centre *centre)
{
    peer_dialog caller;
    centre->scenario.ivr.menu.mean_s = PEER_FOREVER_S;
    peer_centre_start(centre);
    peer_call_answered(centre, &caller, 0);
    peer_expect_silence(&centre->callers, 60);
    peer_hang_up(&caller);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_ended_in_menu, 1);
    assert_int_equal(centre->counts.n_queued, 0);
}

/* Each row with each profile. */
#define BOTH(row)                                                                                  \
    static void info_##row(void **state)                                                           \
    {                                                                                              \
        peer_centre *centre = *state;                                                              \
        centre->scenario.target.marks = RIG_MARK_INFO;                                             \
        row(centre);                                                                               \
    }                                                                                              \
    static void quiet_##row(void **state)                                                          \
    {                                                                                              \
        peer_centre *centre = *state;                                                              \
        centre->scenario.target.marks = RIG_MARK_QUIET;                                            \
        row(centre);                                                                               \
    }

BOTH(served)
BOTH(abandoned_in_the_queue)
BOTH(abandoned_while_it_rings)
BOTH(an_agent_is_skipped)
BOTH(the_queue_is_full)
BOTH(the_queue_times_out)
BOTH(satisfied_in_the_menu)

/* Keys come by INFO, in either of the two forms; the centre answers, and counts those in the menu.
 */
static void keys_in_the_menu_are_counted(void **state)
{
    static const struct {
        const char *type;
        unsigned n; /* counted */
    } row[] = {{"application/dtmf-relay", 1},
               {"application/dtmf", 1},
               {"APPLICATION/DTMF-Relay", 1},
               {"text/plain", 0}};
    peer_centre *centre = *state;
    peer_dialog caller, phone;
    peer_message m, invite;
    unsigned n = 0;
    centre->scenario.ivr.menu.mean_s = 0.6;
    peer_centre_start(centre);
    peer_call_answered(centre, &caller, 0);
    for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
        char extra[96];
        (void)snprintf(extra, sizeof extra, "Content-Type: %s\r\n", row[i].type);
        peer_request(&caller, "INFO", extra, NULL);
        peer_expect_in(&caller, "SIP/2.0 200 ", "INFO", &m);
        n += row[i].n;
    }
    peer_expect_stage(&caller, "queue");
    peer_phone_rings(centre, &phone, &invite, 1, &caller);
    peer_request(&caller, "INFO", "Content-Type: application/dtmf-relay\r\n", NULL);
    peer_expect_in(&caller, "SIP/2.0 200 ", "INFO", &m);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_keys, n);
}

/* Nothing that a caller may require is supported. */
static void what_a_caller_requires_is_refused(void **state)
{
    peer_centre *centre = *state;
    peer_dialog caller = {.cseq = 0};
    peer_message m;
    peer_centre_start(centre);
    peer_call_with(centre, &caller, 0, "Require: 100rel\r\n");
    peer_expect_in(&caller, "SIP/2.0 420 ", "INVITE", &m);
    assert_string_equal(peer_header(&m, "Unsupported"), "100rel");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_bad_extensions, 1);
    assert_int_equal(centre->counts.n_offered, 0);
    assert_int_equal(centre->counts.n_peak_circuits, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(info_served),
        PEER_TEST(info_abandoned_in_the_queue),
        PEER_TEST(info_abandoned_while_it_rings),
        PEER_TEST(info_an_agent_is_skipped),
        PEER_TEST(info_the_queue_is_full),
        PEER_TEST(info_the_queue_times_out),
        PEER_TEST(info_satisfied_in_the_menu),
        PEER_TEST(quiet_served),
        PEER_TEST(quiet_abandoned_in_the_queue),
        PEER_TEST(quiet_abandoned_while_it_rings),
        PEER_TEST(quiet_an_agent_is_skipped),
        PEER_TEST(quiet_the_queue_is_full),
        PEER_TEST(quiet_the_queue_times_out),
        PEER_TEST(quiet_satisfied_in_the_menu),
        PEER_TEST(keys_in_the_menu_are_counted),
        PEER_TEST(what_a_caller_requires_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
