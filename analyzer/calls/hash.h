/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 64-bit hashing of short texts, for the analyzer's own tables. Internal to the room.
 *
 * Not keyed: two different texts have the same value with p = 2^-64 unless someone searches for
 * them, which a capture's author has no reason to do. */
#ifndef RIG_ANALYZER_CALLS_HASH_H
#define RIG_ANALYZER_CALLS_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "analyzer/message.h"
#include "core/slice.h"

/** Fold the 128 bits of a product: one multiplication mixes both words. The idea is wyhash's
 * (Wang Yi, public domain). */
static inline uint64_t rig_hash_fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/** Mix a word into a running value. */
static inline uint64_t rig_hash_word(uint64_t hash, uint64_t word)
{
    return rig_hash_fold(hash ^ UINT64_C(0x9e3779b97f4a7c15), word ^ UINT64_C(0xe7037ed1a0b428db));
}

static inline uint64_t rig_hash_load(const char *p, size_t n)
{
    uint64_t word = 0;
    memcpy(&word, p, n);
    return word;
}

/** Mix a text into a running value; its length counts, so that "ab","c" differs from "a","bc". */
static inline uint64_t rig_hash_slice(uint64_t hash, rig_slice text)
{
    const uint64_t key = UINT64_C(0xa0761d6478bd642f);
    const char *p = text.p;
    size_t n = text.n;
    uint64_t a = 0, b = 0;
    for (; n > 16; p += 16, n -= 16)
        hash = rig_hash_fold(rig_hash_load(p, 8) ^ key, rig_hash_load(p + 8, 8) ^ hash);
    if (n >= 8) { /* the two words overlap where there are fewer than 16 bytes */
        a = rig_hash_load(p, 8);
        b = rig_hash_load(p + n - 8, 8);
    } else if (n >= 4) {
        a = rig_hash_load(p, 4);
        b = rig_hash_load(p + n - 4, 4);
    } else if (n > 0) {
        a = (uint64_t)(uint8_t)p[0] << 16 | (uint64_t)(uint8_t)p[n / 2] << 8 | (uint8_t)p[n - 1];
    }
    return rig_hash_fold(key ^ text.n, rig_hash_fold(a ^ key, b ^ hash ^ key));
}

/** Mix an address with its port into a running value. */
static inline uint64_t rig_hash_endpoint(uint64_t hash, rig_endpoint at)
{
    return rig_hash_word(hash ^ at.ip_high, at.ip_low ^ (uint64_t)at.port << 48);
}

/** The value of a text that may be absent: 0 for the empty one. */
static inline uint64_t rig_hash_text(rig_slice text)
{
    return text.n == 0 ? 0 : rig_hash_slice(0, text);
}

#endif
