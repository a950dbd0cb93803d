/* 64-bit hashing of short texts, for the analyzer's own tables. Internal to the room.
 *
 * Not keyed: two different texts have the same value with p = 2^-64 unless someone searches for
 * them, which a capture's author has no reason to do. */
#ifndef RIG_ANALYZER_HASH_H
#define RIG_ANALYZER_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "core/slice.h"

/** Mix a word into a running value. Source: the finalizer of Appleby's MurmurHash3 (public domain).
 */
static inline uint64_t rig_hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xc4ceb9fe1a85ec53);
    return hash ^ (hash >> 29);
}

/** Mix a text into a running value; its length counts, so that "ab","c" differs from "a","bc". */
static inline uint64_t rig_hash_slice(uint64_t hash, rig_slice text)
{
    size_t i = 0;
    hash = rig_hash_word(hash, text.n);
    for (; i + 8 <= text.n; i += 8) {
        uint64_t word;
        memcpy(&word, text.p + i, sizeof word);
        hash = rig_hash_word(hash, word);
    }
    if (i < text.n) {
        uint64_t word = 0;
        memcpy(&word, text.p + i, text.n - i);
        hash = rig_hash_word(hash, word);
    }
    return hash;
}

#endif
