/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ladders being built. Internal to the room. */
#ifndef RIG_ANALYZER_LADDER_BUILD_H
#define RIG_ANALYZER_LADDER_BUILD_H

#include "analyzer/ladder.h"
#include "analyzer/calls/tap.h"

/** A peer, before columns are given out. */
typedef struct rig_ladder_peer {
    rig_endpoint at;
    rig_ladder_role role;
    unsigned column;
} rig_ladder_peer;

/** A ladder and what is known of it only while it is built. */
typedef struct rig_ladder_build {
    rig_ladder ladder; /* its messages' from and to are indices of peers until the end */
    rig_ladder_peer *peers;
    size_t n_peers, n_peers_allocated;
    uint64_t *legs; /* their numbers, in the order in which they begin */
    size_t n_legs_allocated;
    size_t n_messages_allocated, n_notes_allocated;
} rig_ladder_build;

/* ladder_message.c */

/** Add a message of the call. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_ladder_take(rig_ladder_build *build, const rig_tapped_message *message,
                           rig_error *err);

/** Add a note. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_ladder_add_note(rig_ladder_build *build, int64_t t_ns, rig_ladder_stage stage,
                               const char *text, rig_error *err);

/* ladder_ends.c */

/** The peer of an address; added when it is new. @param[out] index  Of it.
 * @return RIG_OK or RIG_ENOMEM. */
rig_status rig_ladder_find_peer(rig_ladder_build *build, rig_endpoint at, rig_ladder_role role,
                                unsigned *index, rig_error *err);

/** Give out columns, and put them into the messages. */
void rig_ladder_place_ends(rig_ladder_build *build);

#endif
