/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/random.h"

#include "core/random/block.h"

/* The library's headers convert freely; our own warnings stop at their door. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wextra"
#include <Random123/philox.h>
#pragma GCC diagnostic pop

double rig_random_uniform(uint64_t seed, rig_cause cause, uint64_t index, uint32_t replication,
                          uint32_t sub)
{
    philox4x32_ctr_t counter = {{(uint32_t)index, (uint32_t)(index >> 32), replication,
                                 ((uint32_t)cause << 24) | (sub & 0xFFFFFFu)}};
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    philox4x32_ctr_t word = philox4x32(counter, key);
    uint64_t bits = ((uint64_t)word.v[0] << 32 | word.v[1]) >> 12;
    return ((double)bits + 0.5) * 0x1p-52;
}

void rig_random_block_portable(const rig_random_counters *counters, double u[RIG_RANDOM_BLOCK])
{
    for (uint32_t i = 0; i < RIG_RANDOM_BLOCK; i++)
        u[i] = rig_random_uniform(counters->seed, (rig_cause)(counters->purpose[i] >> 24),
                                  counters->index[i], counters->replication,
                                  counters->purpose[i] & 0xFFFFFFu);
}

static void draw(const rig_random_counters *counters, double u[RIG_RANDOM_BLOCK])
{
    if (rig_random_block_has_avx2())
        rig_random_block_avx2(counters, u);
    else
        rig_random_block_portable(counters, u);
}

void rig_random_uniforms(uint64_t seed, uint64_t index, uint32_t replication,
                         const uint32_t purpose[RIG_RANDOM_BLOCK], double u[RIG_RANDOM_BLOCK])
{
    rig_random_counters counters = {.replication = replication, .seed = seed};
    for (uint32_t i = 0; i < RIG_RANDOM_BLOCK; i++) {
        counters.index[i] = index;
        counters.purpose[i] = purpose[i];
    }
    draw(&counters, u);
}

void rig_random_uniforms_from(uint64_t seed, uint32_t purpose, uint64_t first, uint32_t replication,
                              double u[RIG_RANDOM_BLOCK])
{
    rig_random_counters counters = {.replication = replication, .seed = seed};
    for (uint32_t i = 0; i < RIG_RANDOM_BLOCK; i++) {
        counters.index[i] = first + i;
        counters.purpose[i] = purpose;
    }
    draw(&counters, u);
}
