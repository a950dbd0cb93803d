/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which replications go to which rank next.
 *
 * In chunks that become smaller: a rank gets its share of half of what is left. So there are few
 * messages while there is much to do, and at the end nobody waits for a rank with a long chunk,
 * however unequal the ranks are (guided self-scheduling: Polychronopoulos & Kuck, IEEE Trans.
 * Computers C-36(12), 1987). While there is enough for all, a rank has its next chunk before it has
 * done the one that it works at. */
#ifndef RIG_RANKS_DEALING_H
#define RIG_RANKS_DEALING_H

#include <stdbool.h>
#include <stdint.h>

/** Most replications of one chunk. */
#define RIG_MOST_OF_CHUNK 4096u

/** Chunks that a rank has at a time, at most: it works at one and has the next. */
#define RIG_CHUNKS_AT_HAND 2u

/** The replications of one prediction. */
typedef struct rig_rank_deal {
    uint32_t n;         /**< replications, >= 1 */
    uint32_t next;      /**< the first that nobody has; 0 at the start */
    uint32_t n_threads; /**< of all ranks, >= 1 */
    uint32_t most;      /**< of one chunk; 1 to RIG_MOST_OF_CHUNK */
} rig_rank_deal;

/** Is there enough left for each rank to have a chunk beside the one that it works at? */
bool rig_rank_deal_is_enough(const rig_rank_deal *dealing);

/**
 * The next chunk of a rank.
 * @param n_threads   Of this rank, >= 1.
 * @param n_at_hand   Chunks that it has not done yet.
 * @param[out] first  Of the chunk; untouched when there is none.
 * @return its replications; 0: none now.
 */
uint32_t rig_rank_deal_next(rig_rank_deal *dealing, uint32_t n_threads, uint32_t n_at_hand,
                            uint32_t *first);

#endif
