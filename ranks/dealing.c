/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/dealing.h"

bool rig_rank_deal_is_enough(const rig_rank_deal *d)
{
    return d->n - d->next > d->n_threads;
}

uint32_t rig_rank_deal_next(rig_rank_deal *d, uint32_t n_threads, uint32_t n_at_hand,
                            uint32_t *first)
{
    const uint32_t n_left = d->n - d->next;
    if (n_left == 0 || n_at_hand >= (rig_rank_deal_is_enough(d) ? RIG_CHUNKS_AT_HAND : 1u))
        return 0;
    const uint64_t halves = 2 * (uint64_t)d->n_threads;
    uint64_t n = ((uint64_t)n_left * n_threads + halves - 1) / halves;
    if (n < n_threads)
        n = n_threads; /* one a thread */
    if (n > d->most)
        n = d->most;
    if (n > n_left)
        n = n_left;
    *first = d->next;
    d->next += (uint32_t)n;
    return (uint32_t)n;
}
