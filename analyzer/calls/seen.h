/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which messages of a leg have been on the wire before: tells a new message from a retransmission
 * and from the same packet captured twice. Internal to the room.
 *
 * The last few messages of a leg are remembered in a block of its own; what they push out while it
 * may still be repeated goes into a table that all legs share. Memory follows the message rate of
 * busy legs, neither the length of the capture nor the calls that wait or talk: what was last seen
 * more than RIG_SEEN_WINDOW_NS ago counts no more (no SIP transaction retransmits for longer than
 * 32 s), and a leg that was silent for RIG_SEEN_KEPT_NS gives its block back. */
#ifndef RIG_ANALYZER_CALLS_SEEN_H
#define RIG_ANALYZER_CALLS_SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "core/clock.h"
#include "core/status.h"

/** A repeat after this long is a message of its own. 2 x 64 x T1 of RFC 3261. */
#define RIG_SEEN_WINDOW_NS (64 * RIG_NS_PER_S)

/** A repeat within this is the same packet, captured at two places; retransmissions take >= T1 =
 * 500 ms, or 100 ms where someone has shortened T1. */
#define RIG_SEEN_TWICE_NS (50 * (RIG_NS_PER_S / 1000))

/** A repeat with the same IP identification is the same packet for so long: a sender does not come
 * round to it before. Only in a capture in which identifications differ from packet to packet. */
#define RIG_SEEN_SAME_ID_NS (2 * RIG_NS_PER_S)

/** Messages that a leg remembers by itself: most legs have no more. */
#define RIG_SEEN_N_RECENT 8

/** A block is looked at when it is so old, and given back unless something of it was seen within
 * this time: between once and twice of it after the leg's last message. */
#define RIG_SEEN_KEPT_NS (2 * RIG_SEEN_WINDOW_NS)

/** A leg's own memory; stays where it is while the block is there. All zero: nothing was seen. */
typedef struct rig_seen_recent {
    struct rig_seen_block *block; /**< owned by the shared memory; NULL: none */
} rig_seen_recent;

/** The shared memory; opaque. */
typedef struct rig_seen rig_seen;

/** What a message is. */
typedef enum rig_seen_verdict {
    RIG_SEEN_NEW = 0,
    RIG_SEEN_RETRANSMISSION, /**< sent again */
    RIG_SEEN_DUPLICATE       /**< sent once, captured again */
} rig_seen_verdict;

/** @param[out] seen  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_seen_new(rig_seen **seen, rig_error *err);

/** Free it, with the blocks of all legs. NULL-safe. */
void rig_seen_free(rig_seen *seen);

/** Forget what a leg has seen: it is about to go. */
void rig_seen_forget(rig_seen_recent *recent);

/** What one leg has seen becomes another's, which has seen nothing yet. */
void rig_seen_move(rig_seen_recent *to, rig_seen_recent *from);

/** Blocks that legs hold. */
size_t rig_seen_n_blocks(const rig_seen *seen);

/**
 * Look a message up, and remember it.
 *
 * @param recent  Of the message's leg.
 * @param key     Hash of what makes the message itself: Call-ID, addresses, CSeq, branch, code,
 * tag.
 * @param ip_id   IPv4 identification, 0 for unknown: two packets with different ones are never one,
 *                and two with the same one, RIG_SEEN_SAME_ID_NS apart at the most, are one.
 * @return RIG_OK, or RIG_ENOMEM (then the message is not remembered).
 */
rig_status rig_seen_check(rig_seen *seen, rig_seen_recent *recent, uint64_t key, int64_t t_ns,
                          uint16_t ip_id, rig_seen_verdict *verdict, rig_error *err);

#endif
