/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The legs that a capture holds at one time, by Call-ID. Internal to the room.
 *
 * A leg that is over is kept for a while, for what still comes of it, and then forgotten: memory
 * follows the calls in progress, not the length of the capture. */
#ifndef RIG_ANALYZER_CALLS_LEG_TABLE_H
#define RIG_ANALYZER_CALLS_LEG_TABLE_H

#include "analyzer/calls/leg.h"
#include "core/status.h"

/** How long a leg is kept after its last message, once it is over. */
#define RIG_LEG_LINGER_NS (64 * RIG_NS_PER_S)

/** The table; opaque. */
typedef struct rig_leg_table rig_leg_table;

/** Told of a leg that is about to be forgotten; it is freed afterwards. */
typedef void (*rig_leg_forget)(void *ctx, rig_leg *leg);

/** @param[out] table  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_leg_table_new(rig_leg_table **table, rig_error *err);

/** Have someone told of legs that are forgotten (not of those that rig_leg_table_free frees). */
void rig_leg_table_on_forget(rig_leg_table *table, rig_leg_forget forget, void *ctx);

/** Free the table and all its legs. NULL-safe. */
void rig_leg_table_free(rig_leg_table *table);

/** The newest leg of a Call-ID; NULL when there is none. */
rig_leg *rig_leg_table_find(const rig_leg_table *table, rig_slice call_id);

/** The same for whom the hash (rig_hash_slice from 0) is known. */
rig_leg *rig_leg_table_find_hashed(const rig_leg_table *table, uint64_t hash, rig_slice call_id);

/**
 * Add an empty leg. An older one of that hash and Call-ID is no longer found, and forgotten in
 * time.
 * @param hash      As above, or another one: a second leg of a Call-ID, found by it alone.
 * @param[out] leg  Owned by the table: all zero but for the Call-ID and its hash.
 * @return RIG_OK or RIG_ENOMEM.
 */
rig_status rig_leg_table_add(rig_leg_table *table, uint64_t hash, rig_slice call_id, rig_leg **leg,
                             rig_error *err);

/** Note that a leg is over (or waits for a further attempt): it may be forgotten. */
void rig_leg_table_retire(rig_leg_table *table, rig_leg *leg);

/**
 * Forget the retired legs of which nothing was heard for RIG_LEG_LINGER_NS. A leg that was retired
 * and turned out to go on is kept.
 */
void rig_leg_table_expire(rig_leg_table *table, int64_t t_now_ns);

/**
 * Forget the legs of which nothing was heard for a given time, whether they are over or not: what a
 * capture that lost a BYE leaves behind. Looks at every leg.
 * @return how many they were.
 */
size_t rig_leg_table_forget_silent(rig_leg_table *table, int64_t t_now_ns, int64_t silence_ns);

/** Legs held. */
size_t rig_leg_table_n(const rig_leg_table *table);

#endif
