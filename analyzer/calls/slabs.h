/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks that come and go with calls, side by side in few large pieces of memory. Internal to the
 * room.
 *
 * A message finds its leg and its call anywhere among all that are up. Where these lie scattered
 * over the heap, the processor has lost their addresses (its TLB) each time; here a few huge pages
 * hold them all. Blocks lie close together, for there may be a million of them: they begin where
 * any object may, not with a cache line. What is given back is used again, the last one first; the
 * pieces themselves are kept to the end: memory follows the most blocks that there were at one
 * time. (Bonwick, The Slab Allocator, USENIX 1994; huge pages: madvise(2), MADV_HUGEPAGE.) */
#ifndef RIG_ANALYZER_CALLS_SLABS_H
#define RIG_ANALYZER_CALLS_SLABS_H

#include <stddef.h>

#include "core/status.h"

/** Blocks of any sizes; opaque. Of one thread. */
typedef struct rig_slabs rig_slabs;

/** @param[out] slabs  Owned by the caller. @return RIG_OK or RIG_ENOMEM. */
rig_status rig_slabs_new(rig_slabs **slabs, rig_error *err);

/** Free all of it, with the blocks that were not given back, but for those of more than
 * RIG_SLABS_MAX_BYTES. NULL-safe. */
void rig_slabs_free(rig_slabs *slabs);

/** Larger blocks come from the heap. */
#define RIG_SLABS_MAX_BYTES 4096

/** Blocks are so many bytes long, or a multiple: enough for any object (max_align_t). */
#define RIG_SLABS_GRAIN 16

/** @return n_bytes (> 0) that are zero, aligned for any object; NULL: out of memory. */
void *rig_slabs_take(rig_slabs *slabs, size_t n_bytes);

/** Give a block back. @param n_bytes  As many as were asked for. NULL-safe. */
void rig_slabs_give(rig_slabs *slabs, void *block, size_t n_bytes);

#endif
