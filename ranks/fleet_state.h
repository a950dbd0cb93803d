/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ranks of a fleet, as one of them knows them. Internal to ranks/. */
#ifndef RIG_RANKS_FLEET_STATE_H
#define RIG_RANKS_FLEET_STATE_H

#include "ranks/fleet.h"
#include "ranks/messages.h"
#include "ranks/state.h"

/** One of them, as rank 0 knows it. */
typedef struct rig_fleet_peer {
    rig_fleet_state state;
    int64_t heard_ns;      /**< CLOCK_MONOTONIC */
    rig_fleet_look *looks; /**< of its clock; owned */
    size_t n_looks, n_room;
} rig_fleet_peer;

/** All of them. */
struct rig_fleet {
    rig_ranks *ranks;
    rig_fleet_peer *peers; /**< n_ranks; of rank 0 alone */
    rig_message_outbox *outbox;
    bool has_started, is_stop_told, is_asked, is_abandoned;
    rig_stop stop;
    uint32_t session; /**< of clocks, counted by rank 0 */
    uint32_t next;    /**< rank whose clock is compared next */
    int64_t next_ns;  /**< and when; CLOCK_MONOTONIC */
    int64_t said_ns;  /**< when this rank has last said how it is */
    uint32_t said_phase;
    int64_t skew_ns; /**< for a test */
    bool is_skewed;  /**< some rank's clock is, for a test */
};

/** This rank's clock, ns since the epoch. */
int64_t rig_fleet_clock_ns(const rig_fleet *fleet);

/**
 * Rank 0: compare the clock of a rank, which is to serve it.
 * @param patience_s  Until it serves.
 * @param most_s      Of exchanges, the best of which is kept: fewer where one is good.
 * @return RIG_OK, also where it did not come to it; RIG_ENOMEM.
 */
rig_status rig_fleet_compare(rig_fleet *fleet, uint32_t rank, double patience_s, double most_s);

/** Another rank: serve a comparison that rank 0 has begun, if it has. @return whether it had. */
bool rig_fleet_serve(rig_fleet *fleet);

#endif
