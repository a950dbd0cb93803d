/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that were captured before the INVITE that they belong to. Internal to the room.
 *
 * Two interfaces written in bursts, two taps with clocks apart, merged files, an INVITE in
 * fragments of which the last comes late: a response may be there before its request. Such messages
 * are kept for RIG_WAITING_HOLD_NS of capture time, with the leg that they name; when the INVITE
 * comes, they are followed in the order of their times. What is still there after that time is
 * given up and counted: its call began before the capture, or its INVITE was lost.
 *
 * Memory is bounded: RIG_WAITING_MAX_MESSAGES, RIG_WAITING_MAX_BYTES of payload, and
 * RIG_WAITING_MAX_OF_LEG for one leg. Where there is no room, the oldest is given up. */
#ifndef RIG_ANALYZER_CALLS_WAITING_H
#define RIG_ANALYZER_CALLS_WAITING_H

#include "analyzer/calls/leg.h"
#include "core/status.h"

#define RIG_WAITING_HOLD_NS      (5 * RIG_NS_PER_S)
#define RIG_WAITING_MAX_MESSAGES 65536
#define RIG_WAITING_MAX_BYTES    (16u << 20)
#define RIG_WAITING_MAX_OF_LEG   32

/** What is held; opaque. */
typedef struct rig_waiting rig_waiting;

/** One message; owned by the list, or by who took it. */
typedef struct rig_held {
    rig_packet packet;     /**< its payload lies behind this */
    struct rig_held *next; /**< of the same leg */
    /* of the list alone: */
    struct rig_waiting *early;
    struct rig_held *older, *newer;
    rig_leg *leg;
    int64_t t_held_ns;
    bool is_again;
    char bytes[];
} rig_held;

/** @param[out] early  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_waiting_new(rig_waiting **early, rig_error *err);

/** NULL-safe. Legs must not hold messages any more (free them first). */
void rig_waiting_free(rig_waiting *early);

/**
 * Keep a copy of a message for a leg.
 * @param t_now_ns  Capture time.
 * @param is_again  It may as well be a message of an earlier call that was sent again: no INVITE
 *                  need come for it, and it does not count when it is given up.
 * @return RIG_OK, also where it was not kept and counted instead; RIG_ENOMEM.
 */
rig_status rig_waiting_hold(rig_waiting *early, rig_leg *leg, const rig_packet *packet,
                            int64_t t_now_ns, bool is_again, rig_error *err);

/** Take what a leg holds, in the order of the messages' times. @return the first; free() each. */
rig_held *rig_waiting_take(rig_leg *leg);

/** Give up what has been held for too long. */
void rig_waiting_expire(rig_waiting *early, int64_t t_now_ns);

/** Give up what a leg holds; it is about to be freed. */
void rig_waiting_forget_leg(rig_leg *leg);

/** Count and free a message that was taken and turned out to be none of the leg's. */
void rig_waiting_give_up(rig_held *held);

/** Messages that were given up. */
uint64_t rig_waiting_n_unmatched(const rig_waiting *early);

/** Of these: for want of room. */
uint64_t rig_waiting_n_over_limit(const rig_waiting *early);

#endif
