/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/scenario.md, "Lines" and "Faults", at the embedded call centre: a port for each carrier,
 * overflow, spare circuits, a carrier or an IVR that is out for a while; and the defects of these.
 */
#include "target_peer.h"

#include <stdio.h>
#include <string.h>

#include "core/clock.h"

static uint32_t to_b[] = {1}, to_a[] = {0};

/* Two carriers; calls stay in the menu. */
static void use_carriers(peer_centre *centre, uint32_t n_of_a, uint32_t n_of_b)
{
    centre->trunks[0].n_circuits = n_of_a;
    centre->trunks[1].n_circuits = n_of_b;
    centre->trunks[0].p_share = centre->trunks[1].p_share = 0.5;
    centre->scenario.n_trunks = 2;
    centre->scenario.ivr.menu = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = PEER_FOREVER_S};
}

static void call_by(peer_centre *centre, size_t carrier, peer_dialog *dialog, unsigned k)
{
    centre->callers.target_port = centre->ports[carrier];
    peer_call(centre, dialog, k);
}

static void expect_answered(peer_dialog *dialog, peer_message *m)
{
    peer_expect_in(dialog, "SIP/2.0 100 ", "INVITE", m);
    peer_expect_in(dialog, "SIP/2.0 200 ", "INVITE", m);
    peer_take_tag(dialog, m);
    peer_ack(dialog);
}

static void expect_refused(peer_dialog *dialog, const char *cause)
{
    peer_expect_failure(dialog, "503", cause);
}

/* Each has its port, which its calls are shown; what is over goes where the scenario says. */
static void a_port_for_each(void **state)
{
    peer_centre *centre = *state;
    peer_dialog calls[6];
    peer_message m;
    char contact[64];
    use_carriers(centre, 1, 2);
    centre->trunks[0].overflow = to_b;
    centre->trunks[0].n_overflow = 1;
    centre->trunks[1].p_spare = 0.5; /* of b's two circuits one is for its own calls */
    peer_centre_start(centre);
    assert_int_equal(centre->n_ports, 2);
    assert_int_not_equal(centre->ports[0], centre->ports[1]);
    for (unsigned carrier = 0; carrier < 2; carrier++) {
        call_by(centre, carrier, &calls[carrier], carrier);
        expect_answered(&calls[carrier], &m);
        (void)snprintf(contact, sizeof contact, "127.0.0.1:%u", centre->ports[carrier]);
        assert_non_null(strstr(peer_header(&m, "Contact"), contact));
    }
    call_by(centre, 0, &calls[2], 2); /* a is full, and b has but its spare one */
    expect_refused(&calls[2], "34");
    centre->callers.target_port = centre->ports[1];
    peer_hang_up(&calls[1]);
    call_by(centre, 0, &calls[3], 3); /* now b has two */
    expect_answered(&calls[3], &m);
    call_by(centre, 1, &calls[4], 4); /* the spare one is b's */
    expect_answered(&calls[4], &m);
    call_by(centre, 1, &calls[5], 5); /* b overflows to nobody */
    expect_refused(&calls[5], "34");
    peer_centre_tell_stop(centre);
    peer_expect_bye(&calls[0], "41");
    peer_expect_bye(&calls[3], "41");
    peer_expect_bye(&calls[4], "41");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_no_circuit, 2);
    assert_int_equal(centre->counts.n_peak_circuits, 3);
}

/* Over TCP as well: a call is told by the port that it came in at, not by who called. */
static void ports_over_tcp(void **state)
{
    peer_centre *centre = *state;
    peer_dialog calls[2];
    use_carriers(centre, 1, 1);
    peer_centre_use(centre, RIG_TRANSPORT_TCP, AF_INET);
    peer_centre_start(centre);
    peer_message m;
    for (unsigned carrier = 0; carrier < 2; carrier++) {
        centre->callers.target_port = centre->ports[carrier];
        centre->callers.current = peer_connect(&centre->callers);
        call_by(centre, carrier, &calls[carrier], carrier);
        expect_answered(&calls[carrier], &m);
    }
    peer_centre_tell_stop(centre);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_answered, 2);
    assert_int_equal(centre->counts.n_no_circuit, 0);
}

static void wait_until(peer_centre *centre, int64_t begin_ns, double at_s)
{
    double left_s = at_s - rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns);
    assert_true(left_s > 0); /* else the machine was too slow for what this tests */
    peer_expect_silence(&centre->callers, (int)(left_s * 1000));
}

/* The first call comes at 100 s of the scenario; the carrier is out from 101 s on, for 1 s. */
static void a_carrier_is_out(void **state)
{
    peer_centre *centre = *state;
    peer_dialog calls[4];
    peer_message m;
    rig_fault fault = {
        .kind = RIG_FAULT_TRUNK, .trunk = 0, .at_s = 101, .for_s = 1, .cuts_calls = true};
    use_carriers(centre, 2, 1);
    centre->trunks[0].overflow = to_b;
    centre->trunks[0].n_overflow = 1;
    centre->scenario.faults = &fault;
    centre->scenario.n_faults = 1;
    centre->options.first_call_s = 100;
    peer_centre_start(centre);
    const int64_t begin_ns = rig_clock_monotonic_ns();
    call_by(centre, 0, &calls[0], 0);
    expect_answered(&calls[0], &m);
    peer_expect_bye(&calls[0], "38");
    assert_true(rig_clock_s_of_ns(rig_clock_monotonic_ns() - begin_ns) > 0.9);
    call_by(centre, 0, &calls[1], 1);
    expect_answered(&calls[1], &m); /* on b's circuit */
    call_by(centre, 0, &calls[2], 2);
    expect_refused(&calls[2], "34");
    wait_until(centre, begin_ns, 2.3);
    call_by(centre, 0, &calls[3], 3);
    expect_answered(&calls[3], &m); /* a is there again */
    peer_centre_tell_stop(centre);
    peer_expect_bye(&calls[1], "41");
    peer_expect_bye(&calls[3], "41");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_dropped, 1);
    assert_int_equal(centre->counts.n_no_circuit, 1);
}

/* No port answers: who comes hears ringing, and is answered when it is over; who waited is cut. */
static void an_ivr_is_out(void **state)
{
    peer_centre *centre = *state;
    peer_dialog calls[2];
    peer_message m;
    rig_fault fault = {.kind = RIG_FAULT_IVR, .at_s = 0.3, .for_s = 1, .cuts_calls = true};
    centre->scenario.ivr.menu = (rig_dist){.kind = RIG_DIST_CONSTANT, .mean_s = PEER_FOREVER_S};
    centre->scenario.faults = &fault;
    centre->scenario.n_faults = 1;
    peer_centre_start(centre);
    peer_call_answered(centre, &calls[0], 0);
    peer_expect_bye(&calls[0], "38");
    peer_call(centre, &calls[1], 1);
    peer_expect_in(&calls[1], "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&calls[1], "SIP/2.0 180 ", "INVITE", &m);
    peer_expect_in(&calls[1], "SIP/2.0 200 ", "INVITE", &m);
    peer_take_tag(&calls[1], &m);
    peer_ack(&calls[1]);
    peer_hang_up(&calls[1]);
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_dropped, 1);
    assert_int_equal(centre->counts.n_answered, 2);
}

/* A carrier that is out cuts those who wait for a port, too: they have no dialog, but a refusal. */
static void who_waits_for_a_port_is_refused(void **state)
{
    peer_centre *centre = *state;
    peer_dialog calls[2];
    peer_message m;
    rig_fault fault = {
        .kind = RIG_FAULT_TRUNK, .trunk = 0, .at_s = 0.5, .for_s = 1, .cuts_calls = true};
    use_carriers(centre, 2, 1);
    centre->scenario.ivr.n_ports = 1;
    centre->scenario.faults = &fault;
    centre->scenario.n_faults = 1;
    peer_centre_start(centre);
    call_by(centre, 0, &calls[0], 0);
    expect_answered(&calls[0], &m);
    call_by(centre, 0, &calls[1], 1);
    peer_expect_in(&calls[1], "SIP/2.0 100 ", "INVITE", &m);
    peer_expect_in(&calls[1], "SIP/2.0 180 ", "INVITE", &m);
    expect_refused(&calls[1], "38");
    peer_expect_bye(&calls[0], "38");
    peer_centre_stop(centre);
    assert_int_equal(centre->counts.n_dropped, 1);
    assert_int_equal(centre->counts.n_cut_unanswered, 1);
}

static void no_overflow(void **state)
{
    peer_centre *centre = *state;
    peer_dialog calls[2];
    peer_message m;
    use_carriers(centre, 1, 2);
    centre->trunks[0].overflow = to_b;
    centre->trunks[0].n_overflow = 1;
    peer_centre_break(centre, "no_overflow");
    peer_centre_start(centre);
    call_by(centre, 0, &calls[0], 0);
    expect_answered(&calls[0], &m);
    call_by(centre, 0, &calls[1], 1);
    expect_refused(&calls[1], "34");
    centre->callers.target_port = centre->ports[0];
    peer_hang_up(&calls[0]);
    peer_centre_stop(centre);
}

static void misrouted(void **state)
{
    peer_centre *centre = *state;
    peer_dialog calls[3];
    peer_message m;
    use_carriers(centre, 2, 1);
    centre->trunks[1].overflow = to_a;
    centre->trunks[1].n_overflow = 0;
    peer_centre_break(centre, "misrouted=a");
    peer_centre_start(centre);
    call_by(centre, 0, &calls[0], 0); /* takes b's only circuit */
    expect_answered(&calls[0], &m);
    call_by(centre, 0, &calls[1], 1);
    expect_refused(&calls[1], "34");
    call_by(centre, 1, &calls[2], 2);
    expect_refused(&calls[2], "34");
    centre->callers.target_port = centre->ports[0];
    peer_hang_up(&calls[0]);
    peer_centre_stop(centre);
}

static void defects_need_carriers(void **state)
{
    (void)state;
    static const struct {
        const char *defect, *message;
        bool with_shares;
    } rows[] = {
        {"no_overflow", "no_overflow: expected several trunk groups, each with a share", false},
        {"misrouted=a", "misrouted: expected several trunk groups, each with a share", false},
        {"misrouted=c", "misrouted=c: the scenario has no trunk group of that name", true},
        {"misrouted=a", NULL, true},
    };
    rig_trunk_group trunks[] = {{.name = (char *)"a", .n_circuits = 1},
                                {.name = (char *)"b", .n_circuits = 1}};
    const rig_scenario scenario = {.trunks = trunks, .n_trunks = 2};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        rig_callcentre_defect defect;
        rig_error err = {0};
        trunks[0].p_share = trunks[1].p_share = rows[i].with_shares ? 0.5 : 0;
        assert_int_equal(rig_callcentre_defect_read(rows[i].defect, &defect, &err), RIG_OK);
        rig_status status = rig_callcentre_check_defects(&scenario, &defect, 1, &err);
        assert_int_equal(status, rows[i].message == NULL ? RIG_OK : RIG_EINPUT);
        if (rows[i].message != NULL)
            assert_string_equal(err.text, rows[i].message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        PEER_TEST(a_port_for_each),
        PEER_TEST(ports_over_tcp),
        PEER_TEST(a_carrier_is_out),
        PEER_TEST(an_ivr_is_out),
        PEER_TEST(who_waits_for_a_port_is_refused),
        PEER_TEST(no_overflow),
        PEER_TEST(misrouted),
        cmocka_unit_test(defects_need_carriers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
