/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The branches of one initial INVITE: the same request on its way to several places. Internal to
 * the room.
 *
 * A caller who tries the next server of a list (RFC 3263 section 4.3), a proxy that is seen from
 * behind and rings several phones at once or one after the other (RFC 3261 section 16.7), a caller
 * who sends a further attempt before the first is over: all of these are one call, with a
 * transaction for each branch. Any branch's 2xx answers the call; a CANCEL or a refusal ends its
 * own branch alone. */
#ifndef RIG_ANALYZER_CALLS_BRANCHES_H
#define RIG_ANALYZER_CALLS_BRANCHES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Branches of one leg that are told apart; what comes on further ones is not followed. */
#define RIG_LEG_N_BRANCHES 64
/** Of these, the ones that need no block of the heap: most legs have no more. */
#define RIG_LEG_N_BRANCHES_INSIDE 1

/** One branch: a client transaction. */
typedef struct rig_branch {
    uint64_t tag;      /**< hash of the To tag of its refusal; 0 = none */
    uint64_t hash;     /**< of the topmost Via's branch; 0 where there is none */
    uint32_t cseq;     /**< of the INVITE */
    uint16_t code;     /**< final response; 0 = none */
    bool has_response; /**< any, 100 too */
    bool is_cancelled;
} rig_branch;

/** The branches of a leg. All zero: none. */
typedef struct rig_branches {
    rig_branch inside[RIG_LEG_N_BRANCHES_INSIDE];
    rig_branch *more; /**< those behind; one block, owned; or NULL */
    uint8_t n, n_allocated;
    bool has_failed; /**< there was no memory for one: it is not followed. Kept until it is read */
} rig_branches;

/** Free what it owns; it has no branch then. */
void rig_branches_clear(rig_branches *branches);

/** Begin anew with one branch. */
void rig_branches_begin(rig_branches *branches, uint64_t hash, uint32_t cseq);

/** Add one. @return false where there is no room, or no memory (has_failed): then it is not
 * followed. */
bool rig_branches_add(rig_branches *branches, uint64_t hash, uint32_t cseq);

/** The branch of a transaction; NULL for none. */
rig_branch *rig_branches_find(rig_branches *branches, uint64_t hash, uint32_t cseq);

/** The first one. */
rig_branch *rig_branches_first(rig_branches *branches);

/** Whether there is one. */
bool rig_branches_know(const rig_branches *branches, uint64_t hash, uint32_t cseq);

/** Whether a branch was refused with this To tag. */
bool rig_branches_are_refused_by(const rig_branches *branches, uint64_t tag);

/** Whether any branch has this CSeq. */
bool rig_branches_have_cseq(const rig_branches *branches, uint32_t cseq);

/**
 * Whether a branch beside this one is known to be alive: it has been heard of, has no final
 * response and is not cancelled. One that was never heard of may be a dead server: it keeps nothing
 * open.
 */
bool rig_branches_live_beside(const rig_branches *branches, const rig_branch *one);

/** Whether a branch was refused for good (6xx): the others are cancelled then (RFC 3261
 * section 16.7, step 5), and that is no giving up of the caller's. */
bool rig_branches_are_declined(const rig_branches *branches);

/**
 * The refusal that stands for all of them, as a proxy chooses it (RFC 3261 section 16.7, step 6): a
 * 6xx, else one of the lowest class from 4xx on; a redirection, which the sender has followed or
 * will not, and 487, which a CANCEL of one branch brings, only where there is no other.
 * @return 0 where none was refused.
 */
int rig_branches_best_refusal(const rig_branches *branches);

#endif
