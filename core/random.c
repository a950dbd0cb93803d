/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/random.h"

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
