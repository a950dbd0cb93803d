/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts in sentences: "1 call", "2 calls". */
#ifndef RIG_CORE_PLURAL_H
#define RIG_CORE_PLURAL_H

#include <stdint.h>

/**
 * The form of a word or sentence that goes with a number of things: one thing takes `one`, every
 * other number, 0 too, takes `many`. Borrowed.
 */
static inline const char *rig_plural(uint64_t n, const char *one, const char *many)
{
    return n == 1 ? one : many;
}

#endif
