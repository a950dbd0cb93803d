/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer that nobody acknowledges: the centre gives the call up after SIP's 64 * T1 = 32 s. The
 * one slow test of the call centre, so it has a program of its own. */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

static void a_call_without_ack_is_dropped_after_32_s(void **state)
{
    peer_centre *centre = *state;
    peer_dialog silent, next;
    peer_message m;
    centre->trunks[0].n_circuits = 1;
    peer_centre_start(centre);
    int64_t begin_ns = rig_clock_monotonic_ns();
    peer_call(centre, &silent, 0);
    peer_expect_in(&silent, "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&silent, "SIP/2.0 200 ", "INVITE", &m);
    const char *tag = strstr(peer_header(&m, "To"), ";tag=");
    assert_non_null(tag);
    (void)snprintf(silent.remote_tag, sizeof silent.remote_tag, "%s", tag + 5);
    bool came = false;
    for (int i = 0; i < 20 && !came; i++)
        came = peer_receive(&centre->callers, &m, 5000);
    assert_true(came);
    assert_memory_equal(m.text, "BYE ", 4);
    assert_memory_equal(peer_header(&m, "Reason"), "Q.850;cause=41;", 15);
    double took_s = rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns);
    assert_true(took_s >= 31.9);
    peer_reply(&centre->callers, &m, "200 OK", "", "", NULL);
    assert_true(centre->callers.n_again >= 5); /* at 0.5, 1.5, 3.5, 7.5 s, then every 4 s */
    peer_call_answered(centre, &next, 1);      /* the circuit is free */
    peer_expect_stage(&next, "queue");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_dropped, 1);
    assert_int_equal(centre->counts.n_queued, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {PEER_TEST(a_call_without_ack_is_dropped_after_32_s)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
