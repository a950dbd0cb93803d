/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ranks that play one schedule together, each on a load host of its own (docs/several-machines.md).
 *
 * Rank 0 leads: its clock is the fleet's, it knows how all are, and says when all are to stop. The
 * clocks of the others are compared with it as NTP does (RFC 5905, 8: of an exchange that leaves at
 * t1, comes at t2, is answered at t3 and back at t4, the offset is ((t2 - t1) + (t3 - t4)) / 2, and
 * no more wrong than half the way, ((t4 - t1) - (t3 - t2)) / 2): of some exchanges the shortest
 * counts. That is done before the start, during the play, and after it.
 *
 * From rig_fleet_start on a rank that is gone is not everybody's end: who is not heard of for
 * RIG_FLEET_SILENCE_S is lost, and no message waits for it. All calls from the thread that began
 * the ranks. */
#ifndef RIG_RANKS_FLEET_H
#define RIG_RANKS_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/stop.h"
#include "ranks/ranks.h"

/** A rank that plays and says nothing for so long is lost, s. */
#define RIG_FLEET_SILENCE_S 5.0

/** The same of one that ends its play. */
#define RIG_FLEET_END_SILENCE_S 60.0

/** Room for what befell a rank. */
#define RIG_FLEET_TEXT_SIZE 400

/** What a rank is doing. */
typedef enum rig_fleet_phase {
    RIG_FLEET_STARTING = 0,
    RIG_FLEET_PLAYING, /**< its calls are due or up */
    RIG_FLEET_ENDING,  /**< it stops its calls */
    RIG_FLEET_OVER     /**< its play is over */
} rig_fleet_phase;

/** How a rank is, as it says. */
typedef struct rig_fleet_state {
    uint32_t phase;   /**< rig_fleet_phase */
    bool wants_stop;  /**< its user, or its trouble, ends the run */
    uint64_t n_ended; /**< calls */
    uint64_t n_packets;
    char trouble[RIG_FLEET_TEXT_SIZE]; /**< "" = none */
} rig_fleet_state;

/** One comparison of a rank's clock. */
typedef struct rig_fleet_look {
    int64_t t_ns;      /**< when, by rank 0's clock */
    int64_t offset_ns; /**< the rank's clock minus rank 0's */
    int64_t error_ns;  /**< at most so wrong */
} rig_fleet_look;

/** The fleet; opaque. */
typedef struct rig_fleet rig_fleet;

/** @param[out] fleet  Owned by the caller: rig_fleet_free. @return RIG_OK; RIG_ENOMEM; RIG_EINPUT
 * for a PEAKRIG_TEST_FLEET_CLOCKS that is none (rig_fleet_test_skew_ns). */
rig_status rig_fleet_new(rig_ranks *ranks, rig_fleet **fleet, rig_error *err);

/** NULL-safe. */
void rig_fleet_free(rig_fleet *fleet);

/** How many ranks. */
uint32_t rig_fleet_n(const rig_fleet *fleet);

/** Which one this is. */
uint32_t rig_fleet_rank(const rig_fleet *fleet);

/** The name of the host that a rank is on. Borrowed. */
const char *rig_fleet_host(const rig_fleet *fleet, uint32_t rank);

/**
 * Wait for all, compare the clocks, and agree on a start: the latest of what all propose. Every
 * rank must call it, or rig_fleet_cannot_start, once.
 * @param[in,out] start_ns  By this rank's clock; later by what the waiting takes.
 * @return RIG_OK; as rig_ranks_agree where another cannot start.
 */
rig_status rig_fleet_start(rig_fleet *fleet, int64_t *start_ns, rig_error *err);

/** Whether all have started together. */
bool rig_fleet_has_started(const rig_fleet *fleet);

/** This rank cannot start: the others are told why. @return status. */
rig_status rig_fleet_cannot_start(rig_fleet *fleet, rig_status status, rig_error *err);

/** Say how we are, and hear how the others are. To be called some ten times a second from
 * rig_fleet_start to rig_fleet_end. Takes up to 0.3 s where clocks are compared. */
void rig_fleet_turn(rig_fleet *fleet, const rig_fleet_state *own);

/** Set when rank 0 has said that all are to stop. */
const rig_stop *rig_fleet_stop(const rig_fleet *fleet);

/** Rank 0: whether others have calls up. */
bool rig_fleet_is_busy(const rig_fleet *fleet);

/** Rank 0: how a rank was last. Borrowed. */
const rig_fleet_state *rig_fleet_state_of(const rig_fleet *fleet, uint32_t rank);

/** Rank 0: whether a rank is lost. */
bool rig_fleet_is_lost(const rig_fleet *fleet, uint32_t rank);

/**
 * The play is over here. Rank 0 waits for all others, and compares the clocks for the last time;
 * the others wait for rank 0 to ask for what they have: then rig_fleet_send.
 * @param own  Its phase is OVER.
 * @return RIG_OK; RIG_ECANCELLED where rank 0 wants nothing any more: it has failed.
 */
rig_status rig_fleet_end(rig_fleet *fleet, const rig_fleet_state *own, rig_error *err);

/** Rank 0 has failed: the others are to end without a word. */
void rig_fleet_abandon(rig_fleet *fleet);

/** Not rank 0: send what rank 0 takes next by rig_fleet_take. */
void rig_fleet_send(rig_fleet *fleet, const void *data, size_t n);

/**
 * Rank 0: take exactly n bytes of a rank. One that sends nothing for RIG_FLEET_END_SILENCE_S is
 * lost.
 * @return false: it is lost.
 */
bool rig_fleet_take(rig_fleet *fleet, uint32_t rank, void *data, size_t n);

/** Rank 0: the comparisons of a rank's clock, in the order of time. Borrowed. */
const rig_fleet_look *rig_fleet_looks(const rig_fleet *fleet, uint32_t rank, size_t *n);

/** What the clock of a rank was set off by for a test: its stamps are to be moved by so much. */
int64_t rig_fleet_test_skew_ns(const rig_fleet *fleet);

#endif
