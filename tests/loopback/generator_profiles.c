/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Caller profiles: by what the centre tells (target.marks), a caller's patience ends or goes on.
 * Each row here would end otherwise under another profile. */
#include "tests/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/loopback/generator_room.h"

static play_room room;

static void play_profile(rig_marks marks, const kind *kinds, size_t n_kinds)
{
    room_set_up(&room, kinds, n_kinds, 4);
    room.scenario->target.marks = marks;
    room_start_peer(&room, PEER_UDP);
    room_play(&room);
    room_check(&room);
}

static int tear_down(void **state)
{
    (void)state;
    room_tear_down(&room);
    return 0;
}

/* A re-INVITE is no answer of an agent here, an UPDATE is. */
static void plays_update(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"AqgrIhU", 60, 60, 60, -1, 0.3, 0.3, false, RIG_CALLER_HUNG_UP_TALK,
         RIG_AGENT_CENTRE_ENDED},
        {"AqgrhU", 60, 60, 60, -1, 0.3, 0.1, true, RIG_CALLER_CENTRE_ENDED_TALK, RIG_AGENT_HUNG_UP},
        {"AUq", 60, 0.4, 60, -1, 0.1, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1}, /* in the menu */
        {"AqgrI", 60, 60, 0.4, -1, 0.1, 60, false, RIG_CALLER_HUNG_UP_RINGING,
         RIG_AGENT_CANCELLED}};
    play_profile(RIG_MARK_UPDATE, kinds, sizeof kinds / sizeof *kinds);
}

/* Neither re-INVITE nor UPDATE: INFO with "talk". */
static void plays_info(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"AqgrIUht", 60, 60, 60, -1, 0.3, 0.3, false, RIG_CALLER_HUNG_UP_TALK,
         RIG_AGENT_CENTRE_ENDED},
        {"Aqgrht", 60, 60, 60, -1, 0.3, 0.1, true, RIG_CALLER_CENTRE_ENDED_TALK, RIG_AGENT_HUNG_UP},
        /* a talk that begins in the queue: the mark of the ringing was lost */
        {"Aqt", 60, 0.1, 60, -1, 0.4, 60, false, RIG_CALLER_HUNG_UP_TALK, -1},
        /* in the menu nobody talks */
        {"AtqI", 60, 0.4, 60, -1, 0.1, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
        {"AqgrIU", 60, 60, 0.4, -1, 0.1, 60, false, RIG_CALLER_HUNG_UP_RINGING,
         RIG_AGENT_CANCELLED}};
    play_profile(RIG_MARK_INFO, kinds, sizeof kinds / sizeof *kinds);
}

/* Nothing is answered before the agent: a caller who gives up cancels. */
static void plays_early(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"F", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1},
        /* 180 without a queue before it: no port is free */
        {"1", 0.3, 60, 0.1, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
        {"3w", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
        {"32w", 0.1, 0.4, 60, -1, 60, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
        {"32g8w", 0.1, 1.5, 2.0, -1, 60, 60, false, RIG_CALLER_HUNG_UP_RINGING,
         RIG_AGENT_CANCELLED},
        /* the phone alone tells that it rings: the queue's patience is called off */
        {"32gw", 0.1, 1.5, 2.0, -1, 60, 60, false, RIG_CALLER_HUNG_UP_RINGING, RIG_AGENT_CANCELLED},
        {"32g8hA", 0.1, 60, 60, -1, 0.3, 0.3, false, RIG_CALLER_HUNG_UP_TALK,
         RIG_AGENT_CENTRE_ENDED},
        {"32g8hA", 0.1, 60, 60, -1, 0.3, 0.1, true, RIG_CALLER_CENTRE_ENDED_TALK,
         RIG_AGENT_HUNG_UP},
        {"32F", 0.1, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE, -1},
        /* the answer crosses the CANCEL */
        {"X", 0.3, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1}};
    play_profile(RIG_MARK_EARLY, kinds, sizeof kinds / sizeof *kinds);
}

/* The centre answers and says nothing more. What the phones know, callers are told beside the wire.
 */
static void plays_quiet(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"A", 60, 0.4, 60, -1, 60, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
        {"A", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
        /* the phone rings: the queue's patience is called off, that for ringing counts */
        {"Agw", 60, 1.5, 2.0, -1, 60, 60, false, RIG_CALLER_HUNG_UP_RINGING, RIG_AGENT_CANCELLED},
        /* it is answered: all patience is called off */
        {"Aghw", 60, 1.5, 1.5, -1, 2.5, 0.1, false, RIG_CALLER_HUNG_UP_TALK,
         RIG_AGENT_CENTRE_ENDED},
        {"Aghw", 60, 1.5, 1.5, -1, 2.5, 0.1, true, RIG_CALLER_CENTRE_ENDED_TALK, RIG_AGENT_HUNG_UP},
        /* no answer: back in the queue, whose patience counts again */
        {"Agc", 60, 0.6, 60, -1, 60, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
        /* a re-INVITE or UPDATE says nothing here */
        {"AIU", 60, 0.4, 60, -1, 0.1, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
        {"AB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE, -1}};
    play_profile(RIG_MARK_QUIET, kinds, sizeof kinds / sizeof *kinds);
    /* ringing and talk or queue, of the kinds that ring: 1 + 2 + 2 + 2, and the CANCELs of "Agw" */
    assert_int_equal(room.report.tells.n_told, 4 * (2 + 2 + 2 + 2));
}

/* Callers who offer a session timer and 100rel, and may be led to another number: what a centre
 * asks of them for it. */
static void plays_extensions(void **state)
{
    (void)state;
    static const kind kinds[] = {
        {"SA", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
        /* less than was offered: nothing that another INVITE would mend */
        {"N", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1},
        {"EA", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
        {"V", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_REJECTED, -1},
        {"ESA", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
        {"eA", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
        {"eEeA", 60, 60, 60, 0.3, 60, 60, false, RIG_CALLER_SELF_SERVED, -1},
        {"Se1", 0.5, 60, 60, -1, 60, 60, false, RIG_CALLER_CANCELLED, -1},
        {"eTqvv", 60, 3.4, 60, -1, 60, 60, false, RIG_CALLER_HUNG_UP_QUEUE, -1},
        {"TqWOB", 60, 60, 60, -1, 60, 60, false, RIG_CALLER_CENTRE_ENDED_QUEUE, -1}};
    room_set_up(&room, kinds, sizeof kinds / sizeof *kinds, 4);
    char number[] = "786";
    room.scenario->callers.session_timer =
        (rig_session_timer){.expires_s = 180, .refresher = RIG_REFRESHER_CALLER};
    room.scenario->callers.has_prack = true;
    room.scenario->callers.redirected_to = number;
    room_start_peer(&room, PEER_UDP);
    room_play(&room);
    room.scenario->callers.redirected_to = NULL;
    room_check(&room);
    /* once for each S and E; one for each e; 1 s and 2 s after the answer, and each 1 s that a slow
     * host makes of it */
    assert_int_equal(room.counts.n_anew, 4 * 6);
    assert_int_equal(room.counts.n_pracks, 4 * 5);
    assert_in_range(room.counts.n_refreshes, 4 * 2, 4 * 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(plays_update, tear_down),
        cmocka_unit_test_teardown(plays_info, tear_down),
        cmocka_unit_test_teardown(plays_early, tear_down),
        cmocka_unit_test_teardown(plays_quiet, tear_down),
        cmocka_unit_test_teardown(plays_extensions, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
