/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Eight draws at once, in two ways that give the same bits. Internal to core/. */
#ifndef RIG_CORE_RANDOM_BLOCK_H
#define RIG_CORE_RANDOM_BLOCK_H

#include <stdbool.h>

#include "core/random.h"

/* Counters of a block: what Philox is asked for. */
typedef struct rig_random_counters {
    uint64_t index[RIG_RANDOM_BLOCK];
    uint32_t purpose[RIG_RANDOM_BLOCK];
    uint32_t replication;
    uint64_t seed;
} rig_random_counters;

/** One by one; anywhere. */
void rig_random_block_portable(const rig_random_counters *counters, double u[RIG_RANDOM_BLOCK]);

/** Whether this processor can do the next. */
bool rig_random_block_has_avx2(void);

/** In vectors of four; only where rig_random_block_has_avx2. */
void rig_random_block_avx2(const rig_random_counters *counters, double u[RIG_RANDOM_BLOCK]);

#endif
