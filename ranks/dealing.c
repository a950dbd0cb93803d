/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/dealing.h"

uint32_t rig_rank_deal_next(rig_rank_deal *d, uint32_t n_threads, uint32_t n_at_hand,
                            uint32_t *first)
{
    const uint32_t n_left = d->n - d->next;
    const bool is_enough = n_left > d->n_threads;
    if (n_left == 0 || n_at_hand >= (is_enough ? 2u : 1u))
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
