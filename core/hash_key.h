/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The secret of this process for its hash tables.
 *
 * Who sends packets chooses the keys of our tables: Call-IDs, tags, branches, addresses, numbers.
 * With a hash that is known beforehand he can choose thousands that meet in one place, and each
 * look-up walks through all of them (Crosby & Wallach, "Denial of service via algorithmic
 * complexity attacks", USENIX Security 2003). With a random secret he cannot, as he never sees a
 * value. No result depends on the secret: tables are never gone through in the order of their
 * places where the order can be seen. */
#ifndef RIG_CORE_HASH_KEY_H
#define RIG_CORE_HASH_KEY_H

#include <stdint.h>

/** Three words, each odd. */
typedef struct rig_hash_key {
    uint64_t a, b, c;
} rig_hash_key;

/** Set once, before main, from getrandom(2); constant from then on. It has to be one for the
 * process, for values of one table are looked up in another. */
extern rig_hash_key rig_hash_secret;

#endif
