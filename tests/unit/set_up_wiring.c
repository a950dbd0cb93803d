/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set-up gate: how the centre is wired. */
#include "verdict/set_up.h"

#include <string.h>

#include "tests/small_scenario.h"
#include "tests/test.h"
#include "tests/unit/set_up_world.h"

static void refuse(world *w, size_t n, int code)
{
    for (size_t i = 0; i < n; i++) {
        w->calls[i].final_code = code;
        w->calls[i].answered = false;
        w->calls[i].t_queue_ns = w->calls[i].t_answer_ns = RIG_NO_TIME;
    }
}

static void test_credentials(void **state)
{
    static const int codes[] = {401, 403, 407};
    static world w;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        begin(&w);
        refuse(&w, N_CALLS, codes[i]);
        expect(&w, "credentials", "Set callers.auth");
    }
    w.scenario->callers.auth.user = (char *)"alice";
    expect(&w, "credentials", "callers.auth.user");
    begin(&w); /* some only: what the centre does under load */
    refuse(&w, N_CALLS - 1, 403);
    expect(&w, NULL, "");
    begin(&w); /* no circuit is no credential */
    refuse(&w, N_CALLS, 503);
    expect(&w, NULL, "");
    begin(&w); /* something else beside */
    refuse(&w, N_CALLS, 403);
    refuse(&w, 19, 503);
    expect(&w, "credentials", "21 of the 40 calls that were answered at all got 403, and none");
    refuse(&w, 20, 503);
    expect(&w, NULL, "");
}

/* The check of this name. */
static const rig_check *check_of(const world *w, rig_check *checks, const char *name)
{
    const size_t n = rig_set_up_judge(&w->input, checks);
    for (size_t i = 0; i < n; i++)
        if (strcmp(checks[i].name, name) == 0)
            return &checks[i];
    fail_msg("no check \"%s\"", name);
    return NULL;
}

/* A digest that SIPp cannot answer ends it; one beside which MD5 was offered, too, does not. */
static void test_digest(void **state)
{
    static world w;
    rig_check checks[RIG_SET_UP_N_CHECKS];
    (void)state;
    begin(&w);
    refuse(&w, N_CALLS, 401);
    w.wire.callers.n_other_digests = 40;
    w.scenario->callers.auth.user = (char *)"alice";
    expect(&w, "credentials", "callers.auth.password");
    (void)strcpy(w.play.trouble, "our callers' SIPp ended by itself: createAuthHeader: "
                                 "authentication must use MD5 or AKAv1-MD5");
    const rig_check *digest = check_of(&w, checks, "digest");
    assert_false(digest->is_ok);
    assert_non_null(strstr(digest->text, "algorithm=MD5"));
    assert_true(check_of(&w, checks, "credentials")->is_ok);
}

/* What a request says, and a centre does not take of any. */
static void test_request(void **state)
{
    static const struct {
        int code;
        const char *text; /* NULL: that speaks of load, or of the called */
    } rows[] = {
        {404, "Set callers.dial"},
        {484, "Set callers.dial"},
        {604, "Set callers.dial"},
        {488, "PCMU or PCMA"},
        {415, "PCMU or PCMA"},
        {302, "Set callers.redirected_to"},
        {420, "docs/wire-contract"},
        {421, "docs/wire-contract"},
        {400, "docs/wire-contract"},
        {480, NULL},
        {486, NULL},
        {500, NULL},
        {503, NULL},
        {603, NULL},
    };
    static world w;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(&w);
        refuse(&w, N_CALLS, rows[i].code);
        expect(&w, rows[i].text == NULL ? NULL : "request", rows[i].text);
        refuse(&w, N_CALLS - 1, rows[i].code);
        w.calls[N_CALLS - 1].answered = true; /* it takes some */
        expect(&w, NULL, "");
    }
}

static void test_audio(void **state)
{
    static const char *const reasons[] = {"centre BYE Q.850;cause=44", "centre BYE Q.850;cause=111",
                                          "centre BYE cause=604 (MEDIA_TIMEOUT)"};
    static world w;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        begin(&w);
        for (int k = 0; k < 2; k++) {
            w.calls[k].bye = RIG_BYE_CALLEE;
            (void)strcpy(w.calls[k].reason, i < 3 ? reasons[i] : "centre BYE Q.850;cause=441");
        }
        if (i == 3)
            expect(&w, NULL, "");
        else
            expect(&w, "audio", "callers.audio = true");
        w.scenario->callers.has_audio = true;
        expect(&w, NULL, "");
    }
}

static void test_phones(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    w.wire.phones.n_not_found = 2;
    (void)strcpy(w.wire.phones.not_found, "0049300");
    expect(&w, "numbers", "such as \"0049300\"");
    begin(&w);
    w.wire.phones.n_invites = w.wire.phones.n_taken = w.wire.callers.n_reinvites = 0;
    w.play.n_rung = 0;
    expect(&w, "contacts", "127.0.0.1 port 5080");
    w.input.n_served = 0.0; /* nobody was on duty */
    expect(&w, NULL, "");
}

/* A queue that sees no agent may send callers away, and lets none wait. */
static void test_phones_that_nobody_calls(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    w.wire.phones.n_invites = w.wire.phones.n_taken = w.wire.callers.n_reinvites = 0;
    w.play.n_rung = 0;
    for (size_t i = 0; i < N_CALLS; i++) {
        w.calls[i].n_legs = 1;
        w.calls[i].bye = RIG_BYE_CALLEE;
        w.calls[i].outcome = RIG_OUTCOME_UNCLASSIFIED;
        w.calls[i].t_queue_ns = w.calls[i].t_agent_ring_ns = w.calls[i].t_agent_answer_ns =
            RIG_NO_TIME;
        w.calls[i].t_end_ns = w.calls[i].t_answer_ns + RIG_NS_PER_S;
    }
    expect(&w, "contacts", "40 calls were answered and sent away (as a queue does that sees no");
    for (size_t i = 0; i < N_CALLS; i++)
        w.calls[i].outcome = RIG_OUTCOME_SELF_SERVED;
    expect(&w, NULL, "");
}

/* Over TCP: each call at a phone has a line of SIPp's, but for those whose connection was closed.
 */
static void test_phones_that_forget(void **state)
{
    static world w;
    (void)state;
    begin(&w);
    w.scenario->target.transport = RIG_TRANSPORT_TCP;
    expect(&w, NULL, "");
    w.play.n_rung = 39; /* one says nothing */
    expect(&w, NULL, "");
    w.play.n_rung = 38;
    expect(&w, "phones", "says nothing of 2 of the 40 calls that reached the phones: over TCP it");
    w.play.was_stopped = true; /* they are up */
    expect(&w, NULL, "");
    w.play.was_stopped = false;
    w.scenario->target.transport = RIG_TRANSPORT_UDP;
    expect(&w, NULL, "");
}

static void test_marks(void **state)
{
    static const struct {
        rig_marks expected;
        uint64_t n_marks, n_reinvites, n_updates, n_progress;
        uint32_t n_legs;
        const char *text; /* NULL: fits */
    } rows[] = {
        {RIG_MARK_REINVITE, 80, 40, 0, 0, 2, NULL},
        {RIG_MARK_REINVITE, 0, 0, 0, 0, 1, "target.marks = \"quiet\""},
        {RIG_MARK_REINVITE, 0, 40, 0, 0, 1, "target.marks = \"quiet\""},
        {RIG_MARK_REINVITE, 80, 0, 40, 0, 2, "target.marks = \"update\""},
        {RIG_MARK_REINVITE, 120, 0, 0, 0, 2, "target.marks = \"info\""},
        {RIG_MARK_REINVITE, 19, 40, 0, 0, 2, "most answered calls show no mark of the queue"},
        {RIG_MARK_REINVITE, 20, 40, 0, 0, 2, NULL},
        {RIG_MARK_EARLY, 0, 0, 0, 19, 2, "most calls have no early media"},
        {RIG_MARK_UPDATE, 80, 40, 0, 0, 2, "target.marks = \"reinvite\""},
        {RIG_MARK_INFO, 80, 40, 0, 0, 2, "target.marks = \"reinvite\""},
        {RIG_MARK_INFO, 120, 0, 0, 0, 2, NULL},
        {RIG_MARK_QUIET, 0, 0, 0, 0, 1, NULL},
        {RIG_MARK_QUIET, 0, 40, 0, 0, 1, NULL}, /* direct media */
        {RIG_MARK_QUIET, 0, 0, 0, 40, 2, "target.marks = \"early\""},
        {RIG_MARK_EARLY, 0, 0, 0, 40, 2, NULL},
        {RIG_MARK_EARLY, 0, 0, 0, 0, 1, "target.marks = \"quiet\""},
        {RIG_MARK_INFO, 0, 0, 0, 40, 2, "target.marks = \"early\""},
    };
    static world w;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(&w);
        w.scenario->target.marks = rows[i].expected;
        w.wire.callers.n_marks = rows[i].n_marks;
        w.wire.callers.n_reinvites = rows[i].n_reinvites;
        w.wire.callers.n_updates = rows[i].n_updates;
        w.wire.callers.n_progress = rows[i].n_progress;
        for (size_t k = 0; k < N_CALLS; k++)
            w.calls[k].n_legs = rows[i].n_legs;
        expect(&w, rows[i].text == NULL ? NULL : "marks", rows[i].text);
    }
    begin(&w);
    w.scenario->target.marks = RIG_MARK_QUIET;
    w.wire.callers.n_marks = w.wire.callers.n_reinvites = 0;
    for (size_t k = 1; k < N_CALLS; k++) /* all are answered by their agents, but for one */
        w.calls[k].t_answer_ns = w.calls[k].t_agent_answer_ns;
    expect(&w, NULL, NULL);
    w.calls[0].t_answer_ns = w.calls[0].t_agent_answer_ns;
    expect(&w, "marks", "send a 183 and set target.marks = \"early\"");
    begin(&w);
    w.scenario->target.marks = RIG_MARK_INFO;
    w.wire.callers.n_marks = w.wire.callers.n_reinvites = 0;
    w.wire.callers.n_progress = 40;
    for (size_t k = 0; k < N_CALLS; k++)
        w.calls[k].n_legs = 2;
    w.wire.phones.n_invites = w.play.n_rung = 2; /* too few to show a habit */
    expect(&w, NULL, "");
    w.input.is_probe = true; /* but for a probe one is enough */
    expect(&w, "marks", "target.marks = \"early\"");
}

/* Agents who call callers back tell them nothing by their calls' marks: more such talks than others
 * are no habit. */
static void test_marks_beside_calls_back(void **state)
{
    static world w;
    static rig_call backs[60];
    (void)state;
    begin(&w);
    for (size_t i = 0; i < 60; i++)
        backs[i] = (rig_call){.t_agent_answer_ns = i < 50 ? at(100.0 + (double)i) : RIG_NO_TIME};
    w.join.calls_back = backs;
    w.join.n_calls_back = 60;
    w.wire.phones.n_invites = w.play.n_rung = 90;
    w.wire.phones.n_taken = 90;
    expect(&w, NULL, NULL);
    w.wire.callers.n_reinvites = 20; /* half of the 40 others */
    expect(&w, "marks", "target.marks = \"info\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_credentials),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_request),
        cmocka_unit_test(test_audio),
        cmocka_unit_test(test_phones),
        cmocka_unit_test(test_phones_that_nobody_calls),
        cmocka_unit_test(test_phones_that_forget),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_marks_beside_calls_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
