/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of a play share: a table of kinds of calls, played at the scripted peer, and how
 * each must end. Nothing depends on how fast the host is: a hang-up is checked for not being early,
 * never for not being late. */
#ifndef RIG_TESTS_LOOPBACK_GENERATOR_ROOM_H
#define RIG_TESTS_LOOPBACK_GENERATOR_ROOM_H

#include <stdbool.h>

#include "generator/play.h"
#include "tests/loopback/generator_peer.h"
#include "tests/small_scenario.h"

#define ROOM_NEVER_S  60.0
#define ROOM_EARLY_MS 3.0 /* what the fine wait may be early by, and SIPp's own reading */
enum { ROOM_MAX_CALLS = 128 };

/* One kind of call: what the centre does, how this caller behaves, how it must end. Wire time. */
typedef struct kind {
    const char *script;
    double patience_answer_s, patience_queue_s, patience_ringing_s, self_service_s, talk_s, ring_s;
    bool agent_hangs_up;
    rig_caller_end end;
    int agent_end; /* -1: no agent is rung */
} kind;

/* Everything that a test needs. */
typedef struct play_room {
    char run_dir[64];
    small_scenario small;
    rig_scenario *scenario; /* time scale 2 */
    rig_planned_call calls[ROOM_MAX_CALLS];
    rig_schedule schedule;
    const kind *kinds;
    size_t n_kinds, n_rounds;
    const char *scripts[ROOM_MAX_CALLS];
    peer *centre;
    peer_kind peer_kind;
    uint16_t agents_port;
    bool can_capture;
    rig_play_options options;
    rig_play_report report;
    peer_counts counts;                 /* after room_play */
    peer_instants seen[ROOM_MAX_CALLS]; /* the same */
} play_room;

/* Prepare: each kind n_rounds times, dealt round, 20 ms apart. */
void room_set_up(play_room *room, const kind *kinds, size_t n_kinds, size_t n_rounds);

/* Start the peer; room->options is filled in. */
void room_start_peer(play_room *room, peer_kind how);

/* Play, end the peer; the test fails when the play does. */
void room_play(play_room *room);

/* Check all: the ends that SIPp logged, that none is early, and what the peer saw. */
void room_check(const play_room *room);

/* Remove the folder. */
void room_tear_down(play_room *room);

/* A log of the run; the caller frees. */
char *room_read_log(const play_room *room, const char *name);

/* That no child process is left. */
void assert_no_child(void);

/* A free port of 127.0.0.1. */
uint16_t free_port(void);

#endif
