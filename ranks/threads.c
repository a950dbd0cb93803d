/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ranks/threads.h"

#include <stdbool.h>
#include <string.h>

static bool is_shared(const rig_rank_site *a, const rig_rank_site *b)
{
    cpu_set_t both;
    CPU_AND(&both, &a->processors, &b->processors);
    return strcmp(a->host, b->host) == 0 && CPU_COUNT(&both) > 0;
}

uint32_t rig_rank_threads(const rig_rank_site *sites, uint32_t n, uint32_t rank)
{
    const uint32_t n_processors = (uint32_t)CPU_COUNT(&sites[rank].processors);
    uint32_t n_sharing = 0, n_before = 0; /* who comes first gets what cannot be divided */
    for (uint32_t other = 0; other < n; other++) {
        if (other != rank && !is_shared(&sites[rank], &sites[other]))
            continue;
        n_sharing++;
        n_before += other < rank;
    }
    const uint32_t n_threads =
        n_processors / n_sharing + (n_before < n_processors % n_sharing ? 1u : 0u);
    return n_threads > 0 ? n_threads : 1;
}
